"""Bounds on the parameters of queries and forms, held before any of them is taken apart."""

from starlette.types import Scope

from app.errors import MalformedRequest

MOST_BYTES, MOST_PARAMETERS, LONGEST = 16 * 1024, 256, 4_000
"""Of a query: its bytes, its parameters, and the bytes of each. The builder's has about 60."""
_SHOWN_ADDRESS = b"hx-current-url"


def check_parameters(raw: bytes, most: int, longest: int = LONGEST, apart: bytes = b"") -> None:
    """Raise MalformedRequest if ``raw`` has more than ``most`` parameters, or one is too long.

    ``raw`` is as it was sent; a parameter that begins with ``apart`` is not looked at.
    """
    if raw.count(b"&") >= most:
        raise MalformedRequest("too_many_fields", limit=most)
    if len(raw) <= longest:
        return
    for one in raw.split(b"&"):
        if len(one) > longest and not (apart and one.startswith(apart)):
            raise MalformedRequest("parameter_too_long", limit=f"{longest:,}")


def check_query(scope: Scope) -> MalformedRequest | None:
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
        except MalformedRequest as error:
            return error
    return None
