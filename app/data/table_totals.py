"""Rows that may be totals of those above them: no samples, though they look like some."""

import math
import re
from collections.abc import Sequence

from app.data.data_columns import DataColumn

_LEAST_ROWS = 3
_LEAST_SUMS, _LEAST_SUMMANDS = 2, 3
_MOST_ROUNDED = 0.02
"""The largest share of a total that its rounding, and its summands', may make up."""
_SUM = (
    r"(?:grand |sub-?|sous-| )*tota(?:l|ls|le|les|al|is)(?: g[eé]n[eé]ral| general(?:e)?| geral)?|"
    r"(?:gesamt|zwischen|teil|end)?summe|gesamt|insgesamt|gesamtergebnis|somme|suma|sum|soma|summa|"
    r"(?:eind|sub)totaal|(?:del|mellan)summa|razem|итого|всего|合计|总计|合計|小計|小计"
)
_MEAN = r"average|mean|mittelwert|durchschnitt|moyenne|media|média|promedio|ø"
_TOTAL = re.compile(rf"(?:{_SUM}|{_MEAN})[: ]*", re.IGNORECASE)
_STATISTIC = re.compile(
    r"(?:std|s\.?d\.?|sem|stdev|std\.? ?dev\.?|stabw\.?|standardabweichung|min(?:imum)?|"
    r"max(?:imum)?|median|var(?:iance)?|range|count|n)[: ]*",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:sub-?|sous-)tota(?:l|ls|le|al)\b.*|(?:zwischen|teil)summe\b.*|(?:del|mellan)summa|小計|小计",
    re.IGNORECASE,
)


def ends_with_total(columns: Sequence[DataColumn], *, apart: bool = False) -> bool:
    """Whether the last row calls itself a total or a mean, or is the sum or mean of the others.

    A sum or mean counts if the row has a gap where the others have words, so that it tells no case;
    a sum also if it stands ``apart`` from them, below an empty line or a ruler. Otherwise it takes
    several sums of several numbers each: 1, 2, 3 beside 2, 4, 6 are no totals.
    """
    if not columns or len(columns[0].cells) < _LEAST_ROWS:
        return False
    if any(_says_total(column.cells) for column in columns):
        return True
    words = [column for column in columns if column.holds in ("words", "dates")]
    numbers = [column for column in columns if column.holds == "numbers"]
    if any(column.gaps[-1] and not any(column.gaps[:-1]) for column in words):
        return all(map(_is_sum, numbers)) or all(map(_is_mean, numbers))
    summed = [column for column in numbers if not column.gaps[-1]]
    if not summed or not all(map(_is_sum, summed)):
        return False
    summands = min(sum(map(bool, column.values[:-1])) for column in summed)
    least = (1, _LEAST_SUMMANDS - 1) if apart else (_LEAST_SUMS, _LEAST_SUMMANDS)
    return len(summed) >= least[0] and summands >= least[1]


def subtotals(columns: Sequence[DataColumn]) -> tuple[int, ...]:
    """The places of rows that call themselves subtotals, or are statistics below the others."""
    found = {
        at
        for column in columns
        if column.holds != "numbers"
        for at, cell in enumerate(column.cells)
        if _PART.fullmatch(cell)
    }
    return tuple(sorted({*found, *_statistics(columns)}))


def _statistics(columns: Sequence[DataColumn]) -> list[int]:
    """The places of the last rows, from the first mean or total on, if each is named as one."""
    for column in (one for one in columns if one.holds == "words"):
        at = len(column.cells)
        while at and (_TOTAL.fullmatch(column.cells[at - 1]) or _is_statistic(column, at - 1)):
            at -= 1
        last = column.cells[at:]
        if at and len(last) > 1 and any(map(_TOTAL.fullmatch, last)):
            return [*range(at, len(column.cells))]
    return []


def _is_statistic(column: DataColumn, at: int) -> bool:
    return _STATISTIC.fullmatch(column.cells[at]) is not None


def _says_total(cells: Sequence[str]) -> bool:
    last = cells[-1]
    return bool(_TOTAL.fullmatch(last)) and last not in cells[:-1]


def _is_sum(column: DataColumn) -> bool:
    """Whether the last number is the sum of the others, as far as these and it are printed."""
    *others, last = column.values
    known = [value for value in others if value is not None]
    if last is None or not any(known) or not all(map(math.isfinite, known)):
        return False
    *places, of_last = [_places(cell, column.decimal) for cell in column.cells]
    finest = max(places)
    rounded = (0.1**of_last if of_last < finest else 0.0) + len(known) * (0.1**finest) * (
        finest > 0
    )
    shift = 0.01 if column.written.percent else 1.0
    most = min(shift * rounded / 2, _MOST_ROUNDED * abs(last))
    return math.isclose(math.fsum(known), last, rel_tol=1e-9, abs_tol=most)


def _is_mean(column: DataColumn) -> bool:
    """Whether the last number is the mean of the others, rounded as it is printed."""
    *others, last = column.values
    known = [value for value in others if value is not None]
    if last is None or not any(known) or not all(map(math.isfinite, known)):
        return False
    most = 0.1 ** _places(column.cells[-1], column.decimal) / 2
    return math.isclose(
        math.fsum(known) / len(known), last, abs_tol=min(most, _MOST_ROUNDED * abs(last))
    )


def _places(cell: str, decimal: str) -> int:
    """How many figures a cell has behind its decimal sign."""
    return sum(map(str.isdigit, cell.rpartition(decimal)[2])) if decimal in cell else 0
