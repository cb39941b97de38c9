"""What people write for numbers, and is none that can be read; and the number in front of it."""

import re
from collections.abc import Iterable, Sequence

from app.data.numbers.gaps import is_gap
from app.data.numbers.scripts import plain_fractions, plain_signs
from app.data.numbers.written_dates import last_year

_NUMBER = r"[-+]?[0-9][0-9.,' ]*"
# What people write for numbers, and is none that can be read: <0.5, 1.5k, 3±1, 170cm, 0x1F, 2+3i.
# So do stars, an apostrophe, 1.234(5), 12[1], 1h 30m, 5'10", 5″, a formula and 1⋅5; 1.5 (0.2),
# √2, 2^3 and 3x4; 1/2 cup, 1/2% and 1,2 Mrd. €.
_LIKE_NUMBER = re.compile(
    rf"(?:[<>≤≥~≈]=?|(?:circa|approx|about|etwa|env|ca)\.?) ?[-+]?[0-9].*|"
    rf"\[[-+]?[0-9].*\]|{_NUMBER}(?:±|\+/-).*|0x[0-9a-f]+|"
    rf"\(?{_NUMBER}[-+][0-9.]+[ij]\)?|[^\W\d_]{{1,4}} [-+]?[0-9]+[.,][0-9]+|"
    rf"{_NUMBER} [^\W\d_]{{1,12}}\.?|[0-9]+°.*|{_NUMBER}(?!st|nd|rd|th)[^\W\d_°²³/]{{1,3}}[²³23]?|"
    rf"[0-9]+ days [0-9:.]+|{_NUMBER}|{_NUMBER}[*†‡#+]+|'{_NUMBER}|{_NUMBER}(?:\[\w+\]|\([0-9]+\))|"
    rf"[0-9]+ ?(?:d|h|min|m)(?: ?[0-9.]+ ?(?:h|min|m|s|sec))+|"
    r"[0-9]+['′] ?[0-9.]+[\"″]?|=[-+(]?\w.*|[-+]?[0-9]+[·⋅∙•][0-9]+|"
    rf"{_NUMBER}[\"″”“′’‘´`]{{1,2}}|"
    r"[0-9]+ ?(?:ft|feet|foot|lbs?|st)\b.*|[^\W\d]\w*=[-+.0-9]+|"
    r"[-+]?[$€£¥₹] ?[0-9.,]+ ?[^\W\d_]{1,12}\.?|"
    rf"{_NUMBER} ?[^\W\d_]{{1,12}}\.? ?(?:[$€£¥₹]|[A-Z]{{3}})|"
    r"[-+]?(?:[0-9]+\s)?[0-9]+/[0-9]+ ?(?:[%‰]|[^\W\d_]{1,12}\.?)|"
    r"[-+]?[0-9.,]+ ?(?:\([-+0-9., ]+%?\)|\[[-+0-9., ]+%?\])|[-+]?[0-9.,]* ?√ ?\(?[0-9.,]+\)?|"
    r"[-+]?[0-9.,]+ ?(?:\^|\*\*|[x×*]) ?\(?[-+]?[0-9.,]+\)?(?: ?[x×*] ?[0-9.,]+)*",
    re.IGNORECASE,
)

# 2 # good, 1.5 (0.2), 1.234(5), 3 ± 1, 12[1] and 12*: a number, and what is told of it; what stands
# behind that, as in 9.81(2)e-3 and 3 ± 1 mm, belongs to the number. So does the year of 2003/04,
# and what stands behind an apostrophe, by which spreadsheets keep texts.
_FIGURES = r"[-+−]?[0-9][0-9.,']*+(?:[eE][-+]?[0-9]+)?"
_LEADING = re.compile(
    rf"({_FIGURES})\s+#.*|"
    rf"({_FIGURES}) ?(?:(?:±|\+/-) ?{_FIGURES}|\([^()]*\)|\[[^\[\]]*\]|[*†‡#]+)"
    r"( ?(?:[eE][-+]?[0-9]+|[×x·⋅*] ?10.*|[^\w\s(\[±*†‡#+-].*|[^\W\d_].*))?|"
    rf"'({_FIGURES})|([0-9]{{4}})[-/\N{{EN DASH}}](?:[0-9]{{2}}){{1,2}}"
)
# 1.5k, 3 Mio., $1.2B: so many thousands, millions, thousand millions, perhaps of a currency.
_POWERS = {"k": 3, "tsd": 3, "m": 6, "mio": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "mrd": 9}
_SCALES = r"(?:k|K|M|B|mn|bn|(?:[Tt]sd|[Mm]io|[Mm]rd)\.?|[Mm]illions?)"
_MONEY = r"(?:[$€£¥₹]|EUR|USD|GBP|CHF)"
_SCALED = re.compile(
    rf"(?P<before>[-+−]?{_MONEY} ?)?(?P<number>{_FIGURES}) ?(?P<scale>{_SCALES})"
    rf"(?P<after> ?{_MONEY})?"
)
_SCALED_ALONE = re.compile(rf"(?<![\w.,'])({_FIGURES}) ?({_SCALES})(?!\w)")
# 5h, 3 Stk., ½ cup: a number and a word behind it.
_PART = r"[-+−]?(?:[0-9]{1,3} ?)?(?:[0-9]{1,3}/[0-9]{1,3}|[¼-¾⅐-⅞])"
_SUFFIXED = re.compile(rf"({_PART}|{_FIGURES}) ?((?![eEdD][0-9])[^\W\d_¼-¾⅐-⅞]{{1,12}}[²³]?\.?)")
_LONG = 3
"""Words of more letters have an s behind several: cups, of one cup."""
_SEASON = re.compile(
    "(?<![\\w.,/-])([0-9]{4})[-/\N{EN DASH}](?:[0-9]{2})?([0-9]{2})(?![0-9/\N{EN DASH}-])"
)
_ALONE = re.compile(
    "([0-9]{4}(?=[-/\N{EN DASH}])|[0-9]{2}(?=/..$))[-/\N{EN DASH}](?:[0-9]{2})?([0-9]{2})|"
    "([0-9]{4})/([0-9])"
)
_YEAR = re.compile("(?:1[5-9]|20)[0-9]{2}")
_MOST_YEARS = 60
"""Between two seasons of two figures, such as 29/30 and 30/31: else their century is open."""
_FIGURE_FIRST = re.compile(r"[-+]?[0-9]")


def is_like_number(cell: str) -> bool:
    """Whether a cell looks like a number, though it may be none that can be read."""
    return _LIKE_NUMBER.fullmatch(plain_fractions(plain_signs(cell))) is not None


def begins_with_figure(cell: str) -> bool:
    """Whether the first sign of a cell, behind a + or -, is a figure, or one such as ½."""
    return _FIGURE_FIRST.match(plain_fractions(plain_signs(cell))) is not None


def number_in_front(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells, of those such as 1.5 (0.2) and 9.81(2)e-3 their number, of 2003/04 its year.

    A word behind numbers, as in 5h, is left out where all have the same.
    """
    filled = [cell for cell in cells if not is_gap(cell, numbers=True)]
    if years := season_years(filled):
        return tuple(years.get(cell, cell) for cell in cells)
    behind = [None if _SCALED.fullmatch(cell) else _SUFFIXED.fullmatch(cell) for cell in filled]
    if len({_singular(one[2]) if one else "" for one in behind}) == 1 and all(behind):
        numbers = {cell: one[1] for cell, one in zip(filled, behind, strict=True) if one}
        return tuple(numbers.get(cell, cell) for cell in cells)
    found = (_LEADING.fullmatch(cell) for cell in cells)
    return tuple(
        one[1] or one[4] or one[5] or one[2] + (one[3] or "") if one else cell
        for one, cell in zip(found, cells, strict=True)
    )


def _singular(word: str) -> str:
    word = word.rstrip(".")
    return word.removesuffix("s") if len(word) > _LONG else word


def scaled_numbers(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells, 1.5k as 1.5e3, 3 Mio. as 3e6 and $1.2B as $1.2e9."""
    found = (_SCALED.fullmatch(cell) for cell in cells)
    return tuple(
        f"{one['before'] or ''}{_with_power(one['number'], one['scale'])}{one['after'] or ''}"
        if one
        else cell
        for one, cell in zip(found, cells, strict=True)
    )


def is_scale(word: str) -> bool:
    """Whether a word says how many times a thousand: k, M, Mio."""
    return re.fullmatch(_SCALES, word) is not None


def without_scales(text: str) -> str:
    """A text with 1.5e3 for its 1.5k, and 2e6 for 2M."""
    return _SCALED_ALONE.sub(lambda found: _with_power(found[1], found[2]), text)


def _with_power(number: str, scale: str) -> str:
    return f"{number}e{_POWERS[scale.casefold().rstrip('.').removesuffix('s')]}"


def is_season(cell: str) -> bool:
    """Whether a cell is a year and the next one: 2003/04, 2003/4, 2003-2004 or 09/10."""
    found = _ALONE.fullmatch(cell)
    return found is not None and _follows(found)


def season_years(cells: Iterable[str]) -> dict[str, str]:
    """For each cell such as 2003-04 or 09/10 the year in which this season begins.

    {} unless each is a year and the next one, or a plain year beside such. They may be months or
    fractions, too. Two figures mean years as in dates: 30/31 beside 28/29 begins in 2030.
    """
    known = [*dict.fromkeys(cells)]
    seasons = [cell for cell in known if is_season(cell)]
    short = {int(cell[:2]) for cell in seasons if cell[2] == "/"}
    plain = {*known} - {*seasons}
    if not seasons or not all(map(_YEAR.fullmatch, plain)):
        return {}
    whole = [*map(int, plain)]
    last = (min(whole) + max(whole)) // 2 + 49 if whole else last_year(short)
    years = {
        cell: str(last - (last - int(cell[:2])) % 100) if cell[2] == "/" else cell[:4]
        for cell in known
    }
    spread = [*map(int, years.values())]
    return {} if short and max(spread) - min(spread) > _MOST_YEARS else years


def without_second_years(text: str) -> str:
    """A text with the years in which its seasons begin: 2003 for 2003/04 and for 2003-2004."""
    return _SEASON.sub(lambda found: found[1] if _follows(found) else found[0], text)


def _follows(found: re.Match[str]) -> bool:
    """Whether the second year of a season is the next one."""
    first, second = (one for one in found.groups() if one)
    return f"{int(first) + 1:02}".endswith(second)
