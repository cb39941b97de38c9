"""An exported network opens again bit for bit; what was written by somebody else is checked."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine import numpy_backend
from app.engine.losses import LOSSES
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS
from app.engine.training import forward_at
from app.errors import InvalidInput, TakebackError
from app.lab import walking
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_REPLAY_STEPS
from app.lab.links.codec import decode as decode_link
from app.lab.links.codec import encode as encode_link
from app.lab.spec_json import spec_from_data, spec_to_data
from app.store.codec import encode
from app.store.document import document_of
from app.store.replay import check_replay
from app.web.builder.draft import draft_of
from app.web.networks.export_body import DocumentModel, lab_of
from app.web.networks.lookup import vet
from tests.strategies import QUICK, THOROUGH, specs

COMMANDS: dict[str, Callable[[Lab, int], Lab]] = {
    "step": lambda lab, n: lab.stepped(1 + n % 7),
    "far": lambda lab, n: lab.stepped(250 + n),
    "forward": lambda lab, _: lab.forwarded(),
    "back": lambda lab, n: lab.taken_back(1 + n % max(lab.step, 1)),
    "redo": lambda lab, _: lab.redone(),
    "walk": lambda lab, n: (
        walking.next_phase(walking.next_phase(lab)) if n % 2 else walking.next_phase(lab)
    ),
    "unwalk": lambda lab, _: walking.previous_phase(lab),
    "weight": lambda lab, n: lab.edited(Edit(weights={lab.spec.names.weights[0][0][0]: n / 8})),
    "inputs": lambda lab, n: lab.edited(Edit(inputs=[n / 8] * lab.spec.layers[0])),
    "rate": lambda lab, n: lab.edited(Edit(learning_rate=n / 100)),
    "biases": lambda lab, n: lab.edited(Edit(bias_update=["none", "per_neuron", "shared"][n % 3])),
    "loss": lambda lab, n: lab.edited(Edit(loss=sorted(LOSSES)[n % len(LOSSES)])),
    "other loss": lambda lab, n: lab.converted(Edit(loss=sorted(LOSSES)[n % len(LOSSES)])),
    "deltas": lambda lab, n: lab.converted(Edit(hidden_deltas=["exact", "updated"][n % 2])),
    "branch": lambda lab, n: lab.switched(n % len(lab.branches)),
    "reset": lambda lab, _: lab.reset(),
}
anything = st.lists(st.tuples(st.sampled_from(sorted(COMMANDS)), st.integers(0, 40)), max_size=12)


def reopened(saved: Lab, change: Callable[[Any], Any] | None = None) -> Lab:
    """The Lab that a document of ``saved`` holds, once ``change`` has been done to it."""
    document = json.loads(orjson.dumps(document_of(saved), option=orjson.OPT_SERIALIZE_NUMPY))
    if change:
        change(document)
    model = DocumentModel.model_validate_json(json.dumps(document))
    return lab_of(model)


@QUICK
@given(spec=specs(most_layers=4, most_units=3, most_samples=3), commands=anything)
def test_what_is_exported_opens_again_bit_for_bit(
    spec: Spec, commands: list[tuple[str, int]]
) -> None:
    lab = Lab.fresh(spec)
    for name, number in commands:
        try:
            lab = COMMANDS[name](lab, number)
        except TakebackError:
            continue
    if not lab.is_finite:
        return
    found = reopened(lab)
    assert encode(found) == encode(lab)
    assert found.phase == lab.phase
    assert [p.key for p in found.progress.phases] == [p.key for p in lab.progress.phases]


def linked(lab: Lab) -> Lab:
    """The Lab that the link to the moment in view holds."""
    return decode_link(encode_link(lab), vet)


def same_moment(lab: Lab, other: Lab) -> bool:
    """Whether two Labs stand at the same step, phase and numbers, bit for bit."""
    one, two = (
        (at.step, at.position, at.walking, at.parameters.data, at.before and at.before.data,
         at.forward_pass.loss, spec_to_data(replace(at.present, initial=at.parameters)))
        for at in (lab, other)
    )  # fmt: skip
    return one == two


travels = st.lists(
    st.tuples(st.sampled_from([*sorted(COMMANDS), "link", "link", "file"]), st.integers(0, 40)),
    max_size=12,
)


@st.composite
def own_tables(draw: st.DrawFn) -> Lab:
    """A network on a table of somebody's own, as the builder makes it of numbers and words."""
    number = st.integers(-999, 9999).map(lambda n: f"{n / 10:g}")
    cells = st.sampled_from([number, st.sampled_from(["no", "yes"])])
    columns = draw(st.lists(cells, min_size=2, max_size=3))
    rows = draw(st.lists(st.tuples(*columns), min_size=4, max_size=12))
    typed = {"test_share": draw(st.sampled_from(["0", "0.2"]))}
    typed["optimizer"] = draw(st.sampled_from(sorted(OPTIMIZERS)))
    text = "\n".join([",".join("abc"[: len(columns)]), *map(",".join, rows)])
    found = draft_of({"dataset": "own", "table": text, **typed}).lab
    assume(found is not None)
    assert found
    return found


def penalised(spec: Spec) -> Lab:
    """A network whose error holds a penalty, of its biases too, and whose first weight is held."""
    optimizer = replace(
        spec.optimizer, weight_decay=0.3, weight_decay_form="loss", decay_biases=True
    )
    return Lab.fresh(replace(spec, optimizer=optimizer, frozen=(spec.names.weights[0][0][0],)))


def assert_error_holds(lab: Lab) -> None:
    """E of the moment is computed by the rules that hold there, whatever was known from before."""
    here = lab.present, lab.parameters, lab.step
    assert lab.forward_pass.loss == forward_at(*here).loss == lab.loss_history[-1]
    other = numpy_backend.forward_at(*here).loss
    assert lab.forward_pass.loss == pytest.approx(other, rel=1e-11, abs=1e-11)


beginnings = st.one_of(
    specs(most_layers=4, most_units=3, most_samples=3).map(penalised),
    st.sampled_from(sorted(EXAMPLES)).map(lambda slug: Lab.fresh(EXAMPLES[slug].spec, slug)),
    specs(most_layers=4, most_units=3, most_samples=3).map(Lab.fresh),
    own_tables(),
)


@THOROUGH
@given(lab=beginnings, commands=travels)
def test_links_and_files_in_any_order_keep_every_bit(
    lab: Lab, commands: list[tuple[str, int]]
) -> None:
    assume(lab.is_finite)
    for name, number in [*commands, ("link", 0), ("file", 0), ("step", 0), ("file", 0)]:
        if name == "file":
            found = reopened(lab)
            assert encode(found) == encode(lab)
        elif name == "link":
            found = linked(lab)
            assert found.origin == lab.origin
        else:
            with suppress(TakebackError):
                lab = COMMANDS[name](lab, number)
                assert_error_holds(lab)
                check_replay(lab)
            continue
        assert same_moment(found, lab)
        lab = found


@pytest.mark.parametrize("then", ["none", "per_neuron", "shared"])
@pytest.mark.parametrize("first", ["none", "per_neuron", "shared"])
@pytest.mark.parametrize("names", [{}, {"biases": ["c"]}, {"biases": [["c", "d"]]}])
def test_biases_keep_their_names_when_the_rule_for_them_changes(
    names: dict[str, Any], first: str, then: str
) -> None:
    spec = {
        **SMALL, "layers": [1, 2], "activations": ["sigmoid"], "bias_update": first,
        "weights": [[[0.001], [0.007]]], "biases": [[0.5, 0.5]], "names": names,
        "samples": [{"inputs": [0], "targets": [0.3, 0.3]}],
    }  # fmt: skip
    lab = Lab.fresh(spec_from_data(spec)).stepped(3).edited(Edit(bias_update=then))
    for changed in (lab, lab.forwarded(), lab.stepped(2)):
        found = linked(changed)
        assert same_moment(found, changed)
        assert found.present.names == changed.present.names
        assert same_moment(linked(reopened(found)), changed)


def test_weights_that_grew_large_come_back_by_link_and_file() -> None:
    spec = {**SMALL, "activations": ["identity", "identity"], "optimizer": {"learning_rate": 900}}
    lab = Lab.fresh(spec_from_data(spec)).stepped(3)
    begun = linked(lab)
    assert np.abs(begun.spec.initial.weights[0]).max() > 1e6
    assert same_moment(reopened(begun), lab)


def eventful() -> Lab:
    """A network with several branches, edits of every sort and 600 steps."""
    example = EXAMPLES["mazur-2-2-2"]
    lab = Lab.fresh(example.spec, example.slug).stepped(300)
    lab = lab.edited(Edit(learning_rate=0.4)).stepped(4)
    lab = lab.edited(Edit(weights={"w1": 0.5})).stepped(3).taken_back(2)
    lab = lab.edited(Edit(inputs=[0.2, 0.3], bias_update="shared")).stepped(300)
    return lab.rewound(4).edited(Edit(learning_rate=0.1)).stepped(5)


def test_branches_and_timelines_can_be_walked_as_before() -> None:
    lab = eventful()
    found = reopened(lab)
    assert found.origin == "mazur-2-2-2"
    for command in ("back", "back", "step", "branch", "back", "redo", "reset"):
        lab, found = COMMANDS[command](lab, 1), COMMANDS[command](found, 1)
        assert encode(found) == encode(lab)


def test_long_names_of_biases_come_back() -> None:
    long = "b" * 16
    spec = {**SMALL, "names": {"biases": [long, "c"], "hidden": [["h" * 16, "i"]]}}
    lab = Lab.fresh(spec_from_data(spec)).stepped()
    assert lab.spec.names.biases[0][0] == f"{long}_{'h' * 16}"
    assert encode(reopened(lab)) == encode(lab)


SMALL: dict[str, Any] = {
    "layers": [1, 2, 1],
    "activations": ["tanh", "sigmoid"],
    "samples": [{"inputs": [0.5], "targets": [0.5]}],
    "optimizer": {"name": "adam"},
}


def at(document: Any, path: str) -> tuple[Any, Any]:
    """The container that a path ends in, and the last key."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")[1:]]
    for part in way:
        document = document[part]
    return document, last


def put(path: str, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        container, key = at(document, path)
        container[key] = value

    return change


def cut(path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        container, key = at(document, path)
        container[key].pop()

    return change


SEGMENT = "/branches/0/segments/0"
WRONG: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "an unknown origin": (put("/origin", "x"), "choice", "/origin"),
    "an origin of other layers": (put("/origin", "han-kamber-3-2-1"), "origin_differs", "/origin"),
    "a wrong shape": (put("/spec/layers", [2, 3, 2]), "length", "/spec/names/hidden/0"),
    "a cycle": (put("/branches/0/parent", 0), "parent_first", "/branches/0/parent"),
    "a parent that comes later": (put("/branches/1/parent", 2), "parent_first",
                                  "/branches/1/parent"),
    "a branch off its parent": (put("/branches/1/start", 9_999), "maximum", "/branches/1/start"),
    "a root that begins late": (put("/branches/0/start", 1), "must_be", f"{SEGMENT}/start"),
    "a gap between segments": (put("/branches/0/segments/1/start", 301), "must_be",
                               "/branches/0/segments/1/start"),
    "a spec that is none": (put(f"{SEGMENT}/spec", 99), "maximum", f"{SEGMENT}/spec"),
    "a checkpoint too few": (cut(f"{SEGMENT}/checkpoints"), "length", f"{SEGMENT}/checkpoints"),
    "a checkpoint cut short": (cut(f"{SEGMENT}/checkpoints/1"), "length",
                               f"{SEGMENT}/checkpoints/1"),
    "a loss too few": (cut(f"{SEGMENT}/losses"), "must_be", "/branches/0/segments/1/start"),
    "a loss that does not follow": (put(f"{SEGMENT}/losses/7", 0.5), "does_not_follow",
                                    f"{SEGMENT}/losses"),
    "a checkpoint that does not follow": (put(f"{SEGMENT}/checkpoints/1/0", 0.5),
                                          "does_not_follow", f"{SEGMENT}/losses"),
    "a branch that is none": (put("/standing/branch", 9), "maximum", "/standing/branch"),
    "a step that was not taken": (put("/standing/step", 5_000), "maximum", "/standing/step"),
    "a phase that is none": (put("/standing/position", 3), "must_be", "/standing/position"),
    "parameters cut short": (cut("/standing/parameters"), "length", "/standing/parameters"),
    "parameters that do not follow": (put("/standing/parameters/0", 0.5), "does_not_follow",
                                      "/standing/parameters"),
    "a past that does not lead here": (put("/standing/before/0", 0.5), "does_not_follow",
                                       "/standing/before"),
    "a variant that has no earlier table": (put("/variants/0/inputs", 7), "maximum",
                                            "/variants/0/inputs"),
    "a variant's table cut short": (put("/variants/0/inputs", []), "length",
                                    "/variants/0/inputs"),
    "a variant without bias names": (put("/variants/1/bias_names", None), "missing",
                                     "/variants/1/bias_names"),
    "bias names of another shape": (put("/variants/1/bias_names", [["b1"], [["a"], ["b"]]]),
                                    "length", "/variants/1/bias_names/0"),
    "a loss that does not fit": (put("/variants/0/loss", "softmax_cross_entropy"), "softmax_loss",
                                 "/variants/0/loss"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "code", "pointer"), WRONG.values(), ids=WRONG)
def test_what_does_not_hold_together_is_refused(
    change: Callable[[Any], None], code: str, pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        reopened(eventful(), change)
    assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_biases_that_are_one_must_be_equal() -> None:
    spec = spec_from_data({**SMALL, "bias_update": "shared"})
    lab = Lab.fresh(spec).stepped()
    with pytest.raises(InvalidInput) as refused:
        reopened(lab, put(f"{SEGMENT}/checkpoints/0/4", 0.5))
    assert refused.value.code == "biases_differ"


def test_an_age_is_a_whole_number() -> None:
    lab = Lab.fresh(spec_from_data(SMALL)).stepped()
    last = len(document_of(lab)["standing"]["parameters"]) - 1
    for age in (0.5, -1.0, 2.0**70):
        with pytest.raises(InvalidInput) as refused:
            reopened(lab, put(f"{SEGMENT}/checkpoints/0/{last}", age))
        assert refused.value.code == "age_of_step"


def test_steps_are_taken_again_newest_first_within_the_budget() -> None:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped(MAX_REPLAY_STEPS + 400)
    done = check_replay(lab)
    assert 256 < done <= MAX_REPLAY_STEPS

    def falsify(document: Any) -> None:
        document["branches"][0]["segments"][0]["losses"][3] = 0.5

    assert reopened(lab, falsify).all_losses[3] == 0.5  # beyond the budget, as the docs say
