"""Places for work: so many at once, of which a client has a share, through all processes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from math import ceil

from app.errors import Busy, StorageUnavailable
from app.store.base import PlaceRegister
from app.web.budgets.turns import NOBODY, Client

_OF_AN_ADDRESS, _OF_A_NETWORK = 3 / 4, 1 / 4
"""The shares of all places that one address, and one network of it, may have at once."""
_TOLD_SECONDS, _MOST_SECONDS = 5.0, 2.0


class Places:
    """``most`` places, of which a client has a share at once.

    ``register`` counts them where processes share a store: there are so many through all of them
    together. None where there is one process, or each has its own.
    """

    def __init__(self, most: int, register: PlaceRegister | None = None) -> None:
        self.most, self._register = most, register
        self._taken = Counter[Client]()
        self._telling, self._given = asyncio.Lock(), asyncio.Event()

    @property
    def taken(self) -> int:
        """How many are taken through this process."""
        return self._taken[NOBODY]

    async def take(self, client: Client = NOBODY) -> None:
        """Keep a place until it is given back. Raises Busy if all, or the client's, are taken.

        StorageUnavailable says that the places of all processes cannot be counted.
        """
        # Of equal keys the last one counts: who has no network, or no address, is bounded less.
        shares = {client: _OF_A_NETWORK, Client(client.address): _OF_AN_ADDRESS, NOBODY: 1.0}
        wanted = {key: ceil(share * self.most) for key, share in shares.items()}
        for key, most in wanted.items():
            if self._taken[key] >= most:
                raise Busy(limit=most)
        if self._register is None:
            self._taken.update(wanted.keys())
            return
        # What is told is all that this process holds, so a call that failed, or that nobody waited
        # for, is put right by the next one; they come one after the other.
        try:
            async with asyncio.timeout(_MOST_SECONDS), self._telling:
                if full := await self._register.hold(_named(self._taken), _named(wanted)):
                    raise Busy(limit=full)
                self._taken.update(wanted.keys())
        except TimeoutError as error:
            raise StorageUnavailable(reason="places cannot be counted") from error

    def give(self, client: Client = NOBODY) -> None:
        """Give a place back."""
        self._taken.subtract({client, Client(client.address), NOBODY})
        self._taken = +self._taken  # those at 0 go
        self._given.set()

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[None]:
        """Tell the other processes of what is given back, for as long as it lasts."""
        if self._register is None:
            yield
            return
        task = asyncio.create_task(self._tell(self._register))
        try:
            yield
        finally:
            task.cancel()
            with suppress(StorageUnavailable):
                await self._register.hold({}, {})

    async def _tell(self, register: PlaceRegister) -> None:
        """Tell what is held: at once when something was given back, and as long as it is held."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_TOLD_SECONDS):
                    await self._given.wait()
            self._given.clear()
            with suppress(StorageUnavailable):
                async with self._telling:
                    await register.hold(_named(self._taken), {})


def _named(counts: Mapping[Client, int]) -> dict[str, int]:
    """Counts by the names that a register knows clients by."""
    return {" ".join(client): count for client, count in counts.items()}
