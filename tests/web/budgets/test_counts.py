"""Counts of requests in memory."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import MemoryStorage

from app.web.budgets.counts import Counts

KEYS = st.sampled_from("abc")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("incr"), KEYS, st.integers(1, 9), st.integers(1, 3)),
        st.tuples(st.just("clear"), KEYS, st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.just(""), st.integers(0, 12), st.just(0)),
    ),
    max_size=30,
)


@given(ACTS)
def test_it_counts_as_the_storage_of_the_package(acts: list[tuple[str, str, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        now = 1_000_000.0
        patch.setattr(time, "time", lambda: now)
        ours, theirs = Counts(), MemoryStorage()
        patch.setattr(theirs, "_MemoryStorage__schedule_expiry", lambda: None, raising=True)
        for act, key, number, amount in acts:
            if act == "wait":
                now += number
            elif act == "clear":
                ours.clear(key)
                theirs.clear(key)
            else:
                theirs._MemoryStorage__expire_events()  # type: ignore[attr-defined]
                assert ours.incr(key, number, amount) == theirs.incr(key, number, amount)
                assert ours.get(key) == theirs.get(key)
                assert ours.get_expiry(key) == theirs.get_expiry(key)
    assert ours.check()


def test_windows_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "time", lambda: now)
    counts = Counts()
    for number in range(100_000):
        now = number / 1000
        assert counts.incr(str(number), 1) == 1
    assert counts.reset() <= 4_000
    assert counts.get("99999") == 0
