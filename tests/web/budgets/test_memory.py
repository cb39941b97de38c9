"""Memory for what is large is given out in turn, and comes back."""

import asyncio

import pytest

from app.errors import Crowded
from app.web.budgets.memory import Hold, MemoryBudget
from tests.web.support import run_async


def test_the_smallest_goes_first_and_all_get_their_turn() -> None:
    async def look() -> list[int]:
        memory, order = MemoryBudget(100), []

        async def use(size: int) -> None:
            await memory.take(size)
            order.append(size)
            await asyncio.sleep(0.01)
            memory.give(size)

        await asyncio.gather(*map(use, (90, 80, 500, 10, 70, 60)))
        return order

    assert run_async(look) == [90, 10, 60, 70, 80, 500]


def test_who_waits_too_long_is_told_and_takes_nothing() -> None:
    async def look() -> None:
        memory = MemoryBudget(100, seconds=0.05)
        await memory.take(100)
        with pytest.raises(Crowded):
            await memory.take(10)
        waiting = asyncio.ensure_future(memory.take(10))
        await asyncio.sleep(0)
        waiting.cancel()
        memory.give(100)
        await asyncio.sleep(0)
        await asyncio.wait_for(memory.take(100), 0.04)

    run_async(look)


def test_two_that_want_more_do_not_wait_for_each_other() -> None:
    async def look() -> None:
        memory = MemoryBudget(100, seconds=5)
        one, other = Hold(memory), Hold(memory)
        await one.take(50)
        await other.take(50)

        async def more(hold: Hold) -> None:
            await hold.take(30)
            hold.give()

        await asyncio.wait_for(asyncio.gather(more(one), more(other)), 4)
        await asyncio.wait_for(memory.take(100), 1)

    run_async(look)
