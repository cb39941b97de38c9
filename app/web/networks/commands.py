"""Commands on stored networks: load, change, compare and swap."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from app.engine.gradient_check import GradientCheck
from app.errors import InvalidInput, NotFound, PreconditionFailed, VersionConflict
from app.lab.lab import MAX_STEPS, Lab
from app.lab.limits import fitting_layers, sizes_of, weights_of
from app.lab.runs import RunCommand, StepCommand
from app.lab.spec_json import spec_from_data
from app.lab.timeline import CHECKPOINT_EVERY, stored_size
from app.store.base import Store
from app.store.codec import decode, encode
from app.web.http.pool import Pool, whole
from app.web.networks.bodies import MAX_WEIGHTS, SpecModel
from app.web.networks.concurrent_change import unless_changed

Change = Callable[[Lab], Lab]
Command = Change | RunCommand

MAX_WORK = 400_000_000
"""The most weights x samples x steps of one request; a few seconds of NumPy."""
MAX_RUN_WORK = 20_000_000_000
"""The same of a run, which a person watches and may stop, or which ends after a while."""
MAX_RUN_SECONDS = 20.0
"""How long a run goes on for somebody who waits for its end."""
MAX_STORED_BYTES = 4_000_000
"""The most bytes of one network with its history; each request reads and writes them all."""
_INLINE_STEPS = 32
_INLINE_WORK = 20_000


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """A stored network, read.

    Attributes:
        id: its id, which is the right to drive it.
        version: the store's version of it.
        lab: the network.
        data: the same as bytes.
    """

    id: str
    version: int
    lab: Lab
    data: bytes = b""


class _Recent:
    """The last few Labs by their bytes, with all that they have already computed.

    Args:
        size: how many at most.
        room: how many bytes they may take, about.
    """

    def __init__(self, size: int, room: int) -> None:
        self._labs: OrderedDict[bytes, Lab] = OrderedDict()
        self._size = size
        self._room = self._left = room

    def put(self, data: bytes, lab: Lab) -> None:
        self.drop(data)
        self._labs[data] = lab
        self._left -= _weight(data, lab)
        while len(self._labs) > self._size or (self._left < 0 and len(self._labs) > 1):
            self.drop(next(iter(self._labs)))

    def get(self, data: bytes) -> Lab | None:
        return self._labs.get(data)

    def drop(self, data: bytes) -> None:
        if lab := self._labs.pop(data, None):
            self._left += _weight(data, lab)


def _weight(data: bytes, lab: Lab) -> int:
    """How many bytes a Lab takes with the losses that it has unpacked."""
    return len(data) + 16 * lab.last_step


_known = _Recent(256, 200_000_000)


def decode_known(data: bytes) -> Lab:
    """``decode``, or the Lab that was just written as these very bytes.

    Raises:
        NotFound: an older program wrote them, in a format that is no longer read.
    """
    try:
        return _known.get(data) or decode(data)
    except ValueError:
        raise NotFound("network_not_found") from None


def new_id() -> str:
    """An id with 144 random bits."""
    return secrets.token_urlsafe(18)


def fresh_lab(model: SpecModel) -> Lab:
    """A new network of a Spec.

    Raises:
        SpecError: its parts do not fit together.
        InvalidInput: it has too many weights, or its loss is not finite.
    """
    check_weights(model.layers, "/spec/layers")
    lab = Lab.fresh(spec_from_data(model.model_dump(exclude_none=True)))
    if not lab.is_finite:
        raise InvalidInput("loss_not_finite", pointer="/spec")
    return lab


def check_weights(layers: Sequence[int], pointer: str) -> None:
    """Raise InvalidInput if a network of these layers has too many weights."""
    weights = weights_of(layers)
    if weights > MAX_WEIGHTS:
        raise InvalidInput(
            "too_many_weights", pointer=pointer, count=weights, limit=MAX_WEIGHTS,
            sum=" + ".join(f"{n_in} x {n_out}" for n_in, n_out in pairwise(layers)),
            fits="-".join(map(str, fitting_layers(layers, MAX_WEIGHTS))),
        )  # fmt: skip


async def create(store: Store, lab: Lab, op: str = "") -> StoredNetwork:
    """Store a new network under a new id."""
    network_id, data = new_id(), encode(lab)
    stored = await store.create(network_id, data, op=op)
    return StoredNetwork(network_id, stored.version, lab, data)


async def open_network(store: Store, network_id: str) -> StoredNetwork:
    """The network as it stands.

    Raises:
        NotFound: it is unknown or has expired.
    """
    stored = await store.load(network_id)
    return StoredNetwork(network_id, stored.version, decode_known(stored.data), stored.data)


async def change(
    store: Store,
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
        stored = await store.load(network_id)
        lab = decode_known(stored.data)
        opened = StoredNetwork(network_id, stored.version, lab, stored.data)
        if expected is not None and stored.version != expected:
            if op and stored.version == expected + 1 and stored.last_op == op:
                return opened
            raise VersionConflict(version=stored.version)
        work = run(command, lab, steps, pool=pool)
        try:
            if isinstance(command, RunCommand):
                work = unless_changed(store, network_id, stored.version, work)
            changed = await work
            if changed is lab and not op:
                return opened
            return await save(store, opened, changed, op)
        except VersionConflict:
            if expected is None and isinstance(command, RunCommand) and not command.begins_again():
                return await open_network(store, network_id)


async def save(store: Store, opened: StoredNetwork, changed: Lab, op: str = "") -> StoredNetwork:
    """Store a network's next state.

    Raises:
        VersionConflict: it no longer stands where it was opened.
        InvalidInput: its history has become too large.
    """
    data = encode(changed)
    if len(data) > max(MAX_STORED_BYTES, len(opened.data)):
        raise InvalidInput("history_full", limit=MAX_STORED_BYTES // 1_000_000)
    written = await store.save(opened.id, data, expected=opened.version, op=op)
    _known.drop(opened.data)
    _known.put(data, changed)
    return StoredNetwork(opened.id, written.version, changed, data)


def fits(lab: Lab) -> bool:
    """Whether a network is small enough to be stored."""
    return len(encode(lab)) <= MAX_STORED_BYTES


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
        check_work(lab, steps, MAX_WORK)
        if steps <= _INLINE_STEPS and work_of(lab, steps) <= _INLINE_WORK:
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


def check_work(lab: Lab, steps: int, most: int) -> None:
    """Whether so many steps are few enough for one request.

    Raises:
        InvalidInput: they are not; the error says how many are.
    """
    if work_of(lab, steps) > most:
        weights, samples = sizes_of(lab.spec)
        raise InvalidInput(
            "too_much_work", pointer="/count", count=steps, limit=most // (weights * samples),
            weights=weights, samples=samples, work=f"{work_of(lab, steps):,}", most=f"{most:,}",
        )  # fmt: skip


def check_room(lab: Lab, steps: int) -> None:
    """Whether a run of so many steps is possible from here.

    Raises:
        InvalidInput: it would take too long, or its history would be too large; the error says
            how many steps would fit.
    """
    room = MAX_STEPS - lab.step
    if steps > room:
        raise InvalidInput("run_too_long", pointer="/count", limit=room, most=MAX_STEPS)
    check_work(lab, steps, MAX_RUN_WORK)
    # Checkpoints are as large as they are; a packed loss takes a byte at the very least.
    fitting = int(MAX_STORED_BYTES / (stored_size(lab.present) / CHECKPOINT_EVERY + 1))
    if steps > fitting:
        raise InvalidInput("run_too_large", pointer="/count", count=steps, limit=fitting)


def work_of(lab: Lab, steps: int) -> int:
    """Weights x samples x steps."""
    weights, samples = sizes_of(lab.spec)
    return weights * samples * steps


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
