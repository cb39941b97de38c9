"""Steps: one with its full trace, or many with only what must be kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from app.engine.backprop import ForwardPass, Gradients, backward, forward
from app.engine.network import Spec
from app.engine.optimizers import update, update_layer
from app.engine.parameters import Parameters


class DivergedError(ArithmeticError):
    """A step whose result is not finite.

    Attributes:
        step: the first step with an infinite or undefined result.
    """

    def __init__(self, step: int) -> None:
        super().__init__(f"step {step} is not finite")
        self.step = step


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything one step computed, in the order in which it did.

    Attributes:
        step: the number of the step that it led to; it began at ``step - 1``.
        learning_rate: the one that it used.
        before: the parameters it began with.
        forward: its forward pass.
        gradients: its backward pass.
        after: the parameters it led to.
        forward_after: the forward pass of the same batch with the new parameters.
    """

    step: int
    learning_rate: float
    before: Parameters
    forward: ForwardPass
    gradients: Gradients
    after: Parameters
    forward_after: ForwardPass

    @property
    def loss_after(self) -> float:
        """The loss of the same batch with the new parameters."""
        return self.forward_after.loss


def forward_at(spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
    """The forward pass over the batch that the step after ``step`` uses."""
    batch = spec.batch_slice(step)
    return forward(spec, parameters, spec.inputs[batch], spec.targets[batch])


def step_gradients(spec: Spec, parameters: Parameters, passed: ForwardPass) -> Gradients:
    """The backward pass that a step makes, with the Spec's own rule for hidden deltas."""
    if spec.hidden_deltas == "exact":
        return backward(spec, parameters, passed)
    return backward(spec, parameters, passed, partial(update_layer, spec, parameters))


def attempt_step(
    spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
) -> Trace:
    """Take one step from ``step`` and keep everything; what runs away is infinite or NaN.

    Args:
        spec: the network.
        parameters: those at ``step``.
        step: where the step begins.
        passed: ``forward_at(spec, parameters, step)``, if it is known already.
    """
    with np.errstate(all="ignore"):
        passed = passed or forward_at(spec, parameters, step)
        gradients = step_gradients(spec, parameters, passed)
        after = update(spec, parameters, gradients)
        forward_after = forward_at(spec, after, step)
    moments = [array for moment in after.moments for array in moment.arrays()]
    slopes = (*gradients.deltas, *gradients.weights, *gradients.biases)
    for array in (*after.arrays(), *moments, *slopes):
        array.setflags(write=False)
    rate = spec.optimizer.learning_rate
    return Trace(step + 1, rate, parameters, passed, gradients, after, forward_after)


def trace_step(
    spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
) -> Trace:
    """``attempt_step``, if all that it computes is finite.

    Raises:
        DivergedError: a result is not finite.
    """
    trace = attempt_step(spec, parameters, step, passed)
    if not trace.forward.is_finite:
        raise DivergedError(step)
    if not (trace.after.is_finite() and trace.forward_after.is_finite):
        raise DivergedError(step + 1)
    return trace


def steps(
    spec: Spec, parameters: Parameters, start: int
) -> Iterator[tuple[ForwardPass, Parameters]]:
    """Step for ever from ``start``: the pass before each update and the parameters after it.

    The same arithmetic as ``trace_step``, bit for bit. Nothing is checked: the caller looks
    for results that are not finite.
    """
    step = start
    while True:
        with np.errstate(all="ignore"):
            passed = forward_at(spec, parameters, step)
            gradients = step_gradients(spec, parameters, passed)
            parameters = update(spec, parameters, gradients)
        yield passed, parameters
        step += 1


def run(
    spec: Spec, parameters: Parameters, start: int, count: int
) -> tuple[list[float], Parameters]:
    """Take ``count`` steps: the loss before each of them, and the parameters at the end.

    Raises:
        DivergedError: a result is not finite, as ``trace_step`` would find.
    """
    losses = []
    for step, (passed, after) in enumerate(islice(steps(spec, parameters, start), count), start):
        if not passed.is_finite:
            raise DivergedError(step)
        if spec.batches > 1 and not _is_finite_after(spec, after, step):
            raise DivergedError(step + 1)
        losses.append(passed.loss)
        parameters = after
    if not parameters.is_finite():
        raise DivergedError(start + count)
    return losses, parameters


def _is_finite_after(spec: Spec, after: Parameters, step: int) -> bool:
    """Whether a step's own batch is still finite with the new parameters."""
    with np.errstate(all="ignore"):
        return after.is_finite() and forward_at(spec, after, step).is_finite
