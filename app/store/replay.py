"""Whether the numbers of a Lab follow from one another: its steps taken again, within a budget."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.parameters import Parameters
from app.engine.training import run
from app.errors import Diverged, InvalidInput
from app.lab.lab import Lab
from app.lab.limits import MAX_REPLAY_STEPS, MAX_REPLAY_WORK, cost
from app.lab.timeline import CHECKPOINT_EVERY, Segment

_RELATIVE = 1e-6  # another processor may round exp and tanh otherwise, and steps magnify that


@dataclass(frozen=True, slots=True)
class ReplayedSteps:
    """Steps from one checkpoint to the next, or to the segment's end.

    Attributes:
        pointer: the segment's place in the document.
        segment: that segment.
        index: the number of the checkpoint where it begins.
        count: how many steps it has.
    """

    pointer: str
    segment: Segment
    index: int
    count: int


def check_replay(lab: Lab) -> int:
    """Take the steps of ``lab`` again, those that led to the moment in view first.

    Returns:
        how many steps were taken again; what lies beyond the budget is not looked at.

    Raises:
        InvalidInput: numbers do not follow from those before them.
    """
    _check_standing(lab)
    left, done = min(MAX_REPLAY_STEPS, MAX_REPLAY_WORK // cost(lab.spec).work), 0
    for stretch in _newest_first(lab):
        if stretch.count > left - done:
            break
        _check(stretch)
        done += stretch.count
    return done


def _check_standing(lab: Lab) -> None:
    """The parameters in view, and those before the update that led there."""
    at = next(s for s in reversed(lab.segments) if s.start <= lab.step)
    pairs = [("/standing/parameters", lab.parameters, at, lab.step)]
    if lab.before is not None:
        earlier = next(s for s in reversed(lab.segments) if s.start < lab.step)
        pairs.append(("/standing/before", lab.before, earlier, lab.step - 1))
    for pointer, found, segment, step in pairs:
        try:
            expected = segment.parameters_at(step)
        except Diverged:
            raise InvalidInput("does_not_follow", pointer=pointer) from None
        if not _agree(_flat(found), _flat(expected)):
            raise InvalidInput("does_not_follow", pointer=pointer)


def _newest_first(lab: Lab) -> Iterator[ReplayedSteps]:
    """Every stretch: of the branch in view first, the last steps before the first ones."""
    order = [lab.branch, *(index for index in range(len(lab.branches)) if index != lab.branch)]
    for index in order:
        segments = lab.branches[index].segments
        for place in range(len(segments) - 1, -1, -1):
            segment, pointer = segments[place], f"/branches/{index}/segments/{place}"
            length = len(segment.losses)
            for start in range(length // CHECKPOINT_EVERY, -1, -1):
                count = min(CHECKPOINT_EVERY, length - start * CHECKPOINT_EVERY)
                if count:
                    yield ReplayedSteps(pointer, segment, start, count)


def _check(stretch: ReplayedSteps) -> None:
    segment, index = stretch.segment, stretch.index
    parameters, at = segment.checkpoint(index), index * CHECKPOINT_EVERY
    recorded = segment.losses.part(at, at + stretch.count)
    try:
        losses, after = run(segment.spec, parameters, segment.start + at, stretch.count)
    except Diverged:
        raise InvalidInput("does_not_follow", pointer=f"{stretch.pointer}/losses") from None
    if not _agree(np.array(losses), recorded, 1e-12):
        raise InvalidInput("does_not_follow", pointer=f"{stretch.pointer}/losses")
    whole = stretch.count == CHECKPOINT_EVERY
    if whole and not _agree(_flat(segment.checkpoint(index + 1)), _flat(after)):
        pointer = f"{stretch.pointer}/checkpoints/{index + 1}"
        raise InvalidInput("does_not_follow", pointer=pointer)


def _flat(parameters: Parameters) -> NDArray[np.float64]:
    return np.frombuffer(parameters.to_bytes(), dtype="<f8")


def _agree(found: NDArray[np.float64], expected: NDArray[np.float64], least: float = 0.0) -> bool:
    """Whether two rows of numbers are the same but for rounding, relative to the largest."""
    size = float(np.abs(expected).max(initial=0.0))
    return bool(np.all(np.abs(found - expected) <= _RELATIVE * size + least))
