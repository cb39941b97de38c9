"""Rooms on the server that all processes share; see ``ClassroomRegister``."""

from collections.abc import AsyncIterator, Sequence

from app.errors import CapacityReached
from app.store.classrooms import Classroom
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

    async def end(self, network: bytes) -> None:
        """End the room of a network, if it has one."""
        await self._server.call("end_room", network.hex())

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
    network, token, code, look, turns = (value.decode() for value in row)
    return Classroom(bytes.fromhex(network), token, code, look, int(turns))
