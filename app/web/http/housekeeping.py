"""What a store does now and then by itself, in small pieces, while requests go on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import TakebackError
from app.store.base import Store

_SECONDS, _SOON = 10.0, 0.1
_log = logging.getLogger("takeback.store")


@asynccontextmanager
async def housekeeping(store: Store, seconds: float = _SECONDS) -> AsyncIterator[None]:
    """Keep a store tidy for as long as the context lasts."""
    task = asyncio.create_task(_keep_tidy(store, seconds))
    try:
        yield
    finally:
        task.cancel()


async def _keep_tidy(store: Store, seconds: float) -> None:
    while True:
        more = False
        try:
            more = await store.tidy()
        except TakebackError:
            pass  # the store has logged it; it may be better next time
        except Exception:
            _log.exception("housekeeping failed; it goes on")
        await asyncio.sleep(min(_SOON, seconds) if more else seconds)
