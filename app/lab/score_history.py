"""Loss and accuracy on all samples over the steps of a timeline, at evenly spread steps.

Only the loss of each step's own batch is kept, so the rest is computed again from checkpoints, and
remembered: a further step costs its own evaluation alone.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock

from app.engine.metrics import Scores, scores_of
from app.engine.network import Spec
from app.engine.training import run
from app.lab.moment import Moment
from app.lab.timeline import CHECKPOINT_EVERY, Segment, read_parameters, stored_size

MOST_POINTS = 128
MOST_REPLAYED = 2_048
"""The longest timeline that is evaluated between its checkpoints too."""
MOST_WORK = 40_000_000
"""The most weights x samples x steps that this may take."""
_MOST_KEPT = 50_000

_Key = tuple[bytes, int]


class _Kept:
    """The evaluations computed last, by what they follow from."""

    def __init__(self) -> None:
        self._found: OrderedDict[_Key, Scores] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> Scores | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def __contains__(self, key: _Key) -> bool:
        return key in self._found

    def put(self, key: _Key, found: Scores) -> None:
        with self._lock:
            self._found[key] = found
            if len(self._found) > _MOST_KEPT:
                self._found.popitem(last=False)


_kept = _Kept()


def known_until(standing: Moment) -> int:
    """The last step whose scores may be shown; one before the first where none may.

    As for the error's curve: steps ahead with an update in view only, and a step that is walked
    once its error is computed.
    """
    if standing.trace:
        return standing.last_step
    return standing.step if standing.progress.error else standing.step - 1


def score_history_of(standing: Moment, until: int) -> Mapping[int, Scores]:
    """Evaluations by step, in order, up to ``until``; the step in view is among them."""
    found: dict[int, Scores] = {}
    for segment, steps in _stretches(standing, until):
        found.update(_scored(standing, segment, steps))
    return found


def _stretches(standing: Moment, until: int) -> Iterator[tuple[Segment, list[int]]]:
    """Each segment with those of its steps that are evaluated."""
    chosen = steps_of(standing, until)
    for segment, end in zip(standing.segments, _ends(standing, until), strict=True):
        yield segment, [step for step in chosen if segment.start <= step < end]


def steps_of(standing: Moment, until: int) -> list[int]:
    """Which steps are evaluated, in order."""
    spec, first = standing.spec, standing.first_step
    spacing = 1
    while (until - first) // spacing > MOST_POINTS:
        spacing *= 2
    work = (until - first) * sum(w.size for w in spec.initial.weights) * len(spec.inputs)
    if until - first <= MOST_REPLAYED and work <= MOST_WORK:
        steps = set(range(first, until + 1, spacing))
    else:
        steps = _checkpoints(standing, until, spacing)
    return sorted(steps | {step for step in (standing.step, until) if first <= step <= until})


def _ends(standing: Moment, until: int) -> list[int]:
    """The steps before which each segment ends, none of them past ``until`` + 1."""
    starts = [segment.start for segment in standing.segments[1:]]
    return [min(end, until + 1) for end in (*starts, until + 1)]


def _checkpoints(standing: Moment, until: int, spacing: int) -> set[int]:
    """Steps whose parameters are kept, at least ``spacing`` apart."""
    steps: set[int] = set()
    last = -spacing
    for segment, end in zip(standing.segments, _ends(standing, until), strict=True):
        for step in range(segment.start, end, CHECKPOINT_EVERY):
            if step >= last + spacing:
                steps.add(step)
                last = step
    return steps


def _scored(standing: Moment, segment: Segment, steps: list[int]) -> Iterator[tuple[int, Scores]]:
    """The evaluations at some steps of one segment, in order."""
    spec, size = segment.spec, stored_size(segment.spec)
    block, parameters, at = -1, standing.parameters, 0
    for step, key in zip(steps, _keys(segment, steps), strict=True):
        found = _kept.get(key)
        if found is None and step == standing.step:
            found = scores_of(spec, standing.parameters)
        elif found is None:
            index, offset = divmod(step - segment.start, CHECKPOINT_EVERY)
            if index != block:
                block, at = index, step - offset
                parameters = read_parameters(spec, segment.checkpoints, index * size)
            parameters, at = run(spec, parameters, at, step - at)[1], step
            found = scores_of(spec, parameters)
        _kept.put(key, found)
        yield step, found


def _keys(segment: Segment, steps: list[int]) -> Iterator[_Key]:
    """What the evaluations at some steps of a segment follow from: a checkpoint, and how far on."""
    rules, size = digest(segment.spec), stored_size(segment.spec)
    names: dict[int, bytes] = {}
    for step in steps:
        index, offset = divmod(step - segment.start, CHECKPOINT_EVERY)
        if index not in names:
            data = segment.checkpoints[index * size : (index + 1) * size]
            names[index] = hashlib.blake2b(rules + data, digest_size=16).digest()
        yield names[index], offset


def missing(standing: Moment, until: int) -> int:
    """How many of the evaluations from step 0 to ``until`` are not remembered."""
    return sum(
        key not in _kept
        for segment, steps in _stretches(standing, until)
        for key in _keys(segment, steps)
    )


@lru_cache(maxsize=256)
def digest(spec: Spec) -> bytes:
    """What tells the rules and the samples of two Specs apart; their first parameters do not."""
    rules = (
        spec.layers, spec.activations, spec.loss, spec.optimizer, spec.batch, spec.bias_update,
        spec.hidden_deltas, spec.slope_at_zero, spec.leaky_slope,
        *(len(table) for table in (spec.inputs, spec.test_inputs)),
    )  # fmt: skip
    tables = (spec.inputs, spec.targets, spec.test_inputs, spec.test_targets)
    content = repr(rules).encode() + b"".join(table.tobytes() for table in tables)
    return hashlib.blake2b(content, digest_size=16).digest()
