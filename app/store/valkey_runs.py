"""The runs of all processes, and their places, on the server that they share."""

import secrets
from collections.abc import Callable, Mapping
from hashlib import blake2b

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


class ValkeyPlaces:
    """A ``PlaceRegister``; the server forgets a process that notes nothing for ``seconds``.

    Addresses are there as hashes, whose key ``secret`` gives: one that changes is no harm, since
    each call tells all that is held.
    """

    def __init__(
        self, server: ValkeyServer, secret: Callable[[], bytes], seconds: float = 15.0
    ) -> None:
        self._server, self._secret = server, secret
        self._process, self._milliseconds = secrets.token_hex(8), round(seconds * 1000)

    async def hold(self, held: Mapping[str, int], wanted: Mapping[str, int]) -> int:
        """Note what is held and take what is wanted; see ``PlaceRegister.hold``."""
        pairs = [one for name, count in held.items() for one in (self._hash(name), count)]
        bounds = [one for name, most in wanted.items() for one in (self._hash(name), most)]
        return int(
            await self._server.call(
                "hold", self._process, self._milliseconds, len(wanted), *bounds, *pairs
            )
        )

    def _hash(self, name: str) -> str:
        return blake2b(
            name.encode(errors="replace"), digest_size=16, key=self._secret()
        ).hexdigest()
