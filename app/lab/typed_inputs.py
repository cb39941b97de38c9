"""What somebody types for a network's inputs, in the units of its table."""

import math
import re
from collections.abc import Iterator, Sequence

from app.data.dates import typed_since
from app.data.numbers.like_numbers import (
    is_scale,
    number_in_front,
    season_years,
    without_scales,
    without_second_years,
)
from app.data.numbers.number_formats import WrittenNumber, written_number
from app.data.numbers.number_lists import number_by
from app.data.numbers.typed_numbers import typed_numbers
from app.data.numbers.whole_matrices import matrix_rows
from app.data.table_headers import is_same_unit, unit_of
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.own_units import POINTER, OwnColumn, inputs_in_table_units, own_columns
from app.lab.typed_cells import by_commas, by_semicolons, divisions, has_units, named_cells

_NO_CELLS = re.compile(r"[\[({\\=]")
"""What lists have around their cells, and a cell has not."""
_BEFORE_SHARE = re.compile(r"(?<=\d)(?:\s+|\\)(?=[%‰])")
_AROUND_SLASH = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
_TWO_YEARS = re.compile(r"(?<![\w.,])(?:1[89]|20)\d\d/\d\d(?:\d\d)?(?![\w.,])")
_BRACKETED = re.compile(r"\(([^()]*\d[^()]*)\)|([^()]*\d ?)-")
"""A list of one, or a slip, or, as in accounts, a number below 0."""
_MEASURED = re.compile(r"[^±\s]*\s*(?:±|\+/-).*|\S+[)\]*†‡]\S*")
"""What has more than a number, of which tables read that in front: 1.5 ± 0.1, 9.81(2)e-3."""
_DASHES = str.maketrans(dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HYPHEN}", "-"))


def typed_inputs(spec: Spec, text: str) -> tuple[float, ...]:
    """The inputs that a text holds, in the table's units: 60, or 60; 1,5 for two, or 60; red.

    Numbers are written as in the table, where it has decimal commas; a unit behind one is left out,
    and so is the second year of a season such as 2003/04.
    Raises InvalidInput if these are not as many as there are inputs, one can be read in two ways or
    not at all, or a word, a date or a unit is none of its column's.
    """
    columns = own_columns(spec)
    text = _plainly(columns, text)
    if named := named_cells(columns, text):
        if [*sorted(named)] != [*range(len(columns))]:
            raise _other_count(columns, len(named))
        text = "; ".join(named[at] for at in sorted(named))
    words = any(column.words or column.zero for column in columns)
    order = spec.data.dates if spec.data else ""
    if not any(column.holds_dates for column in columns):
        text = without_second_years(_AROUND_SLASH.sub("/", text))
        _check_seasons(spec, columns, text)
    divided = [*(divisions(text) if words or has_units(text) else _plain_cells(columns, text))]
    for cells in divided:
        for each in (columns, _one_by_one(columns)):
            if len(cells) == len(each):
                cells = _without_short_years(spec, [cell.strip() for cell in cells])
                return _values_in(each, cells, order)
    if words or has_units(text):
        counts = map(len, divided)
        raise _other_count(columns, next((count for count in counts if count > 1), 1))
    return _listed(spec, columns, text)


def _plain_cells(columns: Sequence[OwnColumn], text: str) -> Iterator[list[str]]:
    """The cells of a text of plain numbers; none where it is for a list's reader to divide it."""
    cells, parts = by_semicolons(text), by_commas(text)
    if len(cells) == 1 < len(columns) and any(map(_is_written, parts)):
        cells = parts
    if all(_is_written(cell) or not _NO_CELLS.search(cell) for cell in cells):
        yield cells


def _one_by_one(columns: Sequence[OwnColumn]) -> list[OwnColumn]:
    """A column for each input: of several words each has its own, of 0 and 1."""
    return [
        OwnColumn(f"{one.name}={word}") if len(one.words) > 1 else one
        for one in columns for word in (one.words if len(one.words) > 1 else ("",))
    ]  # fmt: skip


def _listed(spec: Spec, columns: Sequence[OwnColumn], text: str) -> tuple[float, ...]:
    """The inputs that a list or matrix of plain numbers holds."""
    signs = {column.decimal for column in columns}
    decimal = signs.pop() if len(signs) == 1 else ""
    rows = matrix_rows(text, POINTER, decimal.strip(".")).rows if re.search(r"\d", text) else []
    values = [number_by(cell, ".") for row in rows for cell in row]
    if len(values) != spec.layers[0]:
        raise _other_count(columns, len(values))
    return tuple(value for value in values if value is not None)


def _other_count(columns: Sequence[OwnColumn], count: int) -> InvalidInput:
    named = [column.name for column in columns]
    return InvalidInput(
        "asked_inputs", pointer=POINTER, expected=len(named), count=count,
        columns=", ".join(named[:6]) + (", …" if len(named) > 6 else ""),
    )  # fmt: skip


def typed_cell(column: OwnColumn, text: str, order: str) -> float:
    """The value that a text is in one column that is not one of many words, in its units.

    Raises InvalidInput as ``typed_inputs`` does.
    """
    return _values_of(column, _plainly([column], text), order)[0]


def _is_written(cell: str) -> bool:
    """Whether a cell is one number though it has what lists have around their cells."""
    return any(form.fullmatch(cell.strip()) for form in (_BRACKETED, _MEASURED))


def _ask_for_sign(cell: str, decimal: str) -> None:
    """Raise InvalidInput where brackets are around one number, or a minus stands behind it.

    So accounts write what is less than nothing; its own comma is asked about before.
    """
    found = _BRACKETED.fullmatch(cell)
    within = (found[1] or found[2]).strip() if found else ""
    told = number_by(within, decimal) if decimal else None
    values = typed_numbers(within) if told is None else (told,)
    if not values:
        return
    texts = [f"{value:.15g}".replace(".", decimal or ".") for value in values]
    point, comma = (f"({text})" for text in texts) if texts[1:] else (texts[0], f"-{texts[0]}")
    raise InvalidInput("open_number", pointer=POINTER, point=point, comma=comma)


def _counts_years(spec: Spec) -> list[bool]:
    """For each input whether all that its column has may be years."""
    samples = inputs_in_table_units(spec, spec.inputs)
    ends = zip(samples.min(axis=0).tolist(), samples.max(axis=0).tolist(), strict=True)
    return [low > 1800.0 and high < 2100.0 for low, high in ends]


def _check_seasons(spec: Spec, columns: Sequence[OwnColumn], text: str) -> None:
    """Raise InvalidInput at two years, not one after the other, that would be divided."""
    found = _TWO_YEARS.search(text)
    counts = _counts_years(spec) if found else []
    if found and any(counts):
        at = counts.index(True) if len(columns) == spec.layers[0] else 0
        raise InvalidInput("asked_number", pointer=POINTER, cell=found[0], column=columns[at].name)


def _without_short_years(spec: Spec, cells: list[str]) -> list[str]:
    """The cells, those such as 09/10 with a season's first year where a column counts years.

    Of 30/31 it is the one of 1930, 2030 and so on that is next to the column's years.
    """
    known = [*map(season_years, zip(cells, strict=True))]
    if not any(known) or len(cells) != spec.layers[0]:
        return cells
    samples = inputs_in_table_units(spec, spec.inputs)
    middles = ((samples.min(axis=0) + samples.max(axis=0)) / 2).tolist()
    found: list[str] = []
    for cell, one, years, middle in zip(cells, known, _counts_years(spec), middles, strict=True):
        counts = cell in one and years
        year = int(one[cell]) if counts else 0
        apart = 100 * round((middle - year) / 100) if cell[2:3] == "/" else 0
        found.append(str(year + apart) if counts else cell)
    return found


def _plainly(columns: Sequence[OwnColumn], text: str) -> str:
    """A text with 5% for its 5 %, TeX's escaped one too, and with 1.5e3 for its 1.5k.

    The second it keeps if a column has words, or such a letter as its unit.
    """
    text = _BEFORE_SHARE.sub("", text)
    told = any(column.words or is_scale(unit_of(column.name)) for column in columns)
    return text if told else without_scales(text)


def _values_in(columns: Sequence[OwnColumn], cells: Sequence[str], order: str) -> tuple[float, ...]:
    """The inputs that cells stand for; an error says what stands ``before`` and ``after`` its."""
    found: list[float] = []
    for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        try:
            found += _values_of(column, cell, order)
        except InvalidInput as error:
            before = "".join(f"{other}; " for other in cells[:at])
            after = "".join(f"; {other}" for other in cells[at + 1 :])
            values = {**error.values, "before": before, "after": after}
            raise InvalidInput(error.code, pointer=POINTER, **values) from None
    return tuple(found)


def _values_of(column: OwnColumn, cell: str, order: str) -> tuple[float, ...]:
    """The inputs that a cell of a column stands for: one, or one for each of its words."""
    if column.holds_dates:
        days = typed_since(cell, column.zero, order)
        if days is None and not column.holds_durations:
            raise InvalidInput(
                "asked_date", pointer=POINTER, cell=cell.strip()[:20], column=column.name,
                example=column.zero,
            )  # fmt: skip
        if days is not None:
            return (days,)
    plain = str.strip if cell.strip() in (*column.words, column.zero) else _plain_word
    low, words = plain(cell), [*map(plain, column.words)]
    if low in words:
        return tuple(float(low == word) for word in words)
    if words and low == plain(column.zero):
        return (0.0,)
    cell = without_second_years(cell).strip()
    if not words:
        _ask_for_sign(cell, column.decimal)
        cell = number_in_front([cell])[0] if _MEASURED.fullmatch(cell) else cell
    told = number_by(cell, column.decimal) if column.decimal else None
    found = typed_numbers(cell) if told is None else (told,)
    if not words and (one := written_number(cell.strip())) and (one.currency or one.percent):
        found = _without_unit(column, cell.strip(), one)
    if len(found) > 1:
        point, comma = (f"{value:.15g}" for value in found)
        raise InvalidInput("open_number", pointer=POINTER, point=point, comma=comma)
    if not found or not math.isfinite(found[0]) or len(words) > 1:
        zero = (column.zero or "0",) if len(words) == 1 else ()
        raise InvalidInput(
            "asked_word" if words else "asked_number", pointer=POINTER, cell=cell.strip()[:20],
            column=column.name, allowed=", ".join((*zero, *column.words)),
        )  # fmt: skip
    return found


def _plain_word(word: str) -> str:
    """A word as it is compared: its case, its dashes and the blanks around it tell nothing."""
    return word.strip().casefold().translate(_DASHES)


def _without_unit(column: OwnColumn, cell: str, one: WrittenNumber) -> tuple[float, ...]:
    """The readings of a number with a unit, which has to be that in the column's name, if any.

    Of a column that tells none a share is refused: 10% of it may be 0.1 or 10.
    """
    share = ("‰" if "‰" in cell else "%") if one.percent else ""
    own, typed = unit_of(column.name), share or one.currency
    if (own or share) and not is_same_unit(own, typed):
        raise InvalidInput(
            "asked_unit" if own else "asked_no_unit", pointer=POINTER, cell=cell[:20],
            column=column.name, unit=own,
        )  # fmt: skip
    told = one.value(column.decimal) if column.decimal else None
    values = (one.point, one.comma) if told is None else (told,)
    factor = {"%": 100, "‰": 1000}.get(share, 1)
    known = (float(f"{value * factor:.14g}") for value in values if value is not None)
    return tuple(dict.fromkeys(known))
