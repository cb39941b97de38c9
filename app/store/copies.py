"""Copies of the SQLite file: made while it is in use, checked, and put in its place."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.errors import StorageUnavailable
from app.store.database_file import NAME, SCHEMA, InUse, is_locked
from app.store.salvage import has_gap

_PARTS = ("", "-wal", "-shm")
_PAGES, _PAUSE = 64, 0.001
"""Pages of 8 kB that are copied in one go, and the seconds until the next ones: a click waits for
less than a millisecond."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: so many networks, by a program of this schema."""

    networks: int
    schema: int


def copy_pages(source: sqlite3.Connection, copy: sqlite3.Connection, lock: Lock) -> None:
    """Copy a database whose connection others use under ``lock``; the copy is consistent.

    What is written meanwhile through the same connection, SQLite writes to the copy too.
    """

    def pause(status: int, remaining: int, total: int) -> None:  # noqa: ARG001 (sqlite3's own)
        lock.release()
        time.sleep(_PAUSE)
        lock.acquire()

    # Who asked for the copy writes it to the disk before it counts; no lock waits for that.
    copy.execute("PRAGMA journal_mode=OFF")
    copy.execute("PRAGMA synchronous=OFF")
    with lock:
        source.backup(copy, pages=_PAGES, progress=pause)
    copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def contents_of(file: Path) -> Contents:
    """What a copy holds. Raises StorageUnavailable if it is no sound store of a known schema."""
    if not file.is_file():
        reason = f"{file} is no file" if file.exists() else f"there is no file {file}"
        raise StorageUnavailable(reason=reason)
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return _contents(db)
    except sqlite3.Error as error:
        raise StorageUnavailable(reason=f"{file} is no sound copy: {error}") from error


def _contents(db: sqlite3.Connection) -> Contents:
    (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    if schema < 1:
        raise sqlite3.DatabaseError("it is empty, or another program's")
    if schema > SCHEMA:
        raise sqlite3.DatabaseError(f"its schema is {schema}, and {SCHEMA} is the newest known")
    (networks,) = db.execute("SELECT count(*) FROM networks").fetchone()
    db.execute("SELECT key, name, data FROM blocks LIMIT 1").fetchone()
    return Contents(networks, schema)


@contextmanager
def held(directory: Path, *, whole: bool = True) -> Iterator[sqlite3.Connection]:
    """The store's file in nobody else's hands. Raises InUse, or DatabaseError if it is damaged.

    A damaged log is left as it is if the file is to be ``whole``: SQLite would keep nothing of it
    from the damage on.
    """
    if whole and has_gap(directory / NAME):
        raise sqlite3.DatabaseError("its log is damaged; the next start saves what can be read")
    with closing(sqlite3.connect(directory / NAME, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("COMMIT")  # the lock stays
        except sqlite3.OperationalError as error:
            if is_locked(error):
                reason = f"{directory / NAME} is in use by another process; stop that one first"
                raise InUse(reason=reason) from error
            raise
        yield db


def inspect(directory: Path) -> Contents:
    """What a store holds that no process uses; it is written to, and stays as it is."""
    with held(directory) as db:
        found = _contents(db)
        db.execute(f"PRAGMA user_version={found.schema}")
        return found


def copy_of(directory: Path, target: Path) -> None:
    """Copy a store that no process uses. Raises InUse."""
    with held(directory) as db, closing(sqlite3.connect(target)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def put_back(copy: Path, directory: Path) -> Path | None:
    """Make a sound copy the store; the file that was there is kept, and its new name returned.

    Networks live on as they were when the copy was made: the store's own time stood still.
    Raises InUse.
    """
    handle, name = tempfile.mkstemp(prefix="restoring-", dir=directory)
    os.close(handle)
    fresh, place = Path(name), directory / NAME
    try:
        with (
            closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(fresh)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        owner = directory.stat()
        with suppress(PermissionError):  # only root needs to, and may
            os.chown(fresh, owner.st_uid, owner.st_gid)
        return _exchange(fresh, place)
    finally:
        fresh.unlink(missing_ok=True)


def _exchange(fresh: Path, place: Path) -> Path | None:
    """Rename ``fresh`` to ``place`` while nobody else can open that; what was there moves aside."""
    if not any(Path(f"{place}{part}").exists() for part in _PARTS):
        fresh.replace(place)
        return None
    aside = place.with_name(f"{place.name}.replaced-{time.time_ns()}")
    with ExitStack() as holding:
        with suppress(sqlite3.DatabaseError):  # a damaged one is as it is
            db = holding.enter_context(held(place.parent, whole=False))
            db.execute("PRAGMA journal_mode=DELETE")  # its log goes into the file
            Path(f"{place}-shm").unlink(missing_ok=True)  # of a process that was killed
        for part in _PARTS:
            with suppress(FileNotFoundError):
                Path(f"{place}{part}").replace(f"{aside}{part}")
        fresh.replace(place)
    return aside
