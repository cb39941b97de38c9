"""Names for every number of a step: what a derivation can be asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.engine.network import Spec
from app.engine.optimizers import slots_of

# Kinds of a unit, and what else they may be called.
UNIT_KINDS: Mapping[str, str] = {
    "net": "pre", "z": "pre", "pre_activation": "pre",
    "out": "act", "a": "act", "activation": "act",
    "delta": "delta", "share": "share", "error": "error",
}  # fmt: skip
_UNSIGNED = {"pre", "act", "share", "new", "value", "input", "target", "loss", "loss_after"}
PARAMETER_KINDS = ("gradient", "new", "value")


class UnknownQuantity(KeyError):
    """No number of this network has such a name."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a step.

    The kinds are "pre", "act", "delta", "share", "error" (of a unit), "by_input" (the gradient by
    an input), "weight", "bias", "new", "value" (of a parameter), what the optimizer remembers of
    it (of ``SLOTS``), "input", "target", "loss" and "loss_after".

    Attributes:
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
    def signed(self) -> bool:
        """Whether a plus stands before it: its sign says which way something goes."""
        return self.kind not in _UNSIGNED

    @property
    def key(self) -> str:
        """Its name in addresses, always the same one."""
        if self.kind in ("weight", "bias", "input", "target"):
            return self.name
        if self.kind == "loss_after":
            return "loss:after"
        prefix = {"pre": "net", "act": "out", "by_input": "gradient"}.get(self.kind, self.kind)
        return f"{prefix}:{self.name}" if self.name else prefix


def find(text: str, spec: Spec) -> Quantity:
    """The quantity that ``text`` names: ``w5``, ``b1``, ``h1``, ``net:h1``, ``delta:o1``, ``loss``.

    ``h2,1`` is ``h2_1`` as pages write it; no name has a comma. Raises UnknownQuantity if there is
    none.
    """
    if text in ("loss:after", "loss_after"):
        return Quantity("loss_after")
    text = text.replace(",", "_")
    prefix, colon, name = text.partition(":")
    found = _part(name, prefix, spec) if colon else _bare(text, spec)
    if found is None and text in ("loss", "error", "E", "L"):
        return Quantity("loss")
    if found is None:
        raise UnknownQuantity(text)
    return found


def _bare(name: str, spec: Spec) -> Quantity | None:
    part = spec.names.find(name)
    if part is None:
        return None
    of_unit = "act" if part.layer else "input"
    kind = of_unit if part.kind == "unit" else part.kind
    return Quantity(kind, name, part.layer, part.unit, part.source)


def _part(name: str, prefix: str, spec: Spec) -> Quantity | None:
    whole, last = _bare(name, spec), len(spec.layers) - 1
    if whole is None:
        return None
    kind = UNIT_KINDS.get(prefix)
    if whole.kind == "input" and prefix == "gradient":
        return replace(whole, kind="by_input")
    if kind and whole.kind == "input":
        return whole if kind == "act" else None
    if kind and whole.kind == "act":
        of_output = kind in ("share", "error")
        return None if of_output and whole.layer < last else replace(whole, kind=kind)
    kinds = (*PARAMETER_KINDS, *slots_of(spec.optimizer))
    if whole.kind not in ("weight", "bias") or prefix not in kinds:
        return None
    return whole if prefix == "gradient" else replace(whole, kind=prefix)


def every(spec: Spec) -> Iterator[Quantity]:
    """Every number of a step of ``spec``, in the order in which they are computed.

    Gradients by the inputs, which no step uses, are left out.
    """
    names, last = spec.names, len(spec.layers) - 1
    units = names.parts("unit")
    for part in units:
        for kind in ("pre", "act") if part.layer else ("input",):
            yield Quantity(kind, part.name, part.layer, part.unit)
    for part in names.parts("target"):
        yield Quantity("target", part.name, last, part.unit)
    for kind in ("error", "share"):
        for unit, name in enumerate(names.units[-1]):
            yield Quantity(kind, name, last, unit)
    yield Quantity("loss")
    for part in units:
        if part.layer:
            yield Quantity("delta", part.name, part.layer, part.unit)
    slots = slots_of(spec.optimizer)
    for of in ("weight", "bias"):
        for kind in (of, *slots, "new", "value"):
            for part in names.parts(of):
                yield Quantity(kind, part.name, part.layer, part.unit, part.source)
    yield Quantity("loss_after")
