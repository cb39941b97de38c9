"""What a homework's form describes: its network, what lists in its fields fill, what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError

from app.data.numbers.number_lists import COMMAS
from app.engine.network import Spec
from app.errors import InvalidInput, TakebackError
from app.lab.homework.homework import (
    LAYERS,
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
from app.lab.spec_json import spec_to_data
from app.messages.homework import FILLED
from app.views.text.formatting import plain
from app.web.builder.draft import Draft, refused
from app.web.builder.fields import FIELDS, fields_of, read_fields
from app.web.http.problems import from_validation
from app.web.networks import commands
from app.web.networks.bodies import SpecModel
from app.web.networks.forms import NumberField

_NUMBER: TypeAdapter[float] = TypeAdapter(NumberField)
LAYERS_FIELD, DRAWN, _READING = "layers", "drawn", "reading"
NAME = re.compile("[wbxy][0-9]{1,3}")
NUMBER_FIELD = re.compile(f"{NAME.pattern}|{PLACE.pattern}")
MENDED = re.compile(f"{NAME.pattern}|{_READING}")
"""What the button of a suggestion may change, and how it says that it was read."""
_OF_DATA = ("/data", "/initialization", "/batch", "/layers")
RULES = tuple(
    name
    for name, field in FIELDS.items()
    if not (field.pointer.startswith(_OF_DATA) or field.counts in ("table", "mini"))
    and not name.startswith(("units.", "outputs", "batch"))
)
"""The builder's fields that a homework has, too."""
MOST_CHARACTERS = 3_000
"""So long a query may be that holds a homework."""
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
    drawn = homework_drawn(typed.get(DRAWN, "")) or homework
    typed = placed(typed, drawn, homework) | {DRAWN: drawn_text(homework)}
    draft = HomeworkDraft(typed, moved=drawn != homework)
    read = known.read if known and known.homework == homework else {}
    typed, filled, unread = _spread(typed, homework, read, whole=whole)
    numbers, bad = _numbers(typed, homework, unread)
    errors = wrong_layers | wrong | bad
    draft = replace(
        draft, typed=typed, homework=homework, filled=filled, read=read,
        chosen=chosen | choices | numbers,
        errors={name: (error,) for name, error in errors.items()},
        proposed={LAYERS_FIELD: LAYERS, **homework_defaults(chosen | choices, homework)},
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
    drawn = typed.get(DRAWN, "").partition(" ")[0]
    for text in (typed.get(LAYERS_FIELD, "").strip(), drawn):
        try:
            return layers_in(text or LAYERS), wrong
        except InvalidInput as error:
            wrong = wrong or {LAYERS_FIELD: error}
    return layers_in(LAYERS), wrong


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


def homework_fields(spec: Spec) -> dict[str, str]:
    """The fields that a homework's form would have for ``spec``; {} if it is none's.

    It is one if the form makes it again, number by number.
    """
    if spec.data or len(spec.inputs) != 1 or len(spec.test_inputs):
        return {}
    names = spec.names
    values = dict(zip(names.units[0], spec.inputs[0].tolist(), strict=True))
    values |= dict(zip(names.targets, spec.targets[0].tolist(), strict=True))
    values |= {part.name: part.of(spec.initial) for part in names.parameters()}
    fields = {name: text for name, text in fields_of(spec).items() if name in RULES}
    fields |= {LAYERS_FIELD: "-".join(map(str, spec.layers))}
    fields |= {name: plain(value) for name, value in values.items()}
    made = homework_draft(fields).lab
    return fields if made and spec_to_data(made.spec) == spec_to_data(spec) else {}
