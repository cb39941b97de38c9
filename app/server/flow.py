"""Whose bytes are read next: large bodies come a few pieces at a time, whoever sends them."""

import asyncio
from collections import deque
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl

LARGE_READ = 32 * 1024
"""Who sends so much at a time waits for a turn before more is read."""
_AT_ONCE = 4


class Readers:
    """Connections that wait to be read from; a few go on each time the event loop comes round.

    With ``seconds`` a few go on each time these are over.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._free, self._seconds = _AT_ONCE, seconds

    def add(self, read: Callable[[], None]) -> None:
        """Call ``read`` when it is its turn, at once if nobody waits."""
        loop = asyncio.get_running_loop()
        if self._free == _AT_ONCE and self._seconds:
            loop.call_later(self._seconds, self._go_round)
        elif self._free == _AT_ONCE:
            loop.call_soon(self._go_round)
        if self._free:
            self._free -= 1
            read()
        else:
            self._waiting.append(read)

    def _go_round(self) -> None:
        self._free = _AT_ONCE
        for _ in range(min(_AT_ONCE, len(self._waiting))):
            self.add(self._waiting.popleft())


class Flow(FlowControl):
    """uvicorn's control of what a connection reads, which waits for its turn to go on.

    Of uvicorn it relies on ``read_paused`` and on the two methods.
    """

    def __init__(self, transport: asyncio.Transport, readers: Readers) -> None:
        super().__init__(transport)
        self._readers, self._is_waiting = readers, False
        self._rest: Callable[[], None] | None = None

    def wait_with(self, readers: Readers) -> None:
        """Have its turns among others from now on."""
        self._readers = readers

    def hold(self, rest: Callable[[], None]) -> None:
        """Read nothing before ``rest``, which takes what was read already, has had its turn."""
        self.pause_reading()
        self._rest = rest
        self._readers.add(self._take_rest)

    def _take_rest(self) -> None:
        rest, self._rest = self._rest, None
        if rest:
            rest()
        self.resume_reading()

    def pause_reading(self) -> None:
        """Read no more."""
        self._is_waiting = False
        super().pause_reading()

    def resume_reading(self) -> None:
        """Read on, when it is this connection's turn."""
        if self.read_paused and not (self._is_waiting or self._rest):
            self._is_waiting = True
            self._readers.add(self._go_on)

    def _go_on(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            super().resume_reading()
