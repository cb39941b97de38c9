"""The layout of small networks: every weight ends in a row at the unit that it leads into.

There are two drawings: a wide one with the rows between the units, and a small one for narrow
pages with the rows below each unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from app.views.diagram.geometry import Ends, Point, curved, rounded
from app.views.diagram.row_forms import NAME_ROOM, row_form
from app.views.diagram.shapes import (
    BiasShape,
    DetailLevel,
    EdgeShape,
    Layout,
    NodeShape,
    RowForm,
    TargetForm,
)  # fmt: skip
from app.views.diagram.spaces import DESK, Spaces, is_readable

TWO_LINES = DetailLevel(2, 36, 54, 75, text=15.4)
CLOSE_LINES = DetailLevel(2, 34, 48, 69, close=True, text=15.4)
ONE_LINE = DetailLevel(1, 29, 33, 41.5, close=True, text=15)
_WIDE_INPUTS = replace(ONE_LINE, input_radius=ONE_LINE.radius)
SMALL = DetailLevel(1, 28, 28, 39.5, small=True)
CLOSE = DetailLevel(1, 27, 27, 38.5, small=True)
BARE = DetailLevel(0, 27, 27, 35.5, small=True)
TIGHT = replace(BARE, tight=True)
_NAME_INDENT = 6.0
_MOST_UNITS, _MOST_INPUTS, _MOST_ROWS = 6, 12, 36
_MOST_APART = 3
"""More layers than these stand closer."""
_MOST_AIRY = 2
"""Up to so many units a layer there is room for more distance."""
_TALLEST_AIRY, TALLEST, TALLEST_BELOW_SAMPLES = 330.0, 375.0, 300.0
"""A phone has room for so high a drawing; higher ones than the first are closer."""
_SPREAD = 1.4
_BIAS_NODE = 22.0
_BESIDE_DELTA = {2: 40.0, 1: 22.0}  # by the lines of rows
_TOUCH = 55.0
"""The height of a link that has 44 pixels where the smallest text of rows has 12."""
_BEND, _SMALL_BEND = 0.55, 0.92
"""How far along a curve, from either end, it leaves the level."""
_ABOVE_TARGET = 22.0
"""What a target's share of E takes above its box, where there is one."""


class _Measures(NamedTuple):
    """The distances of a drawing.

    ``gap`` is that between a layer and the next one's rows, ``brace`` that between rows and unit;
    ``pitch`` is from row to row, ``above`` what a layer's first unit needs above its circle,
    ``below`` what each needs below it, ``between`` the least distance of two units beyond that.
    ``target`` is the distance from an output's rim to its target's box, ``box`` the size of that,
    ``air`` what units of small layers have between them beyond all that, ``indent`` what inputs'
    names take at the left of their circles.
    """

    style: DetailLevel
    margin: float
    gap: float
    brace: float
    pitch: float
    above: float
    below: float
    between: float
    target: float
    box: Point
    air: float = 0.0
    indent: float = 0.0


_TWO = _Measures(TWO_LINES, 8, 63, 14, 44, 26, 36, 6, 95, (104, 52), air=38)
_CLOSE = _Measures(CLOSE_LINES, 8, 63, 14, 38, 24, 41, 1, 95, (104, 52))
_ONE = _Measures(ONE_LINE, 1, 17, 11, 16.2, 18, 15, 2, 22, (73, 44))
_ROW_GAPS = {2: 60, 3: 37}
"""Between few layers with rows of one line there is room for wires to spread."""
_GAPS = {2: 104.0, 3: 50.0}
_SMALL = _Measures(SMALL, 2, 40, 0, 16, 2, 22, 10, 22, (50, 40))
_BARE = _SMALL._replace(style=BARE, margin=1, above=1, below=14, between=7)
"""Deltas stand between the rings that units may have."""
_TIGHT = _BARE._replace(style=TIGHT, gap=19, target=16)


def has_rows(layers: Sequence[int]) -> bool:
    """Whether a network of these layers is drawn with all its numbers."""
    rows = _rows_in_a_column(layers)
    return max(layers[1:]) <= _MOST_UNITS and layers[0] <= _MOST_INPUTS and rows <= _MOST_ROWS


def _rows_in_a_column(layers: Sequence[int]) -> int:
    """The most rows that stand below each other."""
    return max(units * (ins + 1) for ins, units in pairwise(layers))


@lru_cache(maxsize=256)
def wide_layout(
    layers: tuple[int, ...],
    bias_nodes: tuple[bool, ...],
    names: float,
    spaces: Spaces = (DESK,),
    *,
    columns: bool = False,
) -> Layout:
    """Lay out ``layers`` (inputs first) with rows between them.

    ``bias_nodes`` says for each layer after the inputs whether its bias is drawn as a source. Of
    the forms, the richest that can be read in all the ``spaces``, or else the plainest. With
    ``columns`` inputs have names below their circles, which are smaller then.
    """
    height = spaces[0].row
    line = _ONE._replace(pitch=height + 1.2, gap=_ROW_GAPS.get(len(layers), _ONE.gap))
    wide = line if columns else line._replace(style=_WIDE_INPUTS)
    airy = wide._replace(style=replace(wide.style, delta=44), below=17, between=6)
    forms = (
        (_TWO, True), (_CLOSE, True), (airy, True), (wide, True), (line, True),
        (wide, False), (line, False),
    )  # fmt: skip
    drawn = [
        _Drawing(
            layers,
            one._replace(indent=_NAME_INDENT * columns),
            row_form(one.style, names, update=update, height=height),
        ).layout(bias_nodes)
        for one, update in forms
    ]
    found = (one for one in drawn if all(is_readable(one, at) for at in spaces))
    return next(found, replace(drawn[-1], follows=spaces[0].follows))


@lru_cache(maxsize=256)
def small_layout(layers: tuple[int, ...], tallest: float = TALLEST) -> Layout:
    """Lay out ``layers`` for a narrow page; without rows where it would be higher than ``tallest``.

    Many layers are close to each other, and have none.
    """
    if len(layers) > _MOST_APART:
        return tight_layout(layers, tallest)
    measures = _SMALL._replace(gap=_GAPS[max(len(layers), 2)])
    drawn = _Drawing(layers, measures, row_form(SMALL, NAME_ROOM)).layout(())
    if drawn.height > _TALLEST_AIRY:
        close = measures._replace(style=CLOSE, margin=1, pitch=15, above=1, below=20, between=5)
        drawn = _Drawing(layers, close, row_form(CLOSE, NAME_ROOM)).layout(())
    if drawn.height > tallest:
        drawn = _bare_layout(layers, _BARE._replace(gap=measures.gap), tallest)
    return drawn


def tight_layout(
    layers: tuple[int, ...], tallest: float = TALLEST, *, shares: bool = True
) -> Layout:
    """Lay out ``layers`` for a narrow page, close to each other and without rows.

    Without ``shares`` no target has its share of E.
    """
    measures = _TIGHT._replace(gap=_GAPS.get(len(layers), _TIGHT.gap))
    return _bare_layout(layers, measures, tallest, _ABOVE_TARGET * shares)


def _bare_layout(
    layers: tuple[int, ...], measures: _Measures, tallest: float, above: float = _ABOVE_TARGET
) -> Layout:
    """Lay out ``layers`` without rows; their units closer where that makes it low enough."""
    closer = measures._replace(between=3)
    drawn, close = (_Drawing(layers, one, None).layout((), above) for one in (measures, closer))
    return close if close.height <= tallest < drawn.height else drawn


class _Drawing:
    """Where the units of a network stand in one drawing, and what follows from that."""

    def __init__(self, layers: tuple[int, ...], measures: _Measures, form: RowForm | None) -> None:
        self._layers, self._measures, self._form = layers, measures, form
        self._style = measures.style
        self._beside = form is not None and not self._style.small
        self._xs = list(self._across())
        self._columns = [self._column(layer) for layer in range(len(layers))]

    # --- units ----------------------------------------------------------------------------------

    def _radius(self, layer: int) -> float:
        return self._style.radius if layer else self._style.input_radius

    def _across(self) -> Iterator[float]:
        """Where each layer stands from the left."""
        measures = self._measures
        right = measures.margin + measures.indent
        for layer in range(len(self._layers)):
            if layer:
                right += measures.gap
                right += self._form.width + measures.brace if self._form and self._beside else 0
            radius = self._radius(layer)
            yield right + radius
            right += 2 * radius

    def _rows(self, layer: int) -> int:
        """How many rows a unit has."""
        return self._layers[layer - 1] + 1 if layer and self._form else 0

    def _reach(self, layer: int) -> tuple[float, float]:
        """How far a unit reaches above its centre, and below it."""
        measures, radius = self._measures, self._radius(layer)
        if not layer:
            return radius, radius
        rows = self._rows(layer) * measures.pitch
        if self._beside:
            return max(radius + measures.above, rows / 2), max(radius + measures.below, rows / 2)
        return radius + measures.above, radius + measures.below + rows

    def _step(self, layer: int) -> float:
        """The least distance between two units."""
        measures, radius = self._measures, self._radius(layer)
        rows = self._rows(layer) * measures.pitch
        unit = 2 * radius + (measures.below if layer else 0)
        air = measures.air if max(self._layers) <= _MOST_AIRY else 0
        return (max(unit, rows) if self._beside else unit + rows) + measures.between + air

    def _heights(self, layer: int) -> list[float]:
        """Where a layer's units stand: in the middle, and a little spread where they are few."""
        layers = self._layers
        steps = [self._step(at) for at in range(len(layers))]
        tallest = max((units - 1) * steps[at] for at, units in enumerate(layers))
        count = layers[layer]
        step = max(steps[layer], min(max(steps) * _SPREAD, tallest / max(count - 1, 1)))
        first = (tallest - step * (count - 1)) / 2
        return [first + step * unit for unit in range(count)]

    def _column(self, layer: int) -> list[NodeShape]:
        x = rounded(self._xs[layer])
        return [
            NodeShape(
                f"node-{layer}-{unit}", layer, unit, 2 * layer, x, rounded(y), self._radius(layer),
                bias=self._row(layer, y, self._rows(layer) - 1),
                brace=self._brace(layer, y),
            )
            for unit, y in enumerate(self._heights(layer))
        ]  # fmt: skip

    # --- rows -----------------------------------------------------------------------------------

    def _row(self, layer: int, y: float, index: int) -> Point | None:
        """The left end of a row of the unit at height ``y``."""
        if not layer or not self._form:
            return None
        measures, form = self._measures, self._form
        if self._beside:
            left = self._xs[layer] - self._style.radius - measures.brace - form.width
            first = y - measures.pitch * (self._rows(layer) - 1) / 2
        else:
            left = self._xs[layer] - form.width / 2
            first = y + self._style.radius + measures.below + measures.pitch / 2 - 2
        return rounded(left), rounded(first + measures.pitch * index)

    def _brace(self, layer: int, y: float) -> str:
        """From the ends of a unit's rows to its circle."""
        if not layer or not self._form or not self._beside:
            return ""
        half = (self._measures.pitch * (self._rows(layer) - 1) + self._form.height) / 2
        rim = self._xs[layer] - self._style.radius
        left, middle = rim - self._measures.brace, rim - self._measures.brace / 2
        return "".join(
            f"M{left + 2:g} {y + end:g}C{middle + 4:g} {y + end:g} {middle:g} {y:g} {rim:g} {y:g}"
            for end in (-half, half)
        )

    def _edge(self, source: NodeShape, target: NodeShape) -> EdgeShape:
        row = self._row(target.layer, target.y, source.unit)
        start = rounded(source.x + source.radius), source.y
        rim = rounded(target.x - target.radius), target.y
        line: Ends = (start, row if row and self._beside else rim)
        return EdgeShape(
            f"edge-{source.layer}-{source.unit}-{target.layer}-{target.unit}",
            source.layer, source.unit, target.unit, 2 * source.layer + 1,
            line, curved(line, _BEND if self._beside else _SMALL_BEND), row,
        )  # fmt: skip

    def _bias_node(self, layer: int) -> BiasShape:
        """A layer's bias as a source, below the layer before; its lines pass that one's deltas."""
        before = self._columns[layer]
        x = self._xs[layer] + (_BESIDE_DELTA[self._style.lines] if layer else 0)
        y = rounded(before[-1].y + self._reach(layer)[1] + self._measures.between + _BIAS_NODE)
        rows = [node.bias for node in self._columns[layer + 1] if node.bias]
        paths = tuple(curved(((rounded(x + _BIAS_NODE), y), row), _BEND) for row in rows)
        return BiasShape(f"bias-{layer}", layer, 2 * layer + 1, rounded(x), y, paths)

    def _target(self) -> TargetForm:
        (width, height), reach = self._measures.box, self._measures.target
        between = [(low.y - high.y - height) / 2 for high, low in pairwise(self._columns[-1])]
        touch = min(_TOUCH, *between) if between else _TOUCH
        return TargetForm(width, height, -width / 2 - reach, reach, touch)

    # --- all of it ------------------------------------------------------------------------------

    def layout(self, bias_nodes: Sequence[bool], above_targets: float = _ABOVE_TARGET) -> Layout:
        """The drawing, with ``bias_nodes`` for some layers and so much room above targets."""
        measures, columns = self._measures, self._columns
        biases = [self._bias_node(layer) for layer, drawn in enumerate(bias_nodes) if drawn]
        nodes = [node for column in columns for node in column]
        tops = [node.y - self._reach(node.layer)[0] for node in nodes]
        tops += [node.y - measures.box[1] / 2 - above_targets for node in columns[-1]]
        bottoms = [node.y + self._reach(node.layer)[1] for node in nodes]
        bottoms += [bias.y + _BIAS_NODE for bias in biases]
        low, high = min(tops) - measures.margin, max(bottoms) + measures.margin
        left = self._xs[-1] + self._style.radius + measures.target
        edges = [
            self._edge(source, target)
            for sources, targets in pairwise(columns)
            for target, source in product(targets, sources)
        ]
        return Layout(
            rounded(low), rounded(left + measures.box[0] + measures.margin), rounded(high - low),
            self._style, tuple(nodes), tuple(edges), tuple(biases),
            tuple((rounded(left + measures.box[0] / 2), node.y) for node in columns[-1]),
            2 * len(self._layers), self._form, target=self._target(),
        )  # fmt: skip
