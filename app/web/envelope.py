"""The outermost layer: security headers on every answer, and one voice for every error.

Starlette answers some errors itself, before or around the exception handlers (a body over the
limit, a bad Host header, a crash). Those are plain text; here they become problems too.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Render = Callable[[Request, int], Awaitable[Response]]


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
        render: writes an error that ``app`` answered in plain text, as a problem.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str], render: Render) -> None:
        self._app = app
        self._headers = headers
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        replaced = False

        async def wrapped(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                if _is_bare_error(message):
                    replaced = True
                    response = await self._render(Request(scope), message["status"])
                    await response(scope, receive, with_headers)
                    return
                await with_headers(message)
            elif not replaced:
                await send(message)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, wrapped)


def _is_bare_error(message: Message) -> bool:
    media_type = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] >= 400 and media_type.startswith("text/plain")
