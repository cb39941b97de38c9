"""Long work beside the event loop: a few threads, and many pieces of work that take turns.

Work comes as a generator that pauses after about ten milliseconds (``app.lab.runs``) and goes to
the end of the line of those who wait, so the ten steps of one person do not wait for the million of
another; and between two slices the event loop answers the requests that have come in meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.errors import Busy
from app.lab.runs import Slices

T = TypeVar("T")


def whole(call: Callable[[], T]) -> Slices[T]:
    """Work that cannot pause, as a single slice."""
    return call()
    yield  # a generator all the same


class Pool:
    """``workers`` threads that do slices of work in fair turns.

    There may be so many pieces of work at once as there are ``places``; a streamed run is one from
    its beginning to its end. ``pictures`` and ``imports`` limit what is drawn and read at once.
    """

    def __init__(self, workers: int, places: int) -> None:
        self.pictures, self.imports = CapacityLimiter(1), CapacityLimiter(1)
        self._files = CapacityLimiter(2)
        self._turns = CapacityLimiter(workers)
        self._places = places
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._taken

    @property
    def places(self) -> int:
        """How many there are."""
        return self._places

    @contextmanager
    def place(self) -> Iterator[None]:
        """Keep one of the places for a while; see ``take``."""
        self.take()
        try:
            yield
        finally:
            self.give()

    def take(self) -> None:
        """Keep one of the places until it is given back. Raises Busy if all are taken."""
        if self._taken >= self._places:
            raise Busy(limit=self._places)
        self._taken += 1

    def give(self) -> None:
        """Give a place back."""
        self._taken -= 1

    async def do(self, slices: Slices[T]) -> T:
        """Have ``slices`` done, in turns with all other work, and wait for the result.

        Cancelling the wait drops the rest. For what takes long the caller keeps a ``place``.
        """
        dropped = False

        def advance() -> tuple[T] | None:
            try:
                next(slices)
            except StopIteration as end:
                return (end.value,)
            if dropped:
                slices.close()
            return None

        try:
            while (result := await run_sync(advance, limiter=self._turns)) is None:
                pass
            return result[0]
        finally:
            dropped = True
            with suppress(ValueError):  # a slice is under way: its thread closes the rest
                slices.close()

    async def made(self, make: Callable[..., T], *arguments: object) -> T:
        """What ``make`` returns: a file, of which two are made at once."""
        return await run_sync(make, *arguments, limiter=self._files)
