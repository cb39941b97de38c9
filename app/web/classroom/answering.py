"""Answers of those who follow: one a device, until the question is closed."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.errors import CapacityReached, InvalidInput, QuestionOver
from app.lab.asking.questions import AskedQuestion
from app.store.classrooms import Stage
from app.views.options import ViewOptions
from app.views.pages.asking import no_answer_sentence, own_answer_sentence
from app.web.budgets.rates import Quota, rates_of, spend
from app.web.classroom.asked import shown_tally
from app.web.classroom.devices import device_of, is_of, new_mark
from app.web.classroom.followed_page import NO_ANSWER, base_of, context_of_sight, look_of, wish_of
from app.web.http.application import pool_of
from app.web.http.page import page, see_other
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks.audiences import Classes, Sight, classes_of
from app.web.networks.forms import read_form
from app.web.pages.options import options_of
from app.web.pages.preparation import compute_ahead, drawn_page

router = Routes()
_ADDRESS = "/watch/{token}"
_MOST_RETURNED = 1_000


@router.post(f"{_ADDRESS}/answer")
async def take_answer(request: Request) -> Response:
    """Keep a device's answer to the question that its page showed; what is wrong with it is said.

    Raises TooManyRequests, and NotFound if the room is over.
    """
    token, classes = request.path_params["token"], classes_of(request)
    sight, look = await classes.sight(token), options_of(request)
    await spend(request, Quota.ANSWER)
    name = hashlib.sha256(token.encode()).hexdigest()[:32]
    await rates_of(request).spend(Quota.EVERY_ANSWER, name)
    typed = await read_form(request, buttons=("answer",))
    status, wrong, readings = 200, "", tuple[str, ...]()
    try:
        await _keep(request, sight, typed)
    except (InvalidInput, QuestionOver, CapacityReached) as error:
        status, wrong = error.status, detail(error)
        readings = error.readings if isinstance(error, InvalidInput) else ()
    look = look.changed(me=typed.get("me", "")[:40] or None)
    if not is_htmx(request) and not wrong:
        return see_other(base_of(request, token) + look.query())
    context = {
        "wrong": wrong, "readings": readings, "typed": typed.get("answer", "")[:_MOST_RETURNED],
    }  # fmt: skip
    if is_htmx(request):
        context |= await own_answer(classes, sight, look) | {"base": base_of(request, token)}
        return page(
            request, "classroom/own_answer_update.html", context, status=status,
            headers={"hx-replace-url": base_of(request, token) + look.query()},
        )  # fmt: skip
    me = look.me if is_of(sight.room, look.me) else ""
    return await own_page(request, sight, look, me=me, beside=context, status=status)


async def _keep(request: Request, sight: Sight, typed: dict[str, str]) -> None:
    """Keep an answer. Raises InvalidInput, QuestionOver and CapacityReached."""
    room, settings = sight.room, request.app.state.settings
    device = device_of(room, typed.get("me", ""))
    if room.stage is not Stage.OPEN or typed.get("number") != str(room.number):
        raise QuestionOver
    kept = AskedQuestion.read(room.question).answered(typed.get("answer", ""))
    most = settings.max_followers * settings.workers
    register = classes_of(request).register
    if not await register.answer(room.token, room.number, device, kept, most):
        raise QuestionOver


async def own_answer(
    classes: Classes, sight: Sight, look: ViewOptions, *, asks: bool = False
) -> dict[str, Any]:
    """What a page says of its own device's answer; where it ``asks``, also that there is none."""
    room, own, kept, choices = sight.room, "", "", range(0)
    if room.stage is not Stage.NONE and look.me:
        if is_of(room, look.me):
            kept = await classes.register.answered(room.token, device_of(room, look.me))
        question = AskedQuestion.read(room.question)
        own, choices = own_answer_sentence(question, kept), range(len(question.choices))
    if asks and not own:
        own = no_answer_sentence(room.stage.name)
    return {
        "own_answer": own, "own_choice": kept, "question_number": room.number,
        "choices": choices if room.stage is Stage.OPEN else (),
    }  # fmt: skip


async def own_page(
    request: Request, sight: Sight, look: ViewOptions, template: str = "watch",
    *, me: str, opened: str | None = None, beside: Mapping[str, Any] = MappingProxyType({}),
    **answer: Any,
) -> Response:  # fmt: skip
    """The page of a device: what all see, its mark and its own answer.

    ``me`` is the mark that it came with, "" for a new one; ``beside`` is what its template prints
    besides, ``answer`` the status and the headers.
    """
    room, wish, lab = sight.room, wish_of(look), sight.opened.lab
    tally = await shown_tally(request, room, counts=bool(look.view))
    said = await own_answer(classes_of(request), sight, look)
    mark = "" if look.view else me or new_mark(room)

    def draw() -> Response:
        context = context_of_sight(request, sight, wish, opened=opened, tally=tally, me=me) | said
        # Every way on from this page has its mark, and with it the way back from a copy.
        own = context["own"].changed(me=mark or None)
        context |= {"own": own, "query": own.query(), "me": mark}
        context |= {"typed": "", **beside}
        return page(request, f"classroom/{template}.html", context, **answer)

    await compute_ahead(pool_of(request), lab, look_of(sight, wish, opened=opened))
    return await drawn_page(request, lab, draw)


@router.get(f"{_ADDRESS}/answered")
async def count_answers(request: Request) -> Response:
    """How many have answered; 204 if it is as many as the page shows, or the question is over."""
    token, classes = request.path_params["token"], classes_of(request)
    room = await classes.register.watched(token)
    tally = await shown_tally(request, room, counts=True) if room else None
    answered = sum(tally.counts.values()) if tally else 0
    is_over = room is None or room.stage is not Stage.OPEN
    if is_over or request.query_params.get("seen") == str(answered):
        return Response(status_code=204, headers={"cache-control": "no-store"})
    context = {"watching": base_of(request, token), "answered": answered}
    return page(request, "classroom/answered.html", context)


@router.get(f"{_ADDRESS}/answer")
async def find_own_answer(request: Request) -> Response:
    """A device's answer as it is kept, for a page that was out of reach; else the form's page."""
    token, look = request.path_params["token"], options_of(request)
    if not is_htmx(request):
        return see_other(base_of(request, token) + look.query())
    classes = classes_of(request)
    own = await own_answer(classes, await classes.sight(token), look, asks=True)
    context = {**NO_ANSWER, **own, "base": base_of(request, token)}
    return page(request, "classroom/own_answer_update.html", context)
