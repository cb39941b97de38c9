"""How many requests of a kind may come from one address, so that nobody takes what is for all."""

import ipaddress
import math
import time
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from secrets import token_bytes

from limits import parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from app.errors import TooManyRequests


class Quota(Enum):
    """What is counted."""

    NETWORK = "networks"
    RUN = "runs"
    IMPORT = "imports"
    PICTURE = "pictures"


@lru_cache(4096)
def counted_address(host: str) -> str:
    """The address that a client counts by: of IPv6 its /64, of IPv4 in IPv6 the IPv4 address."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return host


class Rates:
    """Counts of requests by kind and client, each with its limits, such as "60/minute; 200/hour".

    The counts lie in a storage of the package limits: in memory, or in one that processes share.
    """

    def __init__(self, storage: Storage, allowed: Mapping[Quota, str]) -> None:
        self._limiter = FixedWindowRateLimiter(storage)
        self._items = {
            kind: tuple(parse_many(text)) if text else () for kind, text in allowed.items()
        }
        self._key = token_bytes(32)

    async def spend(self, kind: Quota, client: str) -> None:
        """Count a request. Raises TooManyRequests if too many came before it."""
        for item in self._items[kind]:
            if self._limiter.hit(item, kind.value, client):
                continue
            seconds = item.get_expiry()
            left = self._limiter.get_window_stats(item, kind.value, client).reset_time - time.time()
            if left > seconds:
                # No window is that long: the clock was set back. Counting begins anew.
                self._limiter.clear(item, kind.value, client)
                continue
            wait = max(math.ceil(left), 1)
            raise TooManyRequests(retry_after=wait, wait=wait, amount=item.amount, seconds=seconds)

    def client(self, host: str) -> str:
        """What stands for an address, or for the network of one of IPv6, until the program ends."""
        host = counted_address(host)
        return blake2b(host.encode(errors="replace"), digest_size=16, key=self._key).hexdigest()


def client_of(request: Request) -> str:
    """Who a request is from: a hash of the address, the one that a trusted proxy tells."""
    rates: Rates = request.app.state.rates
    return rates.client(request.client.host if request.client else "")


async def spend(request: Request, kind: Quota) -> None:
    """Count a request of a kind. Raises TooManyRequests if too many came from the same address."""
    rates: Rates = request.app.state.rates
    await rates.spend(kind, client_of(request))
