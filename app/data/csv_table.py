"""Tables that people bring along: CSV read into columns; ``csv_samples`` makes samples of them.

The standard library's csv reads quotes and line ends. What delimits columns, whether commas are
decimal, and whether the first line is a header is found out, and may be told. A first line such as
"sep=;", as Excel has it, tells what delimits columns and is no row. Nothing is guessed
about a cell: what cannot be used is refused by its line and column.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.data.catalog import MAX_SIZE
from app.errors import InvalidInput, InvalidTable

DELIMITERS: Mapping[str, str] = {"tab": "\t", "semicolon": ";", "comma": ","}
MAX_ROWS, MAX_COLUMNS, MAX_NAME = MAX_SIZE, 64, 60
MIN_ROWS = 1
MOST_ERRORS = 10
POINTER = "/table"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# What columns that tell rows apart are called.
_ROW_NUMBERS = {"id", "index", "no", "no.", "nr", "nr.", "row", "#", "unnamed: 0"}
# Programs that fill up lines repeat the sign.
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[^\r\n])(?P=sign)*"?[ ]*(?=[\r\n]|$)', re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row's cells, without the blanks around them, and the line that it begins on, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table whose rows, below the header if there was one, have the same number of cells.

    Columns without a name are numbered. ``delimiter`` is a name of DELIMITERS, ``decimal`` the
    sign "." or ",".
    """

    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    delimiter: str
    decimal: str
    header: bool

    def number(self, cell: str) -> float | None:
        """What a cell says as a number, or None."""
        return _as_number(cell, self.decimal)

    @cached_property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it is one of numbers: most of what it holds are some."""
        columns = zip(*(row.cells for row in self.rows), strict=True)
        return tuple(_mostly_numbers(cells, self.decimal) for cells in columns)

    def distinct(self, column: int) -> int:
        """How many different cells a column holds."""
        return len({row.cells[column] for row in self.rows if row.cells[column]})

    def proposed_roles(self) -> tuple[str, ...]:
        """The last column is the target; numbers before it are inputs.

        Words are ignored, and so is what only counts the rows, unless there is nothing else. Where
        there are only words all are inputs, so that each cell is told why it cannot be one.
        """
        numbers = list(self.numeric[:-1])
        telling = [fit and not self._counts_rows(i) for i, fit in enumerate(numbers)]
        chosen = next((some for some in (telling, numbers) if any(some)), [True] * len(numbers))
        return (*("input" if one else "ignore" for one in chosen), "target")

    def _counts_rows(self, column: int) -> bool:
        cells = [row.cells[column] for row in self.rows]
        if self.names[column] == str(column + 1):  # without a name, as pandas writes its index
            counts = [str(i) for i in range(len(cells) + 1)]
            return self.header and cells in (counts[:-1], counts[1:])
        return self.names[column].casefold() in _ROW_NUMBERS and len(set(cells)) == len(cells)

    def place(self, column: int) -> str:
        """A column as errors name it: its number, and its name if it has one."""
        return f"{column + 1} ({self.names[column]})" if self.header else str(column + 1)


def _as_number(cell: str, decimal: str) -> float | None:
    text = cell.replace("\N{MINUS SIGN}", "-")
    if decimal == ",":
        # A point beside decimal commas would be a thousands sign, and those are not read.
        if "." in text:
            return None
        text = text.replace(",", ".", 1)
    return float(text) if _NUMBER.fullmatch(text) else None


def _mostly_numbers(cells: Sequence[str], decimal: str) -> bool:
    filled = [cell for cell in cells if cell]
    return sum(_as_number(cell, decimal) is not None for cell in filled) * 2 > len(filled)


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, with or without a byte order mark, or UTF-16 with one.

    Raises InvalidTable if it is none of them.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidTable("csv_text", pointer=POINTER) from None
    if "\0" in text:
        raise InvalidTable("csv_text", pointer=POINTER)
    return text


def read_table(text: str, *, delimiter: str = "", header: bool | None = None) -> Table:
    """The table that ``text`` holds: CSV with any line ends; empty lines do not count.

    ``delimiter`` is a name of DELIMITERS, ``header`` says whether the first line names the
    columns; "" and None are for finding it out. Raises InvalidTable, which names lines.
    """
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    if not text.strip():
        raise InvalidTable("csv_empty", pointer=POINTER)
    told, text = _told_separator(text)
    delimiter = delimiter or told or _delimiter_of(text)
    rows = list(_rows(text, DELIMITERS[delimiter]))
    if not rows:
        raise InvalidTable("csv_empty", pointer=POINTER)
    _check_shape(rows)
    decimal = _decimal_of(rows, delimiter)
    if header is None:
        header = _has_header(rows, decimal)
    body = tuple(rows[1:] if header else rows)
    if len(body) > MAX_ROWS:
        raise InvalidTable("csv_rows", pointer=POINTER, count=len(body), limit=MAX_ROWS)
    if len(body) < MIN_ROWS:
        raise InvalidTable("csv_no_rows", pointer=POINTER, count=len(body), minimum=MIN_ROWS)
    cells = _names(rows[0]) if header else [""] * len(rows[0].cells)
    names = tuple(name or str(number) for number, name in enumerate(cells, start=1))
    return Table(names, body, delimiter, decimal, header)


def _told_separator(text: str) -> tuple[str, str]:
    """What the first line says that delimits columns, or "", and the text with that line empty."""
    found = _SEPARATOR.match(text)
    if found is None:
        return "", text
    for name, sign in DELIMITERS.items():
        if sign == found["sign"]:
            return name, text[found.end() :]
    raise InvalidTable("csv_separator", pointer=POINTER, sign=printable(found["sign"]))


def _rows(text: str, delimiter: str, *, strict: bool = True) -> Iterator[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise InvalidTable("csv_quote", pointer=POINTER, line=line) from None
        if cells is None:
            return
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield TableRow(line, stripped)
        line = reader.line_num + 1


def _delimiter_of(text: str) -> str:
    """What makes the most lines of equal length, of two columns at least.

    A tab or semicolon goes before a comma, which may be a decimal one.
    """
    scores: dict[str, int] = {}
    for name, sign in DELIMITERS.items():
        try:
            sizes = Counter(len(row.cells) for row in _rows(text, sign, strict=False))
        except InvalidTable:
            continue
        columns, lines = max(sizes.items(), key=lambda item: item[1], default=(0, 0))
        scores[name] = lines if columns >= 2 else 0
    best = max(scores, key=lambda name: scores[name], default="")
    if not best or not scores[best]:
        raise InvalidTable("csv_delimiter", pointer=POINTER)
    return best


def _decimal_of(rows: Sequence[TableRow], delimiter: str) -> str:
    if delimiter == "comma":
        return "."
    cells = [cell for row in rows for cell in row.cells]
    commas = sum("," in cell and _COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum("." in cell and _NUMBER.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."


def _has_header(rows: Sequence[TableRow], decimal: str) -> bool:
    """Whether, in every column of numbers, the first line holds none; and there is such one.

    A line alone is a header if it holds no number.
    """
    first, rest = rows[0].cells, rows[1:]
    if not rest:
        return all(_as_number(cell, decimal) is None for cell in first)
    columns = zip(first, *(row.cells for row in rest), strict=True)
    above = [name for name, *cells in columns if _mostly_numbers(cells, decimal)]
    return bool(above) and all(_as_number(name, decimal) is None for name in above)


def _check_shape(rows: Sequence[TableRow]) -> None:
    sizes = Counter(len(row.cells) for row in rows)
    expected = max(sizes, key=lambda size: (sizes[size], size == len(rows[0].cells)))
    first = next(row.line for row in rows if len(row.cells) == expected)
    if expected < 2:
        raise InvalidTable("csv_delimiter", pointer=POINTER)
    if expected > MAX_COLUMNS:
        raise InvalidTable("csv_columns", pointer=POINTER, count=expected, limit=MAX_COLUMNS)
    refuse_all(
        InvalidInput(
            "csv_ragged", pointer=POINTER,
            line=row.line, count=len(row.cells), first=first, expected=expected,
        )
        for row in rows
        if len(row.cells) != expected
    )  # fmt: skip


def _names(header: TableRow) -> list[str]:
    refuse_all(
        InvalidInput("csv_long", pointer=POINTER, line=header.line, column=i, limit=MAX_NAME)
        for i, name in enumerate(header.cells, start=1)
        if len(name) > MAX_NAME
    )
    return [printable(name) for name in header.cells]


def printable(text: str) -> str:
    """``text`` with a sign for each character that a page cannot hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def refuse_all(found: Iterator[InvalidInput]) -> None:
    """Raise the first few errors together, if there are any, with the number of the others."""
    errors = list(found)
    if not errors:
        return
    first, *others = errors[:MOST_ERRORS]
    rest = len(errors) - MOST_ERRORS
    if rest > 0:
        others.append(InvalidInput("csv_more", pointer=POINTER, count=rest))
    raise InvalidTable(first.code, pointer=first.pointer, others=others, **first.values)
