"""Gradients checked against central differences of the loss itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import ForwardPass, Gradients, forward
from app.engine.network import Spec
from app.engine.numpy_backend import step_gradients
from app.engine.parameters import Parameters

# The step that balances rounding against curvature (Press et al., Numerical Recipes, 5.7).
_STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
# What rounding leaves in a central difference of a loss of 1 or less: eps / step is below 1e-10,
# the rest is for long sums.
_NOISE = 1e-9
# Of four points, so that curvature leaves nothing: (Abramowitz and Stegun, 25.3.6).
_POINTS = ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0))
# So near to a kink, both sides of it are measured.
_NEAR = 10 * _STEP


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """Analytic and numeric gradients in the parameters' shapes, and how far apart they are.

    Attributes:
        numeric: central differences of the batch's loss.
        relative: |a - n| / (|a| + |n|), zero where both are (Stanford CS231n's measure).
        largest: the largest relative difference of gradients that a step uses, where it is more
            than ``noise``.
        noise: how far apart two gradients may be by the rounding of the loss alone.
        at_kink: whether some sum lies at a kink (of ReLU, of an absolute error), where the
            slope jumps: there is no derivative then, and the two may differ.
    """

    analytic: Parameters
    numeric: Parameters
    relative: Parameters
    largest: float
    noise: float
    at_kink: bool


def check_gradients(
    spec: Spec, parameters: Parameters, inputs: Array, targets: Array,
    gradients: Gradients | None = None,
) -> GradientCheck:  # fmt: skip
    """Compare a step's gradients with central differences at ``parameters``.

    Inputs and targets have the shapes (samples, inputs) and (samples, outputs). ``gradients`` are
    those that the step computed, if it was taken; else NumPy computes them.
    """
    with np.errstate(all="ignore"):
        passed = forward(spec, parameters, inputs, targets)
        gradients = gradients or step_gradients(spec, parameters, passed, 0)
        analytic = Parameters(gradients.weights, gradients.biases)
        numeric = numeric_gradients(spec, parameters, inputs, targets)
        noise = _NOISE * max(1.0, abs(passed.loss))
        relative, worth = [], []
        for ours, theirs in zip(analytic.arrays(), numeric.arrays(), strict=True):
            difference, size = np.abs(ours - theirs), np.abs(ours) + np.abs(theirs)
            relative.append(difference / np.where(size > 0, size, 1.0))
            worth.append(relative[-1][difference > noise])
    used = worth[: len(parameters.weights)] if spec.bias_update == "none" else worth
    largest = max((float(one.max()) for one in used if one.size), default=0.0)
    apart = Parameters.of(relative)
    return GradientCheck(analytic, numeric, apart, largest, noise, _at_kink(spec, passed))


def _at_kink(spec: Spec, passed: ForwardPass) -> bool:
    rules = zip(spec.activation_rules, passed.pre_activations, strict=True)
    bent = [z - bend for rule, z in rules for bend in rule.bends]
    if spec.loss_rule.bend:
        bent.append(spec.loss_rule.bend(passed.activations[-1], passed.targets))
    return any(bool(np.any(np.abs(z) <= _NEAR)) for z in bent)


def numeric_gradients(
    spec: Spec, parameters: Parameters, inputs: Array, targets: Array
) -> Parameters:
    """Central differences of four points by every parameter: one step h and two, to each side.

    (8 E(p + h) - 8 E(p - h) - E(p + 2h) + E(p - 2h)) / 12h.

    A bias that a layer shares is moved as a whole: each of its units carries that one number.
    """
    found: list[Array] = []
    arrays = list(parameters.arrays())
    for index, array in enumerate(arrays):
        result = np.empty_like(array)
        for place in _places(spec, array, bias=index >= len(parameters.weights)):
            value = float(array[place].flat[0])
            step = _STEP * max(1.0, abs(value))
            step = (value + step) - value  # exactly what the addition adds
            total = 0.0
            for times, factor in _POINTS:
                changed = array.copy()
                changed[place] = value + times * step
                moved = Parameters.of([*arrays[:index], changed, *arrays[index + 1 :]])
                total += factor * forward(spec, moved, inputs, targets).loss
            result[place] = total / (12 * step)
        found.append(result)
    return Parameters.of(found)


def _places(spec: Spec, array: Array, *, bias: bool) -> Iterator[tuple[slice, ...]]:
    """What is moved at a time: one entry, or a layer's one bias."""
    if bias and spec.bias_update == "shared":
        yield (slice(None),)
        return
    for index in np.ndindex(array.shape):
        yield tuple(slice(one, one + 1) for one in index)
