"""What the lesson tries out: steps again and again, gradients without backpropagation, a rate."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from math import isfinite
from typing import NamedTuple

import numpy as np

from app.engine.network import Spec
from app.engine.parameters import frozen_array
from app.engine.training import steps
from app.explain.rounding import number
from app.views.plots.loss_curve import loss_axis, points_of, step_axis
from app.views.text.formatting import plain

LOSS_DIGITS = 6
TOO_LARGE = 80.0
"""A learning rate that is too large for the targets of ``rate_trial_of``."""
_NEAR_TARGETS = (0.6, 0.8)
_TRIAL_STEPS = 5


class GradientCost(NamedTuple):
    """What a gradient costs for a network of such layers, "2-2-2".

    ``measured`` counts the forward passes to measure every weight's gradient by trying, and
    ``measured_products`` their multiplications; ``derived_products`` those of one forward and one
    backward pass, which are ``ratio`` times fewer.
    """

    layers: str
    weights: str
    measured: str
    measured_products: str
    derived_products: str
    ratio: str


class LessonTry(NamedTuple):
    """One try: how often the move was taken back before, and the error it ended with."""

    number: int
    loss: str
    change: str


class RateTrial(NamedTuple):
    """The same steps with two learning rates, and with ``targets`` that the outputs are near.

    ``rows`` hold the step, the error with the reader's rate, and that with the rate ``tried``.
    ``rising`` is the first step in which the latter rises, ``before`` to ``after``; None if it
    never does. Of the curve, ``points`` are the reader's, below the number ``top``.
    """

    targets: tuple[str, ...]
    rate: str
    tried: str
    too_large: str
    rows: tuple[tuple[int, str, str], ...]
    rising: int | None
    before: str
    after: str
    top: str
    points: str
    other_points: str


def count_of(layers: Sequence[int]) -> GradientCost:
    """What the gradients of all weights of a network cost, measured and derived.

    One forward pass multiplies once for each weight. Backward, each weight takes one product for
    its gradient and, but for the first layer's, one to carry a delta back.
    """
    weights = [n_in * n_out for n_in, n_out in pairwise(layers)]
    measured = sum(weights) + 1
    products = measured * sum(weights)
    derived = sum(weights) + sum(weights) + sum(weights[1:])
    counts = sum(weights), measured, products, derived
    texts = [*(f"{count:,}" for count in counts), f"{products / derived:,.1f}"]
    return GradientCost("-".join(map(str, layers)), *texts)


def losses_of(spec: Spec, most: int, *, goal: float = 0.0, least: int = 0) -> list[float]:
    """The error at each step, up to ``most``, or until it is below ``goal`` after ``least``."""
    losses: list[float] = []
    for passed, _ in islice(steps(spec, spec.initial, 0), most + 1):
        if not isfinite(passed.loss):
            break
        losses.append(passed.loss)
        if passed.loss < goal and len(losses) > least:
            break
    return losses


def games_of(losses: Sequence[float], moves: int) -> tuple[LessonTry, ...]:
    """The errors of so many moves, each with its change."""
    shown = list(losses[: moves + 1])
    changes = [""] + [number(after - before, LOSS_DIGITS) for before, after in pairwise(shown)]
    texts = [number(loss, LOSS_DIGITS) for loss in shown]
    return tuple(LessonTry(i, *pair) for i, pair in enumerate(zip(texts, changes, strict=True)))


def curves_of(*rows: Sequence[float]) -> tuple[str, ...]:
    """Rows of errors as SVG points lists on the same axes, after the number at their top."""
    curves = [np.array(row) for row in rows]
    last = max(map(len, rows)) - 1
    axes = step_axis(0, last), loss_axis(curves, log=False)
    points = (points_of(*axes, np.arange(len(curve)), curve) for curve in curves)
    return axes[1].ends[1], *points


def rate_trial_of(spec: Spec, tried: float) -> RateTrial:
    """Some steps of ``spec`` with its own learning rate and with another one.

    Its targets lie far from what it answers at first, and there almost any leap lands nearer. So
    both are tried with targets that it nearly reaches.
    """
    near = replace(spec, targets=frozen_array([_NEAR_TARGETS]))
    other = replace(near, optimizer=replace(spec.optimizer, learning_rate=tried))
    own, theirs = losses_of(near, _TRIAL_STEPS), losses_of(other, _TRIAL_STEPS)
    texts = [[number(loss, LOSS_DIGITS) for loss in losses] for losses in (own, theirs)]
    rises = (step for step, (a, b) in enumerate(pairwise(theirs), start=1) if b > a)
    rising = next(rises, None)
    at = rising or len(theirs) - 1
    top, points, other_points = curves_of(own, theirs)
    return RateTrial(
        targets=tuple(map(plain, _NEAR_TARGETS)),
        rate=plain(spec.optimizer.learning_rate),
        tried=plain(tried),
        too_large=plain(TOO_LARGE),
        rows=tuple((step, *pair) for step, pair in enumerate(zip(*texts, strict=False))),
        rising=rising,
        before=texts[1][at - 1],
        after=texts[1][at],
        top=top,
        points=points,
        other_points=other_points,
    )
