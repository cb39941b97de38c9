"""Followers on a real server: the present state at once, the newest wins, a restart is survived."""

import asyncio
import re
import signal
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from starlette.requests import Request

from app.errors import Crowded, StorageUnavailable
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.store.classrooms import Classroom
from app.store.lab_store import StoredNetwork
from app.web.networks.audiences import Classes, Drawing, Follower, Sight, Wish
from app.web.networks.shared_stream import Letter, letter
from tests.support import free_port, start_server
from tests.valkey_server import key_server
from tests.web.support import run_async

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Events:
    """The events that a follower gets, plain or compressed."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=20)
        self._connection.request("GET", path, headers=headers)
        self.answer: HTTPResponse = self._connection.getresponse()
        packs = self.answer.getheader("content-encoding") == "gzip"
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packs else None
        self._text = b""

    def next(self) -> tuple[int, str]:
        """The id and the text of the next event."""
        while b"\n\n" not in self._text:
            piece = self.answer.read1(65536)
            assert piece, "the stream has ended"
            self._text += self._unpack.decompress(piece) if self._unpack else piece
        event, _, self._text = self._text.partition(b"\n\n")
        text = event.decode()
        number = re.match(r"id: (\d+)\n", text)
        return int(number[1]) if number else 0, text

    def until(self, words: str) -> tuple[int, str]:
        """The first event that says so."""
        while True:
            number, text = self.next()
            if words in text:
                return number, text

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


class Class:
    """A room on a server: its network's page, the address to watch at, and who follows."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._followers: list[Events] = []
        headers, _ = self.ask("POST", "/examples/mazur-2-2-2/room")
        self.page = headers["location"].partition("?")[0]
        found = re.search(r"/watch/[\w-]{24}", self.ask("GET", f"{self.page}/room")[1])
        assert found
        self.watch = found[0]

    def ask(
        self, method: str, path: str, body: str = "", port: int = 0
    ) -> tuple[dict[str, str], str]:
        with closing(HTTPConnection("127.0.0.1", port or self.port, timeout=20)) as connection:
            connection.request(method, path, body, FORM)
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status < 400, text
            return {name.lower(): value for name, value in answer.getheaders()}, text

    def step(self, port: int = 0) -> None:
        page = self.ask("GET", self.page, port=port)[1]
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version
        body = f"version={version[1]}&op=t.{version[1]}"
        self.ask("POST", f"{self.page}/step", body, port)

    def follow(self, query: str = "", *, port: int = 0, packed: bool = False) -> Events:
        """Somebody who follows until the test ends."""
        headers = {"Accept-Encoding": "gzip" if packed else "gzip;q=0"}
        events = Events(port or self.port, f"{self.watch}/events{query}", headers)
        assert (events.answer.getheader("content-encoding") == "gzip") is packed
        self._followers.append(events)
        return events

    def close(self) -> None:
        for events in self._followers:
            events.close()


@contextmanager
def serving(folder: Path, port: int = 0, /, **settings: str) -> Iterator[int]:
    port = port or free_port()
    process = start_server(folder, port, TAKEBACK_KERNEL="numpy", **settings)
    try:
        yield port
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(tmp_path_factory.mktemp("data"), TAKEBACK_MAX_FOLLOWERS="4") as found:
        yield found


class Room:
    """A register and a store of one room, whose network stands where it is put."""

    def __init__(self, last_op: str = "") -> None:
        self.version, self.last_op, self.runs = 1, last_op, True

    async def watched(self, token: str) -> Classroom:
        return Classroom(b"key", token, "CODE", "")

    async def watch(self, key: bytes) -> StoredNetwork:
        lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec)
        return StoredNetwork("", b"key", self.version, lab, self.last_op)


def classes_for(room: Room, draw: Drawing) -> Classes:
    classes = Classes(room, draw, 10)  # type: ignore[arg-type]
    classes.store = room  # type: ignore[assignment]
    classes.runs_on = lambda *_: room.runs
    return classes


async def _joins_while_an_event_is_drawn() -> list[bytes]:
    drawing, go_on = asyncio.Event(), asyncio.Event()

    async def draw(request: object, sight: Sight | None, wish: Wish) -> Letter:
        drawing.set()
        await go_on.wait()
        return letter(f"{sight and sight.number}", 1)

    classes = classes_for(Room(), draw)
    first, second = (Follower(Request({"type": "http"}), Wish()) for _ in range(2))
    classes.join("t", first)
    await drawing.wait()
    classes.join("t", second)
    go_on.set()
    async with asyncio.timeout(5):
        found = [await anext(one.letters()) for one in (first, second)]
    for one in (first, second):
        classes.leave("t", one)
    assert classes.followers == 0
    return [one.plain for one in found if one]


def test_who_joins_while_an_event_is_drawn_gets_it_too() -> None:
    assert run_async(_joins_while_an_event_is_drawn) == [letter("1", 1).plain] * 2


async def _spoken(last_op: str, turns: int) -> list[bool]:
    said: list[bool] = []

    async def draw(request: object, sight: Sight | None, wish: Wish) -> Letter:
        assert sight
        said.append(sight.speaks)
        return letter("", sight.number)

    room = Room(last_op)
    classes = classes_for(room, draw)
    follower = Follower(Request({"type": "http"}), Wish())
    classes.join("t", follower)
    for _ in range(turns):
        await anext(follower.letters())
        room.version += 1
        classes.wake(b"key")
    await anext(follower.letters())
    room.runs = False
    classes.wake(b"key")
    async with asyncio.timeout(10):
        while not said[-1]:
            await anext(follower.letters())
    classes.leave("t", follower)
    return said


def test_one_address_leaves_places_for_others() -> None:
    async def draw(*_: object) -> Letter:
        return letter("all", 1)

    async def work() -> None:
        classes = classes_for(Room(), draw)

        def joined(address: str) -> int:
            for count in range(20):
                follower = Follower(Request({"type": "http", "client": (address, 1)}), Wish())
                try:
                    classes.check_room(follower.address)
                except Crowded:
                    return count
                classes.join("t", follower)
            raise AssertionError("there are only ten places")

        assert joined("10.0.0.1") == 8
        assert joined("10.0.0.2") == 2
        assert joined("10.0.0.3") == 0
        for audience in classes._audiences.values():
            assert audience.task
            audience.task.cancel()

    asyncio.run(work())


def test_a_projector_is_no_follower_and_a_store_that_is_away_is_noticed() -> None:
    class Away(Room):
        away = False

        async def watch(self, key: bytes) -> StoredNetwork:
            if self.away:
                raise StorageUnavailable
            return await super().watch(key)

    async def draw(*_: object) -> Letter:
        return letter("all", 1)

    async def work() -> None:
        room = Away()
        classes = classes_for(room, draw)
        wishes = (Wish(), Wish(view="present"))
        windows = [Follower(Request({"type": "http"}), wish) for wish in wishes]
        for one in windows:
            classes.join("t", one)
        assert classes.followers == 1
        for away in (False, True, False):
            room.away = away
            classes.wake(b"key")
            await asyncio.sleep(0.2)
            assert classes.sees("t") is not away
        for one in windows:
            classes.leave("t", one)

    asyncio.run(work())


def test_a_run_is_told_once_when_it_is_over() -> None:
    assert run_async(_spoken, "run:a.1", 3) == [False] * 4 + [True]
    assert run_async(_spoken, "a.1", 3) == [True] * 4


SAID = re.compile(r'hx-target="#said"[^>]*>([^<]*)</hx-partial>')


def test_while_a_run_goes_on_no_old_sentence_stays(port: int) -> None:
    room = Class(port)
    room.step()
    one = room.follow()
    _, text = one.next()
    assert SAID.findall(text) == ["Step 1: the error fell from 0.298371 to 0.291028."]
    headers = {**FORM, "HX-Request": "true", "Accept": "text/html, text/event-stream"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as running:
        body = "version=2&op=run.1&count=40"
        running.request("POST", f"{room.page}/run", body, headers)
        running.getresponse().read()
    told: list[str] = []
    while not told or not told[-1]:
        told += SAID.findall(one.next()[1])
    assert told[0] == "", "the page shows a step of the run by then"
    assert told[-1].startswith("Ran 40 steps, to step 41. The error went from 0.291028 to")
    room.close()


def test_all_followers_get_each_state_and_the_end(port: int) -> None:
    with closing(Class(port)) as room:
        all_events = [
            room.follow(),
            room.follow(packed=True),
            room.follow("?notation=z&theme=dark", packed=True),
        ]
        first = [one.next() for one in all_events]
        assert all(">Step 0<" in text and number == 1 for number, text in first)
        assert first[0] == first[1]
        room.step()
        second = [one.next() for one in all_events]
        assert all(">Step 1<" in text and number == 2 for number, text in second)
        assert second[0] == second[1]
        names = [re.findall(r'id="loss-name">(\w)<', text) for _, text in second]
        assert names == [["E"], ["E"], ["L"]]
        assert not any(room.page.rpartition("/")[2] in text for _, text in first + second)
        late = room.follow(packed=True)
        assert late.next() == second[1]
        for of_script in ({}, {"HX-Request": "true"}):
            with closing(HTTPConnection("127.0.0.1", port)) as fifth:
                fifth.request("GET", f"{room.watch}/events", headers=of_script)
                answer = fifth.getresponse()
                told = answer.read().decode()
            assert answer.status == (200 if of_script else 503)
            assert "4 of 4 places are taken, 4 of them from there" in told
            assert ("event: ended" in told) is bool(of_script), "the page asks again"
            assert answer.getheader("retry-after") == (None if of_script else "5")
        assert 'hx-trigger="load, every 5s"' in room.ask("GET", room.watch)[1]
        assert "4 of 4 places are taken" in room.ask("GET", f"{room.page}/room")[1]
        room.ask("POST", f"{room.page}/room/end")
        for one in (*all_events, late):
            assert "This class is over." in one.next()[1]
            assert "event: ended" in one.next()[1]
            assert one.answer.read() == b""


def test_who_reads_late_gets_the_newest_state_alone(port: int) -> None:
    with closing(Class(port)) as room:
        slow, quick = (room.follow() for _ in range(2))
        quick.next()
        for count in range(1, 41):
            room.step()
            quick.until(f">Step {count}<")
        numbers = [slow.next()[0]]
        while numbers[-1] < 41:
            numbers.append(slow.next()[0])
        assert numbers == sorted(set(numbers))
        assert len(numbers) <= 41


def test_a_room_and_its_followers_outlive_a_kill(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port):
        room = Class(port)
        room.step()
    with closing(room), serving(tmp_path, port):
        events = room.follow()
        number, text = events.next()
        assert (number, ">Step 1<" in text) == (2, True)
        room.step()
        assert events.next()[0] == 3


def test_followers_of_every_process_are_told(tmp_path: Path) -> None:
    with (
        key_server(tmp_path / "valkey") as keys,
        serving(tmp_path / "a", TAKEBACK_STORE=keys.url) as one,
        serving(tmp_path / "b", TAKEBACK_STORE=keys.url) as other,
        closing(Class(one)) as room,
    ):
        here, there = room.follow(), room.follow(port=other)
        assert here.next() == there.next()
        deadline = time.monotonic() + 15
        while "2 follow" not in room.ask("GET", f"{room.watch}/count?seen=0", port=one)[1]:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        begun = time.monotonic()
        for count in range(1, 4):
            room.step(port=other if count % 2 else one)
            assert here.until(f">Step {count}<") == there.until(f">Step {count}<")
        assert time.monotonic() - begun < 10
        room.ask("POST", f"{room.page}/room/end", port=other)
        for events in (here, there):
            events.until("event: ended")
