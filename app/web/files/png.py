"""PNG from SVG, in fonts of our own: the same on every machine.

Run as a program, in a process of its own: the library holds the interpreter's lock while it draws,
and a large picture takes it a second or two. SVG comes in, PNG goes out; the argument is the scale.
"""

import os
import sys
from pathlib import Path

import resvg_py

FONT = "Takeback Sans"
FONTS = sorted(Path(__file__).resolve().parent.joinpath("fonts").glob("*.ttf"))


def draw(svg: str, scale: int) -> bytes:
    """A picture of ``svg``, so many times as large; only our own fonts are used."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=float(scale), skip_system_fonts=True,
            font_files=[str(path) for path in FONTS], font_family=FONT, sans_serif_family=FONT,
        )
    )  # fmt: skip


if __name__ == "__main__":
    os.nice(10)  # where processors are few, the requests of others go first
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
