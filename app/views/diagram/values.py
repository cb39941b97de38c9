"""Numbers as the diagram has room for them."""

import math
from collections.abc import Sequence

from app.explain.rounding import number
from app.views.diagram.elements import Value
from app.views.text.formatting import given

# A number has so many decimals, and no more figures than these: fewer where units are small.
_DECIMALS, FIGURES, FEW_FIGURES = 4, 7, 5


def known(exact: float, *, signed: bool = False, figures: int = FIGURES) -> Value:
    """A number as the diagram has room for it: a large one with fewer decimals."""
    size = abs(exact)
    decimals = _DECIMALS
    if size >= 10.0 ** (figures - decimals) and size < math.inf:
        decimals = max(figures - 1 - math.floor(math.log10(size)), 0)
    return Value(exact, number(exact, decimals, signed=signed), signed)


def known_at(
    row: Sequence[float] | None, index: int, *, signed: bool = False, figures: int = FIGURES
) -> Value | None:
    """One of a row, if that is known."""
    return None if row is None else known(row[index], signed=signed, figures=figures)


def given_value(exact: float) -> Value:
    """Inputs and targets are given numbers: shown as given unless that is long."""
    return Value(exact, text) if (text := given(exact, _DECIMALS)) else known(exact)
