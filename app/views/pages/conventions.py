"""The conventions a calculation rests on, and what each choice does to the numbers in view."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from app import messages
from app.engine.training import attempt_step
from app.errors import TakebackError
from app.explain.quantities import Quantity, every
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers
from app.lab.lab import Lab
from app.lab.spec_json import reruled
from app.lab.visibility import Visibility
from app.messages.marking import N_, Texts
from app.messages.problems import problem_detail
from app.views.derivation.wording import quantity_name

RULES: Mapping[str, tuple[str, Texts]] = {
    "loss": (N_("Error function"), messages.LOSSES),
    "bias_update": (N_("Biases"), messages.BIAS_UPDATES),
    "hidden_deltas": (N_("Hidden-layer δ"), messages.HIDDEN_DELTAS),
}
"""Each rule with its name and those of its options."""
_MOST_CHANGES = 8


class Change(NamedTuple):
    """A number that would be another one."""

    name: str
    now: str
    then: str


class Option(NamedTuple):
    """A rule that could hold: its name in a Spec and in words, and whether it holds.

    ``changes`` are numbers of this step that it changes, the error first, and ``more`` how many
    more there are; ``refusal`` says why it cannot be chosen now, or "".
    """

    value: str
    label: str
    chosen: bool
    changes: tuple[Change, ...] = ()
    more: int = 0
    refusal: str = ""


class Convention(NamedTuple):
    """A rule with its options."""

    name: str
    label: str
    options: tuple[Option, ...]


def conventions_of(lab: Lab, digits: int, row: int = 0) -> tuple[Convention, ...]:
    """Every convention, with what each choice changes in the numbers that are computed.

    ``row`` is the sample in view, within the step's batch.
    """
    now = _computed(lab, row)
    found = []
    for name, (title, labels) in RULES.items():
        options = (_option(lab, now, name, option, digits, row) for option in labels.items())
        found.append(Convention(name, title, tuple(options)))
    return tuple(found)


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
    lab: Lab, now: Mapping[Quantity, float], rule: str, option: tuple[str, str], digits: int,
    row: int,
) -> Option:  # fmt: skip
    held, before = lab.shown_spec, lab.shown.before
    if getattr(held, rule) == option[0]:
        return Option(*option, chosen=True)
    try:
        spec = reruled(held, before, **{rule: option[0]})
    except TakebackError as error:
        refusal = problem_detail(error.code, error.pointer, error.values)
        return Option(*option, chosen=False, refusal=refusal)
    other = StepNumbers(spec, attempt_step(spec, before, lab.base_step), row)
    named = {one.key: one for one in every(spec)} if spec.names != held.names else None
    pairs = [
        (quantity, number_now, other.value(same))
        for quantity, number_now in now.items()
        if (same := named.get(quantity.key) if named else quantity)
    ]
    changes = [pair for pair in pairs if pair[1] != pair[2]]
    # What the digits shown cannot tell apart is counted, not listed.
    shown = tuple(islice(_changes(changes, digits), _MOST_CHANGES))
    return Option(*option, False, shown, len(changes) - len(shown))


def _changes(pairs: Iterable[tuple[Quantity, float, float]], digits: int) -> Iterator[Change]:
    for quantity, now, then in pairs:
        texts = number(now, digits), number(then, digits)
        if texts[0] != texts[1]:
            yield Change(quantity_name(quantity), *texts)
