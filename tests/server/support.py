"""A GuardedServer in a thread, around a few small applications, and clients that misbehave."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.process import GuardedServer
from app.server.sockets import SocketLimits, Sockets, Wait
from app.server.spool import Spool
from app.web.budgets.memory import MemoryBudget
from app.web.http.security import security_headers
from tests.support import free_port

HEAD = b"Host: x\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Running:
    """A server under way; ``log`` is what its application noted."""

    def __init__(self, server: GuardedServer, port: int, log: list[Any]) -> None:
        self.server, self.port, self.log = server, port, log

    def connect(self, sent: bytes = b"", seconds: float = 20.0, buffer: int = 0) -> socket.socket:
        """A client that has sent something; it takes so many bytes that nobody reads."""
        one = socket.socket()
        if buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        one.settimeout(seconds)
        one.connect(("127.0.0.1", self.port))
        one.sendall(sent)
        return one

    def ask(self, sent: bytes) -> bytes:
        """All that comes until the server closes."""
        with self.connect(sent) as one:
            return read_all(one)


def read_all(one: socket.socket) -> bytes:
    found = b""
    while data := one.recv(1 << 18):
        found += data
    return found


def status_of(answer: bytes) -> int:
    match = re.match(rb"HTTP/1.1 (\d+)", answer)
    return int(match[1]) if match else 0


def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


@contextmanager
def serving(
    app: ASGIApp, directory: Path, log: list[Any], *, sockets: int = 100, per_address: int = 100,
    seconds: Mapping[Wait, float] | None = None, spool: int = 2**26,
    memory: MemoryBudget | None = None,
) -> Iterator[Running]:  # fmt: skip
    limits = SocketLimits(
        sockets, per_address, seconds={w: w.value for w in Wait} | dict(seconds or {})
    )
    headers = security_headers("'self'")
    port = free_port()
    shared = Sockets(limits, Spool(directory, spool), memory or MemoryBudget(2**26), headers)
    server = GuardedServer(app, shared, port=port, lifespan="off")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        yield Running(server, port, log)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
        for parcel in [*shared.spool._parcels]:  # of clients that it did not wait for
            shared.spool.close(parcel)


def application(log: list[Any]) -> ASGIApp:
    """At /sleep it works for long, at /large it sends 12 MB, at /stream without an end.

    At /early it does not wait for the body, and at /broken it makes a mistake.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        scope[MAX_BODY_SIZE_SCOPE_KEY] = 2**25
        while more and scope["path"] != "/early":
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        log.append((scope["path"], size))
        try:
            await answer(scope["path"], send)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    async def answer(path: str, send: Send) -> None:
        if path == "/sleep":
            await asyncio.sleep(60)
        if path == "/broken":
            raise RuntimeError("broken")
        headers = []
        body = b"x" * (12_000_000 if path == "/large" else 2)
        if path != "/stream":
            headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while path == "/stream":
            await send({"type": "http.response.body", "body": b"x" * 10_000, "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": body})
        log.append("answered")

    return app
