"""How gradients become new parameters, and what an optimizer remembers from step to step.

Every rule works on one array at a time: ``(optimizer, parameter, gradient, moments, age)`` to
``(parameter, moments)``, all of one shape. Beside each stand its formulas, as expressions that
``app.explain`` reads; the tests hold the two together.

Sources: momentum, Polyak 1964 and Sutskever et al. 2013; Nesterov's as there and in PyTorch,
with the gradient at the present parameters; dampening, as PyTorch's SGD; RMSProp, Hinton, lecture
6e, centred as Graves 2013, section 4.2, with momentum as PyTorch; Adam, Kingma and Ba 2015,
bias-corrected; Adamax, there section 7.1, epsilon as in PyTorch; Adagrad, Duchi et al. 2011;
AMSGrad, Reddi et al. 2018; NAdam, Dozat 2016, with a constant beta1 or, as PyTorch and Keras, one
that grows; decoupled decay, Loshchilov and Hutter 2019.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.learning import Optimizer

MOMENTUM_BASE = 0.96
"""Of NAdam's growing momentum (Dozat 2016)."""
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
        slots: what it remembers, by name; see ``slots_of`` for all of it.
        fields: the fields of Optimizer that it uses besides the learning rate.
    """

    name: str
    update: Update
    formulas: Callable[[Optimizer], tuple[Formula, ...]]
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def _sgd(o: Optimizer, p: Array, g: Array, moments: Moments, _: int) -> Updated:
    return p - o.learning_rate * g, moments


def _momentum(o: Optimizer, p: Array, g: Array, moments: Moments, age: int) -> Updated:
    (velocity,) = moments
    if o.momentum_form == "classical":
        velocity = o.momentum * velocity - o.learning_rate * g
        return p + velocity, (velocity,)
    if o.dampening:
        velocity = g if age < 2 else o.momentum * velocity + (1.0 - o.dampening) * g
        return p - o.learning_rate * velocity, (velocity,)
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
    spread, after = square, tuple[Array, ...]((square,))
    if o.centred:
        mean = o.decay * moments[-1] + (1.0 - o.decay) * g
        spread, after = np.maximum(0.0, square - mean * mean), (square, mean)
    if o.name == "rmsprop":
        return p - o.learning_rate * g / _root(o, spread), after
    velocity = o.momentum * moments[1] + g / _root(o, spread)
    return p - o.learning_rate * velocity, (square, velocity, *after[1:])


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
    if o.momentum_decay:
        now, later = _grown(o, age), _grown(o, age + 1)
        product = np.full_like(g, now) if age < 2 else now * moments[2]
        after = (*after, product)
        ahead = later * mean / (1.0 - later * product) + (1.0 - now) * g / (1.0 - product)
    else:
        ahead = (o.beta1 * mean + (1.0 - o.beta1) * g) / (1.0 - o.beta1**age)
    return p - o.learning_rate * ahead / _root(o, square / (1.0 - o.beta2**age)), after


def _grown(o: Optimizer, age: int) -> float:
    """NAdam's share of the mean at an update: it grows from about half of beta1 up to beta1."""
    return float(o.beta1 * (1.0 - MOMENTUM_BASE ** (age * o.momentum_decay) / 2.0))


def _momentum_formulas(o: Optimizer) -> tuple[Formula, ...]:
    if o.momentum_form == "classical":
        return (
            ("velocity", "momentum * velocity - learning_rate * gradient"),
            ("parameter", "parameter + velocity"),
        )
    part = "(1 - momentum) * gradient" if o.momentum_form == "averaged" else "gradient"
    velocity = f"momentum * velocity + {part}"
    if o.dampening:
        velocity = "(gradient) if 2 > (age) else (momentum * velocity + (1 - dampening) * gradient)"
    return (("velocity", velocity), ("parameter", "parameter - learning_rate * velocity"))


def _nesterov_formulas(o: Optimizer) -> tuple[Formula, ...]:
    ahead = "parameter + momentum * velocity - learning_rate * gradient"
    if o.momentum_form != "classical":
        ahead = "parameter - learning_rate * (gradient + momentum * velocity)"
    return (_momentum_formulas(o)[0], ("parameter", ahead))


def _root_formula(o: Optimizer, square: str) -> str:
    inside = o.epsilon_form == "inside"
    return f"sqrt({square} + epsilon)" if inside else f"(sqrt({square}) + epsilon)"


def _rmsprop_formulas(o: Optimizer) -> tuple[Formula, ...]:
    lines: tuple[Formula, ...] = (("square", "decay * square + (1 - decay) * gradient**2"),)
    root = _root_formula(o, "square")
    if o.centred:
        lines += (("mean", "decay * mean + (1 - decay) * gradient"),)
        root = _root_formula(o, "max(0, square - mean**2)")
    if o.name == "rmsprop":
        return (*lines, ("parameter", f"parameter - learning_rate * gradient / {root}"))
    return (
        *lines,
        ("velocity", f"momentum * velocity + gradient / {root}"),
        ("parameter", "parameter - learning_rate * velocity"),
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
    moments, ahead = _MEANS, "(beta1 * mean + (1 - beta1) * gradient) / (1 - beta1**age)"
    if o.momentum_decay:
        grown = f"beta1 * (1 - {MOMENTUM_BASE}**({{}} * momentum_decay) / 2)"
        moments = (
            *_MEANS,
            ("momentum_now", grown.format("age")),
            ("momentum_next", grown.format("(age + 1)")),
            ("momenta", "(momentum_now) if 2 > (age) else (momentum_now * momenta)"),
        )
        ahead = (
            "momentum_next * mean / (1 - momentum_next * momenta)"
            " + (1 - momentum_now) * gradient / (1 - momenta)"
        )
    root = _root_formula(o, "corrected_square")
    return (
        *moments,
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
_RMSPROP_FIELDS = ("decay", "epsilon", "epsilon_form", "centred")
_ADAM_FIELDS = ("beta1", "beta2", "epsilon", "epsilon_form", "bias_correction")
OPTIMIZERS: Mapping[str, Rule] = {entry.name: entry for entry in (
    Rule("sgd", _sgd, lambda _: (("parameter", "parameter - learning_rate * gradient"),)),
    Rule("momentum", _momentum, _momentum_formulas, ("velocity",),
         (*_MOMENTUM_FIELDS, "dampening")),
    Rule("nesterov", _nesterov, _nesterov_formulas, ("velocity",), _MOMENTUM_FIELDS),
    Rule("rmsprop", _rmsprop, _rmsprop_formulas, ("square",), _RMSPROP_FIELDS),
    Rule("rmsprop_momentum", _rmsprop, _rmsprop_formulas, ("square", "velocity"),
         ("momentum", *_RMSPROP_FIELDS)),
    Rule("adagrad", _adagrad, _adagrad_formulas, ("total",), ("epsilon", "epsilon_form")),
    Rule("adam", _adam, _adam_formulas, ("mean", "square"), _ADAM_FIELDS),
    Rule("amsgrad", _adam, _adam_formulas, ("mean", "square", "largest"), _ADAM_FIELDS),
    Rule("adamax", _adamax, _adamax_formulas, ("mean", "largest"), _ADAM_FIELDS[:3]),
    Rule("nadam", _nadam, _nadam_formulas, ("mean", "square"),
         (*_ADAM_FIELDS[:4], "momentum_decay")),
)}  # fmt: skip
SLOTS = tuple(dict.fromkeys([*(s for rule in OPTIMIZERS.values() for s in rule.slots), "momenta"]))
"""What any optimizer remembers, by name."""


def slots_of(optimizer: Optimizer) -> tuple[str, ...]:
    """What ``optimizer`` remembers, by name."""
    slots = OPTIMIZERS[optimizer.name].slots
    if optimizer.name == "nadam" and optimizer.momentum_decay:
        return (*slots, "momenta")
    return (*slots, "mean") if optimizer.centred else slots
