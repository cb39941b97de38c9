"""The desk of whoever drives: a room is opened, seen to, and ended."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from app.errors import ClassOver, TakebackError
from app.store.base import key_of
from app.store.classrooms import Classroom, ClassroomRegister
from app.web.budgets.rates import Quota, spend
from app.web.classroom.desk_context import asking_context, desk_context, followed_room
from app.web.classroom.join import new_code
from app.web.http.page import go_on, page
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks import commands
from app.web.networks.audiences import classes_of
from app.web.networks.following import followed_look
from app.web.pages.address import EVERYWHERE, STORED, NetworkAddress, place_of, stored_place
from app.web.pages.options import options_in_view, options_of

ROOM_SECONDS = 24 * 3600.0
"""A room is over after a day of service."""
_TRIES = 8
router = Routes()


@router.get(*(f"{path}/room" for path in EVERYWHERE))
async def desk_page(request: Request) -> Response:
    """The room of a network, or the question whether to open one.

    With htmx, the desk's strip, or with ``at`` what of the room's page differs; 204 if they show
    what there is. A room that is over is a page of its own. Raises ClassOver if the room of a page
    is gone.
    """
    place, look = await place_of(request), options_in_view(request)
    context = await desk_context(request, place, look)
    if not is_htmx(request):
        context["is_over"] = "over" in request.query_params and not context["is_open"]
        context |= asking_context(place, look) | {"at": "room"}
        return page(request, "classroom/desk.html", context)
    if context["is_open"] and request.query_params.get("seen") == context["seen"]:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    if request.query_params.get("at") != "room":
        return page(request, "classroom/strip.html", context)
    if not context["is_open"]:
        raise ClassOver("class_gone")
    context |= asking_context(place, look) | {"at": "room", "is_asked": False}
    return page(request, "classroom/room_update.html", context)


@router.get(f"{STORED}/room/here")
async def here(request: Request) -> Response:
    """Nothing, which tells a desk whose command waits that server and store are there."""
    await classes_of(request).register.of(key_of(request.path_params["network_id"]))
    return Response(status_code=204, headers={"cache-control": "no-store"})


@router.post(*(f"{path}/room" for path in EVERYWHERE))
async def open_room(request: Request) -> Response:
    """Open a room; a network that is not stored is stored for that.

    Sent again, the room is the same, and its class sees the network as the page does now.
    """
    place, look = await place_of(request), options_of(request)
    classes, opened = classes_of(request), place.opened
    if opened is None or await classes.register.of(opened.key) is None:
        await spend(request, Quota.ROOM)
        opened = opened or await commands.create(request, place.lab)
        await _open(classes.register, opened.key, followed_look(look))
    else:
        await classes.turn(opened.key, followed_look(look))
    desk = look.changed(desk="on", view=None)
    return go_on(request, stored_place(request, opened).base + desk.query())


@router.post(f"{STORED}/room/view")
async def show_view(request: Request) -> Response:
    """The class sees the network as the page does now. Raises ClassOver if none follows it."""
    place: NetworkAddress = await place_of(request)
    look = options_of(request)
    room = await followed_room(request)
    await classes_of(request).turn(room.network, followed_look(look))
    return go_on(request, place.base + look.changed(desk="on", view=None).query())


async def _open(register: ClassroomRegister, network: bytes, look: str) -> None:
    """Open a room under a code that no other has."""
    for _ in range(_TRIES):
        room = Classroom(network, secrets.token_urlsafe(18), new_code(), look)
        if await register.open(room, ROOM_SECONDS):
            return
    raise TakebackError


@router.post(f"{STORED}/room/end")
async def end_room(request: Request) -> Response:
    """End the room for everybody in it, and say so to whoever did. Raises ClassOver."""
    place: NetworkAddress = await place_of(request)
    room, classes = await followed_room(request), classes_of(request)
    await classes.register.end(room.network)
    classes.wake(room.network)
    query = options_of(request).changed(desk=None).query()
    return go_on(request, f"{place.base}/room{query}{'&' if query else '?'}over=on")
