"""Bounds on the parameters of queries and forms, held before any of them is taken apart."""

from collections.abc import Collection, Iterable
from urllib.parse import unquote_plus

from starlette.types import Scope

from app.errors import InvalidInput, MalformedRequest

MOST_BYTES, MOST_PARAMETERS, LONGEST = 16 * 1024, 256, 4_000
"""Of a query: its bytes, its parameters, and the bytes of each. The builder's has about 60."""
_SHOWN_ADDRESS = b"hx-current-url"
_LISTS = frozenset({"ask", "control", "moves"})
"""Of these there may be several: two lists, and what a button says after its field."""


def check_parameters(
    raw: bytes, most: int, longest: int = LONGEST, apart: bytes = b"",
    lists: Collection[str] = _LISTS,
) -> None:  # fmt: skip
    """Refuse parameters of which it is not clear what they say, or which are too large.

    ``raw`` is as it was sent; the length of a parameter that begins with ``apart`` is not counted.

    Raises:
        MalformedRequest: there are more than ``most``, or one has more than ``longest`` bytes.
        InvalidInput: one that is none of the ``lists`` stands there twice.
    """
    if (count := raw.count(b"&")) >= most:
        raise MalformedRequest("too_many_fields", limit=most)
    parts = raw.split(b"&") if count or len(raw) > longest else ()
    for one in parts if len(raw) > longest else ():
        if len(one) > longest and not (apart and one.startswith(apart)):
            raise MalformedRequest("parameter_too_long", limit=f"{longest:,}")
    names = (unquote_plus(one.partition(b"=")[0].decode("latin-1")) for one in parts if one)
    check_names(names, lists)


def check_names(names: Iterable[str], lists: Collection[str] = _LISTS) -> None:
    """Raise InvalidInput if a parameter's name stands twice that is none of the ``lists``."""
    seen: set[str] = set()
    for name in names:
        if name in seen and name not in lists:
            shown = "".join(filter(str.isprintable, name))[:40]
            raise InvalidInput("parameter_twice", pointer=f"/{shown}")
        seen.add(name)


def check_query(scope: Scope) -> InvalidInput | None:
    """What is wrong with a request's query, or with that of the page that it was sent from."""
    queries = [scope["query_string"]]
    for name, value in scope["headers"]:
        if name == _SHOWN_ADDRESS:
            queries.append(value.partition(b"?")[2])
    for query in queries:
        if len(query) > MOST_BYTES:
            return MalformedRequest("query_too_long", limit=f"{MOST_BYTES:,}")
        try:
            check_parameters(query, MOST_PARAMETERS)
        except InvalidInput as error:
            return error
    return None
