"""Histories and tables as CSV (RFC 4180): exact numbers, and of a step only what is computed."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.engine.network import Spec
from app.lab.lab import Lab
from app.lab.step_values import StepValues

Cell = str | float | int | None
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the head of a cell."""

QUANTITIES = (
    "pre_activation", "activation", "delta", "error", "share", "value", "gradient", "new_value",
)  # fmt: skip


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV; a number keeps all its digits, None is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return file.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULAS) else cell
    return repr(cell)


# --- the history --------------------------------------------------------------------------------


def history_csv(lab: Lab) -> str:
    """The loss at each step up to the one in view, and the learning rate of the step from there."""
    return csv_text([("step", "loss", "learning_rate"), *_history(lab)])


def _history(lab: Lab) -> Iterator[Sequence[Cell]]:
    first = lab.first_step
    end = lab.step + lab.progress.error
    losses = lab.loss_history[: end - first].tolist()
    starts = [segment.start for segment in lab.segments]
    for segment, (start, following) in zip(lab.segments, pairwise([*starts, end]), strict=True):
        for step in range(start, min(following, end)):
            yield step, losses[step - first], segment.spec.optimizer.learning_rate


# --- the tables -----------------------------------------------------------------------------------


def tables_csv(moment: StepValues) -> str:
    """Every number of a step as far as it is computed; each in a row of its own part."""
    slots = tuple(moment.memory_weights)
    columns = ("kind", "name", "from", "to", *QUANTITIES, *slots)
    rows = [*_units(moment), *_targets(moment), *_weights(moment), *_biases(moment), *_loss(moment)]
    return csv_text([columns, *([row.get(column) for column in columns] for row in rows)])


Row = dict[str, Cell]


def _units(moment: StepValues) -> Iterator[Row]:
    names = moment.spec.names.units
    for name, value in zip(names[0], moment.inputs, strict=True):
        yield {"kind": "input", "name": name, "activation": value}
    for layer, row in enumerate(names[1:]):
        last = layer == len(names) - 2
        for unit, name in enumerate(row):
            found: Row = {"kind": "output" if last else "hidden", "name": name}
            found["pre_activation"] = _at(moment.pre[layer], unit)
            found["activation"] = _at(moment.act[layer], unit)
            found["delta"] = _at(moment.deltas[layer], unit)
            if last:
                found["error"] = _at(moment.errors, unit)
                found["share"] = _at(moment.shares, unit)
            yield found


def _targets(moment: StepValues) -> Iterator[Row]:
    names = moment.spec.names
    for name, output, value in zip(names.targets, names.units[-1], moment.targets, strict=True):
        yield {"kind": "target", "name": name, "to": output, "value": value}


def _weights(moment: StepValues) -> Iterator[Row]:
    names = moment.spec.names
    for layer, rows in enumerate(names.weights):
        gradients, after = moment.weight_gradients[layer], moment.new_weights[layer]
        for j, row in enumerate(rows):
            for i, name in enumerate(row):
                found: Row = {"kind": "weight", "name": name}
                found["from"], found["to"] = names.units[layer][i], names.units[layer + 1][j]
                found["value"] = float(moment.parameters.weights[layer][j, i])
                found["gradient"] = gradients[j][i] if gradients else None
                found["new_value"] = after[j][i] if after else None
                for slot, kept in moment.memory_weights.items():
                    memory = kept[layer]
                    found[slot] = memory[j][i] if memory else None
                yield found


def _biases(moment: StepValues) -> Iterator[Row]:
    """Each bias; where a layer has one bias node, that one. One that never learns has no update."""
    spec = moment.spec
    learns = spec.bias_update != "none"
    for layer, row in enumerate(spec.names.biases):
        node = spec.names.bias_nodes[layer]
        for j, name in enumerate([node] if node else row):
            found: Row = {"kind": "bias", "name": name, "to": _led_to(spec, layer, j)}
            found["value"] = float(moment.parameters.biases[layer][j])
            if learns:
                found["gradient"] = _at(moment.bias_gradients[layer], j)
                found["new_value"] = _at(moment.new_biases[layer], j)
                for slot, kept in moment.memory_biases.items():
                    found[slot] = _at(kept[layer], j)
            yield found


def _led_to(spec: Spec, layer: int, unit: int) -> str:
    """The units that a bias belongs to."""
    units = spec.names.units[layer + 1]
    return " ".join(units) if spec.names.bias_nodes[layer] else units[unit]


def _loss(moment: StepValues) -> Iterator[Row]:
    if moment.loss is not None:
        yield {"kind": "loss", "value": moment.loss, "new_value": moment.loss_after}


def _at(row: Sequence[float] | None, index: int) -> float | None:
    return None if row is None else row[index]
