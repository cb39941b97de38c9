"""What a network gets stuck on is found at the step where it happens, and not elsewhere."""

from typing import Any

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.obstacles import obstacles_of
from app.lab.spec_json import spec_from_data

XOR = [
    {"inputs": [a, b], "targets": [float(a != b)]} for a in (0.0, 1.0) for b in (0.0, 1.0)
]  # fmt: skip
NET: dict[str, Any] = {"layers": [2, 2, 1], "activations": ["tanh", "sigmoid"], "samples": XOR}


def lab_of(**data: Any) -> Lab:
    return Lab.fresh(spec_from_data({**NET, **data}))


def kinds(lab: Lab) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.units) for one in obstacles_of(lab)]


def test_equal_hidden_units_stay_equal_and_are_told() -> None:
    equal = {"weights": [[[0.3, 0.1], [0.3, 0.1]], [[0.2, 0.2]]], "biases": [[0.0, 0.0], [0.0]]}
    lab = lab_of(**equal, optimizer={"learning_rate": 0.01}).stepped(50)
    assert ("symmetric", ("h1", "h2")) in kinds(lab)
    apart = {**equal, "weights": [[[0.3, 0.1], [0.3, 0.2]], [[0.2, 0.2]]]}
    assert not any(kind == "symmetric" for kind, _ in kinds(lab_of(**apart)))


@pytest.mark.parametrize(
    ("activation", "bias", "kind"),
    [
        ("tanh", 9.0, "saturated"), ("bipolar_sigmoid", -50.0, "saturated"),
        ("hard_sigmoid", 9.0, "saturated"), ("relu", -9.0, "dead"), ("elu", -50.0, "dead"),
        ("gelu", -50.0, "dead"), ("softplus", -50.0, "dead"),
    ],
)  # fmt: skip
def test_units_that_pass_no_gradient_are_named_once_they_are_computed(
    activation: str, bias: float, kind: str
) -> None:
    lab = lab_of(
        activations=[activation, "sigmoid"],
        weights=[[[0.3, 0.1], [0.2, 0.4]], [[0.2, 0.1]]], biases=[[0.1, bias], [0.0]],
    )  # fmt: skip
    assert kinds(lab) == []  # nothing is computed yet
    assert (kind, ("h2",)) in kinds(lab.forwarded())
    assert obstacles_of(lab.forwarded(), 1) == ()


def test_a_step_function_has_no_slope_unless_the_perceptrons_rule_trains_it() -> None:
    lab = lab_of(activations=["step", "step"], loss="perceptron").stepped(1)
    assert [one for one in kinds(lab) if one[0] == "flat"] == [("flat", ("h1", "h2"))]


def test_what_keeps_every_weight_as_it_is_is_told_from_the_start() -> None:
    lab = lab_of(optimizer={"learning_rate": 0})
    assert kinds(lab) == [("rate", ())]
    assert ("rate", ()) in kinds(lab.stepped(3))
    weights, biases = ["w1", "w2", "w3", "w4", "w5", "w6"], ["b1", "b2", "b3"]
    assert kinds(lab_of(frozen=weights)) == []
    assert kinds(lab_of(frozen=weights, bias_update="none")) == [("frozen", ())]
    assert kinds(lab_of(frozen=weights + biases)) == [("frozen", ())]


def test_a_step_that_overshoots_is_told_and_a_shorter_one_is_not() -> None:
    data = {
        "layers": [1, 1], "activations": ["identity"], "loss": "squared_error",
        "samples": [{"inputs": [1.0], "targets": [1.0]}], "weights": [[[0.0]]], "biases": [[0.0]],
        "bias_update": "none",
    }  # fmt: skip
    # E = (w - 1)^2: with the rate r a step takes the distance times 1 - 2 r.
    (long,) = obstacles_of(
        Lab.fresh(spec_from_data({**data, "optimizer": {"learning_rate": 1.5}})).stepped(1)
    )
    assert (long.kind, long.before, long.after) == ("overshoot", 1.0, 4.0)
    for rate in (0.9, 1.0):
        fine = Lab.fresh(spec_from_data({**data, "optimizer": {"learning_rate": rate}}))
        assert obstacles_of(fine.stepped(1)) == ()
    # From 1e-28 to 4e-28: the output is 1 to all but its last two digits.
    exact = {**data, "weights": [[[1.0 + 1e-14]]], "optimizer": {"learning_rate": 1.5}}
    assert obstacles_of(Lab.fresh(spec_from_data(exact)).stepped(1)) == ()


def test_one_sample_against_all_is_told() -> None:
    data = {
        "layers": [1, 1], "activations": ["identity"], "loss": "squared_error",
        "samples": [{"inputs": [1.0], "targets": [y]} for y in (9.0, 0.0, 0.0)],
        "weights": [[[0.0]]], "biases": [[0.0]], "bias_update": "none",
        "optimizer": {"learning_rate": 0.4},
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(data)).stepped(1)  # w goes from 0 to 7.2
    (one,) = obstacles_of(lab)
    assert (one.kind, one.before) == ("against", 27.0)
    assert one.after == pytest.approx((1.8**2 + 2 * 7.2**2) / 3)
    assert obstacles_of(lab.stepped(1)) == ()


def test_the_first_step_of_the_default_example_meets_none() -> None:
    example = EXAMPLES["mazur-2-2-2"]
    assert obstacles_of(Lab.fresh(example.spec, example.slug).stepped(1)) == ()
