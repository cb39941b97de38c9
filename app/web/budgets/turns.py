"""Whose turn it is: by address first, then by the networks of an address."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple


class Client(NamedTuple):
    """Who asks: an address, and of a class behind one address the network that is worked on."""

    address: str = ""
    network: str = ""


NOBODY = Client()
_Waiting = deque["asyncio.Future[None]"]


class Turns:
    """At most so many ``at_once``; of those who wait, each address in turn has one begin."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: dict[str, dict[str, _Waiting]] = {}

    @property
    def are_wanted(self) -> bool:
        """Whether somebody waits for one."""
        return bool(self._waiting)

    async def take(self, client: Client) -> None:
        """Wait for a turn; whoever has it gives it back."""
        if self._free and not self._waiting:
            self._free -= 1
            return
        mine = asyncio.get_running_loop().create_future()
        networks = self._waiting.setdefault(client.address, {})
        networks.setdefault(client.network, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self.give()  # it came too late
            raise

    def give(self) -> None:
        """End a turn: the next one begins."""
        while self._waiting:
            turn = self._next()
            if not turn.done():  # else nobody waits for it any more
                turn.set_result(None)
                return
        self._free += 1

    @asynccontextmanager
    async def of(self, client: Client) -> AsyncIterator[None]:
        """A turn from its beginning to its end."""
        await self.take(client)
        try:
            yield
        finally:
            self.give()

    def _next(self) -> "asyncio.Future[None]":
        """Who is next; its network goes to the end of its address's line, that to the end of all.

        Dictionaries keep the order in which keys came in.
        """
        address = next(iter(self._waiting))
        networks = self._waiting.pop(address)
        network = next(iter(networks))
        line = networks.pop(network)
        turn = line.popleft()
        if line:
            networks[network] = line
        if networks:
            self._waiting[address] = networks
        return turn
