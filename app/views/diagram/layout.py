"""Where everything in a network's diagram stands: pure geometry, in SVG user units.

Ids come from the topology alone, so the engine, the diagram and the tests agree: a unit is
``node-<layer>-<unit>``, a weight ``edge-<layer>-<unit>-<layer>-<unit>``, from source to target.
Small networks have rows for their weights (``ports``); large ones are laid out here, without.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product

from app.views.diagram.folding import folded_units, folds_of
from app.views.diagram.geometry import Box, rim_to_rim, rounded, straight
from app.views.diagram.ports import has_rows, wide_layout
from app.views.diagram.row_forms import NAME_ROOM
from app.views.diagram.shapes import BiasShape, DetailLevel, EdgeShape, FoldShape, Layout, NodeShape
from app.views.diagram.spaces import DESK, Spaces

COMPACT = DetailLevel(0, 34, 34, 44, text=15)
_ROW = 88.0
_MARGIN, _HEADROOM = 28.0, 8.0
_DELTA_SIZE = (104.0, 26.0)
_BIAS_NODE = (190.0, 42.0)
_TARGET_SIZE = (120.0, 48.0)
_TARGET_DISTANCE = 150.0
# Many layers stand closer.
_COLUMNS = {8: 160.0}
_CLOSEST = 140.0


def layout(
    layers: tuple[int, ...],
    bias_nodes: tuple[bool, ...],
    unfolded: frozenset[int] = frozenset(),
    names: float = NAME_ROOM,
    spaces: Spaces = (DESK,),
    *,
    columns: bool = False,
) -> Layout:
    """Lay out ``layers``, inputs first.

    ``bias_nodes`` says for each layer after the inputs whether one bias node is drawn for it;
    ``unfolded`` are the large layers that are drawn in full, ``names`` is the room that rows keep
    for the longest name. Rows say as much as can be read in all the ``spaces``; with ``columns``
    there are names below inputs.
    """
    if has_rows(layers):
        return wide_layout(layers, bias_nodes, names, spaces, columns=columns)
    return _large_layout(layers, bias_nodes, unfolded)


@lru_cache(maxsize=16)  # the largest take a megabyte
def _large_layout(
    layers: tuple[int, ...], bias_nodes: tuple[bool, ...], unfolded: frozenset[int]
) -> Layout:
    column = next((c for most, c in _COLUMNS.items() if len(layers) <= most), _CLOSEST)
    return _layout(layers, bias_nodes, COMPACT, column, unfolded)


def _layout(
    layers: tuple[int, ...],
    bias_nodes: tuple[bool, ...],
    style: DetailLevel,
    gap: float,
    unfolded: frozenset[int],
) -> Layout:
    columns = _columns(layers, style, gap, folds_of(layers, unfolded))
    nodes = [node for column in columns for node in column]
    bottom = max(node.y for node in nodes) + style.radius + style.delta / 2
    biases = [
        _bias_place(layer, columns, bottom, gap) for layer, drawn in enumerate(bias_nodes) if drawn
    ]
    folds = tuple(_fold_places(columns))
    taken = [box for node in nodes for box in _around(node, style)]
    taken += [Box(bias.x, bias.y, *_BIAS_NODE) for bias in biases]
    taken += [Box(fold.x, fold.y, fold.width, fold.height) for fold in folds]
    edges = [edge for pair in pairwise(columns) for edge in _edges(*pair)]
    bundle = dict.fromkeys(edge.path for edge in edges if edge.folded)
    outputs = columns[-1]
    target_x = outputs[0].x + _TARGET_DISTANCE
    low = min(box.y - box.height / 2 for box in taken) - _HEADROOM
    high = max(box.y + box.height / 2 for box in taken) + _HEADROOM
    width = target_x + _TARGET_SIZE[0] / 2 + _MARGIN
    targets = tuple((target_x, node.y) for node in outputs)
    return Layout(
        rounded(low), rounded(width), rounded(high - low), style, tuple(nodes), tuple(edges),
        tuple(biases), targets, 2 * len(layers), None, folds, "".join(bundle),
    )  # fmt: skip


def _columns(
    layers: Sequence[int], style: DetailLevel, gap: float, folds: Mapping[int, range]
) -> list[list[NodeShape]]:
    """Every unit's place, layer by layer; those within a fold share one."""
    rows = [units - max(len(folds.get(layer, ())) - 1, 0) for layer, units in enumerate(layers)]
    return [
        _column(layer, units, rows, style, gap * layer, folds.get(layer, range(0)))
        for layer, units in enumerate(layers)
    ]


def _column(
    layer: int, units: int, rows: Sequence[int], style: DetailLevel, right: float, fold: range
) -> list[NodeShape]:
    radius = style.input_radius if layer == 0 else style.radius
    x = _MARGIN + style.input_radius + right + (10 if layer else 0)
    # A column with fewer units is spread a little, never beyond the tallest.
    tallest, count = (max(rows) - 1) * _ROW, rows[layer]
    row = min(_ROW * 1.2, tallest / (count - 1)) if count > 1 else 0.0
    first = (tallest - row * (count - 1)) / 2

    def place(unit: int) -> int:
        """Which row a unit stands in."""
        return unit if unit < fold.start or not fold else max(unit - len(fold) + 1, fold.start)

    return [
        NodeShape(
            f"node-{layer}-{unit}", layer, unit, 2 * layer,
            rounded(x), rounded(first + place(unit) * row), radius, unit in fold,
        )
        for unit in range(units)
    ]  # fmt: skip


def _fold_places(columns: Sequence[Sequence[NodeShape]]) -> Iterator[FoldShape]:
    """A fold where a layer is folded; where it could be, one above it."""
    for layer, column in enumerate(columns):
        units = folded_units(len(column))
        if units:
            middle, top = column[units.start], column[0]
            y = middle.y if middle.folded else top.y - _ROW
            yield FoldShape(
                f"fold-{layer}", layer, units.start, units.stop - 1, 2 * layer,
                middle.x, rounded(y), not middle.folded,
            )  # fmt: skip


def _around(node: NodeShape, style: DetailLevel) -> Iterator[Box]:
    """The boxes that a unit fills: its circle and its delta."""
    if node.folded:
        return
    yield Box(node.x, node.y, 2 * node.radius, 2 * node.radius)
    if node.layer:
        yield Box(node.x, node.y + style.delta, *_DELTA_SIZE)


def _bias_place(
    layer: int, columns: Sequence[Sequence[NodeShape]], bottom: float, gap: float
) -> BiasShape:
    targets = columns[layer + 1]
    x, y = targets[0].x - gap / 2, bottom + 40
    top = x, y - _BIAS_NODE[1] / 2
    lines = [rim_to_rim(top, 0, target.centre, target.radius) for target in targets]
    paths = tuple(dict.fromkeys(map(straight, lines)))
    return BiasShape(f"bias-{layer}", layer, 2 * layer + 1, rounded(x), rounded(y), paths)


def _edges(sources: Sequence[NodeShape], targets: Sequence[NodeShape]) -> Iterator[EdgeShape]:
    for t, s in product(targets, sources):
        line = rim_to_rim(s.centre, s.radius, t.centre, t.radius)
        yield EdgeShape(
            f"edge-{s.layer}-{s.unit}-{t.layer}-{t.unit}", s.layer, s.unit, t.unit, 2 * s.layer + 1,
            line, straight(line), None, s.folded or t.folded,
        )  # fmt: skip
