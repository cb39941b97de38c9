"""What the desk prints: the room, its question with the answers so far, and what can be asked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from app.lab.asking.asking import MOST_CHOICES, TOLERANCES, Asking
from app.store.base import key_of
from app.views.options import ViewOptions
from app.views.pages.asking import proposals_of
from app.web.classroom.asked import asked_in, tally_of
from app.web.classroom.join import joining
from app.web.networks.audiences import classes_of
from app.web.networks.following import followed_look
from app.web.pages.address import NetworkAddress

_FIELDS = ("about", "text", "right", *(f"choice{number}" for number in range(1, MOST_CHOICES + 1)))
NOTHING_TYPED: Mapping[str, str] = MappingProxyType(dict.fromkeys(_FIELDS, "") | {"tolerance": "1"})
"""What stands in the forms at first."""


async def desk_context(
    request: Request, place: NetworkAddress, look: ViewOptions
) -> dict[str, Any]:
    """What the desk prints; ``seen`` differs where it has to be drawn anew.

    ``differs``: the class does not see the network as ``look`` has it. A page that is loaded anew
    or gone back to turns nobody's page.
    """
    classes, opened, query = classes_of(request), place.opened, look.query()
    room = await classes.register.of(key_of(opened.id)) if opened else None
    context: dict[str, Any] = {
        "look": look, "query": query, "base": place.base, "is_open": room is not None,
        "followers": 0, "asked": None, "seen": "", "is_behind": False, "has_moved": False,
        "wrong_address": "", "typed_address": "", "goes_on_here": False, "is_over": False,
        "desk_query": look.changed(desk="on", view=None).query(),
    }  # fmt: skip
    if room is None or opened is None:
        return context
    # Of a run that goes on, which a page follows by itself, every version is a while behind.
    shown, rests = request.query_params.get("version"), not classes.is_running(opened)
    behind = context["is_behind"] = rests and shown not in (None, str(opened.version))
    tally = await tally_of(request, room) if room.question else None
    notation, followers = look.notation_for(place.lab), await classes.attended(room.token)
    asked = asked_in(room, place.lab, opened.version, notation, tally, is_desk=True)
    seen = f"{followers}-{room.turns}-{sum(tally.counts.values()) + tally.left_out if tally else 0}"
    differs = room.look != followed_look(look)
    seen += "-behind" * behind + "-differs" * differs
    seen += "-moved" if asked and asked.moved_on else ""
    seen += "-onward" if asked and asked.onward else ""
    has_moved = room.moved == opened.version + room.turns
    seen += "-here" * has_moved
    context |= joining(request, room) | {"has_moved": has_moved}
    context |= {"followers": followers, "asked": asked, "seen": seen, "differs": differs}
    context["count_query"] = f"{query}{'&' if query else '?'}seen={seen}"
    return context


def asking_context(
    place: NetworkAddress, look: ViewOptions, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, Any]:
    """What the forms print that ask about a network, and what was ``typed`` in them."""
    asking = asking_of(place, look)
    return {
        "base": place.base, "query": look.query(), "at": "",
        "proposals": proposals_of(asking, look.notation_for(place.lab)),
        "names": asking.coming_names(), "tolerances": TOLERANCES,
        "numbers": range(1, MOST_CHOICES + 1),
        "typed": {**NOTHING_TYPED, **typed},
    }  # fmt: skip


def asking_of(place: NetworkAddress, look: ViewOptions) -> Asking:
    """What can be asked about the moment of a network."""
    version = place.opened.version if place.opened else 0
    return Asking(place.lab, version, look.sample)
