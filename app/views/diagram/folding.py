"""Which units of a large layer the diagram folds: its middle, into one honest line."""

from collections.abc import Sequence

MOST_DRAWN = 8
"""Layers of so many units are drawn in full."""
_HEAD, _TAIL = 2, 1


def folded_units(units: int) -> range:
    """The units of a layer that are folded; none of a layer that can be drawn in full."""
    return range(_HEAD, units - _TAIL) if units > MOST_DRAWN else range(0)


def folds_of(layers: Sequence[int], unfolded: frozenset[int]) -> dict[int, range]:
    """The folded units of each layer that has some, but for those that are ``unfolded``."""
    found = {layer: folded_units(units) for layer, units in enumerate(layers)}
    return {layer: row for layer, row in found.items() if row and layer not in unfolded}
