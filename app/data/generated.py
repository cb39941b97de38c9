"""Data sets drawn from a seed, the same digits for the same options.

Classes take turns. Moons and circles have the shapes of scikit-learn's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.parameters import frozen_array

SampleIndices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples, as they are before a network takes them, and what their columns are called.

    Inputs and targets have the shapes (samples, columns) and (samples, outputs); targets are
    values, or one 0 or 1 for two classes, or one-hot. ``decimal``,
    ``zeros`` and ``dates`` are as a Provenance has them. ``shares`` are
    what inputs, then targets are multiplied by in the table: 100 for per cent, () for 1.
    """

    inputs: Array
    targets: Array
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]
    classes: tuple[str, ...] = ()
    decimal: str = ""
    zeros: tuple[str, ...] = ()
    dates: str = ""
    shares: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())

    @property
    def kind(self) -> str:
        """What the targets are: "classes" or "values"."""
        return "classes" if self.classes else "values"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a data set is drawn: points, the labels that take turns, size and noise by default.

    Without labels targets are values. Noise: the standard deviation of what coordinates or values
    are given on top.
    """

    draw: Callable[[np.random.Generator, SampleIndices], Array]
    labels: tuple[int, ...]
    size: int
    noise: float


def _corners(_: np.random.Generator, n: SampleIndices) -> Array:
    return np.column_stack([n // 2 % 2, n % 2]).astype(np.float64)


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _circles(rng: np.random.Generator, n: SampleIndices) -> Array:
    return _polar(np.where(n % 2, 1.0, 0.5), rng.uniform(0.0, 2.0 * np.pi, n.size))


def _moons(rng: np.random.Generator, n: SampleIndices) -> Array:
    points = _polar(np.ones(n.size), rng.uniform(0.0, np.pi, n.size))
    return np.where((n % 2)[:, None], [1.0, 0.5] - points, points)


def _spiral(rng: np.random.Generator, n: SampleIndices) -> Array:
    radius = rng.uniform(0.05, 1.0, n.size)
    return _polar(radius, 3.0 * np.pi * radius + np.pi * (n % 2))


def _blobs(classes: int) -> Callable[[np.random.Generator, SampleIndices], Array]:
    return lambda _, n: _polar(np.ones(n.size), 2.0 * np.pi * n / classes)


RECIPES: Mapping[str, Recipe] = {
    "and": Recipe(_corners, (0, 0, 0, 1), 4, 0.0),
    "or": Recipe(_corners, (0, 1, 1, 1), 4, 0.0),
    "xor": Recipe(_corners, (0, 1, 1, 0), 4, 0.0),
    "circles": Recipe(_circles, (0, 1), 100, 0.05),
    "moons": Recipe(_moons, (0, 1), 100, 0.1),
    "spiral": Recipe(_spiral, (0, 1), 200, 0.02),
    "blobs2": Recipe(_blobs(2), (0, 1), 100, 0.4),
    "blobs3": Recipe(_blobs(3), (0, 1, 2), 150, 0.4),
    "curve": Recipe(lambda rng, n: rng.uniform(-1.0, 1.0, (n.size, 1)), (), 60, 0.1),
}


def dataset(name: str, noise: float, size: int, seed: int) -> Dataset:
    """The data set of this name in RECIPES, of ``size`` samples; the curve is y = sin(pi x)."""
    recipe, rng = RECIPES[name], np.random.Generator(np.random.PCG64(seed))
    points = recipe.draw(rng, np.arange(size))
    if not recipe.labels:
        values = np.sin(np.pi * points) + noise * rng.standard_normal(points.shape)
        return Dataset(frozen_array(points), frozen_array(values), ("x",), ("y",))
    points = points + noise * rng.standard_normal(points.shape)
    labels, classes = np.resize(recipe.labels, size), max(recipe.labels) + 1
    targets, names = one_hot(labels.tolist(), classes), tuple(map(str, range(classes)))
    return Dataset(frozen_array(points), targets, ("x1", "x2"), ("class",), names)


def one_hot(labels: Sequence[int], classes: int) -> Array:
    """Labels 0, 1, ... as targets: a column of 0 and 1 for two classes, else a column each."""
    if classes == 2:
        return frozen_array(np.reshape(labels, (-1, 1)))
    return frozen_array(np.equal.outer(labels, np.arange(classes)))
