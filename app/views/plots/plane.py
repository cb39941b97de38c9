"""A plot with two axes: areas, lines, samples and a legend.

Coordinates run from 0 to ``axes.EXTENT``, right and down. An axis shows an input or, where a
network has one input only, the outputs and targets.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.backprop import forward
from app.engine.metrics import labels_of
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.lab.own_units import class_names
from app.messages.marking import N_, _
from app.views.plots.axes import TARGET, Axis, Scale

CLASS = N_("class {name}")
MOST_CURVES = 6
RADIUS, SMALL_RADIUS = 11, 8
_MANY = 150
COLOURS = 8
_TEST_SHAPE = 3
Axes = tuple[Axis, Axis]
SHAPES: tuple[tuple[tuple[float, float], ...], ...] = (
    (),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    ((0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)),
    ((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
    ((-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1), (-1.1, 0)),
    ((-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35),
     (0.35, 1.1), (-0.35, 1.1), (-0.35, 0.35), (-1.1, 0.35), (-1.1, -0.35), (-0.35, -0.35)),
)  # fmt: skip
"""Circle (without corners), square, triangle, diamond, triangle pointing down, hexagon, plus."""


class ShadedArea(NamedTuple):
    """An area: its colour, its pattern (0 for none), how dark it is, and its name if it has one."""

    colour: int
    hatch: int
    opacity: float
    path: str
    name: str = ""
    at: tuple[int, int] | None = None


class PlotLine(NamedTuple):
    """A line, of a kind that has its own strokes."""

    kind: str
    path: str


class SampleSymbols(NamedTuple):
    """Samples of one kind: their colour, whether they are hollow, and how dark they are."""

    colour: int
    hollow: bool
    path: str
    opacity: float = 1.0


class LegendEntry(NamedTuple):
    """A line of the legend, with what it explains: symbols, an area or a line."""

    text: str
    marks: SampleSymbols | None = None
    shade: ShadedArea | None = None
    line: str = ""


class PlotContent(NamedTuple):
    """What is drawn within the axes, its legend, and the share of each class in what is shown."""

    marks: Iterator[SampleSymbols]
    keys: Sequence[LegendEntry]
    lines: Sequence[PlotLine] = ()
    shades: Sequence[ShadedArea] = ()
    shares: Sequence[float] = ()


class PlanePlot(NamedTuple):
    """A plot with two axes; shades, lines and marks are drawn from back to front.

    ``wrong`` has crosses on the samples that are classified wrongly, ``seen`` is where the sample
    in view stands, ``keys`` are the legend, ``pending`` says what is not computed yet.
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
        """Whether test samples are drawn, as hollow symbols."""
        return any(marks.hollow for marks in self.marks)

    @property
    def view_box(self) -> str:
        """The plot with room for its axes."""
        return "-132 -100 840 800" if self.x.original else "-132 -20 772 720"


# --- samples --------------------------------------------------------------------------------------


class SampleSet(NamedTuple):
    """The training samples, or the test samples."""

    kind: str
    inputs: Array
    targets: Array

    def part(self, chosen: NDArray[np.bool_]) -> "SampleSet":
        """Some of the samples."""
        return SampleSet(self.kind, self.inputs[chosen], self.targets[chosen])


def samples_of(spec: Spec) -> tuple[SampleSet, ...]:
    """The training samples and, if there are any, the test samples."""
    training = SampleSet("training", spec.inputs, spec.targets)
    if not len(spec.test_inputs):
        return (training,)
    return training, SampleSet("test", spec.test_inputs, spec.test_targets)


def places_of(axes: Axes, inputs: Array, values: Array) -> tuple[Array, Array]:
    """Where samples stand, in units of the plot: x, then y, each of shape (samples,).

    That is by their inputs and, along an axis of targets, by ``values``.
    """
    x, y = (values if axis.column == TARGET else inputs[:, axis.column] for axis in axes)
    return axes[0].places(x), axes[1].places(y)


def every_place(spec: Spec, axes: Axes) -> tuple[Array, Array]:
    """Where all samples stand in a plane of inputs, of training and of tests."""
    inputs = np.vstack([one.inputs for one in samples_of(spec)])
    return places_of(axes, inputs, np.zeros(len(inputs)))


def class_symbols(sets: Sequence[SampleSet], axes: Axes) -> Iterator[SampleSymbols]:
    """Samples of each class in its shape and colour; test samples hollow, and on top."""
    for one in sets:
        labels = labels_of(one.targets)
        for label in np.unique(labels).tolist():
            path = _path(sets, axes, one.part(labels == label), label)
            yield SampleSymbols(label % COLOURS, one.kind == "test", path)


def target_symbols(
    sets: Sequence[SampleSet], axes: Axes, most: int = MOST_CURVES
) -> Iterator[SampleSymbols]:
    """Each sample at its target, of several targets each in a shape; test samples hollow."""
    for one in sets:
        for index in range(min(one.targets.shape[1], most)):
            path = _path(sets, axes, one, index, index)
            yield SampleSymbols(index % COLOURS, one.kind == "test", path)


def value_symbols(
    sets: Sequence[SampleSet], axes: Axes, levels: Sequence[float]
) -> Iterator[SampleSymbols]:
    """Samples in the shade of their first target's level; test samples in another shape."""
    for one in sets:
        found = np.searchsorted(levels, one.targets[:, 0])
        for level in np.unique(found).tolist():
            shape = _TEST_SHAPE if one.kind == "test" else 0
            path = _path(sets, axes, one.part(found == level), shape)
            yield SampleSymbols(1, False, path, opacity_of(level, max(len(levels), 1)))


def _path(
    sets: Sequence[SampleSet], axes: Axes, one: SampleSet, shape: int, target: int = 0
) -> str:
    places = places_of(axes, one.inputs, one.targets[:, target])
    return _marks(places, shape_of(shape, _radius(sets)))


def _marks(places: tuple[Array, Array], shape: str) -> str:
    """One path with ``shape`` at every place."""
    x, y = (one.round().astype(int).tolist() for one in places)
    return "".join(f"M{a} {b}{shape}" for a, b in zip(x, y, strict=True))


def shape_of(index: int, radius: int = RADIUS) -> str:
    """The shape of a class, around the point where the path stands."""
    r, corners = radius, SHAPES[index % len(SHAPES)]
    if not corners:
        return f"m-{r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"
    places = [(round(x * r), round(y * r)) for x, y in corners]
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(places)]
    return f"m{places[0][0]} {places[0][1]}l{' '.join(steps)}z"


def opacity_of(index: int, last: int) -> float:
    """How dark the area of a level is."""
    return round(0.06 + 0.74 * index / last, 2)


def crosses(sets: Sequence[SampleSet], axes: Axes, wrong: Sequence[SampleSet]) -> str:
    """Crosses on the samples of ``wrong``, a part of ``sets``."""
    r = _radius(sets) + 4
    cross = f"m-{r}-{r}l{2 * r} {2 * r}m0-{2 * r}l-{2 * r} {2 * r}"
    return "".join(
        _marks(places_of(axes, inputs, targets.max(axis=1)), cross) for _, inputs, targets in wrong
    )


def _radius(sets: Sequence[SampleSet]) -> int:
    return SMALL_RADIUS if sum(len(one.inputs) for one in sets) > _MANY else RADIUS


def answers_of(spec: Spec, parameters: Parameters, inputs: Array) -> Array:
    """What the network answers, of shape (samples, outputs)."""
    with np.errstate(all="ignore"):
        none = np.zeros((len(inputs), spec.layers[-1]))
        return forward(spec, parameters, inputs, none).activations[-1]


# --- legend ---------------------------------------------------------------------------------------


def class_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What the shape of each class stands for."""
    for label, name in enumerate(class_names(spec)):
        yield symbol_key(CLASS.format(name=name), label)


def value_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What symbols in shades stand for."""
    text = _("training targets of {name}, in the areas' shades").format(name=spec.names.targets[0])
    yield symbol_key(text, 0, colour=1, opacity=0.5)
    if len(spec.test_inputs):
        yield symbol_key(_("test targets"), _TEST_SHAPE, colour=1, opacity=0.5)


def symbol_key(
    text: str, shape: int, colour: int | None = None, opacity: float = 1.0
) -> LegendEntry:
    """A legend entry with one symbol."""
    colour = shape % COLOURS if colour is None else colour
    return LegendEntry(text, marks=SampleSymbols(colour, False, f"M0 0{shape_of(shape)}", opacity))
