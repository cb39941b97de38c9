"""Pages beside the lab: two branches compared, and what an example's source printed."""

from typing import Any

from fastapi import FastAPI, Request, Response

from app.comparison import compare
from app.errors import InvalidInput
from app.web import service
from app.web.look import Look
from app.web.lookup import find_example
from app.web.problems import VARY
from app.web.templating import Templates


async def compare_page(request: Request) -> Response:
    """Two branches side by side; by default the one in view and the one that it left."""
    network_id = request.path_params["network_id"]
    opened = await service.open_network(service.store_of(request), network_id)
    lab, look = opened.lab, Look.of(request)
    parent = lab.branches[lab.branch].parent
    other = parent if parent is not None else int(lab.branch == 0 and len(lab.branches) > 1)
    comparison = compare(
        lab,
        _number(request, "a", other),
        _number(request, "b", lab.branch),
        _number(request, "step", None),
        look.notation_for(lab),
        look.digits,
        log=look.scale == "log",
    )
    templates: Templates = request.app.state.templates
    root = request.scope.get("root_path", "")
    context = {
        "c": comparison,
        "look": look,
        "query": look.query(),
        "base": f"{root}/networks/{opened.id}",
    }
    headers = {"cache-control": "no-store", "vary": VARY}
    return templates.response(request, "compare.html", context, headers=headers)


async def published_page(request: Request) -> Response:
    """Every value that an example's source printed, beside the exact one."""
    example, look = find_example(request.path_params["slug"]), Look.of(request)
    templates: Templates = request.app.state.templates
    context = {
        "example": example,
        "agreeing": sum(row.agrees for row in example.published),
        "look": look,
        "query": look.query(),
    }
    headers = {"cache-control": "public, max-age=60", "vary": VARY}
    return templates.response(request, "published.html", context, headers=headers)


def _number(request: Request, name: str, default: Any) -> Any:
    """A whole number of the query.

    Raises:
        InvalidInput: it is none.
    """
    text = request.query_params.get(name)
    if text is None or (text == "" and name == "step"):
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise InvalidInput("whole_number", pointer=f"/{name}")
    return int(text)


def add_routes(app: FastAPI) -> None:
    """Put the pages into ``app``; before the lab's own routes, which end in any word."""
    for path, endpoint in (
        ("/networks/{network_id}/compare", compare_page),
        ("/examples/{slug}/published", published_page),
    ):
        app.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
