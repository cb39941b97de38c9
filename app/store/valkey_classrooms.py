"""Rooms on the server that all processes share; see ``ClassroomRegister``."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence

from app.errors import CapacityReached
from app.store.classrooms import Answers, Classroom, Stage
from app.store.valkey_server import WOKEN, ValkeyServer


class ValkeyClassrooms:
    """A ``ClassroomRegister`` for ``most`` rooms at once, each act one call of the script."""

    def __init__(self, server: ValkeyServer, most: int) -> None:
        self._server, self._most = server, most

    async def open(self, room: Classroom, seconds: float) -> Classroom | None:
        """Open a room; see ``ClassroomRegister.open``."""
        kind, row = await self._server.call(
            "open_room", room.network.hex(), room.token, room.code, room.look, seconds, self._most
        )
        if kind == b"full":
            raise CapacityReached("classrooms_full", limit=self._most)
        return room if kind == b"done" else _room_of(row)

    async def of(self, network: bytes) -> Classroom | None:
        """The room of a network."""
        return _room_of(await self._server.call("room", "m:", network.hex()))

    async def watched(self, token: str) -> Classroom | None:
        """The room that a token is the right to watch."""
        return _room_of(await self._server.call("room", "t:", token))

    async def joined(self, code: str) -> Classroom | None:
        """The room that a code leads to."""
        return _room_of(await self._server.call("room", "j:", code))

    async def turn(self, network: bytes, look: str) -> None:
        """Note how a network is seen now; see ``ClassroomRegister.turn``."""
        await self._server.call("turn_room", network.hex(), look)

    async def move(self, network: bytes, to: bytes, look: str) -> bool:
        """Have a class follow another network; see ``ClassroomRegister.move``."""
        return bool(await self._server.call("move_room", network.hex(), to.hex(), look))

    async def end(self, network: bytes) -> None:
        """End the room of a network, if it has one."""
        await self._server.call("end_room", network.hex())

    async def ask(self, network: bytes, question: str) -> int:
        """Ask something, or nothing any more; see ``ClassroomRegister.ask``."""
        stage = Stage.OPEN if question else Stage.NONE
        return int(await self._server.call("ask", network.hex(), question, int(stage)))

    async def advance(self, network: bytes, number: int, stage: Stage) -> bool:
        """Bring a question on to a stage; see ``ClassroomRegister.advance``."""
        return bool(await self._server.call("advance", network.hex(), number, int(stage)))

    async def answer(self, token: str, number: int, device: str, answer: str, most: int) -> bool:
        """Keep a device's answer; see ``ClassroomRegister.answer``."""
        kind = await self._server.call("answer", token, number, device, answer, most)
        if kind == b"full":
            raise CapacityReached("answers_full", limit=most)
        return bool(kind == b"done")

    async def answered(self, token: str, device: str) -> str:
        """What a device has answered, or ""."""
        kept: bytes = await self._server.call("answered", token, device)
        return kept.decode()[1:]

    async def answers(self, network: bytes) -> Answers:
        """The answers to the present question."""
        kept: list[bytes] = await self._server.call("answers", network.hex())
        counts = Counter(one.decode() for one in kept)
        others, followers = (
            {text[1:]: count for text, count in counts.items() if text[0] == kind} for kind in "01"
        )
        return Answers(followers, others)

    async def arrive(self, token: str, device: str, *, leaves: bool = False) -> None:
        """Note that a device begins to follow, or leaves."""
        await self._server.call("arrive", token, device, -1 if leaves else 1)

    async def attend(self, token: str, process: str, followers: int) -> int:
        """Note how many follow through one process; how many follow in all."""
        return int(await self._server.call("attend", token, process, followers))

    async def count(self) -> int:
        """How many rooms are open."""
        return int(await self._server.call("count_rooms"))

    async def wakes(self) -> AsyncIterator[bytes]:
        """What other processes change, as the server tells it. Raises StorageUnavailable."""
        async for name in self._server.heard(WOKEN):
            yield bytes.fromhex(name)


def _room_of(row: Sequence[bytes] | None) -> Classroom | None:
    if not row:
        return None
    network, token, code, look, turns, asked, number, stage, opened_on, moved = (
        value.decode() for value in row
    )
    return Classroom(
        bytes.fromhex(network), token, code, look, int(turns), asked, int(number),
        Stage(int(stage)), bytes.fromhex(opened_on), int(moved),
    )  # fmt: skip
