"""Long work beside the event loop: a few threads, and many pieces of work that take turns.

Work comes as a generator that pauses after about ten milliseconds (``app.lab.runs``). The pool
takes the pieces round robin, a slice each, so that the ten steps of one person do not wait for the
million of another; and after each slice the requests that have come in meanwhile go first.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.errors import Busy
from app.lab.runs import Slices

T = TypeVar("T")
_LONGEST_REST = 0.1


def whole(call: Callable[[], T]) -> Slices[T]:
    """Work that cannot pause, as a single slice."""
    return call()
    yield  # a generator all the same


class _Job:
    """A piece of work, and who waits for it."""

    def __init__(self, slices: Slices[Any]) -> None:
        self.slices = slices
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self._loop.create_future()

    def advance(self) -> bool:
        """Do a slice; whether more remain."""
        if self.future.cancelled():
            self.slices.close()
            return False
        try:
            next(self.slices)
        except StopIteration as end:
            self._tell(self.future.set_result, end.value)
            return False
        except Exception as error:  # whoever waits shall have it
            self._tell(self.future.set_exception, error)
            return False
        return True

    def rest(self) -> None:
        """Wait until the event loop has done what it has to do: requests go before the rest."""
        turn = threading.Event()
        try:
            self._loop.call_soon_threadsafe(turn.set)
        except RuntimeError:  # the loop has ended
            return
        turn.wait(_LONGEST_REST)

    def _tell(self, setter: Callable[[Any], None], outcome: Any) -> None:
        def on_the_loop() -> None:
            if not self.future.done():
                setter(outcome)

        try:
            self._loop.call_soon_threadsafe(on_the_loop)
        except RuntimeError:  # the loop has ended, and nobody waits any more
            return


class Pool:
    """Threads that do slices of work in fair turns.

    Args:
        workers: how many threads; they start with the first work.
        places: how many pieces of work there may be at once, a streamed run counted from its
            beginning to its end.
    """

    def __init__(self, workers: int, places: int) -> None:
        self._workers = workers
        self._places = places
        self._taken = 0
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._closed = False

    @contextmanager
    def place(self) -> Iterator[None]:
        """Keep one of the places for a while; see ``take``."""
        self.take()
        try:
            yield
        finally:
            self.give()

    def take(self) -> None:
        """Keep one of the places until it is given back.

        Raises:
            Busy: all are taken.
        """
        if self._taken >= self._places:
            raise Busy(limit=self._places)
        self._taken += 1

    def give(self) -> None:
        """Give a place back."""
        self._taken -= 1

    async def do(self, slices: Slices[T]) -> T:
        """Have ``slices`` done, in turns with all other work, and wait for the result.

        Who is cancelled while waiting has the rest dropped. For what takes long the caller keeps
        a ``place``.
        """
        job = _Job(slices)
        with self._changed:
            self._start()
            self._jobs.append(job)
            self._changed.notify()
        result: T = await job.future
        return result

    def _start(self) -> None:
        if not self._threads and not self._closed:
            self._threads = [
                threading.Thread(target=self._work, name=f"worker-{index}", daemon=True)
                for index in range(self._workers)
            ]
            for thread in self._threads:
                thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._closed)
                if self._closed:
                    return
                job = self._jobs.popleft()
            if job.advance():
                job.rest()
                with self._changed:
                    self._jobs.append(job)
                    self._changed.notify()

    async def close(self) -> None:
        """Let the threads finish their slices and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
