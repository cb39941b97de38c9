"""Numbers of a step by their quantity, without their derivation."""

from app.engine.optimizers import slots_of
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers


def value_of(quantity: Quantity, known: StepNumbers) -> float:
    """The number that ``derive`` would explain: the same value, and nothing else."""
    layer, unit = quantity.layer, quantity.unit
    match quantity.kind:
        case "input":
            return known.act[0][unit]
        case "target":
            return known.target_values[unit]
        case "pre":
            return known.pre[layer - 1][unit]
        case "act":
            return known.act[layer][unit]
        case "delta":
            return known.delta[layer - 1][unit]
        case "error":
            return known.act[layer][unit] - known.target_values[unit]
        case "share":
            return float(known.passed.shares[known.row, unit])
        case "loss":
            return known.passed.loss
        case "loss_after":
            return known.passed_after.loss
        case _:
            return _parameter(quantity, known)


def _parameter(quantity: Quantity, known: StepNumbers) -> float:
    """A gradient, a new value or a present one."""
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    slots = slots_of(known.spec.optimizer)
    if quantity.kind in ("new", "value", *slots):
        parameters = known.after if quantity.kind == "new" else known.before
        if quantity.kind in slots:
            parameters = known.after.moments[slots.index(quantity.kind)]
        if source >= 0:
            return float(parameters.weights[layer][unit, source])
        return float(parameters.biases[layer][unit])
    if source >= 0:
        return float(known.gradients.weights[layer][unit, source])
    biases = known.gradients.biases[layer]
    frozen = known.spec.bias_update == "none"
    # A node that never learns: its units' deltas together, as for one that does.
    return float(biases.sum() if frozen and known.spec.names.bias_nodes[layer] else biases[unit])
