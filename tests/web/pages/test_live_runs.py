"""Runs on a real server: what was shown is kept, and nothing goes on unseen."""

import json
import re
import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.support import free_port, start_server

STREAM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "HX-Request": "true",
    "Accept": "text/html, text/event-stream",
}


class Server:
    """A server, and the network that runs on it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.port = free_port()
        self.process = start_server(data, self.port)
        self.network = ""

    def renew(self) -> None:
        """Have another network."""
        created = self.ask("POST", "/api/v1/networks", {"example": "mazur-2-2-2"})
        self.network = created["id"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, body and json.dumps(body), headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def state(self) -> Any:
        return self.ask("GET", f"/api/v1/networks/{self.network}")

    def stream(self) -> tuple[HTTPConnection, HTTPResponse]:
        """A long run, begun."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        path = f"/networks/{self.network}/run"
        connection.request("POST", path, "version=1&op=a.1&count=1000000", STREAM)
        return connection, connection.getresponse()

    def again(self) -> None:
        self.process.wait(20)
        self.process = start_server(self._data, self.port)


def steps_in(answer: HTTPResponse, frames: int) -> list[int]:
    """The steps that so many frames show."""
    found: list[int] = []
    while len(found) < frames and (line := answer.readline()):
        found += map(int, re.findall(rb' id="headline-step"[^>]*>Step (\d+)<', line))
    return found


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("data"))
    yield server
    server.process.kill()
    server.process.wait(20)


@pytest.fixture
def server(started: Server) -> Server:
    """The module's server, which goes on after each stop, with a network for the test."""
    started.renew()
    return started


def test_a_run_ends_when_nobody_looks_and_keeps_what_was_shown(server: Server) -> None:
    connection, answer = server.stream()
    shown = steps_in(answer, 5)
    assert shown == [0, 1, *shown[2:]]
    answer.close()
    connection.close()
    deadline = time.monotonic() + 10
    while True:
        one = server.state()
        time.sleep(0.5)
        if server.state() == one:
            break
        assert time.monotonic() < deadline, "it goes on"
    assert shown[-1] <= one["last_step"] < 1_000_000
    assert server.ask("POST", f"/api/v1/networks/{server.network}/rewind", {"step": shown[-1]})


def test_what_was_shown_survives_a_kill(server: Server) -> None:
    connection, answer = server.stream()
    shown = steps_in(answer, 6)
    server.process.send_signal(signal.SIGKILL)
    answer.close()
    connection.close()
    server.again()
    assert server.state()["step"] >= shown[-1] >= 5


def test_a_server_that_is_asked_to_stop_ends_its_runs_at_once(server: Server) -> None:
    connection, answer = server.stream()
    steps_in(answer, 3)
    server.process.send_signal(signal.SIGTERM)
    text = answer.read().decode()
    answer.close()
    connection.close()
    assert "the server is shutting down. Everything so far is kept." in text
    assert server.process.wait(20) in (0, -signal.SIGTERM)
    server.again()
    (last,) = re.findall(r' id="headline-step"[^>]*>Step (\d+)<', text)[-1:]
    assert server.state()["step"] == int(last)
