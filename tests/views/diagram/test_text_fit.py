"""Texts of the diagram keep their size while they fit, and are set smaller where they do not."""

import math
import re
from pathlib import Path

import pytest

from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.diagram.elements import Value
from app.views.diagram.figures import diagram_figures, small_figures
from app.views.diagram.layout import COMPACT
from app.views.diagram.text_fit import ROOMS, fit, text_width
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
BASELINE = 8.5
"""Where a number stands in a small circle."""
LIGHT, CLOSER = 0.91, 0.03
"""A text that is set smaller is light, too, and so this much narrower; its letters are closer."""


def share_of(classes: str) -> float:
    """The share of its size at which a text of these classes is set."""
    percent = re.search(r"p(\d+)", classes)
    return int(percent[1]) / 100 if percent else 1.0


BRIEF = {0.000253: "0.00025", -0.00099999: "−0.0010", 0.0005: "0.00050", 0.00101: "as it was"}


@pytest.mark.parametrize("value", BRIEF)
def test_narrow_rows_leave_a_digit_behind_zeros_out(value: float) -> None:
    assert Value(value, "as it was").brief.text == BRIEF[value]


@pytest.mark.parametrize("text", ["0.1500", "−0.1234", "0.000687", "−1.1244"])
def test_ordinary_numbers_keep_their_size(text: str) -> None:
    assert fit("net", f"net {text[:7]}") == ""
    assert fit("delta", f"δ +{text.strip('−')}") == ""
    assert fit("value", text[:7]) == ""
    assert fit("gradient", text) == ""
    assert fit("error", text[:7]) == ""
    assert fit("small-share", f"E_o1 {text.strip('−')[:6]}") == ""
    assert share_of(fit("close-value", text[:7])) == 1


@pytest.mark.parametrize("name", ["w1", "w12", "b2", "Δ1"])
def test_ordinary_names_keep_their_size(name: str) -> None:
    assert len(name) > 2 or fit("small-row-name", name) == ""
    assert fit("row-name", name) == ""
    assert fit("row-gradient", f"∂E/∂{name}") == ""


@pytest.mark.parametrize("kind", list(ROOMS))
@pytest.mark.parametrize("text", ["−502.8302", "−99999.99", "−2.66e−11", "−1.50e−100"])
def test_a_long_number_is_set_as_small_as_it_takes(kind: str, text: str) -> None:
    room = ROOMS[kind]
    classes = fit(kind, text)
    size = room.size * share_of(classes)
    wide = text_width(text) * room.weight
    if classes:
        wide = text_width(text) * LIGHT - CLOSER * len(text)
    assert wide * size <= room.width or share_of(classes) == 0.3


def test_every_size_has_its_rule_in_the_page_and_in_files() -> None:
    rules = (CSS / "diagram.css").read_text(encoding="utf-8")
    found = re.findall(r"\.snug\.p(\d+) \{ font-size: ([.\d]+)em; \}", rules)
    assert [(int(percent), float(size)) for percent, size in found] == [
        (percent, percent / 100) for percent in range(30, 100, 2)
    ]


@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (-0.12345, "−0.1235"), (-502.83021, "−502.8302"), (1234.56789, "1234.568"),
        (-98765.4321, "−98765.43"), (123456.0, "1.23e5"), (-2.66e-11, "−2.66e−11"),
    ],
)  # fmt: skip
def test_the_picture_shows_fewer_decimals_of_a_large_number(weight: float, text: str) -> None:
    lab = Lab.fresh(spec_from_data(
        {
            "layers": [1, 1], "activations": ["identity"],
            "samples": [{"inputs": [1], "targets": [0]}],
            "weights": [[[weight]]], "biases": [[0]],
        }
    ))  # fmt: skip
    diagram = lab_page(lab, ViewOptions(notation="net")).diagram
    assert diagram.edges[0].parameter.value == Value(weight, text)


@pytest.mark.parametrize("text", ["−0.5546", "−0.9999", "0.5546", "−12.3456"])
def test_a_number_in_a_small_circle_leaves_room_to_its_line(text: str) -> None:
    classes = fit("tight-out", text)
    size = ROOMS["tight-out"].size * share_of(classes)
    wide = text_width(text) * LIGHT - CLOSER * len(text) if classes else text_width(text)
    half = math.sqrt((COMPACT.radius - 0.8) ** 2 - BASELINE**2)
    assert wide * size / 2 <= half - 1
    if len(text) < 8:
        assert share_of(classes) == 1, "a usual number is not set smaller"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-1.1585, "−1.159"), (-0.714, "−0.714"), (12.3456, "12.346"), (-12.3456, "−12.35"),
     (0.5, "0.5"), (1.15, "1.15")],
)  # fmt: skip
def test_an_input_in_a_narrow_circle_has_as_many_digits_as_that_has_room_for(
    value: float, text: str
) -> None:
    sample = {"inputs": [value] * 2, "targets": [0.1] * 3}
    spec = {"layers": [2, 4, 4, 3], "activations": ["tanh"] * 3, "samples": [sample]}
    page = lab_page(Lab.fresh(spec_from_data(spec)), ViewOptions())
    (circle,) = {node.place.radius for node in page.diagram.nodes if node.kind == "input"}
    assert circle < page.diagram.style.radius
    for figures in (diagram_figures, small_figures):
        told = figures(page.diagram, page.notation)
        at = told.index(text)
        assert share_of(told[at - 1]) == 1


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (0.5, "0.1250"),
        (0.925, "0.00281"),
        (0.98, "0.000200"),
        (26.0, "312.5000"),
        (0.99999, "5.00e−11"),
    ],
)
def test_a_share_of_the_error_always_says_whose_it_is(target: float, text: str) -> None:
    sample = {"inputs": [0.0, 0.0], "targets": [target, 0.0]}
    spec = {
        "layers": [2, 2], "activations": ["identity"], "samples": [sample],
        "weights": [[[0.0, 0.0]] * 2], "biases": [[1.0, 0.5]],
    }  # fmt: skip
    page = lab_page(Lab.fresh(spec_from_data(spec)).stepped(), ViewOptions())
    for figures in (small_figures, diagram_figures):
        told = figures(page.diagram, page.notation)
        at = told.index("E_o1 ")
        assert told[at - 1 : at + 2] == ["", "E_o1 ", text]


@pytest.mark.parametrize("layers", [[2, 4, 3], [2, 3, 3], [2, 4, 4, 3]])
def test_deltas_beside_rows_of_one_line_all_have_their_letter_or_none(layers: list[int]) -> None:
    spec = {
        "layers": layers, "activations": ["sigmoid"] * (len(layers) - 1),
        "samples": [{"inputs": [0.5, 0.5], "targets": [0.1] * 3}],
        "initialization": {"scheme": "xavier_uniform", "seed": 1},
    }  # fmt: skip
    page = lab_page(Lab.fresh(spec_from_data(spec)).stepped(), ViewOptions())
    assert page.diagram.style.lines == 1
    deltas = [node.delta.brief.text for node in page.diagram.nodes if node.delta]
    assert len(deltas) == sum(layers[1:])
    for figures in (diagram_figures, small_figures):
        told = figures(page.diagram, page.notation)
        assert {share_of(told[told.index(text) - 1]) for text in deltas} == {1}
