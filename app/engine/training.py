"""Steps: one with its full trace, or many with only what must be kept.

One backend takes all steps of a process, so that a step has the same digits by a click, within a
run and when it is taken again: NumPy, or what ``use`` puts in its place.
"""

from collections.abc import Iterator
from typing import Protocol

from app.engine import numpy_backend
from app.engine.backprop import ForwardPass
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.trace import Trace


class Backend(Protocol):
    """What takes steps: NumPy or the compiled loops; see the functions below."""

    def forward_at(self, spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
        """See ``training.forward_at``."""

    def take_step(
        self, spec: Spec, parameters: Parameters, step: int,
        passed: ForwardPass | None = None, *, strict: bool = False,
    ) -> Trace:  # fmt: skip
        """See ``training.trace_step`` where ``strict``, else ``training.attempt_step``."""

    def run(
        self, spec: Spec, parameters: Parameters, start: int, count: int
    ) -> tuple[list[float], Parameters]:
        """See ``training.run``."""


_backend: Backend = numpy_backend


def use(backend: Backend) -> None:
    """Have ``backend`` take the steps of this process; before the first one is taken."""
    global _backend
    _backend = backend


def forward_at(spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
    """The forward pass over the batch of the step from ``step``; what runs away is inf or NaN."""
    return _backend.forward_at(spec, parameters, step)


def attempt_step(
    spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
) -> Trace:
    """Take one step from ``step`` and keep everything; what runs away is infinite or NaN.

    ``passed`` is ``forward_at(spec, parameters, step)``, if it is known already.
    """
    return _backend.take_step(spec, parameters, step, passed)


def trace_step(
    spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
) -> Trace:
    """``attempt_step``, if all that it computes is finite.

    Raises Diverged with ``step`` if its own forward pass is not, else with the step after it.
    """
    return _backend.take_step(spec, parameters, step, passed, strict=True)


def run(
    spec: Spec, parameters: Parameters, start: int, count: int
) -> tuple[list[float], Parameters]:
    """Take ``count`` steps: the loss before each of them, and the parameters at the end.

    The same digits as by ``trace_step``, one by one, bit for bit. Raises Diverged as it would.
    """
    return _backend.run(spec, parameters, start, count)


def steps(
    spec: Spec, parameters: Parameters, start: int
) -> Iterator[tuple[ForwardPass, Parameters]]:
    """Step for ever from ``start``: the pass before each update and the parameters after it.

    Nothing is checked: the caller looks for results that are not finite.
    """
    while True:
        trace = attempt_step(spec, parameters, start)
        yield trace.forward, trace.after
        parameters, start = trace.after, start + 1
