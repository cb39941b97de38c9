"""Numbers as people type them, in any field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.data.numbers.typed_numbers import typed_numbers
from app.web.networks.forms import plain_number
from tests.strategies import QUICK


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5), ("0,5", 0.5), (",5", 0.5), ("-0,15", -0.15), ("\N{MINUS SIGN}0,15", -0.15),
        (" - 0,5 ", -0.5), ("1e-3", 1e-3), ("1,5e-3", 1.5e-3), ("\N{MINUS SIGN}1E-3", -1e-3),
        ("1/3", 1 / 3), ("-1 / 4", -0.25), ("1,5/2", 0.75), ("1 234,5", 1234.5), ("1.234", 1.234),
        ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("0,345", 0.345), ("12,3456", 12.3456),
        ("50%", 0.5), ("1\N{NO-BREAK SPACE}234", 1234), ("+3", 3), ("1'234", 1234),
        ("٣", 3), ("١٬٢٣٤٫٥", 1234.5), ("١٢٫٣٤٥", 12.345), ("－０．５", -0.5),
        ("۵۰٪", 0.5), ("१/４", 0.25), ("½", 0.5), ("-1½", -1.5), ("1 ¾", 1.75), ("1⁄2", 0.5),
        ("½%", 0.005), ("1½‰", 0.0015),
        (r"\frac{1}{2}", 0.5), (r"2\frac{1}{2}", 2.5), (r"-2\frac{1}{2}", -2.5),
        (r"$-\frac12$", -0.5), (r"\frac{1,5}{2}", 0.75),
        ("0{,}5", 0.5), (r"5 \cdot 10^{-3}", 5e-3),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(text: str, value: float) -> None:
    assert float(plain_number(text)) == value


@pytest.mark.parametrize("text", ["12,345", "-1,234", "1,234/2", "１２，３４５", "١,٢٣٤"])
def test_a_comma_with_two_readings_is_no_guess(text: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        plain_number(text)
    assert refused.value.type == ("decimal_number" if "/" in text else "open_number")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "0;5",
        "1/0",
        "1//2",
        "1,2,3",
        "$5",
        "--1",
        "1 2",
        "²",
        "(5)",
        "5-",
        "1/2/3",
        "½5",
        "½½",
        "1,5½",
        "1/2%",
        "1/" * 9_000,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="decimal number"):
        plain_number(text)


@QUICK
@given(value=st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-300))
def test_every_number_is_read_back(value: float) -> None:
    assert float(plain_number(repr(value))) == value
    comma = repr(value).replace(".", ",")
    assert value in typed_numbers(comma)


@QUICK
@given(text=st.text("0123456789.,'eE+-/ %$−", max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    assert all(isinstance(value, float) for value in typed_numbers(text))
