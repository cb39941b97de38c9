"""What each part of a network is called, and where each name points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from app.engine.parameters import Parameters
from app.engine.validation import SpecError

RESERVED_NAMES = ("loss", "loss_after", "conventions")  # addresses call other things so
Kind = Literal["unit", "target", "weight", "bias"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """Where a name points.

    Attributes:
        name: the name.
        kind: of what.
        layer: of a unit or a target, counted from the inputs at 0; of a parameter, from the
            first layer after the inputs at 0.
        unit: which one of its layer, or the one that a parameter leads to; a bias node's first.
        source: the unit that a weight comes from, else -1.
    """

    name: str
    kind: Kind
    layer: int
    unit: int
    source: int = -1

    def of(self, parameters: Parameters) -> float:
        """The value of this parameter."""
        if self.kind == "weight":
            return float(parameters.weights[self.layer][self.unit, self.source])
        return float(parameters.biases[self.layer][self.unit])

    def within(self, rows: Any) -> Any:
        """This parameter's entry in rows of the parameters' shape; None where a layer is None."""
        if (row := rows[self.layer]) is None:
            return None
        return row[self.unit][self.source] if self.kind == "weight" else row[self.unit]


@dataclass(frozen=True)
class Names:
    """What each part is called; every name stands once.

    Attributes:
        units: the names of the units, layer by layer, inputs first.
        targets: the names of the targets, one an output.
        weights: names in the shape of the weights.
        biases: names in the shape of the biases.
        bias_nodes: for each layer after the inputs the name of its one bias node, or None
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

    def parts(self, kind: Kind) -> tuple[NamedPart, ...]:
        """Every part of a kind, in order."""
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> Mapping[Kind, tuple[NamedPart, ...]]:
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
    seen: set[str] = set()
    for part in names._parts():
        pointer = _pointer(part, len(names.units))
        if part.name in RESERVED_NAMES:
            raise SpecError(pointer, "name_reserved", name=part.name)
        if part.name in seen:
            raise SpecError(pointer, "name_twice", name=part.name)
        seen.add(part.name)


def _pointer(part: NamedPart, layers: int) -> str:
    """Where a name was given in a Spec."""
    if part.kind == "unit":
        return unit_pointer(part.layer, layers)
    if part.kind == "target":
        return "/names/targets"
    return f"/names/{'weights' if part.kind == 'weight' else 'biases'}/{part.layer}"


def unit_pointer(layer: int, layers: int) -> str:
    """Where the names of a layer's units stand in a Spec."""
    if layer == 0:
        return "/names/inputs"
    return "/names/outputs" if layer == layers - 1 else f"/names/hidden/{layer - 1}"
