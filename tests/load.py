"""A class that clicks beside attacks on the same server: python -m tests.load.

300 people press Backprop step every 2 seconds, each in a network of their own. After a quiet
while, every attack of ``tests.attacks`` begins at once, each in a process of its own, which takes
only what the server and the class leave of the processors. What is printed: how long clicks take
before, meanwhile and after, what was refused and for how long, and what the server's memory and
log grew by.
"""

import argparse
import asyncio
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.attacks import ATTACKS, CASES
from tests.http_client import AsyncClient
from tests.support import ROOT, free_port, start_server

FORM = "application/x-www-form-urlencoded"
_STATE = re.compile(r'="(version|op)" value="([^"]+)"')


class Click(NamedTuple):
    """When a click was made, what came back (0: no answer), and after how many seconds."""

    at: float
    status: int
    seconds: float


@dataclass
class Student:
    """Somebody who presses Backprop step now and then."""

    port: int
    clicks: list[Click]
    pause: float = 2.0
    _url: str = ""
    _state: dict[str, str] = field(default_factory=dict)

    async def study(self, until: float) -> None:
        """Click until then, the first time after a moment of one's own."""
        client = AsyncClient(self.port, {"hx-request": "true", "content-type": FORM})
        await asyncio.sleep(random.random() * self.pause)
        while time.monotonic() < until:
            begun = time.monotonic()
            self.clicks.append(await self._click(client, begun))
            await asyncio.sleep(max(begun + self.pause - time.monotonic(), 0))
        client.close()

    async def _click(self, client: AsyncClient, at: float) -> Click:
        fields = "&".join(f"{name}={text}" for name, text in self._state.items())
        body = f"{fields}&learning_rate=0.5&shown_rate=0.5".encode()
        try:
            answer = await asyncio.wait_for(
                client.ask("POST", self._url or "/examples/mazur-2-2-2/step", body), 60
            )
        except (OSError, TimeoutError):
            client.close()
            return Click(at, 0, time.monotonic() - at)
        text = answer.body.decode()
        if answer.status == 200:
            self._state = dict(_STATE.findall(text))
            if found := re.search(r"(/networks/[\w-]+)/step", text):
                self._url = found[1] + "/step"
        return Click(at, answer.status, answer.seconds)


@dataclass(frozen=True, slots=True)
class Report:
    """What a stretch of time was like for the class."""

    clicks: list[Click]

    def quantile(self, share: float) -> float:
        """The time of a click, in milliseconds, that this share of clicks stays under."""
        times = sorted(click.seconds for click in self.clicks if click.status == 200)
        return times[min(int(len(times) * share), len(times) - 1)] * 1000 if times else float("inf")

    @property
    def refused(self) -> list[Click]:
        """The clicks that were not answered as they should be."""
        return [click for click in self.clicks if click.status != 200]

    @property
    def longest_refusal(self) -> float:
        """The longest stretch in seconds in which clicks were refused and none was answered."""
        longest, begun = 0.0, None
        for click in sorted(self.clicks):
            if click.status == 200:
                begun = None
            else:
                begun = click.at if begun is None else begun
                longest = max(longest, click.at + click.seconds - begun)
        return longest

    def __str__(self) -> str:
        times = "  ".join(f"{name} {self.quantile(share):7.1f} ms" for name, share in _SHARES)
        statuses = sorted({click.status for click in self.refused})
        refused = f"refused {len(self.refused)} {statuses or ''}"
        return (
            f"{len(self.clicks):6} clicks  {times}  {refused}, {self.longest_refusal:.1f} s on end"
        )


_SHARES = (("p50", 0.5), ("p99", 0.99), ("worst", 1.0))


class Load(NamedTuple):
    """What came of it: three stretches of time, memory in MB, and the log's growth in bytes."""

    before: Report
    meanwhile: Report
    after: Report
    grown: float
    kept: float


def memory(pid: int) -> float:
    """The resident memory of a process and of those that it began, in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        tasks = [*Path(f"/proc/{pid}/task").glob("*/children")]
        begun = " ".join(task.read_text(encoding="ascii") for task in tasks)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has ended
    found = re.search(r"VmRSS:\s+(\d+)", status)
    own = int(found[1]) / 1024 if found else 0.0
    return own + sum(memory(int(child)) for child in begun.split())


async def attend(
    port: int, pid: int, attacks: list[str], *, students: int, quiet: float, attacked: float
) -> Load:
    """Let a class click while attacks begin and end.

    Args:
        port, pid: the server's.
        attacks: names out of ``ATTACKS``.
        students: how many click, each every 2 seconds.
        quiet: how many seconds nobody attacks, before and after.
        attacked: how many seconds the attacks go on.
    """
    clicks: list[Click] = []
    begun = time.monotonic()
    marks = (begun + quiet, begun + quiet + attacked, begun + 2 * quiet + attacked)
    people = [asyncio.ensure_future(Student(port, clicks).study(marks[2])) for _ in range(students)]
    await asyncio.sleep(marks[0] - time.monotonic())
    usual, most = memory(pid), 0.0
    command = [sys.executable, "-m", "tests.attacks", str(port), str(attacked)]
    attackers = [
        # At the lowest priority: elsewhere, attackers have processors of their own.
        await asyncio.create_subprocess_exec(
            "nice", "-n", "19", *command, name, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        for name in attacks
    ]
    try:
        while time.monotonic() < marks[1]:
            most = max(most, memory(pid))
            await asyncio.sleep(0.1)
    finally:
        for attacker in attackers:
            with suppress(ProcessLookupError):
                attacker.kill()
            await attacker.wait()
    await asyncio.gather(*people)

    def between(start: float, end: float) -> Report:
        return Report([click for click in clicks if start <= click.at < end])

    return Load(
        between(begun + min(2.0, quiet / 2), marks[0]), between(*marks[:2]), between(*marks[1:]),
        most - usual, memory(pid) - usual,
    )  # fmt: skip


def main() -> None:
    """Run the class and the attacks, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument(
        "attacks", nargs="*", help=f"out of {', '.join(CASES)}; all attacks if none"
    )
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the attacks go on")
    parser.add_argument("--alone", action="store_true", help="one attack after another")
    chosen = parser.parse_args()
    names = chosen.attacks or list(ATTACKS)
    for group in [[name] for name in names] if chosen.alone else [names]:
        with tempfile.TemporaryDirectory() as data:
            log = Path(data) / "log"
            port = free_port()
            with log.open("wb") as output:
                process = start_server(Path(data) / "data", port, output)
            try:
                load = asyncio.run(
                    attend(port, process.pid, group, students=chosen.students, quiet=10.0,
                           attacked=chosen.seconds)
                )  # fmt: skip
            finally:
                process.kill()
                process.wait()
            print(f"{chosen.students} students beside {', '.join(group)}")
            print(f"  before     {load.before}")
            print(f"  meanwhile  {load.meanwhile}")
            print(f"  after      {load.after}")
            memories = f"{load.grown:+.0f} MB, {load.kept:+.0f} MB at last"
            print(f"  memory     {memories}; log {log.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
