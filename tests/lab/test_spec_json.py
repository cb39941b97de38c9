"""Specs as plain data: what is filled in, what is refused and where, and the way back."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.engine.activations import ACTIVATIONS
from app.engine.initialization import INITIALIZATIONS
from app.engine.losses import LOSSES
from app.engine.network import BIAS_UPDATES, REDUCTIONS, Spec
from app.engine.optimizers import OPTIMIZERS
from app.engine.validation import SpecError
from app.lab.examples import EXAMPLES
from app.lab.spec_json import spec_from_data, spec_to_data
from tests.strategies import THOROUGH, spec_data

SMALL: dict[str, Any] = {
    "layers": [2, 3, 1],
    "activations": ["sigmoid", "identity"],
    "samples": [{"inputs": [0.5, -0.5], "targets": [1.0]}],
    "weights": [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], [[0.7, 0.8, 0.9]]],
    "biases": [[0.1, 0.1, 0.1], [0.2]],
}


def small(**changes: Any) -> dict[str, Any]:
    """``SMALL`` with other fields; None takes one away."""
    data = {**deepcopy(SMALL), **changes}
    return {key: value for key, value in data.items() if value is not None}


def same(first: Spec, second: Spec) -> bool:
    """Equal in every field, the numbers bit for bit."""
    return (
        spec_to_data(first) == spec_to_data(second)
        and first.names == second.names
        and first.initial.data == second.initial.data
        and first.inputs.tobytes() == second.inputs.tobytes()
        and first.targets.tobytes() == second.targets.tobytes()
    )


# --- there and back -------------------------------------------------------------------------


@THOROUGH
@given(spec_data())
def test_a_spec_comes_back_from_its_data(data: dict[str, Any]) -> None:
    spec = spec_from_data(data)
    written = spec_to_data(spec)
    assert same(spec_from_data(written), spec)
    assert {key: written[key] for key in data} == data


@pytest.mark.parametrize("slug", sorted(EXAMPLES))
def test_an_example_comes_back_from_its_data(slug: str) -> None:
    spec = EXAMPLES[slug].spec
    assert same(spec_from_data(spec_to_data(spec)), spec)


def test_negative_zero_and_long_numbers_are_kept() -> None:
    weights = [[[-0.0, 0.1], [1 / 3, 5e-324], [1e-300, 123456.789]], [[0.7, 0.8, 2 / 3]]]
    spec = spec_from_data(small(weights=weights))
    assert same(spec_from_data(spec_to_data(spec)), spec)
    assert np.signbit(spec.initial.weights[0][0, 0])


# --- defaults -------------------------------------------------------------------------------


def test_what_is_left_out_is_filled_in() -> None:
    data = small(weights=None, biases=None)
    spec = spec_from_data(data)
    assert spec.loss == "half_squared_error"
    assert (spec.optimizer.name, spec.optimizer.learning_rate) == ("sgd", 0.5)
    assert (spec.batch.size, spec.batch.reduction) == (1, "sum")
    assert spec.bias_update == "per_neuron"
    assert [bias.tolist() for bias in spec.initial.biases] == [[0, 0, 0], [0]]
    start = {"scheme": "xavier_uniform", "seed": 0}
    assert same(spec, spec_from_data({**data, "initialization": start}))


def test_given_biases_stay_beside_drawn_weights() -> None:
    spec = spec_from_data(small(weights=None, initialization={"scheme": "zeros", "seed": 0}))
    assert [bias.tolist() for bias in spec.initial.biases] == SMALL["biases"]
    assert not any(weights.any() for weights in spec.initial.weights)


def test_a_full_batch_is_written_as_full() -> None:
    spec = spec_from_data(small(batch={"size": "full"}))
    assert spec.batch.size is None
    assert spec_to_data(spec)["batch"] == {"size": "full", "reduction": "sum"}


# --- names ----------------------------------------------------------------------------------


def names(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = spec_to_data(spec_from_data(small(**changes)))["names"]
    return found


def test_units_and_targets_are_numbered() -> None:
    given = names()
    assert tuple(given["inputs"]) == ("x1", "x2")
    assert [tuple(row) for row in given["hidden"]] == [("h1", "h2", "h3")]
    assert tuple(given["outputs"]) == ("o1",)
    assert tuple(given["targets"]) == ("y1",)


def test_units_of_several_hidden_layers_carry_their_layer() -> None:
    given = names(
        layers=[1, 2, 2, 1], activations=["tanh"] * 3, weights=None, biases=None,
        samples=[{"inputs": [1.0], "targets": [1.0]}],
    )  # fmt: skip
    assert [tuple(row) for row in given["hidden"]] == [("h1_1", "h1_2"), ("h2_1", "h2_2")]


def test_weights_are_numbered_through_target_by_target() -> None:
    rows = [[("w1", "w2"), ("w3", "w4"), ("w5", "w6")], [("w7", "w8", "w9")]]
    assert [[tuple(row) for row in layer] for layer in names()["weights"]] == rows


@pytest.mark.parametrize(
    ("bias_update", "biases", "expected"),
    [
        ("per_neuron", [[0.1, 0.1, 0.1], [0.2]], [("b1", "b2", "b3"), ("b4",)]),
        ("shared", [[0.1, 0.1, 0.1], [0.2]], ["b1", "b2"]),
        ("none", [[0.1, 0.1, 0.1], [0.2]], ["b1", "b2"]),
    ],
)
def test_one_bias_node_a_layer_where_its_biases_stay_the_same(
    bias_update: str, biases: Any, expected: Any
) -> None:
    found = names(bias_update=bias_update, biases=biases)["biases"]
    assert [row if isinstance(row, str) else tuple(row) for row in found] == expected


@pytest.mark.parametrize(
    "biases", [[[0.1, 0.1, 0.1], [0.2]], [[0.1, 0.2, 0.3], [0.2]], [[0.1, 0.1, 0.2], [0.1]]]
)
@pytest.mark.parametrize("bias_update", ["none", "per_neuron"])
def test_default_names_never_collide(bias_update: str, biases: Any) -> None:
    """Layers with one bias node and layers without may stand side by side."""
    spec = spec_from_data(small(bias_update=bias_update, biases=biases))
    rows = zip(spec.names.bias_nodes, spec.names.biases, strict=True)
    shown = [name for node, row in rows for name in ([node] if node else row)]
    assert len(set(shown)) == len(shown)


@THOROUGH
@given(spec_data())
def test_any_network_gets_names(data: dict[str, Any]) -> None:
    spec = spec_from_data(data)
    flat = [name for layer in spec.names.weights for row in layer for name in row]
    assert flat == [f"w{number}" for number in range(1, len(flat) + 1)]
    assert [len(row) for row in spec.names.units] == list(spec.layers)
    assert [len(row) for row in spec.names.biases] == list(spec.layers[1:])


def test_given_names_are_used() -> None:
    given = {
        "inputs": ["a", "b"],
        "hidden": [["c", "d", "e"]],
        "outputs": ["f"],
        "targets": ["t"],
        "weights": [[["p", "q"], ["r", "s"], ["u", "v"]], [["k", "l", "m"]]],
        "biases": [["i", "j", "n"], ["z"]],
    }
    found = names(names=given)
    assert {key: found[key] for key in ("inputs", "outputs", "targets")} == {
        "inputs": ("a", "b"), "outputs": ("f",), "targets": ("t",),
    }  # fmt: skip
    assert [[list(row) for row in layer] for layer in found["weights"]] == given["weights"]
    assert [list(row) for row in found["biases"]] == given["biases"]


def test_a_given_bias_name_names_the_node_or_where_there_is_none_each_unit() -> None:
    given = {"biases": ["beta", "gamma"]}
    assert names(names=given, bias_update="shared")["biases"] == ["beta", "gamma"]
    each = names(names=given, bias_update="per_neuron")["biases"]
    assert [tuple(row) for row in each] == [("beta_h1", "beta_h2", "beta_h3"), ("gamma_o1",)]


# --- refusals -------------------------------------------------------------------------------

TWO_SAMPLES = [{"inputs": [1.0, 2.0], "targets": [1.0]}, {"inputs": [1.0], "targets": [1.0]}]
THREE = {"activations": ["tanh"] * 3, "weights": None, "biases": None}
TOO_MANY_HIDDEN = {"hidden": [["a", "b", "c"], ["d"]]}

MALFORMED: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    ("one layer", {"layers": [2]}, "/layers", "min_length", {"minimum": 2}),
    ("no unit", {"layers": [2, 0, 1]}, "/layers/1", "minimum", {"minimum": 1}),
    ("no input, drawn", {"layers": [0, 3, 1], "weights": None, "biases": None,
                         "samples": [{"inputs": [], "targets": [1.0]}],
                         "initialization": {"scheme": "he_normal", "seed": 1}},
     "/layers/0", "minimum", {"minimum": 1}),
    ("few activations", {"activations": ["tanh"]}, "/activations", "length", {"expected": 2}),
    ("many activations", {"activations": ["tanh"] * 3}, "/activations", "length", {"expected": 2}),
    ("unknown activation", {"activations": ["tanh", "stairs"]}, "/activations/1", "choice",
     {"allowed": ", ".join(ACTIVATIONS)}),
    ("unknown loss", {"loss": "cubic"}, "/loss", "choice", {"allowed": ", ".join(LOSSES)}),
    ("unknown bias rule", {"bias_update": "all"}, "/bias_update", "choice",
     {"allowed": ", ".join(BIAS_UPDATES)}),
    ("unknown reduction", {"batch": {"reduction": "max"}}, "/batch/reduction", "choice",
     {"allowed": ", ".join(REDUCTIONS)}),
    ("unknown optimizer", {"optimizer": {"name": "magic"}}, "/optimizer/name", "choice",
     {"allowed": ", ".join(OPTIMIZERS)}),
    ("no samples", {"samples": []}, "/samples", "min_length", {"minimum": 1}),
    ("short inputs", {"samples": TWO_SAMPLES}, "/samples/1/inputs", "length", {"expected": 2}),
    ("long targets", {"samples": [{"inputs": [1.0, 2.0], "targets": [1.0, 2.0]}]},
     "/samples/0/targets", "length", {"expected": 1}),
    ("weights of one layer", {"weights": SMALL["weights"][:1]}, "/weights", "length",
     {"expected": 2}),
    ("a row too few", {"weights": [SMALL["weights"][0][:2], SMALL["weights"][1]]}, "/weights/0",
     "matrix_shape", {"rows": 3, "columns": 2}),
    ("transposed", {"weights": [SMALL["weights"][0], [[0.7], [0.8], [0.9]]]}, "/weights/1",
     "matrix_shape", {"rows": 1, "columns": 3}),
    ("ragged weights", {"weights": [SMALL["weights"][0], [[0.7, 0.8], [0.9]]]}, "/weights/1",
     "ragged", {}),
    ("biases of one layer", {"biases": [[0.1, 0.1, 0.1]]}, "/biases", "length", {"expected": 2}),
    ("a bias too few", {"biases": [[0.1, 0.1], [0.2]]}, "/biases/0", "length", {"expected": 3}),
    ("no biases in a layer", {"biases": [[0.1, 0.1, 0.1], []]}, "/biases/1", "length",
     {"expected": 1}),
    ("ragged biases", {"biases": [[[0.1], [0.1, 0.2], [0.3]], [0.2]]}, "/biases/0", "ragged", {}),
    ("shared biases that differ", {"bias_update": "shared", "biases": [[0.1, 0.1, 0.2], [0.2]]},
     "/biases/0", "shared_bias_differs", {}),
    ("weights and initialization", {"initialization": {"scheme": "zeros", "seed": 0}},
     "/initialization", "weights_and_initialization", {}),
    ("unknown scheme", {"weights": None, "initialization": {"scheme": "ones", "seed": 0}},
     "/initialization/scheme", "choice", {"allowed": ", ".join(INITIALIZATIONS)}),
    ("few inputs named", {"names": {"inputs": ["a"]}}, "/names/inputs", "length", {"expected": 2}),
    ("few hidden named", {"names": {"hidden": [["a", "b"]]}}, "/names/hidden/0", "length",
     {"expected": 3}),
    ("many outputs named", {"names": {"outputs": ["a", "b"]}}, "/names/outputs", "length",
     {"expected": 1}),
    ("many targets named", {"names": {"targets": ["a", "b"]}}, "/names/targets", "length",
     {"expected": 1}),
    ("many hidden layers named", {"names": TOO_MANY_HIDDEN}, "/names/hidden", "length",
     {"expected": 1}),
    ("many hidden layers named, of other sizes",
     {"names": {"hidden": [["a", "b", "c"], ["d", "e"]]}}, "/names/hidden", "length",
     {"expected": 1}),
    ("few hidden layers named",
     {**THREE, "layers": [2, 2, 2, 1], "names": {"hidden": [["a", "b"]]}}, "/names/hidden",
     "length", {"expected": 2}),
    ("weight names of another shape", {"names": {"weights": [[["a", "b"]], [["c", "d", "e"]]]}},
     "/names/weights", "weight_names_shape", {}),
    ("biases of one layer named", {"names": {"biases": ["b"]}}, "/names/biases", "length",
     {"expected": 2}),
    ("a bias too few named", {"names": {"biases": [["p", "q"], ["r"]]}}, "/names/biases/0",
     "length", {"expected": 3}),
    ("a unit named twice", {"names": {"inputs": ["a", "a"]}}, "/names/inputs", "name_twice",
     {"name": "a"}),
    ("units of two layers named alike", {"names": {"inputs": ["a", "o1"]}}, "/names/outputs",
     "name_twice", {"name": "o1"}),
    ("hidden units named as an input", {"names": {"hidden": [["a", "x1", "b"]]}}, "/names/hidden/0",
     "name_twice", {"name": "x1"}),
    ("a target named as a unit", {"names": {"targets": ["h2"]}}, "/names/targets", "name_twice",
     {"name": "h2"}),
    ("a weight named twice",
     {"names": {"weights": [[["a", "b"], ["c", "d"], ["e", "f"]], [["g", "h", "a"]]]}},
     "/names/weights/1", "name_twice", {"name": "a"}),
    ("a bias named as a weight", {"names": {"biases": [["p", "q", "w9"], ["r"]]}},
     "/names/biases/0", "name_twice", {"name": "w9"}),
    ("bias nodes named alike", {"bias_update": "shared", "names": {"biases": ["b", "b"]}},
     "/names/biases/1", "name_twice", {"name": "b"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pointer", "code", "values"),
    [pytest.param(*case[1:], id=case[0]) for case in MALFORMED],
)
def test_a_malformed_spec_is_refused_at_its_field(
    changes: dict[str, Any], pointer: str, code: str, values: dict[str, Any]
) -> None:
    with pytest.raises(SpecError) as caught:
        spec_from_data(small(**changes))
    error = caught.value
    assert (error.pointer, error.code, error.values) == (pointer, code, values)
