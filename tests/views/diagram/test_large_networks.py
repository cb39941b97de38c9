"""Large networks: folded layers, tables in parts, and budgets that say what would fit."""

import gc
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.explain.notation import NOTATIONS
from app.explain.quantities import every
from app.explain.rounding import number
from app.lab import walking
from app.lab.lab import Lab
from app.lab.limits import fitting_layers, weights_of
from app.lab.spec_json import spec_from_data
from app.lab.visibility import Visibility
from app.views.diagram.bundles import unfolded_in, unfolded_sentence
from app.views.diagram.folding import MOST_DRAWN, folded_units
from app.views.diagram.geometry import Box
from app.views.diagram.highlights import derivation_highlights, phase_highlights
from app.views.diagram.layout import layout
from app.views.diagram.shapes import EdgeShape
from app.views.options import ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.lab import lab_page
from app.views.pages.parameter_table import MOST_LISTED
from tests.strategies import QUICK

NET = NOTATIONS["net"]


def lab_of(*layers: int, **more: object) -> Lab:
    """A network of these layers with one sample."""
    sample = {"inputs": [0.5] * layers[0], "targets": [0.25] * layers[-1]}
    data = {"layers": list(layers), "activations": ["tanh"] * (len(layers) - 1)}
    return Lab.fresh(spec_from_data({**data, "samples": [sample], **more}))


# --- folds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("units", range(1, 65))
def test_a_fold_is_honest(units: int) -> None:
    folded = folded_units(units)
    if units <= MOST_DRAWN:
        assert not folded
        return
    assert units - len(folded) == 3
    shown = lab_page(lab_of(2, units, 1), ViewOptions())
    (fold,) = shown.diagram.folds
    assert fold.text == f"and {units - 3} more"
    assert fold.units == f"h3 … h{units - 1}"
    assert f"h3 to h{units - 1}" in fold.sentence
    drawn = [node.name.name for node in shown.diagram.nodes if not node.place.folded]
    hidden = [name for name in drawn if name.startswith("h")]
    assert hidden == [f"h{n}" for n in range(1, units + 1) if not 2 < n < units]


def test_an_unfolded_layer_is_drawn_in_full_and_can_be_folded_again() -> None:
    lab = lab_of(20, 35, 18)
    folded, opened = (lab_page(lab, ViewOptions(unfold=frozenset(u))) for u in ((), (1,)))
    assert [fold.place.layer for fold in folded.diagram.folds] == [0, 1, 2]
    assert [fold.place.open for fold in opened.diagram.folds] == [False, True, False]
    assert sum(not n.place.folded for n in opened.diagram.nodes) == 3 + 35 + 3
    assert sum(len(edges) for _, edges in opened.diagram.drawn) == 3 * 35 + 35 * 3
    assert sum(len(edges) for _, edges in folded.diagram.drawn) == 3 * 3 + 3 * 3
    assert unfolded_sentence(opened.diagram.folds) == (
        "Showing all units of the layer of 35 units, h1 to h35."
    )
    for layers in ({3}, {99}):
        with pytest.raises(InvalidInput, match="not_foldable"):
            unfolded_in(lab.spec, frozenset(layers))


@QUICK
@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.booleans(), st.data())
def test_parts_of_folded_pictures_lie_free(
    layers: list[int], bias_nodes: bool, data: st.DataObject
) -> None:
    large = [at for at, units in enumerate(layers) if folded_units(units)]
    unfolded = frozenset(data.draw(st.sets(st.sampled_from(large)) if large else st.just(set())))
    drawn = layout(tuple(layers), (bias_nodes,) * (len(layers) - 1), unfolded)
    assert len(drawn.nodes) == sum(layers)
    assert len(drawn.edges) == sum(a * b for a, b in pairwise(layers))
    circles = [
        Box(node.x, node.y, 2 * node.radius, 2 * node.radius)
        for node in drawn.nodes
        if not node.folded
    ]
    folds = [Box(fold.x, fold.y, fold.width, fold.height) for fold in drawn.folds]
    for one, other in combinations((*circles, *folds), 2):
        assert not one.overlaps(other)
    size = drawn.target[:2] if drawn.target else (120, 40)
    targets = [
        Box(x, y, *size)
        for (x, y), node in zip(drawn.targets, drawn.nodes[-layers[-1] :], strict=True)
        if not node.folded
    ]
    for one, other in product(targets, (*circles, *folds)):
        assert not one.overlaps(other)
    for box in (*circles, *folds, *targets):
        assert 0 <= box.x - box.width / 2 <= box.x + box.width / 2 <= drawn.width
        assert drawn.top <= box.y - box.height / 2
        assert box.y + box.height / 2 <= drawn.top + drawn.height
    ends = {(node.x, node.y) for node in drawn.nodes if node.folded}
    assert ends == {fold.centre for fold in drawn.folds if not fold.open}


@pytest.mark.parametrize("bias_update", ["none", "per_neuron", "shared"])
def test_whatever_is_explained_or_walked_is_marked_though_it_is_folded(bias_update: str) -> None:
    lab = lab_of(18, 3, 17, bias_update=bias_update).stepped()
    spec, diagram = lab.shown_spec, lab_page(lab, ViewOptions()).diagram
    folds = {fold.place.id for fold in diagram.folds}
    for phase in lab.progress.phases:
        assert list(phase_highlights(diagram.layout, spec, phase))
    found = set()
    for quantity in every(spec):
        if quantity.kind in ("input", "pre", "delta", "target", "weight", "bias"):
            derivation = Visibility.of(lab).derivation(quantity)
            marks = derivation_highlights(diagram.layout, spec, derivation)
            assert any(mark.role == "self" for mark in marks), quantity
            found |= {mark.part for mark in marks}
    assert folds <= found
    assert "bundle" in found


def test_no_picture_draws_more_than_two_thousand_weights() -> None:
    for layers in ((16,) * 8, (15,) * 9, (31, 64), (64, 1) * 5, (44, 45)):
        assert weights_of(layers) <= 2_000
        drawn = layout(layers, (False,) * (len(layers) - 1))
        assert sum(not edge.folded for edge in drawn.edges) <= 2_000


@pytest.mark.parametrize(
    "layers", [(2, 2, 2), (2, 3, 3), (3, 3, 3), (2, 4, 1), (2, 4, 2), (3, 2, 1), (4, 3, 3)]
)
@pytest.mark.parametrize("bias_nodes", [True, False])
def test_one_hidden_layer_fits_a_laptop_without_scrolling(
    layers: tuple[int, ...], bias_nodes: bool
) -> None:
    # At 1366 pixels the diagram has 901, and is read at 0.62 of its own size.
    drawn = layout(layers, (bias_nodes,) * (len(layers) - 1))
    assert drawn.width * 0.62 <= 901
    assert all(edge.row for edge in drawn.edges)


# --- tables ---------------------------------------------------------------------------------


def test_pictures_of_many_large_structures_do_not_pile_up() -> None:
    def weights() -> int:
        return sum(type(one) is EdgeShape for one in gc.get_objects())

    before = weights()
    for units in range(17, 77):
        layout((2, units, 2), (False, False))
    assert weights() - before <= 16 * 4 * 76


def test_a_small_table_lists_everything() -> None:
    shown = lab_page(lab_of(8, 8, 8).stepped(), ViewOptions())
    assert len(shown.diagram.edges) == MOST_LISTED
    assert shown.chooser is None
    assert len(shown.parameters) == 128 + 16


def test_a_large_table_reaches_every_parameter_unit_by_unit() -> None:
    lab = lab_of(10, 35, 12).stepped()
    found: list[str] = []
    chooser = lab_page(lab, ViewOptions()).chooser
    assert chooser
    assert (chooser.unit, chooser.before, chooser.after) == ("h1", "o12", "h2")
    assert chooser.weights == 350 + 420
    units = [unit for _, row in chooser.groups for unit in row]
    assert len(units) == 47
    for unit in units:
        options = ViewOptions(into=unit)
        shown = lab_page(lab, options.changed(check="on") if unit == "h3" else options)
        rows = [row.parameter.name.name for row in shown.parameters]
        assert all(row.target and row.target.name == unit for row in shown.parameters)
        found += rows
        if shown.check:
            assert {row.name.name for row in shown.check.rows} == set(rows)
    assert len(found) == len(set(found)) == 770 + 47
    with pytest.raises(InvalidInput, match="no_such_unit"):
        lab_page(lab, ViewOptions(into="x1"))


def test_a_large_layers_phase_is_told_in_a_few_numbers() -> None:
    small, large = (walking.next_phase(lab_of(2, units, 1)) for units in (9, 35))
    assert f"h9 {number(pre_of(small)[8])}." in sentence(small, ViewOptions())
    said = sentence(large, ViewOptions())
    assert f"h8 {number(pre_of(large)[7])}, and 27 more." in said


def pre_of(lab: Lab) -> list[float]:
    row: list[float] = lab.onward.forward.pre_activations[0][0].tolist()
    return row


# --- budgets --------------------------------------------------------------------------------


@QUICK
@given(st.lists(st.integers(1, 64), min_size=2, max_size=10))
def test_what_would_fit_fits_and_is_no_smaller_than_needed(layers: list[int]) -> None:
    found = fitting_layers(layers, 2_000)
    assert weights_of(found) <= 2_000
    assert all(1 <= ours <= theirs for ours, theirs in zip(found, layers, strict=True))
    if weights_of(layers) <= 2_000:
        assert found == tuple(layers)
    elif len(layers) > 2:
        assert (found[0], found[-1]) == (layers[0], layers[-1])


@pytest.mark.parametrize("layers", [[2, 4, 4, 3], [4, 16, 16, 3], [2, 2, 2]])
def test_a_phases_unit_has_one_ring_around_its_circle(layers: list[int]) -> None:
    lab = lab_of(*layers)
    spec, diagram = lab.spec, lab_page(lab, ViewOptions()).diagram
    for drawn in (diagram.layout, diagram.small):
        radii = {node.id: node.radius for node in drawn.nodes if not node.folded}
        for phase in lab.progress.phases:
            marks = [mark for mark in phase_highlights(drawn, spec, phase) if mark.part in radii]
            assert len({mark.part for mark in marks}) == len(marks)
            for mark in marks:
                assert mark.radius > radii[mark.part]
                assert mark.width == 0
