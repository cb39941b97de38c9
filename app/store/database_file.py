"""The SQLite file: opened, made ready, and saved from as much damage as possible."""

import logging
import os
import sqlite3
import stat
import time
import zlib
from contextlib import suppress
from pathlib import Path

from app.errors import InvalidInput, StorageUnavailable
from app.store import classroom_tables
from app.store.codec import MAGIC, Content, decode
from app.store.salvage import Record, has_gap, records_of

NAME = "takeback.sqlite3"
SCHEMA = 4
_AT_ONCE = 1000
_CHECKSUMS = (
    (
        "networks", "ALTER TABLE networks ADD COLUMN checksum INTEGER",
        "UPDATE networks SET checksum = checksum(data, version)",
    ),
    (
        "blocks", "ALTER TABLE blocks ADD COLUMN checksum INTEGER",
        "UPDATE blocks SET checksum = checksum(data)",
    ),
)  # fmt: skip
_COLUMNS = {
    "networks": "key version last_op expires data checksum",
    "blocks": "key name data checksum",
    "clock": "now",
}
_log = logging.getLogger("takeback.store")


class InUse(StorageUnavailable):
    """Another process has the file."""


def is_locked(error: sqlite3.Error) -> bool:
    """Whether an error says that somebody else has the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def open_database(directory: Path, *, ttl_seconds: float, max_megabytes: int) -> sqlite3.Connection:
    """The database in ``directory``, of today's schema, for this process alone.

    A damaged file is set aside, and what can be read of it is in the one that is returned.
    """
    if not directory.exists():
        directory.mkdir(mode=0o700, parents=True)
    path = directory / NAME
    salvaged = _salvaged(path)
    if salvaged.exists() and not path.exists():
        salvaged.replace(path)  # a start that was killed between the two
    salvaged.unlink(missing_ok=True)
    try:
        if has_gap(path):
            raise sqlite3.DatabaseError("a page of the log is damaged")
        return _connect(path, ttl_seconds, max_megabytes)
    except UnicodeDecodeError:  # of a message that quotes what is damaged
        pass
    except sqlite3.DatabaseError as error:
        if is_locked(error):
            raise InUse(reason="another process uses it") from error
        code = getattr(error, "sqlite_errorcode", None)  # none of what Python could not decode
        if isinstance(error, sqlite3.OperationalError) and code not in (None, sqlite3.SQLITE_ERROR):
            raise
    _replace(path, ttl_seconds, max_megabytes)
    return _connect(path, ttl_seconds, max_megabytes)


def set_aside(directory: Path) -> bool:
    """Whether a damaged file lies in ``directory``."""
    return any(directory.glob(f"{NAME}.corrupt-*"))


def _salvaged(path: Path) -> Path:
    return path.with_name(f"{path.name}.salvaged")


def _connect(path: Path, ttl_seconds: float, max_megabytes: int) -> sqlite3.Connection:
    _keep_private(path)
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, path.name, ttl_seconds, max_megabytes)
    except BaseException:
        db.close()
        raise
    return db


def _keep_private(path: Path) -> None:
    """Only the owner may read the file; SQLite gives its log the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if part.is_file() and stat.S_IMODE(part.stat().st_mode) != 0o600:
            try:
                part.chmod(0o600)
            except OSError as error:  # somebody else's file
                _log.warning("%s can be read by others: %s", part.name, error)


def _prepare(db: sqlite3.Connection, name: str, ttl_seconds: float, max_megabytes: int) -> None:
    # The quick one does not notice when an index lacks a network.
    if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("integrity_check failed")
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    if schema > SCHEMA:
        raise StorageUnavailable(reason=f"{name} was written by a newer program")
    for table, columns in _COLUMNS.items() if schema == SCHEMA else ():
        found = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        if found != columns.split():
            raise sqlite3.DatabaseError(f"the table {table} is not ours")
    # A row of a small network, and so a step's commit, fits one page.
    db.execute("PRAGMA page_size=8192")
    # What is deleted is gone from the file, too.
    db.execute("PRAGMA secure_delete=ON")
    # One process, one connection: no lock is ever given up, so no second one can come in.
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    (page_size,) = db.execute("PRAGMA page_size").fetchone()
    db.execute(f"PRAGMA max_page_count={max_megabytes * 1024 * 1024 // page_size}")
    db.execute("BEGIN IMMEDIATE")
    try:
        _bring_up_to_date(db, schema)
        _create_tables(db)
        if db.execute("SELECT 1 FROM clock").fetchone() is None:
            _begin_time(db, ttl_seconds)
        db.execute(f"PRAGMA user_version={SCHEMA}")
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def checksum(data: object, version: object = 0) -> int:
    """What is kept beside data, of a network with its version, to know them damaged.

    It is -1 for what is of another type: damage can make a text of bytes.
    """
    if not (isinstance(data, bytes) and isinstance(version, int)):
        return -1
    return zlib.crc32(data, version & 0xFFFFFFFF)


def _bring_up_to_date(db: sqlite3.Connection, schema: int) -> None:
    """Give the tables of an older schema today's columns."""
    if 0 < schema < 3:
        # It was the time of the last write by the wall's clock.
        db.execute("ALTER TABLE networks RENAME COLUMN written TO expires")
    if 0 < schema < 4:
        db.create_function("checksum", -1, checksum, deterministic=True)
        for table, change, write in _CHECKSUMS:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone():
                db.execute(change)
                db.execute(write)


def _create_tables(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE IF NOT EXISTS networks (key BLOB PRIMARY KEY, version INTEGER NOT NULL,"
        " last_op TEXT NOT NULL, expires REAL NOT NULL, data BLOB NOT NULL, checksum INTEGER)"
    )
    # What is written once stands apart, so that a step of a long history writes little.
    db.execute(
        "CREATE TABLE IF NOT EXISTS blocks (key BLOB NOT NULL, name TEXT NOT NULL,"
        " data BLOB NOT NULL, checksum INTEGER, PRIMARY KEY (key, name)) WITHOUT ROWID"
    )
    # How long the store has served, in seconds: the time by which networks expire.
    db.execute("CREATE TABLE IF NOT EXISTS clock (now REAL NOT NULL)")


def _begin_time(db: sqlite3.Connection, ttl_seconds: float) -> None:
    """Begin the store's own time so that what is there lives once to twice its time to live."""
    (first,) = db.execute("SELECT min(expires) FROM networks").fetchone()
    now = 0.0 if first is None else first - ttl_seconds
    latest = now + 2 * ttl_seconds
    db.execute("UPDATE networks SET expires = ? WHERE expires > ?", (latest, latest))
    db.execute("INSERT INTO clock (now) VALUES (?)", (now,))


# --- damage ---------------------------------------------------------------------------------


def _replace(path: Path, ttl_seconds: float, max_megabytes: int) -> None:
    """Set the damaged file aside; what can be read of it takes its place."""
    salvaged = _salvaged(path)
    db = _connect(salvaged, ttl_seconds, max_megabytes)
    try:
        saved, whole = _save(db, path, ttl_seconds)
    finally:
        db.close()
    aside = path.with_name(f"{path.name}.corrupt-{time.time_ns()}")
    # The log first: should the program be killed now, a file without its log is set aside next.
    for suffix in ("-wal", "-shm", ""):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.replace(f"{aside}{suffix}")
    salvaged.replace(path)
    _log.error(
        "database is damaged; set aside as %s, %d networks saved into a fresh one%s",
        aside.name, saved, "" if whole else ", until there was no room",
        extra={"event": "store_damaged"},
    )  # fmt: skip


def _save(db: sqlite3.Connection, damaged: Path, ttl_seconds: float) -> tuple[int, bool]:
    """Write what can be read; how many networks that is, and whether all had room."""
    db.execute("DELETE FROM clock")
    classroom_tables.create_tables(db)
    whole = True
    try:
        db.execute("BEGIN")
        for index, record in enumerate(records_of(damaged), start=1):
            _save_record(db, record)
            if index % _AT_ONCE == 0:
                db.execute("COMMIT")
                db.execute("BEGIN")
        db.execute("COMMIT")
    except sqlite3.Error:
        whole = False
        if db.in_transaction:
            db.execute("ROLLBACK")
    _drop_incomplete(db)
    if db.execute("SELECT 1 FROM clock").fetchone() is None:
        _begin_time(db, ttl_seconds)
    return int(db.execute("SELECT count(*) FROM networks").fetchone()[0]), whole


def _drop_incomplete(db: sqlite3.Connection) -> None:
    """Remove networks that lost a part, and parts that lost their network."""
    keys = db.execute("SELECT key FROM networks WHERE substr(data, 1, 2) = ?", (MAGIC,)).fetchall()
    for key in keys:
        (data,) = db.execute("SELECT data FROM networks WHERE key = ?", key).fetchone()
        blocks = dict(db.execute("SELECT name, data FROM blocks WHERE key = ?", key).fetchall())
        try:
            decode(Content(data, blocks))
        except (ValueError, LookupError, InvalidInput):
            db.execute("DELETE FROM networks WHERE key = ?", key)
    db.execute("DELETE FROM blocks WHERE key NOT IN (SELECT key FROM networks)")
    classroom_tables.drop_incomplete(db)


def _save_record(db: sqlite3.Connection, record: Record) -> None:
    """Write one record where it belongs; of a network that stands twice, the newer one."""
    if classroom_tables.save(db, record):
        return
    match record:
        case (key, version, op, expires, data, *kept):
            now = checksum(data, version)
            if kept in ([], [now]):
                db.execute(
                    "INSERT INTO networks VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                    " version = excluded.version, last_op = excluded.last_op,"
                    " expires = excluded.expires, data = excluded.data,"
                    " checksum = excluded.checksum WHERE excluded.version > version",
                    (key, version, op, expires, data, now),
                )
        case (key, name, data, *kept):
            now = checksum(data)
            if kept in ([], [now]):
                row = (key, name, data, now)
                db.execute("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, ?)", row)
        case _:
            db.execute("INSERT INTO clock VALUES (?)", record)
