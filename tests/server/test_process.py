"""The process: descriptors, and a log that no client can flood."""

import logging
import resource

import pytest

from app.server.process import Seldom, sockets_possible


def limited(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> list[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: taken.append(limits))
    return taken


@pytest.mark.parametrize(
    ("soft", "hard", "possible", "warns", "taken"),
    [
        (5000, 5000, 1000, False, []),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 1000, False, []),
        (256, 5000, 1000, False, [(1256, 5000)]),
        (256, resource.RLIM_INFINITY, 1000, False, [(1256, resource.RLIM_INFINITY)]),
        (256, 1024, 768, True, [(1024, 1024)]),
        (64, 64, 16, True, [(64, 64)]),
    ],
)
def test_there_are_as_many_sockets_as_descriptors_allow(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    soft: int, hard: int, possible: int, warns: bool, taken: list[tuple[int, int]],
) -> None:  # fmt: skip
    limits = limited(monkeypatch, soft, hard)
    assert sockets_possible(1000) == possible
    assert limits == taken
    assert ("raise the limit" in caplog.text) == warns


def test_what_repeats_is_logged_a_few_times() -> None:
    seldom = Seldom(seconds=60)

    def logged(text: str, *values: object) -> str | None:
        record = logging.LogRecord("x", logging.WARNING, "", 0, text, values, None)
        return record.getMessage() if seldom.filter(record) else None

    said = [logged("bad request from %d\nTraceback %d", n, n) for n in range(100)]
    kept = [text for text in said if text]
    assert kept[0] == "bad request from 0\nTraceback 0"
    assert len(kept) == 3
    assert "left out" in kept[-1]
    assert logged("something else") == "something else"


def test_after_a_while_it_is_logged_again() -> None:
    seldom = Seldom(seconds=-1)
    record = logging.LogRecord("x", logging.WARNING, "", 0, "again", (), None)
    assert all(seldom.filter(record) for _ in range(10))
