"""The runs of all processes, on the server that they share; see ``RunRegister``."""

from app.store.base import RunRecord, key_of
from app.store.valkey import record_of
from app.store.valkey_server import ValkeyServer


class ValkeyRuns:
    """A ``RunRegister``. A run that nobody writes for goes by itself after 15 seconds."""

    def __init__(self, server: ValkeyServer) -> None:
        self._server = server

    async def begin(self, network_id: str, op: str, tab: str, version: int, about: str) -> bool:
        """Note a run that begins; see ``RunRegister.begin``."""
        key = key_of(network_id).hex()
        return bool(await self._server.call("begin_run", key, op, tab, version, about))

    async def find(self, network_id: str) -> RunRecord | None:
        """The run of a network, under way or just over."""
        return record_of(await self._server.call("run_of", key_of(network_id).hex()))

    async def stop(self, network_id: str, tab: str) -> None:
        """Let no later frame be written; see ``RunRegister.stop``."""
        await self._server.call("stop_run", key_of(network_id).hex(), tab)

    async def settle(self, network_id: str, version: int, tab: str) -> tuple[int, bool]:
        """The version that a form means; see ``RunRegister.settle``."""
        version, ran = await self._server.call("settle_run", key_of(network_id).hex(), version, tab)
        return version, bool(ran)

    async def turn(self, network_id: str, look: str) -> None:
        """The run's page is seen otherwise now; see ``RunRegister.turn``."""
        await self._server.call("turn_run", key_of(network_id).hex(), look)

    async def end(self, network_id: str, op: str) -> None:
        """Note that a run is over, if it is still the network's."""
        await self._server.call("end_run", key_of(network_id).hex(), op)
