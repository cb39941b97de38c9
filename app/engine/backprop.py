"""The two passes: forward to the loss, backward to every gradient.

Formulas: Nielsen, Neural Networks and Deep Learning, chapter 2, equations BP1 to BP4, in the
notation z (pre-activation), a (activation), delta = dE/dz.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.losses import compared, output_deltas
from app.engine.network import Spec
from app.engine.parameters import Parameters


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """What a forward pass computes, for each sample of a batch.

    z and a have the shape (samples, units) for each layer (z after the inputs, a with them); y and
    each output's share of the loss (samples, outputs). The loss is reduced as the Spec says.
    """

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]
    targets: Array
    shares: Array
    loss: float

    @property
    def is_finite(self) -> bool:
        """Whether the loss and every pre-activation are numbers that have not run away."""
        return math.isfinite(self.loss) and all(np.isfinite(z).all() for z in self.pre_activations)


@dataclass(frozen=True, slots=True)
class Gradients:
    """What a backward pass computes.

    Attributes:
        deltas: dE/dz of each layer after the inputs, of shape (samples, units); E is the
            sample's own loss, not yet reduced over the batch.
        weights, biases: the batch's dE/dw and dE/db, in their shapes. Where a layer shares one
            bias, each of its units carries that bias's gradient: the sum over the layer.
    """

    deltas: tuple[Array, ...]
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


def forward(spec: Spec, parameters: Parameters, inputs: Array, targets: Array) -> ForwardPass:
    """z = W a + b and a = f(z), layer by layer, then the loss.

    Inputs and targets have the shapes (samples, inputs) and (samples, outputs); of the Spec only
    its rules are used, not its samples.
    """
    pre_activations: list[Array] = []
    activations = [inputs]
    for rule, weights, biases in zip(
        spec.activation_rules, parameters.weights, parameters.biases, strict=True
    ):
        z = activations[-1] @ weights.T + biases
        pre_activations.append(z)
        activations.append(rule.function(z))
    loss_rule, z, a = spec.loss_rule, pre_activations[-1], activations[-1]
    outputs = compared(loss_rule, spec.activation_rules[-1], z, a, targets)
    shares = loss_rule.shares(*((z, targets) if loss_rule.match else outputs))
    loss = float(shares.sum())
    if spec.batch.reduction == "mean":
        loss /= shares.shape[0]
    loss += penalty_of(spec, parameters)
    return ForwardPass(tuple(pre_activations), tuple(activations), targets, shares, loss)


def backward(
    spec: Spec, parameters: Parameters, passed: ForwardPass,
    updated: Callable[[int, Array], Array] | None = None,
) -> Gradients:  # fmt: skip
    """delta = (W^T delta) * f'(z) from the outputs back, then dE/dW = delta a^T.

    ``passed`` was computed with ``parameters``. ``updated`` makes new weights of a layer and its
    weights' gradient: they carry deltas back instead of the present ones, and what results is no
    gradient then.
    """
    rules, z, a = spec.activation_rules, passed.pre_activations, passed.activations
    samples = passed.shares.shape[0] if spec.batch.reduction == "mean" else 1
    delta = output_deltas(spec.loss_rule, rules[-1], z[-1], a[-1], passed.targets)
    deltas: list[Array] = []
    weights: list[Array] = []
    for layer in range(len(rules) - 1, -1, -1):
        deltas.append(delta)
        # A layer's weights see its deltas and the activations it takes in.
        slope = _over_batch(delta.T @ a[layer], samples)
        weights.append(_penalised(spec, slope, parameters.weights[layer]))
        if layer:
            carrying = updated(layer, weights[-1]) if updated else parameters.weights[layer]
            delta = rules[layer - 1].carried(delta @ carrying, z[layer - 1], a[layer])
    biases = [delta.sum(axis=0) for delta in reversed(deltas)]
    if spec.bias_update == "shared":
        biases = [np.full_like(bias, bias.sum()) for bias in biases]
    biases = [_over_batch(bias, samples) for bias in biases]
    if spec.penalises_biases:
        both = zip(biases, parameters.biases, strict=True)
        biases = [_penalised(spec, slope, values) for slope, values in both]
    return Gradients(tuple(reversed(deltas)), tuple(reversed(weights)), tuple(biases))


def _over_batch(gradient: Array, samples: int) -> Array:
    return gradient / samples if samples > 1 else gradient


def penalty_of(spec: Spec, parameters: Parameters) -> float:
    """What weights add to the loss: half of ``spec.penalty`` times the sum of their squares."""
    if not spec.penalty:
        return 0.0
    arrays, biases = tuple(parameters.arrays()), spec.penalises_biases
    return 0.5 * spec.penalty * sum_of_squares(spec, arrays, biases=biases)


def _penalised(spec: Spec, slope: Array, values: Array) -> Array:
    return slope + spec.penalty * values if spec.penalty else slope


def sum_of_squares(spec: Spec, arrays: tuple[Array, ...], *, biases: bool) -> float:
    """The sum of the squares of every weight and, with ``biases``, of every bias.

    ``arrays`` are of the parameters' shapes; a bias that a layer shares counts once. They are
    added up in the order of ``Parameters.data``, as the compiled loops do.
    """
    count = len(arrays) // 2
    rows = [array.ravel() for array in arrays[: None if biases else count]]
    if spec.bias_update == "shared":
        rows[count:] = [row[:1] for row in rows[count:]]
    flat = np.concatenate(rows)
    return float(np.cumsum(flat * flat)[-1])


def forward_of(spec: Spec, parameters: Parameters, sample: int) -> ForwardPass:
    """The forward pass of one sample, counted from 0, whichever step uses it."""
    one = slice(sample, sample + 1)
    with np.errstate(all="ignore"):
        return forward(spec, parameters, spec.inputs[one], spec.targets[one])
