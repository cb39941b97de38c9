"""Rooms in the SQLite file: they outlive a restart, and a network's row does not grow by them."""

import sqlite3
from collections.abc import AsyncIterator

from app.errors import CapacityReached
from app.store.classrooms import Classroom
from app.store.sqlite import SqliteStore

_COLUMNS = "network, token, code, look, turns"
_CREATE = (
    "CREATE TABLE IF NOT EXISTS classrooms (network BLOB PRIMARY KEY, token TEXT NOT NULL UNIQUE,"
    " code TEXT NOT NULL UNIQUE, look TEXT NOT NULL, turns INTEGER NOT NULL, ends REAL NOT NULL)"
)


class SqliteClassrooms:
    """A ``ClassroomRegister`` in the file of ``store``, for ``most`` rooms at once."""

    def __init__(self, store: SqliteStore, most: int) -> None:
        self._store, self._most = store, most
        with store.reached() as (db, _):
            db.execute(_CREATE)

    async def open(self, room: Classroom, seconds: float) -> Classroom | None:
        """Open a room; see ``ClassroomRegister.open``."""
        with self._store.reached() as (db, now):
            db.execute("DELETE FROM classrooms WHERE ends <= ?", (now,))
            if found := _found(db, now, "network", room.network):
                return found
            if _count(db, now) >= self._most:
                raise CapacityReached("classrooms_full", limit=self._most)
            values = (room.network, room.token, room.code, room.look, room.turns, now + seconds)
            done = db.execute(
                "INSERT OR IGNORE INTO classrooms (network, token, code, look, turns, ends)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        return room if done.rowcount else None

    async def of(self, network: bytes) -> Classroom | None:
        """The room of a network."""
        with self._store.reached() as (db, now):
            return _found(db, now, "network", network)

    async def watched(self, token: str) -> Classroom | None:
        """The room that a token is the right to watch."""
        with self._store.reached() as (db, now):
            return _found(db, now, "token", token)

    async def joined(self, code: str) -> Classroom | None:
        """The room that a code leads to."""
        with self._store.reached() as (db, now):
            return _found(db, now, "code", code)

    async def turn(self, network: bytes, look: str) -> None:
        """Note how a network is seen now; see ``ClassroomRegister.turn``."""
        with self._store.reached() as (db, _):
            db.execute(
                "UPDATE classrooms SET look = ?, turns = turns + 1 WHERE network = ? AND look != ?",
                (look, network, look),
            )

    async def end(self, network: bytes) -> None:
        """End the room of a network, if it has one."""
        with self._store.reached() as (db, _):
            db.execute("DELETE FROM classrooms WHERE network = ?", (network,))

    async def attend(self, token: str, process: str, followers: int) -> int:
        """How many follow: there is one process."""
        del token, process
        return followers

    async def count(self) -> int:
        """How many rooms are open."""
        with self._store.reached() as (db, now):
            return _count(db, now)

    async def wakes(self) -> AsyncIterator[bytes]:
        """Nothing: there are no other processes."""
        none: tuple[bytes, ...] = ()
        for network in none:
            yield network


def _found(db: sqlite3.Connection, now: float, column: str, value: str | bytes) -> Classroom | None:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM classrooms WHERE {column} = ? AND ends > ? AND EXISTS"  # noqa: S608
        " (SELECT 1 FROM networks WHERE key = network AND expires > ?)",
        (value, now, now),
    ).fetchone()
    return Classroom(*row) if row else None


def _count(db: sqlite3.Connection, now: float) -> int:
    row = db.execute("SELECT count(*) FROM classrooms WHERE ends > ?", (now,)).fetchone()
    return int(row[0])
