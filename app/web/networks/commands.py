"""Commands on stored networks: load, change, compare and swap."""

import secrets
from collections.abc import Callable
from functools import partial

from app.engine.gradient_check import GradientCheck
from app.errors import InvalidInput, PreconditionFailed, VersionConflict
from app.lab import limits
from app.lab.lab import Lab
from app.lab.runs import RunCommand, StepCommand
from app.lab.spec_json import spec_from_data
from app.lab.timeline import CHECKPOINT_EVERY, stored_size
from app.store.lab_store import LabStore, StoredNetwork
from app.web.http.pool import Pool, whole
from app.web.networks.bodies import SpecModel
from app.web.networks.concurrent_change import unless_changed

Change = Callable[[Lab], Lab]
Command = Change | RunCommand

_INLINE_STEPS = 32
_INLINE_WORK = 20_000


def new_id() -> str:
    """An id with 144 random bits."""
    return secrets.token_urlsafe(18)


def fresh_lab(model: SpecModel) -> Lab:
    """A new network of a Spec.

    Raises:
        SpecError: its parts do not fit together.
        InvalidInput: it has too many weights, or its loss is not finite.
    """
    limits.check_weights(model.layers, "/spec/layers")
    lab = Lab.fresh(spec_from_data(model.model_dump(exclude_none=True)))
    if not lab.is_finite:
        raise InvalidInput("loss_not_finite", pointer="/spec")
    return lab


async def create(store: LabStore, lab: Lab, op: str = "") -> StoredNetwork:
    """Store a new network under a new id."""
    return await store.create(new_id(), lab, op)


async def open_network(store: LabStore, network_id: str) -> StoredNetwork:
    """The network as it stands.

    Raises:
        NotFound: it is unknown or has expired.
    """
    return await store.load(network_id)


async def change(
    store: LabStore,
    network_id: str,
    command: Command,
    *,
    pool: Pool,
    expected: int | None = None,
    op: str = "",
    steps: int = 1,
) -> StoredNetwork:
    """Run ``command`` on a network and store the result, exactly once.

    Args:
        store: where it is kept.
        network_id: its id.
        command: from a Lab to the Lab after it.
        pool: does what takes long.
        expected: the version it must stand at; None for whichever, trying again when another
            request comes first.
        op: a token of this request. If the network already stands one version further and the
            same token wrote it, this is a replay: it is answered, not run again.
        steps: how many steps the command takes; long ones leave the event loop free.

    Raises:
        VersionConflict: it stands at another version than ``expected``.
        NotFound: it is unknown or has expired.
        Busy: too many others want something long.
    """
    while True:
        opened = await store.load(network_id)
        lab, version = opened.lab, opened.version
        if expected is not None and version != expected:
            if op and version == expected + 1 and opened.last_op == op:
                return opened
            raise VersionConflict(version=version)
        work = run(command, lab, steps, pool=pool)
        try:
            if isinstance(command, RunCommand):
                work = unless_changed(store.store, network_id, version, work)
            changed = await work
            if changed is lab and not op:
                return opened
            return await store.save(opened, changed, op)
        except VersionConflict:
            if expected is None and isinstance(command, RunCommand) and not command.begins_again():
                return await open_network(store, network_id)


async def run(command: Command, lab: Lab, steps: int = 1, *, pool: Pool) -> Lab:
    """Carry out ``command``, which takes so many steps; long ones leave the event loop free.

    Raises:
        InvalidInput: it would take too long.
        Busy: too many others want something long.
    """
    if isinstance(command, RunCommand):
        check_room(lab, command.goal.count)
        slices = command.slices(lab)
    else:
        limits.check_work(lab.spec, steps, limits.MAX_WORK)
        if steps <= _INLINE_STEPS and limits.cost(lab.spec).work * steps <= _INLINE_WORK:
            return command(lab)
        if isinstance(command, StepCommand):
            slices = command.slices(lab)
        else:
            slices = whole(partial(command, lab))
    with pool.place():
        return await pool.do(slices)


async def run_check(
    check: Callable[[Lab], GradientCheck], lab: Lab, *, pool: Pool
) -> GradientCheck:
    """Carry out a gradient check beside the event loop."""
    with pool.place():
        return await pool.do(whole(partial(check, lab)))


def check_room(lab: Lab, steps: int) -> None:
    """Whether a run of so many steps is possible from here.

    Raises:
        InvalidInput: it would take too long, or its history would be too large; the error says
            how many steps would fit.
    """
    room = limits.MAX_STEPS - lab.step
    if steps > room:
        raise InvalidInput("run_too_long", pointer="/count", limit=room, most=limits.MAX_STEPS)
    limits.check_work(lab.spec, steps, limits.MAX_RUN_WORK)
    # Checkpoints are as large as they are; a packed loss takes a byte at the very least.
    fitting = int(limits.MAX_STORED_BYTES / (stored_size(lab.present) / CHECKPOINT_EVERY + 1))
    if steps > fitting:
        raise InvalidInput("run_too_large", pointer="/count", count=steps, limit=fitting)


def if_match(header: str | None) -> int | None:
    """The version that an If-Match header names; None for none and for ``*``.

    Raises:
        InvalidInput: the header is not an ETag of ours.
    """
    if header is None or header.strip() == "*":
        return None
    text = header.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise InvalidInput("if_match")
    return int(text)


def as_precondition(error: VersionConflict) -> PreconditionFailed:
    """The same conflict, told to an If-Match header."""
    return PreconditionFailed(version=error.values.get("version"))
