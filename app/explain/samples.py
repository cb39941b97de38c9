"""How the gradients of a batch's samples become one."""

from app.explain.derivation import Line
from app.explain.expression import Partial, Symbol
from app.explain.forward_pass import over_samples
from app.explain.step_numbers import LOSS, StepNumbers


def samples_line(known: StepNumbers, symbol: Symbol, each: list[float], value: float) -> Line:
    """The batch's gradient from the gradients of its samples.

    Args:
        known: the step's numbers.
        symbol: the parameter.
        each: dE/dp of each sample.
        value: what they make, as the engine has it.
    """
    return over_samples(known, Partial(LOSS, symbol), each, value, about="samples")
