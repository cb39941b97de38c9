"""Whatever page of a database is damaged, everything that lies on other pages comes back."""

import asyncio
import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from app.errors import TakebackError
from app.lab.asking.questions import AskedQuestion
from app.store.base import key_of
from app.store.classrooms import Classroom
from app.store.copies import copy_of, inspect
from app.store.salvage import records_of
from app.store.sqlite import SqliteStore
from app.store.sqlite_classrooms import SqliteClassrooms
from tests.store.pages import owners_of_pages

PAGE, COUNT = 8192, 60
FILE = "takeback.sqlite3"
_MEMORY = Path("/dev/shm")
EVERYTHING = set(range(COUNT)) - {5}


def size_of(number: int) -> int:
    """Rows of a page's part, a page, and a chain of pages."""
    return (300, 3000, 30_000)[number % 3]


def data_of(number: int) -> bytes:
    return b"%04d" % number * (size_of(number) // 4)


def opened(directory: Path) -> SqliteStore:
    return SqliteStore(directory, ttl_seconds=1e6, max_networks=1000)


async def fill(store: SqliteStore, count: int = COUNT) -> None:
    for number in range(count):
        blocks = {"spec": data_of(number), "0.0.0": b"block" * (number * 20)}
        await store.create(f"n{number}", data_of(number), op="op", blocks=blocks)
    for number in range(0, count, 7):
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


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where that can be: for hundreds of databases everybody would wait for the disk."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=_MEMORY) as place:
        yield Path(place)


async def found_in(directory: Path) -> set[int]:
    """The networks that can be read, each with all that belongs to it."""
    store, found = opened(directory), set()
    for number in range(COUNT):
        with suppress(TakebackError):
            stored = await store.load(f"n{number}")
            later = number % 7 == 0
            blocks = {"spec": data_of(number), "0.0.0": b"block" * (number * 20)}
            told = (stored.version, stored.last_op) == ((2, "later") if later else (1, "op"))
            if told and stored.data == data_of(number) and stored.blocks == blocks:
                found.add(number)
    await store.close()
    return found


def owners_of(directory: Path) -> dict[int, str]:
    """The table that each page belongs to, and how, by SQLite's own account."""
    db = sqlite3.connect(directory / FILE)
    rows = db.execute("SELECT pageno, name || ' ' || pagetype FROM dbstat").fetchall()
    db.close()
    return dict(rows)


def lying_on(file: Path) -> dict[int, set[int]]:
    """The networks that have a record, or a part of one, on each page."""
    numbers = {key_of(f"n{number}"): number for number in range(COUNT)}
    owners = owners_of_pages(file).items()
    found = {page: {numbers[key] for key in keys} for page, keys in owners}
    return defaultdict(set, found)


def test_all_records_are_read_from_a_sound_file(sound: Path) -> None:
    for directory in (sound, sound.parent / "killed"):
        records = list(records_of(directory / FILE))
        lengths = [len(record) for record in records]
        assert [lengths.count(n) for n in (6, 4, 1)] == [COUNT - 1, 2 * (COUNT - 1), 1]
        assert len(lengths) == 3 * (COUNT - 1) + 1


Change = Callable[[bytes, Random], bytes]
DAMAGES: dict[str, Change] = {
    "zeros": lambda page, _: bytes(len(page)),
    "random": lambda page, chance: chance.randbytes(len(page)),
    "leaf": lambda page, _: b"\x0d" * len(page),
    "half": lambda page, _: page[: len(page) // 2] + bytes(len(page) - len(page) // 2),
    "byte": lambda page, chance: with_a_byte(page, chance),
}


def with_a_byte(page: bytes, chance: Random) -> bytes:
    """A page of which one byte that is not zero is another."""
    at = chance.choice([i for i, byte in enumerate(page) if byte] or [0])
    return page[:at] + bytes([page[at] ^ chance.randrange(1, 256)]) + page[at + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_page_costs_what_lies_on_it(sound: Path, tmp_path: Path, damage: str) -> None:
    content, chance = (sound / FILE).read_bytes(), Random(1)
    lying, owners = lying_on(sound / FILE), owners_of(sound)
    trees = [page for page, kind in owners.items() if not kind.endswith(("overflow", "leaf"))]
    trees += [1, *(page for page, kind in owners.items() if "autoindex" in kind)]
    few = range(1, len(content) // PAGE + 1, 3)
    for number in (*few, *(trees * (8 if damage == "byte" else 1))):
        start = (number - 1) * PAGE
        page = DAMAGES[damage](content[start : start + PAGE], chance)
        found = found_with(tmp_path, content[:start] + page + content[start + PAGE :])
        assert not EVERYTHING - found - lying[number], (number, owners.get(number))
        assert not found - EVERYTHING


def test_an_older_page_costs_what_lies_on_it(sound: Path, tmp_path: Path) -> None:
    """A write that was never made, such as one of the index that leads to networks."""
    content = (sound / FILE).read_bytes()
    store = opened(tmp_path / "older")
    asyncio.run(fill(store, COUNT // 2))
    asyncio.run(store.close())
    older, lying = (tmp_path / "older" / FILE).read_bytes(), lying_on(sound / FILE)
    for number, kind in owners_of(sound).items():
        if kind.endswith("overflow") or number * PAGE > len(older):
            continue
        start = (number - 1) * PAGE
        page = older[start : start + PAGE]
        found = found_with(tmp_path, content[:start] + page + content[start + PAGE :])
        assert not EVERYTHING - found - lying[number], (number, kind)


@pytest.mark.parametrize("damage", ["zeros", "random", "byte"])
def test_a_damaged_page_of_the_log_costs_what_lies_on_it(
    sound: Path, tmp_path: Path, damage: str
) -> None:
    killed, chance = sound.parent / "killed", Random(2)
    content, log = (killed / FILE).read_bytes(), (killed / f"{FILE}-wal").read_bytes()
    lying, frame = lying_on(killed / FILE), PAGE + 24
    for start in range(0, len(log) - frame, 50 * PAGE):
        part = DAMAGES[damage](log[start : start + PAGE], chance)
        found = found_with(tmp_path, content, log[:start] + part + log[start + PAGE :])
        first, last = max(start - 32, 0) // frame, (start + PAGE - 33) // frame
        touched = [int.from_bytes(log[32 + i * frame :][:4]) for i in range(first, last + 1)]
        assert not EVERYTHING - found - set[int]().union(*(lying[page] for page in touched))


def test_the_end_of_a_log_that_was_not_written_is_no_damage(sound: Path, tmp_path: Path) -> None:
    killed = sound.parent / "killed"
    content, log = (killed / FILE).read_bytes(), (killed / f"{FILE}-wal").read_bytes()
    for end in (log[:-5000], log[:-100] + bytes(100), log[:32], b""):
        found_with(tmp_path, content, end)
        assert not list((tmp_path / "data").glob("*corrupt*"))


def found_with(tmp_path: Path, content: bytes, log: bytes | None = None) -> set[int]:
    """The networks that come back from such a file."""
    directory = tmp_path / "data"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    (directory / FILE).write_bytes(content)
    if log is not None:
        (directory / f"{FILE}-wal").write_bytes(log)
    return asyncio.run(found_in(directory))


def test_the_log_of_a_killed_process_is_read_too(sound: Path, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    shutil.copytree(sound.parent / "killed", directory)
    (directory / FILE).write_bytes(b"\xa5" * 8 * PAGE)
    assert (directory / f"{FILE}-wal").stat().st_size > 20 * PAGE
    assert len(asyncio.run(found_in(directory))) == COUNT - 1


def test_whoever_looks_at_a_damaged_log_leaves_it_to_the_next_start(
    sound: Path, tmp_path: Path
) -> None:
    """SQLite, as soon as it reads one, keeps nothing of it from the damage on."""
    directory = tmp_path / "data"
    shutil.copytree(sound.parent / "killed", directory)
    log = directory / f"{FILE}-wal"
    content = bytearray(log.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 500] = bytes(500)
    log.write_bytes(content)
    for look in (inspect, lambda place: copy_of(place, tmp_path / "copy")):
        with pytest.raises(sqlite3.DatabaseError, match="its log is damaged; the next start"):
            look(directory)
        assert log.read_bytes() == content
    assert len(asyncio.run(found_in(directory))) > COUNT // 2


def test_a_start_that_was_killed_while_it_salvaged_goes_on(sound: Path, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    directory.mkdir()
    shutil.copy(sound / FILE, directory / f"{FILE}.salvaged")
    assert len(asyncio.run(found_in(directory))) == COUNT - 1, "the damaged one was moved already"
    (directory / f"{FILE}.salvaged").write_bytes(b"half of it")
    assert len(asyncio.run(found_in(directory))) == COUNT - 1, "the damaged one is there still"
    assert [path.name for path in directory.iterdir()] == [FILE]


# --- rooms --------------------------------------------------------------------------------------

QUESTION = AskedQuestion("largest", choices=("w1", "w5"), right=1).written()


async def fill_rooms(store: SqliteStore) -> list[Classroom]:
    """A room for every third network, a question in each, and answers; one has moved."""
    register, rooms = SqliteClassrooms(store, COUNT), []
    for number in range(0, COUNT, 3):
        look = "?open=w5&unfold=" + "1-" * number
        room = Classroom(key_of(f"n{number}"), f"{number:024}", f"{number:06}", look)
        assert await register.open(room, 1e5)
        asked = await register.ask(room.network, QUESTION)
        for device in range(number):
            assert await register.answer(room.token, asked, f"device{device:06}", "1", 1000)
        rooms.append(room)
    assert await register.move(rooms[1].network, key_of("n1"), "")
    return rooms


async def found_rooms(directory: Path) -> dict[str, tuple[str, str, int]]:
    """The rooms by token: code, question, and how many have answered."""
    store = opened(directory)
    register, found = SqliteClassrooms(store, COUNT), {}
    for number in range(0, COUNT, 3):
        if room := await register.watched(f"{number:024}"):
            answers = await register.answers(room.network)
            assert set(answers.others) <= {"1"}
            found[room.token] = (room.code, room.question, sum(answers.others.values()))
            assert await register.joined(room.code) == room
    await store.close()
    return found


def test_rooms_come_back_from_a_damaged_file_as_far_as_they_can_be_read(tmp_path: Path) -> None:
    made = tmp_path / "made"
    store = opened(made)
    asyncio.run(fill(store))
    asyncio.run(fill_rooms(store))
    asyncio.run(store.close())
    whole = asyncio.run(found_rooms(made))
    assert len(whole) == COUNT // 3
    content, owners = (made / FILE).read_bytes(), owners_of(made)

    def damaged(*numbers: int) -> dict[str, tuple[str, str, int]]:
        pages = bytearray(content)
        for number in numbers:
            pages[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)
        directory = tmp_path / "data"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        (directory / FILE).write_bytes(pages)
        return asyncio.run(found_rooms(directory))

    assert damaged(1) == whole, "without any tree at all"
    of: dict[str, list[int]] = defaultdict(list)
    for page, kind in owners.items():
        if kind.endswith("leaf"):
            of[kind.split()[0]].append(page)
    assert not damaged(*of["classrooms"])
    without = damaged(*of["questions"])
    assert {token: (code, "", 0) for token, (code, *_) in whole.items()} == without
    assert len(of["answers"]) > 1
    fewer = damaged(of["answers"][-1])
    assert fewer.keys() == whole.keys()
    assert sum(one[2] for one in fewer.values()) < sum(one[2] for one in whole.values())
    assert {one[:2] for one in fewer.values()} == {one[:2] for one in whole.values()}


def test_what_nobody_can_read_of_a_room_is_left_out(tmp_path: Path) -> None:
    store = opened(tmp_path)
    asyncio.run(fill(store, 10))
    rooms = asyncio.run(fill_rooms_of(store))
    asyncio.run(store.close())
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("UPDATE questions SET question = '{' WHERE network = ?", (rooms[0].network,))
    db.execute("UPDATE answers SET answer = 'x' WHERE device = 'one'")
    db.execute("UPDATE classrooms SET token = 'short' WHERE network = ?", (rooms[2].network,))
    db.commit()
    db.close()
    with (tmp_path / FILE).open("r+b") as file:
        file.write(bytes(100))
    again = opened(tmp_path)
    register = SqliteClassrooms(again, COUNT)

    async def state(room: Classroom) -> tuple[str, int] | None:
        found, answers = await register.of(room.network), await register.answers(room.network)
        return (found.question, sum(answers.others.values())) if found else None

    assert [asyncio.run(state(room)) for room in rooms] == [("", 0), (QUESTION, 1), None]
    asyncio.run(again.close())


async def fill_rooms_of(store: SqliteStore) -> list[Classroom]:
    """Three rooms, each with a question that two devices have answered."""
    register, rooms = SqliteClassrooms(store, COUNT), []
    for number in (1, 2, 3):
        room = Classroom(key_of(f"n{number}"), f"{number:024}", f"{number:06}", "")
        await register.open(room, 1e5)
        asked = await register.ask(room.network, QUESTION)
        for device in ("one", "two"):
            await register.answer(room.token, asked, device, "1", 1000)
        rooms.append(room)
    return rooms
