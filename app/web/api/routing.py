"""Routes of the JSON API: described by FastAPI, carried out by Starlette."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Match, request_response
from starlette.types import Receive, Scope, Send

from app.web.api.openapi import described
from app.web.http.json_body import Model, read
from app.web.http.routing import MAX_TABLE_BYTES
from app.web.networks.lookup import HISTORY, last_of

PREFIX = "/api/v1"
_BESIDE_A_TABLE = 64 * 1024


class ApiRoute(APIRoute):
    """A route whose function takes the request and, if it has a parameter ``body``, its model.

    The body's bytes go to pydantic directly, which is strict about JSON and half the cost of
    FastAPI's own way. GET answers HEAD too.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        model: type[Model] | None = get_type_hints(endpoint).get("body")
        extra = described(path, model, **(options.pop("openapi_extra", None) or {}))
        query = HISTORY if "{network_id}" in path else ()
        handler = _reading(endpoint, model, query) if model else endpoint
        super().__init__(path, handler, openapi_extra=extra, **options)
        self.app = request_response(handler)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route answers a request; see ``starlette.routing.Route``."""
        if PREFIX not in scope["path"]:  # a page's: no need to try each pattern
            return Match.NONE, {}
        match, child_scope = super().matches(scope)
        heads = match is Match.PARTIAL and self._answers_head(scope)
        return Match.FULL if heads else match, child_scope

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its method."""
        answer = self.app if self._answers_head(scope) else super().handle
        await answer(scope, receive, send)

    def _answers_head(self, scope: Scope) -> bool:
        return scope["method"] == "HEAD" and self.methods == {"GET"}


class ImportRoute(ApiRoute):
    """A route whose requests may be as large as the settings allow an import to be."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under the larger limit."""
        most = scope["app"].state.settings.max_import_bytes
        await RequestBodyLimitMiddleware(super().handle, most)(scope, receive, send)


class SheetRoute(ApiRoute):
    """A route whose requests may hold a table: in JSON each of its bytes may take two."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under the larger limit."""
        most = 2 * MAX_TABLE_BYTES + _BESIDE_A_TABLE
        await RequestBodyLimitMiddleware(super().handle, most)(scope, receive, send)


def _reading(
    endpoint: Callable[[Request, Any], Awaitable[Response]],
    model: type[Model],
    query: Sequence[str],
) -> Callable[[Request], Awaitable[Response]]:
    async def handler(request: Request) -> Response:
        if query:
            last_of(request)  # refused before anything is changed
        return await endpoint(request, await read(request, model, query))

    # No more of it: FastAPI would take the body for its own to read.
    handler.__name__, handler.__doc__ = endpoint.__name__, endpoint.__doc__
    return handler
