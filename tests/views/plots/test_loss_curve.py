"""The error's curve: what is drawn of many steps."""

import numpy as np
import pytest

from app.engine.metrics import scores_of
from app.explain.rounding import number
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.lab.walking import command
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
def test_read_out_errors_have_the_digits_of_the_headline(steps: int) -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(steps).rewound(steps // 2)
    errors = lab.all_losses.tolist()
    pairs = [pair.split(":") for pair in curve_of(lab, log=True, digits=8).values.split()]
    every = len(errors) <= MOST_POINTS
    assert len(pairs) == len(errors) if every else len(pairs) <= MOST_POINTS
    assert (pairs[0][0], pairs[-1][0]) == ("0", str(steps))
    assert all(text == number(errors[int(at)], 8) for at, text in pairs)


XOR = {
    "layers": [2, 3, 1],
    "activations": ["tanh", "sigmoid"],
    "data": {"name": "xor"},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}


@pytest.mark.parametrize(("size", "reduction"), [(1, "sum"), (2, "sum"), (2, "mean"), (3, "sum")])
def test_of_batches_the_line_is_the_mean_over_all_samples(size: int, reduction: str) -> None:
    spec = spec_from_data({**XOR, "batch": {"size": size, "reduction": reduction}})
    lab = Lab.fresh(spec).stepped(9)
    curve = curve_of(lab, log=False)
    assert curve.is_mean
    at = [int(pair.partition(":")[0]) for pair in curve.values.split()]
    assert at == [*range(10)]
    means = [pair.partition(":")[2] for pair in curve.values.split()]
    for step, mean in zip(at, means, strict=True):
        training = scores_of(spec, lab.rewound(step).parameters).training
        assert training.loss is not None
        assert mean == number(training.loss, 6)
    # A point is a batch's own error, for one sample: of the same height as the means.
    assert curve.batches.count("M") == 9, "the next batch's is not computed yet"
    high = float(curve.top)
    place = curve.batches.split("M")[1].partition("h")[0].partition(",")[2]
    batch = spec.batch_slice(0)
    own = float(lab.all_losses[0]) / (batch.stop - batch.start if reduction == "sum" else 1)
    assert float(place) == pytest.approx(150 * (1 - own / high), abs=0.1)


def test_a_whole_batch_has_no_points() -> None:
    whole = {**XOR, "batch": {"size": "full"}}
    curve = curve_of(Lab.fresh(spec_from_data(whole)).stepped(3), log=False)
    assert not curve.is_mean
    assert curve.batches == ""


def test_other_branches_are_lines_from_where_they_began() -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(10)
    assert curve_of(lab, log=False).others == ""
    faster = lab.rewound(4).edited(Edit(learning_rate=2.0)).stepped(3)
    curve = curve_of(faster, log=False)
    (line,) = curve.others.removeprefix("M").split("M")
    points = [tuple(map(float, one.split(","))) for one in line.split("L")]
    assert [x for x, _ in points] == pytest.approx([460 * step / 7 for step in range(8)], abs=0.1)
    high = float(curve.top)
    heights = [150 * (1 - loss / high) for loss in lab.all_losses[:8].tolist()]
    assert [y for _, y in points] == pytest.approx(heights, abs=0.1)
    back = curve_of(faster.switched(0), log=False)
    (line,) = back.others.removeprefix("M").split("M")
    assert line.split(",")[0] == f"{460 * 4 / 10:.1f}"
    assert line.count("L") == 3, "the error at its end is in it"


def test_the_curve_tells_of_the_step_in_view() -> None:
    long = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(3 * MOST_POINTS)
    for step in (0, 7, 100, 3 * MOST_POINTS):
        lab = long.rewound(step)
        loss = number(float(lab.forward_pass.loss), 6)
        assert curve_of(lab, log=False).value_text == f"Step {step}: {loss}"
    walking = command("pre_activation:1")(Lab.fresh(long.spec).stepped(2))
    assert curve_of(walking, log=False).value_text == f"Step {walking.step}: not yet computed"
