"""A small picture of each data set that can be chosen."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.data.catalog import OPTIONS, dataset_named
from app.data.generated import Dataset
from app.engine.metrics import labels_of
from app.views.plots.axes import Axis
from app.views.plots.telling_inputs import first_two, spread

WIDTH, HEIGHT = 84.0, 48.0
_MOST_DOTS = 90
_FEW = 12


class DotCloud(NamedTuple):
    """Samples of one class as dots: its colour, and their path."""

    colour: int
    path: str


class Thumbnail(NamedTuple):
    """A data set as dots; those of a few samples are larger."""

    clouds: tuple[DotCloud, ...]
    few: bool


@lru_cache(maxsize=1)
def thumbnails() -> dict[str, Thumbnail]:
    """A picture of each data set by its name, as it is with the usual options."""
    return {name: _drawn(dataset_named(name, {})) for name in OPTIONS}


def _drawn(found: Dataset) -> Thumbnail:
    inputs, targets = found.inputs[:_MOST_DOTS], found.targets[:_MOST_DOTS]
    labels = labels_of(targets) if found.classes else np.zeros(len(targets), dtype=np.intp)
    if found.classes:
        columns = inputs[:, first_two(spread(inputs, labels))].T
    else:
        columns = np.stack([inputs[:, 0], targets[:, 0]])
    x, y = (
        Axis(float(values.min()), float(values.max()), length=length, up=up).places(values)
        for values, length, up in zip(columns, (WIDTH, HEIGHT), (False, True), strict=True)
    )
    places = np.rint(np.column_stack([x, y])).astype(int)
    clouds = tuple(
        DotCloud(label, "".join(f"M{x} {y}h0" for x, y in places[labels == label].tolist()))
        for label in np.unique(labels).tolist()
    )
    return Thumbnail(clouds, len(inputs) <= _FEW)
