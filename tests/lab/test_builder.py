"""From choices to Specs and back: what follows the data, what stays, what is refused."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.catalog import OPTIONS
from app.engine.activations import ACTIVATIONS
from app.engine.learning import CLIPPINGS, EPSILON_FORMS, MOMENTUM_FORMS
from app.engine.losses import LOSSES
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.lab.builder import KEEP, choices_of, defaults, kept_samples, named_samples, spec_data
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data, spec_to_data
from app.views.plots.plane import answers_of
from app.web.builder.draft import Draft, draft_of
from app.web.builder.fields import (
    FIELDS,
    fields_of,
    fingerprint,
    shareable,
    typed_text,
)
from app.web.builder.sent_form import with_suggestion
from app.web.builder.suggestions import suggestions_of
from tests.strategies import QUICK, THOROUGH

BINARY = "binary_cross_entropy"
SCALES = "k is a thousand, M a million, B a thousand million"
TABLE = "a,b,kind\n1,2,x\n3,4,y\n5,6,z\n7,8,x\n"


def built(base: Any = None, **typed: str) -> Spec:
    """The network that fields describe; a double underscore stands for a dot."""
    draft = draft_of({name.replace("__", "."): text for name, text in typed.items()}, base)
    assert draft.lab is not None, draft.errors
    return draft.lab.spec


def refused(**typed: str) -> dict[str, list[str]]:
    """The codes of what cannot be, by field."""
    draft = draft_of({name.replace("__", "."): text for name, text in typed.items()})
    assert draft.lab is None
    return {name: [error.code for error in errors] for name, errors in draft.errors.items()}


# --- what follows the data ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "layers", "output", "loss", "batch"),
    [
        ("and", (2, 2, 1), "sigmoid", "binary_cross_entropy", 1),
        ("xor", (2, 3, 1), "sigmoid", "binary_cross_entropy", 1),
        ("moons", (2, 4, 1), "sigmoid", "binary_cross_entropy", 10),
        ("spiral", (2, 8, 1), "sigmoid", "binary_cross_entropy", 10),
        ("blobs3", (2, 3, 3), "softmax", "softmax_cross_entropy", 10),
        ("curve", (1, 4, 1), "identity", "mean_squared_error", 10),
        ("iris", (4, 4, 3), "softmax", "softmax_cross_entropy", 10),
    ],
)
def test_the_rest_follows_the_data(
    dataset: str, layers: tuple[int, ...], output: str, loss: str, batch: int
) -> None:
    spec = built(dataset=dataset)
    assert (spec.layers, spec.activations) == (layers, ("tanh", output))
    assert (spec.loss, spec.batch.size, spec.batch.reduction) == (loss, batch, "mean")
    assert spec.data is not None
    assert spec.data.name == dataset


@pytest.mark.parametrize(
    ("typed", "layers", "output", "loss"),
    [
        ({"loss": "softmax_cross_entropy"}, (2, 3, 2), "softmax", "softmax_cross_entropy"),
        ({"output_activation": "softmax"}, (2, 3, 2), "softmax", "softmax_cross_entropy"),
        ({"outputs": "2"}, (2, 3, 2), "softmax", "softmax_cross_entropy"),
        ({"output_activation": "tanh"}, (2, 3, 1), "tanh", "mean_squared_error"),
        ({"loss": "half_squared_error"}, (2, 3, 1), "sigmoid", "half_squared_error"),
        ({"outputs": "2", "output_activation": "sigmoid"}, (2, 3, 2), "sigmoid", BINARY),
        ({"dataset": "iris", "loss": BINARY}, (4, 4, 3), "sigmoid", BINARY),
    ],
)  # fmt: skip
def test_what_was_chosen_stays_and_the_rest_follows_it(
    typed: dict[str, str], layers: tuple[int, ...], output: str, loss: str
) -> None:
    spec = built(**typed)
    assert (spec.layers, spec.activations[-1], spec.loss) == (layers, output, loss)


def test_xor_from_seed_3_is_what_the_api_draws() -> None:
    spec = built(dataset="xor", hidden="1", units__1="2", init_seed="3", learning_rate="0.5")
    same = spec_from_data(
        {
            "layers": [2, 2, 1],
            "activations": ["tanh", "sigmoid"],
            "loss": "binary_cross_entropy",
            "batch": {"size": 1, "reduction": "mean"},
            "data": {"name": "xor"},
            "initialization": {"scheme": "xavier_uniform", "seed": 3},
        }
    )
    assert spec_to_data(spec) == spec_to_data(same)


@pytest.mark.parametrize(
    ("targets", "layers", "output", "loss"),
    [
        (("0", "1", "0", "1"), (1, 4, 1), "sigmoid", BINARY),
        (("1", "1", "1", "1"), (1, 4, 1), "identity", "mean_squared_error"),
        (("0", "1", "2", "1"), (1, 4, 1), "identity", "mean_squared_error"),
        (("1,0", "0,1", "1,0", "0,1"), (1, 4, 2), "softmax", "softmax_cross_entropy"),
        (("1,0", "0,0", "1,1", "0,1"), (1, 4, 2), "sigmoid", BINARY),
    ],
    ids=str,
)
def test_targets_of_0_and_1_are_classes_as_in_textbooks(
    targets: tuple[str, ...], layers: tuple[int, ...], output: str, loss: str
) -> None:
    """What a column says yes or no to has a sigmoid and cross-entropy, unless somebody chooses."""
    names = ",".join(f"y{at}" for at in range(1, layers[-1] + 1))
    table = "\n".join([f"x,{names}", *(f"{x}.5,{y}" for x, y in enumerate(targets))])
    spec = built(dataset="own", table=table)
    assert (spec.layers, spec.activations[-1], spec.loss) == (layers, output, loss)
    chosen = built(dataset="own", table=table, output_activation="identity", outputs="")
    assert chosen.loss == "mean_squared_error"


def test_a_table_of_ones_own_is_shuffled_unless_told_otherwise() -> None:
    told = built(dataset="own", table=TABLE, shuffle="no", standardise="no")
    assert told.inputs.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert told.layers == (2, 4, 3)
    assert told.data is not None
    assert (told.data.name, told.data.columns, told.data.classes) == (
        "own",
        ("a", "b"),
        ("x", "y", "z"),
    )
    mixed = built(dataset="own", table=TABLE, seed="5", standardise="no")
    assert sorted(mixed.inputs.tolist()) == told.inputs.tolist()
    assert mixed.inputs.tolist() != told.inputs.tolist()
    pairs = dict(zip(map(tuple, told.inputs.tolist()), told.targets.tolist(), strict=True))
    assert [pairs[tuple(row)] for row in mixed.inputs.tolist()] == mixed.targets.tolist()


def test_standardised_inputs_have_mean_0_and_deviation_1_on_the_training_samples() -> None:
    spec = built(dataset="iris", test_share="0.2", standardise="yes")
    assert (len(spec.inputs), len(spec.test_inputs)) == (120, 30)
    assert np.allclose(spec.inputs.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(spec.inputs.std(axis=0), 1, atol=1e-12)
    assert spec.data is not None
    assert len(spec.data.means) == len(spec.data.scales) == 4


def prices(scale: float, rows: int = 60, *, rents: bool = False) -> str:
    """A table whose price is twice the area and 30 times the rooms, in units of ``scale``."""
    rng = np.random.default_rng(rows)
    area, rooms = rng.uniform(30, 350, rows).round(1), rng.integers(1, 9, rows)
    columns = {"area": area, "rooms": rooms, "price": (2 * area + 30 * rooms) * scale}
    if rents:
        columns["rent"] = (area - 10 * rooms) * scale / 7
    lines = zip(*(column.tolist() for column in columns.values()), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(repr, line)) for line in lines)])


def explained(spec: Spec, steps: int = 3_000) -> float:
    """The share of the targets' variance that is explained after so many steps; the least one."""
    lab = Lab.fresh(spec).stepped(steps)
    answers = answers_of(spec, lab.parameters, spec.inputs)
    return float((1 - ((answers - spec.targets) ** 2).mean(0) / spec.targets.var(0)).min())


@pytest.mark.parametrize("rents", [False, True])
@pytest.mark.parametrize("scale", [1e-6, 1e-3, 0.3, 100.0])
@pytest.mark.parametrize("rows", [6, 60, 300])
def test_a_table_of_values_is_learnt_with_nothing_chosen(
    rows: int, scale: float, rents: bool
) -> None:
    typed = {"role__3": "target", "roles_of": fingerprint(("area", "rooms", "price", "rent"))}
    table = prices(scale, rows, rents=rents)
    spec = built(dataset="own", table=table, **(typed if rents else {}))
    assert spec.targets.shape == (rows, 1 + rents)
    assert np.allclose(spec.targets.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(spec.targets.std(axis=0), 1, atol=1e-9)
    assert explained(spec) > 0.9


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", ["one", "mini", "full"])
def test_every_optimizer_learns_values_at_the_rate_that_is_proposed(
    optimizer: str, batch: str
) -> None:
    spec = built(dataset="own", table=prices(1.0), optimizer=optimizer, batch=batch)
    assert explained(spec) > 0.9


def test_targets_are_standardised_by_the_training_samples() -> None:
    typed = {"dataset": "own", "table": prices(1.0), "test_share": "0.2", "seed": "3"}
    spec, plain = built(**typed), built(**typed, standardise="no")
    assert spec.data is not None
    assert (spec.data.target_means, spec.data.target_scales) == (
        (plain.targets.mean(),), (plain.targets.std(),)
    )  # fmt: skip
    mean, scale = spec.data.target_means[0], spec.data.target_scales[0]
    assert np.array_equal(spec.targets, (plain.targets - mean) / scale)
    assert np.array_equal(spec.test_targets, (plain.test_targets - mean) / scale)
    assert plain.data is not None
    assert (plain.data.target_means, plain.data.target_scales) == ((), ())
    again = built(spec, **{k.replace(".", "__"): text for k, text in fields_of(spec).items()})
    assert again.data == spec.data
    assert again.targets.tobytes() == spec.targets.tobytes()


def test_a_constant_target_has_scale_1() -> None:
    spec = built(dataset="own", table="a,b\n1,7\n2,7\n3,7")
    assert spec.data is not None
    assert (spec.data.target_means, spec.data.target_scales) == ((7.0,), (1.0,))
    assert spec.targets.tolist() == [[0.0]] * 3


@pytest.mark.parametrize(
    ("typed", "targets"),
    [
        ({"table": TABLE}, [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 0, 0]]),
        ({"table": "a,b\n1,0\n2,1\n3,1"}, [[0], [1], [1]]),
        ({"table": "a,b\n1,3\n2,9\n3,9", "classes": "yes"}, [[0], [1], [1]]),
        ({"table": "a,b\n1,0.25\n2,0.5\n3,1", "loss": BINARY}, [[0.25], [0.5], [1]]),
        ({"table": "a,b\n1,4\n2,0\n3,2", "output_activation": "relu"}, [[0], [2], [4]]),
    ],
)
def test_classes_and_what_other_outputs_answer_stay(
    typed: dict[str, str], targets: list[list[float]]
) -> None:
    spec = built(dataset="own", **typed)
    assert spec.data is not None
    assert (len(spec.data.means), spec.data.target_means) == (len(spec.data.columns), ())
    assert sorted(spec.targets.tolist()) == targets


def test_a_curves_targets_stay_as_its_links_have_them() -> None:
    spec, plain = built(dataset="curve", standardise="yes"), built(dataset="curve")
    assert spec.data is not None
    assert (len(spec.data.means), spec.data.target_means) == (1, ())
    assert spec.targets.tobytes() == plain.targets.tobytes()


# --- every choice arrives -----------------------------------------------------------------------

PLAIN = sorted(set(ACTIVATIONS) - {"softmax"})


_WITH_SIGMOID = sorted(
    name for name, loss in LOSSES.items() if loss.match in ("", "sigmoid") and not loss.signs
)


@THOROUGH
@given(data=st.data())
def test_every_choice_arrives_in_the_spec(data: st.DataObject) -> None:
    draw = data.draw
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    forms = MOMENTUM_FORMS[:2] if optimizer == "nesterov" else MOMENTUM_FORMS
    corrects = draw(st.booleans())
    roots = EPSILON_FORMS if optimizer == "adam" and corrects else EPSILON_FORMS[:2]
    hidden = draw(st.integers(0, 8))
    choices: dict[str, Any] = {
        "dataset": "moons",
        "size": 40,
        "seed": draw(st.integers(0, 2**32 - 1)),
        "hidden": hidden,
        "output_activation": "sigmoid",
        "loss": draw(st.sampled_from(_WITH_SIGMOID)),
        "schedule": draw(st.sampled_from(sorted(SCHEDULES))),
        "schedule_factor": 0.25,
        "schedule_steps": 7,
        "schedule_floor": 0.125,
        "clipping": draw(st.sampled_from(CLIPPINGS)),
        "clip_limit": 2.0,
        "dampening": 0.0,
        "momentum_decay": 0.004,
        "frozen": draw(st.sampled_from(["", "w2", "w1, w2"])),
        "centred": draw(st.booleans()),
        "bias_update": draw(st.sampled_from(["none", "per_neuron", "shared"])),
        "slope_at_zero": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "leaky_slope": draw(st.sampled_from([0.01, 0.2])),
        "batch": "mini",
        "batch_size": draw(st.integers(2, 40)),
        "reduction": draw(st.sampled_from(["sum", "mean"])),
        "optimizer": optimizer,
        "learning_rate": draw(st.sampled_from([0.0, 0.001, 3.5])),
        "weight_decay": draw(st.sampled_from([0.01, 0.5])),
        "weight_decay_form": draw(st.sampled_from(["gradient", "decoupled"])),
        "decay_biases": draw(st.booleans()),
        "momentum": draw(st.sampled_from([0.0, 0.5])),
        "momentum_form": draw(st.sampled_from(forms)),
        "decay": 0.8,
        "beta1": 0.7,
        "beta2": 0.95,
        "epsilon": 1e-4,
        "epsilon_form": draw(st.sampled_from(roots)),
        "bias_correction": corrects,
        "init_seed": draw(st.integers(0, 50)),
        "scheme": draw(st.sampled_from(["normal", "uniform", "he_normal", "zeros", "constant"])),
    }
    signs = [0.1] if choices["scheme"] in ("normal", "uniform") else [0.1, -0.4]
    choices["init_scale"] = draw(st.sampled_from(signs))  # larger ones saturate deep networks
    for layer in range(1, hidden + 1):
        choices[f"units.{layer}"] = draw(st.integers(1, 8))
        choices[f"activation.{layer}"] = draw(st.sampled_from(PLAIN))
    typed = {name: typed_text(value) for name, value in choices.items()}
    spec = built(**{name.replace(".", "__"): text for name, text in typed.items()})
    units = [choices[f"units.{layer}"] for layer in range(1, hidden + 1)]
    assert spec.layers == (2, *units, 1)
    assert ", ".join(spec.frozen) == choices["frozen"]
    assert spec.activations[:-1] == tuple(choices[f"activation.{i + 1}"] for i in range(hidden))
    for name in ("loss", "bias_update"):
        assert getattr(spec, name) == choices[name]
    # What no activation uses is not told.
    bends = {*spec.activations} & {"relu", "leaky_relu"}
    assert spec.slope_at_zero == (choices["slope_at_zero"] if bends else 0.0)
    assert spec.leaky_slope == (choices["leaky_slope"] if "leaky_relu" in bends else 0.01)
    used = ("learning_rate", *OPTIMIZERS[optimizer].fields, "weight_decay", "decay_biases")
    for name in (*used, "weight_decay_form"):
        assert getattr(spec.optimizer, name) == choices[name]
    assert (spec.batch.size, spec.batch.reduction) == (choices["batch_size"], choices["reduction"])
    assert spec.data is not None
    assert spec.data.options["seed"] == choices["seed"]
    # What is built can be built again from what the page makes of it.
    again = built(spec, **{k.replace(".", "__"): text for k, text in fields_of(spec).items()})
    assert spec_to_data(again) == spec_to_data(spec)


# --- a network that is changed ------------------------------------------------------------------


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_an_example_is_built_again_as_it_is(slug: str) -> None:
    spec = EXAMPLES[slug].spec
    fields = {name.replace(".", "__"): text for name, text in fields_of(spec).items()}
    assert fields["dataset"] == KEEP
    assert spec_to_data(built(spec, **fields)) == spec_to_data(spec)


@pytest.mark.parametrize("dataset", list(OPTIONS))
def test_a_data_set_is_recognised_and_what_follows_it_is_left_open(dataset: str) -> None:
    spec = built(dataset=dataset, init_seed="3")
    assert choices_of(spec) == {"dataset": dataset, "init_seed": 3}
    third = built(spec, dataset=dataset, init_seed="3", units__1="3")
    assert third.layers[1] == 3
    assert third.inputs.tobytes() == spec.inputs.tobytes()


def test_samples_of_ones_own_come_along() -> None:
    spec = built(dataset="own", table=TABLE, test_share="0.25", standardise="yes")
    fields = {**fields_of(spec), "units.1": "3"}
    assert fields["dataset"] == KEEP
    again = built(spec, **{name.replace(".", "__"): text for name, text in fields.items()})
    assert again.layers == (2, 3, 3)
    for name in ("inputs", "targets", "test_inputs", "test_targets"):
        assert getattr(again, name).tobytes() == getattr(spec, name).tobytes()
    assert again.data == spec.data


def test_an_edited_sample_is_kept_and_no_longer_called_a_data_set() -> None:
    lab = Lab.fresh(built(dataset="xor")).edited(Edit(inputs=[0.25, 0.5]))
    assert choices_of(lab.present)["dataset"] == KEEP
    again = built(lab.present, dataset=KEEP, units__1="3")
    assert again.inputs[0].tolist() == [0.25, 0.5]


def test_weights_stay_while_the_layers_do() -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    same = built(spec, **{**fields_of(spec), "loss": "squared_error"})
    assert same.initial.data == spec.initial.data
    assert same.names == spec.names
    drawn = built(spec, **{**fields_of(spec), "init_seed": "1"})
    assert drawn.initial.data != spec.initial.data
    wider = built(spec, dataset=KEEP, units__1="3")
    assert wider.layers == (2, 3, 2)


def test_the_present_samples_need_a_network() -> None:
    assert refused(dataset=KEEP) == {"dataset": ["choice"]}


# --- what is refused ----------------------------------------------------------------------------

REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"activation__1": "softmax"}, "activation.1", "softmax_hidden"),
    ({"output_activation": "softmax", "outputs": "1"}, "output_activation", "softmax_single"),
    ({"output_activation": "tanh", "loss": "binary_cross_entropy"}, "loss", "sigmoid_loss"),
    ({"output_activation": "sigmoid", "loss": "softmax_cross_entropy"}, "loss", "softmax_loss"),
    ({"dataset": "curve", "loss": "binary_cross_entropy"}, "loss", "targets_unit"),
    ({"dataset": "curve", "loss": "softmax_cross_entropy"}, "loss", "softmax_single"),
    ({"dataset": "iris", "outputs": "2"}, "outputs", "outputs_of_data"),
    ({"optimizer": "nesterov", "momentum_form": "averaged"}, "momentum_form", "nesterov_averaged"),
    ({"optimizer": "rmsprop", "epsilon_form": "uncorrected"}, "epsilon_form", "nothing_corrected"),
    ({"batch": "mini", "batch_size": "9"}, "batch_size", "batch_larger"),
    ({"hidden": "3", "units__1": "64", "units__2": "64"}, "hidden", "too_many_weights"),
    ({"units__1": "0"}, "units.1", "minimum"),
    ({"units__1": "65"}, "units.1", "maximum"),
    ({"units__1": "2.5"}, "units.1", "whole_number"),
    ({"units__1": "²"}, "units.1", "whole_number"),
    ({"learning_rate": "0;5"}, "learning_rate", "decimal_number"),
    ({"learning_rate": "1,234"}, "learning_rate", "open_number"),
    ({"learning_rate": "nan"}, "learning_rate", "finite"),
    ({"learning_rate": "1" * 90}, "learning_rate", "max_characters"),
    ({"optimizer": "momentum", "momentum": "1"}, "momentum", "below"),
    ({"loss": "cubic"}, "loss", "choice"),
    ({"dataset": "mnist"}, "dataset", "choice"),
    ({"noise": "3"}, "noise", "maximum"),
    ({"size": "3"}, "size", "minimum"),
    ({"dataset": "moons", "size": "501"}, "size", "maximum"),
    ({"hidden": "9"}, "hidden", "maximum"),
    ({"seed": "-1"}, "seed", "minimum"),
    ({"init_seed": "9007199254740993"}, "init_seed", "maximum"),
]


@pytest.mark.parametrize(("typed", "name", "code"), REFUSED, ids=[code for _, _, code in REFUSED])
def test_what_makes_no_sense_is_refused_and_each_button_mends_it(
    typed: dict[str, str], name: str, code: str
) -> None:
    assert refused(**typed) == {name: [code]}
    draft = draft_of({key.replace("__", "."): text for key, text in typed.items()})
    fixes = suggestions_of(draft, draft_of)[name]
    assert fixes, "there is always something that would do"
    for fix in fixes:
        assert draft_of(with_suggestion({**draft.typed, "fix": fix.change})).lab is not None, fix


@pytest.mark.parametrize(
    ("table", "name", "texts"),
    [
        ("r;y\n1:30;\n1:45;2\n1:50;4\n", "table", ["1:30 is a time", "1:30 is a word"]),
        ("r;y\n1k;\n2k;2\n3k;4\n", "table", [SCALES, "They are words"]),
        ("r;y\n1;1\n2;999\nx;4\n5;5\n", "table", ["999: a number", "999: no value"]),
        ("r;y\n1;1\n2;999\n3;9999\n5;5\n", "table",
         ["999; 9999: a number", "999; 9999: no value", "999: no value", "9999: no value"]),
        ("r;y\n1998-99;1\n1999-00;2\n", "literals",
         ["1998-99 is the season from 1998 on", "1998-99 is a word"]),
    ],
)  # fmt: skip
def test_a_question_has_its_buttons_beside_other_faults(
    table: str, name: str, texts: list[str]
) -> None:
    draft = draft_of({"dataset": "own", "table": table})
    assert [one.text for one in suggestions_of(draft, draft_of)[name]] == texts


def test_two_mistakes_are_told_together_and_mended_one_by_one() -> None:
    typed = {"units.1": "0", "noise": "x"}
    draft = draft_of(typed)
    assert draft.errors.keys() == {"units.1", "noise"}
    for fixes in suggestions_of(draft, draft_of).values():
        typed = with_suggestion({**typed, "fix": fixes[0].change})
    assert draft_of(typed).lab is not None


def test_a_field_that_does_not_count_is_not_minded() -> None:
    assert built(momentum="99", init_scale="0.1", units__5="0", role__3="x").layers == (2, 3, 1)
    assert built(dataset="iris", noise="x", size="1").layers == (4, 4, 3)


def test_a_table_that_cannot_be_used_is_told_by_line() -> None:
    draft = draft_of({"dataset": "own", "table": "a,b\n1,2\n,3\nx,4\n5,6\n7,8"})
    assert [error.code for error in draft.errors["table"]] == ["csv_missing", "csv_number"]
    assert draft.table is not None


def test_roles_hold_for_the_columns_that_they_were_chosen_for() -> None:
    typed = {"dataset": "own", "table": TABLE, "role.1": "ignore"}
    assert draft_of(typed).roles == ("input", "input", "target"), "chosen for nothing on the page"
    told = draft_of({**typed, "roles_of": "bd3aeb2f"})
    assert told.roles == ("input", "input", "target")
    mark = fingerprint(("a", "b", "kind"))
    assert draft_of({**typed, "roles_of": mark}).roles == ("ignore", "input", "target")
    other = {**typed, "roles_of": mark, "table": TABLE.replace("kind", "type")}
    assert draft_of(other).roles == ("input", "input", "target")


@QUICK
@given(
    typed=st.dictionaries(
        st.sampled_from(sorted(FIELDS)),
        st.sampled_from(["", "0", "1", "2", "-1", "0.5", "yes", "softmax", "relu", "own", "keep",
                         "moons", "curve", "adam", "full", "mini", "x", "é", "1e400", "zeros"]),
    )
)  # fmt: skip
def test_any_fields_make_a_network_or_say_why_not(typed: dict[str, str]) -> None:
    draft = draft_of(typed)
    waiting = draft.chosen.get("dataset") == "own"
    assert (draft.lab is not None) != bool(draft.errors) or waiting
    suggestions_of(draft, draft_of)
    assert isinstance(draft, Draft)
    assert "table" not in shareable(typed)


@pytest.mark.parametrize("text", ["yes", "no"])
def test_a_name_that_is_a_word_for_a_choice_is_a_name(text: str) -> None:
    draft = draft_of({"frozen": text})
    assert draft.chosen["frozen"] == text
    assert draft.lab is None
    assert draft.errors


def test_material_of_one_hot_targets_is_taken_for_classes() -> None:
    spec = built(dataset="iris")
    material = kept_samples(spec)
    assert material.classes
    assert defaults({}, material)["loss"] == "softmax_cross_entropy"
    values = kept_samples(EXAMPLES["mazur-2-2-2"].spec)
    assert not values.classes
    assert defaults({}, values)["output_activation"] == "identity"
    moons = named_samples("moons", {"size": 10})
    assert len(spec_data(defaults({}, moons), moons)["samples"]) == 10


def test_a_table_is_read_once_for_all_suggestions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless one of them reads it in another way."""
    draft = draft_of({"dataset": "own", "table": "a,b\n1,2\n,3\n4,5"})
    monkeypatch.setattr("app.web.builder.draft.read_table", None)
    fixes = suggestions_of(draft, partial(draft_of, known=draft))["table"]
    assert "Leave out rows with gaps: 1" in {one.text for one in fixes}
    with pytest.raises(TypeError):
        draft_of({**draft.typed, "delimiter": "comma"}, known=draft)
