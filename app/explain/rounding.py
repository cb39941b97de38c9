"""Numbers as digits on a page: one rule for every diagram, table, formula and sentence."""

import math
from functools import lru_cache
from typing import NamedTuple

LEAST_DIGITS, MOST_DIGITS = 3, 10
MINUS = "\N{MINUS SIGN}"
_MOST_PLAIN = 99_999.0


class Digits(NamedTuple):
    """A rounded number in parts: a sign, digits without one, and a power of ten.

    The exponent is None where the number is written out.
    """

    negative: bool
    mantissa: str
    exponent: int | None

    @property
    def value(self) -> float:
        """The number that these digits say."""
        exponent = "" if self.exponent is None else f"e{self.exponent}"
        size = float(f"{self.mantissa}{exponent}")
        return -size if self.negative else size

    @property
    def unit(self) -> float:
        """What the last digit counts."""
        decimals = len(self.mantissa.partition(".")[2])
        return 10.0 ** ((self.exponent or 0) - decimals)


def _kept_digits(decimals: int) -> int:
    """How many digits a small number keeps, beside its first one."""
    return decimals - 4 if decimals > 6 else 2


@lru_cache(maxsize=64)
def _least_plain(decimals: int) -> float:
    """From here to ``_MOST_PLAIN`` no rounding can reach a number of another form."""
    return float(1.01 * 10.0 ** (_kept_digits(decimals) - decimals))


@lru_cache(maxsize=8192)
def digits_of(value: float, decimals: int) -> Digits:
    """``value`` rounded half to even.

    A number that would lose its digits keeps three of them (more where more decimals are
    asked for), as decimals or, where that would fill the diagram, with an exponent.
    """
    size, negative = abs(value), value < 0
    kept = _kept_digits(decimals)
    if _least_plain(decimals) <= size < _MOST_PLAIN:  # most numbers
        return Digits(negative, f"{size:.{decimals}f}", None)
    if not math.isfinite(value):
        return Digits(negative, str(size), None)
    if value == 0:
        return Digits(False, f"{0:.{decimals}f}", None)
    scientific = f"{size:.{kept}e}"
    mantissa, exponent = scientific.split("e")
    # Which form it takes depends on what is left of it, so neighbours never look different.
    rounded = float(scientific)
    if 10.0 ** (kept - decimals) <= rounded < 1.1e5 and round(size, decimals) < 1e5:
        return Digits(negative, f"{size:.{decimals}f}", None)
    if 1e-4 <= rounded < 0.1:
        return Digits(negative, f"{size:.{kept - int(exponent)}f}", None)
    return Digits(negative, mantissa, int(exponent))


def shown(value: float, decimals: int) -> float:
    """The number that a reader sees for ``value``."""
    return digits_of(value, decimals).value


@lru_cache(maxsize=8192)
def number(value: float, decimals: int = 4, *, signed: bool = False) -> str:
    """``value`` rounded as ``digits_of`` does, with a true minus; ``signed``: or a plus."""
    size = abs(value)
    if _least_plain(decimals) <= size < _MOST_PLAIN:  # in one go, as a page has many
        return f"{MINUS if value < 0 else '+' if signed else ''}{size:.{decimals}f}"
    digits = digits_of(value, decimals)
    text = digits.mantissa
    if digits.exponent is not None:
        text += f"e{digits.exponent}".replace("-", MINUS)
    if digits.negative:
        return MINUS + text
    return "+" + text if signed and value else text
