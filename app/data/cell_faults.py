"""What is wrong with a table's cells that are to be numbers or labels."""

from collections.abc import Iterator, Sequence

from app.data.csv_table import Table
from app.data.data_columns import DataColumn
from app.data.dates import HOURS, MINUTES, duration, told_date
from app.data.numbers.written_dates import is_yearless
from app.data.table_questions import plain_text
from app.data.text.encodings import POINTER
from app.data.text.refusals import printable
from app.errors import InvalidInput

_MOST_ECHOED = 20


def cell_faults(
    table: Table,
    used: Sequence[int],
    targets: Sequence[int],
    limits: tuple[float, float],
    *,
    named: bool,
) -> Iterator[InvalidInput]:
    """What is wrong with the cells of the columns ``used``, line by line.

    ``limits`` are the largest values of inputs and targets; ``named``: targets name classes.
    """
    found: list[tuple[int, int, str]] = []
    for i in sorted(used):
        column, classes = table.columns[i], named and i in targets
        limit = limits[i in targets]
        codes = (_fault(column, at, limit, named=classes) for at in range(len(table.rows)))
        found += [(at, i, code) for at, code in enumerate(codes) if code]
    for at, i, code in sorted(found):
        yield _blamed(table, table.rows[at].line, i, at, code, int(limits[i in targets]))


def _blamed(table: Table, line: int, index: int, at: int, code: str, limit: int) -> InvalidInput:
    column = table.columns[index]
    cell = printable(column.cells[at])
    dated = code in ("csv_date", "csv_day_or_month")
    more = {"date": told_date(column.cells[at], ())} if dated else {}
    if code == "csv_time":
        more = {unit: plain_text(duration(cell, unit)) for unit in (MINUTES, HOURS)}
    return InvalidInput(
        code, pointer=POINTER, **table.spot(line, index), **more,
        cell=cell if len(cell) <= _MOST_ECHOED else cell[:_MOST_ECHOED] + "…",
        limit=limit, example=f"0{column.decimal}5",
    )  # fmt: skip


def _fault(column: DataColumn, at: int, limit: float, *, named: bool) -> str:
    """The code of what is wrong with a cell, or ""; a class is named by words or numbers."""
    if column.gaps[at]:
        return "csv_missing"
    if not column.is_numeric:
        return ""
    value = column.values[at]
    if value is None:
        return _no_number(column, at)
    if not abs(value) <= limit:
        return "csv_range"
    return "csv_whole" if named and not value.is_integer() else ""


def _no_number(column: DataColumn, at: int) -> str:
    """The code of why a cell of a numeric column has no value."""
    one = column.written.written[at]
    if column.holds == "dates":
        named = is_yearless(column.cells[at]) and told_date(column.cells[at], ())
        return "csv_time" if column.is_clock else "csv_day_or_month" if named else "csv_date"
    if one is not None and one.value(column.decimal) is not None:
        if one.percent != column.written.percent:
            return "csv_percent"
        units = {other.currency for other in column.written.written if other}
        return "csv_unit" if column.written.currency or len(units - {""}) > 1 else "csv_number"
    return "csv_number"
