"""What is stored: the page that says so, and the deletion of a network for good."""

from contextlib import suppress

from fastapi import Request, Response

from app.errors import NotFound
from app.store.base import key_of
from app.views.text.formatting import brief
from app.web.http.application import root_of, store_of
from app.web.http.page import A_MINUTE, page, see_other
from app.web.http.routing import Routes
from app.web.networks.audiences import classes_of
from app.web.pages.address import STORED, place_of
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_of

router = Routes()
_WHOLE_DAYS = 48
_ADDRESS = f"{STORED}/delete"


@router.get(_ADDRESS)
async def deletion_page(request: Request) -> Response:
    """The question; nothing is deleted yet."""
    place, look = await place_of(request), options_of(request)
    room = await classes_of(request).register.of(key_of(request.path_params["network_id"]))
    context = {"base": place.base, "look": look, "query": look.query()}
    context |= {"steps": place.lab.last_step, "is_followed": room is not None}
    return page(request, "storage/deletion.html", context)


@router.post(_ADDRESS)
async def delete(request: Request) -> Response:
    """Delete the network; sent twice, it is deleted all the same."""
    network_id = request.path_params["network_id"]
    await live_runs_of(request).stop(network_id, "")
    with suppress(NotFound):
        await store_of(request).delete(network_id)
    return see_other(f"{root_of(request)}/examples{options_of(request).elsewhere}")


@router.get("/privacy")
async def privacy_page(request: Request) -> Response:
    """What is kept of networks and of requests."""
    look, settings = options_of(request), request.app.state.settings
    hours, untouched = settings.network_ttl_hours, settings.untouched_ttl_hours
    in_days = hours >= _WHOLE_DAYS and hours % 24 == 0
    age = hours / 24 if in_days else hours
    context = {
        "look": look,
        "query": look.query(),
        "is_shared": settings.is_shared,
        "is_in_days": in_days,
        "age": brief(age),
        "age_count": age,
        "untouched": brief(untouched) if untouched < hours else "",
        "untouched_count": untouched,
        "is_each_request_logged": settings.access_log,
        "is_measured": bool(settings.metrics_port),
    }
    return page(request, "storage/privacy.html", context, cache=A_MINUTE)
