"""Steps: one with its full trace, or many with only what must be kept.

All steps of a process are taken by one arithmetic, so that a step has the same digits by a click,
within a run and when it is taken again: the compiled kernel, or else the NumPy reference.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, Protocol

from app.engine import numpy_backend
from app.engine.backprop import ForwardPass
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.trace import Trace

Wanted = Literal["auto", "numpy"]


class Arithmetic(Protocol):
    """What takes steps; see the functions of the same names below."""

    def forward_at(self, spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
        """See ``training.forward_at``."""

    def attempt_step(
        self, spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
    ) -> Trace:
        """See ``training.attempt_step``."""

    def trace_step(
        self, spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
    ) -> Trace:
        """See ``training.trace_step``."""

    def run(
        self, spec: Spec, parameters: Parameters, start: int, count: int
    ) -> tuple[list[float], Parameters]:
        """See ``training.run``."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Which arithmetic takes this process's steps.

    Attributes:
        arithmetic: it.
        compiled: whether it is the kernel.
        loaded: whether the kernel's machine code was found ready made.
        seconds: how long it took to make it ready.
        failure: why there is no kernel, though one was wanted.
    """

    arithmetic: Arithmetic
    compiled: bool = False
    loaded: bool = False
    seconds: float = 0.0
    failure: str = ""


def choose(wanted: Wanted) -> Backend:
    """Make an arithmetic ready: "auto" is the kernel where it can be had, "numpy" never."""
    if wanted == "numpy":
        return Backend(numpy_backend)
    begun = time.perf_counter()
    try:
        kernel = import_module("app.engine.numba_backend.backend")
    except Exception as error:
        # numba may be missing, too old for this Python, or unable to compile here.
        return Backend(numpy_backend, failure=f"{type(error).__name__}: {error}")
    return Backend(kernel, True, kernel.was_loaded(), time.perf_counter() - begun)


_choices: list[Backend] = []


def prepare(wanted: Wanted = "auto") -> Backend:
    """Choose the arithmetic, once and for all: later calls find the choice made.

    It may take seconds, if the kernel must be compiled. The first step would wait for it; a
    server therefore calls this before it answers anything.
    """
    if not _choices:
        _choices.append(choose(wanted))
    return _choices[0]


def forward_at(spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
    """The forward pass over the batch that the step after ``step`` uses.

    What runs away is infinite or NaN.
    """
    return prepare().arithmetic.forward_at(spec, parameters, step)


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
    return prepare().arithmetic.attempt_step(spec, parameters, step, passed)


def trace_step(
    spec: Spec, parameters: Parameters, step: int, passed: ForwardPass | None = None
) -> Trace:
    """``attempt_step``, if all that it computes is finite.

    Raises:
        Diverged: a result is not finite: that of ``step`` if its own forward pass is not,
            else that of the step after it.
    """
    return prepare().arithmetic.trace_step(spec, parameters, step, passed)


def run(
    spec: Spec, parameters: Parameters, start: int, count: int
) -> tuple[list[float], Parameters]:
    """Take ``count`` steps: the loss before each of them, and the parameters at the end.

    The same digits as by ``trace_step``, one by one, bit for bit.

    Raises:
        Diverged: a result is not finite, as ``trace_step`` would find.
    """
    return prepare().arithmetic.run(spec, parameters, start, count)


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
