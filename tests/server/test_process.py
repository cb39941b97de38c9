"""The process takes as many sockets as its descriptors allow."""

import gc
import resource
import weakref

import pytest

from app.server.process import give_free_memory_back, sockets_possible


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


def test_what_refers_to_itself_alone_is_given_back_too() -> None:
    class Request:
        own: "Request"

    one = Request()
    one.own, gone = one, weakref.ref(one)
    gc.disable()
    try:
        del one
        assert gone()
        give_free_memory_back()
        assert gone() is None
    finally:
        gc.enable()
