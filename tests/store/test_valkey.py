"""The store on Valkey: the contract, and what a server and other processes can do to it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.store.base import Store
from app.store.valkey import ValkeyStore
from app.store.valkey_server import ValkeyServer
from tests.store.contract import TTL, Clock, MakeStore, StoreContract
from tests.valkey_server import KeyServer, key_server


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyServer]:
    with key_server(tmp_path_factory.mktemp("valkey")) as server:
        yield server


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
