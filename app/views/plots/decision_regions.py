"""The main picture of a network's answers, and the small one of each unit; frozen contexts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import class_names, has_classes, labels_of
from app.engine.network import Spec
from app.lab.lab import Lab
from app.messages import plots as texts
from app.views.options import SAMPLE, ViewOptions
from app.views.plots.axes import Scale, column_of, scale_of
from app.views.plots.contours import ActivationGrid, Axis, Contours
from app.views.plots.fitted_curve import (
    crosses_on_line,
    curve_keys,
    curves,
    height_scale,
    heights,
    target_marks,
)
from app.views.plots.layer_statistics import LayerNumbers
from app.views.plots.options import fixed_axes, fixed_inputs, sample_shown, varying_axes
from app.views.plots.plane import (
    LegendEntry,
    PlanePlot,
    PlotLine,
    SampleSymbols,
    answers_of,
    class_keys,
    class_lines,
    class_marks,
    class_shades,
    crosses,
    places_of,
    range_sentence,
    samples_of,
    value_levels,
    value_marks,
    value_shades,
)
from app.views.plots.symbols import shape_of
from app.views.plots.unit_maps import UnitRow, unit_rows
from app.views.text.formatting import short


@dataclass(frozen=True, slots=True)
class Regions:
    """Everything about what a network answers.

    Attributes:
        scene: the main picture.
        rows: a row of small pictures for each layer.
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


def regions_of(
    lab: Lab, options: ViewOptions, field: ActivationGrid | None, numbers: Sequence[LayerNumbers]
) -> Regions:
    """The pictures over the inputs that vary.

    Args:
        lab: the network.
        options: what is asked for.
        field: the activations there, or None where they are not computed.
        numbers: what is known of each layer's activations.
    """
    spec = lab.present
    axes = varying_axes(spec, options)
    plane = len(axes) == 2
    scene = plane_scene(lab, axes, field) if plane else line_scene(lab, axes[0], field)
    names = spec.names.units[0]
    others = fixed_axes(axes, spec)
    return Regions(
        scene=scene,
        rows=tuple(unit_rows(spec, field, numbers)),
        held=_held(lab, options, axes, others) if others else "",
        choices=names if others else (),
        across=names[axes[0].index],
        up=names[axes[-1].index],
        rest=options.rest,
        is_line=not plane,
    )


def _held(lab: Lab, options: ViewOptions, axes: tuple[Axis, ...], others: tuple[int, ...]) -> str:
    names, values = lab.present.names.units[0], fixed_inputs(lab, options).tolist()
    told = [texts.HELD_ONE.format(name=names[i], value=short(round(values[i], 6))) for i in others]
    if len(told) > 6:
        told = [texts.HELD_MORE.format(count=len(told))]
    how = texts.HELD_SAMPLE if options.rest == SAMPLE else texts.HELD_MEAN
    return texts.HELD.format(
        across=names[axes[0].index], up=names[axes[1].index], others=listed(told),
        how=how.format(sample=sample_shown(lab) + 1),
    )  # fmt: skip


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence in a row."""
    if len(parts) < 2:
        return "".join(parts)
    return texts.AND.format(most=", ".join(parts[:-1]), last=parts[-1])


# --- the main picture -----------------------------------------------------------------------------


def plane_scene(lab: Lab, axes: tuple[Axis, ...], field: ActivationGrid | None) -> PlanePlot:
    """What the network answers over two inputs."""
    spec = lab.present
    x, y = scale_of(axes[0], spec), scale_of(axes[1], spec, up=True)
    seen = [int(place[0]) for place in places_of(spec.inputs[sample_shown(lab)][None], axes)]
    ring = (seen[0], seen[1])
    classes = has_classes(spec)
    levels: list[float] = []
    if field is not None and not classes:
        levels = value_levels(field.layers[-1][..., 0])
    marks = tuple(class_marks(spec, axes) if classes else value_marks(spec, axes, 0, levels))
    if field is None:
        names = [spec.names.units[0][axis.index] for axis in axes]
        return PlanePlot(
            x, y, (), (), marks, "", ring, tuple(_plain_keys(spec)),
            texts.PENDING_SENTENCE.format(across=names[0], up=names[1]),
            texts.PENDING.format(what=texts.PENDING_REGIONS),
        )  # fmt: skip
    if not classes:
        return _value_scene(spec, axes, field, levels, (x, y), marks, ring)
    shades, shares = class_shades(spec, field)
    wrong = _wrong(lab)
    sentence = _plane_sentence(spec, axes, [class_sentence(spec, shares), _wrong_said(wrong)])
    return PlanePlot(
        x, y, shades, tuple(class_lines(field)), marks,
        crosses(spec, axes, [inputs for _, inputs, _, _ in wrong]), ring,
        (*_plain_keys(spec), *_boundary_keys(spec)), sentence,
    )  # fmt: skip


def _value_scene(
    spec: Spec, axes: tuple[Axis, ...], field: ActivationGrid, levels: Sequence[float],
    scales: tuple[Scale, Scale], marks: tuple[SampleSymbols, ...], ring: tuple[int, int],
) -> PlanePlot:  # fmt: skip
    values = field.layers[-1][..., 0]
    shades = value_shades(values, levels)
    keys = [LegendEntry(shade.name, shade=shade) for shade in reversed(shades) if shade.name]
    contours = Contours(values)
    lines = tuple(PlotLine("thin", contours.line(level)) for level in levels)
    sentence = _plane_sentence(spec, axes, [range_sentence(0, field, spec)])
    plain = tuple(shade._replace(name="") for shade in shades)
    return PlanePlot(*scales, plain, lines, marks, "", ring, (*_plain_keys(spec), *keys), sentence)


def line_scene(lab: Lab, axis: Axis, field: ActivationGrid | None) -> PlanePlot:
    """What the network answers over its only input."""
    spec = lab.present
    ends = heights(spec, field)
    outputs = spec.names.units[-1]
    x = scale_of(axis, spec)
    y = height_scale(spec, ends, ", ".join(outputs[:3]))
    marks = tuple(target_marks(spec, axis, ends))
    keys = tuple(curve_keys(spec))
    if field is None:
        return PlanePlot(
            x, y, (), (), marks, "", None, keys,
            texts.PENDING_LINE.format(across=spec.names.units[0][0]),
            texts.PENDING.format(what=texts.PENDING_CURVE),
        )  # fmt: skip
    answers, crossed = [], ""
    if has_classes(spec):
        labels = labels_of(field.layers[-1])
        shares = [float(np.mean(labels == k)) for k in range(len(class_names(spec)))]
        wrong = _wrong(lab)
        answers = [class_sentence(spec, shares), _wrong_said(wrong)]
        crossed = crosses_on_line(spec, axis, ends, [(i, t) for _, i, t, _ in wrong])
    else:
        answers = [range_sentence(index, field, spec) for index, name in enumerate(outputs)]
    sentence = texts.LINE.format(
        across=column_of(spec, 0), left=short(axis.low), right=short(axis.high),
        answers=" ".join(answers),
    )  # fmt: skip
    return PlanePlot(
        x, y, (), tuple(curves(spec, field, ends)), marks, crossed, None, keys, sentence
    )


def _plane_sentence(spec: Spec, axes: tuple[Axis, ...], answers: Sequence[str]) -> str:
    across, up = axes
    return texts.PLANE.format(
        across=column_of(spec, across.index), left=short(across.low), right=short(across.high),
        up=column_of(spec, up.index), bottom=short(up.low), top=short(up.high),
        answers=" ".join(answers),
    )  # fmt: skip


def class_sentence(spec: Spec, shares: Sequence[float]) -> str:
    """How much of what is shown is answered by each class."""
    told = [
        texts.CLASS_SHARE.format(name=name, share=round(100 * share))
        for name, share in zip(class_names(spec), shares, strict=True)
        if share > 0.0
    ]
    return texts.CLASS_SHARES.format(shares=listed(told))


Wrong = tuple[str, Array, Array, int]


def _wrong(lab: Lab) -> list[Wrong]:
    """Of each set of samples those that are classified wrongly, and how many there are in all."""
    found = []
    for kind, inputs, targets in samples_of(lab.present):
        given = labels_of(answers_of(lab.present, lab.parameters, inputs))
        chosen = given != labels_of(targets)
        found.append((kind, inputs[chosen], targets[chosen], len(inputs)))
    return found


def _wrong_said(wrong: Sequence[Wrong]) -> str:
    told = (
        texts.WRONG_OF.format(wrong=len(inputs), count=count, which=texts.WHICH[kind])
        for kind, inputs, _, count in wrong
    )
    return texts.WRONG.format(told=", ".join(told))


def _plain_keys(spec: Spec) -> Iterator[LegendEntry]:
    """What marks stand for, whatever is computed."""
    if has_classes(spec):
        yield from class_keys(spec)
    else:
        name = spec.names.targets[0]
        marks = SampleSymbols(1, False, f"M0 0{shape_of(0)}", 0.5)
        yield LegendEntry(texts.VALUES_OF.format(name=name), marks=marks)
        if len(spec.test_inputs):
            yield LegendEntry(
                texts.TEST_TARGETS_OF, marks=marks._replace(path=f"M0 0{shape_of(3)}")
            )


def _boundary_keys(spec: Spec) -> Iterator[LegendEntry]:
    if spec.layers[-1] > 1:
        yield LegendEntry(texts.BOUNDARY_LARGEST, line="boundary")
        return
    name = spec.names.units[-1][0]
    yield LegendEntry(texts.BOUNDARY.format(name=name), line="boundary")
    yield LegendEntry(texts.SURER.format(name=name), line="thin")
