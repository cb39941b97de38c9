"""Scores by hand, what counts as a class, and scores over the steps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.engine.backprop import forward
from app.engine.metrics import (
    Scores,
    has_classes,
    labels_of,
    scores_of,
    threshold_of,
)
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.lab import score_history
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.own_units import class_names
from app.lab.score_history import (
    MOST_POINTS,
    known_until,
    missing,
    score_history_of,
    steps_of,
    watchable,
)
from app.lab.spec_json import spec_from_data, spec_to_data
from tests.strategies import QUICK, specs

# One weight of 1, no bias, identity: the output is the input.
PLAIN = {
    "layers": [1, 1],
    "activations": ["identity"],
    "samples": [
        {"inputs": [x], "targets": [y]} for x, y in ((0.5, 0), (0.75, 1), (0.25, 1), (-1, 0))
    ],
    "test_samples": [{"inputs": [2], "targets": [1]}],
    "weights": [[[1]]],
    "batch": {"size": 2, "reduction": "sum"},
}
MOONS: dict[str, Any] = {
    "layers": [2, 3, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "binary_cross_entropy",
    "batch": {"size": 5, "reduction": "mean"},
    "data": {"name": "moons", "size": 20, "seed": 1, "test_share": 0.3},
}


def test_one_output_names_the_second_class_above_a_half() -> None:
    found = scores_of(*_at_start(PLAIN))
    assert (found.training.samples, found.training.right) == (4, 3)
    assert found.training.accuracy == 0.75
    # Half of (0.25 + 0.0625 + 0.5625 + 1), over the four of them.
    assert found.training.loss == pytest.approx((0.25 + 0.0625 + 0.5625 + 1) / 2 / 4, rel=1e-15)
    assert found.test is not None
    assert (found.test.samples, found.test.right, found.test.loss) == (1, 1, 0.5)


def test_several_outputs_name_the_class_of_the_largest_and_of_equals_the_first() -> None:
    assert labels_of(np.array([[0.1, 0.9], [0.5, 0.5], [3.0, -1.0]])).tolist() == [1, 0, 0]
    data = {
        **PLAIN, "layers": [2, 2], "weights": [[[1, 0], [0, 1]]], "test_samples": None,
        "samples": [{"inputs": i, "targets": t} for i, t in (
            ([0.2, 0.8], [0, 1]), ([0.3, 0.1], [0, 1]), ([1, 1], [1, 0]))],
    }  # fmt: skip
    found = scores_of(*_at_start(data))
    assert (found.training.right, found.test) == (2, None)


def _at_start(data: Mapping[str, Any]) -> tuple[Spec, Parameters]:
    spec = spec_from_data(data)
    return spec, spec.initial


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        ([[0], [1]], True),
        ([[0.5], [1]], False),
        ([[0, 1], [1, 0]], True),
        ([[0, 1], [1, 1]], False),
        ([[0, 0], [1, 0]], False),
        ([[-1], [1]], True),
        ([[-1], [0]], False),
        ([[-1, 1], [1, -1]], True),
        ([[-1, 1], [1, 1]], False),
    ],
)
def test_targets_are_classes_if_they_are_of_two_values_or_one_hot(
    targets: list[list[float]], classes: bool
) -> None:
    data = {
        "layers": [1, len(targets[0])],
        "activations": ["sigmoid"],
        "samples": [{"inputs": [1], "targets": row} for row in targets],
    }
    spec = spec_from_data(data)
    assert has_classes(spec) is classes
    assert (scores_of(spec, spec.initial).training.right is not None) is classes
    one_test = {**data, "test_samples": [{"inputs": [1], "targets": [0.5] * len(targets[0])}]}
    assert not has_classes(spec_from_data(one_test))


def test_classes_have_the_names_of_the_data_or_of_the_outputs() -> None:
    iris = {"layers": [4, 3], "activations": ["softmax"], "data": {"name": "iris"}}
    assert class_names(spec_from_data(iris)) == ("setosa", "versicolor", "virginica")
    own = {**PLAIN, "test_samples": None}
    assert class_names(spec_from_data(own)) == ("0", "1")


def test_a_loss_that_is_not_finite_is_none() -> None:
    data = {
        **PLAIN, "samples": [{"inputs": [0], "targets": [1]}], "batch": {},
        "test_samples": [{"inputs": [-1e200], "targets": [1]}],
    }  # fmt: skip
    found = scores_of(*_at_start(data))
    assert found.test is not None
    assert (found.test.loss, found.test.right) == (None, 0)
    assert found.training.loss == pytest.approx(0.5)


@QUICK
@given(specs(most_samples=4))
def test_the_mean_loss_is_that_of_the_samples_one_by_one(spec: Spec) -> None:
    found = scores_of(spec, spec.initial).training
    one_by_one = [
        Lab.fresh(spec_from_data(_single(spec, i))).forward_pass.loss
        for i in range(len(spec.inputs))
    ]
    if found.loss is not None:
        assert found.loss == pytest.approx(sum(one_by_one) / len(one_by_one), rel=1e-9, abs=1e-12)


def _single(spec: Spec, index: int) -> dict[str, Any]:
    data = spec_to_data(spec)
    return {**data, "samples": data["samples"][index : index + 1], "batch": {"size": 1}}


# --- over the steps -------------------------------------------------------------------------------


def test_scores_over_the_steps_are_those_of_each_step() -> None:
    lab = Lab.fresh(spec_from_data(MOONS)).stepped(40)
    found = score_history_of(lab, 40)
    assert list(found) == list(range(41))
    for step in (0, 1, 17, 40):
        there = lab.rewound(step)
        assert found[step] == scores_of(there.present, there.parameters)


def test_a_further_step_costs_its_own_evaluation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab.fresh(spec_from_data({**MOONS, "data": {**MOONS["data"], "seed": 77}}))
    lab = lab.stepped(30)
    assert missing(lab, 30) == 31
    score_history_of(lab, 30)
    assert missing(lab, 30) == 0
    counted = []

    def counting(spec: Spec, parameters: Parameters) -> Scores:
        counted.append(spec)
        return scores_of(spec, parameters)

    monkeypatch.setattr(score_history, "scores_of", counting)
    monkeypatch.setattr(score_history, "run", None)
    further = lab.stepped()
    assert list(score_history_of(further, 31)) == list(range(32))
    assert len(counted) == 1


def test_long_runs_are_evaluated_at_their_checkpoints() -> None:
    lab = Lab.fresh(spec_from_data({**PLAIN, "optimizer": {"learning_rate": 1e-4}})).stepped(3000)
    lab = lab.rewound(700)
    steps = steps_of(lab, 3000)
    assert steps == sorted({*range(0, 3001, 256), 700, 3000})
    found = score_history_of(lab, 3000)
    for step in (256, 700, 3000):
        there = lab.rewound(step)
        assert found[step] == scores_of(there.present, there.parameters)


@pytest.mark.parametrize("until", [0, 1, 127, 128, 129, 500, 2048])
def test_so_many_points_at_most(until: int) -> None:
    steps = steps_of(Lab.fresh(spec_from_data(PLAIN)), until)
    assert steps[0] == 0
    assert steps[-1] == until
    assert len(steps) <= MOST_POINTS + 2
    assert len(steps) >= min(until + 1, MOST_POINTS // 2)


def test_edits_and_branches_have_their_own_scores() -> None:
    lab = Lab.fresh(spec_from_data(MOONS)).stepped(6).taken_back(3)
    lab = lab.edited(Edit(weights={"w1": 2.0}, learning_rate=0.1)).stepped(4)
    found = score_history_of(lab, lab.step)
    assert list(found) == list(range(8))
    for step in range(8):
        there = lab.rewound(step)
        assert found[step] == scores_of(there.present, there.parameters)


def test_steps_ahead_are_known_with_an_update_in_view_only() -> None:
    lab = Lab.fresh(spec_from_data(MOONS))
    assert known_until(lab) == -1
    assert known_until(lab.forwarded()) == 0
    lab = lab.stepped(5).rewound(2)
    assert known_until(lab) == 5
    assert known_until(lab.forwarded()) == 2


def test_an_output_above_0_names_a_class_of_minus_1_and_1() -> None:
    data = {
        "layers": [1, 1], "activations": ["tanh"], "weights": [[[1.0]]], "biases": [[0.0]],
        "samples": [
            {"inputs": [x], "targets": [t]} for x, t in ((0.2, 1), (-0.2, -1), (0.4, -1), (9, 1))
        ],
    }  # fmt: skip
    spec = spec_from_data(data)
    assert class_names(spec) == ("\N{MINUS SIGN}1", "1")
    assert threshold_of(spec) == 0
    assert scores_of(spec, spec.initial).training.right == 3


# --- another loss that is watched -----------------------------------------------------------------


def test_another_loss_is_watched_and_no_step_knows_of_it() -> None:
    """Each as its formula says: without the penalty, and of the targets as they are given."""
    penalty = {"weight_decay": 0.1, "weight_decay_form": "loss"}
    spec = spec_from_data({**MOONS, "optimizer": {"learning_rate": 0.3, **penalty}})
    lab = Lab.fresh(spec).stepped(12)
    others = watchable(spec)
    assert spec.loss not in others
    for name in ("mean_squared_error", "mean_absolute_error"):
        found = score_history_of(lab, 12, name)
        for step in (0, 5, 12):
            there = lab.rewound(step)
            outputs = forward(spec, there.parameters, spec.inputs, spec.targets).activations[-1]
            gaps = outputs - spec.targets
            each = gaps**2 if name == "mean_squared_error" else np.abs(gaps)
            assert found[step].training.loss == pytest.approx(each.mean(), rel=1e-12)
    assert score_history_of(lab, 12)[5] == scores_of(spec, lab.rewound(5).parameters)


@QUICK
@given(specs(most_samples=3))
def test_what_can_be_watched_fits(spec: Spec) -> None:
    for name, other in watchable(spec).items():
        assert (other.loss, other.penalty, other.label_smoothing) == (name, 0.0, 0.0)
        assert other.targets is spec.targets
