"""The error over the steps as a curve."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from app import messages
from app.explain.rounding import number
from app.lab.lab import Lab
from app.views.plots.axes import Axis
from app.views.text.formatting import plain

WIDTH, HEIGHT = 460.0, 150.0
MOST_POINTS = 120
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
    x, y = steps.places(chosen.astype(float)).tolist(), losses.places(values).tolist()
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def sampled(losses: Losses) -> Steps:
    """Which steps are drawn: all, or of even stretches the lowest and the highest error.

    The first and the last step are among them. Mini-batches make errors that swing: steps at
    equal distances could follow one batch alone.
    """
    count = len(losses)
    if count <= MOST_POINTS:
        return np.arange(count, dtype=np.int64)
    edges = np.linspace(0, count, MOST_POINTS // 2).astype(int)
    # A row a stretch; the shorter ones begin one step early, where their neighbour ends.
    width = int(np.diff(edges).max())
    rows = np.maximum(edges[1:] - width, 0)
    stretches = sliding_window_view(losses, width)[rows]
    found = (rows + stretches.argmin(axis=1), rows + stretches.argmax(axis=1))
    steps: Steps = np.unique(np.concatenate(([0, count - 1], *found)))
    return steps


class Curve(NamedTuple):
    """The error over all steps of the present timeline, as an SVG points list.

    ``x`` and ``y`` are where the step in view stands, ``top`` and ``bottom`` the ends of the axis
    of errors; ``first``, ``steps`` and ``step`` are the first step, the last and the one in view.
    ``is_drawn``: there is something to draw. ``values`` are the errors at the points, "step:error
    step:error ...": exact where every step has a point, else of six figures but for the first and
    the last one. ``value_text`` tells the step in view and its error, ``label`` what is drawn.
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
    label: str


def curve_of(lab: Lab, *, log: bool, loss: str = "E") -> Curve:
    """The present timeline's curve; ``loss`` is what the error is called.

    Steps ahead are drawn with an update in view only: on the way to it, the errors that lie
    ahead are not computed yet.
    """
    first, last = lab.first_step, lab.last_step
    passed = lab.step - first + lab.progress.error
    known = lab.all_losses if lab.trace else lab.loss_history[:passed]
    if last == first or not len(known):
        return Curve("", "", "", "", "", first, last, lab.step, False, log, "", "", "")
    x, y, chosen = step_axis(first, last), loss_axis([known], log=log), sampled(known)
    step = min(lab.step, first + len(known) - 1)
    now = float(known[step - first])
    return Curve(
        points=points_of(x, y, first + chosen, known[chosen]),
        x=f"{x.place(step):.1f}",
        y=f"{y.place(now):.1f}",
        top=(top := number(y.high)),
        bottom=number(y.low) if log else "0",
        first=first,
        steps=last,
        step=lab.step,
        is_drawn=True,
        log=log,
        values=_read_out(first + chosen, known[chosen], len(known)),
        value_text=messages.CURVE_VALUE.format(step=step, loss=plain(now)),
        label=messages.CURVE.format(loss=loss, first=first, steps=last, top=top),
    )


def _read_out(steps: Steps, losses: Losses, count: int) -> str:
    """The errors at the points: exact if every step has a point, else the first and the last."""
    last = len(losses) - 1
    exact = range(count) if last + 1 == count else (0, last)
    texts = [
        repr(loss) if index in exact else f"{loss:.{_FIGURES}g}"
        for index, loss in enumerate(losses.tolist())
    ]
    return " ".join(f"{step}:{text}" for step, text in zip(steps.tolist(), texts, strict=True))
