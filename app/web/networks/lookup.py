"""Finding what a request names."""

from starlette.requests import Request

from app.errors import InvalidInput, NotFound
from app.explain.quantities import every
from app.lab.examples import EXAMPLES, Example
from app.lab.limits import MAX_STEPS
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
MAX_LAST = MAX_STEPS + 1
"""A timeline has the loss at its first step, too."""
HISTORY = ("history", "last")
"""The parameters that ``last_of`` reads."""


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
    return _whole(request, "sample")


def last_of(request: Request) -> int | None:
    """How many of the newest losses the query asks for; None for all.

    Raises:
        InvalidInput: the query asks for what cannot be.
    """
    history, last = request.query_params.get("history", "all"), _whole(request, "last")
    if history not in ("none", "all"):
        raise InvalidInput("choice", pointer="/history", allowed="none, all")
    if history == "none" and last:
        raise InvalidInput("maximum", pointer="/last", maximum=0)
    if last is not None and last > MAX_LAST:
        raise InvalidInput("maximum", pointer="/last", maximum=MAX_LAST)
    return 0 if history == "none" else last


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidInput("whole_number", pointer=f"/{name}")
    return int(text)
