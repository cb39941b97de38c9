"""The command ``serve``: one process, or several that share a store."""

import gc
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.errors import StorageUnavailable
from app.hosting.addresses import address_refused, addresses, host_and_port
from app.hosting.check import (
    directory_refused,
    directory_unwritable,
    store_left_behind,
    workers_refused,
)
from app.hosting.control import is_served, listen
from app.hosting.logs import configure
from app.hosting.metrics import Metrics
from app.server.process import GuardedServer, give_memory_back, sockets_possible
from app.server.sockets import SocketLimits, Sockets
from app.server.spool import Spool
from app.server.workers import Ready, Workers, listeners
from app.settings import Settings, unknown_names
from app.store.database_file import InUse
from app.web.budgets import processes
from app.web.budgets.memory import MemoryBudget
from app.web.http.security import security_headers

_MEMORY_BYTES = 64 * 2**20
"""Memory for large bodies and answers; the largest body takes two thirds of it."""
_ACCEPTED_AT_ONCE = 4
"""Connections that one of several processes takes before it lets the others have some."""
_OWN_DIRECTORY = "Stop that one first, or name a directory of this one's own in TAKEBACK_DATA_DIR"


@dataclass(frozen=True, slots=True)
class Parts:
    """What serves: how its kernel is made ready, its store opened and its application made."""

    prepare: Callable[[Settings], None]
    open_store: Callable[[Settings], Any]
    create_app: Callable[[Settings, Any, Metrics | None], Any]


def serve(settings: Settings, program: Parts) -> None:
    """Serve until interrupted; SystemExit, which says why, if that cannot be."""
    configure(settings.log)
    log = logging.getLogger("takeback")
    for name in unknown_names(os.environ):
        log.warning("%s is no setting, and does nothing; takeback settings lists all", name)
    if not settings.is_shared and (old := store_left_behind(settings)):
        log.warning(old)
    if not settings.is_shared and is_served(settings.data_dir):
        log.warning(
            "another takeback uses %s; waiting some seconds for it to end. %s",
            settings.data_dir.resolve(), _OWN_DIRECTORY,
        )  # fmt: skip
    refusal = workers_refused(settings) or directory_refused(settings)
    refusal = refusal or address_refused(settings)
    if settings.is_shared:  # else the store says so, and a full disk is still read
        refusal = refusal or directory_unwritable(settings)
    if refusal:
        raise SystemExit(f"takeback: {refusal}")
    site, *others = addresses(settings)
    for one in (site, *others):
        if error := one.taken():
            raise SystemExit(f"takeback: {one.refusal(error)}")
    if settings.workers == 1:
        _serve(settings, program)
        return
    try:
        sockets = listeners(site.host, site.port)
    except OSError as error:
        raise SystemExit(f"takeback: {site.refusal(error)}") from None
    host, port = sockets[0].getsockname()[:2]
    log.info("serving with %d processes at %s", settings.workers, host_and_port(host, port))
    work = partial(_work, settings, program)
    if not Workers(settings.workers, work, sockets).run():
        raise SystemExit(3)


def _work(
    settings: Settings,
    program: Parts,
    number: int,
    sockets: Sequence[socket.socket],
    ready: Ready,
) -> None:
    """What one of several processes does."""
    configure(settings.log)
    with suppress(KeyboardInterrupt):
        _serve(settings, program, number, sockets, ready)


def _serve(
    settings: Settings, program: Parts, number: int = 0,
    sockets: Sequence[socket.socket] = (), ready: Ready = lambda: None,
) -> None:  # fmt: skip
    program.prepare(settings)
    try:
        store = program.open_store(settings)
    except StorageUnavailable as error:
        advice = f". {_OWN_DIRECTORY}" if isinstance(error, InUse) else ""
        place, reason = settings.data_dir.resolve(), error.values["reason"]
        raise SystemExit(
            f"takeback: cannot use the data directory {place}: {reason}{advice}"
        ) from None
    app = program.create_app(settings, store, _metrics(settings, store.count, number))
    if not settings.is_shared:
        listen(settings.data_dir, store)
    give_memory_back()
    processes.prepare(settings.data_dir)
    # A thread at work gives way to a request that comes in within 0.1 ms, not 5.
    sys.setswitchinterval(0.0001)
    # What exists by now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    # Often, so that a collection takes milliseconds: everybody waits for it.
    gc.set_threshold(10_000, 5, 20)
    options: dict[str, Any] = {"backlog": _ACCEPTED_AT_ONCE} if sockets else {}
    server = GuardedServer(
        app, _sockets(settings), ready, host=settings.host, port=settings.port,
        forwarded_allow_ips=settings.forwarded_allow_ips, **options,
    )  # fmt: skip
    app.state.runs.is_closing = lambda: server.should_exit
    with suppress(KeyboardInterrupt):
        server.run([*sockets] or None)
    if not server.started:
        raise SystemExit(3)  # what uvicorn.run would end with


def _sockets(settings: Settings) -> Sockets:
    """What sockets may do, by the settings and by what this process may open."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    most = sockets_possible(settings.max_sockets)
    told = {one.strip() for one in settings.forwarded_allow_ips.split(",")}
    per_address = most if "*" in told else min(settings.max_sockets_per_address, most)
    return Sockets(
        SocketLimits(most, per_address, told - {"", "*"}),
        Spool(settings.data_dir, settings.max_spool_mb * 2**20),
        MemoryBudget(_MEMORY_BYTES),
        security_headers(settings.frame_ancestors),
    )


def _metrics(settings: Settings, networks: Callable[[], float], number: int) -> Metrics | None:
    """What is measured, already served, a port a process; None if nothing is to be."""
    if not settings.metrics_port:
        return None
    metrics, port = Metrics(), settings.metrics_port + number
    metrics.gauge("networks", "Networks stored", networks)
    try:
        metrics.serve(settings.metrics_host, port)
    except OSError as error:
        refusal = addresses(settings)[1 + number].refusal(error)
        raise SystemExit(f"takeback: {refusal}") from None
    return metrics
