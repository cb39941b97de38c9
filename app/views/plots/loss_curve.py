"""The error over the steps as a curve."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from app import messages
from app.explain.rounding import number
from app.lab.lab import Lab
from app.lab.score_history import known_until, score_history_of
from app.views.plots.axes import Axis
from app.views.text.sample import own_error_of

WIDTH, HEIGHT = 460.0, 150.0
MOST_POINTS = 120
_MOST_BRANCHES = 8
"""So many other branches are drawn, the youngest ones."""
_FIGURES = 6
Losses = NDArray[np.float64]
Steps = NDArray[np.int64]


def step_axis(first: int, last: int) -> Axis:
    """The axis of steps."""
    return Axis(first, max(last, first + 1), length=WIDTH)


def loss_axis(curves: Sequence[Losses], *, log: bool) -> Axis:
    """One axis upwards for some curves; a logarithmic one begins at the smallest error above 0."""
    high = max(float(curve.max()) for curve in curves) or 1.0
    low = 0.0
    if log:
        low = min(float(np.min(curve, where=curve > 0, initial=np.inf)) for curve in curves)
        low = low if low < high else high / 10
    return Axis(low, high, length=HEIGHT, up=True, log=log)


def points_of(steps: Axis, losses: Axis, chosen: Steps | Losses, values: Losses) -> str:
    """The error at the chosen steps as an SVG points list."""
    places = (
        np.stack((steps.places(chosen.astype(float)), losses.places(values)), axis=1)
        .ravel()
        .tolist()
    )
    return (" %.1f,%.1f" * len(chosen) % tuple(places))[1:]  # in one go, as a page waits for it


def sampled(losses: Losses) -> Steps:
    """Which steps are drawn: all, or of even stretches the lowest and the highest error.

    The first and the last step are among them. Mini-batches make errors that swing: steps at
    equal distances could follow one batch alone.
    """
    count = len(losses)
    if count <= MOST_POINTS:
        return np.arange(count, dtype=np.int64)
    width = -(-count // (MOST_POINTS // 2 - 1))
    # A row a stretch, each up to where its neighbour begins; the last one is filled up.
    filled = np.full(count + width, losses[-1])
    filled[:count] = losses
    rows = sliding_window_view(filled, width + 1)[:count:width]
    starts = np.arange(0, count, width)
    is_drawn = np.zeros(count + width, dtype=bool)
    is_drawn[starts + rows.argmin(1)] = is_drawn[starts + rows.argmax(1)] = True
    is_drawn[[0, count - 1]] = True
    return is_drawn[:count].nonzero()[0]


class Curve(NamedTuple):
    """The error over all steps of the present timeline, as an SVG points list.

    Where steps see batches, that is the mean over all training samples (``is_mean``), and
    ``batches`` are the batches' own errors as an SVG path. ``x`` and ``y`` are where the step in
    view stands, ``top`` and ``bottom`` the ends of the axis of errors; ``first``, ``steps`` and
    ``step`` are the first step, the last and the one in view. ``others`` are the other branches as
    one SVG path, each from where it began; those of batches are not drawn, as they do not compare.
    ``keys`` says what line and points are, "" where there is a line alone.
    ``is_drawn``: there is something to draw. ``values`` are the errors at the points, "step:error
    step:error ...", and ``form`` is what tells one of them. ``value_text`` tells the step in view
    and its error, ``label`` what is drawn.
    """

    first: int
    steps: int
    step: int
    log: bool
    is_mean: bool
    form: str
    keys: str
    is_drawn: bool = False
    points: str = ""
    batches: str = ""
    others: str = ""
    x: str = ""
    y: str = ""
    top: str = ""
    bottom: str = ""
    values: str = ""
    value_text: str = ""
    label: str = ""


def curve_of(
    lab: Lab, *, log: bool, loss: str = "E", digits: int = _FIGURES, bare: bool = False
) -> Curve:
    """The present timeline's curve; ``loss`` is what the error is called.

    ``bare``: without its texts, for a page that keeps them and asks only whether it is drawn. Steps
    ahead are drawn with an update in view only: on the way to it, the errors that lie ahead are not
    computed yet.
    """
    first, last = lab.first_step, lab.last_step
    is_mean = lab.present.batches > 1
    known = _known(lab)
    form = messages.CURVE_MEAN if is_mean else messages.CURVE_VALUE
    own_error = own_error_of(lab.present)
    none = Curve(first, last, lab.step, log, is_mean, form, messages.CURVE_KEYS[own_error])
    if last == first or not len(known):
        return none
    if bare and not is_mean:
        return none._replace(is_drawn=True)
    own = sampled(known)
    steps, errors = _means(lab) if is_mean else (first + own, known[own])
    if not len(steps):
        return none
    of_batches = _of_one_sample(lab, first + own, known[own]) if is_mean else known[:0]
    others = [] if is_mean else list(_other_branches(lab))
    drawn = (errors, of_batches) if is_mean else (errors, *(row for _, row in others))
    x, y = step_axis(first, last), loss_axis(drawn, log=log)
    own_step = lab.step <= int(steps[-1])
    step = lab.step if own_step else int(steps[-1])
    at = int(np.searchsorted(steps, step))
    now = float(errors[at] if is_mean else known[step - first])
    told = number(now, digits) if own_step else messages.NOT_YET_COMPUTED
    top = number(y.high)
    pairs = zip(steps.tolist(), errors.tolist(), strict=True)
    return none._replace(
        is_drawn=True,
        points=points_of(x, y, steps, errors),
        batches=_dots(points_of(x, y, first + own, of_batches)) if is_mean else "",
        others="".join(
            "M" + points_of(x, y, start + sampled(row), row[sampled(row)]).replace(" ", "L")
            for start, row in others
        ),
        x=f"{x.place(step):.1f}",
        y=f"{y.place(now):.1f}",
        top=top,
        bottom=number(y.low) if log else "0",
        values=" ".join(f"{step}:{number(error, digits)}" for step, error in pairs),
        value_text=form.format(step=lab.step, loss=told),
        label=messages.CURVES[own_error].format(loss=loss, first=first, steps=last, top=top),
    )


def _known(lab: Lab) -> Losses:
    """The errors that phases have computed; where batches take turns, not that of the next one."""
    if lab.trace is None:
        return lab.loss_history[: lab.step - lab.first_step + lab.progress.error]
    return lab.all_losses[:-1] if lab.present.batches > 1 else lab.all_losses


def _other_branches(lab: Lab) -> Iterator[tuple[int, Losses]]:
    """Where the other branches began, and their errors from there, as far as this one goes."""
    others = [one for index, one in enumerate(lab.branches) if index != lab.branch]
    for branch in others[-_MOST_BRANCHES:]:
        *earlier, held = branch.segments
        rows = [one.memory.losses(one.losses, len(one.losses)) for one in earlier]
        errors = np.concatenate([*rows, held.losses_to_end])[: lab.last_step - branch.start + 1]
        if len(errors) > 1 and np.isfinite(errors).all():
            yield branch.start, errors


def _means(lab: Lab) -> tuple[Steps, Losses]:
    """The steps at which the mean error over all training samples is drawn, and these errors."""
    scores = score_history_of(lab, known_until(lab))
    found = {step: it.training.loss for step, it in scores.items() if it.training.loss is not None}
    return np.array([*found], dtype=np.int64), np.array([*found.values()], dtype=np.float64)


def _of_one_sample(lab: Lab, steps: Steps, errors: Losses) -> Losses:
    """Errors of batches as those of a single sample, so that they compare with a mean."""
    spec = lab.present
    if spec.batch.reduction == "mean":
        return errors
    batches = (spec.batch_slice(step) for step in steps.tolist())
    means: Losses = errors / np.array([batch.stop - batch.start for batch in batches])
    return means


def _dots(points: str) -> str:
    """An SVG path with a dot at each of these points."""
    return "".join(f"M{point}h0" for point in points.split())
