"""Where the numbers of a matrix go: by its shape, by the names at its edges, or nowhere."""

import pytest

from app.errors import InvalidInput
from app.lab.homework.homework import Filled, filled_from, homework_of


def filled(layers: str, name: str, text: str) -> Filled:
    homework = homework_of(tuple(map(int, layers.split("-"))), "per_neuron")
    found = filled_from(homework, name, text)
    assert found is not None
    return found


def refused(layers: str, name: str, text: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        filled(layers, name, text)
    return caught.value


NAMED = {
    ("3-3-1", "w1", "   h1 h2 h3\nx1 1 4 7\nx2 2 5 8\nx3 3 6 9"): "w1 w2 w3 w4 w5 w6 w7 w8 w9",
    ("3-3-1", "w1", "   x1 x2 x3\nh1 1 2 3\nh2 4 5 6\nh3 7 8 9"): "w1 w2 w3 w4 w5 w6 w7 w8 w9",
    ("2-2-1", "w1", "h1 h2\n1 3\n2 4"): "w1 w2 w3 w4",
    ("2-2-1", "w1", "x1 x2\n1 2\n3 4"): "w1 w2 w3 w4",
    ("2-2-1", "w1", "x1: 1 3\nx2: 2 4"): "w1 w2 w3 w4",
    ("2-2-1", "w1", "\tH_1\tH_2\nX_2\t2\t4\nX_1\t1\t3"): "w1 w2 w3 w4",
    ("2-2-1", "w1", "b1 x1 x2\n5 1 2\n6 3 4"): "w1 w2 w3 w4 b1 b2",
    ("2-2-1", "w1", "   h1 h2\nx1 1 3\nx2 2 4\nb1 5 6"): "w1 w2 w3 w4 b1 b2",
    ("2-3-1", "w7", "   h1 h2 h3\ny1 1 2 3"): "w7 w8 w9",
    ("2-3-1", "w1", "h2 = [1, 2]"): "w3 w4",
    ("2-3-1", "w2", "w3 w2\n2 1"): "w2 w3",
    ("2-3-1", "w7", "h1 = 1, h3 = 3, h2 = 2"): "w7 w8 w9",
    ("2-3-1", "x1", "x2 x1\n2 1"): "x1 x2",
}


@pytest.mark.parametrize("case", NAMED, ids=str)
def test_names_at_the_edges_say_where_numbers_go(case: tuple[str, str, str]) -> None:
    names = NAMED[case].split()
    assert filled(*case).numbers == {name: str(at) for at, name in enumerate(names, start=1)}


def test_names_of_something_else_are_left_alone() -> None:
    assert [*filled("2-3-1", "w1", "a = 1, b = 2; c = 3").numbers] == ["w1", "w2", "w3"]
    assert [*filled("2-3-1", "w1", "h1 = 1, h2 = 2; h3 = 3").numbers] == ["w1", "w2", "w3"]
    assert [*filled("2-3-1", "w1", "n1 n2\n1 2\n3 4\n5 6").numbers][-1] == "w6"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("w7", "x1 x2\n1 2\n3 4\n5 6"),
        ("w1", "h1 h2 h3\n1 2 3"),
        ("w1", "   x1 h2\nh1 1 2\nh2 3 4\nh3 5 6"),
        ("w1", "x1 x1\n1 2\n3 4\n5 6"),
        ("w1", "   x1 x2\nh1 1 2\nh2 3 4\nh2 5 6"),
        ("w1", "   x1 x2\nx1 1 2\nx2 3 4"),
    ],
)
def test_names_that_contradict_the_weights_are_refused(name: str, text: str) -> None:
    assert refused("2-3-1", name, text).code == "list_names"


def test_a_matrix_that_fits_nowhere_is_refused_with_the_shapes_that_do() -> None:
    error = refused("2-3-1", "w1", "1 2 3 4\n5 6 7 8\n9 10 11 12")
    assert (error.code, error.pointer) == ("list_shape", "/values/w1")
    assert error.values == {
        "rows": 3, "columns": 4, "units": 3, "inputs": 2, "more": 3, "first": "w1",
    }  # fmt: skip
    for name in ("w2", "w3", "w7"):
        assert refused("2-3-1", name, "1 2\n3 4\n5 6").code == "list_shape"
    for name in ("x1", "b1", "y1"):
        assert refused("2-3-1", name, "1 2\n3 4").code == "list_matrix"


def test_rows_may_go_on_to_the_last_unit_of_a_layer() -> None:
    assert [*filled("2-3-1", "w3", "1 2\n3 4").numbers] == ["w3", "w4", "w5", "w6"]
    assert [*filled("2-2-2", "w1", "1 2\n3 4\n5 6\n7 8").numbers] == [f"w{n}" for n in range(1, 9)]
    assert refused("2-3-1", "w1", "1 2\n3 4").code == "list_shape"


@pytest.mark.parametrize(
    ("layers", "text", "by_rows", "by_columns"),
    [
        ("2-3-1", "1 2 3\n4 5 6\n7 8 9", "w1 w2 b1 w3 w4 b2 w5 w6 b3",
         "w1 w3 w5 w2 w4 w6 b1 b2 b3"),
        ("2-2-1", "1 2\n3 4\n5 6", "w1 w2 w3 w4 w5 w6", "w1 w3 w2 w4 b1 b2"),
        ("2-2-1", "1 2\n3 4", "w1 w2 w3 w4", "w1 w3 w2 w4"),
        ("2-4-1", "1 2 3 4\n5 6 7 8\n9 10 11 12", "",
         "w1 w3 w5 w7 w2 w4 w6 w8 b1 b2 b3 b4"),
    ],
)  # fmt: skip
def test_a_matrix_that_fits_both_ways_is_asked_about(
    layers: str, text: str, by_rows: str, by_columns: str
) -> None:
    expected = [
        {name: str(at) for at, name in enumerate(names.split(), start=1)}
        for names in (by_rows, by_columns)
    ]
    if not by_rows:
        taken = filled(layers, "w1", text)
        assert (taken.numbers, taken.reading) == (expected[1], "columns_biases")
        return
    error = refused(layers, "w1", text)
    assert error.code == "open_matrix"
    readings = error.values["point"], error.values["apart"]
    assert [filled(layers, "w1", str(one)).numbers for one in readings] == expected


INDEXED = {
    ("2-3-1", "w11=1, w12=2, w13=3, w21=4, w22=5, w23=6"): "w1 w3 w5 w2 w4 w6",
    ("2-3-1", "w_{11}=1; w_{12}=2; w_{21}=3; w_{22}=4; w_{31}=5; w_{32}=6"): "w1 w2 w3 w4 w5 w6",
    ("3-2-1", "w14=1 w15=2 w24=3 w25=4 w34=5 w35=6 w46=7 w56=8"): "w1 w4 w2 w5 w3 w6 w7 w8",
    ("2-2-1", "w11=1, w22=2"): "w1 w4",
}


@pytest.mark.parametrize("case", INDEXED, ids=str)
def test_two_indices_name_a_weight_by_its_units(case: tuple[str, str]) -> None:
    names = INDEXED[case].split()
    assert filled(case[0], "w1", case[1]).numbers == {n: str(i) for i, n in enumerate(names, 1)}


def test_two_indices_that_fit_both_ways_are_asked_about() -> None:
    for text in ("w11=1, w12=2, w21=3", "w11=1 w12=2\nw21=3 w22=4"):
        error = refused("2-3-1", "w1", text)
        assert (error.code, error.values["label"]) == ("open_indices", "w12")
        taken = [
            filled("2-3-1", "w1", str(error.values[key])).numbers for key in ("point", "apart")
        ]
        assert [(one["w2"], one["w3"]) for one in taken] == [("3", "2"), ("2", "3")]
    assert refused("2-3-1", "w1", "w11=1, w44=2").code == "list_names"


def test_a_square_matrix_is_asked_about_unless_it_is_the_same_both_ways() -> None:
    error = refused("2-2-1", "w1", "[[100, 200], [300, 400]]")
    assert error.code == "open_matrix"
    readings = error.values["point"], error.values["apart"]
    taken = [[*filled("2-2-1", "w1", str(one)).numbers.values()] for one in readings]
    assert taken == [["100", "200", "300", "400"], ["100", "300", "200", "400"]]
    assert filled("2-2-1", "w1", "1 2\n2 3").numbers == {"w1": "1", "w2": "2", "w3": "2", "w4": "3"}
