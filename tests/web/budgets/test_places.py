"""Places: bounded for each client, and through all processes that share a store."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.errors import Busy, StorageUnavailable
from app.store.valkey_runs import ValkeyPlaces
from app.store.valkey_server import ValkeyServer
from app.web.budgets.places import Places
from app.web.budgets.turns import Client
from tests.server.test_workers import ask
from tests.support import end_process, free_port, start_server
from tests.valkey_server import KeyServer
from tests.web.budgets.test_pool import using
from tests.web.pages.test_live_runs import STREAM, steps_in

A, B = "10.0.0.1", "10.0.0.2"


@asynccontextmanager
async def process(keys: KeyServer, most: int, seconds: float = 15.0) -> AsyncIterator[Places]:
    """The places as one of several processes has them."""
    server = ValkeyServer(keys.url)
    register = ValkeyPlaces(server, lambda: b"secret", seconds)
    places = Places(most, register)
    async with places.counted():
        yield places
    await server.close()


async def refused(places: Places, client: Client) -> int:
    """The bound that a refusal names."""
    with pytest.raises(Busy) as caught:
        await places.take(client)
    return caught.value.values["limit"]  # type: ignore[return-value]


async def taken(places: Places, client: Client) -> None:
    """Take a place as soon as the others have told that one is free."""
    async with asyncio.timeout(5):
        while True:
            try:
                return await places.take(client)
            except Busy:
                await asyncio.sleep(0.01)


def test_one_address_does_not_get_all_places() -> None:
    async def work() -> None:
        await bounded(*[Places(8)] * 3)

    using(work)


def test_places_are_bounded_through_all_processes(keys: KeyServer) -> None:
    async def work() -> None:
        keys.ask("FLUSHALL")
        async with process(keys, 8) as one, process(keys, 8) as two, process(keys, 8) as three:
            await bounded(one, two, three)

    using(work)


async def bounded(one: Places, two: Places, three: Places) -> None:
    for places, network in zip((one, two) * 3, "aabbcc", strict=True):
        await places.take(Client(A, network))
    assert await refused(three, Client(A, "d")) == 6, "of one address"
    for places in (two, three):
        await places.take(Client(B, "x"))
    assert await refused(one, Client("10.0.0.3", "y")) == 8, "of all"
    one.give(Client(A, "a"))
    assert await refused(two, Client(B, "x")) == 2, "of one network"
    await taken(two, Client(B, "y"))


def test_many_at_once_take_no_more_than_there_are(keys: KeyServer) -> None:
    async def work() -> None:
        keys.ask("FLUSHALL")
        async with process(keys, 8) as one, process(keys, 8) as two:
            clients = [Client(f"10.0.1.{number}", "") for number in range(20)]
            took = await asyncio.gather(
                *(places.take(client) for places in (one, two) for client in clients),
                return_exceptions=True,
            )
            assert [result for result in took if not isinstance(result, Busy)] == [None] * 8
            assert one.taken + two.taken == 8

    using(work)


def test_a_process_that_is_gone_keeps_no_places(keys: KeyServer) -> None:
    async def work() -> None:
        keys.ask("FLUSHALL")
        gone = ValkeyServer(keys.url)
        held = ValkeyPlaces(gone, lambda: b"secret", seconds=0.5)
        assert await held.hold({}, {"everybody": 1}) == 0
        other = ValkeyPlaces(gone, lambda: b"secret", seconds=0.5)
        assert await other.hold({}, {"everybody": 1}) == 1
        assert b"10.0" not in keys.kept()
        begun = time.monotonic()
        async with asyncio.timeout(5):
            while True:
                if not await other.hold({}, {"everybody": 1}):
                    break
                await asyncio.sleep(0.02)
        assert time.monotonic() - begun > 0.3
        assert await held.hold({"everybody": 1}, {"everybody": 2}) == 2, (
            "it was asleep, and says so"
        )
        await gone.close()

    using(work)


def test_without_the_server_nothing_is_taken(keys: KeyServer) -> None:
    async def work() -> None:
        async with process(keys, 2) as places:
            await places.take()
            keys.stop()
            try:
                with pytest.raises(StorageUnavailable):
                    await places.take()
                assert places.taken == 1
                places.give()
            finally:
                keys.start()
            await places.take()
            await places.take()
            assert await refused(places, Client()) == 2

    using(work)


def test_runs_of_two_servers_share_their_places(keys: KeyServer, tmp_path: Path) -> None:
    keys.ask("FLUSHALL")
    ports, settings = (free_port(), free_port()), {"TAKEBACK_STORE": keys.url}
    one, two = (
        start_server(tmp_path / str(port), port, TAKEBACK_MAX_RUNS="4", **settings)
        for port in ports
    )
    streams: list[HTTPConnection] = []

    def status(port: int) -> int:
        """What a new run is answered; it goes on if it may."""
        network = ask(port, "POST", "/api/v1/networks", {"example": "mazur-2-2-2"})[2]["id"]
        streams.append(HTTPConnection("127.0.0.1", port, timeout=20))
        body = f"version=1&op=a{len(streams)}.1&count=1000000"
        streams[-1].request("POST", f"/networks/{network}/run", body, STREAM)
        answer = streams[-1].getresponse()
        if answer.status == 200:
            steps_in(answer, 1)
        return answer.status

    def status_after(seconds: float) -> int:
        """The same, once places are free that others held."""
        deadline = time.monotonic() + seconds
        while (found := status(ports[1])) == 503 and time.monotonic() < deadline:
            time.sleep(0.2)
        return found

    try:
        assert [status(ports[0]) for _ in range(3)] == [200] * 3, "the share of one address"
        assert [status(port) for port in ports] == [503] * 2
        streams[0].close()
        assert status_after(5) == 200
        assert status(ports[1]) == 503
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
        leases = re.findall(rb"\S*h:[0-9a-f]{16}", keys.ask("KEYS", "*h:*"))
        assert len(leases) == 2
        for lease in map(bytes.decode, leases):
            assert 0 < int(keys.ask("PTTL", lease)[1:]) <= 15_000
            keys.ask("PEXPIRE", lease, "1")  # the time is over, of one that nobody tells any more
        assert status_after(5) == 200
    finally:
        for stream in streams:
            stream.close()
        end_process(two)
        one.kill()
        one.wait()
