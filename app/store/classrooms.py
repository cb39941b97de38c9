"""Rooms in which a class follows a network; ``tests/store/classroom_contract.py`` tests them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Protocol

MOST_LOOK = 2000
"""The most characters of how a network is seen."""


class Stage(IntEnum):
    """How far a question has come; it only ever goes on."""

    NONE, OPEN, CLOSED, REVEALED = 0, 1, 2, 3


class Answers(NamedTuple):
    """How many devices gave each answer: those that followed as they answered, and all others."""

    followers: Mapping[str, int]
    others: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Classroom:
    """A room, open until somebody ends it or its time is over.

    Attributes:
        network: what its network is kept under, which is no right to drive it.
        token: the right to watch, a part of an address.
        code: what is typed to join.
        look: how the network is seen by whoever drives it, as a query.
        turns: how often that, the question or its stage has changed.
        question: what is asked, as a text that only whoever drives may see whole; "" for nothing.
        number: of the question, 0 before the first; a later one has a larger one.
        stage: of the question.
        opened_on: what the network is kept under that it was opened on, b"" for the present one.
        moved: of the first that was shown of the present network, version and turns as one number;
            0 for the network that it was opened on.
    """

    network: bytes
    token: str
    code: str
    look: str
    turns: int = 0
    question: str = ""
    number: int = 0
    stage: Stage = Stage.NONE
    opened_on: bytes = b""
    moved: int = 0

    @property
    def first(self) -> bytes:
        """What the network is kept under that it was opened on."""
        return self.opened_on or self.network


class ClassroomRegister(Protocol):
    """The rooms of all processes that share a store, one a network at most.

    A room is over when it was ended, when its seconds of service have passed or when its network is
    deleted; then it is as if it had never been. Every method raises ``StorageUnavailable``.
    """

    async def open(self, room: Classroom, seconds: float) -> Classroom | None:
        """Open ``room`` for so many seconds; the one that its network has already, if it has one.

        None if another room has its code. Raises CapacityReached if too many are open.
        """

    async def of(self, network: bytes) -> Classroom | None:
        """The room of a network."""

    async def watched(self, token: str) -> Classroom | None:
        """The room that a token is the right to watch."""

    async def joined(self, code: str) -> Classroom | None:
        """The room that a code leads to."""

    async def turn(self, network: bytes, look: str) -> None:
        """The network is now seen with the query ``look``; nothing if it was, or has no room."""

    async def move(self, network: bytes, to: bytes, look: str) -> bool:
        """Have those who follow ``network`` follow another one, seen with the query ``look``.

        The room keeps its token and its code, and its question goes. What is seen then has a larger
        number, version and turns, than all before. False if there is no room, or no network ``to``,
        or a class that follows that already.
        """

    async def end(self, network: bytes) -> None:
        """End the room of a network, if it has one."""

    async def ask(self, network: bytes, question: str) -> int:
        """Ask something in a network's room in place of what was asked; "" asks nothing any more.

        The answers so far are forgotten. The new question's number, 0 if there is no room.
        """

    async def advance(self, network: bytes, number: int, stage: Stage) -> bool:
        """Bring the question of this number on to a stage; False if it is not before that."""

    async def answer(self, token: str, number: int, device: str, answer: str, most: int) -> bool:
        """Keep a device's answer in place of its earlier one; False if the question is not open.

        Raises CapacityReached if ``most`` devices have answered already, and this one has not.
        """

    async def answered(self, token: str, device: str) -> str:
        """What a device has answered to the present question, or ""."""

    async def answers(self, network: bytes) -> Answers:
        """The answers to the present question."""

    async def arrive(self, token: str, device: str, *, leaves: bool = False) -> None:
        """Note that a device begins to follow, or that it ``leaves``."""

    async def attend(self, token: str, process: str, followers: int) -> int:
        """Note how many follow through one process; how many follow in all.

        What a process has noted counts for 6 seconds.
        """

    async def count(self) -> int:
        """How many rooms are open."""

    def wakes(self) -> AsyncIterator[bytes]:
        """What the networks are kept under that other processes have changed, as they do it.

        Some may be missed: whoever listens also looks now and then.
        """
