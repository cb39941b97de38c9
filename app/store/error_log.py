"""What goes wrong with a store, in the log: not once for each request that it goes wrong for."""

import logging
import time

_SECONDS = 60.0
_log = logging.getLogger("takeback.store")


class ErrorLog:
    """Errors of one store, each told once a minute at most."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def tell(self, text: str, event: str = "store_full") -> None:
        """Log an error; ``event`` is what the metrics count it as."""
        now = time.monotonic()
        if now - self._told.get(text, -_SECONDS) >= _SECONDS:
            self._told[text] = now
            _log.error("%s", text, extra={"event": event})
