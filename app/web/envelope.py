"""The outermost layer: security headers on every answer, and one voice for every error.

Starlette answers some errors itself, before or around the exception handlers (a body over the
limit, a bad Host header, a crash). Those are plain text; here they become problems too.
"""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Render = Callable[[Request, int], Response]


def security_headers(frame_ancestors: str) -> dict[str, str]:
    """Headers for every answer; only our own files run, load or are connected to."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "x-robots-tag": "noindex",
    }


class Envelope:
    """ASGI middleware around the whole application.

    Args:
        app: the application, its own error middleware included.
        headers: set on every answer that does not set them itself.
        render: writes an error that has only a status, as a problem.
        root_path: the path under which a proxy serves the application, stripped or not.
    """

    def __init__(
        self, app: ASGIApp, headers: dict[str, str], render: Render, root_path: str = ""
    ) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._render = render
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._root_path:
            scope["root_path"] = self._root_path
        replaced = False

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._headers if header[0] not in present),
                ]
            await send(message)

        async def checked(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_bare_error(message):
                replaced = True
                response = self._render(Request(scope), message["status"])
                await response(scope, receive, with_headers)
            elif not replaced:
                await with_headers(message)

        if _is_encoded(scope):
            response = self._render(Request(scope), 415)
            await response(scope, receive, with_headers)
            return
        await self._app(scope, receive, checked)


def _is_encoded(scope: Scope) -> bool:
    """Whether the request's body is compressed: it is refused rather than unpacked."""
    return any(
        name == b"content-encoding" and value.strip().lower() != b"identity"
        for name, value in scope["headers"]
    )


def _is_bare_error(message: Message) -> bool:
    if message["status"] < 400:
        return False
    media_type = Headers(raw=message["headers"]).get("content-type", "")
    return media_type.startswith("text/plain")
