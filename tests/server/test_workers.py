"""Several processes over one key server: nothing lost, runs that stop, and processes that die."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from app.server.workers import listeners
from tests.faults import Writer, workers_of
from tests.support import ROOT, end_process, free_port, start_server
from tests.valkey_server import KeyServer
from tests.web.pages.test_live_runs import STREAM, steps_in

FORM = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, str | None, Any]:
    """Status, Retry-After and content, over a connection of its own: any process may have it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        method, path, body and json.dumps(body), {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.getheader("retry-after"), content and json.loads(content)


@pytest.fixture(scope="module")
def site(
    keys: KeyServer, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[tuple[int, subprocess.Popen[bytes]]]":
    port = free_port()
    settings = {"TAKEBACK_STORE": keys.url, "TAKEBACK_WORKERS": "4"}
    process = start_server(tmp_path_factory.mktemp("data"), port, **settings)
    deadline = time.monotonic() + 30
    while len(workers_of(process.pid)) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    yield port, process
    begun = time.monotonic()
    assert end_process(process) == 0
    assert time.monotonic() - begun < 9


def test_no_step_is_lost_or_doubled_while_a_process_is_killed(
    site: "tuple[int, subprocess.Popen[bytes]]",
) -> None:
    port, process = site

    async def many() -> list[tuple[int, int, int]]:
        people = [await Writer.begin(port) for _ in range(4)]
        tasks = [asyncio.ensure_future(one.write()) for one in people]
        await asyncio.sleep(0.5)
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        await asyncio.sleep(0.5)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        found = [(one.acknowledged, await one.stored(port), one.asked) for one in people]
        for one in people:
            one.client.close()
        return found

    found = asyncio.run(many())
    assert sum(acknowledged for acknowledged, _, _ in found) > 0
    assert all(acknowledged <= stored <= asked for acknowledged, stored, asked in found), found


def test_writers_of_one_network_lose_nothing(
    site: "tuple[int, subprocess.Popen[bytes]]",
) -> None:
    port, _ = site
    network = ask(port, "POST", "/api/v1/networks", {"example": "mazur-2-2-2"})[2]["id"]

    def write(_: int) -> int:
        return ask(port, "POST", f"/api/v1/networks/{network}/step", {"count": 1})[0]

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(asyncio.to_thread(write, number) for number in range(40)))

    assert asyncio.run(all_at_once()) == [200] * 40
    assert ask(port, "GET", f"/api/v1/networks/{network}")[2]["step"] == 40


def test_stop_and_steps_end_a_run_wherever_it_is(
    site: "tuple[int, subprocess.Popen[bytes]]",
) -> None:
    port, _ = site
    for number, command in enumerate(["stop", "step"] * 4):
        network = ask(port, "POST", "/api/v1/networks", {"example": "mazur-2-2-2"})[2]["id"]
        stream = HTTPConnection("127.0.0.1", port, timeout=20)
        body = f"version=1&op=a{number}.1&count=1000000"
        stream.request("POST", f"/networks/{network}/run", body, STREAM)
        running = stream.getresponse()
        steps_in(running, 4)
        other = HTTPConnection("127.0.0.1", port, timeout=20)
        body = f"version=2&op=a{number}.2&count=1"
        other.request("POST", f"/networks/{network}/{command}", body, FORM)
        answer = other.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
        first = ask(port, "GET", f"/api/v1/networks/{network}")[2]["version"]
        begun = time.monotonic()
        running.read()  # it ends
        assert time.monotonic() - begun < 3
        assert ask(port, "GET", f"/api/v1/networks/{network}")[2]["version"] == first
        other.close()
        stream.close()


def test_a_key_server_that_hangs_and_comes_back_costs_nothing(
    site: "tuple[int, subprocess.Popen[bytes]]", keys: KeyServer
) -> None:
    port, _ = site
    network = ask(port, "POST", "/api/v1/networks", {"example": "mazur-2-2-2"})[2]["id"]
    path = f"/api/v1/networks/{network}"
    for down, up in ((keys.hang, keys.wake), (keys.stop, keys.start)):
        down()
        try:
            for method, address in (("GET", path), ("DELETE", path), ("GET", "/health/ready")):
                begun = time.monotonic()
                status, wait, content = ask(port, method, address)
                assert (status, content["code"]) == (503, "storage_unavailable")
                assert wait
                assert time.monotonic() - begun < 3
        finally:
            up()
        assert ask(port, "POST", f"{path}/step", {"count": 1})[0] == 200
    assert ask(port, "GET", path)[2]["step"] == 2


def test_an_accepted_connection_does_not_wait_to_send() -> None:
    (listener,) = listeners("127.0.0.1", 0)
    with listener, socket.create_connection(listener.getsockname()) as client:
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert client.fileno() >= 0


def test_several_processes_over_sqlite_are_refused(tmp_path: Path) -> None:
    settings = {"TAKEBACK_WORKERS": "4", "TAKEBACK_DATA_DIR": str(tmp_path), "PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", "app.main"], cwd=ROOT, env={**os.environ, **settings},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "a SQLite file belongs to one process: set TAKEBACK_STORE=" in ended.stderr
