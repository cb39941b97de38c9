"""Time that nobody can set."""

import time

import pytest

from app.store.uptime import Uptime
from tests.store.contract import Clock


def test_time_goes_on_with_its_clock_and_never_back() -> None:
    clock = Clock()
    uptime = Uptime(clock)
    assert uptime() == 0
    clock.now += 10
    assert uptime() == 10
    clock.now -= 1_000_000
    assert uptime() == 10
    clock.now += 5
    assert uptime() == 15


def test_a_jump_counts_for_minutes_only() -> None:
    clock = Clock()
    uptime = Uptime(clock)
    clock.now += 25 * 3600
    assert uptime() == 300


def test_it_is_not_the_walls_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    uptime, real = Uptime(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + 1e9)
    assert uptime() < 60
