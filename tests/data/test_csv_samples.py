"""Columns in their roles: gaps, words, spellings, labels, and what is ignored."""

from typing import Any

import pytest

from app.data.csv_samples import TableUse, dataset_of
from app.data.csv_table import read_table
from app.errors import InvalidTable

GAPS = "x,colour,y\n1,red,10\nNA,blue,20\n3,?,30\n4,red,\n"
ROLES = ("input", "input", "target")


@pytest.mark.parametrize(
    ("gaps", "inputs", "targets"),
    [
        ("omit", [[1, 10]], []),
        ("mean", [[1, 1], [8 / 3, 0], [3, 1]], [10, 20, 30]),
        ("frequent", [[1, 1], [1, 0], [3, 1]], [10, 20, 30]),
    ],
)
def test_gaps_are_left_out_or_filled(gaps: str, inputs: Any, targets: Any) -> None:
    with pytest.raises(InvalidTable) as caught:
        dataset_of(read_table(GAPS), TableUse(ROLES))
    assert caught.value.code == "csv_missing"
    if gaps == "omit":
        # One row is left, and one word is no input.
        found = dataset_of(read_table(GAPS), TableUse(("input", "ignore", "target"), gaps=gaps))
        assert found.inputs.tolist() == [[1], [3]]
        return
    found = dataset_of(read_table(GAPS), TableUse(ROLES, gaps=gaps))
    assert found.columns == ("x", "colour=red")
    assert found.inputs.tolist() == inputs
    assert found.targets[:, 0].tolist() == targets


def test_words_are_units_of_0_and_1() -> None:
    table = read_table("c,ok,y\nred,no,1\nblue,yes,2\ngreen,yes,3\nred,no,4\n")
    assert table.proposed_roles() == ("input", "input", "target")
    found = dataset_of(table)
    assert found.columns == ("c=blue", "c=green", "c=red", "ok=yes")
    assert found.inputs.tolist() == [[0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 0]]


def test_yes_and_no_are_0_and_1_beside_numbers() -> None:
    table = read_table("x,ok,c,y\n1,TRUE,red,2\n2,FALSE,blue,3\n3,TRUE,red,5\n4,FALSE,red,7\n")
    assert table.proposed_roles() == ("input", "input", "ignore", "target")
    found = dataset_of(table)
    assert (found.columns, found.zeros) == (("x", "ok=TRUE"), ("", "FALSE"))
    assert found.inputs.tolist() == [[1, 1], [2, 0], [3, 1], [4, 0]]


@pytest.mark.parametrize(
    "text",
    ["30,64,1,1\n30,62,3,1\n30,65,0,2\n31,59,2,2\n31,65,4,1\n33,58,10,1\n", "0,0,1,1\n0,1,0,1\n"],
)
def test_rows_of_whole_numbers_are_no_decimal_ones(text: str) -> None:
    first = [int(line.split(",")[0]) for line in text.split()]
    use = TableUse(("input", "input", "input", "target"))
    assert dataset_of(read_table(text), use).inputs[:, 0].tolist() == first


def test_spellings_are_merged_on_request() -> None:
    table = read_table("x,k\n1,Yes\n2,no\n3,yes\n4,YES\n5,No\n6,yes\n")
    with pytest.raises(InvalidTable, match="csv_open_spelling") as asked:
        dataset_of(table)
    assert (asked.value.values["cell"], asked.value.values["other"]) == ("Yes", "yes")
    assert dataset_of(table, TableUse(merge=False)).classes == ("No", "YES", "Yes", "no", "yes")
    merged = dataset_of(table, TableUse(merge=True))
    assert merged.classes == ("no", "yes")
    assert merged.targets[:, 0].tolist() == [1, 0, 1, 1, 0, 1]
    plants = read_table("x,k\n1,Iris setosa\n2,iris-setosa\n3,rose\n4,Iris setosa\n")
    assert dataset_of(plants, TableUse(merge=True)).classes == ("Iris setosa", "rose")


def test_a_short_form_is_asked_about_its_spellings_alone() -> None:
    """Its four rows are read as a longer copy of it: the times of its answers are ignored."""
    rows = [f"1/{at}/2024 10:00,{word},{at}" for at, word in enumerate(("Yes", "no", "yes", "No"))]
    table = read_table("\n".join(["Timestamp,Smoker?,Happy?", *rows]))
    assert table.proposed_roles() == ("ignore", "input", "target")
    with pytest.raises(InvalidTable, match="csv_open_spelling") as asked:
        dataset_of(table)
    assert [*asked.value.others] == []
    assert dataset_of(table, TableUse(merge=True)).inputs[:, 0].tolist() == [1, 0, 1, 0]


def test_targets_of_plus_and_minus_one_may_be_classes() -> None:
    table = read_table("x,y\n0.5,-1\n1.5,1\n2.5,-1\n3.5,1\n")
    assert table.columns[1].is_whole
    found = dataset_of(table, TableUse(classes=True))
    assert (found.classes, found.targets.tolist()) == (("-1", "1"), [[0], [1], [0], [1]])


def test_large_values_are_fine_when_they_are_standardised() -> None:
    table = read_table("x,y\n5000000,1\n7000000,2\n")
    assert dataset_of(table, TableUse(standardised=True)).inputs.tolist() == [[5e6], [7e6]]
    with pytest.raises(InvalidTable, match="csv_range"):
        dataset_of(table)


def test_ignored_columns_say_why() -> None:
    rows = [f"{i},name {i},2024-01-{i:02},{'ab'[i % 2]},,{i / 2},{i % 2}" for i in range(1, 7)]
    table = read_table("\n".join(["id,who,day,kind,none,x,y", *rows]))
    assert table.ignored == ("counts", "labels", "dates", "words", "empty", "", "")
    assert table.proposed_roles() == ("ignore",) * 5 + ("input", "target")
