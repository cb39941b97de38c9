"""Two timelines of one network side by side: both curves, and both sets of numbers at a step."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.engine.metrics import scores_of
from app.errors import InvalidInput
from app.explain.notation import Notation
from app.explain.rounding import number
from app.lab.lab import Lab
from app.messages.marking import N_
from app.views.pages.branches import BranchView, branches_of
from app.views.plots.axes import Axis
from app.views.plots.loss_curve import loss_axis, points_of, sampled, step_axis
from app.views.text.formatting import Label, label, plain, reading_order

_TEXTS: Mapping[str, str] = {
    "left": N_(
        "{left} is ahead: {left_loss} at step {left_step}, against {right_loss} for {right} at "
        "step {right_step}."
    ),
    "right": N_(
        "{right} is ahead: {right_loss} at step {right_step}, against {left_loss} for {left} at "
        "step {left_step}."
    ),
    "same": N_("Both branches have the same error: {left_loss}."),
}
_BY_MEAN = N_("By the mean error over all training samples: {text}")


class BranchSide(NamedTuple):
    """One of the two: its timeline, the step where it is compared, and its curve.

    That is the step asked for, or its last one; it stands at ``x``, ``y``, and has the error
    ``loss`` and the learning rate ``rate``. The curve has the error of each step's batch; where
    steps see different batches, ``loss`` is the mean over all training samples.
    """

    branch: BranchView
    step: int
    points: str
    x: str
    y: str
    loss: float
    loss_text: str
    rate: str


class ParameterPair(NamedTuple):
    """A parameter's two values; None where a timeline has no such parameter."""

    name: Label
    left: float | None
    right: float | None
    left_text: str
    right_text: str
    difference: str


class Comparison(NamedTuple):
    """Both, ready to print; ``is_mean`` where their errors are means over all training samples."""

    left: BranchSide
    right: BranchSide
    branches: tuple[BranchView, ...]
    notation: Notation
    log: bool
    step: int
    first: int
    last: int
    top: str
    bottom: str
    loss_difference: str
    pairs: tuple[ParameterPair, ...]
    text: str
    is_mean: bool


def compare(
    lab: Lab, left: int, right: int, step: int | None, notation: Notation, digits: int, *, log: bool
) -> Comparison:
    """Compare two branches by their indices, at ``step`` or at the last step that both have.

    ``log``: the error's axis is logarithmic. Raises InvalidInput where there is no such branch, or
    neither has such a step.
    """
    for name, index in (("a", left), ("b", right)):
        if not 0 <= index < len(lab.branches):
            raise InvalidInput("maximum", pointer=f"/{name}", maximum=len(lab.branches) - 1)
    ends = [lab.branches[index].end for index in (left, right)]
    step = min(ends) if step is None else step
    if step > max(ends):
        raise InvalidInput("maximum", pointer="/step", maximum=max(ends))
    views, first = branches_of(lab), lab.first_step
    labs = lab.switched(left, min(step, ends[0])), lab.switched(right, min(step, ends[1]))
    axes = step_axis(first, max(ends)), loss_axis([one.all_losses for one in labs], log=log)
    is_mean = any(at.present.batches > 1 for at in labs)
    one, other = (_side(at, views[at.branch], axes, digits, is_mean=is_mean) for at in labs)
    text = _text(one, other)
    return Comparison(
        one, other, views, notation, log, step, first, max(ends),
        number(axes[1].high), number(axes[1].low) if log else "0",
        number(other.loss - one.loss, max(6, digits), signed=True),
        tuple(_pairs(*labs, digits)), _BY_MEAN.format(text=text) if is_mean else text, is_mean,
    )  # fmt: skip


def _side(
    lab: Lab, branch: BranchView, axes: tuple[Axis, Axis], digits: int, *, is_mean: bool
) -> BranchSide:
    curve, (x, y) = lab.all_losses, axes
    own, chosen = float(curve[lab.step - lab.first_step]), sampled(curve)
    mean = scores_of(lab.present, lab.parameters).training.loss if is_mean else own
    loss = math.inf if mean is None else mean
    return BranchSide(
        branch, lab.step, points_of(x, y, lab.first_step + chosen, curve[chosen]),
        f"{x.place(lab.step):.1f}", f"{y.place(own):.1f}", loss, number(loss, max(6, digits)),
        plain(lab.present.optimizer.learning_rate),
    )  # fmt: skip


def _text(left: BranchSide, right: BranchSide) -> str:
    code = "left" if left.loss < right.loss else "right" if right.loss < left.loss else "same"
    return _TEXTS[code].format(
        left=left.branch.name, right=right.branch.name, left_step=left.step,
        right_step=right.step, left_loss=left.loss_text, right_loss=right.loss_text,
    )  # fmt: skip


def _values(lab: Lab) -> dict[str, float]:
    parts = reading_order(lab.present.names.parameters())
    return {part.name: part.of(lab.parameters) for part in parts}


def _pairs(left: Lab, right: Lab, digits: int) -> Iterator[ParameterPair]:
    ours, theirs = _values(left), _values(right)
    for name in ours | theirs:
        one, other = ours.get(name), theirs.get(name)
        yield ParameterPair(
            label(name), one, other,
            "" if one is None else number(one, digits),
            "" if other is None else number(other, digits),
            "" if one is None or other is None else number(other - one, digits, signed=True),
        )  # fmt: skip
