"""The picture of a network as a file of its own: SVG with the page's style in it, and PNG.

The page's template draws it and the page's style sheets say how it looks; here the links and
handles that only a page needs are taken off, and colours that depend on the reader's theme are
settled for one.
"""

import re
import sys
from collections.abc import Iterator, Set
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as Xml

import anyio

from app.errors import InvalidInput
from app.web.budgets.pool import PoolShare
from app.web.files import png as raster

THEMES = ("light", "dark")
SCALES = ("1", "2", "3", "4")
MAX_PIXELS = 17_000_000
"""The most pixels of a picture: 68 MB while it is drawn, and five seconds with 2,000 weights."""
_FAMILY = f'"{raster.FONT}", "Liberation Sans", Arial, Helvetica, sans-serif'
# Of what is only a line or only filled, the same; and drawn many times as fast.
_OF_PAINT = {"opacity": ("stroke-opacity", "fill-opacity")}
_SVG = "http://www.w3.org/2000/svg"
_PAGE_ONLY = (
    "cursor", "display", "height", "max-height", "min-width", "outline", "text-decoration",
    "transition", "width",
)  # fmt: skip
_VALUE = r"((?:[^(),]|\([^()]*\))+)"
_BLOCK = r"[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"

Xml.register_namespace("", _SVG)


# --- style ----------------------------------------------------------------------------------------


class StyleSheet:
    """The page's style sheets in a directory as far as they draw a network, for a file alone."""

    def __init__(self, directory: Path) -> None:
        tokens = (directory / "tokens.css").read_text("utf-8")
        rules = (directory / "diagram.css").read_text("utf-8")
        self._tokens: dict[str, str] = dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", tokens))
        # What stands in an @-rule is for pages.
        self._rules = re.sub(rf"/\*.*?\*/|@{_BLOCK}", "", rules, flags=re.DOTALL)

    def tokens(self, theme: str) -> dict[str, str]:
        """The page's colours by name, settled for a theme."""
        return {name: _settled(value, theme) for name, value in self._tokens.items()}

    def text(self, theme: str, used: Set[str]) -> str:
        """The style of the file, as far as its classes need it."""
        tokens = self.tokens(theme)
        css = re.sub(r"var\((--[a-z-]+)\)", lambda m: tokens[m[1]], self._rules)
        rules = [f"text {{ font-family: {_FAMILY}; font-variant-numeric: tabular-nums; }}"]
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", _settled(css, theme)):
            drawing = ", ".join(one.strip() for one in selectors.split(",") if _draws(one, used))
            declared = "; ".join(line for one in body.split(";") for line in _declared(one))
            if drawing and declared:
                rules.append(f"{drawing} {{ {declared}; }}")
        return "\n".join(rules)


def _draws(selector: str, used: Set[str]) -> bool:
    """Whether a selector is for what stands in the picture, whatever a reader does."""
    classes = set(re.findall(r"\.([a-z][a-z0-9-]*)", selector))
    return ":" not in selector and bool(classes) and classes <= used


def _declared(declaration: str) -> Iterator[str]:
    """A declaration as other programs know it."""
    name, _, value = (part.strip() for part in declaration.partition(":"))
    if name == "font-weight":
        value = value[0] + "00"  # they know the hundreds only
    if value == "transparent":
        value = "none"  # what nobody sees need not be drawn: a wide line over each weight, to click
    if value and name not in _PAGE_ONLY:
        yield from (f"{one}: {value}" for one in _OF_PAINT.get(name, (name,)))


def _settled(css: str, theme: str) -> str:
    """CSS for one theme, with its mixed colours computed."""
    chosen = 1 if theme == "light" else 2
    css = re.sub(rf"light-dark\({_VALUE}, {_VALUE}\)", lambda m: m[chosen], css)
    mix = r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)"
    return re.sub(mix, lambda m: mixed_colour(m[1], m[3], int(m[2]) / 100), css)


def mixed_colour(one: str, other: str, share: float) -> str:
    """``share`` of one colour and the rest of another, both as #rgb or #rrggbb, in sRGB."""
    if other == "transparent":
        red, green, blue = _channels(one)
        return f"rgba({red}, {green}, {blue}, {share:g})"
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.lstrip("#")
    wide = len(digits) // 3
    red, green, blue = (int(digits[i : i + wide] * (3 - wide), 16) for i in (0, wide, 2 * wide))
    return red, green, blue


# --- the file -------------------------------------------------------------------------------------


def standalone(fragment: str, style: StyleSheet, theme: str, title: str) -> str:
    """An SVG file of a picture, ``fragment``, that the page's template drew as ``<svg>``."""
    # Our own template wrote it; everything that a person named is escaped there.
    root = Xml.fromstring(fragment.replace("<svg ", f'<svg xmlns="{_SVG}" ', 1))  # noqa: S314
    left, top, width, height = root.attrib["viewBox"].split()
    root.attrib |= {"width": width, "height": height, "role": "img"}
    _name(root)
    _strip(root)
    ground = Xml.Element(f"{{{_SVG}}}rect", x=left, y=top, width=width, height=height)
    ground.set("fill", style.tokens(theme)["--card"])
    named, sheet = Xml.Element(f"{{{_SVG}}}title"), Xml.Element(f"{{{_SVG}}}style")
    used = {name for one in root.iter() for name in one.get("class", "").split()}
    named.text, sheet.text = title, f"\n{style.text(theme, used)}\n"
    root[:0] = [named, sheet, ground]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, "unicode")}\n'


def _name(root: Xml.Element) -> None:
    """Name each part by its words, which a page reads from texts that a file does not hide."""
    texts = {one.get("id"): "".join(one.itertext()) for one in root.iter()}
    for one in root.iter():
        ids = one.attrib.pop("aria-labelledby", "").split()
        if ids:
            label = one.get("aria-label", "")
            words = (label if id == one.get("id") else texts.get(id, "") for id in ids)
            one.set("aria-label", " ".join(filter(None, words)))


def _strip(element: Xml.Element) -> None:
    """Make links plain groups and drop what only a page's reader can use."""
    for child in list(element):
        if child.get("class") == "hit" or child.get("display") == "none":
            element.remove(child)
        else:
            _strip(child)
    if element.tag == f"{{{_SVG}}}a":
        element.tag = f"{{{_SVG}}}g"
    for name in [*element.attrib]:
        if name in ("tabindex", "href") or name.startswith(("data-", "hx-")):
            del element.attrib[name]
    for text in ("text", "tail"):
        written = getattr(element, text)
        if written and not written.strip():
            setattr(element, text, "\n" if "\n" in written else written)


async def png(svg: str, scale: int, pool: PoolShare) -> bytes:
    """An SVG file as PNG, drawn beside this process. Raises InvalidInput if it were too large.

    Pictures are drawn one at a time; that of a client who has gone is given up.
    """
    width, height = map(float, re.findall(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)[0])
    most = int((MAX_PIXELS / (width * height)) ** 0.5)
    if scale > most:
        raise InvalidInput("picture_too_large", pointer="/scale", limit=max(most, 1))
    command = [sys.executable, "-I", raster.__file__, str(scale)]
    run = partial(anyio.run_process, command, input=svg.encode(), check=False)
    done = await pool.alone(pool.pictures, run, "picture")
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout
