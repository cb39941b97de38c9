"""Lists and matrices as people write them."""

import re
from collections.abc import Sequence

from app.data.scripts import plain_signs

ROW_END = "\N{RETURN SYMBOL}"
"""What stands for the end of a line where a text has to be one line."""
_ARABIC = str.maketrans({"٫": ".", "٬": None, "،": ",", "؛": ";"})
_QUOTED = re.compile(r"""["'][^"']*["']|\.\.\.\s*\n""")
_NAMED = re.compile(r"\\[a-z]+(\{[a-z*]+\})?|_(\{[^{}]*\}|\w+)", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE | re.ASCII)
_SLIP = re.compile(rf"(?>{_NUMBER.pattern})(?:(?!f\b)[^\W\d_]|\.\d)", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*", re.ASCII)
"""A number with a decimal comma."""
_COMMA_LIST = re.compile(r"[\s[]*[-+]?\d+,\d+(?:\s*,\s+[-+]?\d+,\d+)+[\s\]]*", re.ASCII)
_INNER_COMMA = re.compile(r"(?<=\d),(?=\d)", re.ASCII)


def rows_in(text: str) -> list[list[str]]:
    """The rows of a list or matrix, as NumPy, MATLAB, LaTeX, a spreadsheet or a person writes it.

    Names, quoted texts and commands are left out. A comma is a decimal one where nothing else can
    be and something else separates, as in 0,15; 0,2 and in 0,15, 0,2.
    """
    text = _plain_lines(text)
    text = _QUOTED.sub(" ", text).replace("\\\\", ";")
    text = _NAMED.sub(" ", text).replace("{,}", ".")
    separator = r"\d +[-+]?\d" if "[" in text else r"[;\t]|\d +[-+]?\d"
    separated = re.search(separator, text) and not re.search(r"\.|,\s", text)
    if separated and re.search(r"\d,\d", text):
        text = text.replace(",", ".")
    if has_decimal_commas(text):
        text = _INNER_COMMA.sub(".", text)
    inner = re.findall(r"\[[^[\]]*\]", text)
    lines = inner if len(inner) > 1 else re.split(r"[;\n]", text)
    rows = ([one.removeprefix("+") for one in _NUMBER.findall(line)] for line in lines)
    return [row for row in rows if row]


def has_slip(text: str) -> bool:
    """Whether a letter or a second point follows on a number: 0,3x and 1.2.3 are slips."""
    return bool(_SLIP.search(_NAMED.sub(" ", _QUOTED.sub(" ", text))))


def _plain_lines(text: str) -> str:
    """A text with plain digits and signs, points for Arabic decimal separators, and line feeds."""
    plain = plain_signs(text).translate(_ARABIC)
    return plain.replace("\r", "\n").replace(ROW_END, "\n")


def has_decimal_commas(text: str) -> bool:
    """Whether each number has a comma inside, and commas before blanks separate: 0,15, 0,2."""
    lines = [line for line in re.split(r"[;\n]", text) if line.strip()]
    return bool(lines) and all(map(_COMMA_LIST.fullmatch, lines))


def open_list(text: str) -> tuple[str, str] | None:
    """A list in its two readings if its commas may be decimal ones or separate: 1, 2,3.

    The first has decimal points, the second has no comma; None if there is one reading only.
    """
    plain = _plain_lines(text)
    lines = [line for line in plain.split("\n") if line.strip()]
    mixed = re.search(r",\s", plain) and _INNER_COMMA.search(plain)
    columns = len(lines) > 1 and all(map(DECIMAL_COMMA.fullmatch, lines))
    if re.search(r"[.;\t\[=:]", plain) or has_decimal_commas(plain) or not (mixed or columns):
        return None
    pointed = [re.sub(r",\s*", " ", _INNER_COMMA.sub(".", line)).strip() for line in lines]
    separated = [re.sub(r",\s*", " ", line).strip() for line in lines]
    return "; ".join(pointed), "; ".join(separated)


# --- lists and matrices as tables -----------------------------------------------------------

# A matrix as NumPy, MATLAB, Python or Mathematica writes it, in brackets and with its name.
_MATRIX = re.compile(
    r"\s*+(?:[\w ]++(?:\[[0-9]*\])*+\s*+:?=\s*+)?(?:\w+\.)?(?:(?:array|matrix|tensor)\()?"
    r"(?P<body>(?:[\[{]|\(\s*+\()[-+\d.,;eE\s\[\](){}*^]*[\])}])"
    r"(?:,\s*\w+=[\w.:'\"]+)*\)?;?\s*",
    re.IGNORECASE,
)
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
_LIST_END = re.compile(r"(?:,\s*\w+=[\w.:'\"<>]+)*\)?;?\s*")
_SQUARE = str.maketrans("(){}", "[][]")
_COMMENT = re.compile(r"(?m)(?:^[ \t]*|;[ \t]*)[%#][^\n]*$")


def matrix_lines(lines: Sequence[str]) -> list[str] | None:
    """The rows of a list or matrix in brackets, with tabs between the cells; None if it is none.

    Rows that each have a line of their own keep it.
    """
    text = _COMMENT.sub("", "\n".join(lines))
    if found := _MATRIX.fullmatch(text):
        rows = rows_in(found["body"].replace("*^", "e").translate(_SQUARE))
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
        elif kind in ("single", "double", "bare"):
            if depth != 2 or (kind == "bare" and not _BARE.fullmatch(token["bare"])):
                return []
            cell = (token[kind] or "").removeprefix("np.").replace("\t", " ").replace('"', '""')
            rows[-1].append(f'"{cell}"')
        if depth == 0 or depth > 2:
            break
    return rows if depth == 0 and _LIST_END.fullmatch(text, at) else []
