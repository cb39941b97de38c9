"""How large a text of the diagram may be set so that it stays within its box.

Widths are those of a wide, bold face (DejaVu Sans), in which a page may be read too; in any
other a text takes less. Ordinary numbers keep their size, and only longer ones are set smaller.
"""

from functools import lru_cache
from typing import NamedTuple


class TextBox(NamedTuple):
    """A box in the diagram: its width, and the size of a text that fits it, in SVG user units."""

    width: float
    size: float
    weight: float = 1.0


# A light face is this much narrower; what is set to fit has its letters closer, too.
_LIGHT, _CLOSER = 0.91, 0.03
# Where two drawings show a text, the box is that of the one with less room for its size.
ROOMS = {
    "value": TextBox(87, 16),
    "close-value": TextBox(72.5, 15),
    "row-gradient": TextBox(83, 15.4, _LIGHT),
    "gradient": TextBox(134, 15.4, _LIGHT),
    "close-gradient": TextBox(72.5, 15, _LIGHT),
    "small-parameter": TextBox(102, 15),
    "small-update": TextBox(184, 15),
    "small-gradient": TextBox(180, 15, _LIGHT),
    "small-row-gradient": TextBox(65, 12.2, _LIGHT),
    "small-row-name": TextBox(22, 12.2, _LIGHT),
    "small-unit-name": TextBox(52, 15, _LIGHT),
    "row-name": TextBox(102, 16, _LIGHT),
    "small-name": TextBox(46, 12.2, _LIGHT),
    "unit-name": TextBox(70, 16.5, _LIGHT),
    "out": TextBox(94, 24),
    "input": TextBox(68.5, 24),
    "net": TextBox(96, 15.4, _LIGHT),
    "close-net": TextBox(82, 15.4, _LIGHT),
    "tight-net": TextBox(62, 15, _LIGHT),
    "tight-out": TextBox(62, 15),
    "narrow-input": TextBox(52.5, 15),
    "delta": TextBox(116, 16),
    "near-delta": TextBox(88, 15, 0.865),
    "tight-delta": TextBox(94, 16, _LIGHT),
    "target": TextBox(72, 20),
    "target-name": TextBox(97, 15.4, _LIGHT),
    "close-target-name": TextBox(64.5, 15, _LIGHT),
    "close-target": TextBox(66, 15),
    "small-target-name": TextBox(114, 15, _LIGHT),
    "error": TextBox(77, 15.4),
    "share": TextBox(77, 15.4, _LIGHT),
    "close-error": TextBox(84, 15),
    "close-share": TextBox(66, 15, _LIGHT),
    "small-share": TextBox(116, 12.2, _LIGHT),
    "near-share": TextBox(80, 12.2, _LIGHT),
    "column": TextBox(92, 15.4, _LIGHT),
    "small-column": TextBox(78, 12.2, _LIGHT),
    "axis": TextBox(58, 12, _LIGHT),
}
_LEAST, _MOST, _STEP = 30, 98, 2
"""A text is set at so many per cent of its size, in steps; a light face first makes it narrower."""
_DIGITS = str.maketrans("123456789", "0" * 9)
_NARROW, _WIDE, _EM = 0.38, 0.84, 0.7
_WIDTHS = (
    dict.fromkeys(".,:;·|!'ijlI/()tfr", _NARROW)
    | {" ": 0.35, "\N{ZERO WIDTH SPACE}": 0.0}
    | dict.fromkeys("−+=→", _WIDE)
    | {"w": 0.92, "∂": 0.6}
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
def class_for(kind: str, text: str) -> str:
    """The CSS classes that set a text so small that it fits; "" where it does."""
    room = ROOMS[kind]
    wide = text_width(text) * room.size
    if wide * room.weight <= room.width:
        return ""
    wide = (text_width(text) * _LIGHT - len(text) * _CLOSER) * room.size
    percent = int(100 * room.width / wide / _STEP) * _STEP
    return f" snug p{max(_LEAST, percent)}" if percent <= _MOST else " snug"


def fit(kind: str, text: str) -> str:
    """The classes for a text made of numbers and words."""
    # All digits are equally wide, so numbers of one form share an entry of the cache.
    return class_for(kind, text.translate(_DIGITS))
