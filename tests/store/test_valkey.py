"""The store on Valkey: the contract, and what a server and other processes can do to it."""

from collections.abc import AsyncIterator

import pytest

from app.errors import StorageFull
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.store.base import Store
from app.store.codec import encode
from app.store.lab_store import LabCache, LabStore
from app.store.valkey import ValkeyStore
from app.store.valkey_server import ValkeyServer
from tests.store.contract import TTL, Clock, MakeStore, StoreContract
from tests.valkey_server import KeyServer


class TestValkey(StoreContract):
    """The contract."""

    @pytest.fixture
    async def make(self, keys: KeyServer) -> AsyncIterator[MakeStore]:
        keys.ask("FLUSHALL")
        made: list[ValkeyStore] = []

        def factory(
            *,
            ttl_seconds: float = TTL,
            max_networks: int = 100,
            brief_seconds: float | None = None,
            clock: Clock | None = None,
        ) -> Store:
            server = ValkeyServer(keys.url, clock or Clock())
            store = ValkeyStore(
                server,
                ttl_seconds=ttl_seconds,
                max_networks=max_networks,
                brief_seconds=brief_seconds,
            )
            made.append(store)
            return store

        self.keys = keys
        yield factory
        for store in made:
            await store.close()

    async def kept(self, store: Store) -> bytes:
        return self.keys.kept()


def lab_store(keys: KeyServer, megabytes: int = 64) -> LabStore:
    """The store as another process has it."""
    server = ValkeyServer(keys.url)
    store = ValkeyStore(server, ttl_seconds=TTL, max_networks=100, max_megabytes=megabytes)
    return LabStore(store, LabCache(10, 10))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_two_processes_have_the_same_network_bit_for_bit(keys: KeyServer) -> None:
    one, other = lab_store(keys), lab_store(keys)
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec, "mazur-2-2-2")
    opened = await one.create("same", lab)
    for count in (1, 300, 700):
        opened = await one.save(opened, opened.lab.stepped(count))
        found = await other.load("same")
        assert encode(found.lab) == encode(opened.lab)
        opened = await other.save(found, found.lab.taken_back(1))
        again = await one.load("same")
        assert (again.version, encode(again.lab)) == (opened.version, encode(opened.lab))
        opened = again
    for store in (one, other):
        await store.store.close()


@pytest.mark.anyio
async def test_a_version_that_the_server_lost_is_not_taken_for_the_new_one(
    keys: KeyServer,
) -> None:
    """A server that forgot its last write: the version comes again, with another network."""
    one, other = lab_store(keys), lab_store(keys)
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec, "mazur-2-2-2")
    begun = await one.create("lost", lab)
    await one.save(begun, begun.lab.stepped(1))
    await other.delete("lost")
    begun = await other.create("lost", lab)
    saved = await other.save(begun, begun.lab.stepped(5))
    found = await one.load("lost")
    assert (found.version, found.lab.step) == (saved.version, 5)
    for store in (one, other):
        await store.store.close()


@pytest.mark.anyio
async def test_a_store_that_is_full_of_bytes_can_be_read(keys: KeyServer) -> None:
    keys.ask("FLUSHALL")
    store = lab_store(keys, megabytes=1).store
    await store.create("n", bytes(600_000))
    with pytest.raises(StorageFull):
        await store.create("m", bytes(600_000))
    with pytest.raises(StorageFull):
        await store.save("n", bytes(1_200_000), expected=1)
    assert (await store.load("n")).version == 1
    assert (await store.save("n", b"small", expected=1)).version == 2
    await store.create("m", bytes(600_000))
    await store.close()
