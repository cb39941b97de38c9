"""Axes of plots: numbers as places, and round numbers beside them, also in a column's own units."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.network import Provenance, Spec
from app.messages.marking import _
from app.views.text.formatting import as_in_table, brief, clipped

EXTENT = 600
TARGET = -1
_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of numbers along one side of a plot.

    ``column`` is the index of the input that varies along it, or ``TARGET``; ``length`` is in the
    units of the drawing; with ``up`` it runs upwards, against a drawing's coordinates; with ``log``
    equal distances are equal ratios, and ``low`` is above 0.
    """

    low: float
    high: float
    column: int = TARGET
    length: float = EXTENT
    up: bool = False
    log: bool = False

    def places(self, values: Array) -> Array:
        """The coordinates of ``values``; the middle where all of the axis is one number."""
        span = self.high - self.low
        if self.log:
            ratio = math.log(self.high / self.low)
            shares = np.log(np.maximum(values, self.low) / self.low) / ratio
        else:
            shares = (values - self.low) / span if span else np.full(np.shape(values), 0.5)
        places: Array = self.length * (1.0 - shares if self.up else shares)
        return places

    def place(self, value: float) -> float:
        """The coordinate of one value."""
        return float(self.places(np.array(value)))

    @property
    def ends(self) -> tuple[str, str]:
        """The numbers at its ends, as text."""
        return brief(self.low), brief(self.high)


class Tick(NamedTuple):
    """A number on an axis."""

    at: int
    text: str


class Scale(NamedTuple):
    """What stands along an axis: its title and its numbers, in the network's units.

    ``original`` has the numbers of the data before it was standardised, if it was.
    """

    title: str
    ticks: tuple[Tick, ...]
    original: tuple[Tick, ...] = ()
    original_title: str = ""


def span_of(values: Array) -> tuple[float, float]:
    """From where to where an axis shows ``values``; one value has room on both sides."""
    low, high = float(values.min()), float(values.max())
    size = max(abs(low), abs(high))
    if high - low <= 1e-9 * size or high == low:
        return low - max(1.0, size / 2), high + max(1.0, size / 2)
    room = _MARGIN * (high - low)
    return low - room, high + room


def axis_of(column: int, spec: Spec, *, up: bool = False) -> Axis:
    """The axis that shows an input of every sample, with a margin."""
    columns = [t[:, column] for t in (spec.inputs, spec.test_inputs) if t.size]
    return Axis(*span_of(np.concatenate(columns)), column, up=up)


def tick_values(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    if not 0 < rough < math.inf:
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def scale_of(axis: Axis, spec: Spec) -> Scale:
    """The numbers along an axis, in both units where its column was standardised."""
    data = spec.data or Provenance("", {})
    if axis.column == TARGET:
        known = len(data.targets) == 1
        title = ", ".join(data.targets if known else spec.names.units[-1][:3])
        column, known = clipped(title), known and spec.layers[-1] == 1
        units, means, scales = spec.layers[-1], data.target_means, data.target_scales
    else:
        title = column_of(spec, axis.column)
        column = _column(spec, axis.column) or title
        units, means, scales, known = spec.layers[0], data.means, data.scales, True
    ticks, at = tuple(_ticks(axis)), max(axis.column, 0)
    if not (known and units == len(means) == len(scales)):
        return Scale(title, ticks)
    form = _("{title}, standardised") if means[at] else _("{title}, as the network sees it")
    original = tuple(_ticks(axis, means[at], scales[at]))
    own = _("{column}, original units").format(column=column)
    return Scale(form.format(title=title), ticks, original, own)


def _ticks(axis: Axis, mean: float = 0.0, scale: float = 1.0) -> Iterator[Tick]:
    """Round numbers of ``value * scale + mean``, each where its value stands."""
    for number in tick_values(axis.low * scale + mean, axis.high * scale + mean):
        yield Tick(round(axis.place((number - mean) / scale)), as_in_table(number))


def column_of(spec: Spec, index: int) -> str:
    """What an input is called: its column with the unit's name, where they differ."""
    name, column = spec.names.units[0][index], _column(spec, index)
    if not column or column == name:
        return name
    return _("{column} ({name})").format(column=column, name=name)


def _column(spec: Spec, index: int) -> str:
    columns = spec.data.columns if spec.data else ()
    return clipped(columns[index], among=columns) if index < len(columns) else ""
