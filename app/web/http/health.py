"""Whether the program runs, and whether it can serve."""

from fastapi import APIRouter, Request, Response

from app.web.http.application import store_of

router = APIRouter(prefix="/health", tags=["health"], include_in_schema=False)


@router.api_route("/live", methods=["GET", "HEAD"])
async def live() -> Response:
    """The program runs."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.api_route("/ready", methods=["GET", "HEAD"])
async def ready(request: Request) -> Response:
    """The program can serve; 503 with a problem if its store cannot."""
    await store_of(request).store.check()
    return Response(b'{"status":"ok"}', media_type="application/json")
