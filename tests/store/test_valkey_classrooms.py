"""Rooms on Valkey: the contract, and what one process tells the others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.store.base import Store
from app.store.classrooms import ClassroomRegister
from app.store.valkey import ValkeyStore
from app.store.valkey_classrooms import ValkeyClassrooms
from app.store.valkey_server import ValkeyServer
from tests.store.classroom_contract import MOST, ClassroomContract, Registered, opened
from tests.store.contract import TTL, Clock
from tests.valkey_server import KeyServer


def process(keys: KeyServer, clock: Clock | None = None) -> tuple[ValkeyStore, ValkeyClassrooms]:
    """The store and the rooms as one of several processes has them."""
    server = ValkeyServer(keys.url, clock)
    store = ValkeyStore(server, ttl_seconds=TTL, max_networks=100)
    return store, ValkeyClassrooms(server, MOST)


class TestValkeyClassrooms(ClassroomContract):
    """The contract."""

    @pytest.fixture
    async def registered(self, keys: KeyServer) -> AsyncIterator[Registered]:
        keys.ask("FLUSHALL")
        made: list[ValkeyStore] = []

        def factory(clock: Clock) -> tuple[Store, ClassroomRegister]:
            store, register = process(keys, clock)
            made.append(store)
            return store, register

        yield factory
        for store in made:
            await store.close()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_processes_wake_each_other_and_count_followers_together(keys: KeyServer) -> None:
    keys.ask("FLUSHALL")
    clock = Clock()
    (store, rooms), (other, theirs) = process(keys, clock), process(keys, clock)
    room = await opened(store, rooms, "n")
    await store.create("alone", b"")
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear() -> None:
        async for network in theirs.wakes():
            await heard.put(network)

    listening = asyncio.create_task(hear())
    async with asyncio.timeout(5):
        while heard.empty():
            keys.ask("PUBLISH", "takeback:woken", "00")
            await asyncio.wait({listening}, timeout=0.05)
        while not heard.empty():
            await heard.get()
    await store.save("alone", b"2", expected=1)
    await store.save("n", b"2", expected=1)
    await rooms.turn(room.network, "?open=w5")
    await rooms.turn(room.network, "?open=w5")
    await rooms.end(room.network)
    async with asyncio.timeout(5):
        assert [await heard.get() for _ in range(3)] == [room.network] * 3
    assert await rooms.attend(room.token, "one", 20) == 20
    assert await theirs.attend(room.token, "two", 3) == 23
    assert await rooms.attend(room.token, "one", 0) == 3
    clock.now += 7
    assert await rooms.attend(room.token, "one", 1) == 1, "the other one was killed"
    listening.cancel()
    await store.close()
    await other.close()
