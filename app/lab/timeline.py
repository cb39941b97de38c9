"""Every step of a network, kept small: checkpoints to recompute from, losses packed without loss.

A timeline is a row of segments, each a stretch of steps between two edits. A segment keeps the
parameters at every 256th step; a step between comes back by repeating the same arithmetic from
the checkpoint before it, so it comes back bit for bit. Losses are kept for every step.
Timelines make a tree: a branch is a row of segments that leaves its parent at a step.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from app.engine.metrics import Scores
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters, parameter_count
from app.engine.training import forward_at, run

CHECKPOINT_EVERY = 256
_BLOCK_BYTES = 8 * CHECKPOINT_EVERY
_ORDER = 6
_RULES = (
    "optimizer", "loss", "bias_update", "hidden_deltas", "slope_at_zero", "leaky_slope", "batch",
    "activations", "huber_delta", "label_smoothing", "frozen",
)  # fmt: skip
_FLOAT = np.dtype("<f8")
Floats = NDArray[np.float64]


def pack(values: bytes) -> bytes:
    """Float64 numbers in fewer bytes, exactly.

    A loss curve is smooth, so sixth differences of its bit patterns are small numbers, as in
    lossless audio (Robinson, Shorten, 1994).
    """
    residual = np.frombuffer(values, dtype="<i8")
    heads: list[int] = []
    for _ in range(min(_ORDER, residual.size)):
        heads.append(residual[0])
        residual = np.diff(residual)
    # Zigzag keeps small negatives small. Equal bytes side by side are what zlib shrinks.
    zigzag = (residual << 1) ^ (residual >> 63)
    planes = np.ascontiguousarray(zigzag).view(np.uint8).reshape(-1, 8).T.tobytes()
    head = np.array(heads, dtype="<i8").tobytes()
    return bytes([len(heads)]) + zlib.compress(head + planes, 6)


def unpack(packed: bytes) -> Floats:
    """The inverse of ``pack``, as a read-only array; the first byte is the differences' order."""
    order, raw = packed[0], zlib.decompress(packed[1:])
    heads = np.frombuffer(raw, dtype="<i8", count=order)
    planes = np.frombuffer(raw, dtype=np.uint8, offset=8 * order)
    zigzag = np.ascontiguousarray(planes.reshape(8, -1).T).view("<u8").ravel()
    residual = (zigzag >> np.uint64(1)).astype("<i8") ^ -(zigzag & np.uint64(1)).astype("<i8")
    for head in heads[::-1]:
        residual = np.concatenate(([head], head + np.cumsum(residual)))
    numbers: Floats = residual.astype("<i8").view(_FLOAT)
    numbers.setflags(write=False)
    return numbers


@dataclass(frozen=True)
class Block:
    """256 numbers of a Series as ``pack`` gives them, and the bytes packed up to and with them."""

    packed: bytes
    total: int

    @cached_property
    def values(self) -> Floats:
        """The numbers."""
        return unpack(self.packed)


@dataclass(frozen=True, slots=True)
class Series:
    """A growing row of float64 numbers: full blocks packed, the last up to 255 as plain bytes."""

    blocks: tuple[Block, ...] = ()
    tail: bytes = b""

    def __len__(self) -> int:
        return len(self.blocks) * CHECKPOINT_EVERY + len(self.tail) // 8

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return (self.blocks[-1].total if self.blocks else 0) + len(self.tail)

    @classmethod
    def of(cls, packed: Sequence[bytes], tail: bytes) -> "Series":
        """A series of packed runs and a tail."""
        return cls(tuple(map(Block, packed, accumulate(map(len, packed)))), tail)

    def extended(self, values: list[float]) -> "Series":
        """This series with ``values`` after it."""
        tail = self.tail + np.array(values, dtype=_FLOAT).tobytes()
        full = len(tail) - len(tail) % _BLOCK_BYTES
        blocks, total = self.blocks, self.size - len(self.tail)
        for at in range(0, full, _BLOCK_BYTES):
            packed = pack(tail[at : at + _BLOCK_BYTES])
            total += len(packed)
            blocks = (*blocks, Block(packed, total))
        return Series(blocks, tail[full:])

    def cut(self, length: int) -> "Series":
        """The first ``length`` numbers."""
        if length >= len(self):
            return self
        full, rest = divmod(length, CHECKPOINT_EVERY)
        tail = self.tail if full == len(self.blocks) else self.blocks[full].values.tobytes()
        return Series(self.blocks[:full], tail[: 8 * rest])

    def array(self) -> Floats:
        """All numbers."""
        return self.part(0, len(self))

    def part(self, first: int, last: int) -> Floats:
        """The numbers from index ``first`` up to, not including, ``last``."""
        low = min(first // CHECKPOINT_EVERY, len(self.blocks))
        parts = [unpack(block.packed) for block in self.blocks[low : -(-last // CHECKPOINT_EVERY)]]
        parts.append(np.frombuffer(self.tail, dtype=_FLOAT))
        return np.concatenate(parts)[first - low * CHECKPOINT_EVERY : last - low * CHECKPOINT_EVERY]


def stored_size(spec: Spec) -> int:
    """How many bytes the parameters of ``spec`` take, with what its optimizer remembers."""
    slots = len(slots_of(spec.optimizer))
    return 8 * (parameter_count(spec.layers) * (slots + 1) + (slots > 0))


def read_parameters(spec: Spec, data: bytes, offset: int) -> Parameters:
    """Parameters of ``spec`` from their bytes."""
    return Parameters.from_bytes(spec.layers, data, offset, len(slots_of(spec.optimizer)))


class SegmentMemory:
    """What was computed of a stretch of steps; it follows from where the stretch begins.

    Longer and shorter stretches that begin alike share it, and so do threads: whoever computes
    something twice finds the same. ``scores`` are evaluations, by the other loss that they
    are by ("" for the network's own) and by step.
    """

    def __init__(self) -> None:
        self.scores: dict[tuple[str, int], Scores] = {}
        self._losses = np.empty(CHECKPOINT_EVERY), 0

    def known(self, count: int) -> Floats | None:
        """The first ``count`` losses, if they were told before; read-only."""
        row, known = self._losses
        return row[:count] if count <= known else None

    def losses(self, series: Series, count: int, following: float | None = None) -> Floats:
        """The first ``count`` numbers of ``series``, and the one that follows, if that is given.

        Read-only. Numbers are added in place, so a further step costs no copy of all others.
        """
        row, known = self._losses
        end = count if following is None else count + 1
        if known < end:
            if len(row) < end:
                row = np.concatenate((row[:known], np.empty(2 * end - known)))
            if known < count:
                row[known:count] = series.part(known, count)
            if following is not None:
                row[count] = following
            self._losses = row, end
        found = row[:end]
        found.setflags(write=False)
        return found


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of steps from ``start`` on in which nothing was edited.

    Attributes:
        spec: the network with the samples and the learning rate of this stretch.
        checkpoints: the parameters at steps start, start + 256, ..., each as bytes.
        losses: the loss before each step's update, one a step.
    """

    start: int
    spec: Spec
    checkpoints: tuple[bytes, ...]
    losses: Series = field(default_factory=Series)
    memory: SegmentMemory = field(default_factory=SegmentMemory, compare=False, repr=False)

    @property
    def end(self) -> int:
        """The step after its last update."""
        return self.start + len(self.losses)

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.checkpoints) * len(self.checkpoints[0]) + self.losses.size

    def checkpoint(self, index: int) -> Parameters:
        """The parameters at step start + 256 ``index``."""
        return read_parameters(self.spec, self.checkpoints[index], 0)

    def parameters_at(self, step: int) -> Parameters:
        """The parameters at a step from ``start`` to ``end``, recomputed exactly."""
        index, rest = divmod(step - self.start, CHECKPOINT_EVERY)
        return run(self.spec, self.checkpoint(index), step - rest, rest)[1]

    @property
    def losses_to_end(self) -> Floats:
        """The loss before each of its updates, and at its end."""
        count = len(self.losses)
        found = self.memory.known(count + 1)
        if found is None:
            with np.errstate(all="ignore"):
                loss = forward_at(self.spec, self.parameters_at(self.end), self.end).loss
            found = self.memory.losses(self.losses, count, loss)
        return found

    def cut(self, end: int) -> "Segment":
        """This stretch up to step ``end``."""
        length = end - self.start
        checkpoints = self.checkpoints[: length // CHECKPOINT_EVERY + 1]
        return replace(self, checkpoints=checkpoints, losses=self.losses.cut(length))

    def extended(self, losses: list[float], parameters: Parameters) -> "Segment":
        """This stretch with more steps, up to the next checkpoint; it ends in ``parameters``."""
        longer, checkpoints = self.losses.extended(losses), self.checkpoints
        if len(longer) % CHECKPOINT_EVERY == 0:
            checkpoints = (*checkpoints, parameters.data)
        return Segment(self.start, self.spec, checkpoints, longer, self.memory)

    def advanced(self, parameters: Parameters, count: int) -> "tuple[Segment, Parameters]":
        """``count`` steps on from its end, where ``parameters`` hold; Diverged if not finite."""
        segment = self
        while count:
            chunk = min(count, CHECKPOINT_EVERY - len(segment.losses) % CHECKPOINT_EVERY)
            losses, parameters = run(segment.spec, parameters, segment.end, chunk)
            segment = segment.extended(losses, parameters)
            count -= chunk
        return segment, parameters


# --- branches -------------------------------------------------------------------------------


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
    changed = Branch(branch.parent, branch.start, (*kept, end))
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
