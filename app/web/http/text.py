"""Text from outside."""

from starlette.requests import Request


def printable(text: str) -> str:
    """``text`` without characters that a page cannot hold."""
    return "".join(filter(str.isprintable, text))


def media_type_of(request: Request) -> str:
    """What a request says that its body is, without parameters; "" for nothing."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
