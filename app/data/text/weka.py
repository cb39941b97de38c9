"""Weka's ARFF: a head that names columns and labels, and rows whose quotes hold backslashes."""

import re

from app.data.text.encodings import POINTER
from app.errors import InvalidTable

_ATTRIBUTE = re.compile(
    r"@attribute\s+(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^\s{]++))\s*+(.*)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^\s,{}'\"][^,{}]*+)")
_ESCAPED = re.compile(r"\\([\\'\"%])")
_WITHIN_QUOTES = re.compile(r"(?<![^,\t ])(['\"])((?:(?!\1)[^\\]|\\.)*+)\1")


def weka_lines(lines: list[str]) -> tuple[list[str], tuple[str, ...], dict[int, frozenset[str]]]:
    """Weka's ARFF: the lines with its head empty, its columns' names, and the labels of some."""
    low = [line.strip().casefold() for line in lines]
    if "@data" not in low or not any(line.startswith("@relation") for line in low):
        return lines, (), {}
    at = low.index("@data") + 1
    found = [match for line in lines[:at] if (match := _ATTRIBUTE.match(line.strip()))]
    names = tuple(_ESCAPED.sub(r"\1", match[1] or match[2] or match[3]) for match in found)
    labels = {
        i: frozenset(
            _ESCAPED.sub(r"\1", one[1] or one[2] or one[3] or "").strip()
            for one in _LABEL.finditer(match[4])
        )
        for i, match in enumerate(found)
        if match[4].startswith("{")
    }
    sparse = next((i for i in range(at, len(low)) if low[i].startswith("{")), None)
    if sparse is not None:
        raise InvalidTable("csv_sparse", pointer=POINTER, line=sparse + 1)
    return [""] * at + [*map(_unescaped, lines[at:])], names, labels


def _unescaped(line: str) -> str:
    """A row of ARFF with its marks within quotes doubled, where Weka has backslashes before."""
    if "\\" not in line:
        return line
    return _WITHIN_QUOTES.sub(
        lambda found: (
            found[1] + _ESCAPED.sub(r"\1", found[2]).replace(found[1], 2 * found[1]) + found[1]
        ),
        line,
    )
