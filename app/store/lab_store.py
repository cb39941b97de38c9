"""Labs between requests: in a store as bytes, the last ones also as they are."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.errors import InvalidInput, NotFound
from app.lab import limits
from app.lab.lab import Lab
from app.store.base import RunRecord, Store, key_of
from app.store.codec import Content, decode, encode, size_of


class LabCache:
    """The Labs used last, with all that they have already computed, by a name and a version.

    They are at most so many ``labs``, and take about so many ``megabytes`` of memory at most.
    """

    def __init__(self, labs: int, megabytes: int) -> None:
        self._labs: OrderedDict[str | bytes, tuple[int, Lab, int]] = OrderedDict()
        self._most, self._room = labs, megabytes * 1_000_000
        self._lock = Lock()

    def get(self, name: str | bytes) -> tuple[int, Lab] | None:
        """The version and the Lab that are kept under a name."""
        with self._lock:
            if found := self._labs.get(name):
                self._labs.move_to_end(name)
            return found and found[:2]

    def knows(self, name: str | bytes) -> bool:
        """Whether a Lab is kept under a name; asking is no use of it."""
        return name in self._labs

    def put(self, name: str | bytes, version: int, lab: Lab) -> None:
        """Keep a Lab; the ones that were used longest ago make room."""
        weight = _weight(lab)
        with self._lock:
            if replaced := self._labs.pop(name, None):
                self._room += replaced[2]
            self._labs[name] = version, lab, weight
            self._room -= weight
            while len(self._labs) > self._most or (self._room < 0 and len(self._labs) > 1):
                self._room += self._labs.popitem(last=False)[1][2]

    def drop(self, name: str | bytes) -> None:
        """Forget a Lab."""
        with self._lock:
            if dropped := self._labs.pop(name, None):
                self._room += dropped[2]


def _weight(lab: Lab) -> int:
    """About how many bytes a Lab takes: history, unpacked losses, evaluations, names, the rest."""
    scores = sum(
        len(segment.memory.scores) for branch in lab.branches for segment in branch.segments
    )
    named = 200 * limits.weights_of(lab.spec.layers)
    return size_of(lab) + 16 * lab.last_step + 256 * scores + named + 10_000


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """A stored network, read.

    Attributes:
        id: its id, which is the right to drive it; "" where it can only be seen.
        key: what it is kept under, see ``key_of``.
        last_op: the token of the request that wrote it.
        is_whole: whether an older program wrote it, without blocks.
        run: its run, where processes share the store.
        before: the network that this request has changed; None where it has changed none.
    """

    id: str
    key: bytes
    version: int
    lab: Lab
    last_op: str = ""
    is_whole: bool = False
    before: Lab | None = None
    run: RunRecord | None = None

    @property
    def command(self) -> str:
        """The command that wrote it; of what else has, a text that names none."""
        return self.last_op.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class LabStore:
    """Labs in a store, the last ones in a cache.

    ``count_steps`` hears how far each moves on, ``changed`` what a network is kept under that was
    written or deleted.
    """

    store: Store
    cache: LabCache
    count_steps: Callable[[int], None] | None = None
    changed: Callable[[bytes], None] | None = None

    def knows(self, network_id: str) -> bool:
        """Whether a network was used lately."""
        return self.cache.knows(key_of(network_id))

    async def create(
        self, network_id: str, lab: Lab, op: str = "", client: str | None = None, *,
        before: Lab | None = None,
    ) -> StoredNetwork:  # fmt: skip
        """Keep a new network, a while only if it is at its first step; see ``Store.create``.

        ``before`` is what a command made it of; other new networks took no step here.
        """
        key, content = key_of(network_id), encode(lab)
        stored = await self.store.create(
            network_id, content.data, op=op, blocks=content.blocks, client=client,
            brief=lab.last_step - lab.first_step <= 1,
        )  # fmt: skip
        self.cache.put(key, stored.version, lab)
        if before:
            self._count(lab.step - before.step)
        return StoredNetwork(network_id, key, stored.version, lab, op)

    def _count(self, steps: int) -> None:
        if self.count_steps and steps > 0:
            self.count_steps(steps)

    async def watch(self, key: bytes) -> StoredNetwork:
        """The network kept under ``key``, without its id: it can be seen, and not be driven."""
        return await self._read(key, "")

    async def load(self, network_id: str) -> StoredNetwork:
        """See ``Store.load``; NotFound also for data of a format that is no longer read."""
        return await self._read(key_of(network_id), network_id)

    async def _read(self, key: bytes, network_id: str) -> StoredNetwork:
        version, lab = self.cache.get(key) or (None, None)
        stored = await self.store.load(network_id or key, known=version)
        content = Content(stored.data, stored.blocks)
        if lab is None or stored.version != version or stored.is_rewritten:
            try:
                lab = decode(content)
            except (ValueError, LookupError, InvalidInput):
                raise NotFound("network_not_found") from None
            self.cache.put(key, stored.version, lab)
        return StoredNetwork(
            network_id, key, stored.version, lab, stored.last_op, content.is_whole, run=stored.run
        )

    async def save(self, opened: StoredNetwork, lab: Lab, op: str = "") -> StoredNetwork:
        """Write the next state; see ``Store.save``. InvalidInput if the history is too large."""
        if not fits(lab) and size_of(lab) > size_of(opened.lab):
            raise InvalidInput("history_full", limit=limits.MAX_STORED_BYTES // 1_000_000)
        content = encode(lab, None if opened.is_whole else opened.lab)
        stored = await self.store.save(
            opened.id, content.data, expected=opened.version, op=op,
            blocks=content.blocks, alone=content.alone,
        )  # fmt: skip
        self.cache.put(opened.key, stored.version, lab)
        self._count(lab.step - opened.lab.step)
        self._tell(opened.key)
        return StoredNetwork(
            opened.id, opened.key, stored.version, lab, op, before=opened.lab, run=stored.run
        )

    async def delete(self, network_id: str, expected: int | None = None) -> None:
        """Forget a network; see ``Store.delete``."""
        await self.store.delete(network_id, expected=expected)
        key = key_of(network_id)
        self.cache.drop(key)
        self._tell(key)

    def _tell(self, key: bytes) -> None:
        if self.changed:
            self.changed(key)


def fits(lab: Lab) -> bool:
    """Whether a network is small enough to be stored."""
    return size_of(lab) <= limits.MAX_STORED_BYTES
