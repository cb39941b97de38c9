"""What the desk prints: the room, its question with the answers so far, and what can be asked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from zlib import crc32

from starlette.requests import Request
from starlette.responses import Response

from app.errors import ClassOver, Crowded
from app.lab.asking.asking import MOST_CHOICES, TOLERANCES, Asking
from app.store.base import key_of
from app.store.classrooms import Classroom
from app.store.lab_runs import run_tab
from app.store.lab_store import StoredNetwork
from app.views.options import ViewOptions
from app.views.pages.asking import proposals_of
from app.web.classroom.asked import asked_in, tally_of
from app.web.classroom.join import joining
from app.web.http.application import client_of
from app.web.http.page import page
from app.web.http.problems import as_errors, detail
from app.web.http.templating import is_htmx
from app.web.networks.audiences import classes_of
from app.web.networks.following import followed_look
from app.web.pages.address import NetworkAddress, place_of
from app.web.pages.options import options_of

_FIELDS = ("about", "text", "right", *(f"choice{number}" for number in range(1, MOST_CHOICES + 1)))
NOTHING_TYPED: Mapping[str, str] = MappingProxyType(dict.fromkeys(_FIELDS, "") | {"tolerance": "1"})
"""What stands in the forms at first."""


async def desk_context(
    request: Request, place: NetworkAddress, look: ViewOptions
) -> dict[str, Any]:
    """What the desk prints; ``seen`` differs where it has to be drawn anew.

    ``differs``: the class does not see the network as ``look`` has it. A page that is loaded anew
    or gone back to turns nobody's page. ``is_behind``: it sees another moment than the page;
    ``runs_elsewhere``: it sees a run that another window began.
    """
    classes, opened, query = classes_of(request), place.opened, look.query()
    room = await classes.register.of(opened.key) if opened else None
    context: dict[str, Any] = {
        "look": look, "query": query, "base": place.base, "is_open": room is not None,
        "followers": 0, "asked": None, "seen": "", "is_behind": False, "runs_elsewhere": False,
        "has_moved": False, "full": "", "wrong": "", "wrong_address": "", "typed_address": "",
        "goes_on_here": False, "is_over": False, "is_gone": False,
        "desk_query": look.changed(desk="on", view=None).query(),
    }  # fmt: skip
    if room is None or opened is None:
        return context
    tally = await tally_of(request, room) if room.question else None
    notation, followers = look.notation_for(place.lab), await classes.attended(room.token)
    asked = asked_in(room, place.lab, opened.version, notation, tally, is_desk=True)
    states = {
        "differs": room.look != followed_look(look),
        "has_moved": room.moved == opened.version + room.turns,
        "full": _full(request),
        **_window(request, opened),
    }
    # An answer that is changed leaves their number as it was.
    answers = crc32(repr((sorted(tally.counts.items()), tally.left_out)).encode()) if tally else 0
    seen = f"{opened.version}-{followers}-{room.turns}-{answers}"
    seen += "-moved" if asked and asked.moved_on else ""
    seen += "-onward" if asked and asked.onward else ""
    seen += "".join(f"-{name}" for name, holds in states.items() if holds)
    context |= joining(request, room) | states
    context |= {"followers": followers, "asked": asked, "seen": seen}
    context["count_query"] = f"{query}{'&' if query else '?'}seen={seen}"
    return context


def _window(request: Request, opened: StoredNetwork) -> dict[str, bool]:
    """What of the network's present the window does not show by itself, as its own run."""
    shown, op = (request.query_params.get(name) for name in ("version", "op"))
    runs = classes_of(request).is_running(opened)
    is_own = (op or "").partition(".")[0] == run_tab(opened.last_op)
    behind = not runs and shown not in (None, str(opened.version))
    return {"is_behind": behind, "runs_elsewhere": runs and not is_own}


def _full(request: Request) -> str:
    """Why nobody else can follow from where the desk is, or ""."""
    try:
        classes_of(request).check_room(client_of(request).address)
    except Crowded as error:
        return detail(error)
    return ""


async def followed_room(request: Request) -> Classroom:
    """The room whose desk asks. Raises ClassOver if there is none, NotFound without a network."""
    room = await classes_of(request).register.of(key_of(request.path_params["network_id"]))
    if room is None:
        await place_of(request)
        raise ClassOver
    return room


async def left_desk(request: Request, error: Exception) -> Response:
    """The desk that its class has left, as it is now, saying so; the way back is on it."""
    place, look = await place_of(request), options_of(request)
    context = await desk_context(request, place, look) | asking_context(place, look)
    context |= {"wrong": detail(as_errors(error)[0]), "is_gone": True, "at": "room"}
    template = "classroom/desk_left.html" if is_htmx(request) else "classroom/desk.html"
    return page(request, template, context, status=ClassOver.status)


def asking_context(
    place: NetworkAddress, look: ViewOptions, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, Any]:
    """What the forms print that ask about a network, and what was ``typed`` in them."""
    asking = asking_of(place, look)
    return {
        "base": place.base, "query": look.query(), "at": "", "wrong": "",
        "version": asking.version,
        "proposals": proposals_of(asking, look.notation_for(place.lab)),
        "names": asking.coming_names(), "tolerances": TOLERANCES,
        "numbers": range(1, MOST_CHOICES + 1),
        "typed": {**NOTHING_TYPED, **typed},
    }  # fmt: skip


def asking_of(place: NetworkAddress, look: ViewOptions) -> Asking:
    """What can be asked about the moment of a network."""
    version = place.opened.version if place.opened else 0
    return Asking(place.lab, version, look.sample)
