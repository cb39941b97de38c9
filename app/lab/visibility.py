"""Which numbers of a step may be shown: a question of its phases, and of the sample in view."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.optimizers import SLOTS
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation
from app.explain.quantities import Quantity
from app.lab.moment import Moment
from app.lab.phases import Kind, Phase, Progress
from app.lab.sample_in_view import SampleInView, sample_in_view

_PHASES: Mapping[str, tuple[Kind, int]] = {
    "pre": (Kind.PRE_ACTIVATION, 0),
    "act": (Kind.ACTIVATION, 0),
    **dict.fromkeys(("share", "error", "loss"), (Kind.ERROR, 0)),
    "delta": (Kind.DELTA, 0),
    "by_input": (Kind.DELTA, 1),
    **dict.fromkeys(("weight", "bias"), (Kind.GRADIENT, 1)),
    **dict.fromkeys(SLOTS, (Kind.MOMENTS, 1)),
    "new": (Kind.UPDATE, 1),
}
"""The phase that computes a kind of quantity, and how far its layer is from the quantity's."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which numbers of the step in view may be shown, by the phases that count as computed.

    The step computes no delta for a sample outside its batch.
    """

    sample: SampleInView
    progress: Progress

    @classmethod
    def of(cls, moment: Moment) -> "Visibility":
        """What the phases so far have computed, of the step's own sample."""
        return cls(sample_in_view(moment), moment.progress)

    def shows(self, quantity: Quantity) -> bool:
        """Whether ``quantity`` is computed."""
        if quantity.kind == "loss_after":
            return self.progress.complete
        kind, shift = _PHASES.get(quantity.kind, (None, 0))
        computed = kind is None or self.progress.has(kind, quantity.layer + shift)
        return computed and not self.sample.has_no(quantity)

    def value(self, quantity: Quantity) -> float | None:
        """The value of ``quantity``, or None while it may not be shown."""
        return self.sample.numbers(quantity).value(quantity) if self.shows(quantity) else None

    def phase_of(self, quantity: Quantity) -> Phase | None:
        """The phase that computes ``quantity``; None for a given number."""
        if quantity.kind == "loss_after":
            return self.progress.phases[-1]
        if quantity.kind not in _PHASES:
            return None
        kind, shift = _PHASES[quantity.kind]
        whole = Phase(kind)
        return whole if whole in self.progress.phases else Phase(kind, quantity.layer + shift)

    def update_phase_of(self, quantity: Quantity) -> Phase | None:
        """The phase that updates a weight or a bias; None for other quantities."""
        if quantity.kind not in ("weight", "bias"):
            return None
        return self.phase_of(Quantity("new", quantity.name, quantity.layer))

    def is_past(self, phase: Phase | None) -> bool:
        """Whether ``phase`` is computed."""
        return phase is None or self.progress.has(phase.kind, phase.layer)

    def derivation(self, quantity: Quantity, *, brief: bool = False) -> Derivation:
        """The derivation of ``quantity``, without any number that may not be shown.

        ``brief`` is that of ``derive``.
        """
        shown, update = self.shows(quantity), self.update_phase_of(quantity)
        updated = self.is_past(update)
        remembered = update and self.progress.has(Kind.MOMENTS, update.layer)
        derivation = derive(quantity, self.sample.numbers(quantity), brief=brief)
        if not shown:
            return derivation.withheld()
        if updated:
            return derivation
        return derivation.update_withheld(*(() if remembered else ("moment",)), "update")
