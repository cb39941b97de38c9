"""Turns go round by address, then by network."""

import asyncio

import pytest
from starlette.requests import ClientDisconnect

from app.errors import Late
from app.lab.runs import Slices
from app.web.budgets import pool as pools
from app.web.budgets.pool import Pool, PoolShare, whole
from app.web.budgets.turns import NOBODY, Client, Turns
from tests.web.budgets.test_pool import using

MANY, ONE = Client("10.0.0.1", "a"), Client("10.0.0.2", "b")


async def order(*clients: Client) -> list[Client]:
    """In which order those who ask at once have their turn."""
    turns, found = Turns(1), list[Client]()
    await turns.take(NOBODY)

    async def wait(client: Client) -> None:
        async with turns.of(client):
            found.append(client)

    waiting = [asyncio.ensure_future(wait(client)) for client in clients]
    await asyncio.sleep(0)
    turns.give()
    await asyncio.gather(*waiting)
    return found


def test_who_asks_often_waits_longer() -> None:
    other = MANY._replace(network="c")
    found = using(lambda: order(*[MANY] * 20, *[other] * 2, ONE))
    assert found.index(ONE) == 1
    assert found.index(other) == 2, "networks of one address take turns, too"
    assert len(found) == 23


def test_a_turn_that_nobody_waits_for_any_more_goes_to_the_next() -> None:
    async def work() -> None:
        turns = Turns(1)
        await turns.take(NOBODY)
        first, second = (asyncio.ensure_future(turns.take(c)) for c in (MANY, ONE))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        turns.give()
        await second
        third = asyncio.ensure_future(turns.take(MANY))
        await asyncio.sleep(0)
        turns.give()
        third.cancel()  # its turn has come, and it does not take it
        await asyncio.wait({third})
        await turns.take(ONE)

    using(work)


def test_work_is_over_when_its_time_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MAX_SECONDS", 0.1)
    monkeypatch.setattr(pools, "_LOOK_SECONDS", 0.02)

    def endless() -> Slices[None]:
        while True:
            yield

    async def work() -> None:
        share = PoolShare(Pool(1, 1), ONE)
        with pytest.raises(Late) as caught:
            await share.do(endless(), "steps")
        assert (caught.value.code, caught.value.status) == ("late_steps", 503)
        assert await share.do(whole(lambda: 1)) == 1, "its place and its turn are given back"

    using(work)


def test_who_is_gone_has_his_work_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_LOOK_SECONDS", 0.02)

    def endless() -> Slices[None]:
        while True:
            yield

    async def gone() -> bool:
        return True

    async def work() -> None:
        pool = Pool(1, 1)
        with pytest.raises(ClientDisconnect):
            await PoolShare(pool, ONE, gone).do(endless())
        assert await PoolShare(pool, MANY).do(whole(lambda: 1)) == 1

    using(work)
