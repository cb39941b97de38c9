"""What of a JSON body is counted before it is read."""

import json
import re
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TooLarge
from app.web.http import json_body
from app.web.http.json_body import check_marks, check_texts

TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
VALUES = st.recursive(
    st.none() | st.integers() | st.text('a"\\[],{}é\n', max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text('"\\{', max_size=8), inner),
    max_leaves=30,
)


@given(VALUES, st.integers(2, 40), st.booleans())
def test_what_texts_say_is_no_part(value: Any, size: int, escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_body, "_SCANNED", size)
        outside = b"".join(json_body._outside(body))
    plain = TEXT.sub(b'""', body)
    assert sorted(outside) == sorted(plain)


@pytest.mark.parametrize(
    "end", [b'\\"', b"\\\\", b"[", b'"a\\"', b'\\"\\'], ids=["quotes", "slashes", "[", "both", "x"]
)
def test_a_text_without_an_end_is_counted_in_one_go(end: bytes) -> None:
    """Looking for its end from each of its quotes would take days, and hold everybody up."""
    begun = time.process_time()
    with suppress(TooLarge):
        check_marks(b'{"export":"' + end * 1_000_000)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("sign", ['"', "\\", "a", "é", "[,"])
def test_a_text_that_no_network_has_is_refused(sign: str) -> None:
    def body(length: int, before: int) -> bytes:
        return json.dumps({"numbers": [1] * before, "spec": [{"names": [sign * length]}]}).encode()

    for before in (0, 20_000, 33_333):
        check_texts(body(10_000, before))
        with pytest.raises(TooLarge, match="long_text"):
            check_texts(body(140_000, before))
