"""What can be read of a damaged database file: page by page, whatever became of its trees.

SQLite reads a table along its tree, so one damaged page takes along all that lies below it. Here
each page is read for itself, by the file format (https://sqlite.org/fileformat2.html), and so are
the pages in the write-ahead log that were committed.
"""

import mmap
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Record = tuple[Any, ...]
_MAGIC = b"SQLite format 3\0"
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 13, 10, 2
_CELLS_AT = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_PAGE_SIZES = (8192, 4096)  # what this program has made, should the header not tell
_KEY = 32
_LARGEST = 64 * 1024 * 1024
_LOG_HEAD, _FRAME_HEAD = 32, 24
_LOG_MAGIC = b"\x37\x7f\x06"
_MOST = 0xFFFFFFFF
_WRONG = (ValueError, LookupError, struct.error)


def records_of(path: Path) -> Iterator[Record]:
    """What can be read of the file at ``path`` and its log, in the order of its pages.

    A network is (key, version, op, time, data), a block (key, name, data), the clock (seconds,);
    networks and blocks have a checksum after their data, but for those of older files. Those of
    rooms are as ``app/store/classroom_tables.py`` has their tables.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        log = Path(f"{path}-wal")
        logged = log.read_bytes() if log.exists() else b""
        told = struct.unpack_from(">H", content[16:18].ljust(2, b"\0"))[0]
        sizes = dict.fromkeys((*([told] if told in _powers() else []), *_PAGE_SIZES))
        found = [_Pages(content, logged, size) for size in sizes]
        best = max(found, key=lambda pages: sum(1 for _ in pages.records(most=400)))
        yield from best.records()


def _powers() -> list[int]:
    return [2**power for power in range(9, 16)]


class _Pages:
    """The pages of a file, those of its log in their places."""

    def __init__(self, content: Any, log: bytes, size: int) -> None:
        self._content, self._size = content, size
        self._logged = _committed(log, size)
        self._count = max([len(content) // size, *self._logged])

    def records(self, most: int | None = None) -> Iterator[Record]:
        """The records on the first ``most`` pages, or on all."""
        free = self._free()
        for number in range(1, min(self._count, most or self._count) + 1):
            if number not in free:
                yield from self._on_page(number)

    def page(self, number: int) -> bytes:
        if not 1 <= number <= self._count:
            raise LookupError
        at = (number - 1) * self._size
        return self._logged.get(number) or bytes(self._content[at : at + self._size])

    def _free(self) -> set[int]:
        """Pages that hold nothing any more, as far as the file can tell."""
        found: set[int] = set()
        try:
            first = self.page(1)
            trunk = struct.unpack_from(">I", first, 32)[0] if first.startswith(_MAGIC) else 0
            while trunk and trunk not in found:
                following, count = struct.unpack_from(">II", page := self.page(trunk))
                found |= {trunk, *struct.unpack_from(f">{count}I", page, 8)}
                trunk = following
        except _WRONG:
            pass
        return found

    def _on_page(self, number: int) -> Iterator[Record]:
        page, at = self.page(number), 100 if number == 1 else 0
        kind = page[at] if len(page) == self._size else 0
        if kind not in _CELLS_AT:
            return
        (count,) = struct.unpack_from(">H", page, at + 3)
        form = f">{min(count, self._size // 4)}H"
        for cell in dict.fromkeys(struct.unpack_from(form, page, at + _CELLS_AT[kind])):
            try:
                record = _record(self._payload(page, cell, kind))
            except _WRONG:
                continue
            if _is_ours(record):
                yield record

    def _payload(self, page: bytes, at: int, kind: int) -> bytes:
        """The bytes of a cell, those on its overflow pages included."""
        size, at = _varint(page, at + (4 if kind == _INDEX_INTERIOR else 0))
        if kind == _TABLE_LEAF:
            _, at = _varint(page, at)
        if size > _LARGEST:
            raise ValueError
        local, chained = self._local(size, kind), self._size - 4
        parts, left = [page[at : at + local]], size - local
        if len(parts[0]) != local:
            raise ValueError
        following = struct.unpack_from(">I", page, at + local)[0] if left else 0
        while left > 0:
            page = self.page(following)
            (following,) = struct.unpack_from(">I", page)
            parts.append(page[4 : 4 + min(left, chained)])
            left -= chained
        if following:
            raise ValueError  # not the chain that was written
        return b"".join(parts)

    def _local(self, size: int, kind: int) -> int:
        """How many bytes of a payload lie on its own page."""
        room = self._size - 12
        most = self._size - 35 if kind == _TABLE_LEAF else room * 64 // 255 - 23
        if size <= most:
            return size
        least = room * 32 // 255 - 23
        fitting = least + (size - least) % (self._size - 4)
        return fitting if fitting <= most else least


def _is_ours(record: Record) -> bool:
    """Whether it is of one of our tables."""
    match record:
        case (bytes() as key, int(), str(), int() | float(), bytes(), *kept):
            return len(key) == _KEY and _is_checksum(kept)
        case (bytes() as key, str(), bytes(), *kept):
            return len(key) == _KEY and _is_checksum(kept)
        case (int() | float(),):
            return True
        case (bytes() as key, str(), str(), str(), int(), int() | float()):
            return len(key) == _KEY
        case (bytes() as key, str(), str() | int(), int()) | (bytes() as key, bytes(), int()):
            return len(key) == _KEY
    return False


def _is_checksum(kept: list[Any]) -> bool:
    return not kept or (len(kept) == 1 and isinstance(kept[0], int))


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for index in range(8):
        byte = page[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | page[at + 8], at + 9


def _record(payload: bytes) -> Record:
    """The values of a record."""
    body, at = _varint(payload, 0)
    values, end = [], body
    while at < end:
        kind, at = _varint(payload, at)
        size = _INTEGERS.get(kind) or {7: 8}.get(kind) or max(kind - 12, 0) // 2
        raw = payload[body : body + size]
        if len(raw) != size:
            raise ValueError
        values.append(_value(kind, raw))
        body += size
    return tuple(values)


def _value(kind: int, raw: bytes) -> Any:
    if kind in _INTEGERS:
        return int.from_bytes(raw, "big", signed=True)
    if kind == 7:
        return struct.unpack(">d", raw)[0]
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind]
    if kind < 12:
        raise ValueError
    return raw if kind % 2 == 0 else raw.decode()


class _Frame(NamedTuple):
    """A page in a write-ahead log: the salt of its time, and whether its checksum holds."""

    number: int
    commits: bool
    salt: bytes
    page: bytes
    sound: bool


def _frames(log: bytes, size: int, words: str) -> list[_Frame]:
    """All frames, each held against the one before it."""
    found: list[_Frame] = []
    sums = _sums(words, log[:24], (0, 0))
    for at in range(_LOG_HEAD, len(log) - _FRAME_HEAD - size + 1, _FRAME_HEAD + size):
        number, committed = struct.unpack_from(">II", log, at)
        page = log[at + _FRAME_HEAD : at + _FRAME_HEAD + size]
        told = struct.unpack_from(">II", log, at + 16)
        sound = _sums(words, page, _sums(words, log[at : at + 8], sums)) == told
        found.append(_Frame(number, committed > 0, log[at + 8 : at + 16], page, sound))
        sums = told
    return found


def _logged(log: bytes, size: int) -> list[_Frame]:
    """The frames that were written since the log began anew, damaged ones among them."""
    if len(log) < _LOG_HEAD:
        return []
    words = ">II" if log[3] & 1 else "<II"
    told = struct.unpack_from(">II", log, 24)
    if log.startswith(_LOG_MAGIC) and _sums(words, log[:24], (0, 0)) == told:
        if struct.unpack_from(">I", log, 8)[0] != size:
            return []
        salt, frames = log[16:24], _frames(log, size, words)
    else:  # the head is damaged: two frames in a row that go together tell what it said
        both = [_frames(log, size, order) for order in ("<II", ">II")]
        frames = max(both, key=lambda read: sum(frame.sound for frame in read))
        salt = next((one.salt for one in frames[1:] if one.sound), b"")
    last = max((at for at, frame in enumerate(frames) if frame.salt == salt), default=-1)
    return [one._replace(sound=one.sound and one.salt == salt) for one in frames[: last + 1]]


def has_gap(path: Path) -> bool:
    """Whether the log of the file at ``path`` goes on after damage, where SQLite would end it."""
    log = Path(f"{path}-wal")
    content = log.read_bytes() if log.exists() else b""
    told = struct.unpack_from(">I", content, 8)[0] if len(content) >= _LOG_HEAD else 0
    frames = _logged(content, told if told in _powers() else _PAGE_SIZES[0])
    return not all(frame.sound for frame in frames[:-1])


def _committed(log: bytes, size: int) -> dict[int, bytes]:
    """The pages of a write-ahead log up to its last commit, by their numbers; damaged ones lack.

    What follows one whose head is damaged, too, cannot be held against it, and counts.
    """
    pages: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    if not (frames := _logged(log, size)):
        return pages
    before = last = frames[-1]
    for frame in frames:
        if frame.sound or (not before.sound and frame.salt == last.salt):
            pending[frame.number] = frame.page
        if frame.commits and frame.salt == last.salt and (frame.sound or frame is not last):
            pages |= pending
            pending.clear()
        before = frame
    return pages


def _sums(words: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """The log's running checksum: each word is added to the two sums before it, which are next.

    So a word counts as often as Fibonacci's number says that there are words from it to the end.
    """
    values = np.frombuffer(data, f"{words[0]}u4").astype(np.uint32)
    values[:2] += np.array([sum(sums) & _MOST, sums[1]], np.uint32)
    weights = _fibonacci(len(values))
    return int(weights[1:] @ values[:-1]), int(weights @ values)


@lru_cache(maxsize=16)
def _fibonacci(count: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """So many of Fibonacci's numbers, the last one first, each without what 32 bits do not hold."""
    found = [1, 1]
    while len(found) < count:
        found.append((found[-1] + found[-2]) & _MOST)
    return np.array(found[::-1], np.uint32)
