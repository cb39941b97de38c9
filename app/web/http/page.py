"""Answers of pages: a template, or the way to another page."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.web.http.problems import VARY
from app.web.http.templating import Templates, is_htmx

A_MINUTE = "public, max-age=60"
"""How long browsers may keep a page that nobody's commands change."""


def page(
    request: Request, template: str, context: Mapping[str, Any], *,
    status: int = 200, cache: str = "no-store", headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """A template as an answer that depends on whether htmx asks."""
    templates: Templates = request.app.state.templates
    sent = {"cache-control": cache, "vary": VARY, **(headers or {})}
    return templates.response(request, template, context, status=status, headers=sent)


def see_other(url: str) -> Response:
    """Send a browser to another page after a form, or from an address that is none."""
    return RedirectResponse(url, 303, {"cache-control": "no-store", "vary": VARY})


def go_on(request: Request, url: str) -> Response:
    """As ``see_other``, after a form that htmx may have sent: then the browser leaves the page."""
    if not is_htmx(request):
        return see_other(url)
    return Response(headers={"cache-control": "no-store", "vary": VARY, "hx-redirect": url})
