"""Compression of large answers, beside the event loop; small ones are the middleware's."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

LEAST_BYTES, LEVEL = 1024, 4


def compressed(request: Request, response: Response) -> Response:
    """``response`` as gzip if the request takes that; the middleware then leaves it alone."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    if len(response.body) >= LEAST_BYTES:
        response.body = gzip.compress(response.body, LEVEL, mtime=0)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
        response.headers.add_vary_header("Accept-Encoding")
    return response
