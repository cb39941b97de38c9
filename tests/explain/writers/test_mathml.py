"""Long equations in pieces: nothing is lost, parentheses close, and only what is long is broken."""

import re

import pytest

from app.explain.expression import (
    Apply,
    Difference,
    Expression,
    Number,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from app.explain.notation import NOTATIONS
from app.explain.writers.mathml import BreakableMathML, MathML, is_wide, mathml_width

NET = NOTATIONS["net"]
LONG = Number(-98765.4321)


def text(*pieces: str) -> str:
    return re.sub(r"<[^>]*>", "", "".join(pieces))


NESTEROV = Difference(LONG, Product((LONG, Sum((LONG, Product((LONG, LONG)))))))


def test_a_long_difference_is_broken_within_its_parentheses() -> None:
    pieces = BreakableMathML(NET, 10).pieces(NESTEROV)
    assert len(pieces) == 5
    assert text(*pieces) == text(MathML(NET, 10).write(NESTEROV))
    assert not is_wide([pieces])


def test_a_fraction_that_is_too_long_becomes_a_slash() -> None:
    top, bottom = Product((LONG, LONG)), Sum((Apply("sqrt", (LONG,)), LONG))
    whole = Quotient(top, bottom)
    said = text(*BreakableMathML(NET, 10).pieces(whole))
    assert "/" in said
    assert said.count("(") == said.count(")")
    assert BreakableMathML(NET, 3).pieces(Quotient(Number(1.5), LONG)) == [
        MathML(NET, 3).write(Quotient(Number(1.5), LONG))
    ]


@pytest.mark.parametrize(
    "expression",
    [Difference(Symbol("weight", "w1"), Product((Symbol("rate"), Number(0.5)))), Number(0.25),
     Sum((Number(0.1), Number(0.2))), Product((Number(0.1), Number(-0.2)))],
)  # fmt: skip
def test_what_is_short_stays_as_it_was(expression: Expression) -> None:
    assert BreakableMathML(NET, 4).pieces(expression) == MathML(NET, 4).pieces(expression)


def test_what_cannot_be_broken_is_wide() -> None:
    root = Apply("sqrt", (Product((LONG, LONG, LONG)),))
    pieces = BreakableMathML(NET, 10).pieces(root)
    assert len(pieces) == 1
    assert is_wide([pieces])
    assert mathml_width(pieces[0]) > 40
