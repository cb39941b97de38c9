"""A small plot of each unit over the inputs that vary."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.network import Spec
from app.lab.obstacles import is_flat, range_of
from app.messages.marking import _
from app.views.plots.axes import Axis, span_of
from app.views.plots.contours import SMALL_EXTENT, ActivationGrid, Contours, line_path
from app.views.plots.layer_statistics import LayerNumbers
from app.views.text.formatting import Label, brief_range, label, short

MOST_UNITS = 16
_STEPS, _FEWER_STEPS, _MANY_UNITS = 5, 3, 24


class UnitMap(NamedTuple):
    """A unit over the same inputs: areas of rising activation, or a curve.

    Each area lies in the one before and makes it darker; ``line`` is where the activation is 0, or
    the curve. ``span`` tells from where to where the activation goes, "" where it is not computed;
    ``mark`` is "dead", "no slope", "saturated" or "".
    """

    name: Label
    shades: tuple[str, ...]
    line: str
    curve: bool
    span: str
    mark: str
    sentence: str


class UnitRow(NamedTuple):
    """The units of a layer, and how many more it has."""

    title: str
    units: tuple[UnitMap, ...]
    more: int


def unit_rows(
    spec: Spec, field: ActivationGrid | None, numbers: Sequence[LayerNumbers]
) -> Iterator[UnitRow]:
    """A small picture of every hidden unit, and of several outputs, layer by layer."""
    layers = range(1, len(spec.layers))
    for layer in layers if spec.layers[-1] > 1 else layers[:-1]:
        stuck, shown = numbers[layer - 1].stuck, range(min(spec.layers[layer], MOST_UNITS))
        flat = is_flat(spec.activation_rules[layer - 1])
        marks = dict.fromkeys(stuck.dead, _("no slope") if flat else _("dead")) | dict.fromkeys(
            (unit for unit, _share in stuck.saturated), _("saturated")
        )
        units = tuple(_unit(spec, field, layer, unit, marks.get(unit, "")) for unit in shown)
        yield UnitRow(layer_title(spec, layer), units, spec.layers[layer] - len(units))


def layer_title(spec: Spec, layer: int) -> str:
    """What a layer after the inputs is called."""
    if layer == len(spec.layers) - 1:
        return _("outputs")
    title = _("hidden layer") if len(spec.layers) == 3 else _("hidden layer {layer}")
    return title.format(layer=layer)


def _unit(spec: Spec, field: ActivationGrid | None, layer: int, unit: int, mark: str) -> UnitMap:
    name = label(spec.names.units[layer][unit])
    if field is None:
        said = _("{name}: not computed yet").format(name=name.name)
        return UnitMap(name, (), "", False, "", "", said)
    values = field.layers[layer - 1][..., unit]
    low, high = float(values.min()), float(values.max())
    left, right = brief_range(low, high)
    span = _("{low} to {high}").format(low=left, high=right)
    said = _("{name} over the same inputs: from {low} to {high}, largest near {where}").format(
        name=name.name, low=short(low), high=short(high), where=where_of(values, field, spec)
    )
    ends = range_of(spec.activation_rules[layer - 1]) or (low, high)
    if values.ndim == 1:
        axis = Axis(*span_of(np.array(ends)), length=SMALL_EXTENT, up=True)
        return UnitMap(name, (), line_path(values, axis), True, span, mark, said)
    coarse = values[::2, ::2] if field.nodes % 4 == 1 and field.nodes > 30 else values
    count = _STEPS if sum(spec.layers[1:]) <= _MANY_UNITS else _FEWER_STEPS
    steps = np.linspace(*ends, count + 2)[1:-1].tolist() if ends[1] > ends[0] else []
    contours = Contours(coarse, SMALL_EXTENT)
    shades = [contours.area(level, np.inf).path for level in steps]
    zero = contours.line(0.0) if low < 0.0 < high else ""
    return UnitMap(name, tuple(filter(None, shades)), zero, False, span, mark, said)


def where_of(values: Array, field: ActivationGrid, spec: Spec) -> str:
    """Where over a grid ``values`` are largest, by the inputs that vary."""
    places = np.unravel_index(int(np.argmax(values)), values.shape)
    found = []
    for axis, index in zip(field.axes, reversed(places), strict=True):
        share = int(index) / (field.nodes - 1)
        value = axis.low + (1.0 - share if axis.up else share) * (axis.high - axis.low)
        name = spec.names.units[0][axis.column]
        found.append(_("{name} {value}").format(name=name, value=short(value)))
    return ", ".join(found)
