"""A class goes on with another network: its code and its phones stay."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from app.errors import InvalidInput, NotFound
from app.views.options import ViewOptions
from app.web.classroom.desk_context import asking_context, desk_context, followed_room
from app.web.http.application import root_of
from app.web.http.page import go_on, page
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks import commands
from app.web.networks.audiences import classes_of
from app.web.networks.following import followed_look
from app.web.networks.forms import read_form
from app.web.pages.address import STORED, NetworkAddress, place_at, place_of, stored_place
from app.web.pages.options import options_of

_NAMES = {"networks": "network_id", "examples": "slug", "at": "link"}
"""What the first part of a network's address says that the second one is."""
_FOLLOWED = ("watch", "j", "join")
router = Routes()


@router.post(f"{STORED}/room/network")
async def move_room(request: Request) -> Response:
    """Show a class another network, which is stored for that if it is not yet.

    An address that names none is told beside the field that it was typed in. Raises ClassOver.
    """
    place, look, typed = await place_of(request), options_of(request), await read_form(request)
    classes = classes_of(request)
    room = await followed_room(request)
    address = typed.get("address", "").strip()
    elsewhere = ViewOptions.from_query(dict(parse_qsl(look.elsewhere[1:])))
    try:
        to = await _named(request, address)
        opened = to.opened or await commands.create(request, to.lab)
        key = opened.key
        if key != room.network:
            if not await classes.register.move(room.network, key, followed_look(elsewhere)):
                raise InvalidInput("followed_already", pointer="/address")
            for one in (room.network, key):
                classes.wake(one)
    except (InvalidInput, NotFound) as error:
        context: dict[str, Any] = await desk_context(request, place, look)
        context |= asking_context(place, look) | {"at": "room"}
        context |= {"wrong_address": detail(error), "typed_address": address}
        template = "classroom/another_update.html" if is_htmx(request) else "classroom/desk.html"
        return page(request, template, context, status=error.status)
    desk = elsewhere.changed(desk="on", view=None)
    return go_on(request, stored_place(request, opened).base + desk.query())


async def _named(request: Request, address: str) -> NetworkAddress:
    """The network of an address that was typed: of its page, of any page of it, or of a link.

    Raises InvalidInput if it is no such address, NotFound if there is no such network.
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    parts = path.removeprefix(root_of(request)).strip("/").split("/")
    if parts[0] in _FOLLOWED:
        raise InvalidInput("follows_only", pointer="/address")
    if len(parts) < 2 or parts[0] not in _NAMES:
        raise InvalidInput("no_network_there", pointer="/address")
    return await place_at(request, {_NAMES[parts[0]]: parts[1]})
