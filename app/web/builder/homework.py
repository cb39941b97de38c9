"""The builder's page for a homework: its network is typed number by number. GET stores nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any
from unicodedata import category
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError

from app.data.numbers.bare_lists import ROW_END
from app.data.numbers.number_lists import COMMAS
from app.errors import InvalidInput, TakebackError
from app.lab.homework.homework import (
    LAYERS,
    MAX_NUMBERS,
    Filled,
    Homework,
    filled_from,
    homework_data,
    homework_defaults,
    homework_of,
    layer_choices,
    layers_in,
)
from app.lab.homework.places import PLACE, drawn_text, homework_drawn, placed
from app.messages.homework import FILLED
from app.views.pages.homework import homework_diagram
from app.web.builder.draft import Draft, refused
from app.web.builder.fields import FIELDS, read_fields
from app.web.builder.form_view import FormView
from app.web.builder.routes import back, created
from app.web.builder.sent_form import clean, with_suggestion
from app.web.builder.suggestions import suggestions_of
from app.web.builder.ways import ways_of
from app.web.http.application import pool_of, root_of
from app.web.http.page import page, see_other
from app.web.http.problems import detail, from_validation
from app.web.http.routing import Routes
from app.web.http.templating import is_htmx
from app.web.networks import commands
from app.web.networks.bodies import SpecModel
from app.web.networks.forms import NumberField, read_form
from app.web.pages.options import options_of

router = Routes()
_HERE = "/new/homework"
_NUMBER: TypeAdapter[float] = TypeAdapter(NumberField)
_LAYERS, _DRAWN, _READING = "layers", "drawn", "reading"
_NAME = re.compile("[wbxy][0-9]{1,3}")
_FIELD = re.compile(f"{_NAME.pattern}|{PLACE.pattern}")
_MENDED = re.compile(f"{_NAME.pattern}|{_READING}")
"""What the button of a suggestion may change, and how it says that it was read."""
_OF_DATA = ("/data", "/initialization", "/batch", "/layers")
RULES = tuple(
    name
    for name, field in FIELDS.items()
    if not (field.pointer.startswith(_OF_DATA) or field.counts in ("table", "mini"))
    and not name.startswith(("units.", "outputs", "batch"))
)
"""The builder's fields that a homework has, too."""
_MOST_SHARED, _MOST_CHARACTERS = 200, 3_000
_Readings = dict[tuple[str, str], Filled | InvalidInput | None]
"""What texts say in their fields, by the field's name and the text."""


@dataclass(frozen=True)
class HomeworkDraft(Draft):
    """What the form describes; ``homework`` says which numbers it has.

    ``filled`` is what a list or matrix in one of its fields has filled, ``read`` what all that
    stood in one said. ``moved``: other names are drawn than the form had.
    """

    homework: Homework = field(default_factory=lambda: homework_of(layers_in(LAYERS), ""))
    filled: Filled | None = None
    moved: bool = False
    read: _Readings = field(default_factory=dict)


def homework_draft(
    typed: Mapping[str, str], *, whole: bool = False, known: HomeworkDraft | None = None
) -> HomeworkDraft:
    """What the form with these fields describes.

    ``whole``: a list that has more numbers than there are fields stays as it is, and is refused.
    What ``known`` has read of a homework with the same numbers is not read again.
    """
    layers, wrong_layers = _layers(typed)
    choices = layer_choices(layers)
    fields = {name: typed[name] for name in RULES if name in typed}
    chosen, wrong = read_fields(fields | {"hidden": str(choices["hidden"])})
    homework = homework_of(layers, chosen.get("bias_update", ""))
    drawn = homework_drawn(typed.get(_DRAWN, "")) or homework
    typed = placed(typed, drawn, homework) | {_DRAWN: drawn_text(homework)}
    draft = HomeworkDraft(typed, moved=drawn != homework)
    read = known.read if known and known.homework == homework else {}
    typed, filled, unread = _spread(typed, homework, read, whole=whole)
    numbers, bad = _numbers(typed, homework, unread)
    errors = wrong_layers | wrong | bad
    draft = replace(
        draft, typed=typed, homework=homework, filled=filled, read=read,
        chosen=chosen | choices | numbers,
        errors={name: (error,) for name, error in errors.items()},
        proposed={_LAYERS: LAYERS, **homework_defaults(chosen | choices, homework)},
    )  # fmt: skip
    if draft.errors:
        return draft
    try:
        model = SpecModel.model_validate(homework_data(draft.values, homework))
        return replace(draft, lab=commands.fresh_lab(model))
    except (TakebackError, ValueError) as error:
        return refused(draft, error)


def _layers(typed: Mapping[str, str]) -> tuple[tuple[int, ...], dict[str, InvalidInput]]:
    """The layers, and what is wrong with them: those then stay that the page has drawn."""
    wrong: dict[str, InvalidInput] = {}
    drawn = typed.get(_DRAWN, "").partition(" ")[0]
    for text in (typed.get(_LAYERS, "").strip(), drawn):
        try:
            return layers_in(text or LAYERS), wrong
        except InvalidInput as error:
            wrong = wrong or {_LAYERS: error}
    return layers_in(LAYERS), wrong


def _clean(typed: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _line(text) if _FIELD.fullmatch(name) else clean("", text)
        for name, text in typed.items()
    }


def _line(text: str) -> str:
    """A list or a matrix as a field holds it: in one line, with the blanks that separate or group.

    It stays as long as it came, since what cannot be read is to be mended.
    """
    text = re.sub(r"\r\n?|\n", ROW_END, text.encode("utf-8", "replace").decode())
    text = text.rstrip(ROW_END)  # a spreadsheet ends its last row, too
    return "".join(c for c in text if c.isprintable() or c == "\t" or category(c) == "Zs")


def _spread(
    typed: Mapping[str, str], homework: Homework, read: _Readings, *, whole: bool
) -> tuple[dict[str, str], Filled | None, dict[str, InvalidInput]]:
    """The fields after lists and matrices in them have filled those that follow.

    With it the last such, and by field what cannot be read: that fills nothing.
    """
    spread, found, unread = dict(typed), None, dict[str, InvalidInput]()
    for name in homework.proposed:
        if not (text := spread.get(name, "")).strip():
            continue
        if (name, text) not in read:
            read[name, text] = _reading_of(homework, name, text)
        filled = read[name, text]
        if isinstance(filled, InvalidInput):
            unread[name] = filled
        elif filled and filled.over and whole:
            fits = len(filled.numbers)
            told = {"count": fits + filled.over, "limit": fits}
            unread[name] = InvalidInput("list_over", pointer=f"/values/{name}", **told)
        elif filled:
            found = filled
            if typed.get("mended") == name:
                found = _as_told(filled, typed.get(_READING, ""))
            unread = {key: one for key, one in unread.items() if key not in filled.numbers}
            spread |= {name: "", **filled.numbers, "mended": filled.last}
    return spread, found, unread


def _reading_of(homework: Homework, name: str, text: str) -> Filled | InvalidInput | None:
    """What ``filled_from`` returns or raises."""
    try:
        return filled_from(homework, name, text)
    except InvalidInput as error:
        return _with_fields(error, name)


def _as_told(filled: Filled, reading: str) -> Filled:
    """The same of what a button has filled, which says how it was read."""
    commas = filled.decimal_commas or reading == COMMAS
    told = filled.reading or (reading if reading in FILLED else "")
    return replace(filled, reading=told, decimal_commas=commas)


def _with_fields(error: InvalidInput, name: str) -> InvalidInput:
    """An error with what the buttons for its two readings, if it has them, put into a field."""
    fields = {
        f"{key}_field": urlencode(
            {name: error.values[key], _READING: error.values.get(f"{key}_reading", "")}
        )
        for key in ("point", "apart")
        if key in error.values
    }
    return InvalidInput(error.code, pointer=error.pointer, **error.values, **fields)


def _numbers(
    typed: Mapping[str, str], homework: Homework, unread: Mapping[str, InvalidInput]
) -> tuple[dict[str, float], dict[str, InvalidInput]]:
    """The numbers that were typed, by name, and what cannot be, beside what is ``unread``."""
    found: dict[str, float] = {}
    wrong: dict[str, InvalidInput] = {}
    for name in homework.proposed:
        if name in unread:
            wrong[name] = unread[name]
        elif text := typed.get(name, "").strip():
            try:
                found[name] = _NUMBER.validate_python(text)
            except ValidationError as error:
                first = from_validation(error.errors())[0]
                wrong[name] = InvalidInput(first.code, pointer=f"/values/{name}", **first.values)
    return found, wrong


def _shared(draft: HomeworkDraft) -> str:
    """What was chosen, as the query of an address; without numbers where these are too many."""
    rules = {name: draft.typed[name] for name in (_LAYERS, *RULES) if draft.typed.get(name)}
    if _LAYERS in draft.errors:
        rules[_DRAWN] = drawn_text(draft.homework)
    numbers = {name: draft.typed[name].strip() for name in _given(draft)}
    query = urlencode(rules | numbers)
    long = len(numbers) > _MOST_SHARED or len(query) > _MOST_CHARACTERS
    return urlencode(rules) if long else query


def _kept(draft: HomeworkDraft) -> dict[str, str]:
    """Numbers that were typed for other layers: they come back with these."""
    proposed = draft.homework.proposed
    typed = ((name, text) for name, text in draft.typed.items() if name not in proposed)
    kept = {name: text for name, text in typed if _FIELD.fullmatch(name) and text.strip()}
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
    typed = _clean(await read_form(request, buttons=(_LAYERS,)))
    return await pool_of(request).made(
        partial(homework_draft, whole=whole),
        with_suggestion(typed, _MENDED.fullmatch),
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
        "fresh": not is_htmx(request),
        "notice": notice,
        "pressed": pressed,
        "redraw": "mended" in draft.typed or draft.moved,
    }
    caching = "no-store" if request.method == "POST" else "private, no-cache"
    name = "builder/homework_update.html" if is_htmx(request) else "builder/homework.html"
    return page(request, name, context, status=status, cache=caching, headers=headers)
