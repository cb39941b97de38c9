"""How gradients become new parameters: state in, state out.

An optimizer is a function ``(spec, parameters, gradients, state) -> (parameters, state)``; its
state is a tuple of arrays, empty for plain gradient descent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from app.engine.backprop import Gradients
from app.engine.functions import Array
from app.engine.network import Parameters, Spec

State = tuple[Array, ...]
Update = Callable[[Spec, Parameters, Gradients, State], tuple[Parameters, State]]


def sgd(
    spec: Spec, parameters: Parameters, gradients: Gradients, state: State
) -> tuple[Parameters, State]:
    """Gradient descent: parameter <- parameter - learning_rate * gradient (frozen biases stay)."""
    rate = spec.optimizer.learning_rate
    weights = tuple(
        w - rate * g for w, g in zip(parameters.weights, gradients.weights, strict=True)
    )
    if spec.bias_update == "none":
        return Parameters(weights, parameters.biases), state
    biases = tuple(b - rate * g for b, g in zip(parameters.biases, gradients.biases, strict=True))
    return Parameters(weights, biases), state


@dataclass(frozen=True, slots=True)
class Rule:
    """An optimizer.

    Attributes:
        name: its name in a Spec.
        update: from parameters and gradients to new parameters.
        formula: a new parameter as an expression in ``parameter``, ``gradient`` and
            ``learning_rate``.
    """

    name: str
    update: Update
    formula: str


OPTIMIZERS: Mapping[str, Rule] = MappingProxyType(
    {entry.name: entry for entry in (Rule("sgd", sgd, "parameter - learning_rate * gradient"),)}
)


def update_layer(spec: Spec, parameters: Parameters, layer: int, gradient: Array) -> Array:
    """One layer's new weights, of their shape, from their gradient alone."""
    weights, biases = parameters.weights[layer], parameters.biases[layer]
    alone = Gradients((), (gradient,), (np.zeros_like(biases),))
    update = OPTIMIZERS[spec.optimizer.name].update
    return update(spec, Parameters((weights,), (biases,)), alone, ())[0].weights[0]
