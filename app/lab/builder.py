"""From what a person chose in the builder to a Spec's data; what was left open follows the data.

Fields are named as in the builder's form: ``units.1`` and ``activation.1`` are the first hidden
layer's. A choice that is not made is absent.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.data.catalog import (
    OPTIONS,
    OWN,
    OWN_OPTIONS,
    dataset_named,
    sampled,
    samples_to_data,
    source_to_data,
)
from app.data.generated import Dataset
from app.data.iris import NAME as IRIS
from app.engine.initialization import DEFAULT_SCALE
from app.engine.losses import LOSSES
from app.engine.metrics import are_classes
from app.engine.network import Optimizer, Spec
from app.engine.optimizers import OPTIMIZERS
from app.errors import InvalidInput
from app.lab.spec_json import spec_to_data

MAX_HIDDEN = 8
KEEP = "keep"
BATCHES = ("one", "mini", "full")
SCALED = ("uniform", "normal", "constant")
OPTIMIZER_FIELDS = (
    "momentum", "momentum_form", "decay", "beta1", "beta2", "epsilon", "epsilon_form",
    "bias_correction",
)  # fmt: skip
DECAY_FIELDS = ("weight_decay", "weight_decay_form", "decay_biases")
_MEASURED = (IRIS, OWN)
_UNITS = {"and": 2, "or": 2, "xor": 3, "spiral": 8, "blobs3": 3}
_RATES = {"sgd": 0.5, "momentum": 0.1, "nesterov": 0.1, "rmsprop": 0.01, "adam": 0.01}
# Errors of values have no end, and a momentum of 0.9 makes steps ten times as long.
_VALUE_RATES = {"sgd": 0.1, "momentum": 0.01, "nesterov": 0.01}

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Samples:
    """The samples that a network is built for.

    Attributes:
        name: of the data set, OWN, or KEEP for those of a network that is changed.
        inputs: how many inputs a sample has.
        outputs: how many outputs fit it, the usual number first.
        classes: whether targets are classes.
        training: how many samples train.
        sample: from layer sizes and the outputs' activation to ``samples``, ``test_samples`` and
            ``data`` of a Spec's data.
    """

    name: str
    inputs: int
    outputs: tuple[int, ...]
    classes: bool
    training: int
    sample: Callable[[tuple[int, ...], str], dict[str, Any]]


def data_defaults(name: str) -> dict[str, Any]:
    """What a data set's options are while they are left open.

    Measured data are standardised: inputs of some size saturate their units at once. A table is
    shuffled: many are sorted by class.
    """
    options = OWN_OPTIONS if name == OWN else OPTIONS.get(name, {})
    defaults: dict[str, Any] = {key: one.default for key, one in options.items()}
    if name in _MEASURED:
        defaults["standardise"] = True
    return defaults | ({"shuffle": True} if name == OWN else {})


def named_material(name: str, chosen: Values) -> Samples:
    """A data set by its name, with the options that were chosen.

    Raises:
        SpecError: the name is unknown.
    """
    options = {key: chosen[key] for key in OPTIONS.get(name, {}) if key in chosen}
    return dataset_material(name, dataset_named(name, options), options)


def dataset_material(name: str, found: Dataset, options: Values) -> Samples:
    """All samples of a data set, to be split and standardised as ``options`` ask.

    So are a table's targets that are values, as their size would be the error's; but only before
    identity outputs, as others may not reach what they would become.
    """
    values = name == OWN and not found.classes and not are_classes(found.targets)
    width = found.targets.shape[1]
    outputs = (1, 2) if len(found.classes) == 2 else (width,)
    first = sampled(name, found, options, (found.inputs.shape[1], outputs[0]))
    return Samples(
        name, found.inputs.shape[1], outputs, found.kind == "classes", len(first["samples"]),
        lambda layers, output: sampled(
            name, found, options, layers, targets_too=values and output == "identity"
        ),
    )  # fmt: skip


def kept_material(spec: Spec) -> Samples:
    """The samples of a network as they stand."""
    tests = samples_to_data(spec.test_inputs, spec.test_targets)
    data = {"samples": samples_to_data(spec.inputs, spec.targets)}
    data |= {"test_samples": tests} if tests else {}
    data |= {"data": source_to_data(spec.data)} if spec.data else {}  # type: ignore[dict-item]
    width = spec.targets.shape[1]
    return Samples(
        KEEP, spec.inputs.shape[1], (width,), are_classes(spec.targets),
        len(spec.inputs), lambda *_: data,
    )  # fmt: skip


# --- what is proposed -----------------------------------------------------------------------


def proposals(chosen: Values, material: Samples, base: Spec | None = None) -> dict[str, Any]:
    """What each field is while it is left open, given the others.

    Args:
        chosen: the fields that are not.
        material: the samples.
        base: the network that is changed, if one is: its parameters stay while its layers do,
            unless others are asked for.
    """
    output, loss, outputs = _ending(chosen, material)
    optimizer = chosen.get("optimizer", "sgd")
    rates = _RATES if material.classes else {**_RATES, **_VALUE_RATES}
    batch = chosen.get("batch") or ("one" if material.training <= 8 else "mini")
    found: dict[str, Any] = {
        "dataset": "xor",
        "hidden": 1,
        "outputs": outputs,
        "output_activation": output,
        "loss": loss,
        "optimizer": "sgd",
        "learning_rate": rates[optimizer],
        "bias_update": "per_neuron",
        "scheme": "xavier_uniform",
        "init_scale": DEFAULT_SCALE,
        "init_seed": 0,
        "batch": batch,
        "batch_size": min(10, material.training),
        "reduction": "mean",
        "slope_at_zero": 0.0,
        "leaky_slope": 0.01,
    }
    for layer in range(1, MAX_HIDDEN + 1):
        found[f"units.{layer}"] = _UNITS.get(material.name, 4)
        found[f"activation.{layer}"] = "tanh"
    default = Optimizer()
    found |= {name: getattr(default, name) for name in (*OPTIMIZER_FIELDS, *DECAY_FIELDS)}
    if base and "init_seed" not in chosen and _stays(base, {**found, **chosen}, material):
        found["scheme"] = KEEP
    return found


def _stays(base: Spec, values: Values, material: Samples) -> bool:
    """Whether the parameters of ``base`` fit."""
    layers = (material.inputs, *_hidden(values), values["outputs"])
    equal = all(bool(np.all(bias == bias[0])) for bias in base.initial.biases)
    return layers == base.layers and (equal or values["bias_update"] != "shared")


def _ending(chosen: Values, material: Samples) -> tuple[str, str, int]:
    """The outputs' activation, the loss and the number of outputs, each following the others."""
    output, loss = chosen.get("output_activation"), chosen.get("loss")
    wanted = output or (LOSSES[loss].match if loss else "")
    outputs = chosen.get("outputs") or material.outputs[-1 if wanted == "softmax" else 0]
    if not output:
        natural = "identity"
        if material.classes:
            natural = "sigmoid" if outputs == 1 else "softmax"
        output = wanted or natural
    fitting = {"sigmoid": "binary_cross_entropy", "softmax": "softmax_cross_entropy"}
    natural = fitting.get(output, "") if material.classes else ""
    return output, loss or natural or "mean_squared_error", outputs


# --- into a Spec's data ---------------------------------------------------------------------


def layers_of(values: Values, material: Samples) -> tuple[int, ...]:
    """The layer sizes.

    Raises:
        InvalidInput: the data has another number of outputs.
    """
    outputs = values["outputs"]
    if outputs not in material.outputs:
        allowed = " or ".join(map(str, material.outputs))
        raise InvalidInput("outputs_of_data", pointer="/new/outputs", allowed=allowed)
    return (material.inputs, *_hidden(values), outputs)


def _hidden(values: Values) -> list[int]:
    return [values[f"units.{layer}"] for layer in range(1, values["hidden"] + 1)]


def spec_data(values: Values, material: Samples, base: Spec | None = None) -> dict[str, Any]:
    """A Spec's data.

    Args:
        values: every field, chosen or proposed.
        material: the samples.
        base: the network that is changed, whose parameters and names stay where they fit, unless
            others were asked for (``scheme`` is then not KEEP).

    Raises:
        InvalidInput: the data has another number of outputs.
    """
    layers = layers_of(values, material)
    hidden = range(1, values["hidden"] + 1)
    size = {"one": 1, "full": "full"}.get(values["batch"], values["batch_size"])
    data: dict[str, Any] = {
        "layers": list(layers),
        "activations": [*(values[f"activation.{i}"] for i in hidden), values["output_activation"]],
        "loss": values["loss"],
        "optimizer": _optimizer(values),
        "bias_update": values["bias_update"],
        "batch": {"size": size, "reduction": values["reduction"]},
        "slope_at_zero": values["slope_at_zero"],
        "leaky_slope": values["leaky_slope"],
        **material.sample(layers, values["output_activation"]),
    }
    if base:
        data["hidden_deltas"] = base.hidden_deltas
    if base and values["scheme"] == KEEP:
        return data | _kept(base, values)
    scale = {"scale": values["init_scale"]} if values["scheme"] in SCALED else {}
    start = {"scheme": values["scheme"], "seed": values["init_seed"], **scale}
    return data | {"initialization": start}


def _kept(base: Spec, values: Values) -> dict[str, Any]:
    """The parameters of the network that is changed, and its names if its biases have theirs."""
    given = json.loads(json.dumps(spec_to_data(base)))  # tuples become lists, as JSON has them
    kept = {key: given[key] for key in ("weights", "biases")}
    return kept | ({"names": given["names"]} if values["bias_update"] == base.bias_update else {})


def _optimizer(values: Values) -> dict[str, Any]:
    name = values["optimizer"]
    used = ("learning_rate", *OPTIMIZERS[name].fields)
    if values["weight_decay"]:
        used += DECAY_FIELDS
    return {"name": name, **{key: values[key] for key in used}}
