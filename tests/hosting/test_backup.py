"""Copies of the store: of a running server, checked, and restored elsewhere."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.errors import StorageUnavailable
from app.hosting.arguments import Arguments
from app.hosting.backup import backup, copied, restore
from app.hosting.control import ask, is_served
from app.settings import Settings
from app.store.copies import contents_of, inspect
from app.store.database_file import NAME, InUse
from app.store.sqlite import SqliteStore
from tests.support import ROOT, server
from tests.valkey_server import key_server
from tests.web.support import run_async

Sent = dict[str, Any]


def post(url: str, body: Sent) -> Sent:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: Sent = json.load(answer)
        return found


def state(base: str, network_id: str) -> Sent:
    with urllib.request.urlopen(f"{base}/api/v1/networks/{network_id}", timeout=20) as answer:
        found: Sent = json.load(answer)
        return found


def command(directory: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app.main", *words], cwd=ROOT, text=True, capture_output=True,
        env={**os.environ, "TAKEBACK_DATA_DIR": str(directory)}, timeout=120, check=False,
    )  # fmt: skip


@contextmanager
def opened(directory: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(directory, ttl_seconds=3600, max_networks=100)
    try:
        yield store
    finally:
        run_async(store.close)


def keep(directory: Path, *names: str) -> None:
    with opened(directory) as store:
        for name in names:
            run_async(store.create, name, name.encode())


def test_a_backup_under_load_is_restored_elsewhere(tmp_path: Path) -> None:
    here, there, copy = tmp_path / "here", tmp_path / "there", tmp_path / "copy"
    with server(here) as base:
        network_id = post(f"{base}/api/v1/networks", {"example": "mazur-2-2-2"})["id"]
        acknowledged, stop = [1], threading.Event()

        def click() -> None:
            while not stop.is_set():
                url = f"{base}/api/v1/networks/{network_id}/step"
                acknowledged.append(post(url, {})["version"])

        clicking = threading.Thread(target=click)
        clicking.start()
        before = len(acknowledged)
        done = command(here, "backup", str(copy))
        after = acknowledged[-1]
        stop.set()
        clicking.join()
        assert done.stdout.startswith("1 network in "), done.stderr
        assert copy.stat().st_mode & 0o777 == 0o600
        assert not list(here.glob("backup-*"))
        refusal = command(here, "restore", str(copy), "--force")
        assert refusal.returncode == 1
        assert "is in use by another process; stop that one first" in refusal.stderr
        assert state(base, network_id)["version"] == acknowledged[-1]
    assert command(there, "restore", str(copy)).returncode == 0
    with server(there) as base:
        found = state(base, network_id)
        assert before <= found["version"] <= after + 1
        assert found["step"] == found["version"] - 1
        assert post(f"{base}/api/v1/networks/{network_id}/step", {})["step"] == found["step"] + 1


def test_a_backup_needs_no_server(tmp_path: Path) -> None:
    keep(tmp_path / "d", "a", "b")
    assert backup(tmp_path / "d", tmp_path / "copy").startswith("2 networks in")
    assert contents_of(tmp_path / "copy").networks == 2


def test_a_backup_overwrites_nothing_unless_told(tmp_path: Path) -> None:
    keep(tmp_path / "d", "a")
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(StorageUnavailable, match="exists"):
        backup(tmp_path / "d", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"
    backup(tmp_path / "d", tmp_path / "copy", force=True)
    assert contents_of(tmp_path / "copy").networks == 1


@pytest.mark.parametrize(
    "name", [NAME, f"{NAME}-wal", f"{NAME}-shm", "control.sock", "backup-today"]
)
@pytest.mark.parametrize("linked", [False, True])
def test_a_backup_overwrites_no_file_of_the_server(
    tmp_path: Path, name: str, *, linked: bool
) -> None:
    directory = tmp_path / "d"
    keep(directory, "a")
    (directory / name).touch()
    (tmp_path / "there").symlink_to(directory)
    (tmp_path / "link").symlink_to(directory / name)
    targets = [tmp_path / "there" / name, tmp_path / "link"] if linked else [directory / name]
    before = (directory / name).read_bytes()
    for target in targets:
        with pytest.raises(StorageUnavailable, match="are the server's own; choose another"):
            backup(directory, target, force=True)
    assert (directory / name).read_bytes() == before
    assert backup(directory, directory / "copy", force=True), "as a container does"


def test_a_backup_takes_no_place_that_is_no_file(tmp_path: Path) -> None:
    keep(tmp_path / "d", "a")
    (tmp_path / "copies").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("copies", "pipe"):
        with pytest.raises(StorageUnavailable, match=f"{name} is no file; name the file"):
            backup(tmp_path / "d", tmp_path / name, force=True)


def test_a_store_in_use_by_nobody_who_answers_is_left_alone(tmp_path: Path) -> None:
    keep(tmp_path / "other", "a")
    copy = tmp_path / "copy"
    backup(tmp_path / "other", copy)
    with opened(tmp_path / "d") as store:
        with pytest.raises(InUse):
            backup(tmp_path / "d", tmp_path / "no")
        with pytest.raises(InUse):
            restore(copy, tmp_path / "d", force=True)
        run_async(store.create, "kept", b"on")
    assert not (tmp_path / "no").exists()
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == [NAME]


def test_no_store_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="no store"):
        backup(tmp_path / "d", tmp_path / "copy")
    assert not list(tmp_path.iterdir())


def test_a_store_with_networks_is_replaced_only_if_told_and_kept(tmp_path: Path) -> None:
    keep(tmp_path / "d", "new", "newer")
    keep(tmp_path / "other", "old")
    backup(tmp_path / "other", tmp_path / "copy")
    with pytest.raises(StorageUnavailable, match="2 networks"):
        restore(tmp_path / "copy", tmp_path / "d")
    assert inspect(tmp_path / "d").networks == 2
    assert "kept as" in restore(tmp_path / "copy", tmp_path / "d", force=True)
    assert inspect(tmp_path / "d").networks == 1
    (kept,) = (tmp_path / "d").glob(f"{NAME}.replaced-*")
    assert contents_of(kept).networks == 2


def test_an_empty_store_gives_way(tmp_path: Path) -> None:
    keep(tmp_path / "d")
    keep(tmp_path / "other", "old")
    backup(tmp_path / "other", tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "d")
    assert inspect(tmp_path / "d").networks == 1


def test_a_damaged_store_gives_way_if_told(tmp_path: Path) -> None:
    keep(tmp_path / "other", "old")
    backup(tmp_path / "other", tmp_path / "copy")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(StorageUnavailable, match="damaged"):
        restore(tmp_path / "copy", tmp_path / "d")
    restore(tmp_path / "copy", tmp_path / "d", force=True)
    assert inspect(tmp_path / "d").networks == 1


def spoil(copy: Path, how: str) -> None:
    if how == "text":
        copy.write_text("no database at all" * 100)
    elif how == "cut":
        copy.write_bytes(copy.read_bytes()[:-9000])
    elif how == "gone":
        copy.unlink()
    else:
        with sqlite3.connect(copy) as db:
            db.executescript(
                {"newer": "PRAGMA user_version=99", "foreign": "DROP TABLE blocks"}[how]
            )
        db.close()


@pytest.mark.parametrize("how", ["text", "cut", "gone", "newer", "foreign"])
def test_a_copy_that_is_none_changes_nothing(tmp_path: Path, how: str) -> None:
    keep(tmp_path / "other", *map(str, range(30)))
    copy = tmp_path / "copy"
    backup(tmp_path / "other", copy)
    keep(tmp_path / "d", "mine")
    spoil(copy, how)
    with pytest.raises(StorageUnavailable, match="no file" if how == "gone" else "no sound copy"):
        restore(copy, tmp_path / "d", force=True)
    assert inspect(tmp_path / "d").networks == 1
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == [NAME]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_in_the_place_of_the_data_is_told_with_its_setting(
    settings: Settings, tmp_path: Path, command: str
) -> None:
    settings.data_dir.write_text("no directory")
    said = f"TAKEBACK_DATA_DIR={settings.data_dir} cannot be used: .* is a file, not a directory"
    with pytest.raises(SystemExit, match=said):
        copied(Arguments(command, tmp_path / "copy"), settings)
    with pytest.raises(StorageUnavailable, match="is no file"):
        restore(tmp_path, tmp_path / "d")


def test_networks_do_not_age_between_backup_and_restore(tmp_path: Path) -> None:
    keep(tmp_path / "other", "a", "b")
    backup(tmp_path / "other", tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as db:
        ages = "SELECT key, expires - (SELECT now FROM clock) FROM networks ORDER BY key"
        before = db.execute(ages).fetchall()
    restore(tmp_path / "copy", tmp_path / "d")
    with opened(tmp_path / "d") as store:
        assert run_async(store.load, "a").data == b"a"
        after = store._db.execute(ages).fetchall()
    assert [key for key, _ in after] == [key for key, _ in before]
    assert [left for _, left in after] == pytest.approx([left for _, left in before], abs=5)


def test_the_socket_is_for_the_owner_and_nothing_but_commands(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 40)
    with server(directory) as base:
        (path,) = directory.glob("control.sock")
        assert path.stat().st_mode & 0o777 == 0o600
        assert ask(directory, "check") == 0
        for words in ("", "x" * 10_000, "backup /etc/passwd", "\x00"):
            with pytest.raises((StorageUnavailable, OSError)):
                ask(directory, words)
        assert ask(directory, "check") == 0
        assert is_served(directory)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{base}/control.sock", timeout=20)
    assert not is_served(directory)
    assert not is_served(directory / "none")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_shared_store_has_copies_of_its_own(settings: Settings, command: str) -> None:
    shared = settings.model_copy(update={"store": "valkey://127.0.0.1:1/0"})
    with pytest.raises(SystemExit, match=r"whose own files are copied.*--rdb FILE"):
        copied(Arguments(command, Path("copy")), shared)


def test_the_copy_of_a_shared_store_comes_back_as_told(tmp_path: Path) -> None:
    """As docs/hosting.md says: a server without appendonly reads the copy, then it appends."""
    (tmp_path / "other").mkdir()
    with (
        key_server(tmp_path / "keys") as keys,
        server(tmp_path / "one", TAKEBACK_STORE=keys.url) as base,
    ):
        network = post(f"{base}/api/v1/networks", {"example": "mazur-2-2-2"})["id"]
        post(f"{base}/api/v1/networks/{network}/step", {"count": 3})
        known = state(base, network)
        (tmp_path / "other" / "dump.rdb").write_bytes(keys.kept())
        post(f"{base}/api/v1/networks/{network}/step", {"count": 1})
    with key_server(tmp_path / "other", appends="no") as keys:
        assert b"OK" in keys.ask("CONFIG", "SET", "appendonly", "yes")
        with server(tmp_path / "two", TAKEBACK_STORE=keys.url) as base:
            assert state(base, network) == known
