"""The gradient check: right gradients pass, wrong ones are found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from app.engine import activations, network
from app.engine.backprop import forward
from app.engine.gradient_check import check_gradients, numeric_gradients
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.pages.gradient_check import check_view
from tests.strategies import QUICK, specs

MAZUR = EXAMPLES["mazur-2-2-2"].spec


@QUICK
@given(specs(most_layers=4, most_units=3, most_samples=3))
def test_the_two_ways_agree(spec: Spec) -> None:
    assume(spec.loss != "perceptron")  # which needs steps
    smooth = (
        "tanh" if activations.ACTIVATIONS[a].bends and a != "elu" else a for a in spec.activations
    )
    spec = replace(spec, activations=tuple(smooth))
    passed = forward(spec, spec.initial, spec.inputs, spec.targets)
    bend = spec.loss_rule.bend
    far = bend is None or bool(np.all(np.abs(bend(passed.activations[-1], passed.targets)) > 1e-3))
    assume(passed.is_finite and passed.loss < 1e4 and "absolute" not in spec.loss and far)
    check = check_gradients(spec, spec.initial, spec.inputs, spec.targets)
    scale = max(1.0, passed.loss)
    for ours, theirs in zip(check.analytic.arrays(), check.numeric.arrays(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-7 * scale)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_the_examples_pass(slug: str) -> None:
    view = check_view(Lab.fresh(EXAMPLES[slug].spec, slug).stepped(), 4)
    assert view.verdict == "good"
    assert all(row.verdict == "good" for row in view.rows)


def test_a_wrong_derivative_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(activations.ACTIVATIONS["sigmoid"], derivative=lambda _, a: a * (1.1 - a))
    monkeypatch.setattr(network, "activation_rule", lambda *_: wrong)
    spec = replace(MAZUR)
    assert check_gradients(spec, spec.initial, spec.inputs, spec.targets).largest > 1e-2


def test_updated_weights_are_no_gradient() -> None:
    lab = Lab.fresh(replace(MAZUR, hidden_deltas="updated")).stepped()
    view = check_view(lab, 4)
    assert view.verdict == "bad"
    bad = {row.name.name for row in view.rows if row.verdict == "bad"}
    assert bad == {"w1", "w2", "w3", "w4"}


def test_a_shared_bias_moves_as_a_whole() -> None:
    spec = replace(MAZUR, bias_update="shared")
    numeric = numeric_gradients(spec, spec.initial, spec.inputs, spec.targets)
    for row in numeric.biases:
        assert np.all(row == row[0])


def test_what_is_too_large_is_refused() -> None:
    spec = spec_from_data(
        {
            "layers": [30, 30, 30],
            "activations": ["tanh", "tanh"],
            "batch": {"size": "full"},
            "samples": [{"inputs": [0.1] * 30, "targets": [0.2] * 30}] * 100,
        }
    )
    with pytest.raises(InvalidInput, match="check_too_large"):
        check_view(Lab.fresh(spec).forwarded(), 4)


@pytest.mark.parametrize("bent", ["relu", "leaky_relu", "elu", "selu"])
def test_a_fixed_bias_and_a_kink_are_told(bent: str) -> None:
    spec = spec_from_data(
        {
            "layers": [2, 2, 1],
            "activations": [bent, "identity"],
            "bias_update": "none",
            "weights": [[[1, 1], [1, 1]], [[1, 1]]],
            "samples": [{"inputs": [0, 0], "targets": [1]}],
        }
    )
    view = check_view(Lab.fresh(spec).stepped(), 4)
    assert view.at_kink
    assert (view.verdict, view.largest) == ("good", ""), "no step uses a fixed bias"
    assert not check_view(Lab.fresh(MAZUR).stepped(), 4).at_kink


@pytest.mark.parametrize("x", [10.0, 13.0, 18.0, 30.0])
def test_a_saturated_cross_entropy_is_rounding_and_no_difference(x: float) -> None:
    spec = spec_from_data(
        {
            "layers": [1, 1, 1],
            "activations": ["identity", "sigmoid"],
            "loss": "binary_cross_entropy",
            "weights": [[[1]], [[1]]],
            "samples": [{"inputs": [x], "targets": [0.5]}],
        }
    )
    assert check_gradients(spec, spec.initial, spec.inputs, spec.targets).largest < 1e-7
