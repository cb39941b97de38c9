"""What every store does. ``tests/store/contract.py`` is this Protocol as a test suite."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

Blocks = Mapping[str, bytes]
NONE: Blocks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds of one network.

    Attributes:
        version: 1 when created, one more with every save.
        data: the network, as the codec wrote it.
        last_op: the token of the request that wrote it, to recognise a replay.
        blocks: the parts of the network that are kept beside ``data``, by name.
    """

    version: int
    data: bytes
    last_op: str
    blocks: Blocks = field(default_factory=dict)


class Store(Protocol):
    """Networks by id, each under a version: data that every save writes, and blocks beside it.

    An id is the right to drive a network, so a store keeps a hash of it. A network that was
    not written for the store's time to live is gone: it looks as if it had never been. That time
    is what passes while the store serves, so no change of the wall's clock makes anything old.

    Every method raises ``StorageUnavailable`` when the store cannot be reached, and every
    writing one ``StorageFull`` when there is no room on the disk.
    """

    async def create(
        self, network_id: str, data: bytes, *, op: str = "", blocks: Blocks = NONE,
        brief: bool = False, client: str | None = None,
    ) -> Stored:  # fmt: skip
        """Keep a new network at version 1; a ``brief`` one lives shorter until it is saved.

        Raises CapacityReached if as many are kept as may be, or if ``client`` has created so many
        of them that others would find no room. ``client`` tells clients apart, and is not stored.
        """

    async def load(self, network_id: str, *, known: int | None = None) -> Stored:
        """The network. NotFound if it is gone.

        If it is at version ``known``, its data and blocks may be left out.
        """

    async def save(
        self,
        network_id: str,
        data: bytes,
        *,
        expected: int,
        op: str = "",
        blocks: Blocks = NONE,
        alone: bool = False,
    ) -> Stored:
        """Write the network if it still stands at version ``expected``: compare and swap.

        ``blocks`` join, or replace, those that are kept; ``alone``: all others go. Returns what
        was written, without blocks. Raises NotFound if the network is unknown or has expired,
        VersionConflict if it stands at another version.
        """

    async def delete(self, network_id: str, *, expected: int | None = None) -> None:
        """Forget a network, if it still stands at version ``expected``, unless that is None.

        Raises NotFound and VersionConflict as ``save`` does.
        """

    async def tidy(self) -> bool:
        """Take a few milliseconds to remove what has expired; whether there is more of it."""

    async def check(self) -> None:
        """Return if the store can serve; it tries a write.

        StorageFull, CapacityReached and StorageUnavailable say why it cannot.
        """

    async def close(self) -> None:
        """Let go of everything; the store is not used afterwards."""
