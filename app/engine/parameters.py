"""Weights, biases and what an optimizer remembers of them, and all of it as bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from app.engine.activations import Array


def frozen_array(values: object) -> Array:
    """A read-only float64 copy of ``values``."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class Parameters:
    """Weights and biases, one array a layer after the inputs, and what the optimizer remembers.

    Weights have the shape (units of layer l + 1, units of layer l), biases (units of layer l + 1,).
    ``moments`` are the optimizer's running values, each in the shapes of the parameters, in the
    order of its ``Rule.slots``; ``age`` says how many updates they have seen.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    moments: "tuple[Parameters, ...]" = ()
    age: int = 0

    @classmethod
    def of(
        cls, arrays: Iterable[Array], moments: "tuple[Parameters, ...]" = (), age: int = 0
    ) -> "Parameters":
        """Parameters of all weights, then all biases: the inverse of ``arrays``."""
        every = tuple(arrays)
        half = len(every) // 2
        return cls(every[:half], every[half:], moments, age)

    def arrays(self) -> Iterator[Array]:
        """Every array of the parameters: all weights, then all biases."""
        yield from self.weights
        yield from self.biases

    def is_finite(self) -> bool:
        """Whether no number has run away to infinity or NaN."""
        return bool(np.isfinite(np.frombuffer(self.data, dtype="<f8")).all())

    def remembering(self, slots: int) -> "Parameters":
        """These with ``slots`` moments: those that are here if they are so many, else zeros."""
        if len(self.moments) == slots:
            return self
        zeros = Parameters.of(frozen_array(np.zeros_like(array)) for array in self.arrays())
        return Parameters(self.weights, self.biases, (zeros,) * slots)

    @cached_property
    def data(self) -> bytes:
        """Little-endian float64: weights, biases, then every moment likewise and the age."""
        own = b"".join([array.astype("<f8", copy=False).tobytes() for array in self.arrays()])
        if not self.moments:
            return own
        age = np.array([self.age], dtype="<f8").tobytes()
        return b"".join([own, *(moment.data for moment in self.moments), age])

    @classmethod
    def from_bytes(
        cls, layers: Sequence[int], data: bytes, offset: int = 0, slots: int = 0
    ) -> "Parameters":
        """The inverse of ``data``, for these layer sizes and so many moments; read-only."""
        count = parameter_count(layers) * (slots + 1) + (slots > 0)
        # A copy: NumPy sums unaligned matrices in another order, with other last digits.
        flat = np.frombuffer(data, dtype="<f8", count=count, offset=offset).astype(np.float64)
        flat.setflags(write=False)
        return cls.from_flat(layers, flat, slots)

    @classmethod
    def from_flat(cls, layers: Sequence[int], flat: Array, slots: int = 0) -> "Parameters":
        """``from_bytes`` of the same numbers in one array, which they go on sharing."""
        weights: list[Array] = []
        at = 0
        for n_in, n_out in pairwise(layers):
            weights.append(flat[at : at + n_out * n_in].reshape(n_out, n_in))
            at += n_out * n_in
        biases: list[Array] = []
        for units in layers[1:]:
            biases.append(flat[at : at + units])
            at += units
        rest = range(at, at * (slots + 1), at)
        moments = tuple(cls.from_flat(layers, flat[start : start + at]) for start in rest)
        return cls(tuple(weights), tuple(biases), moments, int(flat[-1]) if slots else 0)


def parameter_count(layers: Sequence[int]) -> int:
    """How many weights and biases a network with these layer sizes has."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(layers))
