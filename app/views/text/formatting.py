"""Numbers and names as people read them: one rule for the diagram, the table and sentences."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.data.text.cut_names import cut_name
from app.engine.names import NamedPart
from app.explain.notation import split_name
from app.explain.rounding import MINUS, MOST_DIGITS, number
from app.messages.marking import _

_MOST_OF_LABEL, _MOST_OF_COLUMN = 6, 24
# From here on numbers have an exponent, as ``explain.rounding`` writes them.
_WRITTEN_OUT = 1e5
# Those in a table's units have six digits, and an exponent only where they are larger by far.
_FIGURES, _MOST_FIGURES = 6, 10


@dataclass(frozen=True, slots=True)
class Label:
    """A name set as a letter and its subscript, which may be "": w5 as ``w`` and ``5``."""

    name: str
    base: str
    sub: str

    @property
    def text(self) -> str:
        """The two in one, as a diagram writes them."""
        return self.base + self.sub


def reading_order(parts: Iterable[NamedPart]) -> list[NamedPart]:
    """Weights layer by layer and by name, then biases as they come."""
    return sorted(
        parts, key=lambda one: (0, one.layer, natural(one.name)) if one.kind == "weight" else (1,)
    )


@lru_cache(maxsize=4096)
def label(name: str) -> Label:
    """``name`` split into letter and subscript, with Greek letters written as such."""
    base, sub = split_name(name)
    return Label(name, clipped(base, _MOST_OF_LABEL), clipped(sub, _MOST_OF_LABEL))


@lru_cache(maxsize=4096)
def written(name: str) -> str:
    """``name`` in a sentence: as the diagram writes it, h1_1 as "h1,1", but words stay apart."""
    base, sub = split_name(name)
    return base + sub if not sub or sub[0].isdigit() else name


def clipped(text: str, most: int = _MOST_OF_COLUMN, among: Iterable[str] = ()) -> str:
    """A text cut to ``most`` characters; see ``cut_name`` for those ``among`` which it stands."""
    return cut_name(text, most, among)


def short(value: float, digits: int = 4) -> str:
    """A number with few digits, as on an axis: written out as far as others are, no digit cut."""
    text = f"{value + 0.0:.{digits}g}"
    if "e+" in text and round(abs(value)) < _WRITTEN_OUT:
        text = f"{value:.0f}"
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}{exponent}{int(power) if power else ''}".replace("-", MINUS)


def as_in_table(value: float) -> str:
    """A number in the units of a table, as tables write it.

    It has the digits that were given, or six, or all before the point, and no exponent at any
    usual size.
    """
    exact = float(f"{value:.14g}") + 0.0
    text, size = given(exact, _FIGURES), abs(exact)
    if text and "e" not in text:
        return text
    if exact and not 1e-4 <= size < 10.0**_MOST_FIGURES:
        return short(exact, _FIGURES)
    decimals = _FIGURES - 1 - math.floor(math.log10(size)) if exact else 0
    text = f"{exact:.{max(decimals, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def exactly(value: float) -> str:
    """A number to calculate with: nine digits, or fewer where these are all."""
    return full(float(f"{value:.9g}"))


def brief(value: float) -> str:
    """A number as short as the end of an axis should be."""
    return short(value, 3)


def brief_range(low: float, high: float) -> tuple[str, str]:
    """Both ends of a range with two digits; 0 for one that is next to nothing beside the other."""
    least = 1e-3 * max(abs(low), abs(high))
    ends = (short(end if abs(end) > least else 0.0, 2) for end in (low, high))
    return next(ends), next(ends)


def percent(share: float) -> str:
    """A share in percent, with one decimal where it is no whole number."""
    return f"{100 * share:.1f}".removesuffix(".0")


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence in a row."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{most} and {last}").format(most=", ".join(parts[:-1]), last=parts[-1])


def numbers_apart(one: float, other: float, decimals: int) -> tuple[str, str]:
    """Two numbers with as many more decimals, up to ten, as it takes to tell them apart."""
    for more in range(decimals, max(decimals, MOST_DIGITS) + 1):
        texts = number(one, more), number(other, more)
        if texts[0] != texts[1] or one == other:
            break
    return texts


def plain(value: float) -> str:
    """``value`` as a person types it: the shortest decimal that reads back the same."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def full(value: float) -> str:
    """All digits of ``value``, with a true minus."""
    return plain(value).replace("-", MINUS)


def given(value: float, decimals: int = 4) -> str:
    """``value`` as it was typed; "" where that is longer than with so many decimals."""
    text = full(value)
    return text if len(text) <= decimals + 3 else ""


@lru_cache(maxsize=4096)
def natural(name: str) -> tuple[str, int, str]:
    """A key that sorts w2 before w10."""
    match = re.fullmatch(r"(.*?)(\d*)", name)
    letters, digits = match.groups() if match else (name, "")
    return letters, int(digits or -1), name
