"""What a phase points at in each drawing, and what its rows say meanwhile."""

from itertools import combinations, pairwise

import pytest

from app.explain import derivation as at
from app.lab import walking
from app.lab.lab import Lab
from app.views.diagram.figures import diagram_figures, small_figures
from app.views.diagram.geometry import Box
from app.views.diagram.highlights import part_marks, phase_highlights
from app.views.diagram.text_fit import ROOMS, fit, text_width
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page
from tests.lab.test_own_units import spec_of
from tests.views.diagram.test_large_networks import lab_of

LIGHT = 0.91


@pytest.mark.parametrize("layers", [[2, 2, 2], [2, 3, 1], [4, 4, 3], [2, 4, 4, 3]], ids=str)
def test_rows_that_a_phase_points_at_have_one_box_a_unit(layers: list[int]) -> None:
    lab = lab_of(*layers)
    diagram = lab_page(lab, ViewOptions()).diagram
    for drawn in (diagram.layout, diagram.small):
        rows = {edge.id: edge.row for edge in drawn.edges}
        rows |= {f"own-{node.id}": node.bias for node in drawn.nodes}
        for phase in lab.progress.phases:
            marks = [one for one in phase_highlights(drawn, lab.spec, phase) if one.part in rows]
            boxes = [Box(*one.centre, one.width, one.height) for one in marks if one.width]
            assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
            units = {tuple(one.part.split("-")[-2:]) for one in marks if rows[one.part]}
            assert len(boxes) == len(units)
            for one in marks:
                if drawn.row and (left := rows[one.part]):
                    row = Box(left[0] + drawn.row.width / 2, left[1], drawn.row.width, 15)
                    assert any(box.overlaps(row) for box in boxes)


@pytest.mark.parametrize("layers", [[4, 4, 3], [2, 4, 4, 3]], ids=str)
def test_a_targets_badge_is_clear_of_the_error_above_it(layers: list[int]) -> None:
    lab = lab_of(*layers)
    diagram = lab_page(lab, ViewOptions()).diagram
    for drawn in (diagram.layout, diagram.small):
        (mark,) = part_marks(drawn, lab.spec, [(at.target(0), "A", "error")])
        x, y = mark.centre
        assert mark.badge_at == (x - mark.width / 2, y)


def test_a_bias_shows_what_the_weights_beside_it_show() -> None:
    lab = lab_of(2, 4, 4, 3)
    for _ in lab.progress.phases:
        lab = walking.next_phase(lab)
        diagram = lab_page(lab, ViewOptions()).diagram
        biases = {node.place.id: node.summand for node in diagram.nodes}
        for edge in diagram.edges:
            bias = biases[edge.place.target_id]
            assert bias
            assert bool(bias.latest_gradient) == bool(edge.parameter.latest_gradient)


def test_a_large_networks_error_has_its_number() -> None:
    page = lab_page(lab_of(4, 16, 16, 3).stepped(), ViewOptions())
    for target in page.diagram.targets:
        assert target.error
        for figures in (diagram_figures, small_figures):
            assert target.error.text in figures(page.diagram, page.notation)


@pytest.mark.parametrize(("columns", "named"), [(2, True), (4, True), (12, False)])
def test_names_of_inputs_stand_free_or_not_at_all(columns: int, named: bool) -> None:
    table = ",".join(f"column {n}" for n in range(columns)) + ",y\n"
    table += "".join(",".join(str(n * m % 7) for n in range(columns + 1)) + "\n" for m in (1, 2, 3))
    diagram = lab_page(Lab.fresh(spec_of(table, hidden=2)), ViewOptions()).diagram
    inputs = [node for node in diagram.nodes if node.kind == "input"]
    assert all(bool(node.tag) == named for node in inputs)
    for high, low in pairwise(node.place for node in inputs if named):
        assert low.y - low.radius - (high.y + high.radius) >= 22


@pytest.mark.parametrize("layers", [[2, 4, 1], [2, 4, 4, 3], [4, 4, 3]], ids=str)
def test_a_row_of_one_line_has_a_gap_behind_its_name(layers: list[int]) -> None:
    diagram = lab_page(lab_of(*layers), ViewOptions()).diagram
    form = diagram.layout.row
    assert form
    assert diagram.style.lines == 1
    longest = max(text_width(edge.parameter.name.text) for edge in diagram.edges)
    assert form.value - (form.name + longest * 15 * LIGHT) >= 5


def test_an_ordinary_target_leaves_room_in_its_box() -> None:
    goal = lab_page(lab_of(2, 4, 4, 3), ViewOptions()).diagram.layout.target
    assert goal
    assert ROOMS["close-target-name"].width <= goal.width - 8
    assert fit("close-target-name", "target y1") in {"", " snug"}
