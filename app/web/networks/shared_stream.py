"""Server-sent events as bytes that are the same for all who get them, also compressed.

A gzip stream may have a block for each event that refers to nothing before it: after the same ten
bytes of head, each event is compressed once and fits into everybody's stream.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import NamedTuple

GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""The head of a gzip stream (RFC 1952) without a name and without a time."""
_LEVEL = 6


class Letter(NamedTuple):
    """An event, plain and as a block of a gzip stream; ``is_last``: nothing comes after it."""

    plain: bytes
    packed: bytes
    is_last: bool = False


def letter(text: str, number: int) -> Letter:
    """An event with ``text``; its id is ``number``."""
    return packed(f"id: {number}\n{_data(text)}".encode())


def last_letter(text: str) -> Letter:
    """An event with ``text``, and one called "ended", after which nobody connects again."""
    return packed(f"{_data(text)}event: ended\n{_data('')}".encode(), is_last=True)


def _data(text: str) -> str:
    lines = text.replace("\r", "").split("\n")
    return "".join(f"data: {line}\n" for line in lines) + "\n"


def packed(plain: bytes, *, is_last: bool = False) -> Letter:
    """Bytes of a stream as a Letter."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Letter(plain, deflate.compress(plain) + deflate.flush(zlib.Z_FULL_FLUSH), is_last)


HEARTBEAT = packed(b"event: here\n\n")
"""An event that shows nothing: proxies close no quiet stream, and pages know that it lives."""
HEARTBEAT_SECONDS = 4.0


async def kept_alive(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """``events`` as they come, and a heartbeat wherever none came for a while."""
    while True:
        coming = asyncio.ensure_future(anext(events))
        try:
            while not (await asyncio.wait((coming,), timeout=HEARTBEAT_SECONDS))[0]:
                yield HEARTBEAT.plain
            yield coming.result()
        except StopAsyncIteration:
            return
        finally:
            coming.cancel()
