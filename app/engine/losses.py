"""Losses: one table, each share beside its derivative."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.engine.activations import SIGMOID_SATURATES, Activation, Array, below_one, sigmoid


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that is a sum of one share per output, E = sum_k E_k(a_k, y_k).

    Attributes:
        shares: the E_k from ``(activations, targets)``, both of shape (samples, outputs); of a
            loss with a ``match`` from ``(pre_activations, targets)``, which keeps every digit.
        derivative: dE/da_k from activations and targets, of the same shape.
        share: E_k as an expression in ``a``, ``y`` and ``n``, the number of outputs.
        slope: dE/da_k as such an expression.
        match: the one output activation that it goes with, "" for any.
        matched: dE/dz_k behind that activation, as an expression in ``a``, ``y`` and ``n``.
        far: E_k where an output saturates and ``share`` would lose its digits, as an expression
            in ``z``, ``y`` and ``n``; of softmax also in ``top``, the largest z of the layer,
            and ``rest``, the sum of exp(z - top) over all others.
        far_matched: dE/dz_k where a is so near to 1 that ``matched`` would, as an expression in
            ``y``, ``n`` and ``rest``, which is 1 - a.
        unity: whether each sample's targets must sum to 1.
    """

    name: str
    shares: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    share: str
    slope: str
    match: str = ""
    matched: str = ""
    far: str = ""
    far_matched: str = ""
    unity: bool = False


def _squared(difference: Array) -> Array:
    return difference * difference


def _logistic_shares(z: Array, y: Array) -> Array:
    """-(y ln a + (1 - y) ln(1 - a)) = ln(1 + exp(z)) - y z, of terms that do not cancel."""
    return np.where(z > 0.0, 1.0 - y, -y) * z + np.log1p(np.exp(-np.abs(z)))


def _softmax_shares(z: Array, y: Array) -> Array:
    """-y ln a = y (ln(sum_j exp(z_j)) - z), the largest exp(z_j) taken out of the sum."""
    ordered = np.sort(z, axis=-1)
    top = ordered[:, -1:]
    rest = np.exp(ordered[:, :-1] - top).sum(axis=-1, keepdims=True)
    return np.asarray(y * (top - z + np.log1p(rest)))


def _logistic_slope(a: Array, y: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a - y) / (a * (1.0 - a))


def _softmax_slope(a: Array, y: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return -y / a


_FAR = "max(0, z) - y * z + log(1 + exp(-abs(z)))"
NEARLY_ONE = float(sigmoid(np.array(SIGMOID_SATURATES)))
"""Above it, 1 - a has lost too many digits to be taken from a."""
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
         match="sigmoid", matched="a - y", far=_FAR, far_matched="1 - y - rest"),
    Loss("mean_binary_cross_entropy", lambda z, y: _logistic_shares(z, y) / z.shape[1],
         lambda a, y: _logistic_slope(a, y) / a.shape[1],
         "-(y * log(a) + (1 - y) * log(1 - a)) / n", "(a - y) / (a * (1 - a) * n)",
         match="sigmoid", matched="(a - y) / n", far=f"({_FAR}) / n",
         far_matched="(1 - y - rest) / n"),
    Loss("softmax_cross_entropy", _softmax_shares, _softmax_slope,
         "-(y * log(a))", "-y / a", match="softmax", matched="a - y",
         far="y * (top - z + log(rest + 1))", far_matched="1 - y - rest", unity=True),
)}  # fmt: skip


def output_deltas(loss: Loss, activation: Activation, z: Array, a: Array, y: Array) -> Array:
    """dE/dz of the outputs, of shape (samples, outputs).

    Where the loss is made for the activation, its short form is used: the factors of the long
    one are infinite and zero when an output saturates. There a - y is (1 - y) - (1 - a).
    """
    if not loss.match or loss.match != activation.name:
        return activation.carried(loss.derivative(a, y), z, a)
    short = a > NEARLY_ONE
    # Of a softmax, one output alone can be so near to 1: it lacks what the others have.
    others = np.where(short, 0.0, a).sum(axis=-1, keepdims=True)
    lacking = others if activation.joint else below_one(z)
    delta = np.where(short, 1.0 - y - lacking, a - y)
    return delta / a.shape[1] if loss.matched.endswith("/ n") else delta
