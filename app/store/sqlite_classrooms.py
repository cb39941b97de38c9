"""Rooms in the SQLite file: they outlive a restart, and a network's row does not grow by them."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

from app.errors import CapacityReached
from app.store.classrooms import Answers, Classroom, Stage
from app.store.sqlite import SqliteStore

_COLUMNS = (
    "classrooms.network, token, code, look, turns,"
    " coalesce(question, ''), coalesce(number, 0), coalesce(stage, 0)"
)
_CREATE = (
    "CREATE TABLE IF NOT EXISTS classrooms (network BLOB PRIMARY KEY, token TEXT NOT NULL UNIQUE,"
    " code TEXT NOT NULL UNIQUE, look TEXT NOT NULL, turns INTEGER NOT NULL, ends REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS questions (network BLOB PRIMARY KEY, question TEXT NOT NULL,"
    " number INTEGER NOT NULL, stage INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS answers (network BLOB NOT NULL, device TEXT NOT NULL,"
    " answer TEXT NOT NULL, follows INTEGER NOT NULL, PRIMARY KEY (network, device)) WITHOUT ROWID",
    # What was answered goes with its room, and a room with its network.
    "CREATE TRIGGER IF NOT EXISTS classrooms_end AFTER DELETE ON classrooms BEGIN"
    " DELETE FROM questions WHERE network = OLD.network;"
    " DELETE FROM answers WHERE network = OLD.network; END",
    "CREATE TRIGGER IF NOT EXISTS networks_end AFTER DELETE ON networks BEGIN"
    " DELETE FROM classrooms WHERE network = OLD.key; END",
)


class SqliteClassrooms:
    """A ``ClassroomRegister`` in the file of ``store``, for ``most`` rooms at once."""

    def __init__(self, store: SqliteStore, most: int) -> None:
        self._store, self._most = store, most
        self._present: Counter[tuple[str, str]] = Counter()
        with store.reached() as (db, _):
            for statement in _CREATE:
                db.execute(statement)

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

    async def ask(self, network: bytes, question: str) -> int:
        """Ask something, or nothing any more; see ``ClassroomRegister.ask``."""
        with self._store.reached() as (db, now):
            room = _found(db, now, "network", network)
            if room is None:
                return 0
            db.execute("BEGIN IMMEDIATE")
            _turned(db, network)
            db.execute("DELETE FROM answers WHERE network = ?", (network,))
            db.execute(
                "INSERT OR REPLACE INTO questions (network, question, number, stage)"
                " VALUES (?, ?, ?, ?)",
                (network, question, room.turns + 1, Stage.OPEN if question else Stage.NONE),
            )
            db.execute("COMMIT")
        return room.turns + 1

    async def advance(self, network: bytes, number: int, stage: Stage) -> bool:
        """Bring a question on to a stage; see ``ClassroomRegister.advance``."""
        with self._store.reached() as (db, _):
            done = db.execute(
                "UPDATE questions SET stage = ? WHERE network = ? AND number = ? AND stage < ?"
                " AND stage > 0",
                (stage, network, number, stage),
            )
            if done.rowcount:
                _turned(db, network)
        return bool(done.rowcount)

    async def answer(self, token: str, number: int, device: str, answer: str, most: int) -> bool:
        """Keep a device's answer; see ``ClassroomRegister.answer``."""
        with self._store.reached() as (db, now):
            room = _found(db, now, "token", token)
            if room is None or room.number != number or room.stage is not Stage.OPEN:
                return False
            counted = "SELECT count(*), sum(device = ?) FROM answers WHERE network = ?"
            count, own = db.execute(counted, (device, room.network)).fetchone()
            if count >= most and not own:
                raise CapacityReached("answers_full", limit=most)
            db.execute(
                "INSERT INTO answers (network, device, answer, follows) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET answer = excluded.answer,"
                " follows = max(follows, excluded.follows)",
                (room.network, device, answer, self._present[token, device] > 0),
            )
        return True

    async def answered(self, token: str, device: str) -> str:
        """What a device has answered, or ""."""
        with self._store.reached() as (db, _):
            row = db.execute(
                "SELECT answer FROM answers JOIN classrooms USING (network)"
                " WHERE token = ? AND device = ?",
                (token, device),
            ).fetchone()
        return str(row[0]) if row else ""

    async def answers(self, network: bytes) -> Answers:
        """The answers to the present question."""
        with self._store.reached() as (db, _):
            rows = db.execute(
                "SELECT follows, answer, count(*) FROM answers WHERE network = ?"
                " GROUP BY follows, answer",
                (network,),
            ).fetchall()
        others, followers = (
            {answer: count for follows, answer, count in rows if follows == kind} for kind in (0, 1)
        )
        return Answers(followers, others)

    async def arrive(self, token: str, device: str, *, leaves: bool = False) -> None:
        """Note that a device begins to follow, or leaves: there is one process."""
        self._present[token, device] += -1 if leaves else 1
        if self._present[token, device] <= 0:
            del self._present[token, device]

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
        f"SELECT {_COLUMNS} FROM classrooms LEFT JOIN questions USING (network)"  # noqa: S608
        f" WHERE classrooms.{column} = ? AND ends > ? AND EXISTS"
        " (SELECT 1 FROM networks WHERE key = classrooms.network AND expires > ?)",
        (value, now, now),
    ).fetchone()
    return replace(Classroom(*row), stage=Stage(row[-1])) if row else None


def _turned(db: sqlite3.Connection, network: bytes) -> None:
    db.execute("UPDATE classrooms SET turns = turns + 1 WHERE network = ?", (network,))


def _count(db: sqlite3.Connection, now: float) -> int:
    row = db.execute("SELECT count(*) FROM classrooms WHERE ends > ?", (now,)).fetchone()
    return int(row[0])
