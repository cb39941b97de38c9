"""Areas and lines against brute force on the grid, and the axes they are drawn on."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.backprop import forward
from app.engine.metrics import labels_of
from app.errors import InvalidInput
from app.explain.notation import NOTATIONS
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.options import ViewOptions
from app.views.plots.axes import EXTENT, Axis, axis_of, span_of, tick_values
from app.views.plots.contours import (
    Contours,
    field_of,
    held_inputs,
    line_path,
    margins,
    name_place,
    path_of,
)
from app.views.plots.decision_regions import value_levels
from app.views.plots.options import fixed_axes, fixed_inputs, varying_axes
from app.views.plots.telling_inputs import telling_inputs
from app.views.text.formatting import short

NET = NOTATIONS["net"]
CIRCLE = np.hypot(*np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41)))
THREE = {
    "layers": [3, 4, 3],
    "activations": ["tanh", "softmax"],
    "loss": "softmax_cross_entropy",
    "samples": [
        {"inputs": [i, -i, 2 * i + 1], "targets": [float(i % 3 == k) for k in range(3)]}
        for i in range(6)
    ],
    "initialization": {"scheme": "normal", "seed": 4, "scale": 1},
}


def corners(path: str) -> np.ndarray:
    """The points of a path with one piece."""
    numbers = [int(n) for n in re.findall(r"-?\d+", path)]
    return np.array(numbers).reshape(-1, 2).cumsum(axis=0)


def area(path: str) -> float:
    """The area of all pieces, by the shoelace formula; holes count against it."""
    total = 0.0
    for piece in path.split("z"):
        if piece:
            x, y = corners(piece).T
            total += float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
    return abs(total) / EXTENT**2


def test_a_disc_has_its_area_and_its_path_encloses_it() -> None:
    disc = Contours(CIRCLE).area(-math.inf, 0.8)
    assert disc.share == pytest.approx(math.pi * 0.64 / 4, rel=0.005)
    assert area(disc.path) == pytest.approx(disc.share, abs=0.002)
    ring = Contours(CIRCLE).area(0.4, 0.8)
    assert ring.share == pytest.approx(math.pi * (0.64 - 0.16) / 4, rel=0.01)
    assert ring.path.count("M") == 2
    radii = np.hypot(*(corners(Contours(CIRCLE).line(0.8)) / EXTENT * 2 - 1).T)
    assert np.allclose(radii, 0.8, atol=0.01)


def test_an_area_is_everything_or_nothing_where_the_field_is_even() -> None:
    even = np.zeros((5, 5))
    assert Contours(even).area(-1.0, 1.0) == (f"M0 0l{EXTENT} 0 0 {EXTENT} -{EXTENT} 0z", 1.0)
    assert Contours(even).area(0.0, 1.0) == ("", 0.0)
    assert Contours(even).line(0.0) == ""


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_shares_of_classes_agree_with_the_grid_and_sum_to_one(seed: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    turns = rng.normal(size=(classes, 3))
    outputs = np.tanh(turns[:, 0] * x[..., None] + turns[:, 1] * y[..., None] + turns[:, 2] / 2)
    won = margins(outputs)
    shares = [Contours(won[..., k]).area(0.0, math.inf).share for k in range(classes)]
    labels = labels_of(outputs.reshape(-1, classes))
    brute = [float(np.mean(labels == k)) for k in range(classes)]
    assert sum(shares) == pytest.approx(1.0, abs=0.03)
    assert shares == pytest.approx(brute, abs=0.05)
    assert np.array_equal(np.argmax(won, axis=-1).ravel(), labels)
    assert np.all(np.sum(won > 0, axis=-1) == 1), "one class wins everywhere, of equals the first"


def test_equal_outputs_are_answered_by_the_first() -> None:
    won = margins(np.full((4, 4, 3), 0.25))
    assert [Contours(won[..., k]).area(0.0, math.inf).share for k in range(3)] == [1.0, 0.0, 0.0]


def test_one_output_wins_above_a_half_only() -> None:
    won = margins(np.array([[[0.5], [0.75]], [[0.25], [0.5]]]))
    assert (won[..., 1] > 0).tolist() == [[False, True], [False, False]]
    assert (won[..., 0] > 0).tolist() == [[True, False], [True, True]]
    even = margins(np.full((4, 4, 1), 0.5))
    assert [Contours(even[..., k]).area(0.0, math.inf).share for k in (0, 1)] == [1.0, 0.0]


def test_a_name_stands_within_its_area() -> None:
    nothing = np.empty(0), np.empty(0)
    assert name_place(np.zeros((5, 5), dtype=bool), nothing, (30, 30)) is None
    place = name_place(CIRCLE < 0.5, nothing, (60, 30))
    assert place is not None
    assert math.hypot(place[0] / EXTENT * 2 - 1, place[1] / EXTENT * 2 - 1) < 0.1
    ring = name_place(CIRCLE > 0.9, nothing, (60, 30))
    assert ring is not None
    assert CIRCLE[ring[1] * 40 // EXTENT, ring[0] * 40 // EXTENT] > 0.9


@settings(max_examples=60)
@given(
    places=st.lists(st.tuples(st.integers(0, EXTENT), st.integers(0, EXTENT)), max_size=40),
    width=st.integers(20, 330),
)
def test_a_name_covers_no_sample_and_stays_in_the_picture(
    places: list[tuple[int, int]], width: int
) -> None:
    x, y = np.array(places, dtype=float).reshape(-1, 2).T
    place = name_place(CIRCLE < 2.0, (x, y), (width, 40))
    if place is None:
        assert len(places) > 1, "a sample alone leaves room"
        return
    left, top = place[0] - width / 2, place[1] - 20
    assert 0 <= left <= left + width <= EXTENT
    assert 0 <= top <= top + 40 <= EXTENT
    covered = (np.abs(x - place[0]) < width / 2) & (np.abs(y - place[1]) < 20)
    assert not covered.any()


def test_paths_leave_out_what_lies_straight_between() -> None:
    run = np.array([[0, 0], [5, 0], [5, 0], [10, 0], [10, 10], [10, 20], [4, 20]])
    assert path_of([run], closed=False) == "M0 0l10 0 0 20 -6 0"
    assert path_of([run[:1]], closed=False) == ""
    assert (
        line_path(np.array([0.0, 1.0, 0.0]), Axis(0.0, 1.0, length=100, up=True))
        == "M0 100l50 -100 50 100"
    )


def test_a_field_is_what_the_network_answers_there() -> None:
    spec = spec_from_data(THREE)
    axes = axis_of(0, spec), axis_of(2, spec, up=True)
    field = field_of(spec, spec.initial, axes, held_inputs(spec, None))
    for down, right in ((0, 0), (40, 3), (11, 40)):
        inputs = np.array(
            [[
                axes[0].low + right / 40 * (axes[0].high - axes[0].low),
                spec.inputs[:, 1].mean(),
                axes[1].high - down / 40 * (axes[1].high - axes[1].low),
            ]]
        )  # fmt: skip
        passed = forward(spec, spec.initial, inputs, spec.targets[:1])
        for layer in (0, 1):
            expected = passed.activations[layer + 1][0]
            assert np.allclose(field.layers[layer][down, right], expected, rtol=1e-12, atol=1e-14)
    at_sample = field_of(spec, spec.initial, axes, held_inputs(spec, 4))
    assert not np.allclose(at_sample.layers[1], field.layers[1])


def test_axes_hold_every_sample() -> None:
    spec = spec_from_data(THREE)
    axis = axis_of(2, spec)
    places = axis.places(spec.inputs[:, 2])
    assert 0 < places.min() < places.max() < EXTENT
    assert span_of(np.array([3.0, 3.0])) == (1.5, 4.5)
    assert span_of(np.array([0.0])) == (-1.0, 1.0)
    assert Axis(-1.0, 3.0).places(np.array([-1.0, 1.0, 3.0])).tolist() == [0, 300, 600]


def test_which_inputs_vary() -> None:
    spec = spec_from_data(THREE)

    def indices(across: str, up: str) -> list[int]:
        return [axis.column for axis in varying_axes(spec, ViewOptions(across=across, up=up))]

    assert telling_inputs(spec) == (0, 2)
    assert indices("", "") == [0, 2]
    assert indices("x3", "") == [2, 0]
    assert indices("x2", "") == [1, 0]
    assert indices("x1", "") == [0, 2]
    assert indices("", "x1") == [2, 0]
    assert indices("", "x2") == [0, 1]
    assert indices("x3", "x2") == [2, 1]
    for across, up, pointer in (("x4", "", "/across"), ("x1", "x1", "/up"), ("", "o1", "/up")):
        with pytest.raises(InvalidInput) as refused:
            indices(across, up)
        assert refused.value.pointer == pointer
    assert fixed_axes(varying_axes(spec, ViewOptions()), spec) == (1,)
    fixed = fixed_inputs(Lab.fresh(spec), ViewOptions(rest="sample"))
    assert fixed.tolist() == spec.inputs[0].tolist()


@settings(max_examples=60)
@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_few_round_numbers_within_their_axis(low: float, width: float) -> None:
    high = low + width
    ticks = tick_values(low, high)
    assert 2 <= len(ticks) <= 11
    room = 1e-6 * width + 1e-9 * abs(low)
    assert all(low - room <= tick <= high + room for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-300.0, 2e4), (14.2, 14.9), (1e-9, 3e-9)])
def test_levels_are_told_apart_by_their_numbers(low: float, high: float) -> None:
    levels = value_levels(np.linspace(low, high, 9).reshape(3, 3))
    assert len(levels) > 2
    assert len(set(map(short, levels))) == len(levels)


@pytest.mark.parametrize("width", [0.0, 1e-12, 1e-4])
def test_what_is_written_alike_has_no_levels(width: float) -> None:
    assert value_levels(np.linspace(14.25, 14.25 + width, 9).reshape(3, 3)) == []
