"""Runs: many steps towards a goal, in slices so short that several can take turns.

A run takes just the steps that as many clicks would take, bit for bit: a slice is
``Lab.stepped``, and every Lab on the way is a moment that can be shown and stored.
"""

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import numpy as np

from app.errors import Diverged
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS
from app.lab.sample_in_view import edit_of

T = TypeVar("T")
Slices = Generator[None, None, T]
"""Work that pauses after every slice; its result comes last."""

SLICE_SECONDS = 0.01
_AGAIN_SECONDS = 1.0
FRAMES = 25
"""How many pictures a run shows, unless it takes longer to compute."""


class Ending(Enum):
    """Why a run ended; the value is the key of its sentence."""

    COUNT = "count"
    REACHED = "reached"
    ALREADY = "already"
    NOT_REACHED = "not_reached"
    DIVERGED = "diverged"
    FULL = "full"
    LATE = "late"
    STOPPED = "stopped"
    MOVED_ON = "moved_on"
    CLOSING = "closing"

    @property
    def is_trouble(self) -> bool:
        """Whether it ended otherwise than was asked for."""
        return self in _TROUBLE


_TROUBLE = (Ending.DIVERGED, Ending.FULL, Ending.LATE, Ending.MOVED_ON, Ending.CLOSING)


def _as_it_is(lab: Lab) -> Lab:
    return lab


@dataclass(frozen=True, slots=True)
class RunGoal:
    """What a run is to do.

    Attributes:
        count: how many steps it takes at most.
        until: the error at which it ends earlier, or None. The error of a step is the one the
            timeline keeps: the loss at that step, before its update, over the batch that its
            update uses. A run ends at the first step whose error is ``until`` or less.
        before: changes the network before the first step, such as its learning rate.
    """

    count: int
    until: float | None = None
    before: Callable[[Lab], Lab] = _as_it_is

    def is_met(self, lab: Lab) -> bool:
        """Whether the error is small enough where the network stands."""
        return self.until is not None and bool(lab.forward_pass.loss <= self.until)

    def done(self) -> Ending:
        """The ending after all steps."""
        return Ending.COUNT if self.until is None else Ending.NOT_REACHED


@dataclass(frozen=True, slots=True)
class RunSlice:
    """A part of a run.

    Attributes:
        lab: the network after it.
        ending: why the run ends here, or None if it may go on.
    """

    lab: Lab
    ending: Ending | None = None


class Pace:
    """How many steps fit into a slice, measured slice by slice.

    Attributes:
        steps: those of the next one.
    """

    def __init__(self) -> None:
        self.steps = 16

    def measured(self, steps: int, seconds: float) -> None:
        """Learn from a slice of ``steps`` steps that took so long; cautiously, by 4 at most."""
        fitting = steps * SLICE_SECONDS / max(seconds, 1e-6)
        self.steps = max(1, int(min(fitting, 4 * self.steps, MAX_STEPS)))


def run_slice(
    lab: Lab,
    goal: RunGoal,
    steps: int,
    speed: Pace,
    fits: Callable[[Lab], bool],
    seconds: float | None = None,
) -> Slices[RunSlice]:
    """Take ``steps`` steps towards ``goal``.

    Args:
        lab: where to begin.
        goal: ends it earlier where its error is reached.
        steps: how many to take at most.
        speed: how long a slice is to be.
        fits: whether a Lab is small enough to be stored.
        seconds: after how long to come to an end, at least one slice taken; None for never.

    Raises:
        InvalidInput: a step cannot be taken for another reason than its numbers.
    """
    begun, end = time.monotonic(), lab.step + steps
    while lab.step < end:
        count = min(end - lab.step, speed.steps)
        started = time.perf_counter()
        after, ending = _slice(lab, count, goal.until)
        if not fits(after):
            return RunSlice(lab, Ending.FULL)
        speed.measured(count, time.perf_counter() - started)
        lab = after
        if ending:
            return RunSlice(lab, ending)
        if seconds is not None and time.monotonic() - begun >= seconds:
            break
        yield
    _ = lab.all_losses  # computed here, so that drawing does not have to
    return RunSlice(lab)


def _slice(lab: Lab, count: int, until: float | None) -> tuple[Lab, Ending | None]:
    """Up to ``count`` steps, and why they are fewer."""
    after, ending = lab, None
    while count:
        try:
            after = lab.stepped(count)
            break
        except Diverged as error:
            ending = Ending.DIVERGED
            last = error.step - 1
            count = max(min(count - 1, last - lab.step), 0)
    if until is not None and count:
        (met,) = np.nonzero(after.losses_from(lab.step + 1) <= until)
        if met.size:
            return lab.stepped(int(met[0]) + 1), Ending.REACHED
    return after, ending


class StepCommand:
    """The command that takes steps after an edit, all or none, in slices.

    Args:
        count: how many.
        edit: what is changed before.
        values: what else is, by name.
        sample: the number of the sample whose values are among these, from 1; None for the
            step's own.
    """

    def __init__(
        self,
        count: int,
        edit: Edit | None = None,
        values: Mapping[str, float] | None = None,
        sample: int | None = None,
    ) -> None:
        self._count = count
        self._edit = edit or Edit()
        self._values = values or {}
        self._sample = sample

    def _begun(self, lab: Lab) -> Lab:
        lab = lab.edited(self._edit)
        values = self._values
        return lab.edited(edit_of(lab, self._sample, values)) if values else lab

    def __call__(self, lab: Lab) -> Lab:
        """The Lab after it; see ``Lab.stepped``."""
        return self._begun(lab).stepped(self._count)

    def slices(self, lab: Lab) -> Slices[Lab]:
        """The same, a slice at a time."""
        lab, speed = self._begun(lab), Pace()
        end = lab.step + self._count
        while lab.step < end:
            count, started = min(end - lab.step, speed.steps), time.perf_counter()
            lab = lab.stepped(count)
            speed.measured(count, time.perf_counter() - started)
            yield
        return lab


class RunCommand:
    """The command that runs to a goal while somebody waits for the end.

    Attributes:
        goal: what it is to do.
        ending: why it ended, once it has.
        start: where it took its first step, once it has begun.
    """

    def __init__(self, goal: RunGoal, fits: Callable[[Lab], bool], seconds: float) -> None:
        self.goal = goal
        self._fits, self._seconds = fits, seconds
        self.ending: Ending | None = None
        self.start: Lab | None = None
        self._began = time.monotonic()

    def begins_again(self) -> bool:
        """Whether a run whose network was changed meanwhile is taken anew from there.

        A short one is, as any step would be. A long one would take again as long each time.
        """
        again = time.monotonic() - self._began < _AGAIN_SECONDS
        if not again:
            self.ending = Ending.MOVED_ON
        return again

    def slices(self, lab: Lab) -> Slices[Lab]:
        """From a Lab to the Lab after the run, a slice at a time."""
        goal = self.goal
        self.start = lab = goal.before(lab)
        if goal.is_met(lab):
            self.ending = Ending.ALREADY
            return lab
        end = lab.step + goal.count
        taken = yield from run_slice(lab, goal, goal.count, Pace(), self._fits, self._seconds)
        self.ending = taken.ending or (goal.done() if taken.lab.step == end else Ending.LATE)
        return taken.lab


def frame_steps(count: int, frames: int = FRAMES) -> tuple[int, ...]:
    """After how many steps to show where a run stands.

    Every step of a short run. The strides of a longer one grow by a constant factor, since at
    first the error changes most.
    """
    if count <= frames:
        return tuple(range(1, count + 1))
    low, high = 1.0, float(count)
    for _ in range(60):
        ratio = (low + high) / 2
        if (ratio**frames - 1) / (ratio - 1) < count:
            low = ratio
        else:
            high = ratio
    marks = (round((high**k - 1) / (high - 1)) for k in range(1, frames))
    return (*(max(k, mark) for k, mark in enumerate(marks, start=1)), count)
