"""The lab's page, at an example or at a network of somebody's own, and the list of examples."""

from functools import partial

from fastapi import FastAPI, Request, Response

from app.errors import InvalidInput
from app.lab.examples import DEFAULT
from app.views.options import BESIDE_THE_NETWORK, OF_A_NETWORK
from app.views.pages.lab import example_cards
from app.web.http.application import pool_of
from app.web.http.page import A_MINUTE, page
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.pages.address import (
    EVERYWHERE,
    NetworkAddress,
    example_place,
    place_of,
    within,
)
from app.web.pages.form_errors import Notice
from app.web.pages.lab_answers import context_of, page_of
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_of
from app.web.pages.preparation import compute_ahead, drawn_page, prepare_page

router = Routes()


def prepare(app: FastAPI) -> None:
    """Draw the first page once, so that nobody waits until its templates are ready."""
    scope = {
        "type": "http", "app": app, "method": "GET", "scheme": "http", "server": None, "path": "/",
        "path_params": {}, "query_string": b"", "headers": [],
    }  # fmt: skip
    request = Request(scope)
    _drawn(request, example_place(request, DEFAULT))


@router.get("/")
async def home(request: Request) -> Response:
    """The lab, at the default example."""
    return _drawn(request, example_place(request, DEFAULT))


@router.get("/examples")
async def examples_page(request: Request) -> Response:
    """All worked examples, to choose from."""
    look = options_of(request)
    context = {"cards": example_cards(), "look": look, "query": look.elsewhere}
    return page(request, "examples/page.html", context, cache=A_MINUTE)


@router.get(*within(EVERYWHERE))
async def lab_page(request: Request) -> Response:
    """The lab at a network's present state; what is not stored stays so.

    A sample, fold or unit that the network lacks is explained on its page.
    """
    place = await place_of(request)
    try:
        look = options_of(request)
        if (opened := place.opened) is None:
            await compute_ahead(pool_of(request), place.lab, look)
        else:
            await prepare_page(request, opened, look)
            if is_htmx(request):
                shown = request.headers.get("hx-current-url", "").partition("?")[2]
                await live_runs_of(request).follow(opened, shown, look)
        return await drawn_page(request, place.lab, partial(_drawn, request, place))
    except InvalidInput as error:
        if (error.pointer or "").lstrip("/") not in OF_A_NETWORK:
            raise
        notice = Notice((detail(error),), {}, {}, moved_on=True)
        look, status = options_of(request, only=BESIDE_THE_NETWORK), error.status

        def explained() -> Response:
            return page_of(request, context_of(request, place, look, notice=notice), status)

        return await drawn_page(request, place.lab, explained)


def _drawn(request: Request, place: NetworkAddress) -> Response:
    return page_of(request, context_of(request, place, options_of(request)))
