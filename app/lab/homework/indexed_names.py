"""Weights that are named by two indices, as w12: from 1 to 2, or into 1 from 2."""

import re
from collections.abc import Mapping, Sequence

from app.engine.names import Names
from app.errors import InvalidInput

_INDEXED = re.compile(r"(?:w|v|u|θ|theta|weights?)([1-9])([1-9])", re.IGNORECASE)


def indexed_weights(names: Names, name: str, labels: Sequence[str]) -> list[Mapping[str, str]]:
    """The weights that ``labels`` mean, by label, in each way that fits; first from i to j.

    Indices count the units of the layer that the weight ``name`` leads into, and of the one before
    it, or the units of all layers on end. Of none, if the labels have no two indices. Raises
    InvalidInput about ``name`` if they fit no weights.
    """
    at = next((at for at, block in enumerate(names.weights) if any(name in r for r in block)), None)
    found = [_INDEXED.fullmatch(label) for label in labels]
    if at is None or not found or not all(found):
        return []
    pairs = {one[0]: (int(one[1]), int(one[2])) for one in found if one}
    readings: list[Mapping[str, str]] = []
    for known in (_of_layer(names, at, 0, 0), _of_all(names)):
        for turned in (False, True):
            keys = {label: pair[::-1] if turned else pair for label, pair in pairs.items()}
            weights = {label: known.get(key, "") for label, key in keys.items()}
            if all(weights.values()) and weights not in readings:
                readings.append(weights)
    if not readings:
        raise InvalidInput(
            "list_names", pointer=f"/values/{name}", units=", ".join(names.units[at + 1]),
            inputs=", ".join(names.units[at]), names=", ".join(labels),
        )  # fmt: skip
    return readings


def _of_layer(names: Names, at: int, before: int, within: int) -> dict[tuple[int, int], str]:
    """The weights of a layer by the numbers of both their units, which begin after these."""
    return {
        (before + source, within + unit): weight
        for unit, row in enumerate(names.weights[at], start=1)
        for source, weight in enumerate(row, start=1)
    }


def _of_all(names: Names) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    before = 0
    for at, units in enumerate(names.units[:-1]):
        found |= _of_layer(names, at, before, before + len(units))
        before += len(units)
    return found
