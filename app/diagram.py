"""Where everything in a network's picture stands: pure geometry, in SVG user units.

Ids come from the topology alone, so the engine, the picture and the tests agree: a unit is
``node-<layer>-<unit>``, a weight ``edge-<layer>-<unit>-<layer>-<unit>``, from source to target.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

Point = tuple[float, float]
Line = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than ``gap``."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * gap
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * gap
        )


@dataclass(frozen=True, slots=True)
class Style:
    """The sizes of one level of detail.

    Attributes:
        full: whether tags and pre-activations are drawn.
        input_radius, radius: of inputs and of other units.
        column: distance between layers; row: least distance between units.
        tag: width and height kept free for a weight's tag, once everything is computed.
        delta, bias: distance of a unit's delta below it, and of its own bias above it.
    """

    full: bool
    input_radius: float
    radius: float
    column: float
    row: float
    tag: Point
    delta: float
    bias: float


FULL = Style(True, 40, 50, 404, 196, (192, 42), 68, 68)
COMPACT = Style(False, 24, 29, 240, 88, (0, 0), 39, 38)
_MARGIN = 24.0
_DELTA_SIZE = (104.0, 26.0)
_BIAS_SIZE = (186.0, 26.0)
_BIAS_NODE = (190.0, 42.0)
_TARGET_SIZE = (120.0, 48.0)
_TARGET_DISTANCE = {True: 292.0, False: 150.0}
_MOST_FULL_UNITS = 4
# How far columns and rows may be stretched to make room for every tag, least first.
_STRETCHES = ((1.0, 1.0), (1.15, 1.0), (1.15, 1.12), (1.35, 1.2), (1.6, 1.3))
# Where along an edge its tag may stand, best first: near the source, or near the target.
_NEAR_SOURCE = (0.3, 0.26, 0.34, 0.7, 0.66, 0.74, 0.38, 0.62, 0.22, 0.78, 0.43, 0.57, 0.5)
_NEAR_TARGET = tuple(1 - place for place in _NEAR_SOURCE)


@dataclass(frozen=True, slots=True)
class NodePlace:
    """A unit's circle.

    Attributes:
        id: ``node-<layer>-<unit>``.
        layer, unit: its indices.
        column: its place in reading order, left to right; weights lie between.
        x, y: the centre.
        radius: of the circle.
    """

    id: str
    layer: int
    unit: int
    column: int
    x: float
    y: float
    radius: float

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class EdgePlace:
    """A weight's line, from rim to rim, and the centre of its tag (None: no room for one)."""

    id: str
    layer: int
    source: int
    target: int
    column: int
    line: Line
    tag: Point | None


@dataclass(frozen=True, slots=True)
class BiasPlace:
    """A layer's bias node and its lines to the layer's units."""

    id: str
    layer: int
    column: int
    x: float
    y: float
    lines: tuple[Line, ...]

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture.

    Attributes:
        top, width, height: the viewBox, which begins at x = 0.
        style: the level of detail.
        nodes, edges, biases: in reading order.
        targets: the centres of the targets' boxes.
        target_column: their place in reading order.
    """

    top: float
    width: float
    height: float
    style: Style
    nodes: tuple[NodePlace, ...]
    edges: tuple[EdgePlace, ...]
    biases: tuple[BiasPlace, ...]
    targets: tuple[Point, ...]
    target_column: int


@lru_cache(maxsize=256)
def layout(layers: tuple[int, ...], bias_nodes: tuple[bool, ...]) -> Layout:
    """Lay out a network, stretched as little as gives every weight's tag a place.

    Args:
        layers: units a layer, inputs first.
        bias_nodes: for each layer after the inputs, whether it has one bias node.
    """
    if max(layers) > _MOST_FULL_UNITS:
        return _layout(layers, bias_nodes, COMPACT)
    for column, row in _STRETCHES:
        style = replace(FULL, column=FULL.column * column, row=FULL.row * row)
        drawn = _layout(layers, bias_nodes, style)
        if all(edge.tag for edge in drawn.edges):
            break
    return drawn


def _layout(layers: tuple[int, ...], bias_nodes: tuple[bool, ...], style: Style) -> Layout:
    columns = [_column(layer, units, layers, style) for layer, units in enumerate(layers)]
    nodes = [node for column in columns for node in column]
    bottom = max(node.y for node in nodes) + style.radius + style.delta / 2
    biases = [
        _bias_place(layer, columns, bottom, style)
        for layer, drawn in enumerate(bias_nodes)
        if drawn
    ]
    taken = [box for node in nodes for box in _around(node, bias_nodes, style)]
    taken += [Box(bias.x, bias.y, *_BIAS_NODE) for bias in biases]
    edges = [edge for pair in pairwise(columns) for edge in _edges(*pair, taken, style)]
    outputs = columns[-1]
    target_x = outputs[0].x + _TARGET_DISTANCE[style.full]
    low = min(box.y - box.height / 2 for box in taken) - _MARGIN
    high = max(box.y + box.height / 2 for box in taken) + _MARGIN
    width = target_x + _TARGET_SIZE[0] / 2 + _MARGIN
    targets = tuple((target_x, node.y) for node in outputs)
    return Layout(
        _round(low), _round(width), _round(high - low), style,
        tuple(nodes), tuple(edges), tuple(biases), targets, 2 * len(layers),
    )  # fmt: skip


def _round(value: float) -> float:
    """A tenth of a unit is finer than any screen."""
    return round(value, 1)


def _column(layer: int, units: int, layers: Sequence[int], style: Style) -> list[NodePlace]:
    radius = style.input_radius if layer == 0 else style.radius
    x = _MARGIN + style.input_radius + layer * style.column + (10 if layer else 0)
    # A column with fewer units is spread a little, never beyond the tallest.
    tallest = (max(layers) - 1) * style.row
    row = min(style.row * 1.2, tallest / (units - 1)) if units > 1 else 0.0
    first = (tallest - row * (units - 1)) / 2
    return [
        NodePlace(
            id=f"node-{layer}-{unit}",
            layer=layer,
            unit=unit,
            column=2 * layer,
            x=_round(x),
            y=_round(first + unit * row),
            radius=radius,
        )
        for unit in range(units)
    ]


def _around(node: NodePlace, bias_nodes: Sequence[bool], style: Style) -> Iterable[Box]:
    """The boxes that a unit fills: its circle, its delta, its own bias."""
    yield Box(node.x, node.y, 2 * node.radius, 2 * node.radius)
    if node.layer == 0:
        return
    yield Box(node.x, node.y + style.delta, *_DELTA_SIZE)
    if not bias_nodes[node.layer - 1]:
        yield Box(node.x, node.y - style.bias, *_BIAS_SIZE)


def _bias_place(
    layer: int, columns: Sequence[Sequence[NodePlace]], bottom: float, style: Style
) -> BiasPlace:
    targets = columns[layer + 1]
    x = targets[0].x - style.column / 2
    y = bottom + (60 if style.full else 40)
    lines = tuple(_rim_to_rim((x, y - _BIAS_NODE[1] / 2), 0, target) for target in targets)
    return BiasPlace(f"bias-{layer}", layer, 2 * layer + 1, _round(x), _round(y), lines)


def _rim_to_rim(start: Point, radius: float, target: NodePlace) -> Line:
    dx, dy = target.x - start[0], target.y - start[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    return (
        (_round(start[0] + ux * radius), _round(start[1] + uy * radius)),
        (_round(target.x - ux * target.radius), _round(target.y - uy * target.radius)),
    )


def _edges(
    sources: Sequence[NodePlace], targets: Sequence[NodePlace], taken: list[Box], style: Style
) -> list[EdgePlace]:
    pairs = list(product(targets, sources))
    lines = {(t.unit, s.unit): _rim_to_rim((s.x, s.y), s.radius, t) for t, s in pairs}
    tags = _tags(lines, taken, style) if style.full else {}
    return [
        EdgePlace(
            id=f"edge-{s.layer}-{s.unit}-{t.layer}-{t.unit}",
            layer=s.layer,
            source=s.unit,
            target=t.unit,
            column=2 * s.layer + 1,
            line=lines[t.unit, s.unit],
            tag=tags.get((t.unit, s.unit)),
        )
        for t, s in pairs
    ]


def _tags(
    lines: dict[tuple[int, int], Line], taken: list[Box], style: Style
) -> dict[tuple[int, int], Point]:
    """A free place for every edge's tag; none at all if one of them finds none.

    All at the same fraction of their edges looks calmest; else each takes what is free.
    """
    slopes = {key: line[1][1] - line[0][1] for key, line in lines.items()}
    orders = (
        sorted(lines, key=lambda key: abs(slopes[key])),
        list(lines),
        sorted(lines, key=lambda key: key[::-1]),
    )
    choices: list[Sequence[float]] = [(place,) for place in _NEAR_SOURCE]
    choices += [_NEAR_SOURCE, _NEAR_TARGET]
    for places, order in product(choices, orders):
        tags = _place_tags({key: lines[key] for key in order}, places, taken, style)
        if tags:
            return tags
    return {}


def _place_tags(
    lines: dict[tuple[int, int], Line], places: Sequence[float], taken: list[Box], style: Style
) -> dict[tuple[int, int], Point]:
    placed: dict[tuple[int, int], Box] = {}
    for key, ((x1, y1), (x2, y2)) in lines.items():
        level = abs(y1 - y2) < 1
        for t in (0.5, *places) if level else places:
            box = Box(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t, *style.tag)
            if not any(box.overlaps(other, 3) for other in (*placed.values(), *taken)):
                placed[key] = box
                break
        else:
            return {}
    return {key: (_round(box.x), _round(box.y)) for key, box in placed.items()}
