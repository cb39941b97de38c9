"""A network that is being built: what was typed, what follows from it, and what cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from app.data.catalog import OPTIONS, OWN
from app.data.csv_samples import dataset_of
from app.data.csv_table import Table, read_table
from app.engine.network import Spec
from app.errors import InvalidInput, InvalidTable, TakebackError
from app.lab.builder import (
    KEEP,
    Samples,
    data_defaults,
    dataset_material,
    kept_material,
    layers_of,
    named_material,
    proposals,
    spec_data,
)
from app.lab.builder_choices import choices_of
from app.lab.lab import Lab
from app.lab.limits import MAX_WEIGHTS, fitting_layers
from app.lab.spec_json import spec_from_data
from app.messages.builder import FIX_OPEN, FIXES
from app.views.text.formatting import plain
from app.web.builder.form import fingerprint, form_pointer, mended, read_fields
from app.web.builder.words import said_value
from app.web.http.problems import as_errors, detail
from app.web.networks import commands
from app.web.networks.bodies import SpecModel


@dataclass(frozen=True)
class Draft:
    """What the builder's form describes.

    Attributes:
        typed: the fields as they were typed, the table among them.
        chosen: those that say something, as values.
        errors: what cannot be, by field; "all" for what no field is to blame for.
        table: a table of one's own, if it could be read.
        roles: the role of each of its columns.
        material: the samples, if there are some.
        proposed: what every field is while it is left open.
        lab: the network, if it can be.
        data: a Spec with the samples, if there are some: for the picture of the data alone.
    """

    typed: Mapping[str, str]
    chosen: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, tuple[TakebackError, ...]] = field(default_factory=dict)
    table: Table | None = None
    roles: tuple[str, ...] = ()
    material: Samples | None = None
    proposed: Mapping[str, Any] = field(default_factory=dict)
    lab: Lab | None = None
    data: Spec | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Every field's value."""
        return {**self.proposed, **self.chosen}

    def left_open(self, name: str) -> Any:
        """What a field is while it is left open; None for nothing."""
        defaults = data_defaults(OWN) | data_defaults(str(self.values.get("dataset")))
        if name in defaults:
            return defaults[name]
        if self.table and name in ("header", "delimiter"):
            return getattr(self.table, name)
        return self.proposed.get(name)


def fields_of(spec: Spec) -> dict[str, str]:
    """The fields as one would type them to build ``spec``."""
    return {name: text_of(value) for name, value in choices_of(spec).items()}


def text_of(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, float) else str(value)


def draft_of(typed: Mapping[str, str], base: Spec | None = None) -> Draft:
    """What the form describes.

    Args:
        typed: its fields.
        base: the network that is changed, if one is.
    """
    chosen, wrong = read_fields(typed)
    draft = Draft(typed, chosen, {name: (error,) for name, error in wrong.items()})
    try:
        draft = _with_material(draft, base)
    except (TakebackError, ValueError) as error:
        return refused(draft, error)
    if draft.material is None:
        return replace(draft, proposed=_without_data(chosen))
    material = draft.material
    draft = replace(draft, proposed=proposals(chosen, material, base))
    try:
        draft = replace(draft, data=_data_alone(material, draft.values["output_activation"]))
        if draft.errors:
            return draft
        model = SpecModel.model_validate(spec_data(draft.values, material, base))
        return replace(draft, lab=commands.fresh_lab(model))
    except (TakebackError, ValidationError, ValueError) as error:
        return refused(draft, error)


_NOTHING = Samples(OWN, 2, (1,), True, 100, lambda *_: {})
_OF_DATA = ("outputs", "output_activation", "loss", "batch", "batch_size")


def _without_data(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What is proposed while there are no samples yet."""
    found = proposals(chosen, _NOTHING)
    return {name: value for name, value in found.items() if name not in _OF_DATA}


def refused(draft: Draft, error: Exception) -> Draft:
    """The draft with an error told to the field that it is about.

    Raises:
        Exception: the error, if it is none of what was typed.
    """
    errors = dict(draft.errors)
    hidden = draft.values.get("hidden", 1)
    for one in as_errors(error):
        if one.status >= 500:
            raise error
        pointer = form_pointer(one.pointer or "", hidden)
        name = pointer.removeprefix("/new/")
        if name == "output_activation" and name not in draft.chosen and "loss" in draft.chosen:
            # The outputs' activation only follows the loss.
            name, pointer = "loss", "/new/loss"
        told = InvalidInput(one.code, pointer=pointer if name != "all" else None, **one.values)
        errors[name] = (*errors.get(name, ()), told)
    proposed = draft.proposed or _without_data(draft.chosen)
    return replace(draft, errors=errors, proposed=proposed)


def _with_material(draft: Draft, base: Spec | None) -> Draft:
    chosen = draft.chosen
    name = chosen.get("dataset", "xor")
    if name == KEEP and base is None:
        allowed = ", ".join((*OPTIONS, OWN))
        raise InvalidInput("choice", pointer="/new/dataset", allowed=allowed)
    if name == KEEP and base is not None:
        return replace(draft, material=kept_material(base))
    if name == OWN:
        return _with_table(draft)
    standardise = draft.left_open("standardise")
    return replace(draft, material=named_material(name, {"standardise": standardise, **chosen}))


def _with_table(draft: Draft) -> Draft:
    """The draft with its table; without one, it only waits."""
    chosen, typed = draft.chosen, draft.typed
    if not typed.get("table", "").strip():
        return draft
    table = read_table(
        typed["table"], delimiter=chosen.get("delimiter", ""), header=chosen.get("header")
    )
    roles = _roles(draft, table)
    draft = replace(draft, table=table, roles=roles)
    options = {key: chosen.get(key, default) for key, default in data_defaults(OWN).items()}
    try:
        found = dataset_of(table, roles, classes=chosen.get("classes"))
    except InvalidTable as error:
        return refused(draft, error)
    return replace(draft, material=dataset_material(OWN, found, options))


def _roles(draft: Draft, table: Table) -> tuple[str, ...]:
    """What was chosen for these very columns, else what is proposed."""
    proposed = table.proposed_roles()
    if draft.typed.get("roles_of") != fingerprint(table.names):
        return proposed
    chosen = (draft.chosen.get(f"role.{i}") for i in range(1, len(proposed) + 1))
    return tuple(role or other for role, other in zip(chosen, proposed, strict=True))


def _data_alone(material: Samples, output: str) -> Spec:
    """A Spec that only holds the samples, as outputs of this activation would see them."""
    layers = (material.inputs, material.outputs[0])
    data = {"layers": list(layers), "activations": ["identity"], "loss": "mean_squared_error"}
    return spec_from_data({**data, **material.sample(layers, output)})


# --- what would do instead ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button beside an error: what it changes, as a query, and what it says."""

    change: str
    text: str


def fixes_of(draft: Draft, base: Spec | None = None) -> dict[str, tuple[Suggestion, ...]]:
    """For each field that cannot be, the nearest choices that can; each was tried."""
    return {
        name: tuple(_working(draft, name, base))
        for name in draft.errors
        if name not in ("all", "table")
    }


def _working(draft: Draft, name: str, base: Spec | None) -> list[Suggestion]:
    found: dict[str, Suggestion] = {}
    for change, text in _candidates(draft, name):
        changed = draft_of(mended({**draft.typed, "fix": change}), base)
        touched = {key for key, _ in parse_qsl(change, keep_blank_values=True)}
        if not (changed.errors.keys() & (touched | {name})):
            said = text or FIX_OPEN.get(name, FIX_OPEN[""]).format(
                value=said_value(name, changed.left_open(name))
            )
            found.setdefault(said, Suggestion(change, said))
    return list(found.values())[:2]


def _candidates(draft: Draft, name: str) -> list[tuple[str, str]]:
    """Changes with their buttons' texts; last the one that leaves the field open."""
    error = draft.errors[name][0]
    values = {**error.values, "field": name, **_fewer_units(draft, error.code)}
    known = [
        (change.format(**values), text.format(**values))
        for change, text in FIXES.get(error.code, ())
    ]
    return [*known, (urlencode({name: ""}), "")] if draft.typed.get(name) else known


def _fewer_units(draft: Draft, code: str) -> dict[str, str]:
    if code != "too_many_weights" or draft.material is None:
        return {"units": "", "layers": ""}
    inputs, *hidden, outputs = layers_of(draft.values, draft.material)
    fewer = fitting_layers((inputs, *hidden, outputs), MAX_WEIGHTS)[1:-1]
    units = {f"units.{layer}": size for layer, size in enumerate(fewer, start=1)}
    return {"units": urlencode(units), "layers": "-".join(map(str, (inputs, *fewer, outputs)))}


def sentences(draft: Draft) -> dict[str, tuple[str, ...]]:
    """What is said of each field that cannot be."""
    return {name: tuple(map(detail, errors)) for name, errors in draft.errors.items()}
