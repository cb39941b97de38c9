"""A Valkey or Redis server: its connections, how long each call may take, and what went wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from valkey.asyncio import BlockingConnectionPool, Valkey
from valkey.exceptions import ResponseError, ValkeyError

from app.errors import StorageFull, StorageUnavailable
from app.store.error_log import ErrorLog

SECONDS = 1.0
"""How long a call may take, the wait for a connection included: a server that hangs is down."""
PREFIX = "takeback:"
"""What the names of all keys begin with."""
WOKEN = f"{PREFIX}woken"
"""The channel that tells which networks with a room have changed."""
_IN_TIME = 0.9
"""The share of that in which an act begins, or is not done at all: a server that hung would do it
when it goes on, long after its caller was told that nothing was changed."""
_MOST_CONNECTIONS = 64
_FULL = ("OOM", "MISCONF")
_SCRIPT = Path(__file__).with_name("valkey.lua")


class ValkeyServer:
    """The server at ``url``, spoken to when there is something to say.

    Every act of the store is a call of one Lua script, ``valkey.lua``, and nothing comes between.
    ``clock`` stands in for the server's in tests.
    """

    def __init__(self, url: str, clock: Callable[[], float] | None = None) -> None:
        # A timeout around the whole call costs less than valkey-py's around each of its parts,
        # and a call that is cut off closes its connection.
        self.pool = BlockingConnectionPool.from_url(
            url, max_connections=_MOST_CONNECTIONS, timeout=None, socket_timeout=None,
            decode_responses=False,
        )  # fmt: skip
        self.client = Valkey(connection_pool=self.pool)
        self._script = self.client.register_script(_SCRIPT.read_bytes())
        self._clock = clock
        self._ahead: float | None = None
        self.log = ErrorLog()

    async def call(self, act: str, *arguments: Any) -> Any:
        """What an act of the script answers. Raises StorageUnavailable and StorageFull."""
        clock = "" if self._clock is None else repr(self._clock())
        words = [act, clock, *arguments]
        async with self.reached():
            if self._ahead is None:
                await self._measure()
            answer = await self._script([PREFIX, self._deadline()], words)
            if answer == [b"late"]:  # though it is here in time: one of the clocks was set
                await self._measure()
                answer = await self._script([PREFIX, self._deadline()], words)
            if answer == [b"late"]:
                raise TimeoutError
            return answer

    async def measure(self) -> None:
        """See by how much the server's clock is ahead; done now and then."""
        async with self.reached():
            await self._measure()

    async def _measure(self) -> None:
        seconds, microseconds = await self.client.time()
        self._ahead = seconds + microseconds / 1e6 - time.monotonic()

    def _deadline(self) -> str:
        """Until when an act may begin, by the server's clock."""
        return repr(time.monotonic() + (self._ahead or 0.0) + _IN_TIME * SECONDS)

    @asynccontextmanager
    async def reached(self) -> AsyncIterator[None]:
        """Bounds the time of what is asked of the server, and tells its errors as ours."""
        try:
            async with asyncio.timeout(SECONDS):
                yield
        except TimeoutError as error:
            raise self._unavailable(f"no answer within {SECONDS:g} s") from error
        except ResponseError as error:
            if str(error).startswith(_FULL):
                self.log.tell(
                    "the store's server has no room: nothing can be written", "store_full"
                )
                raise StorageFull from error
            raise self._unavailable(str(error)) from error
        except (ValkeyError, OSError) as error:
            raise self._unavailable(str(error)) from error

    async def heard(self, channel: str) -> AsyncIterator[str]:
        """What is told on a channel from now on. Raises StorageUnavailable once that ends."""
        listening = self.client.pubsub(ignore_subscribe_messages=True)
        try:
            async with self.reached():
                await listening.subscribe(channel)
            async for message in listening.listen():
                yield _text(message["data"])
        except (ValkeyError, OSError) as error:
            raise self._unavailable(str(error)) from error
        finally:
            await listening.aclose()  # type: ignore[no-untyped-call]

    def _unavailable(self, reason: str) -> StorageUnavailable:
        self.log.tell(f"the store's server: {reason}", "store_failed")
        return StorageUnavailable(reason=reason)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.aclose()
        await self.pool.disconnect()


class ServerState(NamedTuple):
    """What there is on a server, how long it takes to answer, and what it tells of itself.

    ``told`` is its answer to INFO, empty where that may not be asked for.
    """

    networks: int
    processes: int
    seconds: float
    told: dict[str, Any]


async def look(server: ValkeyServer, serving_seconds: float = 30.0) -> ServerState:
    """How a server is, which is closed then.

    Raises StorageUnavailable, and StorageFull if nothing can be written.
    """
    try:
        networks, _, serving = await server.call("look", serving_seconds)
        told: dict[str, Any] = {}
        begun = time.perf_counter()
        await server.measure()
        seconds = time.perf_counter() - begun
        with suppress(StorageUnavailable):
            async with server.reached():
                told = await server.client.info()
        return ServerState(networks, serving, seconds, told)
    finally:
        await server.close()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
