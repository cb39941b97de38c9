"""A store is kept tidy while the application runs, and nobody has to create anything."""

import asyncio
from pathlib import Path

import pytest

from app.errors import StorageFull
from app.store.sqlite import SqliteStore
from app.web.http.housekeeping import housekeeping
from tests.store.contract import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Failing(SqliteStore):
    """A store whose housekeeping fails at first, in two ways."""

    failures = 0

    async def tidy(self) -> bool:
        self.failures += 1
        if self.failures == 1:
            raise StorageFull
        if self.failures == 2:
            raise RuntimeError("a bug")
        return await super().tidy()


async def test_what_has_expired_goes_though_nobody_asks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    store = Failing(tmp_path, ttl_seconds=10, max_networks=500, clock=clock)
    for number in range(300):
        await store.create(f"n{number}", b"x" * 1000, blocks={"a": b"y" * 5000})
    clock.now += 11
    await store.create("young", b"")
    async with housekeeping(store, seconds=0.01):
        for _ in range(1500):
            await asyncio.sleep(0.02)
            if len(store._occupancy) == 1:
                break
    assert len(store._occupancy) == 1
    assert (await store.load("young")).version == 1
    assert store._db.execute("SELECT count(*) FROM networks").fetchone() == (1,)
    assert store._db.execute("SELECT count(*) FROM blocks").fetchone() == (0,)
    assert "a bug" in caplog.text
    done = store.failures
    await asyncio.sleep(0.05)
    assert store.failures == done, "it ends with the application"
    await store.close()
