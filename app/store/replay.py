"""Whether the numbers of a Lab follow from one another: its steps taken again, within a budget."""

from collections.abc import Iterator

import numpy as np

from app.engine.parameters import Parameters
from app.engine.training import run
from app.errors import Diverged, InvalidInput
from app.lab.lab import Lab
from app.lab.limits import MAX_REPLAY_STEPS, MAX_REPLAY_WORK, cost
from app.lab.timeline import CHECKPOINT_EVERY, Floats, Segment

_RELATIVE = 1e-6  # another processor may round exp and tanh otherwise, and steps magnify that


def check_replay(lab: Lab) -> int:
    """Take the steps of ``lab`` again, those that led to the moment in view first.

    Returns how many were; what lies beyond the budget is not looked at. Raises InvalidInput if
    numbers do not follow from those before them.
    """
    _check_standing(lab)
    left, done = min(MAX_REPLAY_STEPS, MAX_REPLAY_WORK // cost(lab.spec).work), 0
    for pointer, segment, index, count in _newest_first(lab):
        if count > left - done:
            break
        _check(pointer, segment, index, count)
        done += count
    return done


def _check_standing(lab: Lab) -> None:
    """The parameters in view, and those before the update that led there."""
    pairs = [("/standing/parameters", lab.parameters, lab.segment, lab.step)]
    if lab.before is not None:
        earlier = lab.segment_before(lab.step)
        pairs.append(("/standing/before", lab.before, earlier, lab.step - 1))
    for pointer, found, segment, step in pairs:
        try:
            expected = segment.parameters_at(step)
        except Diverged:
            raise InvalidInput("does_not_follow", pointer=pointer) from None
        _check_agree(pointer, _flat(found), _flat(expected))


def _newest_first(lab: Lab) -> Iterator[tuple[str, Segment, int, int]]:
    """Every stretch from a checkpoint to the next, or to its segment's end.

    Each is its segment's place in the document, the segment, the number of the checkpoint where
    it begins, and how many steps it has: of the branch in view first, the last steps before the
    first ones.
    """
    for branch in sorted(range(len(lab.branches)), key=lambda index: index != lab.branch):
        for place, segment in reversed([*enumerate(lab.branches[branch].segments)]):
            length = len(segment.losses)
            for start in range(length // CHECKPOINT_EVERY, -1, -1):
                if count := min(CHECKPOINT_EVERY, length - start * CHECKPOINT_EVERY):
                    yield f"/branches/{branch}/segments/{place}", segment, start, count


def _check(pointer: str, segment: Segment, index: int, count: int) -> None:
    parameters, at = segment.checkpoint(index), index * CHECKPOINT_EVERY
    recorded = segment.losses.part(at, at + count)
    try:
        losses, after = run(segment.spec, parameters, segment.start + at, count)
    except Diverged:
        raise InvalidInput("does_not_follow", pointer=f"{pointer}/losses") from None
    _check_agree(f"{pointer}/losses", np.array(losses), recorded, 1e-12)
    if count == CHECKPOINT_EVERY:
        following = _flat(segment.checkpoint(index + 1))
        _check_agree(f"{pointer}/checkpoints/{index + 1}", following, _flat(after))


def _flat(parameters: Parameters) -> Floats:
    return np.frombuffer(parameters.data, dtype="<f8")


def _check_agree(pointer: str, found: Floats, expected: Floats, least: float = 0.0) -> None:
    """Raise InvalidInput unless numbers agree but for rounding, relative to the largest."""
    size = float(np.abs(expected).max(initial=0.0))
    if not np.all(np.abs(found - expected) <= _RELATIVE * size + least):
        raise InvalidInput("does_not_follow", pointer=pointer)
