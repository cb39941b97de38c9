"""Commands on stored networks: load, change, compare and swap."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import anyio.to_thread
from starlette.requests import Request

from app.checking import Check
from app.errors import InvalidInput, NotFound, PreconditionFailed, VersionConflict
from app.lab import Lab
from app.specs import spec_from_data
from app.store.base import Store
from app.store.codec import decode, encode
from app.web.schemas import MAX_WEIGHTS, SpecModel

Command = Callable[[Lab], Lab]

MAX_WORK = 400_000_000
"""The most weights x samples x steps of one request; a few seconds of NumPy."""
MAX_STORED_BYTES = 4_000_000
"""The most bytes of one network with its history; each request reads and writes them all."""
_INLINE_STEPS = 32
_INLINE_WORK = 20_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored network, read.

    Attributes:
        id: its id, which is the right to drive it.
        version: the store's version of it.
        lab: the network.
    """

    id: str
    version: int
    lab: Lab


class _Recent:
    """The last few Labs by their bytes, with all that they have already computed."""

    def __init__(self, size: int) -> None:
        self._labs: OrderedDict[bytes, Lab] = OrderedDict()
        self._size = size

    def put(self, data: bytes, lab: Lab) -> None:
        self._labs[data] = lab
        if len(self._labs) > self._size:
            self._labs.popitem(last=False)

    def get(self, data: bytes) -> Lab | None:
        return self._labs.get(data)


_known = _Recent(256)


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


def store_of(request: Request) -> Store:
    """The store of the application that the request came to."""
    store: Store = request.app.state.store
    return store


def fresh_lab(model: SpecModel) -> Lab:
    """A new network of a Spec.

    Raises:
        SpecError: its parts do not fit together.
        InvalidInput: it has too many weights, or its loss is not finite.
    """
    weights = sum(n_in * n_out for n_in, n_out in pairwise(model.layers))
    if weights > MAX_WEIGHTS:
        raise InvalidInput(
            "too_many_weights", pointer="/spec/layers", count=weights, limit=MAX_WEIGHTS
        )
    lab = Lab.fresh(spec_from_data(model.model_dump(exclude_none=True)))
    if not lab.is_finite:
        raise InvalidInput("loss_not_finite", pointer="/spec")
    return lab


async def create(store: Store, lab: Lab, op: str = "") -> Opened:
    """Store a new network under a new id."""
    network_id = new_id()
    stored = await store.create(network_id, encode(lab), op=op)
    return Opened(network_id, stored.version, lab)


async def open_network(store: Store, network_id: str) -> Opened:
    """The network as it stands.

    Raises:
        NotFound: it is unknown or has expired.
    """
    stored = await store.load(network_id)
    return Opened(network_id, stored.version, decode_known(stored.data))


async def change(
    store: Store,
    network_id: str,
    command: Command,
    *,
    expected: int | None = None,
    op: str = "",
    steps: int = 1,
) -> Opened:
    """Run ``command`` on a network and store the result, exactly once.

    Args:
        store: where it is kept.
        network_id: its id.
        command: from a Lab to the Lab after it.
        expected: the version it must stand at; None for whichever, trying again when another
            request comes first.
        op: a token of this request. If the network already stands one version further and the
            same token wrote it, this is a replay: it is answered, not run again.
        steps: how many steps the command takes; long runs leave the event loop free.

    Raises:
        VersionConflict: it stands at another version than ``expected``.
        NotFound: it is unknown or has expired.
    """
    while True:
        stored = await store.load(network_id)
        lab = decode_known(stored.data)
        if expected is not None and stored.version != expected:
            if op and stored.version == expected + 1 and stored.last_op == op:
                return Opened(network_id, stored.version, lab)
            raise VersionConflict(version=stored.version)
        changed = await run(command, lab, steps)
        if changed is lab and not op:
            return Opened(network_id, stored.version, lab)
        data = encode(changed)
        if len(data) > max(MAX_STORED_BYTES, len(stored.data)):
            raise InvalidInput("history_full", limit=MAX_STORED_BYTES // 1_000_000)
        _known.put(data, changed)
        try:
            written = await store.save(network_id, data, expected=stored.version, op=op)
        except VersionConflict:
            continue
        return Opened(network_id, written.version, changed)


async def run(command: Command, lab: Lab, steps: int = 1) -> Lab:
    """Carry out ``command``, which takes so many steps; long runs leave the event loop free.

    Raises:
        InvalidInput: it would take too long.
    """
    work = work_of(lab, steps)
    if work > MAX_WORK:
        limit = max(MAX_WORK // max(work_of(lab, 1), 1), 1)
        raise InvalidInput("too_much_work", pointer="/count", count=steps, limit=limit)
    if steps <= _INLINE_STEPS and work <= _INLINE_WORK:
        return command(lab)
    return await anyio.to_thread.run_sync(command, lab)


async def run_check(check: Callable[[Lab], Check], lab: Lab) -> Check:
    """Carry out a gradient check beside the event loop."""
    return await anyio.to_thread.run_sync(check, lab)


def work_of(lab: Lab, steps: int) -> int:
    """Weights x samples x steps."""
    spec = lab.spec
    weights: int = sum(array.size for array in spec.initial.weights)
    samples: int = min(spec.batch.size or spec.inputs.shape[0], spec.inputs.shape[0])
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
