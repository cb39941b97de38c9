"""Which two inputs a plot shows at first."""

import numpy as np

from app.lab.spec_json import spec_from_data
from app.views.plots.telling_inputs import first_two, telling_inputs


def test_iris_is_told_apart_by_its_petals() -> None:
    spec = spec_from_data(
        {"layers": [4, 3], "activations": ["softmax"], "loss": "softmax_cross_entropy",
         "data": {"name": "iris", "test_share": 0.2}}
    )  # fmt: skip
    assert telling_inputs(spec) == (2, 3)


def test_values_go_with_their_inputs() -> None:
    rows = [[1.0, 1.0, 5.0], [2.0, -1.0, 4.0], [3.0, 1.0, 5.0], [4.0, -1.0, 4.0], [5.0, 0.0, 9.0]]
    samples = [{"inputs": row, "targets": [row[0] + row[2]]} for row in rows]
    spec = spec_from_data({"layers": [3, 1], "activations": ["identity"], "samples": samples})
    assert telling_inputs(spec) == (0, 2)


def test_equal_ones_come_in_their_order() -> None:
    assert first_two(np.zeros(5)) == (0, 1)
    assert first_two(np.zeros(1)) == (0,)
