"""Commands on stored networks: load, change, compare and swap."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request

from app.errors import InvalidInput, NotFound, VersionConflict
from app.lab import limits
from app.lab.lab import Lab
from app.lab.runs import RunCommand, StepCommand
from app.lab.spec_json import check_options, spec_from_data
from app.lab.unused_rules import check_rules
from app.store.base import Store
from app.store.lab_runs import PastRun, is_of
from app.store.lab_store import LabStore, StoredNetwork
from app.web.budgets.pool import PoolShare, whole
from app.web.budgets.rates import SITE_BITS, Quota, address_hash, spend
from app.web.http.application import store_of
from app.web.networks.bodies import SpecModel

T = TypeVar("T")
LabChange = Callable[[Lab], Lab]
Command = LabChange | RunCommand
_INLINE_STEPS, _INLINE_WORK = 32, 20_000
LOOK_SECONDS = 0.5


def fresh_lab(model: SpecModel) -> Lab:
    """A new network of a Spec; InvalidInput if that does not fit together or has no finite loss."""
    limits.check_weights(model.layers, "/spec/layers")
    given, start = model.optimizer.model_fields_set, model.initialization
    data = model.model_dump(exclude_none=True)
    check_options(model.optimizer.model_dump(), given)
    check_rules(data, start.model_fields_set if start else (), given)
    lab = Lab.fresh(spec_from_data(data))
    if not lab.is_finite:
        raise InvalidInput("loss_not_finite", pointer="/spec")
    return lab


async def create(
    request: Request, lab: Lab, op: str = "", *, before: Lab | None = None
) -> StoredNetwork:
    """Store a new network under a new id of 144 random bits; ``before`` is as in ``LabStore``.

    Raises TooManyRequests if too many come from one address.
    """
    await spend(request, Quota.NETWORK)
    name = secrets.token_urlsafe(18)
    client = address_hash(request, SITE_BITS)
    return await store_of(request).create(name, lab, op, client, before=before)


async def change(
    store: LabStore, network_id: str, command: Command, *, pool: PoolShare,
    expected: int | None = None, op: str = "", name: str = "", steps: int = 1,
) -> StoredNetwork:  # fmt: skip
    """Run ``command``, which takes so many ``steps``, on a network; store the result exactly once.

    VersionConflict is raised if the network stands at another version than ``expected``; where None
    is expected, the command is tried again when another request comes first. ``op`` is a token of
    this request: if the network stands one version further and the same token wrote it, this is a
    replay, which is answered and not run again. Without one, ``name`` tells those who follow what
    was done. Also raises NotFound, and Busy as ``run`` does.
    """
    is_run = isinstance(command, RunCommand)
    async with nullcontext() if is_run else pool.change_of(network_id):
        return await _change(store, network_id, command, pool, expected, op, name, steps)


async def _change(
    store: LabStore, network_id: str, command: Command, pool: PoolShare,
    expected: int | None, op: str, name: str, steps: int,
) -> StoredNetwork:  # fmt: skip
    while True:
        opened = await store.load(network_id)
        version = opened.version
        if expected is not None and version != expected:
            if op and version == expected + 1 and is_of(op, opened.last_op):
                return opened
            raise VersionConflict(version=version)
        work = run(command, opened.lab, steps, pool=pool)
        try:
            if isinstance(command, RunCommand):
                work = unless_changed(store.store, network_id, version, work)
            changed = await work
            if changed is opened.lab and not op:
                return opened
            return await store.save(opened, changed, _token(command, op or f":{name}"))
        except VersionConflict:
            if expected is None and isinstance(command, RunCommand) and not command.begins_again():
                return await store.load(network_id)


def _token(command: Command, op: str) -> str:
    """The token of a command's save; a run's says how it ended."""
    if not isinstance(command, RunCommand) or not command.ending or not command.start:
        return op
    return PastRun(command.ending, command.goal, command.start.step).after(op)


async def run(command: Command, lab: Lab, steps: int = 1, *, pool: PoolShare) -> Lab:
    """Carry out ``command``, which takes so many steps; long ones leave the event loop free.

    Raises InvalidInput if it would take too long, Busy if too many others want something long, and
    Late if they took too long.
    """
    if not isinstance(command, RunCommand):
        limits.check_work(lab.spec, steps, limits.MAX_WORK)
        if steps <= _INLINE_STEPS and limits.cost(lab.spec).work * steps <= _INLINE_WORK:
            return command(lab)
    else:
        command.goal.check_room(lab)
    if isinstance(command, RunCommand | StepCommand):
        slices = command.slices(lab)
    else:
        slices = whole(partial(command, lab))
    return await pool.do(slices, "steps")


async def unless_changed(
    store: Store, network_id: str, version: int, work: Coroutine[Any, Any, T]
) -> T:
    """What ``work`` gives, if the network stands at ``version`` as long as that takes.

    Otherwise the rest of the work is dropped and VersionConflict raised.
    """
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
            try:
                found = (await store.load(network_id, known=version)).version
            except NotFound:
                found = None
            if found != version:
                raise VersionConflict(version=found)
        return task.result()
    finally:
        task.cancel()
