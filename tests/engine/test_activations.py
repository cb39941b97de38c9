"""Each activation and each loss: its derivative, and its behaviour at the extremes."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS, Array, activation_rule, sigmoid
from app.engine.losses import LOSSES, Loss
from tests.strategies import THOROUGH

EPSILON = float(np.finfo(np.float64).eps)
TINY = 5e-324


def one(value: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([[value]])


@pytest.mark.parametrize(
    "name", sorted(name for name, rule in ACTIVATIONS.items() if not rule.joint)
)
@THOROUGH
@given(z=st.floats(-30, 30))
def test_activation_derivative_is_the_central_difference(name: str, z: float) -> None:
    activation = ACTIVATIONS[name]
    h = 1e-5 * max(1.0, abs(z))
    # Of some the slope jumps there; that of ELU bends at zero.
    assume(all(abs(z - bend) > 2 * h for bend in (0.0, *activation.bends)))
    high, low = (float(activation.function(one(x))[0, 0]) for x in (z + h, z - h))
    numeric = (high - low) / ((z + h) - (z - h))
    analytic = float(activation.derivative(one(z), activation.function(one(z)))[0, 0])
    bound = h**2 + 8 * EPSILON * max(1.0, abs(high), abs(low)) / h
    assert analytic == pytest.approx(numeric, rel=0, abs=bound)


def total(loss: Loss, a: Array, y: Array) -> float:
    """The loss from activations, whatever it takes: of a softmax z = ln a."""
    if loss.match == "softmax":
        rest = np.full((1, 1), np.log(4.0 - a.sum()))
        z = np.hstack([np.log(a), rest])
        # All activations are a fourth: the targets' sum times ln 4 is too much.
        shares = loss.shares(z, np.hstack([y, [[0.0]]]))
        return float(shares.sum()) - float(y.sum()) * math.log(4.0)
    return float(loss.shares(np.log(a / (1.0 - a)) if loss.match else a, y).sum())


# The perceptron's has no slope by a: its rule stands in place of the chain.
@pytest.mark.parametrize("name", sorted(n for n, loss in LOSSES.items() if loss.slope))
@THOROUGH
@given(
    a=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3),
    y=st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_loss_derivative_is_the_central_difference(
    name: str, a: list[float], y: list[float]
) -> None:
    loss, h = LOSSES[name], 1e-6
    if "absolute" in name:  # |a - y| has its kink where an output meets its target
        assume(all(abs(one - other) > 2 * h for one, other in zip(a, y, strict=True)))
    targets, activations = np.array([y]), np.array([a])
    analytic = loss.derivative(activations, targets)
    assert analytic.shape == activations.shape
    for k in range(3):
        high, low = activations.copy(), activations.copy()
        high[0, k] += h
        low[0, k] -= h
        change = total(loss, high, targets) - total(loss, low, targets)
        numeric = change / (2 * h)
        assert float(analytic[0, k]) == pytest.approx(numeric, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", [name for name in LOSSES if name.endswith("squared_error")])
def test_a_squared_error_is_zero_where_outputs_meet_their_targets(name: str) -> None:
    targets = np.array([[0.0, 1.0, 0.25], [1.0, 0.0, 0.5]])
    shares = LOSSES[name].shares(targets, targets)
    assert shares.shape == targets.shape
    assert LOSSES[name].derivative(targets, targets).tolist() == np.zeros((2, 3)).tolist()
    assert shares.tolist() == np.zeros((2, 3)).tolist()


def test_softmax_is_taken_over_each_row() -> None:
    z = np.array([[0.0, math.log(3.0)], [1000.0, 1000.0]])
    np.testing.assert_allclose(ACTIVATIONS["softmax"].function(z), [[0.25, 0.75], [0.5, 0.5]])


@THOROUGH
@given(st.lists(st.floats(-20, 20), min_size=2, max_size=5), st.data())
def test_softmax_carries_signals_as_its_jacobian_does(z: list[float], data: st.DataObject) -> None:
    rule, row, h = ACTIVATIONS["softmax"], np.array([z]), 1e-6
    numbers = st.lists(st.floats(-3, 3), min_size=len(z), max_size=len(z))
    signal = np.array([data.draw(numbers)])
    carried = rule.carried(signal, row, rule.function(row))
    for k in range(len(z)):
        step = np.zeros_like(row)
        step[0, k] = h
        change = rule.function(row + step) - rule.function(row - step)
        numeric = float((signal * change).sum()) / (2 * h)
        assert float(carried[0, k]) == pytest.approx(numeric, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_slope_at_a_kink_is_chosen(name: str, share: float) -> None:
    rule = activation_rule(name, share, 0.2)
    left = 0.2 if name == "leaky_relu" else 0.0
    z = np.array([[-1.0, 0.0, 1.0]])
    expected = [left, left + share * (1 - left), 1.0]
    assert rule.derivative(z, rule.function(z)).tolist() == [pytest.approx(expected)]


ELEMENTWISE = sorted(name for name, rule in ACTIVATIONS.items() if not rule.joint)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (1, 5)])
def test_activations_work_elementwise(name: str, shape: tuple[int, int]) -> None:
    activation = ACTIVATIONS[name]
    z = np.linspace(-2.0, 3.0, math.prod(shape)).reshape(shape)
    a = activation.function(z)
    alone = [[float(activation.function(one(value))[0, 0]) for value in row] for row in z.tolist()]
    assert a.tolist() == alone
    assert activation.derivative(z, a).shape == shape
    assert a.dtype == np.float64


def test_the_registries_know_entries_by_their_names() -> None:
    for table in (ACTIVATIONS, LOSSES):
        assert all(name == entry.name for name, entry in table.items())


def test_relu_has_derivative_zero_at_its_kink() -> None:
    assert ACTIVATIONS["relu"].derivative(one(0.0), one(0.0)).tolist() == [[0.0]]


# --- sigmoid: full relative accuracy everywhere ---------------------------------------------

EXTREMES = [-800.0, -745.2, -745.0, -710.0, -700.0, -37.0, 0.0, 37.0, 700.0, 710.0, 800.0]


def reference(z: float) -> float:
    """The logistic function with math alone, in the form that is accurate for this sign."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


@pytest.mark.parametrize("z", EXTREMES)
def test_sigmoid_at_extremes_neither_warns_nor_leaves_its_range(z: float) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = ACTIVATIONS["sigmoid"].function(one(z))
        slope = ACTIVATIONS["sigmoid"].derivative(one(z), a)
    assert 0.0 <= a[0, 0] <= 1.0
    assert 0.0 <= slope[0, 0] <= 0.25


def test_sigmoid_does_not_vanish_before_float64_does() -> None:
    assert sigmoid(one(-700.0))[0, 0] > 0
    assert sigmoid(one(-700.0))[0, 0] == pytest.approx(math.exp(-700), rel=1e-14)


@THOROUGH
@given(st.floats(-800, 800))
def test_sigmoid_is_accurate_in_both_tails(z: float) -> None:
    assert float(sigmoid(one(z))[0, 0]) == pytest.approx(reference(z), rel=1e-14, abs=2 * TINY)


@THOROUGH
@given(st.floats(-700, 700))
def test_sigmoid_identities(z: float) -> None:
    left, right = float(sigmoid(one(z))[0, 0]), float(sigmoid(one(-z))[0, 0])
    assert left + right == pytest.approx(1, rel=4 * EPSILON)
    # The odds are exp(z): logit(sigmoid(z)) is z.
    assert math.log(left) - math.log(right) == pytest.approx(z, rel=1e-13, abs=1e-13)


@THOROUGH
@given(st.floats(-800, 800), st.floats(0, 10))
def test_sigmoid_never_falls(z: float, more: float) -> None:
    low, high = sigmoid(np.array([z, z + more])).tolist()
    assert low <= high * (1 + 1e-14)
