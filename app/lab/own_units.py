"""Inputs and outputs in the units of a network's table, and its answers to such inputs.

Where a table was standardised, the network sees (value - mean) / scale; a value is output * scale +
mean. Elsewhere a table's units are the network's.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.data.dates import DURATIONS, typed_since
from app.data.numbers.written_dates import date_at
from app.data.table_headers import unit_of
from app.engine.activations import Array
from app.engine.backprop import forward
from app.engine.metrics import has_classes, labels_of, threshold_of
from app.engine.network import Provenance, Spec, kept
from app.engine.parameters import Parameters
from app.errors import InvalidInput

POINTER = "/ask"


class OwnAnswer(NamedTuple):
    """What a network answers for ``inputs``, in its table's units, as the ``outputs`` are.

    ``activations`` are its outputs as it computes them, ``label`` is the class that they name, ""
    where there are no classes; ``outside`` says of each input whether no sample goes so far.
    """

    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    activations: tuple[float, ...]
    label: str
    outside: tuple[bool, ...]


def columns_of(spec: Spec) -> tuple[str, ...]:
    """What the inputs are called in the table, else their units' names."""
    columns = spec.data.columns if spec.data else ()
    return columns if len(columns) == spec.layers[0] else tuple(spec.names.units[0])


class OwnColumn(NamedTuple):
    """A column of the table, with the ``words`` that have a unit each; () where it holds numbers.

    Of two words one has a unit, and the other is where that is 0. ``zero`` is that word, or the
    earliest of a column's dates; "" for neither, or where nobody told. ``decimal`` is "," where its
    numbers have decimal commas, "." where commas group their thousands, else "".
    """

    name: str
    words: tuple[str, ...] = ()
    zero: str = ""
    decimal: str = ""

    @property
    def holds_dates(self) -> bool:
        """Whether it holds dates, times or durations."""
        return not self.words and typed_since(self.zero, self.zero) is not None

    @property
    def holds_durations(self) -> bool:
        """Whether it holds durations, of which plain numbers are some, too."""
        return self.holds_dates and self.zero.endswith(DURATIONS)


def own_columns(spec: Spec) -> tuple[OwnColumn, ...]:
    """The table's columns that are inputs, those of words once."""
    found: list[OwnColumn] = []
    columns = columns_of(spec)
    for column, zero in zip(columns, _zeros_of(spec)[: len(columns)], strict=True):
        name, _, word = column.partition("=")
        if not word:
            found.append(OwnColumn(column, (), zero))
        elif found and found[-1].words and found[-1].name == name:
            found[-1] = OwnColumn(name, (*found[-1].words, word))
        else:
            found.append(OwnColumn(name, (word,), zero))
    signs = spec.data.decimal if spec.data else ""
    signs = signs * len(found) if len(signs) == 1 else signs.ljust(len(found))
    # Beside commas a point only says that it is none.
    none = " ." if "," in signs else " "
    pairs = zip(found, signs, strict=False)
    return tuple(one._replace(decimal=sign.strip(none)) for one, sign in pairs)


def targets_of(spec: Spec) -> tuple[str, ...]:
    """What the outputs stand for: classes, the table's targets, else their units' names."""
    data, outputs = spec.data, tuple(spec.names.units[-1])
    if data is None:
        return outputs
    fitting = (data.classes, data.targets)
    return next((names for names in fitting if len(names) == len(outputs)), outputs)


def _zeros_of(spec: Spec) -> tuple[str, ...]:
    """What each input is 0 for, then each output; "" where nobody told."""
    zeros, inputs = spec.data.zeros if spec.data else (), spec.layers[0]
    if len(zeros) not in (inputs, inputs + spec.layers[-1]):
        zeros = ()
    return zeros + ("",) * (inputs + spec.layers[-1] - len(zeros))


def own_targets(spec: Spec) -> tuple[tuple[str, str], ...]:
    """What the outputs stand for, each with the earliest date of its column, or ""."""
    return tuple(zip(targets_of(spec), _zeros_of(spec)[spec.layers[0] :], strict=True))


def class_names(spec: Spec) -> tuple[str, ...]:
    """What the classes are called, in the order of their labels; () where there are none."""
    if not has_classes(spec):
        return ()
    outputs = spec.names.units[-1]
    low = "0" if threshold_of(spec) else "\N{MINUS SIGN}1"
    names = outputs if len(outputs) > 1 else (low, "1")
    given = spec.data.classes if spec.data else ()
    return given if len(given) == len(names) else names


def answer_of(spec: Spec, parameters: Parameters, inputs: Sequence[float]) -> OwnAnswer:
    """What a network answers for ``inputs`` in its table's units.

    Raises InvalidInput if that is not finite.
    """
    data, width = spec.data or Provenance("", {}), spec.layers[0]
    means, scales = _moments(data.means, width), _moments(data.scales, width, 1.0)
    seen = (np.array([inputs]) - means) / scales
    with np.errstate(all="ignore"):
        passed = forward(spec, parameters, seen, np.zeros((1, spec.layers[-1])))
        activations = passed.activations[-1]
        outputs = in_table_units(spec, activations)
    if not np.all(np.isfinite(activations) & np.isfinite(outputs)):
        raise InvalidInput("asked_not_finite", pointer=POINTER)
    return OwnAnswer(
        tuple(inputs), tuple(outputs[0].tolist()),
        tuple(activations[0].tolist()), label_of(spec, activations), _outside(spec, seen),
    )  # fmt: skip


def is_standardised(spec: Spec) -> bool:
    """Whether the network sees its table in other units than the table has."""
    return spec.data is not None and bool(spec.data.means or spec.data.target_means)


def inputs_in_table_units(spec: Spec, inputs: Array) -> Array:
    """Inputs in the units of the table, in the same shape."""
    data, width = spec.data or Provenance("", {}), spec.layers[0]
    return inputs * _moments(data.scales, width, 1.0) + _moments(data.means, width)


def in_table_units(spec: Spec, outputs: Array) -> Array:
    """Outputs, or targets, in the units of the table, in the same shape."""
    data, width = spec.data, spec.layers[-1]
    if data is None:
        return outputs
    return outputs * _moments(data.target_scales, width, 1.0) + _moments(data.target_means, width)


def _moment(spec: Spec, layer: int, unit: int) -> tuple[float, float] | None:
    """Mean and scale of an input (``layer`` 0), output or target; None if they change nothing."""
    data = spec.data or Provenance("", {})
    means, scales = data.target_means, data.target_scales
    if layer == 0:
        means, scales = data.means, data.scales
    fits = len(means) == len(scales) == spec.layers[layer]
    return (means[unit], scales[unit]) if fits and (means[unit], scales[unit]) != (0, 1) else None


def own_value(spec: Spec, layer: int, unit: int, value: float) -> float | None:
    """An input (``layer`` 0), output or target in the units of the table, if these differ.

    It has no more digits than standardising and its way back leave as they were.
    """
    found = _moment(spec, layer, unit)
    return float(f"{value * found[1] + found[0]:.14g}") if found else None


def own_values(spec: Spec, layer: int, values: Array) -> list[float | None]:
    """As ``own_value``, of all units of a layer."""
    return [own_value(spec, layer, unit, one) for unit, one in enumerate(values.tolist())]


def own_cell(spec: Spec, layer: int, unit: int, value: float) -> str | float:
    """An input (``layer`` 0), output or target as its table's cell: a word, a date or a number."""
    own = own_value(spec, layer, unit, value)
    number = value if own is None else own
    if layer:
        return date_at(number, own_targets(spec)[unit][1]) or number
    units = [(one.zero, word) for one in own_columns(spec) for word in one.words or ("",)]
    zero, word = units[unit]
    if not word:
        return date_at(number, zero) or number
    return {1.0: word, 0.0: zero}.get(round(number, 9)) or number


@kept
def _columns_of_units(spec: Spec) -> tuple[tuple[OwnColumn, ...], tuple[OwnColumn, ...]]:
    inputs = [
        OwnColumn(f"{column.name}={word}") if len(column.words) > 1 else column
        for column in own_columns(spec)
        for word in column.words or ("",)
    ]
    data, classes = spec.data, class_names(spec)
    decimal = data.decimal if data and data.decimal == "," else ""
    targets = [OwnColumn(name, (), zero, decimal) for name, zero in own_targets(spec)]
    if data and data.classes and len(targets) == 1 and len(classes) == 2 and threshold_of(spec):
        targets = [targets[0]._replace(words=classes[1:], zero=classes[0])]
    return tuple(inputs), tuple(targets)


def own_column(spec: Spec, layer: int, unit: int) -> OwnColumn:
    """The column of an input (``layer`` 0) or a target: of one of many words, that word's own.

    A target of 0 and 1 has the words of its classes.
    """
    inputs, targets = _columns_of_units(spec)
    return (targets if layer else inputs)[unit]


def is_typed_as_own(spec: Spec, layer: int, unit: int) -> bool:
    """Whether an input or a target is typed as in its table: another number, a word, a unit."""
    column = own_column(spec, layer, unit)
    told = column.words or column.zero or unit_of(column.name)
    return bool(told or _moment(spec, layer, unit))


def own_text(spec: Spec, layer: int, unit: int, value: float) -> str:
    """An input or a target as it may be typed for its table: a word, a date or a number."""
    column, own = own_column(spec, layer, unit), own_value(spec, layer, unit, value)
    number = value if own is None else own
    if column.words:
        told = {1.0: column.words[0], 0.0: column.zero}.get(round(number, 9))
    else:
        told = date_at(number, column.zero)
    text = repr(float(number)).removesuffix(".0")
    return told or text.replace(".", "," if column.decimal == "," else ".")


def from_own_value(spec: Spec, layer: int, unit: int, own: float) -> float:
    """The network's number for a value in the units of the table; the inverse of ``own_value``."""
    mean, scale = _moment(spec, layer, unit) or (0.0, 1.0)
    return (own - mean) / scale


def _moments(values: Sequence[float], width: int, usual: float = 0.0) -> Array:
    return np.array(values) if len(values) == width else np.full(width, usual)


def label_of(spec: Spec, outputs: Array) -> str:
    """The class that outputs or targets of one sample name; "" where there are no classes."""
    names = class_names(spec)
    return names[int(labels_of(np.atleast_2d(outputs), threshold_of(spec))[0])] if names else ""


def _outside(spec: Spec, seen: Array) -> tuple[bool, ...]:
    low, high = spec.inputs.min(axis=0), spec.inputs.max(axis=0)
    room = 1e-9 * (high - low)
    return tuple(((seen[0] < low - room) | (seen[0] > high + room)).tolist())
