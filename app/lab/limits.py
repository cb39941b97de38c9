"""How large a network is, and which smaller one would fit."""

from collections.abc import Sequence
from itertools import pairwise

from app.engine.network import Spec


def sizes_of(spec: Spec) -> tuple[int, int]:
    """How many weights a network has, and how many samples its steps take."""
    total = len(spec.inputs)
    samples = min(spec.batch.size or total, total)
    return sum(array.size for array in spec.initial.weights), samples


def weights_of(layers: Sequence[int]) -> int:
    """How many weights layers of these sizes have."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layers))


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
