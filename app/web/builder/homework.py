"""The builder's page for a homework: its network is typed number by number. GET stores nothing."""

import re
from collections.abc import Mapping
from functools import partial
from itertools import islice
from typing import Any
from unicodedata import category
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

from app.data.numbers.bare_lists import ROW_END
from app.lab.homework.homework import (
    MAX_NUMBERS,
)
from app.lab.homework.places import drawn_text
from app.views.pages.homework import homework_diagram
from app.web.builder.form_view import FormView
from app.web.builder.homework_draft import (
    DRAWN,
    LAYERS_FIELD,
    MENDED,
    MOST_CHARACTERS,
    NUMBER_FIELD,
    RULES,
    HomeworkDraft,
    homework_draft,
)
from app.web.builder.routes import back, created
from app.web.builder.sent_form import clean, with_suggestion
from app.web.builder.suggestions import suggestions_of
from app.web.builder.ways import ways_of
from app.web.http.application import pool_of, root_of
from app.web.http.page import page, see_other
from app.web.http.problems import detail
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks.forms import read_form
from app.web.pages.options import options_of

router = Routes()
_HERE = "/new/homework"
_MOST_SHARED = 200


def _clean(typed: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _line(text) if NUMBER_FIELD.fullmatch(name) else clean("", text)
        for name, text in typed.items()
    }


def _line(text: str) -> str:
    """A list or a matrix as a field holds it: in one line, with the blanks that separate or group.

    It stays as long as it came, since what cannot be read is to be mended.
    """
    text = re.sub(r"\r\n?|\n", ROW_END, text.encode("utf-8", "replace").decode())
    text = text.rstrip(ROW_END)  # a spreadsheet ends its last row, too
    return "".join(c for c in text if c.isprintable() or c == "\t" or category(c) == "Zs")


def _shared(draft: HomeworkDraft) -> str:
    """What was chosen, as the query of an address; without numbers where these are too many."""
    rules = {name: draft.typed[name] for name in (LAYERS_FIELD, *RULES) if draft.typed.get(name)}
    if LAYERS_FIELD in draft.errors:
        rules[DRAWN] = drawn_text(draft.homework)
    numbers = {name: draft.typed[name].strip() for name in _given(draft)}
    query = urlencode(rules | numbers)
    long = len(numbers) > _MOST_SHARED or len(query) > MOST_CHARACTERS
    return urlencode(rules) if long else query


def _kept(draft: HomeworkDraft) -> dict[str, str]:
    """Numbers that were typed for other layers: they come back with these."""
    proposed = draft.homework.proposed
    typed = ((name, text) for name, text in draft.typed.items() if name not in proposed)
    kept = {name: text for name, text in typed if NUMBER_FIELD.fullmatch(name) and text.strip()}
    return dict(islice(kept.items(), MAX_NUMBERS))


# --- the page -------------------------------------------------------------------------------


@router.get(_HERE)
async def homework_page(request: Request) -> Response:
    """The form; its address may hold every choice and every number."""
    draft = await pool_of(request).made(homework_draft, _clean(request.query_params), fits="build")
    return await _drawn(request, draft, 422 if draft.errors else 200)


@router.post(f"{_HERE}/preview")
async def homework_preview(request: Request) -> Response:
    """What the form describes: for htmx the parts that follow, else the page at its address."""
    draft, look = await _typed_draft(request, whole=not is_htmx(request)), options_of(request)
    rest = {"theme": look.theme} if look.theme != "auto" else {}
    query = "&".join(filter(None, (_shared(draft), urlencode(rest))))
    shared = f"{root_of(request)}{_HERE}?{query}"
    if is_htmx(request):
        return await _drawn(request, draft, 200, **{"hx-replace-url": shared})
    if {*_given(draft), *_kept(draft)} <= {name for name, _ in parse_qsl(query)}:
        return see_other(shared)
    return await _drawn(request, draft, 422 if draft.errors else 200)


router.get(f"{_HERE}/preview")(back)


@router.post(_HERE)
async def create_homework(request: Request) -> Response:
    """A new network as the form describes it, and the way to its page."""
    draft = await _typed_draft(request, whole=True)
    return await created(request, draft.lab, partial(_drawn, request, draft))


def _given(draft: HomeworkDraft) -> list[str]:
    return [name for name in draft.homework.proposed if draft.typed.get(name, "").strip()]


async def _typed_draft(request: Request, *, whole: bool) -> HomeworkDraft:
    typed = _clean(await read_form(request, buttons=(LAYERS_FIELD,)))
    return await pool_of(request).made(
        partial(homework_draft, whole=whole),
        with_suggestion(typed, MENDED.fullmatch),
        fits="build",
    )


async def _drawn(
    request: Request, draft: HomeworkDraft, status: int, notice: str = "", **headers: str
) -> Response:
    draw = partial(_answer, request, draft, status, notice, headers)
    return await pool_of(request).made(draw, fits="build")


def _answer(
    request: Request, draft: HomeworkDraft, status: int, notice: str, headers: Mapping[str, str]
) -> Response:
    errors = {name: tuple(map(detail, found)) for name, found in draft.errors.items()}
    fixes = suggestions_of(draft, partial(homework_draft, known=draft))
    look, homework = options_of(request), draft.homework
    pressed = request.method == "POST" and status == 422
    context: Mapping[str, Any] = {
        "form": FormView(draft, errors, fixes, fixed_biases=True, pressed=pressed),
        "diagram": homework_diagram(homework, draft.values, draft.typed),
        "drawn": drawn_text(homework),
        "filled": draft.filled,
        "kept": _kept(draft),
        "address": root_of(request) + _HERE,
        "look": look,
        "ways": ways_of(request),
        "query": look.query(),
        "fresh": not is_htmx(request) or draft.moved,
        "notice": notice,
        "pressed": pressed,
        "redraw": "mended" in draft.typed or draft.moved,
    }
    caching = "no-store" if request.method == "POST" else "private, no-cache"
    name = "builder/homework_update.html" if is_htmx(request) else "builder/homework.html"
    return page(request, name, context, status=status, cache=caching, headers=headers)
