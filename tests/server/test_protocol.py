"""Clients that send no HTTP, send or read too slowly, or go: none keeps the server."""

import inspect
import json
import socket
from asyncio import selector_events
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http import h11_impl
from uvicorn.protocols.http.flow_control import FlowControl

from app.server.protocol import GuardedProtocol
from app.server.sockets import Wait
from tests.server.support import (
    GET,
    HEAD,
    Running,
    application,
    read_all,
    serving,
    status_of,
    until,
)


def read_to_reset(one: socket.socket) -> bytes:
    """What still comes on a connection that the server has cut."""
    found = b""
    with suppress(ConnectionResetError):
        while data := one.recv(1 << 18):
            found += data
    return found


QUICK = dict.fromkeys(Wait, 0.5)
POST = b"POST /x HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Running]:
    """A server without patience."""
    log: list[Any] = []
    with serving(application(log), tmp_path, log, seconds=QUICK) as running:
        yield running


def assert_problem(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status_of(answer) == status
    assert json.loads(body)["code"] == code
    for name in (b"content-security-policy: default-src 'none'", b"x-content-type-options"):
        assert name in head.lower()
    assert b"content-type: application/problem+json" in head.lower()


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"BLA\r\n\r\n", 400, "bad_http"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 400, "bad_http"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "bad_http"),  # no Host
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_http"),
        (POST + b"Content-Length: -1\r\n\r\n", 400, "bad_http"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_http"),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 400, "bad_http"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n", 400, "bad_http"),
        (b"GET /" + b"a" * 70_000, 431, "head_too_large"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000, 431, "head_too_large"),
        (GET[:-2] + b"X: a\r\n" * 300 + b"\r\n", 431, "too_many_headers"),
        (GET[:-2] + b"X: a\r\n" * 300, 431, "too_many_headers"),
        (
            POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + b"X: a\r\n" * 300,
            431, "too_many_headers",
        ),
        (
            POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"a:\r\n" * 15_000 + b"\r\n",
            431, "too_many_headers",
        ),
        (
            POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, "two_lengths",
        ),
        (
            POST + b"transfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n0\r\n\r\n",
            400, "two_lengths",
        ),
        (
            b"POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, "two_lengths",
        ),
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused_with_our_headers(
    quick: Running, sent: bytes, status: int, code: str
) -> None:
    assert_problem(quick.ask(sent), status, code)
    assert status_of(quick.ask(GET.replace(HEAD, HEAD + b"Connection: close\r\n"))) == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"zzz\r\n", 400, "bad_http"),
        (b"1\r\nx\r\n0\r\n" + b"X: a\r\n" * 300, 431, "too_many_headers"),
    ],
)
@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_a_body_that_breaks_off_beside_its_answer_is_refused_quietly(
    quick: Running, caplog: pytest.LogCaptureFixture, body: bytes, status: int, code: str,
    more: bytes,
) -> None:  # fmt: skip
    head = b"POST /early HTTP/1.1\r\nHost: x\r\n" + more + b"Transfer-Encoding: chunked\r\n\r\n"
    assert_problem(quick.ask(head + body), status, code)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_a_body_in_the_smallest_chunks_comes_whole_and_others_are_answered(
    quick: Running,
) -> None:
    count = 50_000
    sent = POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * count + b"0\r\n\r\n"
    with quick.connect(sent, seconds=60) as slow, quick.connect(GET) as one:
        assert status_of(one.recv(1 << 16)) == 200
        assert ("/", 0) in quick.log
        assert not any(size == count for _, size in filter(lambda x: len(x) == 2, quick.log))
        assert status_of(slow.recv(1 << 16)) == 200
    assert any(entry[1:] == (count,) for entry in quick.log)


@pytest.mark.parametrize(
    ("target", "path", "host"),
    [
        (b"http://lab.example/a%20b/c?d=e", "/a b/c", b"lab.example"),
        (b"HTTPS://lab.example:8000/", "/", b"lab.example:8000"),
        (b"http://lab.example?d=e", "/", b"lab.example"),
        (b"/http://lab.example/", "/http://lab.example/", b"x"),
        (b"*", "*", b"x"),
    ],
)
def test_a_whole_address_asks_its_host_for_its_path(
    tmp_path: Path, target: bytes, path: str, host: bytes
) -> None:
    log: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        log.append((scope["path"], dict(scope["headers"])[b"host"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with serving(app, tmp_path, log) as running:
        answer = running.ask(
            b"GET " + target + b" HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n"
        )
    assert (status_of(answer), log) == (204, [(path, host)])


def test_nonsense_behind_an_answer_under_way_ends_it_quietly(
    quick: Running, caplog: pytest.LogCaptureFixture
) -> None:
    sent = b"POST /sleep HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzzz\r\n"
    assert status_of(quick.ask(sent)) == 400
    quick.ask(GET + b"BLA\r\n\r\n")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("sent", [b"", b"GET", b"GET / HTTP/1.1\r\nX: y"])
def test_a_head_that_does_not_come_is_not_waited_for(quick: Running, sent: bytes) -> None:
    answer = quick.ask(sent)
    assert status_of(answer) == (408 if sent else 0)


def test_a_head_that_dribbles_is_not_waited_for(quick: Running) -> None:
    with quick.connect(b"GET / HTTP/1.1\r\n", seconds=0.1) as one:
        answer = b""
        for _ in range(300):
            try:
                one.sendall(b"X: y\r\n")
                if answer := one.recv(1000):
                    break
            except TimeoutError:
                continue
            except OSError:
                return
        assert status_of(answer) == 408


@pytest.mark.parametrize("length", [b"100", b"60000", b"30000000"])
def test_a_body_that_does_not_come_is_not_waited_for(quick: Running, length: bytes) -> None:
    answer = quick.ask(POST + b"Content-Length: " + length + b"\r\n\r\nx")
    assert_problem(answer, 408, "unfinished")
    assert not quick.log  # the application was never given it


def test_a_body_that_comes_is_waited_for(quick: Running) -> None:
    with quick.connect(POST + b"Content-Length: 1000000\r\n\r\n") as one:
        for _ in range(10):
            one.sendall(b"x" * 100_000)
        assert status_of(one.recv(1000)) == 200
    assert ("/x", 1_000_000) in quick.log


@pytest.mark.parametrize("path", [b"/large", b"/stream"])
def test_an_answer_that_is_not_read_is_dropped(quick: Running, path: bytes) -> None:
    with quick.connect(GET.replace(b"/", path, 1), buffer=4096) as one:
        until(lambda: quick.log)
        until(lambda: not quick.server.server_state.connections)
        until(lambda: not quick.server.server_state.tasks)
        assert len(read_to_reset(one)) < 1_000_000
    assert quick.log[-1] == ("cancelled" if path == b"/stream" else "answered")


@pytest.mark.parametrize("more", [b"", GET * 3000])
def test_work_for_a_client_that_is_gone_ends(quick: Running, more: bytes) -> None:
    one = quick.connect(GET.replace(b"/", b"/sleep", 1))
    until(lambda: quick.log)
    one.sendall(more)
    one.close()
    until(lambda: "cancelled" in quick.log)
    until(lambda: not quick.server.server_state.tasks)


def test_a_body_that_nobody_wants_any_more_is_not_waited_for(quick: Running) -> None:
    answer = quick.ask(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\nx")
    assert status_of(answer) == 200


@pytest.mark.parametrize("length", [b"Content-Length: 20000000", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_an_answer_that_comes_before_the_body_outlives_it(
    tmp_path: Path, length: bytes, more: bytes
) -> None:
    log: list[Any] = []
    head = b"POST /early HTTP/1.1\r\nHost: x\r\n" + more + length + b"\r\n\r\n"
    with (
        serving(application(log), tmp_path, log) as running,
        running.connect(head) as one,
    ):
        until(lambda: "answered" in log)
        for _ in range(200):
            one.sendall(b"186A0\r\n" * (b"chunked" in length) + b"x" * 100_000)
            one.sendall(b"\r\n" * (b"chunked" in length))
        answer = one.recv(1000)
    assert status_of(answer) == 200
    assert b"connection: close" in answer.lower()


def test_a_mistake_of_the_application_is_no_bare_500(quick: Running) -> None:
    assert_problem(quick.ask(GET.replace(b"/", b"/broken", 1)), 500, "internal")


def test_a_server_that_stops_answers_first(tmp_path: Path) -> None:
    log: list[Any] = []
    with serving(application(log), tmp_path, log) as running:
        clients = [running.connect(GET.replace(b"/", b"/sleep", 1)) for _ in range(3)]
        stream = running.connect(GET.replace(b"/", b"/stream", 1))
        stream.recv(1000)
        until(lambda: len(log) == 4)
        running.server.should_exit = True
        for one in clients:
            assert_problem(read_all(one), 503, "stopping")
        read_to_reset(stream)
    assert log.count("cancelled") == 4
    for one in (*clients, stream):
        one.close()


def test_one_too_many_takes_the_place_of_the_one_that_waited_longest(tmp_path: Path) -> None:
    log: list[Any] = []
    with serving(application(log), tmp_path, log, sockets=3) as running:
        busy = running.connect(GET.replace(b"/", b"/sleep", 1))
        until(lambda: log)
        idle = [running.connect(), running.connect()]
        until(lambda: len(running.server.server_state.connections) == 3)

        def answered() -> bool:
            try:
                return (
                    status_of(running.ask(GET.replace(HEAD, HEAD + b"Connection: close\r\n")))
                    == 200
                )
            except ConnectionResetError:
                return False

        until(answered)
        assert idle[0].recv(10) == b""
        assert "cancelled" not in log
        for one in (busy, *idle):
            one.close()


def test_uvicorn_is_as_the_protocol_expects() -> None:
    """Whoever changes this has to read ``GuardedProtocol`` beside uvicorn's new sources."""
    theirs = h11_impl.H11Protocol
    for name in (
        "connection_made", "connection_lost", "data_received", "send_400_response", "shutdown",
        "resume_writing",
    ):  # fmt: skip
        assert name in vars(theirs), name
        assert callable(getattr(GuardedProtocol, name))
    made = inspect.getsource(theirs.__init__)
    assert "self.app = config.loaded_app" in made
    events = inspect.getsource(theirs.handle_events)
    assert "app = self.app" in events
    assert "self.loop.create_task(self.cycle.run_asgi(app))" in events
    assert "except h11.RemoteProtocolError:" in events
    assert "self.send_400_response(msg)" in events
    cycle = inspect.getsource(h11_impl.RequestResponseCycle)
    for name in ("response_started", "response_complete", "disconnected"):
        assert f"self.{name} = False" in cycle, name
    assert "if self.disconnected:\n            return" in cycle
    assert "self.message_event = message_event" in cycle
    assert {"read_paused", "write_paused"} <= vars(FlowControl(socket)).keys()  # type: ignore[arg-type]
    server = inspect.getsource(uvicorn.Server)
    assert "await self.startup(sockets=sockets)" in server
    assert "await self.on_tick(counter)" in server
    assert "connection.shutdown()" in server
    assert "recv(self.max_size)" in inspect.getsource(selector_events)
