"""How gradients become new parameters, and what an optimizer remembers from step to step.

Every rule works on one array at a time: ``(optimizer, parameter, gradient, moments, age)`` to
``(parameter, moments)``, all of one shape. Beside each stand its formulas, as expressions that
``app.explain`` reads; the tests hold the two together.

Sources: momentum, Polyak 1964 and Sutskever et al. 2013; Nesterov's as there and in PyTorch,
with the gradient at the present parameters; RMSProp, Hinton, lecture 6e; Adam, Kingma and Ba
2015, bias-corrected; Adamax, there section 7.1, epsilon as in PyTorch; Adagrad, Duchi et al. 2011;
AMSGrad, Reddi et al. 2018; NAdam, Dozat 2016, with a constant beta1; decoupled decay, Loshchilov
and Hutter 2019.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import Gradients
from app.engine.network import Optimizer, Spec
from app.engine.parameters import Parameters

Moments = tuple[Array, ...]
Updated = tuple[Array, Moments]
Update = Callable[[Optimizer, Array, Array, Moments, int], Updated]
Formula = tuple[str, str]
"""A quantity and an expression. Names of moments mean the old one until their own line, then the
new one; "parameter" is the last."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An optimizer.

    Attributes:
        formulas: one array's update in lines, the parameter's last; in ``parameter``,
            ``gradient``, ``age`` (this update's number, from 1), the slots and the Optimizer's
            fields.
        slots: what it remembers, by name.
        fields: the fields of Optimizer that it uses besides the learning rate.
    """

    name: str
    update: Update
    formulas: Callable[[Optimizer], tuple[Formula, ...]]
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def _sgd(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    return p - o.learning_rate * g, moments


def _momentum(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    (velocity,) = moments
    if o.momentum_form == "classical":
        velocity = o.momentum * velocity - o.learning_rate * g
        return p + velocity, (velocity,)
    part = 1.0 - o.momentum if o.momentum_form == "averaged" else 1.0
    velocity = o.momentum * velocity + part * g
    return p - o.learning_rate * velocity, (velocity,)


def _nesterov(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    (velocity,) = moments
    if o.momentum_form == "classical":
        velocity = o.momentum * velocity - o.learning_rate * g
        return p + o.momentum * velocity - o.learning_rate * g, (velocity,)
    velocity = o.momentum * velocity + g
    return p - o.learning_rate * (g + o.momentum * velocity), (velocity,)


def _root(o: Optimizer, square: Array) -> Array:
    if o.epsilon_form == "inside":
        return np.sqrt(square + o.epsilon)
    return np.sqrt(square) + o.epsilon


def _rmsprop(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    square = o.decay * moments[0] + (1.0 - o.decay) * g * g
    return p - o.learning_rate * g / _root(o, square), (square,)


def _adam(o: Optimizer, p: Array, g: Array, moments: Moments, age: int) -> Updated:
    after = mean, square = _means(o, g, moments)
    if o.name == "amsgrad":
        square = np.maximum(moments[2], square)
        after = (*after, square)
    if not o.bias_correction:
        return p - o.learning_rate * mean / _root(o, square), after
    if o.epsilon_form == "uncorrected":
        rate = o.learning_rate * math.sqrt(1.0 - o.beta2**age) / (1.0 - o.beta1**age)
        return p - rate * mean / _root(o, square), after
    corrected_mean = mean / (1.0 - o.beta1**age)
    corrected_square = square / (1.0 - o.beta2**age)
    return p - o.learning_rate * corrected_mean / _root(o, corrected_square), after


def _means(o: Optimizer, g: Array, moments: Moments) -> Moments:
    mean = o.beta1 * moments[0] + (1.0 - o.beta1) * g
    return mean, o.beta2 * moments[1] + (1.0 - o.beta2) * g * g


def _adagrad(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    total = moments[0] + g * g
    return p - o.learning_rate * g / _root(o, total), (total,)


def _adamax(o: Optimizer, p: Array, g: Array, moments: Moments, age: int) -> Updated:
    mean = o.beta1 * moments[0] + (1.0 - o.beta1) * g
    largest = np.maximum(o.beta2 * moments[1], np.abs(g) + o.epsilon)
    return p - o.learning_rate * (mean / (1.0 - o.beta1**age)) / largest, (mean, largest)


def _nadam(o: Optimizer, p: Array, g: Array, moments: Moments, age: int) -> Updated:
    after = mean, square = _means(o, g, moments)
    ahead = (o.beta1 * mean + (1.0 - o.beta1) * g) / (1.0 - o.beta1**age)
    return p - o.learning_rate * ahead / _root(o, square / (1.0 - o.beta2**age)), after


def _momentum_formulas(o: Optimizer) -> tuple[Formula, ...]:
    if o.momentum_form == "classical":
        return (
            ("velocity", "momentum * velocity - learning_rate * gradient"),
            ("parameter", "parameter + velocity"),
        )
    part = "(1 - momentum) * gradient" if o.momentum_form == "averaged" else "gradient"
    return (
        ("velocity", f"momentum * velocity + {part}"),
        ("parameter", "parameter - learning_rate * velocity"),
    )


def _nesterov_formulas(o: Optimizer) -> tuple[Formula, ...]:
    ahead = "parameter + momentum * velocity - learning_rate * gradient"
    if o.momentum_form != "classical":
        ahead = "parameter - learning_rate * (gradient + momentum * velocity)"
    return (_momentum_formulas(o)[0], ("parameter", ahead))


def _root_formula(o: Optimizer, square: str) -> str:
    inside = o.epsilon_form == "inside"
    return f"sqrt({square} + epsilon)" if inside else f"(sqrt({square}) + epsilon)"


def _rmsprop_formulas(o: Optimizer) -> tuple[Formula, ...]:
    return (
        ("square", "decay * square + (1 - decay) * gradient**2"),
        ("parameter", f"parameter - learning_rate * gradient / {_root_formula(o, 'square')}"),
    )


_MEANS: tuple[Formula, ...] = (
    ("mean", "beta1 * mean + (1 - beta1) * gradient"),
    ("square", "beta2 * square + (1 - beta2) * gradient**2"),
)
_CORRECTED_MEAN = ("corrected_mean", "mean / (1 - beta1**age)")


def _adagrad_formulas(o: Optimizer) -> tuple[Formula, ...]:
    return (
        ("total", "total + gradient**2"),
        ("parameter", f"parameter - learning_rate * gradient / {_root_formula(o, 'total')}"),
    )


def _adamax_formulas(_: Optimizer) -> tuple[Formula, ...]:
    return (
        _MEANS[0],
        ("largest", "max(beta2 * largest, abs(gradient) + epsilon)"),
        _CORRECTED_MEAN,
        ("parameter", "parameter - learning_rate * corrected_mean / largest"),
    )


def _nadam_formulas(o: Optimizer) -> tuple[Formula, ...]:
    ahead = "(beta1 * mean + (1 - beta1) * gradient) / (1 - beta1**age)"
    root = _root_formula(o, "corrected_square")
    return (
        *_MEANS,
        ("corrected_mean", ahead),
        ("corrected_square", "square / (1 - beta2**age)"),
        ("parameter", f"parameter - learning_rate * corrected_mean / {root}"),
    )


def _adam_formulas(o: Optimizer) -> tuple[Formula, ...]:
    moments, square = _MEANS, "square"
    if o.name == "amsgrad":
        moments, square = (*_MEANS, ("largest", "max(largest, square)")), "largest"
    if not o.bias_correction:
        root = _root_formula(o, square)
        return (*moments, ("parameter", f"parameter - learning_rate * mean / {root}"))
    if o.epsilon_form == "uncorrected":
        rate = "learning_rate * sqrt(1 - beta2**age) / (1 - beta1**age)"
        update = f"parameter - corrected_rate * mean / {_root_formula(o, square)}"
        return (*moments, ("corrected_rate", rate), ("parameter", update))
    root = _root_formula(o, "corrected_square")
    return (
        *moments,
        _CORRECTED_MEAN,
        ("corrected_square", f"{square} / (1 - beta2**age)"),
        ("parameter", f"parameter - learning_rate * corrected_mean / {root}"),
    )


_MOMENTUM_FIELDS = ("momentum", "momentum_form")
_ADAM_FIELDS = ("beta1", "beta2", "epsilon", "epsilon_form", "bias_correction")
OPTIMIZERS: Mapping[str, Rule] = {entry.name: entry for entry in (
    Rule("sgd", _sgd, lambda _: (("parameter", "parameter - learning_rate * gradient"),)),
    Rule("momentum", _momentum, _momentum_formulas, ("velocity",), _MOMENTUM_FIELDS),
    Rule("nesterov", _nesterov, _nesterov_formulas, ("velocity",), _MOMENTUM_FIELDS),
    Rule("rmsprop", _rmsprop, _rmsprop_formulas, ("square",), ("decay", "epsilon", "epsilon_form")),
    Rule("adagrad", _adagrad, _adagrad_formulas, ("total",), ("epsilon", "epsilon_form")),
    Rule("adam", _adam, _adam_formulas, ("mean", "square"), _ADAM_FIELDS),
    Rule("amsgrad", _adam, _adam_formulas, ("mean", "square", "largest"), _ADAM_FIELDS),
    Rule("adamax", _adamax, _adamax_formulas, ("mean", "largest"), _ADAM_FIELDS[:3]),
    Rule("nadam", _nadam, _nadam_formulas, ("mean", "square"), _ADAM_FIELDS[:4]),
)}  # fmt: skip
SLOTS = tuple(dict.fromkeys(slot for rule in OPTIMIZERS.values() for slot in rule.slots))
"""What any optimizer remembers, by name."""


def slots_of(optimizer: Optimizer) -> tuple[str, ...]:
    """What ``optimizer`` remembers, by name."""
    return OPTIMIZERS[optimizer.name].slots


def update_formulas(optimizer: Optimizer, *, bias: bool) -> tuple[Formula, ...]:
    """A parameter's update in lines, weight decay included."""
    lines = OPTIMIZERS[optimizer.name].formulas(optimizer)
    if not optimizer.weight_decay or (bias and not optimizer.decay_biases):
        return lines
    if optimizer.weight_decay_form == "gradient":
        return (("gradient", "gradient + weight_decay * parameter"), *lines)
    return (("parameter", "parameter - learning_rate * weight_decay * parameter"), *lines)


def _updated(
    o: Optimizer, p: Array, g: Array, moments: Moments, age: int, *, bias: bool
) -> Updated:
    """One array's update, weight decay included."""
    if o.weight_decay and (o.decay_biases or not bias):
        if o.weight_decay_form == "gradient":
            g = g + o.weight_decay * p
        else:
            p = p - o.learning_rate * o.weight_decay * p
    return OPTIMIZERS[o.name].update(o, p, g, moments, age)


def update(spec: Spec, parameters: Parameters, gradients: Gradients) -> Parameters:
    """The parameters after one update; moments that are missing before it begin at zero."""
    slots = slots_of(spec.optimizer)
    before = parameters.remembering(len(slots))
    age = before.age + 1 if slots else 0
    memory = [list(moment.arrays()) for moment in before.moments]
    slopes = (*gradients.weights, *gradients.biases)
    rows: list[Updated] = []
    for index, (array, slope) in enumerate(zip(before.arrays(), slopes, strict=True)):
        moments, bias = tuple(of[index] for of in memory), index >= len(before.weights)
        if bias and spec.bias_update == "none":
            rows.append((array, moments))
        else:
            rows.append(_updated(spec.optimizer, array, slope, moments, age, bias=bias))
    after = tuple(Parameters.of(row[1][slot] for row in rows) for slot in range(len(slots)))
    return Parameters.of((row[0] for row in rows), after, age)


def update_layer(spec: Spec, parameters: Parameters, layer: int, gradient: Array) -> Array:
    """One layer's new weights, of their shape, from their gradient alone."""
    memory = parameters.remembering(len(slots_of(spec.optimizer)))
    moments = tuple(moment.weights[layer] for moment in memory.moments)
    weights = parameters.weights[layer]
    return _updated(spec.optimizer, weights, gradient, moments, memory.age + 1, bias=False)[0]
