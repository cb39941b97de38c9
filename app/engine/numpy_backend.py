"""Steps in NumPy: the reference for the compiled ones, and what is used where those cannot be."""

from functools import partial

import numpy as np

from app.engine.backprop import ForwardPass, Gradients, backward, forward
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.engine.updates import update, update_layer
from app.errors import Diverged


def forward_at(spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
    """As ``training.forward_at``."""
    batch = spec.batch_slice(step)
    with np.errstate(all="ignore"):
        return forward(spec, parameters, spec.inputs[batch], spec.targets[batch])


def step_gradients(spec: Spec, parameters: Parameters, passed: ForwardPass, step: int) -> Gradients:
    """The backward pass that a step makes, with the Spec's own rule for hidden deltas."""
    slips = spec.hidden_deltas == "updated"
    slip = partial(update_layer, spec, parameters, step) if slips else None
    return backward(spec, parameters, passed, slip)


def take_step(
    spec: Spec, parameters: Parameters, step: int,
    passed: ForwardPass | None = None, *, strict: bool = False,
) -> Trace:  # fmt: skip
    """As ``training.trace_step`` where ``strict``, else ``training.attempt_step``."""
    passed = passed or forward_at(spec, parameters, step)
    with np.errstate(all="ignore"):
        gradients = step_gradients(spec, parameters, passed, step)
        after = update(spec, parameters, gradients, step)
    forward_after = forward_at(spec, after, step)
    if strict and not passed.is_finite:
        raise Diverged(step)
    if strict and not (after.is_finite() and forward_after.is_finite):
        raise Diverged(step + 1)
    moments = [array for moment in after.moments for array in moment.arrays()]
    slopes = (*gradients.deltas, *gradients.weights, *gradients.biases)
    for array in (*after.arrays(), *moments, *slopes):
        array.setflags(write=False)
    rate = spec.optimizer.rate_at(step)
    return Trace(step + 1, rate, parameters, passed, gradients, after, forward_after)


def run(
    spec: Spec, parameters: Parameters, start: int, count: int
) -> tuple[list[float], Parameters]:
    """As ``training.run``."""
    losses = []
    for step in range(start, start + count):
        passed = forward_at(spec, parameters, step)
        if not passed.is_finite:
            raise Diverged(step)
        with np.errstate(all="ignore"):
            gradients = step_gradients(spec, parameters, passed, step)
            parameters = update(spec, parameters, gradients, step)
        # The next step's own pass is the same, if it sees the same samples.
        seen = spec.batches == 1 and step < start + count - 1
        if not (parameters.is_finite() and (seen or forward_at(spec, parameters, step).is_finite)):
            raise Diverged(step + 1)
        losses.append(passed.loss)
    return losses, parameters
