"""The plot over a network's only input: its answers as curves, and each sample at its target."""

from collections.abc import Iterator

import numpy as np

from app.engine.metrics import has_classes
from app.engine.network import Spec
from app.messages.marking import _
from app.messages.plots import BOUNDARY
from app.views.plots.axes import Axis, span_of
from app.views.plots.contours import ActivationGrid, line_path
from app.views.plots.plane import (
    MOST_CURVES,
    Axes,
    LegendEntry,
    PlotLine,
    SampleSymbols,
    class_keys,
    class_symbols,
    samples_of,
    symbol_key,
    target_symbols,
)


def height_axis(spec: Spec, field: ActivationGrid | None) -> Axis:
    """The axis upwards: it shows all targets, and all answers if there are any."""
    every = [targets for _, _, targets in samples_of(spec)]
    if field is not None:
        every.append(field.layers[-1])
    return Axis(*span_of(np.concatenate([one.ravel() for one in every])), up=True)


def curves(spec: Spec, field: ActivationGrid, axis: Axis) -> Iterator[PlotLine]:
    """A curve for each output, each with its own dashes; and 0.5 where it bounds two classes."""
    outputs = field.layers[-1]
    if _is_divided(spec):
        yield PlotLine("thin", line_path(np.full(field.nodes, 0.5), axis))
    for index in range(min(outputs.shape[-1], MOST_CURVES)):
        yield PlotLine(f"fit f{index}", line_path(outputs[:, index], axis))


def curve_symbols(spec: Spec, axes: Axes) -> Iterator[SampleSymbols]:
    """Each sample at its target, in the shape of its class or of its output."""
    symbols = class_symbols if _is_divided(spec) else target_symbols
    return symbols(samples_of(spec), axes)


def curve_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What each curve and each kind of symbol stands for."""
    outputs = spec.names.units[-1]
    for index, name in enumerate(outputs[:MOST_CURVES]):
        yield LegendEntry(
            _("{name}: what the network answers").format(name=name), line=f"fit f{index}"
        )
    if _is_divided(spec):
        yield LegendEntry(BOUNDARY.format(name=outputs[0]), line="thin")
        yield from class_keys(spec)
        return
    for index, name in enumerate(spec.names.targets[:MOST_CURVES]):
        yield symbol_key(name if len(outputs) > 1 else _("training targets"), index)


def _is_divided(spec: Spec) -> bool:
    """Whether one output tells two classes apart."""
    return has_classes(spec) and spec.layers[-1] == 1
