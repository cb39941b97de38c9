"""Everything that one step computed."""

from dataclasses import dataclass

from app.engine.backprop import ForwardPass, Gradients
from app.engine.parameters import Parameters


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
