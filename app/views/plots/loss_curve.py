"""The error over the steps, and the timelines that it belongs to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app import messages
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.lab.lab import Lab
from app.views.text.formatting import number, plain

WIDTH, HEIGHT = 460.0, 150.0
_POINTS = 200
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Losses = NDArray[np.float64]
Steps = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Axis:
    """How steps and errors become places.

    Attributes:
        first, steps: the first and the last step.
        low, high: the errors at the bottom and the top.
        log: whether each step up multiplies the error.
    """

    first: int
    steps: int
    low: float
    high: float
    log: bool

    @property
    def span(self) -> int:
        """How many steps it is long."""
        return max(self.steps - self.first, 1)

    def points(self, chosen: Steps, losses: Losses) -> str:
        """An SVG points list.

        Args:
            chosen: how many steps after the first one.
            losses: the errors there.
        """
        xs = chosen / self.span * WIDTH
        return " ".join(
            f"{x:.1f},{self.height(y):.1f}"
            for x, y in zip(xs.tolist(), losses.tolist(), strict=True)
        )

    def place(self, step: int) -> float:
        """How far right a step stands."""
        return (step - self.first) / self.span * WIDTH

    def height(self, loss: float) -> float:
        """How far below the top an error stands."""
        if not self.log:
            return HEIGHT * (1 - loss / self.high)
        span = math.log(self.high / self.low) or 1.0
        return HEIGHT * (1 - math.log(max(loss, self.low) / self.low) / span)


def axis_of(curves: Sequence[Losses], first: int, steps: int, *, log: bool) -> Axis:
    """One axis for some curves from step ``first`` to ``steps``.

    A logarithmic one begins at the smallest error above zero.
    """
    high = max(float(curve.max()) for curve in curves) or 1.0
    low = 0.0
    if log:
        low = min(float(np.min(curve, where=curve > 0, initial=np.inf)) for curve in curves)
    if log and not low < high:
        low = high / 10
    return Axis(first, steps, low, high, log)


def sampled(losses: Losses) -> Steps:
    """Which steps are drawn: all, or of even stretches the lowest and the highest error.

    The first and the last step are among them. Mini-batches make errors that swing: steps at
    equal distances could follow one batch alone.
    """
    count = len(losses)
    if count <= _POINTS:
        return np.arange(count, dtype=np.int64)
    edges = np.linspace(0, count, _POINTS // 2).astype(int)
    stretches = [losses[low:high] for low, high in pairwise(edges.tolist())]
    found = [low + place(stretch) for low, stretch in zip(edges.tolist(), stretches, strict=False)
             for place in (np.argmin, np.argmax)]  # fmt: skip
    steps: Steps = np.unique([0, *found, count - 1])
    return steps


@dataclass(frozen=True, slots=True)
class Curve:
    """The error over all steps of the present timeline.

    Attributes:
        points: an SVG points list.
        x, y: where the step in view stands.
        top, bottom: the texts at the ends of the axis.
        first: the number of the first step.
        steps: the number of the last step.
        step: the one in view.
        is_drawn: whether there is anything to draw yet.
        log: whether the axis is logarithmic.
        values: the errors at the points, exact: "step:error step:error ...".
        value_text: the step in view and its error, in words.
    """

    points: str
    x: str
    y: str
    top: str
    bottom: str
    first: int
    steps: int
    step: int
    is_drawn: bool
    log: bool
    values: str
    value_text: str


def curve_of(lab: Lab, *, log: bool) -> Curve:
    """The present timeline's curve.

    Steps ahead are drawn with an update in view only: on the way to it, the errors that lie
    ahead are not computed yet.
    """
    first, last = lab.first_step, lab.last_step
    passed = lab.step - first + lab.progress.error
    known = lab.all_losses if lab.trace else lab.loss_history[:passed]
    if last == first or not len(known):
        return Curve("", "", "", "", "", first, last, lab.step, False, log, "", "")
    axis = axis_of([known], first, last, log=log)
    chosen = sampled(known)
    step = min(lab.step, first + len(known) - 1)
    now = float(known[step - first])
    pairs = zip((first + chosen).tolist(), known[chosen].tolist(), strict=True)
    return Curve(
        points=axis.points(chosen, known[chosen]),
        x=f"{axis.place(step):.1f}",
        y=f"{axis.height(now):.1f}",
        top=number(axis.high),
        bottom=number(axis.low) if log else "0",
        first=first,
        steps=last,
        step=lab.step,
        is_drawn=True,
        log=log,
        values=" ".join(f"{place}:{loss!r}" for place, loss in pairs),
        value_text=messages.CURVE_VALUE.format(step=step, loss=plain(now)),
    )


# --- branches -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BranchView:
    """A timeline to choose.

    Attributes:
        index: its index.
        name: a letter.
        about: where it began and with what.
        last: its last step.
        is_present: whether it is the one in view.
    """

    index: int
    name: str
    about: str
    last: int
    is_present: bool


def branch_name(index: int) -> str:
    """A, B, ... Z, A2, B2, ..."""
    turn, letter = divmod(index, len(_LETTERS))
    return _LETTERS[letter] + (str(turn + 1) if turn else "")


def branches_of(lab: Lab) -> tuple[BranchView, ...]:
    """All timelines."""
    return tuple(
        BranchView(index, branch_name(index), _about(lab, index), branch.end, index == lab.branch)
        for index, branch in enumerate(lab.branches)
    )


def _about(lab: Lab, index: int) -> str:
    branch = lab.branches[index]
    first = branch.segments[0]
    rate = plain(first.spec.optimizer.learning_rate)
    if branch.parent is None:
        root = messages.BRANCH_LATER if branch.start else messages.BRANCH_ROOT
        return root.format(rate=rate, step=branch.start)
    parent = lab.path_of(branch.parent)
    before = next(s for s in reversed(parent) if s.start <= branch.start)
    held = before.parameters_at(branch.start)
    now = first.parameters_at(first.start)
    changes = [*_rule_changes(before.spec, first.spec), *_value_changes(first.spec, held, now)]
    if not np.array_equal(before.spec.inputs, first.spec.inputs):
        changes.append(messages.CHANGED_INPUTS)
    if not np.array_equal(before.spec.targets, first.spec.targets):
        changes.append(messages.CHANGED_TARGETS)
    what = ", ".join(changes) or messages.UNCHANGED
    return messages.BRANCH_FROM.format(
        parent=branch_name(branch.parent), step=branch.start, what=what
    )


def _rule_changes(old: Spec, new: Spec) -> list[str]:
    changes = []
    before, after = (spec.optimizer.learning_rate for spec in (old, new))
    if before != after:
        changes.append(f"η {plain(before)} → {plain(after)}")
    if old.loss != new.loss:
        changes.append(messages.LOSSES[new.loss])
    if old.bias_update != new.bias_update:
        changes.append(messages.BIAS_UPDATES[new.bias_update])
    if old.hidden_deltas != new.hidden_deltas:
        changes.append(messages.HIDDEN_DELTAS[new.hidden_deltas])
    return changes


_MOST_CHANGES = 3


def _value_changes(spec: Spec, old: Parameters, new: Parameters) -> list[str]:
    changes = []
    for layer, (one, other) in enumerate(zip(old.weights, new.weights, strict=True)):
        for j, i in np.argwhere(one != other).tolist():
            name = spec.names.weights[layer][j][i]
            changes.append(f"{name} {plain(one[j, i])} → {plain(other[j, i])}")
    for layer, (row, changed) in enumerate(zip(old.biases, new.biases, strict=True)):
        node = spec.names.bias_nodes[layer]
        for (j,) in np.argwhere(row != changed).tolist()[: 1 if node else None]:
            name = node or spec.names.biases[layer][j]
            changes.append(f"{name} {plain(row[j])} → {plain(changed[j])}")
    more = len(changes) - _MOST_CHANGES
    if more <= 1:
        return changes
    return [*changes[:_MOST_CHANGES], messages.MORE_CHANGES.format(count=more)]
