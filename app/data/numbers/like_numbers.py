"""What people write for numbers, and is none that can be read; and the number in front of it."""

import re
from collections.abc import Iterable, Sequence

from app.data.numbers.gaps import is_gap
from app.data.numbers.written_dates import LAST_YEAR

_NUMBER = r"[-+]?[0-9][0-9.,' ]*"
# What people write for numbers, and is none that can be read: <0.5, 1.5k, 3±1, 170cm, 0x1F, 2+3i.
# So do stars, an apostrophe, 1.234(5), 12[1], 1h 30m, 5'10", 5″, a formula and 1⋅5; 1.5 (0.2),
# √2, 2^3 and 3x4.
LIKE_NUMBER = re.compile(
    rf"(?:[<>≤≥~≈]=?|(?:circa|approx|about|etwa|env|ca)\.?) ?[-+]?[0-9].*|"
    rf"\[[-+]?[0-9].*\]|{_NUMBER}(?:±|\+/-).*|0x[0-9a-f]+|"
    rf"\(?{_NUMBER}[-+][0-9.]+[ij]\)?|[^\W\d_]{{1,4}} [-+]?[0-9]+[.,][0-9]+|"
    rf"{_NUMBER} [^\W\d_]{{1,12}}\.?|[0-9]+°.*|{_NUMBER}(?!st|nd|rd|th)[^\W\d_°²³/]{{1,3}}[²³23]?|"
    rf"[0-9]+ days [0-9:.]+|{_NUMBER}|{_NUMBER}[*†‡#+]+|'{_NUMBER}|{_NUMBER}(?:\[\w+\]|\([0-9]+\))|"
    rf"[0-9]+ ?(?:d|h|min|m)(?: ?[0-9.]+ ?(?:h|min|m|s|sec))+|"
    r"[0-9]+['′] ?[0-9.]+[\"″]?|=[-+(]?\w.*|[-+]?[0-9]+[·⋅∙•][0-9]+|"
    rf"{_NUMBER}[\"″”“′’‘´`]{{1,2}}|"
    r"[0-9]+ ?(?:ft|feet|foot|lbs?|st)\b.*|[^\W\d]\w*=[-+.0-9]+|"
    r"[-+]?[$€£¥] ?[0-9.,]+ ?[^\W\d_]{1,4}|"
    r"[-+]?[0-9.,]+ ?(?:\([-+0-9., ]+%?\)|\[[-+0-9., ]+%?\])|[-+]?[0-9.,]* ?√ ?\(?[0-9.,]+\)?|"
    r"[-+]?[0-9.,]+ ?(?:\^|\*\*|[x×*]) ?\(?[-+]?[0-9.,]+\)?(?: ?[x×*] ?[0-9.,]+)*",
    re.IGNORECASE,
)

# 1.5 (0.2), 1.234(5), 3 ± 1, 12[1] and 12*: a number, and what is told of it; what stands behind
# that, as in 9.81(2)e-3 and 3 ± 1 mm, belongs to the number. So does the year of 2003/04, and what
# stands behind an apostrophe, by which spreadsheets keep texts.
_FIGURES = r"[-+−]?[0-9][0-9.,']*+(?:[eE][-+]?[0-9]+)?"
_LEADING = re.compile(
    rf"({_FIGURES}) ?(?:(?:±|\+/-) ?{_FIGURES}|\([^()]*\)|\[[^\[\]]*\]|[*†‡#]+)"
    r"( ?(?:[eE][-+]?[0-9]+|[×x·⋅*] ?10.*|[^\w\s(\[±*†‡#+-].*|[^\W\d_].*))?|"
    rf"'({_FIGURES})|([0-9]{{4}})[-/\N{{EN DASH}}](?:[0-9]{{2}}){{1,2}}"
)
# 1.5k, 3 Mio.: so many thousands, millions, thousand millions.
_POWERS = {"k": 3, "tsd": 3, "m": 6, "mio": 6, "mn": 6, "b": 9, "bn": 9, "mrd": 9}
_SCALED = re.compile(rf"({_FIGURES}) ?(k|K|M|B|mn|bn|(?:[Tt]sd|[Mm]io|[Mm]rd)\.?)")
# 5h, 3 Stk.: a number and a word behind it.
_SUFFIXED = re.compile(rf"({_FIGURES}) ?((?![eEdD][0-9])[^\W\d_]{{1,12}}[²³]?\.?)")
_SEASON = re.compile(
    "(?<![\\w.,/-])([0-9]{4})[-/\N{EN DASH}](?:[0-9]{2})?([0-9]{2})(?![0-9/\N{EN DASH}-])"
)
_ALONE = re.compile(
    "([0-9]{4}(?=[-/\N{EN DASH}])|[0-9]{2}(?=/..$))[-/\N{EN DASH}](?:[0-9]{2})?([0-9]{2})"
)
_MOST_YEARS = 60
"""Between two seasons of two figures, such as 29/30 and 30/31: else their century is open."""
FIGURE_FIRST = re.compile(r"[-+]?[0-9]")


def number_in_front(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells, of those such as 1.5 (0.2) and 9.81(2)e-3 their number, of 2003/04 its year.

    A word behind numbers, as in 5h, is left out where all have the same.
    """
    filled = [cell for cell in cells if not is_gap(cell, numbers=True)]
    if years := season_years(filled):
        return tuple(years.get(cell, cell) for cell in cells)
    behind = [None if _SCALED.fullmatch(cell) else _SUFFIXED.fullmatch(cell) for cell in filled]
    if len({one[2] if one else "" for one in behind}) == 1 and all(behind):
        numbers = {cell: one[1] for cell, one in zip(filled, behind, strict=True) if one}
        return tuple(numbers.get(cell, cell) for cell in cells)
    found = (_LEADING.fullmatch(cell) for cell in cells)
    return tuple(
        one[3] or one[4] or one[1] + (one[2] or "") if one else cell
        for one, cell in zip(found, cells, strict=True)
    )


def scaled_numbers(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells, 1.5k as 1.5e3 and 3 Mio. as 3e6."""
    found = (_SCALED.fullmatch(cell) for cell in cells)
    return tuple(
        f"{one[1]}e{_POWERS[one[2].casefold().rstrip('.')]}" if one else cell
        for one, cell in zip(found, cells, strict=True)
    )


def season_years(cells: Iterable[str]) -> dict[str, str]:
    """For each cell such as 2003-04 or 09/10 the year in which this season begins.

    {} unless each is a year and the next one. They may be months or fractions, too.
    """
    years: dict[str, str] = {}
    for cell in cells:
        if not (found := _ALONE.fullmatch(cell)) or not _follows(found):
            return {}
        short = LAST_YEAR - (LAST_YEAR - int(found[1])) % 100
        years[cell] = found[1] if len(found[1]) > 2 else str(short)
    known = [*map(int, years.values())]
    is_short = any(cell[2] == "/" for cell in years)
    return {} if is_short and max(known) - min(known) > _MOST_YEARS else years


def without_second_years(text: str) -> str:
    """A text with the years in which its seasons begin: 2003 for 2003/04 and for 2003-2004."""
    return _SEASON.sub(lambda found: found[1] if _follows(found) else found[0], text)


def _follows(found: re.Match[str]) -> bool:
    """Whether the second year of a season is the next one."""
    return (int(found[1]) + 1) % 100 == int(found[2])
