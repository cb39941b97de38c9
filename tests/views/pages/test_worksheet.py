"""The worksheet: what is asked is given nowhere before the answers, and the answers are right."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.errors import Diverged
from app.explain.notation import NOTATIONS
from app.explain.quantities import find
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data
from app.views.pages.worksheet import KINDS, MOST_QUESTIONS, Worksheet, worksheet_of
from tests.strategies import QUICK, specs

EXAMPLE = EXAMPLES["mazur-2-2-2"]
NET = NOTATIONS["net"]


def mazur(*asked: str, digits: int = 6) -> Worksheet:
    return worksheet_of(Lab.fresh(EXAMPLE.spec, EXAMPLE.slug), asked, NET, digits)


def shown(sheet: Worksheet) -> dict[str, bool]:
    """Which kinds of numbers the picture gives."""
    picture = sheet.diagram
    units = [node for node in picture.nodes if node.kind != "input"]
    return {
        "activations": any(node.act or node.pre for node in units),
        "error": any(target.error or target.share for target in picture.targets),
        "deltas": any(node.delta for node in units),
        "gradients": any(edge.parameter.gradient for edge in picture.edges),
        "new": any(edge.parameter.new for edge in picture.edges),
    }


@pytest.mark.parametrize(
    ("asked", "given_kinds"),
    [
        (tuple(KINDS), set()),
        (("activations",), set()),
        (("deltas",), {"activations", "error"}),
        (("error", "gradients"), {"activations", "deltas"}),
        (("new",), {"activations", "error", "deltas", "gradients"}),
    ],
)
def test_the_picture_gives_what_comes_before_and_is_not_asked(
    asked: tuple[str, ...], given_kinds: set[str]
) -> None:
    sheet = mazur(*asked)
    assert {kind for kind, known in shown(sheet).items() if known} == given_kinds
    assert [part.kind for part in sheet.parts] == [kind for kind in KINDS if kind in asked]


def test_the_answers_are_the_exact_ones_in_the_digits_asked_for() -> None:
    sheet = mazur(*KINDS, digits=8)
    values = [q.value for part in sheet.parts for q in part.questions]
    assert [q.number for part in sheet.parts for q in part.questions] == list(range(1, 32))
    known = StepNumbers(EXAMPLE.spec, Lab.fresh(EXAMPLE.spec).shown)
    for key in ("net:h1", "out:o2", "share:o1", "loss", "delta:h2", "w7", "new:w1"):
        assert number(known.value(find(key, known.spec)), 8) in values, key
    assert "0.29837111" in values  # Mazur's E_total, 0.298371109


def test_biases_that_stay_are_not_asked_for() -> None:
    gradients = mazur("gradients").parts[0].questions
    assert len(gradients) == 8
    learning = Lab.fresh(spec_from_data({**SMALL, "bias_update": "per_neuron"}))
    assert len(worksheet_of(learning, ["gradients"], NET, 4).parts[0].questions) == 2 + 1


SMALL: dict[str, Any] = {
    "layers": [2, 1],
    "activations": ["sigmoid"],
    "samples": [{"inputs": [0.1, 0.2], "targets": [0.5]}, {"inputs": [-0.3, 1], "targets": [1]}],
    "batch": {"size": "full", "reduction": "mean"},
    "optimizer": {"name": "adam"},
}


def test_a_batch_and_a_memory_are_given() -> None:
    lab = Lab.fresh(spec_from_data(SMALL)).stepped(3)
    sheet = worksheet_of(lab, tuple(KINDS), NET, 4)
    assert sheet.batch == (("1", "0.1", "0.2", "0.5"), ("2", "−0.3", "1", "1"))
    assert sheet.step == 2
    assert sheet.slots == ("mean", "mean square")
    assert all(len(one.memory) == 2 for one in sheet.parameters)
    assert not worksheet_of(lab, ["deltas"], NET, 4).slots


STANDARDISED: dict[str, Any] = SMALL | {
    "samples": [
        {"inputs": [1.396471785183736, -0.5], "targets": [1]},
        {"inputs": [-0.7071067811865476, 1 / 3], "targets": [-1.2345678901]},
    ],
}


def test_inputs_and_targets_have_the_digits_asked_for() -> None:
    lab = Lab.fresh(spec_from_data(STANDARDISED))
    sheet = worksheet_of(lab, tuple(KINDS), NET, 4)
    assert [one.value for one in sheet.samples] == ["1.3965", "−0.5", "1"]
    assert sheet.batch == (("1", "1.3965", "−0.5", "1"), ("2", "−0.7071", "0.3333", "−1.2346"))
    assert sheet.rounded
    known = StepNumbers(lab.shown_spec, lab.shown)
    values = [q.value for part in sheet.parts for q in part.questions]
    assert number(known.value(find("net:o1", known.spec)), 4) in values, "from exact inputs"


def test_numbers_that_are_given_as_they_are_are_not_called_rounded() -> None:
    assert not mazur("activations").rounded
    exact = SMALL | {"weights": [[[0.5, -0.25]]], "biases": [[0.125]]}
    assert not worksheet_of(Lab.fresh(spec_from_data(exact)), ["deltas"], NET, 4).rounded


@pytest.mark.parametrize(
    ("inputs", "digits", "size"), [(2, 4, "table"), (7, 4, "table"), (7, 10, "small"),
                                   (16, 4, "list"), (12, 10, "list")],
)  # fmt: skip
def test_samples_take_the_form_that_fits_the_paper(inputs: int, digits: int, size: str) -> None:
    samples = [{"inputs": [-n / 3] * inputs, "targets": [n / 7]} for n in (1, 2)]
    spec = SMALL | {"layers": [inputs, 1], "samples": samples}
    sheet = worksheet_of(Lab.fresh(spec_from_data(spec)), ["deltas"], NET, digits)
    assert sheet.batch_size == size


def test_a_large_network_asks_for_some_and_says_how_many_it_leaves_out() -> None:
    spec = {"layers": [10, 10, 2], "activations": ["tanh", "tanh"],
            "samples": [{"inputs": [0.1] * 10, "targets": [0.5, 0.5]}]}  # fmt: skip
    sheet = worksheet_of(Lab.fresh(spec_from_data(spec)), ["gradients"], NET, 4)
    (part,) = sheet.parts
    assert (len(part.questions), part.left_out) == (MOST_QUESTIONS, 120 + 12 - MOST_QUESTIONS)


def test_a_step_that_is_not_finite_has_no_worksheet() -> None:
    spec = {"layers": [1, 1], "activations": ["identity"], "weights": [[[1.0]]],
            "optimizer": {"name": "rmsprop", "epsilon": 0.0},
            "samples": [{"inputs": [1.0], "targets": [1.0]}]}  # fmt: skip
    with pytest.raises(Diverged):
        worksheet_of(Lab.fresh(spec_from_data(spec)), ["new"], NET, 4)


@QUICK
@given(
    spec=specs(most_layers=4, most_units=3),
    asked=st.sets(st.sampled_from(sorted(KINDS)), min_size=1),
)
def test_every_network_has_a_worksheet(spec: Spec, asked: set[str]) -> None:
    lab = Lab.fresh(spec)
    try:
        sheet = worksheet_of(lab, sorted(asked), NET, 5)
    except Diverged:
        return
    for part in sheet.parts:
        for question in part.questions:
            assert question.value
            assert question.lines
            assert question.symbol
