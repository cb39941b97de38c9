"""A table's columns: what their cells hold, and by which signs these are read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.data.dates import DATE, numbers_of
from app.data.dialects import BLANKS, SplitText, TableRow
from app.data.number_formats import EACH, NumberColumn, is_gap, number_column


@dataclass(frozen=True)
class DataColumn:
    """A column's cells and what they hold: "numbers", "words", "dates" or "empty".

    ``decimal`` is its decimal sign, EACH if each cell shows its own; ``example`` a cell that reads
    as two numbers while nobody has said which, "" if there is none. ``mixes`` and ``literal``: the
    cells say in two ways how they are written, or whether they are numbers, and nobody said which.
    """

    name: str
    cells: tuple[str, ...]
    holds: str
    decimal: str
    example: str
    written: NumberColumn
    mixes: bool = False
    literal: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether its cells have values: numbers, or dates."""
        return self.holds in ("numbers", "dates")

    @cached_property
    def gaps(self) -> tuple[bool, ...]:
        """For each cell whether it stands for no value."""
        numbers = self.is_numeric
        known = {cell for cell in set(self.cells) if is_gap(cell, numbers=numbers)}
        return tuple([cell in known for cell in self.cells])

    @cached_property
    def values(self) -> tuple[float | None, ...]:
        """For each cell its number, None if it is none."""
        if self.holds == "dates":
            return numbers_of(self.cells)
        return self.written.values(self.decimal)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The different cells, in the order of the table."""
        told = zip(self.cells, self.gaps, strict=True)
        return tuple(dict.fromkeys(cell for cell, gap in told if not gap))

    @property
    def is_whole(self) -> bool:
        """Whether it holds a few whole numbers, which may be labels of classes."""
        known = {v for v in self.values if v is not None}
        few = 2 <= len(known) <= min(10, max(2, len(self.cells) // 2))
        return self.holds == "numbers" and few and all(v.is_integer() for v in known)


def columns_of(
    names: Sequence[str], rows: Sequence[TableRow], split: SplitText, decimal: str, literals: str
) -> tuple[DataColumn, ...]:
    """Every column, by its own decimal sign, else by the one that the others tell, else as told."""
    cells = list(zip(*(row.cells for row in rows), strict=True))
    written = [number_column(column) for column in cells]
    kinds = [
        "words" if i in split.labels else _holds(column, numbers, literals)
        for i, (column, numbers) in enumerate(zip(cells, written, strict=True))
    ]
    unquoted = split.delimiter in ("comma", *BLANKS)
    certain = [_certain(one, unquoted=unquoted) for one in written]
    signs = {
        sign
        for sign, kind, one in zip(certain, kinds, written, strict=True)
        if sign and kind == "numbers" and not one.mixed
    }
    told = "" if decimal == EACH else decimal
    usual = told or (signs.pop() if len(signs) == 1 else "")
    return tuple(
        _column(
            name,
            column,
            kind,
            one,
            told if one.disagrees else sign or usual,
            _told(one, decimal),
            literals,
        )
        for name, column, kind, sign, one in zip(names, cells, kinds, certain, written, strict=True)
    )


def _told(column: NumberColumn, decimal: str) -> str:
    """What counts before the sign that most cells of a column have, "" for nothing."""
    return decimal if column.mixed and (decimal == EACH or not column.certain) else ""


def _column(
    name: str, cells: tuple[str, ...], holds: str, written: NumberColumn, sign: str, told: str,
    literals: str,
) -> DataColumn:  # fmt: skip
    """A column that is written by ``sign``, "" if that is open; ``told`` counts before it."""
    numbers = holds == "numbers"
    return DataColumn(
        name, cells, holds, told or sign or ".",
        "" if not numbers or sign or written.mixed else written.example, written,
        mixes=numbers and bool(written.mixed) and not (told or written.certain),
        literal=written.literal if numbers and not literals else "",
    )  # fmt: skip


def _certain(column: NumberColumn, *, unquoted: bool) -> str:
    """The decimal sign that a column's own cells tell.

    Where commas or blanks separate columns, a point that is no other sign's is decimal: nobody
    writes thousands with points there.
    """
    if not column.certain and unquoted and column.example and "," not in column.example:
        return "."
    return column.certain


def _holds(cells: Sequence[str], written: NumberColumn, literals: str) -> str:
    counts = Counter(cells)
    filled = {cell: times for cell, times in counts.items() if not is_gap(cell, numbers=True)}
    total = sum(filled.values())
    if not filled:
        return "empty"
    if written.found * 2 > total:
        return "words" if written.literal and literals == "words" else "numbers"
    if written.found * 2 == total and literals != "words":
        return "numbers"
    dates = sum(times for cell, times in filled.items() if DATE.fullmatch(cell))
    return "dates" if dates * 2 > total else "words"
