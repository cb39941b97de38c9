"""From what a person chose in the builder to a Spec's data, and back.

What was left open follows the data. Fields are named as in the builder's form: ``units.1`` and
``activation.1`` are the first hidden layer's. A choice that is not made is absent.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.data.catalog import (
    IRIS,
    OPTIONS,
    OWN,
    OWN_OPTIONS,
    DatasetOption,
    dataset_named,
    sampled,
)  # fmt: skip
from app.data.generated import Dataset
from app.engine.activations import Array
from app.engine.initialization import DEFAULT_SCALE, INITIALIZATIONS, initialize
from app.engine.learning import Optimizer
from app.engine.losses import HUBER_DELTA, LOSSES
from app.engine.metrics import are_bipolar, are_classes
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS
from app.errors import InvalidInput
from app.lab.spec_json import all_samples, optimizer_fields, spec_to_data
from app.lab.unused_rules import SCALED, unused_rules

MAX_HIDDEN = 8
USUAL_DATASET = "xor"
KEEP = "keep"
_UNITS = {"and": 2, "or": 2, "xor": 3, "spiral": 8, "blobs3": 3}
_RATES = dict.fromkeys(OPTIMIZERS, 0.01) | {
    "sgd": 0.5, "momentum": 0.1, "nesterov": 0.1, "adagrad": 0.1, "rmsprop_momentum": 0.001,
}  # fmt: skip
# Errors of values have no end, and a momentum of 0.9 makes steps ten times as long.
_VALUE_RATES = {"sgd": 0.1, "momentum": 0.01, "nesterov": 0.01}
_MOST_SEEDS = 100
_SAME = ("loss", "bias_update", "slope_at_zero", "leaky_slope", "huber_delta", "label_smoothing")
_OUTPUT_SIDE = ("outputs", "output_activation", "loss")

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Samples:
    """The samples that a network is built for.

    Attributes:
        name: of the data set, OWN, or KEEP for those of a network that is changed.
        outputs: the numbers of outputs that fit, the usual one first.
        classes: whether targets are classes.
        training: the number of training samples.
        sample: from layer sizes and the outputs' activation to ``samples``, ``test_samples`` and
            ``data`` of a Spec's data.
        bipolar: whether targets are -1 and 1.
        apart: whether targets of several outputs are 0 or 1 each for itself, not one-hot.
    """

    name: str
    inputs: int
    outputs: tuple[int, ...]
    classes: bool
    training: int
    sample: Callable[[tuple[int, ...], str], dict[str, Any]]
    bipolar: bool = False
    apart: bool = False


def options_of(name: str) -> Mapping[str, DatasetOption]:
    """The options of a data set, or of a table; none for a name that is neither."""
    return OWN_OPTIONS if name == OWN else OPTIONS.get(name, {})


def data_defaults(name: str, rows: int = 2) -> dict[str, Any]:
    """The options of a data set, or of a table of so many rows, while they are left open.

    Measured data are standardised: inputs of some size saturate their units at once. But a sample
    alone would become nothing but zeros. A table is shuffled: many are sorted by class.
    """
    usual = {key: one.default for key, one in options_of(name).items()}
    usual |= {"standardise": True} if name in (IRIS, OWN) and rows > 1 else {}
    return usual | ({"shuffle": True} if name == OWN else {})


def named_samples(name: str, chosen: Values) -> Samples:
    """A data set by its name, with the options that were chosen; SpecError if it is unknown."""
    options = {key: chosen[key] for key in OPTIONS.get(name, {}) if key in chosen}
    return dataset_samples(name, dataset_named(name, options), options)


def dataset_samples(name: str, found: Dataset, options: Values) -> Samples:
    """All samples of a data set, to be split and standardised by ``options``.

    Targets of a table that are values are standardised, too, since their size would be the
    error's; but only for identity outputs, since others may not reach the standardised values.
    """
    binary = name == OWN and _are_binary(found.targets)
    values = name == OWN and not found.classes and not are_classes(found.targets)
    width = found.targets.shape[1]
    outputs = (1, 2) if len(found.classes) == 2 else (width,)
    first = sampled(name, found, options, (found.inputs.shape[1], outputs[0]))
    return Samples(
        name, found.inputs.shape[1], outputs, binary or found.kind == "classes",
        len(first["samples"]),
        lambda layers, output: sampled(
            name, found, options, layers, targets_too=values and output == "identity"
        ),
        are_bipolar(found.targets), binary and not are_classes(found.targets),
    )  # fmt: skip


def _are_binary(targets: Array) -> bool:
    """Whether each output's targets (samples, outputs) are 0 and 1, and some of both."""
    return bool(np.all((targets == 0.0) | (targets == 1.0)) and np.all(np.ptp(targets, axis=0)))


def kept_samples(spec: Spec) -> Samples:
    """The samples of a network as they stand."""
    data, (count, width) = all_samples(spec), spec.inputs.shape
    outputs = spec.targets.shape[1:]
    bipolar = are_bipolar(spec.targets)
    classes = are_classes(spec.targets) and not bipolar
    return Samples(KEEP, width, outputs, classes, count, lambda *_: data, bipolar)


# --- defaults -------------------------------------------------------------------------------


def defaults(chosen: Values, samples: Samples, base: Spec | None = None) -> dict[str, Any]:
    """The value of each field while it is left open, given those that were chosen.

    The parameters of ``base``, the network that is changed, stay while its layers do, unless
    others are asked for.
    """
    output, loss, outputs = output_side(chosen, samples)
    rates = _RATES if samples.classes else {**_RATES, **_VALUE_RATES}
    found: dict[str, Any] = {
        **asdict(Optimizer()),
        "dataset": USUAL_DATASET,
        "hidden": 1,
        "outputs": outputs,
        "output_activation": output,
        "loss": loss,
        "optimizer": "sgd",
        "learning_rate": rates[chosen.get("optimizer", "sgd")],
        "bias_update": "per_neuron",
        "scheme": "xavier_uniform",
        "init_scale": DEFAULT_SCALE,
        "init_seed": 0,
        "batch": chosen.get("batch") or ("one" if samples.training <= 8 else "mini"),
        "batch_size": min(10, samples.training),
        "reduction": "mean",
        "slope_at_zero": 0.0,
        "leaky_slope": 0.01,
        "huber_delta": HUBER_DELTA,
        "label_smoothing": 0.0,
        "frozen": "",
    }
    for layer in range(1, MAX_HIDDEN + 1):
        found[f"units.{layer}"] = _UNITS.get(samples.name, 4)
        found[f"activation.{layer}"] = "tanh"
    if base and "init_seed" not in chosen and _stays(base, {**found, **chosen}, samples):
        found["scheme"] = KEEP
    return found


def _stays(base: Spec, values: Values, samples: Samples) -> bool:
    """Whether the parameters of ``base`` fit."""
    layers = (samples.inputs, *_hidden(values), values["outputs"])
    equal = all(bool(np.all(bias == bias[0])) for bias in base.initial.biases)
    return layers == base.layers and (equal or values["bias_update"] != "shared")


def output_side(chosen: Values, samples: Samples) -> tuple[str, str, int]:
    """The outputs' activation, the loss and the number of outputs, each following the others."""
    output, loss = chosen.get("output_activation"), chosen.get("loss")
    wanted = output or (LOSSES[loss].match if loss else "")
    outputs = chosen.get("outputs") or samples.outputs[-1 if wanted == "softmax" else 0]
    for_classes = "sigmoid" if outputs == 1 or samples.apart else "softmax"
    for_values = "tanh" if samples.bipolar else "identity"
    output = wanted or (for_classes if samples.classes else for_values)
    fitting = {"sigmoid": "binary_cross_entropy", "softmax": "softmax_cross_entropy"}
    natural = fitting.get(output, "") if samples.classes else ""
    return output, loss or natural or "mean_squared_error", outputs


def batch_kind(size: int | None) -> str:
    """The choice that a batch of this size is; None stands for all samples."""
    return "full" if size is None else "one" if size == 1 else "mini"


# --- into a Spec's data ---------------------------------------------------------------------


def layers_of(values: Values, samples: Samples) -> tuple[int, ...]:
    """The layer sizes. Raises InvalidInput if the data has another number of outputs."""
    outputs = values["outputs"]
    if outputs not in samples.outputs:
        allowed = " or ".join(map(str, samples.outputs))
        raise InvalidInput("outputs_of_data", pointer="/new/outputs", allowed=allowed)
    return (samples.inputs, *_hidden(values), outputs)


def _hidden(values: Values) -> list[int]:
    return [values[f"units.{layer}"] for layer in range(1, values["hidden"] + 1)]


def spec_data(values: Values, samples: Samples, base: Spec | None = None) -> dict[str, Any]:
    """A Spec's data from every field, chosen or proposed.

    The parameters and names of ``base``, the network that is changed, stay where they fit, unless
    others were asked for (``scheme`` is then not KEEP). Raises InvalidInput if the data has
    another number of outputs.
    """
    layers = layers_of(values, samples)
    hidden = range(1, values["hidden"] + 1)
    optimizer = values["optimizer"]
    used = optimizer_fields({**values, "name": optimizer})
    size = {"one": 1, "full": "full"}.get(values["batch"], values["batch_size"])
    data: dict[str, Any] = {
        "layers": list(layers),
        "activations": [*(values[f"activation.{i}"] for i in hidden), values["output_activation"]],
        "optimizer": {"name": optimizer, **{name: values[name] for name in used}},
        "batch": {"size": size, "reduction": values["reduction"]},
        **{name: values[name] for name in _SAME},
        "frozen": [name.strip() for name in values["frozen"].split(",") if name.strip()],
        **samples.sample(layers, values["output_activation"]),
    }
    for name in unused_rules(data):
        del data[name]
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
    same = values["bias_update"] == base.bias_update
    return kept | ({"names": given["names"]} if same else {})


# --- from a Spec back to choices --------------------------------------------------------------


def choices_of(spec: Spec) -> dict[str, Any]:
    """What a person would have chosen to build ``spec``; a default is left open."""
    kept = {"dataset": KEEP, **_data_choices(spec)}
    name = kept["dataset"]
    samples = kept_samples(spec) if name == KEEP else named_samples(name, kept)
    found = _network_choices(spec) | _recognised(spec)
    open_ = defaults({"optimizer": spec.optimizer.name}, samples)
    if any(open_[key] != found[key] for key in _OUTPUT_SIDE):
        # They follow each other, so that one alone could change the others.
        open_ = {key: value for key, value in open_.items() if key not in _OUTPUT_SIDE}
    found = {key: value for key, value in found.items() if open_.get(key) != value}
    usual = data_defaults(name)
    return {key: value for key, value in kept.items() if usual.get(key) != value} | found


def _network_choices(spec: Spec) -> dict[str, Any]:
    hidden = range(1, len(spec.layers) - 1)
    size, optimizer = spec.batch.size, spec.optimizer
    used = optimizer_fields(asdict(optimizer))
    return {
        "hidden": len(hidden),
        "outputs": spec.layers[-1],
        "output_activation": spec.activations[-1],
        **{name: getattr(spec, name) for name in _SAME},
        "frozen": ", ".join(spec.frozen),
        "batch": batch_kind(size),
        "reduction": spec.batch.reduction,
        **{f"units.{layer}": spec.layers[layer] for layer in hidden},
        **{f"activation.{layer}": spec.activations[layer - 1] for layer in hidden},
        **({"batch_size": size} if size not in (None, 1) else {}),
        "optimizer": optimizer.name,
        **{key: getattr(optimizer, key) for key in used},
    }


def _data_choices(spec: Spec) -> dict[str, Any]:
    """The data set and its options, if the samples still are what it gives."""
    source = spec.data
    if source is None or source.name not in OPTIONS:
        return {}
    options = {k: v for k, v in source.options.items() if k in OPTIONS[source.name]}
    wanted = spec.layers, spec.activations[-1]
    again = named_samples(source.name, options).sample(*wanted)
    if again != kept_samples(spec).sample(*wanted):
        return {}
    return {"dataset": source.name, **options}


def _recognised(spec: Spec) -> dict[str, Any]:
    """The scheme and the seed that drew the parameters, if a seed below _MOST_SEEDS did."""
    if any(np.any(bias) for bias in spec.initial.biases):
        return {}
    first = spec.initial.weights[0]
    for scheme in INITIALIZATIONS:
        for seed in range(1 if scheme in ("zeros", "constant") else _MOST_SEEDS):
            drawn = initialize(spec.layers[:2], scheme, seed)
            if not np.array_equal(drawn.weights[0], first):
                continue
            full = initialize(spec.layers, scheme, seed)
            if all(map(np.array_equal, full.weights, spec.initial.weights)):
                return {"scheme": scheme, "init_seed": seed}
    return {}
