"""How large a text of the picture may be set so that it stays within its box.

Widths are those of a wide, bold face (DejaVu Sans), in which a page may be read too; in any
other a text takes less. Ordinary numbers keep their size, and only longer ones are set smaller.
"""

from functools import lru_cache
from typing import NamedTuple

from app.views.text.formatting import Label


class TextBox(NamedTuple):
    """A box in the picture: its width, and the size of a text that fits it, in SVG user units."""

    width: float
    size: float
    weight: float = 1.0


# A light face is this much narrower.
_LIGHT = 0.91
_SUBSCRIPT = 0.8
ROOMS = {
    "tag": TextBox(184, 14),
    "brief-tag": TextBox(102, 14),
    "own-bias": TextBox(180, 14),
    "gradient": TextBox(180, 13.5, _LIGHT),
    "out": TextBox(92, 18.5),
    "input": TextBox(72, 18.5),
    "net": TextBox(80, 12.5, _LIGHT),
    "small-out": TextBox(52, 11),
    "dense-out": TextBox(48.2, 11),
    "small-input": TextBox(48.2, 11),
    "delta": TextBox(101, 14),
    "target": TextBox(116, 17),
    "target-name": TextBox(118, 13.5, _LIGHT),
    "small-target": TextBox(114, 12),
    "error": TextBox(172, 14.5),
    "share": TextBox(172, 13.5, _LIGHT),
    "axis": TextBox(58, 12, _LIGHT),
}
_LEAST, _MOST = 6, 17
_DIGITS = str.maketrans("123456789", "0" * 9)
_NARROW, _WIDE, _EM = 0.38, 0.84, 0.7
_WIDTHS = (
    dict.fromkeys(".,:;·|!'ijlI/()tfr", _NARROW)
    | {" ": 0.35, "\N{ZERO WIDTH SPACE}": 0.0}
    | dict.fromkeys("−+=→", _WIDE)
    | {"w": 0.92}
    | dict.fromkeys("mMW%@…", 1.05)
)


@lru_cache(maxsize=8192)
def text_width(text: str) -> float:
    """The width of ``text``, as a multiple of its font's size."""
    return sum(
        _WIDTHS.get(letter, 1.0 if letter > "\N{CYRILLIC SMALL LETTER YA}" else _EM)
        for letter in text
    )


@lru_cache(maxsize=8192)
def class_for(kind: str, text: str, name: str, sub: str) -> str:
    """The CSS classes that set a text with a name in it so small that it fits; "" where it does."""
    room = ROOMS[kind]
    named = text_width(name) + _SUBSCRIPT * text_width(sub)
    wide = text_width(text) * room.weight + named * _LIGHT
    if wide * room.size <= room.width:
        return ""
    return f" snug f{max(_LEAST, min(int(room.width / wide + 0.15), _MOST))}"


def fit(kind: str, text: str, name: Label | None = None) -> str:
    """The classes for a text made of numbers and words, and a name if there is one in it."""
    base, sub = (name.base, name.sub) if name else ("", "")
    # All digits are equally wide, so numbers of one form share an entry of the cache.
    return class_for(kind, text.translate(_DIGITS), base, sub)
