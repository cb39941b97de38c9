"""Large bodies and answers lie in files until their time has come, whole and in order."""

import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from app.server.exchange import SMALL
from app.web.budgets.memory import MemoryBudget
from tests.server.support import GET, application, read_all, serving, status_of, until

LARGE = GET.replace(b"/", b"/large", 1)


def files_of(directory: Path) -> list[Path]:
    return [*directory.iterdir()]


def post(size: int, chunked: bool) -> bytes:
    head = b"POST /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    if chunked:
        return head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
            size,
            b"x" * size,
        )
    return head + b"Content-Length: %d\r\n\r\n" % size + b"x" * size


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [1, SMALL, SMALL + 1, 131_072, 5_000_000])
def test_a_body_arrives_whole(tmp_path: Path, size: int, chunked: bool) -> None:
    log: list[Any] = []
    with serving(application(log), tmp_path, log) as running:
        assert status_of(running.ask(post(size, chunked))) == 200
    assert log == [("/x", size), "answered"]


def test_a_large_body_is_nobodys_until_it_has_come(tmp_path: Path) -> None:
    log: list[Any] = []
    with (
        serving(application(log), tmp_path, log) as running,
        running.connect(post(5_000_000, False)[:-1]) as one,
    ):
        assert status_of(running.ask(post(10, False))) == 200
        assert log == [("/x", 10), "answered"]
        assert not files_of(tmp_path), "the file has no name"
        one.sendall(b"x")
        assert status_of(one.recv(1000)) == 200
    assert log[2:] == [("/x", 5_000_000), "answered"]


def test_the_slowest_makes_room_for_another(tmp_path: Path) -> None:
    log: list[Any] = []
    with (
        serving(application(log), tmp_path, log, spool=6_000_000) as running,
        running.connect(post(5_000_000, False)[:-1_000_000]) as slow,
    ):
        time.sleep(3)  # it has stopped sending, so that it is the slower one on any machine
        assert status_of(running.ask(post(5_000_000, False))) == 200
        answer = slow.recv(65_536)
    assert status_of(answer) == 503
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "crowded"
    assert b"retry-after" in answer


def test_who_waits_too_long_for_memory_is_told(tmp_path: Path) -> None:
    log: list[Any] = []
    memory = MemoryBudget(2_000_000, seconds=0.2)
    sleep = post(1_000_000, False).replace(b"/x", b"/sleep")
    with serving(application(log), tmp_path, log, memory=memory) as running:
        with running.connect(sleep) as one:
            until(lambda: log)
            # The small application has no handler for errors, as ours has.
            assert status_of(running.ask(post(1_000_000, False))) == 500
            assert status_of(running.ask(post(50_000, False))) == 200
            one.close()
        until(lambda: "cancelled" in log)
        assert status_of(running.ask(post(1_000_000, False))) == 200


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_a_large_answer_arrives_whole_though_its_reader_is_slow(
    tmp_path: Path, method: bytes
) -> None:
    log: list[Any] = []
    with serving(application(log), tmp_path, log) as running:
        asked = LARGE.replace(b"GET", method).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        with running.connect(asked, buffer=65536) as one:
            until(lambda: "answered" in log)  # though nothing was read
            assert not files_of(tmp_path)
            answer = read_all(one)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert re.search(rb"content-length: 12000000", head)
    assert body == (b"x" * 12_000_000 if method == b"GET" else b"")


def test_a_reader_that_goes_leaves_nothing(tmp_path: Path) -> None:
    log: list[Any] = []
    with serving(application(log), tmp_path, log, spool=13_000_000) as running:
        for _ in range(3):
            running.connect(LARGE, buffer=4096).close()
        until(lambda: not running.server.server_state.tasks)
        asked = LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        assert len(running.ask(asked)) > 12_000_000


def test_a_full_disk_does_not_stop_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[Any] = []

    async def full(*_: Any) -> None:
        await asyncio.sleep(0)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.server.spool.Spool.add", full)
    with serving(application(log), tmp_path, log) as running:
        asked = LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        assert len(running.ask(asked)) > 12_000_000
