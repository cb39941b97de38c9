"""Tables that people bring along: text read into columns; ``csv_samples`` makes samples of them.

``dialects`` splits the text, ``table_headers`` tells names from rows, ``number_formats`` reads
numbers. Whatever they find may be told instead. What can be read in two ways is a question of the
table, and no samples are made before it is answered.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.data.column_roles import ignored_columns, proposed_roles
from app.data.data_columns import DataColumn, columns_of
from app.data.dates import DURATIONS
from app.data.numbers.number_formats import SIGNS, written_number
from app.data.table_headers import heading_of, named_apart
from app.data.table_rows import squared
from app.data.table_totals import ends_with_total, subtotals
from app.data.text.cut_names import cut_name
from app.data.text.dialects import split_text
from app.data.text.encodings import POINTER
from app.data.text.fixed_widths import TableRow
from app.data.text.refusals import printable
from app.data.text.single_blanks import refuse_open_commas
from app.data.turned_tables import maybe_turned, turned
from app.errors import InvalidTable

MAX_ROWS, MAX_NAME = 5_000, 60
MIN_ROWS = 1


@dataclass(frozen=True)
class Table:
    """A table whose rows, below the header if there was one, have the same number of cells.

    Columns without a name are numbered, those of one name told apart. ``delimiter`` is a name of
    DELIMITERS, ``decimal`` the sign "." or "," of most columns. ``comments`` are lines that were
    left out; ``open_header`` is the first line where it may be names or data, 0 if that is sure;
    ``open_blanks`` are a line and a number in it whose blanks may separate columns; ``open_total``
    is the last line where it may be the total of the others, else 0, and ``open_subtotals`` are
    lines that may be subtotals. ``factor`` is what MATLAB printed above the numbers, which are
    multiplied by it.
    ``lines`` are those of the columns where a row was a column of the text, whose number is its
    line; ``open_turn``: it may have been one.
    """

    columns: tuple[DataColumn, ...]
    rows: tuple[TableRow, ...]
    delimiter: str
    decimal: str
    header: bool
    comments: tuple[int, ...] = ()
    open_header: int = 0
    open_blanks: tuple[int, str] | tuple[()] = ()
    open_total: int = 0
    open_subtotals: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    open_turn: bool = False
    factor: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it is one of numbers: most of what it holds are some."""
        return tuple(column.holds == "numbers" for column in self.columns)

    def head(self, rows: int) -> "Table":
        """The table as far as its first ``rows``; its columns hold what they held."""
        columns = tuple(column.head(rows) for column in self.columns)
        return replace(self, columns=columns, rows=self.rows[:rows])

    def distinct(self, column: int) -> int:
        """How many different cells a column holds."""
        return len({cell for cell in self.columns[column].cells if cell})

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """For each column why it is not used unless asked for: see ``ignored_columns``."""
        return ignored_columns(self.columns, header=self.header)

    def proposed_roles(self) -> tuple[str, ...]:
        """What each column is used as unless told: see ``proposed_roles`` of ``column_roles``."""
        return proposed_roles(self.columns, self.ignored)

    def place(self, column: int) -> str:
        """A column as errors name it: its number, and its name if it has one."""
        return f"{column + 1} ({self.names[column]})" if self.header else str(column + 1)

    def spot(self, line: int, column: int) -> dict[str, Any]:
        """A cell as errors name it: its line, its column's place, and its number from 1."""
        if self.lines:
            return {"line": self.lines[column], "column": str(line), "index": column + 1}
        return {"line": line, "column": self.place(column), "index": column + 1}


def read_table(
    text: str, *, delimiter: str = "", header: bool | None = None, decimal: str = "",
    omit: Sequence[int] = (), literals: str | Sequence[str] = "", dates: str = "",
    commas: Sequence[int] = (), total: bool | None = None, missing: Sequence[str] = (),
    transposed: bool | None = None, pivot: int = 0,
) -> Table:  # fmt: skip
    """The table that ``text`` holds, with any line ends; empty lines do not count.

    ``delimiter`` is a name of DELIMITERS, ``header`` says whether the first line names the
    columns, ``decimal`` is the decimal sign wherever a column has two readings, or EACH; the lines
    ``omit`` are left out, ``literals`` says what cells such as 01234 and 1/2 are, one of LITERALS
    for all columns or for each, and ``dates`` what stands first in 1/2/2024, one of ORDERS;
    ``pivot`` is the last year that two figures mean, 0 to find out. ``commas`` counts the
    columns, from 1, with decimal commas between commas that separate, as in 1,5,2. ``total`` says
    whether a last row that looks like the total of the others is one, and is left out. Cells such
    as those in ``missing`` stand for no value. ``transposed`` says whether each column is a sample.
    "" and None are for finding it out. Raises InvalidTable, which names lines.
    """
    split = split_text(text, delimiter, omit)
    if not (delimiter or commas) and split.delimiter == "comma" and header is not True:
        refuse_open_commas(text, split.rows)
    rows = squared(split, commas, transposed=bool(transposed))
    lines = tuple(row.line for row in rows) if transposed else ()
    rows = turned(rows) if transposed else rows
    heading = heading_of(rows, False if split.names else header)
    may_turn = transposed is None and heading.sure and not split.names
    body = _emptied(rows[heading.lines :], missing)
    if len(body) > MAX_ROWS:
        raise InvalidTable("csv_rows", pointer=POINTER, count=len(body), limit=MAX_ROWS)
    if len(body) < MIN_ROWS:
        raise InvalidTable("csv_no_rows", pointer=POINTER, count=len(body), minimum=MIN_ROWS)
    cells = [printable(name) for name in split.names or heading.names]
    apart = named_apart([cut_name(name, MAX_NAME, cells) for name in cells], MAX_NAME)
    names = [name or str(number) for number, name in enumerate(apart, start=1)]
    columns = columns_of(names, body, split, decimal, [""] * len(names), dates, pivot)
    told = _told_literals(columns, literals)
    if any(told):
        columns = columns_of(names, body, split, decimal, told, dates, pivot)
    open_total = 0
    if total is not False and ends_with_total(columns, apart=_ends_apart(body)):
        open_total = body[-1].line if total is None else 0
        if total:
            body = body[:-1]
            columns = columns_of(names, body, split, decimal, told, dates, pivot)
    open_subtotals = () if total is False else tuple(body[at].line for at in subtotals(columns))
    signs = Counter(column.decimal for column in columns if _shows_decimals(column))
    return Table(
        columns, tuple(body), split.delimiter, max(SIGNS, key=lambda sign: signs[sign]),
        bool(heading.lines or split.names), split.comments,
        0 if heading.sure else rows[0].line, split.open_blanks, open_total,
        tuple(line for line in open_subtotals if line != open_total),
        lines, may_turn and not open_total and maybe_turned(columns, rows[: heading.lines]),
        split.factor,
    )  # fmt: skip


def _told_literals(columns: Sequence[DataColumn], literals: str | Sequence[str]) -> list[str]:
    """What the cells of each column were told to be; if all were, only where that is open.

    Times may all be durations.
    """
    if isinstance(literals, str):
        whole = literals in DURATIONS
        return [literals if whole or not one.is_plain else "" for one in columns]
    return [*literals[: len(columns)], *[""] * (len(columns) - len(literals))]


def _emptied(rows: Sequence[TableRow], missing: Sequence[str]) -> Sequence[TableRow]:
    """The rows with nothing in the cells that are one of ``missing``, or the same number."""
    told = {cell.strip() for cell in missing}
    values = {value for cell in told for value in _readings(cell)}
    return [
        TableRow(
            row.line,
            tuple(["" if c in told or values & _readings(c) else c for c in row.cells]),
        )
        for row in rows
    ] if {*told} - {""} else rows  # fmt: skip


def _readings(cell: str) -> set[float]:
    one = written_number(cell)
    return (
        {v for v in (one.point, one.comma) if v is not None} if one and not one.is_open else set()
    )


def _ends_apart(rows: Sequence[TableRow]) -> bool:
    """Whether there are lines between the last row and the one above it that hold nothing."""
    *_, above, last = (rows[0], *rows)
    return last.line - above.line > 1 + sum(cell.count("\n") for cell in above.cells)


def _shows_decimals(column: DataColumn) -> bool:
    shown = column.decimal in SIGNS and any(column.decimal in cell for cell in column.cells)
    return column.holds == "numbers" and shown
