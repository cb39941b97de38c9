"""The SQLite store: the contract, and what a file on a disk can suffer."""

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import orjson
import pytest

from app.errors import (
    CapacityReached,
    NotFound,
    StorageFull,
    StorageUnavailable,
    VersionConflict,
)
from app.store.base import Store, Stored
from app.store.document import document_of
from app.store.lab_store import LabCache, LabStore
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
            *,
            ttl_seconds: float = TTL,
            max_networks: int = 100,
            brief_seconds: float | None = None,
            clock: Clock | None = None,
        ) -> SqliteStore:
            store = SqliteStore(
                tmp_path / f"store-{len(made)}",
                ttl_seconds=ttl_seconds,
                max_networks=max_networks,
                brief_seconds=brief_seconds,
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
    assert "InUse" in second.stderr
    asyncio.run(store.check())
    asyncio.run(store.close())


# --- time -----------------------------------------------------------------------------------------


async def test_time_goes_on_where_it_was(tmp_path: Path) -> None:
    """A stop makes nothing older, and no start makes it younger."""
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    await store.create("n", b"")
    clock.now += 0.6 * TTL
    await store.close()
    clock = Clock(now=clock.now + 1000 * TTL)
    store = open_store(tmp_path, clock=clock)
    await store.load("n")
    clock.now += 0.3 * TTL
    await store.load("n")
    clock.now += 0.2 * TTL
    assert (await refusal_of(store.load("n")))[0] is NotFound
    await store.close()


@pytest.mark.parametrize("hours", [25, -25, 24 * 365, -24 * 365])
async def test_the_walls_clock_makes_nothing_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    def plain() -> SqliteStore:
        return SqliteStore(tmp_path, ttl_seconds=24 * 3600, max_networks=10)

    store = plain()
    await store.create("before", b"1")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600 * hours)
    await store.create("after", b"2")
    await store.tidy()
    await store.close()
    store = plain()
    await store.create("restarted", b"3")
    monkeypatch.undo()
    await store.tidy()
    await store.close()
    store = plain()
    for name in ("before", "after", "restarted"):
        assert (await store.load(name)).version == 1
    await store.close()


# --- an older file --------------------------------------------------------------------------------

SCHEMA_2 = Path(__file__).parent / "schema2"
"""A database as it was while networks expired by the wall's clock, and what is in it."""
OLDER: dict[str, list[object]] = json.loads((SCHEMA_2 / "networks.json").read_text("utf-8"))


async def test_a_file_of_schema_2_opens_unchanged_and_lives_on(tmp_path: Path) -> None:
    shutil.copy(SCHEMA_2 / FILE, tmp_path)
    day, clock = 24 * 3600.0, Clock()

    def opened() -> SqliteStore:
        return SqliteStore(tmp_path, ttl_seconds=day, max_networks=10, clock=clock)

    for _ in range(2):
        store = opened()
        for name, (version, op, digest) in OLDER.items():
            stored = await LabStore(store, LabCache(1, 1)).load(name)
            document = orjson.dumps(document_of(stored.lab), option=orjson.OPT_SERIALIZE_NUMPY)
            assert [stored.version, stored.last_op] == [version, op]
            assert hashlib.sha256(document).hexdigest() == digest
        await store.close()
    store = opened()
    clock.now += 0.9 * day
    for name in OLDER:
        await store.load(name)
    clock.now += 1.2 * day
    for name in OLDER:
        assert (await refusal_of(store.load(name)))[0] is NotFound, "none lives for ever"
    await store.close()


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


def first_page_zeroed(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(bytes(8192) + content[8192:])


def aside_in(directory: Path) -> Path:
    (file,) = (path for path in directory.glob(f"{FILE}.corrupt-*") if "-wal" not in path.name)
    return file


async def survivors(store: Store, numbers: Iterable[int], size: int = 3000) -> set[int]:
    """Which of the networks that ``fill_up`` made are there, bit for bit."""
    found = set()
    for number in numbers:
        with suppress(NotFound):
            stored = await store.load(f"n{number}")
            assert stored.data == bytes([number % 256]) * size
            if stored.blocks == {"spec": bytes([number % 256]) * 500}:
                found.add(number)
    return found


async def fill_up(store: Store, count: int, size: int = 3000) -> None:
    for number in range(count):
        byte = bytes([number % 256])
        await store.create(f"n{number}", byte * size, blocks={"spec": byte * 500})


@pytest.mark.parametrize(
    ("damage", "least"),
    [(garbage, 0), (middle_overwritten, 40), (cut_short, 1), (first_page_zeroed, 100)],
)
async def test_a_damaged_file_is_set_aside_until_it_is_moved(
    tmp_path: Path, damage: Callable[[Path], None], least: int, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path)
    await fill_up(store, 100)
    await store.close()
    damage(tmp_path / FILE)
    damaged = (tmp_path / FILE).read_bytes()

    store = open_store(tmp_path)
    aside = aside_in(tmp_path)
    assert aside.read_bytes() == damaged
    assert aside.name in caplog.text
    saved = await survivors(store, range(100))
    assert len(saved) >= least
    await store.create("new", b"new")
    assert (await store.load("new")).data == b"new"
    with pytest.raises(StorageUnavailable) as told:
        await store.check()
    assert (told.value.code, told.value.values) == (
        "storage_set_aside", {"file": f"{FILE}.corrupt-*"}
    )  # fmt: skip
    await store.close()

    store = open_store(tmp_path)
    assert (await refusal_of(store.check()))[0] is StorageUnavailable, "it says so until it is seen"
    aside.rename(tmp_path / "seen")
    await store.check()
    assert (await store.load("new")).data == b"new"
    assert await survivors(store, range(100)) == saved
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


async def test_a_full_disk_refuses_writes_and_keeps_what_it_has(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path, max_megabytes=1)
    taken = await fill(store)
    assert len(taken) >= 3
    assert (await refusal_of(store.load(f"n{len(taken)}")))[0] is NotFound
    with pytest.raises(StorageFull):
        await store.save("n0", b"?" * 900_000, expected=1)
    for number, network_id in enumerate(taken):
        assert await store.load(network_id) == Stored(1, bytes([number]) * 200_000, "")
    assert (await refusal_of(store.check()))[0] is StorageFull
    assert caplog.text.count("full") == 1, "once a minute at most"
    await store.delete("n0")
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


async def test_who_fills_the_file_leaves_room_for_others(tmp_path: Path) -> None:
    store = open_store(tmp_path, max_megabytes=1)
    refusals: list[str] = []
    for number in range(60):
        try:
            await store.create(f"busy-{number}", bytes(20_000), client="busy")
        except CapacityReached as refused:
            refusals.append(refused.code)
    assert 5 < len(refusals) < 30
    assert set(refusals) == {"capacity_share"}
    with pytest.raises(StorageFull) as grown:
        await store.save("busy-0", b"", expected=1, blocks={"a": b"grown"})
    assert grown.value.code == "storage_share"
    await store.save("busy-0", b"a step", expected=1)
    await store.create("other", bytes(20_000), client="other")
    await store.save("other", b"", expected=1, blocks={"a": bytes(20_000)})
    await store.check()
    await store.close()


async def test_a_store_that_is_full_is_not_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteStore(tmp_path, ttl_seconds=TTL, max_networks=2, clock=Clock())
    for name in ("a", "b"):
        await store.create(name, b"")
    for _ in range(3):
        assert (await refusal_of(store.check()))[0] is CapacityReached
        assert (await refusal_of(store.create("c", b"")))[0] is CapacityReached
    assert caplog.text.count("full") == 1
    await store.delete("a")
    await store.check()
    await store.close()


def test_only_the_owner_may_read_the_data(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "data"
    for turn in ("new", "as it was before"):
        store = open_store(directory)
        asyncio.run(store.create(turn, b""))
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
        assert FILE in modes
        assert f"{FILE}-wal" in modes
        assert set(modes.values()) == {0o600}
        asyncio.run(store.close())
        (directory / FILE).chmod(0o644)


async def test_deleted_means_gone_from_the_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.create("n", b"A-SECRET" * 5000, blocks={"a": b"A-SECRET" * 5000})
    await store.create("other", b"other")
    await store.delete("n")
    await store.close()
    assert b"A-SECRET" not in (tmp_path / FILE).read_bytes()


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


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE networks SET data = x'00' || substr(data, 2)",
        "UPDATE networks SET version = version + 256",
        "UPDATE blocks SET data = substr(data, 1, 299) || x'01'",
    ],
)
async def test_what_was_damaged_is_never_taken_for_what_was_stored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = open_store(tmp_path)
    await store.create("n", b"1" * 300, blocks={"a": bytes(300)})
    await store.save("n", b"2" * 300, expected=1)
    await store.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        assert db.execute(damage).rowcount == 1
    store = open_store(tmp_path)
    for known in (None, 2):
        if "blocks" in damage and known:
            continue  # they are not read then
        with pytest.raises(NotFound) as refused:
            await store.load("n", known=known)
        assert refused.value.code == "network_damaged"
    assert "damaged" in caplog.text
    await store.close()


async def test_a_file_of_schema_3_gets_checksums(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.create("n", b"1", blocks={"a": b"a"})
    await store.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        for table in ("networks", "blocks"):
            db.execute(f"ALTER TABLE {table} DROP COLUMN checksum")
        db.execute("PRAGMA user_version=3")
    store = open_store(tmp_path)
    assert await store.load("n") == Stored(1, b"1", "", {"a": b"a"})
    await store.save("n", b"2", expected=1)
    assert await store.load("n") == Stored(2, b"2", "", {"a": b"a"})
    await store.close()
