"""Compression of answers for those who take it; large ones beside the event loop."""

import gzip

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LEAST_BYTES, LEVEL = 1024, 4


def accepted_encodings(headers: Headers) -> set[str]:
    """The encodings that an Accept-Encoding header allows; a weight of zero forbids one."""
    accepted = set()
    for entry in headers.get("accept-encoding", "").lower().split(","):
        name, _, parameters = entry.partition(";")
        weight = parameters.strip().removeprefix("q=").strip()
        if weight.strip("0.") or not weight:
            accepted.add(name.strip())
    return accepted


class Compression(GZipMiddleware):
    """Starlette's, which by itself compresses for those who forbid it, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered, compressed if it takes that."""
        if scope["type"] == "http" and "gzip" not in accepted_encodings(Headers(scope=scope)):
            await IdentityResponder(self.app, self.minimum_size)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def compressed(request: Request, response: Response) -> Response:
    """``response`` as gzip if the request takes that; the middleware then leaves it alone."""
    if "gzip" not in accepted_encodings(request.headers):
        return response
    if len(response.body) >= LEAST_BYTES:
        response.body = gzip.compress(response.body, LEVEL, mtime=0)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
        response.headers.add_vary_header("Accept-Encoding")
    return response
