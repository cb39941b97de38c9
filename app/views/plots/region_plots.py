"""What a network answers over one or two of its inputs: the main plot, one of each unit, words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.engine.metrics import has_classes, labels_of, threshold_of
from app.engine.network import Spec
from app.explain.rounding import number
from app.lab.lab import Lab
from app.lab.own_units import class_names
from app.messages.marking import N_, Texts, _
from app.views.options import SAMPLE, ViewOptions
from app.views.plots.axes import Axis, column_of, scale_of
from app.views.plots.contours import ActivationGrid, field_of
from app.views.plots.decision_regions import class_content, height_axis, line_content, value_content
from app.views.plots.layer_statistics import layer_numbers
from app.views.plots.options import fixed_axes, fixed_inputs, sample_shown, varying_axes
from app.views.plots.plane import PlanePlot, SampleSet, answers_of, crosses, places_of, samples_of
from app.views.plots.unit_maps import UnitRow, unit_rows, where_of
from app.views.text.formatting import as_in_table, listed, short

_WHICH: Texts = {"training": N_("training samples"), "test": N_("test samples")}
_MOST_HELD = 6


class Regions(NamedTuple):
    """The main plot, a row of small plots for each layer, and what was chosen.

    ``held`` says what the inputs have that do not vary, ``choices`` names the inputs to choose
    from; both are empty where every input varies. ``is_line``: there is one input only.
    """

    scene: PlanePlot
    rows: tuple[UnitRow, ...]
    held: str
    choices: tuple[str, ...]
    across: str
    up: str
    rest: str
    is_line: bool


def regions_of(lab: Lab, options: ViewOptions) -> Regions:
    """The plots over the inputs that vary: two, or the only one."""
    spec, axes = lab.present, varying_axes(lab.present, options)
    names, others = spec.names.units[0], fixed_axes(axes, spec)
    field = None
    if lab.progress.error:
        field = field_of(spec, lab.parameters, axes, fixed_inputs(lab, options))
    return Regions(
        scene=plot_of(lab, axes, field),
        rows=tuple(unit_rows(spec, field, layer_numbers(lab))),
        held=_held(lab, options, axes, others) if others else "",
        choices=names if others else (),
        across=names[axes[0].column],
        up=names[axes[-1].column],
        rest=options.rest,
        is_line=len(axes) == 1,
    )


def _held(lab: Lab, options: ViewOptions, axes: tuple[Axis, ...], others: tuple[int, ...]) -> str:
    names, values = lab.present.names.units[0], fixed_inputs(lab, options).tolist()
    form = _("{name} = {value}")
    found = [form.format(name=names[i], value=short(round(values[i], 6))) for i in others]
    if len(found) > _MOST_HELD:
        found = [_("the {count} other inputs").format(count=len(found))]
    how = _("held at its means over the training samples")
    if options.rest == SAMPLE:
        form = _("held as in sample {sample}, which the diagram shows")
        how = form.format(sample=sample_shown(lab) + 1)
    across, up = (names[axis.column] for axis in axes)
    text = _("{across} and {up} vary. The rest is {how}: {others}.")
    text = text.format(across=across, up=up, others=listed(found), how=how)
    return f"{text} {_astray(lab, options, others)}"


def _astray(lab: Lab, options: ViewOptions, others: tuple[int, ...]) -> str:
    """How many samples stand on an area that is not the network's answer for them."""
    spec = lab.present
    if not (lab.progress.error and has_classes(spec)):
        return _("The samples differ there.")
    inputs = np.vstack([one.inputs for one in samples_of(spec)])
    moved = inputs.copy()
    moved[:, others] = fixed_inputs(lab, options)[list(others)]
    own, drawn = (
        labels_of(answers_of(spec, lab.parameters, one), threshold_of(spec))
        for one in (inputs, moved)
    )
    form = _(
        "The samples differ there: {count} of {total} stand on an area that is not the network’s "
        "answer for them."
    )
    return form.format(count=int(np.sum(own != drawn)), total=len(inputs))


def plot_of(lab: Lab, axes: tuple[Axis, ...], field: ActivationGrid | None) -> PlanePlot:
    """What the network answers over one or two inputs; without ``field`` only its samples."""
    spec = lab.present
    sets, is_line = samples_of(spec), len(axes) == 1
    x, y = drawn = (axes[0], height_axis(spec, field)) if is_line else (axes[0], axes[1])
    if is_line:
        content, seen = line_content(spec, drawn, field), None
        missing = _("The fitted curve")
    else:
        content = (class_content if has_classes(spec) else value_content)(spec, drawn, field)
        place = places_of(drawn, spec.inputs[sample_shown(lab)][None], np.zeros(1))
        seen = int(place[0][0]), int(place[1][0])
        missing = _("What the network answers")
    wrong = ""
    if field is None:
        pending = _("{what} appears once the forward pass of this step is computed.")
        sentence, missing = _pending_sentence(spec, axes), pending.format(what=missing)
    else:
        if has_classes(spec):
            found = [_wrong(lab, one) for one in sets]
            wrong = crosses(sets, drawn, found)
            answers = [_class_sentence(spec, content.shares), _wrong_sentence(found, sets)]
        else:
            outputs = range(spec.layers[-1] if is_line else 1)
            answers = [_range_sentence(output, field, spec) for output in outputs]
        sentence, missing = _sentence(spec, axes, answers), ""
    return PlanePlot(
        scale_of(x, spec), scale_of(y, spec), tuple(content.shades), tuple(content.lines),
        tuple(content.marks), wrong, seen, tuple(content.keys), sentence, missing,
    )  # fmt: skip


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
    form = _("class {name} in {share} %")
    found = [
        form.format(name=name, share=round(100 * share))
        for name, share in zip(class_names(spec), shares, strict=True)
        if share > 0.0
    ]
    return _("The network answers {shares} of what is shown.").format(shares=listed(found))


def _range_sentence(output: int, field: ActivationGrid, spec: Spec) -> str:
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
    form = _(" In the table's units that is from {low} to {high}.")
    return sentence + form.format(
        low=as_in_table(low * scale + mean), high=as_in_table(high * scale + mean)
    )


def _wrong(lab: Lab, samples: SampleSet) -> SampleSet:
    answers = answers_of(lab.present, lab.parameters, samples.inputs)
    found = labels_of(answers, threshold_of(lab.present))
    return samples.part(found != labels_of(samples.targets))


def _wrong_sentence(wrong: Sequence[SampleSet], sets: Sequence[SampleSet]) -> str:
    form = _("{wrong} of {count} {which}")
    found = (
        form.format(wrong=len(one.inputs), count=len(every.inputs), which=_WHICH[one.kind])
        for one, every in zip(wrong, sets, strict=True)
    )
    return _("Classified wrongly: {told}.").format(told=", ".join(found))
