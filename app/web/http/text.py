"""Text from outside."""

import re

from starlette.requests import Request

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable_part(text: str) -> str:
    """``text`` without characters that a page cannot hold."""
    return "".join(filter(str.isprintable, text))


def is_showable(text: str) -> bool:
    """Whether ``text`` has no control characters, line ends and marks of direction in it."""
    return _UNSHOWABLE.search(text) is None


def media_type_of(request: Request) -> str:
    """What a request says that its body is, without parameters; "" for nothing."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
