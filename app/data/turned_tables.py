"""Tables on their side: each line is a quantity, its name first, and each column a sample."""

import re
from collections.abc import Sequence
from itertools import combinations

from app.data.column_roles import is_target_name
from app.data.data_columns import DataColumn
from app.data.numbers.gaps import is_gap
from app.data.numbers.written_dates import is_date
from app.data.text.fixed_widths import TableRow

_LEAST_LINES, _MOST_LINES = 2, 20
_NAME = re.compile(r"[^\W\d]")


def turned(rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows with what were columns; each has the number of its column for a line."""
    cells = zip(*(row.cells for row in rows), strict=True)
    return [TableRow(at, tuple(column)) for at, column in enumerate(cells, start=1)]


def maybe_turned(columns: Sequence[DataColumn], heads: Sequence[TableRow]) -> bool:
    """Whether each line below the ``heads`` may be a quantity: a name and its numbers.

    So it may if the last one is called as targets are, or if each has numbers of its own size,
    while those of columns overlap. Without names of columns, lines with one number alone are none,
    and others are unless each column has a size of its own.
    """
    names = columns[0].cells
    if not 1 < len(names) <= _MOST_LINES or len({*names}) < len(names):
        return False
    if columns[0].holds != "words" or not all(map(_NAME.match, names)):
        return False
    if any(is_date(cell) for row in heads for cell in row.cells):
        return False
    lines = [_numbers(columns[1:], at) for at in range(len(names))]
    values = [line for line in lines if line]
    if None in lines or not values:
        return False
    if len(values) < len(lines) or is_target_name(names[-1]):
        return True  # words below numbers: no column holds one kind
    by_columns = [*zip(*values, strict=False)]
    if _are_apart(values) != _are_apart(by_columns):
        return _are_apart(values) and len(lines) > _LEAST_LINES - (not heads)
    return not heads and len(by_columns) > 1


def _numbers(columns: Sequence[DataColumn], at: int) -> list[float] | None:
    """A line's numbers, [] if it has words alone, None if it has both or neither."""
    known = [column for column in columns if not is_gap(column.cells[at], numbers=True)]
    values = [v for one in known if one.holds == "numbers" and (v := one.values[at]) is not None]
    return values if known and len(values) in (0, len(known)) else None


def _are_apart(groups: Sequence[Sequence[float]]) -> bool:
    """Whether no two groups of numbers overlap, each having two at least."""
    ends = [(min(group), max(group)) for group in groups]
    return len(ends) > 1 and len(groups[0]) > 1 and all(
        one[1] < other[0] or other[1] < one[0] for one, other in combinations(ends, 2)
    )  # fmt: skip
