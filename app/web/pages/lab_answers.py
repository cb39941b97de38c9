"""The lab's page as an answer: all of it, the parts that differ, or its figures."""

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from fastapi import Request, Response
from pydantic import ValidationError

from app.errors import NotFound, TakebackError
from app.explain.notation import NOTATIONS
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.store.lab_store import StoredNetwork
from app.views.options import DIGITS, SPEEDS, THEMES, ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.dataset import data_of
from app.views.pages.lab import LabFigures, lab_figures
from app.views.pages.obstacles import obstacle_sentences
from app.views.pages.own_answer import own_answer_view
from app.views.plots.card import plots_card_of
from app.views.text.typed_field import TypedField, own_fields
from app.web.http.application import root_of
from app.web.http.page import A_MINUTE, page, see_other
from app.web.http.problems import as_errors, detail, error_headers, report
from app.web.http.templating import is_htmx
from app.web.pages.address import NetworkAddress, place_of, stored_place
from app.web.pages.announcements import said_of_link
from app.web.pages.form_errors import Notice, field_name, kept, kept_run
from app.web.pages.live_runs import live_runs_of
from app.web.pages.options import options_of
from app.web.pages.parts import (
    DIFFERENCES,
    FIGURES,
    Part,
    need_a_page,
    need_the_panel,
    tell_obstacles,
    whole_page,
)
from app.web.pages.preparation import drawn_page
from app.web.pages.share import whereabouts
from app.web.pages.view import panel_view_of, view_of

_TAB = re.compile(r"[\w-]{1,32}", re.ASCII)


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

    ``command`` is what was done, ``notice`` what was wrong; ``parts`` are what an answer to htmx
    sends, None for all of the page.
    """
    lab, opened = place.lab, place.opened
    shown = view_of(lab, look)
    said = None if request.method == "POST" else said_of_link(request, shown, look)
    # A page that is loaded anew has no stream: for it a run goes on elsewhere, or is about to end.
    run = live_runs_of(request).of(opened) if opened and is_htmx(request) else None
    if said is None:
        # While numbers move there is nothing to say that would not be old at once.
        said = "" if run else sentence(lab, look, command)
    if parts is None:
        parts = whole_page(look, reading=request.method != "POST")
    needs_data = not is_htmx(request) or any(part.id == "about" for part in parts)
    return {
        **_shared_context(request, place, look, parts),
        "lab": shown,
        "pictures": plots_card_of(lab, look),
        "said": said,
        "data": data_of(lab.present) if needs_data else None,
        "own": own_answer_view(lab, look.ask) if needs_data else None,
        "phase_change": _phase_change(parts, lab, shown, look),
        "notations": NOTATIONS,
        "themes": THEMES,
        "speeds": SPEEDS,
        "digits": DIGITS,
        "examples": EXAMPLES,
        "notice": notice,
        "run": run,
        "is_first_visit": request.url.path.rstrip("/") == root_of(request),
        "run_typed": {} if is_htmx(request) else kept_run(getattr(request.state, "typed", {})),
    }


class PhaseChange(NamedTuple):
    """What the page shows of a step in phases, and what it is to show.

    ``keys`` are equal where both are, but for numbers; the two are contexts of one template.
    """

    keys: tuple[Hashable, Hashable]
    shown: Callable[[], Mapping[str, Any]]
    wanted: Callable[[], Mapping[str, Any]]


def _phase_change(
    parts: Iterable[Part], lab: Lab, page: LabFigures, look: ViewOptions
) -> PhaseChange | None:
    """What is computed now and was not, or no more; None if that is sent in no part."""
    before = next((part.shown for part in parts if part.swap == DIFFERENCES), None)
    if before is None:
        return None
    controls, diagram = look.shown_controls, page.diagram.structure
    frame = diagram, lab.progress.phases, page.notation.key, look.opening, look.into, controls

    def context(one: Lab) -> Mapping[str, Any]:
        return {"lab": view_of(one, look), "look": look, "controls": controls}

    first, last = ((one.position, one.walking, one.trace is None) for one in (before, lab))
    keys = (*frame, look.open == "", first), last
    return PhaseChange(keys, partial(context, before), partial(context, lab))


def figures_context(
    request: Request,
    place: NetworkAddress,
    look: ViewOptions,
    parts: tuple[Part, ...],
    command: str | None = None,
) -> dict[str, Any]:
    """What templates print where the page keeps all but the network's figures, and its panel."""
    lab = place.lab
    if need_the_panel(parts):
        shown: LabFigures = panel_view_of(lab, look, curve=any(one.id == "curve" for one in parts))
    else:
        shown = lab_figures(lab, look)
    return {
        **_shared_context(request, place, look, parts),
        "lab": shown,
        "said": sentence(lab, look, command),
        "phase_change": _phase_change(parts, lab, shown, look),
        "notice": None,
        "run": None,
    }


def _shared_context(
    request: Request, place: NetworkAddress, look: ViewOptions, parts: tuple[Part, ...]
) -> dict[str, Any]:
    opened = place.opened
    return {
        "base": place.base,
        "query": look.query(),
        "look": look,
        "controls": look.shown_controls,
        "own_fields": _own_fields(place.lab, look),
        "elsewhere": whereabouts(request, place, look) if look.framed else "",
        "stored": opened is not None,
        "version": opened.version if opened else None,
        "op": _token(request, opened) if opened else "",
        "begins": False,
        "parts": parts,
        "obstacles": obstacle_sentences(place.lab, look) if tell_obstacles(parts) else (),
        "kept": tuple(part.id for part in parts if part.swap == FIGURES),
    }


def _own_fields(lab: Lab, look: ViewOptions) -> Mapping[str, TypedField]:
    """What is typed in the units of the table, while the tables have fields."""
    return own_fields(lab.present, look.seen(lab).index) if look.edit == "on" else {}


def _token(request: Request, opened: StoredNetwork) -> str:
    """What marks a form as drawn for one tab at one version.

    Clicks that overtake the answer are the same intention, and are told apart from another tab.
    """
    typed = getattr(request.state, "typed", {})
    tab = typed.get("op", "").partition(".")[0] if is_htmx(request) else ""
    return f"{tab if _TAB.fullmatch(tab) else secrets.token_urlsafe(9)}.{opened.version}"


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
        asks_panel = request.headers.get("hx-target", "").endswith("#panel")
        only_panel = asks_panel and request.method == "GET"
        name = "lab/panel_update.html" if only_panel else "lab/update.html"
    cache = "no-store" if context["stored"] or status != 200 else A_MINUTE
    return page(request, name, context, status=status, cache=cache, headers=extra)


def done(
    request: Request,
    opened: StoredNetwork,
    look: ViewOptions,
    command: str,
    parts: tuple[Part, ...] | None = None,
) -> Response:
    """What ``command`` answers when it has been carried out, and led to ``opened``.

    ``parts`` are what of the page differs from what it shows; None if that is not known.
    """
    place = stored_place(request, opened)
    url = place.base + look.query()
    if not is_htmx(request):
        return see_other(url)
    if parts is None or live_runs_of(request).of(opened):
        context = context_of(request, place, look, command=command)
    elif need_a_page(parts):
        context = context_of(request, place, look, command=command, parts=parts)
    else:
        context = figures_context(request, place, look, parts, command)
    if request.headers.get("hx-current-url", "").endswith(url):
        return page_of(request, context)
    return page_of(request, context, extra={"hx-push-url": url})


class Refusal(Exception):
    """A command that the lab's page refuses, and why."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def refusals() -> Iterator[None]:
    """Have what goes wrong with a form answered by the page that it is on, see ``refused``.

    NotFound is left as it is: there is no such page.
    """
    try:
        yield
    except NotFound:
        raise
    except (TakebackError, ValidationError) as error:
        raise Refusal(error) from error


async def refused(request: Request, refusal: Exception) -> Response:
    """The page as it stands, saying what was wrong; what was typed is kept."""
    errors = as_errors(refusal.error if isinstance(refusal, Refusal) else refusal)
    place, look = await place_of(request), options_of(request)
    report(errors[0])
    notice = Notice(
        tuple(detail(one) for one in errors),
        {field_name(one): detail(one) for one in reversed(errors)},
        kept(getattr(request.state, "typed", {})),
        errors[0].status == 409,
    )

    def draw() -> Response:
        context = context_of(request, place, look, notice=notice)
        return page_of(request, context, errors[0].status, error_headers(errors[0]))

    return await drawn_page(request, place.lab, draw)
