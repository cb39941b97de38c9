"""What the panel says of a phase while nothing is pinned, and what its phase is about."""

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import phases_of
from app.lab.spec_json import spec_from_data
from app.lab.walking import command
from app.views.options import ViewOptions
from app.views.pages.announcements import sentence
from app.views.pages.lab import LabPage, lab_page
from app.views.text.formatting import written

SPEC = EXAMPLES["afteracademy-2-2-2"].spec
PHASES = [phase.key for phase in phases_of(SPEC.layers)]


def at(phase: str, options: ViewOptions | None = None) -> LabPage:
    """The page of the first example once a phase of its first step is computed."""
    return lab_page(command(phase)(Lab.fresh(SPEC)), options or ViewOptions())


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_the_formula_of_a_phase_ends_in_its_number(phase: str) -> None:
    summary = at(phase).summary
    assert summary is not None
    ((*_, result),) = summary.formula
    assert summary.first.value.lstrip("\N{MINUS SIGN}") in result


@pytest.mark.parametrize("phase", ["delta:1", "gradient:1", "gradient:2"])
def test_a_gradient_has_the_chain_rule_and_its_numbers_in_one_line(phase: str) -> None:
    summary = at(phase).summary
    assert summary is not None
    (pieces,) = summary.formula
    assert sum("mfrac" in piece for piece in pieces) > 1
    assert sum("\N{ALMOST EQUAL TO}" in piece for piece in pieces) == 1
    assert all("<mi>p</mi>" not in piece for piece in pieces)


def test_the_formula_begins_with_its_own_number_where_a_factor_has_a_chain_too() -> None:
    data = {
        "layers": [2, 3, 1], "activations": ["tanh", "sigmoid"], "loss": "binary_cross_entropy",
        "samples": [{"inputs": [0.3, -0.2], "targets": [1]}],
    }  # fmt: skip
    page = lab_page(command("gradient:2")(Lab.fresh(spec_from_data(data))), ViewOptions())
    assert page.summary is not None
    ((first, *_),) = page.summary.formula
    assert "<mi>w</mi>" in first.partition("<mo>=</mo>")[0]


@pytest.mark.parametrize(
    ("phase", "involved"),
    [
        ("pre_activation:1", "node-1 node-0 edge-0 bias-0"),
        ("activation:1", "node-1"),
        ("error", "target node-2"),
        ("delta:1", "node-1 edge-1 node-2"),
        ("gradient:2", "edge-1 node-2 node-1"),
    ],
)
def test_a_page_says_what_its_phase_is_about(phase: str, involved: str) -> None:
    assert at(phase).involved == involved
    pinned = ViewOptions(open="w5")
    assert at(phase, pinned).involved == involved
    assert lab_page(Lab.fresh(SPEC), ViewOptions()).involved == ""


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_the_formula_of_a_batchs_gradient_ends_in_the_diagrams_number(reduction: str) -> None:
    samples = [{"inputs": [x, 1 - x], "targets": [x, 1]} for x in (0.1, 0.6, 0.9)]
    batch = {"size": "full", "reduction": reduction}
    data = {"layers": [2, 2, 2], "activations": ["sigmoid"] * 2, "samples": samples}
    lab = command("gradient:2")(Lab.fresh(spec_from_data({**data, "batch": batch})))
    page = lab_page(lab, ViewOptions())
    assert page.summary is not None
    shown = {one.parameter.name.name: one.parameter.gradient for one in page.diagram.edges}
    ((*_, result),) = page.summary.formula
    assert shown["w5"] is not None
    assert shown["w5"].text.lstrip("+\N{MINUS SIGN}") in result
    assert page.summary.others[0].key == "w6"
    assert shown["w6"] is not None
    assert shown["w6"].text.lstrip("+\N{MINUS SIGN}") in page.summary.others[0].mathml[0][-1]


def test_names_in_sentences_are_those_of_the_diagram() -> None:
    data = {"layers": [2, 2, 2, 1], "activations": ["sigmoid"] * 3}
    spec = spec_from_data({**data, "samples": [{"inputs": [0.1, 0.2], "targets": [1]}]})
    lab = command("pre_activation:1")(Lab.fresh(spec))
    page = lab_page(lab, ViewOptions())
    drawn = {node.name.text: node for node in page.diagram.nodes}
    assert "h1,1" in drawn
    assert "h1,1" in sentence(lab, ViewOptions())
    assert page.summary is not None
    assert "h1,1" in page.summary.first.title
    assert "h1,1" in drawn["h1,1"].label
    assert "h1_1" not in sentence(lab, ViewOptions()) + page.summary.first.title
    for name, text in (("size_cm", "size_cm"), ("w5", "w5"), ("x", "x")):
        assert written(name) == text


def test_the_error_of_a_phase_has_the_headlines_digits() -> None:
    lab = command("error")(Lab.fresh(SPEC))
    loss = lab_page(lab, ViewOptions()).loss
    assert loss is not None
    assert f"The error is {loss.text}, " in sentence(lab, ViewOptions())
