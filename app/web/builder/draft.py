"""A network that is being built: what was typed, what follows from it, and what cannot be."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote_plus, urlencode

from app.data.catalog import OPTIONS, OWN
from app.data.csv_samples import TableUse, dataset_of, gap_rows
from app.data.csv_table import MAX_COLUMNS, Table, read_table, rejoined
from app.data.data_columns import LITERALS
from app.data.table_lines import count_lines, line_numbers
from app.engine.network import Spec
from app.errors import InvalidInput, InvalidTable, TakebackError
from app.lab import builder
from app.lab.lab import Lab
from app.lab.limits import MAX_WEIGHTS, fitting_layers
from app.lab.spec_json import spec_from_data
from app.messages.fixes import FIX_OPEN, FIXES
from app.web.builder.fields import (
    SUGGESTED,
    field_at,
    fingerprint,
    read_fields,
    value_text,
)
from app.web.builder.sent_form import with_suggestion
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
_ASKED = ("literals", "dates")  # with three readings
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
    return TableUse(roles, chosen.get("classes"), gaps, merge, standardised)


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


# --- suggestions ----------------------------------------------------------------------------


_LITERAL = frozenset({"csv_open_literal", "csv_numbers_or_dates", "csv_open_time"})
_NEXT: Mapping[str, Set[str]] = {
    **dict.fromkeys(_LITERAL, _LITERAL),
    "open_list": {"open_matrix", "open_indices"}, "csv_open_nines": {"csv_missing"},
    "csv_number": {"csv_missing"}, "csv_range": {"csv_missing"},
}  # fmt: skip
"""To the code of an error those of questions that a working button may lead to."""
_LIST_CHOICES = ("open_list", "open_matrix", "open_indices")
"""Errors about a list that one of two buttons answers, in whatever field it stands."""
_MOST_SUGGESTED, _MOST_WAYS, _MOST_MARKS = 8, 16, 3
"""Fields, and ways to join cells: each is tried, which may take as long as drawing the page."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button beside an error: what it changes, as a query, and its text."""

    change: str
    text: str


def suggestions_of(
    draft: Draft, again: Callable[[Mapping[str, str]], Draft]
) -> dict[str, tuple[Suggestion, ...]]:
    """For each of the first fields that cannot be, the nearest choices that can.

    Each was tried: ``again`` makes a draft of changed fields.
    """
    blamed = (
        name
        for name, found in draft.errors.items()
        if name in SUGGESTED or name == "table" or found[0].code in _LIST_CHOICES
    )
    return {name: _working(draft, name, again) for name in islice(blamed, _MOST_SUGGESTED)}


def _working(
    draft: Draft, name: str, again: Callable[[Mapping[str, str]], Draft]
) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for change, text in _candidates(draft, name):
        changed = again(with_suggestion({**draft.typed, "fix": change}, name.__eq__))
        touched = {key for key, _ in parse_qsl(change, keep_blank_values=True)}
        left = {changed.errors[key][0].code for key in (touched | {name}) & changed.errors.keys()}
        asked = left <= _NEXT.get(draft.errors[name][0].code, {*()})
        if not left or asked:  # one question may lead to the next
            usual = value_text(name, changed.left_open(name))
            form = FIX_OPEN.get(name, FIX_OPEN["" if usual else "nothing"])
            text = text or form.format(value=usual)
            found.setdefault(text, Suggestion(change, text))
    most = _MOST_SUGGESTED if draft.errors[name][0].code == "csv_decimal_commas" else 3
    return tuple(found.values())[: most if name in ("table", *_ASKED) else 2]


def _candidates(draft: Draft, name: str) -> list[tuple[str, str]]:
    """Changes with their buttons' texts; last the one that leaves the field open."""
    error = draft.errors[name][0]
    values = {**error.values, "field": name}
    if error.code == "too_many_weights" and draft.samples:
        values |= _fewer_units(builder.layers_of(draft.values, draft.samples))
    if name == "table" or draft.table:
        values |= _of_table(draft, name, error.code)
    fixes = FIXES.get(error.code, ())
    known = [(change.format(**values), text.format(**values)) for change, text in fixes]
    if error.code == "csv_decimal_commas":
        known = [*_joined_cells(str(values["cells"]).split(","), int(str(values["expected"])))]
    opens = name != "table" and draft.typed.get(name)
    return [*known, (urlencode({name: ""}), "")] if opens else known


def _joined_cells(cells: Sequence[str], expected: int) -> Iterator[tuple[str, str]]:
    """Ways to take commas between so many cells for decimal ones, with the row as it reads."""
    columns = range(1, expected + 1)
    ways = combinations(columns, max(0, len(cells) - expected))
    for commas in islice(ways, _MOST_WAYS):  # of 48 cells in 32 columns there are 601,080,390
        row = "; ".join(rejoined(cells, commas))
        yield urlencode({"commas": ", ".join(map(str, commas))}), row


def _of_table(draft: Draft, name: str, code: str) -> dict[str, Any]:
    """What the buttons beside a table's errors need: rows with gaps, lines to leave out."""
    blamed = (e.values.get("line") for e in draft.errors[name] if e.code == code)
    lines = [*dict.fromkeys(str(line) for line in blamed if line is not None)]
    omitted = ", ".join(filter(None, (draft.typed.get("omit", "").strip(), *lines)))
    marks = _marks(draft, name, code)
    told = "; ".join(filter(None, (draft.typed.get("missing", "").strip(), *marks)))
    alike = [f"literals.{number}" for number in _alike(draft, name, code)]
    found: dict[str, Any] = {
        "lines": ", ".join(lines), "omit": omitted, "missing": quote_plus(told),
        **{f"as_{kind}": urlencode(dict.fromkeys(alike, kind)) for kind in LITERALS},
        "marks": "; ".join(marks[:_MOST_MARKS]) + " …" * (len(marks) > _MOST_MARKS),
    }  # fmt: skip
    if draft.table:
        found |= {
            "rows": gap_rows(draft.table, draft.roles),
            "mark": fingerprint(draft.table.names),
        }
    return found


def _alike(draft: Draft, name: str, code: str) -> list[int]:
    """The numbers of the columns that a table's error is about, from 1, or its question alike."""
    used = [i for i, role in enumerate(draft.roles) if role != "ignore"]
    columns = draft.table.columns if draft.table else ()
    if code == "csv_open_nines":
        return [i + 1 for i in used if columns[i].sentinels]
    if code == "csv_words_or_numbers":
        return [i + 1 for i in used if columns[i].holds == "words" and columns[i].literal]
    blamed = (e.values for e in draft.errors[name] if e.code == code)
    return [*dict.fromkeys(int(str(one["index"])) for one in blamed if "index" in one)]


def _marks(draft: Draft, name: str, code: str) -> list[str]:
    """The different cells that errors of this ``code`` name, or columns in use are asked about."""
    used = [i for i, role in enumerate(draft.roles) if role != "ignore"]
    columns = draft.table.columns if draft.table and code == "csv_open_nines" else ()
    blamed = (
        str(e.values["cell"]) for e in draft.errors[name] if e.code == code and "cell" in e.values
    )
    asked = (cell for i in used if columns for cell in columns[i].sentinels)
    return [*dict.fromkeys((*asked, *blamed))]


def _fewer_units(layers: tuple[int, ...]) -> dict[str, str]:
    fewer = fitting_layers(layers, MAX_WEIGHTS)
    units = {f"units.{layer}": size for layer, size in enumerate(fewer[1:-1], start=1)}
    return {"units": urlencode(units), "layers": "-".join(map(str, fewer))}
