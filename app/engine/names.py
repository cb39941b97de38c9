"""What each part of a network is called, and where each name points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from app.engine.parameters import Parameters
from app.engine.validation import SpecError

RESERVED_NAMES = ("loss", "loss_after", "conventions")  # addresses call other things so
NameKind = Literal["unit", "target", "weight", "bias"]
KINDS: tuple[NameKind, ...] = get_args(NameKind)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """Where a name points.

    The layer of a unit or a target is counted from the inputs at 0, that of a parameter from the
    first layer after the inputs at 0. ``unit`` is the one in its layer, or the one that a
    parameter leads to (a bias node's first); ``source`` the one that a weight comes from, else -1.
    """

    name: str
    kind: NameKind
    layer: int
    unit: int
    source: int = -1

    def of(self, parameters: Parameters) -> float:
        """The value of this parameter."""
        if self.kind == "weight":
            return float(parameters.weights[self.layer][self.unit, self.source])
        return float(parameters.biases[self.layer][self.unit])


@dataclass(frozen=True)
class Names:
    """What each part is called, in the shape of the parts; every name stands once.

    ``bias_nodes`` has for each layer after the inputs the name of its one bias node, or None
    where each unit has a bias of its own (then ``biases`` names them).
    """

    units: tuple[tuple[str, ...], ...]
    targets: tuple[str, ...]
    weights: tuple[tuple[tuple[str, ...], ...], ...]
    biases: tuple[tuple[str, ...], ...]
    bias_nodes: tuple[str | None, ...]

    def find(self, name: str) -> NamedPart | None:
        """Where ``name`` points."""
        return self._by_name.get(name)

    def parameters(self) -> tuple[NamedPart, ...]:
        """Every weight, then every bias, in the order of their arrays."""
        return self.parts("weight") + self.parts("bias")

    def parts(self, kind: NameKind) -> tuple[NamedPart, ...]:
        """Every part of a kind, in order."""
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> Mapping[NameKind, tuple[NamedPart, ...]]:
        parts = tuple(self._parts())
        return {kind: tuple(part for part in parts if part.kind == kind) for kind in KINDS}

    @cached_property
    def _by_name(self) -> Mapping[str, NamedPart]:
        return {part.name: part for parts in self._by_kind.values() for part in parts}

    def _parts(self) -> Iterator[NamedPart]:
        for layer, row in enumerate(self.units):
            yield from (NamedPart(name, "unit", layer, unit) for unit, name in enumerate(row))
        last = len(self.units) - 1
        yield from (NamedPart(name, "target", last, at) for at, name in enumerate(self.targets))
        for layer, rows in enumerate(self.weights):
            for unit, row in enumerate(rows):
                for source, name in enumerate(row):
                    yield NamedPart(name, "weight", layer, unit, source)
        for layer, (node, row) in enumerate(zip(self.bias_nodes, self.biases, strict=True)):
            for unit, name in enumerate([node] if node else row):
                yield NamedPart(name, "bias", layer, unit)


def check_names(names: Names) -> None:
    """Raise SpecError if a name is reserved or stands twice."""
    seen: set[str] = set(RESERVED_NAMES)
    for part in names._parts():
        if part.name in seen:
            pointer = {
                "unit": unit_pointer(part.layer, len(names.units)),
                "target": "/names/targets",
                "weight": f"/names/weights/{part.layer}",
                "bias": f"/names/biases/{part.layer}",
            }[part.kind]
            code = "name_reserved" if part.name in RESERVED_NAMES else "name_twice"
            raise SpecError(pointer, code, name=part.name)
        seen.add(part.name)


def unit_pointer(layer: int, layers: int) -> str:
    """Where the names of a layer's units stand in a Spec."""
    if layer == 0:
        return "/names/inputs"
    return "/names/outputs" if layer == layers - 1 else f"/names/hidden/{layer - 1}"
