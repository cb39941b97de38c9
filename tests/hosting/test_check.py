"""The command check: a line each, and 1 if something that serving needs does not work."""

import os
import re
import resource
import shutil
from pathlib import Path

import pytest

from app.hosting.check import Finding, check, findings, store_left_behind
from app.server.workers import listeners
from app.settings import Settings
from app.store.database_file import NAME
from app.store.sqlite import SqliteStore
from tests.support import free_port, server
from tests.valkey_server import key_server
from tests.web.support import run_async


def kernel() -> Finding:
    return Finding("ok", "kernel", "none")


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings(settings, kernel)}


def test_all_is_well_where_nothing_is_yet(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(settings, kernel) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [
        "settings", "data", "store", "disk", "address", "descriptors", "kernel", "names",
    ]  # fmt: skip
    assert not any(line.startswith("FAIL") for line in lines)
    assert not settings.data_dir.exists(), "a look leaves nothing behind"


def test_a_store_is_written_to_and_stays(settings: Settings) -> None:
    store = SqliteStore(settings.data_dir, ttl_seconds=9, max_networks=9)
    run_async(store.create, "n", b"kept")
    run_async(store.close)
    assert found(settings)["store"] == Finding("ok", "store", "1 network; written")


def test_settings_are_told_by_the_names_that_they_were_given_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEBACK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", "0")
    monkeypatch.delenv("HOST", raising=False)
    assert found(Settings())["settings"].text.endswith(": PORT, TAKEBACK_DATA_DIR")
    monkeypatch.setenv("TAKEBACK_PORT", "0")
    monkeypatch.delenv("PORT")
    assert found(Settings())["settings"].text.endswith(": TAKEBACK_DATA_DIR, TAKEBACK_PORT")


def test_a_damaged_store_is_told_and_not_touched(settings: Settings) -> None:
    settings.data_dir.mkdir()
    file = settings.data_dir / NAME
    file.write_bytes(b"no database" * 1000)
    assert found(settings)["store"].verdict == "FAIL"
    assert check(settings, kernel) == 1
    assert list(settings.data_dir.iterdir()) == [file]
    assert file.read_bytes() == b"no database" * 1000


def test_a_store_that_somebody_holds_is_told(settings: Settings) -> None:
    store = SqliteStore(settings.data_dir, ttl_seconds=9, max_networks=9)
    finding = found(settings)["store"]
    run_async(store.close)
    assert finding.verdict == "FAIL"
    assert "in use" in finding.text


def test_a_running_server_answers_for_its_store(tmp_path: Path) -> None:
    with server(tmp_path) as base:
        told = found(Settings(data_dir=tmp_path, port=int(base.rpartition(":")[2])))
    assert told["address"].verdict == "ok"
    assert told["address"].text.endswith("is in use, and a server runs")
    finding = told["store"]
    assert finding == Finding("ok", "store", "0 networks; a running server wrote to it")


def test_a_directory_that_cannot_be_written_is_told(settings: Settings) -> None:
    if os.geteuid() == 0:  # who may write anywhere but where the kernel makes the files
        settings = Settings(data_dir=Path("/proc/takeback"))
    else:
        settings.data_dir.mkdir(mode=0o500)
    assert found(settings)["data"].verdict == "FAIL"


def test_a_file_in_the_place_of_the_directory_is_told(settings: Settings) -> None:
    settings.data_dir.write_text("no directory")
    told = found(settings)
    assert told["data"].verdict == told["store"].verdict == "FAIL"


def test_addresses_that_are_taken_and_ports_that_do_not_exist_are_told(settings: Settings) -> None:
    (site,) = listeners("127.0.0.1", 0)
    with site:
        told = found(settings.model_copy(update={"port": site.getsockname()[1]}))["address"]
    assert told.verdict == "warn", "and no server has this store"
    assert told.text.startswith("something listens at 127.0.0.1:")
    last = {"metrics_port": 65535, "workers": 2, "store": "valkey://127.0.0.1:1/0"}
    told = found(settings.model_copy(update=last))["metrics"]
    assert told.verdict == "FAIL"
    assert "127.0.0.1:65536 (TAKEBACK_METRICS_HOST" in told.text


def test_measurements_cannot_be_where_the_site_is(settings: Settings) -> None:
    port = free_port()
    for host, metrics_host, verdict in (
        ("127.0.0.1", "127.0.0.1", "FAIL"),
        ("0.0.0.0", "127.0.0.1", "FAIL"),
        ("127.0.0.1", "0.0.0.0", "FAIL"),
        ("127.0.0.1", "127.0.0.2", "ok"),
    ):
        where = {"host": host, "port": port, "metrics_host": metrics_host, "metrics_port": port}
        assert found(settings.model_copy(update=where))["metrics"].verdict == verdict


def test_little_room_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, verdict in ((1 << 20, "FAIL"), (1 << 28, "warn"), (1 << 40, "ok")):
        usage = shutil._ntuple_diskusage(1 << 41, 0, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        assert found(settings)["disk"].verdict == verdict


def test_few_descriptors_are_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for soft, verdict in ((64, "FAIL"), (1024, "warn"), (65536, "ok"), (-1, "ok")):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=soft: (soft, 1 << 20))
        assert found(settings)["descriptors"].verdict == verdict


def test_links_that_anybody_may_write_are_told(settings: Settings) -> None:
    for changes, verdict in (
        ({}, "ok"),
        ({"host": "0.0.0.0"}, "warn"),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example"}, "ok"),
        ({"host": "0.0.0.0", "public_url": "https://a.example"}, "ok"),
        ({"public_url": "https://a.example", "root_path": "/lab"}, "warn"),
        ({"public_url": "https://a.example/lab"}, "warn"),
        ({"public_url": "https://a.example/lab", "root_path": "/lab"}, "ok"),
    ):
        assert found(settings.model_copy(update=changes))["names"].verdict == verdict


def test_a_store_of_before_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TAKEBACK_DATA_DIR", raising=False)
    assert store_left_behind(Settings()) == ""
    Path("data").mkdir()
    Path("data", NAME).touch()
    assert str(tmp_path / "data" / NAME) in store_left_behind(Settings())
    assert tmp_path / "data" not in Settings().data_dir.parents
    assert Settings().data_dir != Path("data")
    monkeypatch.setenv("TAKEBACK_DATA_DIR", "data")
    assert store_left_behind(Settings()) == ""


def test_a_shared_store_is_written_to(settings: Settings, tmp_path: Path) -> None:
    with key_server(tmp_path / "keys") as keys:
        shared = settings.model_copy(update={"store": keys.url, "workers": 4})
        told = found(shared)
        assert [told[name].verdict for name in ("store", "memory", "persistence")] == ["ok"] * 3
        where = rf"(Redis|Valkey) \d+\.\d+\.\d+ at 127\.0\.0\.1:{keys.port} answers in \d+\.\d ms"
        text = rf"{where}; 0 networks, 0 processes serve; written"
        assert re.fullmatch(text, told["store"].text)
        assert re.fullmatch(r"\d+ MiB used, no maxmemory, noeviction", told["memory"].text)
        assert told["persistence"].text.startswith("appendonly yes")
        assert not settings.data_dir.exists()
        assert "processes" not in told
        for name, value, line, verdict, says in (
            ("maxmemory", "64mb", "memory", "warn", "of maxmemory 64 MiB, less than TAKEBACK_MAX"),
            ("maxmemory", "8gb", "memory", "ok", "of maxmemory 8,192 MiB, noeviction"),
            ("maxmemory-policy", "allkeys-lru", "memory", "FAIL", "must be noeviction"),
            ("appendonly", "no", "persistence", "warn", "appendonly no"),
        ):
            keys.ask("CONFIG", "SET", name, value)
            finding = found(shared)[line]
            assert finding.verdict == verdict
            assert says in finding.text
        keys.ask("ACL", "SETUSER", "default", "-info")
        told = found(shared)
        assert [told[name].verdict for name in ("store", "memory")] == ["ok", "warn"]
        assert "persistence" not in told
    told = found(shared)
    assert told["store"].verdict == "FAIL"
    assert f"127.0.0.1:{keys.port}" in told["store"].text
    alone = settings.model_copy(update={"workers": 4})
    assert "belongs to one process" in found(alone)["processes"].text
