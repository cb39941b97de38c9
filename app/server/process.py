"""The server's process: its sockets at the start and at the end, its descriptors, its log."""

import logging
import resource
import socket
import time
from functools import partial
from typing import Any

import uvicorn

from app.server.protocol import GuardedProtocol
from app.server.sockets import Sockets

_log = logging.getLogger("takeback")
_RESERVED_DESCRIPTORS = 256
_ACCEPTED_AT_ONCE, _IN_LINE = 64, 2048
_GRACE_SECONDS = 5
_TICKS_A_SECOND = 10
_REPEATED = 3
_LOGGERS = ("asyncio", "uvicorn.error", "takeback", "takeback.web", "takeback.store")


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


class Seldom(logging.Filter):
    """Of messages that repeat, as a flood of bad requests makes them, a few in ten seconds."""

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a message is logged; the last one of a row says that more are left out."""
        now, key = time.monotonic(), str(record.msg).partition("\n")[0]
        begun, count = self._seen.get(key, (now, 0))
        if now - begun > self._seconds:
            begun, count = now, 0
        if len(self._seen) > 1000:
            self._seen.clear()
        self._seen[key] = begun, count + 1
        if count == _REPEATED - 1:
            more = f" (more of these are left out for {self._seconds:g} s)"
            record.msg, record.args = record.getMessage() + more, ()
        return count < _REPEATED


class GuardedServer(uvicorn.Server):
    """uvicorn's server on Sockets. Of it, it relies on ``startup``, ``servers`` and ``on_tick``."""

    def __init__(self, app: Any, sockets: Sockets, **options: Any) -> None:
        self._sockets = sockets
        config = uvicorn.Config(
            app,
            http=partial(GuardedProtocol, sockets),  # type: ignore[arg-type]
            ws="none", server_header=False, timeout_graceful_shutdown=_GRACE_SECONDS,
            access_log=False,  # addresses of networks are rights
            # asyncio accepts so many before it does anything else, and each takes a descriptor.
            backlog=_ACCEPTED_AT_ONCE,
            # The longest link, as it stands in the request, in HX-Current-URL and in Referer.
            h11_max_incomplete_event_size=64 * 1024, **options,
        )  # fmt: skip
        super().__init__(config)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(Seldom())

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen. More clients can stand in line than are accepted at once."""
        await super().startup(sockets)
        for server in self.servers:
            for listener in server.sockets:
                with socket.socket(fileno=listener.dup().detach()) as same:
                    same.listen(_IN_LINE)

    async def on_tick(self, counter: int) -> bool:
        """Look at the clients once a second."""
        if counter % _TICKS_A_SECOND == 0:
            self._sockets.sweep()
        return await super().on_tick(counter)
