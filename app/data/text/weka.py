"""Weka's ARFF: a head that names columns and labels, and rows with both quotation marks."""

import re

from app.data.text.encodings import POINTER
from app.errors import InvalidTable

_ATTRIBUTE = re.compile(
    r"@attribute\s+(?:'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^\s{]++))\s*+(.*)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"'((?:[^'\\]|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([^\s,{}'\"][^,{}]*+)")
_ESCAPED = re.compile(r"\\([\\'\"%])")
_QUOTED = re.compile(r"(^\s*|[,\t;]\s*)(['\"])((?:\2\2|(?!\2)[^\\]|\\.)*)\2(?=\s*(?:[,\t;]|$))")


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
    return [""] * at + [*map(_with_double_marks, lines[at:])], names, labels


def _with_double_marks(line: str) -> str:
    """A row of ARFF, which permits both quotation marks beside each other, with double ones alone.

    Those within are doubled, where Weka has backslashes before.
    """
    return _QUOTED.sub(_double_marked, line)


def _double_marked(found: re.Match[str]) -> str:
    before, mark, cell = found.groups()
    cell = _ESCAPED.sub(r"\1", cell.replace(2 * mark, mark))
    return f'{before}"{cell.replace(chr(34), 2 * chr(34))}"'
