"""What breaks, and what is lost: python -m tests.faults.

Servers are killed under load, told to stop in the middle of everything, started with a damaged
file or a clock that is wrong, and let run out of room, with SQLite and with a key server, which is
stopped, hung and killed, too. What is printed: steps that were acknowledged, that were stored,
and that were under way.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from app.store.base import key_of
from tests.http_client import Answer, AsyncClient
from tests.store.pages import PAGE, owners_of_pages
from tests.support import end_process, free_port, start_server
from tests.valkey_server import key_server

JSON = "application/json"
DATABASE = "takeback.sqlite3"
_MOST_SECONDS = 150.0


@dataclass(slots=True)
class Writer:
    """Somebody who takes steps in a network of their own, and counts those that were answered."""

    client: AsyncClient
    network: str
    acknowledged: int = 0
    asked: int = 0

    @classmethod
    async def begin(cls, port: int) -> "Writer":
        """A writer with a new network."""
        client = AsyncClient(port, {"content-type": JSON})
        answer = await client.ask("POST", "/api/v1/networks", b'{"example":"mazur-2-2-2"}')
        return cls(client, json.loads(answer.body)["id"])

    @property
    def path(self) -> str:
        """The network's address."""
        return f"/api/v1/networks/{self.network}"

    async def write(self) -> None:
        """Take steps until the server goes away."""
        with suppress(OSError):
            while True:
                self.asked += 1
                answer = await self.client.ask("POST", f"{self.path}/step", b'{"count":1}')
                if answer.status != 200:
                    self.asked -= 1
                    return
                self.acknowledged += 1

    async def insist(self, until: float) -> None:
        """Take steps until then, whatever comes back; what is not acknowledged may be stored."""
        while time.monotonic() < until:
            self.asked += 1
            with suppress(OSError, TimeoutError):
                ask = self.client.ask("POST", f"{self.path}/step", b'{"count":1}')
                answer = await asyncio.wait_for(ask, 10)
                self.acknowledged += answer.status == 200
                if answer.status != 200:
                    await asyncio.sleep(0.05)

    async def stored(self, port: int) -> int:
        """How many steps the network has, on a server that may be another one."""
        self.client.close()
        self.client.port = port
        answer = await self.client.ask("GET", f"{self.path}?history=none")
        return int(json.loads(answer.body)["step"]) if answer.status == 200 else -1


class Kills(NamedTuple):
    """What came of servers that were killed under load; ``lost`` and ``invented`` should be 0."""

    kills: int
    acknowledged: int
    stored: int
    under_way: int
    lost: int
    invented: int

    async def after(self, people: list[Writer], before: list[int], port: int) -> "Kills":
        """The sum after a kill; ``people`` had ``before``, the server at ``port`` has the rest."""
        total = self._replace(kills=self.kills + 1)
        for one, known in zip(people, before, strict=True):
            total = total.plus(one, known, await one.stored(port))
        return total

    def plus(self, one: Writer, known: int, stored: int) -> "Kills":
        """The sum after a kill that found a writer at ``stored`` steps, who had ``known`` before.

        The writer goes on from there.
        """
        total = self._replace(
            acknowledged=self.acknowledged + one.acknowledged - known,
            stored=self.stored + stored - known,
            under_way=self.under_way + one.asked - one.acknowledged,
            lost=self.lost + max(one.acknowledged - stored, 0),
            invented=self.invented + max(stored - one.asked, 0),
        )
        one.acknowledged = one.asked = stored
        return total


def rounds(count: int) -> Iterator[int]:
    """So many numbers; fewer where a slow machine needs minutes for them."""
    end = time.monotonic() + _MOST_SECONDS
    for number in range(count):
        if time.monotonic() > end:
            return
        yield number


async def kill_shared(data: Path, kills: int) -> Kills:
    """As ``kill``, of a process whose networks a key server keeps."""
    with key_server(data / "keys") as keys:
        return await kill(data, kills, TAKEBACK_STORE=keys.url)


async def interrupt(data: Path, times: int, writers: int = 8) -> Kills:
    """Stop, hang and kill the key server under load, and start it again; writers insist.

    It writes each command to the disk before it answers: by its default it does so once a second,
    and a crash then loses what was acknowledged last.
    """
    total = Kills(0, 0, 0, 0, 0, 0)
    with key_server(data / "keys", "always") as keys:
        port = free_port()
        process = start_server(data, port, TAKEBACK_STORE=keys.url)
        people = [await Writer.begin(port) for _ in range(writers)]
        try:
            for number in rounds(times):
                before = [one.acknowledged for one in people]
                before_it, away = random.uniform(0.2, 0.6), random.uniform(0.1, 1.5)
                end = time.monotonic() + before_it + away + 0.7
                tasks = [asyncio.ensure_future(one.insist(end)) for one in people]
                await asyncio.sleep(before_it)
                fail, heal = (
                    (keys.stop, keys.start), (keys.hang, keys.wake), (keys.kill, keys.start)
                )[number % 3]  # fmt: skip
                await asyncio.to_thread(fail)
                await asyncio.sleep(away)
                await asyncio.to_thread(heal)
                await asyncio.gather(*tasks)
                total = await total.after(people, before, port)
        finally:
            end_process(process)
            for one in people:
                one.client.close()
    return total


async def kill(data: Path, kills: int, writers: int = 8, **environment: str) -> Kills:
    """Kill a server under load, again and again, each time with the same networks."""
    port = free_port()
    process = start_server(data, port, **environment)
    people = [await Writer.begin(port) for _ in range(writers)]
    total = Kills(0, 0, 0, 0, 0, 0)
    try:
        for _ in rounds(kills):
            before = [one.acknowledged for one in people]
            tasks = [asyncio.ensure_future(one.write()) for one in people]
            await asyncio.sleep(random.uniform(0.02, 0.4))
            process.send_signal(signal.SIGKILL)
            process.wait()
            await asyncio.gather(*tasks)
            port = free_port()
            process = start_server(data, port, **environment)
            total = await total.after(people, before, port)
    finally:
        process.kill()
        process.wait()
        for one in people:
            one.client.close()
    return total


async def kill_one(data: Path, kills: int, processes: int = 4, writers: int = 8) -> Kills:
    """Kill one of several processes under load, again and again; the others go on."""
    total = Kills(0, 0, 0, 0, 0, 0)
    with key_server(data / "keys") as keys:
        port = free_port()
        settings = {"TAKEBACK_STORE": keys.url, "TAKEBACK_WORKERS": str(processes)}
        process = start_server(data, port, **settings)
        people = [await Writer.begin(port) for _ in range(writers)]
        try:
            for _ in rounds(kills):
                serving = await asyncio.to_thread(all_of, process.pid, processes)
                before = [one.acknowledged for one in people]
                wait = random.uniform(0.02, 0.4)
                end = time.monotonic() + wait + 0.1
                # What was asked is answered, or its process is gone, before steps are counted.
                tasks = [asyncio.ensure_future(one.insist(end)) for one in people]
                await asyncio.sleep(wait)
                os.kill(random.choice(serving), signal.SIGKILL)
                await asyncio.gather(*tasks)
                total = await total.after(people, before, port)
        finally:
            end_process(process)
            for one in people:
                one.client.close()
    return total


def all_of(parent: int, count: int) -> list[int]:
    """The processes that serve, once there are so many."""
    while len(serving := workers_of(parent)) < count:
        time.sleep(0.05)
    return serving


def workers_of(parent: int) -> list[int]:
    """The processes that serve, of those that ``parent`` began."""
    words = ["ps", "-ww", "--ppid", str(parent), "-o", "pid=,args="]
    listed = subprocess.run(words, capture_output=True, text=True)
    return [int(one.split()[0]) for one in listed.stdout.splitlines() if "spawn_main" in one]


class Stop(NamedTuple):
    """How long a server took to stop, how it ended, and what its clients were told."""

    seconds: float
    code: int
    statuses: dict[int, int]
    lost: int


async def stop_shared(data: Path) -> Stop:
    """As ``stop``, of a process whose networks a key server keeps."""
    with key_server(data / "keys") as keys:
        return await stop(data, TAKEBACK_STORE=keys.url)


async def stop(data: Path, **environment: str) -> Stop:
    """SIGTERM in the middle of runs over the API, streamed runs and steps."""
    port = free_port()
    process = start_server(data, port, **environment)
    people = [await Writer.begin(port) for _ in range(4)]
    tasks = [asyncio.ensure_future(one.write()) for one in people]
    answers: list[Answer] = []

    async def run() -> None:
        one = await Writer.begin(port)
        with suppress(OSError):
            answers.append(await one.client.ask("POST", f"{one.path}/run", b'{"count":1000000}'))
        one.client.close()

    runs = [asyncio.ensure_future(run()) for _ in range(8)]
    await asyncio.sleep(0.7)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = await asyncio.to_thread(process.wait, 30)
    seconds = time.monotonic() - begun
    await asyncio.gather(*tasks, *runs)
    port = free_port()
    process = start_server(data, port, **environment)
    try:
        lost = sum([max(one.acknowledged - await one.stored(port), 0) for one in people])
    finally:
        process.kill()
        process.wait()
        for one in people:
            one.client.close()
    statuses: dict[int, int] = {}
    for answer in answers:
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    return Stop(seconds, code, statuses, lost)


class Damage(NamedTuple):
    """How many networks there were, how many lay elsewhere, and how many of these were saved."""

    networks: int
    elsewhere: int
    saved: int

    def __str__(self) -> str:
        lay = self.networks - self.elsewhere
        return f"{lay} networks lay on it; saved {self.saved} of {self.elsewhere} that did not"


async def damage(data: Path, networks: int = 60) -> Damage:
    """Overwrite one page in the middle of the file, then start again."""
    port = free_port()
    process = start_server(data, port)
    people = []
    try:
        for _ in range(networks):
            one = await Writer.begin(port)
            await one.client.ask("POST", f"{one.path}/step", b'{"count":300}')
            people.append(one)
    finally:
        end_process(process)
    file = data / DATABASE
    content = bytearray(file.read_bytes())
    at = len(content) // PAGE // 2 * PAGE
    lost = owners_of_pages(file)[at // PAGE + 1]
    content[at : at + PAGE] = bytes(random.randbytes(PAGE))
    file.write_bytes(content)
    port = free_port()
    process = start_server(data, port)
    try:
        others = [one for one in people if key_of(one.network) not in lost]
        saved = sum([await one.stored(port) == 300 for one in others])
    finally:
        process.kill()
        process.wait()
        for one in people:
            one.client.close()
    return Damage(networks, len(others), saved)


class Jump(NamedTuple):
    """How many networks there were, and how many were left with their steps after each jump."""

    networks: int
    hours: tuple[int, ...]
    saved: tuple[int, ...]


async def jump(
    data: Path, hours: tuple[int, ...] = (25, -25, 24 * 365), networks: int = 20
) -> Jump:
    """Start again and again with a clock that goes wrong by so many hours; create and let expire.

    Each time another network is created, and the housekeeping has its turn.
    """
    (data / "clock").mkdir(parents=True, exist_ok=True)
    (data / "clock" / "sitecustomize.py").write_text(_CLOCK, encoding="utf-8")
    port = free_port()
    process = start_server(data, port)
    people = [await Writer.begin(port) for _ in range(networks)]
    saved: list[int] = []
    try:
        for one in people:
            await one.client.ask("POST", f"{one.path}/step", b'{"count":2}')
        for wrong in hours:
            end_process(process)
            port = free_port()
            moved = {"PYTHONPATH": str(data / "clock"), "WRONG_SECONDS": str(3600 * wrong)}
            process = start_server(data, port, **moved)
            (await Writer.begin(port)).client.close()
            await asyncio.sleep(1.0)
            saved.append(sum([await one.stored(port) == 2 for one in people]))
    finally:
        process.kill()
        process.wait()
        for one in people:
            one.client.close()
    return Jump(networks, hours, tuple(saved))


_CLOCK = """
import os, time
_time, _ns, _by = time.time, time.time_ns, int(os.environ["WRONG_SECONDS"])
time.time = lambda: _time() + _by
time.time_ns = lambda: _ns() + _by * 10**9
"""


class Room(NamedTuple):
    """A file that may not grow: how many networks fitted, what came then, and what was lost."""

    created: int
    status: int
    retry_after: str
    readable: int

    def __str__(self) -> str:
        after = f", again after {self.retry_after} s" if self.retry_after else ""
        return (
            f"for one more than {self.created} networks, which is refused as it has to be "
            f"({self.status}{after}); {self.readable} of them can be read"
        )


async def fill(data: Path) -> Room:
    """Create networks until there is no room, then look whether those that are there still are."""
    port = free_port()
    process = start_server(data, port, TAKEBACK_MAX_DATABASE_MB="1")
    client = AsyncClient(port, {"content-type": JSON})
    made: list[str] = []
    try:
        while True:
            answer = await client.ask("POST", "/api/v1/networks", b'{"example":"mazur-2-2-2"}')
            if answer.status != 201:
                break
            made.append(json.loads(answer.body)["id"])
        read = [(await client.ask("GET", f"/api/v1/networks/{one}")).status for one in made]
    finally:
        client.close()
        process.kill()
        process.wait()
    return Room(len(made), answer.status, answer.headers.get("retry-after", ""), read.count(200))


def main() -> None:
    """Break everything, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument(
        "--kills", type=int, default=100, help="of one process; with a key server a third of them"
    )
    chosen = parser.parse_args()
    fewer = -(-chosen.kills // 3)
    for name, fault in (
        ("told to stop", stop),
        ("the same, key server", stop_shared),
        ("a damaged page", damage),
        ("the clock moved", jump),
        ("no room", fill),
        ("killed under load", lambda data: kill(data, chosen.kills)),
        ("the same, key server", lambda data: kill_shared(data, fewer)),
        ("one of four killed", lambda data: kill_one(data, fewer)),
        ("key server stops", lambda data: interrupt(data, fewer)),
    ):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as data:
            found = asyncio.run(fault(Path(data)))
        print(f"{name:<20} {found} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
