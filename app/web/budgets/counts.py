"""Counts of requests in memory; those of the package limits begin a thread for almost each."""

import time

from limits.storage import Storage

_FEW = 1000


class Counts(Storage):
    """How often each key was counted in its window, as ``limits`` wants it of a storage.

    Windows that are over are forgotten when half of all may be, so counting takes no longer with
    more clients.
    """

    base_exceptions = ()

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, tuple[float, int]] = {}  # its end and its count
        self._most = _FEW

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count once more; a window of ``expiry`` seconds begins where none is."""
        now = time.time()
        end, count = self._windows.get(key, (0.0, 0))
        if end <= now:
            self._make_room(now)
            end, count = now + expiry, 0
        self._windows[key] = end, count + amount
        return count + amount

    def _make_room(self, now: float) -> None:
        if len(self._windows) >= self._most:
            self._windows = {key: one for key, one in self._windows.items() if one[0] > now}
            self._most = max(2 * len(self._windows), _FEW)

    def get(self, key: str) -> int:
        """How often a key was counted in its present window."""
        end, count = self._windows.get(key, (0.0, 0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When a key's window ends, in seconds since 1970; now if there is none."""
        now = time.time()
        return max(self._windows.get(key, (0.0, 0))[0], now)

    def check(self) -> bool:
        """Say that memory is there."""
        return True

    def reset(self) -> int:
        """Forget all counts; how many there were."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget a key's count."""
        self._windows.pop(key, None)
