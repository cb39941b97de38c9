"""Activations and losses: one table each, a function beside its derivative.

Every entry works elementwise on float64 arrays of shape (samples, units). Beside each function
stands its formula, as an expression that ``app.explain`` reads to derive and write it; the tests
hold the two together. The names are the API's; labels for people live in ``app.messages``.
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
        formula: f as an expression in ``z``.
        slope: f' as an expression in ``z`` and ``a``.
    """

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    formula: str
    slope: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that is a sum of one share per output, E = sum_k E_k(a_k, y_k).

    Attributes:
        name: its name in a Spec.
        shares: the E_k from ``(activations, targets)``, both of shape (samples, outputs).
        derivative: dE/da_k from the same arguments, of the same shape.
        share: E_k as an expression in ``a``, ``y`` and ``n``, the number of outputs.
        slope: dE/da_k as such an expression.
    """

    name: str
    shares: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    share: str
    slope: str


def sigmoid(z: Array) -> Array:
    """The logistic function 1 / (1 + exp(-z)), without overflow for any z.

    Written as exp(-log(1 + exp(-z))), which keeps full relative accuracy in both tails.
    """
    return np.exp(-np.logaddexp(0.0, -z))


def _squared(difference: Array) -> Array:
    return difference * difference


# At z = 0 ReLU has no derivative; 0 is the usual choice (PyTorch, TensorFlow).
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Activation("identity", lambda z: z, lambda z, _: np.ones_like(z), "z", "1"),
            Activation(
                "sigmoid", sigmoid, lambda _, a: a * (1.0 - a), "1 / (1 + exp(-z))", "a * (1 - a)"
            ),
            Activation("tanh", np.tanh, lambda _, a: 1.0 - a * a, "tanh(z)", "1 - a**2"),
            Activation(
                "relu",
                lambda z: np.maximum(z, 0.0),
                lambda z, _: (z > 0.0).astype(np.float64),
                "max(0, z)",
                "1 if z > 0 else 0",
            ),
        )
    }
)

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Loss(
                "half_squared_error",
                lambda a, y: 0.5 * _squared(a - y),
                lambda a, y: a - y,
                "1 / 2 * (a - y)**2",
                "a - y",
            ),
            Loss(
                "squared_error",
                lambda a, y: _squared(a - y),
                lambda a, y: 2.0 * (a - y),
                "(a - y)**2",
                "2 * (a - y)",
            ),
            Loss(
                "mean_squared_error",
                lambda a, y: _squared(a - y) / a.shape[1],
                lambda a, y: 2.0 * (a - y) / a.shape[1],
                "(a - y)**2 / n",
                "2 * (a - y) / n",
            ),
        )
    }
)
