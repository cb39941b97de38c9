"""Activations and losses, one number at a time.

Their formulas are those of ``app.engine.activations`` and ``app.engine.losses``, in the same
order; the tests hold them together. ``rules`` and ``numbers`` are described in ``codes``.
"""

import math
from typing import Any

import numpy as np

from app.engine import activations as table
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import inlined, inner

Codes = np.ndarray[Any, np.dtype[np.int64]]


@inner
def activation(code: int, z: float, leaky: float) -> float:
    """a = f(z)."""
    if code == codes.SIGMOID:
        return sigmoid(z)
    if code == codes.TANH:
        return math.tanh(z)
    if code == codes.RELU:
        return 0.0 if z < 0.0 else z
    if code == codes.LEAKY_RELU:
        return z if z > 0.0 else leaky * z
    if code == codes.SOFTPLUS:
        return (0.0 if z < 0.0 else z) + math.log1p(math.exp(-abs(z)))
    if code == codes.GELU:
        return z * (0.5 * math.erfc(-z / math.sqrt(2.0)))
    return z if code == codes.IDENTITY else _further(code, z)


@inner
def _further(code: int, z: float) -> float:
    """a = f(z) of those that are asked for less often."""
    if code == codes.BIPOLAR_SIGMOID:
        return math.tanh(0.5 * z)
    if code == codes.SCALED_TANH:
        return table.TANH_SIZE * math.tanh(table.TANH_PACE * z)
    if code == codes.ELU:
        return z if z > 0.0 else math.expm1(z)
    if code == codes.SELU:
        return table.SELU_SCALE * z if z > 0.0 else table.SELU_BELOW * math.expm1(z)
    if code == codes.SILU:
        return z * sigmoid(z)
    if code == codes.MISH:
        return z * _mish_tanh(z)[0]
    if code == codes.STEP:
        return 0.0 if z < 0.0 else (1.0 if z >= 0.0 else z)
    return min(max(z / 6.0 + 0.5, 0.0), 1.0)


@inner
def _further_slope(code: int, z: float, a: float) -> float:
    if code == codes.BIPOLAR_SIGMOID:
        return 0.5 * _tanh_slope(0.5 * z, a)
    if code == codes.SCALED_TANH:
        steep = _tanh_slope(table.TANH_PACE * z, a / table.TANH_SIZE)
        return table.TANH_SIZE * table.TANH_PACE * steep
    if code == codes.ELU:
        return 1.0 if z > 0.0 else math.exp(z)
    if code == codes.SELU:
        return table.SELU_SCALE if z > 0.0 else table.SELU_BELOW * math.exp(z)
    if code == codes.SILU:
        return sigmoid(z) * (1.0 + z - a)
    if code == codes.MISH:
        inner_tanh, rest = _mish_tanh(z)
        return inner_tanh + z * rest * (1.0 + inner_tanh) * sigmoid(z)
    if code == codes.STEP:
        return 0.0
    return 1.0 / 6.0 if abs(z) < 3.0 else 0.0


@inner
def sigmoid(z: float) -> float:
    """The logistic function."""
    tail = math.exp(-abs(z))
    return 1.0 / (1.0 + tail) if z > 0.0 else tail / (1.0 + tail)


@inner
def _tanh_slope(z: float, a: float) -> float:
    if abs(z) > table.TANH_SATURATES:
        tail = math.exp(-2.0 * abs(z))
        return 4.0 * tail / ((1.0 + tail) * (1.0 + tail))
    return 1.0 - a * a


@inner
def _mish_tanh(z: float) -> tuple[float, float]:
    tail = math.exp(-abs(z))
    if z > 0.0:
        whole = 1.0 + 2.0 * tail + 2.0 * tail * tail
        return (1.0 + 2.0 * tail) / whole, 2.0 * tail * tail / whole
    n = tail * (tail + 2.0)
    return n / (n + 2.0), 2.0 / (n + 2.0)


@inner
def lack(code: int, z: float) -> float:
    """What |a| lacks to 1, of the activations LACKING."""
    if code == codes.ELU:
        return 1.0 - z if z > 0.0 else math.exp(z)
    if code == codes.SCALED_TANH:
        apart = math.tanh(table.TANH_PACE * (table.TANH_ONE - abs(z) + table.TANH_ONE_REST))
        rest = 1.0 - math.tanh(table.TANH_PACE * abs(z)) / table.TANH_SIZE
        return table.TANH_SIZE * apart * rest
    tail = math.exp((-2.0 if code == codes.TANH else -1.0) * abs(z))
    return (1.0 if code == codes.SIGMOID else 2.0) * (tail / (1.0 + tail))


@inner
def slope(code: int, z: float, a: float, at_zero: float, leaky: float) -> float:
    """f'(z), where a = f(z)."""
    if code == codes.SIGMOID:
        return a * (lack(code, z) if z > table.SIGMOID_SATURATES else 1.0 - a)
    if code == codes.TANH:
        return _tanh_slope(z, a)
    if code == codes.RELU or code == codes.LEAKY_RELU:
        left = leaky if code == codes.LEAKY_RELU else 0.0
        if z == 0.0 and at_zero != 0.0:
            return left + at_zero * (1.0 - left)
        return 1.0 if z > 0.0 else left
    if code == codes.SOFTPLUS:
        return sigmoid(z)
    if code == codes.GELU:
        below = 0.5 * math.erfc(-z / math.sqrt(2.0))
        return below + z * math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)
    return 1.0 if code == codes.IDENTITY else _further_slope(code, z, a)


@inlined
def error_share(kind: int, error: float, huber: float) -> float:
    """One output's share of a loss that follows from a - y, not averaged."""
    size = abs(error)
    if kind == codes.HUBER:
        return huber * (size - huber / 2.0) if size > huber else 0.5 * (size * size)
    if kind == codes.ABSOLUTE_ERROR:
        return size
    return (0.5 if kind == codes.HALF_SQUARED_ERROR else 1.0) * (error * error)


@inlined
def error_slope(kind: int, error: float, huber: float) -> float:
    """Its dE/da. Of an error that is neither above nor below 0, as NaN, the sign is itself."""
    if kind == codes.HUBER:
        return -huber if error < -huber else (huber if error > huber else error)
    if kind == codes.ABSOLUTE_ERROR:
        return 1.0 if error > 0.0 else (-1.0 if error < 0.0 else error)
    return 2.0 * error if kind == codes.SQUARED_ERROR else error


@inner
def share(loss: int, z: float, a: float, y: float, error: float) -> float:
    """One output's share of any other loss; those of cross-entropies are in ``rows``."""
    if loss == codes.PERCEPTRON:
        return (a - y) * z
    if loss == codes.LOGISTIC:
        return above(-y * a) + math.log1p(math.exp(-abs(y * a)))
    missing = above(1.0 - y * y - y * error)
    return missing * missing if loss == codes.SQUARED_HINGE else missing


@inner
def above(value: float) -> float:
    """What is above 0 of a number; NaN stays."""
    return 0.0 if value < 0.0 else value


@inner
def loss_slope(loss: int, a: float, y: float, error: float) -> float:
    """Its dE/da. The losses with an activation of their own only ever stand behind that."""
    if loss == codes.LOGISTIC:
        return -y * sigmoid(-y * a)
    missing = above(1.0 - y * y - y * error)
    return -2.0 * y * missing if loss == codes.SQUARED_HINGE else -y if missing > 0.0 else 0.0
