"""The tree of timelines: a branch is a row of segments that leaves its parent at a step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.network import Spec
from app.lab.timeline import Segment


@dataclass(frozen=True, slots=True)
class Branch:
    """A timeline of its own from ``start`` on; before, it is its parent's.

    Attributes:
        parent: the index of the branch that it left, or None for one from the beginning.
        start: the step where it leaves.
        segments: its own, never empty; the first begins at ``start``.
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


def grown(branches: Sequence[Branch], index: int, last: Segment) -> tuple[Branch, ...]:
    """``branches`` with the last segment of one of them replaced by a longer one."""
    branch = branches[index]
    longer = replace(branch, segments=(*branch.segments[:-1], last))
    return (*branches[:index], longer, *branches[index + 1 :])


def retipped(branches: Sequence[Branch], index: int, tip: Segment) -> tuple[Branch, ...]:
    """``branches`` with an edit at the end of one of them."""
    branch = branches[index]
    kept = tuple(s for s in branch.segments if s.start < tip.start)
    edited = replace(branch, segments=(*kept, tip))
    return (*branches[:index], edited, *branches[index + 1 :])


def same_start(one: Segment, other: Segment) -> bool:
    """Whether two segments begin with the same rules and the same numbers."""
    return (
        one.start == other.start
        and one.checkpoints[0] == other.checkpoints[0]
        and _same_rules(one.spec, other.spec)
    )


def _same_rules(one: Spec, other: Spec) -> bool:
    rules = (
        "optimizer", "loss", "bias_update", "hidden_deltas", "slope_at_zero", "leaky_slope",
        "batch", "activations",
    )  # fmt: skip
    return one is other or (
        all(getattr(one, rule) == getattr(other, rule) for rule in rules)
        and one.inputs.tobytes() == other.inputs.tobytes()
        and one.targets.tobytes() == other.targets.tobytes()
    )
