"""Whose bytes are read next."""

import asyncio
from typing import Any

from app.server.flow import Flow, Readers


class Transport(asyncio.Transport):
    """Says whether it is read from."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = True

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True


def using(work: Any) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def test_a_few_go_on_each_time_round_in_the_order_in_which_they_came() -> None:
    async def work() -> None:
        readers, read = Readers(), list[int]()
        for number in range(10):
            readers.add(lambda number=number: read.append(number))  # type: ignore[misc]
        assert read == [0, 1, 2, 3], "who comes alone does not wait"
        await asyncio.sleep(0)
        assert read == list(range(8))
        await asyncio.sleep(0)
        assert read == list(range(10))

    using(work)


def test_where_there_is_time_between_turns_a_few_go_on_after_it() -> None:
    async def work() -> None:
        readers, read = Readers(0.05), list[float]()
        begun = asyncio.get_running_loop().time()
        for _ in range(10):
            readers.add(lambda: read.append(asyncio.get_running_loop().time() - begun))
        await asyncio.sleep(0.5)
        assert len(read) == 10
        assert read[3] < 0.05 <= read[4]
        assert read[7] < 0.1 <= read[8]

    using(work)


def test_a_connection_that_is_paused_while_it_waits_stays_paused() -> None:
    async def work() -> None:
        readers, transports = Readers(), [Transport() for _ in range(6)]
        flows = [Flow(one, readers) for one in transports]
        for flow in flows:
            flow.pause_reading()
            flow.resume_reading()
        assert [one.is_read for one in transports] == [True] * 4 + [False] * 2
        assert [flow.read_paused for flow in flows] == [False] * 4 + [True] * 2
        flows[4].pause_reading()
        await asyncio.sleep(0)
        assert [one.is_read for one in transports] == [True] * 4 + [False, True]
        flows[4].resume_reading()
        assert transports[4].is_read

    using(work)
