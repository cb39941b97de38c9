"""Activations and losses: one table each, a function beside its derivative.

Every entry works elementwise on float64 arrays of shape (samples, units). The names are the
API's; labels for people live in ``app.messages``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activation:
    """A unit's activation function, a = f(z).

    Attributes:
        name: its name in a Spec.
        function: f, from pre-activations to activations of the same shape.
        derivative: f'(z) from ``(z, f(z))``, of the same shape; given the activation too
            because most derivatives are cheapest in terms of it.
    """

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that is a sum of one share per output, E = sum_k E_k(a_k, y_k).

    Attributes:
        name: its name in a Spec.
        shares: the E_k from ``(activations, targets)``, both of shape (samples, outputs).
        derivative: dE/da_k from the same arguments, of the same shape.
    """

    name: str
    shares: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]


def sigmoid(z: Array) -> Array:
    """The logistic function 1 / (1 + exp(-z)), without overflow for any z.

    Written as exp(-log(1 + exp(-z))), which keeps full relative accuracy in both tails.
    """
    return np.exp(-np.logaddexp(0.0, -z))


def _identity(z: Array) -> Array:
    return z


def _ones(z: Array, _a: Array) -> Array:
    return np.ones_like(z)


def _sigmoid_derivative(_z: Array, a: Array) -> Array:
    return a * (1.0 - a)


def _tanh_derivative(_z: Array, a: Array) -> Array:
    return 1.0 - a * a


def _relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def _relu_derivative(z: Array, _a: Array) -> Array:
    # At z = 0 the function has no derivative; 0 is the usual choice (PyTorch, TensorFlow).
    return (z > 0.0).astype(np.float64)


def _half_squared_shares(a: Array, y: Array) -> Array:
    difference = a - y
    return 0.5 * difference * difference


def _half_squared_derivative(a: Array, y: Array) -> Array:
    return a - y


def _squared_shares(a: Array, y: Array) -> Array:
    difference = a - y
    return difference * difference


def _squared_derivative(a: Array, y: Array) -> Array:
    return 2.0 * (a - y)


def _mean_squared_shares(a: Array, y: Array) -> Array:
    difference = a - y
    shares: Array = difference * difference / a.shape[1]
    return shares


def _mean_squared_derivative(a: Array, y: Array) -> Array:
    slope: Array = 2.0 * (a - y) / a.shape[1]
    return slope


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Activation("identity", _identity, _ones),
            Activation("sigmoid", sigmoid, _sigmoid_derivative),
            Activation("tanh", np.tanh, _tanh_derivative),
            Activation("relu", _relu, _relu_derivative),
        )
    }
)

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Loss("half_squared_error", _half_squared_shares, _half_squared_derivative),
            Loss("squared_error", _squared_shares, _squared_derivative),
            Loss("mean_squared_error", _mean_squared_shares, _mean_squared_derivative),
        )
    }
)
