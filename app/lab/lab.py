"""The aggregate: one network, where it stands, and every step that led there.

A Lab never changes; each command returns the Lab after it. What a reader sees is a function of
the branch, the step and the position alone, so any earlier moment comes back exactly, and
nothing that was computed is ever dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.training import trace_step
from app.errors import Diverged, InvalidInput
from app.lab import limits
from app.lab.edits import Edit
from app.lab.moment import Moment
from app.lab.obstacles import Obstacle, obstacles_of
from app.lab.phases import forward_position, phases_for
from app.lab.timeline import Branch, Segment, same_start, with_end

_OF_THE_STEP = frozenset({"forward_pass", "onward"})
"""What a Moment remembers of the step from here, whatever its position."""


@dataclass(frozen=True)
class Lab(Moment):
    """A network at one moment, and what can be done with it."""

    @classmethod
    def fresh(cls, spec: Spec, origin: str | None = None, first_step: int = 0) -> "Lab":
        """A network where its timeline begins, with nothing computed yet.

        ``origin`` is a worked example's slug. Steps before ``first_step`` are not known.
        """
        initial = spec.initial.remembering(len(slots_of(spec.optimizer)))
        root = Branch(None, first_step, (Segment(first_step, spec, (initial.data,)),))
        return cls(spec, (root,), 0, first_step, 0, initial, origin=origin)

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What the network gets stuck on, where that is quickly found."""
        return obstacles_of(self)

    def forwarded(self, inputs: Sequence[float] | None = None) -> "Lab":
        """Show the forward pass at the present parameters, with new inputs if given."""
        lab = self if inputs is None else self.edited(Edit(inputs=inputs))
        return replace(lab, position=forward_position(self.spec.layers), walking=False, _trace=None)

    def at_position(self, position: int) -> "Lab":
        """On a walk, so many phases of the step from here computed, or at 0 as before it."""
        moved = replace(self, position=position, walking=True)
        # It is the same step: what is computed of it stays.
        vars(moved).update((name, vars(self)[name]) for name in _OF_THE_STEP & vars(self).keys())
        return moved

    def stepped(self, count: int = 1) -> "Lab":
        """Take ``count`` backprop steps from here.

        Steps that an earlier visit took from the very same values are gone along again; where
        something was changed there, a new branch begins. Raises Diverged if a result is not finite,
        and InvalidInput if the timeline would grow too long; this Lab is then left as it is.
        """
        target = self.step + count
        if target > limits.MAX_STEPS:
            raise InvalidInput("too_many_steps", pointer="/count", limit=limits.MAX_STEPS)
        index = self._index
        segment, parameters = self.segments[index], self.parameters
        if target < segment.end:
            return self._arrived(target)
        if index + 1 < len(self.segments):
            return self._past_seam(segment, self.segments[index + 1], target)
        if target == segment.end:
            return self._arrived(target)
        if segment.end > self.step:
            parameters = segment.parameters_at(segment.end)
        return self._taken(segment, parameters, target)

    def _past_seam(self, segment: Segment, following: Segment, target: int) -> "Lab":
        """Step to or past a place where something was changed."""
        at_seam = self._unedited(segment.end)
        if at_seam.trace is None:
            parameters = segment.parameters_at(segment.end)
            plain = Segment(segment.end, segment.spec, (parameters.data,))
            at_seam = self._joined(Branch(self.branch, segment.end, (plain,)))
            at_seam = at_seam._arrived(segment.end)
        elif at_seam.branch == self.branch and following.spec is not segment.spec:
            # Only rules were changed there: they hold from there on.
            at_seam = self._arrived(segment.end)
        return at_seam if target == segment.end else at_seam.stepped(target - segment.end)

    def _unedited(self, step: int) -> "Lab":
        """``_arrived``, or where other values begin there on the branch that this one left."""
        arrived = self._arrived(step)
        own = self.branches[self.branch]
        if arrived.trace is None and own.parent is not None and own.start == step:
            home = replace(self, branch=own.parent)._arrived(step)
            if home.trace is not None:
                return home
        return arrived

    def _taken(self, segment: Segment, parameters: Parameters, target: int) -> "Lab":
        """Take new steps at the tip, where ``parameters`` hold, up to ``target``."""
        try:
            segment, before = segment.advanced(parameters, target - segment.end - 1)
            known = self.forward_pass if before is self.parameters else None
            trace = trace_step(segment.spec, before, target - 1, known)
        except Diverged as error:
            raise Diverged(error.step, pointer="/count") from None
        segment = segment.extended([trace.forward.loss], trace.after)
        lab = replace(
            self, branches=with_end(self.branches, self.branch, segment), step=target,
            position=0, walking=False, parameters=trace.after, before=before, _trace=trace,
        )  # fmt: skip
        # The pass of the same batch was looked at already.
        if lab.forward_pass is not trace.forward_after and not lab.is_finite:
            raise Diverged(target, pointer="/count")
        return lab

    def taken_back(self, count: int = 1) -> "Lab":
        """Return to the state ``count`` moves ago: a move is a step, or the phases of a begun one.

        Phases are taken back as if walked back. Raises InvalidInput if there are not so many moves.
        """
        if not self.moves:
            raise InvalidInput("nothing_to_take_back", pointer="/count", step=self.step)
        limits.check_within("/count", count, self.moves)
        if self.is_begun and count == 1:
            return self.at_position(0)
        return self._arrived(self.first_step + self.moves - count)

    def rewound(self, step: int) -> "Lab":
        """Return to ``step``, as it was. Raises InvalidInput if it was never taken."""
        limits.check_within("/step", step, self.last_step, self.first_step)
        return self._arrived(step)

    def redone(self, count: int = 1) -> "Lab":
        """Go along ``count`` steps that were taken back. Raises InvalidInput if fewer were."""
        if self.step == self.last_step:
            raise InvalidInput("nothing_to_redo", pointer="/count")
        limits.check_within("/count", count, self.last_step - self.step)
        return self._arrived(self.step + count)

    def reset(self, *, forget: bool = False) -> "Lab":
        """Return to the network as it was created; ``forget`` drops every step and every branch."""
        fresh = Lab.fresh(self.spec, self.origin, self.first_step)
        if forget:
            return fresh
        (root,) = fresh.branches
        for index in (self.branch, *range(len(self.branches))):
            if same_start(self.path_of(index)[0], root.segments[0]):
                lab = replace(self, branch=index)
                break
        else:
            lab = self._joined(root)
        return replace(lab._arrived(self.first_step), position=0)

    def switched(self, branch: int, step: int | None = None) -> "Lab":
        """Look at another branch, at ``step``; else at the present step or, if earlier, its last.

        Raises InvalidInput if there is no such branch, or ``step`` is none of its steps.
        """
        limits.check_within("/branch", branch, len(self.branches) - 1)
        last = self.branches[branch].end
        if step is None:
            step = min(self.step, last)
        limits.check_within("/step", step, last, self.first_step)
        return replace(self, branch=branch)._arrived(step)

    def _joined(self, branch: Branch) -> "Lab":
        """This Lab on a new branch, or on one that began in just the same way."""
        for index, known in enumerate(self.branches):
            same = known.parent == branch.parent
            if same and same_start(known.segments[0], branch.segments[0]):
                return replace(self, branch=index, _trace=None)
        if len(self.branches) >= limits.MAX_BRANCHES:
            raise InvalidInput("too_many_branches", limit=limits.MAX_BRANCHES)
        branches = (*self.branches, branch)
        return replace(self, branches=branches, branch=len(self.branches), _trace=None)

    def _arrived(self, step: int) -> "Lab":
        """The moment ``step`` was reached; where it was edited since, the moment after."""
        lab = replace(
            self, step=step, position=forward_position(self.spec.layers), walking=False,
            before=None, _trace=None,
        )  # fmt: skip
        segment = lab.segment
        if step == self.first_step:
            return replace(lab, parameters=segment.parameters_at(step))
        earlier = self.segment_before(step)
        before = earlier.parameters_at(step - 1)
        parameters = before if segment is earlier else segment.parameters_at(step)
        trace = trace_step(earlier.spec, before, step - 1)
        seam = segment is not earlier
        if seam and not _same_values(trace.after, earlier.spec, parameters, segment.spec):
            return replace(lab, parameters=parameters)
        return replace(lab, position=0, parameters=trace.after, before=before, _trace=trace)

    def edited(self, edit: Edit) -> "Lab":
        """Change parameters, the sample in view, the learning rate or a rule, from this step on.

        Changing nothing changes nothing. Where later steps exist, or other values would take the
        place of those that an update led to, a new branch begins. Raises InvalidInput if a name is
        unknown, a length is wrong, a rule does not fit, or the loss is not finite then.
        """
        if not edit.changes(self.present):
            return self
        parameters = edit.parameters(self.present, self.parameters)
        spec = edit.spec(self.present, self.sample, parameters)
        new_values = not _same_values(parameters, spec, self.parameters, self.present)
        if not new_values and spec is self.present:
            return self
        if sum(segment.start < self.step for segment in self.segments) > limits.MAX_SEGMENTS:
            raise InvalidInput("too_many_edits", limit=limits.MAX_SEGMENTS)
        reached = new_values and self._arrived(self.step).trace is not None
        segment = Segment(self.step, spec, (parameters.data,))
        if reached or self.step < self.last_step:
            lab = self._joined(Branch(self.branch, self.step, (segment,)))
        else:
            lab = replace(self, branches=with_end(self.branches, self.branch, segment))
        if not new_values:
            lab = replace(lab, position=self._position_in(spec))
        else:
            # Where an update in view led to other values, what holds now is a forward pass.
            position = forward_position(spec.layers) if self.trace else self._position_in(spec)
            lab = replace(lab, position=position, parameters=parameters, before=None, _trace=None)
        if not lab.is_finite:
            raise InvalidInput("loss_not_finite")
        return lab

    def _position_in(self, spec: Spec) -> int:
        """The position of the present phase in a step of ``spec``, which may have others."""
        if not self.position:
            return 0
        now, others = phases_for(self.present)[self.position - 1], phases_for(spec)
        return others.index(now) + 1 if now in others else forward_position(spec.layers)

    def converted(self, edit: Edit) -> "Lab":
        """``edited``, but an update in view is taken again with the change in force."""
        if self.trace is None:
            return self.edited(edit)
        changed = self._arrived(self.step - 1).edited(edit)
        return replace(changed.stepped(), walking=self.walking)


def _same_values(parameters: Parameters, spec: Spec, others: Parameters, other: Spec) -> bool:
    """Whether two moments have the same parameters and samples, bit for bit."""
    same_samples = spec is other or (
        np.array_equal(spec.inputs, other.inputs) and np.array_equal(spec.targets, other.targets)
    )
    return same_samples and (parameters is others or parameters.data == others.data)
