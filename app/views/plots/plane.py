"""The picture of what a network answers over two inputs, with its samples; frozen contexts.

Coordinates run from 0 to ``regions.EXTENT``, right and down.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import forward
from app.engine.metrics import class_names, labels_of
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.messages import plots as texts
from app.views.plots.axes import Scale, clipped, tick_values
from app.views.plots.contours import EXTENT, ActivationGrid, Axis, Contours, margins, middle_of
from app.views.plots.symbols import COLOURS, crosses_path, marks_path, radius_for, shape_of
from app.views.text.formatting import number, short

_SURE = (0.75, 0.9)
_LEVELS = 7
_HATCHES = 4
_MOST_OF_NAME = 18
Sample = tuple[str, Array, Array]


class ShadedArea(NamedTuple):
    """An area: its colour, its pattern (0 for none), how dark it is, and its name if it has one."""

    colour: int
    hatch: int
    opacity: float
    path: str
    name: str = ""
    at: tuple[int, int] | None = None


class PlotLine(NamedTuple):
    """A line of the picture, of a kind that has its own strokes."""

    kind: str
    path: str


class SampleSymbols(NamedTuple):
    """Samples of one kind: their colour, whether they are hollow, and how dark they are."""

    colour: int
    hollow: bool
    path: str
    opacity: float = 1.0


class LegendEntry(NamedTuple):
    """A line of the legend, with what it explains: marks, a shade or a line."""

    text: str
    marks: SampleSymbols | None = None
    shade: ShadedArea | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class PlanePlot:
    """A picture with two axes.

    Attributes:
        x, y: the axes.
        shades, lines, marks: what is drawn, from back to front.
        wrong: crosses on what is classified wrongly.
        seen: where the sample in view stands.
        keys: the legend.
        sentence: what the picture shows, in words.
        pending: what is not computed yet, "" where nothing is missing.
    """

    x: Scale
    y: Scale
    shades: tuple[ShadedArea, ...]
    lines: tuple[PlotLine, ...]
    marks: tuple[SampleSymbols, ...]
    wrong: str
    seen: tuple[int, int] | None
    keys: tuple[LegendEntry, ...]
    sentence: str
    pending: str = ""

    @property
    def has_tests(self) -> bool:
        """Whether test samples are drawn, as hollow marks."""
        return any(marks.hollow for marks in self.marks)

    @property
    def view_box(self) -> str:
        """The picture with room for its axes."""
        if self.x.original:
            return "-132 -100 840 800"
        return "-132 -20 772 720"


# --- samples --------------------------------------------------------------------------------------


def samples_of(spec: Spec) -> tuple[Sample, ...]:
    """The training samples and, if there are any, the test samples."""
    found: list[Sample] = [("training", spec.inputs, spec.targets)]
    if len(spec.test_inputs):
        found.append(("test", spec.test_inputs, spec.test_targets))
    return tuple(found)


def class_marks(spec: Spec, axes: tuple[Axis, ...]) -> Iterator[SampleSymbols]:
    """Every class's samples in its shape; those of tests hollow, and on top."""
    radius = radius_for(len(spec.inputs) + len(spec.test_inputs))
    for kind, inputs, targets in samples_of(spec):
        labels = labels_of(targets)
        for label in range(len(class_names(spec))):
            chosen = inputs[labels == label]
            if len(chosen):
                path = marks_path(*places_of(chosen, axes), shape_of(label, radius))
                yield SampleSymbols(label % COLOURS, kind == "test", path)


def places_of(inputs: Array, axes: tuple[Axis, ...]) -> tuple[Array, Array]:
    """Where samples stand on a plane."""
    across, up = axes
    return across.places(inputs[:, across.index]), EXTENT - up.places(inputs[:, up.index])


def answers_of(spec: Spec, parameters: Parameters, inputs: Array) -> Array:
    """What the network answers, of shape (samples, outputs)."""
    with np.errstate(all="ignore"):
        none = np.zeros((len(inputs), spec.layers[-1]))
        return forward(spec, parameters, inputs, none).activations[-1]


def class_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What each shape stands for."""
    for label, name in enumerate(class_names(spec)):
        marks = SampleSymbols(label % COLOURS, False, f"M0 0{shape_of(label)}")
        yield LegendEntry(texts.CLASS.format(name=name), marks=marks)


# --- areas ----------------------------------------------------------------------------------------


def class_shades(
    spec: Spec, field: ActivationGrid
) -> tuple[tuple[ShadedArea, ...], tuple[float, ...]]:
    """Each class's area with its name, and darker where one output is surer; and the shares."""
    outputs = field.layers[-1]
    won = margins(outputs)
    areas = [Contours(won[..., index]).area(0.0, math.inf) for index in range(won.shape[-1])]
    shades = []
    for index, (area, name) in enumerate(zip(areas, class_names(spec), strict=True)):
        if area.path:
            said = clipped(texts.CLASS.format(name=name), _MOST_OF_NAME)
            middle = middle_of(won[..., index] > 0.0)
            colour, hatch = index % COLOURS, index % _HATCHES
            shades.append(ShadedArea(colour, hatch, 0.26, area.path, said, middle))
    if outputs.shape[-1] == 1:
        contours = Contours(outputs[..., 0])
        for level in _SURE:
            darker = contours.area(-math.inf, 1.0 - level), contours.area(level, math.inf)
            shades += [ShadedArea(i, 0, 0.2, one.path) for i, one in enumerate(darker) if one.path]
    return tuple(shades), tuple(area.share for area in areas)


def class_lines(field: ActivationGrid) -> Iterator[PlotLine]:
    """The boundary between classes, and where one output is surer."""
    outputs = field.layers[-1]
    if outputs.shape[-1] == 1:
        contours = Contours(outputs[..., 0])
        for level in _SURE:
            for sure in (1.0 - level, level):
                yield PlotLine("thin", contours.line(sure))
        yield PlotLine("boundary", contours.line(0.5))
        return
    won = margins(outputs)
    for index in range(won.shape[-1]):
        yield PlotLine("boundary", Contours(won[..., index]).line(0.0))


def value_levels(values: Array) -> list[float]:
    """Round levels between the smallest and the largest value; none that would be written alike."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        return []
    levels = [level for level in tick_values(low, high, _LEVELS) if low < level < high]
    return levels if len(set(map(short, levels))) == len(levels) else []


def value_shades(values: Array, levels: Sequence[float]) -> tuple[ShadedArea, ...]:
    """Areas between levels, the darker the larger, each with what it stands for."""
    ends = [-math.inf, *levels, math.inf]
    last = max(len(ends) - 2, 1)
    contours, shades = Contours(values), []
    for index, (low, high) in enumerate(pairwise(ends)):
        area = contours.area(low, high)
        shades.append(ShadedArea(1, 0, opacity_of(index, last), area.path, _level(low, high)))
    return tuple(shades)


def opacity_of(index: int, last: int) -> float:
    """How dark the area of a level is."""
    return round(0.06 + 0.74 * index / last, 2)


def _level(low: float, high: float) -> str:
    if math.isinf(low):
        return texts.LEVEL_FIRST.format(high=short(high)) if math.isfinite(high) else ""
    if math.isinf(high):
        return texts.LEVEL_LAST.format(low=short(low))
    return texts.LEVEL.format(low=short(low), high=short(high))


def value_marks(
    spec: Spec, axes: tuple[Axis, ...], output: int, levels: Sequence[float]
) -> Iterator[SampleSymbols]:
    """Samples in the shade of their target's level; those of tests have another shape."""
    radius = radius_for(len(spec.inputs) + len(spec.test_inputs))
    for kind, inputs, targets in samples_of(spec):
        places = np.searchsorted(levels, targets[:, output])
        for index in range(len(levels) + 1):
            chosen = inputs[places == index]
            if len(chosen):
                shape = shape_of(3 if kind == "test" else 0, radius)
                path = marks_path(*places_of(chosen, axes), shape)
                yield SampleSymbols(1, False, path, opacity_of(index, max(len(levels), 1)))


def crosses(spec: Spec, axes: tuple[Axis, ...], wrong: Sequence[Array]) -> str:
    """Crosses on samples of a plane that are classified wrongly."""
    radius = radius_for(len(spec.inputs) + len(spec.test_inputs))
    return "".join(crosses_path(*places_of(one, axes), radius) for one in wrong)


def range_sentence(output: int, field: ActivationGrid, spec: Spec) -> str:
    """From where to where an output goes over a field, and where it is largest."""
    name, values = spec.names.units[-1][output], field.layers[-1][..., output]
    low, high = float(values.min()), float(values.max())
    place = np.unravel_index(int(np.argmax(values)), values.shape)
    sentence = texts.RANGE.format(
        name=name, low=number(low, 3), high=number(high, 3), where=where_of(place, field, spec)
    )
    return sentence + _in_the_tables_units(output, low, high, spec)


def _in_the_tables_units(output: int, low: float, high: float, spec: Spec) -> str:
    data = spec.data
    if data is None or not spec.layers[-1] == len(data.target_means) == len(data.target_scales):
        return ""
    mean, scale = data.target_means[output], data.target_scales[output]
    ends = short(low * scale + mean), short(high * scale + mean)
    return texts.RANGE_IN_UNITS.format(low=ends[0], high=ends[1])


def where_of(place: Sequence[np.intp], field: ActivationGrid, spec: Spec) -> str:
    """A node of a field, by the inputs that vary."""
    told = []
    for axis, index in zip(field.axes, reversed(place), strict=True):
        share = int(index) / (field.nodes - 1)
        if axis is not field.axes[0]:
            share = 1.0 - share
        value = axis.low + share * (axis.high - axis.low)
        told.append(texts.WHERE.format(name=spec.names.units[0][axis.index], value=short(value)))
    return ", ".join(told)
