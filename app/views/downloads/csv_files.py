"""Histories and tables as CSV (RFC 4180): exact numbers, and of a step only what is computed."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.data.catalog import OWN
from app.engine.backprop import forward_of
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.explain.quantities import UNIT_KINDS, Quantity, every
from app.lab.lab import Lab
from app.lab.own_units import columns_of, own_cell, targets_of
from app.lab.visibility import Visibility

CsvCell = str | float | int | None
CsvRow = dict[str, CsvCell]
# What a spreadsheet would take for a formula at the head of a cell.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
QUANTITIES = (
    "pre_activation", "activation", "delta", "error", "share", "value", "gradient", "new_value",
)  # fmt: skip
SAMPLES = "samples"
"""The column that says which samples a row's numbers are of, where there are several."""
COLUMN, OWN_UNITS, NEW_OWN_UNITS = "column", "own_units", "new_own_units"
"""The columns of what inputs, outputs and targets are called in the table, and of these as the
table has them: in the step's forward pass, and outputs after its update."""
_COLUMNS = {
    "input": "activation", "act": "activation", "pre": "pre_activation",
    "weight": "gradient", "bias": "gradient", "new": "new_value",
    "target": "value", "loss": "value", "loss_after": "new_value",
}  # fmt: skip
_GROUPS = dict.fromkeys(("input", *UNIT_KINDS.values()), "unit") | {
    "target": "target", "loss": "loss", "loss_after": "loss",
}  # fmt: skip


def csv_text(rows: Iterable[Sequence[CsvCell]]) -> str:
    """Rows as CSV; a number keeps all its digits, None is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return file.getvalue()


def _text(cell: CsvCell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULAS) else cell
    return "" if cell is None else repr(cell)


def history_csv(lab: Lab) -> str:
    """The loss at each step up to the one in view, and the learning rate of the step from there."""
    return csv_text([("step", "loss", "learning_rate"), *_history(lab)])


def _history(lab: Lab) -> Iterator[Sequence[CsvCell]]:
    first, end = lab.first_step, lab.step + lab.progress.error
    losses = lab.loss_history[: end - first].tolist()
    starts = [segment.start for segment in lab.segments]
    for segment, (start, following) in zip(lab.segments, pairwise([*starts, end]), strict=True):
        for step in range(start, min(following, end)):
            yield step, losses[step - first], segment.spec.optimizer.rate_at(step)


def tables_csv(visible: Visibility) -> str:
    """Every number of a step as far as it may be shown; each in a row of its own part."""
    spec = visible.sample.spec
    columns = ("kind", "name", "from", "to", *QUANTITIES, *slots_of(spec.optimizer))
    data = spec.data
    if data and (data.name == OWN or data.means or data.target_means):
        columns += (COLUMN, OWN_UNITS, NEW_OWN_UNITS)
    if visible.sample.total > 1:
        columns += (SAMPLES,)
    return csv_text([columns, *([row.get(name) for name in columns] for row in _rows(visible))])


def _rows(visible: Visibility) -> Iterator[CsvRow]:
    sample = visible.sample
    spec, last, after = sample.spec, len(sample.spec.layers) - 1, _outputs_after(visible)
    rows: dict[tuple[str, str], CsvRow] = {}
    for quantity in every(spec):
        group = _GROUPS.get(quantity.kind, "parameter")
        row = rows.setdefault((group, quantity.name), {})
        if not row:
            row |= _head(quantity, spec) | {SAMPLES: _samples_of(visible, group)}
        # A bias that never learns has no update.
        if row["kind"] != "bias" or quantity.kind == "value" or spec.bias_update != "none":
            row[_COLUMNS.get(quantity.kind, quantity.kind)] = visible.value(quantity)
        if quantity.kind in ("input", "target") or (quantity.kind, quantity.layer) == ("act", last):
            row |= _in_own_units(visible, quantity, after)
    loss = rows.pop(("loss", ""))
    yield from rows.values()
    if loss["value"] is not None:
        yield loss


def _in_own_units(visible: Visibility, quantity: Quantity, after: Sequence[float] | None) -> CsvRow:
    """What an input, an output or a target is called in the table, and what it is there."""
    spec, unit, value = visible.sample.spec, quantity.unit, visible.value(quantity)
    layer = 0 if quantity.kind == "input" else -1
    found: CsvRow = {COLUMN: (targets_of(spec) if layer else columns_of(spec))[unit]}
    if value is not None:
        found[OWN_UNITS] = own_cell(spec, layer, unit, value)
    if value is not None and quantity.kind == "act" and after is not None:
        found[NEW_OWN_UNITS] = own_cell(spec, layer, unit, after[unit])
    return found


def _outputs_after(visible: Visibility) -> list[float] | None:
    """What the network answers for the sample in view after the update; None before it."""
    if not visible.progress.complete:
        return None
    sample = visible.sample
    passed = forward_of(sample.spec, sample.standing.shown.after, sample.index)
    outputs: list[float] = passed.activations[-1][0].tolist()
    return outputs


def _samples_of(visible: Visibility, group: str) -> str:
    """The number of the sample that a row is of, or those of the batch."""
    names = visible.sample.names
    if group in ("unit", "target"):
        return str(names["sample"])
    return str(names["first"]) if visible.sample.alone else "{first} to {last}".format(**names)


def _head(quantity: Quantity, spec: Spec) -> dict[str, str]:
    """What the number is of: the first cells of its row."""
    names, layer, unit = spec.names, quantity.layer, quantity.unit
    if quantity.kind in ("loss", "loss_after"):
        return {"kind": "loss"}
    if quantity.kind == "target":
        return {"kind": "target", "name": quantity.name, "to": names.units[-1][unit]}
    if quantity.kind in UNIT_KINDS.values() or quantity.kind == "input":
        place = "output" if layer == len(names.units) - 1 else "hidden" if layer else "input"
        return {"kind": place, "name": quantity.name}
    units = names.units[layer + 1]
    if quantity.source < 0:
        to = " ".join(units) if names.bias_nodes[layer] else units[unit]
        return {"kind": "bias", "name": quantity.name, "to": to}
    source = names.units[layer][quantity.source]
    return {"kind": "weight", "name": quantity.name, "from": source, "to": units[unit]}
