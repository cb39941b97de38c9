"""Routes of pages and files: plain Starlette, which answers HEAD wherever it answers GET."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]
Decorator = Callable[[Endpoint], Endpoint]
MAX_TABLE_BYTES = 2 * 1024 * 1024
"""The most bytes of a table, whatever the settings allow."""
_BESIDE_A_FILE = 64 * 1024
"""Bytes of a form that are not its file: the other fields, and the frame of each."""


class PageRoute(Route):
    """A route that says in a request's scope that it answers, as FastAPI's own do."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["route"] = self
        await super().handle(scope, receive, send)


class UploadRoute(PageRoute):
    """A route for forms with a file; the settings say how large that may be."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under the larger limit."""
        most = scope["app"].state.settings.max_import_bytes + _BESIDE_A_FILE
        await RequestBodyLimitMiddleware(super().handle, most)(scope, receive, send)


class TableRoute(PageRoute):
    """A route for forms with a table."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under the limit of tables."""
        most = MAX_TABLE_BYTES + _BESIDE_A_FILE
        await RequestBodyLimitMiddleware(super().handle, most)(scope, receive, send)


class Routes:
    """The routes of a module; its functions say where they answer, at one or several paths."""

    def __init__(self) -> None:
        self.routes: list[BaseRoute] = []

    def get(self, *paths: str) -> Decorator:
        """A page or a file."""
        return self._answered(PageRoute, "GET", paths)

    def post(self, *paths: str) -> Decorator:
        """A form."""
        return self._answered(PageRoute, "POST", paths)

    def upload(self, *paths: str) -> Decorator:
        """A form with a file."""
        return self._answered(UploadRoute, "POST", paths)

    def table(self, *paths: str) -> Decorator:
        """A form with a table."""
        return self._answered(TableRoute, "POST", paths)

    def _answered(self, kind: type[Route], method: str, paths: Iterable[str]) -> Decorator:
        def register(endpoint: Endpoint) -> Endpoint:
            self.routes += [kind(path, endpoint, methods=[method]) for path in paths]
            return endpoint

        return register


def path_words(name: str, words: Iterable[str]) -> None:
    """Make ``{parameter:name}`` in a path match these words alone: later routes get the rest."""

    class Words(StringConvertor):
        regex = "|".join(words)

    register_url_convertor(name, Words())
