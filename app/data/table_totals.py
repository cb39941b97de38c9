"""A last row that may be the total of those above it: no sample, though it looks like one."""

import math
from collections.abc import Sequence

from app.data.data_columns import DataColumn

_LEAST_ROWS = 3
_NAMES = (
    "total totals subtotal sum summe gesamt insgesamt zwischensumme somme suma soma totale totaal "
    "summa razem итого всего average mean mittelwert durchschnitt moyenne media promedio ø"
)
_WORDS = frozenset(_NAMES.split())


def ends_with_total(columns: Sequence[DataColumn]) -> bool:
    """Whether the last row calls itself a total or a mean, or is the sum of the others.

    A sum counts if the row has a gap where the others have words, so that it tells no case.
    """
    if not columns or len(columns[0].cells) < _LEAST_ROWS:
        return False
    if any(_says_total(column.cells) for column in columns):
        return True
    words = [column for column in columns if column.holds in ("words", "dates")]
    unnamed = any(column.gaps[-1] and not any(column.gaps[:-1]) for column in words)
    return unnamed and all(_is_sum(column) for column in columns if column.holds == "numbers")


def _says_total(cells: Sequence[str]) -> bool:
    last = cells[-1]
    return last.casefold().rstrip(": ") in _WORDS and last not in cells[:-1]


def _is_sum(column: DataColumn) -> bool:
    *others, last = column.values
    known = [value for value in others if value is not None]
    return last is not None and any(known) and math.isclose(math.fsum(known), last, rel_tol=1e-9)
