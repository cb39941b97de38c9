"""Dates and times of a column as numbers: days since its first date, or hours of a day."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

_ISO = r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}.*)?)?"
_SHORT_YEAR = r"[0-9]{4}|[0-9]{2}"
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_DATE = re.compile(
    rf"{_ISO}|[0-9]{{4}}[/.][0-9]{{1,2}}[/.][0-9]{{1,2}}(?: .*)?|"
    rf"[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{2,4}}(?: .*)?|{_TIME}|"
    r"[0-9]{1,2}:[0-9]{2}\.[0-9]+|[0-9]{4}-?W[0-9]{2}(?:-?[1-7])?"
)
# By month, as English, German, French, Spanish, Italian, Portuguese and Dutch name and shorten it.
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari",
            "feb february februar février févr fév febrero febbraio fevereiro fev februari",
            "mar march märz mär mrz mars marzo março maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août aoû agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october okt oktober octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dez dezember décembre déc diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_WORD = r"([^\W\d_]{3,10})\.?"
_GAP = r"[ ,/-]{0,2}"
# 5-Jan-24, 05JAN2024, 5. Januar 2024; then Jan 5, 2024. Years may be missing: those are none yet.
_NAMED = re.compile(
    rf"([0-9]{{1,2}})(?:\.|st|nd|rd|th)?{_GAP}{_WORD}(?:{_GAP}({_SHORT_YEAR})(?:[,: ]+({_TIME}))?)?"
)
_NAME_FIRST = re.compile(
    rf"{_WORD}[ ,/-]{{1,2}}([0-9]{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:{_GAP}([0-9]{{4}})(?:[,: ]+({_TIME}))?)?"
)
# Named days of the week, in front, and zones, behind, are left out.
_WEEKDAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satu?r?|sun)(?:day)?|mo|di|mi|do|fr|sa|so|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lun|mer|jeu|ven|sam|dim)\.?,? (?=.*[0-9])",
    re.IGNORECASE,
)
_NAMED_ZONE = re.compile(r" (?:GMT|UTC)(?:[+-][0-9:]{1,5})?$")
_NAMED_MONTH = re.compile(rf"{_WORD}{_GAP}([0-9]{{4}})")
# A month or quarter as Stata and others write them: 1960m1, 2024-Q1.
_PART_OF_YEAR = re.compile(r"([0-9]{4})[ _-]?([mqMQ])([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/-]((?:1[89]|20)[0-9]{2})")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[/.]([0-9]{{1,2}})[/.]([0-9]{{1,2}})(?: ({_TIME}))?")
_DOTTED = re.compile(rf"([0-9]{{1,2}})\.([0-9]{{1,2}})\.({_SHORT_YEAR})(?:,? ({_TIME}))?")
_OPEN = re.compile(rf"([0-9]{{1,2}})[/-]([0-9]{{1,2}})[/-]({_SHORT_YEAR})(?:,? ({_TIME}))?")
_CLOCK = re.compile(r"[0-9]{1,3}:[0-9]{2}(?![0-9])")
_RATIO = re.compile(r"[0-9]{1,2}:[0-9]{2}")
ORDERS = DAY, MONTH, YEAR = "day", "month", "year"
"""What stands first in 01/02/24; a year does only if it has two figures."""
DURATIONS = MINUTES, HOURS = "minutes", "hours"
"""What times such as 25:15 may be told to be, which are no times of a day."""
_DURATION = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?(\.[0-9]+)?")
_LAST_YEAR = 2029
"""The last year that two figures mean, where nothing else tells, as in spreadsheets."""
_SECONDS_A_DAY = 86_400.0
_MIDNIGHT = "0:00"


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date or a time, though it may be none: 31.2.2024, May-05."""
    cell = _plain(cell)
    return bool(_DATE.fullmatch(cell) or _PART_OF_YEAR.fullmatch(cell) or _named_month(cell))


def _plain(cell: str) -> str:
    return _NAMED_ZONE.sub("", _WEEKDAY.sub("", cell, count=1))


def _named_month(cell: str) -> tuple[str, str, str, str] | None:
    """A date's year, month, day and time, "" for what is not told, where a name tells the month."""
    for form, year, name, day in (
        (_NAMED, 3, 2, 1),
        (_NAME_FIRST, 3, 1, 2),
        (_NAMED_MONTH, 2, 1, 0),
    ):
        found = form.fullmatch(cell)
        month = _MONTHS.get(found[name].casefold()) if found else None
        if found and month:
            time = found[4] if form.groups > 3 else ""
            return found[year] or "", str(month), found[day] if day else "1", time or ""
    return None


def is_time(cell: str) -> bool:
    """Whether a cell looks like a time without a date, though it may be none: 25:15, 1:30.5."""
    return bool(_CLOCK.match(cell))


def maybe_ratios(cells: Iterable[str]) -> bool:
    """Whether all cells are times that may be ratios, such as 1:20.

    None are if there are seconds, halves of days, an hour such as 08, or two figures for each.
    """
    found = {*cells}
    padded = any(re.match("0[0-9]", cell) for cell in found)
    whole = bool(found) and all(map(_RATIO.fullmatch, found))
    return whole and not padded and any(c[1] == ":" for c in found)


def are_months(cells: Iterable[str]) -> bool:
    """Whether all cells are months such as 05/2024, which else are fractions."""
    return all(map(_MONTH_FIRST.fullmatch, cells))


def orders_of(cells: Iterable[str]) -> tuple[str, ...]:
    """Which of ORDERS all dates such as 1/2/2024 or 01.02.24 may have; () if there are none.

    With a year of four figures behind, dates with dots begin with the day: these are not open. So
    do those that all end in one year, and begin with several days.
    """
    known = {*cells}
    found = {cell for cell in known if _is_open(_plain(cell))}
    dotted = [one for cell in known if (one := _DOTTED.fullmatch(_plain(cell)))]
    first, last = ({one[place] for one in dotted} for place in (1, 3))
    whole = any(len(year) == 4 for year in last)
    left = ORDERS[:2] if whole or len(first) > len(last) == 1 else ORDERS
    return tuple(order for order in left if found and all(_moment(cell, order) for cell in found))


def _is_open(cell: str) -> bool:
    dotted = _DOTTED.fullmatch(cell)
    return len(dotted[3]) == 2 if dotted else _OPEN.fullmatch(cell) is not None


def numbers_of(cells: Sequence[str], order: str = "") -> tuple[float | None, ...]:
    """For each cell the days since the earliest date, or the hours of its time; None for neither.

    A date is 2024-01-31, 2024/1/31, 31.1.2024, 31-Jan-24 or Jan 31, 2024, with or without a time.
    One such as 1/2/2024 is none unless its ``order`` is told: countries read it in two ways; and
    May-05 is none: the fifth of May, or May of 2005. Years of two figures are from 1930 to 2029,
    or from 2020 to 2039, if these are all. By one of DURATIONS as the ``order``, times are some.
    """
    if order in DURATIONS:
        return tuple(duration(cell, order) for cell in cells)
    known = _moments(cells, order)
    dates = [one for one in known.values() if isinstance(one, datetime)]
    first = min(dates, default=None)
    values: dict[str, float | None] = {}
    for cell, one in known.items():
        if isinstance(one, datetime) and first is not None:
            values[cell] = (one - first).total_seconds() / _SECONDS_A_DAY
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


def has_dates(cells: Sequence[str], order: str = "") -> bool:
    """Whether a cell is a date, not a time alone."""
    return any(isinstance(one, datetime) for one in _moments(cells, order).values())


def zero_of(cells: Sequence[str], order: str = "") -> str:
    """What ``numbers_of`` gives 0 for: the earliest date, as ISO 8601 has it, or midnight."""
    dates = [one for one in _moments(cells, order).values() if isinstance(one, datetime)]
    return _iso(min(dates)) if dates else _MIDNIGHT


def since(cell: str, zero: str, order: str = "") -> float | None:
    """The days from the date ``zero`` to that of a cell, or the hours of its time.

    None if they are not both dates, or both times. A year of two figures is at most 30 years before
    that of ``zero``.
    """
    begin = _moment(zero)
    last = begin.year + 69 if isinstance(begin, datetime) else _LAST_YEAR
    one = _moment(cell.strip(), order, last)
    if isinstance(one, datetime) and isinstance(begin, datetime):
        return (one - begin).total_seconds() / _SECONDS_A_DAY
    return one if isinstance(one, float) and isinstance(begin, float) else None


def date_at(days: float, zero: str) -> str:
    """The date so many days after ``zero``, "" if there is none; the inverse of ``since``."""
    begin = _moment(zero)
    try:
        seconds = round(days * _SECONDS_A_DAY, 3)
        return _iso(begin + timedelta(seconds=seconds)) if isinstance(begin, datetime) else ""
    except (OverflowError, ValueError):
        return ""


def _iso(one: datetime) -> str:
    text = one.astimezone(UTC).isoformat().replace("T", " ").removesuffix("+00:00")
    return text.removesuffix(" 00:00:00").removesuffix(":00")


def plain_date(cell: str, order: str, cells: Iterable[str]) -> str:
    """A date such as 1/2/2024, among ``cells``, as ISO 8601 has it, by what stands first in it."""
    one = _moments([cell, *cells], order)[cell]
    return f"{one:%Y-%m-%d}" if isinstance(one, datetime) else ""


def _moments(cells: Iterable[str], order: str) -> dict[str, datetime | float | None]:
    """Each cell's moment, with the last year that two figures mean among them."""
    known = {*cells}
    last = _last_year({date[0] for cell in known if (date := _written(_plain(cell), order))})
    return {cell: _moment(cell, order, last) for cell in known}


def _last_year(years: Iterable[str]) -> int:
    """The last year that two figures mean beside these, as ``numbers_of`` says."""
    whole = [int(year) for year in years if len(year) > 2]
    if whole:
        return (min(whole) + max(whole)) // 2 + 49
    short = {int(year) for year in years}
    around = {*range(20, 40)}
    return _LAST_YEAR + 10 if short <= around and short & {*range(20, 30)} else _LAST_YEAR


def _moment(cell: str, order: str = "", last: int = _LAST_YEAR) -> datetime | float | None:
    cell = _plain(cell)
    try:
        if re.fullmatch(_TIME, cell):
            return _hours(cell)
        if date := _written(cell, order):
            return _at(*date, last)
        if _named_month(cell) or _OPEN.fullmatch(cell):
            return None
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(cell: str, order: str) -> tuple[str, str, str, str | None] | None:
    """A date's year, month, day and time as a cell writes them; None where it is ISO 8601's."""
    if found := _MONTH.fullmatch(cell):
        return found[1], found[2], "1", None
    if found := _MONTH_FIRST.fullmatch(cell):
        return found[2], found[1], "1", None
    if found := _YEAR_FIRST.fullmatch(cell):
        return found[1], found[2], found[3], found[4]
    if found := _PART_OF_YEAR.fullmatch(cell):
        number = int(found[3]) if found[2] in "mM" else 3 * int(found[3]) - 2
        return found[1], str(number), "1", None
    if named := _named_month(cell):
        return named if named[0] else None
    dotted = _DOTTED.fullmatch(cell)
    if not (found := dotted or _OPEN.fullmatch(cell)):
        return None
    first, second, third, time = found.groups()
    if order == YEAR and _is_open(cell):
        return (first, second, third, time) if len(first) == len(third) == 2 else None
    if dotted:
        return (third, second, first, time) if order != MONTH or len(third) == 4 else None
    days = {DAY: (third, second, first, time), MONTH: (third, first, second, time)}
    return days.get(order)


def _at(year: str, month: str, day: str, time: str | None, last: int) -> datetime:
    """A moment; ValueError if there is no such day, or no such time."""
    hours = _hours(time) if time else 0.0
    whole = int(year) if len(year) > 2 else last - (last - int(year)) % 100
    begun = datetime(whole, int(month), int(day), tzinfo=UTC)
    return datetime.fromtimestamp(begun.timestamp() + hours * 3600, UTC)


def _hours(time: str) -> float:
    """A time as hours, from 0 up to 24; ValueError if it is none."""
    time = time.upper().replace("A.M.", "AM").replace("P.M.", "PM")
    half = time[-2:] if time.endswith("M") else ""
    hour, minute, *second = time.rstrip("APM ").split(":")
    if half and not 1 <= int(hour) <= 12:
        raise ValueError(time)
    found = (
        (int(hour) % 12 + 12 * (half == "PM") if half else int(hour))
        + int(minute) / 60
        + (float(second[0]) if second else 0.0) / 3600
    )
    if not (int(minute) < 60 and found < 24):
        raise ValueError(time)
    return found
