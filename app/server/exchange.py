"""One request and its answer: what is large waits in a file, and nobody works for who is gone."""

import asyncio
from typing import Protocol

from anyio.lowlevel import checkpoint
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Crowded, MalformedRequest, Stopping, StorageFull, TakebackError
from app.server.sockets import Sockets
from app.server.spool import PIECE, Parcel
from app.web.budgets.memory import HOLD, Hold

SMALL = 64 * 1024
"""Bodies up to this are read as they come."""


class Caller(Protocol):
    """Who asked, at the other end of the connection."""

    @property
    def is_writing(self) -> bool:
        """Whether what was sent last is still on its way."""

    @property
    def has_answer(self) -> bool:
        """Whether an answer was begun."""

    @property
    def is_gone(self) -> bool:
        """Whether nobody is there any more."""

    def cut(self) -> None:
        """End the connection at once."""


class Exchange(Hold):
    """What happens between a request and the end of its answer, around the application."""

    def __init__(self, client: Caller, sockets: Sockets, receive: Receive, send: Send) -> None:
        super().__init__(sockets.memory)
        self._client, self._sockets = client, sockets
        self._receive, self._send = receive, send
        self._task: asyncio.Task[None] | None = None
        self._why: TakebackError | None = None
        self._body: Parcel | None = None
        self._rest: Parcel | bytes = b""
        self._is_read, self._has_more = False, False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Have the request answered, to the end."""
        self._task = asyncio.current_task()
        try:
            if _is_small(scope["headers"]):
                receive = self._receive
            else:
                if _is_ambiguous(scope):
                    await self.tell(MalformedRequest("two_lengths"))
                    return
                self._has_more = True
                receive = self._spooled(scope)
            scope[HOLD] = self
            await app(scope, receive, self.send)
            self._task = None
            self._let_go()
            if self._rest:
                await self._deliver()
        except asyncio.CancelledError:
            # By ``stop``, or by uvicorn, which has waited long enough after it was asked to stop.
            await self._stopped()
        except Exception:
            await self.tell(TakebackError())
            raise
        finally:
            self._task = None
            self._let_go()
            if isinstance(self._rest, Parcel):
                self._sockets.spool.close(self._rest)

    def stop(self, error: TakebackError) -> None:
        """Work no more for this request: its client is gone, too slow, or the server stops."""
        if self._task and not self._why:
            self._why = error
            self._task.cancel()

    async def _stopped(self) -> None:
        task = asyncio.current_task()
        if task:
            task.uncancel()
        await self.tell(self._why or Stopping())

    async def tell(self, error: TakebackError) -> None:
        """Answer with an error; the connection ends where another answer was begun."""
        if self._client.is_gone:
            return
        if self._client.has_answer:
            self._client.cut()
            return
        status, headers, body = self._sockets.answer(error)
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def _let_go(self) -> None:
        self.give()
        if self._body:
            self._sockets.spool.close(self._body)
            self._body = None

    # --- the answer -----------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Send a part of the answer; the application need not wait until its last one is taken.

        An answer to what has not come yet is the last one: the rest is ignored.
        """
        if self._has_more and message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        body = message.get("body", b"")
        if len(body) <= PIECE:
            await self._send(message)
            return
        more, at = message.get("more_body", False), 0
        while at < len(body) and (more or not self._client.is_writing):
            await self._send_piece(body[at : at + PIECE], more or at + PIECE < len(body))
            at += PIECE
        if at < len(body):
            await self._keep(memoryview(body)[at:])

    async def _send_piece(self, piece: bytes, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _keep(self, rest: memoryview) -> None:
        """Lay the rest of the answer aside; its reader may be slow."""
        spool = self._sockets.spool
        self._rest = parcel = spool.open(self._client.cut)
        parcel.is_ours = True
        try:
            await spool.add(parcel, rest)
            parcel.rewind()
        except OSError:  # the disk is full
            spool.close(parcel)
            self._rest = bytes(rest)

    async def _deliver(self) -> None:
        rest = self._rest
        if isinstance(rest, bytes):
            for at in range(0, len(rest), PIECE):
                await self._send_piece(rest[at : at + PIECE], at + PIECE < len(rest))
            return
        rest.is_ours = False
        while not self._client.is_gone and (piece := rest.read()):
            await self._send_piece(piece, rest.moved < rest.size)

    # --- the request ----------------------------------------------------------------------------

    def _spooled(self, scope: Scope) -> Receive:
        """A ``receive`` that has a large body come to its end before it passes it on."""

        async def receive() -> Message:
            if self._is_read:
                return await self._receive()
            if self._body is None:
                self._body = self._sockets.spool.open(lambda: self.stop(Crowded()))
                gone = await self._come(self._body, scope.get(MAX_BODY_SIZE_SCOPE_KEY, SMALL))
                if gone:
                    return gone
            if self._body.moved:
                await checkpoint()  # or others would wait for all pieces of a large body
            piece = self._body.read()
            self._is_read = self._body.moved >= self._body.size
            more = self._has_more or not self._is_read
            return {"type": "http.request", "body": piece, "more_body": more}

        return receive

    async def _come(self, body: Parcel, most: int) -> Message | None:
        """Read all of the body, or a little more than may be; what came instead if nothing did."""
        while self._has_more and body.size <= most:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._has_more = message.get("more_body", False)
            try:
                await self._sockets.spool.add(body, message["body"])
            except OSError:
                raise StorageFull from None
        body.is_ours = True
        if SMALL < body.size <= most:
            await self.take(2 * body.size)  # here, and where it is read
        body.rewind()
        return None


def _is_small(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a request has a body of a known and small length, or none."""
    for name, value in headers:
        if name == b"transfer-encoding" or (name == b"content-length" and int(value) > SMALL):
            return False
    return True


def _is_ambiguous(scope: Scope) -> bool:
    """Whether a proxy might see another end of the body than we: then where the next one begins."""
    names = {name for name, _ in scope["headers"]}
    lengths = names & {b"content-length", b"transfer-encoding"}
    return len(lengths) == 2 or (b"transfer-encoding" in names and scope["http_version"] == "1.0")
