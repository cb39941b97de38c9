"""Where one is in a step: the phases in a row, and what the last one computed, in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine.optimizers import slots_of
from app.explain.notation import Notation
from app.lab.phases import Kind, Phase
from app.lab.step_values import StepValues
from app.messages.announcements import AFTER_PHASE
from app.messages.large_networks import MORE
from app.views.text.formatting import number
from app.views.text.wording import phase_name

_MOST_SAID = 9


@dataclass(frozen=True, slots=True)
class PhaseItem:
    """A phase on the rail.

    Attributes:
        key: the phase.
        number: its place, from 1.
        short, name: what it is called, in the rail and in full.
        state: "done", "now" or "next".
    """

    key: str
    number: int
    short: str
    name: str
    state: str


def phase_list_of(moment: StepValues, notation: Notation) -> tuple[PhaseItem, ...]:
    """All phases of the step in view."""
    done = moment.progress.done
    return tuple(
        PhaseItem(
            phase.key,
            index,
            phase_name(phase, moment.spec, notation, short=True),
            phase_name(phase, moment.spec, notation),
            "now" if index == done else "done" if index < done else "next",
        )
        for index, phase in enumerate(moment.progress.phases, start=1)
    )


def phase_sentence(moment: StepValues, notation: Notation, digits: int) -> str:
    """What the last phase computed."""
    phase = moment.progress.now
    if phase is None:
        return ""
    name = phase_name(phase, moment.spec, notation)
    code = phase.kind.value
    if phase.kind is Kind.UPDATE and slots_of(moment.spec.optimizer):
        code = "update_remembering"
    return AFTER_PHASE[code].format(
        what=name[:1].upper() + name[1:] if name.isascii() else name,
        pre=notation.pre,
        loss="" if moment.loss is None else number(moment.loss, digits),
        values=_values(moment, phase, digits),
    )


def _values(moment: StepValues, phase: Phase, digits: int) -> str:
    """The numbers of a phase's units, by name."""
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
