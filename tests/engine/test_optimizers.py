"""Optimizers by hand, their formulas against their arithmetic, and what refuses to fit together."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.engine.optimizers import OPTIMIZERS
from app.engine.training import run, trace_step
from app.engine.validation import SpecError
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data, spec_to_data
from app.store.codec import decode, encode

# One weight, no bias: E = (w x - y)^2 / 2 with x = 1, y = 0, so the gradient is w itself.
ONE: dict[str, Any] = {
    "layers": [1, 1],
    "activations": ["identity"],
    "bias_update": "none",
    "samples": [{"inputs": [1.0], "targets": [0.0]}],
    "weights": [[[1.0]]],
    "biases": [[0.0]],
}


def weights(steps: int, **optimizer: Any) -> list[float]:
    """The one weight at steps 1 to ``steps``."""
    spec = spec_from_data({**ONE, "optimizer": optimizer})
    return [float(run(spec, spec.initial, 0, n)[1].weights[0][0, 0]) for n in range(1, steps + 1)]


def test_momentum_by_hand() -> None:
    # v = -0.1, w = 0.9; v = -0.09 - 0.09 = -0.18, w = 0.72; v = -0.162 - 0.072, w = 0.486.
    found = weights(3, name="momentum", learning_rate=0.1, momentum=0.9)
    assert found == pytest.approx([0.9, 0.72, 0.486], rel=1e-14)


def test_averaged_momentum_by_hand() -> None:
    # v = 0.5, w = 0.95; v = 0.25 + 0.475 = 0.725, w = 0.8775.
    found = weights(2, name="momentum", learning_rate=0.1, momentum=0.5, momentum_form="averaged")
    assert found == pytest.approx([0.95, 0.8775], rel=1e-14)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_classical_and_accumulated_agree_at_a_constant_rate(name: str) -> None:
    one, other = (
        weights(20, name=name, learning_rate=0.05, momentum=0.8, momentum_form=form)
        for form in ("classical", "accumulated")
    )
    assert one == pytest.approx(other, rel=1e-12)


def test_nesterov_by_hand() -> None:
    # v = -0.1, w = 1 - 0.09 - 0.1 = 0.81; v = -0.09 - 0.081, w = 0.81 - 0.1539 - 0.081.
    found = weights(2, name="nesterov", learning_rate=0.1, momentum=0.9)
    assert found == pytest.approx([0.81, 0.5751], rel=1e-14)


def test_rmsprop_by_hand() -> None:
    # s = 0.1, w = 1 - 0.01 / sqrt(0.1).
    (found,) = weights(1, name="rmsprop", learning_rate=0.01, decay=0.9, epsilon=0.0)
    assert found == pytest.approx(1 - 0.01 / math.sqrt(0.1), rel=1e-14)


@pytest.mark.parametrize(("form", "root"), [("outside", 1.0 + 0.5), ("inside", math.sqrt(1.5))])
def test_adams_first_step_by_hand(form: str, root: float) -> None:
    # Bias-corrected, the first mean is g = 1 and the first mean square g^2 = 1.
    (found,) = weights(1, name="adam", learning_rate=0.1, epsilon=0.5, epsilon_form=form)
    assert found == pytest.approx(1 - 0.1 / root, rel=1e-14)


def test_adams_uncorrected_root_by_hand() -> None:
    # m = 0.1 and s = 0.001; the rate is 0.1 sqrt(1 - 0.999) / (1 - 0.9) = sqrt(0.001).
    options = {"name": "adam", "learning_rate": 0.1, "epsilon": 0.5, "epsilon_form": "uncorrected"}
    (found,) = weights(1, **options)
    root = math.sqrt(0.001)
    assert found == pytest.approx(1 - root * 0.1 / (root + 0.5), rel=1e-12)


def test_adam_without_bias_correction_by_hand() -> None:
    # m = 0.1, s = 0.001: w = 1 - 0.1 * 0.1 / sqrt(0.001); then m = 0.19, s = 0.001999 as g stays 1.
    options = {"name": "adam", "learning_rate": 0.1, "epsilon": 0.0, "bias_correction": False}
    first = 1 - 0.1 * 0.1 / math.sqrt(0.001)
    assert weights(1, **options)[0] == pytest.approx(first, rel=1e-14)


def test_adagrad_by_hand() -> None:
    # s = 1, w = 0.9; s = 1.81, w = 0.9 - 0.1 * 0.9 / sqrt(1.81).
    found = weights(2, name="adagrad", learning_rate=0.1, epsilon=0.0)
    assert found == pytest.approx([0.9, 0.9 - 0.09 / math.sqrt(1.81)], rel=1e-14)


def test_amsgrad_by_hand() -> None:
    # As Adam while mean squares grow; m = 0.5, s = 1 (beta2 = 0), then g = 0.9: s falls, 1 is kept.
    options = {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.0, "epsilon": 0.0}
    found = weights(2, name="amsgrad", **options)
    assert found == pytest.approx([0.9, 0.9 - 0.1 * (0.25 + 0.45) / 0.75], rel=1e-14)
    assert weights(2, name="adam", **options)[1] < found[1]


def test_adamax_by_hand() -> None:
    # m = 0.1, u = 1 + 0.5: w = 1 - 0.1 / 1.5; then u = max(0.999 * 1.5, ...).
    options = {"name": "adamax", "learning_rate": 0.1, "epsilon": 0.5}
    first = 1 - 0.1 / 1.5
    mean = (0.09 + 0.1 * first) / (1 - 0.81)
    assert weights(2, **options) == pytest.approx([first, first - 0.1 * mean / 1.4985], rel=1e-14)


def test_nadam_by_hand() -> None:
    # m / (1 - beta1) = g = 1 and s / (1 - beta2) = 1: the step is 0.1 (0.9 + 0.1 / 0.1) = 0.19.
    (found,) = weights(1, name="nadam", learning_rate=0.1, epsilon=0.0)
    assert found == pytest.approx(1 - 0.19, rel=1e-14)


def test_an_epsilon_above_1_counts() -> None:
    (found,) = weights(1, name="adam", learning_rate=0.1, epsilon=3.0)
    assert found == pytest.approx(1 - 0.1 / 4.0, rel=1e-14)


@pytest.mark.parametrize(
    ("form", "expected"), [("gradient", 1 - 0.1 * 1.2), ("decoupled", 1 - 0.1 * 0.2 - 0.1)]
)
def test_weight_decay_by_hand(form: str, expected: float) -> None:
    (found,) = weights(1, name="sgd", learning_rate=0.1, weight_decay=0.2, weight_decay_form=form)
    assert found == pytest.approx(expected, rel=1e-14)


def test_weight_decay_takes_biases_only_when_asked() -> None:
    for decays, expected in ((False, 0.0), (True, -0.1 * 0.2)):
        optimizer = {"learning_rate": 0.1, "weight_decay": 0.2, "decay_biases": decays}
        data = {**ONE, "bias_update": "per_neuron", "optimizer": optimizer}
        spec = spec_from_data({**data, "weights": [[[-1.0]]], "biases": [[1.0]]})
        # w x + b = 0 = y: nothing but the decay moves the bias.
        after = trace_step(spec, spec.initial, 0).after
        assert float(after.biases[0][0]) - 1.0 == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.slots])
def test_a_memory_comes_back_with_every_step(name: str) -> None:
    spec = spec_from_data({**ONE, "optimizer": {"name": name, "learning_rate": 0.01}})
    lab = Lab.fresh(spec).stepped(300)
    there = lab.parameters.data
    assert lab.parameters.age == 300
    assert lab.rewound(257).stepped(43).parameters.data == there
    assert decode(encode(lab)).stepped(5).parameters.data == lab.stepped(5).parameters.data
    assert lab.taken_back(300).parameters.age == 0
    assert spec_from_data(spec_to_data(spec)).optimizer == spec.optimizer


def spec_with(**changes: Any) -> dict[str, Any]:
    return {
        "layers": [2, 2, 2],
        "activations": ["tanh", "softmax"],
        "loss": "softmax_cross_entropy",
        "samples": [{"inputs": [0.1, 0.2], "targets": [0.0, 1.0]}],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"activations": ["softmax", "softmax"]}, "/activations/0", "softmax_hidden"),
        ({"activations": ["tanh", "sigmoid"]}, "/loss", "softmax_loss"),
        ({"loss": "binary_cross_entropy"}, "/loss", "sigmoid_loss"),
        (
            {"samples": [{"inputs": [0.1, 0.2], "targets": [0.5, 0.6]}]},
            "/samples/0/targets",
            "targets_unity",
        ),
        (
            {"samples": [{"inputs": [0.1, 0.2], "targets": [-0.5, 1.5]}]},
            "/samples/0/targets",
            "targets_unit",
        ),
        (
            {"optimizer": {"name": "nesterov", "momentum_form": "averaged"}},
            "/optimizer/momentum_form",
            "nesterov_averaged",
        ),
        (
            {
                "optimizer": {
                    "name": "adam",
                    "bias_correction": False,
                    "epsilon_form": "uncorrected",
                }
            },
            "/optimizer/epsilon_form",
            "nothing_corrected",
        ),
        (
            {"optimizer": {"name": "sgd", "momentum": 0.5}},
            "/optimizer/momentum",
            "unused_option",
        ),
        ({"optimizer": {"name": "adam", "beta1": 1.0}}, "/optimizer/beta1", "unit_range_open"),
        ({"optimizer": {"name": "adam", "epsilon": 1001.0}}, "/optimizer/epsilon", "maximum"),
        ({"slope_at_zero": 1.5}, "/slope_at_zero", "unit_range"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], pointer: str, code: str) -> None:
    spec_from_data(spec_with())
    with pytest.raises(SpecError) as caught:
        spec_from_data(spec_with(**changes))
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


def test_a_single_softmax_output_is_refused() -> None:
    data = spec_with(layers=[2, 2, 1], loss="squared_error")
    data["samples"] = [{"inputs": [0.1, 0.2], "targets": [1.0]}]
    with pytest.raises(SpecError) as caught:
        spec_from_data(data)
    assert caught.value.code == "softmax_single"


def test_a_relu_at_exactly_zero_follows_the_spec() -> None:
    data = {**ONE, "activations": ["relu"], "weights": [[[0.0]]]}
    data["samples"] = [{"inputs": [1.0], "targets": [1.0]}]
    for slope in (0.0, 0.5, 1.0):
        spec = spec_from_data({**data, "slope_at_zero": slope})
        trace = trace_step(spec, spec.initial, 0)
        assert trace.gradients.weights[0].tolist() == [[-slope]]
        assert np.array_equal(trace.gradients.deltas[0], [[-slope]])
    assert replace(spec, slope_at_zero=0.25).activation_rules[0].slope.count("0.25") == 1


@pytest.mark.parametrize(
    ("options", "rates"),
    [
        ({"schedule": "step", "schedule_factor": 0.5, "schedule_steps": 2}, [0.4, 0.4, 0.2, 0.2]),
        ({"schedule": "exponential", "schedule_factor": 0.5}, [0.4, 0.2, 0.1, 0.05]),
        ({"schedule": "cosine", "schedule_steps": 2, "schedule_floor": 0.1}, [0.4, 0.25, 0.1, 0.1]),
    ],
)
def test_schedules_by_hand(options: dict[str, Any], rates: list[float]) -> None:
    spec = spec_from_data({**ONE, "optimizer": {"learning_rate": 0.4, **options}})
    parameters, used = spec.initial, []
    for step in range(4):
        trace = trace_step(spec, parameters, step)
        used.append(trace.learning_rate)
        parameters = trace.after
    assert used == pytest.approx(rates, rel=1e-14)
    left = 1.0
    for rate in rates:
        left *= 1 - rate
    assert float(parameters.weights[0][0, 0]) == pytest.approx(left, rel=1e-13)


def test_clipping_dampening_and_a_frozen_weight_by_hand() -> None:
    clipped = {"learning_rate": 0.1, "clip_limit": 0.5}
    for clipping, kept in (("value", 0.5), ("norm", 0.5), ("torch_norm", 0.5 / (1 + 1e-6))):
        (found,) = weights(1, name="sgd", clipping=clipping, **clipped)
        assert found == pytest.approx(1 - 0.1 * kept, rel=1e-14)
    # v = 1, w = 0.9; v = 0.5 + 0.75 * 0.9 = 1.175, w = 0.7825.
    damped = {"momentum": 0.5, "momentum_form": "accumulated", "dampening": 0.25}
    found_two = weights(2, name="momentum", learning_rate=0.1, **damped)
    assert found_two == pytest.approx([0.9, 0.7825], rel=1e-14)
    spec = spec_from_data({**ONE, "frozen": ["w1"]})
    assert float(run(spec, spec.initial, 0, 5)[1].weights[0][0, 0]) == 1.0


def test_a_penalty_within_the_loss() -> None:
    penalised = {"learning_rate": 0.1, "weight_decay": 0.2, "weight_decay_form": "loss"}
    spec = spec_from_data({**ONE, "optimizer": penalised})
    trace = trace_step(spec, spec.initial, 0)
    assert trace.forward.loss == pytest.approx(0.5 + 0.1, rel=1e-14)
    assert float(trace.gradients.weights[0][0, 0]) == pytest.approx(1.2, rel=1e-14)
    assert float(trace.after.weights[0][0, 0]) == pytest.approx(1 - 0.12, rel=1e-14)
