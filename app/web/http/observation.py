"""A name for every request, and what can be told of its answer when it has been sent."""

import os
import re
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_current = ContextVar("request_id", default="")
_ASKED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADER = b"x-request-id"
ABANDONED = 499
"""What stands for the status of an answer that never began, as in nginx."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was sent: nothing here tells which network it was about.

    ``route`` is the template of the address, such as "/networks/{network_id}"; "" if none fits.
    """

    method: str
    route: str
    status: int
    seconds: float


Observer = Callable[[Answer], None]


def request_id() -> str:
    """The name of the request that is being answered; "" outside any."""
    return _current.get()


class Observed:
    """ASGI middleware around everything: names each request, and tells ``observers`` of answers.

    A name that comes with the request is taken if it is short and plain.
    """

    def __init__(self, app: ASGIApp, observers: Sequence[Observer]) -> None:
        self._app, self._observers = app, observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named = _name_of(scope)
        _current.set(named.decode())
        begun, status = time.perf_counter(), ABANDONED

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, named)]
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        finally:
            if self._observers:
                method = scope["method"] if scope["method"] in _METHODS else "other"
                route = getattr(scope.get("route"), "path", "")
                answer = Answer(method, route, status, time.perf_counter() - begun)
                for observer in self._observers:
                    observer(answer)


def _name_of(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == _HEADER and _ASKED.fullmatch(value):
            return bytes(value)
    return os.urandom(8).hex().encode()
