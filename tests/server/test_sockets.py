"""How many sockets there may be, from one address and in all, and who makes room."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import Crowded, MalformedRequest, TakebackError, Unfinished
from app.server.sockets import SocketLimits, Sockets, Wait, group_of
from app.server.spool import Spool
from app.web.budgets.memory import MemoryBudget


class Waiting:
    """A socket whose client was waited for."""

    def __init__(self, address: str, wait: Wait | None, seconds: float) -> None:
        self.address = address
        self.waited = wait, seconds
        self.dropped: TakebackError | None = None

    def kept_waiting(self, now: float) -> tuple[Wait | None, float]:
        return self.waited

    def drop(self, error: TakebackError) -> None:
        self.dropped = error


Make = Callable[..., Sockets]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(sockets: int = 4, per_address: int = 3) -> Sockets:
        limits = SocketLimits(
            sockets, per_address, trusted=["10.0.0.1", "10.1.0.0/16", "2001:db8::1"]
        )
        return Sockets(limits, Spool(tmp_path, 1000), MemoryBudget(1000), {"x-frame": "no"})

    return made


def test_whoever_is_waited_for_longest_makes_room(make: Make) -> None:
    sockets = make()
    crowd = [Waiting(f"a{n}", Wait.HEAD, n) for n in range(4)]
    assert all(sockets.enter(one) for one in crowd)
    assert sockets.enter(Waiting("b", None, 0))
    assert [type(one.dropped) for one in crowd] == [type(None)] * 3 + [Crowded]


def test_who_had_an_answer_makes_room_last(make: Make) -> None:
    sockets = make()
    answered = [Waiting(f"a{n}", Wait.NEXT, 10 + n) for n in range(2)]
    strange = [Waiting(f"b{n}", wait, 1) for n, wait in enumerate((Wait.HEAD, Wait.BODY))]
    assert all(sockets.enter(one) for one in (*answered, *strange))
    for count, gone in enumerate((*strange, answered[1]), start=1):
        assert sockets.enter(Waiting("c", None, 0))
        assert gone.dropped
        assert len([one for one in (*answered, *strange) if one.dropped]) == count


def test_who_clicks_now_and_then_makes_no_room_for_a_flood(make: Make) -> None:
    sockets = make()
    clicking = [Waiting(f"a{n}", Wait.NEXT, 2) for n in range(3)]
    young = Waiting("b", Wait.HEAD, 0.1)
    assert all(sockets.enter(one) for one in (*clicking, young))
    assert not sockets.enter(Waiting("c", None, 0))
    assert not any(one.dropped for one in (*clicking, young))


def test_who_is_worked_for_keeps_the_socket(make: Make) -> None:
    sockets = make()
    crowd = [Waiting(f"a{n}", None, 0.0) for n in range(4)]
    assert all(sockets.enter(one) for one in crowd)
    assert not sockets.enter(Waiting("b", Wait.HEAD, 0))
    assert not any(one.dropped for one in crowd)
    sockets.leave(crowd[0])
    sockets.leave(crowd[0])
    assert sockets.enter(Waiting("b", Wait.HEAD, 0))
    assert not sockets.enter(Waiting("c", Wait.HEAD, 0))


@pytest.mark.parametrize("proxy", ["10.0.0.1", "10.1.2.3", group_of(("2001:db8::1", 5))])
def test_one_address_makes_room_for_itself_unless_it_is_a_proxy(make: Make, proxy: str) -> None:
    sockets = make(sockets=100)
    other = Waiting("b", Wait.HEAD, 100)
    crowd = [Waiting("10.2.0.1", Wait.BODY, n) for n in range(3)]
    proxied = [Waiting(proxy, Wait.HEAD, 50) for _ in range(20)]
    assert all(sockets.enter(one) for one in (other, *crowd, *proxied))
    assert sockets.enter(Waiting("10.2.0.1", None, 0))
    assert crowd[2].dropped
    assert not other.dropped
    assert not any(one.dropped for one in proxied)


def test_patience_ends(make: Make) -> None:
    sockets = make(sockets=100, per_address=100)
    patient = [Waiting("a", wait, wait.value - 1) for wait in Wait]
    late = [Waiting("a", wait, wait.value + 1) for wait in Wait]
    busy = Waiting("a", None, 1000.0)
    for one in (*patient, *late, busy):
        sockets.enter(one)
    sockets.sweep()
    assert all(isinstance(one.dropped, Unfinished) for one in late)
    assert not any(one.dropped for one in (*patient, busy))


@pytest.mark.parametrize(
    ("error", "closes"), [(Crowded(), False), (Unfinished(), True), (MalformedRequest(), True)]
)
def test_answers_close_where_the_next_request_begins_nowhere(
    make: Make, error: TakebackError, closes: bool
) -> None:
    status, headers, body = make().answer(error)
    assert status == error.status
    assert ((b"connection", b"close") in headers) == closes
    assert {(b"x-frame", b"no"), (b"content-length", b"%d" % len(body))} <= {*headers}
    assert ((b"retry-after", b"30") in headers) == (status == 503)


def test_an_address_of_ipv6_is_its_net() -> None:
    assert group_of(("10.0.0.1", 5)) == "10.0.0.1"
    assert group_of(("2001:db8::1", 5)) == group_of(("2001:db8::ffff", 9))
    assert group_of(("2001:db8::1", 5)) != group_of(("2001:db8:0:1::1", 5))
    assert group_of(("fe80::1%eth0", 5)) == "fe80::/64"
    assert group_of(None) == ""
