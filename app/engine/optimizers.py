"""How gradients become new parameters: state in, state out.

An optimizer is a function ``(spec, parameters, gradients, state) -> (parameters, state)``; its
state is a tuple of arrays, empty for plain gradient descent.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

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


OPTIMIZERS: Mapping[str, Update] = MappingProxyType({"sgd": sgd})
