"""The exported programs: which networks they are tried on, and how they are run."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.web.files.programs import program_text

ORACLE = Path(__file__).with_name("oracle")
RECORDED = ORACLE / "programs.json"
TORCH_PYTHON = os.environ.get("TAKEBACK_TORCH_PYTHON", sys.executable)
STEPS = 12
_RUNNER = """
import contextlib, io, json, sys
printed = {}
for name, text in json.load(sys.stdin).items():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, name, "exec"), {"__name__": "__main__"})
    printed[name] = out.getvalue()
json.dump(printed, sys.stdout)
"""


@cache
def labs() -> dict[str, Lab]:
    """Networks that cover all that a Spec can say, after some steps."""
    found = {}
    networks = json.loads((ORACLE / "recorded.json").read_text(encoding="utf-8"))["networks"]
    for index, network in enumerate(networks):
        # A norm takes all gradients, which updated weights do not wait for.
        whole = "norm" in network["spec"]["optimizer"].get("clipping", "")
        data = {
            **network["spec"],
            "slope_at_zero": (0.0, 0.5, 1.0)[index % 3],
            "leaky_slope": (0.01, 0.2)[index % 2],
            "hidden_deltas": "updated" if index % 4 == 3 and not whole else "exact",
        }
        found[f"network {index}"] = Lab.fresh(spec_from_data(data)).stepped(STEPS)
        if index % 7 == 0:  # what the optimizer remembers is carried over an edit
            edited = Lab.fresh(spec_from_data(data)).stepped(3).edited(Edit(learning_rate=0.03))
            found[f"network {index}, edited"] = edited.stepped(STEPS)
    return found | {name: Lab.fresh(spec_from_data(data)) for name, data in CORNERS.items()}


_ZERO = {
    "weights": [[[1.0, -1.0], [0.5, 0.5]], [[0.4, -0.3]]],
    "biases": [[0.0, -0.5], [0.1]],
    "samples": [{"inputs": [0.5, 0.5], "targets": [0.9]}],
}
# Outputs that nearly meet a target of 1 or -1: the activation, its sums there, and the targets.
_MET: dict[str, tuple[list[float], list[float]]] = {
    "tanh": ([6.0, 19.0, -18.0], [1.0, 1.0, -1.0]),
    "bipolar_sigmoid": ([9.0, 36.0, -30.0], [1.0, 1.0, -1.0]),
    "scaled_tanh": ([1.0, 1.00001, -1.0], [1.0, 1.0, -1.0]),
    "elu": ([0.5, -14.0, -30.0], [1.0, -1.0, -1.0]),
    "sigmoid": ([9.0, 36.0, 30.0], [1.0, 1.0, 1.0]),
    "softmax": ([20.0, -15.0, 1.0], [1.0, 0.0, 0.0]),
}
_NO_EPSILON = {"name": "adam", "learning_rate": 0.1, "epsilon": 0.0}
_EMPTY_INPUT = {
    "layers": [2, 2, 1], "activations": ["tanh", "identity"], **_ZERO,
    "samples": [{"inputs": [0.0, 0.5], "targets": [0.9]}],
}  # fmt: skip
CORNERS: dict[str, dict[str, Any]] = {
    **{
        f"{name} meets its targets, {loss}": {
            "layers": [1, 3], "activations": [name], "loss": loss,
            "weights": [[[z] for z in sums]],
            "samples": [{"inputs": [1.0], "targets": targets}],
            # Its slopes cancel here: in biases that begin at 0 nothing else would be seen.
            **({"bias_update": "none"} if name == "softmax" else {}),
        }
        for name, (sums, targets) in _MET.items()
        for loss in ("half_squared_error", "mean_absolute_error", "huber", "hinge", "squared_hinge")
        if name != "softmax" or "hinge" not in loss
    },
    "adam without epsilon, a gradient of 0": {**_EMPTY_INPUT, "optimizer": _NO_EPSILON},
    **{
        f"{name} without epsilon, frozen weights without a gradient, deltas by {deltas} weights": {
            **_EMPTY_INPUT, "optimizer": {**_NO_EPSILON, "name": name},
            "weights": [[[1.0, -1.0], [0.5, 0.5]], [[0.4, -0.3]]],
            "frozen": ["w1", "w3"], "bias_update": "per_neuron", "hidden_deltas": deltas,
        }
        for name in ("adam", "rmsprop_momentum", "adamax")
        for deltas in ("exact", "updated")
    },
    # Both pre-activations of the hidden layer are exactly zero.
    **{
        f"{name} at zero, slope {slope}": {
            "layers": [2, 2, 1], "activations": [name, "identity"], "slope_at_zero": slope, **_ZERO,
        }
        for name in ("relu", "leaky_relu")
        for slope in (0.0, 0.5, 1.0)
    },
    "saturated": {
        "layers": [1, 2], "activations": ["sigmoid"], "loss": "binary_cross_entropy",
        "samples": [{"inputs": [1.0], "targets": [1.0, 0.0]}],
        "weights": [[[40.0], [-800.0]]],
    },
    "absolute error of zero": {
        "layers": [1, 2], "activations": ["identity"], "loss": "mean_absolute_error",
        "samples": [{"inputs": [1.0], "targets": [0.5, 0.25]}],
        "weights": [[[0.5], [1.0]]],
    },
    "adam without bias correction": {
        "layers": [2, 2, 1], "activations": ["tanh", "identity"], **_ZERO,
        "optimizer": {"name": "adam", "learning_rate": 0.1, "bias_correction": False},
    },
    "iris": {
        "layers": [4, 5, 3], "activations": ["tanh", "softmax"], "loss": "softmax_cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.01}, "bias_update": "per_neuron",
        "batch": {"size": 10, "reduction": "mean"}, "data": {"name": "iris", "standardise": True},
    },
    "no momentum": {
        "layers": [1, 1], "activations": ["tanh"], "weights": [[[0.3]]],
        "optimizer": {"name": "nesterov", "learning_rate": 0.05, "momentum": 0.0,
                      "momentum_form": "accumulated"},
        "samples": [{"inputs": [1.0], "targets": [0.5]}],
    },
}  # fmt: skip


@cache
def texts(language: str) -> dict[str, str]:
    """Every network's program."""
    return {name: program_text(lab, language) for name, lab in labs().items()}


def run_all(programs: dict[str, str], python: str = sys.executable) -> dict[str, str]:
    """What each program prints, run by a Python of its own; a warning is an error."""
    done = subprocess.run(
        [python, "-W", "error", "-c", _RUNNER],
        input=json.dumps(programs), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr[-3_000:]
    printed: dict[str, str] = json.loads(done.stdout)
    return printed


def has_torch() -> bool:
    """Whether PyTorch is here to be asked."""
    return sys.executable != TORCH_PYTHON or importlib.util.find_spec("torch") is not None


def fingerprint(text: str) -> str:
    """A hash of a program without its numbers: their last digits, and so its lines, vary.

    Other numbers would show: what was printed would not be what the engine computes.
    """
    symbols = re.sub(r"-?\d+\.\d+(e[+-]?\d+)?|-?\d+e-\d+|[\s,]", "", text)
    return hashlib.sha256(symbols.encode()).hexdigest()
