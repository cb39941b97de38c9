"""What may be shown of a step: what its phases have computed, for the sample in view."""

import pytest

from app.explain.quantities import Quantity, every, find
from app.explain.step_numbers import StepNumbers
from app.lab import walking
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import Kind, Progress, phases_for
from app.lab.sample_in_view import sample_in_view
from app.lab.spec_json import spec_from_data
from app.lab.step_values import step_values_of
from app.lab.visibility import Visibility

BATCHES = spec_from_data(
    {
        "layers": [2, 2, 1],
        "activations": ["tanh", "sigmoid"],
        "samples": [{"inputs": [n / 5, 1 - n / 5], "targets": [n % 2]} for n in range(4)],
        "batch": {"size": 2, "reduction": "mean"},
        "optimizer": {"name": "adam", "learning_rate": 0.1},
        "hidden_deltas": "updated",
    }
)


@pytest.mark.parametrize("spec", [BATCHES, *(example.spec for example in EXAMPLES.values())])
def test_each_number_appears_with_its_phase_and_stays(spec) -> None:
    lab = Lab.fresh(spec)
    seen: set[Quantity] = set()
    given = {q for q in every(spec) if q.kind in ("input", "target", "value")}
    for done in range(len(phases_for(spec)) + 1):
        visible = Visibility(sample_in_view(lab), Progress(phases_for(spec), done))
        shown = {q for q in every(spec) if visible.shows(q)}
        assert seen <= shown
        for quantity in shown - seen - given:
            phase = visible.phase_of(quantity)
            assert phase == visible.progress.now, quantity
        assert all((visible.value(q) is not None) == (q in shown) for q in every(spec))
        seen = shown
    assert seen == set(every(spec))


def test_a_sample_outside_the_batch_has_numbers_of_its_own_but_no_delta() -> None:
    lab = Lab.fresh(BATCHES).stepped()
    outside = Visibility(sample_in_view(lab, 3), lab.progress)
    delta, act = find("delta:h1", BATCHES), find("out:h1", BATCHES)
    assert not outside.shows(delta)
    assert outside.value(delta) is None
    assert outside.derivation(delta).value is None
    assert outside.value(act) != Visibility.of(lab).value(act)
    assert outside.value(find("loss", BATCHES)) == lab.shown.forward.loss
    assert outside.derivation(act).value == outside.value(act)


def test_a_gradient_is_shown_before_what_is_made_of_it() -> None:
    lab, weight = Lab.fresh(BATCHES), find("w5", BATCHES)
    lines: dict[str, list[bool]] = {}
    for kind in (Kind.GRADIENT, Kind.MOMENTS, Kind.UPDATE):
        lab = walking.to_phase(lab, f"{kind.value}:2")
        derivation = Visibility.of(lab).derivation(weight)
        assert derivation.value is not None
        lines[kind] = [
            line.value is not None for line in derivation.lines if line.kind in ("moment", "update")
        ]
    assert not any(lines[Kind.GRADIENT])
    *moments, update = lines[Kind.MOMENTS]
    assert all(moments)
    assert not update
    assert all(lines[Kind.UPDATE])


def test_what_a_worksheet_leaves_blank_is_not_computed() -> None:
    lab = Lab.fresh(BATCHES)
    progress = Progress.whole(phases_for(BATCHES), frozenset((Kind.DELTA, Kind.UPDATE)))
    values = step_values_of(StepNumbers(BATCHES, lab.shown), progress)
    assert values.deltas == [None, None]
    assert values.new_weights == [None, None]
    assert None not in (*values.act, *values.weight_gradients, values.loss)
    assert values.loss_after is None
    assert not progress.complete
