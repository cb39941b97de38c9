"""The aggregate: one network, where it stands, and every step that led there.

A Lab never changes; each command returns the Lab after it. What a reader sees is a function of
the step and the phase alone, so any earlier moment comes back exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.edits import Edit
from app.engine.backprop import ForwardPass
from app.engine.network import Parameters, Spec
from app.engine.training import DivergedError, Trace, forward_at, trace_step
from app.errors import Diverged, InvalidInput
from app.timeline import Segment

MAX_STEPS = 100_000
MAX_SEGMENTS = 2_000


class Phase(Enum):
    """How much of the present step has been computed."""

    START = "start"
    """Nothing: parameters, inputs and targets only."""
    FORWARD = "forward"
    """Pre-activations, activations and the loss at the present parameters."""
    UPDATED = "updated"
    """The whole step that led here: its forward pass, deltas, gradients and update."""


@dataclass(frozen=True)
class Lab:
    """A network at one moment.

    Attributes:
        spec: the network as it was created; ``reset`` returns to it.
        segments: its timeline, never empty.
        step: the step in view.
        phase: how much of it has been computed.
        parameters: the present ones.
        before: those before the last update, or None when no update led here.
        origin: the slug of the worked example that it was created from, if any.
    """

    spec: Spec
    segments: tuple[Segment, ...]
    step: int
    phase: Phase
    parameters: Parameters
    before: Parameters | None = None
    origin: str | None = None
    _trace: Trace | None = field(default=None, repr=False, compare=False)

    @classmethod
    def fresh(cls, spec: Spec, origin: str | None = None) -> "Lab":
        """A network at step 0 with nothing computed yet."""
        segment = Segment(0, spec, spec.initial.to_bytes())
        return cls(spec, (segment,), 0, Phase.START, spec.initial, origin=origin)

    # --- what is known now ------------------------------------------------------------------

    @property
    def last_step(self) -> int:
        """The furthest step that was ever taken on this timeline."""
        return self.segments[-1].end

    @property
    def _index(self) -> int:
        """Which segment the step in view lies in; at a seam, the later one."""
        for index in range(len(self.segments) - 1, -1, -1):
            if self.segments[index].start <= self.step:
                return index
        raise AssertionError("unreachable: the first segment begins at step 0")

    @property
    def present(self) -> Spec:
        """The network with the samples and the learning rate that hold now."""
        return self.segments[self._index].spec

    @property
    def sample(self) -> int:
        """The sample in view: the first one that the next step will use."""
        first: int = self.present.batch_slice(self.step).start
        return first

    @cached_property
    def forward_pass(self) -> ForwardPass:
        """The forward pass at the present parameters, over the next step's batch."""
        trace, spec = self.trace, self.present
        if trace and spec.batch_slice(trace.step) == spec.batch_slice(trace.step - 1):
            return trace.forward_after
        with np.errstate(all="ignore"):
            return forward_at(spec, self.parameters, self.step)

    @property
    def is_finite(self) -> bool:
        """Whether the forward pass at the present parameters holds finite numbers only."""
        return self.forward_pass.is_finite

    @cached_property
    def trace(self) -> Trace | None:
        """The step that led here, or None at the start and after an edit."""
        if self.phase is not Phase.UPDATED or self.before is None:
            return None
        if self._trace is not None:
            return self._trace
        return trace_step(self._spec_before(), self.before, self.step - 1)

    def _spec_before(self) -> Spec:
        """The Spec that the step leading here used."""
        return next(s.spec for s in reversed(self.segments) if s.start < self.step)

    @cached_property
    def loss_history(self) -> NDArray[np.float64]:
        """The loss at steps 0 to the present one, each over its own step's batch."""
        parts = []
        for segment, following in zip(self.segments, [*self.segments[1:], None], strict=True):
            end = min(segment.end if following is None else following.start, self.step)
            if end > segment.start:
                parts.append(segment.losses.cut(end - segment.start).array())
        return np.concatenate([*parts, [self.forward_pass.loss]])

    # --- commands ---------------------------------------------------------------------------

    def forwarded(self, inputs: Sequence[float] | None = None) -> "Lab":
        """Show the forward pass at the present parameters, with new inputs if given."""
        lab = self if inputs is None else self.edited(Edit(inputs=inputs))
        return replace(lab, phase=Phase.FORWARD, _trace=None)

    def stepped(self, count: int = 1) -> "Lab":
        """Take ``count`` backprop steps from here.

        Steps that an earlier visit took from the very same values are gone along again; where
        they would differ, the later ones give way.

        Raises:
            Diverged: a step's result is not finite; this Lab is left as it is.
            InvalidInput: the timeline would grow too long.
        """
        target = self.step + count
        if target > MAX_STEPS:
            raise InvalidInput("too_many_steps", pointer="/count", limit=MAX_STEPS)
        index = self._index
        segment = self.segments[index]
        if target < segment.end:
            return self._arrived(target)
        if target == segment.end:
            return replace(self, segments=self.segments[: index + 1])._arrived(target)
        parameters = self.parameters
        if segment.end > self.step:
            parameters = segment.parameters_at(segment.end)
        try:
            segment, before = segment.advanced(parameters, target - segment.end - 1)
            known = self.forward_pass if before is self.parameters else None
            trace = trace_step(segment.spec, before, target - 1, known)
        except DivergedError as error:
            raise Diverged(pointer="/count", step=error.step) from None
        segment = segment.extended([trace.forward.loss], trace.after)
        segments = (*self.segments[:index], segment)
        lab = replace(
            self, segments=segments, step=target, phase=Phase.UPDATED,
            parameters=trace.after, before=before, _trace=trace,
        )  # fmt: skip
        if not lab.is_finite:
            raise Diverged(pointer="/count", step=target)
        return lab

    def taken_back(self, count: int = 1) -> "Lab":
        """Return to the state ``count`` steps ago.

        Raises:
            InvalidInput: there are not so many steps to take back.
        """
        if self.step == 0:
            raise InvalidInput("nothing_to_take_back", pointer="/count")
        if count > self.step:
            raise InvalidInput("maximum", pointer="/count", maximum=self.step)
        return self._arrived(self.step - count)

    def rewound(self, step: int) -> "Lab":
        """Return to ``step``, earlier or later, as it was.

        Raises:
            InvalidInput: that step was never taken.
        """
        if not 0 <= step <= self.last_step:
            raise InvalidInput("maximum", pointer="/step", maximum=self.last_step)
        return self._arrived(step)

    def reset(self) -> "Lab":
        """Start over from the network as it was created; the timeline is dropped."""
        return Lab.fresh(self.spec, self.origin)

    def _arrived(self, step: int) -> "Lab":
        """The moment ``step`` was reached; where it was edited since, the moment after."""
        lab = replace(self, step=step, phase=Phase.FORWARD, before=None, _trace=None)
        segment = self.segments[lab._index]
        if step == 0:
            return replace(lab, parameters=segment.parameters_at(0))
        earlier = next(s for s in reversed(self.segments) if s.start < step)
        before = earlier.parameters_at(step - 1)
        trace = trace_step(earlier.spec, before, step - 1)
        if segment is not earlier:
            parameters = segment.parameters_at(step)
            if not _same_values(trace.after, earlier.spec, parameters, segment.spec):
                return replace(lab, parameters=parameters)
        return replace(
            lab, phase=Phase.UPDATED, parameters=trace.after, before=before, _trace=trace
        )

    def edited(self, edit: Edit) -> "Lab":
        """Change parameters, the sample in view or the learning rate, from this step on.

        Changing nothing changes nothing; otherwise later steps give way.

        Raises:
            InvalidInput: a name is unknown, a length is wrong, or the loss is not finite then.
        """
        parameters = edit.parameters(self.spec, self.parameters)
        spec = edit.spec(self.present, self.sample)
        new_values = not _same_values(parameters, spec, self.parameters, self.present)
        rate = spec.optimizer.learning_rate
        if not new_values and rate == self.present.optimizer.learning_rate:
            return self
        kept = [s.cut(self.step) for s in self.segments[: self._index + 1] if s.start < self.step]
        if len(kept) > MAX_SEGMENTS:
            raise InvalidInput("too_many_edits", limit=MAX_SEGMENTS)
        segments = (*kept, Segment(self.step, spec, parameters.to_bytes()))
        if not new_values:
            return replace(self, segments=segments)
        lab = replace(
            self, segments=segments, phase=Phase.FORWARD, parameters=parameters,
            before=None, _trace=None,
        )  # fmt: skip
        if not lab.is_finite:
            raise InvalidInput("loss_not_finite")
        return lab


def _same_values(parameters: Parameters, spec: Spec, others: Parameters, other: Spec) -> bool:
    """Whether two moments have the same parameters and samples, bit for bit."""
    return (
        parameters.to_bytes() == others.to_bytes()
        and np.array_equal(spec.inputs, other.inputs)
        and np.array_equal(spec.targets, other.targets)
    )
