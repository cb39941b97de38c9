"""Noticing that a network was changed while something long is computed from it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.errors import NotFound, VersionConflict
from app.store.base import Store

LOOK_SECONDS = 0.5

T = TypeVar("T")


async def unless_changed(
    store: Store, network_id: str, version: int, work: Coroutine[Any, Any, T]
) -> T:
    """What ``work`` gives, if the network still stands at ``version`` as long as that takes.

    Raises:
        VersionConflict: it does not; the rest of the work is dropped.
    """
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
            found = await _version_of(store, network_id, version)
            if found != version:
                raise VersionConflict(version=found)
        return task.result()
    finally:
        task.cancel()


async def _version_of(store: Store, network_id: str, known: int) -> int | None:
    try:
        return (await store.load(network_id, known=known)).version
    except NotFound:
        return None
