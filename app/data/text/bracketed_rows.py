"""A list or matrix as the rows of a table: NumPy, MATLAB, Python, Mathematica, JSON."""

import re
from collections.abc import Sequence
from typing import Any

from app.data.numbers.number_formats import written_number
from app.data.numbers.number_lists import number_rows
from app.data.text.encodings import POINTER
from app.errors import InvalidInput, InvalidTable

# A matrix as NumPy, MATLAB, Python or Mathematica writes it, in brackets and with its name.
_MATRIX = re.compile(
    r"\s*+(?:[\w ]++(?:\[[0-9]*\])*+\s*+:?=\s*+)?(?:\w+\.)?(?P<call>(?:array|matrix|tensor)\()?"
    r"(?P<body>(?:[\[{]|\(\s*+\()[-+\d.,;eE\s\[\](){}*^]*[\])}])"
    r"(?:,\s*\w+=[\w.:'\"]+)*(?(call)\));?\s*",
    re.IGNORECASE,
)
# Rows in brackets with commas between them and none around: (1, 2), (3, 4).
_ROWS = re.compile(r"\s*+\([^(),]*+,[^()]*+\)(?:,\s*+\([^(),]*+,[^()]*+\))++,?\s*+")
# The same with words in it: nested lists.
_LIST = re.compile(
    r"\s*+(?:\w[\w ]*+=\s*+)?(?:\w+\.)?(?:(?:array|matrix|tensor|list)\()?(?=[\[({]\s*[\[({])",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"\s+|(?P<open>[\[({])|(?P<close>[\])}])|[,;]|'(?P<single>[^'\n]*)'|\"(?P<double>[^\"\n]*)\"|"
    r"(?P<bare>[^\s\[\](){},;'\"]+)"
)
_BARE = re.compile(
    r"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:e[-+]?[0-9]+)?|[-+]?(?:nan|inf(?:inity)?)|np\.nan|none|"
    r"null|na|true|false|missing",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[-+.,\deE\s]*+")
_BETWEEN = re.compile(r",?\s+")
_LIST_END = re.compile(r"(?:,\s*\w+=[\w.:'\"<>]+)*\)?;?\s*")
MAX_LINES = 50_000
"""More than a table of the most rows has, each line apart by an empty one, or printed in parts."""
_SQUARE = str.maketrans("(){}", "[][]")
# In one pair of brackets: decimal commas, or two numbers to a row.
_OPEN = re.compile(r"[\[{(] *(?P<rows>-?[0-9]+,[0-9]+(?: *; *-?[0-9]+,[0-9]+)+) *;? *[\])}]")
_COMMENT = re.compile(r"(?m)(?:^[ \t]*|;[ \t]*)[%#][^\n]*$")


def matrix_lines(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The rows of a list or matrix in brackets, with tabs between the cells; None if it is none.

    Rows that each have a line of their own keep it. One whose commas may be decimal ones, too, is
    read as it is without brackets.
    """
    text = _COMMENT.sub("", "\n".join(lines))
    text = f"[{text.strip().rstrip(',')}]" if _ROWS.fullmatch(text) else text
    found = _MATRIX.fullmatch(text)
    if found and (open_ := _OPEN.fullmatch(found["body"])):
        bare = [open_["rows"] if line.strip() else "" for line in lines]
        return parted_lines(bare, delimiter) or bare
    if found:
        rows = _number_rows(found["body"].replace("*^", "e").translate(_SQUARE))
    else:
        rows = _nested_rows(text) or _rows_of_lists(text)
    if not rows:
        return None
    written = ["\t".join(row) for row in rows]
    places = [at for at, line in enumerate(lines) if re.search(r"[\w']", line)]
    if len(places) != len(written):
        return written
    placed = dict(zip(places, written, strict=True))
    return [placed.get(at, "") for at in range(len(lines))]


def refuse_longer(count: int) -> None:
    """Refuse a text with more lines, or rows in one line, than a table has."""
    if count > MAX_LINES:
        raise InvalidTable("csv_lines", pointer=POINTER, count=count, limit=MAX_LINES)


def parted_lines(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The rows of a matrix that MATLAB reads from one line, without brackets: 1.5 2; 2.5 3.

    Where each row has a line of its own, semicolons may end them all. None if semicolons are the
    ``delimiter``, or separate single numbers. Raises InvalidTable if each part may be a number, or
    several: 1,5; 2,5.
    """
    filled = [(at, line) for at, line in enumerate(lines, start=1) if line.strip()]
    if delimiter in ("semicolon", "pipe") or not filled:
        return None
    if len(filled) > 1:
        bare = [line.rstrip().removesuffix(";") for line in lines]
        ended = all(line.rstrip().endswith(";") for _, line in filled[:-1])
        return bare if ended and all(map(_is_row, bare)) else None
    at, line = filled[0]
    refuse_longer(line.count(";"))
    parts = [part.strip() for part in line.strip().rstrip(";").split(";")]
    if len(parts) == 1:
        return None
    between = _BETWEEN if any(map(_BETWEEN.search, parts)) else re.compile(",")
    first, *others = [between.split(part) for part in parts]
    even = len({len(first), *map(len, others)}) == 1
    if not all(written_number(cell) for cells in others for cell in cells):
        return None
    numbers = [*map(written_number, first)]
    if not all(numbers) and any(numbers):
        return None
    if all(map(written_number, parts)):
        if not even or len(first) < 2:
            return None
        if not delimiter:
            raise InvalidTable("csv_open_rows", pointer="/new/delimiter", line=at, cell=parts[0])
    rows = parts if even else ["\t".join(cells) for cells in (first, *others)]
    return [*lines[: at - 1], *rows, *lines[at:]]


def _is_row(line: str) -> bool:
    """Whether a line has numbers alone, with blanks between some, or nothing."""
    apart = _BETWEEN.search(line.strip()) or not line.strip()
    return bool(apart and _NUMBERS.fullmatch(line))


def _number_rows(body: str) -> list[list[str]]:
    if not re.search("[0-9]", body):
        return []
    refuse_longer(body.count("[") + body.count(";"))
    try:
        return number_rows(body, POINTER).rows
    except InvalidInput as error:
        code = "csv_delimiter" if error.code == "open_list" else error.code
        values: dict[str, Any] = error.values
        raise InvalidTable(code, pointer=POINTER, **values) from None


def _rows_of_lists(text: str) -> list[list[str]]:
    """The rows of lines that are a list each: (0.5, 1), below each other."""
    lines = [line.strip().rstrip(",;") for line in text.split("\n") if line.strip()]
    if not all(line[:1] in {*"[({"} and line[-1:] in {*"])}"} for line in lines):
        return []
    rows = _nested_rows(f"[{','.join(lines)}]")
    return rows if len(rows) == len(lines) and all(len(row) > 1 for row in rows) else []


def _nested_rows(text: str) -> list[list[str]]:
    """The rows of a list of lists with words, as Python, JSON or Mathematica writes it, or none."""
    begin = _LIST.match(text)
    rows: list[list[str]] = []
    depth, at = 0, begin.end() if begin else len(text)
    while token := _TOKEN.match(text, at):
        at, kind = token.end(), token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if depth == 2 and kind == "open":
            rows.append([])
            refuse_longer(len(rows))
        elif kind in ("single", "double", "bare"):
            if depth != 2 or (kind == "bare" and not _BARE.fullmatch(token["bare"])):
                return []
            cell = (token[kind] or "").removeprefix("np.").replace("\t", " ").replace('"', '""')
            rows[-1].append(f'"{cell}"')
        if depth == 0 or depth > 2:
            break
    return rows if depth == 0 and _LIST_END.fullmatch(text, at) else []
