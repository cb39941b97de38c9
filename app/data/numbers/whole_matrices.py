"""A list or matrix with what programs and books write around all of it.

Julia prints a head above it, MATLAB a common factor, and books say that it is transposed.
"""

import re

from app.data.numbers.bare_lists import ROW_END
from app.data.numbers.number_lists import NumberRows, number_rows
from app.errors import InvalidInput

_END = rf"(?:[^\S\n{ROW_END}]*+(?:\n|{ROW_END}))"
_HEAD = re.compile(rf"\A\s*(?:\d++ ?[×x] ?\d++|\d++-element) [^\n{ROW_END}]*+(?<=:){_END}")
_FACTOR = re.compile(
    rf"((?:\A|[=\n{ROW_END}])[^\S\n]*+)(1\.0++e([-+]?\d++))[^\S\n]*+\*[\s{ROW_END}]*+", re.ASCII
)
_TRANSPOSED = re.compile(
    r"(?<=[\])}])\s*(?:\^ ?\{? ?(?:T|'|\\(?:top|intercal|math(?:sf|rm|bf) ?\{? ?T ?\}?)) ?\}?|"
    r"\.T|'|ᵀ)\s*[;$]?\s*\Z"
)


def matrix_rows(text: str, pointer: str, decimal: str = "") -> NumberRows:
    """The rows of ``text`` as ``number_rows`` reads them, multiplied and turned as it says.

    Raises InvalidInput as that does.
    """
    text = _HEAD.sub("", text)
    factor = _FACTOR.search(text)
    if factor:
        text = text[: factor.start()] + factor[1] + text[factor.end() :]
    turned = None if text.lstrip().startswith("'") else _TRANSPOSED.search(text)
    found = number_rows(text[: turned.start()] if turned else text, pointer, decimal)
    if turned:
        found = _turned(found, pointer)
    if factor is None:
        return found
    rows = [[_scaled(number, factor, pointer) for number in row] for row in found.rows]
    return found._replace(rows=rows, paired="", factor=factor[2])


def _turned(found: NumberRows, pointer: str) -> NumberRows:
    """The rows as columns; a list is one either way."""
    found.refuse_ragged(pointer)
    if found.labels or len(found.rows) < 2 or len(found.rows[0]) < 2:
        return found
    rows = [[*column] for column in zip(*found.rows, strict=True)]
    return found._replace(
        rows=rows, row_names=found.column_names, column_names=found.row_names
    )  # fmt: skip


def _scaled(number: str, factor: re.Match[str], pointer: str) -> str:
    """A number times MATLAB's factor, in as few digits as say it."""
    mantissa, _, power = number.lower().partition("e")
    try:
        value = float(f"{mantissa}e{int(power or 0) + int(factor[3])}")
    except ValueError:
        raise InvalidInput("list_scaled", pointer=pointer, factor=factor[2]) from None
    return repr(value).removesuffix(".0")
