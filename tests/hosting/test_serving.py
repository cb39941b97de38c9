"""What ``serve`` says before it serves."""

import logging
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.hosting import serving
from app.hosting.addresses import host_and_port
from app.main import open_store
from app.settings import Settings
from tests.web.support import run_async


def test_several_processes_say_their_address_as_it_is_typed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Idle:
        def __init__(self, count: int, work: object, sockets: Any) -> None:
            for one in sockets:
                one.close()

        def run(self) -> bool:
            return True

    def nothing(*_: object) -> Any:
        raise AssertionError

    monkeypatch.setattr(serving, "Workers", Idle)
    monkeypatch.setattr(serving, "configure", lambda _: None)
    shared = {"store": "valkey://127.0.0.1:1/0", "workers": 2, "port": 0}
    with caplog.at_level(logging.INFO):
        serving.serve(settings.model_copy(update=shared), serving.Parts(nothing, nothing, nothing))
    (said,) = caplog.messages
    assert said.startswith("serving with 2 processes at 127.0.0.1:")
    assert host_and_port("::1", 80) == "[::1]:80"


def test_measurements_have_a_port_of_their_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "configure", lambda _: None)
    same = settings.model_copy(update={"metrics_port": settings.port})
    with pytest.raises(SystemExit) as ended:
        serving.serve(same, serving.Parts(*[lambda *_: None] * 3))
    where = f"127.0.0.1:{settings.port} (TAKEBACK_METRICS_HOST, TAKEBACK_METRICS_PORT)"
    said = f"takeback: measurements cannot be at {where}: the site is there; choose another port"
    assert str(ended.value) == said


def test_a_directory_that_another_process_uses_is_told_with_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> Any:
        return None

    connect = partial(sqlite3.connect, isolation_level=None, check_same_thread=False)
    monkeypatch.setattr(sqlite3, "connect", lambda path, **_: connect(path, timeout=0))
    monkeypatch.setattr(serving, "configure", lambda _: None)
    store = open_store(settings)
    with pytest.raises(SystemExit) as ended:
        serving.serve(settings, serving.Parts(nothing, open_store, nothing))
    run_async(store.close)
    said = f"takeback: cannot use the data directory {settings.data_dir}: another process uses it. "
    assert str(ended.value).startswith(f"{said}Stop that one first, or name a directory of")


@pytest.mark.parametrize("workers", [1, 2])
def test_beside_a_shared_store_a_directory_that_cannot_be_written_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    def nothing(*_: object) -> Any:
        raise AssertionError

    monkeypatch.setattr(serving, "configure", lambda _: None)
    place = Path("/proc/takeback" if Path("/proc").is_dir() else "/dev/null/takeback")
    shared = {"store": "valkey://127.0.0.1:1/0", "workers": workers, "data_dir": place}
    with pytest.raises(SystemExit, match=f"^takeback: {place} cannot be written: "):
        serving.serve(settings.model_copy(update=shared), serving.Parts(nothing, nothing, nothing))
