"""Asking: what whoever drives does with a question."""

from starlette.requests import Request
from starlette.responses import Response

from app.errors import InvalidInput, NotFound, QuestionOver
from app.explain.quantities import UnknownQuantity
from app.lab import walking
from app.lab.asking.asking import MOST_CHOICES
from app.lab.asking.questions import AskedQuestion
from app.lab.lab import Lab
from app.store.classrooms import Classroom, Stage
from app.store.lab_store import StoredNetwork
from app.views.options import ViewOptions
from app.web.classroom.desk_context import asking_context, asking_of, desk_context, followed_room
from app.web.http.application import pool_of, store_of
from app.web.http.page import go_on, page, see_other
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks import commands
from app.web.networks.audiences import classes_of
from app.web.networks.forms import read_form
from app.web.networks.lookup import no_such
from app.web.pages.address import STORED, NetworkAddress, place_of, stored_place
from app.web.pages.lab_answers import context_of, page_of, refusals
from app.web.pages.options import options_after, options_of
from app.web.pages.parts import Part, whole_page
from app.web.pages.preparation import drawn_page, prepare_page

_STAGES = {"closed": Stage.CLOSED, "revealed": Stage.REVEALED}
_HERE = {"goes_on_here": True}
"""A command at the desk has been carried out, so the focus goes to what comes next there."""
_DESK = (
    Part("desk", "classroom/strip.html"),
    Part("ask-class", "classroom/ask_summary.html"),
)
router = Routes()


@router.get(f"{STORED}/room/ask")
async def proposals(request: Request) -> Response:
    """Questions that suit the moment in view; as a page, the room with them."""
    place, look = await place_of(request), options_of(request)
    if not is_htmx(request):
        return see_other(f"{place.base}/room{look.query()}")
    return page(request, "classroom/asking.html", asking_context(place, look))


@router.post(f"{STORED}/room/ask")
async def ask(request: Request) -> Response:
    """Ask a question, if the one that its form knew is still the one that is asked."""
    place, look, typed = await place_of(request), options_of(request), await read_form(request)
    room = await followed_room(request)
    try:
        question = _question(place, look, typed)
    except (InvalidInput, NotFound) as error:
        if is_htmx(request):
            context = {"wrong": detail(error)}
            return page(request, "classroom/asking_wrong.html", context, status=error.status)
        if typed.get("at") != "room":
            raise
        context = await desk_context(request, place, look) | asking_context(place, look, typed)
        context |= {"at": "room", "wrong": detail(error)}
        return page(request, "classroom/desk.html", context, status=error.status)
    if typed.get("after", str(room.number)) == str(room.number):
        register = classes_of(request).register
        await register.ask(room.network, question.written())
        classes_of(request).wake(room.network)
    return await _answer(request, place, look, typed)


def _question(place: NetworkAddress, look: ViewOptions, typed: dict[str, str]) -> AskedQuestion:
    """The question that a form asks. Raises InvalidInput, and NotFound for an unknown number."""
    asking = asking_of(place, look)
    if "text" in typed:
        right = typed.get("right") or ""
        chosen = [typed.get(f"choice{number}", "") for number in range(1, MOST_CHOICES + 1)]
        place_of_right = "123456"[:MOST_CHOICES].find(right) if len(right) == 1 else -1
        return asking.own(typed["text"], chosen, place_of_right if right else None)
    key = typed.get("question", "")
    tolerance = typed.get("tolerance", "1")
    if (about := typed.get("about")) is not None:
        if not about.strip():
            raise InvalidInput("missing", pointer="/about")
        key = f"value:{about.strip()}"
    elif "@" in key:
        key, _, tolerance = key.partition("@")
    try:
        return asking.question(key, tolerance)
    except UnknownQuantity:
        # What is computed already would be refused next; the field itself proposes all the others.
        raise no_such("/question", asking.coming_names(), most=8) from None


@router.post(f"{STORED}/room/stage")
async def set_stage(request: Request) -> Response:
    """Close, reveal or drop the question that the form knew; of any other, say that it stays."""
    place, look, typed = await place_of(request), options_of(request), await read_form(request)
    room, classes = await followed_room(request), classes_of(request)
    wanted = typed.get("stage", "")
    if wanted not in (*_STAGES, "dropped"):
        allowed = ", ".join((*_STAGES, "dropped"))
        raise InvalidInput("choice", pointer="/stage", allowed=allowed)
    with refusals():
        _check_asked(room, typed.get("number", ""))
    if wanted == "dropped":
        await classes.register.ask(room.network, "")
    else:
        await classes.register.advance(room.network, room.number, _STAGES[wanted])
    classes.wake(room.network)
    return await _answer(request, place, look, typed)


def _check_asked(room: Classroom, number: str) -> None:
    """Return if the question with this number is still asked, else raise QuestionOver."""
    if room.stage is Stage.NONE or number != str(room.number):
        raise QuestionOver("question_gone")


@router.post(f"{STORED}/room/on")
async def on_to_answer(request: Request) -> Response:
    """Go on to the phase that gives the answer; who is told so late that there is none hears it."""
    with refusals():
        opened = await _gone_on(request)
    look = options_after("phase", opened.lab, options_of(request)).changed(desk="on")
    await prepare_page(request, opened, look)
    place = stored_place(request, opened)
    is_room = (await read_form(request)).get("at") == "room"
    if is_room or not is_htmx(request):
        return go_on(request, place.base + look.query())
    desk = await desk_context(request, place, look)

    def draw() -> Response:
        parts = (*whole_page(look, reading=False), *_DESK)
        context = context_of(request, place, look, command="phase", parts=parts)
        return page_of(request, desk | context | _HERE)

    return await drawn_page(request, opened.lab, draw)


async def _gone_on(request: Request) -> StoredNetwork:
    """The network at the phase that answers the question which the form knew.

    Raises QuestionOver if that is not asked any more, or the network has gone past its moment.
    """
    room, typed = await followed_room(request), await read_form(request)
    _check_asked(room, typed.get("number", str(room.number)))
    question = AskedQuestion.read(room.question)

    def on(lab: Lab) -> Lab:
        if lab.step != question.step or not walking.is_ahead(lab, question.phase):
            raise QuestionOver("gone_on")
        return walking.onward_to(lab, question.phase)

    name, store = request.path_params["network_id"], store_of(request)
    return await commands.change(store, name, on, pool=pool_of(request), name="phase")


async def _answer(
    request: Request, place: NetworkAddress, look: ViewOptions, typed: dict[str, str]
) -> Response:
    """The strip beside the lab or the room's page as it is now, or the page that the form is on."""
    is_room = typed.get("at") == "room"
    if is_htmx(request):
        context = await desk_context(request, place, look) | _HERE
        context |= {"is_asked": "stage" not in typed}
        if is_room:
            context |= asking_context(place, look) | {"at": "room"}
        template = "room_update" if is_room else "strip_update"
        return page(request, f"classroom/{template}.html", context)
    if is_room:
        return see_other(f"{place.base}/room{look.query()}#asking")
    return see_other(place.base + look.changed(desk="on").query())
