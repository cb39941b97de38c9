"""Where everything in a network's picture stands: pure geometry, in SVG user units.

Ids come from the topology alone, so the engine, the picture and the tests agree: a unit is
``node-<layer>-<unit>``, a weight ``edge-<layer>-<unit>-<layer>-<unit>``, from source to target.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, product

from app.views.diagram.folding import folded_units, folds_of
from app.views.diagram.shapes import BiasShape, DetailLevel, EdgeShape, FoldShape, Layout, NodeShape
from app.views.diagram.tag_placement import Box, Line, Point, tag_places

FULL = DetailLevel(True, 40, 50, 404, 196, (192, 42), 68, 68)
COMPACT = DetailLevel(False, 27, 29, 240, 88, (0, 0), 39, 38)
DENSE = DetailLevel(False, 27, 27, 240, 68, (0, 0), 34, 38, dense=True)
_MARGIN = 24.0
_DELTA_SIZE = (104.0, 26.0)
_BIAS_SIZE = (186.0, 26.0)
_BIAS_NODE = (190.0, 42.0)
_TARGET_SIZE = (120.0, 48.0)
_TARGET_DISTANCE = {True: 292.0, False: 150.0}
_MOST_FULL_UNITS, _MOST_COMPACT_UNITS = 4, 8
# How far rows, and the columns that need it, may be stretched to make room for every tag, best
# first: a page has more room below than at the side.
_STRETCHES = (
    (1.0, 1.0), (1.0, 1.15), (1.0, 1.3), (1.0, 1.5), (1.15, 1.15), (1.0, 1.75), (1.15, 1.3),
    (1.15, 1.5), (1.35, 1.3), (1.35, 1.5), (1.6, 1.3),
)  # fmt: skip
# Many layers without tags stand closer.
_CLOSER = {6: 200, 8: 165, 10: 140}


def is_full(layers: Sequence[int]) -> bool:
    """Whether a network of these layers is drawn with all its numbers."""
    return max(layers) <= _MOST_FULL_UNITS


@lru_cache(maxsize=256)
def layout(
    layers: tuple[int, ...], bias_nodes: tuple[bool, ...], unfolded: frozenset[int] = frozenset()
) -> Layout:
    """Lay out ``layers`` (inputs first), stretched as little as gives every weight's tag a place.

    ``bias_nodes`` says for each layer after the inputs whether it has one bias node; ``unfolded``
    are the large layers that are drawn in full.
    """
    if not is_full(layers):
        style = DENSE if max(layers) > _MOST_COMPACT_UNITS else COMPACT
        column = next((c for most, c in _CLOSER.items() if 4 < len(layers) <= most), style.column)
        gaps = (column,) * (len(layers) - 1)
        return _layout(layers, bias_nodes, style, gaps, unfolded)
    for column, row in _STRETCHES:
        style, gaps = replace(FULL, row=FULL.row * row), (FULL.column,) * (len(layers) - 1)
        drawn = _layout(layers, bias_nodes, style, gaps)
        crowded = {edge.layer for edge in drawn.edges if not edge.tag}
        if crowded and column > 1.0:
            gaps = tuple(
                gap * column if layer in crowded else gap for layer, gap in enumerate(gaps)
            )
            drawn = _layout(layers, bias_nodes, style, gaps)
        if all(edge.tag for edge in drawn.edges):
            break
    return drawn


def _layout(
    layers: tuple[int, ...],
    bias_nodes: tuple[bool, ...],
    style: DetailLevel,
    gaps: Sequence[float],
    unfolded: frozenset[int] = frozenset(),
) -> Layout:
    columns = _columns(layers, style, gaps, folds_of(layers, unfolded))
    nodes = [node for column in columns for node in column]
    bottom = max(node.y for node in nodes) + style.radius + style.delta / 2
    biases = [
        _bias_place(layer, columns, bottom, gaps[layer], full=style.full)
        for layer, drawn in enumerate(bias_nodes)
        if drawn
    ]
    folds = tuple(_fold_places(columns, style))
    taken = [box for node in nodes for box in _around(node, bias_nodes, style)]
    taken += [Box(bias.x, bias.y, *_BIAS_NODE) for bias in biases]
    taken += [Box(fold.x, fold.y, fold.width, fold.height) for fold in folds]
    edges = [edge for pair in pairwise(columns) for edge in _edges(*pair, taken, style)]
    bundles = {edge.line: None for edge in edges if edge.folded}
    outputs = columns[-1]
    target_x = outputs[0].x + _TARGET_DISTANCE[style.full]
    low = min(box.y - box.height / 2 for box in taken) - _MARGIN
    high = max(box.y + box.height / 2 for box in taken) + _MARGIN
    width = target_x + _TARGET_SIZE[0] / 2 + _MARGIN
    targets = tuple((target_x, node.y) for node in outputs)
    return Layout(
        _round(low), _round(width), _round(high - low), style, tuple(nodes), tuple(edges),
        tuple(biases), targets, 2 * len(layers), folds, tuple(bundles),
    )  # fmt: skip


def _round(value: float) -> float:
    """A tenth of a unit is finer than any screen."""
    return round(value, 1)


def _columns(
    layers: Sequence[int], style: DetailLevel, gaps: Sequence[float], folds: Mapping[int, range]
) -> list[list[NodeShape]]:
    """Every unit's place, layer by layer; those within a fold share one."""
    rows = [units - max(len(folds.get(layer, ())) - 1, 0) for layer, units in enumerate(layers)]
    return [
        _column(layer, units, rows, style, sum(gaps[:layer]), folds.get(layer, range(0)))
        for layer, units in enumerate(layers)
    ]


def _column(
    layer: int, units: int, rows: Sequence[int], style: DetailLevel, right: float, fold: range
) -> list[NodeShape]:
    radius = style.input_radius if layer == 0 else style.radius
    x = _MARGIN + style.input_radius + right + (10 if layer else 0)
    # A column with fewer units is spread a little, never beyond the tallest.
    tallest, count = (max(rows) - 1) * style.row, rows[layer]
    row = min(style.row * 1.2, tallest / (count - 1)) if count > 1 else 0.0
    first = (tallest - row * (count - 1)) / 2

    def place(unit: int) -> int:
        """Which row a unit stands in."""
        return unit if unit < fold.start or not fold else max(unit - len(fold) + 1, fold.start)

    return [
        NodeShape(
            f"node-{layer}-{unit}", layer, unit, 2 * layer,
            _round(x), _round(first + place(unit) * row), radius, unit in fold,
        )
        for unit in range(units)
    ]  # fmt: skip


def _fold_places(columns: Sequence[Sequence[NodeShape]], style: DetailLevel) -> Iterator[FoldShape]:
    """A fold where a layer is folded; where it could be, one above it."""
    for layer, column in enumerate(columns):
        units = folded_units(len(column))
        if units:
            middle, top = column[units.start], column[0]
            y = middle.y if middle.folded else top.y - style.row
            yield FoldShape(
                f"fold-{layer}", layer, units.start, units.stop - 1, 2 * layer,
                middle.x, _round(y), not middle.folded,
            )  # fmt: skip


def _around(node: NodeShape, bias_nodes: Sequence[bool], style: DetailLevel) -> Iterable[Box]:
    """The boxes that a unit fills: its circle, its delta, its own bias."""
    if node.folded:
        return
    yield Box(node.x, node.y, 2 * node.radius, 2 * node.radius)
    if node.layer == 0:
        return
    yield Box(node.x, node.y + style.delta, *_DELTA_SIZE)
    if style.full and not bias_nodes[node.layer - 1]:
        yield Box(node.x, node.y - style.bias, *_BIAS_SIZE)


def _bias_place(
    layer: int, columns: Sequence[Sequence[NodeShape]], bottom: float, gap: float, *, full: bool
) -> BiasShape:
    targets = columns[layer + 1]
    x = targets[0].x - gap / 2
    y = bottom + (60 if full else 40)
    lines = {_rim_to_rim((x, y - _BIAS_NODE[1] / 2), 0, target): None for target in targets}
    return BiasShape(f"bias-{layer}", layer, 2 * layer + 1, _round(x), _round(y), tuple(lines))


def _rim_to_rim(start: Point, radius: float, target: NodeShape) -> Line:
    dx, dy = target.x - start[0], target.y - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    return (
        (_round(start[0] + ux * radius), _round(start[1] + uy * radius)),
        (_round(target.x - ux * target.radius), _round(target.y - uy * target.radius)),
    )


def _edges(
    sources: Sequence[NodeShape], targets: Sequence[NodeShape], taken: list[Box], style: DetailLevel
) -> list[EdgeShape]:
    pairs = list(product(targets, sources))
    lines = {(t.unit, s.unit): _rim_to_rim((s.x, s.y), s.radius, t) for t, s in pairs}
    tags = tag_places(lines, taken, style.tag) if style.full else {}
    return [
        EdgeShape(
            f"edge-{s.layer}-{s.unit}-{t.layer}-{t.unit}", s.layer, s.unit, t.unit, 2 * s.layer + 1,
            lines[t.unit, s.unit], tags.get((t.unit, s.unit)), s.folded or t.folded,
        )
        for t, s in pairs
    ]  # fmt: skip
