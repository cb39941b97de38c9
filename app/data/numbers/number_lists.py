"""Lists and matrices as people write them: each entry is read as a number, or refused by its name.

What is plainly no entry is taken out first: names, calls and their options, LaTeX's commands. All
that is left is entries and what separates them, so that none is passed over. Where commas have two
readings, each is tried.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.data.numbers.bare_lists import ROW_END, BareRows, bare_rows
from app.data.numbers.number_formats import FRACTION, MIDDLE_DOT, written_number
from app.data.numbers.scripts import plain_fractions
from app.data.numbers.typed_numbers import typed_numbers
from app.errors import InvalidInput

_MOST_ECHOED, _LONGEST = 20, 400
_TIGHT = re.compile(r"\d,\d")
_DRESS = re.compile(rf"^ *\(|- *$|{MIDDLE_DOT.pattern}")
_LOOSE_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_SUFFIX = re.compile(r"(?<=[\d.])[fFL]$")
_PLAIN = re.compile(r"[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?", re.ASCII)
_USUAL = re.compile(r"[+-]?\d{1,20}+(?:\.\d{1,20}+)?", re.ASCII)
"""What most entries are: read at once, as a table in brackets has 320,000."""
_FRACTION = re.compile(r"[+-]?\d++/\d++", re.ASCII)
_SIGNED = re.compile(r"[-+] [.\d]\S*+")
_MIXED = re.compile(r"[-+]?[1-9]\d* (?:\d+/\d+|[¼-¾⅐-⅞])", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+", re.ASCII)
_PAIRS = re.compile(r"[-+]?(?:0|[1-9]\d*+),\d++(?:,[-+]?(?:0|[1-9]\d*+),\d++)++", re.ASCII)
_PAIR = re.compile(r"(,[^,]+),")
_ODD = re.compile(r"[-+]?(?:0|[1-9]\d*+),\d++(?:,[-+]?(?:0|[1-9]\d*+),\d++)*,[-+]?\d++", re.ASCII)
_NO_WHOLE = re.compile(r"-0|[-+]?0\d+", re.ASCII)
"""What is a part of a decimal number, and no entry of a list of whole ones: -0, and 05."""
_FACTOR = re.compile(
    rf"(?:^|[={ROW_END}])[^\S\n]*+(?:(1\.0++e[-+]?\d++) ?\*|"
    rf"([-+]?[\d.,]++(?:e[-+]?\d++)?) ?[*·×]\s*+[\[({{{ROW_END}])",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
"""A number that the whole matrix behind it is to be multiplied by, as MATLAB prints it."""
_HEADING = re.compile(r"[^\W\d_]{1,5}_?\d{1,3}")
APART, GROUPED, DECIMAL, EITHER = "apart", "grouped", "decimal", "either"
TOLD, COMMAS = "told", "commas"
_READINGS = {APART: ".", DECIMAL: ",", GROUPED: ".", EITHER: ""}
"""What commas between digits may do: separate, be decimal signs, group thousands, or be decimal
signs beside points that are. To each reading the decimal sign."""


class ListEntry(NamedTuple):
    """An entry as it is written, the name that it is given or "", and its number, "" for none."""

    cell: str
    label: str
    number: str


class NumberRows(NamedTuple):
    """The rows of a list or matrix, each number with a decimal point, and ``decimal_commas``.

    ``labels`` are the names that all numbers are given, in their order; () if not all have one.
    ``row_names`` and ``column_names`` are what stands beside rows and above columns, or ().
    ``paired`` is what a list such as 1,5,2 is if its commas are decimal ones as far as they go:
    1.5 2; "" for others. Where as many numbers are wanted as it has without, nobody means that.
    ``factor`` is what MATLAB printed above them, which they were multiplied by; "" for none.
    """

    rows: list[list[str]]
    labels: tuple[str, ...] = ()
    decimal_commas: bool = False
    row_names: tuple[str, ...] = ()
    column_names: tuple[str, ...] = ()
    paired: str = ""
    factor: str = ""

    @property
    def told(self) -> str:
        """The rows in a line that is read as they are."""
        blanks = "; ".join(map(" ".join, self.rows))
        return "; ".join(map(", ".join, self.rows)) if typed_numbers(blanks) else blanks

    def refuse_ragged(self, pointer: str) -> None:
        """Raise InvalidInput if rows differ in length, unless each number is named."""
        expected = len(self.rows[0]) if self.rows else 0
        odd = next((at for at, row in enumerate(self.rows) if len(row) != expected), None)
        if odd is not None and not self.labels:
            count = len(self.rows[odd])
            raise InvalidInput(
                "list_ragged", pointer=pointer, row=odd + 1, count=count, expected=expected
            )


@dataclass(frozen=True)
class ListReading:
    """The entries of a text by one of ``_READINGS``, which is its ``name``.

    ``column_names`` stand above them, () for none.
    """

    name: str
    entries: Sequence[Sequence[ListEntry]]
    column_names: tuple[str, ...] = ()

    @cached_property
    def unread(self) -> int:
        """How many characters are in entries that are no numbers."""
        flat = (one for row in self.entries for one in row)
        return sum(max(len(one.cell), 1) for one in flat if not one.number)

    @property
    def is_decimal_list(self) -> bool:
        """Whether commas separate numbers that all have a decimal comma: 0,15, 0,2."""
        numbers = [one for row in self.entries for one in row if one.number]
        return any(len(row) > 1 for row in self.entries) and all("," in n.cell for n in numbers)

    @property
    def is_no_whole(self) -> bool:
        """Whether an entry shows that commas do not separate: 01 in 0,01, or the -0 in -0,5."""
        return any(_NO_WHOLE.fullmatch(one.cell) for row in self.entries for one in row)

    @property
    def rows(self) -> NumberRows:
        """The numbers."""
        labels = tuple(one.label for row in self.entries for one in row)
        rows = [[one.number for one in row] for row in self.entries]
        commas = self.name in (DECIMAL, EITHER)
        beside = tuple(row[0].label for row in self.entries if row)
        return NumberRows(
            rows, labels if all(labels) else (), commas,
            beside if all(beside) else (), self.column_names,
        )  # fmt: skip

    def refuse(self, pointer: str) -> None:
        """Raise InvalidInput for the first entry that is no number, or has a name out of place."""
        named = [(at, i) for at, row in enumerate(self.entries) for i, one in enumerate(row)
                 if one.label]  # fmt: skip
        every = len(named) == sum(map(len, self.entries))
        heads = all(i == 0 for _, i in named) and len(named) == len(self.entries)
        out_of_place = {*()} if every or heads else {*named} - {(0, 0)}
        for at, row in enumerate(self.entries):
            for i, one in enumerate(row):
                if one.number and (at, i) not in out_of_place:
                    continue
                cell = f"{one.label} = {one.cell}" if (at, i) in out_of_place else one.cell
                raise unreadable(cell, pointer, at + 1, i + 1)


def number_by(text: str, decimal: str) -> float | None:
    """The number that a text is if ``decimal`` is its decimal sign, as in ``WrittenNumber.value``.

    Fractions are numbers. None if it is none, not finite, or may be a product: 2·3.
    """
    whole, given = written_number(text.strip()), text
    text = plain_fractions(given)
    above, slash, below = text.partition("/")
    if not slash or {*below} & {*"/%‰"} or (whole and (whole.kind == FRACTION or text != given)):
        is_bare = whole and not whole.currency and not _DRESS.search(text)
        value = whole.value(decimal) if whole and is_bare else None
    else:
        over, under = number_by(above, decimal), number_by(below, decimal)
        value = None if over is None or not under else over / under
    return value if value is not None and math.isfinite(value) else None


def number_rows(text: str, pointer: str, decimal: str = "") -> NumberRows:
    """The rows of a list or matrix, as NumPy, R, MATLAB, LaTeX, a spreadsheet or people write it.

    Raises InvalidInput about the field ``pointer``: a factor before all of them, the first entry
    that is no number or is left out, more than one list or matrix, or commas with two readings.
    These have one where ``decimal`` tells the decimal sign. Rows may differ in length.
    """
    if factor := _FACTOR.search(text):
        raise InvalidInput("list_scaled", pointer=pointer, factor=factor[1] or factor[2])
    bare = bare_rows(text)
    if bare.stray:
        raise unreadable(bare.stray, pointer, len(bare.rows) + 1, 1)
    if bare.several:
        raise InvalidInput("list_several", pointer=pointer)
    tight = [row for row in bare.rows if _TIGHT.search(row)]
    names = [TOLD] if decimal else [*_READINGS] if tight else [APART]
    if any("\t" in row for row in tight):
        names = [name for name in names if name != APART]
    found = [_reading(name, bare, decimal) for name in names]
    best = min(one.unread for one in found)
    left = {one.name: one for one in found if one.unread == best}
    chosen = _chosen(left, bare)
    chosen[0].refuse(pointer)
    first, *others = (one.rows for one in chosen)
    if others and others[0].rows != first.rows:
        raise InvalidInput(
            "open_list", pointer=pointer, point=first.told, apart=others[0].told,
            point_reading=COMMAS if first.decimal_commas else "",
            apart_reading=COMMAS if others[0].decimal_commas else "",
        )  # fmt: skip
    row = bare.rows[0].rstrip(", ") if len(bare.rows) == 1 and not bare.bracketed else ""
    paired = _PAIR.sub(r"\1 ", row).replace(",", ".") if _ODD.fullmatch(row) else ""
    return first._replace(paired=paired)


def unreadable(cell: str, pointer: str, row: int, place: int) -> InvalidInput:
    """What is said of an entry that is no number, or is left out."""
    shown = cell if len(cell) <= _MOST_ECHOED else cell[:_MOST_ECHOED] + "…"
    code = "list_entry" if shown else "list_gap"
    return InvalidInput(code, pointer=pointer, cell=shown, row=row, place=place)


def _chosen(left: Mapping[str, ListReading], bare: BareRows) -> list[ListReading]:
    """The reading that holds, or two that are equally good.

    Commas are decimal ones where other commas separate and all numbers have one, or where an entry
    would be no whole number. In brackets, as code has them, they else separate, unless semicolons
    do.
    """
    apart, decimal = left.get(APART), left.get(DECIMAL)
    inside = [left[name] for name in (DECIMAL, GROUPED, EITHER) if name in left]
    if not inside:
        return [*left.values()]
    if apart is None:
        return _differing(inside)
    pairs = any(map(_PAIRS.fullmatch, bare.rows))
    listed = decimal and decimal.is_decimal_list and not bare.lists
    if decimal and not pairs and (listed or apart.is_no_whole):
        return _differing(inside)
    odd = len({*map(len, apart.entries)}) > 1
    asked = decimal and (apart.is_no_whole if pairs else bare.parted)
    if (bare.bracketed and not asked) or not (decimal or GROUPED in left or odd):
        return [apart]
    column = GROUPED in left and all(len(row) == 1 for row in inside[0].entries)
    return _differing(inside) if column else [inside[0], apart]


def _differing(readings: Sequence[ListReading]) -> list[ListReading]:
    """The first reading, and the next one that gives other numbers."""
    first, *others = readings
    return [first, *[one for one in others if one.rows.rows != first.rows.rows][:1]]


def _reading(name: str, bare: BareRows, decimal: str) -> ListReading:
    rows = bare.rows if name == APART else bare.lists or bare.rows
    if name == DECIMAL:
        rows = [_PAIR.sub(r"\1, ", row) if _PAIRS.fullmatch(row) else row for row in rows]
    split = [_cells(row, apart=name == APART) for row in rows]
    while split and all(len(cells) > 1 and not cells[-1] for cells in split):
        for cells in split:
            cells.pop()
    above = _column_names(split)
    split = split[bool(above) :]
    lengths = [*map(len, split)]
    if bare.wraps and len({*lengths[:-1]}) == 1 and lengths[-1] < lengths[0]:
        split = [[cell for cells in split for cell in cells]]
    signs = (decimal, ".") if decimal else (_READINGS[name],)
    entries = [[_entry(cell, signs) for cell in cells] for cells in split]
    return ListReading(name, entries, above)


def _column_names(split: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names above columns; what is above those beside rows is none of them."""
    if len(split) < 2:
        return ()
    first, *others = split
    beside = all("=" in cells[0] for cells in others)
    names = first[1:] if beside and len(first) == len(others[0]) + 1 else first
    fits = len(names) == len(others[0]) and all(map(_HEADING.fullmatch, names))
    return tuple(names) if fits else ()


def _cells(row: str, *, apart: bool) -> list[str]:
    """The cells of a row: between tabs if it has any, else between commas and blanks.

    Commas between digits separate alone.
    """
    if "\t" in row:
        return [cell.strip().removesuffix(",").strip() for cell in row.split("\t")]
    parts = [*map(str.strip, row.split(",") if apart else _LOOSE_COMMA.split(row))]
    if apart and _TIGHT.search(row):
        return [part.replace(" ", "  ") for part in parts]
    if len(parts) > 1 and all(" " not in part or _MIXED.fullmatch(part) for part in parts):
        return parts
    return [cell for part in parts for cell in _by_blanks(part, lone=len(parts) == 1)]


def _by_blanks(part: str, *, lone: bool) -> list[str]:
    """The cells of what commas separate, if it is not the only one; no thousands have blanks."""
    if not lone and _SIGNED.fullmatch(part):
        return [part]
    return [part.replace(" ", "  ")] if not lone and _THOUSANDS.fullmatch(part) else part.split(" ")


def _entry(cell: str, signs: Sequence[str]) -> ListEntry:
    """A cell by the first of the decimal ``signs`` that makes it a number; "" is its own."""
    usual = cell.replace(",", ".") if signs[0] == "," and "." not in cell else cell
    if _USUAL.fullmatch(usual) and (signs[0] != "," or "." not in cell):
        return ListEntry(cell, "", usual.removeprefix("+"))
    label, _, rest = cell.rpartition("=")
    written, value = _SUFFIX.sub("", rest), None
    if written and "  " not in written and len(written) <= _LONGEST:
        own = "," if "," in written else "."
        values = (number_by(written, sign or own) for sign in signs)
        value = next((one for one in values if one is not None), None)
    return ListEntry(rest.replace("  ", " "), label, _written(written, value))


def _written(cell: str, value: float | None) -> str:
    """A number with a decimal point, in the digits of its ``cell`` where these can stay."""
    if value is None:
        return ""
    plain = cell.replace(",", ".")
    if _PLAIN.fullmatch(plain) and float(plain) == value:
        return plain.removeprefix("+")
    cell = plain_fractions(cell)
    return cell if _FRACTION.fullmatch(cell) else repr(value).removesuffix(".0")
