"""The builder's form: which fields it has, what may stand in each, and where others' errors go."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticKnownError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.data.catalog import MAX_NOISE, MAX_SEED, MAX_SIZE, MAX_TEST_SHARE, MIN_SIZE, OPTIONS, OWN
from app.data.csv_samples import ROLES
from app.data.csv_table import DELIMITERS, MAX_COLUMNS, decoded
from app.engine.activations import ACTIVATIONS
from app.engine.initialization import INITIALIZATIONS
from app.engine.losses import LOSSES
from app.engine.network import (
    BIAS_UPDATES,
    EPSILON_FORMS,
    MOMENTUM_FORMS,
    REDUCTIONS,
    WEIGHT_DECAY_FORMS,
)
from app.engine.optimizers import OPTIMIZERS
from app.errors import InvalidInput, InvalidTable, MalformedRequest, UnsupportedMediaType
from app.lab.builder import BATCHES, DECAY_FIELDS, KEEP, MAX_HIDDEN, OPTIMIZER_FIELDS
from app.web.http.problems import from_validation
from app.web.networks.bodies import MAX_RATE, MAX_UNITS, one_of
from app.web.networks.numbers import NumberField, plain_number

_WHOLE = re.compile(r"\s*[+-]?\d{1,30}\s*", re.ASCII)


def _whole(text: str) -> str:
    if _WHOLE.fullmatch(text):
        return text
    raise PydanticKnownError("int_parsing")


def _number(low: float, high: float, **more: Any) -> Any:
    limits = Field(ge=low, allow_inf_nan=False, **({"le": high} | more))
    return Annotated[float, limits, BeforeValidator(plain_number)]


def _count(low: int, high: int) -> Any:
    return Annotated[int, Field(ge=low, le=high), BeforeValidator(_whole)]


_SHARE = _number(0, 1)
_FRACTION = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False), BeforeValidator(plain_number)]
_YES = one_of("yes", "no")
_TYPES: dict[str, Any] = {
    "dataset": one_of(*OPTIONS, OWN, KEEP),
    "noise": _number(0, MAX_NOISE),
    "size": _count(MIN_SIZE, MAX_SIZE),
    "seed": _count(0, MAX_SEED),
    "test_share": _number(0, MAX_TEST_SHARE),
    "standardise": _YES,
    "shuffle": _YES,
    "delimiter": one_of(*DELIMITERS),
    "header": _YES,
    "classes": _YES,
    **{f"role.{column}": one_of(*ROLES) for column in range(1, MAX_COLUMNS + 1)},
    "hidden": _count(0, MAX_HIDDEN),
    **{f"units.{layer}": _count(1, MAX_UNITS) for layer in range(1, MAX_HIDDEN + 1)},
    **{f"activation.{layer}": one_of(*ACTIVATIONS) for layer in range(1, MAX_HIDDEN + 1)},
    "outputs": _count(1, MAX_UNITS),
    "output_activation": one_of(*ACTIVATIONS),
    "bias_update": one_of(*BIAS_UPDATES),
    "slope_at_zero": _SHARE,
    "leaky_slope": _SHARE,
    "scheme": one_of(*INITIALIZATIONS, KEEP),
    "init_scale": NumberField,
    "init_seed": _count(0, MAX_SEED),
    "loss": one_of(*LOSSES),
    "batch": one_of(*BATCHES),
    "batch_size": _count(1, MAX_SIZE),
    "reduction": one_of(*REDUCTIONS),
    "optimizer": one_of(*OPTIMIZERS),
    "learning_rate": _number(0, MAX_RATE),
    "momentum": _FRACTION,
    "momentum_form": one_of(*MOMENTUM_FORMS),
    "decay": _FRACTION,
    "beta1": _FRACTION,
    "beta2": _FRACTION,
    "epsilon": _SHARE,
    "epsilon_form": one_of(*EPSILON_FORMS),
    "bias_correction": _YES,
    "weight_decay": _SHARE,
    "weight_decay_form": one_of(*WEIGHT_DECAY_FORMS),
    "decay_biases": _YES,
    "more": _YES,
}
FIELDS = {name: TypeAdapter(kind) for name, kind in _TYPES.items()}
"""Every field that one may choose in, but for the table itself."""
TABLE_ONLY = ("delimiter", "header", "classes", "shuffle")
MOST_TEXT = 80
_MOST_KEPT = 1000
_MAX_PARTS = 200
_OURS = ("mended", "uploaded")


def read_fields(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, InvalidInput]]:
    """What was chosen, and what cannot be; a field that is empty or does not count is neither."""
    chosen: dict[str, Any] = {}
    wrong: dict[str, InvalidInput] = {}
    for name, adapter in FIELDS.items():
        text = typed.get(name, "")
        if not text.strip():
            continue
        if len(text) > MOST_TEXT:
            wrong[name] = InvalidInput("max_characters", pointer=f"/new/{name}", maximum=MOST_TEXT)
            continue
        try:
            value = adapter.validate_python(text)
        except ValidationError as error:
            (first, *_) = from_validation(error.errors())
            wrong[name] = InvalidInput(first.code, pointer=f"/new/{name}", **first.values)
            continue
        chosen[name] = value == "yes" if value in ("yes", "no") else value
    unused = set(_unused({**chosen, **{name: typed[name] for name in wrong}}))
    keep = {name: value for name, value in chosen.items() if name not in unused}
    return keep, {name: error for name, error in wrong.items() if name not in unused}


def _unused(values: Mapping[str, Any]) -> Iterator[str]:
    """The fields that other choices make meaningless."""
    dataset = values.get("dataset", "xor")
    if dataset != OWN:
        yield from TABLE_ONLY
        yield from (f"role.{column}" for column in range(1, MAX_COLUMNS + 1))
        options = OPTIONS.get(dataset, {})
        known = ("noise", "size", "seed", "test_share", "standardise")
        yield from (name for name in known if name not in options)
    else:
        yield from ("noise", "size")
    hidden = values.get("hidden", 1)
    for layer in range(hidden + 1 if isinstance(hidden, int) else 1, MAX_HIDDEN + 1):
        yield from (f"units.{layer}", f"activation.{layer}")
    optimizer = OPTIMIZERS.get(values.get("optimizer", "sgd"))
    yield from (n for n in OPTIMIZER_FIELDS if optimizer and n not in optimizer.fields)
    if values.get("weight_decay", 0.0) == 0.0:
        yield from DECAY_FIELDS[1:]
    if values.get("batch") not in (None, "mini"):
        yield "batch_size"


# --- what a browser sends -------------------------------------------------------------------


async def read_build(
    request: Request, most_bytes: int
) -> tuple[dict[str, str], InvalidTable | None]:
    """The text fields of the builder's form, and why their table cannot be one, if so.

    An uploaded file stands as the table; one that cannot be leaves what was pasted.

    Args:
        request: a body of the builder.
        most_bytes: how large a table may be.

    Raises:
        UnsupportedMediaType: the body is no form.
        MalformedRequest: it cannot be read, or has too many parts.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise UnsupportedMediaType("unsupported_build_form")
    try:
        most = request.app.state.settings.max_import_bytes
        async with request.form(max_files=1, max_fields=_MAX_PARTS, max_part_size=most) as data:
            parts = list(data.multi_items())
            content = [
                await value.read()
                for name, value in parts
                if isinstance(value, UploadFile) and name == "file"
            ]
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise MalformedRequest("malformed_form", maximum=_MAX_PARTS) from None
    typed = {name: value for name, value in parts if isinstance(value, str)}
    typed = {name: clean(name, value) for name, value in typed.items() if name not in _OURS}
    table = content[0] if any(content) else typed.get("table", "").encode()
    if len(table) > most_bytes:
        return typed, InvalidTable(
            "csv_bytes", pointer="/table", count=len(table), limit=most_bytes
        )
    if any(content):
        try:
            typed |= {"table": clean("table", decoded(table)), "uploaded": "yes"}
        except InvalidTable as error:
            return typed, error
    return typed, None


def clean(name: str, text: str) -> str:
    """``text`` as a page can hold it: a table keeps its lines, any other field is one short one."""
    text = text.encode("utf-8", "replace").decode()
    if name == "table":
        return "".join(c if c.isprintable() or c in "\t\r\n" else "\N{REPLACEMENT CHARACTER}"
                       for c in text.removeprefix("\N{BYTE ORDER MARK}"))  # fmt: skip
    return "".join(c for c in text if c.isprintable())[:_MOST_KEPT]


def mended(typed: Mapping[str, str]) -> dict[str, str]:
    """The fields with the change that a button beside an error offers."""
    fix = dict(parse_qsl(typed.get("fix", ""), keep_blank_values=True))
    changes = {name: clean(name, text) for name, text in fix.items() if name in FIELDS}
    changes |= {"mended": next(iter(changes))} if changes else {}
    return {name: text for name, text in typed.items() if name != "fix"} | changes


def shareable(typed: Mapping[str, str]) -> str:
    """What was chosen, as the query of an address, without a table."""
    chosen = {
        name: typed[name]
        for name in FIELDS
        if typed.get(name, "").strip() and not name.startswith("role.")
    }
    chosen.setdefault("dataset", "xor")
    return urlencode(chosen)


def fingerprint(names: Sequence[str]) -> str:
    """What tells one table's columns from another's, so that roles stay with theirs."""
    return f"{zlib.crc32(repr(tuple(names)).encode()):08x}"


# --- errors of a Spec, told to the form ------------------------------------------------------

_PLACES = (
    (r"/loss", "loss"),
    (r"/optimizer/name", "optimizer"),
    (r"/optimizer/(\w+)", "{0}"),
    (r"/batch/size", "batch_size"),
    (r"/batch/reduction", "reduction"),
    (r"/initialization/scale", "init_scale"),
    (r"/initialization/seed", "init_seed"),
    (r"/initialization/?\w*", "scheme"),
    (r"/data/name", "dataset"),
    (r"/data/(\w+)", "{0}"),
    (r"/(bias_update|slope_at_zero|leaky_slope)", "{0}"),
)


def form_pointer(pointer: str, hidden: int) -> str:
    """The form's field behind a pointer into a Spec; what no field is to blame for is "all"."""
    pointer = pointer.removeprefix("/spec")
    if pointer == "/table" or pointer.startswith("/new/"):
        return "/new/table" if pointer == "/table" else pointer
    match = re.match(r"/(layers|activations)/(\d+)", pointer)
    if match:
        layer = int(match[2]) + (match[1] == "activations")
        kind = "units" if match[1] == "layers" else "activation"
        last = "outputs" if match[1] == "layers" else "output_activation"
        return f"/new/{kind}.{layer}" if 0 < layer <= hidden else f"/new/{last}"
    for pattern, name in _PLACES:
        if found := re.fullmatch(pattern, pointer):
            return "/new/" + name.format(*found.groups())
    if pointer.startswith(("/samples", "/test_samples")):
        return "/new/loss"
    return "/new/hidden" if pointer == "/layers" else "/new/all"
