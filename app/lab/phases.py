"""The phases of one backprop step, as data derived from the network's shape.

A step can be walked: layer by layer forward, the error, layer by layer back, then the update.
What a reader may see is a function of how many of its phases have been computed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TypeVar

from app.engine.network import Spec
from app.engine.optimizers import slots_of

T = TypeVar("T")


class Kind(StrEnum):
    """What a phase computes."""

    PRE_ACTIVATION = "pre_activation"
    ACTIVATION = "activation"
    ERROR = "error"
    DELTA = "delta"
    GRADIENT = "gradient"
    MOMENTS = "moments"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase.

    Attributes:
        kind: what it computes.
        layer: for which layer, the first after the inputs being 1; None for all at once.
    """

    kind: Kind
    layer: int | None = None

    @property
    def key(self) -> str:
        """Its name: ``delta:2``, ``error``."""
        return self.kind.value if self.layer is None else f"{self.kind.value}:{self.layer}"


@lru_cache(maxsize=256)
def phases_of(
    layers: Sequence[int], hidden_deltas: str = "exact", *, remembers: bool = False
) -> tuple[Phase, ...]:
    """The phases of a step.

    Args:
        layers: units a layer, inputs first; a tuple.
        hidden_deltas: "exact": one update at the end; "updated": each layer's weights are
            updated before they carry deltas further back.
        remembers: whether the optimizer has a memory, which is brought up to date first.
    """
    last = len(layers) - 1
    found: list[Phase] = []
    for layer in range(1, last + 1):
        found += [Phase(Kind.PRE_ACTIVATION, layer), Phase(Kind.ACTIVATION, layer)]
    found.append(Phase(Kind.ERROR))
    for layer in range(last, 0, -1):
        found += [Phase(Kind.DELTA, layer), Phase(Kind.GRADIENT, layer)]
        if hidden_deltas == "updated":
            if remembers:
                found.append(Phase(Kind.MOMENTS, layer))
            found.append(Phase(Kind.UPDATE, layer))
    if hidden_deltas == "exact":
        if remembers:
            found.append(Phase(Kind.MOMENTS))
        found.append(Phase(Kind.UPDATE))
    return tuple(found)


def phases_for(spec: Spec) -> tuple[Phase, ...]:
    """The phases of a step of ``spec``."""
    remembers = bool(slots_of(spec.optimizer))
    return phases_of(spec.layers, spec.hidden_deltas, remembers=remembers)


@dataclass(frozen=True)
class Progress:
    """How far a step has been walked.

    Attributes:
        phases: all of its phases.
        done: how many of them are computed, the first ones.
        blank: kinds that are left out all the same, as on a worksheet.
    """

    phases: tuple[Phase, ...]
    done: int
    blank: frozenset[Kind] = frozenset()

    @classmethod
    def whole(cls, phases: tuple[Phase, ...], blank: frozenset[Kind] = frozenset()) -> "Progress":
        """All of a step, but for the kinds in ``blank``."""
        return cls(phases, len(phases), blank)

    @property
    def now(self) -> Phase | None:
        """The phase computed last."""
        return self.phases[self.done - 1] if self.done else None

    def has(self, kind: Kind, layer: int | None = None) -> bool:
        """Whether that phase is computed; one of a whole step counts for every layer."""
        if self.complete:
            return True
        return (kind, layer) in self._computed or (kind, None) in self._computed

    @cached_property
    def _computed(self) -> frozenset[tuple[Kind, int | None]]:
        done = self.phases[: self.done]
        return frozenset((one.kind, one.layer) for one in done if one.kind not in self.blank)

    def computed(self, kind: Kind, rows: Iterable[T]) -> list[T | None]:
        """The rows of the layers after the inputs, with None for what is not computed."""
        if self.complete:
            return [*rows]
        return [row if self.has(kind, layer) else None for layer, row in enumerate(rows, start=1)]

    @property
    def error(self) -> bool:
        """Whether the error is computed."""
        return self.has(Kind.ERROR)

    @property
    def all_gradients(self) -> bool:
        """Whether every gradient is computed."""
        return self.has(Kind.GRADIENT, 1)

    @property
    def complete(self) -> bool:
        """Whether the whole step is computed."""
        return self.done == len(self.phases) and not self.blank


def forward_position(layers: Sequence[int]) -> int:
    """How many phases a whole forward pass has, the error included."""
    return 2 * (len(layers) - 1) + 1
