"""Rooms in which a class follows a network; ``tests/store/classroom_contract.py`` tests them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

MOST_LOOK = 2000
"""The most characters of how a network is seen."""


@dataclass(frozen=True, slots=True)
class Classroom:
    """A room, open until somebody ends it or its time is over.

    Attributes:
        network: what its network is kept under, which is no right to drive it.
        token: the right to watch, a part of an address.
        code: what is typed to join.
        look: how the network is seen by whoever drives it, as a query.
        turns: how often that has changed.
    """

    network: bytes
    token: str
    code: str
    look: str
    turns: int = 0


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

    async def end(self, network: bytes) -> None:
        """End the room of a network, if it has one."""

    async def attend(self, token: str, process: str, followers: int) -> int:
        """Note how many follow through one process; how many follow in all.

        What a process has noted counts for 15 seconds.
        """

    async def count(self) -> int:
        """How many rooms are open."""

    def wakes(self) -> AsyncIterator[bytes]:
        """What the networks are kept under that other processes have changed, as they do it.

        Some may be missed: whoever listens looks for himself now and then.
        """
