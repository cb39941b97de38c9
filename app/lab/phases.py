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


@dataclass(frozen=True)
class Phase:
    """One phase: what it computes, for which layer from 1 on, or None for all at once."""

    kind: Kind
    layer: int | None = None

    @cached_property
    def key(self) -> str:
        """Its name: ``delta:2``, ``error``."""
        return self.kind.value if self.layer is None else f"{self.kind.value}:{self.layer}"


@lru_cache(maxsize=256)
def phases_of(
    layers: Sequence[int], hidden_deltas: str = "exact", *, remembers: bool = False
) -> tuple[Phase, ...]:
    """The phases of a step of a network with these layer sizes, inputs first.

    Where deltas go back through "updated" weights, each layer is updated before it carries them
    further; "exact": all at the end. What the optimizer ``remembers`` is brought up to date first.
    """
    updates = (Kind.MOMENTS, Kind.UPDATE) if remembers else (Kind.UPDATE,)
    exact = hidden_deltas == "exact"
    backward = (Kind.DELTA, Kind.GRADIENT, *(() if exact else updates))
    order = range(1, len(layers))
    return (
        *(Phase(kind, layer) for layer in order for kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION)),
        Phase(Kind.ERROR),
        *(Phase(kind, layer) for layer in reversed(order) for kind in backward),
        *(map(Phase, updates) if exact else ()),
    )


def phases_for(spec: Spec) -> tuple[Phase, ...]:
    """The phases of a step of ``spec``."""
    return phases_of(spec.layers, spec.hidden_deltas, remembers=bool(slots_of(spec.optimizer)))


@dataclass(frozen=True)
class Progress:
    """How far a step has been walked: the first ``done`` of its ``phases`` are computed.

    ``blank`` are kinds that are left out all the same, as on a worksheet.
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

    @property
    def carried(self) -> int | None:
        """Which layer of weights the phase computed last took deltas back by, the first being 0."""
        return self.now.layer if self.now and self.now.kind is Kind.DELTA else None

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
