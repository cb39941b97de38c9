"""Where one is in a step: the phases in a row, and what the last one computed, in a sentence."""

from collections.abc import Sequence
from typing import NamedTuple

from app.engine.optimizers import slots_of
from app.explain.notation import Notation
from app.explain.rounding import number
from app.lab.phases import Kind, Phase
from app.lab.step_values import StepValues
from app.messages.announcements import AFTER_PHASE
from app.messages.large_networks import MORE
from app.views.text.wording import phase_name

_MOST_SAID = 9


class PhaseItem(NamedTuple):
    """A phase on the rail: its place from 1, its names, and its state: "done", "now" or "next"."""

    key: str
    number: int
    short: str
    name: str
    state: str


def phase_list_of(moment: StepValues, notation: Notation) -> tuple[PhaseItem, ...]:
    """All phases of the step in view."""
    spec, progress = moment.spec, moment.progress
    found = []
    for index, phase in enumerate(progress.phases, start=1):
        short, name = (phase_name(phase, spec, notation, short=cut) for cut in (True, False))
        state = "now" if index == progress.done else "done" if index < progress.done else "next"
        found.append(PhaseItem(phase.key, index, short, name, state))
    return tuple(found)


def phase_sentence(moment: StepValues, notation: Notation, digits: int) -> str:
    """What the last phase computed."""
    phase = moment.progress.now
    if phase is None:
        return ""
    name, code = phase_name(phase, moment.spec, notation), phase.kind.value
    if phase.kind is Kind.UPDATE and slots_of(moment.spec.optimizer):
        code = "update_remembering"
    return AFTER_PHASE[code].format(
        what=name[:1].upper() + name[1:],
        pre=notation.pre,
        loss="" if moment.loss is None else number(moment.loss, digits),
        values=_values(moment, phase, digits),
    )


def _values(moment: StepValues, phase: Phase, digits: int) -> str:
    layer = phase.layer or len(moment.spec.layers) - 1
    rows: dict[Kind, Sequence[float] | None] = {
        Kind.PRE_ACTIVATION: moment.pre[layer - 1],
        Kind.ACTIVATION: moment.act[layer - 1],
        Kind.DELTA: moment.deltas[layer - 1],
        Kind.ERROR: moment.shares,
    }
    names = moment.spec.names.units[layer]
    pairs = zip(names, rows.get(phase.kind) or (), strict=False)
    texts = [f"{name} {number(value, digits)}" for name, value in pairs]
    if len(texts) > _MOST_SAID:
        texts[_MOST_SAID - 1 :] = [MORE.format(count=len(texts) - _MOST_SAID + 1)]
    return ", ".join(texts)
