"""Lists and matrices: however they are written, the same numbers, and the fields that they fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.number_lists import ROW_END, open_list, rows_in
from app.lab.homework import filled_from, homework_of

HOMEWORK = homework_of((2, 3, 1), "per_neuron")
SIX = [["0.1", "0.2"], ["0.3", "0.4"], ["0.5", "0.6"]]
WRITTEN = {
    "a spreadsheet": "0.1\t0.2\r\n0.3\t0.4\r\n0.5\t0.6\r\n",
    "decimal commas": "0,1\t0,2\n0,3\t0,4\n0,5\t0,6",
    "decimal commas in brackets": "[[0,1 0,2],[0,3 0,4],[0,5 0,6]]",
    "NumPy": "array([[0.1, 0.2],\n       [0.3, 0.4],\n       [0.5, 0.6]], dtype=float32)",
    "MATLAB": "W1 = [0.1 0.2; 0.3 0.4; ...\n 0.5 0.6];",
    "LaTeX": r"\begin{pmatrix} 0.1 & 0.2 \\ 0.3 & 0{,}4 \\ 0.5 & 0.6 \end{pmatrix}",
    "names": "w1 = 0.1, w2 = 0.2; w_3 = 0.3, w_{4} = +0.4; w5=0.5, w6: 0.6",
    "in one line": f"0.1 0.2{ROW_END}0.3 0.4{ROW_END}0.5 0.6",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_rows_are_read_however_they_are_written(text: str) -> None:
    assert rows_in(text) == SIX


def test_a_minus_is_one_and_exponents_stay() -> None:
    assert rows_in("\N{MINUS SIGN}1 2e-1 -.5") == [["-1", "2e-1", "-.5"]]
    assert filled_from(HOMEWORK, "w1", "0.1f, 2e-1f").numbers == {"w1": "0.1", "w2": "2e-1"}  # type: ignore[union-attr]
    assert rows_in("－１．５ ٢٫٥، ١٬٢٣٤") == [["-1.5", "2.5", "1234"]]
    assert rows_in("1,2\n3,4") == [["1", "2"], ["3", "4"]]


def test_a_list_fills_its_own_kind_and_says_what_is_over() -> None:
    filled = filled_from(HOMEWORK, "b2", "1 2 3 4")
    assert filled is not None
    assert filled.numbers == {"b2": "1", "b3": "2", "b4": "3"}
    assert (filled.first, filled.last, filled.over) == ("b2", "b4", 1)
    assert filled_from(HOMEWORK, "x1", "x = [0.5]").numbers == {"x1": "0.5"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["", "x", "0.5x", "0,3x", "1 2k", "1.234.567", "1.2.3 4", "0,5", " -1,25 ", "no number"]
)
def test_what_is_no_list_fills_nothing(text: str) -> None:
    assert filled_from(HOMEWORK, "w1", text) is None


def test_a_matrix_fills_a_layer_by_its_shape() -> None:
    by_units = filled_from(HOMEWORK, "w1", "1 2\n3 4\n5 6")
    assert by_units is not None
    assert by_units.numbers == {f"w{n}": str(n) for n in range(1, 7)}
    by_sources = filled_from(HOMEWORK, "w1", "1 3 5\n2 4 6")
    assert by_sources is not None
    assert by_sources.by_columns
    assert by_sources.numbers == by_units.numbers
    with_biases = filled_from(HOMEWORK, "w1", "1 2 7\n3 4 8\n5 6 9")
    assert with_biases is not None
    assert with_biases.numbers == {**by_units.numbers, "b1": "7", "b2": "8", "b3": "9"}
    shared = filled_from(homework_of((2, 3, 1), "shared"), "w1", "1 2 7\n3 4 7\n5 6 7")
    assert shared is not None
    assert shared.numbers == {**by_units.numbers, "b1": "7"}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=6))
def test_numbers_come_back_as_they_were(numbers: list[float]) -> None:
    filled = filled_from(HOMEWORK, "w2", " ".join(map(repr, numbers)))
    assert filled is not None
    assert [*map(float, filled.numbers.values())] == numbers[:8]


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    rows_in(text)
    filled_from(HOMEWORK, "w1", text)


def test_a_list_with_decimal_commas_is_read_and_said() -> None:
    filled = filled_from(HOMEWORK, "w1", "0,15, -0,2, 0,25")
    assert filled is not None
    assert filled.numbers == {"w1": "0.15", "w2": "-0.2", "w3": "0.25"}
    assert filled.decimal_commas
    assert rows_in("[0,15, 0,2]") == [["0.15", "0.2"]]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1, 2,3", ("1 2.3", "1 2 3")),
        (f"1,2{ROW_END}3,4", ("1.2; 3.4", "1 2; 3 4")),
        ("0,15, 0,2", None),
        ("0,15; 0,2", None),
        ("0.1, 0.2,0.3", None),
        ("1,2,3", None),
        ("[[1,2], [3,4]]", None),
        ("0,5", None),
    ],
)
def test_commas_that_may_be_either_are_open(text: str, readings: tuple[str, str] | None) -> None:
    assert open_list(text) == readings
