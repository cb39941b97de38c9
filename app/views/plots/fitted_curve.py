"""The plot over a network's only input: its answers as curves, and each sample at its target."""

from collections.abc import Iterator

import numpy as np

from app.engine.metrics import THRESHOLD, class_names, has_classes, labels_of
from app.engine.network import Spec
from app.messages.marking import _
from app.messages.plots import BOUNDARY
from app.views.plots.axes import Axis, span_of
from app.views.plots.contours import ActivationGrid, line_path
from app.views.plots.plane import (
    MOST_CURVES,
    Axes,
    Content,
    LegendEntry,
    PlotLine,
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


def line_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> Content:
    """A curve for each output, each with its own dashes, and 0.5 where it bounds two classes.

    Samples stand at their targets, in the shape of their class or of their output.
    """
    symbols = class_symbols if _is_divided(spec) else target_symbols
    marks, keys = symbols(samples_of(spec), axes), list(_keys(spec))
    if field is None:
        return Content(marks, keys)
    outputs = field.layers[-1]
    level = line_path(np.full(field.nodes, THRESHOLD), axes[1])
    lines = [PlotLine("thin", level)] if _is_divided(spec) else []
    lines += [
        PlotLine(f"fit f{index}", line_path(values, axes[1]))
        for index, values in enumerate(outputs.T[:MOST_CURVES])
    ]
    labels = labels_of(outputs)
    shares = [float(np.mean(labels == index)) for index in range(len(class_names(spec)))]
    return Content(marks, keys, lines, shares=shares)


def _keys(spec: Spec) -> Iterator[LegendEntry]:
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
