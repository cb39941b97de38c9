"""Networks in one SQLite file: survives a restart and a kill, one process, one connection."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from app.errors import (
    CapacityReached,
    NotFound,
    StorageFull,
    StorageUnavailable,
    TakebackError,
    VersionConflict,
)
from app.store.base import NONE, PROBE, Blocks, Stored, key_of
from app.store.copies import copy_pages
from app.store.database_file import NAME, SCHEMA, checksum, open_database, set_aside
from app.store.error_log import ErrorLog
from app.store.occupancy import ClientKey, Occupancy
from app.store.uptime import Uptime

_CLOCK_SECONDS = 60.0
_PURGE_SECONDS = 0.005
_MOST_REPLACED = 32


class SqliteStore:
    """A ``Store`` (see ``app.store.base``) in ``directory/takeback.sqlite3``.

    Calls take tens of microseconds, so they run where they are made; a lock keeps the one
    connection to one caller at a time. A file that is not a sound database is set aside under a
    new name, and what can be read of it goes on in a fresh one; ``check`` then fails until that
    file is moved away.

    Time is what the store has served, so that neither the wall's clock nor a stop makes a network
    old: ``clock`` is any that goes on by itself. Clients and sizes are known in memory only.
    """

    def __init__(
        self,
        directory: Path,
        *,
        ttl_seconds: float,
        max_networks: int,
        max_megabytes: int = 1024,
        brief_seconds: float | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._directory, self._max_networks = directory, max_networks
        self._ttl, self._brief = ttl_seconds, min(ttl_seconds, brief_seconds or ttl_seconds)
        self._lock = threading.Lock()
        self._log = ErrorLog()
        try:
            self._db = open_database(
                directory, ttl_seconds=ttl_seconds, max_megabytes=max_megabytes
            )
        except (OSError, sqlite3.OperationalError) as error:
            raise StorageUnavailable(reason=str(error)) from error
        self._clock = clock or Uptime()
        (now,) = self._db.execute("SELECT max(now) FROM clock").fetchone()
        self._written = now
        self._begun: float = now - self._clock()
        (self._page,) = self._db.execute("PRAGMA page_size").fetchone()
        self._occupancy = Occupancy(max_networks, max_megabytes * 1024 * 1024, self._brief)
        self._count(now)

    def _count(self, now: float) -> None:
        """Count what is there already; nobody knows any more who created it."""
        sizes = dict(self._db.execute("SELECT key, sum(length(data)) FROM blocks GROUP BY key"))
        rows = self._db.execute(
            "SELECT key, expires, version, length(data) FROM networks ORDER BY expires"
        )
        for key, expires, version, size in rows:
            brief = version == 1 and expires <= now + self._brief < now + self._ttl
            self._occupancy.add(key, None, expires, size + sizes.get(key, 0), brief=brief)

    def _now(self) -> float:
        """For how many seconds the store has served."""
        return self._begun + self._clock()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The connection, and SQLite's errors as ours; what fails leaves nothing half done."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                    self._log.tell("the disk, or the database, is full: nothing can be written")
                    raise StorageFull from error
                self._log.tell(f"database: {error}", "store_failed")
                raise StorageUnavailable(reason=str(error)) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def reached(self) -> Iterator[tuple[sqlite3.Connection, float]]:
        """The connection for what else the file holds, and how long the store has served."""
        with self._database() as db:
            yield db, self._now()

    async def create(
        self, network_id: str, data: bytes, *, op: str = "", blocks: Blocks = NONE,
        brief: bool = False, client: ClientKey = None,
    ) -> Stored:  # fmt: skip
        """Keep a new network; see ``Store.create``."""
        key, size = key_of(network_id), _size(data, blocks)
        with self._database() as db:
            now = self._now()
            self._purge(db, now)
            self._make_room(db, client, now)
            expires = now + (self._brief if brief else self._ttl)
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "INSERT INTO networks (key, version, last_op, expires, data, checksum)"
                " VALUES (?, 1, ?, ?, ?, ?)",
                (key, op, expires, data, checksum(data, 1)),
            )
            _write(db, key, blocks)
            db.execute("COMMIT")
            self._occupancy.add(key, client, expires, size, brief=brief)
        return Stored(1, data, op, blocks)

    def _make_room(self, db: sqlite3.Connection, client: ClientKey, now: float) -> None:
        """Return if ``client`` may store one more, others' untouched networks gone for it."""
        for _ in range(_MOST_REPLACED):
            if self._occupancy.admits(client, self._used(db)):
                return
            replaced = self._occupancy.replaceable(client, now)
            if replaced is None:
                break
            self._remove(db, replaced)
        following = self._occupancy.next_expiry() or now
        wait = max(following - now, 1.0)
        values: dict[str, Any] = {"limit": self._max_networks, "retry_after": wait}
        if len(self._occupancy) >= self._max_networks or client is None:
            self._log.tell(f"the store is full: {len(self._occupancy)} networks")
            raise CapacityReached(**values)
        self._log.tell("the store is nearly full: those who fill it get no more room")
        values["held"] = self._occupancy.held_by(client)
        raise CapacityReached("capacity_share", **values)

    def _used(self, db: sqlite3.Connection) -> int:
        """How many bytes of the file are in use."""
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        return int(pages - db.execute("PRAGMA freelist_count").fetchone()[0]) * int(self._page)

    async def load(self, network_id: str | bytes, *, known: int | None = None) -> Stored:
        """The network as it stands; see ``Store.load``."""
        key = key_of(network_id)
        with self._database() as db:
            written = self._occupancy.written(key, self._now())
            if written and written[0] == known:
                return Stored(written[0], b"", written[1])
            row = db.execute(
                "SELECT version, data, last_op, checksum FROM networks"
                " WHERE key = ? AND expires > ?",
                (key, self._now()),
            ).fetchone()
            if row is None:
                raise NotFound("network_not_found")
            version, data, op, kept = row
            sound = checksum(data, version) == kept
            if sound and version == known:
                return Stored(version, data, op)
            query = "SELECT name, data, checksum FROM blocks WHERE key = ?"
            rows = db.execute(query, (key,)).fetchall()
        if not (sound and all(checksum(block) == kept for _, block, kept in rows)):
            self._log.tell("the data of a network is damaged: it cannot be read", "store_damaged")
            raise NotFound("network_damaged")
        return Stored(version, data, op, {name: block for name, block, _ in rows})

    async def save(
        self, network_id: str, data: bytes, *, expected: int, op: str = "",
        blocks: Blocks = NONE, alone: bool = False,
    ) -> Stored:  # fmt: skip
        """Write the network if it stands at ``expected``; see ``Store.save``."""
        key = key_of(network_id)
        with self._database() as db:
            now = self._now()
            if blocks or alone:
                self._check_growth(db, key)
                db.execute("BEGIN IMMEDIATE")
            changed = db.execute(
                "UPDATE networks SET version = version + 1, last_op = ?, expires = ?, data = ?,"
                " checksum = ? WHERE key = ? AND version = ? AND expires > ?",
                (op, now + self._ttl, data, checksum(data, expected + 1), key, expected, now),
            ).rowcount
            if changed and alone:
                db.execute("DELETE FROM blocks WHERE key = ?", (key,))
            if changed:
                _write(db, key, blocks)
            if db.in_transaction:
                db.execute("COMMIT")
            if changed:
                # What replaces older data is about as large; what comes beside it makes it grow.
                written = expected + 1, op
                self._occupancy.renew(key, now + self._ttl, _size(b"", blocks), written)
        if changed:
            return Stored(expected + 1, data, op)
        raise VersionConflict(version=(await self.load(network_id)).version)

    def _check_growth(self, db: sqlite3.Connection, key: bytes) -> None:
        """Raise StorageFull if whoever created a network fills more of the file than is fair."""
        client = self._occupancy.client_of(key)
        if client is not None and not self._occupancy.grants(client, self._used(db)):
            self._log.tell("the database is nearly full: those who fill it get no more room")
            raise StorageFull("storage_share")

    async def delete(self, network_id: str, *, expected: int | None = None) -> None:
        """Forget a network; see ``Store.delete``."""
        key = key_of(network_id)
        with self._database() as db:
            row = db.execute(
                "SELECT version FROM networks WHERE key = ? AND expires > ?", (key, self._now())
            ).fetchone()
            if row is None:
                raise NotFound("network_not_found")
            if expected not in (None, row[0]):
                raise VersionConflict(version=row[0])
            self._remove(db, key)

    def _remove(self, db: sqlite3.Connection, key: bytes) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM blocks WHERE key = ?", (key,))
        db.execute("DELETE FROM networks WHERE key = ?", (key,))
        db.execute("COMMIT")
        self._occupancy.drop(key)

    def _purge(self, db: sqlite3.Connection, now: float) -> bool:
        """Remove expired networks for a few milliseconds; whether there are more."""
        end = time.perf_counter() + _PURGE_SECONDS
        while key := self._occupancy.expired(now):
            self._remove(db, key)
            if time.perf_counter() >= end:
                return self._occupancy.expired(now) is not None
        return False

    async def tidy(self) -> bool:
        """Remove some of what has expired; see ``Store.tidy``."""
        with self._database() as db:
            now = self._now()
            if now - self._written >= _CLOCK_SECONDS:
                self._write_clock(db, now)
            return self._purge(db, now)

    def _write_clock(self, db: sqlite3.Connection, now: float) -> None:
        db.execute("UPDATE clock SET now = ?", (now,))
        self._written = now

    async def check(self) -> None:
        """Return if the store can serve; see ``Store.check``."""
        with self._database() as db:
            now = self._now()
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO blocks VALUES (x'', 'probe', zeroblob(?), 0)", (PROBE,))
            db.execute("DELETE FROM blocks WHERE key = x''")
            self._write_clock(db, now)
            db.execute("COMMIT")
            self._purge(db, now)
            full = not self._occupancy.admits("", self._used(db))
            following = self._occupancy.next_expiry() or now
            if full and self._occupancy.replaceable("", now) is None:
                self._log.tell(f"the store is full: {len(self._occupancy)} networks")
                wait = max(following - now, 1.0)
                raise CapacityReached(limit=self._max_networks, retry_after=wait)
        if set_aside(self._directory):
            raise StorageUnavailable("storage_set_aside", file=f"{NAME}.corrupt-*")

    def count(self) -> int:
        """How many networks the file holds, expired ones that were not purged yet among them."""
        return len(self._occupancy)

    def try_writing(self) -> None:
        """Write something that changes nothing; StorageFull or StorageUnavailable if that fails."""
        with self._database() as db:
            db.execute(f"PRAGMA user_version={SCHEMA}")

    def copy(self, target: Path) -> None:
        """Write a consistent copy to a new file while requests go on. Not for the event loop.

        StorageUnavailable if it cannot be written.
        """
        with self._database() as db:
            self._write_clock(db, self._now())
        try:
            with closing(sqlite3.connect(target)) as copy:
                copy_pages(self._db, copy, self._lock)
        except (OSError, sqlite3.Error) as error:
            raise StorageUnavailable(reason=str(error)) from error

    async def close(self) -> None:
        """Write what the time is, and close the file."""
        with suppress(TakebackError), self._database() as db:
            self._write_clock(db, self._now())
        with self._lock:
            self._db.close()


def _size(data: bytes, blocks: Blocks) -> int:
    return len(data) + sum(map(len, blocks.values()))


def _write(db: sqlite3.Connection, key: bytes, blocks: Blocks) -> None:
    rows = [(key, name, data, checksum(data)) for name, data in blocks.items()]
    if rows:
        db.executemany("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?)", rows)
