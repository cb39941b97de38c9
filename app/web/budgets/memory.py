"""Memory for what is large: a few such bodies and answers are in it at once, others wait."""

import asyncio
from heapq import heappop, heappush
from itertools import count

from starlette.requests import Request

from app.errors import Crowded
from app.lab.lab import Lab
from app.store.codec import size_of

HOLD = "takeback.hold"
"""Where in the scope of a request its Hold is; a server without sockets gives none."""
_SMALL = 1_000_000
_OF_A_LOSS, _OF_A_BYTE = 60, 2
"""What text takes while it is made, for each loss and for each byte in the store, about."""


class MemoryBudget:
    """So many bytes, given to whoever asks; who wants least goes first, after a while nobody."""

    def __init__(self, most: int, seconds: float = 20.0) -> None:
        self._most, self._seconds = most, seconds
        self._used = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()

    async def take(self, size: int) -> None:
        """Wait for so many bytes; more than there are is given alone. Raises Crowded."""
        if self._fits(size):
            self._used += size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (size, next(self._numbers), turn))
        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():  # it came at the very last moment
                self.give(size)
            turn.cancel()
            if isinstance(error, TimeoutError):
                raise Crowded from None
            raise

    def give(self, size: int) -> None:
        """Give bytes back."""
        self._used -= size
        while self._waiting and self._fits(self._waiting[0][0]):
            wanted, _, turn = heappop(self._waiting)
            if not turn.done():
                self._used += wanted
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return not self._used or self._used + size <= self._most


class Hold:
    """What one request has of the MemoryBudget, given back when its answer is made."""

    def __init__(self, memory: MemoryBudget) -> None:
        self._memory, self._size = memory, 0

    async def take(self, size: int) -> None:
        """Have so much more. What it has is given back first, or two could wait for each other."""
        size += self._size
        self.give()
        await self._memory.take(size)
        self._size = size

    def give(self) -> None:
        """Give back all of it."""
        if self._size:
            self._memory.give(self._size)
            self._size = 0


async def wait_for_memory(request: Request, lab: Lab) -> None:
    """Wait until an answer with the whole history may be made; Crowded if that takes too long."""
    hold: Hold | None = request.scope.get(HOLD)
    size = _OF_A_LOSS * lab.last_step + _OF_A_BYTE * size_of(lab)
    if hold and size > _SMALL:
        await hold.take(size)
