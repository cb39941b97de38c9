"""Where a network stands, and all that is known of it there. Nothing here changes anything."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from app.engine.backprop import ForwardPass
from app.engine.gradient_check import GradientCheck, check_gradients
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.engine.training import attempt_step, forward_at, trace_step
from app.lab import limits
from app.lab.phases import Progress, phases_for
from app.lab.timeline import Branch, Segment, segments_of


@dataclass(frozen=True)
class Moment:
    """A network at one moment.

    Attributes:
        spec: the network as it was created; ``reset`` returns to it.
        branches: its timelines, never empty; ``branch`` is the index of the present one.
        step: the step in view.
        position: how many phases of the step from here are computed. At 0 the update that led
            here is in view, if there was one.
        before: the parameters before the last update, or None when no update led here.
        origin: the slug of the worked example that it was created from, if any.
        walking: whether a person goes phase by phase.
    """

    spec: Spec
    branches: tuple[Branch, ...]
    branch: int
    step: int
    position: int
    parameters: Parameters
    before: Parameters | None = None
    origin: str | None = None
    walking: bool = False
    _trace: Trace | None = field(default=None, repr=False, compare=False)

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """The network as it was created, then as each stretch of steps has it; each once."""
        own = [segment.spec for branch in self.branches for segment in branch.segments]
        return tuple({id(spec): spec for spec in (self.spec, *own)}.values())

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The present timeline from its first step on."""
        return self.path_of(self.branch)

    @property
    def first_step(self) -> int:
        """Where every timeline begins: 0, or for a network from a link the step that it held."""
        return self.branches[0].start

    @property
    def last_step(self) -> int:
        """The furthest step that was ever taken on this timeline."""
        return self.segments[-1].end

    @property
    def phase(self) -> str:
        """Where the lab stands: "start", "forward", "updated", or while walking a phase's key."""
        if not self.position:
            return "start" if self.before is None else "updated"
        if self.walking:
            return phases_for(self.present)[self.position - 1].key
        return "forward"

    @property
    def is_begun(self) -> bool:
        """Whether phases of the step from here were asked for; a lab may rest on its error."""
        return self.position > 0 and (self.walking or self.before is not None)

    @property
    def moves(self) -> int:
        """How many moves can be taken back: the steps, and one for the phases of a begun one."""
        return self.step - self.first_step + self.is_begun

    @cached_property
    def progress(self) -> Progress:
        """How much of the step in view is computed; of the one that led here, all."""
        phases = phases_for(self.shown_spec)
        return Progress.whole(phases) if self.trace else Progress(phases, self.position)

    @property
    def answerable(self) -> Progress:
        """What may be told of the step in view.

        While a step is walked, only what its phases have computed; else a derivation is a
        question of its own, and the whole step answers it.
        """
        progress = self.progress
        return progress if self.walking and self.position else Progress.whole(progress.phases)

    @cached_property
    def shown_spec(self) -> Spec:
        """The network as the step in view uses it."""
        return self.spec_before if self.trace else self.present

    @property
    def base_step(self) -> int:
        """The step that the step in view is taken from."""
        return self.step - 1 if self.trace else self.step

    @property
    def shown(self) -> Trace:
        """The step in view: the one that led here, or the one from here."""
        return self.trace or self.onward

    @cached_property
    def onward(self) -> Trace:
        """The step from here; what runs away in it is infinite or NaN."""
        return attempt_step(self.present, self.parameters, self.step, self.forward_pass)

    @cached_property
    def gradient_check(self) -> GradientCheck:
        """The gradients of the step in view, beside central differences.

        Raises InvalidInput where the network and its batch are too large.
        """
        limits.check_checkable(self.shown_spec)
        trace = self.shown
        inputs, targets = trace.forward.activations[0], trace.forward.targets
        return check_gradients(self.shown_spec, trace.before, inputs, targets, trace.gradients)

    @cached_property
    def _index(self) -> int:
        """Which segment the step in view lies in; at a seam, the later one."""
        return bisect_right(self.segments, self.step, key=attrgetter("start")) - 1

    @property
    def segment(self) -> Segment:
        """The segment that the step in view lies in; at a seam, the later one."""
        return self.segments[self._index]

    def segment_before(self, step: int) -> Segment:
        """The segment of the step that led to ``step``."""
        return next(one for one in reversed(self.segments) if one.start < step)

    @cached_property
    def present(self) -> Spec:
        """The network with the samples and the learning rate that hold now."""
        return self.segment.spec

    @property
    def sample(self) -> int:
        """The sample in view: the first one that the next step will use."""
        first: int = self.present.batch_slice(self.step).start
        return first

    @cached_property
    def forward_pass(self) -> ForwardPass:
        """The forward pass at the present parameters, over the next step's batch."""
        trace, spec = self.trace, self.present
        if trace and self._follows(trace):
            return trace.forward_after
        with np.errstate(all="ignore"):
            return forward_at(spec, self.parameters, self.step)

    def _follows(self, trace: Trace) -> bool:
        """Whether the pass that ended a step is also the one here: of the same batch and rules."""
        spec, before = self.present, self.spec_before
        if spec.batch_slice(trace.step) != spec.batch_slice(trace.step - 1):
            return False
        return spec is before or (
            spec.error_rules == before.error_rules
            and spec.inputs.tobytes() == before.inputs.tobytes()
            and spec.targets.tobytes() == before.targets.tobytes()
        )

    @property
    def is_finite(self) -> bool:
        """Whether the forward pass at the present parameters holds finite numbers only."""
        return self.forward_pass.is_finite

    @cached_property
    def trace(self) -> Trace | None:
        """The step that led here, or None at the start and after an edit."""
        if self.position or self.before is None:
            return None
        return self._trace or trace_step(self.spec_before, self.before, self.step - 1)

    @property
    def spec_before(self) -> Spec:
        """The Spec that the step leading here used."""
        return self.segment_before(self.step).spec

    @cached_property
    def all_losses(self) -> NDArray[np.float64]:
        """The loss at every step of this timeline, the last one's by a forward pass."""
        if self.step == self.last_step:
            return self.loss_history
        end = self.segments[-1]
        with np.errstate(all="ignore"):
            passed = forward_at(end.spec, end.parameters_at(end.end), end.end)
        return self._losses_to(end.end, passed.loss)

    @cached_property
    def loss_history(self) -> NDArray[np.float64]:
        """The loss at the first step to the present one, each over its own step's batch."""
        return self._losses_to(self.step, self.forward_pass.loss)

    def _losses_to(self, step: int, loss: float) -> NDArray[np.float64]:
        """The loss at the first step to ``step``, where it is ``loss``."""
        *earlier, held = (segment for segment in self.segments if segment.start <= step)
        rows = [one.memory.losses(one.losses, len(one.losses)) for one in earlier]
        count = step - held.start
        # Where the segment begins the update in view may be of other rules, and so its loss.
        rows.append(held.memory.losses(held.losses, count, loss) if count else np.array([loss]))
        return rows[0] if len(rows) == 1 else np.concatenate(rows)

    def path_of(self, branch: int) -> tuple[Segment, ...]:
        """All segments of a branch, from the first step on."""
        return segments_of(self.branches, branch)

    def losses_from(self, first: int) -> NDArray[np.float64]:
        """The loss at steps ``first`` to the present one, each over its own step's batch."""
        parts = [
            one.losses.part(max(first, one.start) - one.start, min(one.end, self.step) - one.start)
            for one in self.segments
            if max(first, one.start) < min(one.end, self.step)
        ]
        return np.concatenate([*parts, [self.forward_pass.loss]])
