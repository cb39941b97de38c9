"""A network as a homework gives it: layer sizes, one sample, each weight and bias by its name.

What is left open of the rules is as most books begin: sigmoid units, half the squared error,
gradient descent. A number that is left open is a small one, so that a network can always be made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from app.data.catalog import OWN
from app.data.numbers.bare_lists import ROW_END
from app.data.numbers.number_lists import (
    COMMAS,
    NumberRows,
    unreadable,
)
from app.data.numbers.scripts import plain_signs
from app.data.numbers.typed_numbers import typed_numbers
from app.data.numbers.whole_matrices import matrix_rows
from app.engine.initialization import initialize
from app.engine.losses import LOSSES
from app.engine.names import Names
from app.errors import InvalidInput
from app.lab.builder import MAX_HIDDEN, Samples, Values, defaults, spec_data
from app.lab.homework.indexed_names import indexed_weights
from app.lab.homework.matrix_fields import matrix_fields, named_list
from app.lab.limits import weights_of
from app.lab.spec_json import spec_from_data

LAYERS = "2-3-1"
MAX_UNITS, MAX_NUMBERS = 64, 600
_PART = rf"[^\s,;&\[({{{ROW_END}]*+"
_ONE = re.compile(rf"{_PART}(?:(?<=\d),(?=\d){_PART})?")
_GLUED = re.compile(r"[\d.][-+\N{EN DASH}\N{MINUS SIGN}]\.?\d")
_BLANK_OR_WIDE = re.compile(r"\S[ \t\n]+\S|\N{FULLWIDTH COMMA}")
_BETWEEN = re.compile(r"\s*[-\N{EN DASH}\N{MINUS SIGN},;x\N{MULTIPLICATION SIGN}\s]\s*")


@dataclass(frozen=True)
class Homework:
    """What a homework gives: layer sizes, what each number is called, and the numbers proposed."""

    layers: tuple[int, ...]
    names: Names
    proposed: Mapping[str, float]

    def samples(self, numbers: Mapping[str, float]) -> Samples:
        """Its one sample, with the ``numbers`` by name; learning rates are as for classes."""
        inputs, targets = ([numbers[name] for name in row] for row in (
            self.names.units[0], self.names.targets))  # fmt: skip
        sample = {"samples": [{"inputs": inputs, "targets": targets}]}
        return Samples(OWN, len(inputs), (len(targets),), True, 1, lambda *_: sample)


def layers_in(text: str) -> tuple[int, ...]:
    """Layer sizes such as 2-3-1.

    Raises InvalidInput if they are none, or the network has too many numbers to type.
    """
    parts = _BETWEEN.split(plain_signs(text).strip(" \t[](){}"))
    sizes = tuple(int(part) for part in parts if re.fullmatch("[0-9]{1,3}", part))
    most = MAX_HIDDEN + 2
    if not 2 <= len(parts) == len(sizes) <= most or not all(0 < n <= MAX_UNITS for n in sizes):
        limits = {"layers": most, "units": MAX_UNITS, "example": LAYERS}
        raise InvalidInput("layer_shape", pointer="/new/layers", **limits)
    count = weights_of(sizes) + sum(sizes) + sizes[-1]
    if count > MAX_NUMBERS:
        shape = "-".join(map(str, sizes))
        limits = {"shape": shape, "count": count, "limit": MAX_NUMBERS}
        raise InvalidInput("too_many_numbers", pointer="/new/layers", **limits)
    return sizes


@lru_cache(maxsize=16)
def homework_of(layers: tuple[int, ...], bias_update: str) -> Homework:
    """What a homework of these layers gives; each unit has a bias, or the layer shares one."""
    weights = [rows.round(2) + 0.0 for rows in initialize(layers, "xavier_uniform", 0).weights]
    zeros = {"inputs": [0.0] * layers[0], "targets": [0.0] * layers[-1]}
    frame = {
        "layers": layers, "activations": ["sigmoid"] * (len(layers) - 1), "samples": [zeros],
        "bias_update": "shared" if bias_update == "shared" else "per_neuron",
        "weights": weights,
    }  # fmt: skip
    names = spec_from_data(frame).names
    proposed = {
        **{name: round(at % 10 / 10, 1) for at, name in enumerate(names.units[0], start=1)},
        **{part.name: float(weights[part.layer][part.unit][part.source])
           for part in names.parts("weight")},
        **{part.name: 0.0 for part in names.parts("bias")},
        **{name: float(at == 0) for at, name in enumerate(names.targets)},
    }  # fmt: skip
    return Homework(layers, names, proposed)


def layer_choices(layers: Sequence[int]) -> dict[str, int]:
    """Layer sizes as the builder's choices."""
    hidden = {f"units.{layer}": size for layer, size in enumerate(layers[1:-1], start=1)}
    return {"hidden": len(hidden), **hidden, "outputs": layers[-1]}


def homework_defaults(chosen: Values, homework: Homework) -> dict[str, Any]:
    """The value of each rule and number while it is left open, given those that were chosen."""
    loss = chosen.get("loss")
    output = chosen.get("output_activation") or (loss and LOSSES[loss].match) or "sigmoid"
    usual = "softmax_cross_entropy" if output == "softmax" else "half_squared_error"
    return {
        **defaults(chosen, homework.samples(homework.proposed)),
        **{f"activation.{layer}": "sigmoid" for layer in range(1, MAX_HIDDEN + 1)},
        "output_activation": output, "loss": usual, "reduction": "sum",
        **homework.proposed,
    }  # fmt: skip


def homework_data(values: Values, homework: Homework) -> dict[str, Any]:
    """A Spec's data from every rule and number, chosen or proposed."""
    data = spec_data(values, homework.samples(values))
    del data["initialization"]
    names, of = homework.names, partial(map, values.__getitem__)
    # Fixed biases that are equal would else be shown as one.
    biases = [[node] * len(row) if node else row
              for node, row in zip(names.bias_nodes, names.biases, strict=True)]  # fmt: skip
    named = [node or [*row] for node, row in zip(names.bias_nodes, names.biases, strict=True)]
    return data | {
        "weights": [[[*of(row)] for row in rows] for rows in names.weights],
        "biases": [[*of(row)] for row in biases],
        "names": {"biases": named},
    }


# --- lists and matrices -----------------------------------------------------------------------


@dataclass(frozen=True)
class Filled:
    """Which numbers a list or matrix filled, by name; ``over`` is how many more it had.

    ``reading`` says how a matrix was read, as ``MatrixFields`` do. ``decimal_commas``: commas
    between digits were read as decimal ones. ``factor``: MATLAB's, by which they were multiplied.
    """

    numbers: Mapping[str, str]
    over: int = 0
    reading: str = ""
    decimal_commas: bool = False
    factor: str = ""

    @property
    def first(self) -> str:
        """The name of the first number."""
        return next(iter(self.numbers))

    @property
    def last(self) -> str:
        """The name of the last number."""
        return [*self.numbers][-1]


def filled_from(homework: Homework, name: str, text: str) -> Filled | None:
    """What ``text`` in the field of the number ``name`` fills from there on.

    A matrix fills a layer's weights, as ``matrix_fields`` says. A list fills numbers of the same
    kind, or those that it names. None if the text is no list: one number, or nothing that is one.

    Raises InvalidInput if an entry of it is no number, rows differ in length, it fits nowhere, or
    it has two readings.
    """
    pointer, typed = f"/values/{name}", typed_numbers(text)
    if typed and not _BLANK_OR_WIDE.search(text.strip()):
        return None
    try:
        found = matrix_rows(text, pointer)
    except InvalidInput as error:
        alone = _ONE.fullmatch(text.strip()) and not _GLUED.search(text)
        no_list = typed or alone or not any(map(str.isnumeric, text))
        if no_list and error.code != "open_list":
            return None
        raise
    numbers = [number for row in found.rows for number in row]
    if typed and len(numbers) > 1:
        told = f"{typed[0]:.15g}"
        raise InvalidInput("open_list", pointer=pointer, point=told, apart=found.told)
    if typed or not numbers:
        return None
    if by_name := _indexed(homework, name, found) or _named(homework, found, pointer):
        filled = {key: by_name[key] for key in homework.proposed if key in by_name}
        return Filled(filled, decimal_commas=found.decimal_commas, factor=found.factor)
    found.refuse_ragged(pointer)
    placed = matrix_fields(homework.names, name, found)
    by_field = dict(zip(placed.fields, numbers, strict=False))
    filled = {key: by_field[key] for key in homework.proposed if key in by_field}
    over = max(len(numbers) - len(placed.fields), 0)
    if over and found.paired:
        raise InvalidInput(
            "open_list", pointer=pointer, point=found.paired, point_reading=COMMAS,
            apart=found.told,
        )  # fmt: skip
    return Filled(filled, over, placed.reading, found.decimal_commas, found.factor)


def _indexed(homework: Homework, name: str, found: NumberRows) -> dict[str, str]:
    """The numbers of a list whose names have two indices, by name; none if they have not.

    Raises InvalidInput if w12 may be from 1 to 2, or into 1 from 2.
    """
    labels = found.labels
    if {*labels} <= {*homework.proposed} or len({*labels}) < len(labels):
        return {}
    numbers = [number for row in found.rows for number in row]
    ways = indexed_weights(homework.names, name, labels)
    readings = [
        {weights[label]: number for label, number in zip(labels, numbers, strict=True)}
        for weights in ways
    ]
    if len(readings) > 1 and readings[0] != readings[1]:
        label = next(label for label in labels if ways[0][label] != ways[1][label])
        raise InvalidInput(
            "open_indices", pointer=f"/values/{name}", label=label,
            first=label[-2], second=label[-1],
            point=named_list(readings[0]), apart=named_list(readings[1]),
        )  # fmt: skip
    return readings[0] if readings else {}


def _named(homework: Homework, found: NumberRows, pointer: str) -> dict[str, str]:
    """The numbers of a list that are named as the network's are, by name; none if none is.

    Raises InvalidInput if only some are, or one is twice.
    """
    by_name: dict[str, str] = {}
    labels = _labels(homework, pointer.removeprefix("/values/"), found)
    if not any(label in homework.proposed for label in labels):
        return by_name
    for at, row in enumerate(found.rows):
        for place, number in enumerate(row):
            label = labels[sum(map(len, found.rows[:at])) + place]
            if label in by_name or label not in homework.proposed:
                raise unreadable(f"{label} = {number}", pointer, at + 1, place + 1)
            by_name[label] = number
    return by_name


def _labels(homework: Homework, name: str, found: NumberRows) -> tuple[str, ...]:
    """The names of all numbers; those above columns are of one row, unless weights lead there."""
    if not found.column_names:
        return found.labels
    weights = {part.name for part in homework.names.parts("weight")}
    of_units = name in weights and not weights & {*found.column_names}
    one_row = len(found.rows) == 1 and not found.row_names
    return found.column_names if one_row and not of_units else ()
