"""Where one is in a step: the phases in a row, and what the last one computed, in a sentence."""

from collections.abc import Mapping
from typing import NamedTuple

from app.engine.optimizers import slots_of
from app.explain.notation import Notation
from app.explain.quantities import Quantity
from app.explain.rounding import number
from app.lab.phases import Kind, Phase
from app.lab.step_values import StepValues
from app.lab.visibility import Visibility
from app.messages.announcements import (
    ACT_QUESTIONS,
    ACTS,
    AFTER_PHASE,
    ERROR_OF,
    OF_SAMPLE,
    OWN_ERROR,
)
from app.messages.large_networks import MORE
from app.views.derivation.wording import phase_name
from app.views.text.formatting import written

_MOST_SAID, _MOST_EXPLAINED = 9, 3
KIND_OF_UNITS: Mapping[Kind, str] = {
    Kind.PRE_ACTIVATION: "pre",
    Kind.ACTIVATION: "act",
    Kind.DELTA: "delta",
    Kind.ERROR: "share",
}
"""The kind of quantity that a phase computes for each unit of a layer."""
_ACTS: Mapping[Kind, str] = {
    Kind.PRE_ACTIVATION: "forward",
    Kind.ACTIVATION: "forward",
    Kind.ERROR: "error",
    Kind.DELTA: "backward",
    Kind.GRADIENT: "backward",
    Kind.MOMENTS: "update",
    Kind.UPDATE: "update",
}


class PhaseItem(NamedTuple):
    """A phase on the rail: its place from 1, its names, and its state: "done", "now" or "next"."""

    key: str
    number: int
    short: str
    name: str
    state: str


class Act(NamedTuple):
    """Phases that follow each other and do one thing: "forward", "error", "backward" or "update".

    ``last`` is the key of the last of them, ``state`` "done" once all are computed, "now" from the
    first to the last, else "next".
    """

    kind: str
    name: str
    question: str
    last: str
    state: str
    phases: tuple[PhaseItem, ...]


def acts_of(moment: StepValues, notation: Notation) -> tuple[Act, ...]:
    """All phases of the step in view, by their acts."""
    spec, progress = moment.spec, moment.progress
    acts: list[Act] = []
    for index, phase in enumerate(progress.phases, start=1):
        short, name = (phase_name(phase, spec, notation, short=cut) for cut in (True, False))
        state = "now" if index == progress.done else "done" if index < progress.done else "next"
        item, kind = PhaseItem(phase.key, index, short, name, state), _ACTS[phase.kind]
        phases = (*acts.pop().phases, item) if acts and acts[-1].kind == kind else (item,)
        states = {one.state for one in phases}
        of_all = states.pop() if len(states) == 1 else "now"
        acts.append(Act(kind, ACTS[kind], ACT_QUESTIONS[kind], phase.key, of_all, phases))
    return tuple(acts)


def phase_sentence(visible: Visibility, notation: Notation, digits: int, of_error: int) -> str:
    """What the last phase computed, with so many digits; the error has those of the headline."""
    phase, spec = visible.progress.now, visible.sample.spec
    if phase is None:
        return ""
    if phase.kind is Kind.ERROR:
        return _error_sentence(visible, phase, of_error)
    name, code, names = phase_name(phase, spec, notation), phase.kind.value, visible.sample.names
    if phase.kind is Kind.UPDATE and slots_of(spec.optimizer):
        code = "update_remembering"
    elif phase.kind is Kind.GRADIENT and not visible.sample.alone:
        code += f"_{spec.batch.reduction}"
    values = _values(visible, phase, digits)
    if values and len(spec.names.units[phase.layer or 0]) > _MOST_EXPLAINED:
        code = "many"
    if values and visible.sample.total > 1:
        values = OF_SAMPLE.format(values=values, **names)
    what = name[:1].upper() + name[1:]
    return AFTER_PHASE[code].format(what=what, pre=notation.pre, values=values, **names)


def _error_sentence(visible: Visibility, phase: Phase, digits: int) -> str:
    """The error that the step lowers; then, if that is more, the one of the sample in view."""
    sample, values = visible.sample, _values(visible, phase, digits)
    spec, step = sample.spec, sample.numbers(Quantity("loss"))
    parts = "output" if spec.layers[-1] == 1 else "outputs"
    own = "output" if spec.layers[-1] >= _MOST_EXPLAINED else parts
    decay = "decay" if spec.penalty else ""
    more = "_".join(filter(None, ("" if sample.alone else spec.batch.reduction, decay)))
    alone = f"{parts}_of_many" if sample.total > 1 else parts
    texts = (ERROR_OF[more], OWN_ERROR[own]) if more else (ERROR_OF[alone],)
    loss, own_loss = (number(value, digits) for value in (step.trace.forward.loss, step.own_loss))
    return " ".join(texts).format(loss=loss, own=own_loss, values=values, **sample.names)


def _values(visible: Visibility, phase: Phase, digits: int) -> str:
    """The numbers of the units, or the loss's shares, that a phase computes."""
    kind, names = KIND_OF_UNITS.get(phase.kind), visible.sample.spec.names.units
    layer = phase.layer or len(names) - 1
    if kind is None:
        return ""
    found = [Quantity(kind, name, layer, unit) for unit, name in enumerate(names[layer])]
    values = ((one, visible.value(one)) for one in found)
    texts = [
        f"{written(one.name)} {number(value, digits, signed=one.signed)}"
        for one, value in values
        if value is not None
    ]
    if len(texts) > _MOST_SAID:
        texts[_MOST_SAID - 1 :] = [MORE.format(count=len(texts) - _MOST_SAID + 1)]
    return ", ".join(texts)
