"""How a learning rate changes from step to step: one table, each rule beside its formula.

Steps are counted from the network's first, which is 0. Step and exponential decay: as PyTorch's
StepLR and ExponentialLR. Cosine: Loshchilov and Hutter 2017, without restarts; once its steps are
over, the rate stays where it is.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule for the learning rate.

    Attributes:
        rate: the rate from ``(start_rate, step, factor, steps, floor)``; the names of the last
            three begin with ``schedule_`` in an Optimizer.
        formula: the same as an expression in these names, "" where the rate stays.
        fields: the fields of Optimizer that it uses.
    """

    name: str
    rate: Callable[[float, float, float, float, float], float]
    formula: str = ""
    fields: tuple[str, ...] = ()


def _cosine(start: float, step: float, _: float, steps: float, floor: float) -> float:
    turned = (1.0 + math.cos(math.pi * min(step, steps) / steps)) / 2.0
    return floor + (start - floor) * turned


SCHEDULES: Mapping[str, Schedule] = {entry.name: entry for entry in (
    Schedule("constant", lambda start, *_: start),
    Schedule("step", lambda start, step, factor, steps, _: start * factor ** (step // steps),
             "start_rate * schedule_factor**floor(step / schedule_steps)",
             ("schedule_factor", "schedule_steps")),
    Schedule("exponential", lambda start, step, factor, *_: start * factor**step,
             "start_rate * schedule_factor**step", ("schedule_factor",)),
    Schedule("cosine", _cosine,
             "schedule_floor + (start_rate - schedule_floor)"
             " * (1 + cos(pi * min(step, schedule_steps) / schedule_steps)) / 2",
             ("schedule_steps", "schedule_floor")),
)}  # fmt: skip
