"""Every weight of a small network ends in a row of its own, and nothing lies on anything else."""

import math
import re
from collections.abc import Iterator
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.explain import derivation as at
from app.lab.spec_json import spec_from_data
from app.views.diagram.geometry import Box, Point
from app.views.diagram.highlights import part_marks
from app.views.diagram.ports import has_rows, small_layout, wide_layout
from app.views.diagram.row_forms import NAME_ROOM
from app.views.diagram.shapes import Layout, NodeShape
from app.views.diagram.small_folds import narrow_layout
from app.views.diagram.spaces import spaces_of
from tests.strategies import QUICK, THOROUGH
from tests.web.pages.test_large_networks import spec_of

LAYERS = st.lists(st.integers(1, 6), min_size=2, max_size=5).filter(has_rows)
NAMES = st.sampled_from((NAME_ROOM, 64.0, 104.0))
SMALL_TARGET = (50.0, 40.0)
DELTAS = {2: (124.0, 26.0), 1: (88.0, 11.0)}
SMALL_DELTA, TIGHT_DELTA = (80.0, 12.0), (68.0, 12.0)
BIAS_NODE = (44.0, 44.0)


def wide(layers: list[int], data: st.DataObject) -> Layout:
    nodes = tuple(data.draw(st.booleans()) for _ in layers[1:])
    return wide_layout(tuple(layers), nodes, data.draw(NAMES))


def touches(node: NodeShape, box: Box) -> bool:
    """Whether a box and a unit's circle overlap."""
    dx = max(abs(node.x - box.x) - box.width / 2, 0)
    dy = max(abs(node.y - box.y) - box.height / 2, 0)
    return math.hypot(dx, dy) < node.radius


def rows(diagram: Layout) -> list[Box]:
    """The rows of weights, then those of biases."""
    form = diagram.row
    if form is None:
        return []
    lefts = [edge.row for edge in diagram.edges] + [node.bias for node in diagram.nodes]
    return [
        Box(left[0] + form.width / 2, left[1], form.width, form.height) for left in lefts if left
    ]


def pills(diagram: Layout) -> Iterator[Box]:
    """Deltas, bias nodes and targets."""
    small = diagram.style.small
    for node in diagram.nodes:
        if node.layer:
            yield Box(
                node.x,
                node.y + diagram.style.delta,
                *(
                    TIGHT_DELTA
                    if diagram.style.tight
                    else SMALL_DELTA
                    if small
                    else DELTAS[diagram.style.lines]
                ),
            )
    for bias in diagram.biases:
        yield Box(bias.x, bias.y, *BIAS_NODE)
    size = diagram.target[:2] if diagram.target and not small else SMALL_TARGET
    for x, y in diagram.targets:
        yield Box(x, y, *size)


def assert_free(diagram: Layout) -> None:
    boxes = [*rows(diagram), *pills(diagram)]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other), (one, other)
    for node, box in product(diagram.nodes, boxes):
        is_own_delta = box.x == node.x and diagram.style.lines < 2
        assert is_own_delta or not touches(node, box), (node, box)
    for bias in diagram.biases:
        ends = [node.x + DELTAS[diagram.style.lines][0] / 2 for node in diagram.nodes
                if node.layer == bias.layer > 0]  # fmt: skip
        starts = [min(x for x, _ in curve(path)) for path in bias.paths]
        assert min(starts) >= max(ends, default=0), "its lines pass the deltas"
    for node, near in combinations(diagram.nodes, 2):
        assert math.dist(node.centre, near.centre) > node.radius + near.radius
    circles = [Box(node.x, node.y, 2 * node.radius, 2 * node.radius) for node in diagram.nodes]
    for box in (*circles, *boxes):
        assert box.x - box.width / 2 >= 0
        assert box.x + box.width / 2 <= diagram.width
        assert diagram.top <= box.y - box.height / 2
        assert box.y + box.height / 2 <= diagram.top + diagram.height


@THOROUGH
@given(LAYERS, st.data())
def test_nothing_lies_on_anything_else(layers: list[int], data: st.DataObject) -> None:
    diagram = wide(layers, data)
    count = sum(a * b for a, b in pairwise(layers)) + sum(layers[1:])
    assert len(rows(diagram)) == count
    assert_free(diagram)


@THOROUGH
@given(LAYERS)
def test_nothing_lies_on_anything_else_on_a_narrow_page(layers: list[int]) -> None:
    assert_free(small_layout(tuple(layers)))


def curve(path: str) -> list[Point]:
    """Points along a path of one cubic curve."""
    x0, y0, x1, y1, x2, y2, x3, y3 = (float(n) for n in re.findall(r"-?[\d.]+", path))
    points = []
    for step in range(21):
        t = step / 20
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


@QUICK
@given(LAYERS, st.data())
def test_no_wire_meets_another_weights_row(layers: list[int], data: st.DataObject) -> None:
    diagram = wide(layers, data)
    form = diagram.row
    assert form
    boxes = rows(diagram)
    for edge in diagram.edges:
        points = curve(edge.path)
        assert points[-1] == pytest.approx(edge.row)
        for x, y in points[:-1]:
            for box in boxes:
                assert abs(x - box.x) >= box.width / 2 or abs(y - box.y) >= box.height / 2


@QUICK
@given(LAYERS, st.data())
def test_rows_read_like_the_sum(layers: list[int], data: st.DataObject) -> None:
    """Top to bottom: the sources in their order, then the bias."""
    for diagram in (wide(layers, data), small_layout(tuple(layers))):
        if diagram.row is None:
            continue
        for node in diagram.nodes[layers[0] :]:
            into = [e for e in diagram.edges if (e.layer + 1, e.target) == (node.layer, node.unit)]
            heights = [e.row[1] for e in sorted(into, key=lambda e: e.source) if e.row]
            assert node.bias
            assert [*heights, node.bias[1]] == sorted([*heights, node.bias[1]])
            assert len({e.row[0] for e in into if e.row} | {node.bias[0]}) == 1


@pytest.mark.parametrize(
    ("layers", "lines", "both"),
    [((1, 1), 2, True), ((2, 2, 2), 2, True), ((3, 2, 1), 2, True), ((2, 3, 1), 2, True),
     ((2, 4, 1), 1, True), ((4, 4, 3), 1, True), ((2, 4, 4, 3), 1, False)],
)  # fmt: skip
def test_rows_say_as_much_as_a_desk_can_show_large_enough(
    layers: tuple[int, ...], lines: int, *, both: bool
) -> None:
    small = small_layout(layers)
    spaces = spaces_of(small, projected=False, samples=1)
    diagram = wide_layout(layers, (False,) * (len(layers) - 1), NAME_ROOM, spaces)
    for width, height in ((892, 387),) if small.row else ((892, 387), (642, 366)):
        assert diagram.style.text * min(width / diagram.width, height / diagram.height) >= 12
    assert diagram.style.lines == lines
    assert diagram.row
    assert bool(diagram.row.arrow) == both, "the old value and the new one"


def test_a_phone_has_room_for_the_small_drawing() -> None:
    for layers, height, rows in (
        ((2, 2, 2), 280, True),
        ((2, 3, 1), 410, True),
        ((2, 4, 4, 3), 325, False),
        ((4, 16, 16, 3), 325, False),
        ((30, 20, 10), 325, False),
    ):
        diagram = narrow_layout(layers)
        assert diagram.width <= 344
        assert diagram.height <= height
        assert bool(diagram.row) == rows


@pytest.mark.parametrize("layers", [(2, 4, 1), (4, 4, 3), (2, 4, 4, 3), (5, 5, 2), (4, 16, 16, 3)])
def test_a_narrow_drawing_has_its_deltas_between_the_rings(layers: tuple[int, ...]) -> None:
    diagram = narrow_layout(layers)
    sent = {**spec_of(*layers, samples=1), "initialization": {"scheme": "uniform", "seed": 1}}
    parts = [(at.node(1, unit), "", "now") for unit in range(layers[1])]
    rings = {ring.centre: ring for ring in part_marks(diagram, spec_from_data(sent), parts)}
    shown = [one for one in diagram.nodes if one.layer == 1 and not one.folded]
    for high, low in pairwise(shown):
        reach, delta = rings[high.centre].radius + 1.5, high.y + diagram.style.delta
        assert high.y + reach <= delta - 4.5
        assert delta + 4.5 <= low.y - reach


def test_the_small_drawing_of_a_large_network_folds_all_but_three_units_of_a_layer() -> None:
    layers = (4, 16, 5, 3)
    diagram = narrow_layout(layers)
    drawn = [[n.unit for n in diagram.nodes if n.layer == at and not n.folded] for at in range(4)]
    assert drawn == [[0, 1, 2, 3], [0, 1, 15], [0, 1, 4], [0, 1, 2]]
    assert [(f.layer, f.first, f.last) for f in diagram.folds] == [(1, 2, 14), (2, 2, 3)]
    assert [n.id for n in diagram.nodes] == [
        f"node-{at}-{u}" for at in range(4) for u in range(layers[at])
    ]
    places = {n.id: n for n in diagram.nodes}
    for edge in diagram.edges:
        source, target = places[edge.source_id], places[edge.target_id]
        assert edge.folded == (source.folded or target.folded)
        assert edge.line == (
            (source.x + source.radius, source.y),
            (target.x - target.radius, target.y),
        )
    assert len(diagram.edges) == 4 * 16 + 16 * 5 + 5 * 3
    assert [y for _, y in diagram.targets] == [n.y for n in diagram.nodes[-3:]]


@QUICK
@given(st.lists(st.integers(1, 40), min_size=2, max_size=10))
def test_what_the_small_drawing_has_lies_apart(layers: list[int]) -> None:
    diagram = narrow_layout(tuple(layers))
    if not has_rows(layers):
        assert diagram.height <= 325
        shown = {node.centre: node for node in diagram.nodes}
        assert all(
            node.folded == (node.centre in {f.centre for f in diagram.folds})
            for node in shown.values()
        )
        for one, other in combinations(shown.values(), 2):
            apart = 72 if one.layer else 58
            across = one.radius + other.radius + 19
            assert abs(one.x - other.x) >= across or abs(one.y - other.y) >= apart


@pytest.mark.parametrize(
    ("layers", "rows_drawn"),
    [((2, 2, 2), True), ((12, 2, 1), True), ((2, 6, 1), True), ((2, 4, 4, 3), True),
     ((13, 2, 1), False), ((2, 7, 1), False), ((8, 8, 8), False), ((4, 16, 16, 3), False)],
)  # fmt: skip
def test_which_networks_have_rows(layers: tuple[int, ...], rows_drawn: bool) -> None:
    assert has_rows(layers) == rows_drawn
