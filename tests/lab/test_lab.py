"""What each command of a Lab means, one at a time."""

import numpy as np
import pytest

from app.engine.network import Spec
from app.engine.training import forward_at, trace_step
from app.errors import Diverged, InvalidInput
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_STEPS
from app.lab.spec_json import spec_from_data
from app.lab.walking import next_phase, previous_phase
from app.store.codec import decode, encode

MAZUR = EXAMPLES["mazur-2-2-2"].spec
BOOK = EXAMPLES["han-kamber-3-2-1"].spec


def path(lab: Lab, *steps: int) -> list[bytes]:
    """The parameters at each of ``steps``, as a visit finds them."""
    return [lab.rewound(step).parameters.data for step in steps]


def weight(lab: Lab, name: str) -> float:
    """A weight by its name."""
    for rows, array in zip(lab.spec.names.weights, lab.parameters.weights, strict=True):
        for j, row in enumerate(rows):
            if name in row:
                return float(array[j, row.index(name)])
    raise AssertionError(name)


def line(rate: float, *samples: tuple[float, float], weight: float = 1.0) -> Spec:
    """One identity unit on one input, which a high learning rate blows up."""
    return spec_from_data(
        {
            "layers": [1, 1],
            "activations": ["identity"],
            "optimizer": {"name": "sgd", "learning_rate": rate},
            "bias_update": "none",
            "samples": [{"inputs": [x], "targets": [y]} for x, y in samples],
            "weights": [[[weight]]],
        }
    )


# --- start, forward, step -------------------------------------------------------------------


def test_a_fresh_lab_has_computed_nothing() -> None:
    lab = Lab.fresh(MAZUR, "mazur-2-2-2")
    assert (lab.step, lab.last_step, lab.phase, lab.trace) == (0, 0, "start", None)
    assert lab.parameters is MAZUR.initial
    assert lab.origin == "mazur-2-2-2"
    assert lab.loss_history.tolist() == [forward_at(MAZUR, MAZUR.initial, 0).loss]


def test_forward_shows_the_pass_and_changes_no_number() -> None:
    lab = Lab.fresh(MAZUR).forwarded()
    assert (lab.step, lab.last_step, lab.phase, lab.trace) == (0, 0, "forward", None)
    assert lab.parameters.data == MAZUR.initial.data
    assert lab.forward_pass.loss == forward_at(MAZUR, MAZUR.initial, 0).loss


def test_forward_after_a_step_shows_the_present_pass_in_place_of_the_step() -> None:
    lab = Lab.fresh(MAZUR).stepped(3)
    shown = lab.forwarded()
    assert (shown.step, shown.phase, shown.trace) == (3, "forward", None)
    assert shown.parameters.data == lab.parameters.data


def test_forward_with_new_inputs_sets_them() -> None:
    lab = Lab.fresh(MAZUR).stepped(2).forwarded([0.5, -0.5])
    assert lab.present.inputs.tolist() == [[0.5, -0.5]]
    assert (lab.step, lab.last_step, lab.phase) == (2, 2, "forward")
    assert lab.forward_pass.activations[0].tolist() == [[0.5, -0.5]]


def test_a_step_shows_all_that_led_to_it() -> None:
    lab = Lab.fresh(MAZUR).stepped()
    expected = trace_step(MAZUR, MAZUR.initial, 0)
    assert lab.trace is not None
    assert (lab.step, lab.phase, lab.trace.step) == (1, "updated", 1)
    assert lab.trace.before.data == MAZUR.initial.data
    assert lab.parameters.data == lab.trace.after.data == expected.after.data
    assert lab.trace.loss_after == expected.loss_after == lab.forward_pass.loss


def test_many_steps_at_once_are_single_steps() -> None:
    one = Lab.fresh(BOOK)
    for _ in range(7):
        one = one.stepped()
    many = Lab.fresh(BOOK).stepped(7)
    assert many.parameters.data == one.parameters.data
    assert many.loss_history.tolist() == one.loss_history.tolist()
    assert encode(many) == encode(one)


def test_the_loss_history_ends_with_the_present_loss() -> None:
    for count in (1, 2, 255, 256, 257, 600):
        lab = Lab.fresh(BOOK).stepped(count)
        assert len(lab.loss_history) == count + 1
        assert lab.loss_history[-1] == lab.forward_pass.loss
        assert lab.trace is not None
        assert lab.loss_history[-2] == lab.trace.forward.loss


def test_the_sample_in_view_is_the_next_steps_first() -> None:
    spec = spec_from_data(
        {
            "layers": [1, 1],
            "activations": ["tanh"],
            "samples": [{"inputs": [x], "targets": [0.5]} for x in (0.1, 0.2, 0.3)],
            "batch": {"size": 2},
        }
    )
    lab = Lab.fresh(spec)
    seen = []
    for _ in range(4):
        seen.append(lab.sample)
        lab = lab.stepped()
    assert seen == [0, 2, 0, 2]
    edited = Lab.fresh(spec).stepped().edited(Edit(inputs=[0.9], targets=[0.8]))
    assert edited.present.inputs.tolist() == [[0.1], [0.2], [0.9]]
    assert edited.present.targets.tolist() == [[0.5], [0.5], [0.8]]


# --- taking back ----------------------------------------------------------------------------


def test_taking_back_and_stepping_goes_along_the_same_values() -> None:
    lab = Lab.fresh(BOOK).stepped(20)
    back = lab.taken_back(15)
    assert (back.step, back.last_step) == (5, 20)
    for count in (1, 4, 15):
        again = back.stepped(count)
        assert again.parameters.data == path(lab, 5 + count)[0]
        assert again.segments == lab.segments
    further = back.stepped(30)
    assert (further.step, further.last_step) == (35, 35)
    assert further.parameters.data == Lab.fresh(BOOK).stepped(35).parameters.data


def test_taking_back_shows_the_step_that_led_there() -> None:
    lab = Lab.fresh(BOOK).stepped(5)
    back = lab.taken_back(2)
    assert (back.step, back.phase) == (3, "updated")
    assert back.trace is not None
    assert back.trace.step == 3
    assert back.trace.before.data == path(lab, 2)[0]
    assert back.trace.after.data == back.parameters.data


def test_taking_back_to_an_edit_shows_the_edit_and_no_step() -> None:
    lab = Lab.fresh(BOOK).stepped(3).edited(Edit(weights={"w46": 1.5})).stepped(2)
    back = lab.taken_back(2)
    assert (back.step, back.phase, back.trace) == (3, "forward", None)
    assert weight(back, "w46") == 1.5


def test_taking_back_to_a_change_of_the_learning_rate_shows_the_step() -> None:
    lab = Lab.fresh(BOOK).stepped(3).edited(Edit(learning_rate=0.1)).stepped(2)
    back = lab.taken_back(2)
    assert (back.step, back.phase) == (3, "updated")
    assert back.trace is not None
    assert back.trace.learning_rate == 0.9
    assert back.present.optimizer.learning_rate == 0.1
    assert back.taken_back(1).present.optimizer.learning_rate == 0.9


def test_taking_back_to_the_start() -> None:
    back = Lab.fresh(BOOK).stepped(3).taken_back(3)
    assert (back.step, back.last_step, back.trace) == (0, 3, None)
    assert back.parameters.data == BOOK.initial.data


def test_rewinding_goes_to_any_step_that_was_taken() -> None:
    lab = Lab.fresh(BOOK).stepped(10)
    there = lab.rewound(4)
    assert (there.step, there.last_step) == (4, 10)
    assert there.rewound(10).parameters.data == lab.parameters.data
    assert there.rewound(10).trace is not None


def test_a_reset_keeps_every_step_reachable() -> None:
    lab = Lab.fresh(BOOK, "han-kamber-3-2-1").edited(Edit(learning_rate=0.1)).stepped(4)
    back = lab.reset()
    assert (back.step, back.last_step, back.phase) == (0, 0, "start")
    assert back.present.optimizer.learning_rate == 0.9
    assert path(back.switched(0, 4), 0, 4) == path(lab, 0, 4)
    assert encode(back.reset()) == encode(back)


def test_starting_afresh_drops_everything() -> None:
    lab = Lab.fresh(BOOK, "han-kamber-3-2-1").edited(Edit(learning_rate=0.1)).stepped(4)
    assert encode(lab.reset(forget=True)) == encode(Lab.fresh(BOOK, "han-kamber-3-2-1"))


# --- edits ----------------------------------------------------------------------------------


def test_an_edit_at_an_earlier_step_leaves_the_later_ones_on_their_branch() -> None:
    lab = Lab.fresh(BOOK).stepped(10).taken_back(6)
    edited = lab.edited(Edit(weights={"w14": 0.7}))
    assert (edited.step, edited.last_step, edited.branch) == (4, 4, 1)
    assert weight(edited, "w14") == 0.7
    assert path(edited, 0, 3) == path(lab, 0, 3)
    assert path(edited.switched(0), *range(11)) == path(lab, *range(11))


def test_an_edit_where_an_update_stands_keeps_the_update() -> None:
    lab = Lab.fresh(BOOK).stepped(2)
    edited = lab.edited(Edit(weights={"w14": 0.9}))
    assert (edited.step, edited.branch, len(edited.branches)) == (2, 1, 2)
    assert edited.taken_back().redone().parameters.data == edited.parameters.data
    assert edited.taken_back().stepped().trace is not None
    before = edited.switched(0)
    assert before.parameters.data == lab.parameters.data
    assert before.phase == "updated"
    again = edited.edited(Edit(weights={"w14": 0.8}))
    assert (again.branch, len(again.branches)) == (1, 2), "what was edited gives way"


def test_the_same_edit_twice_is_one_branch() -> None:
    lab = Lab.fresh(BOOK).stepped(10)
    first = lab.rewound(4).edited(Edit(learning_rate=0.1)).stepped(3)
    again = first.switched(0, 4).edited(Edit(learning_rate=0.1))
    assert (again.branch, again.last_step, len(again.branches)) == (1, 7, 2)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("edit", [Edit(weights={"w14": 0.7}), Edit(inputs=[0, 1, 1])])
def test_a_step_over_a_later_edit_leaves_it_on_its_branch(edit: Edit, count: int) -> None:
    """The edit stands at step 5; steps from 4 go where they went before it, then on."""
    lab = Lab.fresh(BOOK).stepped(5).edited(edit).stepped(5)
    over = lab.rewound(4).stepped(count)
    plain = Lab.fresh(BOOK).stepped(4 + count)
    assert (over.step, over.last_step, over.phase) == (4 + count, 4 + count, "updated")
    assert over.parameters.data == plain.parameters.data
    assert over.loss_history.tolist() == plain.loss_history.tolist()
    assert path(over.switched(1), *range(11)) == path(lab, *range(11))
    assert (len(over.branches), over.branch) == (2, 0), "the steps before the edit have a branch"


def test_a_step_over_a_later_learning_rate_goes_along() -> None:
    lab = Lab.fresh(BOOK).stepped(5).edited(Edit(learning_rate=0.1)).stepped(5)
    for count in (1, 2, 6):
        over = lab.rewound(4).stepped(count)
        assert (over.step, over.last_step, len(over.branches)) == (4 + count, 10, 1)
        assert over.parameters.data == lab.rewound(4 + count).parameters.data


def test_steps_short_of_a_later_edit_keep_it() -> None:
    lab = Lab.fresh(BOOK).stepped(5).edited(Edit(weights={"w14": 0.7})).stepped(5)
    near = lab.rewound(1).stepped(3)
    assert (near.step, near.last_step) == (4, 10)
    assert near.segments == lab.segments


@pytest.mark.parametrize(
    "edit",
    [
        Edit(),
        Edit(weights={"w5": 0.4}),
        Edit(biases={"b1": 0.35}),
        Edit(inputs=[0.05, 0.1], targets=[0.01, 0.99]),
        Edit(learning_rate=0.5),
    ],
)
def test_an_edit_that_changes_nothing_changes_nothing(edit: Edit) -> None:
    lab = Lab.fresh(MAZUR)
    assert lab.edited(edit) is lab
    later = lab.stepped(4).taken_back(2)
    unchanged = Edit(learning_rate=0.5, inputs=[0.05, 0.1])
    assert later.edited(unchanged) is later
    assert later.last_step == 4


@pytest.mark.parametrize(
    "edit",
    [
        Edit(weights={"w5": 0.1}),
        Edit(biases={"b2": 0.1}),
        Edit(inputs=[0.3, 0.3]),
        Edit(targets=[0.3, 0.3]),
        Edit(weights={"w5": 0.1}, learning_rate=0.1),
    ],
)
def test_an_edit_of_values_takes_the_step_from_view(edit: Edit) -> None:
    lab = Lab.fresh(MAZUR).stepped(2).edited(edit)
    assert (lab.step, lab.phase, lab.trace) == (2, "forward", None)


def test_an_edit_of_the_learning_rate_keeps_the_step_in_view() -> None:
    lab = Lab.fresh(MAZUR).stepped(2)
    slower = lab.edited(Edit(learning_rate=0.1))
    assert slower.phase == "updated"
    assert slower.trace is not None
    assert slower.trace.learning_rate == 0.5
    assert slower.forward_pass.loss == lab.forward_pass.loss
    assert slower.stepped().trace is not None
    next_trace = slower.stepped().trace
    assert next_trace is not None
    assert next_trace.learning_rate == 0.1
    assert Lab.fresh(MAZUR).edited(Edit(learning_rate=0.1)).phase == "start"


def test_edits_at_one_step_replace_each_other() -> None:
    lab = Lab.fresh(MAZUR).stepped(2)
    once = lab.edited(Edit(learning_rate=0.3))
    often = lab
    for rate in (0.1, 0.2, 0.3):
        often = often.edited(Edit(learning_rate=rate))
    assert encode(often) == encode(once)


def test_a_bias_nodes_name_sets_its_whole_layer() -> None:
    lab = Lab.fresh(MAZUR).edited(Edit(biases={"b1": -1.0}))
    assert [bias.tolist() for bias in lab.parameters.biases] == [[-1.0, -1.0], [0.6, 0.6]]
    one = Lab.fresh(BOOK).edited(Edit(biases={"theta5": -1.0}))
    assert [bias.tolist() for bias in one.parameters.biases] == [[-0.4, -1.0], [0.1]]


def test_edited_parameters_refuse_writes_and_leave_the_old_ones_alone() -> None:
    lab = Lab.fresh(MAZUR)
    edited = lab.edited(Edit(weights={"w1": 5.0}, inputs=[1.0, 1.0]))
    assert weight(lab, "w1") == 0.15
    assert lab.present.inputs.tolist() == [[0.05, 0.1]]
    for array in (*edited.parameters.arrays(), edited.present.inputs, edited.present.targets):
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1.0


# --- refusals -------------------------------------------------------------------------------


def refusal(lab: Lab, action: str, *arguments: object) -> tuple[str, str | None, dict[str, object]]:
    """The code, pointer and values with which ``lab`` refuses; it is left as it was."""
    before = encode(lab)
    with pytest.raises(InvalidInput) as caught:
        getattr(lab, action)(*arguments)
    assert encode(lab) == before
    return caught.value.code, caught.value.pointer, caught.value.values


def test_there_is_nothing_to_take_back_at_the_start() -> None:
    lab = Lab.fresh(MAZUR).stepped(2).rewound(0)
    assert refusal(lab, "taken_back", 1) == ("nothing_to_take_back", "/count", {"step": 0})


def test_no_more_can_be_taken_back_than_was_done() -> None:
    lab = Lab.fresh(MAZUR).stepped(4).taken_back(1)
    assert refusal(lab, "taken_back", 4) == ("maximum", "/count", {"maximum": 3})
    assert refusal(next_phase(lab), "taken_back", 5) == ("maximum", "/count", {"maximum": 4})


@pytest.mark.parametrize("taken", [0, 3])
def test_of_a_begun_step_its_phases_are_taken_back_first(taken: int) -> None:
    fresh = Lab.fresh(MAZUR)
    before = fresh.stepped(taken) if taken else fresh
    begun = next_phase(next_phase(before))
    back = begun.taken_back()
    assert (back.step, back.position, back.phase) == (taken, 0, before.phase)
    assert encode(back) == encode(previous_phase(previous_phase(begun)))
    if taken:
        for earlier in (back.taken_back(), begun.taken_back(2)):
            assert encode(earlier) == encode(before.taken_back())
        assert before.forwarded().taken_back().phase == "updated"
    else:
        assert refusal(back, "taken_back", 1)[0] == "nothing_to_take_back"


@pytest.mark.parametrize(
    ("step", "bound", "limit"), [(-1, "minimum", 0), (4, "maximum", 3), (100, "maximum", 3)]
)
def test_only_steps_that_were_taken_can_be_rewound_to(step: int, bound: str, limit: int) -> None:
    lab = Lab.fresh(MAZUR).stepped(3).taken_back(1)
    assert refusal(lab, "rewound", step) == (bound, "/step", {bound: limit})


def test_a_timeline_has_a_last_step() -> None:
    expected = ("too_many_steps", "/count", {"limit": MAX_STEPS})
    assert refusal(Lab.fresh(MAZUR), "stepped", MAX_STEPS + 1) == expected
    assert refusal(Lab.fresh(MAZUR).stepped(3), "stepped", MAX_STEPS - 2) == expected


def test_a_timeline_has_so_many_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.lab.limits.MAX_SEGMENTS", 3)
    lab = Lab.fresh(MAZUR)
    for rate in (0.1, 0.2, 0.3):
        lab = lab.stepped().edited(Edit(learning_rate=rate))
    edit = Edit(learning_rate=0.4)
    assert refusal(lab.stepped(), "edited", edit) == ("too_many_edits", None, {"limit": 3})
    # One in place of another is none too many.
    assert lab.edited(edit).present.optimizer.learning_rate == 0.4


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    lab = Lab.fresh(MAZUR)
    code, pointer, values = refusal(lab, "edited", Edit(weights={"w9": 1.0}))
    assert (code, pointer) == ("unknown_name", "/weights/w9")
    assert values == {"allowed": "w1, w2, w3, w4, w5, w6, w7, w8"}
    code, pointer, values = refusal(lab, "edited", Edit(biases={"a/b~c": 1.0}))
    assert (code, pointer) == ("unknown_name", "/biases/a~1b~0c")
    assert values == {"allowed": "b1, b2"}


@pytest.mark.parametrize("key", ["inputs", "targets"])
@pytest.mark.parametrize("row", [[], [1.0], [1.0, 2.0, 3.0]])
def test_rows_of_another_length_are_refused(key: str, row: list[float]) -> None:
    edit = Edit(inputs=row) if key == "inputs" else Edit(targets=row)
    expected = ("length", f"/{key}", {"expected": 2})
    assert refusal(Lab.fresh(MAZUR).stepped(), "edited", edit) == expected


def test_an_edit_whose_loss_is_not_finite_is_refused() -> None:
    lab = Lab.fresh(line(0.5, (1.0, 0.0))).stepped(2)
    assert refusal(lab, "edited", Edit(weights={"w1": 1e200}))[0] == "loss_not_finite"


@pytest.mark.parametrize("count", [26, 27, 28, 200, 600])
def test_a_step_that_diverges_is_named_and_changes_nothing(count: int) -> None:
    # The weight grows a millionfold a step; its square is beyond float64 at step 26.
    lab = Lab.fresh(line(1e6, (1.0, 0.0)))
    before = encode(lab)
    with pytest.raises(Diverged) as caught:
        lab.stepped(count)
    assert (caught.value.pointer, caught.value.values) == ("/count", {"step": 26})
    assert encode(lab) == before
    assert lab.stepped(25).is_finite


def test_every_step_that_was_reached_can_be_gone_back_to() -> None:
    """Ten samples blow the weight up to 1e154, and the last one makes it small just in time.

    The loss that step 10 leaves behind on its own sample is beyond float64; no other is.
    """
    lab = Lab.fresh(line(1000.0, *[(1e6, 0.0)] * 10, (1000.0**-0.5, 0.0), weight=1e4))
    try:
        lab = lab.stepped(11)
    except Diverged as error:
        assert error.values == {"step": 10}  # noqa: PT017 - to refuse it is as good
        return
    assert [lab.rewound(step).step for step in range(11)] == list(range(11))


# --- as bytes -------------------------------------------------------------------------------


def test_a_lab_comes_back_from_bytes_with_its_edits() -> None:
    lab = Lab.fresh(BOOK, "han-kamber-3-2-1").stepped(300)
    for rate in (0.1, 0.2, 0.9):
        lab = lab.edited(Edit(learning_rate=rate, inputs=[rate, 0.0, -0.0])).stepped(3)
    again = decode(encode(lab))
    assert encode(again) == encode(lab)
    assert again.segments[0].spec is again.spec
    assert np.signbit(again.present.inputs[0, 2])
    assert path(again, *range(0, 310, 10)) == path(lab, *range(0, 310, 10))


@pytest.mark.parametrize("broken", [b"XB", b"TB\x01\x00"])
def test_bytes_of_another_format_are_refused(broken: bytes) -> None:
    data = encode(Lab.fresh(MAZUR))
    with pytest.raises(ValueError, match="not a network of format 2"):
        decode(data._replace(data=broken + data.data[len(broken) :]))
