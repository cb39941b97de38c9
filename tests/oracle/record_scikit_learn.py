"""Networks trained by scikit-learn: python -m tests.oracle.record_scikit_learn

What it calls ``loss_curve_`` is the mean loss of each epoch's batches at the parameters before
their steps, with the penalty; its ``alpha`` is divided by the samples of a batch. Needs
``pip install scikit-learn``.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

PATH = Path(__file__).with_name("scikit_learn.json")
EPOCHS = 6
SAMPLES = 12
NAMES = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}
CASES: tuple[dict[str, Any], ...] = (
    {"hidden": (3,), "kind": "binary", "alpha": 0.3},
    {"hidden": (3,), "kind": "binary", "alpha": 0.3, "activation": "logistic", "momentum": 0.9},
    {"hidden": (4, 3), "kind": "classes", "alpha": 0.1, "momentum": 0.5},
    {"hidden": (4,), "kind": "classes", "alpha": 1.0, "activation": "relu", "batch": 3},
    {"hidden": (3,), "kind": "one", "alpha": 0.7, "activation": "relu", "nesterov": True},
    {"hidden": (2, 3), "kind": "two", "alpha": 0.05, "batch": 4, "momentum": 0.9},
    {"hidden": (3,), "kind": "two", "alpha": 0.0, "activation": "identity"},
    {"hidden": (3,), "kind": "binary", "alpha": 2.0, "solver": "adam", "batch": 6},
)


def compute(case: dict[str, Any]) -> dict[str, Any]:
    """A case with its numbers: samples, weights and biases before and after, and the losses."""
    rng = np.random.default_rng(CASES.index(case))
    inputs, kind = rng.normal(size=(SAMPLES, 2)), case["kind"]
    targets = {
        "binary": np.arange(SAMPLES) % 2,
        "classes": np.arange(SAMPLES) % 3,
        "one": rng.normal(size=SAMPLES),
        "two": rng.normal(size=(SAMPLES, 2)),
    }[kind]
    momentum = case.get("momentum", 0.8 if case.get("nesterov") else 0.0)
    network = (MLPRegressor if kind in ("one", "two") else MLPClassifier)(
        hidden_layer_sizes=case["hidden"], activation=case.get("activation", "tanh"),
        solver=case.get("solver", "sgd"), alpha=case["alpha"], learning_rate_init=0.1,
        momentum=momentum, nesterovs_momentum=case.get("nesterov", False), shuffle=False,
        batch_size=case.get("batch", SAMPLES), max_iter=1, tol=0.0, n_iter_no_change=100,
        random_state=CASES.index(case), warm_start=True,
    )  # fmt: skip
    network.fit(inputs, targets)  # what it makes up to begin with is not kept
    shapes = [array.shape for array in (*network.coefs_, *network.intercepts_)]
    start = [rng.normal(size=shape) for shape in shapes]
    layers = len(network.coefs_)
    network.coefs_, network.intercepts_ = start[:layers], start[layers:]
    begun = [array.tolist() for array in start]
    network.set_params(max_iter=EPOCHS)
    network.loss_curve_, network.best_loss_, network.t_ = [], np.inf, 0
    network.fit(inputs, targets)
    ended = [array.tolist() for array in (*network.coefs_, *network.intercepts_)]
    return {
        **case, "momentum": momentum, "inputs": inputs.tolist(), "targets": targets.tolist(),
        "start": begun, "end": ended, "loss_curve": network.loss_curve_, "loss": network.loss_,
    }  # fmt: skip


def main() -> None:
    """Write what scikit-learn says."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    recorded = {"scikit-learn": sklearn.__version__, "networks": [compute(case) for case in CASES]}
    PATH.write_text(json.dumps(recorded) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
