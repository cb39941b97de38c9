"""The reader's options out of a request, and after a command."""

from collections.abc import Collection
from functools import partial

from fastapi import Request
from starlette.datastructures import QueryParams

from app.errors import InvalidInput
from app.explain.quantities import UnknownQuantity, find
from app.lab.lab import Lab
from app.views.options import CONVENTIONS, ViewOptions
from app.views.plots.options import varying_axes
from app.web.http.embedding import is_embedded
from app.web.http.problems import read_query
from app.web.http.templating import is_htmx

_KEEP_THE_SAMPLE = ("edit", "forward", "learning-rate")
"""Commands after which a chosen sample stays in view, whatever the step's batch is."""


def options_of(request: Request, only: Collection[str] | None = None) -> ViewOptions:
    """The options that a request's query asks for; with ``only`` no others are looked at.

    Raises:
        InvalidInput: a value cannot be used.
    """
    query = _query_of(request)
    chosen = {name: text for name, text in query.items() if only is None or name in only}
    return read_query(partial(ViewOptions.from_query, framed=is_embedded(request)), chosen)


def _query_of(request: Request) -> QueryParams:
    """The page's query. htmx sends the page's own, which may be newer than the form's."""
    address = request.headers.get("hx-current-url")
    if address and request.method == "POST" and is_htmx(request):
        return QueryParams(address.partition("#")[0].partition("?")[2])
    return request.query_params


def options_after(
    command: str, lab: Lab, options: ViewOptions, edited: int | None = None
) -> ViewOptions:
    """The options of the page that a command answers, without what ``lab`` does not have.

    A chosen sample that the step now in view does not use gives way to the step's own, except
    after commands that only look or that change a sample.

    Args:
        command: the name of the command.
        lab: the network after it.
        options: those of the page that sent it.
        edited: the number of the sample whose values the form showed.
    """
    changes: dict[str, object] = {}
    if options.phase:
        changes["phase"] = None  # a stored network has a phase of its own
    if edited and command == "edit" and edited != options.seen(lab).index + 1:
        changes["sample"] = edited
    elif command not in _KEEP_THE_SAMPLE and not options.seen(lab).inside:
        changes["sample"] = None
    if options.across or options.up:
        try:
            varying_axes(lab.present, options)
        except InvalidInput:
            changes |= {"across": None, "up": None}
    if options.open not in ("", CONVENTIONS):
        try:
            find(options.open, lab.shown_spec)
        except UnknownQuantity:
            changes["open"] = None
    return options.changed(**changes) if changes else options
