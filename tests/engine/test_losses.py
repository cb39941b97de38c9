"""Saturated and huge pre-activations, against arithmetic with 60 digits."""

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath import mp, mpf

from app.engine import numpy_backend
from app.engine.numba_backend import backend as kernel
from app.engine.trace import Trace
from app.engine.training import Backend
from app.lab.spec_json import spec_from_data

BACKENDS = [numpy_backend, kernel]
RELATIVE = 1e-12
SUMS = [
    0.0, 0.3, 1.0, 3.9, 4.1, 7.9, 8.1, 12.0, 20.0, 35.0, 36.8, 40.0, 100.0, 300.0, 650.0, 745.0,
    800.0, 1e5,
]  # fmt: skip
EVERY = [*SUMS, *(-z for z in SUMS[1:])]
Function = Callable[[mpf], mpf]


def logistic(z: mpf) -> mpf:
    return 1 / (1 + mpmath.exp(-z))


def scaled_tanh(z: mpf) -> mpf:
    return mpf(1.7159) * mpmath.tanh(2 * z / 3)


def step(arithmetic: Backend, sums: list[float], activation: str, loss: str, y: list[float]) -> Any:
    """A step of a layer whose pre-activations are ``sums``, its parts as lists of one sample."""
    data = {
        "layers": [1, len(sums)], "activations": [activation], "loss": loss,
        "weights": [[[z] for z in sums]], "samples": [{"inputs": [1.0], "targets": y}],
    }  # fmt: skip
    spec = spec_from_data(data)
    trace: Trace = arithmetic.take_step(spec, spec.initial, 0)
    return trace


def assert_equal(found: list[float], expected: list[mpf]) -> None:
    for one, other in zip(found, expected, strict=True):
        if abs(other) < 1e-300:  # no float64 has 12 digits there
            assert abs(one) < 1e-299
        else:
            assert abs(mpf(one) - other) <= RELATIVE * abs(other), (one, other)


@pytest.fixture(autouse=True)
def sixty_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp, "dps", 60)


@pytest.mark.parametrize("arithmetic", BACKENDS)
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_a_cross_entropy_is_exact_at_any_size(arithmetic: Backend, y: float) -> None:
    trace = step(arithmetic, EVERY, "sigmoid", "binary_cross_entropy", [y] * len(EVERY))
    z = [mpf(one) for one in EVERY]
    # Even 60 digits do not hold exp(-300) beside 300.
    shares = [mpmath.log1p(mpmath.exp(-abs(one))) + (1 - y if one > 0 else -y) * one for one in z]
    deltas = [(1 - y) - logistic(-one) if one > 0 else logistic(one) - y for one in z]
    assert_equal(trace.forward.shares[0].tolist(), shares)
    assert_equal(trace.gradients.deltas[0][0].tolist(), deltas)


# What a lacks to 1, and to -1 or 0, so that a - y never cancels.
ENDS: dict[str, tuple[Function, Function]] = {
    "sigmoid": (lambda z: logistic(-z), logistic),
    "tanh": (lambda z: 2 * logistic(-2 * z), lambda z: 2 * logistic(2 * z)),
    "bipolar_sigmoid": (lambda z: 2 * logistic(-z), lambda z: 2 * logistic(z)),
    "scaled_tanh": (lambda z: 1 - scaled_tanh(z), lambda z: 1 + scaled_tanh(z)),
    "elu": (lambda z: 1 - z, mpmath.exp),
}
OF_ERRORS: dict[str, tuple[Function, Function]] = {
    "squared_error": (lambda e: e**2, lambda e: 2 * e),
    "half_squared_error": (lambda e: e**2 / 2, lambda e: e),
    "absolute_error": (abs, mpmath.sign),
    "huber": (
        lambda e: e**2 / 2 if abs(e) <= 1 else abs(e) - mpf(1) / 2,
        lambda e: max(mpf(-1), min(mpf(1), e)),
    ),
}


@pytest.mark.parametrize("arithmetic", BACKENDS)
@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("loss", OF_ERRORS)
@pytest.mark.parametrize("activation", ENDS)
@pytest.mark.parametrize("y", [1.0, 0.0, -1.0, 0.25])
def test_a_target_that_is_nearly_met_leaves_every_digit(
    arithmetic: Backend, y: float, activation: str, loss: str, averaged: bool
) -> None:
    sums = [z for z in EVERY if abs(z) < 300]  # below 1e-300 no float64 has 12 digits
    count = len(sums) if averaged else 1
    name = loss if not averaged else f"mean_{loss}".replace("mean_half", "half_mean")
    trace = step(arithmetic, sums, activation, name, [y] * len(sums))
    short, long = ENDS[activation]
    low = 0 if activation == "sigmoid" else -1
    errors = [1 - y - short(mpf(z)) if z > 0 else low - y + long(mpf(z)) for z in sums]
    share, slope = OF_ERRORS[loss]
    steep = SLOPES[activation]
    assert_equal(trace.forward.shares[0].tolist(), [share(e) / count for e in errors])
    deltas = [slope(e) / count * steep(mpf(z)) for e, z in zip(errors, sums, strict=True)]
    assert_equal(trace.gradients.deltas[0][0].tolist(), deltas)


OF_MARGINS: dict[str, tuple[Function, Function]] = {
    "hinge": (lambda m: m, lambda m: mpf(m > 0)),
    "squared_hinge": (lambda m: m**2, lambda m: 2 * m),
}


@pytest.mark.parametrize("arithmetic", BACKENDS)
@pytest.mark.parametrize("loss", OF_MARGINS)
@pytest.mark.parametrize("activation", ENDS)
@pytest.mark.parametrize("y", [1.0, -1.0])
def test_a_margin_that_is_nearly_met_leaves_every_digit(
    arithmetic: Backend, y: float, activation: str, loss: str
) -> None:
    sums = [z for z in EVERY if abs(z) < 150]  # of 300, squares and slopes are below 1e-300
    trace = step(arithmetic, sums, activation, loss, [y] * len(sums))
    short, long = ENDS[activation]
    low = 0 if activation == "sigmoid" else -1
    ends = [(1, -short(mpf(z))) if z > 0 else (low, long(mpf(z))) for z in sums]
    missing = [max(mpf(0), 1 - y * end - y * lack) for end, lack in ends]
    share, slope = OF_MARGINS[loss]
    assert_equal(trace.forward.shares[0].tolist(), [share(m) for m in missing])
    deltas = [
        -y * slope(m) * SLOPES[activation](mpf(z)) for m, z in zip(missing, sums, strict=True)
    ]
    assert_equal(trace.gradients.deltas[0][0].tolist(), deltas)


@pytest.mark.parametrize("arithmetic", BACKENDS)
def test_the_error_of_a_sigmoid_of_35_is_35(arithmetic: Backend) -> None:
    trace = step(arithmetic, [35.0, 800.0], "sigmoid", "binary_cross_entropy", [0.0, 0.0])
    assert trace.forward.shares[0].tolist() == [35.000000000000001, 800.0]
    assert trace.forward.is_finite


@pytest.mark.parametrize("arithmetic", BACKENDS)
@pytest.mark.parametrize(
    "sums",
    [[0.0, 800.0], [0.0, 9.0, -40.0], [35.0, 35.0, 0.0], [1e5, -1e5], [-700.0, 3.0, 2.0, 1.0],
     [0.0, 0.1, 0.2]],
)  # fmt: skip
def test_softmax_with_its_cross_entropy_is_exact_at_any_size(
    arithmetic: Backend, sums: list[float]
) -> None:
    z = [mpf(one) for one in sums]
    powers = [mpmath.exp(one - max(z)) for one in z]
    for hot in range(len(sums)):
        y = [float(k == hot) for k in range(len(sums))]
        trace = step(arithmetic, sums, "softmax", "softmax_cross_entropy", y)
        share = [yk * (mpmath.log(sum(powers)) + max(z) - zk) for yk, zk in zip(y, z, strict=True)]
        deltas = [
            -sum(p for j, p in enumerate(powers) if j != k) / sum(powers)
            if k == hot
            else powers[k] / sum(powers)
            for k in range(len(sums))
        ]
        # Where two are equal, 1 - a is as exact as a.
        assert_equal(trace.forward.shares[0].tolist(), share)
        assert_equal(trace.gradients.deltas[0][0].tolist(), deltas)


def _mish(z: mpf) -> mpf:
    return mpmath.tanh(mpmath.log1p(mpmath.exp(z)))


SLOPES: dict[str, Function] = {
    "sigmoid": lambda z: logistic(z) * logistic(-z),
    "tanh": lambda z: mpmath.sech(z) ** 2,
    "softplus": logistic,
    "gelu": lambda z: mpmath.ncdf(z) + z * mpmath.npdf(z),
    "bipolar_sigmoid": lambda z: mpmath.sech(z / 2) ** 2 / 2,
    "scaled_tanh": lambda z: mpf(1.7159) * 2 / 3 * mpmath.sech(2 * z / 3) ** 2,
    "elu": lambda z: mpmath.exp(min(z, mpf(0))),
    "silu": lambda z: logistic(z) + z * logistic(z) * logistic(-z),
    "mish": lambda z: _mish(z) + z * mpmath.sech(mpmath.log1p(mpmath.exp(z))) ** 2 * logistic(z),
}
FUNCTIONS: dict[str, Function] = {
    "sigmoid": logistic,
    "tanh": mpmath.tanh,
    "softplus": lambda z: mpmath.log1p(mpmath.exp(-abs(z))) + max(z, mpf(0)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "bipolar_sigmoid": lambda z: mpmath.tanh(z / 2),
    "scaled_tanh": scaled_tanh,
    "elu": lambda z: max(z, mpf(0)) + mpmath.expm1(min(z, mpf(0))),
    "silu": lambda z: z * logistic(z),
    "mish": lambda z: z * _mish(z),
}


@pytest.mark.parametrize("arithmetic", BACKENDS)
@pytest.mark.parametrize("name", SLOPES)
def test_functions_and_slopes_keep_their_digits(arithmetic: Backend, name: str) -> None:
    sums = [z for z in EVERY if abs(z) < 1e5 and (name != "gelu" or abs(z) < 36)]
    # Far from every output, so that a - y loses nothing.
    trace = step(arithmetic, sums, name, "half_squared_error", [-1e6] * len(sums))
    z = [mpf(one) for one in sums]
    a = [FUNCTIONS[name](one) for one in z]
    assert_equal(trace.forward.activations[-1][0].tolist(), a)
    expected = [(ak + 10**6) * SLOPES[name](zk) for ak, zk in zip(a, z, strict=True)]
    assert_equal(trace.gradients.deltas[0][0].tolist(), expected)
