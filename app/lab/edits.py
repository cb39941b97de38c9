"""What a person changes by hand: parameters by name, the sample in view, the learning rate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine.names import NamedPart
from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array
from app.engine.validation import SpecError
from app.errors import InvalidInput
from app.lab.spec_json import reruled

_MOST_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changes; None and empty leave things as they are.

    Attributes:
        weights, biases: new values by name; a bias node's name sets its whole layer.
        inputs, targets: new values of ``sample``, in order.
        loss, bias_update, hidden_deltas: new rules, as a Spec names them.
        sample: whose inputs and targets change, counted from 0; the next step's first if None.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    biases: Mapping[str, float] = field(default_factory=dict)
    inputs: Sequence[float] | None = None
    targets: Sequence[float] | None = None
    learning_rate: float | None = None
    loss: str | None = None
    bias_update: str | None = None
    hidden_deltas: str | None = None
    sample: int | None = None

    @property
    def has_values(self) -> bool:
        """Whether it names parameters, inputs or targets."""
        return bool(self.weights or self.biases or self.inputs or self.targets)

    @property
    def has_rules(self) -> bool:
        """Whether it names rules."""
        return bool(self.loss or self.bias_update or self.hidden_deltas)

    def changes(self, now: Spec) -> bool:
        """Whether it may change something; False for a learning rate that already holds."""
        new_rate = self.learning_rate not in (None, now.optimizer.learning_rate)
        return new_rate or self != Edit(learning_rate=self.learning_rate)

    def parameters(self, spec: Spec, now: Parameters) -> Parameters:
        """``now`` with the new weights and biases. Raises InvalidInput for an unknown name."""
        if not (self.weights or self.biases):
            return now
        weights = [array.copy() for array in now.weights]
        biases = [array.copy() for array in now.biases]
        for pointer, arrays, values, parts in (
            ("/weights", weights, self.weights, spec.names.parts("weight")),
            ("/biases", biases, self.biases, spec.names.parts("bias")),
        ):
            known = {part.name: part for part in parts}
            for name, value in values.items():
                if name not in known:
                    raise _unknown(pointer, name, list(known))
                arrays[known[name].layer][spec.entry(known[name])] = value
        return replace(
            now, weights=tuple(map(frozen_array, weights)), biases=tuple(map(frozen_array, biases))
        )

    def spec(self, now: Spec, sample: int, parameters: Parameters) -> Spec:
        """``now`` with the new rules, and the new inputs and targets; itself where nothing changes.

        ``sample`` is whose change if the edit names none; ``parameters`` hold with the new rules.
        Raises InvalidInput for a wrong length, or for biases that cannot be shared.
        """
        row = sample if self.sample is None else self.sample
        if not 0 <= row < len(now.inputs):
            raise InvalidInput(
                "no_such_sample", pointer="/sample", minimum=0, maximum=len(now.inputs) - 1
            )
        try:
            return self._changed(now, row, parameters)
        except SpecError as error:
            # What is blamed is a field of the edit, not of a Spec.
            if (error.pointer or "").startswith("/samples"):
                error.pointer = "/targets"
            raise error.under("") from None

    def _changed(self, now: Spec, sample: int, parameters: Parameters) -> Spec:
        rules = {key: getattr(self, key) for key in ("loss", "bias_update", "hidden_deltas")}
        spec = reruled(now, parameters, **rules)
        if self.learning_rate not in (None, now.optimizer.learning_rate):
            optimizer = replace(spec.optimizer, learning_rate=self.learning_rate)
            spec = replace(spec, optimizer=optimizer)
        for key, row in (("inputs", self.inputs), ("targets", self.targets)):
            table = getattr(now, key)
            if row is None or list(row) == table[sample].tolist():
                continue
            if len(row) != table.shape[1]:
                raise InvalidInput("length", pointer=f"/{key}", expected=table.shape[1])
            changed = table.copy()
            changed[sample] = row
            spec = replace(spec, **{key: frozen_array(changed)})  # type: ignore[arg-type]
        return spec


def named_edit(spec: Spec, sample: int, values: Mapping[str, float]) -> Edit:
    """An Edit by names, inputs and targets being those of ``sample``; InvalidInput if unknown."""
    if unknown := unknown_values(spec, values):
        raise unknown[0]
    weights, biases = dict[str, float](), dict[str, float]()
    rows: dict[str, Any] = {}
    for name, value in values.items():
        part = spec.names.find(name)
        if part is None:
            continue
        if part.kind in ("weight", "bias"):
            (weights if part.kind == "weight" else biases)[name] = value
        else:
            key = "targets" if part.kind == "target" else "inputs"
            rows.setdefault(key, getattr(spec, key)[sample].tolist())[part.unit] = value
    return Edit(weights=weights, biases=biases, sample=sample, **rows)


def unknown_values(spec: Spec, names: Iterable[str]) -> list[InvalidInput]:
    """An error for each of the first ``names`` that name no parameter, input or target."""
    strange = [name for name in names if not _is_value(spec.names.find(name))]
    known = [part.name for part in spec.names.parameters()] if strange else []
    known += [*spec.names.units[0], *spec.names.targets]
    return [_unknown("/values", name, known) for name in strange[:_MOST_ERRORS]]


def _is_value(part: NamedPart | None) -> bool:
    return part is not None and (part.kind != "unit" or part.layer == 0)


def _unknown(table: str, name: str, known: Sequence[str]) -> InvalidInput:
    allowed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:40])
    key = shown.replace("~", "~0").replace("/", "~1")
    return InvalidInput("unknown_name", pointer=f"{table}/{key}", allowed=allowed)
