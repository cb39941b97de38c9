"""Dates and times of a column as numbers: days since its first date, or hours of a day."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from app.data.numbers.written_dates import (
    CLOCK,
    COMPACT,
    DATES,
    DOTTED,
    DOTTED_TIME,
    HOUR_MINUTE,
    LAST_YEAR,
    MONTH_FIRST,
    OPEN_MONTH,
    ORDERS,
    PIVOTS,
    SECONDS_A_DAY,
    SHORT_COMPACT,
    SLASHED_MONTH,
    YEAR_MONTH,
    is_open,
    iso,
    last_year,
    moment_of,
    plain_cell,
    since,
    with_colons,
    written_date,
)

_PADDED = re.compile("0[0-9]")
_RATIO = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_MOST_APART = 40
"""So many years may lie between a year of two figures and the nearest one of four, unasked."""
DURATIONS = MINUTES, HOURS = "minutes", "hours"
"""What times such as 25:15 may be told to be, which are no times of a day."""
_DURATION = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?(\.[0-9]+)?")
_MIDNIGHT = "0:00"
# What columns of times are called, in part: 18.30 is hardly a number there; 1830 may be a time in
# more of them, if the name has no unit; and 1:20 is one in all of these.
_CLOCKED = r"clock|arriv|depart|uhr|stunde(?!n)|abfahrt|ankunft|heure(?!s)|hora(?!s)"
_WHOLE_CLOCKED = rf"{_CLOCKED}|time(?!s?tamp)|hour(?!s)|zeit"
_TIMED = re.compile(
    rf"{_WHOLE_CLOCKED}|hours|start|begin|\bend|finish|\bfrom\b|until|wake|sleep|stunden|anfang|"
    r"ende|heures|début|\bfin\b|horas|inicio",
    re.IGNORECASE,
)
_BY_CLOCK = re.compile(_CLOCKED, re.IGNORECASE)
_WHOLE_BY_CLOCK = re.compile(
    rf"(?!.*(?:[(\[/]|_m?s$|_sec|_min)).*(?:{_WHOLE_CLOCKED})", re.IGNORECASE
)
_DATED = re.compile(
    r"(?<![^\W_])(?:dat(?:e|um|o|a)|fecha|tag|day|dag|jour|d[ií]a|giorno)(?![^\W_])", re.IGNORECASE
)
_HOUR_MINUTE = re.compile(r"(?:[01]?[0-9]|2[0-3])?[0-5]?[0-9](?:(?<=...)[0-5][0-9])?|2400")
_DAY_MONTH = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])")
_YEAR_LAST = re.compile(r"(?:[0-3]?[0-9][01][0-9]|[01]?[0-9][0-3][0-9])(?:19|20)[0-9]{2}")
_LEAST_COMPACT = 4
"""So many different numbers such as 240105, under any name, are hardly dates by chance."""


def maybe_ratios(cells: Iterable[str], name: str) -> bool:
    """Whether all cells are times that may be ratios, such as 1:20.

    None are if there are seconds, halves of days, an hour such as 08, or two figures for each; or
    if the column's name tells times.
    """
    found = {*cells} if not _TIMED.search(name) else {*()}
    padded = any(map(_PADDED.match, found))
    whole = bool(found) and all(map(_RATIO.fullmatch, found))
    return whole and not padded and any(c[1] == ":" for c in found)


def are_months(cells: Iterable[str]) -> bool:
    """Whether all cells are months such as 05/2024, which else are fractions."""
    return all("." not in cell and MONTH_FIRST.fullmatch(cell) for cell in cells)


def maybe_dates(cells: Collection[str], name: str, *, pointed: bool = False) -> bool:
    """Whether all cells of the column ``name`` may be dates or numbers: 2024/05, 05/24, 20240131.

    None are if all begin with one figure, as rates near 1.2 do. 18.30 may be a time, and 01.03 a
    day, where the name or a zero in front tells, or where they are ``pointed`` among numbers with
    decimal commas; 1830 and 240105 may be where the name tells.
    """
    found = {*cells}
    if not found:
        return False
    dotted = not any(map(str.isdecimal, found))
    pointed = pointed or any(map(_PADDED.match, found))
    if dotted and (pointed or _BY_CLOCK.search(name)) and all(map(CLOCK.fullmatch, found)):
        return True
    if dotted and (pointed or _DATED.search(name)) and all(map(_DAY_MONTH.fullmatch, found)):
        return True
    if all(map(YEAR_MONTH.fullmatch, found)):
        return any(len(cell) == len("2024.05") for cell in found)
    if all(map(SLASHED_MONTH.fullmatch, found)):
        return True
    if all(map(COMPACT.fullmatch, found)):
        return len(found) > 1 and None not in numbers_of([*found], DATES)
    if all(map(SHORT_COMPACT.fullmatch, found)) and orders_of(found):
        return bool(_DATED.search(name)) or len(found) >= _LEAST_COMPACT
    if all(map(_YEAR_LAST.fullmatch, found)):
        return len(found) > 1
    if _WHOLE_BY_CLOCK.match(name) and all(map(_HOUR_MINUTE.fullmatch, found)):
        return max(map(len, found)) > len("59")
    first = {re.split("[./]", cell)[0] for cell in found}
    return all(map(OPEN_MONTH.fullmatch, found)) and (len(first) > 1 or min(first) < "1")


def told_order(cells: Collection[str], name: str = "") -> str:
    """DATES, or what may stand first, if all cells are dates or times once somebody says so.

    "" if not all are, as 01.03 is none without a year.
    """
    if name and not _TIMED.search(name) and all(map(_DAY_MONTH.fullmatch, cells)):
        return ""
    if not all(map(COMPACT.fullmatch, cells)) and all(map(SHORT_COMPACT.fullmatch, cells)):
        return next(iter(orders_of(cells)), "")
    return DATES if cells and None not in numbers_of([*cells], DATES) else ""


def orders_of(cells: Iterable[str]) -> tuple[str, ...]:
    """Which of ORDERS all dates such as 1/2/2024 or 010224 may have; () if there are none.

    With a year of four figures behind, dates with dots begin with the day: these are not open. So
    do those that all end in one year, and begin with several days.
    """
    known = {*cells}
    found = {cell for cell in known if is_open(plain_cell(cell))}
    dotted = [one for cell in known if (one := DOTTED.fullmatch(plain_cell(cell)))]
    first, last = ({one[place] for one in dotted} for place in (1, 3))
    whole = any(len(year) == 4 for year in last)
    left = ORDERS[:2] if whole or len(first) > len(last) == 1 else ORDERS
    return tuple(order for order in left if found and all(moment_of(cell, order) for cell in found))


def numbers_of(cells: Sequence[str], order: str = "", pivot: int = 0) -> tuple[float | None, ...]:
    """For each cell the days since the earliest date, or the hours of its time; None for neither.

    A date is 2024-01-31, 2024/1/31, 31.1.2024, 31-Jan-24 or Jan 31, 2024, with or without a time.
    One such as 1/2/2024 is none unless its ``order`` is told: countries read it in two ways; and
    May-05 is none: the fifth of May, or May of 2005. Years of two figures end with the ``pivot``;
    unless it is told, they are from 1930 to 2029, or from 2020 to 2039, if these are all. By one
    of DURATIONS as the ``order``, times are some; by DATES, 05/24 is a month.
    """
    if order in DURATIONS:
        return tuple(duration(cell, order) for cell in cells)
    known = _moments(cells, order, pivot)
    dates = [one for one in known.values() if isinstance(one, datetime)]
    first = min(dates, default=None)
    values: dict[str, float | None] = {}
    for cell, one in known.items():
        if isinstance(one, datetime) and first is not None:
            values[cell] = (one - first).total_seconds() / SECONDS_A_DAY
        else:
            # A time among dates is none of them.
            values[cell] = one if isinstance(one, float) and not dates else None
    return tuple(values[cell] for cell in cells)


def duration(cell: str, unit: str) -> float | None:
    """A time such as 25:15 or 1:02:15 in MINUTES or HOURS; None if it is none.

    Of two numbers the second is seconds beside minutes, and minutes beside hours.
    """
    found = _DURATION.fullmatch(cell)
    if found is None or (unit == HOURS and found[4] and not found[3]):
        return None
    first, second = int(found[1]), int(found[2])
    rest = float(f"0{found[4] or ''}")
    if found[3]:
        minutes = first * 60 + second + (int(found[3]) + rest) / 60
        return minutes if unit == MINUTES else minutes / 60
    return first + (second + rest) / 60


def typed_since(cell: str, zero: str, order: str = "") -> float | None:
    """What a cell is below ``zero``: as ``since``, or a duration in the unit that this names."""
    unit = zero.removeprefix(f"{_MIDNIGHT} ")
    if unit in DURATIONS:
        return duration(cell.strip().removesuffix(unit).strip(), unit)
    return since(cell, zero, order)


def has_dates(cells: Sequence[str], order: str = "") -> bool:
    """Whether a cell is a date, not a time alone."""
    return any(isinstance(one, datetime) for one in _moments(cells, order).values())


def zero_of(cells: Sequence[str], order: str = "", pivot: int = 0) -> str:
    """What ``numbers_of`` gives 0 for: the earliest date, as ISO 8601 has it, or midnight.

    Of durations it names the unit: 0:00 minutes.
    """
    if order in DURATIONS:
        return f"{_MIDNIGHT} {order}"
    dates = [one for one in _moments(cells, order, pivot).values() if isinstance(one, datetime)]
    return iso(min(dates)) if dates else _MIDNIGHT


def plain_date(cell: str, order: str, cells: Iterable[str], pivot: int = 0) -> str:
    """A date such as 1/2/2024, among ``cells``, as ISO 8601 has it, by what stands first in it."""
    one = _moments([cell, *cells], order, pivot)[cell]
    return f"{one:%Y-%m-%d}" if isinstance(one, datetime) else ""


def told_date(cell: str, cells: Iterable[str], order: str = DATES) -> str:
    """What a cell such as 05.2024, among ``cells``, is as a date: 2024-05; "" if it is none.

    A month stands without a day, and a time as 18:30.
    """
    one = _moments([cell, *cells], order)[cell]
    if isinstance(one, float):
        return f"{int(one)}:{round(one % 1 * 60):02}"
    if not isinstance(one, datetime):
        return ""
    compact = COMPACT.fullmatch(cell)
    by_day = order in ORDERS or (compact and compact[3])
    return f"{one:%Y-%m-%d}" if by_day else f"{one:%Y-%m}"


def open_pivots(cells: Iterable[str], order: str) -> tuple[str, int, int] | tuple[()]:
    """A cell whose year of two figures lies apart from all others' by 2029, and two pivots for it.

    By the first it does so; by the second all years are within fifty. () if there is none.
    """
    known = {cell: date[0] for cell in {*cells} if (date := written_date(plain_cell(cell), order))}
    usual = _last_year(known.values())
    if any(len(year) > 2 for year in known.values()):
        return _far_pivots(known, usual)
    if len(known) < 2:
        return ()
    years = sorted({int(year) for year in known.values()})
    last, gap = max(
        zip(years, [b - a for a, b in pairwise([*years, years[0] + 100])], strict=True),
        key=lambda one: one[1],
    )
    if gap < 50 or usual != LAST_YEAR or last < usual % 100 + 1 or min(years) > usual % 100:
        return ()
    return next(c for c, y in known.items() if int(y) == last), usual, usual // 100 * 100 + last


def _far_pivots(years: Mapping[str, str], usual: int) -> tuple[str, int, int] | tuple[()]:
    """As ``open_pivots``, beside years of four figures: a cell more than forty from all of them."""
    whole = [int(year) for year in years.values() if len(year) > 2]
    short = {cell: usual - (usual - int(y)) % 100 for cell, y in years.items() if len(y) < 3}
    far = {cell: min(abs(year - one) for one in whole) for cell, year in short.items()}
    cell = max(far, key=lambda one: (far[one], one), default="")
    if not cell or far[cell] <= _MOST_APART:
        return ()
    other = short[cell] + 100 if short[cell] < min(whole) else short[cell] - 1
    return (cell, min(usual, other), max(usual, other)) if PIVOTS[0] <= other <= PIVOTS[1] else ()


def _moments(
    cells: Iterable[str], order: str, pivot: int = 0
) -> dict[str, datetime | float | None]:
    """Each cell's moment, with the last year that two figures mean among them."""
    known = {*cells}
    if _are_dotted_times(known) or any(map(HOUR_MINUTE.fullmatch, known)):
        return {cell: moment_of(with_colons(cell), order, pivot or LAST_YEAR) for cell in known}
    years = {date[0] for cell in known if (date := written_date(plain_cell(cell), order))}
    last = pivot or _last_year(years)
    return {cell: moment_of(cell, order, last) for cell in known}


def _are_dotted_times(cells: Iterable[str]) -> bool:
    """Whether all cells such as 18.00.00 are times, and some no date."""
    dotted = [cell for cell in cells if DOTTED.fullmatch(cell)]
    return bool(dotted) and all(map(DOTTED_TIME.fullmatch, dotted)) and not orders_of(dotted)


def _last_year(years: Iterable[str]) -> int:
    """The last year that two figures mean beside these, as ``numbers_of`` says."""
    whole = [int(year) for year in years if len(year) > 2]
    return (min(whole) + max(whole)) // 2 + 49 if whole else last_year({*map(int, years)})
