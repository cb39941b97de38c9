"""The plot over two inputs: areas of classes with their boundaries, or areas between levels."""

import math
from collections.abc import Iterator
from itertools import pairwise

from app.engine.activations import Array
from app.engine.metrics import class_names
from app.engine.network import Spec
from app.messages.marking import _
from app.messages.plots import BOUNDARY, CLASS
from app.views.plots.axes import clipped, tick_values
from app.views.plots.contours import ActivationGrid, Contours, margins, middle_of
from app.views.plots.plane import (
    Axes,
    Content,
    LegendEntry,
    PlotLine,
    ShadedArea,
    class_keys,
    class_symbols,
    opacity_of,
    samples_of,
    value_keys,
    value_symbols,
)
from app.views.plots.symbols import COLOURS
from app.views.text.formatting import short

_SURE = (0.75, 0.9)
_LEVELS = 7
_HATCHES = 4
_MOST_OF_NAME = 18


def class_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> Content:
    """Each class's area with its name, darker where one output is surer, and the boundaries."""
    marks, keys = class_symbols(samples_of(spec), axes), list(class_keys(spec))
    if field is None:
        return Content(marks, keys)
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
    return Content(marks, [*keys, *_boundary_keys(spec)], lines, shades, shares)


def value_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> Content:
    """Areas between round levels of the first output, the darker the larger."""
    sets, keys = samples_of(spec), list(value_keys(spec))
    if field is None:
        return Content(value_symbols(sets, axes, ()), keys)
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
    return Content(value_symbols(sets, axes, levels), keys, lines, shades)


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
    yield LegendEntry(BOUNDARY.format(name=name), line="boundary")
    yield LegendEntry(
        _(
            "thin lines: {name} = 0.1, 0.25, 0.75 and 0.9; the stronger the colour, the surer"
        ).format(name=name),
        line="thin",
    )
