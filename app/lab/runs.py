"""Runs: many steps towards a goal, in slices so short that several can take turns.

A run takes just the steps that as many clicks would take, bit for bit: a slice is
``Lab.stepped``, and every Lab on the way is a moment that can be shown and stored.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import numpy as np

from app.engine.backprop import forward
from app.engine.metrics import has_classes, scores_of
from app.engine.network import Spec
from app.errors import Diverged, InvalidInput
from app.lab import limits
from app.lab.lab import Lab
from app.lab.timeline import CHECKPOINT_EVERY, stored_size

BATCH, ALL, ACCURACY, TOLERANCE = GOALS = ("batch", "all", "accuracy", "tolerance")
"""The error of the batch that the next step uses; the mean of the errors of all training samples;
the share of them that is classified correctly; the largest distance of an output from its
target."""

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
        return self in (Ending.DIVERGED, Ending.FULL, Ending.LATE, Ending.MOVED_ON, Ending.CLOSING)


def _as_it_is(lab: Lab) -> Lab:
    return lab


@dataclass(frozen=True, slots=True)
class RunGoal:
    """What a run is to do: ``count`` steps at most, after ``before`` changed the network.

    It ends at the first step at which what ``of`` names, one of GOALS, is ``until`` or better. The
    error of a batch is the one the timeline keeps: the loss at that step, before its update, over
    the batch that its update uses.
    """

    count: int
    until: float | None = None
    before: Callable[[Lab], Lab] = _as_it_is
    of: str = BATCH

    def check_room(self, lab: Lab) -> None:
        """Raise InvalidInput if the run would take too long, or too much room, from ``lab`` on.

        The error says how many steps would fit.
        """
        lab = self.before(lab)
        check_goal(lab, self.of, self.until)
        room = limits.MAX_STEPS - lab.step
        if self.count > room:
            raise InvalidInput("run_too_long", pointer="/count", limit=room, most=limits.MAX_STEPS)
        limits.check_work(lab.spec, self.count, limits.MAX_RUN_WORK)
        # Checkpoints are as large as they are; a packed loss takes a byte at the very least.
        step_size = stored_size(lab.present) / CHECKPOINT_EVERY + 1
        fitting = int(limits.MAX_STORED_BYTES / step_size)
        if self.count > fitting:
            raise InvalidInput("run_too_large", pointer="/count", count=self.count, limit=fitting)

    def is_met(self, lab: Lab) -> bool:
        """Whether the goal is reached where the network stands."""
        return self.until is not None and is_reached(lab, self.of, self.until)

    def done(self) -> Ending:
        """The ending after all steps."""
        return Ending.COUNT if self.until is None else Ending.NOT_REACHED


@dataclass(frozen=True, slots=True)
class RunSlice:
    """The network after a part of a run, and why the run ends there; None if it may go on."""

    lab: Lab
    ending: Ending | None = None


@dataclass(slots=True)
class Pace:
    """How many ``steps`` fit into the next slice, measured slice by slice."""

    steps: int = 16

    def measured(self, steps: int, seconds: float) -> None:
        """Learn from a slice of ``steps`` steps that took so long; cautiously, by 4 at most."""
        fitting = steps * SLICE_SECONDS / max(seconds, 1e-6)
        self.steps = max(1, int(min(fitting, 4 * self.steps, limits.MAX_STEPS)))


def run_slice(
    lab: Lab,
    goal: RunGoal,
    steps: int,
    speed: Pace,
    fits: Callable[[Lab], bool],
    seconds: float | None = None,
) -> Slices[RunSlice]:
    """Take ``steps`` steps towards ``goal``, fewer where that is reached or a Lab cannot be stored.

    ``speed`` says how long a slice is to be, ``fits`` whether a Lab is small enough to be stored.
    After ``seconds``, unless None, it comes to an end, at least one slice taken. Raises
    InvalidInput if a step cannot be taken for another reason than its numbers.
    """
    begun, end = time.monotonic(), lab.step + steps
    while lab.step < end:
        count, started = min(end - lab.step, speed.steps), time.perf_counter()
        after, ending = _slice(lab, count, goal)
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


def _slice(lab: Lab, count: int, goal: RunGoal) -> tuple[Lab, Ending | None]:
    """Up to ``count`` steps, and why they are fewer."""
    if goal.until is not None and goal.of != BATCH:
        return _watched(lab, count, goal)
    after, ending, until = lab, None, goal.until
    while count:
        try:
            after = lab.stepped(count)
            break
        except Diverged as error:
            ending = Ending.DIVERGED
            count = max(min(count - 1, error.step - 1 - lab.step), 0)
    if until is not None and count:
        (met,) = np.nonzero(after.losses_from(lab.step + 1) <= until)
        if met.size:
            return lab.stepped(int(met[0]) + 1), Ending.REACHED
    return after, ending


def _watched(lab: Lab, count: int, goal: RunGoal) -> tuple[Lab, Ending | None]:
    """The same, towards a goal that is not among a step's own numbers: step by step."""
    for _ in range(count):
        try:
            lab = lab.stepped(1)
        except Diverged:
            return lab, Ending.DIVERGED
        if goal.is_met(lab):
            return lab, Ending.REACHED
    return lab, None


@dataclass(frozen=True, slots=True)
class StepCommand:
    """The command that takes ``count`` steps, all or none, after ``before`` changed the network."""

    count: int
    before: Callable[[Lab], Lab] = _as_it_is

    def __call__(self, lab: Lab) -> Lab:
        """The Lab after it; see ``Lab.stepped``."""
        return self.before(lab).stepped(self.count)

    def slices(self, lab: Lab) -> Slices[Lab]:
        """The same, a slice at a time."""
        lab, speed = self.before(lab), Pace()
        end = lab.step + self.count
        while lab.step < end:
            count, started = min(end - lab.step, speed.steps), time.perf_counter()
            lab = lab.stepped(count)
            speed.measured(count, time.perf_counter() - started)
            yield
        return lab


class RunCommand:
    """The command that runs to a goal while somebody waits for the end.

    ``start`` is where it took its first step, once it has begun; ``ending`` why it ended.
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


# --- goals ------------------------------------------------------------------------------------


def goals_for(spec: Spec) -> tuple[str, ...]:
    """The goals that a run of a network may have; the error of its only batch is that of all."""
    unfit = {*((ALL,) if spec.batches < 2 else ()), *(() if has_classes(spec) else (ACCURACY,))}
    return tuple(goal for goal in GOALS if goal not in unfit)


def check_goal(lab: Lab, of: str, until: float | None) -> None:
    """Raise InvalidInput if a network cannot be after this goal."""
    if until is None or of != ACCURACY:
        return
    if not has_classes(lab.present):
        raise InvalidInput("goal_without_classes", pointer="/goal")
    if until > 1:
        raise InvalidInput("maximum", pointer="/until", maximum=1)


def goal_value(lab: Lab, of: str) -> float | None:
    """How far a network is, in the measure that ``of`` names; None if that is not finite."""
    if of == BATCH:
        return lab.forward_pass.loss
    spec, parameters = lab.present, lab.parameters
    if of == TOLERANCE:
        with np.errstate(all="ignore"):
            passed = forward(spec, parameters, spec.inputs, spec.targets)
        largest = float(np.abs(passed.activations[-1] - spec.targets).max())
        return largest if np.isfinite(largest) else None
    score = scores_of(spec, parameters).training
    return score.loss if of == ALL else score.accuracy


def is_reached(lab: Lab, of: str, until: float) -> bool:
    """Whether a network is as far as ``until``: at least for accuracy, at most for the others."""
    value = goal_value(lab, of)
    if value is None:
        return False
    return value >= until if of == ACCURACY else value <= until
