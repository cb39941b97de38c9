"""What every register of rooms must do; a subclass gives the fixture ``registered``."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.errors import CapacityReached
from app.store.base import Store, key_of
from app.store.classrooms import Classroom, ClassroomRegister
from tests.store.contract import Clock

Registered = Callable[[Clock], tuple[Store, ClassroomRegister]]
MOST, SECONDS = 3, 500.0


def room_of(name: str, code: str = "") -> Classroom:
    return Classroom(key_of(name), f"token-of-{name}", code or f"CODE-{name}", "?open=w1")


async def opened(store: Store, register: ClassroomRegister, name: str, code: str = "") -> Classroom:
    """A room for a new network."""
    await store.create(name, b"data of it")
    room = room_of(name, code)
    assert await register.open(room, SECONDS) == room
    return room


class ClassroomContract:
    """The tests of ``ClassroomRegister``."""

    pytestmark: Sequence[pytest.MarkDecorator] = [pytest.mark.anyio]

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    async def test_a_room_is_found_by_network_token_and_code(self, registered: Registered) -> None:
        store, register = registered(Clock())
        first, other = [await opened(store, register, name) for name in "ab"]
        for room in (first, other):
            assert await register.of(room.network) == room
            assert await register.watched(room.token) == room
            assert await register.joined(room.code) == room
        for unknown in ("", "?", first.token[:-1], first.code, "token%"):
            assert await register.watched(unknown) is None
            assert await register.joined(unknown + "x") is None
        assert await register.of(key_of("c")) is None
        assert await register.count() == 2

    async def test_a_network_has_one_room_and_a_code_leads_to_one(
        self, registered: Registered
    ) -> None:
        store, register = registered(Clock())
        room = await opened(store, register, "a", "SAME")
        again = replace(room, token="another", code="OTHER", look="?digits=8")
        assert await register.open(again, SECONDS) == room
        assert await register.watched("another") is None
        await store.create("b", b"")
        assert await register.open(room_of("b", "SAME"), SECONDS) is None
        assert await register.of(key_of("b")) is None
        assert await register.joined("SAME") == room

    async def test_each_new_look_is_one_turn(self, registered: Registered) -> None:
        store, register = registered(Clock())
        room = await opened(store, register, "a")
        for look, turns in [(room.look, 0), ("?open=w2", 1), ("?open=w2", 1), ("", 2)]:
            await register.turn(room.network, look)
            assert await register.watched(room.token) == replace(room, look=look, turns=turns)
        await register.turn(key_of("b"), "?open=w2")
        assert await register.of(key_of("b")) is None

    async def test_a_room_that_is_over_had_never_been(self, registered: Registered) -> None:
        clock = Clock()
        store, register = registered(clock)
        ended, gone, late = [await opened(store, register, name) for name in ("e", "g", "l")]
        await register.end(ended.network)
        await register.end(ended.network)
        await store.delete("g")
        for room in (ended, gone):
            assert await register.watched(room.token) is None
            assert await register.joined(room.code) is None
            assert await register.of(room.network) is None
        clock.now += SECONDS - 1
        assert await register.watched(late.token) == late
        clock.now += 2
        assert await register.watched(late.token) is None
        assert await register.joined(late.code) is None
        assert await register.count() == 0
        assert await register.open(ended, SECONDS) == ended, "its code and token are free again"

    async def test_there_are_so_many_rooms_at_most(self, registered: Registered) -> None:
        clock = Clock()
        store, register = registered(clock)
        rooms = [await opened(store, register, f"n{number}") for number in range(MOST)]
        await store.create("more", b"")
        with pytest.raises(CapacityReached) as refused:
            await register.open(room_of("more"), SECONDS)
        assert (refused.value.code, refused.value.values["limit"]) == ("classrooms_full", MOST)
        assert await register.open(rooms[0], SECONDS) == rooms[0], "it is open already"
        clock.now += SECONDS + 1
        assert await register.open(room_of("more"), SECONDS) == room_of("more")

    async def test_a_key_opens_a_network_for_reading(self, registered: Registered) -> None:
        store, _ = registered(Clock())
        await store.create("n", b"1", op="o", blocks={"a": b"a"})
        assert await store.load(key_of("n")) == await store.load("n")
        assert (await store.load(key_of("n"), known=1)).version == 1
