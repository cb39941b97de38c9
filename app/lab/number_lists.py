"""Lists and matrices as people write them, and the numbers of a homework that they fill."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.lab.homework import Homework

ROW_END = "\N{RETURN SYMBOL}"
"""What stands for the end of a line where a text has to be one line."""
_QUOTED = re.compile(r"""["'][^"']*["']|\.\.\.\s*\n""")
_NAMED = re.compile(r"\\[a-z]+(\{[a-z*]+\})?|_(\{[^{}]*\}|\w+)", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE | re.ASCII)
_GIVES = re.compile(r"[=:[\\]")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*", re.ASCII)
_COMMA_LIST = re.compile(r"[\s[]*[-+]?\d+,\d+(?:\s*,\s+[-+]?\d+,\d+)+[\s\]]*", re.ASCII)
_INNER_COMMA = re.compile(r"(?<=\d),(?=\d)", re.ASCII)


@dataclass(frozen=True)
class Filled:
    """Which numbers a list or matrix filled, by name; ``over`` is how many more it had.

    ``by_columns``: each column of the matrix was a unit. ``decimal_commas``: commas between digits
    were read as decimal ones, and those before blanks as separators.
    """

    numbers: Mapping[str, str]
    over: int = 0
    by_columns: bool = False
    decimal_commas: bool = False

    @property
    def first(self) -> str:
        """The name of the first number."""
        return next(iter(self.numbers))

    @property
    def last(self) -> str:
        """The name of the last number."""
        return [*self.numbers][-1]


def rows_in(text: str) -> list[list[str]]:
    """The rows of a list or matrix, as NumPy, MATLAB, LaTeX, a spreadsheet or a person writes it.

    Names, quoted texts and commands are left out. A comma is a decimal one where nothing else can
    be and something else separates, as in 0,15; 0,2 and in 0,15, 0,2.
    """
    text = text.replace("\N{MINUS SIGN}", "-").replace("\r", "\n").replace(ROW_END, "\n")
    text = _QUOTED.sub(" ", text).replace("\\\\", ";")
    text = _NAMED.sub(" ", text).replace("{,}", ".")
    separator = r"\d +[-+]?\d" if "[" in text else r"[;\t]|\d +[-+]?\d"
    separated = re.search(separator, text) and not re.search(r"\.|,\s", text)
    if separated and re.search(r"\d,\d", text):
        text = text.replace(",", ".")
    if _has_decimal_commas(text):
        text = _INNER_COMMA.sub(".", text)
    inner = re.findall(r"\[[^[\]]*\]", text)
    lines = inner if len(inner) > 1 else re.split(r"[;\n]", text)
    rows = ([one.removeprefix("+") for one in _NUMBER.findall(line)] for line in lines)
    return [row for row in rows if row]


def _has_decimal_commas(text: str) -> bool:
    """Whether each number has a comma inside, and commas before blanks separate: 0,15, 0,2."""
    lines = [line for line in re.split(r"[;\n]", text) if line.strip()]
    return bool(lines) and all(map(_COMMA_LIST.fullmatch, lines))


def open_list(text: str) -> tuple[str, str] | None:
    """A list in its two readings if its commas may be decimal ones or separate: 1, 2,3.

    The first has decimal points, the second has no comma; None if there is one reading only.
    """
    plain = text.replace("\N{MINUS SIGN}", "-").replace("\r", "\n").replace(ROW_END, "\n")
    lines = [line for line in plain.split("\n") if line.strip()]
    mixed = re.search(r",\s", plain) and _INNER_COMMA.search(plain)
    columns = len(lines) > 1 and all(map(_DECIMAL_COMMA.fullmatch, lines))
    if re.search(r"[.;\t\[=:]", plain) or _has_decimal_commas(plain) or not (mixed or columns):
        return None
    pointed = [re.sub(r",\s*", " ", _INNER_COMMA.sub(".", line)).strip() for line in lines]
    separated = [re.sub(r",\s*", " ", line).strip() for line in lines]
    return "; ".join(pointed), "; ".join(separated)


def filled_from(homework: Homework, name: str, text: str) -> Filled | None:
    """What ``text`` in the field of the number ``name`` fills from there on.

    A matrix fills a layer's weights, row by row or, where its shape says so, column by column; rows
    with one number more have the bias last. A list fills numbers of the same kind. None if the
    text is neither, nor a number with its name.
    """
    rows = [] if _DECIMAL_COMMA.fullmatch(text) else rows_in(text)
    numbers = [number for row in rows for number in row]
    if not numbers or (len(numbers) == 1 and not _GIVES.search(text)):
        return None
    fields, by_columns = _of_matrix(homework, name, rows) or (_following(homework, name), False)
    filled = dict(zip(fields, numbers, strict=False))
    over = max(len(numbers) - len(fields), 0)
    return Filled(filled, over, by_columns, _has_decimal_commas(text))


def _following(homework: Homework, name: str) -> list[str]:
    names = homework.names
    weights, biases = (
        [*dict.fromkeys(part.name for part in names.parts(kind))] for kind in ("weight", "bias")
    )
    kinds: tuple[Sequence[str], ...] = (names.units[0], weights, biases, names.targets)
    same = next(kind for kind in kinds if name in kind)
    return [*same[[*same].index(name) :]]


def _of_matrix(
    homework: Homework, name: str, rows: Sequence[Sequence[str]]
) -> tuple[list[str], bool] | None:
    """The numbers of the layer that begins with ``name``, in the order of ``rows``."""
    names = homework.names
    layer = next((at for at, block in enumerate(names.weights) if block[0][0] == name), None)
    lengths = {len(row) for row in rows}
    if layer is None or len(rows) < 2 or len(lengths) > 1:
        return None
    block = names.weights[layer]
    units, inputs, (length,) = len(block), len(block[0]), lengths
    node = names.bias_nodes[layer]
    biases = [node] * units if node else names.biases[layer]
    if (len(rows), length) == (units, inputs + 1):
        pairs = zip(block, biases, strict=True)
        return [one for row, bias in pairs for one in (*row, bias)], False
    if (len(rows), length) == (inputs, units) and inputs != units:
        return [row[source] for source in range(inputs) for row in block], True
    return None
