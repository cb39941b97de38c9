"""The lesson: the article's network from its idea to its learning, every number of it live.

Nothing is stored: the numbers come with the request, and the lesson is a function of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from math import isfinite
from typing import NamedTuple

import numpy as np

from app.engine.network import Spec
from app.engine.training import attempt_step, steps
from app.errors import InvalidInput
from app.explain import derivation as at
from app.explain.chain_rule import derive
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import every, find
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers, entry
from app.lab.edits import named_edit
from app.lab.examples import DEFAULT, EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import Progress, phases_for
from app.lab.sample_in_view import sample_in_view
from app.lab.step_values import step_values_of
from app.lab.visibility import Visibility
from app.views.derivation.panel import Panel, panel_of
from app.views.diagram.diagram import Diagram, diagram_of, marks_in
from app.views.diagram.highlights import Marks, derivation_highlights, part_marks
from app.views.plots.loss_curve import loss_axis, points_of, step_axis
from app.views.text.formatting import plain

DIGITS, LOSS_DIGITS = 4, 6
MOST_MOVES = 20
GOAL, MOST_STEPS = 0.1, 2_000
_NAMED = ("x1", "x2", "y1", "y2")
_PANELS = ("h1", "h2", "o1", "o2", "loss", "w5", "w1", "loss:after")


class Figure(NamedTuple):
    """The network at the state that a paragraph speaks of, and what is pointed at in it."""

    picture: Diagram
    marks: Marks


class GradientCost(NamedTuple):
    """What a gradient costs for a network of such layers, "2-2-2".

    ``measured`` counts the forward passes to measure every gradient by trying, and
    ``measured_products`` their multiplications; ``derived_products`` those of one forward and one
    backward pass, which are ``ratio`` times fewer.
    """

    layers: str
    parameters: int
    measured: int
    measured_products: str
    derived_products: str
    ratio: str


class LessonTry(NamedTuple):
    """One try: how often the move was taken back before, and the error it ended with."""

    number: int
    loss: str
    change: str


class LessonRow(NamedTuple):
    """A weight's line in the table of all updates."""

    name: str
    old: str
    gradient: str
    new: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything that the lesson prints."""

    fields: Mapping[str, str]
    weights: Mapping[str, str]
    rate: str
    is_article: bool
    notation: Notation
    values: Mapping[str, str]
    panels: Mapping[str, Panel]
    figures: Mapping[str, Figure]
    games: tuple[LessonTry, ...]
    moves: int
    moves_back: int
    moves_on: int
    count: GradientCost
    rows: tuple[LessonRow, ...]
    goal_step: int | None
    goal_loss: str
    curve: str


def lesson_of(
    values: Mapping[str, float], rate: float | None, moves: int, layers: Sequence[int]
) -> Lesson:
    """The lesson with other numbers than the article's, which stand for what is None or left out.

    ``values`` are inputs, targets, weights and biases by name, ``moves`` is how many moves the
    opening section has played, ``layers`` whose cost the third section counts. Raises InvalidInput
    where a name is unknown, or the numbers run away.
    """
    original = EXAMPLES[DEFAULT].spec
    lab = Lab.fresh(original, DEFAULT)
    lab = lab.edited(replace(named_edit(original, 0, values), learning_rate=rate)).forwarded()
    spec = replace(lab.present, initial=lab.parameters)
    trace = attempt_step(spec, spec.initial, 0)
    if not (trace.forward.is_finite and trace.after.is_finite() and isfinite(trace.loss_after)):
        raise InvalidInput("loss_not_finite")
    known, notation = StepNumbers(spec, trace), NOTATIONS["net"]
    texts = {q.key: _text(known.value(q), q.kind) for q in every(spec)}
    given, weights = _given(spec)
    losses = _losses(spec)
    reached = next((step for step, loss in enumerate(losses) if loss < GOAL), None)
    last = min(len(losses) - 1, 60 if reached is None else max(reached, 10))
    visible = Visibility(sample_in_view(Lab.fresh(spec, DEFAULT)), Progress.whole(phases_for(spec)))
    return Lesson(
        fields={name: plain(value) for name, value in given.items()},
        weights={name: plain(value) for name, value in weights.items()},
        rate=plain(spec.optimizer.learning_rate),
        is_article=(spec.optimizer, given, weights) == (original.optimizer, *_given(original)),
        notation=notation,
        values=texts,
        panels={key: panel_of(visible, find(key, spec), notation, DIGITS)[0] for key in _PANELS},
        figures={name: _figure(name, known, notation) for name in _STATES},
        games=tuple(_games(losses, moves)),
        moves=moves,
        moves_back=moves - 1,
        moves_on=moves + 1,
        count=count_of(layers),
        rows=tuple(_rows(spec, texts)),
        goal_step=reached,
        goal_loss=number(losses[-1 if reached is None else reached], LOSS_DIGITS),
        curve=_points(losses[: last + 1]),
    )


def _text(value: float, kind: str) -> str:
    return number(value, LOSS_DIGITS if kind in ("loss", "loss_after") else DIGITS)


def _given(spec: Spec) -> tuple[dict[str, float], dict[str, float]]:
    """Inputs and targets by name, and weights and biases."""
    row = [*spec.inputs[0].tolist(), *spec.targets[0].tolist()]
    values = (one for one in every(spec) if one.kind == "value")
    parameters = dict(sorted((one.name, entry(spec.initial, one)) for one in values))
    return dict(zip(_NAMED, row, strict=True)), parameters


def _losses(spec: Spec) -> list[float]:
    """The error at each step until it is below the goal, or for as long as is tried."""
    losses: list[float] = []
    for passed, _ in islice(steps(spec, spec.initial, 0), MOST_STEPS + 1):
        if not isfinite(passed.loss):
            break
        losses.append(passed.loss)
        if passed.loss < GOAL and len(losses) > MOST_MOVES:
            break
    return losses


def _games(losses: Sequence[float], moves: int) -> list[LessonTry]:
    shown = list(losses[: moves + 1])
    changes = [""] + [number(after - before, LOSS_DIGITS) for before, after in pairwise(shown)]
    texts = [number(loss, LOSS_DIGITS) for loss in shown]
    return [LessonTry(i, *pair) for i, pair in enumerate(zip(texts, changes, strict=True))]


def _rows(spec: Spec, texts: Mapping[str, str]) -> list[LessonRow]:
    names = sorted(name for rows in spec.names.weights for row in rows for name in row)
    return [LessonRow(n, texts[f"value:{n}"], texts[n], texts[f"new:{n}"]) for n in names]


def count_of(layers: Sequence[int]) -> GradientCost:
    """What all gradients of a network cost, measured and derived.

    One forward pass multiplies once for each weight. Backward, each weight takes one product for
    its gradient and, but for the first layer's, one to carry a delta back.
    """
    weights = [n_in * n_out for n_in, n_out in pairwise(layers)]
    parameters = sum(weights) + sum(layers[1:])
    measured = (parameters + 1) * sum(weights)
    derived = sum(weights) + sum(weights) + sum(weights[1:])
    texts = f"{measured:,}", f"{derived:,}", f"{measured / derived:.1f}"
    return GradientCost("-".join(map(str, layers)), parameters, parameters + 1, *texts)


def _points(losses: Sequence[float]) -> str:
    values, last = np.array(losses), len(losses) - 1
    axes = step_axis(0, last), loss_axis([values], log=False)
    return points_of(*axes, np.arange(last + 1), values)


# Which figure shows how many phases of the step, and which derivation it points at.
_STATES: Mapping[str, tuple[int, str]] = {
    "idea": (5, ""),
    "inputs": (0, ""),
    "hidden": (0, ""),
    "weights": (0, ""),
    "why": (9, ""),
    "net": (1, "net:h1"),
    "out": (2, "out:h1"),
    "outputs": (4, "out:o1"),
    "error": (5, "loss"),
    "w5": (7, "w5"),
    "w1": (9, "w1"),
    "all": (10, ""),
}
_POINTED: Mapping[str, tuple[at.Part, ...]] = {
    "inputs": (at.node(0, 0), at.node(0, 1), at.target(0), at.target(1)),
    "hidden": (at.node(1, 0), at.node(1, 1), at.node(2, 0), at.node(2, 1)),
    "weights": (
        *(at.edge(layer, unit, source) for layer in (0, 1) for unit in (0, 1) for source in (0, 1)),
        at.bias(0, 0), at.bias(1, 0),
    ),
}  # fmt: skip


def _figure(name: str, known: StepNumbers, notation: Notation) -> Figure:
    (done, quantity), spec = _STATES[name], known.spec
    moment = step_values_of(spec, known.trace, Progress(phases_for(spec), done))
    picture = diagram_of(moment, notation)
    if quantity:
        derivation = derive(find(quantity, spec), known)
        marks = marks_in(picture, lambda one: derivation_highlights(one, spec, derivation))
    else:
        pointed = [(part, "", "now") for part in _POINTED.get(name, ())]
        marks = marks_in(picture, lambda one: part_marks(one, spec, pointed))
    return Figure(picture, marks)
