"""Specs as plain data (the API's JSON shape) and back, with names filled in.

``spec_from_data`` takes what the API documents: lists, numbers and strings, already checked for
their types. Whether the parts fit together is the engine's to say (``SpecError``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import count, pairwise
from typing import Any

import numpy as np

from app.data.catalog import drawn, samples_to_data, source_from_data, source_to_data
from app.engine.activations import LEAKY_SLOPE
from app.engine.initialization import initialize
from app.engine.learning import CLIPPINGS, Optimizer
from app.engine.losses import HUBER_DELTA
from app.engine.names import Names, unit_pointer
from app.engine.network import NO_SAMPLES, Batch, BiasUpdate, Spec, check_layers
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import Parameters, frozen_array
from app.engine.schedules import SCHEDULES
from app.engine.validation import SpecError, check_choice, check_length
from app.errors import InvalidInput

Data = Mapping[str, Any]
BIAS_UPDATE: BiasUpdate = "per_neuron"
"""How biases learn unless a Spec says otherwise."""


def spec_from_data(data: Data) -> Spec:
    """A Spec from the API's JSON shape; SpecError names the field if parts do not fit together."""
    layers = tuple(data["layers"])
    check_layers(layers)
    data = drawn(data, layers)
    optimizer = _optimizer_from_data(data.get("optimizer") or {})
    initial = _parameters(layers, data)
    ends = {"inputs": layers[0], "targets": layers[-1]}
    batch, tests = data.get("batch") or {}, data.get("test_samples")
    size = batch.get("size", 1)
    bias_update = data.get("bias_update", BIAS_UPDATE)
    return Spec(
        layers=layers,
        activations=tuple(data["activations"]),
        loss=data.get("loss", "half_squared_error"),
        optimizer=optimizer,
        batch=Batch(None if size == "full" else size, batch.get("reduction", "sum")),
        bias_update=bias_update,
        **{key: _table(data["samples"], key, length) for key, length in ends.items()},
        initial=initial,
        names=_names(layers, bias_update, initial, data.get("names") or {}),
        hidden_deltas=data.get("hidden_deltas", "exact"),
        slope_at_zero=data.get("slope_at_zero", 0.0),
        leaky_slope=data.get("leaky_slope", LEAKY_SLOPE),
        huber_delta=data.get("huber_delta", HUBER_DELTA),
        label_smoothing=data.get("label_smoothing", 0.0),
        frozen=tuple(data.get("frozen") or ()),
        **{
            f"test_{key}": _table(tests, key, length, "/test_samples") if tests else NO_SAMPLES
            for key, length in ends.items()
        },
        data=source_from_data(data.get("data")),
    )


def _optimizer_from_data(data: Data) -> Optimizer:
    optimizer, default = Optimizer(**data), Optimizer()
    check_choice("/optimizer/name", optimizer.name, OPTIMIZERS)
    # What was stored, exported or linked may carry the defaults of other optimizers.
    check_choice("/optimizer/schedule", optimizer.schedule, SCHEDULES)
    check_options(
        asdict(optimizer),
        [key for key in data if getattr(optimizer, key) != getattr(default, key)],
    )
    return optimizer


def check_options(values: Data, given: Collection[str]) -> None:
    """Raise SpecError if an option was given that an optimizer with these values does not use."""
    for option in sorted(given):
        pointer = f"/optimizer/{option}"
        users = [name for name, rule in OPTIMIZERS.items() if option in rule.fields]
        if users and values["name"] not in users:
            names = {"optimizer": values["name"], "allowed": ", ".join(users)}
            raise SpecError(pointer, "unused_option", **names)
        plans = [name for name, rule in SCHEDULES.items() if option in rule.fields]
        if plans and values["schedule"] not in plans:
            raise SpecError(pointer, "unused_without", allowed=", ".join(plans))
        if option == "clip_limit" and values["clipping"] == "none":
            raise SpecError(pointer, "unused_without", allowed=", ".join(CLIPPINGS[1:]))


def optimizer_fields(values: Data) -> tuple[str, ...]:
    """The fields of Optimizer, besides its name, that one with these values uses."""
    decay = ("weight_decay", "weight_decay_form", "decay_biases")
    clipping = ("clipping", "clip_limit")
    schedule = values.get("schedule", "constant")
    return (
        "learning_rate",
        *OPTIMIZERS[values["name"]].fields,
        *(decay if values.get("weight_decay") else ()),
        *(("schedule", *SCHEDULES[schedule].fields) if schedule != "constant" else ()),
        *(clipping if values.get("clipping", "none") != "none" else ()),
    )


_SILENT = ("dampening", "centred", "momentum_decay")
"""Options that are written only where they say something, so that what was written stays so."""


def _optimizer_to_data(optimizer: Optimizer) -> dict[str, Any]:
    """What the optimizer uses, and whatever else differs from its default."""
    values, default = asdict(optimizer), asdict(Optimizer())
    used = {"name", *optimizer_fields(values)}.difference(_SILENT)
    return {key: values[key] for key in values if key in used or values[key] != default[key]}


def _further_rules(spec: Spec) -> dict[str, Any]:
    """The rules that are written only where they are used."""
    found: dict[str, Any] = {}
    if spec.huber_delta != HUBER_DELTA or "huber" in spec.loss:
        found["huber_delta"] = spec.huber_delta
    if spec.label_smoothing:
        found["label_smoothing"] = spec.label_smoothing
    return found | ({"frozen": list(spec.frozen)} if spec.frozen else {})


def spec_to_data(spec: Spec) -> dict[str, Any]:
    """The API's JSON shape of ``spec``, complete: nothing is left to a default."""
    names = spec.names
    biases = zip(names.bias_nodes, names.biases, strict=True)
    return {
        "layers": list(spec.layers),
        "activations": list(spec.activations),
        "loss": spec.loss,
        "optimizer": _optimizer_to_data(spec.optimizer),
        "bias_update": spec.bias_update,
        "hidden_deltas": spec.hidden_deltas,
        "slope_at_zero": spec.slope_at_zero,
        "leaky_slope": spec.leaky_slope,
        **_further_rules(spec),
        "batch": {"size": spec.batch.size or "full", "reduction": spec.batch.reduction},
        **all_samples(spec),
        "weights": [array.tolist() for array in spec.initial.weights],
        "biases": [array.tolist() for array in spec.initial.biases],
        "names": {
            "inputs": names.units[0],
            "hidden": names.units[1:-1],
            "outputs": names.units[-1],
            "targets": names.targets,
            "weights": names.weights,
            "biases": [node or row for node, row in biases],
        },
    }


def all_samples(spec: Spec) -> dict[str, Any]:
    """``samples``, and ``test_samples`` and ``data`` if there are any."""
    data: dict[str, Any] = {"samples": samples_to_data(spec.inputs, spec.targets)}
    if tests := samples_to_data(spec.test_inputs, spec.test_targets):
        data["test_samples"] = tests
    return data | ({"data": source_to_data(spec.data)} if spec.data else {})


def reruled(spec: Spec, parameters: Parameters, **rules: str | None) -> Spec:
    """``spec`` with another loss, bias_update or hidden_deltas; itself where nothing changes.

    ``parameters`` are those that hold at the moment; None leaves a rule as it is. Raises SpecError
    if a rule is unknown, and InvalidInput if biases of a layer differ and cannot become one.
    """
    changes = {key: rule for key, rule in rules.items() if rule and rule != getattr(spec, key)}
    if not changes:
        return spec
    initial, names = spec.initial, spec.names
    if bias_update := changes.get("bias_update"):
        given = given_bias_names(names)
        if bias_update == "shared":
            for layer, biases in enumerate(parameters.biases, start=1):
                if np.any(biases != biases[0]):
                    raise InvalidInput("biases_differ", pointer="/bias_update", layer=layer)
            # What a segment's Spec says of step 0 is not used; it must only be consistent.
            initial = parameters
        nodes, rows = _bias_names(names.units, bias_update, parameters, given)
        names = replace(names, biases=rows, bias_nodes=nodes)
    frozen = spec.frozen if names is spec.names else frozen_by(spec, names)
    return replace(spec, initial=initial, names=names, frozen=frozen, **changes)  # type: ignore[arg-type]


def frozen_by(spec: Spec, names: Names) -> tuple[str, ...]:
    """What is frozen in ``spec``, as ``names`` call it, which may name biases otherwise.

    Raises SpecError where one name would stand for biases of which only some are frozen.
    """
    found = [part.name for part in names.parts("weight") if part.name in spec.frozen]
    for part in names.parts("bias"):
        row = spec.frozen_masks[len(spec.initial.weights) + part.layer]
        held = row[part.unit] if names.bias_nodes[part.layer] is None else row.any()
        if held and names.bias_nodes[part.layer] and not row.all():
            raise SpecError("/bias_update", "frozen_partly", layer=part.layer + 1)
        found += [part.name] if held else []
    return tuple(found)


def given_bias_names(names: Names) -> list[Any]:
    """The bias names of each layer as a Spec gives them: one name, or one a unit."""
    given: list[Any] = []
    for units, row, node in zip(names.units[1:], names.biases, names.bias_nodes, strict=True):
        base = row[0].removesuffix(f"_{units[0]}")
        of_one = list(row) == [f"{base}_{unit}" for unit in units]
        given.append(node or (base if of_one else list(row)))
    return given


def _parameters(layers: Sequence[int], data: Data) -> Parameters:
    weights, biases, start = map(data.get, ("weights", "biases", "initialization"))
    if weights is not None and start is not None:
        raise SpecError("/initialization", "weights_and_initialization")
    if weights is None:
        weights = initialize(layers, **(start or {"scheme": "xavier_uniform", "seed": 0})).weights
    if biases is None:
        biases = [[0.0] * units for units in layers[1:]]
    return Parameters(
        tuple(_array(f"/weights/{layer}", rows) for layer, rows in enumerate(weights)),
        tuple(_array(f"/biases/{layer}", row) for layer, row in enumerate(biases)),
    )


def _array(pointer: str, rows: object) -> Any:
    try:
        return frozen_array(rows)
    except ValueError:
        raise SpecError(pointer, "ragged") from None


def _table(samples: Sequence[Data], key: str, expected: int, pointer: str = "/samples") -> Any:
    for index, sample in enumerate(samples):
        check_length(f"{pointer}/{index}/{key}", len(sample[key]), expected)
    return frozen_array([sample[key] for sample in samples]).reshape(len(samples), expected)


# --- names ----------------------------------------------------------------------------------


def _names(layers: Sequence[int], bias_update: str, initial: Parameters, given: Data) -> Names:
    hidden = given.get("hidden")
    if hidden and isinstance(hidden[0], str):
        hidden = [hidden]
    rows = [
        given.get("inputs") or _numbered("x", layers[0]),
        *(hidden or _hidden_names(layers[1:-1])),
        given.get("outputs") or _numbered("o", layers[-1]),
    ]
    units = tuple(tuple(row) for row in rows)
    check_length("/names/hidden", len(units) - 2, len(layers) - 2)
    for layer, (row, expected) in enumerate(zip(units, layers, strict=True)):
        check_length(unit_pointer(layer, len(layers)), len(row), expected)
    targets = tuple(given.get("targets") or _numbered("y", layers[-1]))
    check_length("/names/targets", len(targets), layers[-1])
    nodes, biases = _bias_names(units, bias_update, initial, given.get("biases"))
    return Names(units, targets, _weight_names(layers, given.get("weights")), biases, nodes)


def _numbered(letter: str, how_many: int) -> list[str]:
    return [f"{letter}{index}" for index in range(1, how_many + 1)]


def _hidden_names(sizes: Sequence[int]) -> list[list[str]]:
    if len(sizes) == 1:
        return [_numbered("h", sizes[0])]
    return [_numbered(f"h{layer}_", units) for layer, units in enumerate(sizes, start=1)]


def _weight_names(layers: Sequence[int], given: Any) -> tuple[tuple[tuple[str, ...], ...], ...]:
    if given is None:
        numbers = count(1)
        return tuple(
            tuple(tuple(f"w{next(numbers)}" for _ in range(n_in)) for _ in range(n_out))
            for n_in, n_out in pairwise(layers)
        )
    names = tuple(tuple(tuple(row) for row in rows) for rows in given)
    shapes = [tuple(len(row) for row in rows) for rows in names]
    if shapes != [(n_in,) * n_out for n_in, n_out in pairwise(layers)]:
        raise SpecError("/names/weights", "weight_names_shape")
    return names


def _bias_names(
    units: Sequence[Sequence[str]], bias_update: str, initial: Parameters, given: Any
) -> tuple[tuple[str | None, ...], tuple[tuple[str, ...], ...]]:
    """Bias nodes and bias names: one node a layer where its biases are and stay the same."""
    layers = units[1:]
    if given is not None:
        check_length("/names/biases", len(given), len(layers))
    # Parameters that do not fit are refused by the engine, which says it better than zip.
    same = [bias.size > 0 and bool(np.all(bias == bias[0])) for bias in initial.biases]
    whole = [
        bias_update == "shared" or (bias_update == "none" and equal)
        for equal in (*same, *[False] * len(layers))
    ][: len(layers)]
    nodes: list[str | None] = []
    rows: list[tuple[str, ...]] = []
    numbers = count(1)
    for layer, row in enumerate(layers):
        name = given[layer] if given is not None else None
        # Unless told otherwise, all layers are drawn alike.
        if isinstance(name, str) or (name is None and all(whole)):
            node = name or f"b{layer + 1}"
            nodes.append(node if whole[layer] else None)
            rows.append(tuple(f"{node}_{unit}" for unit in row))
        else:
            nodes.append(None)
            rows.append(tuple(name or (f"b{next(numbers)}" for _ in row)))
        check_length(f"/names/biases/{layer}", len(rows[-1]), len(row))
    return tuple(nodes), tuple(rows)
