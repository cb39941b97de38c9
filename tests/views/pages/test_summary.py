"""What the panel says of a phase while nothing is pinned, and what its phase is about."""

import re

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


def test_a_long_sum_is_abridged_where_it_is_read_from_far_away() -> None:
    """Of 16 terms and the bias; each row of the panel keeps all of them."""
    data = {"layers": [2, 16, 1], "activations": ["tanh", "sigmoid"],
            "samples": [{"inputs": [0.5, 1], "targets": [1]}]}  # fmt: skip
    lab = Lab.fresh(spec_from_data(data))
    for phase, count in (("pre_activation:1", 2), ("pre_activation:2", 16)):
        summary = lab_page(command(phase)(lab), ViewOptions()).summary
        assert summary
        text = re.sub("<[^>]*>", "", "".join(summary.formula[0]))
        rows = [row for step in summary.first.steps for row in step.mathml]
        assert max(map(len, rows)) == 1 + count + 1
        assert text.count("…") == (2 if count > 5 else 0)
        assert text.count("·") == 4, "two terms, as names and as numbers"
        assert re.search(r"\+b\d+=", text), "its last term is there"


def test_rows_show_the_weights_that_take_deltas_back() -> None:
    for phase, carries in (("gradient:2", False), ("delta:1", True), ("gradient:1", False)):
        edges = at(phase).diagram.edges
        into_outputs = [one.parameter for one in edges if one.place.layer == 1]
        assert all((one.latest_gradient is None) == carries for one in into_outputs), phase
        assert all(one.gradient for one in into_outputs)
    assert all(one.parameter.latest_gradient is None for one in at("update").diagram.edges)


def test_the_update_in_large_type_says_what_it_moved() -> None:
    large = ViewOptions(view="present")
    update = at("update", large).update
    assert update
    assert update.title == "These weights moved most"
    text = re.sub("<[^>]*>", "", "".join(update.formula[0]))
    assert "η" in text
    assert text.endswith("≈0.1569")
    assert at("update").update is None
    summary = at("error", large).summary
    assert summary
    assert (len(summary.presented), summary.not_presented) == (2, 0)


def test_what_moved_most_has_biases_and_nothing_that_stayed() -> None:
    data = {
        "layers": [2, 2, 1], "activations": ["tanh", "sigmoid"],
        "samples": [{"inputs": [0, 0], "targets": [1]}],
        "weights": [[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]],
    }  # fmt: skip
    page = lab_page(Lab.fresh(spec_from_data(data)).stepped(1), ViewOptions())
    assert page.follows_gradient
    moved = [one.name for one in page.moved]
    assert moved == ["b3", "b2", "b1"], "all inputs are 0, so no weight of layer 1 moves"
    assert all(one.by for one in page.moved)
    one = spec_from_data({**data, "layers": [2, 1], "activations": ["step"], "loss": "perceptron",
                          "weights": [[[0.1, 0.2]]], "biases": [[1.0]]})  # fmt: skip
    assert [one.by for one in lab_page(Lab.fresh(one).stepped(1), ViewOptions()).moved] == [""] * 3


def test_a_bias_of_a_layer_has_moved_once() -> None:
    data = {
        "layers": [1, 3, 1], "activations": ["sigmoid", "sigmoid"], "bias_update": "shared",
        "samples": [{"inputs": [1], "targets": [1]}],
    }  # fmt: skip
    page = lab_page(Lab.fresh(spec_from_data(data)).stepped(1), ViewOptions())
    assert len({one.name for one in page.moved}) == 3


@pytest.mark.parametrize("name", ["adam", "momentum"])
def test_an_optimizer_that_remembers_does_not_follow_the_gradient(name: str) -> None:
    data = {"layers": [1, 1], "activations": ["sigmoid"], "optimizer": {"name": name},
            "samples": [{"inputs": [1], "targets": [1]}]}  # fmt: skip
    assert not lab_page(Lab.fresh(spec_from_data(data)).stepped(1), ViewOptions()).follows_gradient


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_the_formula_of_a_phase_ends_in_its_number(phase: str) -> None:
    summary = at(phase).summary
    assert summary is not None
    ((*_, result),) = summary.formula
    assert summary.first.value.lstrip("+\N{MINUS SIGN}") in result


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


THREE = [{"inputs": [x, 1 - x], "targets": [x, 1]} for x in (0.1, 0.6, 0.9)]
DECAY = {"name": "sgd", "learning_rate": 0.5, "weight_decay": 0.1, "weight_decay_form": "loss"}


def of_three(**more: object) -> Lab:
    data = {"layers": [2, 2, 2], "activations": ["sigmoid"] * 2, "samples": THREE}
    return Lab.fresh(spec_from_data({**data, **more}))


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("size", [1, 2, "full"])
@pytest.mark.parametrize("more", [{}, {"optimizer": DECAY}], ids=["plain", "decay"])
@pytest.mark.parametrize("sample", [1, 2])
def test_the_parts_of_an_error_add_up_to_that_of_the_sample_that_is_named(
    reduction: str, size: object, more: dict[str, object], sample: int
) -> None:
    lab = command("error")(of_three(batch={"size": size, "reduction": reduction}, **more))
    options = ViewOptions(sample=sample)
    text, page = sentence(lab, options), lab_page(lab, options)
    own, *parts = [float(one) for one in re.findall(r"\d\.\d+", text)][-3:]
    assert sum(parts) == pytest.approx(own, abs=1.5e-6)
    used = sample if size != 1 else 1
    assert f"ample {used}" in text
    assert own == pytest.approx(float(lab.shown.forward.shares[used - 1].sum()), abs=1e-6)
    assert page.loss is not None
    assert f"is {page.loss.text}, " in text
    assert ("weight decay" in text) == bool(more)
    assert (f"the {reduction} over samples" in text) == (size != 1)


def test_an_only_output_is_no_sum_and_an_only_sample_is_not_counted() -> None:
    one = {"inputs": [0.1, 0.2], "targets": [1]}
    lab = Lab.fresh(spec_from_data({"layers": [2, 1], "activations": ["tanh"], "samples": [one]}))
    assert re.fullmatch(r"The error is \d\.\d{6}\.", sentence(command("error")(lab), ViewOptions()))


@pytest.mark.parametrize("phase", ["pre_activation:1", "activation:2", "delta:2"])
def test_a_phase_says_whose_numbers_it_tells(phase: str) -> None:
    lab = command(phase)(of_three(batch={"size": "full"}))
    options = ViewOptions(sample=2)
    page = lab_page(lab, options)
    assert "(sample 2). " in sentence(lab, options)
    assert page.summary is not None
    assert page.summary.note == "For sample 2 of 3."
    assert "ample" not in sentence(command(phase)(Lab.fresh(SPEC)), ViewOptions())


@pytest.mark.parametrize(("reduction", "said"), [("mean", "averaged"), ("sum", "summed")])
def test_the_gradients_of_a_batch_are_said_to_be_of_all_its_samples(
    reduction: str, said: str
) -> None:
    lab = command("gradient:2")(of_three(batch={"size": 2, "reduction": reduction}))
    assert sentence(lab, ViewOptions()).endswith(f"{said} over samples 1\N{EN DASH}2.")


@pytest.mark.parametrize("key", ["delta:h1", "share:o1", "gradient:x1"])
def test_what_one_sample_has_is_asked_of_its_own_error(key: str) -> None:
    options = ViewOptions(open=key, sample=2)
    panel = lab_page(command("finish")(of_three(batch={"size": "full"})), options).panel
    assert panel is not None
    assert "the error of sample 2" in panel.question
    assert "ample 2" in panel.note
    alone = lab_page(command("finish")(of_three(batch={"size": 1})), ViewOptions(open=key)).panel
    assert alone is not None
    assert "sample" not in alone.question


def test_what_an_ellipsis_stands_for_is_told_with_its_number_and_in_present() -> None:
    data = {
        "layers": [2, 2, 1], "activations": ["tanh", "sigmoid"],
        "batch": {"size": 10}, "data": {"name": "circles", "size": 40},
    }  # fmt: skip
    lab = command("error")(Lab.fresh(spec_from_data(data)))
    summary = lab_page(lab, ViewOptions()).summary
    assert summary is not None
    assert summary.rest == "\N{HORIZONTAL ELLIPSIS} stands for 3 more samples."
    rest = lab.shown.forward.shares[7:10].sum()
    assert f"3 more samples, {rest:.4f} together." in summary.first.steps[-1].meaning
    few = lab_page(command("error")(of_three()), ViewOptions()).summary
    assert few is not None
    assert few.rest == ""


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ({"size": "full", "reduction": "mean"}, ", averaged over the samples of a step"),
        ({"size": 2, "reduction": "sum"}, ", summed over the samples of a step"),
        ({"size": 1}, ""),
    ],
)
def test_the_formula_of_the_error_says_what_a_batch_makes_of_it(
    batch: dict[str, object], said: str
) -> None:
    formula = "½ Σ (out − y)²"
    assert lab_page(of_three(batch=batch), ViewOptions()).loss_formula == formula + said
