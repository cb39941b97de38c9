"""From typed layers and numbers to a Spec: names, rules that are proposed, sizes that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.lab.homework.homework import (
    homework_data,
    homework_defaults,
    homework_of,
    layer_choices,
    layers_in,
)
from app.lab.spec_json import spec_from_data
from tests.strategies import QUICK


@pytest.mark.parametrize(
    "text",
    [
        "2-3-1",
        " 2 - 3 - 1 ",
        "2,3,1",
        "2 3 1",
        "2x3x1",
        "2×3×1",
        "2–3–1",
        "2; 3; 1",
        "２－３－１",
        "[2,3,1]",
        "(2, 3, 1)",
        "[2 3 1]",
    ],
)
def test_layers_are_read_however_they_are_joined(text: str) -> None:
    assert layers_in(text) == (2, 3, 1)


@pytest.mark.parametrize(
    "text", ["", "2", "2-", "2--1", "2-0-1", "2-65-1", "two", "2-1.5", "-2-1", "1-" * 10 + "1"]
)
def test_what_is_no_row_of_sizes_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        layers_in(text)
    assert refused.value.code == "layer_shape"


def test_a_network_that_nobody_would_type_is_refused() -> None:
    assert layers_in("4-16-16-3")
    with pytest.raises(InvalidInput) as refused:
        layers_in("10-30-30-2")
    assert refused.value.code == "too_many_numbers"
    assert refused.value.values["count"] == 10 * 30 + 30 * 30 + 30 * 2 + 72 + 2


@QUICK
@given(
    layers=st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple),
    rule=st.sampled_from(["per_neuron", "shared", "none"]),
)
def test_every_number_comes_where_its_name_points(layers: tuple[int, ...], rule: str) -> None:
    homework = homework_of(layers, rule)
    chosen = {**layer_choices(layers), "bias_update": rule}
    numbers = {name: at / 100 for at, name in enumerate(homework.proposed)}
    values = homework_defaults(chosen, homework) | chosen | numbers
    spec = spec_from_data(homework_data(values, homework))
    assert (spec.layers, spec.bias_update) == (layers, rule)
    names = spec.names
    for part in (*names.parts("weight"), *names.parts("bias")):
        assert part.of(spec.initial) == numbers[part.name]
    assert spec.inputs.tolist() == [[numbers[name] for name in names.units[0]]]
    assert spec.targets.tolist() == [[numbers[name] for name in names.targets]]


def test_what_is_left_open_is_as_in_most_books() -> None:
    homework = homework_of((2, 3, 2), "")
    usual = homework_defaults(layer_choices((2, 3, 2)), homework)
    assert (usual["output_activation"], usual["loss"]) == ("sigmoid", "half_squared_error")
    assert (usual["activation.1"], usual["learning_rate"]) == ("sigmoid", 0.5)
    softmax = {**layer_choices((2, 3, 2)), "output_activation": "softmax"}
    usual = homework_defaults(softmax, homework)
    assert usual["loss"] == "softmax_cross_entropy"
    assert spec_from_data(homework_data({**usual, **softmax}, homework)).targets.tolist() == [
        [1, 0]
    ]
    binary = homework_defaults(
        {**layer_choices((2, 3, 2)), "loss": "binary_cross_entropy"}, homework
    )
    assert binary["output_activation"] == "sigmoid"
    assert homework_defaults({"optimizer": "adam"}, homework)["learning_rate"] == 0.01
