"""Losses: one table, each share beside its derivative."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Activation, Array


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that is a sum of one share per output, E = sum_k E_k(a_k, y_k).

    Attributes:
        shares: the E_k from ``(activations, targets)``, both of shape (samples, outputs).
        derivative: dE/da_k from the same arguments, of the same shape.
        share: E_k as an expression in ``a``, ``y`` and ``n``, the number of outputs.
        slope: dE/da_k as such an expression.
        match: the one output activation that it goes with, "" for any.
        matched: dE/dz_k behind that activation, as an expression in ``a``, ``y`` and ``n``.
        unity: whether each sample's targets must sum to 1.
    """

    name: str
    shares: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    share: str
    slope: str
    match: str = ""
    matched: str = ""
    unity: bool = False


def _squared(difference: Array) -> Array:
    return difference * difference


def _times_log(y: Array, a: Array) -> Array:
    """y ln a, with 0 ln 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0.0, 0.0, y * np.log(a))


def _logistic_shares(a: Array, y: Array) -> Array:
    return -(_times_log(y, a) + _times_log(1.0 - y, 1.0 - a))


def _logistic_slope(a: Array, y: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a - y) / (a * (1.0 - a))


def _softmax_slope(a: Array, y: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return -y / a


LOSSES: Mapping[str, Loss] = {entry.name: entry for entry in (
    Loss("half_squared_error", lambda a, y: 0.5 * _squared(a - y), lambda a, y: a - y,
         "1 / 2 * (a - y)**2", "a - y"),
    Loss("squared_error", lambda a, y: _squared(a - y), lambda a, y: 2.0 * (a - y),
         "(a - y)**2", "2 * (a - y)"),
    Loss("mean_squared_error",
         lambda a, y: _squared(a - y) / a.shape[1], lambda a, y: 2.0 * (a - y) / a.shape[1],
         "(a - y)**2 / n", "2 * (a - y) / n"),
    Loss("half_mean_squared_error",
         lambda a, y: _squared(a - y) / (2.0 * a.shape[1]), lambda a, y: (a - y) / a.shape[1],
         "(a - y)**2 / (2 * n)", "(a - y) / n"),
    # Where a = y there is no derivative; 0 is the usual choice (PyTorch, TensorFlow).
    Loss("mean_absolute_error",
         lambda a, y: np.abs(a - y) / a.shape[1], lambda a, y: np.sign(a - y) / a.shape[1],
         "abs(a - y) / n", "(1 if a > y else (-1 if y > a else 0)) / n"),
    Loss("absolute_error", lambda a, y: np.abs(a - y), lambda a, y: np.sign(a - y),
         "abs(a - y)", "(1 if a > y else (-1 if y > a else 0))"),
    # Natural logarithms. Behind their activations: Bishop, PRML, eqs. 4.91 and 4.109.
    Loss("binary_cross_entropy", _logistic_shares, _logistic_slope,
         "-(y * log(a) + (1 - y) * log(1 - a))", "(a - y) / (a * (1 - a))",
         match="sigmoid", matched="a - y"),
    Loss("mean_binary_cross_entropy", lambda a, y: _logistic_shares(a, y) / a.shape[1],
         lambda a, y: _logistic_slope(a, y) / a.shape[1],
         "-(y * log(a) + (1 - y) * log(1 - a)) / n", "(a - y) / (a * (1 - a) * n)",
         match="sigmoid", matched="(a - y) / n"),
    Loss("softmax_cross_entropy", lambda a, y: -_times_log(y, a), _softmax_slope,
         "-(y * log(a))", "-y / a", match="softmax", matched="a - y", unity=True),
)}  # fmt: skip


def output_deltas(loss: Loss, activation: Activation, z: Array, a: Array, y: Array) -> Array:
    """dE/dz of the outputs, of shape (samples, outputs).

    Where the loss is made for the activation, its short form is used: the factors of the long
    one are infinite and zero when an output saturates.
    """
    if loss.match and loss.match == activation.name:
        return (a - y) / a.shape[1] if loss.matched.endswith("/ n") else a - y
    return activation.carried(loss.derivative(a, y), z, a)
