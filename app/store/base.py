"""What every store does. ``tests/store/contract.py`` is this Protocol as a test suite."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds of one network.

    Attributes:
        version: 1 when created, one more with every save.
        data: the network, as the codec wrote it.
        last_op: the token of the request that wrote it, to recognise a replay.
    """

    version: int
    data: bytes
    last_op: str


class Store(Protocol):
    """Networks by id, each under a version.

    An id is the right to drive a network, so a store keeps a hash of it. A network that was
    not written for the store's time to live is gone: it looks as if it had never been.

    Every method raises ``StorageUnavailable`` when the store cannot be reached, and every
    writing one ``StorageFull`` when there is no room on the disk.
    """

    async def create(self, network_id: str, data: bytes, *, op: str = "") -> Stored:
        """Keep a new network at version 1.

        Raises:
            CapacityReached: as many networks are kept as may be.
        """
        ...

    async def load(self, network_id: str) -> Stored:
        """The network as it stands.

        Raises:
            NotFound: it is unknown or has expired.
        """
        ...

    async def save(self, network_id: str, data: bytes, *, expected: int, op: str = "") -> Stored:
        """Write the network if it still stands at version ``expected``: compare and swap.

        Raises:
            NotFound: it is unknown or has expired.
            VersionConflict: it stands at another version.
        """
        ...

    async def check(self) -> None:
        """Return if the store can serve.

        Raises:
            StorageUnavailable: it cannot; the error says why.
        """
        ...

    async def close(self) -> None:
        """Let go of everything; the store is not used afterwards."""
        ...
