"""Which Host headers are answered."""

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN = ("localhost", "127.0.0.1", "[::1]")
"""Probes on the machine itself are always answered."""
_MOST_REMEMBERED = 100
_LONGEST = 260
"""No name is longer, its port included; what draws a QR code of it would take long."""


class AllowedHosts(TrustedHostMiddleware):
    """Refuses a Host that is not allowed or is none; a request of HTTP/1.0 needs none.

    The bare 400 becomes a problem in the Envelope. Hosts that were allowed are remembered.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        super().__init__(app, [*allowed_hosts, *_OWN], www_redirect=False)
        self.allow_any = False  # "*" allows every host there can be, and only those
        self._allowed: set[bytes | None] = {None}
        self._answer = app
        self.app = self._remember

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        host = _host_of(scope) if scope["type"] == "http" else None
        if host in self._allowed:
            await self._answer(scope, receive, send)
        elif len(host or b"") > _LONGEST:
            await PlainTextResponse("", 400)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _remember(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self._allowed) < _MOST_REMEMBERED:
            self._allowed.add(_host_of(scope))
        await self._answer(scope, receive, send)


def _host_of(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"host":
            return bytes(value)
    return None
