"""The engine agrees with PyTorch: losses, gradients and fifty steps of fixed random networks.

``tests/oracle/record.py`` wrote what PyTorch says; ``make oracle`` asks it again.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.backprop import backward
from app.engine.learning import EPSILON_FORMS, MOMENTUM_FORMS, WEIGHT_DECAY_FORMS
from app.engine.losses import LOSSES
from app.engine.network import BIAS_UPDATES, REDUCTIONS
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import Parameters
from app.engine.training import forward_at, run
from app.lab.spec_json import spec_from_data

RECORDED = json.loads(
    (Path(__file__).parents[1] / "oracle" / "recorded.json").read_text(encoding="utf-8")
)
NETWORKS: list[dict[str, Any]] = RECORDED["networks"]
RELATIVE = 1e-10


def lists(weights: Any, biases: Any) -> dict[str, Any]:
    return {"weights": [w.tolist() for w in weights], "biases": [b.tolist() for b in biases]}


def by_engine(data: dict[str, Any]) -> dict[str, Any]:
    """What is recorded of a network, computed by the engine."""
    spec, steps = spec_from_data(data), RECORDED["steps"]
    passed = forward_at(spec, spec.initial, 0)
    gradients = backward(spec, spec.initial, passed)
    after: Parameters
    _, after = run(spec, spec.initial, 0, steps)
    return {
        "loss": passed.loss,
        "gradients": lists(gradients.weights, gradients.biases),
        "after": lists(after.weights, after.biases),
        "loss_after": forward_at(spec, after, steps).loss,
    }


def assert_agrees(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Equal to 1e-10, each array relative to its largest number."""
    for key in ("loss", "loss_after"):
        assert found[key] == pytest.approx(expected[key], rel=RELATIVE, abs=0)
    for key in ("gradients", "after"):
        for kind in ("weights", "biases"):
            for layer, (one, other) in enumerate(
                zip(found[key][kind], expected[key][kind], strict=True)
            ):
                size = float(np.abs(other).max())
                np.testing.assert_allclose(
                    one, other, rtol=0, atol=RELATIVE * size, err_msg=f"{key}: {kind}[{layer}]"
                )


@pytest.mark.parametrize("index", range(len(NETWORKS)))
def test_the_engine_agrees_with_pytorch(index: int) -> None:
    network = NETWORKS[index]
    assert_agrees(by_engine(network["spec"]), network)


def test_the_recorded_networks_cover_the_whole_engine() -> None:
    """Whoever adds a function adds a network to tests/oracle/record.py."""
    specs = [network["spec"] for network in NETWORKS]
    assert {name for spec in specs for name in spec["activations"]} == set(ACTIVATIONS)
    assert {spec["loss"] for spec in specs} == set(LOSSES)
    assert {spec["bias_update"] for spec in specs} == set(BIAS_UPDATES)
    assert {spec["batch"]["reduction"] for spec in specs} == set(REDUCTIONS)
    assert {str(spec["batch"]["size"]) for spec in specs} >= {"1", "2", "3", "full"}
    optimizers = [spec["optimizer"] for spec in specs]
    assert {o["name"] for o in optimizers} == set(OPTIMIZERS)
    for key, forms in (
        ("momentum_form", MOMENTUM_FORMS),
        ("epsilon_form", EPSILON_FORMS),
        ("weight_decay_form", WEIGHT_DECAY_FORMS),
        ("decay_biases", (True, False)),
    ):
        assert {o[key] for o in optimizers if key in o} == set(forms)
