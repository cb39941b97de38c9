"""What of a table can be read in two ways: each question names its cell and both readings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from app.data.column_roles import NO, YES
from app.data.csv_table import Table
from app.data.data_columns import DataColumn
from app.data.dates import (
    maybe_dates,
    open_pivots,
    orders_of,
    plain_date,
    told_date,
    told_order,
)
from app.data.numbers.gaps import is_gap
from app.data.numbers.like_numbers import season_years
from app.data.numbers.number_formats import WrittenNumber, written_number
from app.data.numbers.written_dates import ORDERS, is_zoned
from app.data.table_headers import is_same_unit, unit_of
from app.data.text.encodings import POINTER
from app.data.text.refusals import printable
from app.errors import InvalidInput

_NO_UNITS = ("min",)
"""What the least of several is called in brackets, too."""


def questions(table: Table, used: Sequence[int]) -> Iterator[InvalidInput]:
    """What of the columns in use can be read in two ways; the fields in the pointers answer."""
    if table.open_turn:
        yield InvalidInput("csv_open_turn", pointer="/new/transposed", line=table.rows[0].line)
        return
    if table.open_header:
        yield InvalidInput("csv_open_header", pointer="/new/header", line=table.open_header)
    if table.open_blanks:
        line, cell = table.open_blanks
        yield InvalidInput("csv_open_blanks", pointer="/new/delimiter", line=line, cell=cell)
    if table.open_total:
        yield InvalidInput("csv_open_total", pointer="/new/total", line=table.open_total)
    for line in table.open_subtotals:
        yield InvalidInput("csv_open_subtotals", pointer=POINTER, line=line)
    for ask in (_cut, _sentinels, _other_unit, _open_zone):
        yield from (one for i in used for one in ask(table, i))
    for ask in (_open_decimal, _open_literal, _open_date, _open_pivot):
        yield from islice((one for i in used for one in ask(table, i)), 1)


def _cut(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column that stands for others, which were not printed."""
    if table.columns[index].is_cut:
        cell = table.columns[index].cells[0]
        yield _asked(table, index, "csv_columns_left_out", POINTER, cell)


def _sentinels(table: Table, index: int) -> Iterator[InvalidInput]:
    """The cells of a column that may be numbers, or stand for no value."""
    for cell in table.columns[index].sentinels:
        yield _asked(table, index, "csv_open_nines", POINTER, cell)


def _other_unit(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column whose cells have another unit than its name."""
    column = table.columns[index]
    own, unit = unit_of(column.name), column.unit
    known = own not in ("", *_NO_UNITS) and _written(f"1 {own}")
    if known and unit and (known.currency or known.percent) and not is_same_unit(own, unit):
        cell = next((cell for cell in column.cells if unit in cell), column.cells[0])
        yield _asked(table, index, "csv_other_unit", POINTER, cell, unit=own)


def _open_zone(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column of times of which some tell their zone, and some do not."""
    column = table.columns[index]
    times = [cell for cell in column.cells if ":" in cell] if column.holds == "dates" else []
    zoned = next(filter(is_zoned, times), "")
    bare = next((cell for cell in times if not is_zoned(cell)), "")
    if zoned and bare:
        yield _asked(table, index, "csv_open_zone", POINTER, bare, other=printable(zoned))


def _open_decimal(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column whose decimal sign is open: a cell has two readings, or two cells disagree."""
    column = table.columns[index]
    if column.mixes:
        point, comma = column.written.mixed
        yield _asked(
            table, index, "csv_mixed_decimal", "/new/decimal", comma, other=point,
            value=plain_text(_written(comma).comma), other_value=plain_text(_written(point).point),
        )  # fmt: skip
    elif column.example:
        one = _written(column.example)
        yield _asked(
            table, index, "csv_open_decimal", "/new/decimal", column.example,
            point=plain_text(one.point), comma=plain_text(one.comma),
        )  # fmt: skip


def _open_literal(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column whose cells may be numbers or words."""
    column = table.columns[index]
    if column.literal and (years := season_years(_filled(column))):
        cell, value = column.literal, plain_text(_written(column.literal).value("."))
        code = "csv_open_short_season" if cell[2] == "/" else "csv_open_season"
        told = {"year": years[cell], "value": value, "date": told_date(cell, _filled(column))}
        yield _asked(table, index, code, "/new/literals", cell, **told)
    elif column.literal and column.holds == "words":
        example = f"0{column.decimal}5"
        yield _asked(table, index, "csv_words_or_numbers", POINTER, column.literal, example=example)
    elif column.literal and column.holds == "dates":
        yield _asked(table, index, "csv_open_time", POINTER, column.literal)
    elif cell := column.literal:
        value, known = plain_text(_written(cell).value(column.decimal)), _filled(column)
        asked = maybe_dates(known, column.name, pointed=True)
        order = told_order(known, column.name) if asked else ""
        orders = orders_of(known) if order in ORDERS else filter(None, (order,))
        date = " / ".join(told_date(cell, known, one) for one in orders)
        code = "csv_numbers_or_dates" if date else "csv_open_day" if asked else "csv_open_literal"
        yield _asked(table, index, code, "/new/literals", cell, value=value, date=date)


def _open_date(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column of dates whose first figures may all be days, or months, or years."""
    column = table.columns[index]
    if column.holds == "dates" and not column.order and len(orders := orders_of(column.cells)) > 1:
        cell = next(cell for cell in column.cells if orders_of([cell]))
        readings = {o: plain_date(cell, o, column.cells) if o in orders else "" for o in ORDERS}
        told = ", ".join(filter(None, readings.values()))
        yield _asked(table, index, "csv_open_date", "/new/dates", cell, dates=told, **readings)


def _open_pivot(table: Table, index: int) -> Iterator[InvalidInput]:
    """A column of dates whose years of two figures may be of one century or of two."""
    column = table.columns[index]
    if column.holds != "dates" or column.pivot:
        return
    if found := open_pivots(column.cells, column.order):
        cell, *pivots = found
        early, late = (plain_date(cell, column.order, (), pivot) for pivot in pivots)
        yield _asked(
            table, index, "csv_open_century", "/new/pivot", cell,
            early=early, late=late, first=str(pivots[0]), last=str(pivots[1]),
        )  # fmt: skip


def _filled(column: DataColumn) -> list[str]:
    return [cell for cell in column.cells if not is_gap(cell, numbers=True)]


def _written(cell: str) -> WrittenNumber:
    return written_number(cell) or WrittenNumber(None, None)


def _asked(
    table: Table, index: int, code: str, pointer: str, cell: str, **values: str
) -> InvalidInput:
    line = table.rows[table.columns[index].cells.index(cell)].line
    return InvalidInput(
        code, pointer=pointer, **table.spot(line, index), cell=printable(cell), **values,
    )  # fmt: skip


def variants(column: DataColumn) -> dict[str, str]:
    """For each word of a column that is spelt in several ways, the most frequent spelling.

    Case, blanks, hyphens and underscores make no difference; nor do the words for yes and no of
    some languages, where a column holds no others.
    """
    words = Counter(cell for cell, gap in zip(column.cells, column.gaps, strict=True) if not gap)
    plain = {word: "".join(c for c in word.casefold() if c not in " -_.") for word in words}
    if set(plain.values()) <= YES | NO:
        plain = {word: "yes" if low in YES else "no" for word, low in plain.items()}
    groups: dict[str, list[str]] = {}
    for word, low in plain.items():
        groups.setdefault(low, []).append(word)
    chosen = {low: max(group, key=lambda word: words[word]) for low, group in groups.items()}
    return {word: chosen[low] for word, low in plain.items() if len(groups[low]) > 1}


def open_spellings(table: Table, used: Sequence[int]) -> Iterator[InvalidInput]:
    """Columns in use whose words may be spellings of the same, each with two of them."""
    for i in used:
        column = table.columns[i]
        for word, usual in variants(column).items() if column.holds == "words" else ():
            if word != usual:
                other = printable(usual)
                yield _asked(table, i, "csv_open_spelling", "/new/merge", word, other=other)
                break


def plain_text(value: float | None) -> str:
    """A number as it is typed, "" for none."""
    return "" if value is None else f"{value:.15g}"
