"""How many requests of a kind may come from one address, so that nobody takes what is for all."""

import asyncio
import ipaddress
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from inspect import isawaitable
from secrets import token_bytes
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute, aio, parse_many, strategies
from limits.errors import StorageError
from limits.storage import Storage
from starlette.requests import Request

from app.errors import StorageUnavailable, TooManyRequests

T = TypeVar("T")
_SHARED_SECONDS = 1.0
_ONCE = RateLimitItemPerMinute(1)
SITE_BITS = 48
"""The largest network of IPv6 that one customer is usually given."""


class Quota(Enum):
    """What is counted."""

    NETWORK = "networks"
    RUN = "runs"
    IMPORT = "imports"
    PICTURE = "pictures"
    ROOM = "rooms"
    JOIN = "joins"
    SITE_JOIN = "joins of a site"
    EVERY_JOIN = "joins of everybody"
    FIRST_JOIN = "first joins of everybody"
    ANSWER = "answers"
    EVERY_ANSWER = "answers in a room"


@lru_cache(4096)
def counted_address(host: str, bits: int = 64) -> str:
    """The address that a client counts by: of IPv6 its /64, of IPv4 in IPv6 the IPv4 address.

    Of IPv6 one customer has a /64 or many: as many ``bits`` may be told.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address), bits), strict=False))
    return host


class Rates:
    """Counts of requests by kind and client, each with its limits, such as "60/minute; 200/hour".

    The counts lie in a storage of the package limits: in memory, or in one that processes share.
    ``secret`` is the key of what stands for addresses; None for one of this process's own.
    """

    def __init__(
        self, storage: Storage | aio.storage.Storage, allowed: Mapping[Quota, str],
        secret: Callable[[], bytes] | None = None,
    ) -> None:  # fmt: skip
        shared = isinstance(storage, aio.storage.Storage)
        room = aio.strategies if shared else strategies
        self._limiter = room.FixedWindowRateLimiter(storage)
        self._items = {
            kind: tuple(parse_many(text)) if text else () for kind, text in allowed.items()
        }
        own = token_bytes(32)
        self._secret = secret or (lambda: own)

    async def spend(self, kind: Quota, client: str) -> None:
        """Count a request. Raises TooManyRequests if too many came before it.

        StorageUnavailable says that the counts that processes share cannot be reached.
        """
        for item in self._items[kind]:
            if not await _counted(self._limiter.hit(item, kind.value, client)):
                await self._refuse(item, kind, client)

    async def check(self, kind: Quota, client: str, code: str | None = None) -> None:
        """Return if a request may come, which is not counted; raises what ``spend`` raises.

        ``code`` is the error's, where a sentence of its own helps.
        """
        for item in self._items[kind]:
            if not await _counted(self._limiter.test(item, kind.value, client)):
                await self._refuse(item, kind, client, code)

    async def spent(self, kind: Quota, client: str) -> int:
        """How many requests were counted in the first of a kind's windows; 0 if it has none."""
        for item in self._items[kind][:1]:
            stats = await _counted(self._limiter.get_window_stats(item, kind.value, client))
            return int(item.amount - stats.remaining)
        return 0

    async def is_first(self, kind: Quota, client: str, what: str) -> bool:
        """Whether a client asks for ``what`` for the first time in a minute."""
        return await _counted(self._limiter.hit(_ONCE, kind.value, client, what))

    async def _refuse(
        self, item: RateLimitItem, kind: Quota, client: str, code: str | None = None
    ) -> None:
        seconds = item.get_expiry()
        stats = await _counted(self._limiter.get_window_stats(item, kind.value, client))
        left = stats.reset_time - time.time()
        if left > seconds:
            # No window is that long: the clock was set back. Counting begins anew.
            await _counted(self._limiter.clear(item, kind.value, client))
            return
        wait = max(math.ceil(left), 1)
        raise TooManyRequests(
            code, retry_after=wait, wait=wait, amount=item.amount, seconds=seconds
        )

    def client(self, host: str, bits: int = 64) -> str:
        """What stands for an address, or for the network of one of IPv6, while the secret holds."""
        host, key = counted_address(host, bits), self._secret()
        return blake2b(host.encode(errors="replace"), digest_size=16, key=key).hexdigest()


async def _counted(answer: T | Awaitable[T]) -> T:
    """What a storage answers, at once or when it has been asked."""
    if not isawaitable(answer):
        return answer
    try:
        async with asyncio.timeout(_SHARED_SECONDS):
            return await answer
    except (StorageError, OSError) as error:
        raise StorageUnavailable(reason=f"rates cannot be counted: {error}") from error


def rates_of(request: Request) -> Rates:
    """The counts of the application that the request came to."""
    rates: Rates = request.app.state.rates
    return rates


def address_hash(request: Request, bits: int = 64) -> str:
    """Who a request is from: a hash of the address, the one that a trusted proxy tells."""
    return rates_of(request).client(request.client.host if request.client else "", bits)


async def spend(request: Request, kind: Quota) -> None:
    """Count a request of a kind. Raises TooManyRequests if too many came from the same address."""
    await rates_of(request).spend(kind, address_hash(request))
