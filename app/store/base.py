"""What every store does. ``tests/store/contract.py`` is this Protocol as a test suite."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

Blocks = Mapping[str, bytes]
NONE: Blocks = MappingProxyType({})


PROBE = 16_384
"""How many bytes a store writes to see whether it can."""
RUN = "run:"
"""What the op of a run's saves begins with; the op of the form that began it comes next."""


def key_of(network_id: str | bytes) -> bytes:
    """What a network is kept under: ids are rights, so only their hash is kept.

    Bytes are such a hash, which opens a network for reading and leads back to no id.
    """
    if isinstance(network_id, bytes):
        return network_id
    return hashlib.sha256(network_id.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What processes tell each other of a network's run.

    Attributes:
        op: the token of the form that began it.
        first: the version that it began at.
        last: the version that it has written last.
        about: what pages say about it, as whoever began it wrote it.
        look: how its page is seen by now, as a query; None for as at the beginning.
        stopped_by: the tab that has stopped it; None for none.
        is_over: whether its last frame has been shown.
    """

    op: str
    first: int
    last: int
    about: str
    look: str | None = None
    stopped_by: str | None = None
    is_over: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it may write more frames."""
        return self.stopped_by is None and not self.is_over


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds of one network.

    Attributes:
        version: 1 when created, one more with every save.
        data: the network, as the codec wrote it.
        last_op: the token of the request that wrote it, to recognise a replay.
        blocks: the parts of the network that are kept beside ``data``, by name.
        run: its run, where processes share the store.
        is_rewritten: whether it stands at the known version, but not as it was known: a server
            that came back without its last writes, or with a copy, may have it so.
    """

    version: int
    data: bytes
    last_op: str
    blocks: Blocks = field(default_factory=dict)
    run: RunRecord | None = None
    is_rewritten: bool = field(default=False, compare=False)


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
        of them that others would find no room. ``client``, a hash, tells clients apart; a store
        that processes share keeps it with the network.
        """

    async def load(self, network_id: str | bytes, *, known: int | None = None) -> Stored:
        """The network of an id, or kept under a key. NotFound if it is gone.

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
        VersionConflict if it stands at another version, or if ``op`` is a run's that was stopped.
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


class RunRegister(Protocol):
    """The runs of all processes that share a store, one a network.

    Whatever a method answers holds for all processes at once: after ``stop`` and ``settle`` no
    later frame of the run is written, by whichever process it is taken. Each raises
    ``StorageUnavailable``.
    """

    async def begin(self, network_id: str, op: str, tab: str, version: int, about: str) -> bool:
        """Note a run that begins at ``version``; False if the very form has begun it already.

        ``tab`` shows it; ``about`` is what pages say about it.
        """

    async def find(self, network_id: str) -> RunRecord | None:
        """The run of a network, under way or just over."""

    async def stop(self, network_id: str, tab: str) -> None:
        """End a run where it stands, as ``tab`` asked."""

    async def settle(self, network_id: str, version: int, tab: str) -> tuple[int, bool]:
        """The version that a form of ``tab`` at ``version`` means, and whether a run went on.

        If the form means where the run stands by now, the run ends there.
        """

    async def turn(self, network_id: str, look: str) -> None:
        """The page of a network's run is now seen with the query ``look``."""

    async def end(self, network_id: str, op: str) -> None:
        """Note that the run that ``op`` began is over."""


class PlaceRegister(Protocol):
    """The places for long work that all processes hold, counted by names such as an address."""

    async def hold(self, held: Mapping[str, int], wanted: Mapping[str, int]) -> int:
        """Note all that this process holds, by name, and take one more of each that is ``wanted``.

        None is taken if of one of them as many are held through all processes as ``wanted`` says:
        that number is the answer, else 0. A process that notes nothing for 15 seconds holds
        nothing. Raises StorageUnavailable; what was held may then be noted or not.
        """
