"""The error's curve: what is drawn of many steps."""

import numpy as np
import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.views.plots.axes import Axis
from app.views.plots.loss_curve import MOST_POINTS, Losses, curve_of, sampled


@pytest.mark.parametrize("count", [1, 2, 119, 120, 121, 1_000, 12_345])
def test_the_swing_of_every_stretch_is_drawn(count: int) -> None:
    """Fifteen batches take turns: their errors differ, and every stretch shows all of that."""
    losses: Losses = np.asarray(1.0 + 0.1 * (np.arange(count) % 15), dtype=np.float64)
    steps = sampled(losses)
    assert steps[0] == 0
    assert steps[-1] == count - 1
    assert np.all(np.diff(steps) > 0)
    assert len(steps) <= MOST_POINTS == 120
    if count <= MOST_POINTS:
        assert len(steps) == count
        return
    for low in range(0, count - 300, max(count // 20, 50)):
        seen = losses[steps[(steps >= low) & (steps < low + max(count // 20, 50))]]
        assert (seen.min(), seen.max()) == pytest.approx((1.0, 2.4))


def test_an_axis_places_its_ends_and_what_lies_between() -> None:
    values = np.array([1.0, 10.0, 100.0])
    assert Axis(1.0, 100.0, length=99.0).places(values).tolist() == [0.0, 9.0, 99.0]
    assert Axis(1.0, 100.0, length=99.0, up=True).place(100.0) == 0.0
    assert Axis(1.0, 100.0, length=50.0, log=True).places(values) == pytest.approx([0, 25, 50])
    assert Axis(1.0, 100.0, length=50.0, up=True, log=True).place(0.0) == 50.0
    assert Axis(3.0, 3.0, length=50.0, up=True).places(np.array([3.0, 3.0])).tolist() == [25, 25]


@pytest.mark.parametrize("steps", [7, 119, 120, 400])
def test_read_out_errors_are_exact_or_have_six_figures(steps: int) -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(steps).rewound(steps // 2)
    errors = lab.all_losses.tolist()
    pairs = [pair.split(":") for pair in curve_of(lab, log=True).values.split()]
    every = len(errors) <= MOST_POINTS
    assert len(pairs) == len(errors) if every else len(pairs) <= MOST_POINTS
    for at, text in pairs:
        exact = every or at in ("0", str(steps))
        assert text == (repr(errors[int(at)]) if exact else f"{errors[int(at)]:.6g}")
