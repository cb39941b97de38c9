"""The picture of what a network answers over its only input, with its samples."""

from collections.abc import Iterator

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import class_names, labels_of
from app.engine.network import Spec
from app.messages import plots as texts
from app.views.plots.axes import MOST_OF_COLUMN, Scale, both_units, clipped, plain_scale
from app.views.plots.contours import EXTENT, ActivationGrid, Axis, line_path, span_of
from app.views.plots.plane import LegendEntry, PlotLine, SampleSymbols, class_keys, samples_of
from app.views.plots.symbols import COLOURS, crosses_path, marks_path, radius_for, shape_of

MOST_CURVES = 6


def heights(spec: Spec, field: ActivationGrid | None) -> tuple[float, float]:
    """From where to where the vertical axis goes: all targets, and all answers if there are any."""
    every = [targets for _, _, targets in samples_of(spec)]
    if field is not None:
        every.append(field.layers[-1])
    return span_of(np.concatenate([one.ravel() for one in every]))


def height_scale(spec: Spec, ends: tuple[float, float], title: str) -> Scale:
    """The vertical axis; in both units where there is one target, and it was standardised."""
    axis, data = Axis(0, *ends), spec.data
    if data is None or len(data.targets) != 1:
        return plain_scale(axis, title, up=True)
    (title,) = data.targets
    if not spec.layers[-1] == len(data.target_means) == len(data.target_scales) == 1:
        return plain_scale(axis, title, up=True)
    column = clipped(title, MOST_OF_COLUMN)
    return both_units(axis, title, column, data.target_means[0], data.target_scales[0], up=True)


def curves(spec: Spec, field: ActivationGrid, ends: tuple[float, float]) -> Iterator[PlotLine]:
    """A curve for each output, each with its own dashes; and 0.5 where one tells a class."""
    outputs = field.layers[-1]
    if class_names(spec) and outputs.shape[-1] == 1:
        yield PlotLine("thin", line_path(np.full(field.nodes, 0.5), *ends))
    for index in range(min(outputs.shape[-1], MOST_CURVES)):
        yield PlotLine(f"fit f{index}", line_path(outputs[:, index], *ends))


def target_marks(spec: Spec, axis: Axis, ends: tuple[float, float]) -> Iterator[SampleSymbols]:
    """Each sample at its target; of several outputs each has a shape, as classes have."""
    radius = radius_for(len(spec.inputs) + len(spec.test_inputs))
    for kind, inputs, targets in samples_of(spec):
        for shape, chosen, output in _kinds(spec, targets):
            x, y = _places(inputs[chosen], targets[chosen, output], axis, ends)
            if len(x):
                yield SampleSymbols(
                    shape % COLOURS, kind == "test", marks_path(x, y, shape_of(shape, radius))
                )


def _kinds(spec: Spec, targets: Array) -> Iterator[tuple[int, Array, int]]:
    """The shape, the samples and the output of each kind of mark."""
    if class_names(spec) and targets.shape[1] == 1:
        labels = labels_of(targets)
        yield from ((label, labels == label, 0) for label in (0, 1))
        return
    every = np.ones(len(targets), dtype=bool)
    yield from ((index, every, index) for index in range(min(targets.shape[1], MOST_CURVES)))


def _places(
    inputs: Array, values: Array, axis: Axis, ends: tuple[float, float]
) -> tuple[Array, Array]:
    return axis.places(inputs[:, 0]), EXTENT - Axis(0, *ends).places(values)


def crosses_on_line(
    spec: Spec, axis: Axis, ends: tuple[float, float], wrong: list[tuple[Array, Array]]
) -> str:
    """Crosses on samples that are classified wrongly, given as inputs and targets."""
    radius = radius_for(len(spec.inputs) + len(spec.test_inputs))
    pieces = []
    for inputs, targets in wrong:
        values = targets[:, 0] if targets.shape[1] == 1 else targets.max(axis=1)
        pieces.append(crosses_path(*_places(inputs, values, axis, ends), radius))
    return "".join(pieces)


def curve_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What each curve and each kind of mark stands for."""
    outputs = spec.names.units[-1]
    for index, name in enumerate(outputs[:MOST_CURVES]):
        yield LegendEntry(texts.CURVE_OF.format(name=name), line=f"fit f{index}")
    if class_names(spec) and len(outputs) == 1:
        yield LegendEntry(texts.BOUNDARY.format(name=outputs[0]), line="thin")
        yield from class_keys(spec)
        return
    for index, name in enumerate(spec.names.targets[:MOST_CURVES]):
        text = name if len(outputs) > 1 else texts.TARGETS_OF
        yield LegendEntry(
            text, marks=SampleSymbols(index % COLOURS, False, f"M0 0{shape_of(index)}")
        )
