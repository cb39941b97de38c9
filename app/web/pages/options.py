"""The reader's options out of a request, and after a command."""

from collections.abc import Collection
from functools import partial

from fastapi import Request
from starlette.datastructures import QueryParams

from app.errors import InvalidInput
from app.lab.lab import Lab
from app.views.options import ViewOptions
from app.views.plots.options import varying_inputs
from app.web.http.embedding import is_embedded
from app.web.http.problems import read_query
from app.web.http.templating import is_htmx

_KEEP_THE_SAMPLE = ("edit", "forward", "learning-rate")
"""Commands after which a chosen sample stays in view, whatever the step's batch is."""


def options_of(request: Request, only: Collection[str] | None = None) -> ViewOptions:
    """A request's options; with ``only``, no others are looked at. Raises InvalidInput."""
    # The page's own query may be newer than its form's.
    query = query_in_view(request) if request.method == "POST" else request.query_params
    chosen = {name: text for name, text in query.items() if only is None or name in only}
    return read_query(partial(ViewOptions.from_query, framed=is_embedded(request)), chosen)


def options_in_view(request: Request) -> ViewOptions:
    """The options of the page that asks, where a script does; else a request's own."""
    return ViewOptions.from_query(dict(query_in_view(request)))


def query_in_view(request: Request) -> QueryParams:
    """The query of the page that asks, where a script does; else a request's own."""
    address = request.headers.get("hx-current-url")
    if address and is_htmx(request):
        return QueryParams(address.partition("#")[0].partition("?")[2])
    return request.query_params


def options_after(
    command: str, lab: Lab, options: ViewOptions, edited: int | None = None
) -> ViewOptions:
    """The options of the page that a command answers, without what ``lab`` does not have.

    A chosen sample that the step now in view does not use gives way to the step's own, except
    after commands that only look or that change a sample. ``edited`` is the number of the sample
    whose values the form showed.
    """
    # A stored network has a phase of its own.
    changes: dict[str, object] = {"phase": None} if options.phase else {}
    if options.across or options.up:
        try:
            varying_inputs(lab.present, options)
        except InvalidInput:
            changes |= {"across": None, "up": None}
    shown = edited if command == "edit" else None
    return options.fitted(lab, changes, shown, keep_sample=command in _KEEP_THE_SAMPLE)
