"""Lists and matrices as people write them."""

import re

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
