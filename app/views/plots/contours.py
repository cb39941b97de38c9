"""What a network answers over a plane or a line of its inputs, as areas and lines to draw.

Contours are linear between the nodes of a grid, as in matplotlib (both use contourpy). Paths have
whole coordinates from 0 to ``EXTENT``, right and down; small pictures have fewer, for short paths.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from contourpy import FillType, LineType, SerialContourGenerator, ZInterp
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.backprop import forward
from app.engine.metrics import THRESHOLD, labels_of
from app.engine.network import NO_SAMPLES, Spec
from app.engine.parameters import Parameters, frozen_array
from app.views.plots.axes import EXTENT, Axis

SMALL_EXTENT = 180
NODES, FEWER_NODES = 41, 21
LINE_NODES = 121
_MOST_ANSWERS = 200_000
_LARGEST = 1e100
_UNMASKED: Any = None
_LINES, _AREAS = LineType.ChunkCombinedOffset, FillType.ChunkCombinedOffset

CellIndices = NDArray[np.intp]


class ActivationGrid(NamedTuple):
    """The activations of every layer over a plane or a line, with ``nodes`` along each axis.

    Those of a layer after the inputs have the shape (nodes down, nodes across, units), or for a
    line (nodes, units).
    """

    axes: tuple[Axis, ...]
    nodes: int
    layers: tuple[Array, ...]


def field_of(
    spec: Spec, parameters: Parameters, axes: tuple[Axis, ...], held: Array
) -> ActivationGrid:
    """What a network answers while one or two inputs vary; the others stay as the row ``held``."""
    few = sum(spec.layers[1:]) * NODES**2 <= _MOST_ANSWERS
    nodes = LINE_NODES if len(axes) == 1 else NODES if few else FEWER_NODES
    steps = [np.linspace(axis.low, axis.high, nodes) for axis in axes]
    steps[1:] = (values[::-1] for values in steps[1:])  # the picture's rows go down
    shape = (nodes,) * len(axes)
    inputs = np.tile(held, (nodes ** len(axes), 1))
    for axis, values in zip(axes, np.meshgrid(*steps), strict=True):
        inputs[:, axis.column] = values.ravel()
    with np.errstate(all="ignore"):
        passed = forward(spec, parameters, inputs, np.zeros((len(inputs), spec.layers[-1])))
    # What has run away is drawn as the largest number that contours can be taken of.
    bounded = (np.clip(np.nan_to_num(a), -_LARGEST, _LARGEST) for a in passed.activations[1:])
    return ActivationGrid(axes, nodes, tuple(a.reshape(*shape, -1) for a in bounded))


def _runs(points: Array, offsets: CellIndices, scale: float) -> list[NDArray[np.int64]]:
    """The polygons or lines that contourpy has put into one array."""
    scaled = np.rint(points * scale).astype(np.int64)
    return [scaled[a:b] for a, b in pairwise(offsets.tolist())]


def path_of(runs: Sequence[NDArray[np.int64]], *, closed: bool) -> str:
    """SVG path data through points, without those that lie straight between two others."""
    pieces = []
    for run in runs:
        moves = run[1:] - run[:-1]
        moves = moves[moves.any(axis=1)]
        if not len(moves):
            continue
        x, y = moves[:, 0], moves[:, 1]
        turns = x[:-1] * y[1:] != y[:-1] * x[1:]
        turns |= x[:-1] * x[1:] + y[:-1] * y[1:] < 0
        ends = np.append(turns, True).nonzero()[0]
        corners = moves.cumsum(axis=0)[ends]
        corners[1:] -= corners[:-1].copy()
        if closed:
            corners = corners[:-1]
        steps = " ".join(map(str, corners.ravel().tolist()))
        pieces.append(f"M{run[0, 0]} {run[0, 1]}l{steps}{'z' if closed else ''}")
    return "".join(pieces)


def _parts(found: Any) -> tuple[Array, CellIndices]:
    """The points of one chunk, and where each polygon or line begins."""
    points, offsets = found[0][0], found[1][0]
    if points is None:
        return np.empty((0, 2)), np.zeros(1, dtype=np.intp)
    return points, offsets.astype(np.intp)


class Area(NamedTuple):
    """A part of the plane: its path, and its share of the whole, from 0 to 1."""

    path: str
    share: float


@lru_cache(maxsize=8)
def _grid(count: int) -> tuple[Array, Array]:
    """The columns and rows of so many nodes across and down."""
    along = np.arange(count, dtype=np.float64)
    columns, rows = np.meshgrid(along, along)
    return columns, rows


class Contours:
    """The contours of a field of numbers, of shape (nodes down, nodes across)."""

    def __init__(self, values: Array, extent: int = EXTENT) -> None:
        self._cells = len(values) - 1
        self._scale = extent / self._cells
        # Without contourpy's checks for what is masked or not finite: nothing here is.
        self._found = SerialContourGenerator(
            *_grid(len(values)), values, _UNMASKED, line_type=_LINES, fill_type=_AREAS,
            corner_mask=False, quad_as_tri=False, z_interp=ZInterp.Linear,
        )  # fmt: skip

    def area(self, low: float, high: float) -> Area:
        """Where the field is above ``low`` and up to ``high``."""
        points, offsets = _parts(self._found.filled(low, high))
        if not len(points):
            return Area("", 0.0)
        # The shoelace formula: holes go round the other way, and count against what is around.
        x, y = points[:, 0], points[:, 1]
        cross = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
        cross[offsets[1:] - 1] = 0.0
        share = abs(float(cross.sum())) / 2.0 / self._cells**2
        return Area(path_of(_runs(points, offsets, self._scale), closed=True), share)

    def line(self, level: float) -> str:
        """Where the field has exactly ``level``, as a path."""
        points, offsets = _parts(self._found.lines(level))
        return path_of(_runs(points, offsets, self._scale), closed=False)


def margins(outputs: Array, threshold: float = THRESHOLD) -> Array:
    """By how much each class wins (above 0) or loses, in the shape of ``outputs``.

    That shape is (nodes, nodes, outputs). One output that is above ``threshold`` stands for the
    second of two classes. Where outputs are equal the first of them wins, by next to nothing.
    """
    least = 1e-9 * float(np.abs(outputs).max()) + 1e-300
    if outputs.shape[-1] == 1:
        above = outputs - threshold
        above = np.where(above > 0.0, np.maximum(above, least), np.minimum(above, -least))
        return np.concatenate([-above, above], axis=-1)
    order = np.sort(outputs, axis=-1)
    best, second = order[..., -1:], order[..., -2:-1]
    winner = labels_of(outputs.reshape(-1, outputs.shape[-1])).reshape(outputs.shape[:-1])
    wins = winner[..., None] == np.arange(outputs.shape[-1])
    ahead, behind = np.maximum(best - second, least), np.minimum(outputs - best, -least)
    found: Array = np.where(wins, ahead, behind)
    return found


def name_place(
    inside: NDArray[np.bool_], samples: tuple[Array, Array], size: tuple[int, int]
) -> tuple[int, int] | None:
    """A place for an area's name, of this width and height, that covers none of the ``samples``.

    It lies on the area, as much of the name as can be, and near the middle. None where there is no
    such place. Coordinates go from 0 to ``EXTENT``.
    """
    last = len(inside) - 1
    cell = EXTENT / last
    across, up = (math.ceil(length / 2 / cell) for length in size)
    # In a node: what lies outside, and far more for a sample.
    costs, heavy = (~inside).astype(np.int64), inside.size
    for x, y in zip(
        *(np.rint(one / cell).astype(np.int64).tolist() for one in samples), strict=True
    ):
        if 0 <= x <= last and 0 <= y <= last:
            costs[y, x] = heavy
    sums = np.zeros((last + 2, last + 2), dtype=np.int64)
    costs.cumsum(axis=0).cumsum(axis=1, out=sums[1:, 1:])
    h, w = 2 * up + 1, 2 * across + 1
    boxes = sums[h:, w:] - sums[:-h, w:] - sums[h:, :-w] + sums[:-h, :-w]
    rows, columns = (inside[up : last - up + 1, across : last - across + 1]).nonzero()
    found = boxes[rows, columns]
    if not len(found) or found.min() >= heavy:
        return None
    best = found == found.min()
    rows, columns = rows[best] + up, columns[best] + across
    down, right = (axis.mean() for axis in inside.nonzero())
    at = int(np.argmin((rows - down) ** 2 + (columns - right) ** 2))
    return round(int(columns[at]) * cell), round(int(rows[at]) * cell)


def line_path(values: Array, axis: Axis) -> str:
    """Values of shape (nodes,) as a path from left to right, in a square as wide as ``axis``."""
    x = np.linspace(0, axis.length, len(values))
    points = np.rint(np.column_stack([x, axis.places(values)])).astype(np.int64)
    return path_of([points], closed=False)


def held_inputs(spec: Spec, sample: int | None) -> Array:
    """A row with what inputs have that do not vary: a sample's, or means over all for training."""
    if sample is None:
        return frozen_array(spec.inputs.mean(axis=0))
    return spec.inputs[sample] if spec.inputs.size else NO_SAMPLES
