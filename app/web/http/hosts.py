"""Which Host headers are answered."""

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN = ("localhost", "127.0.0.1", "[::1]")
"""Probes on the machine itself are always answered."""


class AllowedHosts(TrustedHostMiddleware):
    """Refuses a Host that is not allowed or is none; a request of HTTP/1.0 needs none.

    The bare 400 becomes a problem in the Envelope.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        super().__init__(app, [*allowed_hosts, *_OWN], www_redirect=False)
        self.allow_any = False  # "*" allows every host there can be, and only those

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not any(name == b"host" for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
