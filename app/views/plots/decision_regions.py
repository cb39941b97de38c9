"""What is drawn of a network's answers: regions over two inputs, curves over the only one."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import has_classes, labels_of, threshold_of
from app.engine.network import Spec
from app.lab.own_units import class_names
from app.messages.marking import N_, _
from app.views.plots import plane
from app.views.plots.axes import Axis, span_of, tick_values
from app.views.plots.contours import ActivationGrid, Contours, line_path, margins, name_place
from app.views.text.formatting import clipped, listed, short

_BOUNDARY = N_("boundary: {name} = {level}")
_SURE = (0.75, 0.9)
_LEVELS = 7
_HATCHES = 4
_MOST_OF_NAME = 18
_LETTER, _LINE = 17, 30
"""A letter's usual width and a line's height in an area's name, in the units of the drawing."""
_ROOM = 2 * plane.RADIUS

# --- two inputs -----------------------------------------------------------------------------------


def class_content(spec: Spec, axes: plane.Axes, field: ActivationGrid | None) -> plane.PlotContent:
    """Each class's area with its name, darker where one output is surer, and the boundaries."""
    marks, keys = plane.class_symbols(plane.samples_of(spec), axes), list(plane.class_keys(spec))
    if field is None:
        return plane.PlotContent(marks, keys)
    outputs = field.layers[-1]
    won = margins(outputs, threshold_of(spec))
    contours = [Contours(won[..., index]) for index in range(won.shape[-1])]
    areas = [one.area(0.0, math.inf) for one in contours]
    shades, places = [], plane.every_place(spec, axes)
    for index, (area, name) in enumerate(zip(areas, class_names(spec), strict=True)):
        if area.path:
            title = plane.CLASS.format(name=name) if name.isdigit() else name
            title = clipped(title, _MOST_OF_NAME, class_names(spec))
            size = len(title) * _LETTER + _ROOM, _LINE + _ROOM
            place = name_place(won[..., index] > 0.0, places, size)
            colour, hatch = index % plane.COLOURS, index % _HATCHES
            shades.append(plane.ShadedArea(colour, hatch, 0.26, area.path, title, place))
    if outputs.shape[-1] == 1:
        answer = Contours(outputs[..., 0])
        sure = [_sure(spec, level) for level in _SURE]
        for low, high in sure:
            surer = answer.area(-math.inf, low), answer.area(high, math.inf)
            shades += [
                plane.ShadedArea(i, 0, 0.2, one.path) for i, one in enumerate(surer) if one.path
            ]
        lines = [plane.PlotLine("thin", answer.line(level)) for both in sure for level in both]
        lines.append(plane.PlotLine("boundary", answer.line(threshold_of(spec))))
    else:
        lines = [plane.PlotLine("boundary", one.line(0.0)) for one in contours]
    keys += _boundary_keys(spec)
    return plane.PlotContent(marks, keys, lines, shades, [area.share for area in areas])


def value_content(spec: Spec, axes: plane.Axes, field: ActivationGrid | None) -> plane.PlotContent:
    """Areas between round levels of the first output, the darker the larger."""
    sets, keys = plane.samples_of(spec), list(plane.value_keys(spec))
    if field is None:
        return plane.PlotContent(plane.value_symbols(sets, axes, ()), keys)
    values = field.layers[-1][..., 0]
    levels, contours = value_levels(values), Contours(values)
    ends = list(pairwise([-math.inf, *levels, math.inf]))
    last = max(len(levels), 1)
    shades = [
        plane.ShadedArea(1, 0, plane.opacity_of(index, last), contours.area(low, high).path)
        for index, (low, high) in enumerate(ends)
    ]
    if levels:
        named = zip(reversed(ends), reversed(shades), strict=True)
        keys += [plane.LegendEntry(_level(*end), shade=shade) for end, shade in named]
    lines = [plane.PlotLine("thin", contours.line(level)) for level in levels]
    return plane.PlotContent(plane.value_symbols(sets, axes, levels), keys, lines, shades)


def value_levels(values: Array) -> list[float]:
    """Round levels between the smallest and the largest value; none that would be written alike."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        return []
    levels = [level for level in tick_values(low, high, _LEVELS) if low < level < high]
    return levels if len(set(map(short, levels))) == len(levels) else []


def _level(low: float, high: float) -> str:
    form = _("up to {high}") if low == -math.inf else _("above {low}")
    if math.isfinite(low) and math.isfinite(high):
        form = _("{low} to {high}")
    return form.format(low=short(low), high=short(high))


def _boundary_keys(spec: Spec) -> Iterator[plane.LegendEntry]:
    if spec.layers[-1] > 1:
        yield plane.LegendEntry(_("boundary: two outputs are equal"), line="boundary")
        return
    name = spec.names.units[-1][0]
    text = _("thin lines: {name} = {levels}; the stronger the colour, the surer")
    levels = sorted(level for sure in _SURE for level in _sure(spec, sure))
    yield plane.LegendEntry(_boundary(spec, name), line="boundary")
    told = listed([short(level) for level in levels])
    yield plane.LegendEntry(text.format(name=name, levels=told), line="thin")


def _sure(spec: Spec, share: float) -> tuple[float, float]:
    """The outputs that are so sure of either class, from 0 to 1 or, of -1 and 1, from -1 to 1."""
    if threshold_of(spec):
        return 1.0 - share, share
    return 1.0 - 2.0 * share, 2.0 * share - 1.0


def _boundary(spec: Spec, name: str) -> str:
    return _BOUNDARY.format(name=name, level=short(threshold_of(spec)))


# --- one input ------------------------------------------------------------------------------------


def height_axis(spec: Spec, field: ActivationGrid | None) -> Axis:
    """The axis upwards: all targets, the level between two classes, all answers if any."""
    every = [spec.targets, spec.test_targets, *(field.layers[-1:] if field else ())]
    every += [np.array(threshold_of(spec))] if _is_divided(spec) else []
    return Axis(*span_of(np.concatenate([one.ravel() for one in every])), up=True)


def line_content(spec: Spec, axes: plane.Axes, field: ActivationGrid | None) -> plane.PlotContent:
    """A curve for each output, each with its own dashes, and the level that bounds two classes.

    Samples stand at their targets, in the shape of their class or of their output.
    """
    symbols = plane.class_symbols if _is_divided(spec) else plane.target_symbols
    marks, keys = symbols(plane.samples_of(spec), axes), list(_curve_keys(spec))
    if field is None:
        return plane.PlotContent(marks, keys)
    outputs = field.layers[-1]
    level = line_path(np.full(field.nodes, threshold_of(spec)), axes[1])
    lines = [plane.PlotLine("thin", level)] if _is_divided(spec) else []
    lines += [
        plane.PlotLine(f"fit f{index}", line_path(values, axes[1]))
        for index, values in enumerate(outputs.T[: plane.MOST_CURVES])
    ]
    labels = labels_of(outputs, threshold_of(spec))
    shares = [float(np.mean(labels == index)) for index in range(len(class_names(spec)))]
    return plane.PlotContent(marks, keys, lines, shares=shares)


def _curve_keys(spec: Spec) -> Iterator[plane.LegendEntry]:
    outputs, text = spec.names.units[-1], _("{name}: what the network answers")
    for index, name in enumerate(outputs[: plane.MOST_CURVES]):
        yield plane.LegendEntry(text.format(name=name), line=f"fit f{index}")
    if _is_divided(spec):
        yield plane.LegendEntry(_boundary(spec, outputs[0]), line="thin")
        yield from plane.class_keys(spec)
        return
    for index, name in enumerate(spec.names.targets[: plane.MOST_CURVES]):
        yield plane.symbol_key(name if len(outputs) > 1 else _("training targets"), index)


def _is_divided(spec: Spec) -> bool:
    """Whether one output tells two classes apart."""
    return has_classes(spec) and spec.layers[-1] == 1
