"""What a follower's page shows: the network as whoever drives it sees it, without what drives it.

The page is drawn for its own address, so nothing on it leads to the network's.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.requests import Request

from app.errors import InvalidInput, NotFound
from app.explain.notation import NOTATIONS
from app.messages.announcements import ANOTHER_NETWORK
from app.store.lab_runs import PastRun
from app.store.lab_store import StoredNetwork
from app.views.options import THEMES, ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.obstacles import obstacle_sentences
from app.views.text.announcements import run_text
from app.web.classroom.asked import Tally, asked_in, shown_tally
from app.web.http.application import pool_of, root_of
from app.web.http.templating import Templates
from app.web.networks.audiences import AGAIN_SECONDS, Sight, Wish
from app.web.networks.shared_stream import Letter, last_letter, letter
from app.web.pages.preparation import compute_ahead, is_large
from app.web.pages.view import view_of

_CONTROLS = ("panel",)
NO_ANSWER: Mapping[str, Any] = MappingProxyType(
    {"own_answer": "", "own_choice": "", "wrong": "", "readings": ()}
)
"""What is said of a device's own answer where there is none."""


def base_of(request: Request, token: str) -> str:
    """The address of a follower's page."""
    return f"{root_of(request)}/watch/{token}"


def wish_of(look: ViewOptions) -> Wish:
    """What of a reader's options holds on a follower's page."""
    return Wish(look.notation, look.theme, look.view)


def look_of(sight: Sight, wish: Wish, *, opened: str | None = None) -> ViewOptions:
    """How a follower sees a network; ``opened`` is what they have opened for themselves."""
    query = dict(parse_qsl(sight.room.look[1:]))
    try:
        shown = ViewOptions.from_query(query, framed=True)
    except ValidationError:  # what another version has written, or a damaged file
        shown = ViewOptions(framed=True)
    changes: dict[str, object] = {
        "controls": _CONTROLS,
        "theme": wish.theme,
        "view": wish.view or None,
    }
    if wish.notation:
        changes["notation"] = wish.notation
    if opened is not None:
        changes |= {"open": opened, "check": None}
    return shown.changed(**changes)


def context_of_sight(
    request: Request, sight: Sight, wish: Wish, *,
    opened: str | None = None, tally: Tally | None = None, me: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What a follower's templates print.

    NotFound if there is no number that they have opened; in another network than the one that the
    class began with, they then see what the class sees.
    ``tally`` are the answers to what is asked, where they may be seen; ``me`` is the device's mark.
    """
    lab, look = sight.opened.lab, look_of(sight, wish, opened=opened).changed(me=me or None)
    try:
        shown = view_of(lab, look)
    except (InvalidInput, NotFound):
        if opened and not sight.room.moved:
            raise
        # Another tab drives what this one has open no more, or it is another network by now.
        opened = None
        look = look.changed(open=None, sample=None, unfold=None, into=None)
        shown = view_of(lab, look)
    own = ViewOptions.from_query(wish.chosen | ({"me": me} if me else {}))
    is_other = sight.number == sight.room.moved
    said = ""
    if sight.speaks and opened is None:
        said = sentence(lab, look) if is_other else _told(sight.opened, look)
    if said and is_other:
        name = shown.origin.short_title if shown.origin else shown.diagram.shape
        said = f"{ANOTHER_NETWORK.format(name=name)} {said}"
    asked = asked_in(sight.room, lab, sight.opened.version, look.notation_for(lab), tally)
    return {
        "asked": asked,
        "question_number": sight.room.number,
        **NO_ANSWER,
        "base": base_of(request, sight.room.token),
        "query": own.query(),
        "own": own,
        "notations": NOTATIONS,
        "themes": THEMES,
        "look": look,
        "opening": "" if wish.view else look.opening,  # on a projector there is nobody to click
        "controls": look.shown_controls,
        "lab": shown,
        "obstacles": obstacle_sentences(lab, look),
        "said": said,
        "is_own": opened is not None,
        "moved": sight.room.moved,
        "stored": False,
        "notice": None,
        "again": AGAIN_SECONDS,
    }


def _told(opened: StoredNetwork, look: ViewOptions) -> str:
    """What was done last, in the words of whoever did it."""
    lab = opened.lab
    if past := PastRun.of(opened.last_op):
        return run_text(past.ending, past.begun(lab), lab, past.goal)
    return sentence(lab, look, opened.command)


async def draw(request: Request, sight: Sight | None, wish: Wish) -> Letter:
    """The event that shows a sight, or says that the room is over."""
    templates: Templates = request.app.state.templates
    if sight is None:
        return last_letter(templates.render(request, "classroom/over.html", {}))

    tally = await shown_tally(request, sight.room, counts=bool(wish.view))

    def drawn() -> Letter:
        context = context_of_sight(request, sight, wish, tally=tally)
        return letter(templates.render(request, "classroom/update.html", context), sight.number)

    pool = pool_of(request, watched=False)
    await compute_ahead(pool, sight.opened.lab, look_of(sight, wish))
    if is_large(sight.opened.lab):
        return await pool.made(drawn, fits="page")
    return drawn()
