"""The page that says what is kept, and for how long: it follows the settings."""

from fastapi import Request, Response

from app.views.text.formatting import brief
from app.web.http.page import A_MINUTE, page
from app.web.http.routing import Routes
from app.web.pages.options import options_of

router = Routes()
_WHOLE_DAYS = 48


@router.get("/privacy")
async def privacy_page(request: Request) -> Response:
    """What is kept of networks and of requests."""
    look, settings = options_of(request), request.app.state.settings
    hours = settings.network_ttl_hours
    in_days = hours >= _WHOLE_DAYS and hours % 24 == 0
    context = {
        "look": look,
        "query": look.query(),
        "is_in_days": in_days,
        "age": brief(hours / 24 if in_days else hours),
        "is_each_request_logged": settings.access_log,
        "is_measured": bool(settings.metrics_port),
    }
    return page(request, "privacy/page.html", context, cache=A_MINUTE)
