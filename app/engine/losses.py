"""Losses: one table, each share beside its derivative."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from app.engine.activations import SIGMOID_SATURATES, Activation, Array, sigmoid, squared


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that is a sum of one share per output, E = sum_k E_k(a_k, y_k).

    Attributes:
        shares: the E_k from activations and targets, both of shape (samples, outputs), or from
            what ``compared`` gives; of a loss with a ``match`` from pre-activations and targets.
        derivative: dE/da_k from activations and targets, or that, of the same shape.
        share: E_k as an expression in ``a``, ``z``, ``y`` and ``n``, the number of outputs.
        slope: dE/da_k as such an expression; "" where the chain rule says nothing.
        match: the one output activation that it goes with, "" for any.
        matched: dE/dz_k behind that activation, as an expression in ``a``, ``y`` and ``n``.
        far: E_k where an output saturates and ``share`` would lose its digits, as an expression
            in ``z``, ``y`` and ``n``; of softmax also in ``top``, the largest z of the layer,
            and ``rest``, the sum of exp(z - top) over all others.
        unity: whether each sample's targets must sum to 1.
        signs: whether targets must be -1 or 1.
        bend: from activations and targets what is 0 where the slope, or its own slope, jumps.
        taken: the targets that the loss takes for those that are given.
    """

    name: str
    shares: Callable[..., Array]
    derivative: Callable[..., Array]
    share: str
    slope: str
    match: str = ""
    matched: str = ""
    far: str = ""
    unity: bool = False
    signs: bool = False
    bend: Callable[[Array, Array], Array] | None = None
    taken: Callable[[Array], Array] = lambda y: y

    @property
    def by_errors(self) -> bool:
        """Whether it follows from a - y, of signs with y: nothing cancels where that is exact."""
        return not self.match and ("a - y" in self.share or "1 - y" in self.share)


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


def _perceptron_shares(z: Array, y: Array) -> Array:
    return (np.where(z < 0.0, 0.0, 1.0) - y) * z


def _logistic_of_signs(a: Array, y: Array) -> Array:
    return np.maximum(0.0, -y * a) + np.log1p(np.exp(-np.abs(y * a)))


def _missing(a: Array, y: Array, error: Array | None = None) -> Array:
    """How far an output is from the margin of 1 on its target's side: 1 - y a, 0 beyond it."""
    return np.maximum(0.0, 1.0 - y * y - y * (a - y if error is None else error))


def _hubers(d: float) -> tuple[Loss, Loss]:
    """Huber's loss with the threshold ``d``, summed over the outputs and averaged."""

    def shares(a: Array, y: Array) -> Array:
        size = np.abs(a - y)
        return np.where(size > d, d * (size - d / 2.0), 0.5 * squared(size))

    def derivative(a: Array, y: Array) -> Array:
        return np.maximum(-d, np.minimum(d, a - y))

    def bend(a: Array, y: Array) -> Array:
        return np.abs(a - y) - d

    share = f"{d!r} * (abs(a - y) - {d!r} / 2) if (abs(a - y)) > {d!r} else 1 / 2 * (a - y)**2"
    slope = f"max(-{d!r}, min({d!r}, a - y))"
    return (
        Loss("huber", shares, derivative, share, slope, bend=bend),
        Loss("mean_huber",
             lambda a, y: shares(a, y) / a.shape[1], lambda a, y: derivative(a, y) / a.shape[1],
             f"({share}) / n", f"{slope} / n", bend=bend),
    )  # fmt: skip


HUBER_DELTA = 1.0
_FAR = "max(0, z) - y * z + log(1 + exp(-abs(z)))"
NEARLY_ONE = float(sigmoid(np.array(SIGMOID_SATURATES)))
"""Above it, 1 - a has lost too many digits to be taken from a."""
LOSSES: Mapping[str, Loss] = {entry.name: entry for entry in (
    Loss("half_squared_error", lambda a, y: 0.5 * squared(a - y), lambda a, y: a - y,
         "1 / 2 * (a - y)**2", "a - y"),
    Loss("squared_error", lambda a, y: squared(a - y), lambda a, y: 2.0 * (a - y),
         "(a - y)**2", "2 * (a - y)"),
    Loss("mean_squared_error",
         lambda a, y: squared(a - y) / a.shape[1], lambda a, y: 2.0 * (a - y) / a.shape[1],
         "(a - y)**2 / n", "2 * (a - y) / n"),
    Loss("half_mean_squared_error",
         lambda a, y: squared(a - y) / (2.0 * a.shape[1]), lambda a, y: (a - y) / a.shape[1],
         "(a - y)**2 / (2 * n)", "(a - y) / n"),
    # Where a = y there is no derivative; 0 is the usual choice (PyTorch, TensorFlow).
    Loss("mean_absolute_error",
         lambda a, y: np.abs(a - y) / a.shape[1], lambda a, y: np.sign(a - y) / a.shape[1],
         "abs(a - y) / n", "(1 if a > y else (-1 if y > a else 0)) / n", bend=np.subtract),
    Loss("absolute_error", lambda a, y: np.abs(a - y), lambda a, y: np.sign(a - y),
         "abs(a - y)", "(1 if a > y else (-1 if y > a else 0))", bend=np.subtract),
    # Huber 1964, as PyTorch's HuberLoss.
    *_hubers(HUBER_DELTA),
    # Targets are -1 and 1: Hastie et al., The Elements of Statistical Learning, section 10.6.
    Loss("hinge", _missing, lambda a, y, *e: np.where(_missing(a, y, *e) > 0.0, -y, 0.0),
         "max(0, 1 - y * a)", "-y if 1 > y * a else 0",
         signs=True, bend=lambda a, y: 1.0 - y * a),
    Loss("squared_hinge", lambda *outputs: squared(_missing(*outputs)),
         lambda a, y, *e: -2.0 * y * _missing(a, y, *e),
         "max(0, 1 - y * a)**2", "-2 * y * max(0, 1 - y * a)",
         signs=True, bend=lambda a, y: 1.0 - y * a),
    Loss("logistic", _logistic_of_signs, lambda a, y: -y * sigmoid(-y * a),
         "log(1 + exp(-y * a))", "-y / (1 + exp(y * a))",
         far="max(0, -y * a) + log(1 + exp(-abs(y * a)))", signs=True),
    # Its gradient is the perceptron's rule: Rosenblatt 1958; Bishop, PRML, eqs. 4.54 and 4.55.
    Loss("perceptron", _perceptron_shares, lambda a, _: np.zeros_like(a),
         "(a - y) * z", "", match="step", matched="a - y"),
    # Natural logarithms. Behind their activations: Bishop, PRML, eqs. 4.91 and 4.109.
    Loss("binary_cross_entropy", _logistic_shares, _logistic_slope,
         "-(y * log(a) + (1 - y) * log(1 - a))", "(a - y) / (a * (1 - a))",
         match="sigmoid", matched="a - y", far=_FAR),
    Loss("mean_binary_cross_entropy", lambda z, y: _logistic_shares(z, y) / z.shape[1],
         lambda a, y: _logistic_slope(a, y) / a.shape[1],
         "-(y * log(a) + (1 - y) * log(1 - a)) / n", "(a - y) / (a * (1 - a) * n)",
         match="sigmoid", matched="(a - y) / n", far=f"({_FAR}) / n"),
    Loss("softmax_cross_entropy", _softmax_shares, _softmax_slope,
         "-(y * log(a))", "-y / a", match="softmax", matched="a - y",
         far="y * (top - z + log(rest + 1))", unity=True),
)}  # fmt: skip


SMOOTHED = tuple(name for name, loss in LOSSES.items() if loss.match and loss.far)
"""The losses whose targets can be smoothed: the cross-entropies."""


@lru_cache(maxsize=256)
def loss_rule(name: str, huber_delta: float, label_smoothing: float) -> Loss:
    """The loss ``name`` under a Spec's conventions.

    ``huber_delta`` is where Huber's loss turns from a square to a line. ``label_smoothing`` moves
    targets by so much to the mean of all classes (Szegedy et al. 2016, section 7): of a softmax
    with n outputs to 1 / n, of a sigmoid to 1 / 2.
    """
    rule = {loss.name: loss for loss in _hubers(huber_delta)}.get(name, LOSSES[name])
    if not label_smoothing or name not in SMOOTHED:
        return rule
    s, plain = label_smoothing, rule

    def taken(y: Array) -> Array:
        return (1.0 - s) * y + s / (y.shape[1] if plain.unity else 2.0)

    mixed = f"((1 - {s!r}) * y + {s!r} / {'n' if rule.unity else '2'})"
    texts: dict[str, Any] = {
        key: re.sub(r"\by\b", mixed, getattr(rule, key))
        for key in ("share", "slope", "matched", "far")
    }
    return replace(
        rule, taken=taken,
        shares=lambda z, y: plain.shares(z, taken(y)),
        derivative=lambda a, y: plain.derivative(a, taken(y)),
        **texts,
    )  # fmt: skip


def errors(activation: Activation, z: Array, a: Array, y: Array) -> Array:
    """a - y of the outputs: (1 - y) - (1 - a) where 1 - a would lose its digits, near -1 likewise.

    Of a softmax, one output alone can be so near to 1: it lacks what the others have.
    """
    short = np.abs(a) > NEARLY_ONE
    if activation.joint:
        lack = np.where(short, 0.0, a).sum(axis=-1, keepdims=True)
    elif activation.lack:
        lack = activation.lack(z)
    else:
        return a - y
    side = np.sign(a)
    return np.where(short, side * (1.0 - side * y - lack), a - y)


def compared(loss: Loss, activation: Activation, z: Array, a: Array, y: Array) -> tuple[Array, ...]:
    """Outputs and targets as a loss takes them: a - y and 0, or that behind them, if it does."""
    if not loss.by_errors:
        return a, y
    error = errors(activation, z, a, y)
    return (a, y, error) if loss.signs else (error, np.zeros_like(y))


def output_deltas(loss: Loss, activation: Activation, z: Array, a: Array, y: Array) -> Array:
    """dE/dz of the outputs, of shape (samples, outputs).

    Where the loss is made for the activation, its short form is used: the factors of the long
    one are infinite and zero when an output saturates.
    """
    if not loss.match or loss.match != activation.name:
        return activation.carried(loss.derivative(*compared(loss, activation, z, a, y)), z, a)
    delta = errors(activation, z, a, loss.taken(y))
    return delta / a.shape[1] if loss.matched.endswith("/ n") else delta
