"""Every step of a network, kept small: checkpoints to recompute from, losses packed without loss.

A timeline is a row of segments, each a stretch of steps between two edits. A segment keeps the
parameters at every 256th step; a step between comes back by repeating the same arithmetic from
the checkpoint before it, so it comes back bit for bit. Losses are kept for every step.
"""

import zlib
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters, parameter_count
from app.engine.training import run

CHECKPOINT_EVERY = 256
_BLOCK = 256
_MAX_ORDER = 8
_FLOAT = np.dtype("<f8")


def pack(values: bytes) -> bytes:
    """Float64 numbers in fewer bytes, exactly.

    A loss curve is smooth, so high-order differences of its bit patterns are small numbers, as
    in lossless audio (Robinson, Shorten, 1994). Of the two orders with the fewest bits in their
    differences the one that packs best is chosen.
    """
    residual = np.frombuffer(values, dtype="<i8")
    rows = np.zeros((_MAX_ORDER + 1, residual.size), dtype="<i8")
    heads: list[int] = []
    for order in range(min(_MAX_ORDER, residual.size) + 1):
        rows[order, order:] = residual
        if residual.size:
            heads.append(residual[0])
            residual = np.diff(residual)
    # Zigzag keeps small negatives small.
    zigzag = ((rows << 1) ^ (rows >> 63)).view("<u8")
    bits = np.log2(zigzag + 1.0).sum(axis=1) + 64.0 * np.arange(len(rows))
    likely = np.argsort(bits[: len(values) // 8 + 1], kind="stable")[:2].tolist()
    return min((_packed(heads[:order], zigzag[order, order:]) for order in likely), key=len)


def _packed(heads: list[int], zigzag: NDArray[np.uint64]) -> bytes:
    # Equal bytes side by side are what zlib shrinks.
    planes = np.ascontiguousarray(zigzag).view(np.uint8).reshape(-1, 8).T.tobytes()
    head = np.array(heads, dtype="<i8").tobytes()
    return bytes([len(heads)]) + zlib.compress(head + planes, 6)


@lru_cache(maxsize=16_384)
def unpack(packed: bytes) -> NDArray[np.float64]:
    """The inverse of ``pack``, as a read-only array; recent ones are remembered."""
    order, raw = packed[0], zlib.decompress(packed[1:])
    heads = np.frombuffer(raw, dtype="<i8", count=order)
    planes = np.frombuffer(raw, dtype=np.uint8, offset=8 * order)
    zigzag = np.ascontiguousarray(planes.reshape(8, -1).T).view("<u8").ravel()
    residual = (zigzag >> np.uint64(1)).astype("<i8") ^ -(zigzag & np.uint64(1)).astype("<i8")
    for head in heads[::-1]:
        residual = np.concatenate(([head], head + np.cumsum(residual)))
    numbers: NDArray[np.float64] = residual.astype("<i8").view(_FLOAT)
    numbers.setflags(write=False)
    return numbers


@dataclass(frozen=True, slots=True)
class Series:
    """A growing row of float64 numbers: full blocks packed, the last ones plain.

    Attributes:
        blocks: packed runs of 256 numbers each.
        tail: up to 255 numbers, as bytes.
    """

    blocks: tuple[bytes, ...] = ()
    tail: bytes = b""

    def __len__(self) -> int:
        return len(self.blocks) * _BLOCK + len(self.tail) // 8

    def extended(self, values: list[float]) -> "Series":
        """This series with ``values`` after it."""
        tail = self.tail + np.array(values, dtype=_FLOAT).tobytes()
        blocks = list(self.blocks)
        while len(tail) >= _BLOCK * 8:
            blocks.append(pack(tail[: _BLOCK * 8]))
            tail = tail[_BLOCK * 8 :]
        return Series(tuple(blocks), tail)

    def cut(self, length: int) -> "Series":
        """The first ``length`` numbers."""
        if length >= len(self):
            return self
        full = length // _BLOCK
        if full == len(self.blocks):
            return Series(self.blocks, self.tail[: (length - full * _BLOCK) * 8])
        rest = unpack(self.blocks[full])[: length - full * _BLOCK]
        return Series(self.blocks[:full], rest.tobytes())

    def array(self) -> NDArray[np.float64]:
        """All numbers."""
        return self.part(0, len(self))

    def part(self, first: int, last: int) -> NDArray[np.float64]:
        """The numbers from index ``first`` up to, not including, ``last``."""
        low = min(first // _BLOCK, len(self.blocks))
        parts = [unpack(block) for block in self.blocks[low : -(-last // _BLOCK)]]
        parts.append(np.frombuffer(self.tail, dtype=_FLOAT))
        return np.concatenate(parts)[first - low * _BLOCK : last - low * _BLOCK]


def stored_size(spec: Spec) -> int:
    """How many bytes the parameters of ``spec`` take, with what its optimizer remembers."""
    slots = len(slots_of(spec.optimizer))
    return 8 * (parameter_count(spec.layers) * (slots + 1) + (slots > 0))


def read_parameters(spec: Spec, data: bytes, offset: int) -> Parameters:
    """Parameters of ``spec`` from their bytes."""
    return Parameters.from_bytes(spec.layers, data, offset, len(slots_of(spec.optimizer)))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of steps in which nothing was edited.

    Attributes:
        start: the step it begins at.
        spec: the network with the samples and the learning rate of this stretch.
        checkpoints: the parameters at steps start, start + 256, ..., as bytes.
        losses: the loss before each step's update, one a step.
    """

    start: int
    spec: Spec
    checkpoints: bytes
    losses: Series = field(default_factory=Series)

    @property
    def end(self) -> int:
        """The step after its last update."""
        return self.start + len(self.losses)

    def parameters_at(self, step: int) -> Parameters:
        """The parameters at a step from ``start`` to ``end``, recomputed exactly."""
        index, rest = divmod(step - self.start, CHECKPOINT_EVERY)
        parameters = read_parameters(self.spec, self.checkpoints, index * stored_size(self.spec))
        return run(self.spec, parameters, step - rest, rest)[1]

    def cut(self, end: int) -> "Segment":
        """This stretch up to step ``end``."""
        length = end - self.start
        size = (length // CHECKPOINT_EVERY + 1) * stored_size(self.spec)
        checkpoints = self.checkpoints[:size]
        return replace(self, checkpoints=checkpoints, losses=self.losses.cut(length))

    def extended(self, losses: list[float], parameters: Parameters) -> "Segment":
        """This stretch with more steps, up to the next checkpoint at most.

        Args:
            losses: the loss before each further update.
            parameters: those after the last one.
        """
        longer = replace(self, losses=self.losses.extended(losses))
        if len(longer.losses) % CHECKPOINT_EVERY == 0:
            return replace(longer, checkpoints=self.checkpoints + parameters.to_bytes())
        return longer

    def advanced(self, parameters: Parameters, count: int) -> "tuple[Segment, Parameters]":
        """This stretch ``count`` steps on from its end, where ``parameters`` hold.

        Raises:
            DivergedError: a result is not finite.
        """
        segment = self
        while count:
            chunk = min(count, CHECKPOINT_EVERY - len(segment.losses) % CHECKPOINT_EVERY)
            losses, parameters = run(segment.spec, parameters, segment.end, chunk)
            segment = segment.extended(losses, parameters)
            count -= chunk
        return segment, parameters
