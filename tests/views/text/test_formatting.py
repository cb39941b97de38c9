"""Numbers and names as people read them."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.explain.rounding import MINUS, number
from app.views.text.formatting import (
    as_in_table,
    brief,
    brief_range,
    exactly,
    label,
    listed,
    natural,
    numbers_apart,
    percent,
    plain,
    short,
)
from app.views.text.formatting import (
    given as as_given,
)
from tests.strategies import THOROUGH

FINITE = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1e6, 1e6),
    st.floats(-1.0, 1.0),
    st.floats(-1e-2, 1e-2),
)


# --- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (1.0, "1.0000"),
        (0.505, "0.5050"),
        (-0.25, "−0.2500"),
        (0.6236336, "0.6236"),
        (12345.6789, "12345.6789"),
        (0.0123456, "0.0123"),
        # A small number keeps three digits.
        (0.00987654, "0.00988"),
        (0.00068732, "0.000687"),
        (-0.00010049, "−0.000100"),
        # Beyond that an exponent is shorter.
        (0.0000123456, "1.23e−5"),
        (-7.52594e-13, "−7.53e−13"),
        (123456.0, "1.23e5"),
        (-1.5e100, "−1.50e100"),
        (5e-324, "4.94e−324"),
        # Rounded half to even, as the exact binary value has it.
        (0.00625, "0.00625"),
        (0.03125, "0.0312"),
        (0.09375, "0.0938"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.23345283811892165, "0.233453"), (3.510187782978859e-05, "3.51e−5"), (0.0, "0.000000")],
)
def test_more_decimals(value: float, text: str) -> None:
    assert number(value, 6) == text


def test_a_sign_stands_where_it_is_asked_for() -> None:
    assert number(0.5, signed=True) == "+0.5000"
    assert number(-0.5, signed=True) == "−0.5000"
    assert number(1e-9, signed=True) == "+1.00e−9"
    assert number(0.0, signed=True) == "0.0000"


@THOROUGH
@given(FINITE, st.sampled_from([4, 6]), st.booleans())
def test_a_text_reads_back_within_half_of_its_last_place(
    value: float, decimals: int, signed: bool
) -> None:
    read = Decimal(number(value, decimals, signed=signed).replace(MINUS, "-"))
    exponent = read.as_tuple().exponent
    assert isinstance(exponent, int)
    assert abs(Decimal(value) - read) <= Decimal(10) ** exponent / 2
    assert (read < 0) == (value < 0)


@THOROUGH
@given(FINITE, st.booleans())
@example(99_999.999_99, True)
@example(-99_999.999_99, False)
def test_a_number_never_takes_more_room_than_there_is(value: float, signed: bool) -> None:
    assert len(number(value, signed=signed)) <= 11


@THOROUGH
@given(FINITE)
def test_a_number_that_is_not_zero_never_looks_like_zero(value: float) -> None:
    digits = number(value).split("e")[0].replace(MINUS, "")
    assert (float(digits) == 0) == (value == 0)


@THOROUGH
@given(FINITE, st.booleans())
def test_numbers_are_made_of_digits_and_a_true_minus(value: float, signed: bool) -> None:
    text = number(value, signed=signed)
    assert set(text) <= set("0123456789.e+" + MINUS)
    assert text.startswith(MINUS) == (value < 0)
    assert text.startswith("+") == (signed and value > 0)


@THOROUGH
@given(FINITE)
def test_plain_text_reads_back_the_same(value: float) -> None:
    assert float(plain(value)) == value
    assert math.copysign(1, float(plain(value))) == math.copysign(1, value)


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.5"), (1.0, "1"), (-2.0, "-2"), (0.1, "0.1"), (1e-9, "1e-09")]
)
def test_plain_text_is_short(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "text", "shorter"),
    [
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (1.0, "1", "1"),
        (-2.5, "−2.5", "−2.5"),
        (1 / 3, "0.3333", "0.333"),
        # Written out as far as other numbers are, and no digit before the point is cut.
        (1030.0, "1030", "1030"),
        (-54321.5, "−54322", "−54322"),
        (99_999.6, "1e5", "1e5"),
        # From there on with an exponent, written as everywhere.
        (123456.0, "1.235e5", "1.23e5"),
        (-2.66e-11, "−2.66e−11", "−2.66e−11"),
        (1e-5, "1e−5", "1e−5"),
    ],
)
def test_short_numbers(value: float, text: str, shorter: str) -> None:
    assert short(value) == text
    assert short(value, 3) == shorter


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "base", "sub"),
    [
        ("w5", "w", "5"),
        ("w_5", "w", "5"),
        ("w", "w", ""),
        ("b1_h1", "b", "1,h1"),
        ("h2_3", "h", "2,3"),
        ("x10", "x", "10"),
        ("theta4", "θ", "4"),
        ("Theta_4", "θ", "4"),
        ("sigma", "σ", ""),
        ("θ4", "θ", "4"),
        ("Δ1", "Δ", "1"),
        ("net", "net", ""),
        ("bias_out", "bias", "out"),
        ("y'", "y", "'"),
        ("4", "4", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_a_letter_and_its_subscript(name: str, base: str, sub: str) -> None:
    found = label(name)
    assert (found.name, found.base, found.sub) == (name, base, sub)


@THOROUGH
@given(st.text(max_size=20))
def test_any_name_has_a_label(name: str) -> None:
    found = label(name)
    assert found.name == name
    assert bool(found.base) == bool(name)


def test_names_sort_as_people_count() -> None:
    names = ["w10", "w2", "b", "w1", "b1", "w", "h2_10", "h2_9"]
    assert sorted(names, key=natural) == ["b", "b1", "h2_9", "h2_10", "w", "w1", "w2", "w10"]


def test_two_numbers_are_told_apart() -> None:
    assert numbers_apart(0.5, 0.25, 6) == ("0.500000", "0.250000")
    assert numbers_apart(1.8583e-8, 1.8571e-8, 6) == ("1.858e−8", "1.857e−8")
    assert numbers_apart(0.25, 0.25, 6) == ("0.250000", "0.250000")


def test_short_texts_of_axes_ranges_shares_and_lists() -> None:
    assert [brief(value) for value in (0.12345, -1234.5, 2.0)] == ["0.123", f"{MINUS}1234", "2"]
    assert brief_range(-1.249, 0.0001) == (f"{MINUS}1.2", "0")
    assert brief_range(0.0, 0.0) == ("0", "0")
    assert [percent(share) for share in (0.5, 1 / 3, 1.0)] == ["50", "33.3", "100"]
    assert [listed(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b",
                                                                         "a, b and c"]  # fmt: skip


def test_a_given_number_is_written_as_it_was_typed_while_it_is_short() -> None:
    assert [as_given(value) for value in (0.5, -2.0, 0.12345, 0.123456)] == [
        "0.5", f"{MINUS}2", "0.12345", "",
    ]  # fmt: skip
    assert as_given(0.123456, 6) == "0.123456"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (277370.0, "277370"),
        (277369.8312, "277370"),
        (207503.5, "207503.5"),
        (-1234567.25, "−1234567"),
        (7_900_000_000.0, "7900000000"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (38.123456789, "38.1235"),
        (0.00123456789, "0.00123457"),
        (1.5e-7, "1.5e−7"),
        (1.23456789e12, "1.23457e12"),
        (99999.96, "99999.96"),
        (999999.9999, "1000000"),
    ],
)
def test_a_number_in_a_tables_units_is_written_as_the_table_writes_it(
    value: float, text: str
) -> None:
    assert as_in_table(value) == text


@given(st.floats(-1e9, 1e9).filter(lambda v: not 0 < abs(v) < 1e-4))
def test_a_number_in_a_tables_units_has_no_exponent_and_six_digits(value: float) -> None:
    text = as_in_table(value)
    assert "e" not in text
    assert float(text.replace(MINUS, "-")) == pytest.approx(value, rel=6e-6)


def test_a_number_to_calculate_with_keeps_nine_digits() -> None:
    assert exactly(207503.5) == "207503.5"
    assert exactly(5.843333333333334) == "5.84333333"
    assert exactly(-89012.345678912) == "−89012.3457"
