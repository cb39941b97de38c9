"""Loss and accuracy on all samples over the steps of a timeline, at evenly spread steps.

Only the loss of each step's own batch is kept, so the rest is computed again from checkpoints, and
remembered by the segment: a further step costs its own evaluation alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from app.engine.losses import LOSSES
from app.engine.metrics import Scores, scores_of
from app.engine.network import Spec, kept
from app.engine.training import run
from app.engine.validation import SpecError
from app.lab.limits import MAX_SCORE_STEPS, MAX_SCORE_WORK, weights_of
from app.lab.moment import Moment
from app.lab.timeline import CHECKPOINT_EVERY, Segment

MOST_POINTS = 128
_MOST_KEPT = 2_000  # of one segment


def known_until(standing: Moment) -> int:
    """The last step whose scores may be shown; one before the first where none may.

    As for the error's curve: steps ahead with an update in view only, and a step that is walked
    once its error is computed.
    """
    if standing.trace:
        return standing.last_step
    return standing.step if standing.progress.error else standing.step - 1


@kept
def watchable(spec: Spec) -> Mapping[str, Spec]:
    """The other losses that fit a network, each with the network that had it instead.

    They are as their formulas say: without a penalty, and of the targets as they are given.
    """
    plain = replace(spec.optimizer, weight_decay=0.0, weight_decay_form="gradient")
    found: dict[str, Spec] = {}
    for name in LOSSES.keys() - {spec.loss}:
        with suppress(SpecError):
            found[name] = replace(spec, loss=name, optimizer=plain, label_smoothing=0.0)
    return {name: found[name] for name in LOSSES if name in found}


def score_history_of(standing: Moment, until: int, watched: str = "") -> Mapping[int, Scores]:
    """Evaluations by step, in order, up to ``until``; the step in view is among them.

    With ``watched`` they are by that loss, of the steps whose network it fits.
    """
    stretches = _stretches(standing, until)
    return {step: it for part in stretches for step, it in _scored(standing, *part, watched)}


def _stretches(standing: Moment, until: int) -> Iterator[tuple[Segment, list[int]]]:
    """Each segment with those of its steps that are evaluated."""
    chosen = steps_of(standing, until)
    for segment, own in _spans(standing, until):
        yield segment, [step for step in chosen if step in own]


def steps_of(standing: Moment, until: int) -> list[int]:
    """Which steps are evaluated, in order."""
    spec, first, spacing = standing.spec, standing.first_step, 1
    while (until - first) // spacing > MOST_POINTS:
        spacing *= 2
    work = (until - first) * weights_of(spec.layers) * len(spec.inputs)
    if until - first <= MAX_SCORE_STEPS and work <= MAX_SCORE_WORK:
        steps = set(range(first, until + 1, spacing))
    else:
        steps = _checkpoints(standing, until, spacing)
    return sorted(steps | {step for step in (standing.step, until) if first <= step <= until})


def _spans(standing: Moment, until: int) -> Iterator[tuple[Segment, range]]:
    """Each segment with its steps up to ``until``; where two meet, the later one's."""
    starts = [segment.start for segment in standing.segments[1:]]
    for segment, end in zip(standing.segments, [*starts, until + 1], strict=True):
        yield segment, range(segment.start, min(end, until + 1))


def _checkpoints(standing: Moment, until: int, spacing: int) -> set[int]:
    """Steps whose parameters are kept, at least ``spacing`` apart."""
    steps: list[int] = []
    for _, span in _spans(standing, until):
        for step in span[::CHECKPOINT_EVERY]:
            if not steps or step >= steps[-1] + spacing:
                steps.append(step)
    return set(steps)


def _scored(
    standing: Moment, segment: Segment, steps: list[int], watched: str
) -> Iterator[tuple[int, Scores]]:
    """The evaluations at some steps of one segment, in order."""
    known = segment.memory.scores
    spec = watchable(segment.spec).get(watched) if watched else segment.spec
    if spec is None:
        return
    block, parameters, at = -1, standing.parameters, 0
    for step in steps:
        found = known.get((watched, step))
        if found is None and step == standing.step:
            found = scores_of(spec, standing.parameters)
        elif found is None:
            index, offset = divmod(step - segment.start, CHECKPOINT_EVERY)
            if index != block:
                block, at = index, step - offset
                parameters = segment.checkpoint(index)
            parameters, at = run(segment.spec, parameters, at, step - at)[1], step
            found = scores_of(spec, parameters)
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[watched, step] = found
        yield step, found


def missing(standing: Moment, until: int, watched: str = "") -> int:
    """How many of the evaluations from step 0 to ``until`` are not remembered."""
    return sum(
        (watched, step) not in segment.memory.scores
        for segment, steps in _stretches(standing, until)
        for step in steps
    )
