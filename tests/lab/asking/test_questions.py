"""Answers: how they are read, what they come to, and which of them count."""

import pytest

from app.errors import InvalidInput
from app.lab.asking.asking import Asking
from app.lab.asking.questions import AskedQuestion, Outcome, believable, outcomes
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab


def asked(key: str, tolerance: str = "1") -> AskedQuestion:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec, "mazur-2-2-2")
    return Asking(lab).question(key, tolerance)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.5", 0.5), (" 0,5 ", 0.5), ("−1e-3", -0.001), ("1/4", 0.25), ("-0", 0.0)],
)
def test_a_number_is_read_as_people_type_it(typed: str, value: float) -> None:
    question = asked("value:delta:o1")
    kept = question.answered(typed)
    assert kept == typed.strip() == question.answered(kept)
    (found,) = outcomes(question, {kept: 2, f"{value}0": 1})
    assert (found.given, repr(found.value)) == (3, repr(value)), "however it is typed"


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("value:delta:o1", "", "decimal_number"),
        ("value:delta:o1", "up", "decimal_number"),
        ("value:delta:o1", "inf", "decimal_number"),
        ("value:delta:o1", "nan", "decimal_number"),
        ("value:delta:o1", "1e999", "decimal_number"),
        ("value:delta:o1", "1,234", "open_number"),
        ("value:delta:o1", "1" * 81, "max_characters"),
        ("direction:w5", "3", "choice"),
        ("direction:w5", "-1", "choice"),
        ("direction:w5", "up", "choice"),
        ("direction:w5", "٠", "choice"),
    ],
)
def test_what_is_no_answer_is_refused(key: str, typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(key).answered(typed)
    assert refused.value.code == code


def test_wrong_numbers_are_grouped_by_the_slips_that_they_fit() -> None:
    answers = {"0.3589": 3, "0.35892": 1, "0.318": 2, "0.3178": 1, "0.441": 1, "7.0": 1}
    found = outcomes(asked("value:new:w5"), answers)
    assert [(one.given, one.is_right, one.slips) for one in found] == [
        (4, True, ()),
        (3, False, ("no_rate", "factor")),
        (1, False, ("added",)),
        (1, False, ()),
    ]
    assert found[1].value == 0.318, "what most of them are"
    assert {one.is_right for one in outcomes(asked("value:new:w5").hidden, answers)} == {False}


def test_right_answers_stand_as_the_one_nearest_to_the_truth() -> None:
    question = AskedQuestion("value", value=0.3775, tolerance=0.05)
    for answers in ({"0.3775": 1, "0.38": 1, "0.37": 1}, {"0.37": 1, "0.38": 1, "0.3775": 1}):
        (found,) = outcomes(question, answers)
        assert (found.value, found.given, found.is_right) == (0.3775, 3, True)
    (most,) = outcomes(question, {"0.3775": 1, "0.38": 2})
    assert most.value == 0.38


def test_choices_stand_in_their_order() -> None:
    question = asked("direction:w5")
    assert outcomes(question, {"1": 4, "0": 1}) == [
        Outcome(1, False, 0), Outcome(4, True, 1), Outcome(0, False, 2)
    ]  # fmt: skip
    assert {one.is_right for one in outcomes(question.hidden, {})} == {None}


def test_answers_that_somebody_makes_up_do_not_count() -> None:
    assert believable({}, {"0": 300}) == ({"0": 300}, 0)
    assert believable({"0": 20}, {"1": 30}) == ({"0": 20, "1": 30}, 0)
    assert believable({"0": 20}, {"1": 31}) == ({"0": 20}, 31)
