"""Routes of pages and files: plain Starlette, which answers HEAD wherever it answers GET."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.data.csv_table import MAX_ROWS

Endpoint = Callable[[Request], Awaitable[Response]]
Decorator = Callable[[Endpoint], Endpoint]
MAX_TABLE_BYTES = 2 * 1024 * 1024
"""The most bytes of a table, whatever the settings allow."""
TABLE_LIMITS: Mapping[str, Any] = {
    "megabytes": MAX_TABLE_BYTES // 1_000_000, "rows": f"{MAX_ROWS:,}",
}  # fmt: skip
"""What is said of the size of a table that has more."""
_BESIDE_A_FILE = 64 * 1024
"""Bytes of a form that are not its file: the other fields, and the frame of each."""


class PageRoute(Route):
    """A route that says in a request's scope that it answers, as FastAPI's own do.

    ``most`` says by the settings how many bytes a body may have, where they are more than usual,
    and ``holds_table`` whether these may be a table.
    """

    most: Callable[[Any], int] | None = None
    holds_table = False

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["route"] = self
        answer: ASGIApp = super().handle
        if self.most:
            settings = scope["app"].state.settings
            answer = RequestBodyLimitMiddleware(answer, self.most(settings))
        await answer(scope, receive, send)


class Routes:
    """The routes of a module; its functions say where they answer, at one or several paths."""

    def __init__(self) -> None:
        self.routes: list[BaseRoute] = []

    def get(self, *paths: str) -> Decorator:
        """A page or a file."""
        return self._answered("GET", paths)

    def post(self, *paths: str) -> Decorator:
        """A form."""
        return self._answered("POST", paths)

    def upload(self, *paths: str) -> Decorator:
        """A form with a file; the settings say how large that may be."""
        return self._answered("POST", paths, lambda s: s.max_import_bytes + _BESIDE_A_FILE)

    def table(self, *paths: str) -> Decorator:
        """A form with a table."""
        most = MAX_TABLE_BYTES + _BESIDE_A_FILE
        return self._answered("POST", paths, lambda _: most, holds_table=True)

    def _answered(
        self, method: str, paths: Iterable[str], most: Callable[[Any], int] | None = None,
        *, holds_table: bool = False,
    ) -> Decorator:  # fmt: skip
        def register(endpoint: Endpoint) -> Endpoint:
            for path in paths:
                route = PageRoute(path, endpoint, methods=[method])
                route.most, route.holds_table = most, holds_table
                self.routes.append(route)
            return endpoint

        return register


def path_words(name: str, words: Iterable[str]) -> None:
    """Make ``{parameter:name}`` in a path match these words alone: later routes get the rest."""

    class Words(StringConvertor):
        regex = "|".join(words)

    register_url_convertor(name, Words())
