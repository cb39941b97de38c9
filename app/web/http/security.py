"""The outermost layer: security headers on every answer, and one voice for every error.

Starlette answers some errors itself, before or around the exception handlers (a body over the
limit, a bad Host header, a crash). Those are plain text; here they become problems too.
"""

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import TakebackError
from app.web.budgets.parameters import check_query
from app.web.http.embedding import is_below_embed

Render = Callable[[Request, int | TakebackError], Response]
HeaderTexts = Mapping[str, str]
OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}
"""A frame in a sandbox has no origin, so its requests come from another one. No cookie and no
password is ever sent, so whoever may ask gets what anybody gets."""
ISOLATED = {
    "cross-origin-resource-policy": "cross-origin",
    "cross-origin-embedder-policy": "require-corp",
}
"""A page that is cross-origin isolated shows such frames only."""
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
}
_ALLOWED = {"allow": "GET, HEAD, POST, PATCH, DELETE, OPTIONS"}
_ENCODING = b"content-encoding"
_UNKEPT = {"cache-control": "no-store"}


def security_headers(frame_ancestors: str) -> dict[str, str]:
    """Headers for every answer; only our own files run, load or are connected to.

    ``frame_ancestors`` may show it in a frame, as CSP has it. "*" is everybody, also a page that
    lies in a file or in a sandbox, which CSP's own "*" leaves out.
    """
    ancestors = "" if frame_ancestors == "*" else f"; frame-ancestors {frame_ancestors}"
    return {
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        f"frame-src 'self'; base-uri 'none'{ancestors}",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "x-robots-tag": "noindex",
    }


class Envelope:
    """ASGI middleware around the whole application, its own error middleware included.

    It sets ``plain`` headers on every answer that does not set them itself, and ``framed`` ones on
    pages for the frames of other sites. ``render`` writes an error, or one that has only a status,
    as a problem. ``root_path`` is where a proxy serves the application, stripped or not.
    """

    def __init__(
        self, app: ASGIApp, plain: HeaderTexts, framed: HeaderTexts, render: Render, root_path: str
    ) -> None:
        self._app, self._render, self._root_path = app, render, root_path
        self._plain, self._framed = (
            [(name.encode(), value.encode()) for name, value in headers.items()]
            for headers in (plain, framed)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._root_path:
            scope["root_path"] = self._root_path
        embedded, answered = is_below_embed(scope), False
        headers = self._framed if embedded else self._plain

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = (one for one in headers if one[0] not in present)
                message["headers"] = [*message["headers"], *added]
            await send(message)

        async def answer(error: int | TakebackError) -> None:
            nonlocal answered
            answered = True
            await self._render(Request(scope), error)(scope, receive, send_secured)

        async def send_checked(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_bare_error(message):
                await answer(message["status"])
            elif not answered:
                await send_secured(message)

        early = self._early(scope, embedded)
        if early is None:
            await self._app(scope, receive, send_checked)
        elif isinstance(early, Response):
            await early(scope, receive, send_secured)
        else:
            await answer(early)

    def _early(self, scope: Scope, embedded: bool) -> Response | int | TakebackError | None:
        """What is answered without the application, if anything is."""
        asked = Headers(scope=scope)
        if embedded and scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            return Response(status_code=204, headers=_PREFLIGHT)
        if scope["path"] == "*" and scope["method"] == "OPTIONS":  # of the server as a whole
            return Response(status_code=204, headers=_ALLOWED)
        encodings = {value.strip().lower() for name, value in asked.raw if name == _ENCODING}
        if encodings - {b"identity", b""}:  # refused rather than unpacked
            return 415
        if excess := check_query(scope):
            return excess
        if self._root_path and scope["path"] == self._root_path:
            # As a proxy does that serves other things, too.
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{self._root_path}/{query and '?'}{query}", 308, _UNKEPT)
        return None


def _is_bare_error(message: Message) -> bool:
    if message["status"] < 400:
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
