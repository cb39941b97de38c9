"""What waits for slow clients lies in files without names, not in memory."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from anyio import sleep
from anyio.to_thread import run_sync

PIECE = 128 * 1024
"""Bytes that are sent or read at a time; no more than that is in memory of a slow client's."""
_AT_LEAST_SECONDS = 1.0
_LONG = 1_000_000


class Parcel:
    """Bytes that come from or go to a client: ``moved`` have so far, since ``begun``.

    ``drop`` is called if it has to make room for others; never while ``is_ours``, which says that
    its client is not waited for.
    """

    def __init__(self, file: "SpooledTemporaryFile[bytes]", drop: Callable[[], None]) -> None:
        self.file, self.drop = file, drop
        self.size = self.moved = 0
        self.begun = time.monotonic()
        self.is_ours = False

    def read(self) -> bytes:
        """The next piece; empty at the end."""
        piece = self.file.read(PIECE)
        self.moved += len(piece)
        return piece

    def rewind(self) -> None:
        """What was written is read now."""
        self.file.seek(0)
        self.moved = 0

    def pace(self) -> float:
        """Bytes a second."""
        return self.moved / (time.monotonic() - self.begun)


class Spool:
    """At most so many bytes in files of ``directory``; the slowest client makes room for others."""

    def __init__(self, directory: Path, most: int) -> None:
        self._directory, self._most = directory, most
        self._parcels: set[Parcel] = set()
        self._used = 0

    def open(self, drop: Callable[[], None]) -> Parcel:
        """An empty parcel; a small one stays in memory."""
        file = SpooledTemporaryFile(max_size=PIECE, dir=str(self._directory))  # noqa: SIM115
        parcel = Parcel(file, drop)
        self._parcels.add(parcel)
        return parcel

    async def add(self, parcel: Parcel, data: bytes | memoryview) -> None:
        """Append to a parcel, when there is room. Raises OSError if the disk is full."""
        while self._used + len(data) > self._most:
            if not self._drops_one(parcel):
                await sleep(0.1)
        self._used += len(data)
        parcel.size += len(data)
        parcel.moved += len(data)
        if len(data) > _LONG:
            await run_sync(parcel.file.write, data)
        else:
            parcel.file.write(data)

    def _drops_one(self, newcomer: Parcel) -> bool:
        """Whether a slow client's parcel could be dropped."""
        latest = time.monotonic() - _AT_LEAST_SECONDS
        slow = [
            one
            for one in self._parcels
            if one is not newcomer and not one.is_ours and one.begun < latest
        ]
        if not slow:
            return False
        slowest = min(slow, key=Parcel.pace)
        self.close(slowest)
        slowest.drop()
        return True

    def close(self, parcel: Parcel) -> None:
        """Forget a parcel, if that is not done yet."""
        if parcel in self._parcels:
            self._parcels.remove(parcel)
            self._used -= parcel.size
            parcel.file.close()
