"""Letters: whatever events somebody gets, they are one gzip stream."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.web.networks.shared_stream import GZIP_HEAD, heartbeat, last_letter, letter


@given(st.lists(st.tuples(st.text(), st.integers(0, 10**9))), st.sampled_from([0, 1, 2]))
def test_any_letters_are_one_stream(sent: list[tuple[str, int]], beats: int) -> None:
    letters = [letter(text, number) for text, number in sent] + [heartbeat()] * beats
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert unpack.decompress(GZIP_HEAD) == b""
    for one in letters:
        assert unpack.decompress(one.packed) == one.plain, "each is there as soon as it is sent"


def test_an_event_has_its_lines_and_its_id() -> None:
    assert letter("a\r\nb\n", 7).plain == b"id: 7\ndata: a\ndata: b\ndata: \n\n"
    assert last_letter("over").plain == b"data: over\n\nevent: ended\ndata: \n\n"
    assert last_letter("over").is_last
    assert heartbeat().plain == b"event: here\n\n"
