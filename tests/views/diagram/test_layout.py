"""Nothing in the picture lies on anything else, whatever the network's shape."""

import math
import re
from collections.abc import Iterator
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.views.diagram.layout import layout
from app.views.diagram.shapes import Layout, NodeShape
from app.views.diagram.tag_placement import Box
from tests.strategies import QUICK, THOROUGH

# As templates/diagram/network.html draws them, once everything is computed.
TAG = (176.0, 36.0)
DELTA = (100.0, 24.0)
OWN_BIAS = (168.0, 24.0)
BIAS_NODE = (176.0, 36.0)
TARGET = (120.0, 48.0)

SMALL = st.lists(st.integers(1, 4), min_size=2, max_size=5)
ANY = st.lists(st.integers(1, 16), min_size=2, max_size=6)


def drawn(layers: list[int], data: st.DataObject) -> tuple[Layout, tuple[bool, ...]]:
    """The layout of ``layers``, each with one bias node or with a bias at each unit."""
    nodes = tuple(data.draw(st.booleans()) for _ in layers[1:])
    return layout(tuple(layers), nodes), nodes


def touches(node: NodeShape, box: Box) -> bool:
    """Whether a box and a unit's circle overlap."""
    dx = max(abs(node.x - box.x) - box.width / 2, 0)
    dy = max(abs(node.y - box.y) - box.height / 2, 0)
    return math.hypot(dx, dy) < node.radius


def tags(picture: Layout) -> list[Box]:
    return [Box(*edge.tag, *TAG) for edge in picture.edges if edge.tag]


def pills(picture: Layout, bias_nodes: tuple[bool, ...]) -> Iterator[Box]:
    """Deltas, biases and targets."""
    for node in picture.nodes:
        if node.layer:
            yield Box(node.x, node.y + picture.style.delta, *DELTA)
            if not bias_nodes[node.layer - 1]:
                yield Box(node.x, node.y - picture.style.bias, *OWN_BIAS)
    for bias in picture.biases:
        yield Box(bias.x, bias.y, *BIAS_NODE)
    for x, y in picture.targets:
        yield Box(x, y, *TARGET)


# --- small networks: every weight has its numbers beside it ---------------------------------


@THOROUGH
@given(SMALL, st.data())
def test_every_weight_has_a_tag_that_lies_free(layers: list[int], data: st.DataObject) -> None:
    picture, bias_nodes = drawn(layers, data)
    boxes = tags(picture)
    assert len(boxes) == len(picture.edges) == sum(a * b for a, b in pairwise(layers))
    for tag, other in combinations(boxes, 2):
        assert not tag.overlaps(other)
    for tag, pill in product(boxes, pills(picture, bias_nodes)):
        assert not tag.overlaps(pill)
    for tag, node in product(boxes, picture.nodes):
        assert not touches(node, tag)


@THOROUGH
@given(SMALL, st.data())
def test_a_tag_lies_on_its_own_line(layers: list[int], data: st.DataObject) -> None:
    picture, _ = drawn(layers, data)
    places = {(node.layer, node.unit): node for node in picture.nodes}
    for edge in picture.edges:
        assert edge.tag is not None
        source = places[edge.layer, edge.source]
        target = places[edge.layer + 1, edge.target]
        along = (edge.tag[0] - source.x) / (target.x - source.x)
        assert 0 < along < 1
        y = source.y + along * (target.y - source.y)
        assert edge.tag[1] == pytest.approx(y, abs=1)


@THOROUGH
@given(SMALL, st.data())
def test_units_and_pills_lie_free_of_each_other(layers: list[int], data: st.DataObject) -> None:
    picture, bias_nodes = drawn(layers, data)
    boxes = list(pills(picture, bias_nodes))
    for pill, other in combinations(boxes, 2):
        assert not pill.overlaps(other)
    for node, pill in product(picture.nodes, boxes):
        assert not touches(node, pill)


@THOROUGH
@given(SMALL, st.data())
def test_all_is_inside_the_picture(layers: list[int], data: st.DataObject) -> None:
    picture, bias_nodes = drawn(layers, data)
    circles = [Box(node.x, node.y, 2 * node.radius, 2 * node.radius) for node in picture.nodes]
    for box in (*circles, *tags(picture), *pills(picture, bias_nodes)):
        assert box.x - box.width / 2 >= 0
        assert box.x + box.width / 2 <= picture.width
        assert picture.top <= box.y - box.height / 2
        assert box.y + box.height / 2 <= picture.top + picture.height


# --- networks of any size -------------------------------------------------------------------


@THOROUGH
@given(ANY, st.data())
def test_ids_come_from_the_topology(layers: list[int], data: st.DataObject) -> None:
    picture, bias_nodes = drawn(layers, data)
    assert [node.id for node in picture.nodes] == [
        f"node-{layer}-{unit}" for layer, units in enumerate(layers) for unit in range(units)
    ]
    assert sorted(edge.id for edge in picture.edges) == sorted(
        f"edge-{layer}-{i}-{layer + 1}-{j}"
        for layer, (sources, targets) in enumerate(pairwise(layers))
        for i, j in product(range(sources), range(targets))
    )
    biases = [f"bias-{layer}" for layer, one in enumerate(bias_nodes) if one]
    assert [bias.id for bias in picture.biases] == biases
    assert len(picture.targets) == layers[-1]
    for edge in picture.edges:
        assert edge.id == f"edge-{edge.layer}-{edge.source}-{edge.layer + 1}-{edge.target}"
    everything = [node.id for node in picture.nodes] + [edge.id for edge in picture.edges] + biases
    assert len(set(everything)) == len(everything)
    assert all(re.fullmatch(r"[a-z]+(-\d+)+", name) for name in everything)


@QUICK
@given(ANY, st.data())
def test_units_of_larger_networks_lie_free(layers: list[int], data: st.DataObject) -> None:
    picture, _ = drawn(layers, data)
    for node, other in combinations(picture.nodes, 2):
        apart = math.dist((node.x, node.y), (other.x, other.y))
        assert apart > node.radius + other.radius
    for node in picture.nodes:
        assert node.radius <= node.x <= picture.width - node.radius
        low, high = picture.top + node.radius, picture.top + picture.height - node.radius
        assert low <= node.y <= high


@QUICK
@given(ANY, st.data())
def test_weights_go_from_rim_to_rim_left_to_right(layers: list[int], data: st.DataObject) -> None:
    picture, _ = drawn(layers, data)
    places = {(node.layer, node.unit): node for node in picture.nodes}
    for edge in picture.edges:
        start, end = edge.line
        source = places[edge.layer, edge.source]
        target = places[edge.layer + 1, edge.target]
        assert math.dist(start, (source.x, source.y)) == pytest.approx(source.radius, abs=0.2)
        assert math.dist(end, (target.x, target.y)) == pytest.approx(target.radius, abs=0.2)
        assert start[0] < end[0]


@pytest.mark.parametrize("layers", [(16, 16), (16,) * 5, (1, 16, 1), (16, 1, 16), (5, 5), (64, 2)])
@pytest.mark.parametrize("bias_node", [True, False])
def test_large_layers_are_drawn_without_tags(layers: tuple[int, ...], bias_node: bool) -> None:
    picture = layout(layers, (bias_node,) * (len(layers) - 1))
    assert not picture.style.full
    assert not tags(picture)
    assert len(picture.nodes) == sum(layers)
