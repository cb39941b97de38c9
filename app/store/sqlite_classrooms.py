"""Rooms in the SQLite file: they outlive a restart, and a network's row does not grow by them."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

from app.errors import CapacityReached
from app.store.classroom_tables import create_tables
from app.store.classrooms import Answers, Classroom, Stage
from app.store.sqlite import SqliteStore

_COLUMNS = (
    "classrooms.network, token, code, look, turns,"
    " coalesce(question, ''), coalesce(number, 0), coalesce(stage, 0),"
    " coalesce(opened_on, x''), coalesce(moved, 0)"
)


class SqliteClassrooms:
    """A ``ClassroomRegister`` in the file of ``store``, for ``most`` rooms at once."""

    def __init__(self, store: SqliteStore, most: int) -> None:
        self._store, self._most = store, most
        self._present: Counter[tuple[str, str]] = Counter()
        with store.reached() as (db, _):
            create_tables(db)

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

    async def move(self, network: bytes, to: bytes, look: str) -> bool:
        """Have a class follow another network; see ``ClassroomRegister.move``."""
        with self._store.reached() as (db, now):
            room, version = _found(db, now, "network", network), _version(db, now, to)
            if room is None or version is None or _found(db, now, "network", to):
                return False
            turns = room.turns + (_version(db, now, network) or 0) + 1
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM classrooms WHERE network = ?", (to,))  # one that is over
            for table in ("questions", "answers", "moves"):
                db.execute(f"DELETE FROM {table} WHERE network = ?", (network,))  # noqa: S608
            db.execute(
                "UPDATE classrooms SET network = ?, look = ?, turns = ? WHERE network = ?",
                (to, look, turns, network),
            )
            db.execute(
                "INSERT INTO moves (network, opened_on, moved) VALUES (?, ?, ?)",
                (to, room.first, turns + version),
            )
            db.execute("COMMIT")
        return True

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
        f" LEFT JOIN moves USING (network) WHERE classrooms.{column} = ? AND ends > ? AND EXISTS"
        " (SELECT 1 FROM networks WHERE key = classrooms.network AND expires > ?)",
        (value, now, now),
    ).fetchone()
    return replace(Classroom(*row), stage=Stage(row[7])) if row else None


def _version(db: sqlite3.Connection, now: float, network: bytes) -> int | None:
    """The version that a network stands at, if it is there."""
    row = db.execute(
        "SELECT version FROM networks WHERE key = ? AND expires > ?", (network, now)
    ).fetchone()
    return int(row[0]) if row else None


def _turned(db: sqlite3.Connection, network: bytes) -> None:
    db.execute("UPDATE classrooms SET turns = turns + 1 WHERE network = ?", (network,))


def _count(db: sqlite3.Connection, now: float) -> int:
    row = db.execute("SELECT count(*) FROM classrooms WHERE ends > ?", (now,)).fetchone()
    return int(row[0])
