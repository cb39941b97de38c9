"""Histories and tables as CSV (RFC 4180): exact numbers, and of a step only what is computed."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

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
    rows = [*_units(moment), *_targets(moment), *_parameters(moment), *_loss(moment)]
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


def _parameters(moment: StepValues) -> Iterator[Row]:
    """Every weight, then every bias: where a layer has one bias node, that one.

    A bias that never learns has no update.
    """
    spec, units = moment.spec, moment.spec.names.units
    kept: Mapping[str, tuple[Any, ...]]
    found: tuple[tuple[Any, ...], ...]
    for part in spec.names.parameters():
        row: Row = {"kind": part.kind, "name": part.name, "to": units[part.layer + 1][part.unit]}
        row["value"] = part.of(moment.parameters)
        if part.kind == "weight":
            row["from"] = units[part.layer][part.source]
            kept, found = moment.memory_weights, (moment.weight_gradients, moment.new_weights)
        else:
            if spec.names.bias_nodes[part.layer]:
                row["to"] = " ".join(units[part.layer + 1])
            kept, found = moment.memory_biases, (moment.bias_gradients, moment.new_biases)
        if part.kind == "weight" or spec.bias_update != "none":
            row["gradient"], row["new_value"] = map(part.within, found)
            row |= {slot: part.within(rows) for slot, rows in kept.items()}
        yield row


def _loss(moment: StepValues) -> Iterator[Row]:
    if moment.loss is not None:
        yield {"kind": "loss", "value": moment.loss, "new_value": moment.loss_after}


def _at(row: Sequence[float] | None, index: int) -> float | None:
    return None if row is None else row[index]
