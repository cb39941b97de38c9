"""An axis as it is drawn: its title and round numbers, in both units of standardised columns."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from app.engine.network import Spec
from app.messages import plots as texts
from app.views.plots.contours import EXTENT, Axis
from app.views.text.formatting import short

MOST_OF_COLUMN = 24


class Tick(NamedTuple):
    """A number on an axis."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis as it is drawn.

    Attributes:
        title: what it shows, in the network's own units.
        ticks: its numbers.
        original: the same axis in the units that the data came in; () where they are the same.
        original_title: what those are called.
    """

    title: str
    ticks: tuple[Tick, ...]
    original: tuple[Tick, ...] = ()
    original_title: str = ""


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


def scale_of(axis: Axis, spec: Spec, *, up: bool = False) -> Scale:
    """An axis with its numbers, in both units where inputs were standardised."""
    title, data = column_of(spec, axis.index), spec.data
    if data is None or not spec.layers[0] == len(data.means) == len(data.scales):
        return plain_scale(axis, title, up=up)
    column = _column(spec, axis.index) or title
    return both_units(axis, title, column, data.means[axis.index], data.scales[axis.index], up=up)


def plain_scale(axis: Axis, title: str, *, up: bool = False) -> Scale:
    """An axis with its numbers in the network's own units."""
    values = tick_values(axis.low, axis.high)
    return Scale(title, tuple(_ticks(axis, values, values, up=up)))


def both_units(
    axis: Axis, title: str, column: str, mean: float, scale: float, *, up: bool = False
) -> Scale:
    """An axis with its numbers also in the units of its column, of this mean and scale."""
    original = tick_values(axis.low * scale + mean, axis.high * scale + mean)
    places = [(value - mean) / scale for value in original]
    return replace(
        plain_scale(axis, texts.STANDARDISED.format(title=title), up=up),
        original=tuple(_ticks(axis, places, original, up=up)),
        original_title=texts.ORIGINAL.format(column=column),
    )


def clipped(text: str, most: int) -> str:
    """A text that has no more room than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _ticks(
    axis: Axis, places: Sequence[float], values: Sequence[float], *, up: bool
) -> Iterator[Tick]:
    for place, value in zip(axis.places(np.array(places)).tolist(), values, strict=True):
        yield Tick(round(EXTENT - place if up else place), short(value))


def _column(spec: Spec, index: int) -> str:
    columns = spec.data.columns if spec.data else ()
    return clipped(columns[index], MOST_OF_COLUMN) if index < len(columns) else ""


def column_of(spec: Spec, index: int) -> str:
    """What an input is called: its column with the unit's name, where they differ."""
    name, column = spec.names.units[0][index], _column(spec, index)
    if not column or column == name:
        return name
    return texts.COLUMN.format(column=column, name=name)
