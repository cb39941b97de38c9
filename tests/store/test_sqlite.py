"""The SQLite store: the contract, and what a file on a disk can suffer."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from app.errors import NotFound, StorageFull, StorageUnavailable, VersionConflict
from app.store.base import Store, Stored
from app.store.sqlite import SqliteStore
from tests.store.contract import TTL, Clock, MakeStore, StoreContract, increment, refusal_of

FILE = "takeback.sqlite3"
NOBODY = 65534


def open_store(directory: Path, *, max_megabytes: int = 64, clock: Clock | None = None) -> Store:
    return SqliteStore(
        directory,
        ttl_seconds=TTL,
        max_networks=10_000,
        max_megabytes=max_megabytes,
        clock=clock or Clock(),
    )


class TestSqlite(StoreContract):
    """The contract."""

    @pytest.fixture
    async def make(self, tmp_path: Path) -> AsyncIterator[MakeStore]:
        made: list[SqliteStore] = []

        def factory(
            *, ttl_seconds: float = TTL, max_networks: int = 100, clock: Clock | None = None
        ) -> SqliteStore:
            store = SqliteStore(
                tmp_path / f"store-{len(made)}",
                ttl_seconds=ttl_seconds,
                max_networks=max_networks,
                clock=clock or Clock(),
            )
            made.append(store)
            return store

        self.directory = tmp_path
        yield factory
        for store in made:
            await store.close()

    async def kept(self, store: Store) -> bytes:
        files = [path for path in self.directory.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files)

    async def test_threads_lose_no_update(self, make: MakeStore) -> None:
        store = make()
        await store.create("n", b"0")
        with ThreadPoolExecutor(8) as pool:
            for done in [
                pool.submit(asyncio.run, increment(store, "n", 50))  # each thread has its own loop
                for _ in range(8)
            ]:
                done.result()
        assert await store.load("n") == Stored(401, b"400", "")


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_networks_survive_reopening(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.create("n", b"1")
    await store.save("n", b"2", expected=1, op="op")
    await store.close()
    store = open_store(tmp_path)
    assert await store.load("n") == Stored(2, b"2", "op")
    await store.check()
    await store.close()


# --- kill -9 --------------------------------------------------------------------------------------

WRITER = """
import asyncio, sys
from pathlib import Path
from app.store.sqlite import SqliteStore

async def write_for_ever():
    store = SqliteStore(Path(sys.argv[1]), ttl_seconds=1e9, max_networks=10)
    stored = await store.create("n", b"0")
    while True:
        data = b"%d" % (int(stored.data) + 1) + b" " * 3000
        stored = await store.save("n", data, expected=stored.version)
        print(int(stored.data), flush=True)

asyncio.run(write_for_ever())
"""


def write_until_killed(directory: Path, acknowledged: int) -> int:
    """Kill a writing process after so many acknowledgements; the last one that it gave."""
    command = [sys.executable, "-c", WRITER, str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(acknowledged):
            assert writer.stdout.readline()
        writer.kill()
        complete = writer.stdout.read().split(b"\n")[:-1]
    return max([acknowledged, *map(int, complete)])


@pytest.mark.parametrize("killed_after", [1, 50, 700, 3000])
async def test_kill_9_under_load_loses_nothing_acknowledged(
    tmp_path: Path, killed_after: int
) -> None:
    acknowledged = write_until_killed(tmp_path, killed_after)
    in_flight = 1
    store = open_store(tmp_path)
    stored = await store.load("n")
    assert acknowledged <= int(stored.data) <= acknowledged + in_flight
    assert stored.version == int(stored.data) + 1
    await store.check()
    await store.save("n", b"on", expected=stored.version)
    await store.close()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1
    assert "StorageUnavailable" in second.stderr
    asyncio.run(store.check())
    asyncio.run(store.close())


# --- damage ---------------------------------------------------------------------------------------


def garbage(file: Path) -> None:
    file.write_bytes(b"this was never a database" * 500)


def middle_overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\xa5" * 20_000
    file.write_bytes(content)


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def set_aside(directory: Path) -> Path:
    (file,) = directory.glob(f"{FILE}.corrupt-*")
    return file


@pytest.mark.parametrize("damage", [garbage, middle_overwritten, cut_short])
async def test_a_damaged_file_is_set_aside_until_it_is_moved(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path)
    for number in range(100):
        await store.create(f"n{number}", bytes([number]) * 3000)
    await store.close()
    damage(tmp_path / FILE)
    damaged = (tmp_path / FILE).read_bytes()

    store = open_store(tmp_path)
    aside = set_aside(tmp_path)
    assert aside.read_bytes() == damaged
    assert aside.name in caplog.text
    await store.create("new", b"new")
    assert (await store.load("new")).data == b"new"
    assert (await refusal_of(store.load("n1")))[0] is NotFound
    assert (await refusal_of(store.check()))[0] is StorageUnavailable
    await store.close()

    store = open_store(tmp_path)
    assert (await refusal_of(store.check()))[0] is StorageUnavailable, "it says so until it is seen"
    aside.rename(tmp_path / "seen")
    await store.check()
    assert (await store.load("new")).data == b"new"
    await store.close()


def test_a_file_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as newer:
        newer.execute("CREATE TABLE networks (something TEXT)")
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StorageUnavailable) as refused:
        open_store(tmp_path)
    assert "newer" in str(refused.value.values["reason"])
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


# --- no room, no access ---------------------------------------------------------------------------


async def fill(store: Store) -> list[str]:
    """Create networks until the disk is full; the ids of those that were taken."""
    taken: list[str] = []
    for number in count():
        try:
            await store.create(f"n{number}", bytes([number]) * 200_000)
        except StorageFull:
            return taken
        taken.append(f"n{number}")
    raise AssertionError


async def test_a_full_disk_refuses_writes_and_keeps_what_it_has(tmp_path: Path) -> None:
    store = open_store(tmp_path, max_megabytes=1)
    taken = await fill(store)
    assert len(taken) >= 3
    assert (await refusal_of(store.load(f"n{len(taken)}")))[0] is NotFound
    with pytest.raises(StorageFull):
        await store.save("n0", b"?" * 900_000, expected=1)
    for number, network_id in enumerate(taken):
        assert await store.load(network_id) == Stored(1, bytes([number]) * 200_000, "")
    await store.check()
    assert (tmp_path / FILE).stat().st_size <= 1024 * 1024
    await store.close()


async def test_a_full_disk_recovers_when_networks_expire(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, max_megabytes=1, clock=clock)
    await fill(store)
    clock.now += TTL + 1
    await store.create("new", b"new" * 1000)
    assert (await store.load("new")).version == 1
    await store.close()


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere, so root is somebody else for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_directory_without_write_access_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    directory.mkdir(mode=0o555)
    with unprivileged(), pytest.raises(StorageUnavailable):
        open_store(directory)


def test_a_directory_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable):
        open_store(tmp_path / "file" / "data")


def test_a_directory_in_the_files_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageUnavailable):
        open_store(tmp_path)


async def test_a_request_that_cannot_be_written_does_not_harm_the_next(tmp_path: Path) -> None:
    """Whatever goes wrong in a transaction, it ends."""
    store = open_store(tmp_path)
    with pytest.raises(Exception):  # noqa: B017, PT011 - which one is not the point
        await store.create("a", b"", op="\ud800")
    await store.create("b", b"b")
    with pytest.raises(VersionConflict):
        await store.save("b", b"", expected=2)
    await store.close()
