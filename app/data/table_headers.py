"""The lines above a table's rows: names of columns, their groups, their units; or none at all."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from app.data.numbers.gaps import is_gap
from app.data.numbers.like_numbers import is_like_number
from app.data.numbers.number_formats import written_number
from app.data.numbers.written_dates import is_date
from app.data.text.fixed_widths import TableRow

MOST_LINES = 4
_LOOKED_AT = 50
_YEAR = re.compile(r"(1[89]|20|21)[0-9]{2}")
_BRACKETED = re.compile(r"\(.{1,12}\)|\[.{1,12}\]")
_UNIT_WORDS = (
    "mm cm dm m km µm μm nm in ft mi mg g kg t lb oz ms s sec min h d °c c °f k % ‰ ml cl dl l m² "
    "m2 cm² cm2 km² m³ m3 cm³ cm3 pa hpa kpa bar v mv a ma w kw kwh j kj cal kcal hz khz mhz n nm "
    "ω ohm km/h m/s m/s² m/s^2 rpm mol mmol/l mg/dl mg/l µg g/l db lx lm bpm mmhg kg/m² kg/m2 € $ "
    "£ eur usd gbp chf yr years days hours min. sec. units text string label nominal - 1"
)
_UNITS = frozenset(_UNIT_WORDS.split())
_NO_UNITS = {*"ankin-1"} | {"in", "units", "text", "string", "label", "nominal"}
_IN_BRACKETS = re.compile(r".*[(\[]([^()\[\]]+)[)\]]")
_WITH_UNIT = re.compile(r"(.*?)((?: ?[(\[][^()\[\]]+[)\]])?)\Z", re.DOTALL)
_BEHIND = re.compile(r".*[^\W\d_].*?[\s_,.-]([^\s_,-]+)")

_ALIKE = {"EUR": "€", "USD": "$", "GBP": "£", "C": "°C", "F": "°F", "° C": "°C", "° F": "°F"}
"""Ways to write a unit, each with the usual one."""


def unit_of(name: str) -> str:
    """The unit in a column's name, in brackets or known and behind it: weight_kg; "" for none."""
    if found := _IN_BRACKETS.fullmatch(name):
        return found[1].strip()
    found = _BEHIND.fullmatch(name)
    return found[1] if found and found[1].casefold() in _UNITS - _NO_UNITS else ""


def is_same_unit(one: str, other: str) -> bool:
    """Whether two units are one, as € and EUR are."""
    return _ALIKE.get(one, one) == _ALIKE.get(other, other)


class Heading(NamedTuple):
    """The names above the rows, and how many lines they take.

    ``sure`` is False where the first line may as well be data.
    """

    names: tuple[str, ...]
    lines: int
    sure: bool = True


def heading_of(rows: Sequence[TableRow], told: bool | None) -> Heading:
    """What stands above the rows; ``told`` says whether the first line does, None to find out."""
    lines, sure = _count(rows)
    if told is not None:
        lines, sure = max(lines, 1) if told else 0, True
    cells = [row.cells for row in rows[:lines]]
    blank = ("",) * len(rows[0].cells)
    return Heading(_joined(cells) if cells else blank, lines, sure)


def _count(rows: Sequence[TableRow]) -> tuple[int, bool]:
    """How many lines hold no number where the rows below do, and whether that is sure."""
    if len(rows) == 1:
        return (0, True) if any(map(written_number, rows[0].cells)) else (1, True)
    counted = False
    for lines in range(min(MOST_LINES, len(rows) - 1) + 1):
        below = rows[lines:]
        kinds = {i: kind for i in range(len(rows[0].cells)) if (kind := _kind_below(below, i))}
        above = [
            (c, k) for i, k in kinds.items() if not is_gap(c := below[0].cells[i], numbers=True)
        ]
        if counted and not kinds:
            return lines, True  # what follows holds as many names as rows
        counted = counted or bool(kinds)
        words = [cell for cell, kind in above if not _is_of(cell, kind)]
        if len(words) == len(above) and any(not is_gap(c, numbers=True) for c in below[0].cells):
            continue  # a line without any number stands above the rows
        if lines and _years_below(rows, lines):
            return lines + 1, True
        if not lines and _years_above(rows):
            continue
        if lines or not above:
            return lines, True
        if words:
            return 1, False
        numbers = [i for i, kind in kinds.items() if kind == "number"]
        first = [cell for cell, kind in above if kind == "number"]
        return _of_numbers(
            below[0].cells, first, [[r.cells[i] for i in numbers] for r in below[1:]]
        )
    return _of_words(rows)


def _years_below(rows: Sequence[TableRow], lines: int) -> bool:
    """Whether years stand below names that are joined over several columns."""
    if "" not in rows[lines - 1].cells[1:] or len(rows) < lines + 2:
        return False
    years = [cell for cell in rows[lines].cells if cell]
    return all(map(_YEAR.fullmatch, years)) and not all(
        cell == "" or _YEAR.fullmatch(cell) for cell in rows[lines + 1].cells
    )


def _years_above(rows: Sequence[TableRow]) -> bool:
    """Whether years that are joined over several columns stand above a line of names."""
    years, names = rows[0].cells, rows[1].cells if len(rows) > 2 else ()
    told = all(cell == "" or _YEAR.fullmatch(cell) for cell in years) and "" in years[1:]
    return told and all(names) and not any(map(written_number, names))


def _kind_below(rows: Sequence[TableRow], column: int) -> str:
    """What most cells of a column are, "" for words."""
    cells = [c for row in rows[:_LOOKED_AT] if not is_gap(c := row.cells[column], numbers=True)]
    # The first of two rows may be a header: then the second alone says what the column holds.
    kinds = Counter(map(_kind, cells[1:] or cells))
    half = kinds.total() / 2
    if kinds["number"] > half or kinds.total() - kinds[""] <= half:
        return "number" if kinds["number"] > half else ""
    return max(("date", "like"), key=lambda kind: kinds[kind])


def _is_of(cell: str, kind: str) -> bool:
    """Whether a cell is what its column holds, as names are not."""
    found = _kind(cell)
    return found == kind or (kind == "like" and found == "number")


def _kind(cell: str) -> str:
    """What a cell is: a number, a date, what looks like a number, or "" for words."""
    if written_number(cell):
        return "number"
    if is_date(cell):
        return "date"
    return "like" if is_like_number(cell) else ""


def _of_numbers(
    first: Sequence[str], above: Sequence[str], below: Sequence[Sequence[str]]
) -> tuple[int, bool]:
    """Names that are numbers: pandas counts columns from 0, and years stand above values."""
    counted = list(above) == [str(i) for i in range(len(above))] and len(above) > 1
    from_one = list(above) == [str(i + 1) for i in range(len(above))] and len(above) > 2
    if from_one and not all(cell.isdecimal() for row in below for cell in row):
        return 1, False
    if counted and not first[0]:
        return 1, True
    years = len(set(above)) == len(above) > 0 and all(map(_YEAR.fullmatch, above))
    years = years and (len(above) > 1 or not written_number(first[0]))
    if years and not any(all(map(_YEAR.fullmatch, row)) for row in below):
        # No year has decimals: such columns hold something else.
        columns = zip(*below, strict=True)
        return 1, len(above) > 1 and all(not all(map(str.isdecimal, c)) for c in columns)
    return (1, False) if counted and len(above) > 2 else (0, True)


def _of_words(rows: Sequence[TableRow]) -> tuple[int, bool]:
    """Where all columns hold words: names are unlike everything below them, which recurs."""
    columns = list(zip(*(row.cells for row in rows), strict=True))
    alone = all(column[0] not in column[1:] for column in columns)
    recurs = [len(set(column[1:])) < len(column[1:]) for column in columns]
    return (1, all(recurs)) if alone and any(recurs) else (0, True)


def named_apart(names: Sequence[str], most: int) -> list[str]:
    """The names, of equal ones the later with a number before their unit, as pandas has it: x.1.

    None has more than ``most`` characters.
    """
    found: list[str] = []
    for name in names:
        one, number, (stem, unit) = name, 0, _WITH_UNIT.findall(name)[0]
        while name and (one in found or (number and one in names)):
            number += 1
            end = f".{number}{unit}"
            one = stem[: most - len(end)] + end
        found.append(one)
    return found


def _joined(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names that several lines give: groups before names, and units in brackets behind them."""
    units: Sequence[str] = ()
    if len(lines) > 1 and _is_units(lines[-1]):
        *lines, units = lines
    # A title above the first column is about all of them.
    groups = [line for line in lines[:-1] if any(line[1:])]
    if sum(len({*line}) == len(line) for line in groups) > 1 and "" not in lines[-1]:
        groups = []  # facts about the table, a line each
    filled = [_spread(line) for line in groups] + list(lines[-1:])
    names = [
        " ".join(dict.fromkeys(part for part in parts if part))
        for parts in zip(*filled, strict=True)
    ]
    for i, unit in enumerate(units):
        bare = unit.strip("()[] ")
        if bare and bare not in ("-", "1"):
            names[i] = f"{names[i]} ({bare})".strip()
    return tuple(names)


def _is_units(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(
        cell.casefold() in _UNITS or _BRACKETED.fullmatch(cell) for cell in filled
    )


def _spread(cells: Sequence[str]) -> list[str]:
    """A line of groups, each over the columns up to the next, as cells that were joined."""
    found: list[str] = []
    for cell in cells:
        found.append(cell or (found[-1] if found else ""))
    return found
