"""A whole update: the schedule's rate, clipping, weight decay, and the optimizer's own rule."""

import math
from dataclasses import replace

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import Gradients, sum_of_squares
from app.engine.learning import Optimizer
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS, Formula, Moments, Updated, slots_of
from app.engine.parameters import Parameters

TORCH_SLACK = 1e-6
"""What PyTorch's clip_grad_norm_ adds to the norm."""
_CLIPPED = {
    "value": "max(-clip_limit, min(clip_limit, gradient))",
    "norm": "clip_limit / norm * (gradient) if (norm) > (clip_limit) else (gradient)",
    "torch_norm": "clip_limit / (norm + 0.000001) * (gradient)"
    " if (norm + 0.000001) > (clip_limit) else (gradient)",
}


def update_formulas(optimizer: Optimizer, *, bias: bool) -> tuple[Formula, ...]:
    """A parameter's update in lines, clipping and weight decay included.

    Besides what ``Rule.formulas`` says they are in ``norm``, ``gradient_norm`` of all gradients.
    """
    lines = OPTIMIZERS[optimizer.name].formulas(optimizer)
    form = optimizer.weight_decay_form
    if optimizer.weight_decay and form != "loss" and (optimizer.decay_biases or not bias):
        if form == "gradient":
            lines = (("gradient", "gradient + weight_decay * parameter"), *lines)
        else:
            shrunk = "parameter - learning_rate * weight_decay * parameter"
            lines = (("parameter", shrunk), *lines)
    if optimizer.clipping != "none":
        lines = (("gradient", _CLIPPED[optimizer.clipping]), *lines)
    return lines


def gradient_norm(spec: Spec, gradients: Gradients) -> float:
    """The Euclidean norm of the gradients of everything that learns, as one vector.

    Frozen parameters and fixed biases have no part in it, and a bias that a layer shares one.
    """
    arrays = (*gradients.weights, *gradients.biases)
    counted = (np.where(held, 0.0, g) for g, held in zip(arrays, spec.frozen_masks, strict=True))
    return math.sqrt(sum_of_squares(spec, tuple(counted), biases=spec.bias_update != "none"))


def _clipped(o: Optimizer, g: Array, norm: float) -> Array:
    if o.clipping == "none":
        return g
    if o.clipping == "value":
        return np.maximum(-o.clip_limit, np.minimum(o.clip_limit, g))
    norm += TORCH_SLACK if o.clipping == "torch_norm" else 0.0
    return o.clip_limit / norm * g if norm > o.clip_limit else g


def _updated(
    o: Optimizer, p: Array, g: Array, moments: Moments, age: int, *, bias: bool, norm: float
) -> Updated:
    """One array's update, clipping and weight decay included."""
    g = _clipped(o, g, norm)
    if o.weight_decay and (o.decay_biases or not bias):
        if o.weight_decay_form == "gradient":
            g = g + o.weight_decay * p
        elif o.weight_decay_form == "decoupled":
            p = p - o.learning_rate * o.weight_decay * p
    return OPTIMIZERS[o.name].update(o, p, g, moments, age)


def _at(spec: Spec, step: int) -> Optimizer:
    """The optimizer with the rate of the step from ``step``."""
    rate = spec.optimizer.rate_at(step)
    return replace(spec.optimizer, learning_rate=rate, schedule="constant")


def update(spec: Spec, parameters: Parameters, gradients: Gradients, step: int) -> Parameters:
    """The parameters after the step from ``step``; moments that are missing begin at zero."""
    optimizer, slots = _at(spec, step), slots_of(spec.optimizer)
    before = parameters.remembering(len(slots))
    age = before.age + 1 if slots else 0
    norm = gradient_norm(spec, gradients) if "norm" in optimizer.clipping else 0.0
    rows: list[Updated] = []
    arrays, slopes = [*before.arrays()], (*gradients.weights, *gradients.biases)
    memory = [*zip(*(moment.arrays() for moment in before.moments), strict=True)]
    each = zip(arrays, slopes, spec.frozen_masks, memory or [()] * len(arrays), strict=True)
    for index, (array, slope, held, moments) in enumerate(each):
        bias = index >= len(before.weights)
        if bias and spec.bias_update == "none":
            rows.append((array, moments))
            continue
        after, kept = _updated(optimizer, array, slope, moments, age, bias=bias, norm=norm)
        if held.any():
            after = np.where(held, array, after)
            both = zip(moments, kept, strict=True)
            kept = tuple(np.where(held, old, new) for old, new in both)
        rows.append((after, kept))
    after_all = tuple(Parameters.of(row[1][slot] for row in rows) for slot in range(len(slots)))
    return Parameters.of((row[0] for row in rows), after_all, age)


def update_layer(
    spec: Spec, parameters: Parameters, step: int, layer: int, gradient: Array
) -> Array:
    """One layer's new weights, of their shape, from their gradient alone."""
    memory = parameters.remembering(len(slots_of(spec.optimizer)))
    moments = tuple(moment.weights[layer] for moment in memory.moments)
    weights, age, optimizer = parameters.weights[layer], memory.age + 1, _at(spec, step)
    after, _ = _updated(optimizer, weights, gradient, moments, age, bias=False, norm=0.0)
    return np.where(spec.frozen_masks[layer], weights, after)
