"""Whether the program runs, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.http.application import store_of
from app.web.http.routing import Routes

router = Routes()
_OK = b'{"status":"ok"}'


@router.get("/health/live")
async def live(_: Request) -> Response:
    """The program runs."""
    return Response(_OK, media_type="application/json")


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """The program can serve; 503 with a problem if its store cannot."""
    await store_of(request).store.check()
    return Response(_OK, media_type="application/json")
