"""Deleting a network for good: a page that asks, and the form on it."""

from contextlib import suppress

from fastapi import Request, Response

from app.errors import NotFound
from app.web.http.application import root_of, store_of
from app.web.http.page import page, see_other
from app.web.http.routing import Routes
from app.web.pages.address import STORED, place_of
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_of

router = Routes()
_ADDRESS = f"{STORED}/delete"


@router.get(_ADDRESS)
async def deletion_page(request: Request) -> Response:
    """The question; nothing is deleted yet."""
    place, look = await place_of(request), options_of(request)
    context = {"base": place.base, "look": look, "query": look.query()}
    return page(request, "deletion/page.html", context | {"steps": place.lab.last_step})


@router.post(_ADDRESS)
async def delete(request: Request) -> Response:
    """Delete the network; sent twice, it is deleted all the same."""
    network_id, runs = request.path_params["network_id"], live_runs_of(request)
    if run := runs.of(network_id):
        runs.end(network_id, run, "")
    with suppress(NotFound):
        await store_of(request).delete(network_id)
    return see_other(f"{root_of(request)}/examples{options_of(request).elsewhere}")
