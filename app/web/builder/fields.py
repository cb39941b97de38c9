"""The builder's fields: what each may hold, and how an address holds them."""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from pydantic import AllowInfNan, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.data.catalog import MAX_SIZE, OPTIONS, OWN, OWN_OPTIONS
from app.data.csv_samples import GAPS, ROLES
from app.data.data_columns import LITERALS
from app.data.numbers.number_formats import EACH, SIGNS
from app.data.numbers.written_dates import ORDERS, PIVOTS
from app.data.table_rows import MAX_COLUMNS
from app.data.text.encodings import ENCODINGS
from app.data.text.table_lines import DELIMITERS, line_numbers
from app.engine.initialization import INITIALIZATIONS
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.errors import InvalidInput
from app.lab.builder import (
    KEEP,
    MAX_HIDDEN,
    USUAL_DATASET,
    Values,
    choices_of,
    options_of,
)
from app.messages import builder
from app.views.text.formatting import plain
from app.web.http.problems import from_validation
from app.web.networks.bodies import OptimizerModel, SpecModel, Units
from app.web.networks.choices import one_of
from app.web.networks.forms import plain_number, whole_number

MAX_TEXT = 80
MAX_NAMES = 2_000
MAX_MARKS = 400
_WHOLE = re.compile(r"\s*[+-]?\d{1,30}\s*", re.ASCII)
_COUNTS: Mapping[str, Callable[[Values, str], bool]] = {
    "": lambda *_: True,
    "data": lambda values, name: name in options_of(values.get("dataset", USUAL_DATASET)),
    "table": lambda values, _: bool(values.get("dataset") == OWN),
    "layer": lambda values, name: name[-1] in map(str, range(1, _hidden(values) + 1)),
    "optimizer": lambda values, name: _uses(values.get("optimizer", "sgd"), name),
    "schedule": lambda values, name: name in _planned(values.get("schedule", "")),
    "clipping": lambda values, _: bool(values.get("clipping", "none") != "none"),
    "decay": lambda values, _: bool(values.get("weight_decay", 0.0) != 0.0),
    "huber": lambda values, _: "huber" in values.get("loss", ""),
    "mini": lambda values, _: values.get("batch") in (None, "mini"),
}
"""When a field means anything, given the other fields' values and its name."""


def _hidden(values: Values) -> int:
    hidden = values.get("hidden", 1)
    return hidden if isinstance(hidden, int) else 0


def _planned(schedule: str) -> tuple[str, ...]:
    return SCHEDULES[schedule].fields if schedule in SCHEDULES else ()


def _uses(optimizer: str, name: str) -> bool:
    return optimizer not in OPTIMIZERS or name in OPTIMIZERS[optimizer].fields


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form, of the type that a Spec's data has at ``pointer``, or of ``kind``.

    ``counts`` says when it means anything, a key of ``_COUNTS``; ``most`` how long it may be.
    """

    pointer: str = ""
    counts: str = ""
    kind: Any = None
    most: int = MAX_TEXT


def _lines(text: str) -> str:
    """``text`` if it names lines, such as 1, 7-9."""
    try:
        line_numbers(text)
    except ValueError:
        raise PydanticCustomError("line_numbers", "line numbers") from None
    return text


_YES = one_of("yes", "no")
_ACTIVATION = get_args(SpecModel.model_fields["activations"].annotation)[0]
_LAYERS, _COLUMNS = range(1, MAX_HIDDEN + 1), range(1, MAX_COLUMNS + 1)
_USED = {name for optimizer in OPTIMIZERS.values() for name in optimizer.fields}
_OF_SCHEDULES = tuple(dict.fromkeys(n for rule in SCHEDULES.values() for n in rule.fields))
_OF_OPTIMIZERS = [name for name in OptimizerModel.model_fields if name in _USED]
FIELDS: Mapping[str, FormField] = {
    "dataset": FormField("/data/name", kind=one_of(*OPTIONS, OWN, KEEP)),
    **{name: FormField(f"/data/{name}", "data") for name in ("noise", "size", *OWN_OPTIONS)},
    "delimiter": FormField("", "table", one_of(*DELIMITERS)),
    "encoding": FormField("", "table", one_of(*ENCODINGS)),
    "header": FormField("", "table", _YES),
    "classes": FormField("", "table", _YES),
    "decimal": FormField("", "table", one_of(*SIGNS, EACH)),
    "literals": FormField("", "table", one_of(*LITERALS)),
    **{f"literals.{n}": FormField("", "table", one_of(*LITERALS)) for n in _COLUMNS},
    "total": FormField("", "table", _YES),
    "transposed": FormField("", "table", _YES),
    "dates": FormField("", "table", one_of(*ORDERS)),
    "pivot": FormField("", "table", Annotated[int, Field(ge=PIVOTS[0], le=PIVOTS[1])]),
    "commas": FormField("", "table", Annotated[str, BeforeValidator(_lines)]),
    "omit": FormField("", "table", Annotated[str, BeforeValidator(_lines)]),
    "missing": FormField("", "table", str, MAX_MARKS),
    "gaps": FormField("", "table", one_of(*GAPS)),
    "merge": FormField("", "table", _YES),
    **{f"role.{n}": FormField("", "table", one_of(*ROLES)) for n in _COLUMNS},
    "hidden": FormField("/layers", kind=Annotated[int, Field(ge=0, le=MAX_HIDDEN)]),
    **{f"units.{layer}": FormField("", "layer", Units) for layer in _LAYERS},
    **{f"activation.{layer}": FormField("", "layer", _ACTIVATION) for layer in _LAYERS},
    "outputs": FormField(kind=Units),
    "output_activation": FormField(kind=_ACTIVATION),
    **{name: FormField(f"/{name}") for name in ("bias_update", "slope_at_zero", "leaky_slope")},
    "scheme": FormField("/initialization/scheme", kind=one_of(*INITIALIZATIONS, KEEP)),
    "init_scale": FormField("/initialization/scale"),
    "init_seed": FormField("/initialization/seed"),
    "loss": FormField("/loss"),
    "batch": FormField(kind=one_of(*builder.BATCHES)),
    "batch_size": FormField("/batch/size", "mini", Annotated[int, Field(ge=1, le=MAX_SIZE)]),
    "reduction": FormField("/batch/reduction"),
    "optimizer": FormField("/optimizer/name"),
    "learning_rate": FormField("/optimizer/learning_rate"),
    **{name: FormField(f"/optimizer/{name}", "optimizer") for name in _OF_OPTIMIZERS},
    "weight_decay": FormField("/optimizer/weight_decay"),
    "weight_decay_form": FormField("/optimizer/weight_decay_form", "decay"),
    "decay_biases": FormField("/optimizer/decay_biases", "decay"),
    "schedule": FormField("/optimizer/schedule"),
    **{name: FormField(f"/optimizer/{name}", "schedule") for name in _OF_SCHEDULES},
    "clipping": FormField("/optimizer/clipping"),
    "clip_limit": FormField("/optimizer/clip_limit", "clipping"),
    "huber_delta": FormField("/huber_delta", "huber"),
    "label_smoothing": FormField("/label_smoothing"),
    "frozen": FormField(kind=str, most=MAX_NAMES),
    "more": FormField(kind=_YES),
}
"""Every field but the table, in the order of the page; their words are in ``messages.builder``."""
SUGGESTED = frozenset((*FIELDS, "layers", "roles_of"))
"""What the button of a suggestion may change."""
OPTIONAL = (
    "noise", "size", "seed", "test_share", "standardise", "shuffle", "header", "delimiter",
    "omit",
)  # fmt: skip
"""Those of the data that are folded away until one is chosen."""
MORE = (
    "outputs", "bias_update", "slope_at_zero", "leaky_slope", "scheme", "init_scale", "init_seed",
    "batch", "batch_size", "reduction",
)  # fmt: skip
"""Those of the network and of learning that are."""
CONVENTIONS = (
    "momentum_form", "epsilon", "epsilon_form", "bias_correction", "weight_decay",
    "weight_decay_form", "decay_biases", "dampening", "momentum_decay", "centred",
    "schedule", *_OF_SCHEDULES, "clipping", "clip_limit", "huber_delta", "label_smoothing",
    "frozen", "more",
)  # fmt: skip
"""Those of them that books do not share."""


def _type_at(pointer: str) -> Any:
    """The type of a field of ``SpecModel``."""
    model: Any = SpecModel
    for name in pointer.strip("/").split("/"):
        found = model.model_fields[name]
        kinds = get_args(found.annotation) or (found.annotation,)
        (model,) = (kind for kind in kinds if kind is not NoneType)
    return Annotated[model, *found.metadata] if found.metadata else model


def _whole(text: str) -> str:
    if _WHOLE.fullmatch(text := whole_number(text)):
        return text
    raise PydanticKnownError("int_parsing")


def _from_text(kind: Any) -> TypeAdapter[Any]:
    """From what a person typed: a number is plainly written, a boolean is yes or no."""
    base = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    if base is bool:
        kind = _YES
    elif base is float:
        kind = Annotated[kind, AllowInfNan(False), BeforeValidator(plain_number)]
    elif base is int:
        kind = Annotated[kind, BeforeValidator(_whole)]
    return TypeAdapter(kind)


_ADAPTERS = {name: _from_text(one.kind or _type_at(one.pointer)) for name, one in FIELDS.items()}


def read_fields(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, InvalidInput]]:
    """What was chosen, and what cannot be; a field that is empty or does not count is neither."""
    chosen: dict[str, Any] = {}
    wrong: dict[str, InvalidInput] = {}
    for name, adapter in _ADAPTERS.items():
        text, pointer = typed.get(name, ""), f"/new/{name}"
        if not text.strip():
            continue
        if len(text) > (most := FIELDS[name].most):
            wrong[name] = InvalidInput("max_characters", pointer=pointer, maximum=most)
            continue
        try:
            value = adapter.validate_python(text)
            is_choice = FIELDS[name].kind is not str and value in ("yes", "no")
            chosen[name] = value == "yes" if is_choice else value
        except ValidationError as error:
            first = from_validation(error.errors())[0]
            wrong[name] = InvalidInput(first.code, pointer=pointer, **first.values)
    values = {**chosen, **{name: typed[name] for name in wrong}}
    for name in values:
        if not _COUNTS[FIELDS[name].counts](values, name):
            chosen.pop(name, None)
            wrong.pop(name, None)
    return chosen, wrong


def options_in_words(name: str) -> Mapping[str, str]:
    """The options of a choice, each with its text; none for other fields."""
    return builder.OPTIONS.get(name.partition(".")[0], {})


def value_text(name: str, value: Any) -> str:
    """A field's value as its option, or its number, reads; "" for nothing."""
    text = "" if value is None else typed_text(value)
    return {**options_in_words(name), **builder.SCHEMES}.get(text, text)


def typed_text(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, float) else str(value)


def fields_of(spec: Spec) -> dict[str, str]:
    """The fields as one would type them to build ``spec``."""
    return {name: typed_text(value) for name, value in choices_of(spec).items()}


# --- errors of a Spec, beside a field of the form ---------------------------------------------

_BY_POINTER = {field.pointer: name for name, field in FIELDS.items() if field.pointer}
_BEGINNINGS = {
    "/frozen": "frozen", "/initialization": "scheme", "/samples": "loss", "/test_samples": "loss",
}  # fmt: skip


def field_at(pointer: str, hidden: int) -> str:
    """The field that a pointer into a Spec, or into the form, is about; "all" for none."""
    pointer = pointer.removeprefix("/spec")
    if pointer == "/table" or pointer.startswith("/new/"):
        return pointer.removeprefix("/new").removeprefix("/")
    if match := re.match(r"/(layers|activations)/(\d+)", pointer):
        of_units = match[1] == "layers"
        layer = int(match[2]) + (not of_units)
        if 0 < layer <= hidden:
            return f"{'units' if of_units else 'activation'}.{layer}"
        return "outputs" if of_units else "output_activation"
    starts = (name for start, name in _BEGINNINGS.items() if pointer.startswith(start))
    return _BY_POINTER.get(pointer) or next(starts, "all")


# --- the form as an address holds it -------------------------------


def shareable(typed: Mapping[str, str]) -> str:
    """What was chosen, as the query of an address, without a table."""
    names = (name for name in FIELDS if not name.startswith("role."))
    chosen = {name: typed[name] for name in names if typed.get(name, "").strip()}
    chosen.setdefault("dataset", USUAL_DATASET)
    return urlencode(chosen)


def fingerprint(names: Sequence[str]) -> str:
    """What tells one table's columns from another's, so that roles stay with theirs."""
    return f"{zlib.crc32(repr(tuple(names)).encode()):08x}"
