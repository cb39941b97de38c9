"""Histograms that count everything; dead ReLUs, saturated sigmoids, vanishing gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS, activation_rule
from app.explain.notation import NOTATIONS
from app.lab import walking
from app.lab.lab import Lab
from app.lab.obstacles import stuck_units
from app.lab.spec_json import spec_from_data
from app.views.options import ViewOptions
from app.views.plots.card import Distributions, bars_path, plots_card_of
from app.views.plots.layer_statistics import (
    BINS,
    gradient_ratio,
    histogram,
    layer_numbers,
)

NET = NOTATIONS["net"]
SAMPLES = [{"inputs": [x], "targets": [0.5]} for x in (0.25, 0.5, 1.0)]
# Of the three ReLUs the second is below zero for every sample, the third at zero.
RELU = {
    "layers": [1, 3, 1],
    "activations": ["relu", "sigmoid"],
    "samples": SAMPLES,
    "batch": {"size": "full", "reduction": "mean"},
    "weights": [[[1], [-1], [0]], [[0.5, 0.5, 0.5]]],
}
SIGMOID = {
    **RELU, "activations": ["sigmoid", "sigmoid"], "layers": [1, 2, 1],
    "weights": [[[40], [1]], [[1, 1]]], "biases": [[-5, 0], [0]],
}  # fmt: skip


def shown(lab: Lab) -> Distributions:
    found = plots_card_of(lab, ViewOptions(pictures="distributions")).distributions
    assert found is not None
    return found


@settings(max_examples=60)
@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=40))
def test_every_number_is_counted_once(numbers: list[float]) -> None:
    found = histogram(np.array(numbers))
    assert sum(found.counts) == found.count == len(numbers)
    assert (found.low, found.high) == (min(numbers), max(numbers))
    assert len(found.counts) in (1, BINS)
    left, right = found.most
    assert sum(left <= n <= right for n in numbers) * 2 > len(numbers)


def test_a_histogram_by_hand() -> None:
    found = histogram(np.array([0.0, 0.01, 0.5, 1.0, np.nan, np.inf]), (0.0, 1.0))
    assert found.counts == (2, *[0] * 7, 1, *[0] * 6, 1)
    assert (found.count, found.mean, found.most) == (4, 0.3775, (0.0, 0.5625))
    assert histogram(np.array([np.nan])).count == 0
    assert histogram(np.array([2.0, 2.0])).counts == (2,)
    assert bars_path((2, 0, 1, 0)) == "M0 60v-60.0h39v60.0zM80 60v-30.0h39v30.0z"


def test_dead_relus_are_found_and_named() -> None:
    lab = Lab.fresh(spec_from_data(RELU)).forwarded()
    assert layer_numbers(lab)[0].stuck.dead == (1, 2)
    (note,) = shown(lab).notes
    assert note.startswith("Dead: h2 and h3 in the hidden layer. For every training sample ReLU")
    assert not shown(lab).healthy
    # With the right slope at zero the third one still learns.
    right = Lab.fresh(spec_from_data({**RELU, "slope_at_zero": 1.0})).forwarded()
    assert layer_numbers(right)[0].stuck.dead == (1,)
    leaky = Lab.fresh(spec_from_data({**RELU, "activations": ["leaky_relu", "sigmoid"]}))
    assert layer_numbers(leaky.forwarded())[0].stuck.dead == ()


def test_a_dead_relu_gets_no_gradient() -> None:
    lab = Lab.fresh(spec_from_data(RELU)).stepped()
    dead = layer_numbers(lab)[0].stuck.dead
    assert not np.any(lab.shown.gradients.weights[0][list(dead)])


def test_saturated_units_are_found_and_named() -> None:
    lab = Lab.fresh(spec_from_data(SIGMOID)).forwarded()
    ((unit, share),) = layer_numbers(lab)[0].stuck.saturated
    assert (unit, share) == (0, 1.0)
    (note,) = shown(lab).notes
    assert note.startswith("Saturated: h1 (100 % of samples) in the hidden layer.")
    assert "within 0.02 of its limit, where the slope is at most 0.05" in note


@pytest.mark.parametrize(
    ("name", "row", "found"),
    [
        ("sigmoid", [0.01, 0.99, 0.5], ((0, 2 / 3),)),
        ("sigmoid", [0.03, 0.99, 0.5], ()),
        ("tanh", [-0.99, 0.98, 0.9], ((0, 2 / 3),)),
        ("tanh", [0.01, 0.0, 0.97], ()),
        ("identity", [1.0, 1.0, 1.0], ()),
        ("bipolar_sigmoid", [-0.99, 0.98, 0.9], ((0, 2 / 3),)),
        ("scaled_tanh", [-1.71, 1.7, 1.0], ((0, 2 / 3),)),
        ("scaled_tanh", [-1.0, 0.99, 1.0], ()),
    ],
)
def test_saturated_is_within_two_hundredths_of_an_end_for_most_samples(
    name: str, row: list[float], found: tuple[object, ...]
) -> None:
    a = np.array([row]).T
    rule = activation_rule(name, 0.0, 0.01)
    assert stuck_units(rule, a, a).saturated == found
    assert stuck_units(rule, a, a, matched=True).saturated == ()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("far", [-50.0, 50.0])
def test_every_activation_is_stuck_where_it_is_flat_and_nowhere_else(name: str, far: float) -> None:
    rule = activation_rule(name, 0.0, 0.01)
    for z in (np.full((3, 2), far), np.full((3, 2), 0.25), np.linspace(-1.5, 1.5, 6).reshape(3, 2)):
        z = z + np.array([0.0, z[0, 0] if rule.joint else 0.0])  # of a softmax one has to win
        a = rule.function(z)
        assert any(stuck_units(rule, z, a)) == bool(np.all(np.abs(rule.derivative(z, a)) < 1e-3))


def test_a_hard_sigmoid_that_still_has_its_slope_is_not_saturated() -> None:
    rule = activation_rule("hard_sigmoid", 0.0, 0.01)
    for size, told in ((2.95, ()), (3.05, ((0, 1.0),))):
        z = np.full((4, 1), size)
        assert stuck_units(rule, z, rule.function(z)).saturated == told


def test_a_step_is_said_to_be_flat() -> None:
    lab = Lab.fresh(spec_from_data({**SIGMOID, "activations": ["step", "sigmoid"]}))
    (note,) = shown(lab.forwarded()).notes
    assert note.startswith("No slope: h1 and h2 in the hidden layer. The step function is flat")


def test_healthy_units_are_called_so() -> None:
    lab = Lab.fresh(spec_from_data({**SIGMOID, "weights": [[[1], [1]], [[1, 1]]], "biases": None}))
    assert shown(lab.forwarded()).healthy
    assert not shown(lab).healthy, "nothing is computed yet"


def test_vanishing_gradients_are_told() -> None:
    deep = {
        **RELU, "layers": [1, 1, 1, 1], "activations": ["tanh", "sigmoid", "identity"],
        "weights": [[[1]], [[1e-3]], [[1]]],
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(deep)).stepped()
    weights = lab.shown.gradients.weights
    ratio = abs(float(weights[0][0, 0] / weights[-1][0, 0]))
    assert gradient_ratio(lab) == pytest.approx(ratio)
    assert any(note.startswith("Vanishing") for note in shown(lab).notes)
    assert gradient_ratio(lab.forwarded()) is None


def test_distributions_appear_with_their_phases() -> None:
    lab = Lab.fresh(spec_from_data(RELU))
    seen = []
    while True:
        bars = [[bar is not None for bar in row.bars] for row in shown(lab).rows]
        seen.append((lab.phase, bars))
        if lab.trace:
            break
        lab = walking.next_phase(lab)
    phases = dict(seen)
    assert phases["start"] == [[False, False, True]] * 2
    assert phases["pre_activation:1"] == [[False, False, True]] * 2
    assert phases["activation:1"] == [[True, False, True], [False, False, True]]
    assert phases["error"] == [[True, False, True]] * 2
    assert phases["gradient:2"] == [[True, False, True], [True, True, True]]
    assert phases["updated"] == [[True, True, True]] * 2
    counts = [[bar.facts[0] for bar in row.bars if bar] for row in shown(lab).rows]
    assert counts == [["9", "3", "3"], ["3", "3", "3"]]


def test_what_rounding_leaves_of_a_mean_is_no_value() -> None:
    assert histogram(np.array([0.1, 0.2, -0.3])).mean == 0.0
    assert histogram(np.array([0.1, 0.2, -0.2999])).mean == pytest.approx(0.0001 / 3)
    assert histogram(np.array([1e-18, 3e-18])).mean == pytest.approx(2e-18)
    assert np.array([0.1, 0.2, -0.3]).mean() != 0.0
