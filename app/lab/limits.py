"""How large a network, its history and a request may be, and what a step costs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.engine.network import Spec
from app.errors import InvalidInput

MAX_NUMBER = 1e6
"""The largest number that a network is given, without its sign."""
MAX_STEPS = 1_000_000
MAX_SEGMENTS = 2_000
MAX_BRANCHES = 100
MAX_WEIGHTS = 2_000
MAX_STORED_BYTES = 8_000_000
"""The most bytes of one network with its history."""
MAX_RUN_SECONDS = 20.0
"""How long a run goes on for somebody who waits for its end."""

MAX_WORK = 400_000_000
"""The most weights x samples x steps of one request; a few seconds of NumPy."""
MAX_RUN_WORK = 20_000_000_000
"""The same of a run, which a person watches and may stop, or which ends after a while."""
MAX_CHECK_WORK = 80_000_000
"""The most weights x samples x forward passes of a gradient check."""
MAX_REPLAY_WORK, MAX_REPLAY_STEPS = 40_000_000, 4_096
"""The most work and steps of an imported history that are taken again; under a second."""
MAX_SCORE_WORK, MAX_SCORE_STEPS = 40_000_000, 2_048
"""The longest timeline that is evaluated between its checkpoints too."""


class Cost(NamedTuple):
    """What a step costs: the network's weights, its samples, and its weights and biases."""

    weights: int
    samples: int
    parameters: int

    @property
    def work(self) -> int:
        """Weights x samples."""
        return self.weights * self.samples

    @property
    def check_work(self) -> int:
        """Weights x samples x forward passes of a gradient check: four for each parameter."""
        return 4 * self.parameters * self.work


def cost(spec: Spec) -> Cost:
    """What a step of ``spec`` costs."""
    total, weights = len(spec.inputs), weights_of(spec.layers)
    return Cost(weights, min(spec.batch.size or total, total), weights + sum(spec.layers[1:]))


def check_work(spec: Spec, steps: int, most: int) -> None:
    """Raise InvalidInput if these are too many steps for one request; it says how many are not."""
    step = cost(spec)
    if (work := step.work * steps) > most:
        raise InvalidInput(
            "too_much_work", pointer="/count", count=steps, limit=most // step.work,
            weights=step.weights, samples=step.samples, work=f"{work:,}", most=f"{most:,}",
        )  # fmt: skip


def is_checkable(spec: Spec) -> bool:
    """Whether the network and its batch are small enough for a gradient check."""
    return cost(spec).check_work <= MAX_CHECK_WORK


def check_checkable(spec: Spec) -> None:
    """Raise InvalidInput unless ``is_checkable``; it says how many samples would fit."""
    if not is_checkable(spec):
        step = cost(spec)
        work = step.check_work
        raise InvalidInput(
            "check_too_large", pointer="/check", limit=f"{MAX_CHECK_WORK:,}", work=f"{work:,}",
            fits=MAX_CHECK_WORK * step.samples // work, **step._asdict(),
        )  # fmt: skip


def weights_of(layers: Sequence[int]) -> int:
    """How many weights layers of these sizes have."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layers))


def check_weights(layers: Sequence[int], pointer: str) -> None:
    """Raise InvalidInput if a network of these layers has too many weights."""
    if (weights := weights_of(layers)) > MAX_WEIGHTS:
        raise InvalidInput(
            "too_many_weights", pointer=pointer, count=weights, limit=MAX_WEIGHTS,
            sum=" + ".join(f"{n_in} x {n_out}" for n_in, n_out in pairwise(layers)),
            fits="-".join(map(str, fitting_layers(layers, MAX_WEIGHTS))),
        )  # fmt: skip


def check_within(pointer: str, value: int, maximum: int, minimum: int = 0) -> None:
    """Raise InvalidInput unless ``value`` lies from ``minimum`` to ``maximum``."""
    if value > maximum:
        raise InvalidInput("maximum", pointer=pointer, maximum=maximum)
    if value < minimum:
        raise InvalidInput("minimum", pointer=pointer, minimum=minimum)


def fitting_layers(layers: Sequence[int], limit: int) -> tuple[int, ...]:
    """``layers`` with the widest ones narrowed until there are at most ``limit`` weights.

    Hidden layers give way first, since data sets the width of the others.
    """
    found = list(layers)
    hidden = range(1, len(found) - 1)
    while weights_of(found) > limit:
        wide = [at for at in hidden if found[at] > 1] or range(len(found))
        found[max(wide, key=found.__getitem__)] -= 1
    return tuple(found)
