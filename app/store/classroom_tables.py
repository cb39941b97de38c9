"""The tables of rooms in the SQLite file, and what of them is saved from a damaged one."""

import math
import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import InvalidInput
from app.lab.asking.questions import AskedQuestion

_TOKEN, _CODE = re.compile(r"[\w-]{24}", re.ASCII), re.compile(r"[A-Z0-9]{6}", re.ASCII)
_CREATE = (
    "CREATE TABLE IF NOT EXISTS classrooms (network BLOB PRIMARY KEY, token TEXT NOT NULL UNIQUE,"
    " code TEXT NOT NULL UNIQUE, look TEXT NOT NULL, turns INTEGER NOT NULL, ends REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS questions (network BLOB PRIMARY KEY, question TEXT NOT NULL,"
    " number INTEGER NOT NULL, stage INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS answers (network BLOB NOT NULL, device TEXT NOT NULL,"
    " answer TEXT NOT NULL, follows INTEGER NOT NULL, PRIMARY KEY (network, device)) WITHOUT ROWID",
    # Rooms that have left the network that they were opened on.
    "CREATE TABLE IF NOT EXISTS moves (network BLOB PRIMARY KEY, opened_on BLOB NOT NULL,"
    " moved INTEGER NOT NULL)",
    # What was answered goes with its room, and a room with its network.
    "CREATE TRIGGER IF NOT EXISTS classrooms_end AFTER DELETE ON classrooms BEGIN"
    " DELETE FROM questions WHERE network = OLD.network;"
    " DELETE FROM answers WHERE network = OLD.network; END",
    "CREATE TRIGGER IF NOT EXISTS classrooms_leave AFTER DELETE ON classrooms BEGIN"
    " DELETE FROM moves WHERE network = OLD.network; END",
    "CREATE TRIGGER IF NOT EXISTS networks_end AFTER DELETE ON networks BEGIN"
    " DELETE FROM classrooms WHERE network = OLD.key; END",
)
_BESIDE_A_ROOM = ("questions", "answers", "moves")


def create_tables(db: sqlite3.Connection) -> None:
    """Make what is not there yet."""
    for statement in _CREATE:
        db.execute(statement)


def save(db: sqlite3.Connection, record: tuple[Any, ...]) -> bool:
    """Write a record of a damaged file where it belongs; False if it is of no table of these.

    Of what stands twice, the newer one counts.
    """
    match record:
        case (bytes() as network, str() as token, str() as code, str(), int() as turns, ends):
            sound = _TOKEN.fullmatch(token) and _CODE.fullmatch(code) and math.isfinite(ends)
            newest = "SELECT max(turns) FROM classrooms WHERE ? IN (network, token, code)"
            known = [db.execute(newest, (one,)).fetchone()[0] for one in (network, token, code)]
            if sound and all(one is None or one < turns for one in known):
                db.execute("INSERT OR REPLACE INTO classrooms VALUES (?, ?, ?, ?, ?, ?)", record)
        case (bytes(), str(), int(), int()):
            db.execute(
                "INSERT INTO questions VALUES (?, ?, ?, ?) ON CONFLICT (network) DO UPDATE SET"
                " question = excluded.question, number = excluded.number, stage = excluded.stage"
                " WHERE (excluded.number, excluded.stage) > (number, stage)",
                record,
            )
        case (bytes(), str(), str(), int()):
            db.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?)", record)
        case (bytes(), bytes() as opened_on, int()) if len(opened_on) == len(record[0]):
            db.execute("INSERT OR REPLACE INTO moves VALUES (?, ?, ?)", record)
        case _:
            return False
    return True


def drop_incomplete(db: sqlite3.Connection) -> None:
    """Remove what lost the network or the room that it belongs to, and what nobody can read."""
    db.execute("DELETE FROM classrooms WHERE network NOT IN (SELECT key FROM networks)")
    asked = db.execute("SELECT network, question, stage FROM questions").fetchall()
    for network, text, stage in asked:
        question = _readable(text, stage)
        if question is None:
            db.execute("DELETE FROM questions WHERE network = ?", (network,))
        kept = db.execute("SELECT device, answer FROM answers WHERE network = ?", (network,))
        for device in _unreadable(question, dict(kept.fetchall())):
            db.execute("DELETE FROM answers WHERE network = ? AND device = ?", (network, device))
    for table in _BESIDE_A_ROOM:
        of = "classrooms" if table != "answers" else "questions"
        db.execute(
            f"DELETE FROM {table} WHERE network NOT IN (SELECT network FROM {of})"  # noqa: S608
        )


def _readable(text: str, stage: int) -> AskedQuestion | None:
    """A question as it was asked, or None."""
    try:
        return AskedQuestion.read(text) if text and 0 < stage < 4 else None
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _unreadable(question: AskedQuestion | None, answers: Mapping[str, str]) -> Iterable[str]:
    """The devices whose answers cannot be any."""
    for device, answer in answers.items():
        try:
            if question is None or question.answered(answer) != answer:
                yield device
        except InvalidInput:
            yield device
