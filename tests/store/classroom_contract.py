"""What every register of rooms must do; a subclass gives the fixture ``registered``."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.errors import CapacityReached
from app.store.base import Store, key_of
from app.store.classrooms import Answers, Classroom, ClassroomRegister, Stage
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

    async def test_a_question_goes_on_and_each_change_is_one_turn(
        self, registered: Registered
    ) -> None:
        store, register = registered(Clock())
        room = await opened(store, register, "a")
        assert await register.ask(key_of("b"), "nobody hears it") == 0
        number = await register.ask(room.network, "Which way? \u2192 \U0001d6ff")
        found = await register.watched(room.token)
        assert found == replace(
            room, turns=1, question="Which way? \u2192 \U0001d6ff", number=number, stage=Stage.OPEN
        )
        for told, stage, goes in [
            (number + 1, Stage.CLOSED, False), (number, Stage.OPEN, False),
            (number, Stage.CLOSED, True), (number, Stage.CLOSED, False),
            (number, Stage.REVEALED, True), (number, Stage.CLOSED, False),
        ]:  # fmt: skip
            assert await register.advance(room.network, told, stage) is goes
        found = await register.of(room.network)
        assert found
        assert (found.turns, found.stage) == (3, Stage.REVEALED)
        later = await register.ask(room.network, "")
        assert later > number
        found = await register.joined(room.code)
        assert found == replace(room, turns=4, number=later)
        assert not await register.advance(room.network, later, Stage.REVEALED)

    async def test_a_device_has_one_answer_while_its_question_is_open(
        self, registered: Registered
    ) -> None:
        store, register = registered(Clock())
        room, other = [await opened(store, register, name) for name in "ab"]
        first = await register.ask(room.network, "first")
        await register.ask(other.network, "another")

        async def answer(device: str, text: str, number: int, token: str = room.token) -> bool:
            return await register.answer(token, number, device, text, 3)

        assert await answer("one", "1", first)
        assert await answer("one", "\u22120.5", first)
        assert await answer("two", "1", first)
        assert not await answer("two", "0", first + 1)
        assert not await answer("two", "0", first, "no such token")
        assert await register.answered(room.token, "one") == "\u22120.5"
        assert await register.answered(room.token, "three") == ""
        assert await register.answered(other.token, "one") == ""
        assert await register.answers(room.network) == Answers({}, {"\u22120.5": 1, "1": 1})
        await register.arrive(room.token, "three")
        await register.arrive(room.token, "three")
        await register.arrive(room.token, "three", leaves=True)
        assert await answer("three", "1", first)
        await register.arrive(room.token, "three", leaves=True)
        assert await answer("three", "2", first), "it has followed as it answered"
        with pytest.raises(CapacityReached) as refused:
            await answer("four", "1", first)
        assert (refused.value.code, refused.value.values["limit"]) == ("answers_full", 3)
        assert await register.answers(room.network) == Answers({"2": 1}, {"\u22120.5": 1, "1": 1})
        await register.advance(room.network, first, Stage.CLOSED)
        assert not await answer("one", "1", first)
        assert await register.answered(room.token, "one") == "\u22120.5"
        second = await register.ask(room.network, "second")
        assert await register.answers(room.network) == Answers({}, {})
        assert not await answer("one", "1", first)
        assert await answer("four", "1", second)

    async def test_answers_go_with_their_room(self, registered: Registered) -> None:
        store, register = registered(Clock())
        rooms = [await opened(store, register, name) for name in ("ended", "gone")]
        for room in rooms:
            number = await register.ask(room.network, "?")
            assert await register.answer(room.token, number, "one", "1", 3)
        await register.end(rooms[0].network)
        await store.delete("gone")
        for room in rooms:
            assert await register.answers(room.network) == Answers({}, {})
            assert await register.answered(room.token, "one") == ""
        await store.create("gone", b"")
        assert await register.open(rooms[1], SECONDS) == rooms[1], "and its question with it"

    async def test_a_class_goes_on_with_another_network(self, registered: Registered) -> None:
        clock = Clock()
        store, register = registered(clock)
        room, other = [await opened(store, register, name) for name in "ab"]
        for version in range(1, 5):
            await store.save("a", b"more", expected=version)
        await store.create("c", b"")
        number = await register.ask(room.network, "?")
        assert await register.answer(room.token, number, "one", "1", 3)
        await register.arrive(room.token, "one")
        shown = 5 + number
        for to in (other.network, key_of("unknown"), room.network):
            assert not await register.move(room.network, to, "?open=w5")
        assert not await register.move(key_of("c"), key_of("unknown"), "")
        assert await register.move(room.network, key_of("c"), "?open=w5")
        moved = await register.watched(room.token)
        assert moved == replace(
            room, network=key_of("c"), look="?open=w5", turns=shown + 1,
            opened_on=room.network, moved=shown + 2,
        )  # fmt: skip
        assert moved.first == room.network == room.first
        for found in (await register.joined(room.code), await register.of(key_of("c"))):
            assert found == moved
        assert await register.of(room.network) is None
        assert await register.answers(key_of("c")) == Answers({}, {})
        assert await register.answered(room.token, "one") == ""
        later = await register.ask(key_of("c"), "next")
        assert later > number
        assert await register.answer(room.token, later, "one", "1", 3)
        assert await register.answers(key_of("c")) == Answers({"1": 1}, {}), "it follows still"
        assert await register.count() == 2
        await store.delete("a")
        assert await register.move(key_of("c"), key_of("c"), "") is False
        await store.create("a", b"")
        assert await register.move(key_of("c"), room.network, "")
        back = await register.of(room.network)
        assert back
        assert (back.first, back.question) == (room.network, "")
        assert back.moved == back.turns + 1 > later
        clock.now += SECONDS - 1
        assert await register.watched(room.token) == back
        clock.now += 2
        assert await register.watched(room.token) is None
        assert await register.open(room, SECONDS) == room, "and nothing is left of it"

    async def test_a_key_opens_a_network_for_reading(self, registered: Registered) -> None:
        store, _ = registered(Clock())
        await store.create("n", b"1", op="o", blocks={"a": b"a"})
        assert await store.load(key_of("n")) == await store.load("n")
        assert (await store.load(key_of("n"), known=1)).version == 1
