"""A date or time as people write it, as a moment: of a day, or of days."""

import re
from collections.abc import Set
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
    rf"([0-9]{{1,2}})(?:\.|st|[nr]d|th|er)?{_GAP}{_WORD}"
    rf"(?:{_GAP}({_SHORT_YEAR})(?:[,: ]+({_TIME}))?)?"
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
# Of 7:30 Uhr, 7h30 and 10:00:00,250; of 1 de marzo de 2024, 5. 1. 2024 and 2024-01-05 8:30: what
# stands there for a colon, for a point, for a zero in front, and for nothing.
_DRESS = re.compile(
    r"(?P<zero>(?<=^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])(?=[0-9]:))|"
    r"(?P<colon>(?<=[0-9]) ?h ?(?=[0-9]{2}(?:min)?$))|(?P<point>(?<=:[0-9]{2}),(?=[0-9]{1,9}$))|"
    r"(?<=:[0-9]{2}) ?(?:[Uu]hr|h)$|(?<=h[0-9]{2})min$|(?<=[0-9]\.) (?=[0-9])|(?<=[0-9]{2})\.$|"
    r" (?:del?|di|do)(?= )"
)
_UNDRESSED = {"colon": ":", "point": ".", "zero": "0"}
_ZONED = re.compile(r".*:[0-9]{2}.*?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?| (?:GMT|UTC).*)")
_NAMED_MONTH = re.compile(rf"{_WORD}{_GAP}([0-9]{{4}})")
# A month or quarter as Stata and others write them: 1960m1, 2024-Q1.
_PART_OF_YEAR = re.compile(r"([0-9]{4})[ _-]?([mqMQ])([0-9]{1,2})")
_QUARTER_FIRST = re.compile(r"[qQ]([1-4])[ _/-]?([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.-]((?:1[89]|20)[0-9]{2})")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[/.]([0-9]{{1,2}})[/.]([0-9]{{1,2}})(?: ({_TIME}))?")
DOTTED = re.compile(rf"([0-9]{{1,2}})\.([0-9]{{1,2}})\.({_SHORT_YEAR})(?:,? ({_TIME}))?")
_OPEN = re.compile(rf"([0-9]{{1,2}})[/-]([0-9]{{1,2}})[/-]({_SHORT_YEAR})(?:,? ({_TIME}))?")
_CLOCK = re.compile(r"[0-9]{1,3}:[0-9]{2}(?![0-9])")
ORDERS = DAY, MONTH, YEAR = "day", "month", "year"
"""What stands first in 01/02/24; a year does only if it has two figures."""
# Those that may be numbers: 05.2024, 05/24; and 202405, 20240501.
OPEN_MONTH = re.compile(r"(0?[1-9]|1[0-2])(?:\.(?:19|20)[0-9]{2}|/([0-9]{2}))")
COMPACT = re.compile(
    r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?:(0[1-9]|[12][0-9]|3[01])"
    r"(?:T?([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?)?)?"
)
# Three parts in an order that is open, and no time.
SHORT_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})()")
# Of 2024.10 a program that takes it for a number leaves 2024.1.
YEAR_MONTH = re.compile(r"((?:1[5-9]|20)[0-9]{2})\.(0[1-9]|1[0-2]?)")
SLASHED_MONTH = re.compile(r"((?:1[5-9]|20)[0-9]{2})/(0?[1-9]|1[0-2])")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.,]?([0-5][0-9])")
DATES = "dates"
"""What numbers such as 05.2024, 2024.05, fractions such as 05/24, 2024/05, and names such as May-05
may be told to be, and 18.30 or 1830, which are times then."""
# As Italian stations log them: 18.00.00.
_WHOLE_HOUR = re.compile(r"(?:[01]?[0-9]|2[0-3]) ?h")
HOUR_MINUTE = re.compile(r"[0-9]{1,2} ?h ?[0-9]{2}(?:min)?")
DOTTED_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3])(?:\.[0-5][0-9]){2}")
LAST_YEAR, PIVOTS = 2029, (1899, 2099)
"""The last year that two figures mean, where nothing else tells, as in spreadsheets; and the least
and largest that may be told."""
SECONDS_A_DAY = 86_400.0
_MOST_DAYS = 31


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date or a time, though it may be none: 31.2.2024, May-05."""
    cell = plain_cell(cell)
    forms = (_DATE, _PART_OF_YEAR, _QUARTER_FIRST)
    return any(form.fullmatch(cell) for form in forms) or _named_month(cell) is not None


def plain_cell(cell: str) -> str:
    """A cell without the name of its day and of its zone, and its time with colons and a point."""
    cell = _NAMED_ZONE.sub("", _WEEKDAY.sub("", cell, count=1))
    return _DRESS.sub(lambda found: _UNDRESSED.get(found.lastgroup or "", ""), cell)


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
    return bool(_CLOCK.match(plain_cell(cell)))


def is_zoned(cell: str) -> bool:
    """Whether a time tells its zone, as 08:30Z and 08:30+02:00 do."""
    return _ZONED.fullmatch(cell) is not None


def is_yearless(cell: str) -> bool:
    """Whether a cell such as 05-Jan and Jan-05 names a day of a month, though of no year."""
    named = _named_month(plain_cell(cell))
    return named is not None and not named[0] and int(named[2]) <= _MOST_DAYS


def is_open(cell: str) -> bool:
    """Whether a date such as 1/2/2024 or 010224 may begin with a day, a month or a year."""
    dotted = DOTTED.fullmatch(cell)
    return len(dotted[3]) == 2 if dotted else _open_parts(cell) is not None


def _open_parts(cell: str) -> re.Match[str] | None:
    return _OPEN.fullmatch(cell) or SHORT_COMPACT.fullmatch(cell)


def since(cell: str, zero: str, order: str = "") -> float | None:
    """The days from the date ``zero`` to that of a cell, or the hours of its time.

    None if they are not both dates, or both times. A year of two figures is not before that of
    ``zero`` if it else were after 2029, or more than 69 years behind it.
    """
    begin, cell = moment_of(zero), cell.strip()
    if isinstance(begin, float):
        cell, order = with_colons(cell), DATES
    year = begin.year if isinstance(begin, datetime) else 0
    one = moment_of(cell, order, min(year + 99, max(LAST_YEAR, year + 69)))
    if isinstance(one, datetime) and isinstance(begin, datetime):
        return (one - begin).total_seconds() / SECONDS_A_DAY
    return one if isinstance(one, float) and isinstance(begin, float) else None


def date_at(days: float, zero: str) -> str:
    """The date so many days after ``zero``, "" if there is none; the inverse of ``since``."""
    begin = moment_of(zero)
    try:
        seconds = round(days * SECONDS_A_DAY, 3)
        return iso(begin + timedelta(seconds=seconds)) if isinstance(begin, datetime) else ""
    except (OverflowError, ValueError):
        return ""


def last_year(short: Set[int]) -> int:
    """The last year that two figures mean where these are all: 2039 if all are from 20 to 39."""
    around = {*range(20, 40)}
    return LAST_YEAR + 10 if short <= around and short & {*range(20, 30)} else LAST_YEAR


def iso(one: datetime) -> str:
    """A moment as ISO 8601 has it, with a blank before a time that is not midnight."""
    text = one.astimezone(UTC).isoformat().replace("T", " ").removesuffix("+00:00")
    return text.removesuffix(" 00:00:00").removesuffix(":00")


def moment_of(cell: str, order: str = "", last: int = LAST_YEAR) -> datetime | float | None:
    """A cell's moment, or the hours of its time; None if it is neither.

    ``order`` is what stands first in 1/2/2024, ``last`` the last year that two figures mean.
    """
    cell = plain_cell(cell)
    try:
        if re.fullmatch(_TIME, cell):
            return _hours(cell)
        if order == DATES and (clock := CLOCK.fullmatch(cell)):
            return _hours(f"{clock[1]}:{clock[2]}")
        if date := written_date(cell, order):
            return _at(*date, last)
        if _named_month(cell) or _OPEN.fullmatch(cell):
            return None
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def written_date(cell: str, order: str) -> tuple[str, str, str, str | None] | None:
    """A date's year, month, day and time as a cell writes them; None where it is ISO 8601's."""
    if found := _MONTH.fullmatch(cell):
        return found[1], found[2], "1", None
    if found := MONTH_FIRST.fullmatch(cell):
        return found[2], found[1], "1", None
    if order == DATES and (found := OPEN_MONTH.fullmatch(cell)):
        return found[2], found[1], "1", None
    if order == DATES and (found := COMPACT.fullmatch(cell)):
        time = ":".join(filter(None, found.groups()[3:])) or None
        return found[1], found[2], found[3] or "1", time
    if order == DATES and (found := YEAR_MONTH.fullmatch(cell)):
        return found[1], found[2].ljust(2, "0"), "1", None
    if order == DATES and (found := SLASHED_MONTH.fullmatch(cell)):
        return found[1], found[2], "1", None
    if found := _YEAR_FIRST.fullmatch(cell):
        return found[1], found[2], found[3], found[4]
    if found := _PART_OF_YEAR.fullmatch(cell):
        number = int(found[3]) if found[2] in "mM" else 3 * int(found[3]) - 2
        return found[1], str(number), "1", None
    if found := _QUARTER_FIRST.fullmatch(cell):
        return found[2], str(3 * int(found[1]) - 2), "1", None
    if named := _named_month(cell):
        year, month, day, _ = named
        if order == DATES and not year and len(day) == 2:  # Excel's mmm-yy
            return day, month, "1", None
        return named if year else None
    dotted = DOTTED.fullmatch(cell)
    if not (found := dotted or _open_parts(cell)):
        return None
    first, second, third, time = found.groups()
    if order == YEAR and is_open(cell):
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


def with_colons(cell: str) -> str:
    """A time such as 18.00.00, or 18h beside 7h30, with colons; any other cell as it is."""
    if _WHOLE_HOUR.fullmatch(cell):
        return f"{cell.rstrip(' h')}:00"
    return cell.replace(".", ":") if DOTTED_TIME.fullmatch(cell) else cell
