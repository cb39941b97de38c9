"""Several processes that serve at the same address: begun, replaced when one dies, and ended."""

import errno
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread

_log = logging.getLogger("takeback")
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 8.0
"""How long a worker may take to end by itself: a server's own limit is 6."""
_IN_LINE, _LAST_PORT = 2048, 65535

Ready = Callable[[], None]
Work = Callable[[int, Sequence[socket.socket], Ready], None]


def listeners(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at all addresses of a host. Raises OSError."""
    made = bound(host, port)
    for one in made:
        one.listen(_IN_LINE)
    return made


def bound(host: str, port: int) -> list[socket.socket]:
    """Sockets at all addresses of a host that this machine has.

    Raises OSError, also for what can be no name of a host: with none of them, or with one that
    others listen at.
    """
    if port > _LAST_PORT:
        raise OSError(errno.EINVAL, f"ports go up to {_LAST_PORT}")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except UnicodeError as error:
        raise OSError(errno.EINVAL, "no host can have such a name") from error
    made: list[socket.socket] = []
    lacking: OSError | None = None
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            one = socket.socket(family, kind, protocol)
        except OSError as error:  # a kernel without IPv6
            lacking = error
            continue
        made.append(one)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets have it from here: asyncio sets it on those alone that it makes itself.
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        same = made[0].getsockname()[1] if len(made) > 1 else 0
        try:
            one.bind(address if port or not same else (address[0], same))
        except OSError as error:
            made.pop().close()
            if error.errno != errno.EADDRNOTAVAIL:
                _close(made)
                raise
            lacking = error
    if not made and lacking:
        raise lacking
    return made


def _close(sockets: Sequence[socket.socket]) -> None:
    for one in sockets:
        one.close()


class Workers:
    """``count`` processes, each of which does ``work`` with the same listening sockets.

    Work is told the number of its process, the sockets, and what to call when it serves. The first
    process begins alone, so that what is prepared once is prepared once.
    """

    def __init__(self, count: int, work: Work, sockets: Sequence[socket.socket]) -> None:
        self._count, self._work, self._sockets = count, work, tuple(sockets)
        self._context = multiprocessing.get_context("spawn")
        self._processes: dict[int, SpawnProcess] = {}
        self._is_ending = False

    def run(self) -> bool:
        """Serve until a signal comes; False if a process could not begin to serve."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)
        try:
            for number in range(self._count):
                if not self._begin(number, alone=number == 0):
                    return self._is_ending
            while not self._is_ending:
                wait([one.sentinel for one in self._processes.values()], _LOOK_SECONDS)
                for number in [n for n, one in self._processes.items() if not one.is_alive()]:
                    if self._is_ending:
                        break
                    code = self._processes[number].exitcode
                    _log.error("process %d of %d ended with %s", number + 1, self._count, code)
                    self._begin(number)
            return True
        finally:
            self._stop()

    def _end(self, *_: object) -> None:
        self._is_ending = True

    def _begin(self, number: int, *, alone: bool = False) -> bool:
        """Begin a process; ``alone``: wait until it serves, and say whether it does."""
        told, tell = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_begun, args=(self._work, number, self._sockets, tell), name=f"worker-{number}"
        )
        process.start()
        self._processes[number] = process
        tell.close()  # the process has its own end
        serves = True
        if alone:
            while not (told.poll(_LOOK_SECONDS) or self._is_ending):
                pass
            try:
                serves = not self._is_ending and bool(told.recv())
            except EOFError:  # it has ended
                serves = False
        told.close()
        return serves

    def _stop(self) -> None:
        end = time.monotonic() + _STOP_SECONDS
        for one in self._processes.values():
            one.terminate()
        for one in self._processes.values():
            one.join(max(end - time.monotonic(), 0))
            if one.is_alive():
                one.kill()
                one.join()


def _begun(work: Work, number: int, sockets: Sequence[socket.socket], tell: Connection) -> None:
    """What a process does."""
    Thread(target=_follow_parent, name="parent", daemon=True).start()

    def ready() -> None:
        with suppress(OSError):  # nobody waits for it
            tell.send(True)
        tell.close()

    work(number, sockets, ready)


def _follow_parent() -> None:
    """End as if told to when the process that began this one is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _log.error("the process that began this one is gone")
        os.kill(os.getpid(), signal.SIGTERM)
