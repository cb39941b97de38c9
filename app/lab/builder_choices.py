"""From a Spec back to what a person would have chosen in the builder."""

from typing import Any

import numpy as np

from app.data.catalog import OPTIONS
from app.engine.initialization import INITIALIZATIONS, initialize
from app.engine.network import Spec
from app.lab.builder import KEEP, batch_kind, data_defaults, defaults, kept_samples, named_samples
from app.lab.spec_json import optimizer_fields

_MOST_SEEDS = 100
_SAME = ("loss", "bias_update", "slope_at_zero", "leaky_slope")
_OUTPUT_SIDE = ("outputs", "output_activation", "loss")


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
    used = optimizer_fields(optimizer.name, optimizer.weight_decay)
    return {
        "hidden": len(hidden),
        "outputs": spec.layers[-1],
        "output_activation": spec.activations[-1],
        **{name: getattr(spec, name) for name in _SAME},
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
