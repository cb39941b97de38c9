"""Letters: whatever events somebody gets, they are one gzip stream."""

import asyncio
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.networks import shared_stream
from app.web.networks.shared_stream import GZIP_HEAD, HEARTBEAT, kept_alive, last_letter, letter


@given(st.lists(st.tuples(st.text(), st.integers(0, 10**9))), st.sampled_from([0, 1, 2]))
def test_any_letters_are_one_stream(sent: list[tuple[str, int]], beats: int) -> None:
    letters = [letter(text, number) for text, number in sent] + [HEARTBEAT] * beats
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert unpack.decompress(GZIP_HEAD) == b""
    for one in letters:
        assert unpack.decompress(one.packed) == one.plain, "each is there as soon as it is sent"


def test_an_event_has_its_lines_and_its_id() -> None:
    assert letter("a\r\nb\n", 7).plain == b"id: 7\ndata: a\ndata: b\ndata: \n\n"
    assert last_letter("over").plain == b"data: over\n\nevent: ended\ndata: \n\n"
    assert last_letter("over").is_last
    assert HEARTBEAT.plain == b"event: here\n\n"


def test_a_stream_that_says_nothing_for_a_while_says_that_it_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_stream, "HEARTBEAT_SECONDS", 0.02)

    async def slow() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(0.05)
        yield b"last"

    async def heard() -> list[bytes]:
        return [one async for one in kept_alive(slow())]

    first, *beats, last = asyncio.run(heard())
    assert (first, last) == (b"first", b"last")
    assert beats
    assert set(beats) == {HEARTBEAT.plain}
