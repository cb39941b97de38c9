"""Numbers and names as people read them: one rule for the picture, the table and sentences."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

MINUS = "\N{MINUS SIGN}"
_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "theta": "θ", "lambda": "λ",
    "mu": "μ", "sigma": "σ", "phi": "φ", "omega": "ω",
}  # fmt: skip
_MOST_SHOWN = 6
_NAME = re.compile(r"([A-Za-zα-ωΑ-Ω]+)_?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Label:
    """A name set as a letter and its subscript: w5 as ``w`` and ``5``.

    Attributes:
        name: the plain name.
        base, sub: what stands on the line, and below it (may be empty).
    """

    name: str
    base: str
    sub: str


@lru_cache(maxsize=4096)
def label(name: str) -> Label:
    """``name`` split into letter and subscript, with Greek letters written as such."""
    match = _NAME.fullmatch(name)
    base, sub = match.groups() if match else (name, "")
    sub = sub.replace("_", ",")
    return Label(name, _short(_GREEK.get(base.lower(), base)), _short(sub))


def _short(text: str) -> str:
    """``text``, cut where the picture has no room for it."""
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def number(value: float, decimals: int = 4, *, signed: bool = False) -> str:
    """``value`` rounded half to even, with a true minus sign.

    A number that would lose its digits keeps three of them, as decimals or, where that would
    fill the picture, with an exponent. A plus sign stands where ``signed`` asks for it.
    """
    size = abs(value)
    if value == 0:
        return f"{0:.{decimals}f}"
    if 10.0 ** (2 - decimals) <= size and round(size, decimals) < 1e5:
        text = f"{size:.{decimals}f}"
    elif 1e-4 <= size < 1e-2:
        text = f"{size:.{2 - math.floor(math.log10(size))}f}"
    else:
        mantissa, exponent = f"{size:.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    if value < 0:
        return MINUS + text
    return "+" + text if signed else text


def plain(value: float) -> str:
    """``value`` as a person types it: the shortest decimal that reads back the same."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


@lru_cache(maxsize=4096)
def natural(name: str) -> tuple[str, int, str]:
    """A key that sorts w2 before w10."""
    match = re.fullmatch(r"(.*?)(\d*)", name)
    letters, digits = match.groups() if match else (name, "")
    return letters, int(digits or -1), name
