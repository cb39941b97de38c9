"""Work in threads beside the event loop."""

from collections.abc import Callable
from typing import Any

import anyio

_beside_the_loop = anyio.CapacityLimiter(2)


async def made(make: Callable[[], Any]) -> Any:
    """What ``make`` returns, made in one of two threads: others need not wait for it."""
    return await anyio.to_thread.run_sync(make, limiter=_beside_the_loop)
