"""How a column writes its numbers: what of its cells has two readings, the others decide.

What stays open then is decided by the other columns of the table, or is for people to say.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.data.numbers.number_formats import (
    FRACTION,
    GRADE,
    PADDED,
    UNIT,
    WrittenNumber,
    written_number,
)
from app.data.numbers.scripts import plain_signs

_YEAR_FIRST = re.compile("(?:1[5-9]|20)[0-9]{2}/[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """The cells of a column as numbers, None where one is none.

    ``found`` is how many are numbers by either sign, ``certain`` the decimal sign that the cells
    themselves tell, "" if none does; ``example`` is a cell that has two readings while the sign is
    not told, "" if there is none. ``mixed`` are a cell that only a point and one that only a
    comma makes a number, () unless there are both; ``literal`` is a cell that may be a word, ""
    where others say that it is a number. ``disagrees``: of cells with two readings, some have a
    point and some a comma, and nothing else tells. ``doubt`` is a cell with two readings whose
    sign is not the ``certain`` one, while no cell proves that this sign groups thousands; "" if
    there is none.
    """

    written: tuple[WrittenNumber | None, ...]
    found: int
    certain: str
    example: str
    percent: bool
    currency: str
    mixed: tuple[str, ...] = ()
    literal: str = ""
    disagrees: bool = False
    doubt: str = ""

    @property
    def is_money(self) -> bool:
        """Whether its numbers have a currency, and no unit."""
        return bool(self.currency) and not re.fullmatch(UNIT, self.currency)

    def values(self, decimal: str) -> tuple[float | None, ...]:
        """Each cell's value; None too where per cent or currency differ from most others'.

        Of a column in doubt, ``decimal`` says how the cells are read that have the other sign.
        """
        return tuple(
            None if one is None or not self._like_others(one) else one.value(
                self.certain if self.doubt and one.shown_sign in ("", self.certain) else decimal
            )
            for one in self.written
        )  # fmt: skip

    def _like_others(self, one: WrittenNumber) -> bool:
        bare = not one.currency and not re.fullmatch(UNIT, self.currency)
        zero = one.point == 0 or one.comma == 0
        return (bare or zero or one.currency == self.currency) and (
            one.percent == self.percent or zero
        )


def number_column(cells: Sequence[str]) -> NumberColumn:
    """The cells of a column, taken as numbers."""
    counts = Counter(cells)
    known = {cell: written_number(cell) for cell in counts}
    numbers = [(one, counts[cell]) for cell, one in known.items() if one is not None]
    points = sum(times for one, times in numbers if one.point is not None)
    commas = sum(times for one, times in numbers if one.comma is not None)
    percents = sum(times for one, times in numbers if one.percent)
    certain = "." if points > commas else "," if commas > points else ""
    # Cells are counted in the order of the table: the questions are the same each time.
    by_point = next((cell for cell, one in known.items() if one and one.comma is None), "")
    by_comma = next((cell for cell, one in known.items() if one and one.point is None), "")
    example = next((cell for cell, one in known.items() if one and one.is_open), "")
    currencies: Counter[str] = Counter()
    for one, times in numbers:
        currencies[one.currency] += times
    del currencies[""]
    currency, bearing = currencies.most_common(1)[0] if currencies else ("", 0)
    total = sum(times for _, times in numbers)
    if re.fullmatch(UNIT, currency) and bearing * 2 <= total:
        currency = ""  # a number without a unit may have another one
    return NumberColumn(
        tuple(known[cell] for cell in cells), total, certain, example,
        percents * 2 > total, currency,
        (by_point, by_comma) if by_point and by_comma else (), _literal(known, counts),
        not certain and _disagrees(known), _doubt(known, certain),
    )  # fmt: skip


def _doubt(known: Mapping[str, WrittenNumber | None], certain: str) -> str:
    """A cell whose sign may be decimal though the others have the ``certain`` one, or "".

    None if another number has both signs, or all such cells are amounts of money.
    """
    other = "," if certain == "." else "."
    found = ""
    for cell, one in known.items() if certain else ():
        if one is None or not (one.is_open or other in plain_signs(cell)):
            continue
        if not one.is_open:
            return ""
        if one.shown_sign == other and (not one.currency or re.fullmatch(UNIT, one.currency)):
            found = found or cell
    return found


def _disagrees(known: Mapping[str, WrittenNumber | None]) -> bool:
    signs = {sign for cell, one in known.items() if one and one.is_open for sign in cell}
    return {".", ","} <= signs


def _literal(known: Mapping[str, WrittenNumber | None], counts: Mapping[str, int]) -> str:
    """A cell that may be a word; of fractions none where most are other numbers, but 2003/04."""
    padded = [cell for cell, one in known.items() if one and one.kind == PADDED]
    if padded and all(cell.strip('="').isdecimal() for cell, one in known.items() if one):
        return padded[0]
    grades = [cell for cell, one in known.items() if one and one.kind == GRADE]
    if grades:
        return grades[0]
    fractions = [cell for cell, one in known.items() if one and one.kind == FRACTION]
    others = sum(counts[cell] for cell, one in known.items() if one and one.kind != FRACTION)
    few = sum(counts[cell] for cell in fractions) <= others
    return next((cell for cell in fractions if not few or _YEAR_FIRST.fullmatch(cell)), "")
