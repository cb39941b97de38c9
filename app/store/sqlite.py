"""Networks in one SQLite file: survives a restart and a kill, one process, one connection."""

import hashlib
import logging
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import CapacityReached, NotFound, StorageFull, StorageUnavailable, VersionConflict
from app.store.base import NONE, Blocks, Stored
from app.store.copies import FILE, SCHEMA, copy_pages

_PURGE_SECONDS = 60.0
_log = logging.getLogger("takeback.store")


class SqliteStore:
    """A ``Store`` (see ``app.store.base``) in ``directory/takeback.sqlite3``.

    Calls take tens of microseconds, so they run where they are made; a lock keeps the one
    connection to one caller at a time. A file that is not a sound database is set aside under a
    new name and a fresh one begun; ``check`` then fails until that file is moved away.
    """

    def __init__(
        self,
        directory: Path,
        *,
        ttl_seconds: float,
        max_networks: int,
        max_megabytes: int = 1024,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory, self._path = directory, directory / FILE
        self._max_networks, self._max_megabytes = max_networks, max_megabytes
        self._ttl, self._clock = ttl_seconds, clock
        self._lock = threading.Lock()
        self._purged = -math.inf
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise StorageUnavailable(reason=str(error)) from error

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = self._path.with_name(f"{self._path.name}.corrupt-{time.time_ns()}")
            for suffix in ("", "-wal", "-shm"):
                part = Path(f"{self._path}{suffix}")
                if part.exists():
                    part.replace(f"{aside}{suffix}")
            _log.error(
                "database is damaged; set aside as %s, a fresh one begun", aside.name,
                extra={"event": "store_damaged"},
            )  # fmt: skip
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=5.0, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check failed")
        if db.execute("PRAGMA user_version").fetchone()[0] > SCHEMA:
            raise StorageUnavailable(reason=f"{self._path.name} was written by a newer program")
        # A row of a small network, and so a step's commit, fits one page.
        db.execute("PRAGMA page_size=8192")
        # One process, one connection: no lock is ever given up, so no second one can come in.
        db.execute("PRAGMA locking_mode=EXCLUSIVE")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        (page_size,) = db.execute("PRAGMA page_size").fetchone()
        db.execute(f"PRAGMA max_page_count={self._max_megabytes * 1024 * 1024 // page_size}")
        db.execute(
            "CREATE TABLE IF NOT EXISTS networks (key BLOB PRIMARY KEY, version INTEGER NOT NULL,"
            " last_op TEXT NOT NULL, written REAL NOT NULL, data BLOB NOT NULL)"
        )
        # What is written once stands apart, so that a step of a long history writes little.
        db.execute(
            "CREATE TABLE IF NOT EXISTS blocks (key BLOB NOT NULL, name TEXT NOT NULL,"
            " data BLOB NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID"
        )
        db.execute(f"PRAGMA user_version={SCHEMA}")

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection, and SQLite's errors as ours; what fails leaves nothing half done."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                    raise StorageFull from error
                _log.error("database: %s", error, extra={"event": "store_failed"})
                raise StorageUnavailable(reason=str(error)) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    async def create(
        self, network_id: str, data: bytes, *, op: str = "", blocks: Blocks = NONE
    ) -> Stored:
        """Keep a new network; see ``Store.create``."""
        now, key = self._clock(), _key(network_id)
        with self._database() as db:
            db.execute("BEGIN IMMEDIATE")
            count = _count(db)
            # Now and then, since it takes a look at every network.
            due = abs(now - self._purged) >= min(_PURGE_SECONDS, self._ttl / 2)
            if count >= self._max_networks or due:
                old = (now - self._ttl,)
                db.execute(
                    "DELETE FROM blocks WHERE key IN (SELECT key FROM networks WHERE written < ?)",
                    old,
                )
                db.execute("DELETE FROM networks WHERE written < ?", old)
                self._purged = now
                count = _count(db)
            if count < self._max_networks:
                db.execute(
                    "INSERT INTO networks (key, version, last_op, written, data)"
                    " VALUES (?, 1, ?, ?, ?)",
                    (key, op, now, data),
                )
                _write(db, key, blocks)
            db.execute("COMMIT")
        if count >= self._max_networks:
            raise CapacityReached(limit=self._max_networks)
        return Stored(1, data, op, blocks)

    async def load(self, network_id: str, *, known: int | None = None) -> Stored:
        """The network as it stands; see ``Store.load``."""
        key = _key(network_id)
        with self._database() as db:
            row = db.execute(
                "SELECT version, data, last_op FROM networks WHERE key = ? AND written >= ?",
                (key, self._clock() - self._ttl),
            ).fetchone()
            if row is None:
                raise NotFound("network_not_found")
            if row[0] == known:
                return Stored(*row)
            blocks = db.execute("SELECT name, data FROM blocks WHERE key = ?", (key,)).fetchall()
        return Stored(row[0], row[1], row[2], dict(blocks))

    async def save(
        self,
        network_id: str,
        data: bytes,
        *,
        expected: int,
        op: str = "",
        blocks: Blocks = NONE,
        alone: bool = False,
    ) -> Stored:
        """Write the network if it stands at ``expected``; see ``Store.save``."""
        now, key = self._clock(), _key(network_id)
        with self._database() as db:
            if blocks or alone:
                db.execute("BEGIN IMMEDIATE")
            changed = db.execute(
                "UPDATE networks SET version = version + 1, last_op = ?, written = ?, data = ?"
                " WHERE key = ? AND version = ? AND written >= ?",
                (op, now, data, key, expected, now - self._ttl),
            ).rowcount
            if changed and alone:
                db.execute("DELETE FROM blocks WHERE key = ?", (key,))
            if changed:
                _write(db, key, blocks)
            if db.in_transaction:
                db.execute("COMMIT")
        if changed:
            return Stored(expected + 1, data, op)
        raise VersionConflict(version=(await self.load(network_id)).version)

    async def check(self) -> None:
        """Return if the store can serve; see ``Store.check``."""
        with self._database() as db:
            db.execute("SELECT 1 FROM networks LIMIT 1").fetchone()
        if any(self._directory.glob(f"{self._path.name}.corrupt-*")):
            raise StorageUnavailable(reason="a damaged database was set aside; move it away")

    def count(self) -> int:
        """How many networks the file holds, expired ones that were not purged yet among them."""
        with self._database() as db:
            return _count(db)

    def try_writing(self) -> None:
        """Write something that changes nothing; StorageFull or StorageUnavailable if that fails."""
        with self._database() as db:
            db.execute(f"PRAGMA user_version={SCHEMA}")

    def copy(self, target: Path) -> None:
        """Write a consistent copy to a new file while requests go on. Not for the event loop."""
        try:
            with closing(sqlite3.connect(target)) as copy:
                copy_pages(self._db, copy, self._lock)
        except (OSError, sqlite3.Error) as error:
            raise StorageUnavailable(reason=str(error)) from error

    async def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _key(network_id: str) -> bytes:
    """Ids are rights, so only their hash is kept."""
    return hashlib.sha256(network_id.encode("utf-8", "surrogatepass")).digest()


def _count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM networks").fetchone()[0])


def _write(db: sqlite3.Connection, key: bytes, blocks: Blocks) -> None:
    rows = [(key, name, data) for name, data in blocks.items()]
    if rows:
        db.executemany("INSERT OR REPLACE INTO blocks (key, name, data) VALUES (?, ?, ?)", rows)
