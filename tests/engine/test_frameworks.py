"""What frameworks print of single losses and steps, and a lecture of the perceptron, comes out.

Sources: TensorFlow's API documentation of losses and optimizers (r2.4, r2.10); TensorFlow.js's
tests of its RMSProp; scikit-learn's documentation of ``hinge_loss``; Cornell CS 472, fall 2004,
perceptron-example.txt. ``tests.oracle.record_scikit_learn`` has scikit-learn train networks.
"""

import json
from typing import Any

import numpy as np
import pytest

from app.engine import numpy_backend
from app.engine.numba_backend import backend as kernel
from app.engine.training import Backend
from app.lab.spec_json import spec_from_data
from tests.support import ROOT

pytestmark = pytest.mark.parametrize("arithmetic", [numpy_backend, kernel])


def answering(outputs: list[list[float]], targets: list[list[float]], **rules: Any) -> Any:
    """A network that answers each sample with one row of ``outputs``; the mean of the losses."""
    count = len(outputs)
    return spec_from_data(
        {
            "layers": [count, len(outputs[0])],
            "activations": ["identity"],
            "bias_update": "none",
            "weights": [np.transpose(outputs).tolist()],
            "batch": {"size": "full", "reduction": "mean"},
            "samples": [
                {"inputs": row, "targets": y}
                for row, y in zip(np.eye(count).tolist(), targets, strict=True)
            ],
            **rules,
        }
    )


PREDICTIONS = [[0.6, 0.4], [0.4, 0.6]]


@pytest.mark.parametrize(
    ("loss", "outputs", "targets", "each", "mean"),
    [
        ("mean_huber", PREDICTIONS, [[0, 1], [0, 0]], [0.18, 0.13], 0.155),
        # Keras takes the mean of both outputs, ours is their sum.
        ("squared_hinge", PREDICTIONS, [[-1, 1], [-1, -1]], [2 * 1.46, 2 * 2.26], 2 * 1.86),
        ("hinge", [[-2.18], [2.36], [0.09]], [[-1], [1], [1]], [0, 0, 0.91], 0.3033),
    ],
)
def test_losses(
    arithmetic: Backend,
    loss: str,
    outputs: list[list[float]],
    targets: list[list[float]],
    each: list[float],
    mean: float,
) -> None:
    spec = answering(outputs, targets, loss=loss)
    passed = arithmetic.forward_at(spec, spec.initial, 0)
    assert passed.shares.sum(axis=1).tolist() == pytest.approx(each, rel=1e-12)
    assert passed.loss == pytest.approx(mean, abs=5e-5)


@pytest.mark.parametrize(
    ("start", "loss", "optimizer", "printed"),
    [
        # 10**2 / 2, one step; "{:.1f}".
        ([10.0], "half_squared_error",
         {"name": "nadam", "learning_rate": 0.2, "epsilon": 1e-7, "momentum_decay": 0.004},
         [["9.8"]]),
        # The sum of squares of 1 and 2. The second step is held there to 0.01 only.
        ([1.0, 2.0], "squared_error",
         {"name": "rmsprop_momentum", "learning_rate": 0.1, "decay": 0.95, "momentum": 0.1},
         [["0.55279", "1.55279"]]),
        ([1.0, 2.0], "squared_error",
         {"name": "rmsprop_momentum", "learning_rate": 0.1, "decay": 0.95, "momentum": 0.1,
          "centred": True, "epsilon_form": "inside"},
         [["0.54117", "1.54117"]]),
    ],
)  # fmt: skip
def test_steps(
    arithmetic: Backend,
    start: list[float],
    loss: str,
    optimizer: dict[str, Any],
    printed: list[list[str]],
) -> None:
    spec = answering([start], [[0.0] * len(start)], loss=loss, optimizer=optimizer)
    for step, row in enumerate(printed, start=1):
        weights = arithmetic.run(spec, spec.initial, 0, step)[1].weights[0].ravel().tolist()
        decimals = len(row[0].partition(".")[2])
        assert [f"{weight:.{decimals}f}" for weight in weights] == row


def test_a_perceptron_learns_or(arithmetic: Backend) -> None:
    rows, targets = [[0, 0, -1], [0, 1, -1], [1, 0, -1], [1, 1, -1]], [0, 1, 1, 1]
    spec = spec_from_data(
        {
            "layers": [3, 1],
            "activations": ["step"],
            "loss": "perceptron",
            "bias_update": "none",
            "optimizer": {"learning_rate": 0.5},
            "weights": [[[0, 0, 0]]],
            "samples": [
                {"inputs": row, "targets": [y]} for row, y in zip(rows, targets, strict=True)
            ],
        }
    )
    expected = [
        [0, 0, 0.5], [0, 0.5, 0], [0, 0.5, 0], [0, 0.5, 0],
        [0, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0.5, 0],
    ]  # fmt: skip
    for step, weights in enumerate(expected, start=1):
        assert arithmetic.run(spec, spec.initial, 0, step)[1].weights[0][0].tolist() == weights


_RECORDED = json.loads((ROOT / "tests/oracle/scikit_learn.json").read_text(encoding="utf-8"))
SCIKIT_LEARNS: list[dict[str, Any]] = _RECORDED["networks"]
_ACTIVATIONS = {"logistic": "sigmoid"}
_ANSWERS = {
    "binary": ("sigmoid", "binary_cross_entropy"),
    "classes": ("softmax", "softmax_cross_entropy"),
    "one": ("identity", "half_squared_error"),
    "two": ("identity", "half_squared_error"),
}


def as_ours(network: dict[str, Any]) -> dict[str, Any]:
    """The same network as the API takes it."""
    weights = [np.transpose(one).tolist() for one in network["start"] if np.ndim(one) == 2]
    biases = [one for one in network["start"] if np.ndim(one) == 1]
    hidden = network.get("activation", "tanh")
    output, loss = _ANSWERS[network["kind"]]
    targets = network["targets"]
    if network["kind"] == "classes":
        targets = np.eye(3)[targets].tolist()
    rows = [one if isinstance(one, list) else [one] for one in targets]
    size = network.get("batch", len(rows))
    optimizer: dict[str, Any] = {"name": "sgd"}
    if network.get("solver") == "adam":
        optimizer = {"name": "adam", "bias_correction": True, "epsilon_form": "uncorrected"}
    elif network["momentum"]:
        name = "nesterov" if network.get("nesterov") else "momentum"
        optimizer = {"name": name, "momentum": network["momentum"]}
    decay = {"weight_decay": network["alpha"] / size, "weight_decay_form": "loss"}
    return {
        "layers": [len(network["inputs"][0]), *map(len, biases)],
        "activations": [*[_ACTIVATIONS.get(hidden, hidden)] * (len(biases) - 1), output],
        "loss": loss,
        "bias_update": "per_neuron",
        "weights": weights,
        "biases": biases,
        "batch": {"size": size, "reduction": "mean"},
        "optimizer": {**optimizer, "learning_rate": 0.1, **(decay if network["alpha"] else {})},
        "samples": [
            {"inputs": x, "targets": y} for x, y in zip(network["inputs"], rows, strict=True)
        ],
    }


@pytest.mark.parametrize("network", SCIKIT_LEARNS, ids=lambda one: f"{one['kind']} {one['alpha']}")
def test_what_scikit_learn_trains(arithmetic: Backend, network: dict[str, Any]) -> None:
    """What it calls its loss is E with the penalty in it.

    With several targets a regressor's loss is their mean, but its gradients are those of their sum.
    """
    spec = spec_from_data(as_ours(network))
    epochs = len(network["loss_curve"])
    losses, end = arithmetic.run(spec, spec.initial, 0, epochs * spec.batches)
    if network["kind"] != "two":
        means = np.reshape(losses, (epochs, spec.batches)).mean(axis=1)
        assert means == pytest.approx(np.array(network["loss_curve"]), rel=1e-12)
        assert means[-1] == pytest.approx(network["loss"], rel=1e-12)
    ours = [*(w.T for w in end.weights), *end.biases]
    for own, theirs in zip(ours, network["end"], strict=True):
        assert own == pytest.approx(np.array(theirs), rel=1e-11, abs=1e-14)
