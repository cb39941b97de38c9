"""A table's rows, all of one size: with their names and decimal commas where these belong."""

from collections import Counter
from collections.abc import Sequence

from app.data.numbers.gaps import is_gap
from app.data.numbers.number_formats import written_number
from app.data.text.dialects import SplitText
from app.data.text.encodings import POINTER
from app.data.text.fixed_widths import TableRow
from app.data.text.refusals import printable, refuse_all
from app.errors import InvalidInput, InvalidTable

MAX_COLUMNS = 64


def squared(split: SplitText, commas: Sequence[int], *, transposed: bool = False) -> list[TableRow]:
    """The rows, all of the same number of cells; a first line that is one short has row names."""
    rows = _rejoined(split, commas)
    if not split.names and _names_rows(rows, split.delimiter):
        rows[0] = TableRow(rows[0].line, ("", *rows[0].cells))
    sizes = Counter(len(row.cells) for row in rows)
    expected = max(sizes, key=lambda size: (sizes[size], size == len(rows[0].cells)))
    if split.names:
        _refuse_unlike_attributes(rows, split)
    first = next(row.line for row in rows if len(row.cells) == expected)
    if expected < 2:
        raise InvalidTable("csv_delimiter", pointer=POINTER)
    columns = len(rows) if transposed else expected
    if columns > MAX_COLUMNS:
        raise InvalidTable("csv_columns", pointer=POINTER, count=columns, limit=MAX_COLUMNS)
    _refuse_decimal_commas(rows, split.delimiter)
    refuse_all(
        InvalidInput(
            "csv_ragged", pointer=POINTER,
            line=row.line, count=len(row.cells), first=first, expected=expected,
        )
        for row in rows
        if len(row.cells) != expected
    )  # fmt: skip
    return rows


def _refuse_unlike_attributes(rows: Sequence[TableRow], split: SplitText) -> None:
    """Refuse rows with more or fewer cells than ARFF's attributes, or unlisted labels."""
    expected = len(split.names)
    refuse_all(
        InvalidInput(
            "csv_attributes", pointer=POINTER, line=row.line, count=len(row.cells),
            expected=expected,
        )
        for row in rows
        if len(row.cells) != expected
    )  # fmt: skip
    refuse_all(
        InvalidInput(
            "csv_label", pointer=POINTER, line=row.line, index=at + 1,
            column=f"{at + 1} ({printable(split.names[at])})", cell=printable(row.cells[at]),
        )
        for row in rows
        for at, labels in split.labels.items()
        if row.cells[at] not in labels and not is_gap(row.cells[at], numbers=False)
    )  # fmt: skip


def _refuse_decimal_commas(rows: Sequence[TableRow], delimiter: str) -> None:
    """Refuse rows with more cells than names where commas are decimal ones, too, as in 1,5,2."""
    names = rows[0].cells
    longer = [row for row in rows[1:] if len(row.cells) > len(names)]
    if (
        delimiter != "comma"
        or not len(longer) == len(rows) - 1 > 0
        or any(map(written_number, names))
    ):
        return
    if all(cell.lstrip("+-").isdecimal() for row in longer for cell in row.cells):
        first = longer[0]
        raise InvalidTable(
            "csv_decimal_commas", pointer=POINTER, line=first.line, count=len(first.cells),
            expected=len(names), cells=",".join(first.cells),
        )  # fmt: skip


def _rejoined(split: SplitText, commas: Sequence[int]) -> list[TableRow]:
    """The rows, those ``commas`` cells longer than the first with these in it.

    All are, where they are alike and the first is one of numbers.
    """
    rows, sizes = split.rows, {len(row.cells) for row in split.rows}
    alone = (
        split.delimiter == "comma" and len(sizes) == 1 and any(map(written_number, rows[0].cells))
    )
    size = len(rows[0].cells) - len(commas) * alone
    longer = [bool(commas) and len(row.cells) == size + len(commas) for row in rows]
    if commas and max(commas) <= size and not any(longer):
        raise InvalidTable("csv_no_commas", pointer="/new/commas", count=len(commas), first=size)
    return [
        TableRow(row.line, rejoined(row.cells, commas)) if one else row
        for row, one in zip(rows, longer, strict=True)
    ]


def rejoined(cells: Sequence[str], commas: Sequence[int]) -> tuple[str, ...]:
    """A row's cells, with two for a number in each of the columns ``commas``, counted from 1."""
    rest = iter(cells)
    size = len(cells) - len(commas)
    return tuple(
        f"{cell},{next(rest, '')}" if number in commas else cell
        for number, cell in zip(range(1, size + 1), rest, strict=False)
    )


def _names_rows(rows: Sequence[TableRow], delimiter: str) -> bool:
    """Whether the first line is one short, as R and pandas write it above rows with names.

    Between commas numbers are such names only beside points: else halves of decimal ones.
    """
    sizes = {len(row.cells) for row in rows[1:]}
    names = rows[0].cells
    counted = delimiter != "comma" and names == tuple(map(str, range(len(names))))  # pandas' own
    if sizes != {len(names) + 1} or (any(map(written_number, names)) and not counted):
        return False
    first = [row.cells[0] for row in rows[1:]]
    if len(set(first)) < len(first):
        return False
    if delimiter != "comma" or not any(map(written_number, first)):
        return True
    pointed = any("." in cell for row in rows[1:] for cell in row.cells)
    return pointed and all(map(str.isdecimal, first))
