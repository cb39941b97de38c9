"""A class of 300 that follows one network, beside others who click: python -m tests.load_following.

Followers read the compressed events as phones do; some stop reading. What is printed: how long a
click of the teacher takes without and with them, in the same rhythm and with what the server worked
until it was answered; when the median and the slowest follower have the
event, and what a follower costs in memory.
"""

import argparse
import asyncio
import math
import os
import re
import statistics
import tempfile
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.http_client import AsyncClient, read_head, request
from tests.load import FORM, Click, Student, memory
from tests.support import free_port, start_server

_STATE = re.compile(r'id="(?:version|op)" type="hidden" name="(version|op)" value="([^"]+)"')
_PAUSE = 0.2
_FIGURES = re.compile(r'<i id="(version|op)" value="([^"]+)"')


@dataclass
class Reader:
    """A follower: the ids of the events that came, and when each was there as a whole."""

    port: int
    path: str
    came: dict[int, float] = field(default_factory=dict)
    size: int = 0

    async def follow(self) -> None:
        """Read until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request("GET", f"{self.path}/events", accept_encoding="gzip"))
            await read_head(reader)
            unpack, text = zlib.decompressobj(zlib.MAX_WBITS | 16), b""
            while size := int((await reader.readline()).strip() or b"0", 16):
                text += unpack.decompress(await reader.readexactly(size))
                await reader.readline()
                self.size += size
                *events, text = text.split(b"\n\n")
                for event in events:
                    if event.startswith(b"id: "):
                        self.came[int(event[4 : event.index(b"\n")])] = time.perf_counter()
        finally:
            writer.close()


async def stall(port: int, path: str) -> None:
    """Follow, and read nothing of it."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    try:
        writer.write(request("GET", f"{path}/events"))
        await asyncio.sleep(3600)
    finally:
        writer.close()


class Teacher:
    """Who drives; every other click is a step, the others take it back."""

    def __init__(self, port: int, pid: int) -> None:
        self._client, self._pid = AsyncClient(port, {"content-type": FORM}), pid
        self._state: dict[str, str] = {}
        self._page = self.watching = ""

    async def open(self) -> None:
        """Open a room."""
        answer = await self._client.ask("POST", "/examples/mazur-2-2-2/room")
        self._page = answer.headers["location"].partition("?")[0]
        page = (await self._client.ask("GET", self._page)).body.decode()
        self._state = dict(_STATE.findall(page))
        desk = (await self._client.ask("GET", f"{self._page}/room")).body.decode()
        found = re.search(r"/watch/[\w-]{24}", desk)
        assert found
        self.watching = found[0]

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    async def click(self, command: str) -> "Answered":
        """Make a click."""
        fields = "&".join(f"{name}={text}" for name, text in self._state.items())
        self._client.close()  # an idle connection may end just now
        await self._client.ask("GET", "/health/live")
        worked, begun = loop_time(self._pid), time.perf_counter()
        answer = await self._client.ask(
            "POST", f"{self._page}/{command}", fields.encode(), hx_request="true"
        )
        worked = loop_time(self._pid) - worked
        text = answer.body.decode()
        assert answer.status == 200, text[:300]
        self._state |= dict(_STATE.findall(text)) | dict(_FIGURES.findall(text))
        return Answered(begun, answer.seconds, worked)


class Answered(NamedTuple):
    """When a click was made, after how many seconds it was answered, and how much work that was."""

    begun: float
    seconds: float
    work: float


class Following(NamedTuple):
    """What came of it: seconds a click, then of each event until followers had it; kilobytes."""

    alone: list[Answered]
    followed: list[Answered]
    median: list[float]
    slowest: list[float]
    missed: int
    size: float
    memory: float
    work: tuple[float, float]

    def __str__(self) -> str:
        def ms(times: list[float]) -> str:
            worst = max(times)
            return f"median {statistics.median(times) * 1000:.1f} ms, worst {worst * 1000:.1f} ms"

        def answered(clicks: list[Answered]) -> str:
            work = statistics.median(one.work for one in clicks)
            return f"{ms([one.seconds for one in clicks])}; the server's work {work * 1000:.1f} ms"

        return (
            f"a click, nobody follows  {answered(self.alone)}\n"
            f"a click, all follow      {answered(self.followed)}\n"
            f"the median follower      {ms(self.median)}\n"
            f"the slowest follower     {ms(self.slowest)}; missed {self.missed}\n"
            f"an event                 {self.size:.1f} kB sent to each\n"
            f"the processor's time     {self.work[0]:.1f} ms a click alone, "
            f"{self.work[1]:.1f} ms when all follow\n"
            f"a follower               {self.memory:.1f} kB of the server's memory"
        )


def processor_time(pid: int) -> float:
    """How many milliseconds a process has worked."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def loop_time(pid: int) -> float:
    """For how many seconds the thread of a process's event loop has worked."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


async def follow(
    port: int, pid: int, *, followers: int, stalled: int, clicks: int, students: int
) -> Following:
    """Let so many follow that many clicks, while others do not read, and students click, too."""
    teacher = Teacher(port, pid)
    await teacher.open()
    await teacher.click("step")
    work = [processor_time(pid)]
    alone = []
    for name in ("step", "take-back") * (clicks // 2):
        alone.append(await teacher.click(name))
        await asyncio.sleep(_PAUSE)
    work.append(processor_time(pid))
    before = memory(pid)
    readers = [Reader(port, teacher.watching) for _ in range(followers)]
    tasks = [asyncio.create_task(one.follow()) for one in readers]
    while not all(one.came for one in readers):
        await asyncio.wait(tasks, timeout=0.05)
    await asyncio.sleep(1)
    kilobytes = (memory(pid) - before) * 1024 / followers
    tasks += [asyncio.create_task(stall(port, teacher.watching)) for _ in range(stalled)]
    others: list[Click] = []
    until = time.monotonic() + 2 + clicks * 0.5
    tasks += [asyncio.create_task(Student(port, others).study(until)) for _ in range(students)]
    await asyncio.sleep(2)
    followed, median, slowest, missed = [], [], [], 0
    size = sum(one.size for one in readers)
    work.append(processor_time(pid))
    for name in ("step", "take-back") * (clicks // 2):
        known = max(max(one.came) for one in readers)
        followed.append(await teacher.click(name))
        begun = followed[-1].begun
        await asyncio.sleep(_PAUSE)
        while time.perf_counter() < begun + 5 and any(max(one.came) <= known for one in readers):
            await asyncio.wait(tasks, timeout=0.05)
        news = [at - begun for one in readers for number, at in one.came.items() if number > known]
        missed += followers - len(news)
        # On a machine that is busy with other things nobody may have it by now.
        median.append(statistics.median(news or [math.inf]))
        slowest.append(max(news, default=math.inf))
    work.append(processor_time(pid))
    sent = (sum(one.size for one in readers) - size) / followers / clicks / 1000
    costs = ((work[1] - work[0]) / clicks, (work[3] - work[2]) / clicks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    teacher.close()
    return Following(alone, followed, median, slowest, missed, sent, kilobytes, costs)


def main() -> None:
    """Let a class follow, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.load_following", description=__doc__)
    parser.add_argument("--followers", type=int, default=300)
    parser.add_argument("--stalled", type=int, default=50)
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument("--students", type=int, default=0, help="others, a click in 2 s each")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        process = start_server(Path(data), port)
        try:
            print(asyncio.run(follow(port, process.pid, **vars(chosen))))
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
