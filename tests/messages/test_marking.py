"""Whole numbers in sentences."""

import pytest

from app.messages.marking import Count, counted


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1000, "1,000 steps"), (-1, "-1 steps")],
)
def test_a_noun_follows_its_number(number: int, text: str) -> None:
    assert f"{Count(number):step|steps}" == text


def test_thousands_are_separated_unless_a_form_says_otherwise() -> None:
    assert "{n} {n:d} {n:06d}".format(n=Count(12345)) == "12,345 12345 012345"


def test_only_whole_numbers_are_counted() -> None:
    values = counted({"a": 1234, "b": 1234.5, "c": "1234", "d": True})
    assert "{a} {b} {c} {d}".format(**values) == "1,234 1234.5 1234 True"
