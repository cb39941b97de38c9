"""Logs: nothing that was sent begins a line, no line names a network, no flood fills the disk."""

import io
import json
import logging
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.hosting import logs
from app.hosting.logs import Bounded, PlainLines, log_answer
from app.settings import LogSetting
from app.web.http.observation import Answer
from tests.support import end_process, free_port, wait_until_live


@pytest.fixture
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def logged(kind: LogSetting, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure(kind)
    return written


@pytest.mark.usefixtures("_restored")
@pytest.mark.parametrize("kind", ["text", "json"])
def test_what_was_sent_begins_no_line(kind: LogSetting, monkeypatch: pytest.MonkeyPatch) -> None:
    written, log = logged(kind, monkeypatch), logging.getLogger("takeback.test")
    hostile = "a\r\nERROR takeback: forged\x1b[2J\u2028\u0085x"
    log.warning("said: %s", hostile, extra={"event": "body_refused", "code": hostile})
    try:
        raise ValueError(hostile)
    except ValueError:
        log.exception("failed")
    lines = written.getvalue().splitlines()
    assert not [line for line in lines if line.startswith("ERROR takeback: forged")]
    assert "\x1b" not in written.getvalue()
    assert "\r" not in written.getvalue()
    if kind == "json":
        first, second = map(json.loads, lines)
        assert (first["level"], first["event"]) == ("WARNING", "body_refused")
        assert first["message"] == f"said: {hostile}"
        assert "ValueError" in second["exception"]
    else:
        assert all(
            line.startswith(("WARNING takeback", "ERROR takeback", "  | ")) for line in lines
        )


def test_lines_of_a_kind_are_bounded() -> None:
    now = [0.0]
    bound = Bounded(clock=lambda: now[0])

    def record(line: int, name: str = "takeback") -> logging.LogRecord:
        return logging.LogRecord(name, logging.ERROR, "a.py", line, f"{line}", (), None)

    assert sum(bound.filter(record(1)) for _ in range(1000)) == 20
    assert bound.filter(record(2))
    assert all(bound.filter(record(1, "takeback.access")) for _ in range(100))
    now[0] = 61.0
    after = record(1)
    assert bound.filter(after)
    assert after.__dict__["held_back"] == 980
    assert "held_back=980" in PlainLines().format(after)


def test_an_answer_is_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_answer(Answer("POST", "/networks/{network_id}/step", 200, 0.0021))
    assert caplog.messages == ["POST /networks/{network_id}/step 200 2.1 ms"]
    assert caplog.records[0].__dict__["seconds"] == 0.0021


def test_the_log_of_a_server_names_no_network(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    base = f"http://127.0.0.1:{port}"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.main", "serve"], stderr=written, stdout=written,
            env={
                "HOME": str(tmp_path), "PORT": str(port), "TAKEBACK_DATA_DIR": str(tmp_path),
                "TAKEBACK_LOG": "json", "TAKEBACK_ACCESS_LOG": "True",
                "TAKEBACK_ALLOWED_HOSTS": "lab.example",
            },
        )  # fmt: skip
    try:
        wait_until_live(process, base)
        body = b'{"example": "mazur-2-2-2"}'
        create = urllib.request.Request(
            f"{base}/api/v1/networks", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(create, timeout=20) as answer:
            network_id = json.load(answer)["id"]
        for path, sent, headers in (
            (f"/networks/{network_id}?open=w5", None, {"X-Request-ID": "mine-1"}),
            (f"/networks/{network_id}/step?secret=1", b"version=1&op=a.1", {}),
            (f"/api/v1/networks/{network_id}", b"x" * 70_000, {}),
            (f"/networks/{network_id}", None, {"Host": "evil.example"}),
            (f"/networks/{network_id}/nothing%0d%0a", None, {"X-Request-ID": "a b\tc"}),
        ):
            try:
                urllib.request.urlopen(
                    urllib.request.Request(base + path, sent, headers), timeout=20
                ).close()
            except urllib.error.HTTPError as error:
                error.close()
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"GARBAGE {network_id}\r\n\r\n".encode())
            raw.recv(1000)
    finally:
        end_process(process)
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert network_id not in text
    assert "secret" not in text
    assert "w5" not in text
    assert "evil" not in text
    assert "127.0.0.1" not in text.replace(base, "")
    answers = [line for line in lines if line.get("event") == "request"]
    assert {"/networks/{network_id}", "/api/v1/networks"} <= {line["route"] for line in answers}
    assert [line["status"] for line in answers if line["request_id"] == "mine-1"] == [200]
    assert "host_refused" in {line.get("event") for line in lines}
