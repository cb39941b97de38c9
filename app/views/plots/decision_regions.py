"""What is drawn of a network's answers: regions over two inputs, curves over the only one."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import THRESHOLD, class_names, has_classes, labels_of
from app.engine.network import Spec
from app.messages.marking import N_, _
from app.views.plots.axes import Axis, clipped, span_of, tick_values
from app.views.plots.contours import ActivationGrid, Contours, line_path, margins, middle_of
from app.views.plots.plane import (
    CLASS,
    MOST_CURVES,
    Axes,
    LegendEntry,
    PlotContent,
    PlotLine,
    ShadedArea,
    class_keys,
    class_symbols,
    opacity_of,
    samples_of,
    symbol_key,
    target_symbols,
    value_keys,
    value_symbols,
)
from app.views.plots.symbols import COLOURS
from app.views.text.formatting import short

_BOUNDARY = N_("boundary: {name} = 0.5")
_SURE = (0.75, 0.9)
_LEVELS = 7
_HATCHES = 4
_MOST_OF_NAME = 18


# --- two inputs -----------------------------------------------------------------------------------


def class_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> PlotContent:
    """Each class's area with its name, darker where one output is surer, and the boundaries."""
    marks, keys = class_symbols(samples_of(spec), axes), list(class_keys(spec))
    if field is None:
        return PlotContent(marks, keys)
    outputs = field.layers[-1]
    won = margins(outputs)
    contours = [Contours(won[..., index]) for index in range(won.shape[-1])]
    areas = [one.area(0.0, math.inf) for one in contours]
    shades = []
    for index, (area, name) in enumerate(zip(areas, class_names(spec), strict=True)):
        if area.path:
            title = clipped(CLASS.format(name=name), _MOST_OF_NAME)
            middle = middle_of(won[..., index] > 0.0)
            colour, hatch = index % COLOURS, index % _HATCHES
            shades.append(ShadedArea(colour, hatch, 0.26, area.path, title, middle))
    if outputs.shape[-1] == 1:
        answer = Contours(outputs[..., 0])
        for level in _SURE:
            surer = answer.area(-math.inf, 1.0 - level), answer.area(level, math.inf)
            shades += [ShadedArea(i, 0, 0.2, one.path) for i, one in enumerate(surer) if one.path]
        levels = [at for level in _SURE for at in (1.0 - level, level)]
        lines = [PlotLine("thin", answer.line(level)) for level in levels]
        lines.append(PlotLine("boundary", answer.line(0.5)))
    else:
        lines = [PlotLine("boundary", one.line(0.0)) for one in contours]
    shares = [area.share for area in areas]
    return PlotContent(marks, [*keys, *_boundary_keys(spec)], lines, shades, shares)


def value_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> PlotContent:
    """Areas between round levels of the first output, the darker the larger."""
    sets, keys = samples_of(spec), list(value_keys(spec))
    if field is None:
        return PlotContent(value_symbols(sets, axes, ()), keys)
    values = field.layers[-1][..., 0]
    levels, contours = value_levels(values), Contours(values)
    ends = list(pairwise([-math.inf, *levels, math.inf]))
    shades = [
        ShadedArea(1, 0, opacity_of(index, max(len(levels), 1)), contours.area(low, high).path)
        for index, (low, high) in enumerate(ends)
    ]
    if levels:
        texts = [_level(low, high) for low, high in ends]
        pairs = list(zip(texts, shades, strict=True))
        keys += [LegendEntry(text, shade=shade) for text, shade in reversed(pairs)]
    lines = [PlotLine("thin", contours.line(level)) for level in levels]
    return PlotContent(value_symbols(sets, axes, levels), keys, lines, shades)


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


def _boundary_keys(spec: Spec) -> Iterator[LegendEntry]:
    if spec.layers[-1] > 1:
        yield LegendEntry(_("boundary: two outputs are equal"), line="boundary")
        return
    name = spec.names.units[-1][0]
    yield LegendEntry(_BOUNDARY.format(name=name), line="boundary")
    yield LegendEntry(
        _(
            "thin lines: {name} = 0.1, 0.25, 0.75 and 0.9; the stronger the colour, the surer"
        ).format(name=name),
        line="thin",
    )


# --- one input ------------------------------------------------------------------------------------


def height_axis(spec: Spec, field: ActivationGrid | None) -> Axis:
    """The axis upwards: it shows all targets, and all answers if there are any."""
    every = [targets for _, _, targets in samples_of(spec)]
    if field is not None:
        every.append(field.layers[-1])
    return Axis(*span_of(np.concatenate([one.ravel() for one in every])), up=True)


def line_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> PlotContent:
    """A curve for each output, each with its own dashes, and 0.5 where it bounds two classes.

    Samples stand at their targets, in the shape of their class or of their output.
    """
    symbols = class_symbols if _is_divided(spec) else target_symbols
    marks, keys = symbols(samples_of(spec), axes), list(_curve_keys(spec))
    if field is None:
        return PlotContent(marks, keys)
    outputs = field.layers[-1]
    level = line_path(np.full(field.nodes, THRESHOLD), axes[1])
    lines = [PlotLine("thin", level)] if _is_divided(spec) else []
    lines += [
        PlotLine(f"fit f{index}", line_path(values, axes[1]))
        for index, values in enumerate(outputs.T[:MOST_CURVES])
    ]
    labels = labels_of(outputs)
    shares = [float(np.mean(labels == index)) for index in range(len(class_names(spec)))]
    return PlotContent(marks, keys, lines, shares=shares)


def _curve_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What each curve and each kind of symbol stands for."""
    outputs = spec.names.units[-1]
    for index, name in enumerate(outputs[:MOST_CURVES]):
        yield LegendEntry(
            _("{name}: what the network answers").format(name=name), line=f"fit f{index}"
        )
    if _is_divided(spec):
        yield LegendEntry(_BOUNDARY.format(name=outputs[0]), line="thin")
        yield from class_keys(spec)
        return
    for index, name in enumerate(spec.names.targets[:MOST_CURVES]):
        yield symbol_key(name if len(outputs) > 1 else _("training targets"), index)


def _is_divided(spec: Spec) -> bool:
    """Whether one output tells two classes apart."""
    return has_classes(spec) and spec.layers[-1] == 1
