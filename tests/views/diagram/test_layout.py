"""Nothing in the diagram of a large network lies on anything else, and ids come from topology."""

import math
import re
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.views.diagram.layout import layout
from app.views.diagram.ports import has_rows
from app.views.diagram.shapes import Layout
from tests.strategies import QUICK, THOROUGH

ANY = st.lists(st.integers(1, 16), min_size=2, max_size=6)


def drawn(layers: list[int], data: st.DataObject) -> tuple[Layout, tuple[bool, ...]]:
    """The layout of ``layers`` with all units drawn, some layers with a bias node."""
    nodes = tuple(data.draw(st.booleans()) for _ in layers[1:])
    return layout(tuple(layers), nodes, frozenset(range(len(layers)))), nodes


@THOROUGH
@given(ANY, st.data())
def test_ids_come_from_the_topology(layers: list[int], data: st.DataObject) -> None:
    diagram, bias_nodes = drawn(layers, data)
    assert [node.id for node in diagram.nodes] == [
        f"node-{layer}-{unit}" for layer, units in enumerate(layers) for unit in range(units)
    ]
    assert sorted(edge.id for edge in diagram.edges) == sorted(
        f"edge-{layer}-{i}-{layer + 1}-{j}"
        for layer, (sources, targets) in enumerate(pairwise(layers))
        for i, j in product(range(sources), range(targets))
    )
    biases = [f"bias-{layer}" for layer, one in enumerate(bias_nodes) if one]
    assert [bias.id for bias in diagram.biases] == biases
    assert len(diagram.targets) == layers[-1]
    for edge in diagram.edges:
        assert edge.id == f"edge-{edge.layer}-{edge.source}-{edge.layer + 1}-{edge.target}"
    everything = [node.id for node in diagram.nodes] + [edge.id for edge in diagram.edges] + biases
    assert len(set(everything)) == len(everything)
    assert all(re.fullmatch(r"[a-z]+(-\d+)+", name) for name in everything)


@QUICK
@given(ANY, st.data())
def test_units_lie_free(layers: list[int], data: st.DataObject) -> None:
    diagram, _ = drawn(layers, data)
    for node, other in combinations(diagram.nodes, 2):
        apart = math.dist((node.x, node.y), (other.x, other.y))
        assert apart > node.radius + other.radius
    for node in diagram.nodes:
        assert node.radius <= node.x <= diagram.width - node.radius
        low, high = diagram.top + node.radius, diagram.top + diagram.height - node.radius
        assert low <= node.y <= high


@QUICK
@given(ANY.filter(lambda layers: not has_rows(layers)), st.data())
def test_weights_go_from_rim_to_rim_left_to_right(layers: list[int], data: st.DataObject) -> None:
    diagram, _ = drawn(layers, data)
    places = {(node.layer, node.unit): node for node in diagram.nodes}
    for edge in diagram.edges:
        start, end = edge.line
        source = places[edge.layer, edge.source]
        target = places[edge.layer + 1, edge.target]
        assert math.dist(start, (source.x, source.y)) == pytest.approx(source.radius, abs=0.2)
        assert math.dist(end, (target.x, target.y)) == pytest.approx(target.radius, abs=0.2)
        assert start[0] < end[0]


@pytest.mark.parametrize("layers", [(16, 16), (16,) * 5, (1, 16, 1), (16, 1, 16), (8, 8), (64, 2)])
@pytest.mark.parametrize("bias_node", [True, False])
def test_large_layers_are_drawn_without_rows(layers: tuple[int, ...], bias_node: bool) -> None:
    diagram = layout(layers, (bias_node,) * (len(layers) - 1))
    assert not diagram.style.full
    assert not any(edge.row for edge in diagram.edges)
    assert len(diagram.nodes) == sum(layers)
