"""A small class beside attacks: `make load` has the large one."""

import asyncio
from pathlib import Path

import pytest

from tests.load import attend
from tests.load_following import follow
from tests.load_steps import crowd, serving
from tests.support import free_port, start_server

GROUPS = (
    ("large-forms", "many-names", "large-panels", "abandoned-pictures", "long-cells"),
    ("unread-runs", "abandoned-runs", "slow-readers", "many-networks", "watched-room"),
    ("held-bodies", "many-sockets", "echoed-imports", "escaped-quotes"),
    ("blank-tables", "open-lists", "long-heads", "unread-pages", "dribbled-bodies", "asked-class"),
)


@pytest.mark.parametrize("attacks", GROUPS, ids=" ".join)
def test_a_class_goes_on_beside_attacks(tmp_path: Path, attacks: tuple[str, ...]) -> None:
    port = free_port()
    process = start_server(tmp_path, port)
    try:
        load = asyncio.run(
            attend(port, process.pid, list(attacks), students=10, quiet=1.0, attacked=6.0)
        )
    finally:
        process.kill()
        process.wait()
    assert len(load.meanwhile.clicks) >= 10
    # 0: with more sockets than there may be, one that waits for its next click is closed.
    assert {click.status for click in load.meanwhile.refused} <= {0, 503}
    assert load.meanwhile.longest_refusal < 5
    assert load.after.refused == []
    assert load.meanwhile.quantile(0.5) < 2_500


def test_all_who_follow_see_each_click_though_some_do_not_read(tmp_path: Path) -> None:
    port = free_port()
    process = start_server(tmp_path, port)
    try:
        found = asyncio.run(
            follow(port, process.pid, followers=20, stalled=5, clicks=4, students=0)
        )
    finally:
        process.kill()
        process.wait()
    assert found.missed == 0
    assert len(found.slowest) == 4
    assert found.size < 10, "what all get is compressed"


@pytest.mark.parametrize(("shared", "processes"), [(False, 1), (True, 2)])
def test_no_step_is_lost_or_doubled(tmp_path: Path, shared: bool, processes: int) -> None:
    with serving(tmp_path, processes, shared=shared) as server:
        found = asyncio.run(crowd(server.port, clients=16, steps=10))
    assert found.acknowledged == found.stored == 160
