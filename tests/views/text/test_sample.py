"""The sample in view: which one, what the step knows of it, and what pages say of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.backprop import ForwardPass, forward
from app.engine.network import Spec
from app.errors import InvalidInput
from app.explain.notation import NOTATIONS
from app.explain.quantities import Quantity, every, find
from app.lab import walking
from app.lab.edits import Edit
from app.lab.lab import Lab
from app.lab.phases import Progress
from app.lab.sample_in_view import sample_in_view
from app.lab.spec_json import spec_from_data
from app.lab.visibility import Visibility
from app.views.derivation.as_json import derivation_data
from app.views.derivation.panel import panel_of
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page
from app.views.text.sample import sample_view
from app.web.api.state import state
from tests.strategies import QUICK, specs

NET = NOTATIONS["net"]
OF_THE_SAMPLE = ("input", "target", "pre", "act", "error", "share")


def ten(size: Any = 4, reduction: str = "sum", **more: Any) -> Spec:
    """A 2-3-2 network with ten samples."""
    samples = [{"inputs": [n / 10, 1 - n / 7], "targets": [n % 2, n / 10]} for n in range(10)]
    return spec_from_data(
        {
            "layers": [2, 3, 2],
            "activations": ["tanh", "sigmoid"],
            "samples": samples,
            "batch": {"size": size, "reduction": reduction},
            **more,
        }
    )


def own_pass(lab: Lab, index: int) -> ForwardPass:
    """The forward pass of one sample with the parameters that the step in view begins with."""
    spec, one = lab.shown_spec, slice(index, index + 1)
    return forward(spec, lab.shown.before, spec.inputs[one], spec.targets[one])


def whole(lab: Lab) -> Progress:
    return Progress(lab.progress.phases, len(lab.progress.phases))


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_the_picture_and_the_tables_show_the_sample_that_was_chosen(steps: int) -> None:
    lab = Lab.fresh(ten())
    lab = (lab.stepped(steps) if steps else lab).forwarded() if steps != 1 else lab.stepped()
    batch = lab.shown_spec.batch_slice(lab.shown.step - 1)
    for number in range(1, 11):
        shown = lab_page(lab, ViewOptions(notation="net", sample=number))
        passed = own_pass(lab, number - 1)
        for node in shown.diagram.nodes:
            layer, unit = node.place.layer, node.place.unit
            assert node.act
            assert node.act.exact == pytest.approx(passed.activations[layer][0, unit], rel=1e-12)
            if layer:
                assert node.pre
                z = passed.pre_activations[layer - 1][0, unit]
                assert node.pre.exact == pytest.approx(z, rel=1e-12)
            inside = batch.start < number <= batch.stop
            if layer and lab.trace:
                deltas = lab.trace.gradients.deltas[layer - 1]
                if inside:
                    assert node.delta
                    assert node.delta.exact == deltas[number - 1 - batch.start, unit]
                else:
                    assert node.delta is None
        assert shown.loss
        assert shown.loss.exact == lab.shown.forward.loss, "of the batch, whichever sample is shown"
        assert shown.sample
        assert (shown.sample.number, shown.sample.total) == (number, 10)
        own = lab_page(lab, ViewOptions(notation="net"))
        assert [row.parameter for row in shown.parameters] == [r.parameter for r in own.parameters]


def test_without_a_choice_the_first_of_the_steps_batch_stands_in_the_picture() -> None:
    lab = Lab.fresh(ten())
    numbers = []
    for _ in range(4):
        lab = lab.stepped()
        numbers.append(sample_in_view(lab).index)
    assert numbers == [0, 4, 8, 0]


@QUICK
@given(specs(most_layers=4, most_units=3, most_samples=5), st.integers(0, 3), st.data())
def test_derivations_of_any_sample_agree_with_the_engine(
    spec: Spec, steps: int, data: st.DataObject
) -> None:
    lab = Lab.fresh(spec)
    for _ in range(steps):
        if lab.onward.forward.is_finite and lab.onward.after.is_finite():
            lab = lab.stepped()
    index = data.draw(st.integers(0, len(spec.inputs) - 1))
    seen, passed = sample_in_view(lab, index), own_pass(lab, index)
    for quantity in every(spec):
        panel, derivation = panel_of(Visibility(seen, whole(lab)), quantity, NET, 4)
        if seen.has_no(quantity):
            assert derivation.value is None
            assert not panel.value
            assert "has no δ" in panel.note
            continue
        expected = seen.numbers(quantity).value(quantity)
        if quantity.kind in OF_THE_SAMPLE:
            expected = own_value(quantity, passed)
        elif quantity.kind == "delta":
            deltas = lab.shown.gradients.deltas[quantity.layer - 1]
            expected = float(deltas[seen.row, quantity.unit])
        assert derivation.value == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def own_value(quantity: Quantity, passed: ForwardPass) -> float:
    """A number of a sample, straight from a forward pass of it alone."""
    layer, unit = quantity.layer, quantity.unit
    rows = {
        "input": passed.activations[0],
        "target": passed.targets,
        "pre": passed.pre_activations[layer - 1],
        "act": passed.activations[max(layer, 0)],
        "error": passed.activations[-1] - passed.targets,
        "share": passed.shares,
    }
    return float(rows[quantity.kind][0, unit])


def test_a_delta_of_a_sample_outside_the_batch_is_in_no_writing() -> None:
    lab = Lab.fresh(ten()).stepped()
    seen = sample_in_view(lab, 7)
    data = derivation_data(Visibility(seen, whole(lab)), find("delta:h1", lab.spec), NET, 8)
    assert data["sample"] == 7
    assert data["value"] is None
    assert data["note"] == "This step uses samples 1–4, so sample 8 has no δ."
    for row in lab.shown.gradients.deltas[0][:, 0].tolist():
        assert repr(row) not in repr(data)


@pytest.mark.parametrize(
    ("size", "reduction", "step", "number", "text", "epoch", "of_gradients", "of_error"),
    [
        (4, "sum", 1, 3, "in this step’s batch (1–4): error and gradients are sums",
         "epoch 1, batch 1 of 3",
         "gradients: sums over samples 1–4", "of samples 1–4"),
        (4, "mean", 5, 6, "in this step’s batch (5–8): error and gradients are means",
         "epoch 2, batch 2 of 3",
         "gradients: means over samples 5–8", "of samples 5–8"),
        (4, "sum", 3, 2, "not in this step’s batch (9–10), so it does not affect this update",
         "epoch 1, batch 3 of 3",
         "gradients: sums over samples 9–10", "of samples 9–10"),
        (1, "sum", 12, 2, "used alone in this step", "epoch 2",
         "gradients of sample 2", "of sample 2"),
        (1, "sum", 12, 3, "not used in this step, which uses sample 2",
         "epoch 2", "gradients of sample 2", "of sample 2"),
        ("full", "mean", 2, 9, "in this step’s batch (1–10): error and gradients are means", "",
         "gradients: means over samples 1–10", "of all 10 samples"),
    ],
)  # fmt: skip
def test_the_page_says_which_sample_and_which_batch(
    size: Any,
    reduction: str,
    step: int,
    number: int,
    text: str,
    epoch: str,
    of_gradients: str,
    of_error: str,
) -> None:
    lab = Lab.fresh(ten(size, reduction)).stepped(step)
    said = sample_view(sample_in_view(lab, number, 1))
    assert said
    assert (said.text, said.epoch, said.of_error) == (text, epoch, of_error)
    assert said.sentence == f"Showing sample {number} of 10: {text}."
    apart = ", not in this step" if text.startswith("not") else ""
    assert (said.of_units, said.of_gradients) == (f"sample {number}{apart}", of_gradients)


def test_neighbours_go_round() -> None:
    lab = Lab.fresh(ten())
    ends = [sample_view(sample_in_view(lab, index)) for index in (0, 9)]
    assert [(one.before, one.after) for one in ends if one] == [(10, 2), (9, 1)]
    assert sample_view(sample_in_view(Lab.fresh(replace_samples(ten(1), 1)))) is None


def replace_samples(spec: Spec, count: int) -> Spec:
    return replace(spec, inputs=spec.inputs[:count], targets=spec.targets[:count])


@pytest.mark.parametrize(("sample", "first"), [(10, 0), (-1, 0), (0, 1), (11, 1)])
def test_there_is_no_other_sample(sample: int, first: int) -> None:
    with pytest.raises(InvalidInput, match="no_such_sample") as refused:
        sample_in_view(Lab.fresh(ten()), sample, first)
    assert refused.value.values == {"minimum": first, "maximum": 9 + first}


def test_an_edit_changes_the_sample_that_it_names() -> None:
    lab = Lab.fresh(ten()).stepped().edited(Edit(inputs=(0.25, 0.5), targets=(1, 0), sample=7))
    assert lab.present.inputs[7].tolist() == [0.25, 0.5]
    assert lab.present.targets[7].tolist() == [1, 0]
    unchanged = [index for index in range(10) if index != 7]
    assert (lab.present.inputs[unchanged] == ten().inputs[unchanged]).all()
    with pytest.raises(InvalidInput, match="no_such_sample"):
        lab.edited(Edit(inputs=(0.25, 0.5), sample=10))


def test_a_walk_with_another_sample_shows_no_number_before_its_phase() -> None:
    lab = Lab.fresh(ten())
    for number in (2, 7):
        walked = lab
        for _ in range(4):
            shown = lab_page(walked, ViewOptions(notation="net", sample=number))
            progress = walked.progress
            for node in shown.diagram.nodes:
                layer = node.place.layer
                if layer:
                    assert (node.pre is None) == (f"pre_activation:{layer}" not in done(progress))
                    assert (node.act is None) == (f"activation:{layer}" not in done(progress))
            walked = walking.next_phase(walked)


def done(progress: Progress) -> set[str]:
    return {phase.key for phase in progress.phases[: progress.done]}


def test_a_state_tells_the_sample_that_is_asked_for() -> None:
    lab = Lab.fresh(ten()).stepped()
    assert lab.trace
    data = state("n", 1, lab, 2)
    assert (data["sample"], data["trace"]["sample"]) == (2, 2)
    assert [d.tolist() for d in data["trace"]["deltas"]] == [
        delta[2].tolist() for delta in lab.trace.gradients.deltas
    ]
    assert data["forward"]["activations"][0].tolist() == lab.spec.inputs[2].tolist()
    assert data["forward"]["loss"] == lab.forward_pass.loss
    apart = state("n", 1, lab, 9)["trace"]
    assert apart["deltas"] is None
    assert apart["activations"][0].tolist() == lab.spec.inputs[9].tolist()
    assert apart["weight_gradients"] == data["trace"]["weight_gradients"]
    plain = state("n", 1, lab)
    assert (plain["sample"], plain["trace"]["sample"]) == (4, 0)


def test_the_panel_of_a_phase_never_mixes_two_samples() -> None:
    """With a batch of one and another sample in view it has that sample's parts, and says so."""
    lab = Lab.fresh(ten(size=1))
    while not lab.progress.error:
        lab = walking.next_phase(lab)
    own = lab_page(lab, ViewOptions()).summary
    other = lab_page(lab, ViewOptions(sample=2)).summary
    assert own is not None
    assert other is not None
    assert (own.note, own.first.title) == ("For sample 1 of 10.", "Error")
    assert other.note == "For sample 2 of 10, which this step does not use."
    passed = forward(lab.spec, lab.parameters, lab.spec.inputs[1:2], lab.spec.targets[1:2])
    assert (float(other.first.exact), len(other.others)) == (passed.shares[0, 0], 1)
