"""Every gradient and every delta against central differences, on random networks.

A central difference of four points with step h is off by about h**4/30 times the fifth
derivative, and by the loss's rounding divided by h. The first is far below 1e-6 of the gradient's
norm for these networks; the second is allowed for as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from app.engine.activations import ACTIVATIONS
from app.engine.backprop import backward, forward
from app.engine.network import BIAS_UPDATES, Spec
from app.engine.parameters import Parameters
from app.engine.training import forward_at
from tests.strategies import THOROUGH, specs

H = 1e-5
RELATIVE = 1e-6
# The loss is a sum of at most some hundred products, each rounded.
ROUNDING = 64 * np.finfo(np.float64).eps / H


@dataclass(frozen=True)
class Difference:
    """The central difference of the loss by one parameter, and its share of rounding."""

    value: float
    rounding: float


# Where a slope has no jump, but the slope of the slope has.
_CURVED = ("elu",)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_slopes_jump_where_the_table_says_and_nowhere_else(name: str) -> None:
    activation = ACTIVATIONS[name]
    jumps = activation.derivative if name != "step" else lambda z, _: activation.function(z)
    for z in (-3.0, -1.0, 0.0, 1.0, 3.0):
        sides = np.array([z - 1e-9, z + 1e-9])
        below, above = jumps(sides, activation.function(sides))
        assert bool(abs(above - below) > 1e-3) == (z in activation.bends and name not in _CURVED)


def corners(spec: Spec, parameters: Parameters) -> list[np.ndarray[Any, Any]]:
    """On which side of its kink each unit is, for those that have one."""
    passed = forward_at(spec, parameters, 0)
    found = [
        np.sign(z - bend)
        for name, z in zip(spec.activations, passed.pre_activations, strict=True)
        for bend in ACTIVATIONS[name].bends
    ]
    if "absolute" in spec.loss:
        found.append(np.sign(passed.activations[-1] - passed.targets))
    return found


def nudged(parameters: Parameters, kind: str, layer: int, where: Any, by: float) -> Parameters:
    """``parameters`` with one weight, one bias or one shared bias changed ``by`` this much."""
    arrays = [array.copy() for array in getattr(parameters, kind)]
    arrays[layer][where] += by
    return replace(parameters, **{kind: tuple(arrays)})  # type: ignore[arg-type]


def difference(spec: Spec, kind: str, layer: int, where: Any) -> Difference:
    """dE/dp by central difference; examples that cross a kink are not meant."""
    moved = [nudged(spec.initial, kind, layer, where, H * by) for by in (2, 1, -1, -2)]
    for above, below in zip(corners(spec, moved[0]), corners(spec, moved[-1]), strict=True):
        assume(np.array_equal(above, below) and above.all())
    losses = [forward_at(spec, parameters, 0).loss for parameters in moved]
    further, high, low, lowest = losses
    value = (8 * (high - low) - (further - lowest)) / (12 * H)
    return Difference(value, ROUNDING * max(*map(abs, losses), conditioning(spec)))


def conditioning(spec: Spec) -> float:
    """How the loss magnifies its outputs' rounding: log(1 - a) near a = 1 does by 1 / (1 - a)."""
    if not spec.loss_rule.match:
        return 0.0
    a = forward_at(spec, spec.initial, 0).activations[-1]
    return float((1 / np.minimum(a, 1 - a)).sum())


def parameters_of(spec: Spec) -> Iterator[tuple[str, str, int, Any]]:
    """Each parameter: its name, and where it is; a shared bias is a whole layer."""
    for layer, names in enumerate(spec.names.weights):
        for j, row in enumerate(names):
            for i, name in enumerate(row):
                yield name, "weights", layer, (j, i)
    for layer, row in enumerate(spec.names.biases):
        for j, name in enumerate(row):
            where = slice(None) if spec.bias_update == "shared" else j
            yield name, "biases", layer, where


def norm(arrays: tuple[np.ndarray[Any, Any], ...]) -> float:
    return float(np.sqrt(sum(float((array**2).sum()) for array in arrays)))


@THOROUGH
@given(specs())
def test_gradients_are_central_differences(spec: Spec) -> None:
    assume(spec.loss != "perceptron")  # a rule, whose loss is no differentiable function
    gradients = backward(spec, spec.initial, forward_at(spec, spec.initial, 0))
    scale = norm((*gradients.weights, *gradients.biases))
    for name, kind, layer, where in parameters_of(spec):
        numeric = difference(spec, kind, layer, where)
        analytic = getattr(gradients, kind)[layer][where]
        off = np.abs(analytic - numeric.value).max()
        assert off <= RELATIVE * scale + numeric.rounding, (
            f"{name} ({kind}[{layer}], {where}): {analytic} analytic, {numeric} numeric"
        )


@THOROUGH
@given(specs(bias_updates=("per_neuron",), most_samples=1))
def test_deltas_are_derivatives_by_the_pre_activation(spec: Spec) -> None:
    """A bias adds to its unit's pre-activation, so nudging it nudges the pre-activation."""
    assume(spec.loss != "perceptron")
    # The penalty moves with a bias, and is no part of a delta.
    spec = replace(spec, optimizer=replace(spec.optimizer, weight_decay=0.0))
    deltas = backward(spec, spec.initial, forward_at(spec, spec.initial, 0)).deltas
    scale = norm(deltas)
    for layer, delta in enumerate(deltas):
        for j, analytic in enumerate(delta[0]):
            numeric = difference(spec, "biases", layer, j)
            assert abs(analytic - numeric.value) <= RELATIVE * scale + numeric.rounding, (
                f"delta of unit {spec.names.units[layer + 1][j]}: {analytic}, {numeric} numeric"
            )


@THOROUGH
@given(specs())
def test_deltas_are_each_samples_own_and_gradients_reduce_them(spec: Spec) -> None:
    """One sample at a time gives the same deltas, and gradients that add up to the batch's.

    The penalty belongs to the weights, not to samples, and is left out.
    """
    spec = replace(spec, optimizer=replace(spec.optimizer, weight_decay=0.0))
    batch = spec.batch_slice(0)
    whole = backward(spec, spec.initial, forward_at(spec, spec.initial, 0))
    alone = []
    for index in range(batch.start, batch.stop):
        one = slice(index, index + 1)
        passed = forward(spec, spec.initial, spec.inputs[one], spec.targets[one])
        alone.append(backward(spec, spec.initial, passed))
    share = 1 / len(alone) if spec.batch.reduction == "mean" else 1
    for layer in range(len(spec.layers) - 1):
        deltas = np.concatenate([single.deltas[layer] for single in alone])
        np.testing.assert_allclose(whole.deltas[layer], deltas, rtol=1e-9, atol=1e-12)
        for kind in ("weights", "biases"):
            total = share * sum(getattr(single, kind)[layer] for single in alone)
            size = sum(np.abs(getattr(single, kind)[layer]).max() for single in alone)
            found = getattr(whole, kind)[layer]
            np.testing.assert_allclose(found, total, rtol=0, atol=1e-12 * (1 + size))


@THOROUGH
@given(specs())
def test_a_bias_rule_changes_only_how_biases_learn(spec: Spec) -> None:
    each = {}
    for rule in BIAS_UPDATES:
        own = Parameters(spec.initial.weights, tuple(b * 0 for b in spec.initial.biases))
        ruled = replace(spec, bias_update=rule, initial=own)
        each[rule] = backward(ruled, own, forward_at(ruled, own, 0))
    for layer, biases in enumerate(each["per_neuron"].biases):
        np.testing.assert_array_equal(each["none"].biases[layer], biases)
        rounding = 1e-14 * (1 + np.abs(biases).sum())
        np.testing.assert_allclose(each["shared"].biases[layer], biases.sum(), atol=rounding)
        for gradients in each.values():
            np.testing.assert_array_equal(gradients.weights[layer], each["none"].weights[layer])
