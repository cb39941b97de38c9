"""Whatever page of a database is damaged, everything that lies on other pages comes back."""

import asyncio
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from app.errors import NotFound
from app.store.salvage import records_of
from app.store.sqlite import SqliteStore

PAGE, COUNT = 8192, 60
FILE = "takeback.sqlite3"


def size_of(number: int) -> int:
    """Rows of a page's part, a page, and a chain of pages."""
    return (300, 3000, 30_000)[number % 3]


def data_of(number: int) -> bytes:
    return b"%04d" % number * (size_of(number) // 4)


def opened(directory: Path) -> SqliteStore:
    return SqliteStore(directory, ttl_seconds=1e6, max_networks=1000)


async def fill(store: SqliteStore) -> None:
    for number in range(COUNT):
        blocks = {"spec": data_of(number), "0.0.0": b"block" * (number * 20)}
        await store.create(f"n{number}", data_of(number), op="op", blocks=blocks)
    for number in range(0, COUNT, 7):
        await store.save(f"n{number}", data_of(number), expected=1, op="later")
    await store.delete("n5")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound database; beside it, in "killed", the same with most of it in its log."""
    directory = tmp_path_factory.mktemp("sound") / "data"
    store = opened(directory)
    asyncio.run(fill(store))
    # The log stays as it is when a process is killed.
    shutil.copytree(directory, directory.parent / "killed")
    asyncio.run(store.close())
    return directory


async def found_in(directory: Path) -> set[int]:
    """The networks that can be read, each with all that belongs to it."""
    store, found = opened(directory), set()
    for number in range(COUNT):
        with suppress(NotFound):
            stored = await store.load(f"n{number}")
            later = number % 7 == 0
            assert (stored.version, stored.last_op) == (2, "later") if later else (1, "op")
            blocks = {"spec": data_of(number), "0.0.0": b"block" * (number * 20)}
            if stored.data == data_of(number) and stored.blocks == blocks:
                found.add(number)
    await store.close()
    return found


def owners_of(directory: Path) -> dict[int, set[str]]:
    """The tables that each page belongs to, by SQLite's own account."""
    db = sqlite3.connect(directory / FILE)
    rows = db.execute("SELECT pageno, name || ' ' || pagetype FROM dbstat").fetchall()
    db.close()
    return {page: {name} for page, name in rows}


def test_all_records_are_read_from_a_sound_file(sound: Path) -> None:
    for directory in (sound, sound.parent / "killed"):
        records = list(records_of(directory / FILE))
        lengths = [len(record) for record in records]
        assert [lengths.count(n) for n in (6, 4, 1)] == [COUNT - 1, 2 * (COUNT - 1), 1]
        assert len(lengths) == 3 * (COUNT - 1) + 1


@pytest.mark.parametrize("byte", [0x00, 0xA5, 0x0D])
def test_one_damaged_page_costs_what_lies_on_it(sound: Path, tmp_path: Path, byte: int) -> None:
    content = (sound / FILE).read_bytes()
    owners = owners_of(sound)
    everything = set(range(COUNT)) - {5}
    for page in range(1, len(content) // PAGE + 1, 3 if page_step(byte) else 1):
        directory = tmp_path / f"{byte}-{page}"
        directory.mkdir()
        start = (page - 1) * PAGE
        damaged = content[:start] + bytes([byte]) * PAGE + content[start + PAGE :]
        (directory / FILE).write_bytes(damaged)
        found = asyncio.run(found_in(directory))
        lost = everything - found
        assert not found - everything
        kind = owners.get(page, {"nothing"})
        if page == 1 or kind & {"networks internal", "sqlite_autoindex_networks_1 leaf"}:
            assert not lost, (page, kind)
        # The most that lie on one page; of a chain, one.
        assert len(lost) <= 27, (page, kind, lost)
        shutil.rmtree(directory)


def page_step(byte: int) -> bool:
    """Whether every third page is enough."""
    return byte != 0xA5


def test_the_log_of_a_killed_process_is_read_too(sound: Path, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    shutil.copytree(sound.parent / "killed", directory)
    (directory / FILE).write_bytes(b"\xa5" * 8 * PAGE)
    assert (directory / f"{FILE}-wal").stat().st_size > 20 * PAGE
    assert len(asyncio.run(found_in(directory))) == COUNT - 1


def test_a_start_that_was_killed_while_it_salvaged_goes_on(sound: Path, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    directory.mkdir()
    shutil.copy(sound / FILE, directory / f"{FILE}.salvaged")
    assert len(asyncio.run(found_in(directory))) == COUNT - 1, "the damaged one was moved already"
    (directory / f"{FILE}.salvaged").write_bytes(b"half of it")
    assert len(asyncio.run(found_in(directory))) == COUNT - 1, "the damaged one is there still"
    assert [path.name for path in directory.iterdir()] == [FILE]
