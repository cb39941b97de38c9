"""Run and Stop: streamed into the page by htmx, answered when done without it."""

import secrets
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BeforeValidator, Field
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import InvalidInput, VersionConflict
from app.lab import limits
from app.lab.lab import Lab
from app.lab.runs import BATCH, GOALS, Ending, RunCommand, RunGoal
from app.store.base import key_of
from app.store.lab_store import StoredNetwork, fits
from app.views.options import SPEED_OFF, ViewOptions
from app.views.text.announcements import run_text
from app.web.budgets.pool import whole
from app.web.budgets.rates import Quota, spend
from app.web.http.application import pool_of, store_of
from app.web.http.problems import VARY, detail
from app.web.http.routing import Routes
from app.web.http.templating import Templates, is_htmx
from app.web.networks import commands
from app.web.networks.audiences import classes_of
from app.web.networks.bodies import MAX_RUN
from app.web.networks.choices import one_of
from app.web.networks.forms import CommandForm, WholeField, plain_number, read_form
from app.web.networks.shared_stream import kept_alive
from app.web.pages.address import EVERYWHERE, STORED, UNSTORED, place_of, stored_place, within
from app.web.pages.form_errors import Notice
from app.web.pages.lab_answers import context_of, done, figures_context, page_of, refusals
from app.web.pages.live_runs import LiveRun, LiveRuns, RunFrame, live_runs_of
from app.web.pages.options import options_after, options_of
from app.web.pages.parts import frame_parts, need_a_page
from app.web.pages.preparation import drawn_page, is_large, prepare_page
from app.web.pages.view import view_of

EVENTS = "text/event-stream"


router = Routes()


def _given(text: str) -> str | None:
    """A field that may be left empty."""
    return plain_number(text) if text.strip() else None


class RunForm(CommandForm):
    """The run's form: a number of steps, and perhaps an error, or another goal, to end at."""

    count: Annotated[WholeField, Field(ge=1, le=MAX_RUN)] = 1
    until: Annotated[
        Annotated[float, Field(ge=0, le=limits.MAX_NUMBER, allow_inf_nan=False)] | None,
        BeforeValidator(_given),
    ] = None

    goal: one_of(*GOALS) = BATCH  # type: ignore[valid-type]
    still: bool = False
    """Whether the reader wants to see no motion."""

    @property
    def wanted(self) -> RunGoal:
        """What the run is to do; values that were typed but not yet set hold for it."""
        typed = self.edit(self.sample, self.learning_rate)
        return RunGoal(self.count, self.until, typed, self.goal)


@router.post(*(f"{path}/run" for path in within(UNSTORED)))
async def run_unstored(request: Request) -> Response:
    """Run a network that is not stored: that creates it."""
    look, place = options_of(request), await place_of(request)
    typed = await read_form(request)
    with refusals():
        await spend(request, Quota.RUN)
        typed["op"] = secrets.token_urlsafe(9)  # the tab has none yet
        form = RunForm.of(typed)
        await _check_view(request, place.lab, look)
        if _streams(request):
            form.wanted.check_room(place.lab)
            async with pool_of(request).place():
                opened = await commands.create(request, place.lab)
            return await _stream(request, opened, form, look, place.base)
        running = _running(form.wanted)
        lab = await commands.run(running, place.lab, pool=pool_of(request))
        opened = await commands.create(request, lab, form.op, before=place.lab)
    await prepare_page(request, opened, look)
    return await drawn_page(request, opened.lab, partial(_ran, request, opened, running, look))


@router.post(*(f"{path}/run" for path in within((STORED,))))
async def run_network(request: Request) -> Response:
    """Run a network, if it still stands as the form showed it."""
    network_id, look = request.path_params["network_id"], options_of(request)
    store, runs = store_of(request), live_runs_of(request)
    typed = await read_form(request)
    with refusals():
        form = RunForm.of(typed)
        if form.version is None:
            raise InvalidInput("missing", pointer="/version")
        if await runs.repeats(network_id, form.op):
            return _begun_already()
        await spend(request, Quota.RUN)
        expected, _ = await runs.settled(network_id, form.version, form.op)
        if _streams(request):
            opened = await store.load(network_id)
            if opened.version != expected:
                raise VersionConflict(version=opened.version)
            await _check_view(request, opened.lab, look)
            form.wanted.check_room(opened.lab)
            base = stored_place(request, opened).base
            return await _stream(request, opened, form, look, base)
        running = _running(form.wanted)
        opened = await commands.change(
            store, network_id, running, pool=pool_of(request), expected=expected,
            op=form.intention("run"),
        )  # fmt: skip
    await prepare_page(request, opened, look)
    return await drawn_page(request, opened.lab, partial(_ran, request, opened, running, look))


async def _check_view(request: Request, lab: Lab, look: ViewOptions) -> None:
    """Refuse, before a run begins, options that its network does not have."""
    if is_large(lab):
        await pool_of(request).made(view_of, lab, look, fits="page")
    else:
        view_of(lab, look)


def _begun_already() -> Response:
    return Response(status_code=204, headers={"cache-control": "no-store", "vary": VARY})


def _streams(request: Request) -> bool:
    """Whether the page can take the run as a stream."""
    return is_htmx(request) and EVENTS in request.headers.get("accept", "")


def _running(goal: RunGoal) -> RunCommand:
    return RunCommand(goal, fits, limits.MAX_RUN_SECONDS)


def _ran(
    request: Request, opened: StoredNetwork, running: RunCommand, look: ViewOptions
) -> Response:
    """The page after a run that somebody waited for; without a word where all went as asked."""
    ending, start = running.ending, running.start
    look = options_after("run", opened.lab, look)
    if ending is None or start is None or (ending is Ending.COUNT and not is_htmx(request)):
        return done(request, opened, look, "run")
    place = stored_place(request, opened)
    context = context_of(request, place, look)
    context |= _words(ending, start, opened.lab, running.goal)
    return page_of(request, context, extra={"hx-push-url": place.base + look.query()})


def _words(ending: Ending, start: Lab, lab: Lab, goal: RunGoal) -> dict[str, Any]:
    """The one sentence about a run that ended: aloud, or as a warning."""
    sentence = run_text(ending, start, lab, goal)
    if ending.is_trouble:
        return {"notice": Notice((sentence,), {}, {}, moved_on=True)}
    return {"said": sentence}


# --- streaming ------------------------------------------------------------------------------


class _Events(StreamingResponse):
    """A run as server-sent events. It keeps its place in the pool as long as somebody listens."""

    def __init__(self, request: Request, opened: StoredNetwork, run: LiveRun) -> None:
        root = stored_place(request, opened).base
        headers = {
            "cache-control": "no-store",
            "x-accel-buffering": "no",
            "vary": VARY,
            "hx-push-url": root + run.look.query(),
        }
        if request.headers.get("hx-current-url", "").endswith(headers["hx-push-url"]):
            del headers["hx-push-url"]
        super().__init__(kept_alive(_events(request, run)), headers=headers, media_type=EVENTS)
        self._runs, self._run, self._id = live_runs_of(request), run, opened.id
        self._classes = classes_of(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the run ends or nobody listens any more; then it ends too."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._runs.end(self._id, self._run)
            self._classes.wake(key_of(self._id))  # those who follow hear how it ended


async def _stream(
    request: Request, opened: StoredNetwork, form: RunForm, look: ViewOptions, base: str
) -> Response:
    """Begin to run; the form came to an address below ``base``. Busy if too many run already."""
    query = request.url.query
    address = f"{base}/run" + (f"?{query}" if query else "")
    share = pool_of(request, watched=False)
    still = form.still or look.speed == SPEED_OFF
    run = LiveRun(opened, form.wanted, form.op, look, address, share, still=still)
    begun = await live_runs_of(request).begin(opened.id, run)
    return _Events(request, opened, run) if begun else _begun_already()


async def _events(request: Request, run: LiveRun) -> AsyncIterator[bytes]:
    runs: LiveRuns = live_runs_of(request)
    shown: tuple[Lab, ViewOptions] | None = None
    async for frame in run.frames(store_of(request), runs):
        look = options_after("run", frame.opened.lab, run.look)
        await prepare_page(request, frame.opened, look)
        goes_on = frame.ending is None and frame.error is None
        draw = partial(_drawn, request, run, frame, look, shown if goes_on else None)
        await runs.turn()
        if is_large(frame.opened.lab):
            text = await run.pool.turns(whole(draw))
        else:
            begun = time.perf_counter()
            text = draw()
            runs.measured(time.perf_counter() - begun)
        event = _event(text, frame.opened.version if frame.taken else None)
        shown = frame.opened.lab, look
        yield event


def _drawn(
    request: Request, run: LiveRun, frame: RunFrame, look: ViewOptions,
    shown: tuple[Lab, ViewOptions] | None,
) -> str:  # fmt: skip
    """The parts of the page at one frame that differ from the one before, ``shown``."""
    lab, ending, place = frame.opened.lab, frame.ending, stored_place(request, frame.opened)
    parts = frame_parts(shown[0], lab, shown[1], look, place.base) if shown else None
    if parts and not need_a_page(parts):
        context = figures_context(request, place, look, parts) | {"said": "", "run": run}
    else:
        context = context_of(request, place, look, parts=parts)
        if ending is None:
            context |= {"run": run, "begins": not frame.taken}
        else:
            context |= {"run": None, **_words(ending, run.start, lab, run.goal)}
        if frame.error:
            context["notice"] = Notice((detail(frame.error),), {}, {}, moved_on=True)
    templates: Templates = request.app.state.templates
    return templates.render(request, "lab/update.html", context)


def _event(text: str, version: int | None) -> bytes:
    """``text`` as a server-sent event; its id is the version that it shows."""
    lines = text.replace("\r", "").split("\n")
    head = "" if version is None else f"id: {version}\n"
    return (head + "".join(f"data: {line}\n" for line in lines) + "\n").encode()


# --- stopping -------------------------------------------------------------------------------


@router.post(*(f"{path}/stop" for path in within(EVERYWHERE)))
async def stop(request: Request) -> Response:
    """End the run of a network, whoever began it; the page at the last frame that was shown."""
    look, place = options_of(request), await place_of(request)
    typed = await read_form(request)
    opened, runs = place.opened, live_runs_of(request)
    if opened is None:
        return page_of(request, context_of(request, place, look))
    run = runs.of(opened)
    await runs.stop(opened.id, typed.get("op", "").partition(".")[0])
    opened = await store_of(request).load(opened.id)  # the last frame, whoever took it
    place, look = stored_place(request, opened), options_after("stop", opened.lab, look)
    if run is None or not is_htmx(request):
        return done(request, opened, look, "stop")
    await prepare_page(request, opened, look)

    def stopped() -> Response:
        context = context_of(request, place, look)
        context |= _words(Ending.STOPPED, run.begun(opened.lab), opened.lab, run.goal)
        return page_of(request, context)

    return await drawn_page(request, opened.lab, stopped)
