"""The pool: fair turns, a bounded number of places, and nobody's error is lost."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from app.errors import Busy
from app.lab.runs import Slices
from app.web.budgets.pool import Pool, PoolShare, whole
from app.web.budgets.turns import NOBODY
from tests.support import server

T = TypeVar("T")


def using(work: Callable[[], Awaitable[T]]) -> T:
    """What ``work`` returns, on a loop of its own."""

    async def main() -> T:
        return await asyncio.wait_for(work(), 20)

    return asyncio.run(main())


def turns(name: str, count: int, log: list[str], gate: threading.Event) -> Slices[str]:
    """Work of ``count`` slices, which writes down each of its turns."""
    gate.wait()
    for _ in range(count):
        log.append(name)
        yield
    return name


def test_pieces_of_work_take_turns() -> None:
    log: list[str] = []
    gate, pool = threading.Event(), Pool(1, 10)

    async def work() -> list[str]:
        jobs = [asyncio.ensure_future(pool.do(turns(n, 50, log, gate))) for n in "abc"]
        await asyncio.sleep(0.05)
        gate.set()
        return await asyncio.gather(*jobs)

    assert using(work) == ["a", "b", "c"]
    assert log == ["a", "b", "c"] * 50


def test_a_short_one_does_not_wait_for_a_long_one() -> None:
    log: list[str] = []
    gate, pool = threading.Event(), Pool(1, 10)
    gate.set()
    stop = threading.Event()

    def endless() -> Slices[None]:
        while not stop.is_set():
            log.append("long")
            yield

    async def work() -> int:
        long = asyncio.ensure_future(pool.do(endless()))
        await asyncio.sleep(0.02)
        before = len(log)
        await pool.do(turns("short", 3, log, gate))
        positions = [index for index, name in enumerate(log) if name == "short"]
        stop.set()
        await long
        assert positions[0] >= before
        return positions[-1] - positions[0]

    assert using(work) == 4, "a turn of the long one between two of the short one"


def test_several_threads_work_at_once() -> None:
    pool, both = Pool(2, 10), threading.Barrier(2, timeout=20)

    async def work() -> None:
        await asyncio.gather(*(pool.do(whole(both.wait)) for _ in range(2)))

    using(work)


def test_work_is_done_beside_the_loop_and_its_error_is_handed_on() -> None:
    pool = Pool(1, 10)

    def broken() -> Slices[int]:
        yield
        raise ZeroDivisionError

    async def work() -> str:
        with pytest.raises(ZeroDivisionError):
            await pool.do(broken())
        return await pool.do(whole(lambda: threading.current_thread().name))

    assert using(work) == "AnyIO worker thread"


def test_places_are_bounded() -> None:
    async def work() -> None:
        share = PoolShare(Pool(1, 2), NOBODY)
        async with share.place(), share.place():
            with pytest.raises(Busy) as caught:
                await share.take()
        assert caught.value.values == {"limit": 2}
        with pytest.raises(ZeroDivisionError):
            async with share.place():
                raise ZeroDivisionError
        async with share.place(), share.place():
            pass

    using(work)


def test_who_goes_away_has_the_rest_dropped() -> None:
    pool, ended = Pool(1, 10), threading.Event()

    def endless(loop: asyncio.AbstractEventLoop, begun: asyncio.Event) -> Slices[None]:
        try:
            while True:
                loop.call_soon_threadsafe(begun.set)
                yield
        finally:
            ended.set()

    async def work() -> bool:
        begun = asyncio.Event()
        job = asyncio.ensure_future(pool.do(endless(asyncio.get_running_loop(), begun)))
        await begun.wait()
        job.cancel()
        return await asyncio.to_thread(ended.wait, 20)

    assert using(work)


class Watched(Generator[None, None, None]):
    """Two slices that take until ``gate`` opens, and who is in them."""

    def __init__(self) -> None:
        self.begun, self.gate, self.closed = (threading.Event() for _ in range(3))
        self.is_inside, self.entered, self.broken_into = False, 0, False

    def send(self, _: None, /) -> None:
        self.is_inside, self.entered = True, self.entered + 1
        self.begun.set()
        self.gate.wait(20)
        self.is_inside = False
        if self.entered > 1:
            raise StopIteration

    def throw(self, *_: object) -> None:
        self.broken_into |= self.is_inside
        self.closed.set()
        raise GeneratorExit


@pytest.mark.parametrize("ends_with_the_loop", [False, True])
def test_nobody_closes_work_that_a_thread_is_in(*, ends_with_the_loop: bool) -> None:
    """CPython 3.11 crashes if a generator that runs in another thread is closed."""
    slices, pool = Watched(), Pool(1, 10)

    async def work() -> None:
        job = asyncio.ensure_future(pool.do(slices))
        await asyncio.to_thread(slices.begun.wait, 20)
        if ends_with_the_loop:
            return
        job.cancel()
        await asyncio.sleep(0.05)
        assert not slices.closed.is_set()
        slices.gate.set()

    using(work)
    slices.gate.set()
    assert slices.closed.wait(20)
    assert (slices.entered, slices.broken_into) == (1, False)


def test_the_threads_end_with_the_loop() -> None:
    pool, before, all_three = Pool(3, 10), threading.active_count(), threading.Barrier(3)

    async def work() -> int:
        await asyncio.gather(*(pool.do(whole(all_three.wait)) for _ in range(3)))
        return threading.active_count()

    assert using(work) >= before + 3
    for thread in threading.enumerate():
        if thread.name == "AnyIO worker thread":
            thread.join(20)
    assert threading.active_count() <= before + 1  # the loop's own helper may linger


WIDE = {
    "layers": [2, 30, 30, 31, 2], "activations": ["tanh", "tanh", "tanh", "softmax"],
    "loss": "softmax_cross_entropy", "batch": {"size": "full", "reduction": "mean"},
    "data": {"name": "moons", "size": 500},
}  # fmt: skip


def test_a_client_that_leaves_gives_its_place_back(tmp_path: Path) -> None:
    with server(tmp_path, TAKEBACK_MAX_RUNS="1") as url:

        def send(path: str, body: object) -> HTTPConnection:
            connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
            headers = {"content-type": "application/json"}
            connection.request("POST", f"/api/v1/networks{path}", json.dumps(body), headers)
            return connection

        def answer(path: str, body: object) -> tuple[int, Any]:
            with closing(send(path, body)) as connection:
                response = connection.getresponse()
                return response.status, json.loads(response.read())

        wide, small = (
            answer("", one)[1]["id"] for one in ({"spec": WIDE}, {"example": "mazur-2-2-2"})
        )
        left = send(f"/{wide}/run", {"count": 15_000})  # it goes on for 20 seconds
        time.sleep(1)
        assert answer(f"/{small}/step", {"count": 100})[0] == 503
        assert answer(f"/{small}/step", {})[0] == 200, "a click needs no place"
        left.close()
        deadline = time.monotonic() + 10
        while answer(f"/{small}/step", {"count": 100})[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
