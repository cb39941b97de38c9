"""How long a click takes while others run: part of ``python -m tests.bench``."""

import json
import re
import statistics
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.support import server

CLICKS = 200
RUNS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
STREAM = {**FORM, "Accept": "text/html, text/event-stream"}
MOONS = {
    "layers": [2, 4, 2, 1],
    "activations": ["tanh", "tanh", "sigmoid"],
    "loss": "binary_cross_entropy",
    "batch": {"size": "full", "reduction": "mean"},
    "data": {"name": "moons", "size": 200, "seed": 3, "noise": 0.1},
}


def post(connection: HTTPConnection, path: str, body: str, headers: dict[str, str]) -> str:
    """The text of an answer."""
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status < 300, text[:300]
    return text


def created(connection: HTTPConnection, body: Any) -> str:
    """The id of a new network."""
    headers = {"Content-Type": "application/json"}
    made = json.loads(post(connection, "/api/v1/networks", json.dumps(body), headers))
    return str(made["id"])


class Runner(threading.Thread):
    """Somebody who watches a long run, and counts its frames."""

    def __init__(self, port: int, network: str) -> None:
        super().__init__(daemon=True)
        self._path = f"/networks/{network}/run"
        self._connection = HTTPConnection("127.0.0.1", port)
        self.frames = 0
        self.is_over = False

    def run(self) -> None:
        """Read frames until there are no more."""
        self._connection.request("POST", self._path, "version=1&op=a.1&count=1000000", STREAM)
        answer = self._connection.getresponse()
        assert answer.status == 200
        while line := answer.readline():
            self.frames += line == b"\n"
        self.is_over = True


def click_times(port: int) -> list[float]:
    """How many milliseconds each of many steps takes, a click each, page and all."""
    connection = HTTPConnection("127.0.0.1", port)
    page = post(connection, "/examples/mazur-2-2-2/step", "", FORM)
    (address,) = set(re.findall(r'hx-post="(/[^"]+/step)"', page))
    times = []
    for _ in range(CLICKS):
        version, op = (
            re.findall(rf'="{name}" value="([^"]+)"', page)[0] for name in ("version", "op")
        )
        start = time.perf_counter()
        page = post(connection, address, f"version={version}&op={op}", FORM)
        times.append((time.perf_counter() - start) * 1000)
        time.sleep(0.02)
    return times


def p95(times: list[float]) -> float:
    """What 95 of 100 stay below."""
    return statistics.quantiles(times, n=20)[-1]


def bench_fair_turns(port: int) -> None:
    """A click's time alone, and while four long runs go on."""
    connection = HTTPConnection("127.0.0.1", port)
    alone = click_times(port)
    bodies = [{"example": "mazur-2-2-2"}, {"spec": MOONS}]
    runners = [Runner(port, created(connection, bodies[i % 2])) for i in range(RUNS)]
    for runner in runners:
        runner.start()
    time.sleep(1)
    begun, before = time.monotonic(), [runner.frames for runner in runners]
    times = click_times(port)
    seconds = time.monotonic() - begun
    rates = [(r.frames - n) / seconds for r, n in zip(runners, before, strict=True)]
    over = sum(runner.is_over for runner in runners)
    mark = "reached" if p95(times) < 50 else "FALLS SHORT"
    print(
        f"{'A step while four long runs go on, p95':<44} {p95(times):6.1f}  ms (under 50: {mark};"
        f" alone {p95(alone):.1f} ms; medians {statistics.median(times):.1f} and"
        f" {statistics.median(alone):.1f} ms; {min(rates):.1f} to {max(rates):.1f} frames/s each,"
        f" {over} of the runs were over before)"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data, server(Path(data)) as base:
        bench_fair_turns(int(base.rsplit(":", 1)[1]))
    sys.exit(0)
