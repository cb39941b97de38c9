"""Rooms in the SQLite file: the contract, and what a restart keeps."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store.base import Store
from app.store.classrooms import ClassroomRegister
from app.store.sqlite import SqliteStore
from app.store.sqlite_classrooms import SqliteClassrooms
from tests.store.classroom_contract import MOST, ClassroomContract, Registered, opened
from tests.store.contract import TTL, Clock


def stores(folder: Path, clock: Clock) -> SqliteStore:
    return SqliteStore(folder, ttl_seconds=TTL, max_networks=100, clock=clock)


class TestSqliteClassrooms(ClassroomContract):
    """The contract."""

    @pytest.fixture
    async def registered(self, tmp_path: Path) -> AsyncIterator[Registered]:
        made: list[SqliteStore] = []

        def factory(clock: Clock) -> tuple[Store, ClassroomRegister]:
            made.append(stores(tmp_path, clock))
            return made[0], SqliteClassrooms(made[0], MOST)

        yield factory
        for store in made:
            await store.close()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_rooms_outlive_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    store = stores(tmp_path, clock)
    room = await opened(store, SqliteClassrooms(store, MOST), "n")
    await store.close()
    clock.now += 10_000_000  # no service, so no time has passed
    again = stores(tmp_path, clock)
    assert await SqliteClassrooms(again, MOST).watched(room.token) == room
    await again.close()
