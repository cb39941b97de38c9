"""Names for every number of a step: what a derivation can be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.engine.network import Spec
from app.engine.optimizers import slots_of

# Kinds of a unit, and what else they may be called.
UNIT_KINDS: Mapping[str, str] = {
    "net": "pre", "z": "pre", "pre_activation": "pre",
    "out": "act", "a": "act", "activation": "act",
    "delta": "delta", "share": "share", "error": "error",
}  # fmt: skip
PARAMETER_KINDS = ("gradient", "new", "value")


class UnknownQuantity(KeyError):
    """No number of this network has such a name."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a step.

    Attributes:
        kind: "pre", "act", "delta", "share", "error" (of a unit), "weight", "bias", "new",
            "value" (of a parameter), what the optimizer remembers of it ("velocity", "mean",
            "square"), "input", "target", "loss" or "loss_after".
        name: of its unit, parameter, input or target; "" for the losses.
        layer: of a unit, counted from the inputs at 0; of a parameter, from the first at 0.
        unit: the unit that it is of, or that the parameter leads to.
        source: the unit that a weight comes from, else -1.
    """

    kind: str
    name: str = ""
    layer: int = -1
    unit: int = -1
    source: int = -1

    @property
    def key(self) -> str:
        """Its name in addresses, always the same one."""
        if self.kind in ("weight", "bias", "input", "target"):
            return self.name
        if self.kind == "loss_after":
            return "loss:after"
        prefix = {"pre": "net", "act": "out"}.get(self.kind, self.kind)
        return f"{prefix}:{self.name}" if self.name else prefix


@dataclass(frozen=True, slots=True)
class ParameterPlaces:
    """Where names point."""

    units: Mapping[str, tuple[int, int]]
    weights: Mapping[str, tuple[int, int, int]]
    biases: Mapping[str, tuple[int, int]]
    targets: Mapping[str, int]


@lru_cache(maxsize=256)
def places_of(spec: Spec) -> ParameterPlaces:
    """Where each name of ``spec`` points; a bias node to the first unit of its layer."""
    names = spec.names
    biases: dict[str, tuple[int, int]] = {}
    for layer, row in enumerate(names.biases):
        node = names.bias_nodes[layer]
        found = [(node, 0)] if node else zip(row, range(len(row)), strict=True)
        biases.update({name: (layer, unit) for name, unit in found if name})
    return ParameterPlaces(
        {n: (layer, j) for layer, row in enumerate(names.units) for j, n in enumerate(row)},
        {
            n: (layer, j, i)
            for layer, rows in enumerate(names.weights)
            for j, row in enumerate(rows)
            for i, n in enumerate(row)
        },
        biases,
        {name: index for index, name in enumerate(names.targets)},
    )


def find(text: str, spec: Spec) -> Quantity:
    """The quantity that ``text`` names: ``w5``, ``b1``, ``h1``, ``net:h1``, ``delta:o1``, ``loss``.

    Raises:
        UnknownQuantity: there is none.
    """
    if text == "loss":
        return Quantity("loss")
    if text in ("loss:after", "loss_after"):
        return Quantity("loss_after")
    prefix, colon, name = text.partition(":")
    found = _part(name, prefix, spec) if colon else _bare(text, spec)
    if found is None and text in ("error", "E", "L"):
        return Quantity("loss")
    if found is None:
        raise UnknownQuantity(text)
    return found


def _bare(name: str, spec: Spec) -> Quantity | None:
    places = places_of(spec)
    if name in places.weights:
        layer, j, i = places.weights[name]
        return Quantity("weight", name, layer, j, i)
    if name in places.biases:
        return Quantity("bias", name, *places.biases[name])
    if name in places.targets:
        return Quantity("target", name, len(spec.layers) - 1, places.targets[name])
    if name in places.units:
        layer, unit = places.units[name]
        return Quantity("act" if layer else "input", name, layer, unit)
    return None


def _part(name: str, prefix: str, spec: Spec) -> Quantity | None:
    places, last = places_of(spec), len(spec.layers) - 1
    kind = UNIT_KINDS.get(prefix)
    if kind and name in places.units:
        layer, unit = places.units[name]
        if layer == 0:
            return Quantity("input", name, 0, unit) if kind == "act" else None
        return Quantity(kind, name, layer, unit) if _has(kind, layer, last) else None
    whole = _bare(name, spec)
    kinds = (*PARAMETER_KINDS, *slots_of(spec.optimizer))
    if whole is None or whole.kind not in ("weight", "bias") or prefix not in kinds:
        return None
    if prefix == "gradient":
        return whole
    return Quantity(prefix, name, whole.layer, whole.unit, whole.source)


def _has(kind: str, layer: int, last: int) -> bool:
    return layer == last or kind not in ("share", "error")


def every(spec: Spec) -> Iterator[Quantity]:
    """Every number of a step of ``spec``, in the order in which they are computed."""
    places, last = places_of(spec), len(spec.layers) - 1
    for name, (layer, unit) in places.units.items():
        kinds = ("pre", "act") if layer else ("input",)
        yield from (Quantity(kind, name, layer, unit) for kind in kinds)
    for name, unit in places.targets.items():
        yield Quantity("target", name, last, unit)
    for kind in ("error", "share"):
        for unit, name in enumerate(spec.names.units[-1]):
            yield Quantity(kind, name, last, unit)
    yield Quantity("loss")
    for name, (layer, unit) in places.units.items():
        if layer:
            yield Quantity("delta", name, layer, unit)
    slots = slots_of(spec.optimizer)
    for kind in ("weight", *slots, "new", "value"):
        for name, (layer, j, i) in places.weights.items():
            yield Quantity(kind, name, layer, j, i)
    for kind in ("bias", *slots, "new", "value"):
        for name, (layer, unit) in places.biases.items():
            yield Quantity(kind, name, layer, unit)
    yield Quantity("loss_after")
