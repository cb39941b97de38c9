"""Runs: the very steps that clicks would take, an end for each reason, and frames for the eye."""

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.errors import Diverged, InvalidInput
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.runs import (
    FRAMES,
    SLICE_SECONDS,
    Ending,
    Pace,
    RunCommand,
    RunGoal,
    RunSlice,
    Slices,
    StepCommand,
    frame_steps,
    goal_value,
    run_slice,
)
from app.lab.spec_json import spec_from_data
from app.messages.announcements import AFTER_RUN
from app.store.codec import encode
from app.views.text.announcements import run_text
from tests.lab.test_lab import line
from tests.strategies import QUICK, specs

MAZUR = EXAMPLES["mazur-2-2-2"].spec


def fits(_: Lab) -> bool:
    return True


T = TypeVar("T")


def finished(slices: Slices[T]) -> tuple[T, int]:
    """The result of some work, and how many times it paused."""
    pauses = 0
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: T = end.value
            return result, pauses
        pauses += 1


def ran(lab: Lab, count: int, until: float | None = None, speed: Pace | None = None) -> RunSlice:
    """``lab`` after a run in one leg."""
    return finished(run_slice(lab, RunGoal(count, until), count, speed or Pace(), fits))[0]


class Steady(Pace):
    """Slices of one length, however fast the machine is."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    def measured(self, steps: int, seconds: float) -> None:
        pass


def batches_of_two() -> Spec:
    """Four samples, two a step."""
    return spec_from_data(
        {
            "layers": [2, 3, 1],
            "activations": ["tanh", "sigmoid"],
            "batch": {"size": 2, "reduction": "mean"},
            "optimizer": {"name": "adam", "learning_rate": 0.1},
            "samples": [
                {"inputs": [a, b], "targets": [float(a != b)]} for a in (0, 1) for b in (0, 1)
            ],
            "initialization": {"scheme": "xavier_uniform", "seed": 3},
        }
    )


# --- the same steps as clicks -----------------------------------------------------------------


@pytest.mark.parametrize("spec", [MAZUR, batches_of_two()], ids=["one sample", "batches"])
@pytest.mark.parametrize("slices", [1, 7, 100, 1000])
def test_a_run_is_so_many_clicks_bit_for_bit(spec: Spec, slices: int) -> None:
    clicked = Lab.fresh(spec)
    for _ in range(300):
        clicked = clicked.stepped()
    done = ran(Lab.fresh(spec), 300, speed=Steady(slices))
    assert done.ending is None
    assert encode(done.lab) == encode(clicked)


@QUICK
@given(specs(), st.integers(1, 40), st.integers(1, 9))
def test_slices_leave_no_trace(spec: Spec, count: int, size: int) -> None:
    lab = Lab.fresh(spec)
    try:
        expected = lab.stepped(count)
    except Diverged:
        assume(False)
    assert encode(ran(lab, count, speed=Steady(size)).lab) == encode(expected)
    stepping = StepCommand(count)
    assert encode(finished(stepping.slices(lab))[0]) == encode(stepping(lab)) == encode(expected)


def test_a_run_goes_along_steps_that_were_taken_back() -> None:
    far = Lab.fresh(MAZUR).stepped(50)
    done = ran(far.rewound(10), 30, speed=Steady(8)).lab
    assert encode(done) == encode(far.rewound(40))
    assert done.last_step == 50


def test_an_edit_comes_first() -> None:
    running = RunCommand(
        RunGoal(20, None, lambda lab: lab.edited(Edit(learning_rate=0.1))), fits, 60
    )
    lab, _ = finished(running.slices(Lab.fresh(MAZUR)))
    assert encode(lab) == encode(Lab.fresh(MAZUR).edited(Edit(learning_rate=0.1)).stepped(20))
    assert running.ending is Ending.COUNT


# --- until ------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", [MAZUR, batches_of_two()], ids=["one sample", "batches"])
@pytest.mark.parametrize("slices", [1, 6, 1000])
def test_a_run_ends_at_the_first_step_whose_error_is_small_enough(spec: Spec, slices: int) -> None:
    history = Lab.fresh(spec).stepped(400).loss_history
    for until in (float(history[17]), float(history[200]), 0.7 * float(history[0])):
        first = next(step for step, loss in enumerate(history) if loss <= until)
        done = ran(Lab.fresh(spec), 400, until, Steady(slices))
        assert done.ending is Ending.REACHED
        assert encode(done.lab) == encode(Lab.fresh(spec).stepped(first))
        assert float(done.lab.loss_history[-1]) <= until
        assert min(done.lab.loss_history[:-1]) > until


def test_the_last_step_may_be_the_one_that_reaches_it() -> None:
    until = float(Lab.fresh(MAZUR).stepped(30).loss_history[-1])
    assert ran(Lab.fresh(MAZUR), 30, until).ending is Ending.REACHED
    assert ran(Lab.fresh(MAZUR), 29, until).ending is None


def test_an_error_that_is_small_enough_already_takes_no_step() -> None:
    lab = Lab.fresh(MAZUR).stepped(3)
    running = RunCommand(RunGoal(10, 1.0), fits, 60)
    assert finished(running.slices(lab)) == (lab, 0)
    assert running.ending is Ending.ALREADY


def test_an_error_that_is_not_reached() -> None:
    running = RunCommand(RunGoal(10, 1e-9), fits, 60)
    lab, _ = finished(running.slices(Lab.fresh(MAZUR)))
    assert (lab.step, running.ending) == (10, Ending.NOT_REACHED)


# --- other ends -------------------------------------------------------------------------------


@pytest.mark.parametrize("slices", [1, 3, 50, 5000])
def test_a_run_ends_before_the_step_that_is_not_finite(slices: int) -> None:
    lab = Lab.fresh(line(40.0, (1.0, 0.0)))
    last = lab
    while True:
        try:
            last = last.stepped()
        except Diverged:
            break
    assert last.step > 10
    done = ran(lab, 5000, speed=Steady(slices))
    assert done.ending is Ending.DIVERGED
    assert encode(done.lab) == encode(last)


def test_a_run_ends_before_its_history_is_too_large() -> None:
    slices = run_slice(Lab.fresh(MAZUR), RunGoal(100), 100, Steady(10), lambda lab: lab.step <= 35)
    done, _ = finished(slices)
    assert (done.lab.step, done.ending) == (30, Ending.FULL)


def test_a_run_that_somebody_waits_for_ends_after_a_while() -> None:
    running = RunCommand(RunGoal(1_000_000), fits, 0.0)
    lab, _ = finished(running.slices(Lab.fresh(MAZUR)))
    assert running.ending is Ending.LATE
    assert 0 < lab.step < 1_000_000
    assert encode(lab) == encode(Lab.fresh(MAZUR).stepped(lab.step))


def test_slices_grow_to_about_ten_milliseconds() -> None:
    speed = Pace()
    for _ in range(30):
        speed.measured(speed.steps, speed.steps * 1e-4)
    assert speed.steps == pytest.approx(SLICE_SECONDS / 1e-4, abs=1)
    speed.measured(speed.steps, 3.0)
    assert speed.steps == 1
    speed.measured(1, 0.0)
    assert speed.steps == 4


# --- frames -----------------------------------------------------------------------------------


@QUICK
@given(st.integers(1, 1_000_000))
def test_milestones_rise_to_the_end_and_their_strides_grow(count: int) -> None:
    marks = frame_steps(count)
    strides = np.diff([0, *marks])
    assert marks[-1] == count
    assert len(marks) == min(count, FRAMES)
    assert strides.min() >= 1
    assert all(b >= a - 1 for a, b in pairwise(strides))


def test_each_step_of_a_short_run_is_shown() -> None:
    assert frame_steps(10) == tuple(range(1, 11))
    assert frame_steps(1) == (1,)


# --- words ------------------------------------------------------------------------------------


def test_every_ending_has_its_sentence() -> None:
    assert {ending.value for ending in Ending} == AFTER_RUN.keys()
    start = Lab.fresh(MAZUR)
    for ending in Ending:
        text = run_text(ending, start, start.stepped(3), RunGoal(3, 0.25))
        assert "{" not in text
        assert text.endswith(".")
    said = run_text(Ending.COUNT, start, start.stepped(3), RunGoal(3))
    assert said == "Ran 3 steps, to step 3. The error went from 0.298371 to 0.275943."
    assert math.isclose(start.stepped(3).forward_pass.loss, 0.275943, abs_tol=1e-6)


def test_a_run_over_single_samples_tells_how_all_of_them_fare() -> None:
    spec = spec_from_data(
        {
            "layers": [1, 1],
            "activations": ["identity"],
            "loss": "squared_error",
            "samples": [
                {"inputs": [x], "targets": [y]} for x, y in ((0.0, 1.0), (0.0, 1.0), (1.0, 0.0))
            ],
            "weights": [[[0.0]]],
            "bias_update": "none",
        }
    )
    lab = Lab.fresh(spec).stepped(3)
    said = run_text(Ending.COUNT, Lab.fresh(spec), lab, RunGoal(3))
    assert said == (
        "Ran 3 steps, to step 3. Mean error over all 3 samples: 0.666667; 1 classified correctly."
    )
    for ending in (Ending.REACHED, Ending.ALREADY, Ending.NOT_REACHED, Ending.STOPPED):
        told = run_text(ending, Lab.fresh(spec), lab, RunGoal(3, 0.25))
        numbers = set(re.findall(r"\d+\.\d+", told))
        assert numbers <= {"0.25", "0.666667"}, "no error but the curve's, and the goal"
    far = Lab.fresh(replace(spec, targets=spec.targets * 2.5)).stepped(3)
    said = run_text(Ending.STOPPED, far, far, RunGoal(3))
    assert said.endswith("Mean error over all 3 samples: 4.166667.")
    assert "Mean error" not in run_text(Ending.LATE, far, far, RunGoal(3))


def test_losses_of_a_part_of_the_timeline() -> None:
    lab = Lab.fresh(MAZUR).stepped(700).edited(Edit(learning_rate=0.2)).stepped(300)
    lab = replace(lab.rewound(900), _trace=None)
    whole = lab.loss_history
    for first in (0, 1, 255, 256, 257, 699, 700, 701, 899, 900):
        assert lab.losses_from(first).tolist() == whole[first:].tolist()


MANY = {
    "layers": [2, 2, 1], "activations": ["tanh", "sigmoid"], "optimizer": {"learning_rate": 1.0},
    "samples": [
        {"inputs": [a, b], "targets": [float(a != b)]} for a in (0.0, 1.0) for b in (0.0, 1.0)
    ],
    "initialization": {"scheme": "xavier_uniform", "seed": 1},
}  # fmt: skip


@pytest.mark.parametrize(("of", "until"), [("all", 0.05), ("accuracy", 1.0), ("tolerance", 0.2)])
def test_a_run_ends_at_the_first_step_that_reaches_its_goal(of: str, until: float) -> None:
    lab = Lab.fresh(spec_from_data(MANY))
    running = RunCommand(RunGoal(5000, until, of=of), lambda _: True, 60.0)
    found, _ = finished(running.slices(lab))
    assert running.ending is Ending.REACHED
    values = [goal_value(found.rewound(step), of) or 0.0 for step in range(found.step + 1)]
    reached = [value >= until if of == "accuracy" else value <= until for value in values]
    assert reached.index(True) == found.step
    assert found.present is lab.present
    assert lab.stepped(found.step).loss_history.tolist() == found.loss_history.tolist()
    said = run_text(Ending.REACHED, lab, found, RunGoal(5000, until, of=of))
    assert {"all": "over all training samples", "accuracy": "100 % of the training samples",
            "tolerance": "no output is further than"}[of] in said  # fmt: skip
    again = RunCommand(RunGoal(9, until, of=of), lambda _: True, 60.0)
    assert finished(again.slices(found))[0] is found
    assert again.ending is Ending.ALREADY


@pytest.mark.parametrize(
    ("targets", "until", "code"), [([0.5], 0.9, "goal_without_classes"), ([1.0], 95.0, "maximum")]
)
def test_accuracy_is_a_share_and_needs_classes(
    targets: list[float], until: float, code: str
) -> None:
    spec = spec_from_data({**MANY, "samples": [{"inputs": [0, 1], "targets": targets}]})
    with pytest.raises(InvalidInput) as caught:
        RunGoal(5, until, of="accuracy").check_room(Lab.fresh(spec))
    assert caught.value.code == code
