"""Long work beside the event loop: a few threads, and many pieces of work that take turns.

Work comes as a generator that pauses after about ten milliseconds (``app.lab.runs``) and goes to
the end of the line of those who wait, so the ten steps of one person do not wait for the million of
another; and between two slices the event loop answers the requests that have come in meanwhile.
Turns go round by client: whoever asks a hundred times waits a hundred times as long as whoever
asks once. Work ends when its client goes away, and when its time is over.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect

from app.errors import Late
from app.lab.runs import Slices
from app.store.base import PlaceRegister
from app.web.budgets.places import Places
from app.web.budgets.processes import in_a_process
from app.web.budgets.turns import NOBODY, Client, Turns

T = TypeVar("T")
MAX_SECONDS = 30.0
"""How long a request may wait and work. What has a shorter time of its own ends by itself."""
_LOOK_SECONDS = 0.25
_SHORT = 8
"""So many times as many pieces of short work as of long work may wait."""


def whole(call: Callable[[], T]) -> Slices[T]:
    """Work that cannot pause, as a single slice."""
    return call()
    yield  # a generator all the same


class _Work(Generic[T]):
    """Slices that are closed only while no thread is in them.

    Python does not always refuse to close a generator that another thread runs: 3.11 then reads
    what is no stack yet, and the process dies.
    """

    def __init__(self, slices: Slices[T]) -> None:
        self._slices, self._held, self._is_dropped = slices, Lock(), False

    def advance(self) -> tuple[T] | None:
        """Do one slice; the result, if it was the last one."""
        with self._held:
            try:
                next(self._slices)
            except StopIteration as end:
                return (end.value,)
        if self._is_dropped:
            self.drop()
        return None

    def drop(self) -> None:
        """Close what is left: now, or when the slice that is under way is done."""
        self._is_dropped = True
        if self._held.acquire(blocking=False):
            try:
                self._slices.close()
            finally:
                self._held.release()


class Pool:
    """``workers`` threads that do slices of work in fair turns.

    There may be so many pieces of long work at once as there are ``places``, through all processes
    if they have a ``register``; a streamed run is one from its beginning to its end. ``pictures``
    says whose picture is drawn, ``imports`` whose file or large table is read: one at a time.
    """

    def __init__(self, workers: int, places: int, register: PlaceRegister | None = None) -> None:
        self.places, self.short = Places(places, register), Places(_SHORT * places)
        self.pictures, self.imports = Turns(1), Turns(1)
        self._turns = Turns(workers)
        # One that was left alone still ends its slice while the next begins to wait.
        self._threads = CapacityLimiter(workers)
        self._changes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def change_of(self, network: str) -> asyncio.Lock:
        """What a request of this process holds while it changes a network.

        Of many at once each then writes at its first try; between processes the version decides.
        """
        return self._changes.setdefault(network, asyncio.Lock())

    async def do(self, slices: Slices[T], client: Client = NOBODY) -> T:
        """Have ``slices`` done, in turns with all other work, and wait for the result.

        Cancelling the wait drops the rest. The caller keeps a place.
        """
        work = _Work(slices)
        try:
            while (result := await self._slice(work.advance, client)) is None:
                pass
            return result[0]
        finally:
            work.drop()

    async def _slice(self, advance: Callable[[], T], client: Client) -> T:
        """One turn. It is over when the thread is done, even if nobody waits for it any more."""
        await self._turns.take(client)
        work = asyncio.ensure_future(run_sync(advance, limiter=self._threads))
        work.add_done_callback(self._done)
        return await asyncio.shield(work)

    def _done(self, work: "asyncio.Task[Any]") -> None:
        self._turns.give()
        if not work.cancelled():
            work.exception()  # looked at, should nobody else do


class PoolShare:
    """The pool as one request sees it: work for its client, as long as that is there.

    ``is_gone`` says whether the client has gone away; None where somebody else looks.
    """

    def __init__(
        self, pool: Pool, client: Client, is_gone: Callable[[], Awaitable[bool]] | None = None
    ) -> None:
        self.pool, self.client, self._is_gone = pool, client, is_gone

    def change_of(self, network: str) -> asyncio.Lock:
        """See ``Pool.change_of``."""
        return self.pool.change_of(network)

    @property
    def pictures(self) -> Turns:
        """Whose picture is drawn."""
        return self.pool.pictures

    @property
    def imports(self) -> Turns:
        """Whose file or large table is read."""
        return self.pool.imports

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Keep a place for a while."""
        await self.take()
        try:
            yield
        finally:
            self.give()

    async def take(self) -> None:
        """Keep a place; see ``Places.take``."""
        await self.pool.places.take(self.client)

    def give(self) -> None:
        """Give it back."""
        self.pool.places.give(self.client)

    async def turns(self, slices: Slices[T]) -> T:
        """As ``Pool.do``, for what has a place already and is ended by somebody else."""
        return await self.pool.do(slices, self.client)

    async def do(self, slices: Slices[T], fits: str = "") -> T:
        """Long work: it has a place. ``fits`` is the key of what would fit into its time."""
        async with self.place():
            return await self.awaited(self.turns(slices), fits)

    async def made(self, make: Callable[..., T], *arguments: object, fits: str = "") -> T:
        """What ``make`` returns: short work, though too long for the event loop."""
        await self.pool.short.take(self.client)
        try:
            work = self.turns(whole(partial(make, *arguments)))
            return await self.awaited(work, fits)
        finally:
            self.pool.short.give(self.client)

    async def apart(self, make: Callable[..., T], *arguments: object, fits: str = "") -> T:
        """What ``make`` returns in a process beside the server's, one at a time; it has a place."""
        return await self.alone(self.imports, partial(in_a_process, make, *arguments), fits)

    async def alone(self, turns: Turns, work: Callable[[], Awaitable[T]], fits: str) -> T:
        """What is done one at a time, as ``turns`` have it; it has a place."""

        async def in_turn() -> T:
            async with turns.of(self.client):
                return await work()

        async with self.place():
            return await self.awaited(in_turn(), fits)

    async def awaited(self, work: Awaitable[T], fits: str) -> T:
        """What ``work`` gives. Raises Late after its time, ClientDisconnect if nobody waits."""
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        end = loop.time() + MAX_SECONDS
        try:
            while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
                if loop.time() > end:
                    raise Late(f"late_{fits}" if fits else None, limit=int(MAX_SECONDS))
                if self._is_gone and await self._is_gone():
                    raise ClientDisconnect
            return task.result()
        finally:
            task.cancel()
