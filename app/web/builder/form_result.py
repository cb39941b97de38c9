"""What the builder's form comes to: all that its page says, in values that leave a process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from app.data.catalog import OWN
from app.engine.network import Spec
from app.errors import InvalidTable
from app.explain.notation import NOTATIONS
from app.lab.lab import Lab
from app.store.codec import Content, encode
from app.views.pages.builder import BuildView, build_view
from app.web.builder.draft import Draft, draft_of, refused
from app.web.builder.form_view import asked_of
from app.web.builder.sent_form import with_suggestion
from app.web.builder.suggestions import Suggestion, suggestions_of
from app.web.http.problems import detail


class FormResult(NamedTuple):
    """What a form comes to.

    The ``draft`` is as small as its page: of its table it has the first rows, and what the browser
    holds it has not. By field there are sentences of ``errors`` and buttons, ``fixes``; ``asked``
    is what the table asks. The ``lab`` is there if it can be, as a store keeps it where it comes
    from another process.
    """

    draft: Draft
    errors: Mapping[str, tuple[str, ...]]
    fixes: Mapping[str, tuple[Suggestion, ...]]
    asked: frozenset[str]
    view: BuildView
    lab: Lab | Content | None


def result_of(typed: Mapping[str, str], base: Spec | None, notation: str) -> FormResult:
    """What the form with these fields comes to; the page is written in that notation."""
    return _result(draft_of(typed, base), notation)


def result_of_form(
    reading: Callable[[], tuple[dict[str, str], InvalidTable | None]],
    base: Spec | None,
    notation: str,
    *,
    complete: bool,
) -> FormResult:
    """The same of a form as it was sent; one that is ``complete`` has its table."""
    typed, error = reading()
    typed = with_suggestion(typed)
    if error is None:
        draft = draft_of(typed, base)
    else:
        # What was typed stays, but the table is not read.
        typed["dataset"] = OWN
        draft = draft_of({**typed, "table": ""}, base)
        draft = refused(replace(draft, typed=typed), error)
    if complete and draft.lab is None and not draft.errors:
        draft = refused(draft, InvalidTable("csv_empty", pointer="/table"))
    return _result(draft, notation)


def packed_result(make: Callable[[], FormResult]) -> FormResult:
    """What ``make`` gives, to be sent from a process to another one."""
    result = make()
    lab = result.lab
    return result._replace(lab=encode(lab) if isinstance(lab, Lab) else lab)


def _result(draft: Draft, notation: str) -> FormResult:
    fixes = suggestions_of(draft, partial(draft_of, base=draft.base, known=draft))
    errors = {name: tuple(map(detail, found)) for name, found in draft.errors.items()}
    gaps = draft.chosen.get("gaps", "")
    view = build_view(
        draft.lab, draft.data, draft.table, draft.roles, errors, NOTATIONS[notation], gaps
    )
    held = {"table": ""} if "held" in draft.typed else {}
    small = replace(
        draft, typed={**draft.typed, **held}, table=view.table, samples=None, lab=None, data=None
    )
    return FormResult(small, errors, fixes, asked_of(draft), view, draft.lab)
