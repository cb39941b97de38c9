"""What a person changes by hand: parameters by name, the sample in view, the learning rate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.engine.activations import Array
from app.engine.names import Kind
from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array
from app.engine.validation import SpecError
from app.errors import InvalidInput
from app.lab.spec_json import reruled


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changes; None and empty leave things as they are.

    Attributes:
        weights, biases: new values by name; a bias node's name sets its whole layer.
        inputs, targets: new values of the sample in view, in order.
        learning_rate: the new one.
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

    def changes(self, now: Spec) -> bool:
        """Whether it may change something; False for a learning rate that already holds."""
        if self.learning_rate not in (None, now.optimizer.learning_rate):
            return True
        return self != Edit(learning_rate=self.learning_rate)

    def parameters(self, spec: Spec, now: Parameters) -> Parameters:
        """``now`` with the new weights and biases.

        Raises:
            InvalidInput: a name is unknown.
        """
        if not (self.weights or self.biases):
            return now
        arrays = {
            "weight": [array.copy() for array in now.weights],
            "bias": [array.copy() for array in now.biases],
        }
        for kind, pointer, values in _tables(self):
            for name, value in values.items():
                part = spec.names.find(name)
                if part is None or part.kind != kind:
                    raise _unknown(pointer, name, [one.name for one in spec.names.parts(kind)])
                arrays[kind][part.layer][spec.entry(part)] = value
        weights, biases = (tuple(map(frozen_array, rows)) for rows in arrays.values())
        return Parameters(weights, biases, now.moments, now.age)

    def spec(self, now: Spec, sample: int, parameters: Parameters) -> Spec:
        """``now`` with the new rules, and the new inputs and targets of ``sample``.

        Args:
            now: the present network; it is returned itself where nothing changes.
            sample: whose inputs and targets change if the edit names none.
            parameters: those that hold with the new rules.

        Raises:
            InvalidInput: the wrong number of inputs or targets, or biases that cannot be shared.
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
        spec = reruled(
            now, parameters, loss=self.loss, bias_update=self.bias_update,
            hidden_deltas=self.hidden_deltas,
        )  # fmt: skip
        if self.learning_rate not in (None, now.optimizer.learning_rate):
            optimizer = replace(spec.optimizer, learning_rate=self.learning_rate)
            spec = replace(spec, optimizer=optimizer)
        if self.inputs is not None and list(self.inputs) != now.inputs[sample].tolist():
            spec = replace(spec, inputs=_with_row("/inputs", spec.inputs, sample, self.inputs))
        if self.targets is not None and list(self.targets) != now.targets[sample].tolist():
            spec = replace(spec, targets=_with_row("/targets", spec.targets, sample, self.targets))
        return spec


def named_edit(spec: Spec, sample: int, values: Mapping[str, float]) -> Edit:
    """An Edit of weights, biases, inputs and targets that are all given by their names.

    Args:
        spec: the network.
        sample: the row of the samples that stands in view.
        values: the new values.

    Raises:
        InvalidInput: a name is unknown.
    """
    parts = {name: spec.names.find(name) for name in values}
    kinds = {name: part.kind for name, part in parts.items() if part}
    weights, biases = (
        {name: value for name, value in values.items() if kinds.get(name) == kind}
        for kind in ("weight", "bias")
    )
    rows = {
        "inputs": (spec.names.units[0], spec.inputs[sample].tolist()),
        "targets": (spec.names.targets, spec.targets[sample].tolist()),
    }
    rest = {name: value for name, value in values.items() if name not in weights | biases}
    changed: dict[str, list[float]] = {}
    for key, (names, row) in rows.items():
        if rest.keys() & set(names):
            pairs = zip(names, row, strict=True)
            changed[key] = [rest.pop(name, present) for name, present in pairs]
    for name in rest:
        parameters = (part.name for part in spec.names.parameters())
        known = [*parameters, *spec.names.units[0], *spec.names.targets]
        raise _unknown("/values", name, known)
    return Edit(
        weights=weights,
        biases=biases,
        inputs=changed.get("inputs"),
        targets=changed.get("targets"),
        sample=sample,
    )


def _with_row(pointer: str, table: Array, index: int, row: Sequence[float]) -> Array:
    if len(row) != table.shape[1]:
        raise InvalidInput("length", pointer=pointer, expected=table.shape[1])
    changed = table.copy()
    changed[index] = row
    return frozen_array(changed)


def _tables(edit: Edit) -> Iterator[tuple[Kind, str, Mapping[str, float]]]:
    yield "weight", "/weights", edit.weights
    yield "bias", "/biases", edit.biases


def _unknown(table: str, name: str, known: Sequence[str], most: int = 12) -> InvalidInput:
    allowed = ", ".join(known[:most]) + (", ..." if len(known) > most else "")
    key = name[:40].replace("~", "~0").replace("/", "~1")
    return InvalidInput("unknown_name", pointer=f"{table}/{key}", allowed=allowed)
