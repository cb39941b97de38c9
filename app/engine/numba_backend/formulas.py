"""Activations, losses and optimizers, one number at a time.

Their formulas are those of ``app.engine.activations`` and ``app.engine.optimizers``, in the same
order; the tests hold them together. ``rules`` and ``numbers`` are described in ``codes``.
"""

import math
from typing import Any

import numpy as np

from app.engine.activations import (
    SELU_BELOW,
    SELU_SCALE,
    SIGMOID_SATURATES,
    TANH_PACE,
    TANH_SATURATES,
    TANH_SIZE,
    Array,
)
from app.engine.losses import NEARLY_ONE
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import inner

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
        return TANH_SIZE * math.tanh(TANH_PACE * z)
    if code == codes.ELU:
        return z if z > 0.0 else math.expm1(z)
    if code == codes.SELU:
        return SELU_SCALE * z if z > 0.0 else SELU_BELOW * math.expm1(z)
    if code == codes.SILU:
        return z * sigmoid(z)
    if code == codes.MISH:
        return z * _mish_tanh(z)[0]
    return min(max(z / 6.0 + 0.5, 0.0), 1.0)


@inner
def _further_slope(code: int, z: float, a: float) -> float:
    if code == codes.BIPOLAR_SIGMOID:
        return 0.5 * _tanh_slope(0.5 * z, a)
    if code == codes.SCALED_TANH:
        return TANH_SIZE * TANH_PACE * _tanh_slope(TANH_PACE * z, a / TANH_SIZE)
    if code == codes.ELU:
        return 1.0 if z > 0.0 else math.exp(z)
    if code == codes.SELU:
        return SELU_SCALE if z > 0.0 else SELU_BELOW * math.exp(z)
    if code == codes.SILU:
        return sigmoid(z) * (1.0 + z - a)
    if code == codes.MISH:
        inner_tanh, rest = _mish_tanh(z)
        return inner_tanh + z * rest * (1.0 + inner_tanh) * sigmoid(z)
    return 1.0 / 6.0 if abs(z) < 3.0 else 0.0


@inner
def sigmoid(z: float) -> float:
    """The logistic function."""
    tail = math.exp(-abs(z))
    return 1.0 / (1.0 + tail) if z > 0.0 else tail / (1.0 + tail)


@inner
def _tanh_slope(z: float, a: float) -> float:
    if abs(z) > TANH_SATURATES:
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
def below_one(z: float) -> float:
    """What a sigmoid lacks to 1, for z above 0."""
    tail = math.exp(-z)
    return tail / (1.0 + tail)


@inner
def slope(code: int, z: float, a: float, at_zero: float, leaky: float) -> float:
    """f'(z), where a = f(z)."""
    if code == codes.SIGMOID:
        return a * (below_one(z) if z > SIGMOID_SATURATES else 1.0 - a)
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


@inner
def share(loss: int, z: float, a: float, y: float, outputs: int) -> float:
    """One output's share of a sample's loss; that of softmax's cross-entropy is in ``loops``."""
    if loss == codes.HALF_SQUARED_ERROR:
        return 0.5 * ((a - y) * (a - y))
    if loss == codes.SQUARED_ERROR:
        return (a - y) * (a - y)
    if loss == codes.MEAN_SQUARED_ERROR:
        return (a - y) * (a - y) / outputs
    if loss == codes.HALF_MEAN_SQUARED_ERROR:
        return (a - y) * (a - y) / (2.0 * outputs)
    if loss == codes.MEAN_ABSOLUTE_ERROR:
        return abs(a - y) / outputs
    if loss == codes.ABSOLUTE_ERROR:
        return abs(a - y)
    both = (1.0 - y if z > 0.0 else -y) * z + math.log1p(math.exp(-abs(z)))
    return both / outputs if loss == codes.MEAN_BINARY_CROSS_ENTROPY else both


@inner
def loss_slope(loss: int, a: float, y: float, outputs: int) -> float:
    """dE/da. The cross-entropies only ever stand behind their own activations."""
    if loss == codes.HALF_SQUARED_ERROR:
        return a - y
    if loss == codes.SQUARED_ERROR:
        return 2.0 * (a - y)
    if loss == codes.MEAN_SQUARED_ERROR:
        return 2.0 * (a - y) / outputs
    if loss == codes.HALF_MEAN_SQUARED_ERROR:
        return (a - y) / outputs
    # Neither above nor below is 0, or NaN, which stays.
    side = 1.0 if a > y else (-1.0 if a < y else a - y)
    return side if loss == codes.ABSOLUTE_ERROR else side / outputs


@inner
def matched_delta(loss: int, a: float, lacking: float, y: float, outputs: int) -> float:
    """dE/dz behind the activation that a loss is made for; ``lacking`` is 1 - a, if a is near 1."""
    delta = 1.0 - y - lacking if a > NEARLY_ONE else a - y
    return delta / outputs if loss == codes.MEAN_BINARY_CROSS_ENTROPY else delta


@inner
def update(
    rules: Codes, numbers: Array, flat: Array, gradient: Array, low: int, high: int, bias: bool
) -> None:
    """Change the parameters ``flat[low:high]`` and their moments by their gradients."""
    size, kind, age = gradient.size, rules[codes.OPTIMIZER], flat[-1] + 1.0
    rate, shrink = numbers[codes.RATE], numbers[codes.WEIGHT_DECAY]
    decays = shrink != 0.0 and (rules[codes.DECAY_BIASES] or not bias)
    young1 = 1.0 - numbers[codes.BETA1] ** age if rules[codes.CORRECTED] else 1.0
    young2 = 1.0 - numbers[codes.BETA2] ** age if rules[codes.CORRECTED] else 1.0
    pace = rate
    if rules[codes.RATE_CORRECTED]:  # instead of the moments
        pace, young1, young2 = rate * math.sqrt(young2) / young1, 1.0, 1.0
    for k in range(low, high):
        p, g = flat[k], gradient[k]
        if decays and rules[codes.DECOUPLED]:
            p -= rate * shrink * p
        elif decays:
            g += shrink * p
        if kind == codes.SGD:
            flat[k] = p - rate * g
        elif kind == codes.RMSPROP:
            square = _mean(numbers[codes.DECAY], flat[size + k], g, g)
            flat[size + k] = square
            flat[k] = p - rate * g / _root(rules, numbers, square)
        elif kind == codes.ADAGRAD:
            flat[size + k] += g * g
            flat[k] = p - rate * g / _root(rules, numbers, flat[size + k])
        elif kind >= codes.ADAM:
            top, bottom = _quotient(rules, numbers, flat, k, size, g, young1, young2)
            flat[k] = p - pace * top / bottom
        else:
            flat[k], flat[size + k] = _moved(rules, numbers, p, g, flat[size + k])


@inner
def _quotient(
    rules: Codes, numbers: Array, flat: Array, k: int, size: int, g: float,
    young1: float, young2: float,
) -> tuple[float, float]:  # fmt: skip
    """What Adam and its kin take off a parameter at a rate of 1; their moments are changed.

    Divided by 1 where nothing is corrected, which changes no digit.
    """
    kind, beta1 = rules[codes.OPTIMIZER], numbers[codes.BETA1]
    mean = _mean(beta1, flat[size + k], g, 1.0)
    flat[size + k] = mean
    if kind == codes.ADAMAX:
        old = numbers[codes.BETA2] * flat[2 * size + k]
        flat[2 * size + k] = max(old, abs(g) + numbers[codes.EPSILON])
        return mean / young1, flat[2 * size + k]
    square = _mean(numbers[codes.BETA2], flat[2 * size + k], g, g)
    flat[2 * size + k] = square
    if kind == codes.AMSGRAD:
        square = max(flat[3 * size + k], square)
        flat[3 * size + k] = square
    root = _root(rules, numbers, square / young2)
    if kind == codes.NADAM:
        return (beta1 * mean + (1.0 - beta1) * g) / young1, root
    return mean / young1, root


@inner
def _mean(kept: float, old: float, g: float, by: float) -> float:
    return kept * old + (1.0 - kept) * g * by


@inner
def _root(rules: Codes, numbers: Array, square: float) -> float:
    if rules[codes.EPSILON_INSIDE]:
        return math.sqrt(square + numbers[codes.EPSILON])
    return math.sqrt(square) + float(numbers[codes.EPSILON])


@inner
def _moved(rules: Codes, numbers: Array, p: float, g: float, v: float) -> tuple[float, float]:
    """A parameter and its velocity after an update with momentum."""
    rate, inertia = numbers[codes.RATE], numbers[codes.INERTIA]
    nesterov, form = rules[codes.OPTIMIZER] == codes.NESTEROV, rules[codes.MOMENTUM_FORM]
    if form == codes.CLASSICAL:
        v = inertia * v - rate * g
        return (p + inertia * v - rate * g if nesterov else p + v), v
    v = inertia * v + ((1.0 - inertia) * g if form == codes.AVERAGED else g)
    return p - rate * (g + inertia * v if nesterov else v), v
