"""Two timelines of one network side by side: both curves, and both sets of numbers at a step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.errors import InvalidInput
from app.explain.notation import Notation
from app.lab.lab import Lab
from app.messages.marking import N_
from app.views.pages.branches import BranchView, branches_of
from app.views.plots.axes import Axis
from app.views.plots.loss_curve import loss_axis, points_of, sampled, step_axis
from app.views.text.formatting import Label, label, number, plain, reading_order

_TEXTS: Mapping[str, str] = {
    "left": N_(
        "{left} at step {left_step} has the smaller error: {left_loss} against {right_loss} "
        "of {right} at step {right_step}."
    ),
    "right": N_(
        "{right} at step {right_step} has the smaller error: {right_loss} against {left_loss} "
        "of {left} at step {left_step}."
    ),
    "same": N_("Both have the same error: {left_loss}."),
}


@dataclass(frozen=True, slots=True)
class BranchSide:
    """One of the two.

    Attributes:
        branch: which timeline.
        step: where it is compared: the step asked for, or its last one.
        points: its curve, an SVG points list.
        x, y: where that step stands.
        loss: the error there, exact; loss_text: rounded.
        rate: the learning rate there.
    """

    branch: BranchView
    step: int
    points: str
    x: str
    y: str
    loss: float
    loss_text: str
    rate: str


@dataclass(frozen=True, slots=True)
class ParameterPair:
    """A parameter's two values; None where a timeline has no such parameter."""

    name: Label
    left: float | None
    right: float | None
    left_text: str
    right_text: str
    difference: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both, ready to print."""

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


def compare(
    lab: Lab, left: int, right: int, step: int | None, notation: Notation, digits: int, *, log: bool
) -> Comparison:
    """Compare two branches.

    Args:
        lab: the network.
        left: the index of the first.
        right: of the second.
        step: where; the last step that both have if None.
        notation: what things are called.
        digits: how many decimals are shown.
        log: whether the error's axis is logarithmic.

    Raises:
        InvalidInput: there is no such branch, or neither has such a step.
    """
    ends = [_checked(lab, name, index) for name, index in (("a", left), ("b", right))]
    step = min(ends) if step is None else step
    if step > max(ends):
        raise InvalidInput("maximum", pointer="/step", maximum=max(ends))
    labs = [
        lab.switched(index, min(step, end)) for index, end in zip((left, right), ends, strict=True)
    ]
    losses = [one.all_losses for one in labs]
    axes = step_axis(lab.first_step, max(ends)), loss_axis(losses, log=log)
    views = branches_of(lab)
    sides = [
        _side(one, views[index], axes, digits)
        for index, one in zip((left, right), labs, strict=True)
    ]
    return Comparison(
        sides[0], sides[1], views, notation, log, step, lab.first_step, max(ends),
        number(axes[1].high), number(axes[1].low) if log else "0",
        number(sides[1].loss - sides[0].loss, max(6, digits), signed=True),
        tuple(_pairs(labs[0], labs[1], digits)),
        _text(sides[0], sides[1]),
    )  # fmt: skip


def _side(lab: Lab, branch: BranchView, axes: tuple[Axis, Axis], digits: int) -> BranchSide:
    curve, (x, y) = lab.all_losses, axes
    loss, chosen = float(curve[lab.step - lab.first_step]), sampled(curve)
    return BranchSide(
        branch, lab.step, points_of(x, y, lab.first_step + chosen, curve[chosen]),
        f"{x.place(lab.step):.1f}", f"{y.place(loss):.1f}", loss, number(loss, max(6, digits)),
        plain(lab.present.optimizer.learning_rate),
    )  # fmt: skip


def _text(left: BranchSide, right: BranchSide) -> str:
    """Which of the two is nearer."""
    code = "left" if left.loss < right.loss else "right" if right.loss < left.loss else "same"
    return _TEXTS[code].format(
        left=left.branch.name, right=right.branch.name, left_step=left.step,
        right_step=right.step, left_loss=left.loss_text, right_loss=right.loss_text,
    )  # fmt: skip


def _checked(lab: Lab, name: str, index: int) -> int:
    """The last step of a branch that exists."""
    if not 0 <= index < len(lab.branches):
        limit = len(lab.branches) - 1
        raise InvalidInput("maximum", pointer=f"/{name}", maximum=limit)
    return lab.branches[index].end


def _values(lab: Lab) -> dict[str, float]:
    """Every parameter by name: weights in reading order, then biases."""
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
