"""Cells that stand for no value, as programs and people write them."""

import re

_WORDS_FOR_NOTHING = "na n/a #n/a #na nan -nan <na> nat null (null) \\n ? missing"
_NUMBERS_THAT_ARE_NONE = (
    "none nil - -- --- – — . .. ... … * • : n.a. n.d. k.a. 1.#qnan 1.#ind -1.#ind loading..."
)
# What spreadsheets write for errors: #DIV/0!, #WERT!, #¿NOMBRE?, Err:502; ### is a narrow column.
_SHEET_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_][\w/]*[!?]|#{3,}|err:[0-9]{3}|#n/?[dvb]|#(?:yok|saknas)!?"
)
_GAPS = frozenset(_WORDS_FOR_NOTHING.split())
_NUMBER_GAPS = _GAPS | frozenset(_NUMBERS_THAT_ARE_NONE.split())


def is_gap(cell: str, *, numbers: bool) -> bool:
    """Whether a cell stands for no value; a column of ``numbers`` knows more marks for that."""
    low = cell.casefold()
    known = not cell or low in (_NUMBER_GAPS if numbers else _GAPS)
    if numbers and len(low) == 2 and low[0] == "." and low[1].isalpha():
        return True  # Stata's gaps of several kinds: .a to .z
    return known or (low[0] in "#e" and _SHEET_ERROR.fullmatch(low) is not None)
