"""Networks computed by JAX, from the Spec data alone: python -m tests.oracle.record

Nothing of app.engine is used here: the functions below are a second, independent reading of the
API's documentation, and the gradients are JAX's. Needs ``pip install jax`` (CPU).
"""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

PATH = Path(__file__).with_name("recorded.json")
STEPS = 50
SEED = 400  # With this one no network's ReLUs are all asleep.

ACTIVATIONS: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
}
LOSSES: dict[str, Any] = {
    "half_squared_error": lambda a, y: jnp.sum(jnp.square(a - y)) / 2,
    "squared_error": lambda a, y: jnp.sum(jnp.square(a - y)),
    "mean_squared_error": lambda a, y: jnp.mean(jnp.square(a - y)),
}

# layers, activations, loss, bias_update, samples, batch size, reduction, learning rate
NETWORKS: list[tuple[list[int], list[str], str, str, int, int | str, str, float]] = [
    ([2, 2, 2], ["sigmoid", "sigmoid"], "half_squared_error", "none", 1, 1, "sum", 0.5),
    ([2, 2, 2], ["sigmoid", "sigmoid"], "half_squared_error", "shared", 4, 2, "mean", 0.5),
    ([3, 2, 1], ["sigmoid", "sigmoid"], "half_squared_error", "per_neuron", 1, 1, "sum", 0.9),
    ([2, 4, 1], ["tanh", "identity"], "squared_error", "per_neuron", 5, 1, "sum", 0.05),
    ([2, 4, 1], ["tanh", "identity"], "squared_error", "none", 5, "full", "mean", 0.1),
    ([1, 5, 1], ["relu", "identity"], "mean_squared_error", "per_neuron", 5, "full", "mean", 0.05),
    ([2, 3, 3, 2], ["tanh", "relu", "sigmoid"], "mean_squared_error", "shared", 5, 3, "sum", 0.2),
    ([4, 3, 2, 3], ["relu", "tanh", "tanh"], "squared_error", "per_neuron", 4, 3, "mean", 0.1),
    ([2, 1], ["identity"], "half_squared_error", "per_neuron", 5, 2, "sum", 0.1),
    ([1, 1], ["sigmoid"], "squared_error", "none", 2, 1, "mean", 1.0),
    ([2, 2, 2, 2, 2], ["sigmoid", "identity", "tanh", "relu"], "half_squared_error", "shared",
     3, "full", "sum", 0.1),
    ([5, 4, 3, 2], ["sigmoid", "tanh", "sigmoid"], "mean_squared_error", "per_neuron", 5, "full",
     "sum", 0.7),
]  # fmt: skip


def spec_data(index: int) -> dict[str, Any]:
    """One of the fixed networks, its numbers drawn from its index."""
    layers, activations, loss, bias_update, samples, size, reduction, rate = NETWORKS[index]
    rng = np.random.default_rng(SEED + index)

    def draw(*shape: int) -> Any:
        return rng.uniform(-1, 1, shape).tolist()

    def biases(units: int) -> list[float]:
        return draw(1) * units if bias_update == "shared" else draw(units)  # type: ignore[no-any-return]

    return {
        "layers": layers,
        "activations": activations,
        "loss": loss,
        "optimizer": {"name": "sgd", "learning_rate": rate},
        "bias_update": bias_update,
        "batch": {"size": size, "reduction": reduction},
        "samples": [
            {"inputs": draw(layers[0]), "targets": draw(layers[-1])} for _ in range(samples)
        ],
        "weights": [draw(n_out, n_in) for n_in, n_out in pairwise(layers)],
        "biases": [biases(units) for units in layers[1:]],
    }


def batch_at(data: dict[str, Any], step: int) -> list[dict[str, Any]]:
    """The samples of a step: in order, the last batch of a round perhaps smaller."""
    samples, size = data["samples"], data["batch"]["size"]
    if size == "full":
        size = len(samples)
    batches = [samples[at : at + size] for at in range(0, len(samples), size)]
    return batches[step % len(batches)]  # type: ignore[no-any-return]


def loss(parameters: Any, data: dict[str, Any], batch: list[dict[str, Any]]) -> Any:
    """The loss of a batch. A shared bias is one number a layer."""
    losses = []
    for sample in batch:
        a = jnp.array(sample["inputs"], dtype=jnp.float64)
        for name, weights, bias in zip(data["activations"], *parameters, strict=True):
            a = ACTIVATIONS[name](weights @ a + bias)
        losses.append(LOSSES[data["loss"]](a, jnp.array(sample["targets"], dtype=jnp.float64)))
    total = sum(losses)
    return total / len(losses) if data["batch"]["reduction"] == "mean" else total


def lists(data: dict[str, Any], parameters: Any) -> dict[str, Any]:
    """Weights and biases as the API writes them: a shared bias stands at each unit."""
    weights, biases = parameters
    return {
        "weights": [np.asarray(array).tolist() for array in weights],
        "biases": [
            np.broadcast_to(np.asarray(bias), (units,)).tolist()
            for bias, units in zip(biases, data["layers"][1:], strict=True)
        ],
    }


def compute(data: dict[str, Any]) -> dict[str, Any]:
    """Loss and gradients before the first step, and what 50 steps lead to."""
    shared = data["bias_update"] == "shared"
    weights = [jnp.array(rows, dtype=jnp.float64) for rows in data["weights"]]
    biases = [jnp.array(row[0] if shared else row, dtype=jnp.float64) for row in data["biases"]]
    rate = data["optimizer"]["learning_rate"]
    gradient = jax.grad(loss)
    first = batch_at(data, 0)
    result = {
        "loss": float(loss((weights, biases), data, first)),
        "gradients": lists(data, gradient((weights, biases), data, first)),
    }
    for step in range(STEPS):
        dw, db = gradient((weights, biases), data, batch_at(data, step))
        weights = [w - rate * d for w, d in zip(weights, dw, strict=True)]
        if data["bias_update"] != "none":
            biases = [b - rate * d for b, d in zip(biases, db, strict=True)]
    result["after"] = lists(data, (weights, biases))
    result["loss_after"] = float(loss((weights, biases), data, batch_at(data, STEPS)))
    return result


def main() -> None:
    """Write every network and what JAX makes of it."""
    networks = [{"spec": data, **compute(data)} for data in map(spec_data, range(len(NETWORKS)))]
    lines = ",\n".join(json.dumps(network, separators=(",", ":")) for network in networks)
    versions = f'"jax":"{jax.__version__}","steps":{STEPS}'
    PATH.write_text(f'{{{versions},"networks":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
