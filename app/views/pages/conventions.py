"""The conventions a calculation rests on, and what each choice does to the numbers in view."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app import messages
from app.engine.trace import Trace
from app.engine.training import attempt_step
from app.errors import TakebackError
from app.explain.quantities import every
from app.explain.step_numbers import StepNumbers
from app.explain.values import value_of
from app.lab.lab import Lab
from app.lab.spec_json import reruled
from app.views.derivation.panel import is_computed, phase_for
from app.views.text.formatting import number
from app.views.text.wording import quantity_name

RULES: Mapping[str, Mapping[str, str]] = {
    "loss": messages.LOSSES,
    "bias_update": messages.BIAS_UPDATES,
    "hidden_deltas": messages.HIDDEN_DELTAS,
}
_MOST_CHANGES = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A number that would be another one."""

    name: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Option:
    """A rule that could hold.

    Attributes:
        value, label: its name in a Spec and in words.
        chosen: whether it holds.
        changes: numbers of this step that it changes, the error first.
        more: how many more there are.
        refusal: why it cannot be chosen now, or "".
    """

    value: str
    label: str
    chosen: bool
    changes: tuple[Change, ...]
    more: int
    refusal: str


@dataclass(frozen=True, slots=True)
class Convention:
    """A rule with its options."""

    name: str
    label: str
    options: tuple[Option, ...]


def conventions_of(lab: Lab, digits: int, row: int = 0) -> tuple[Convention, ...]:
    """Every convention, with what each choice changes in the numbers that are computed.

    Args:
        lab: the network.
        digits: how many decimals are shown.
        row: which sample of the step's batch is in view.
    """
    return tuple(
        Convention(
            name,
            messages.CONVENTIONS[name],
            tuple(_option(lab, name, value, label, digits, row) for value, label in labels.items()),
        )
        for name, labels in RULES.items()
    )


def _option(lab: Lab, name: str, value: str, label: str, digits: int, row: int) -> Option:
    if getattr(lab.shown_spec, name) == value:
        return Option(value, label, True, (), 0, "")
    trace = lab.shown
    try:
        spec = reruled(lab.shown_spec, trace.before, **{name: value})
    except TakebackError as error:
        refusal = messages.problem_detail(error.code, error.pointer, error.values)
        return Option(value, label, False, (), 0, refusal)
    other = StepNumbers(spec, attempt_step(spec, trace.before, trace.step - 1), row)
    changes = list(_changes(lab, trace, other, digits))
    # What the digits shown cannot tell apart is counted, not listed.
    shown = tuple(change for change in changes if change.now != change.then)[:_MOST_CHANGES]
    return Option(value, label, False, shown, len(changes) - len(shown), "")


def _changes(lab: Lab, trace: Trace, other: StepNumbers, digits: int) -> Iterator[Change]:
    """Numbers that differ, of those that both ways have and that are computed."""
    mine, progress = StepNumbers(lab.shown_spec, trace, other.row), lab.progress
    theirs = {quantity.key: quantity for quantity in every(other.spec)}
    order = {"loss": 0, "loss_after": 1, "new": 2}
    quantities = sorted(every(mine.spec), key=lambda quantity: order.get(quantity.kind, 3))
    for quantity in quantities:
        if quantity.key not in theirs or not is_computed(phase_for(quantity, progress), progress):
            continue
        now = value_of(quantity, mine)
        then = value_of(theirs[quantity.key], other)
        if now != then:
            name = quantity_name(quantity)
            yield Change(name, number(now, digits), number(then, digits))
