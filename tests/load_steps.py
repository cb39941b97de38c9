"""Many who step at once: python -m tests.load_steps.

So many clients take so many steps each in one network, beside four runs, with SQLite and with a key
server, by one process and by four. What is printed: steps that were acknowledged and stored, and
how long they took. Then each steps in a network of its own, by one process and by two: how many
times the steps, and what a step costs the processor; where client, key server and two processes
share two cores, these are what to compare.
"""

import argparse
import asyncio
import math
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.faults import JSON, Writer, all_of
from tests.http_client import AsyncClient
from tests.load_following import processor_time
from tests.support import end_process, free_port, start_server
from tests.valkey_server import key_server

_RUNS = 4
_STEP, _RUN = b'{"count":1}', b'{"count":20000}'


class Serving(NamedTuple):
    """A server under load: where it listens, its processes, and that of its key server."""

    port: int
    processes: list[int]
    keys: int | None

    def work(self) -> tuple[float, float]:
        """How many milliseconds its processes have worked, and its key server."""
        keys = processor_time(self.keys) if self.keys else 0.0
        return sum(map(processor_time, self.processes)), keys


@contextmanager
def serving(data: Path, processes: int, *, shared: bool) -> Iterator[Serving]:
    """A server with one process or more, with SQLite or a key server of its own."""
    port = free_port()
    with key_server(data / "keys") if shared else nothing() as keys:
        settings = {"TAKEBACK_STORE": keys.url} if keys else {}
        server = start_server(data, port, TAKEBACK_WORKERS=str(processes), **settings)
        try:
            pids = all_of(server.pid, processes) if processes > 1 else [server.pid]
            settle(pids)
            yield Serving(port, pids, keys.process.pid if keys else None)
        finally:
            end_process(server)


def settle(pids: list[int]) -> None:
    """Return when all processes serve: while one begins, the others have all connections."""
    before, now = [0.0], [math.inf]
    while sum(now) - sum(before) > 100:
        before = [processor_time(pid) for pid in pids]
        time.sleep(1)
        now = [processor_time(pid) for pid in pids]


@contextmanager
def nothing() -> Iterator[None]:
    """No key server."""
    yield


class Crowd(NamedTuple):
    """What came of it: steps, seconds each took, and how often a client was told to come again."""

    acknowledged: int
    stored: int
    seconds: list[float]
    refused: int
    runs: int

    def __str__(self) -> str:
        median, p99 = statistics.median(self.seconds), statistics.quantiles(self.seconds, n=100)[-1]
        return (
            f"acknowledged {self.acknowledged}, stored {self.stored}, lost or doubled "
            f"{abs(self.stored - self.acknowledged)}; a step {median * 1000:.0f} ms, p99 "
            f"{p99 * 1000:.0f} ms; told to try again {self.refused}, runs beside it {self.runs}"
        )


async def crowd(port: int, clients: int, steps: int) -> Crowd:
    """So many clients take so many steps each in one network, beside runs of others."""
    first = await Writer.begin(port)
    runs: list[int] = []
    others = [asyncio.create_task(run_on(port, runs)) for _ in range(_RUNS)]
    each = [step_on(port, first.path, steps) for _ in range(clients)]
    done = await asyncio.gather(*each)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    seconds = [one for times, _ in done for one in times]
    stored = await first.stored(port)
    first.client.close()
    return Crowd(len(seconds), stored, seconds, sum(refused for _, refused in done), len(runs))


async def step_on(port: int, path: str, steps: int) -> tuple[list[float], int]:
    """Take steps until so many are acknowledged: the seconds of each, and what was refused."""
    client, seconds, refused = AsyncClient(port, {"content-type": JSON}), list[float](), 0
    while len(seconds) < steps:
        answer = await client.ask("POST", f"{path}/step", _STEP)
        if answer.status == 200:
            seconds.append(answer.seconds)
        else:
            assert answer.status in (409, 503), answer.body[:200]
            refused += 1
            await asyncio.sleep(0.05)
    client.close()
    return seconds, refused


async def run_on(port: int, done: list[int]) -> None:
    """Run a network of one's own again and again until cancelled."""
    one = await Writer.begin(port)
    try:
        while True:
            answer = await one.client.ask("POST", f"{one.path}/run", _RUN)
            if answer.status == 200:
                done.append(answer.status)
            else:
                await asyncio.sleep(1)
            await one.client.ask("POST", f"{one.path}/reset")
    finally:
        one.client.close()


class Pace(NamedTuple):
    """Steps a second, and milliseconds of the processor that a step costs each party."""

    steps: float
    server: float
    keys: float
    client: float

    def __str__(self) -> str:
        return (
            f"{self.steps:.0f} steps a second; a step takes {self.server:.2f} ms of the processor "
            f"in the server, {self.keys:.2f} in the key server, {self.client:.2f} in the clients"
        )


async def pace(server: Serving, clients: int, seconds: float) -> Pace:
    """How fast so many clients step, each in a network of its own."""
    people = [await Writer.begin(server.port) for _ in range(clients)]
    before, begun, own = server.work(), time.perf_counter(), time.process_time()
    tasks = [asyncio.create_task(one.write()) for one in people]
    await asyncio.sleep(seconds)
    after, lasted, own = server.work(), time.perf_counter() - begun, time.process_time() - own
    count = sum(one.acknowledged for one in people)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for one in people:
        one.client.close()
    costs = [(late - early) / count for early, late in zip(before, after, strict=True)]
    return Pace(count / lasted, costs[0], costs[1], own * 1000 / count)


def carried(one: Pace, two: Pace, cores: int) -> str:
    """How many times the steps two processes carry; and how many they could, by their work."""
    bound = cores * one.server / (two.server + two.keys + two.client)
    return (
        f"two processes carry {two.steps / one.steps:.2f} times the steps of one; by what a step "
        f"takes of the processor, {cores} cores for all allow {bound:.2f} times, and a core for "
        f"each of them {2 * one.server / two.server:.2f} times"
    )


def main() -> None:
    """Let many step, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.load_steps", description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10.0)
    chosen = parser.parse_args()
    for shared, processes in ((False, 1), (True, 1), (True, 4)):
        with tempfile.TemporaryDirectory() as data:
            store = "key server" if shared else "SQLite"
            with serving(Path(data), processes, shared=shared) as server:
                found = asyncio.run(crowd(server.port, chosen.clients, chosen.steps))
            print(f"{store}, processes: {processes}. {found}", flush=True)
    paces = []
    for processes in (1, 2):
        with (
            tempfile.TemporaryDirectory() as data,
            serving(Path(data), processes, shared=True) as server,
        ):
            paces.append(asyncio.run(pace(server, 16, chosen.seconds)))
        print(f"key server, processes: {processes}. {paces[-1]}", flush=True)
    print(carried(paces[0], paces[1], os.cpu_count() or 1))


if __name__ == "__main__":
    main()
