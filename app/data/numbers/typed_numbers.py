"""Numbers that people type into a field."""

from app.data.numbers.number_formats import FRACTION, MIDDLE_DOT, written_number
from app.data.numbers.scripts import plain_fractions, plain_signs


def typed_numbers(text: str) -> tuple[float, ...]:
    """The number that a field holds as people type it: 0.5, 0,5, −1e-3, 1 234,5, 1/3, 1½.

    There are two where a comma may be a decimal sign or one of thousands, as in 12,345: by point,
    and by comma; none if it is no number. A point alone is a decimal one; 2·3 may be a product.
    """
    given = plain_signs(text)
    text = plain_fractions(given)
    if MIDDLE_DOT.search(text):
        return ()
    if (found := written_number(text.strip())) and found.kind == FRACTION:
        return () if found.currency else (found.point or 0.0,)
    above, slash, below = text.partition("/")
    if slash and {*below} & {*"%‰"}:
        whole = written_number(given.strip())  # of ½%, and of no 1/2%
        return (whole.point,) if whole and whole.point is not None else ()
    if slash and "/" not in below:
        parts = typed_numbers(above), typed_numbers(below)
        if any(len(part) != 1 for part in parts) or parts[1] == (0.0,):
            return ()
        return (parts[0][0] / parts[1][0],)
    cell = text.strip()
    found = written_number(cell)
    if found is None or found.currency or cell.startswith("(") or cell.endswith("-"):
        return ()  # what accountants mean by (5) and 5- is a slip elsewhere
    if found.is_open and "," in cell:
        return tuple(value for value in (found.point, found.comma) if value is not None)
    value = found.comma if found.point is None else found.point
    return () if value is None else (value,)


def typed_whole(text: str) -> tuple[int, ...]:
    """The whole number that a field holds as people type it: 12, 1 000, 1'000 or 1e3.

    There are two where it depends on the decimal sign, as in 1,000 and in 1.000; none if it is
    none.
    """
    found = written_number(text.strip())
    if found is None or found.currency or found.percent or found.kind == FRACTION:
        return ()
    values = {value for value in (found.point, found.comma) if value is not None}
    if not all(value.is_integer() for value in values):
        return ()
    return tuple(sorted(map(int, values), reverse=True))
