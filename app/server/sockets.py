"""All sockets: how many there may be, and how long each may keep the server waiting."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_network
from typing import Protocol

import orjson

from app.errors import Crowded, MalformedRequest, TakebackError, Unfinished
from app.server.flow import Readers
from app.server.spool import Spool
from app.web.budgets.memory import MemoryBudget
from app.web.http.problems import error_headers, problem

_AT_LEAST_SECONDS = _AGAIN_SECONDS = 0.25
_BETWEEN_REQUESTS_SECONDS = 3.0  # somebody who clicks is not idle
_SHARE_DROPPED = 20
_BETWEEN_IGNORED_SECONDS = 0.008
"""About 30 MB a second of all that is ignored."""


class Wait(Enum):
    """What a client is waited for; the value says for how many seconds, where nothing else does."""

    HEAD = 20.0  # the rest of an address and its headers; none of them yet
    NEXT = 15.0  # another request, after one that was answered
    BODY = 30.0  # the next 64 KiB of a body, or its end
    REST = 10.0  # the end of a body that was answered already
    READER = 60.0  # that it reads on


class Socket(Protocol):
    """What is asked of a connection: its client's address, and what it is waited for."""

    address: str

    def kept_waiting(self, now: float) -> tuple[Wait | None, float]:
        """What the client is waited for, if for anything, and for how long already."""

    def drop(self, error: TakebackError) -> None:
        """End it; a client whose request was not answered is told why, if it can be."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """So many sockets in all and from an address, unless a proxy is there; and their patience.

    ``trusted`` are the proxies' addresses and networks.
    """

    sockets: int
    per_address: int
    trusted: Collection[str] = ()
    seconds: Mapping[Wait, float] = field(default_factory=lambda: {w: w.value for w in Wait})


class Sockets:
    """A server's sockets, and what they share: ``spool``, ``memory``, ``readers``, ``headers``.

    ``ignored`` are the connections whose bodies nobody wants: they come slowly.
    """

    def __init__(
        self, limits: SocketLimits, spool: Spool, memory: MemoryBudget, headers: Mapping[str, str]
    ) -> None:
        self.spool, self.memory, self.readers = spool, memory, Readers()
        self.ignored = Readers(_BETWEEN_IGNORED_SECONDS)
        self._limits, self._headers = limits, headers
        self._proxies = [ip_network(one) for one in limits.trusted]
        self._all: dict[str, set[Socket]] = {}
        self._count = 0
        self._full_until = 0.0

    def enter(self, one: Socket) -> bool:
        """Count a new socket, if there is room; others make it that have waited for clients.

        First go those that wait longest; after them those that have not asked again for a while.
        """
        limits, beside = self._limits, self._all.get(one.address, ())
        if self._count >= limits.sockets:
            crowd: Iterable[Socket] = (each for group in self._all.values() for each in group)
        elif len(beside) >= limits.per_address and not self._is_proxy(one.address):
            crowd = beside
        else:
            crowd = ()
        if crowd and not self._make_room([*crowd]):
            return False
        self._all.setdefault(one.address, set()).add(one)
        self._count += 1
        return True

    def _is_proxy(self, address: str) -> bool:
        """Whether a proxy may be at an address that sockets are counted at."""
        try:
            here = ip_network(address)
        except ValueError:  # of a Unix socket
            return False
        return any(here.version == one.version and here.overlaps(one) for one in self._proxies)

    def _make_room(self, crowd: Collection[Socket]) -> bool:
        now = time.monotonic()
        if now < self._full_until:
            return False
        waited = [(*one.kept_waiting(now), one) for one in crowd]
        idle = [each for each in waited if each[1] >= _patience(each[0])]
        idle.sort(key=lambda each: (each[0] is Wait.NEXT, -each[1]))
        # Several at once, or a flood would have all of them looked through for each.
        for _, _, one in idle[: 1 + len(crowd) // _SHARE_DROPPED]:
            self.leave(one)
            one.drop(Crowded())
        if not idle:
            self._full_until = now + _AGAIN_SECONDS
        return bool(idle)

    def leave(self, one: Socket) -> None:
        """Count a socket no more, if it is counted."""
        group = self._all.get(one.address, set())
        if one in group:
            group.remove(one)
            self._count -= 1
            if not group:
                del self._all[one.address]

    def sweep(self) -> None:
        """Drop the sockets whose clients were waited for too long."""
        now = time.monotonic()
        for one in [each for group in self._all.values() for each in group]:
            wait, seconds = one.kept_waiting(now)
            if wait and seconds > self._limits.seconds[wait]:
                one.drop(Unfinished())

    def answer(self, error: TakebackError) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Status, headers and body of what the server answers itself, as a program reads it."""
        body = orjson.dumps(problem([error]))
        told = {
            "content-type": "application/problem+json", "content-length": str(len(body)),
            "cache-control": "no-store", **error_headers(error), **self._headers,
        }  # fmt: skip
        if isinstance(error, MalformedRequest):  # where the next request begins is not known
            told["connection"] = "close"
        return error.status, [(k.encode(), v.encode()) for k, v in told.items()], body


def _patience(wait: Wait | None) -> float:
    """How long a client is waited for at least, however many want its place."""
    return _BETWEEN_REQUESTS_SECONDS if wait is Wait.NEXT else _AT_LEAST_SECONDS


def group_of(client: tuple[str, int] | None) -> str:
    """The address that a client's sockets are counted at; of IPv6, where one has many, the net."""
    host = client[0] if client else ""
    return str(ip_network((host.partition("%")[0], 64), strict=False)) if ":" in host else host
