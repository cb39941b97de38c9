"""A network that is being built: what was typed, what follows from it, and what cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from app.data.catalog import OPTIONS, OWN
from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import Table, read_table
from app.data.table_rows import MAX_COLUMNS
from app.data.text.table_lines import count_lines, line_numbers
from app.engine.network import Spec
from app.errors import InvalidInput, InvalidTable, TakebackError
from app.lab import builder
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.web.builder.fields import (
    field_at,
    fingerprint,
    read_fields,
)
from app.web.http.problems import as_errors
from app.web.networks import commands
from app.web.networks.bodies import SpecModel

D = TypeVar("D", bound="Draft")


@dataclass(frozen=True)
class Draft:
    """What the builder's form describes, to change the network ``base`` or without one.

    Of its fields as they were ``typed``, a table among them, ``chosen`` holds the values of those
    that are not left open, and ``proposed`` of every field while it is. ``errors`` is what cannot
    be, by field; "all" for what no field is to blame for. The pasted or uploaded ``table``, with a
    role for each column, the ``samples`` and the ``lab`` are there if they can be. ``data`` is a
    Spec that only holds the samples, to draw them without a network.
    """

    typed: Mapping[str, str]
    base: Spec | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, tuple[TakebackError, ...]] = field(default_factory=dict)
    table: Table | None = None
    roles: tuple[str, ...] = ()
    samples: builder.Samples | None = None
    proposed: Mapping[str, Any] = field(default_factory=dict)
    lab: Lab | None = None
    data: Spec | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Every field's value."""
        return {**self.proposed, **self.chosen}

    def left_open(self, name: str) -> Any:
        """A field's value while it is left open; None for nothing."""
        dataset = str(self.values.get("dataset", builder.USUAL_DATASET))
        rows = len(self.table.rows) if self.table else 2
        options = builder.data_defaults(OWN, rows) | builder.data_defaults(dataset, rows)
        if name in options:
            return options[name]
        if self.table and name in ("header", "delimiter", "decimal"):
            return getattr(self.table, name)
        return self.proposed.get(name)


def draft_of(
    typed: Mapping[str, str], base: Spec | None = None, known: Draft | None = None
) -> Draft:
    """What the form with these fields describes; ``known`` may have read the same table so."""
    chosen, wrong = read_fields(typed)
    draft = Draft(typed, base, chosen, {name: (error,) for name, error in wrong.items()})
    try:
        draft = _with_samples(draft, known)
        if (samples := draft.samples) is None:
            return replace(draft, proposed=_without_data(chosen))
        draft = replace(draft, proposed=builder.defaults(chosen, samples, base))
        draft = replace(draft, data=_data_alone(samples, draft.values["output_activation"]))
        if draft.errors:
            return draft
        model = SpecModel.model_validate(builder.spec_data(draft.values, samples, base))
        return replace(draft, lab=commands.fresh_lab(model))
    except (TakebackError, ValueError) as error:
        return refused(draft, error)


_NOTHING = builder.Samples(OWN, 2, (1,), True, 100, lambda *_: {})
_READING = ("delimiter", "header", "decimal", "dates", "pivot", "total", "transposed")
_LINES = ("omit", "commas")
_OF_DATA = ("outputs", "output_activation", "loss", "batch", "batch_size")


def _without_data(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults while there are no samples yet."""
    found = builder.defaults(chosen, _NOTHING).items()
    return {name: value for name, value in found if name not in _OF_DATA}


def refused(draft: D, error: Exception) -> D:
    """The draft with an error beside the field that it is about; the server's own is raised."""
    errors, hidden = dict(draft.errors), draft.values.get("hidden", 1)
    for one in as_errors(error):
        if one.status >= 500:
            raise error
        name = field_at(one.pointer or "", hidden)
        if name == "output_activation" and name not in draft.chosen and "loss" in draft.chosen:
            # The outputs' activation only follows the loss.
            name = "loss"
        pointer = f"/new/{name}" if name != "all" else None
        own = InvalidInput(one.code, pointer=pointer, **one.values)
        errors[name] = (*errors.get(name, ()), own)
    return replace(draft, errors=errors, proposed=draft.proposed or _without_data(draft.chosen))


def _with_samples(draft: Draft, known: Draft | None) -> Draft:
    name = draft.chosen.get("dataset", builder.USUAL_DATASET)
    if name == OWN:
        return _with_table(draft, known)
    if name != builder.KEEP:
        options = {"standardise": draft.left_open("standardise"), **draft.chosen}
        return replace(draft, samples=builder.named_samples(name, options))
    if draft.base is None:
        raise InvalidInput("choice", pointer="/new/dataset", allowed=", ".join((*OPTIONS, OWN)))
    return replace(draft, samples=builder.kept_samples(draft.base))


def _told(draft: Draft) -> dict[str, Any]:
    """How a draft's table is read, where that is not found out."""
    chosen = draft.chosen
    told = {key: chosen[key] for key in _READING if key in chosen}
    told |= {key: line_numbers(chosen[key]) for key in _LINES if key in chosen}
    usual = chosen.get("literals", "")
    told["literals"] = [chosen.get(f"literals.{n}", usual) for n in range(1, MAX_COLUMNS + 1)]
    return {**told, "missing": chosen.get("missing", "").split(";")}


def _with_table(draft: Draft, known: Draft | None) -> Draft:
    """The draft with its table; without one, it only waits."""
    chosen, text = draft.chosen, draft.typed.get("table", "")
    if not text.strip():
        return draft
    told = _told(draft)
    if known and known.table and known.typed.get("table") == text and _told(known) == told:
        table = known.table
    else:
        table = read_table(text, **told)
    roles = _roles(draft, table)
    draft = replace(draft, table=table, roles=roles)
    for name, most in (("omit", count_lines(text)), ("commas", len(table.names))):
        if max(told.get(name, (0,))) > most:
            return refused(draft, InvalidInput("maximum", pointer=f"/new/{name}", maximum=most))
    usual = builder.data_defaults(OWN, len(table.rows))
    options = {key: chosen.get(key, value) for key, value in usual.items()}
    try:
        found = dataset_of(table, _use(chosen, roles, standardised=bool(options["standardise"])))
    except InvalidTable as error:
        return refused(draft, error)
    return replace(draft, samples=builder.dataset_samples(OWN, found, options))


def _use(chosen: Mapping[str, Any], roles: tuple[str, ...], *, standardised: bool) -> TableUse:
    gaps, merge = chosen.get("gaps", ""), chosen.get("merge")
    linear = chosen.get("output_activation", "identity") == "identity"
    return TableUse(roles, chosen.get("classes"), gaps, merge, standardised, linear)


def _roles(draft: Draft, table: Table) -> tuple[str, ...]:
    """The roles chosen for these very columns, else the usual ones."""
    proposed = table.proposed_roles()
    if draft.typed.get("roles_of") != fingerprint(table.names):
        return proposed
    chosen = (draft.chosen.get(f"role.{i}") for i in range(1, len(proposed) + 1))
    return tuple(role or other for role, other in zip(chosen, proposed, strict=True))


def _data_alone(samples: builder.Samples, output: str) -> Spec:
    """A Spec that only holds the samples, as outputs of this activation would see them."""
    layers = (samples.inputs, samples.outputs[0])
    data = {"layers": list(layers), "activations": ["identity"], "loss": "mean_squared_error"}
    return spec_from_data(data | samples.sample(layers, output))
