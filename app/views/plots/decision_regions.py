"""What a network answers over one or two of its inputs, and a small plot of each unit."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import class_names, has_classes, labels_of
from app.engine.network import Spec
from app.lab.lab import Lab
from app.messages.marking import _
from app.messages.plots import BOUNDARY, CLASS, WHICH
from app.views.plots.axes import Axis, clipped, column_of, scale_of, tick_values
from app.views.plots.contours import ActivationGrid, Contours, margins, middle_of
from app.views.plots.fitted_curve import curve_keys, curve_symbols, curves, height_axis
from app.views.plots.layer_statistics import LayerNumbers
from app.views.plots.options import SAMPLE, Glance, sample_shown
from app.views.plots.plane import (
    Axes,
    LegendEntry,
    PlanePlot,
    PlotLine,
    SampleSet,
    SampleSymbols,
    ShadedArea,
    answers_of,
    class_keys,
    class_symbols,
    crosses,
    opacity_of,
    places_of,
    samples_of,
    value_keys,
    value_symbols,
)
from app.views.plots.symbols import COLOURS
from app.views.plots.unit_maps import UnitRow, unit_rows, where_of
from app.views.text.formatting import number, short

_SURE = (0.75, 0.9)
_LEVELS = 7
_HATCHES = 4
_MOST_OF_NAME = 18
_MOST_HELD = 6


@dataclass(frozen=True, slots=True)
class Regions:
    """Everything about what a network answers.

    Attributes:
        scene: the main plot.
        rows: a row of small plots for each layer.
        held: what the inputs have that do not vary, in words; "" where there are none.
        choices: the names of the inputs to choose from; () where there is no choice.
        across, up, rest: what is chosen.
        is_line: whether there is one input only.
    """

    scene: PlanePlot
    rows: tuple[UnitRow, ...]
    held: str
    choices: tuple[str, ...]
    across: str
    up: str
    rest: str
    is_line: bool


class _Content(NamedTuple):
    """What is drawn within the axes, its legend, and what it says of the network's answers."""

    shades: Sequence[ShadedArea]
    lines: Sequence[PlotLine]
    marks: Iterator[SampleSymbols]
    keys: Sequence[LegendEntry]
    answers: Sequence[str]


def regions_of(
    lab: Lab,
    glance: Glance,
    axes: tuple[Axis, ...],
    field: ActivationGrid | None,
    numbers: Sequence[LayerNumbers],
) -> Regions:
    """The plots over the inputs that vary.

    Args:
        lab: the network.
        glance: what is asked for.
        axes: the inputs that vary: two, or the only one.
        field: the activations there, or None where they are not computed.
        numbers: what is known of each layer's activations.
    """
    spec = lab.present
    names, others = spec.names.units[0], glance.others(axes, spec)
    return Regions(
        scene=plot_of(lab, axes, field),
        rows=tuple(unit_rows(spec, field, numbers)),
        held=_held(lab, glance, axes, others) if others else "",
        choices=names if others else (),
        across=names[axes[0].column],
        up=names[axes[-1].column],
        rest=glance.rest,
        is_line=len(axes) == 1,
    )


def _held(lab: Lab, glance: Glance, axes: tuple[Axis, ...], others: tuple[int, ...]) -> str:
    names, values = lab.present.names.units[0], glance.held(lab).tolist()
    found = [
        _("{name} = {value}").format(name=names[i], value=short(round(values[i], 6)))
        for i in others
    ]
    if len(found) > _MOST_HELD:
        found = [_("the {count} other inputs").format(count=len(found))]
    how = (
        _("held as in sample {sample}, which stands in the network's picture")
        if glance.rest == SAMPLE
        else _("held at its means over the training samples")
    )
    return _(
        "{across} and {up} vary. The rest is {how}: {others}. Samples differ there, so "
        "one may be drawn on an area that is not its own."
    ).format(
        across=names[axes[0].column],
        up=names[axes[1].column],
        others=listed(found),
        how=how.format(sample=sample_shown(lab) + 1),
    )


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence in a row."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{most} and {last}").format(most=", ".join(parts[:-1]), last=parts[-1])


# --- the main plot --------------------------------------------------------------------------------


def plot_of(lab: Lab, axes: tuple[Axis, ...], field: ActivationGrid | None) -> PlanePlot:
    """What the network answers over one or two inputs; without ``field`` only its samples."""
    spec = lab.present
    sets, is_line = samples_of(spec), len(axes) == 1
    x, y = drawn = (axes[0], height_axis(spec, field)) if is_line else (axes[0], axes[1])
    if is_line:
        content, seen = _line_content(spec, drawn, field), None
        missing = _("The fitted curve")
    else:
        content = (_class_content if has_classes(spec) else _value_content)(spec, drawn, field)
        place = places_of(drawn, spec.inputs[sample_shown(lab)][None], np.zeros(1))
        seen = int(place[0][0]), int(place[1][0])
        missing = _("What the network answers")
    wrong, answers = "", [*content.answers]
    if field is None:
        pending = _("{what} appears once the forward pass of this step is computed.")
        sentence, missing = _pending_sentence(spec, axes), pending.format(what=missing)
    else:
        if has_classes(spec):
            found = [_wrong(lab, one) for one in sets]
            wrong = crosses(sets, drawn, found)
            answers.append(_wrong_sentence(found, sets))
        sentence, missing = _sentence(spec, axes, answers), ""
    return PlanePlot(
        scale_of(x, spec), scale_of(y, spec), tuple(content.shades), tuple(content.lines),
        tuple(content.marks), wrong, seen, tuple(content.keys), sentence, missing,
    )  # fmt: skip


def _line_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> _Content:
    answers, lines = [], []
    if field is not None:
        lines = list(curves(spec, field, axes[1]))
        if has_classes(spec):
            labels = labels_of(field.layers[-1])
            shares = [float(np.mean(labels == k)) for k in range(len(class_names(spec)))]
            answers = [_class_sentence(spec, shares)]
        else:
            answers = [_range_sentence(k, field, spec) for k in range(spec.layers[-1])]
    return _Content((), lines, curve_symbols(spec, axes), list(curve_keys(spec)), answers)


def _class_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> _Content:
    """Each class's area with its name, darker where one output is surer, and the boundaries."""
    marks, keys = class_symbols(samples_of(spec), axes), list(class_keys(spec))
    if field is None:
        return _Content((), (), marks, keys, ())
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
    answers = [_class_sentence(spec, [area.share for area in areas])]
    return _Content(shades, lines, marks, [*keys, *_boundary_keys(spec)], answers)


def _value_content(spec: Spec, axes: Axes, field: ActivationGrid | None) -> _Content:
    """Areas between round levels of the first output, the darker the larger."""
    sets, keys = samples_of(spec), list(value_keys(spec))
    if field is None:
        return _Content((), (), value_symbols(sets, axes, ()), keys, ())
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
    marks = value_symbols(sets, axes, levels)
    return _Content(shades, lines, marks, keys, [_range_sentence(0, field, spec)])


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


# --- what it says ---------------------------------------------------------------------------------


def _pending_sentence(spec: Spec, axes: tuple[Axis, ...]) -> str:
    names = [spec.names.units[0][axis.column] for axis in axes]
    form = _("The samples of {across} and {up}; no answer is computed yet.")
    if len(axes) == 1:
        form = _("The samples of {across}; no answer is computed yet.")
    return form.format(across=names[0], up=names[-1])


def _sentence(spec: Spec, axes: tuple[Axis, ...], answers: Sequence[str]) -> str:
    x, y = axes[0], axes[-1]
    form = _(
        "{across} from {left} to {right} goes right, {up} from {bottom} to {top} goes up. {answers}"
    )
    if len(axes) == 1:
        form = _("{across} from {left} to {right} goes right. {answers}")
    return form.format(
        across=column_of(spec, x.column), left=short(x.low), right=short(x.high),
        up=column_of(spec, y.column), bottom=short(y.low), top=short(y.high),
        answers=" ".join(answers),
    )  # fmt: skip


def _class_sentence(spec: Spec, shares: Sequence[float]) -> str:
    """How much of what is shown is answered by each class."""
    found = [
        _("class {name} in {share} %").format(name=name, share=round(100 * share))
        for name, share in zip(class_names(spec), shares, strict=True)
        if share > 0.0
    ]
    return _("The network answers {shares} of what is shown.").format(shares=listed(found))


def _range_sentence(output: int, field: ActivationGrid, spec: Spec) -> str:
    """From where to where an output goes, and where it is largest."""
    values = field.layers[-1][..., output]
    low, high = float(values.min()), float(values.max())
    sentence = _("{name} goes from {low} to {high}; it is largest near {where}.").format(
        name=spec.names.units[-1][output], low=number(low, 3), high=number(high, 3),
        where=where_of(values, field, spec),
    )  # fmt: skip
    data = spec.data
    if data is None or not spec.layers[-1] == len(data.target_means) == len(data.target_scales):
        return sentence
    mean, scale = data.target_means[output], data.target_scales[output]
    ends = short(low * scale + mean), short(high * scale + mean)
    return sentence + _(" In the table's units that is from {low} to {high}.").format(
        low=ends[0], high=ends[1]
    )


def _wrong(lab: Lab, samples: SampleSet) -> SampleSet:
    """The samples that are classified wrongly."""
    kind, inputs, targets = samples
    chosen = labels_of(answers_of(lab.present, lab.parameters, inputs)) != labels_of(targets)
    return SampleSet(kind, inputs[chosen], targets[chosen])


def _wrong_sentence(wrong: Sequence[SampleSet], sets: Sequence[SampleSet]) -> str:
    found = (
        _("{wrong} of {count} {which}").format(
            wrong=len(one.inputs), count=len(every.inputs), which=WHICH[one.kind]
        )
        for one, every in zip(wrong, sets, strict=True)
    )
    return _("Classified wrongly: {told}.").format(told=", ".join(found))
