"""A table's columns: what their cells hold, and by which signs these are read."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.data.dates import (
    DURATIONS,
    are_months,
    has_dates,
    maybe_dates,
    maybe_ratios,
    numbers_of,
    orders_of,
    told_order,
)
from app.data.numbers.gaps import is_gap
from app.data.numbers.like_numbers import (
    begins_with_figure,
    is_like_number,
    is_season,
    number_in_front,
    scaled_numbers,
    season_years,
)
from app.data.numbers.number_columns import NumberColumn, number_column
from app.data.numbers.number_formats import EACH, written_number
from app.data.numbers.sentinels import sentinels_of
from app.data.numbers.written_dates import DATES, ORDERS, is_date, is_time
from app.data.text.dialects import BLANKS, SplitText
from app.data.text.fixed_widths import TableRow
from app.data.text.printouts import CUT

LEADING, SCALED = "leading", "scaled"
LITERALS = ("numbers", "words", *DURATIONS, DATES, LEADING, SCALED)
"""What cells may be told to be: of 1.5 (0.2) the LEADING number is read, of SCALED 1.5k 1500."""
_READ = {LEADING: number_in_front, SCALED: scaled_numbers}
_RANGE, _MOST_RANGES = re.compile("[<>≤≥]"), 3


@dataclass(frozen=True)
class DataColumn:
    """A column's cells and what they hold: "numbers", "words", "dates" or "empty".

    ``decimal`` is its decimal sign, EACH if each cell shows its own; ``example`` a cell that reads
    as two numbers while nobody has said which, "" if there is none. ``mixes`` and ``literal``: the
    cells say in two ways how they are written, or whether they are numbers, and nobody said which.
    Of words, ``literal`` is one that looks like a number, as most of them do; of times, one such
    as 1:20, which may be a ratio. ``order`` is what stands first in dates such as 1/2/2024, one of
    ORDERS, as told or as their cells tell; of times it is one of DURATIONS if somebody said that
    they are some, and of months DATES. ``pivot`` is the last year that two figures mean, 0 while
    nobody has said.
    ``sentinels`` are numbers such as -999 that may stand for no value, while nobody has said.
    ``nominal``: the text itself says that it holds labels, and which (Weka's ARFF).
    """

    name: str
    cells: tuple[str, ...]
    holds: str
    decimal: str
    example: str
    written: NumberColumn
    mixes: bool = False
    literal: str = ""
    order: str = ""
    pivot: int = 0
    sentinels: tuple[str, ...] = ()
    nominal: bool = False

    def head(self, cells: int) -> "DataColumn":
        """The column with its first ``cells`` alone; what it holds was said of all."""
        written = replace(self.written, written=self.written.written[:cells])
        return replace(self, cells=self.cells[:cells], written=written)

    @property
    def is_numeric(self) -> bool:
        """Whether its cells have values: numbers, or dates."""
        return self.holds in ("numbers", "dates")

    @property
    def is_plain(self) -> bool:
        """Whether each cell has one value, or is a gap, and nothing is asked about them."""
        known = zip(self.values, self.gaps, strict=True)
        asked = self.literal or self.sentinels or self.mixes or self.example
        return self.is_numeric and not asked and all(v is not None or gap for v, gap in known)

    @cached_property
    def is_clock(self) -> bool:
        """Whether it holds times without dates, though some may be none, such as 25:15."""
        told = self.order in (DATES, *ORDERS) and has_dates(self.cells, self.order)
        return self.holds == "dates" and not (
            told or any(is_date(cell) and not is_time(cell) for cell in self.cells)
        )

    @property
    def unit(self) -> str:
        """What stands beside its numbers: per cent or per mille, a unit or a currency; or ""."""
        if self.holds != "numbers" or not self.written.percent:
            return self.written.currency if self.holds == "numbers" else ""
        return "‰" if any("‰" in cell for cell in self.cells) else "%"

    @property
    def is_cut(self) -> bool:
        """Whether it stands for columns that a program did not print: "..." in every row."""
        return self.holds == "empty" and {*self.cells} <= CUT

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
            return numbers_of(self.cells, self.order, self.pivot)
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
    names: Sequence[str],
    rows: Sequence[TableRow],
    split: SplitText,
    decimal: str,
    literals: Sequence[str],
    dates: str,
    pivot: int,
) -> tuple[DataColumn, ...]:
    """Every column, by its own decimal sign, else by the one that the others tell, else as told.

    ``literals`` says of each column what cells are that may be numbers or not, "" for nothing.
    """
    every = zip(*(row.cells for row in rows), strict=True)
    cells = [_READ.get(told, tuple)(column) for column, told in zip(every, literals, strict=True)]
    written = [number_column(column) for column in cells]
    kinds = [
        "words" if i in split.labels else _holds(column, numbers, told)
        for i, (column, numbers, told) in enumerate(zip(cells, written, literals, strict=True))
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
    unproven = set[str]() if told or usual != "," else _unproven(cells, written)
    found = [
        _column(
            name, column, kind, one,
            told if one.disagrees else sign or ("" if one.example in unproven else usual),
            _told(one, decimal), "words" if i in split.labels else literals[i], dates,
            pointed="," in signs and sign == ".",
        )
        for i, (name, column, kind, sign, one) in enumerate(
            zip(names, cells, kinds, certain, written, strict=True)
        )
    ]  # fmt: skip
    found = [
        replace(one, nominal=i in split.labels, order=_unit(one, literals[i]), pivot=pivot)
        for i, one in enumerate(found)
    ]
    return _with_sentinels(found, literals)


def _unit(column: DataColumn, told: str) -> str:
    """The order of a column's dates, or what its times or months were ``told`` to be."""
    if told == DATES and column.holds == "dates":
        order = told_order(_filled(column.cells)) or told
        return column.order if order in ORDERS else order
    return told if told in DURATIONS and column.is_clock else column.order


def _filled(cells: Sequence[str]) -> list[str]:
    """The different cells that stand for some value."""
    return [cell for cell in dict.fromkeys(cells) if not is_gap(cell, numbers=True)]


def _with_sentinels(
    columns: Sequence[DataColumn], literals: Sequence[str]
) -> tuple[DataColumn, ...]:
    numbers = [
        {cell: v for cell, v in zip(one.cells, one.values, strict=True) if v is not None}
        if one.holds == "numbers"
        else {}
        for one in columns
    ]
    found = sentinels_of(numbers, [Counter(one.cells) for one in columns])
    return tuple(
        replace(one, sentinels=sentinels) if sentinels and told != "numbers" else one
        for one, sentinels, told in zip(columns, found, literals, strict=True)
    )


def _told(column: NumberColumn, decimal: str) -> str:
    """What counts before the sign that most cells of a column have, "" for nothing."""
    if column.doubt:
        return "" if decimal == EACH else decimal
    return decimal if column.mixed and (decimal == EACH or not column.certain) else ""


def _column(
    name: str, cells: tuple[str, ...], holds: str, written: NumberColumn, sign: str, told: str,
    literals: str, dates: str, *, pointed: bool,
) -> DataColumn:  # fmt: skip
    """A column that is written by ``sign``, "" if that is open; ``told`` counts before it.

    ``pointed``: it has points where others have decimal commas.
    """
    numbers = holds == "numbers"
    open_ = "" if told else written.doubt or ("" if sign or written.mixed else written.example)
    orders = orders_of(cells) if holds == "dates" else ()
    return DataColumn(
        name, cells, holds, told or sign or ".",
        open_ if numbers else "", written,
        mixes=numbers and bool(written.mixed) and not (told or written.certain),
        literal=_literal(name, cells, holds, written, literals, pointed=pointed),
        order=orders[0] if len(orders) == 1 else dates if dates in orders else "",
    )  # fmt: skip


def _literal(
    name: str, cells: Sequence[str], holds: str, written: NumberColumn, literals: str, *,
    pointed: bool,
) -> str:  # fmt: skip
    """A cell that may be a number or else, "" if there is none or somebody said what it is."""
    known = _filled(cells)
    if not literals and season_years(known):
        return next(filter(is_season, known))
    if holds == "dates":
        asked = not literals and maybe_ratios(known, name)
        return next(cell for cell in known if cell[1] == ":") if asked else ""
    if holds != "words":
        open_ = holds == "numbers" and literals not in ("numbers", "words", *_READ)
        dates = open_ and maybe_dates(known, name, pointed=pointed)
        return (known[0] if dates else written.literal) if open_ else ""
    like = [*filter(is_like_number, known)]
    if len(known) == len(cells) and all(map(begins_with_figure, known)):
        like = known  # 48.5° N: no two are one word
    if len(known) <= _MOST_RANGES and len(known) < len(cells) and all(map(_RANGE.match, known)):
        return ""  # classes such as <=50K and >50K
    return like[0] if literals != "words" and len(like) * 2 > len(known) else ""


def _certain(column: NumberColumn, *, unquoted: bool) -> str:
    """The decimal sign that a column's own cells tell.

    Where commas or blanks separate columns, a point that is no other sign's is decimal: nobody
    writes thousands with points there.
    """
    if not column.certain and unquoted and column.example and "," not in column.example:
        return "."
    return column.certain


def _unproven(cells: Sequence[Sequence[str]], written: Sequence[NumberColumn]) -> set[str]:
    """The examples such as 2.125 of columns that no decimal comma elsewhere tells to be thousands.

    Amounts of money are; none if a number somewhere has points that can only be of thousands.
    """
    asked = {
        one.example
        for one in written
        if one.example and "," not in one.example and not one.is_money
    }
    proven = asked and any(
        one and one.point is None and "." in cell
        for column, numbers in zip(cells, written, strict=True)
        for cell, one in zip(column, numbers.written, strict=True)
    )
    return set() if proven else asked


def _holds(cells: Sequence[str], written: NumberColumn, literals: str) -> str:
    counts = Counter(cells)
    filled = {cell: times for cell, times in counts.items() if not is_gap(cell, numbers=True)}
    total = sum(filled.values())
    if not filled:
        return "empty"
    if are_months(filled) if not literals else literals == DATES and told_order(filled):
        return "dates"
    if written.found * 2 > total:
        others = {cell for cell in filled if not written_number(cell)}
        recur = len(others) < sum(filled[cell] for cell in others)  # as 5more among 2, 3, 4
        return "words" if (written.literal or recur) and literals == "words" else "numbers"
    if written.found * 2 == total and literals != "words":
        return "numbers"
    dates = [cell for cell in filled if is_date(cell)]
    if sum(filled[cell] for cell in dates) * 2 <= total:
        return "words"
    # Those without a year, and seasons, are words, if somebody says so.
    open_ = bool(season_years(filled)) or not (orders_of(dates) or has_dates(dates))
    return "words" if open_ and literals == "words" else "dates"
