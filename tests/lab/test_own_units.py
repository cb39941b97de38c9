"""Inputs of one's own, in the units of the table, and what a network answers for them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.data.catalog import source_to_data
from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.builder import data_defaults, dataset_samples, defaults, spec_data
from app.lab.own_units import answer_of, columns_of, in_table_units, own_columns, targets_of
from app.lab.spec_json import spec_from_data, spec_to_data
from app.lab.typed_inputs import typed_inputs

HEIGHTS = "height (cm),age\n170,30\n182,41\n165,25\n175,38\n"
TWO = "height,weight,kind\n170,65,ant\n182,80,bee\n165,58,ant\n175,77,cat\n"


def spec_of(text: str, **chosen: Any) -> Spec:
    options = data_defaults("own", 4)
    width = text.split("\n")[0].count(",")
    use = TableUse((*["input"] * width, "target")) if chosen.pop("roles", False) else None
    samples = dataset_samples("own", dataset_of(read_table(text), use), options)
    return spec_from_data(spec_data({**defaults(chosen, samples), **chosen}, samples))


def assert_reads(spec: Spec, text: str, found: Any) -> None:
    """A text is read as these inputs, or refused with this code."""
    if isinstance(found, tuple):
        assert typed_inputs(spec, text) == found
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec, text)
    assert caught.value.code == found


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
        ("170cm; 65,5 kg", (170, 65.5)),
        ("170 cm, 65kg", (170, 65)),
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
        ("pink; yes; 1", "asked_word"), ("1; yes; 1", "asked_word"),
        ("red; no; 1", (0, 0, 1, 0, 1)), ("red NO 1", (0, 0, 1, 0, 1)), ("red; n; 1", "asked_word"),
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
    assert_reads(spec, text, inputs)


def test_what_is_missing_is_counted_in_columns() -> None:
    spec = told_spec(WORDS)
    for text, count in (("red; yes", 2), ("red", 1), ("1.5", 1)):
        with pytest.raises(InvalidInput) as caught:
            typed_inputs(spec, text)
        told = {"expected": 3, "count": count, "columns": "colour, ok, size"}
        assert told.items() <= caught.value.values.items()


def test_a_word_that_is_none_is_told_all_words_of_its_column() -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(
            spec_of("smoker,age,y\nno,3,1\nyes,4,2\nno,5,3\nyes,6,4\n", roles=True), "perhaps;3"
        )
    assert caught.value.values["allowed"] == "no, yes"


DATES = "day,size,y\n" + "".join(f"{day}/1/2024,{day}.5,{day}\n" for day in (14, 13, 20, 31))
TIMES = "at,y\n" + "".join(f"{hour:02}:30,{hour}\n" for hour in (8, 9, 12, 15))


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("13/1/2024; 1,5", (0, 1.5)), ("2/2/2024; 1", (20, 1)), ("12 Jan 2024; 1", (-1, 1)),
        ("2024-01-14 12:00; 1", (1.5, 1)), ("2024-01-15 1.5", (2, 1.5)),
        ("31/2/2024; 1", "asked_date"), ("5; 1", "asked_date"), ("2024; 1", "asked_date"),
        ("8:30; 1", "asked_date"), ("; 1", "asked_date"), ("13/1/2024", "asked_inputs"),
    ],
)  # fmt: skip
def test_dates_are_typed_as_the_table_writes_them(text: str, inputs: Any) -> None:
    spec = spec_of(DATES, roles=True)
    assert (own_columns(spec)[0].zero, own_columns(spec)[1].zero) == ("2024-01-13", "")
    again = spec_from_data(spec_to_data(spec))
    assert again.data == spec.data
    if isinstance(inputs, tuple):
        assert typed_inputs(again, text) == inputs
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec, text)
    assert caught.value.code == inputs


def test_times_are_typed_as_times_and_one_date_may_have_blanks() -> None:
    assert typed_inputs(spec_of(TIMES, roles=True), "2:45 PM") == (14.75,)
    spec = spec_of("day,y\n2024-01-05,1\n2024-01-07,2\n2024-01-09,3\n2024-01-11,4\n", roles=True)
    assert typed_inputs(spec, "Jan 8, 2024") == (3,)


@pytest.mark.parametrize(("text", "found"), [("60 cm", 60), ("60cm", 60), ("60km", "asked_unit")])
def test_a_unit_is_that_of_its_column(text: str, found: Any) -> None:
    if found == 60:
        assert typed_inputs(spec_of(HEIGHTS), text) == (found,)
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(HEIGHTS), text)
    assert (caught.value.code, caught.value.values["unit"]) == (found, "cm")


@pytest.mark.parametrize(
    ("name", "cells", "text", "found"),
    [
        ("dose [mg]", "5 6 7 8", "5 mg", 5), ("dose [mg]", "5 6 7 8", "5 g", "asked_unit"),
        ("dose", "5mg 6mg 7mg 8mg", "5 mg", 5), ("dose", "5mg 6mg 7mg 8mg", "5 g", "asked_unit"),
        ("weight_kg", "5 6 7 8", "5 kg", 5), ("weight_kg", "5 6 7 8", "5 g", "asked_unit"),
        ("Größe cm", "5 6 7 8", "5 m", "asked_unit"), ("weight", "5 6 7 8", "5 kg", 5),
        ("price", "5€ 6€ 7€ 8€", "5 EUR", 5), ("price", "5€ 6€ 7€ 8€", "5 $", "asked_unit"),
        ("rate [%]", "5 6 7 8", "10%", 10), ("rate [%]", "5 6 7 8", "10‰", "asked_unit"),
        ("rate", "5% 6% 7% 8%", "10 %", 10), ("rate", "5% 6% 7% 8%", "10", 10),
        ("rate", "5‰ 6‰ 7‰ 8‰", "10‰", 10), ("rate", "5 6 7 8", "10%", "asked_no_unit"),
        ("plan_b", "5 6 7 8", "10%", "asked_no_unit"),
    ],
)  # fmt: skip
def test_no_unit_is_dropped_that_is_not_the_columns_own(
    name: str, cells: str, text: str, found: Any
) -> None:
    rows = "".join(f"{cell};{at}\n" for at, cell in enumerate(cells.split()))
    spec = spec_of(f"{name};y\n{rows}")
    if isinstance(found, int):
        assert typed_inputs(spec, text) == (found,)
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec, text)
    assert (caught.value.code, caught.value.values["cell"]) == (found, text)


def test_shares_without_a_separator_are_of_their_columns() -> None:
    spec = spec_of("a [%],b,c [%]\n1,2,3\n2,3,5\n3,1,4\n4,5,6\n", roles=True)
    assert typed_inputs(spec, "10 % 20") == (10, 20)


SHARES = "rate,b,y\n10%,1,0\n20%,3,1\n35%,4,0\n5%,2,1\n"
SHARES_OF = "rate,kind,y\n10%,a,1\n20%,b,0\n35%,c,1\n5%,a,1\n20%,b,0\n35%,c,1\n"


@pytest.mark.parametrize(
    ("table", "text", "found"),
    [
        *((SHARES, text, (10, 3)) for text in (
            "10%,3", "10 %,3", "10%, 3", "10%;3", "10% 3", "10%\n3", "10% | 3", "[10%, 3]",
            "(10%,3)", "[[10%],[3]]", "c(10%,3)", "rate=10%, b=3", "b: 3, rate (%): 10%", "10\\%,3",
        )),
        (SHARES, "10%,3,5", (10, 3.5)), (SHARES, "2,5%,3", (2.5, 3)),
        (SHARES, "1/2,30%", "asked_no_unit"), (SHARES, "2,30%", "asked_no_unit"),
        (SHARES, "10%/3", "asked_inputs"), (SHARES, "10%,2,3%,4", "asked_inputs"),
        (SHARES, "10%,(3)", "open_number"), (SHARES, "10‰,3", "asked_unit"),
        (SHARES, "2 kg,3", "asked_unit"), (SHARES, "2 kg 3", "asked_unit"),
        (SHARES_OF, "10%,a", (10, 1, 0, 0)), (SHARES_OF, "10%;0;0;1", (10, 0, 0, 1)),
        (SHARES_OF, "10%, 0, 0, 1", (10, 0, 0, 1)), (SHARES_OF, "[10%, c]", (10, 0, 0, 1)),
        (SHARES_OF, "10%,0,0,1", "asked_word"),
        (TWO, "1,5 cm,2", (1.5, 2)), (TWO, "2 m 3", (2, 3)), (TWO, "170cm,65", (170, 65)),
    ],
)  # fmt: skip
def test_shares_and_units_are_of_their_columns_whatever_separates(
    table: str, text: str, found: Any
) -> None:
    spec = spec_of(table, roles=True)
    assert_reads(spec, text, found)


def test_values_with_names_go_to_the_columns_that_are_called_so() -> None:
    for text in (
        "weight=65, height=170",
        "{'height': 170, 'weight': 65}",
        "Weight: 65\nHeight: 170",
    ):
        assert typed_inputs(spec_of(TWO), text) == (170, 65)
    for text in ("height=170", "height=170, height=65"):
        with pytest.raises(InvalidInput, match="asked_inputs") as refused:
            typed_inputs(spec_of(TWO), text)
        assert refused.value.values["count"] == 1


@pytest.mark.parametrize("chosen", [{}, {"output_activation": "sigmoid"}])
@pytest.mark.parametrize("standardise", [True, False])
def test_shares_are_answered_as_the_table_writes_them(
    *, standardise: bool, chosen: dict[str, str]
) -> None:
    text = "rate,done\n5%,20%\n6%,40%\n7%,35%\n8%,70%\n"
    options = {**data_defaults("own", 4), "standardise": standardise, "shuffle": False}
    samples = dataset_samples("own", dataset_of(read_table(text)), options)
    spec = spec_from_data(spec_data({**defaults(chosen, samples), **chosen}, samples))
    assert (columns_of(spec), targets_of(spec)) == (("rate (%)",), ("done (%)",))
    assert in_table_units(spec, spec.targets)[:, 0] == pytest.approx([20, 40, 35, 70])
    found = answer_of(spec, spec.initial, typed_inputs(spec, "6,5%"))
    assert found.inputs == (6.5,)
    assert found.outputs[0] == pytest.approx(in_table_units(spec, np.array([found.activations]))[0])
    if not standardise:
        assert spec.inputs[:, 0] == pytest.approx([0.05, 0.06, 0.07, 0.08])
        assert found.outputs[0] == pytest.approx(100 * found.activations[0])


@pytest.mark.parametrize(
    ("cells", "text", "value"),
    [
        ("05/24 06/24 09/24", "07/24", 61), ("202301 202302 202306", "202304", 90),
        ("990105 990106 990201", "990107", 2), ("310199 310399", "020299", 2),
        ("08.30 9.45 10.15", "08.30", 8.5),
        ("830 945 1015", "845", 8.75), ("2024.01 2024.02 2024.1", "2024.03", 60),
        ("7h30 8h30 9h45", "8h15", 8.25), ("2024Q1 2024Q2 2024Q4", "Q3 2024", 182),
    ],
)  # fmt: skip
def test_dates_told_apart_from_numbers_are_typed_as_the_table_writes_them(
    cells: str, text: str, value: float
) -> None:
    rows = "".join(f"{cell};{at}\n" for at, cell in enumerate(cells.split()))
    table = read_table(f"t;y\n{rows}", literals=("dates", ""))
    samples = dataset_samples("own", dataset_of(table), data_defaults("own", 4))
    spec = spec_from_data(spec_data(defaults({}, samples), samples))
    again = spec_from_data(spec_to_data(spec))
    assert typed_inputs(again, text) == (value,)


@pytest.mark.parametrize(
    ("unit", "text", "inputs"),
    [
        ("minutes", "1:20; 3", (1 + 20 / 60, 3)), ("minutes", "1:02:30; 3", (62.5, 3)),
        ("hours", "30:15\t3", (30.25, 3)), ("hours", "1,5; 3", (1.5, 3)),
        ("minutes", "0:00 minutes; 3", (0, 3)), ("minutes", "long; 3", "asked_number"),
    ],
)  # fmt: skip
def test_durations_are_typed_as_the_table_writes_them(unit: str, text: str, inputs: Any) -> None:
    spec = told_spec("t,b,y\n25:15,1,1\n1:20,2,2\n30:00,4,3\n", [unit, "", ""])
    if isinstance(inputs, tuple):
        assert typed_inputs(spec, text) == pytest.approx(inputs)
        return
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec, text)
    assert caught.value.code == inputs


def test_two_values_that_were_standardised_are_no_classes() -> None:
    """Their targets are -1 and 1 to the network, as those of classes may be."""
    spec = told_spec("x,y\n1.5,30\n2.5,40\n")
    assert spec.targets[:, 0].tolist() == [-1, 1] or spec.targets[:, 0].tolist() == [1, -1]
    assert answer_of(spec, spec.initial, (1.5,)).label == ""


def test_one_number_with_two_readings_is_asked_about() -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(HEIGHTS), "12,345")
    assert caught.value.code == "open_number"


@pytest.mark.parametrize(
    ("text", "cell"),
    [("1.234.567 2.5", "1.234.567"), ("170 nan", "nan"), ("170, 1e400", "1e400"), ("170 ?", "?"),
     ("[170, NA]", "NA")],
)  # fmt: skip
def test_what_is_no_number_is_named(text: str, cell: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(TWO), text)
    assert (caught.value.code, caught.value.values["cell"]) == ("list_entry", cell)


@pytest.mark.parametrize(
    ("table", "text", "cell", "column"),
    [(TWO, "nan;1", "nan", "height"), (TWO, "170\t1e400", "1e400", "weight"),
     (TWO, "170；", "", "weight"), (HEIGHTS, "1e400", "1e400", "height (cm)"),
     (HEIGHTS, "inf", "inf", "height (cm)")],
)  # fmt: skip
def test_what_is_no_number_is_named_with_its_column(
    table: str, text: str, cell: str, column: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        typed_inputs(spec_of(table), text)
    values = caught.value.values
    assert (caught.value.code, values["cell"], values["column"]) == ("asked_number", cell, column)


COMMAS = "price;size;kind\n1.200,5;2,5;ant\n3.400;4,25;bee\n800;1,5;ant\n950,75;2;bee\n"


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("1.200; 2,5", (1200, 2.5)),
        ("1.200\t1,234", (1200, 1.234)),
        ("1.200 1.5", (1200, 1.5)),
        ("1.200,5, 2,5", (1200.5, 2.5)),
        ("0.5; 1/4", (0.5, 0.25)),
        ("[1.200; 3]", (1200, 3)),
    ],
)
def test_a_table_with_decimal_commas_is_asked_in_its_own_format(
    text: str, inputs: tuple[float, ...]
) -> None:
    spec = spec_of(COMMAS)
    assert spec.data is not None
    assert spec.data.decimal == ","
    assert typed_inputs(spec, text) == inputs
    again = spec_from_data(spec_to_data(spec))
    assert again.data == spec.data


def test_other_tables_have_no_format_of_their_own() -> None:
    for table in (TWO, HEIGHTS, "a;b\n1;2\n3;4\n", "a;b\n1.5;2,5\n3.25;4,5\n"):
        data = spec_of(table).data
        assert data is not None
        assert (data.decimal, "decimal" in source_to_data(data)) == ("", False)
    assert typed_inputs(spec_of(HEIGHTS), "1.200") == (1.2,)


def told_spec(text: str, literals: Sequence[str] = (), targets: int = 1) -> Spec:
    """A network of all columns of a table, the last ones as targets."""
    table = read_table(text, literals=literals)
    inputs = len(table.names) - targets
    use = TableUse((*["input"] * inputs, *["target"] * targets))
    samples = dataset_samples("own", dataset_of(table, use), data_defaults("own", 4))
    return spec_from_data(spec_data(defaults({}, samples), samples))


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("2004/05; 30", (2004, 30)), ("2004-05\t30", (2004, 30)),
        ("1999\N{EN DASH}2000; 30", (1999, 30)), ("2003/2004 30", (2003, 30)),
        ("[2004/05, 30]", (2004, 30)), ("2004; 1/4", (2004, 0.25)), ("1200/24; 30", (50, 30)),
        ("04/05; 09/10", (2004, 0.9)), ("2004 / 05; 30", (2004, 30)),
    ],
)  # fmt: skip
def test_of_a_season_its_first_year_is_read(text: str, inputs: tuple[float, ...]) -> None:
    seasons = "season,goals,points\n2003/04,30,40\n2004/05,35,45\n2005/06,32,47\n"
    assert typed_inputs(told_spec(seasons, ["leading", "", ""]), text) == inputs


@pytest.mark.parametrize("text", ["2004/06; 30", "2004 / 2008; 30", "2004/03; 30"])
def test_years_that_do_not_follow_each_other_are_not_divided(text: str) -> None:
    seasons = "season,goals,points\n2003/04,30,40\n2004/05,35,45\n2005/06,32,47\n"
    with pytest.raises(InvalidInput, match="asked_number") as refused:
        typed_inputs(told_spec(seasons, ["leading", "", ""]), text)
    assert refused.value.values["column"] == "season"


def test_brackets_around_one_number_may_be_its_minus() -> None:
    spec = told_spec("x;y\n(1.234,50);2\n2.345,00;3\n(990,10);4\n", [])
    assert typed_inputs(spec, "-990,10") == (-990.1,)
    with pytest.raises(InvalidInput, match="open_number") as refused:
        typed_inputs(spec, "(990,10)")
    values = refused.value.values
    assert (values["point"], values["comma"]) == ("990,1", "-990,1")


@pytest.mark.parametrize(
    ("table", "text", "readings"),
    [
        ("a,b,y\n12,(980.25),3\n13,5.5,4\n", "12; (980.25)", ("980.25", "-980.25")),
        ("a,b,y\n12,(980.25),3\n13,5.5,4\n", "12, (980.25)", ("980.25", "-980.25")),
        ("a,b,y\n12,980.25-,3\n13,5.5,4\n", "12; 980.25-", ("980.25", "-980.25")),
        ("a,y\n980.25-,3\n5.5,4\n", "980.25-", ("980.25", "-980.25")),
        ("a;y\n1,5;3\n2,5;4\n", "(1,234)", ("1,234", "-1,234")),
        ("a,y\n1.5,3\n2.5,4\n", "(1,234)", ("(1234)", "(1.234)")),
    ],
)
def test_a_number_as_accounts_write_it_is_asked_for_its_sign(
    table: str, text: str, readings: tuple[str, str]
) -> None:
    """Whatever stands beside it; a comma with two readings is asked about before."""
    with pytest.raises(InvalidInput, match="open_number") as refused:
        typed_inputs(told_spec(table, []), text)
    assert (refused.value.values["point"], refused.value.values["comma"]) == readings


@pytest.mark.parametrize(
    ("table", "text", "inputs"),
    [
        ("a;y\n1,5;3\n2,5;4\n", "1,5 ± 0,1", (1.5,)),
        ("a,y\n1.5,3\n2.5,4\n", "9.81(2)e-3", (9.81e-3,)),
        ('a,y\n"$1,310",3\n"$1,250.50",4\n', "$1,310", (1310,)),
        ('a,y\n"$1,310",3\n"$1,250.50",4\n', "1,310", (1310,)),
        ('a,y\n"1,310",3\n"1,250.50",4\n', "1,5", (1.5,)),
        ("a,y\nx–y,3\nb–c,4\nx–y,5\n", "x-y", (1,)),
        ("a,y\nx–y,3\nx-y,4\nx–y,5\n", "x-y", (0,)),
    ],
)
def test_what_the_table_writes_is_read(table: str, text: str, inputs: tuple[float, ...]) -> None:
    assert typed_inputs(told_spec(table, []), text) == inputs


def test_a_short_season_begins_near_those_of_the_table() -> None:
    seasons = "season,goals,points\n28/29,30,40\n29/30,35,45\n30/31,32,47\n"
    spec = told_spec(seasons, ["leading", "", ""])
    assert typed_inputs(spec, "31/32; 30") == (2031, 30)
    assert typed_inputs(spec, "99/00; 30") == (1999, 30)


@pytest.mark.parametrize(
    ("columns", "text", "inputs"),
    [
        ("height,weight", "1.5k; 2M", (1500, 2e6)), ("height,weight", "1.5k, 3 Mio.", (1500, 3e6)),
        ("height,weight", "2k 3", (2000, 3)), ("height,weight", "1½ km; 2", (1.5, 2)),
        ("temperature (K),weight", "1k; 2", None),
    ],
)  # fmt: skip
def test_thousands_and_millions_are_read_where_no_unit_is_called_so(
    columns: str, text: str, inputs: tuple[float, ...] | None
) -> None:
    spec = spec_of(f"{columns},y\n300,60,1\n310,65,2\n320,70,4\n")
    if inputs:
        assert typed_inputs(spec, text) == inputs
        return
    with pytest.raises(InvalidInput):
        typed_inputs(spec, text)


def test_beside_dates_a_season_is_read_in_its_own_column_alone() -> None:
    dated = "month,season,y\n2004-05,2003/04,1\n2004-06,2004/05,2\n2004-08,2005/06,3\n"
    spec = told_spec(dated, ["", "leading", ""])
    assert typed_inputs(spec, "2004-05; 2004/05") == (0, 2004)


CLOCKS = "Uhrzeit;temp;y\n8.30;1,5;3\n9.15;2,5;4\n17.45;3,5;5\n"
PLACES = "lat;temp;y\n48.13;1,5;3\n48.15;2,5;4\n48.45;3,5;5\n"


@pytest.mark.parametrize(
    ("table", "literals", "decimal", "text", "inputs"),
    [
        (CLOCKS, ["dates", "", ""], ",", "9:30; 1.250", (9.5, 1250)),
        (CLOCKS, ["dates", "", ""], ",", "9.30; 1,250", (9.5, 1.25)),
        (CLOCKS.replace("Uhrzeit", "m").replace("8.30", "01.2024").replace("9.15", "02.2024")
         .replace("17.45", "03.2024"), ["dates", "", ""], ",", "02.2024; 1,250", (31, 1.25)),
        (PLACES, (), ".,", "48.125; 1.250", (48.125, 1250)),
        (PLACES, (), ".,", "48.125\t1,250", (48.125, 1.25)),
        ("c;temp;lat;y\na;1,5;48.13;1\nb;2,5;48.15;2\nc;3,5;48.45;3\n", (), ".,.",
         "b; 1,250; 48.125", (0, 1, 0, 1.25, 48.125)),
    ],
)  # fmt: skip
def test_each_column_has_its_own_decimal_sign(
    table: str, literals: Sequence[str], decimal: str, text: str, inputs: tuple[float, ...]
) -> None:
    spec = told_spec(table, literals)
    assert spec.data is not None
    assert spec.data.decimal == decimal
    assert typed_inputs(spec, text) == inputs
    assert spec_from_data(spec_to_data(spec)).data == spec.data
