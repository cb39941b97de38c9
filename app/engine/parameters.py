"""Weights, biases and what an optimizer remembers of them, and all of it as bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.engine.functions import Array


def frozen_array(values: object) -> Array:
    """A read-only float64 copy of ``values``."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True)
class Parameters:
    """Weights and biases, one array a layer after the inputs, and what the optimizer remembers.

    Attributes:
        weights: arrays of shape (units of layer l + 1, units of layer l).
        biases: arrays of shape (units of layer l + 1,).
        moments: the optimizer's running values, each in the shapes of the parameters, in the
            order of its ``Rule.slots``; empty for one without a memory.
        age: how many updates the moments have seen.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    moments: "tuple[Parameters, ...]" = ()
    age: int = 0

    def arrays(self) -> Iterator[Array]:
        """Every array of the parameters: all weights, then all biases."""
        yield from self.weights
        yield from self.biases

    def is_finite(self) -> bool:
        """Whether no number has run away to infinity or NaN."""
        return bool(np.isfinite(np.frombuffer(self.to_bytes(), dtype="<f8")).all())

    def remembering(self, slots: int) -> "Parameters":
        """These with ``slots`` moments: those that are here if they are so many, else zeros."""
        if len(self.moments) == slots:
            return self
        zeros = Parameters(
            tuple(frozen_array(np.zeros_like(w)) for w in self.weights),
            tuple(frozen_array(np.zeros_like(b)) for b in self.biases),
        )
        return Parameters(self.weights, self.biases, (zeros,) * slots)

    def to_bytes(self) -> bytes:
        """All numbers as little-endian float64, weights before biases, row by row.

        Moments follow in the same order, and the age, if there are any.
        """
        own = b"".join([array.astype("<f8", copy=False).tobytes() for array in self.arrays()])
        if not self.moments:
            return own
        age = np.array([self.age], dtype="<f8").tobytes()
        return b"".join([own, *(moment.to_bytes() for moment in self.moments), age])

    @classmethod
    def from_bytes(
        cls, layers: Sequence[int], data: bytes, offset: int = 0, slots: int = 0
    ) -> "Parameters":
        """The inverse of ``to_bytes``, for these layer sizes and so many moments; read-only."""
        pairs = list(pairwise(layers))
        sizes = [n_out * n_in for n_in, n_out in pairs] + list(layers[1:])
        # A copy: NumPy sums unaligned matrices in another order, with other last digits.
        flat = np.frombuffer(data, dtype="<f8", count=sum(sizes), offset=offset).copy()
        flat.setflags(write=False)
        arrays, start = [], 0
        for size in sizes:
            arrays.append(flat[start : start + size])
            start += size
        weights = tuple(
            array.reshape(n_out, n_in)
            for array, (n_in, n_out) in zip(arrays[: len(pairs)], pairs, strict=True)
        )
        biases = tuple(arrays[len(pairs) :])
        if not slots:
            return cls(weights, biases)
        size = 8 * sum(sizes)
        moments = [cls.from_bytes(layers, data, offset + size * (i + 1)) for i in range(slots)]
        (age,) = np.frombuffer(data, dtype="<f8", count=1, offset=offset + size * (slots + 1))
        return cls(weights, biases, tuple(moments), int(age))


def parameter_count(layers: Sequence[int]) -> int:
    """How many weights and biases a network with these layer sizes has."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(layers))
