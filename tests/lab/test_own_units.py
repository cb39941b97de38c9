"""Inputs of one's own, in the units of the table, and what a network answers for them."""

from typing import Any

import numpy as np
import pytest

from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.builder import data_defaults, dataset_samples, defaults, spec_data
from app.lab.own_units import (
    answer_of,
    columns_of,
    in_table_units,
    own_columns,
    targets_of,
    typed_inputs,
)
from app.lab.spec_json import spec_from_data

HEIGHTS = "height (cm),age\n170,30\n182,41\n165,25\n175,38\n"
TWO = "height,weight,kind\n170,65,ant\n182,80,bee\n165,58,ant\n175,77,cat\n"


def spec_of(text: str, **chosen: Any) -> Spec:
    options = data_defaults("own", 4)
    samples = dataset_samples("own", dataset_of(read_table(text)), options)
    return spec_from_data(spec_data({**defaults(chosen, samples), **chosen}, samples))


def test_an_answer_is_in_the_units_of_the_table() -> None:
    spec = spec_of(HEIGHTS, hidden=0)
    assert (columns_of(spec), targets_of(spec)) == (("height (cm)",), ("age",))
    assert spec.data is not None
    (mean,), (scale,) = spec.data.means, spec.data.scales
    (age,), (years,) = spec.data.target_means, spec.data.target_scales
    weight, bias = spec.initial.weights[0][0, 0], spec.initial.biases[0][0]
    found = answer_of(spec, spec.initial, typed_inputs(spec, "180,5"))
    assert found.inputs == (180.5,)
    z = (180.5 - mean) / scale * weight + bias
    assert found.activations == pytest.approx((z,))
    assert found.outputs == pytest.approx((z * years + age,))
    assert (found.label, found.outside) == ("", (False,))
    assert answer_of(spec, spec.initial, (999.0,)).outside == (True,)


def test_targets_come_back_in_the_units_of_the_table() -> None:
    spec = spec_of(HEIGHTS)
    told = in_table_units(spec, spec.targets)[:, 0].tolist()
    assert sorted(told) == pytest.approx([25, 30, 38, 41])


def test_a_class_is_named() -> None:
    spec = spec_of(TWO)
    found = answer_of(spec, spec.initial, typed_inputs(spec, "170; 65"))
    assert found.label == targets_of(spec)[int(np.argmax(found.activations))]
    assert targets_of(spec) == ("ant", "bee", "cat")


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("170; 65", (170, 65)),
        ("170 65", (170, 65)),
        ("170\t65,5", (170, 65.5)),
        ("1 700,5; \N{MINUS SIGN}1/2", (1700.5, -0.5)),
        ("170, 65", (170, 65)),
        ("170,5, 65,25", (170.5, 65.25)),
        ("[170 65]", (170, 65)),
    ],
)
def test_inputs_are_read_as_people_type_them(text: str, inputs: tuple[float, ...]) -> None:
    assert typed_inputs(spec_of(TWO), text) == inputs


@pytest.mark.parametrize(
    ("text", "code"),
    [("170", "asked_inputs"), ("1; 2; 3", "asked_inputs"), ("tall", "asked_inputs"),
     ("1, 2,3", "open_list")],
)  # fmt: skip
def test_what_are_no_inputs_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(TWO), text)
    assert caught.value.code == code
    if code == "asked_inputs":
        assert caught.value.values["columns"] == "height, weight"


WORDS = "colour,ok,size,y\n" + "".join(
    f"{colour},{ok},{at}.5,{at}\n"
    for at, (colour, ok) in enumerate([("red", "no"), ("light blue", "yes"), ("green", "no")] * 2)
)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("red; yes; 1,5", (0, 0, 1, 1, 1.5)),
        ("Light Blue\t0\t1.5", (0, 1, 0, 0, 1.5)),
        ("green, YES, 1,5", (1, 0, 0, 1, 1.5)),
        ("0; 0; 1; 1; 1.5", (0, 0, 1, 1, 1.5)),
        ("pink; yes; 1", "asked_word"), ("1; yes; 1", "asked_word"), ("red; no; 1", "asked_word"),
        ("red; yes; tall", "asked_number"), ("red; yes; 1,234", "open_number"),
        ("red; yes", "asked_inputs"),
    ],
)  # fmt: skip
def test_words_are_typed_as_words(text: str, inputs: Any) -> None:
    roles = TableUse(("input", "input", "input", "target"))
    options = {**data_defaults("own", 6), "standardise": False}
    samples = dataset_samples("own", dataset_of(read_table(WORDS), roles), options)
    spec = spec_from_data(spec_data(defaults({}, samples), samples))
    assert own_columns(spec)[0].words == ("green", "light blue", "red")
    if isinstance(inputs, tuple):
        assert typed_inputs(spec, text) == inputs
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec, text)
    assert caught.value.code == inputs


def test_one_number_with_two_readings_is_asked_about() -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(HEIGHTS), "12,345")
    assert caught.value.code == "open_number"


def test_two_points_are_no_two_numbers() -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(TWO), "1.234.567 2.5")
    assert caught.value.code == "asked_inputs"
