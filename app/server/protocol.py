"""uvicorn's HTTP/1.1 with an eye on the client: what it sends, what it reads, and when it goes."""

import socket
import sys
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from app.errors import Crowded, HeadTooLarge, MalformedRequest, Stopping, TakebackError
from app.server.exchange import Exchange
from app.server.flow import LARGE_READ, Flow
from app.server.peer import has_hung_up, on_its_way
from app.server.sockets import Sockets, Wait, group_of

_PROGRESS, _READ_PROGRESS = 64 * 1024, 16 * 1024
_TO_STOP_SECONDS = 1.0
_KERNEL_BYTES = 128 * 1024
_READ_AT_ONCE = 64 * 1024
"""Of asyncio's own 256 KiB, the C library would map and unmap the memory at each read."""
_TO_READ_SECONDS = 1.0
_LINES_AT_ONCE = 128
_MOST_HEADERS = 256
"""A browser sends about 20."""


class GuardedProtocol(H11Protocol):
    """A connection that Sockets counts and watches, each request of it an Exchange.

    Of uvicorn it relies on these: ``app`` is called once for each request, in a task of its own;
    ``send_400_response`` is called where h11 raises an error, while that is being handled;
    ``connection_made``, ``connection_lost``, ``data_received``, ``resume_writing`` and ``shutdown``
    are called as their names say; ``headers``, ``client``, ``transport`` and ``conn`` are what they
    are there, and so are ``cycle`` with ``response_started``, ``response_complete``,
    ``disconnected``, ``message_event`` and ``transport``, and ``flow`` with what ``Flow`` says and
    ``write_paused``.
    """

    flow: Flow

    def __init__(self, sockets: Sockets, **named: Any) -> None:
        super().__init__(**named)
        self._sockets, self._inner = sockets, self.app
        self.app = self._serve
        self.address = ""
        self._raw: socket.socket | None = None
        self._is_ended = False
        self._exchange: Exchange | None = None
        self._begun = self._received = self._resumed = 0
        self._mark: tuple[Wait | None, int] = (Wait.HEAD, 0)
        self._since = 0.0

    # --- a request ------------------------------------------------------------------------------

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._begun += 1
        whole = self.transport
        self.cycle.transport = SimpleNamespace(  # type: ignore[assignment]
            write=whole.write, is_closing=whole.is_closing, close=self._leave
        )
        if not scope["path"].startswith("/"):
            take_authority(scope)
        self._exchange = exchange = Exchange(self, self._sockets, receive, send)
        if scope["http_version"] not in ("1.0", "1.1"):
            await exchange.tell(MalformedRequest("bad_http"))
        elif len(scope["headers"]) > _MOST_HEADERS:
            await exchange.tell(too_many_headers())
        else:
            await exchange.run(self._inner, scope)

    @property
    def is_writing(self) -> bool:
        """Whether what was sent last is still on its way."""
        return self.flow.write_paused

    @property
    def has_answer(self) -> bool:
        """Whether the present request's answer was begun."""
        return self.cycle.response_started

    @property
    def is_gone(self) -> bool:
        """Whether nobody is there any more."""
        return self.cycle.disconnected or self.transport.is_closing()

    def cut(self) -> None:
        """End the connection, whatever is still on its way."""
        if self._begun:
            self.cycle.disconnected = True  # uvicorn would call an answer without an end an error
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, with our headers; uvicorn's own words stay in its log."""
        del msg
        status = getattr(sys.exc_info()[1], "error_status_hint", 400)
        most = self.config.h11_max_incomplete_event_size
        self._end(HeadTooLarge(limit=most) if status == 431 else MalformedRequest("bad_http"))

    def _end(self, error: TakebackError) -> None:
        """Answer what is refused before it is a request, and close."""
        self._refuse(error)
        self._ignore_rest()
        self.loop.call_later(_TO_READ_SECONDS, self.transport.close)

    def _leave(self) -> None:
        """Close after an answer: at once, or later where the client still sends."""
        if self.conn.their_state is h11.SEND_BODY:
            self._ignore_rest()  # until uvicorn closes what nobody uses, or it is waited no more
        else:
            self.transport.close()

    def _ignore_rest(self) -> None:
        """Take what a client still sends, and look at none of it.

        Would it be closed on, it would lose what it was told.
        """
        self._is_ended = True
        self.flow.wait_with(self._sockets.ignored)
        self.flow.resume_reading()

    def _refuse(self, error: TakebackError) -> None:
        """Answer without the application, if that can be done yet."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            status, headers, body = self._sockets.answer(error)
            reason = HTTPStatus(status).phrase.encode()
            head = h11.Response(status_code=status, headers=headers, reason=reason)
            self.transport.write(self.conn.send(head))
            self.transport.write(self.conn.send(h11.Data(data=body)))
            self.transport.write(self.conn.send(h11.EndOfMessage()))
            cycle: RequestResponseCycle | None = self.cycle
            if cycle:  # the application's answer, should it come, is none any more
                cycle.disconnected = True
                cycle.message_event.set()

    # --- the connection -------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Let a client in, or refuse it."""
        super().connection_made(transport)
        self.flow = Flow(transport, self._sockets.readers)
        transport.max_size = _READ_AT_ONCE
        self._raw = transport.get_extra_info("socket")
        if self._raw and self._raw.family != socket.AF_UNIX:
            # Else the kernel takes megabytes for a client that does not read, and nobody sees it.
            self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)
        self.address, self._since = group_of(self.client), self.loop.time()
        if not self._sockets.enter(self):
            self._refuse(Crowded())
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the work for a client that is gone."""
        self._sockets.leave(self)
        if self._exchange:
            self._exchange.stop(Stopping())
            self._exchange = None
        super().connection_lost(exc)
        self.app = self._inner  # or it would hold itself, and its buffers, until they are collected

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._received += len(data)
        if self._is_ended:
            self.flow.pause_reading()
            self.flow.resume_reading()
            return
        piece, rest = self._first_lines(data)
        super().data_received(piece)
        is_head = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)  # or the foot of a body
        if is_head and _lines(self.conn.trailing_data[0]) > _MOST_HEADERS:
            self._end(too_many_headers())
        elif rest:
            self.flow.hold(partial(self._go_on, rest))
        elif len(data) >= LARGE_READ and not self.flow.read_paused:
            self.flow.pause_reading()
            self.flow.resume_reading()

    def _go_on(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self._received -= len(data)  # counted already
            self.data_received(data)

    def _first_lines(self, data: bytes) -> tuple[bytes, bytes]:
        """A piece that is taken apart in milliseconds, and the rest: each line of a chunk costs."""
        if _lines(data) <= _LINES_AT_ONCE:
            return data, b""
        if self.conn.their_state is h11.SEND_BODY and not self._comes_in_chunks:
            return data, b""
        end = 0
        for _ in range(_LINES_AT_ONCE):
            end = data.find(b"\n", end) + 1
        return data[:end], data[end:]

    @property
    def _comes_in_chunks(self) -> bool:
        return any(name == b"transfer-encoding" for name, _ in self.headers)

    def resume_writing(self) -> None:
        """Go on to write: the client has read what was under way."""
        self._resumed += 1
        super().resume_writing()

    def shutdown(self) -> None:
        """Let the present request come to its end, if that is soon."""
        super().shutdown()
        if self._exchange:
            self.loop.call_later(_TO_STOP_SECONDS, self._exchange.stop, Stopping())

    # --- waiting for the client -----------------------------------------------------------------

    def kept_waiting(self, now: float) -> tuple[Wait | None, float]:
        """What the client is waited for, if for anything, and for how long already."""
        mark = self._waits_for()
        if self._mark != mark:
            self._mark, self._since = mark, now
        return mark[0], now - self._since if mark[0] else 0.0

    def _waits_for(self) -> tuple[Wait | None, int]:
        """What the client is waited for, and a number that grows while it comes."""
        is_sending = self.conn.their_state is h11.SEND_BODY
        is_answered = not self._begun or self.cycle.response_complete
        buffered = self.transport.get_write_buffer_size()
        if buffered or not (is_answered or is_sending):
            left, taken = on_its_way(self._raw) if self._raw else (0, 0)
            if buffered or (left and self.has_answer):
                return Wait.READER, self._resumed + taken // _READ_PROGRESS
        if is_answered:
            is_new = not self._begun or self.conn.trailing_data[0]
            wait = Wait.REST if is_sending else Wait.HEAD if is_new else Wait.NEXT
            return wait, self._begun
        if not self.flow.read_paused:
            return (Wait.BODY if is_sending else None), self._received // _PROGRESS
        if self._raw and self._exchange and has_hung_up(self._raw):
            self._exchange.stop(Stopping())
        return None, 0

    def drop(self, error: TakebackError) -> None:
        """End it; a client whose request has not come to its end is told why."""
        wait = self._mark[0]
        if wait is Wait.BODY and self._exchange:
            self._exchange.stop(error)
        elif wait in (Wait.HEAD, Wait.NEXT):
            if self.conn.trailing_data[0]:
                self._refuse(error)
            self.transport.close()
        else:
            self.cut()


def too_many_headers() -> HeadTooLarge:
    """What a head of more lines than any browser sends is told."""
    return HeadTooLarge("too_many_headers", limit=_MOST_HEADERS)


def _lines(data: bytes) -> int:
    return data.count(b"\n")


def take_authority(scope: Scope) -> None:
    """Have a request for a whole address ask its host for its path, as RFC 9112, 3.2.2 has it."""
    scheme, _, rest = scope["raw_path"].partition(b"://")
    if scheme.lower() in (b"http", b"https"):
        authority, _, path = rest.partition(b"/")
        scope["raw_path"] = b"/" + path
        scope["path"] = unquote(scope["raw_path"].decode("ascii"))
        others = [one for one in scope["headers"] if one[0] != b"host"]
        scope["headers"] = [(b"host", authority), *others]
