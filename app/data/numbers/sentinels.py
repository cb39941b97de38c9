"""Numbers that many programs write where they have no value: −999, 9999, −200."""

from collections import Counter
from collections.abc import Mapping, Sequence

_FAR, _FAR_BELOW = 5, 3
_LEAST_OTHERS = 2
_TWICE = (-9.0, 99.0)
_KNOWN = (
    -99.0,
    -99.9,
    -99.99,
    99.9,
    99.99,
    -999.25,
    -32768.0,
    32767.0,
    -2147483648.0,
    2147483647.0,
)
_LEAST, _LEAST_NINES = 99.0, 999.0


def sentinels_of(
    columns: Sequence[Mapping[str, float]], counts: Sequence[Counter[str]]
) -> tuple[tuple[str, ...], ...]:
    """For each column's numbers by their cells, those that may stand for no value.

    They look like it and lie far from all other numbers; or they do so in another column of the
    table, and are the only ones here that are less than zero. 99 does so where it stands twice.
    """
    often: Counter[float] = Counter()
    for numbers, times in zip(columns, counts, strict=True):
        for cell, value in numbers.items():
            often[value] += times[cell]
    sure = [_sentinels(numbers, often) for numbers in columns]
    elsewhere = {value for values in sure for value in values if value < 0}
    return tuple(
        tuple(
            cell for cell, value in numbers.items()
            if value in values or (value in elsewhere and _is_alone_below(value, numbers, values))
        )
        for numbers, values in zip(columns, sure, strict=True)
    )  # fmt: skip


def _sentinels(numbers: Mapping[str, float], often: Counter[float]) -> set[float]:
    """The numbers of a column that look like it and lie far from all that do not."""
    alike = {value for value in numbers.values() if _looks_so(value)}
    others = {*numbers.values()} - alike
    if not alike or len(others) < _LEAST_OTHERS:
        return set()
    ends = min(others), max(others)
    return {value for value in alike if _is_far(value, *ends, often=often[value] > 1)}


def _is_far(value: float, low: float, high: float, *, often: bool) -> bool:
    if value in _TWICE and not often:
        return False
    if value > high:
        return value > _FAR * max(-low, high)
    apart = low - value > _FAR_BELOW * (high - low)
    if value > 0:  # the smallest price may well be 999: it has to be of another size, too
        return apart and low > _FAR * value
    far = apart and -value > _FAR * abs(low)
    return value < low and (far or (low >= 0 and (often or not _is_round(value))))


def _is_alone_below(value: float, numbers: Mapping[str, float], sentinels: set[float]) -> bool:
    others = {*numbers.values()} - sentinels - {value}
    return bool(others) and min(others) >= 0


def _looks_so(value: float) -> bool:
    size = abs(value)
    if size < _LEAST or value in (*_TWICE, *_KNOWN):
        return value in (*_TWICE, *_KNOWN)
    return (size >= _LEAST_NINES and not f"{size:.15g}".replace(".", "").strip("9")) or _is_round(
        value
    )


def _is_round(value: float) -> bool:
    """Whether a number less than zero has one figure and zeros, as −200."""
    return value < -_LEAST and not f"{-value:.15g}"[1:].strip("0")
