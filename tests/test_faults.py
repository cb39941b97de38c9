"""A few faults: `make faults` has the many."""

import asyncio
from pathlib import Path

from tests.faults import damage, fill, kill, stop


def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    kills = asyncio.run(kill(tmp_path, 3))
    assert kills.acknowledged > 0
    assert (kills.lost, kills.invented) == (0, 0)
    assert kills.acknowledged <= kills.stored <= kills.acknowledged + kills.under_way


def test_a_server_that_is_told_to_stop_says_so_and_loses_nothing(tmp_path: Path) -> None:
    stopped = asyncio.run(stop(tmp_path))
    assert stopped.seconds < 8, "docker kills after 10"
    assert set(stopped.statuses) <= {200, 503}
    assert stopped.lost == 0


def test_one_damaged_page_costs_little(tmp_path: Path) -> None:
    found = asyncio.run(damage(tmp_path, 40))
    assert found.saved == found.elsewhere >= found.networks - 10


def test_a_full_store_is_told_and_can_be_read(tmp_path: Path) -> None:
    room = asyncio.run(fill(tmp_path))
    assert room.status in (503, 507)
    assert room.readable == room.created > 100
    assert int(room.retry_after) > 0 or room.status == 507
