"""Commands on stored networks: compare and swap."""

import asyncio
from pathlib import Path
from typing import Any

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.runs import StepCommand
from app.store.base import Stored
from app.store.lab_store import LabCache, LabStore
from app.store.sqlite import SqliteStore
from app.web.budgets.pool import Pool, PoolShare
from app.web.budgets.turns import Client
from app.web.networks.commands import change

CROWD = 20


class _SlowStore(SqliteStore):
    """A store that is asked over a line: while it answers, other requests go on."""

    tries = 0

    async def load(self, network: Any, known: int | None = None) -> Stored:
        await asyncio.sleep(0)
        return await super().load(network, known=known)

    async def save(self, *arguments: Any, **more: Any) -> Stored:
        self.tries += 1
        await asyncio.sleep(0)
        return await super().save(*arguments, **more)


def test_of_many_requests_at_once_each_writes_at_its_first_try(tmp_path: Path) -> None:
    store = _SlowStore(tmp_path, ttl_seconds=900, max_networks=9)
    labs, pool = LabStore(store, LabCache(9, 9)), PoolShare(Pool(1, 9), Client("", ""))

    async def step_together() -> int:
        await labs.create("a" * 24, Lab.fresh(EXAMPLES["mazur-2-2-2"].spec))
        steps = (change(labs, "a" * 24, StepCommand(1), pool=pool) for _ in range(CROWD))
        await asyncio.gather(*steps)
        done = await labs.load("a" * 24)
        await store.close()
        return done.lab.step

    assert asyncio.run(step_together()) == CROWD
    assert store.tries == CROWD
