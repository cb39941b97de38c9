"""The error's curve: what is drawn of many steps."""

import numpy as np
import pytest

from app.views.plots.loss_curve import MOST_POINTS, Losses, sampled


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
