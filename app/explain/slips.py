"""Wrong values that known slips give, from the numbers that give the right one.

A slip has a code, and one or more values: "one path" is another value for each path. Codes are
``sign``, ``minus``, ``swapped``, ``added``, ``no_slope``, ``slope_of_pre``, ``slope_of_act``,
``slope_twice``, ``factor``, ``updated_weight``, ``one_path``, ``no_input``, ``pre_for_act``,
``no_rate``, ``change``, ``no_bias``, ``one_input`` and ``no_activation``.
"""

import math
from collections.abc import Mapping

from app.engine.activations import Activation
from app.explain.evaluation import evaluate
from app.explain.expression import Number, parse
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers, entry

Slips = Mapping[str, tuple[float, ...]]
_MOST_PATHS = 4


def slips_of(quantity: Quantity, step: StepNumbers) -> Slips:
    """What slips make of a quantity; without those that give the right value or no number."""
    truth = step.value(quantity)
    found: dict[str, tuple[float, ...]] = {}
    for code, values in _raw_slips(quantity, step, truth).items():
        wrong = tuple(value for value in values if math.isfinite(value) and value != truth)
        if wrong:
            found[code] = wrong
    return found


def is_near(value: float, other: float, tolerance: float) -> bool:
    """Whether ``value`` is within a share ``tolerance`` of ``other``."""
    return abs(value - other) <= max(tolerance * abs(other), 1e-12)


def sure_slips(slips: Slips, truth: float, tolerance: float) -> Slips:
    """The slips whose values no right answer within ``tolerance`` of ``truth`` can have."""
    found = {}
    for code, values in slips.items():
        far = tuple(one for one in values if abs(one - truth) > tolerance * (abs(one) + abs(truth)))
        if far:
            found[code] = far
    return found


def fitting(value: float, slips: Slips, tolerance: float) -> tuple[str, ...]:
    """The codes of all slips that ``value`` fits within ``tolerance``, in their order."""
    return tuple(
        code
        for code, wrong in slips.items()
        if any(is_near(value, one, tolerance) for one in wrong)
    )


def _raw_slips(quantity: Quantity, step: StepNumbers, truth: float) -> Slips:
    match quantity.kind:
        case "pre":
            return _of_pre(quantity, step)
        case "act" if quantity.layer:
            return _of_act(quantity, step)
        case "share" | "loss" | "loss_after":
            return {"factor": (2.0 * truth, 0.5 * truth)}
        case "error":
            return {"swapped": (-truth,)}
        case "delta":
            return _of_sign(truth) | _of_delta(quantity.layer, quantity.unit, step)
        case "weight" | "bias":
            return _of_sign(truth) | _of_gradient(quantity, step)
        case "new":
            return _of_new(quantity, step, truth)
    return {}


def _bias_of(quantity: Quantity, step: StepNumbers) -> float:
    return float(step.before.biases[quantity.layer - 1][quantity.unit])


def _of_pre(quantity: Quantity, step: StepNumbers) -> Slips:
    layer, bias = quantity.layer - 1, _bias_of(quantity, step)
    weights = step.before.weights[layer][quantity.unit].tolist()
    terms = [weight * a for weight, a in zip(weights, step.act[layer], strict=True)]
    found: dict[str, tuple[float, ...]] = {"no_bias": (step.value(quantity) - bias,)}
    if 1 < len(terms) <= _MOST_PATHS:
        found["one_input"] = tuple(term + bias for term in terms)
    return found


def _of_act(quantity: Quantity, step: StepNumbers) -> Slips:
    z, rule = step.pre[quantity.layer - 1][quantity.unit], _rule(step, quantity.layer)
    found: dict[str, tuple[float, ...]] = {"no_activation": (z,)}
    if not rule.joint:
        found["no_bias"] = (_applied(rule, z - _bias_of(quantity, step)),)
    return found


def _of_sign(truth: float) -> dict[str, tuple[float, ...]]:
    """The other sign: a minus that is missing, or one too many."""
    return {"sign" if truth < 0 else "minus": (-truth,)}


def _of_delta(layer: int, unit: int, step: StepNumbers) -> dict[str, tuple[float, ...]]:
    delta, slope = step.delta[layer - 1][unit], step.slope[layer - 1][unit]
    found: dict[str, tuple[float, ...]] = {}
    rule, is_output = _rule(step, layer), layer == len(step.spec.layers) - 1
    if rule.joint:
        return found
    if is_output and step.matched:
        return found | {"slope_twice": (delta * slope,)}
    carried = step.carried[layer - 1][unit]
    z, a = step.pre[layer - 1][unit], step.act[layer][unit]
    found["no_slope"] = (carried,)
    found["slope_of_pre"] = (carried * _slope(rule, z, z),)
    found["slope_of_act"] = (carried * _slope(rule, a, _applied(rule, a)),)
    if is_output:
        error = step.errors[unit]
        found["factor"] = ((2.0 * error if carried == error else error) * slope,)
        return found
    deltas = step.delta[layer]
    if step.spec.hidden_deltas == "exact":
        after = step.trace.after.weights[layer][:, unit].tolist()
        found["updated_weight"] = (slope * sum(d * w for d, w in zip(deltas, after, strict=True)),)
    if 1 < len(deltas) <= _MOST_PATHS:
        weights = step.carrying.weights[layer][:, unit].tolist()
        found["one_path"] = tuple(d * w * slope for d, w in zip(deltas, weights, strict=True))
    return found


def _of_gradient(quantity: Quantity, step: StepNumbers) -> dict[str, tuple[float, ...]]:
    layer, is_weight = quantity.layer, quantity.kind == "weight"
    found: dict[str, tuple[float, ...]] = {}
    if step.samples > 1 or (not is_weight and step.spec.names.bias_nodes[layer]):
        return found  # a sum: nobody leaves one factor of it out
    a = step.act[layer][quantity.source] if is_weight else 1.0
    for code, values in _of_delta(layer + 1, quantity.unit, step).items():
        found[code] = tuple(value * a for value in values)
    if is_weight:
        delta = step.delta[layer][quantity.unit]
        found["no_input"] = (delta,)
        if layer:
            found["pre_for_act"] = (delta * step.pre[layer - 1][quantity.source],)
    return found


def _of_new(quantity: Quantity, step: StepNumbers, truth: float) -> Slips:
    old, optimizer = entry(step.before, quantity), step.spec.optimizer
    found: dict[str, tuple[float, ...]] = {"added": (2.0 * old - truth,)}
    change = truth - old
    found["change"] = (change, -change)
    if optimizer.name != "sgd" or optimizer.weight_decay:
        return found
    kind = "weight" if quantity.source >= 0 else "bias"
    of = Quantity(kind, quantity.name, quantity.layer, quantity.unit, quantity.source)
    gradient, rate = step.value(of), optimizer.learning_rate
    found["no_rate"] = (old - gradient,)
    for code, values in _of_gradient(of, step).items():
        found.setdefault(code, tuple(old - rate * value for value in values))
    return found


def _rule(step: StepNumbers, layer: int) -> Activation:
    return step.spec.activation_rules[layer - 1]


def _applied(rule: Activation, z: float) -> float:
    return _evaluated(rule.formula, z=z)


def _slope(rule: Activation, z: float, a: float) -> float:
    return _evaluated(rule.slope, z=z, a=a)


def _evaluated(formula: str, **values: float) -> float:
    """The value of a rule's formula, not a number where it has none there."""
    try:
        return evaluate(parse(formula, {name: Number(one) for name, one in values.items()}))
    except (ValueError, ArithmeticError):
        return math.nan
