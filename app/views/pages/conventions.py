"""The conventions a calculation rests on, and what each choice does to the numbers in view."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from app import messages
from app.engine.training import attempt_step
from app.errors import TakebackError
from app.explain.quantities import Quantity, every
from app.explain.step_numbers import StepNumbers
from app.lab.lab import Lab
from app.lab.spec_json import reruled
from app.lab.visibility import Visibility
from app.messages.marking import N_
from app.messages.problems import problem_detail
from app.views.text.formatting import number
from app.views.text.wording import quantity_name

_RULES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "loss": (N_("The error"), messages.LOSSES),
    "bias_update": (N_("Biases"), messages.BIAS_UPDATES),
    "hidden_deltas": (N_("Hidden deltas"), messages.HIDDEN_DELTAS),
}
"""Each rule with its name and those of its options."""
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
    now = _computed(lab, row)
    return tuple(
        Convention(
            name,
            title,
            tuple(
                Option(value, label, True, (), 0, "")
                if getattr(lab.shown_spec, name) == value
                else _option(lab, now, {name: value}, label, digits, row)
                for value, label in labels.items()
            ),
        )
        for name, (title, labels) in _RULES.items()
    )


def _computed(lab: Lab, row: int) -> dict[Quantity, float]:
    """The numbers of the step in view that are computed, in the order in which changes stand."""
    known, visible = StepNumbers(lab.shown_spec, lab.shown, row), Visibility.of(lab)
    order = {"loss": 0, "loss_after": 1, "new": 2}
    return {
        quantity: known.value(quantity)
        for quantity in sorted(every(known.spec), key=lambda one: order.get(one.kind, 3))
        if visible.shows(quantity)
    }


def _option(
    lab: Lab, now: Mapping[Quantity, float], rule: Mapping[str, str], label: str, digits: int,
    row: int,
) -> Option:  # fmt: skip
    (value,) = rule.values()
    before = lab.shown.before
    try:
        spec = reruled(lab.shown_spec, before, **rule)
    except TakebackError as error:
        refusal = problem_detail(error.code, error.pointer, error.values)
        return Option(value, label, False, (), 0, refusal)
    other = StepNumbers(spec, attempt_step(spec, before, lab.shown.step - 1), row)
    named = {one.key: one for one in every(spec)} if spec.names != lab.shown_spec.names else None
    pairs = [
        (quantity, number_now, other.value(same))
        for quantity, number_now in now.items()
        if (same := named.get(quantity.key) if named else quantity)
    ]
    changes = [pair for pair in pairs if pair[1] != pair[2]]
    # What the digits shown cannot tell apart is counted, not listed.
    shown = tuple(islice(_changes(changes, digits), _MOST_CHANGES))
    return Option(value, label, False, shown, len(changes) - len(shown), "")


def _changes(pairs: Iterable[tuple[Quantity, float, float]], digits: int) -> Iterator[Change]:
    for quantity, now, then in pairs:
        texts = number(now, digits), number(then, digits)
        if texts[0] != texts[1]:
            yield Change(quantity_name(quantity), *texts)
