"""Where samples stand in a small picture of the data: pure geometry, in SVG user units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Array
from app.views.plots.symbols import COLOURS, SMALL_RADIUS, marks_path, radius_for, shape_of
from app.views.text.formatting import short

WIDTH, HEIGHT = 600.0, 440.0


@dataclass(frozen=True, slots=True)
class Cloud:
    """Samples of one class that train, or that test, as one SVG path.

    Attributes:
        colour: of the class's index, 0 where targets are values.
        test: whether they are kept for tests.
        path: the ``d`` of a path.
    """

    colour: int
    test: bool
    path: str


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: a column's index (-1 for the target) and the texts of its ends."""

    column: int
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """The whole picture: two columns against each other."""

    x: Axis
    y: Axis
    clouds: tuple[Cloud, ...]


def scatter_of(
    inputs: Array, targets: Array, groups: Sequence[int] | None, training: int
) -> Scatter:
    """Two inputs against each other, or where targets are values the first target over an input.

    Args:
        inputs: of shape (samples, columns); those that train come first.
        targets: of shape (samples, outputs).
        groups: the class of each sample, or None where targets are values.
        training: how many train.
    """
    if groups is None or inputs.shape[1] == 1:
        columns = (_closest(inputs, targets[:, 0]), -1)
    else:
        columns = _most_telling(inputs, groups)
    across, up = (inputs[:, c] if c >= 0 else targets[:, 0] for c in columns)
    x, y = _scaled(across, WIDTH), HEIGHT - _scaled(up, HEIGHT)
    labels = np.asarray(groups if groups is not None else np.zeros(len(inputs)), dtype=int)
    tests = np.arange(len(inputs)) >= training
    radius = radius_for(len(inputs))
    clouds = [
        Cloud(label % COLOURS, test, marks_path(x[chosen], y[chosen], shape_of(label, radius)))
        for label in np.unique(labels).tolist()
        for test in (False, True)
        if (chosen := (labels == label) & (tests == test)).any()
    ]
    return Scatter(_axis(columns[0], across), _axis(columns[1], up), tuple(clouds))


def _axis(column: int, values: Array) -> Axis:
    return Axis(column, *(end(float(edge)) for edge in (values.min(), values.max())))


def end(value: float) -> str:
    """A number as short as the end of an axis should be."""
    return short(value, 3)


def _scaled(values: Array, length: float) -> Array:
    low, high = float(values.min()), float(values.max())
    spread = (high - low) or 1.0
    scaled: Array = (values - low) / spread * length
    return scaled if high > low else scaled + length / 2


def _closest(inputs: Array, target: Array) -> int:
    """The input that goes best with the target, by correlation."""
    centred, wanted = inputs - inputs.mean(axis=0), target - target.mean()
    norms = np.sqrt((centred**2).sum(axis=0)) + 1e-300
    return int(np.argmax(np.abs(centred.T @ wanted) / norms))


def _most_telling(inputs: Array, groups: Sequence[int]) -> tuple[int, int]:
    """The two inputs whose classes lie furthest apart against their spread within."""
    if inputs.shape[1] == 2:
        return 0, 1
    labels = np.asarray(groups)
    between = np.zeros(inputs.shape[1])
    within = np.zeros(inputs.shape[1])
    for label in np.unique(labels):
        members = inputs[labels == label]
        between += len(members) * (members.mean(axis=0) - inputs.mean(axis=0)) ** 2
        within += ((members - members.mean(axis=0)) ** 2).sum(axis=0)
    best = np.argsort(-between / (within + 1e-12), kind="stable")[:2].tolist()
    first, second = sorted(best)
    return int(first), int(second)


def key_mark(group: int) -> str:
    """The mark of a class, for a legend: around the middle of a box of 24 by 24."""
    return f"M12 12{shape_of(group, SMALL_RADIUS)}"
