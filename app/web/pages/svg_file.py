"""The picture of a network as a file of its own: SVG with the page's style in it, and PNG.

The page's template draws it and the page's style sheets say how it looks; here the links and
handles that only a page needs are taken off, and colours that depend on the reader's theme are
settled for one.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as Xml

import anyio

from app.errors import InvalidInput
from app.web.pages import png as raster

THEMES = ("light", "dark")
SCALES = ("1", "2", "3", "4")
MAX_PIXELS = 24_000_000
"""The most pixels of a picture: 96 MB while it is drawn."""
_FAMILY = f'"{raster.FONT}", "Liberation Sans", Arial, Helvetica, sans-serif'
# Of what is only a line or only filled, the same; and drawn many times as fast.
_OF_PAINT = {"opacity": ("stroke-opacity", "fill-opacity")}
_SVG = "http://www.w3.org/2000/svg"
_SHEETS = ("tokens", "network")
_PAGE_ONLY = (
    "cursor", "display", "height", "max-height", "min-width", "outline", "text-decoration",
    "transition", "width",
)  # fmt: skip

Xml.register_namespace("", _SVG)


# --- style ----------------------------------------------------------------------------------------


class StyleSheet:
    """The style sheets of the page as far as they draw a network, for a file that stands alone.

    Args:
        directory: where the style sheets lie.
    """

    def __init__(self, directory: Path) -> None:
        self._sheets = [(directory / f"{name}.css").read_text("utf-8") for name in _SHEETS]

    @cached_property
    def _rules(self) -> tuple[tuple[str, str], ...]:
        """Selectors and declarations, in order; what stands in an @-rule is for pages."""
        text = re.sub(r"/\*.*?\*/", "", self._sheets[1], flags=re.DOTALL)
        text = re.sub(r"@[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
        return tuple((m[1].strip(), m[2]) for m in re.finditer(r"([^{}]+)\{([^{}]*)\}", text))

    def tokens(self, theme: str) -> dict[str, str]:
        """The page's colours by name, settled for a theme."""
        found = dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", self._sheets[0]))
        return {name: _settled(value, theme) for name, value in found.items()}

    def text(self, theme: str, used: Set[str]) -> str:
        """The style of the file, as far as its classes need it."""
        tokens = self.tokens(theme)
        rules = [f"text {{ font-family: {_FAMILY}; font-variant-numeric: tabular-nums; }}"]
        for selector, body in self._rules:
            selectors = [one.strip() for one in selector.split(",") if _draws(one, used)]
            declared = "; ".join(_declared(body, tokens, theme))
            if selectors and declared:
                rules.append(f"{', '.join(selectors)} {{ {declared}; }}")
        return "\n".join(rules)


def _draws(selector: str, used: Set[str]) -> bool:
    """Whether a selector is for what stands in the picture, whatever a reader does."""
    classes = set(re.findall(r"\.([a-z][a-z0-9-]*)", selector))
    return ":" not in selector and bool(classes) and classes <= used


def _declared(body: str, tokens: Mapping[str, str], theme: str) -> Iterator[str]:
    for declaration in body.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() not in _PAGE_ONLY:
            text = re.sub(r"var\((--[a-z-]+)\)", lambda m: tokens[m[1]], value.strip())
            if name.strip() == "font-weight":
                text = text[0] + "00"  # other programs know the hundreds only
            for one in _OF_PAINT.get(name.strip(), (name.strip(),)):
                yield f"{one}: {_mixed(_settled(text, theme))}"


def _settled(value: str, theme: str) -> str:
    """A value in which the theme has chosen one of two colours."""
    choice = 1 if theme == "light" else 2
    return re.sub(
        r"light-dark\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)",
        lambda m: m[choice].strip(),
        value,
    )


def _mixed(value: str) -> str:
    """A value in which two colours are mixed as the page's style asks."""
    return re.sub(
        r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)",
        lambda m: mixed_colour(m[1], m[3], int(m[2]) / 100),
        value,
    )


def mixed_colour(one: str, other: str, share: float) -> str:
    """``share`` of one colour and the rest of another, both as #rgb or #rrggbb, in sRGB."""
    if other == "transparent":
        red, green, blue = _channels(one)
        return f"rgba({red}, {green}, {blue}, {share:g})"
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


# --- the file -------------------------------------------------------------------------------------


def standalone(fragment: str, style: StyleSheet, theme: str, title: str) -> str:
    """An SVG file of a picture that the page's template drew.

    Args:
        fragment: the ``<svg>`` element.
        style: how it looks.
        theme: for which theme.
        title: what the picture is called.
    """
    # Our own template wrote it; everything that a person named is escaped there.
    root = Xml.fromstring(fragment.replace("<svg ", f'<svg xmlns="{_SVG}" ', 1))  # noqa: S314
    left, top, width, height = root.attrib["viewBox"].split()
    root.set("width", width)
    root.set("height", height)
    root.set("role", "img")
    _strip(root)
    ground = Xml.Element(f"{{{_SVG}}}rect", x=left, y=top, width=width, height=height)
    ground.set("fill", style.tokens(theme)["--card"])
    named, sheet = Xml.Element(f"{{{_SVG}}}title"), Xml.Element(f"{{{_SVG}}}style")
    used = {name for one in root.iter() for name in one.get("class", "").split()}
    named.text, sheet.text = title, f"\n{style.text(theme, used)}\n"
    root[:0] = [named, sheet, ground]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, "unicode")}\n'


def _strip(element: Xml.Element) -> None:
    """Make links plain groups and drop what only a page's reader can use."""
    for child in list(element):
        if child.get("class") == "hit":
            element.remove(child)
            continue
        _strip(child)
    if element.tag == f"{{{_SVG}}}a":
        element.tag = f"{{{_SVG}}}g"
    for name in ("tabindex", "href"):
        element.attrib.pop(name, None)
    for name in [name for name in element.attrib if name.startswith(("data-", "hx-"))]:
        del element.attrib[name]
    for text in ("text", "tail"):
        written = getattr(element, text)
        if written and not written.strip():
            setattr(element, text, "\n" if "\n" in written else written)


async def png(svg: str, scale: int, at_a_time: anyio.CapacityLimiter) -> bytes:
    """A picture of an SVG file as PNG, drawn beside this process.

    Args:
        svg: the file.
        scale: how many times as large.
        at_a_time: how many pictures are drawn at once.

    Raises:
        InvalidInput: it would be too large.
    """
    found = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    width, height = (float(size) for size in found.groups()) if found else (0.0, 0.0)
    most = int((MAX_PIXELS / (width * height)) ** 0.5)
    if scale > most:
        raise InvalidInput("picture_too_large", pointer="/scale", limit=max(most, 1))
    command = [sys.executable, "-I", raster.__file__, str(scale)]
    async with at_a_time:
        done = await anyio.run_process(command, input=svg.encode(), check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout
