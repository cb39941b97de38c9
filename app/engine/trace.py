"""Everything that one step computed."""

from dataclasses import dataclass

from app.engine.backprop import ForwardPass, Gradients
from app.engine.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything one step computed, in the order in which it did: it led from step - 1 to step.

    ``forward_after`` is the forward pass of the same batch with the new parameters.
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
