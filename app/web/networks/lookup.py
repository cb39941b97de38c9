"""Finding what a request names."""

from starlette.requests import Request

from app.errors import InvalidInput, NotFound
from app.explain.quantities import every
from app.lab.examples import EXAMPLES, Example
from app.lab.moment import Moment


def find_example(slug: str, pointer: str | None = None) -> Example:
    """The worked example of this name.

    Raises:
        NotFound: there is none.
    """
    example = EXAMPLES.get(slug)
    if example is None:
        raise NotFound("example_not_found", pointer=pointer, allowed=", ".join(EXAMPLES))
    return example


_MOST_NAMES = 40
_MOST_DIGITS = 9


def no_such_quantity(standing: Moment, pointer: str) -> NotFound:
    """The error for a number that the network lacks; it lists those that it has."""
    names = [quantity.key for quantity in every(standing.shown_spec)]
    more = ", ..." if len(names) > _MOST_NAMES else ""
    allowed = ", ".join(names[:_MOST_NAMES]) + more
    return NotFound("no_such_quantity", pointer=pointer, allowed=allowed)


def sample_of(request: Request) -> int | None:
    """The sample that the query asks for, counted from 0.

    Raises:
        InvalidInput: it is no whole number.
    """
    text = request.query_params.get("sample")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInput("whole_number", pointer="/sample")
    return int(text)
