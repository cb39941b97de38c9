"""Time that nobody can set: how long the program has run."""

import time
from collections.abc import Callable

_MOST_AT_ONCE = 300.0


class Uptime:
    """Seconds that have passed, by a clock that is not the wall's.

    A machine that was suspended, or a clock that is changed for all the program sees, counts as
    five minutes at most. Somebody has to look every few minutes, as housekeeping does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._seen, self._passed = clock, clock(), 0.0

    def __call__(self) -> float:
        """How many seconds have passed."""
        now = self._clock()
        self._passed += min(max(now - self._seen, 0.0), _MOST_AT_ONCE)
        self._seen = now
        return self._passed
