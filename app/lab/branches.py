"""The tree of timelines: a branch is a row of segments that leaves its parent at a step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.lab.timeline import Segment

_RULES = (
    "optimizer", "loss", "bias_update", "hidden_deltas", "slope_at_zero", "leaky_slope", "batch",
    "activations",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Branch:
    """A timeline of its own from step ``start`` on; before, it is its parent's.

    ``parent`` is the index of the branch that it left, or None for one from the beginning.
    ``segments`` are its own, never empty; the first begins at ``start``.
    """

    parent: int | None
    start: int
    segments: tuple[Segment, ...]

    @property
    def end(self) -> int:
        """The step after its last update."""
        return self.segments[-1].end


def segments_of(branches: Sequence[Branch], index: int) -> tuple[Segment, ...]:
    """All segments from the first step to the end of a branch, its parents' included."""
    branch = branches[index]
    if branch.parent is None:
        return branch.segments
    earlier = (s for s in segments_of(branches, branch.parent) if s.start < branch.start)
    kept = (s if s.end <= branch.start else s.cut(branch.start) for s in earlier)
    return (*kept, *branch.segments)


def with_end(branches: Sequence[Branch], index: int, end: Segment) -> tuple[Branch, ...]:
    """``branches`` with ``end`` after one of them, or in place of its segment of the same start."""
    branch = branches[index]
    kept = branch.segments[:-1] if branch.segments[-1].start == end.start else branch.segments
    changed = replace(branch, segments=(*kept, end))
    return (*branches[:index], changed, *branches[index + 1 :])


def same_start(one: Segment, other: Segment) -> bool:
    """Whether two segments begin with the same rules and the same numbers."""
    if one.start != other.start or one.checkpoints[0] != other.checkpoints[0]:
        return False
    spec, old = one.spec, other.spec
    return spec is old or (
        all(getattr(spec, rule) == getattr(old, rule) for rule in _RULES)
        and spec.inputs.tobytes() == old.inputs.tobytes()
        and spec.targets.tobytes() == old.targets.tobytes()
    )
