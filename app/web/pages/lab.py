"""The pages, and the forms on them: with htmx a fragment, without it a redirect."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from app.errors import InvalidInput, NotFound, TakebackError
from app.explain.notation import NOTATIONS
from app.lab import walking
from app.lab.edits import Edit
from app.lab.examples import DEFAULT, EXAMPLES
from app.lab.lab import Lab
from app.lab.runs import StepCommand
from app.lab.sample_in_view import edit_of
from app.store.lab_store import StoredNetwork
from app.views.options import BESIDE_THE_NETWORK, DIGITS, OF_A_NETWORK, THEMES, ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.dataset import data_of
from app.views.pages.lab import example_cards, lab_figures
from app.views.plots.card import plots_card_of
from app.web.http.application import pool_of, store_of
from app.web.http.problems import VARY, as_errors, detail, error_headers
from app.web.http.templating import Templates, is_htmx
from app.web.networks import commands
from app.web.networks.forms import CommandForm, read_form
from app.web.pages.address import (
    EVERYWHERE,
    STORED,
    UNSTORED,
    NetworkAddress,
    example_place,
    place_of,
    stored_place,
    within,
)
from app.web.pages.announcements import SAID_AFTER, said_of_link, view_of
from app.web.pages.form_errors import Notice, field_name, kept, kept_run
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_after, options_of
from app.web.pages.parts import Part, changed_parts, is_figures_alone, whole_page
from app.web.pages.preparation import prepared
from app.web.pages.share import whereabouts


def _templates(request: Request) -> Templates:
    templates: Templates = request.app.state.templates
    return templates


def context_of(
    request: Request,
    place: NetworkAddress,
    look: ViewOptions,
    *,
    command: str | None = None,
    notice: Notice | None = None,
    parts: tuple[Part, ...] | None = None,
) -> dict[str, Any]:
    """What the lab's templates print. Before the first command a network has no id.

    Args:
        request: the request.
        place: the network.
        look: the reader's options.
        command: what was done, if it has a sentence of its own.
        notice: what was wrong.
        parts: what an answer to htmx sends; None for all of the page.
    """
    lab, opened = place.lab, place.opened
    shown = view_of(lab, look)
    said = None if request.method == "POST" else said_of_link(request, shown, look)
    # A page that is loaded anew has no stream: for it a run goes on elsewhere, or is about to end.
    run = live_runs_of(request).of(opened.id) if opened and is_htmx(request) else None
    if said is None:
        # While numbers move there is nothing to say that would not be old at once.
        said = "" if run else sentence(lab, look, command)
    reading = request.method != "POST"
    return {
        **_shared_context(request, place, look),
        "lab": shown,
        "pictures": plots_card_of(lab, look),
        "said": said,
        "data": None if is_htmx(request) else data_of(lab.present),
        "notations": NOTATIONS,
        "themes": THEMES,
        "digits": DIGITS,
        "examples": EXAMPLES,
        "parts": whole_page(look, reading=reading) if parts is None else parts,
        "notice": notice,
        "run": run,
        "run_typed": {} if is_htmx(request) else kept_run(getattr(request.state, "typed", {})),
    }


def figures_context(
    request: Request,
    place: NetworkAddress,
    look: ViewOptions,
    parts: tuple[Part, ...],
    command: str | None = None,
) -> dict[str, Any]:
    """What templates print where the page keeps all but the network's figures."""
    return {
        **_shared_context(request, place, look),
        "lab": lab_figures(place.lab, look),
        "said": sentence(place.lab, look, command),
        "parts": parts,
        "notice": None,
        "run": None,
    }


def _shared_context(request: Request, place: NetworkAddress, look: ViewOptions) -> dict[str, Any]:
    opened = place.opened
    return {
        "base": place.base,
        "query": look.query(),
        "look": look,
        "controls": look.shown_controls,
        "elsewhere": whereabouts(request, place, look) if look.framed else "",
        "stored": opened is not None,
        "version": opened.version if opened else None,
        "op": _token(request, opened) if opened else "",
        "begins": False,
    }


def _token(request: Request, opened: StoredNetwork) -> str:
    """What marks a form as drawn for one tab at one version.

    Clicks that overtake the answer are the same intention, and are told apart from another tab.
    """
    typed = getattr(request.state, "typed", {})
    tab = typed.get("op", "").partition(".")[0] if is_htmx(request) else ""
    return f"{tab[:32] or secrets.token_urlsafe(9)}.{opened.version}"


def page_of(
    request: Request,
    context: Mapping[str, Any],
    status: int = 200,
    extra: Mapping[str, str] | None = None,
) -> Response:
    """The lab, or the parts of it that htmx asked for."""
    framed = context["look"].framed
    name = "lab/embed.html" if framed else "lab/page.html"
    if is_htmx(request):
        only_panel = request.headers.get("hx-target", "").endswith("#panel")
        name = "lab/panel_update.html" if only_panel else "lab/update.html"
    stored = context["stored"] or status != 200
    headers = {
        "cache-control": "no-store" if stored else "public, max-age=60",
        "vary": VARY,
        **(extra or {}),
    }
    return _templates(request).response(request, name, context, status=status, headers=headers)


# --- reading --------------------------------------------------------------------------------


async def home(request: Request) -> Response:
    """The lab, at the default example."""
    return _drawn(request, example_place(request, DEFAULT))


async def examples_page(request: Request) -> Response:
    """All worked examples, to choose from."""
    look = options_of(request)
    context = {"cards": example_cards(), "look": look, "query": look.elsewhere}
    headers = {"cache-control": "public, max-age=60", "vary": VARY}
    return _templates(request).response(request, "examples/page.html", context, headers=headers)


async def lab_page(request: Request) -> Response:
    """The lab at a network's present state; what is not stored stays so.

    A sample, fold or unit that the network lacks is explained on its page.
    """
    place = await place_of(request)
    try:
        return _drawn(request, await prepared(request, place, options_of(request)))
    except InvalidInput as error:
        if (error.pointer or "").lstrip("/") not in OF_A_NETWORK:
            raise
        notice = Notice((detail(error),), {}, {}, moved_on=True)
        context = context_of(
            request, place, options_of(request, only=BESIDE_THE_NETWORK), notice=notice
        )
        return page_of(request, context, error.status)


def _drawn(request: Request, place: NetworkAddress) -> Response:
    look = options_of(request)
    if place.opened and is_htmx(request):
        shown = request.headers.get("hx-current-url", "").partition("?")[2]
        live_runs_of(request).follow(place.opened.id, shown, look)
    return page_of(request, context_of(request, place, look))


# --- commands -------------------------------------------------------------------------------


def _command(name: str, form: CommandForm, look: ViewOptions) -> commands.Change:
    """The command that a form's URL names, after the changes that are typed but not applied."""
    number = form.sample or look.sample
    if name == "step":
        # A learning rate that was typed but not yet set holds for the step that it was typed for.
        rate = Edit(learning_rate=form.learning_rate)
        return StepCommand(form.count, rate, form.values, number)
    command = _named(name, form, number)
    if name == "edit" or not form.values:
        return command
    return lambda lab: command(lab.edited(edit_of(lab, number, form.values)))


def _named(name: str, form: CommandForm, number: int | None) -> Callable[[Lab], Lab]:
    if name in _PLAIN_COMMANDS:
        return _PLAIN_COMMANDS[name]
    if name == "take-back":
        return lambda lab: lab.taken_back(form.count)
    if name == "redo":
        return lambda lab: lab.redone(form.count)
    if name == "edit":
        return lambda lab: lab.edited(edit_of(lab, number, form.values))
    if name == "rules":
        rules = Edit(loss=form.loss, bias_update=form.bias_update, hidden_deltas=form.hidden_deltas)
        return lambda lab: lab.converted(rules)
    if name == "learning-rate":
        rate_only = Edit(learning_rate=_required(form, "learning_rate"))
        return lambda lab: lab.edited(rate_only)
    if name == "phase":
        return walking.command(_required(form, "to"))
    if name == "rewind":
        step = _required(form, "step")
        return lambda lab: lab.rewound(step)
    if name == "branch":
        branch = _required(form, "branch")
        return lambda lab: lab.switched(branch, form.step)
    raise NotFound


_PLAIN_COMMANDS: Mapping[str, Callable[[Lab], Lab]] = {
    "forward": lambda lab: lab.forwarded(),
    "reset": lambda lab: lab.reset(),
    "forget": lambda lab: lab.reset(forget=True),
}


def _required(form: CommandForm, name: str) -> Any:
    value = getattr(form, name)
    if value is None:
        raise InvalidInput("missing", pointer=f"/{name}")
    return value


async def command_unstored(request: Request) -> Response:
    """The first command on a network that is not stored: it creates it."""
    command, look = request.path_params["command"], options_of(request)
    place = await place_of(request)
    typed = await read_form(request)
    try:
        form = CommandForm.of(typed)
        steps = form.steps_of(command)
        lab = await commands.run(
            _command(command, form, look), place.lab, steps, pool=pool_of(request)
        )
        opened = await commands.create(store_of(request), lab, form.op)
    except (TakebackError, ValidationError) as error:
        return refused(request, error, place, look, typed)
    look = options_after(command, opened.lab, look, form.sample)
    return done(request, await prepared(request, opened, look), look, command)


async def command_network(request: Request) -> Response:
    """A command on a network, if it still stands as the form showed it."""
    network_id, name = request.path_params["network_id"], request.path_params["command"]
    was, store = options_of(request), store_of(request)
    typed = await read_form(request)
    try:
        form = CommandForm.of(typed)
        if form.version is None:
            raise InvalidInput("missing", pointer="/version")
        expected = live_runs_of(request).settled(network_id, form.version, form.op)
        opened = await commands.change(
            store, network_id, _command(name, form, was), pool=pool_of(request), expected=expected,
            op=form.intention(name), steps=form.steps_of(name),
        )  # fmt: skip
    except (TakebackError, ValidationError) as error:
        if isinstance(error, NotFound):
            raise
        return refused(request, error, await place_of(request), was, typed)
    look = options_after(name, opened.lab, was, form.sample)
    opened = await prepared(request, opened, look)
    parts = None
    if opened.before and expected == form.version and not form.whole:
        base = stored_place(request, opened).base
        parts = changed_parts(opened.before, opened.lab, was, look, base)
    return done(request, opened, look, name, parts)


def done(
    request: Request,
    opened: StoredNetwork,
    look: ViewOptions,
    command: str,
    parts: tuple[Part, ...] | None = None,
) -> Response:
    """What a command answers when it has been carried out.

    Args:
        request: the command.
        opened: the network after it.
        look: the reader's options.
        command: its name.
        parts: what of the page differs from what it shows; None if that is not known.
    """
    place = stored_place(request, opened)
    url = place.base + look.query()
    if not is_htmx(request):
        return RedirectResponse(url, 303, {"cache-control": "no-store", "vary": VARY})
    said = SAID_AFTER.get(command)
    if parts is None or live_runs_of(request).of(opened.id):
        context = context_of(request, place, look, command=said)
    elif is_figures_alone(parts):
        context = figures_context(request, place, look, parts, said)
    else:
        context = context_of(request, place, look, command=said, parts=parts)
    if request.headers.get("hx-current-url", "").endswith(url):
        return page_of(request, context)
    return page_of(request, context, extra={"hx-push-url": url})


def refused(
    request: Request,
    error: Exception,
    place: NetworkAddress,
    look: ViewOptions,
    typed: Mapping[str, str],
) -> Response:
    """The page as it stands, saying what was wrong; what was typed is kept."""
    errors = as_errors(error)
    if isinstance(errors[0], NotFound):
        raise errors[0]
    notice = Notice(
        tuple(detail(one) for one in errors),
        {field_name(one): detail(one) for one in reversed(errors)},
        kept(typed),
        errors[0].status == 409,
    )
    context = context_of(request, place, look, notice=notice)
    return page_of(request, context, errors[0].status, error_headers(errors[0]))


async def back_to_page(request: Request) -> Response:
    """A form's address, opened as a page (by a reload, say): the page that the form is on."""
    url = request.url.path.rpartition("/")[0] + options_of(request).query()
    return RedirectResponse(url, 303, {"cache-control": "no-store", "vary": VARY})


def add_routes(app: FastAPI) -> None:
    """Put the pages into ``app``."""
    for path, endpoint, method in (
        *((f"{path}/{{command}}", command_network, "POST") for path in within((STORED,))),
        *((f"{path}/{{command}}", command_unstored, "POST") for path in within(UNSTORED)),
        *((f"{path}/{{command}}", back_to_page, "GET") for path in within(EVERYWHERE)),
        ("/", home, "GET"),
        ("/examples", examples_page, "GET"),
        *((path, lab_page, "GET") for path in within(EVERYWHERE)),
    ):
        methods = ["GET", "HEAD"] if method == "GET" else [method]
        app.add_api_route(path, endpoint, methods=methods, include_in_schema=False)
