"""Lists and matrices: however they are written, the same numbers, and the fields that they fill."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.numbers.bare_lists import ROW_END
from app.data.numbers.number_lists import number_rows
from app.data.numbers.typed_numbers import typed_numbers
from app.data.numbers.whole_matrices import matrix_rows
from app.errors import InvalidInput
from app.lab.homework.homework import filled_from, homework_of
from tests.strategies import QUICK


def rows_in(text: str) -> list[list[str]]:
    return matrix_rows(text, "/x").rows


def refusal(text: str) -> tuple[str, object]:
    with pytest.raises(InvalidInput) as caught:
        matrix_rows(text, "/x")
    values = caught.value.values
    return caught.value.code, (values.get("cell"), values.get("row"), values.get("place"))


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
    assert rows_in("[1,2\n3,4]") == [["1", "2"], ["3", "4"]]


def test_a_list_fills_its_own_kind_and_says_what_is_over() -> None:
    filled = filled_from(HOMEWORK, "b2", "1 2 3 4")
    assert filled is not None
    assert filled.numbers == {"b2": "1", "b3": "2", "b4": "3"}
    assert (filled.first, filled.last, filled.over) == ("b2", "b4", 1)
    assert filled_from(HOMEWORK, "x1", "x = [0.5]").numbers == {"x1": "0.5"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["", "x", "0.5x", "0,3x", "1.234.567", "0,5", " -1,25 ", "- 0,5", "no number"]
)
def test_what_is_no_list_fills_nothing(text: str) -> None:
    assert filled_from(HOMEWORK, "w1", text) is None


def test_a_matrix_fills_a_layer_by_its_shape() -> None:
    by_units = filled_from(HOMEWORK, "w1", "1 2\n3 4\n5 6")
    assert by_units is not None
    assert by_units.numbers == {f"w{n}": str(n) for n in range(1, 7)}
    by_sources = filled_from(HOMEWORK, "w1", "1 3 5\n2 4 6")
    assert by_sources is not None
    assert by_sources.reading == "columns"
    assert by_sources.numbers == by_units.numbers
    weights = {f"w{n}": str(n) for n in range(1, 5)}
    for rule, biases in (("", {"b1": "7", "b2": "8"}), ("shared", {"b1": "7"})):
        last = biases.get("b2", "7")
        with_biases = filled_from(homework_of((2, 2, 1), rule), "w1", f"1 2 7\n3 4 {last}")
        assert with_biases is not None
        assert with_biases.numbers == weights | biases


@QUICK
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=6))
def test_numbers_come_back_as_they_were(numbers: list[float]) -> None:
    filled = filled_from(HOMEWORK, "w2", " ".join(map(repr, numbers)))
    assert filled is not None
    assert [*map(float, filled.numbers.values())] == numbers[:8]


def test_a_list_with_decimal_commas_is_read_and_said() -> None:
    filled = filled_from(HOMEWORK, "w1", "0,15, -0,2, 0,25")
    assert filled is not None
    assert filled.numbers == {"w1": "0.15", "w2": "-0.2", "w3": "0.25"}
    assert filled.decimal_commas
    assert rows_in("[0,15, 0,2]") == [["0.15", "0.2"]]


READINGS = {
    "1, 2,3": ("1 2.3", "1 2 3"),
    f"1,2{ROW_END}3,4": ("1.2; 3.4", "1 2; 3 4"),
    "1,234\n5,678": ("1.234; 5.678", "1234; 5678"),
    r"\begin{pmatrix} 1{,}234 \\ 2{,}5 \end{pmatrix}": ("1234; 2.5", "1.234; 2.5"),
    r"\begin{pmatrix} 0,1 \\ 0,2 \end{pmatrix}": ("0.1; 0.2", "0 1; 0 2"),
    "0,5\n1\n0,25": ("0.5; 1; 0.25", "0 5; 1; 0 25"),
    "1,234\t5,678": ("1.234 5.678", "1234 5678"),
    "1.200 3.400 5,6": ("1200 3400 5.6", "1.200 3.400 5.6"),
    "１，２": ("1.2", "1 2"),
    "1, 234,567": ("1, 234.567", "1, 234, 567"),
    "[0,15; 0,25]": ("0.15; 0.25", "0 15; 0 25"),
    "(0,5 ; 0,6)": ("0.5; 0.6", "0 5; 0 6"),
    "{0,5; 1}": ("0.5; 1", "0 5; 1"),
    "c(0,1; 0,2)": ("0.1; 0.2", "0 1; 0 2"),
    "[1,2;3,4]": ("1.2; 3.4", "1 2; 3 4"),
    "[[0,1; 0,2]; [0,3; 0,4]]": ("0.1 0.2; 0.3 0.4", "0 1; 0 2; 0 3; 0 4"),
    "1,2;3,4": ("1.2 3.4", "1 2; 3 4"),
    "0,1; 1,0;": ("0.1 1.0", "0 1; 1 0"),
    "0,5,0,6": ("0.5 0.6", "0 5 0 6"),
    "1,5,2,5": ("1.5 2.5", "1 5 2 5"),
    "-0,15,0,2": ("-0.15 0.2", "-0 15 0 2"),
    "[-0,15,0,2]": ("-0.15 0.2", "-0 15 0 2"),
    "0,5,0,6\n0,7,-0,8": ("0.5 0.6; 0.7 -0.8", "0 5 0 6; 0 7 -0 8"),
}


@pytest.mark.parametrize("text", READINGS)
def test_commas_that_may_be_either_are_open(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        number_rows(text, "/x")
    assert caught.value.code == "open_list"
    readings = caught.value.values["point"], caught.value.values["apart"]
    assert readings == READINGS[text]
    for one in map(str, readings):  # what a button puts into the field has one reading
        numbers = one.replace(",", "").replace(";", "").split(" ")
        assert [number for row in rows_in(one) for number in row] == numbers


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0,15, 0,2", [["0.15", "0.2"]]),
        ("0,15; 0,2", [["0.15", "0.2"]]),
        ("0,1;0,2\n0,3;0,4", [["0.1", "0.2"], ["0.3", "0.4"]]),
        ("-0,5;1,5", [["-0.5", "1.5"]]),
        ("0.1,0.2;0.3,0.4", [["0.1", "0.2"], ["0.3", "0.4"]]),
        ("1,2,3;4,5,6", [["1", "2", "3"], ["4", "5", "6"]]),
        ("0.1, 0.2,0.3", [["0.1", "0.2", "0.3"]]),
        ("1,2,3", [["1", "2", "3"]]),
        ("[[1,2], [3,4]]", [["1", "2"], ["3", "4"]]),
        ("5,6 1.5 2", [["5.6", "1.5", "2"]]),
        ("1,234.5 2,345.6", [["1234.5", "2345.6"]]),
        ("1\N{NO-BREAK SPACE}234,5\t2", [["1234.5", "2"]]),
        ("[0,15; -0,25]", [["0.15"], ["-0.25"]]),
        ("(0,01; 0,99)", [["0.01"], ["0.99"]]),
        ("[0,15\n-0,25]", [["0.15"], ["-0.25"]]),
        (r"\begin{pmatrix} 0,01 \\ 0,99 \end{pmatrix}", [["0.01"], ["0.99"]]),
        ("[0,15, 0,2; 0,3, 0,4]", [["0.15", "0.2"], ["0.3", "0.4"]]),
        ("[0,5,0,6]", [["0", "5", "0", "6"]]),
        ("[0,0,0,1;0,1,1,0]", [["0", "0", "0", "1"], ["0", "1", "1", "0"]]),
    ],
)
def test_commas_with_one_reading_have_it(text: str, rows: list[list[str]]) -> None:
    assert rows_in(text) == rows


@pytest.mark.parametrize(
    ("text", "cell", "row", "place"),
    [
        ("array([[0.1, nan],[0.3,0.4],[1,2]])", "nan", 1, 2),
        ("[[0.1, 0.2], [-inf, 0.4]]", "-inf", 2, 1),
        ("0.1 NA 0.3", "NA", 1, 2),
        ("0.1\tabc\n0.3\t0.4", "abc", 1, 2),
        ("0.1, ?, 3", "?", 1, 2),
        ("0.1 -- 3", "--", 1, 2),
        ("0,1; NA; 0,3", "NA", 1, 2),
        ("0,15, NA, 0,2", "NA", 1, 2),
        ("0.1,0.2,NA", "NA", 1, 3),
        ("0.1 1e400", "1e400", 1, 2),
        ("0.1+0.2 3", "0.1+0.2", 1, 1),
        ("1+2j, 3", "1+2j", 1, 1),
        ("1 2k", "2k", 1, 2),
        ("1.2.3 4", "1.2.3", 1, 1),
        ("exp(1), 2", "exp", 1, 1),
        ("(0.1) (0.2)", "(0.1)", 1, 1),
        ("0.1 w2 0.3", "w2", 1, 2),
        (r"0.1 & \ldots \\ 0.3 & 0.4", r"\ldots", 1, 2),
        ("[0.1 0.2 ... 0.9]", "...", 1, 3),
        ("tensor([0.1, 0.2]).reshape(2, 1)", ".reshape", 2, 1),
        ("matrix(c(1, 2, 3, 4), nrow=3)", ", nrow=3", 2, 1),
        ("#N/A\t0.5", "#N/A", 1, 1),
        (r"-\begin{pmatrix} 1 & 2 \end{pmatrix}", "-", 1, 1),
        (r"2\begin{pmatrix} 100 & 2 \end{pmatrix}", "2", 1, 1),
        ("[5] 0.3", "0.3", 2, 1),
        ("| 0.1 | 0.2 |\n| - | - |\n| 0.3 | 0.4 |", "-", 2, 1),
    ],
)
def test_what_is_no_number_is_named(text: str, cell: str, row: int, place: int) -> None:
    assert refusal(text) == ("list_entry", (cell, row, place))


@pytest.mark.parametrize(
    ("text", "row", "place"),
    [("0.1,,0.3", 1, 2), ("0.1\t\t0.3", 1, 2), ("0.1\t0.2\n\t0.4", 2, 1), ("0.1\n\n0.3", 2, 1),
     ("0.1;;0.3", 1, 2), ("[0.1;;0.3]", 2, 1), ("0.1、、0.3", 1, 2), ("\t0.1", 1, 1)],
)  # fmt: skip
def test_a_gap_is_told_and_moves_nothing(text: str, row: int, place: int) -> None:
    assert refusal(text) == ("list_gap", ("", row, place))


CODE = {
    "tensor([[ 0.1, 0.2],\n [0.3, 0.4],\n [0.5, 0.6]], device='cuda:0',\n requires_grad=True)": SIX,
    "Parameter containing:\ntensor([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], requires_grad=True)": SIX,
    "matrix(c(0.1, 0.3, 0.5, 0.2, 0.4, 0.6), nrow=3)": SIX,
    "matrix(c(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), ncol = 2, byrow = TRUE)": SIX,
    "     [,1] [,2]\n[1,]  0.1  0.2\n[2,]  0.3  0.4\n[3,]  0.5  0.6": SIX,
    "{{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.6}}": SIX,
    "[[np.float64(0.1), np.float64(0.2)], [0.3, 0.4], [0.5, 0.6]]": SIX,
    "W =\n\n   0.1   0.2\n   0.3   0.4\n   0.5   0.6\n\n": SIX,
    "| w1 | w2 |\n|---|---|\n| 0.1 | 0.2 |\n| 0.3 | 0.4 |\n| 0.5 | 0.6 |": SIX,
    "c(0.1, 0.2, 1L)": [["0.1", "0.2", "1"]],
    "[1] 0.1 0.2 0.3\n[4] 0.4": [["0.1", "0.2", "0.3", "0.4"]],
    "0.1 1/3 0.3": [["0.1", "1/3", "0.3"]],
    "1 ½, ¼, 2 1/2": [["1.5", "1/4", "2.5"]],
    r"1\frac{1}{2} & -2\frac34 & 1\,234": [["1.5", "-2.75", "1234"]],
    r"(1\,234{,}5; 2)": [["1234.5"], ["2"]],
    r"w_1 &= 0.15 \\ w_2 &= -\frac{1}{3} \\ w_3 &= 2 \cdot 10^{-3}": [["0.15", "-1/3", "2e-3"]],
    r"\begin{align} w_1 &= 0.15 \\ w_2 &= 0{,}2 \end{align}": [["0.15"], ["0.2"]],
    r"\left[\begin{array}{rr} 0.1 & 0.2 \\ \hline 0.3 & 0.4 \\[2pt] 0.5&0.6\end{array}\right]": SIX,
    "[0.1 0.2;\n\n0.3 0.4;\n0.5 0.6;\n]": SIX,
    '"0,5","1","0,25"': [["0.5", "1", "0.25"]],
    "0.1，0.2、０．３": [["0.1", "0.2", "0.3"]],
}


@pytest.mark.parametrize("text", CODE)
def test_code_is_left_out_and_its_numbers_are_not(text: str) -> None:
    assert rows_in(text) == CODE[text]


def test_named_numbers_come_where_their_names_are() -> None:
    filled = filled_from(HOMEWORK, "w1", "w2 = 0.2, b1 = 0.35; w_{1} = 0.1")
    assert filled is not None
    assert filled.numbers == {"w1": "0.1", "w2": "0.2", "b1": "0.35"}
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "w1", "w1 = 0.1, bias = 0.2")
    assert caught.value.values["cell"] == "bias = 0.2"


@pytest.mark.parametrize("text", ["[[1,2],[3]]", "1 2\n3 4\n5", "1 2 3; 4 5"])
def test_rows_of_different_lengths_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "w1", text)
    assert caught.value.code == "list_ragged"


@pytest.mark.parametrize(
    "text",
    [
        "[array([[0.1, 0.2],[0.3, 0.4]], dtype=float32), array([0.5, 0.6], dtype=float32)]",
        "[array([[0.1, 0.2]]), array([0.5, 0.6])]",
        "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]",
        "W = [[1,2],[3,4]] b = [5,6]",
    ],
)
def test_more_than_one_array_is_refused(text: str) -> None:
    assert refusal(text)[0] == "list_several"
    assert rows_in("[array([0.1, 0.2]), array([0.3, 0.4])]") == [["0.1", "0.2"], ["0.3", "0.4"]]


@pytest.mark.parametrize(
    "text",
    [
        "\th1\th2\r\nx1\t0,1\t0,2\r\nx2\t0,3\t0,4",
        "    h1  h2\nx1 0.1 0.2\nx2 0.3 0.4",
        "W\th1\th2\nx1\t0,1\t0,2\nx2\t0,3\t0,4",
        "W1\th1\th2\nx1\t0,1\t0,2\nx2\t0,3\t0,4",
        "| | h1 | h2 |\n|---|---|---|\n| x1 | 0.1 | 0.2 |\n| x2 | 0.3 | 0.4 |",
    ],
)
def test_names_at_the_edges_are_read_with_or_without_a_corner(text: str) -> None:
    found = number_rows(text, "/x")
    assert found.rows == [["0.1", "0.2"], ["0.3", "0.4"]]
    assert (found.row_names, found.column_names) == (("x1", "x2"), ("h1", "h2"))


@pytest.mark.parametrize(
    ("text", "rows", "factor"),
    [
        ("1.0e-03 * [0.1 0.2]", [["0.0001", "0.0002"]], "1.0e-03"),
        ("W =\n\n   1.0e+03 *\n\n    0.1000    0.2005\n   -0.3000         0",
         [["100", "200.5"], ["-300", "0"]], "1.0e+03"),
        (f"1.0e-01 *{ROW_END}{ROW_END}0.1 0.2{ROW_END}0.3 0.4",
         [["0.01", "0.02"], ["0.03", "0.04"]], "1.0e-01"),
        ("   1.0e-01  *\n\n    0.1000    0.2000\n", [["0.01", "0.02"]], "1.0e-01"),
        ("2×2 Matrix{Float64}:\n 0.1  0.2\n 0.3  0.4", [["0.1", "0.2"], ["0.3", "0.4"]], ""),
        (f"2-element Vector{{Float64}}:{ROW_END} 0.1{ROW_END} 0.2", [["0.1"], ["0.2"]], ""),
        ("1×2 adjoint(::Vector{Float64}) with eltype Float64:\n 0.1  0.2", [["0.1", "0.2"]], ""),
        ("[0.1 0.2; 0.3 0.4]^T", [["0.1", "0.3"], ["0.2", "0.4"]], ""),
        ("[0.1 0.2; 0.3 0.4]'", [["0.1", "0.3"], ["0.2", "0.4"]], ""),
        ("np.array([[0.1, 0.2], [0.3, 0.4]]).T", [["0.1", "0.3"], ["0.2", "0.4"]], ""),
        (r"$\begin{bmatrix}0.1 & 0.2\\0.3 & 0.4\end{bmatrix}^{\top}$",
         [["0.1", "0.3"], ["0.2", "0.4"]], ""),
        ("[0.1, 0.2]^T", [["0.1", "0.2"]], ""),
        ("'[[0.1, 0.2], [0.3, 0.4]]'", [["0.1", "0.2"], ["0.3", "0.4"]], ""),
    ],
)  # fmt: skip
def test_what_stands_around_a_matrix_is_read_with_it(
    text: str, rows: list[list[str]], factor: str
) -> None:
    """MATLAB's factor multiplies, a book's T turns, and Julia's head is none of it."""
    found = matrix_rows(text, "/x")
    assert (found.rows, found.factor) == (rows, factor)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("1.0e-03 * [0.1 0.2]\n1.0e-02 * [0.1 0.2]", "1.0e-02"),
        ("1.0e-03 * [1/2 0.2]", "1.0e-03"),
        ("W = 0.01 * [[1, 2], [3, 4]]", "0.01"),
    ],
)
def test_a_factor_before_all_numbers_is_named(text: str, factor: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "w1", text)
    assert (caught.value.code, caught.value.values) == ("list_scaled", {"factor": factor})
    assert rows_in("1.5*10^3 2×10^2") == [["1.5e3", "2e2"]]


@pytest.mark.parametrize(
    ("text", "cell"), [("½5 ¾", "½5"), ("0.1-0.2", "0.1-0.2"), ("1+.5", "1+.5"), ("0.5 ½½", "½½")]
)
def test_an_entry_that_is_no_number_is_named_among_signs_and_fractions(
    text: str, cell: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "w1", text)
    assert (caught.value.code, caught.value.values["cell"]) == ("list_entry", cell)


@pytest.mark.parametrize("text", ["x1 x2 x3\n1 2\n3 4", "a1\n1 2\n3 4", "\tx1\nh1\t1\t2\nh2\t3\t4"])
def test_names_that_are_not_as_many_as_columns_are_refused(text: str) -> None:
    assert refusal(text)[0] in ("list_entry", "list_gap")


@pytest.mark.parametrize("text", [f"0.5{ROW_END}NA", f"NA{ROW_END}0.5", "0.5 NA", "nan,1", "0.5;x"])
def test_an_entry_beside_a_number_is_named(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "w1", text)
    assert caught.value.values["cell"] in ("NA", "nan", "x")


def test_blanks_that_may_group_thousands_are_open() -> None:
    with pytest.raises(InvalidInput) as caught:
        filled_from(HOMEWORK, "x1", "100 200")
    assert caught.value.values == {"point": "100200", "apart": "100, 200"}
    assert filled_from(HOMEWORK, "x1", "1\N{NO-BREAK SPACE}234,5") is None


# --- any matrix, as programs write it ---------------------------------------------------------

FLOATS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: float(f"{x:.6g}") + 0.0)
SHAPES = st.tuples(st.integers(1, 4), st.integers(2, 4))
MATRICES = SHAPES.flatmap(
    lambda shape: st.lists(
        st.lists(FLOATS, min_size=shape[1], max_size=shape[1]),
        min_size=shape[0], max_size=shape[0],
    )
)  # fmt: skip


def joined(cells: list[list[str]], between: str, rows: str, around: str = "{}") -> str:
    return around.format(rows.join(between.join(row) for row in cells))


WRITERS: dict[str, Callable[[list[list[str]]], str]] = {
    "Python": lambda m: "[" + ", ".join(f"[{', '.join(row)}]" for row in m) + "]",
    "numpy's repr": lambda m: (
        "array([" + ",\n       ".join(f"[{', '.join(row)}]" for row in m) + "], dtype=float32)"
    ),
    "NumPy, printed": lambda m: "[" + "\n ".join(f"[{'  '.join(row)}]" for row in m) + "]",
    "PyTorch": lambda m: (
        "tensor([" + ",\n        ".join(f"[{',  '.join(row)}]" for row in m) + "],\n       "
        "device='cuda:0', requires_grad=True)"
    ),
    "MATLAB": lambda m: "W = [" + joined(m, " ", "; ") + "];",
    "MATLAB, commas": lambda m: "W = [" + joined(m, ",", ";") + "];",
    "MATLAB, printed": lambda m: "W =\n\n    " + joined(m, "    ", "\n    ") + "\n\n",
    "LaTeX": lambda m: (
        "W^{(1)} = \\begin{pmatrix}\n\t" + joined(m, " & ", " \\\\\n\t") + "\n\\end{pmatrix}"
    ),
    "a spreadsheet": lambda m: joined(m, "\t", "\r\n") + "\r\n",
    "R by rows": lambda m: (
        f"matrix(c({', '.join(c for row in m for c in row)}), nrow = {len(m)}, byrow = TRUE)"
    ),
    "R by columns": lambda m: (
        f"w <- matrix(c({', '.join(c for row in zip(*m, strict=True) for c in row)}), "
        f"ncol={len(m[0])})"
    ),
    "R, printed": lambda m: (
        "     " + " ".join(f"[,{at + 1}]" for at in range(len(m[0]))) + "\n"
        + "\n".join(f"[{at},] " + " ".join(row) for at, row in enumerate(m, start=1))
    ),
    "Mathematica": lambda m: "{" + ", ".join(f"{{{', '.join(row)}}}" for row in m) + "}",
    "blanks": lambda m: joined(m, "  ", "\n"),
    "commas": lambda m: joined(m, ", ", "\n"),
}  # fmt: skip
WITH_COMMAS: dict[str, Callable[[list[list[str]]], str]] = {
    "a spreadsheet": WRITERS["a spreadsheet"],
    "CSV": lambda m: joined(m, ";", "\n"),
    "LaTeX": lambda m: WRITERS["LaTeX"]([[cell.replace(",", "{,}") for cell in r] for r in m]),
    "brackets": WRITERS["NumPy, printed"],
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@QUICK
@given(matrix=MATRICES)
def test_a_matrix_comes_back_exactly(
    writer: Callable[[list[list[str]]], str], matrix: list[list[float]]
) -> None:
    found = rows_in(writer([[*map(repr, row)] for row in matrix]))
    assert [[*map(float, row)] for row in found] == matrix


@pytest.mark.parametrize("writer", WITH_COMMAS.values(), ids=WITH_COMMAS)
@QUICK
@given(matrix=MATRICES)
def test_decimal_commas_come_back_exactly_or_are_asked_about(
    writer: Callable[[list[list[str]]], str], matrix: list[list[float]]
) -> None:
    text = writer([[repr(x).replace(".", ",") for x in row] for row in matrix])
    found = number_rows(text, "/x", ",").rows
    assert [[*map(float, row)] for row in found] == matrix
    with suppress(InvalidInput):  # where the matrix alone does not tell
        assert rows_in(text) == found


BAD = ["NA", "nan", "inf", "?", "abc", "--", "1e400", "1.2.3", "x²", "0.5x", "None", "#REF!", "½½"]


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@QUICK
@given(matrix=MATRICES, bad=st.sampled_from(BAD), where=st.integers(0, 15))
def test_any_entry_that_is_no_number_is_named(
    writer: Callable[[list[list[str]]], str], matrix: list[list[float]], bad: str, where: int
) -> None:
    cells = [[*map(repr, row)] for row in matrix]
    row, place = where // 4 % len(cells), where % len(cells[0])
    cells[row][place] = bad
    assert refusal(writer(cells)) == ("list_entry", (bad, row + 1, place + 1))


@QUICK
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (rows_in, partial(filled_from, HOMEWORK, "w1")):
        with suppress(InvalidInput):
            read(text)


@QUICK
@given(st.text("0123456789.,;-+e/ \t\n[](){}&\\|=:'\"wNA_^$*", max_size=60))
def test_any_list_has_numbers_that_fields_read(text: str) -> None:
    with suppress(InvalidInput):
        for number in (number for row in rows_in(text) for number in row):
            assert len(typed_numbers(number)) == 1, number


def test_brackets_in_brackets_are_counted() -> None:
    assert rows_in("[" * 16 + "1, 2" + "]" * 16) == [["1", "2"]]
    assert refusal("[" * 50_000 + "1")[0] == "list_entry"
    begun = process_time()
    assert refusal("[" * 17 + "[1]," * 20_000 + "[1]" + "]" * 17)[0] == "list_entry"
    assert process_time() - begun < 1


HOSTILE = (
    "1,", " ", "\n", "\t", "[", "[[1],", "w_{", "w1 = ", "'", "dtype=", "(", "\\frac{1", "1/", "a.",
    "\\begin{", "[1,]\n", "|", "&", "1 ", "0,5 ", "1.234,5;", "matrix(c(", ", a", "{,}", "-", "9",
)  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_text_takes_no_longer_than_its_length(part: str) -> None:
    def seconds(times: int) -> float:
        text, begun = part * times, process_time()
        with suppress(InvalidInput):
            number_rows(text, "/x")
        return process_time() - begun

    short, long = (min(seconds(n // len(part)) for _ in range(2)) for n in (2_000, 16_000))
    assert long < 32 * short + 0.05, (short, long)
