"""How numbers are rounded: the quick way agrees with the rule."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.explain.rounding import Digits, digits_of


def ruled(value: float, decimals: int) -> Digits:
    """The rule in full: as many decimals, or at least three digits, or an exponent."""
    size, negative = abs(value), value < 0
    if not math.isfinite(value):
        return Digits(negative, str(size), None)
    if value == 0:
        return Digits(False, f"{0:.{decimals}f}", None)
    kept = max(2, decimals - 4)
    mantissa, exponent = f"{size:.{kept}e}".split("e")
    rounded = float(f"{size:.{kept}e}")
    if 10.0 ** (kept - decimals) <= rounded and round(size, decimals) < 1e5:
        return Digits(negative, f"{size:.{decimals}f}", None)
    if 1e-4 <= rounded < 0.1:
        return Digits(negative, f"{size:.{kept - int(exponent)}f}", None)
    return Digits(negative, mantissa, int(exponent))


@settings(max_examples=1_000)
@given(
    st.one_of(st.floats(), st.floats(-1e6, 1e6), st.floats(-2, 2), st.floats(9e4, 1.1e5)),
    st.integers(0, 12),
)
@example(0.00999999999, 4)
@example(99_999.99996, 4)
def test_every_number_has_the_digits_of_the_rule(value: float, decimals: int) -> None:
    assert digits_of(value, decimals) == ruled(value, decimals)


@pytest.mark.parametrize("decimals", range(13))
def test_the_bounds_of_the_quick_way_have_the_digits_of_the_rule(decimals: int) -> None:
    kept = max(2, decimals - 4)
    least = 10.0 ** (kept - decimals)
    for bound in (least, 1.01 * least, 99_999.0, 99_999.5, 1e5):
        for factor in (1 - 1e-3, 1 - 1e-9, 1 - 2e-16, 1.0, 1 + 3e-16, 1 + 1e-9, 1 + 1e-3):
            for value in (bound * factor, -bound * factor):
                assert digits_of(value, decimals) == ruled(value, decimals)
