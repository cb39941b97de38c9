"""Where a text that somebody types for a network's inputs is divided into their cells."""

import re
from collections.abc import Iterator, Sequence

from app.data.numbers.number_formats import CURRENCY, UNIT, written_number
from app.data.table_headers import unit_of
from app.lab.own_units import OwnColumn

_AFTER_CELLS = re.compile(r"[;\t|\N{FULLWIDTH SEMICOLON}]")
_AFTER_COMMA = re.compile(r",\s+")
_LOOSE = r"\s*(?:(?<!\d),|,(?!\d))\s*"
_BY_BLANKS = (r",\s+", _LOOSE, r"\s*,\s+|\s+", rf"{_LOOSE}|[ \t\n]+", r"\s*,\s*|[ \t\n]+")
"""From what surely separates to what may be a decimal sign, or part of a word: the first of these
that makes as many cells as there are columns holds."""
_GLUED = re.compile(rf"(?<=[\d¼-¾⅐-⅞])\s+(?=(?:{UNIT}|{CURRENCY})(?!\w))")
_UNIT = re.compile(rf"[\d¼-¾⅐-⅞]\s*(?:[%‰]|(?:{UNIT}|{CURRENCY})(?!\w))")
_NEXT_ROW = re.compile(r"\]\s*[,;]?\s*\[")
_WRAPPED = re.compile(r"(?:[\w.]+\s*)?(?:\[(.*)\]|\{(.*)\}|\(([^()]*[,;\s][^()]*)\))", re.DOTALL)


def by_semicolons(text: str) -> list[str]:
    """The cells between semicolons, tabs or upright lines."""
    return _AFTER_CELLS.split(text.strip().rstrip(";,").strip("| "))


def by_commas(text: str) -> list[str]:
    """The cells between commas with a blank behind them."""
    return _AFTER_COMMA.split(text.strip())


def divisions(text: str) -> Iterator[list[str]]:
    """The cells of a text with words, shares or units, each way to divide it, the surest first."""
    text = without_brackets(text)
    yield by_semicolons(text)
    for at, separator in enumerate(_BY_BLANKS):
        glued = _GLUED.sub("\N{NO-BREAK SPACE}", text) if at > 2 else text
        yield re.split(separator, glued.strip().rstrip(",;"))


def without_brackets(text: str) -> str:
    """A list without what is around all of it: [10%, 3], (10%, 3), c(10%, 3), [[10%], [3]]."""
    text = _NEXT_ROW.sub("; ", text.strip())
    while found := _WRAPPED.fullmatch(text):
        text = next(one for one in found.groups() if one is not None).strip()
    return text


def units_in(text: str) -> tuple[str, ...]:
    """The units behind the numbers in a text, each once: km and kg in 60 km; 70kg."""
    cells = (cell for part in _AFTER_CELLS.split(text) for cell in _AFTER_COMMA.split(part))
    found = (one.currency for cell in cells if (one := written_number(cell.strip())))
    return tuple(dict.fromkeys(filter(None, found)))


def has_units(text: str) -> bool:
    """Whether a number in a text is a share, or has a unit."""
    return bool(_UNIT.search(text) or units_in(text))


def named_cells(columns: Sequence[OwnColumn], text: str) -> dict[int, str]:
    """For each column that the text names, its cell: age=10, height: 170; {} if it names none."""
    names: dict[str, int] = {}
    for at, column in enumerate(columns):
        bare = re.sub(rf"[\s_]*[\[(]?{re.escape(unit_of(column.name))}[\])]?$", "", column.name)
        for name in (column.name, bare):
            if name[:1].isalpha():
                names.setdefault(name.casefold(), at)
    if not names:
        return {}
    text = without_brackets(text) if re.search("[=:]", text) else ""
    every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    found = [*re.finditer(rf"(?<![\w.])[\"']?({every})[\"']?\s*[=:]\s*", text, re.IGNORECASE)]
    if not found or text[: found[0].start()].strip():
        return {}
    ends = [one.start() for one in found[1:]] + [len(text)]
    cells = [text[one.end() : end].strip(" \t\n,;|") for one, end in zip(found, ends, strict=True)]
    return {names[one[1].casefold()]: cell for one, cell in zip(found, cells, strict=True)}
