"""Activations: one table, each function beside its derivative.

Every entry works elementwise on float64 arrays of shape (samples, units). Beside each function
stands its formula, as an expression that ``app.explain`` reads to derive and write it; the tests
hold the two together. The names are the API's; labels for people live in ``app.messages``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activation:
    """A layer's activation function, a = f(z).

    Attributes:
        function: f, from pre-activations to activations of the same shape.
        derivative: f'(z) from ``(z, f(z))``, of the same shape: most are cheapest by the latter.
        formula: f as an expression in ``z``; a joint one also has ``total``, the sum of exp(z)
            over the layer.
        slope: f' as an expression in ``z`` and ``a``.
        far: f where |z| is so large that ``formula`` overflows, if it needs another form there.
        saturated: f' where |z| is above ``saturates`` and ``slope`` would lose its digits, as an
            expression in ``z`` and ``a``; "" if it never does.
        kink: the slopes left and right of z = 0 where a Spec says what holds at 0, else None.
        bends: every z at which the slope, or its own slope, jumps.
        lack: what |a| lacks to 1, all digits of it, where outputs are meant to come near; or None.
        lacking: that as an expression in ``z`` and ``a``.
        cross: of a joint function, da_j/dz_k for j other than k, as an expression in ``a``
            (a_j) and ``b`` (a_k); "" for a function of each unit alone.
    """

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    formula: str
    slope: str
    far: str = ""
    saturated: str = ""
    saturates: float = math.inf
    kink: tuple[float, float] | None = None
    bends: tuple[float, ...] = ()
    lack: Callable[[Array], Array] | None = None
    lacking: str = ""
    cross: str = ""

    @property
    def joint(self) -> bool:
        """Whether each activation depends on every pre-activation of the layer."""
        return bool(self.cross)

    def carried(self, signal: Array, z: Array, a: Array) -> Array:
        """dE/dz from ``signal``, dE/da; all of shape (samples, units)."""
        if self.joint:
            # Softmax: da_j/dz_k = a_j ([j = k] - a_k); Bishop, PRML, eq. 4.106.
            return np.asarray(a * (signal - (signal * a).sum(axis=-1, keepdims=True)))
        return signal * self.derivative(z, a)


def sigmoid(z: Array) -> Array:
    """The logistic function 1 / (1 + exp(-z)), without overflow for any z.

    Below 0 it is written as exp(z) / (1 + exp(z)): full relative accuracy in both tails.
    """
    tail = np.exp(-np.abs(z))
    return np.where(z > 0.0, 1.0, tail) / (1.0 + tail)


def softmax(z: Array) -> Array:
    """exp(z_k) / sum_j exp(z_j) over each row, without overflow for any finite z."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def below_one(z: Array) -> Array:
    """What the logistic function of |z| lacks to 1: 1 / (1 + exp(|z|)), all digits of it."""
    tail = np.exp(-np.abs(z))
    return tail / (1.0 + tail)


def _sigmoid_slope(z: Array, a: Array) -> Array:
    return a * np.where(z > SIGMOID_SATURATES, below_one(z), 1.0 - a)


def _tanh_slope(z: Array, a: Array) -> Array:
    tail = np.exp(-2.0 * np.abs(z))
    saturated = 4.0 * tail / squared(1.0 + tail)
    return np.where(np.abs(z) > TANH_SATURATES, saturated, 1.0 - a * a)


def squared(x: Array) -> Array:
    """The square of each number."""
    return x * x


_erfc = np.frompyfunc(math.erfc, 1, 1)


def _normal_cdf(z: Array) -> Array:
    """The standard normal distribution function, full relative accuracy in both tails."""
    return 0.5 * np.asarray(_erfc(-z / math.sqrt(2.0)), dtype=np.float64)


def _scaled_tanh_lack(z: Array) -> Array:
    """What the scaled tanh of |z| lacks to 1: tanh u - tanh v = tanh(u - v) (1 - tanh u tanh v)."""
    apart = np.tanh(TANH_PACE * (TANH_ONE - np.abs(z) + TANH_ONE_REST))
    return TANH_SIZE * apart * (1.0 - np.tanh(TANH_PACE * np.abs(z)) / TANH_SIZE)


def _gelu_slope(z: Array, _: Array) -> Array:
    return _normal_cdf(z) + z * np.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)


def _silu_slope(z: Array, a: Array) -> Array:
    return sigmoid(z) * (1.0 + z - a)


def _mish_tanh(z: Array) -> tuple[Array, Array]:
    """tanh(ln(1 + exp(z))), which is n / (n + 2) for n = exp(z) (exp(z) + 2), and its rest to 1."""
    tail = np.exp(-np.abs(z))
    n, m = tail * (tail + 2.0), 1.0 + 2.0 * tail
    whole = np.where(z > 0.0, m + 2.0 * tail * tail, n + 2.0)
    return np.where(z > 0.0, m, n) / whole, np.where(z > 0.0, 2.0 * tail * tail, 2.0) / whole


def _mish_slope(z: Array, _: Array) -> Array:
    inner, rest = _mish_tanh(z)
    return inner + z * rest * (1.0 + inner) * sigmoid(z)


def _exponential(name: str, formula: str, slope: str, scale: float, below: float) -> Activation:
    """``scale`` z above zero, ``below`` (exp(z) - 1) below."""
    return Activation(
        name,
        lambda z: np.where(z > 0.0, scale * z, below * np.expm1(np.minimum(z, 0.0))),
        lambda z, _: np.where(z > 0.0, scale, below * np.exp(np.minimum(z, 0.0))),
        formula, slope, bends=(0.0,),
    )  # fmt: skip


LEAKY_SLOPE = 0.01
# SELU's fixed point of mean 0 and variance 1: Klambauer et al. 2017, appendix A.
SELU_SCALE, SELU_BELOW = 1.0507009873554805, 1.7580993408473766
# LeCun et al. 1998, Efficient BackProp, section 4.4.
TANH_SIZE, TANH_PACE = 1.7159, 2.0 / 3.0
TANH_ONE, TANH_ONE_REST = 1.0000036325605237, 7.57248857596425e-17  # it is 1 at their sum
# From here on 1 - a has lost so many digits that less than 12 would be left.
SIGMOID_SATURATES, TANH_SATURATES = 8.0, 4.0
_LOGISTIC = "1 / (1 + exp(-z))"


@lru_cache(maxsize=256)
def activation_rule(name: str, slope_at_zero: float, leaky_slope: float) -> Activation:
    """The activation ``name`` under a Spec's conventions.

    The derivative at a kink lies ``slope_at_zero`` of the way from the left slope to the right:
    0 for the left one (PyTorch, TensorFlow), 1/2 for the mean, 1 for the right one.
    ``leaky_slope`` is the slope of a leaky ReLU below zero.
    """
    rule = _leaky(leaky_slope) if name == "leaky_relu" else ACTIVATIONS[name]
    if rule.kink is None or not slope_at_zero:
        return rule
    left, right = rule.kink
    there = left + slope_at_zero * (right - left)
    plain = rule.derivative
    return replace(
        rule,
        derivative=lambda z, a: np.where(z == 0.0, there, plain(z, a)),
        slope=f"{right!r} if z > 0 else ({left!r} if 0 > z else {there!r})",
    )


def _leaky(slope: float) -> Activation:
    return Activation(
        "leaky_relu",
        lambda z: np.where(z > 0.0, z, slope * z),
        lambda z, _: np.where(z > 0.0, 1.0, slope),
        f"z if z > 0 else {slope!r} * z",
        f"1 if z > 0 else {slope!r}",
        kink=(slope, 1.0), bends=(0.0,),
    )  # fmt: skip


# The derivative at a kink: see ``activation_rule``. GELU: Hendrycks and Gimpel 2016, exact. Bipolar
# sigmoid: Fausett 1994, 6.1.2. ELU: Clevert et al. 2016. SiLU: Elfwing et al. 2018. Mish: Misra
# 2020. Hard sigmoid: as PyTorch and Keras 3.
ACTIVATIONS: Mapping[str, Activation] = {entry.name: entry for entry in (
    Activation("identity", lambda z: z, lambda z, _: np.ones_like(z), "z", "1"),
    Activation("sigmoid", sigmoid, _sigmoid_slope, _LOGISTIC, "a * (1 - a)",
               saturated="a / (1 + exp(z))", saturates=SIGMOID_SATURATES,
               lack=below_one, lacking="1 / (1 + exp(z))"),
    Activation("tanh", np.tanh, _tanh_slope, "tanh(z)", "1 - a**2",
               saturated="4 * exp(-2 * abs(z)) / (1 + exp(-2 * abs(z)))**2",
               saturates=TANH_SATURATES, lack=lambda z: 2.0 * below_one(2.0 * z),
               lacking="2 / (1 + exp(2 * abs(z)))"),
    Activation("relu", lambda z: np.maximum(z, 0.0), lambda z, _: (z > 0.0).astype(np.float64),
               "max(0, z)", "1 if z > 0 else 0", kink=(0.0, 1.0), bends=(0.0,)),
    _leaky(LEAKY_SLOPE),
    Activation("softplus", lambda z: np.logaddexp(0.0, z), lambda z, _: sigmoid(z),
               "log(1 + exp(z))", _LOGISTIC, far="max(0, z)"),
    Activation("gelu", lambda z: z * _normal_cdf(z), _gelu_slope,
               "z * (1 + erf(z / sqrt(2))) / 2",
               "(1 + erf(z / sqrt(2))) / 2 + z * exp(-z**2 / 2) / sqrt(2 * pi)"),
    Activation("bipolar_sigmoid", lambda z: np.tanh(0.5 * z),
               lambda z, a: 0.5 * _tanh_slope(0.5 * z, a),
               "2 / (1 + exp(-z)) - 1", "(1 - a**2) / 2",
               saturated="2 * exp(-abs(z)) / (1 + exp(-abs(z)))**2",
               saturates=2.0 * TANH_SATURATES, lack=lambda z: 2.0 * below_one(z),
               lacking="2 / (1 + exp(abs(z)))"),
    Activation("scaled_tanh", lambda z: TANH_SIZE * np.tanh(TANH_PACE * z),
               lambda z, a: TANH_SIZE * TANH_PACE * _tanh_slope(TANH_PACE * z, a / TANH_SIZE),
               "1.7159 * tanh(2 / 3 * z)", "2 / 3 * (1.7159 - a**2 / 1.7159)",
               saturated="1.7159 * 8 / 3 * exp(-4 / 3 * abs(z))"
                         " / (1 + exp(-4 / 3 * abs(z)))**2",
               saturates=TANH_SATURATES / TANH_PACE, lack=_scaled_tanh_lack,
               lacking=f"tanh(2 / 3 * ({TANH_ONE} - abs(z) + {TANH_ONE_REST}))"
                       " * (1.7159 - abs(a) / 1.7159)"),
    replace(_exponential("elu", "exp(z) - 1 if 0 > z else z", "exp(z) if 0 > z else 1", 1.0, 1.0),
            lack=lambda z: np.where(z > 0.0, 1.0 - z, np.exp(np.minimum(z, 0.0))),
            lacking="exp(z) if 0 > z else 1 - z"),
    _exponential("selu", f"{SELU_BELOW} * (exp(z) - 1) if 0 > z else {SELU_SCALE} * z",
                 f"{SELU_SCALE} if z > 0 else {SELU_BELOW} * exp(z)", SELU_SCALE, SELU_BELOW),
    Activation("silu", lambda z: z * sigmoid(z), _silu_slope,
               "z / (1 + exp(-z))", "(1 + z - a) / (1 + exp(-z))"),
    Activation("mish", lambda z: z * _mish_tanh(z)[0], _mish_slope,
               "z * tanh(log(1 + exp(z)))",
               "tanh(log(1 + exp(z))) + z * (1 - tanh(log(1 + exp(z)))**2) / (1 + exp(-z))"),
    Activation("hard_sigmoid", lambda z: np.clip(z / 6.0 + 0.5, 0.0, 1.0),
               lambda z, _: np.where(np.abs(z) < 3.0, 1.0 / 6.0, 0.0),
               "max(0, min(1, z / 6 + 1 / 2))", "1 / 6 if 3 > abs(z) else 0", bends=(-3.0, 3.0)),
    # Rosenblatt 1958: it fires from 0 on. Its slope is 0, so only the perceptron's rule trains it.
    Activation("step", lambda z: np.where(z < 0.0, 0.0, np.where(z >= 0.0, 1.0, z)),
               lambda z, _: np.zeros_like(z), "0 if 0 > z else 1", "0", bends=(0.0,)),
    Activation("softmax", softmax, lambda _, a: a * (1.0 - a),
               "exp(z) / total", "a * (1 - a)", cross="-a * b"),
)}  # fmt: skip
