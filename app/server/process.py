"""The server's process: its sockets at the start and at the end, its descriptors, its log."""

import asyncio
import ctypes
import gc
import logging
import platform
import resource
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn

from app.server.protocol import GuardedProtocol
from app.server.sockets import Sockets

_log = logging.getLogger("takeback")
_RESERVED_DESCRIPTORS = 256
_ACCEPTED_AT_ONCE, _IN_LINE = 16, 2048
_GRACE_SECONDS = 5
_TICKS_A_SECOND, _TICKS_BETWEEN_TRIMS = 10, 100
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of malloc.h


def sockets_possible(wanted: int) -> int:
    """How many sockets there may be: as many as wanted, unless there are too few descriptors.

    The process takes as many descriptors as it is allowed; a warning says if they are too few.
    """
    needed = wanted + _RESERVED_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    possible = max(soft - _RESERVED_DESCRIPTORS, soft // 4)
    _log.warning(
        "this process may open %d files, so it takes %d sockets at once, not %d; "
        "raise the limit (ulimit -n, LimitNOFILE=) to %d",
        soft, possible, wanted, needed,
    )  # fmt: skip
    return possible


def give_memory_back() -> None:
    """Have the C library return what large bodies and answers took, not keep it for the next ones.

    Left to itself, glibc raises both limits to the largest block it ever freed.
    """
    if platform.libc_ver()[0] == "glibc":
        for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            ctypes.CDLL(None).mallopt(option, 128 * 1024)


def give_free_memory_back() -> None:
    """Return what a burst of requests took: what refers to itself alone, and what lies between.

    A server that has nothing to do would collect the one, and give back the other, at no time.
    """
    gc.collect()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


class GuardedServer(uvicorn.Server):
    """uvicorn's server on Sockets. Of it, it relies on ``startup``, ``servers`` and ``on_tick``."""

    def __init__(
        self, app: Any, sockets: Sockets, ready: Callable[[], None] = lambda: None, **options: Any
    ) -> None:
        self._sockets, self._ready = sockets, ready
        # asyncio accepts so many before it does anything else, and each takes a descriptor.
        options.setdefault("backlog", _ACCEPTED_AT_ONCE)
        config = uvicorn.Config(
            app,
            http=partial(GuardedProtocol, sockets),  # type: ignore[arg-type]
            ws="none", server_header=False, timeout_graceful_shutdown=_GRACE_SECONDS,
            access_log=False,  # addresses of networks are rights
            log_config=None,  # as all the rest is logged
            # The longest link, as it stands in the request, in HX-Current-URL and in Referer.
            h11_max_incomplete_event_size=64 * 1024, **options,
        )  # fmt: skip
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen. More clients can stand in line than are accepted at once."""
        await super().startup(sockets)
        for server in self.servers:
            for listener in server.sockets:
                with socket.socket(fileno=listener.dup().detach()) as same:
                    same.listen(_IN_LINE)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Look at the clients once a second, and now and then at the memory."""
        if counter % _TICKS_A_SECOND == 0:
            self._sockets.sweep()
        if counter % _TICKS_BETWEEN_TRIMS == 0:
            # Beside the loop: it takes some milliseconds.
            asyncio.get_running_loop().run_in_executor(None, give_free_memory_back)
        return await super().on_tick(counter)
