"""What is wrong with a table, told together, with cells as a page can hold them."""

from collections.abc import Iterator

from app.data.text.encodings import POINTER
from app.errors import InvalidInput, InvalidTable

MOST_ERRORS = 10


def printable(text: str) -> str:
    """``text`` in one line, with a sign for each character that a page cannot hold."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}"
        for c in text.replace("\r\n", "\n")
    )


def refuse_all(found: Iterator[InvalidInput]) -> None:
    """Raise the first few errors together, if there are any, with the number of the others."""
    errors = list(found)
    if not errors:
        return
    first, *others = errors[:MOST_ERRORS]
    rest = len(errors) - MOST_ERRORS
    if rest > 0:
        others.append(InvalidInput("csv_more", pointer=POINTER, count=rest))
    raise InvalidTable(first.code, pointer=first.pointer, others=others, **first.values)
