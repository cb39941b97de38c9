"""The store on Valkey or Redis, which many processes share."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from app.errors import (
    CapacityReached,
    NotFound,
    StorageFull,
    StorageUnavailable,
    TakebackError,
    VersionConflict,
)
from app.store.base import NONE, PROBE, Blocks, RunRecord, Stored, key_of
from app.store.valkey_server import ValkeyServer

_SECRET_MILLISECONDS = 24 * 3600 * 1000
_MOST_STAMPS = 10_000
_SMALL = 4096


class ValkeyStore:
    """A ``Store`` (see ``app.store.base``) on a server that other processes use, too.

    Each act is one script on the server (``valkey.lua``), so two processes cannot come between
    each other, and compare-and-swap is the server's. What a process remembers of a network counts
    only if the server says, at each call, that its last write is still the one that was seen.

    Time is for how long somebody has served, kept on the server. A key also goes by itself, a
    week after its network would have expired, should nobody serve any more. Clients are kept as
    hashes under a ``secret`` that changes every day.
    """

    def __init__(
        self, server: ValkeyServer, *, ttl_seconds: float, max_networks: int,
        max_megabytes: int = 1024, brief_seconds: float | None = None,
    ) -> None:  # fmt: skip
        self.server = server
        self._ttl, self._brief = ttl_seconds, min(ttl_seconds, brief_seconds or ttl_seconds)
        self._most, self._bytes = max_networks, max_megabytes * 1024 * 1024
        self._stamps: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._name = secrets.token_hex(8)
        self._networks = 0
        self.secret = secrets.token_bytes(32)
        """What clients are hashed with; the same in all processes once ``tidy`` has been called."""

    async def create(
        self, network_id: str, data: bytes, *, op: str = "", blocks: Blocks = NONE,
        brief: bool = False, client: str | None = None,
    ) -> Stored:  # fmt: skip
        """Keep a new network; see ``Store.create``."""
        key, stamp = key_of(network_id).hex(), secrets.token_hex(8)
        kind, *more = await self.server.call(
            "create", key, stamp, client or "", int(brief), self._brief if brief else self._ttl,
            self._brief, self._most, self._bytes, op, data, *flat(blocks),
        )  # fmt: skip
        if kind == b"capacity":
            raise self._full(client, *more)
        self._check(kind)
        self._remember(key, 1, stamp)
        return Stored(1, data, op, blocks)

    def _full(self, client: str | None, wait: bytes, held: bytes, networks: int) -> CapacityReached:
        values: dict[str, Any] = {"limit": self._most, "retry_after": float(wait)}
        if networks >= self._most or client is None:
            self.server.log.tell(f"the store is full: {networks} networks")
            return CapacityReached(**values)
        self.server.log.tell("the store is nearly full: those who fill it get no more room")
        return CapacityReached("capacity_share", held=int(held), **values)

    def _check(self, kind: bytes, version: int | None = None) -> None:
        """Raise what the answer ``kind`` says."""
        match kind:
            case b"gone":
                raise NotFound("network_not_found")
            case b"conflict":
                raise VersionConflict(version=version)
            case b"share":
                self.server.log.tell("the store is nearly full: those who fill it get no more room")
                raise StorageFull("storage_share")
            case b"full":
                self.server.log.tell("the store is full: nothing can be written")
                raise StorageFull
            case b"exists":
                raise StorageUnavailable(reason="a new network's id is taken")

    def _remember(self, key: str, version: int, stamp: str) -> None:
        """Which write this process has seen last: versions alone could be others' by now."""
        self._stamps[key] = version, stamp
        self._stamps.move_to_end(key)
        if len(self._stamps) > _MOST_STAMPS:
            self._stamps.popitem(last=False)

    async def load(self, network_id: str | bytes, *, known: int | None = None) -> Stored:
        """The network as it stands; see ``Store.load``. Data that is small comes at any rate."""
        key = key_of(network_id).hex()
        seen, stamp = self._stamps.get(key, (None, ""))
        if seen is None or seen != known:
            seen, stamp = None, ""
        kind, *found = await self.server.call("load", key, seen or "", stamp, _SMALL)
        self._check(kind)
        version, op, stamp, data, run, blocks = found
        self._remember(key, int(version), stamp.decode())
        kept = {name.decode(): block for name, block in pairs(blocks)}
        again = kind == b"found" and int(version) == known
        return Stored(int(version), data, op.decode(), kept, record_of(run), is_rewritten=again)

    async def save(
        self, network_id: str, data: bytes, *, expected: int, op: str = "",
        blocks: Blocks = NONE, alone: bool = False,
    ) -> Stored:  # fmt: skip
        """Write the network if it stands at ``expected``; see ``Store.save``."""
        key, stamp = key_of(network_id).hex(), secrets.token_hex(8)
        kind, *more = await self.server.call(
            "save", key, expected, stamp, self._ttl, self._most, self._bytes, op, int(alone), data,
            *flat(blocks),
        )  # fmt: skip
        self._check(kind, more[0] if more else None)
        version, run = more
        self._remember(key, version, stamp)
        return Stored(version, data, op, run=record_of(run))

    async def delete(self, network_id: str, *, expected: int | None = None) -> None:
        """Forget a network; see ``Store.delete``."""
        key = key_of(network_id).hex()
        self._stamps.pop(key, None)
        kind, *more = await self.server.call("delete", key, "" if expected is None else expected)
        self._check(kind, more[0] if more else None)

    async def tidy(self) -> bool:
        """Remove some of what has expired; see ``Store.tidy``. The secret may be a new one."""
        await self.server.measure()
        more, self._networks, self.secret = await self.server.call(
            "tidy", self._name, secrets.token_bytes(32), _SECRET_MILLISECONDS
        )
        return bool(more)

    async def check(self) -> None:
        """Return if the store can serve; see ``Store.check``."""
        kind, *more = await self.server.call("check", self._most, self._brief, bytes(PROBE))
        if kind == b"capacity":
            raise self._full(None, *more)

    def count(self) -> int:
        """How many networks the store holds, as ``tidy`` last saw it."""
        return self._networks

    async def close(self) -> None:
        """Say that this process serves no more, and close the connections."""
        with suppress(TakebackError):
            await self.server.call("leave", self._name)
        await self.server.close()


def flat(blocks: Blocks) -> list[str | bytes]:
    """Names and blocks in a row, as the script takes them."""
    return [one for pair in blocks.items() for one in pair]


def pairs(row: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The fields and values of a hash that come in a row."""
    return [*zip(row[::2], row[1::2], strict=True)]


def record_of(row: Sequence[bytes]) -> RunRecord | None:
    """What the server keeps of a network's run, if it has one."""
    fields = {name.decode(): value.decode() for name, value in pairs(row)}
    if "op" not in fields:
        return None
    return RunRecord(
        op=fields["op"], first=int(fields["first"]), last=int(fields["last"]),
        about=fields["about"], look=fields.get("look"), stopped_by=fields.get("stop"),
        is_over="ended" in fields,
    )  # fmt: skip
