"""Who fills a store: in memory only, so that nothing about people is in the file.

A client is whatever its caller tells clients apart by; None is nobody in particular, such as all
that were here before the program started.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from heapq import nlargest

_OF_WHAT_IS_FREE = 4.0
"""A client may hold so many times as much as is free: four fifths of the store if it is alone."""
_LEFT_ALONE = 600.0
"""For so many seconds a new network stays, however full the store is."""
_BUSIEST = 4
ClientKey = str | None
WrittenRow = tuple[int, str]


@dataclass(slots=True)
class _Kept:
    """A network that is kept: until when, and how large it is; ``brief`` if nobody touched it.

    ``written`` is the version that this program wrote last, and the token of who asked for it.
    """

    client: ClientKey
    expires: float
    size: int
    brief: bool
    written: WrittenRow | None = None


@dataclass(slots=True)
class _Holding:
    """What one client's networks take; the brief ones, oldest first."""

    networks: int = 0
    size: int = 0
    brief: dict[bytes, None] = field(default_factory=dict)


class Occupancy:
    """The networks in a store of so many ``networks`` and bytes, by who created them."""

    def __init__(self, networks: int, size: int, brief_seconds: float) -> None:
        self._most, self._most_bytes = networks, size
        self._left_alone = brief_seconds - min(_LEFT_ALONE, brief_seconds / 2)
        # Each in the order in which they expire.
        self._brief: OrderedDict[bytes, _Kept] = OrderedDict()
        self._lasting: OrderedDict[bytes, _Kept] = OrderedDict()
        self._holdings: dict[ClientKey, _Holding] = {}

    def __len__(self) -> int:
        return len(self._brief) + len(self._lasting)

    def add(self, key: bytes, client: ClientKey, expires: float, size: int, *, brief: bool) -> None:
        """Count a new network."""
        (self._brief if brief else self._lasting)[key] = _Kept(client, expires, size, brief)
        holding = self._holdings.setdefault(client, _Holding())
        holding.networks += 1
        holding.size += size
        if brief:
            holding.brief[key] = None

    def renew(self, key: bytes, expires: float, grown: int, written: WrittenRow) -> None:
        """A network was written: it stays until ``expires``, and takes more bytes or fewer."""
        kept = self._lasting.get(key)
        if kept is None:
            kept = self._brief.pop(key)
            kept.brief = False
            self._lasting[key] = kept
            del self._holdings[kept.client].brief[key]
        else:
            self._lasting.move_to_end(key)
        kept.expires, kept.written = expires, written
        if grown:
            kept.size += grown
            self._holdings[kept.client].size += grown

    def drop(self, key: bytes) -> None:
        """A network is gone."""
        kept = self._brief.pop(key, None) or self._lasting.pop(key)
        holding = self._holdings[kept.client]
        holding.networks -= 1
        holding.size -= kept.size
        holding.brief.pop(key, None)
        if not holding.networks:
            del self._holdings[kept.client]

    def expired(self, now: float) -> bytes | None:
        """A network whose time is over."""
        for networks in (self._brief, self._lasting):
            for key, kept in networks.items():
                if kept.expires <= now:
                    return key
                break
        return None

    def next_expiry(self) -> float | None:
        """When the next network expires, if none is touched."""
        first = [next(iter(ones.values())).expires for ones in (self._brief, self._lasting) if ones]
        return min(first, default=None)

    def written(self, key: bytes, now: float) -> WrittenRow | None:
        """What this program wrote last of a network whose time is not over."""
        kept = self._lasting.get(key)
        return kept.written if kept and kept.expires > now else None

    def client_of(self, key: bytes) -> ClientKey:
        """Who created a network."""
        kept = self._lasting.get(key) or self._brief.get(key)
        return kept.client if kept else None

    def admits(self, client: ClientKey, used: int) -> bool:
        """Whether ``client`` may store one more, where so many bytes of the file are ``used``."""
        free = self._most - len(self)
        within = client is None or self.held_by(client) < _OF_WHAT_IS_FREE * free
        return free > 0 and within and self.grants(client, used)

    def grants(self, client: ClientKey, used: int) -> bool:
        """Whether what ``client`` has may grow."""
        holding, free = self._holdings.get(client), self._most_bytes - used
        if client is None or holding is None:
            return True
        return holding.size < _OF_WHAT_IS_FREE * free

    def replaceable(self, client: ClientKey, now: float) -> bytes | None:
        """The oldest untouched network of one of the busiest clients, busier than ``client``."""
        if client is None:
            return None
        own = self._share(client)
        for other in nlargest(_BUSIEST, self._holdings, key=self._share):
            oldest = next(iter(self._holdings[other].brief), None)
            if self._share(other) <= own:
                break
            if oldest and self._brief[oldest].expires <= now + self._left_alone:
                return oldest
        return None

    def held_by(self, client: ClientKey) -> int:
        """How many networks ``client`` holds."""
        return self._holdings[client].networks if client in self._holdings else 0

    def _share(self, client: ClientKey) -> float:
        """Which part of the store ``client`` fills."""
        holding = self._holdings.get(client)
        if holding is None:
            return 0.0
        return max(holding.networks / self._most, holding.size / self._most_bytes)
