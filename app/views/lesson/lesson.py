"""The lesson: the article's network from its idea to its learning, every number of it live.

Nothing is stored: the numbers come with the request, and the lesson is a function of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import NamedTuple

from app.engine.activations import ACTIVATIONS
from app.engine.network import Spec
from app.engine.training import attempt_step
from app.errors import InvalidInput
from app.explain import derivation as at
from app.explain.chain_rule import derive
from app.explain.expression import parse
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import every, find
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers, entry
from app.explain.writers.mathml import BreakableMathML
from app.lab.edits import named_edit
from app.lab.examples import DEFAULT, EXAMPLES, Published
from app.lab.lab import Lab
from app.lab.phases import Progress, phases_for
from app.lab.sample_in_view import sample_in_view
from app.lab.step_values import step_values_of
from app.lab.visibility import Visibility
from app.views.derivation.panel import Panel, panel_of
from app.views.derivation.wording import TextRows, rows_of
from app.views.diagram.diagram import Diagram, diagram_of, marks_in
from app.views.diagram.highlights import Marks, derivation_highlights, part_marks
from app.views.lesson.trials import (
    LOSS_DIGITS,
    GradientCost,
    LessonTry,
    RateTrial,
    count_of,
    curves_of,
    games_of,
    losses_of,
    rate_trial_of,
)
from app.views.text.formatting import plain

DIGITS = 4
MOST_MOVES = 20
GOAL, MOST_STEPS = 0.1, 2_000
SIGMOID = ACTIVATIONS["sigmoid"].formula
# The way from there to the slope that the table of activations has.
SLOPE_OF_SIGMOID = (
    "exp(-z) / (1 + exp(-z))**2",
    "1 / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))",
)
_NAMED = ("x1", "x2", "y1", "y2")
_PANELS = ("h1", "h2", "o1", "o2", "loss", "w5", "w1", "loss:after")


class Figure(NamedTuple):
    """The network at the state that a paragraph speaks of, and what is pointed at in it."""

    diagram: Diagram
    marks: Marks


class Carried(NamedTuple):
    """What comes back to h1 from each output and in all, and the slope that it meets there."""

    by_o1: str
    by_o2: str
    total: str
    slope: str


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
    slope: tuple[TextRows, ...]
    carried: Carried
    said: Mapping[str, Published]
    games: tuple[LessonTry, ...]
    moves: int
    moves_back: int
    moves_on: int
    count: GradientCost
    trial: RateTrial
    rows: tuple[LessonRow, ...]
    goal: str
    goal_step: int | None
    goal_steps: str
    most_steps: str
    goal_loss: str
    top: str
    curve: str


def lesson_lab(values: Mapping[str, float], rate: float | None) -> Lab:
    """The lesson's network: the article's with other inputs, targets, weights and biases by name.

    Raises InvalidInput where a name is unknown.
    """
    original = EXAMPLES[DEFAULT].spec
    lab = Lab.fresh(original, DEFAULT)
    lab = lab.edited(replace(named_edit(original, 0, values), learning_rate=rate))
    return Lab.fresh(replace(lab.present, initial=lab.parameters), DEFAULT)


def lesson_of(lab: Lab, moves: int, layers: Sequence[int], tried: float) -> Lesson:
    """The lesson about the network of ``lesson_lab``.

    ``moves`` is how many moves the opening section has played, ``layers`` whose cost is counted,
    ``tried`` the learning rate to compare with. Raises InvalidInput where the numbers run away.
    """
    example, spec = EXAMPLES[DEFAULT], lab.spec
    original = example.spec
    trace = attempt_step(spec, spec.initial, 0)
    if not (trace.forward.is_finite and trace.after.is_finite() and isfinite(trace.loss_after)):
        raise InvalidInput("loss_not_finite")
    known, notation = StepNumbers(spec, trace), NOTATIONS["net"]
    texts = {q.key: _text(known.value(q), q.kind) for q in every(spec)}
    given, weights = _given(spec)
    losses = losses_of(spec, MOST_STEPS, goal=GOAL, least=MOST_MOVES)
    reached = next((step for step, loss in enumerate(losses) if loss < GOAL), None)
    last = min(len(losses) - 1, 60 if reached is None else max(reached, 10))
    top, curve = curves_of(losses[: last + 1])
    visible = Visibility(sample_in_view(lab), Progress.whole(phases_for(spec)))
    return Lesson(
        fields={name: plain(value) for name, value in given.items()},
        weights={name: plain(value) for name, value in weights.items()},
        rate=plain(spec.optimizer.learning_rate),
        is_article=(spec.optimizer, given, weights) == (original.optimizer, *_given(original)),
        notation=notation,
        values=texts,
        panels={key: panel_of(visible, find(key, spec), notation, DIGITS)[0] for key in _PANELS},
        figures={name: _figure(name, known, notation) for name in _STATES},
        slope=_slope(known, notation),
        carried=_carried(known),
        said={row.what: row for row in example.published},
        games=games_of(losses, moves),
        moves=moves,
        moves_back=moves - 1,
        moves_on=moves + 1,
        count=count_of(layers),
        trial=rate_trial_of(spec, tried),
        rows=tuple(_rows(spec, texts)),
        goal=plain(GOAL),
        goal_step=reached,
        goal_steps=f"{reached or 0:,}",
        most_steps=f"{MOST_STEPS:,}",
        goal_loss=number(losses[-1 if reached is None else reached], LOSS_DIGITS),
        top=top,
        curve=curve,
    )


def _text(value: float, kind: str) -> str:
    return number(value, LOSS_DIGITS if kind in ("loss", "loss_after") else DIGITS)


def _given(spec: Spec) -> tuple[dict[str, float], dict[str, float]]:
    """Inputs and targets by name, and weights and biases."""
    row = [*spec.inputs[0].tolist(), *spec.targets[0].tolist()]
    values = (one for one in every(spec) if one.kind == "value")
    parameters = dict(sorted((one.name, entry(spec.initial, one)) for one in values))
    return dict(zip(_NAMED, row, strict=True)), parameters


def _rows(spec: Spec, texts: Mapping[str, str]) -> list[LessonRow]:
    names = sorted(name for rows in spec.names.weights for row in rows for name in row)
    return [LessonRow(n, texts[f"value:{n}"], texts[n], texts[f"new:{n}"]) for n in names]


def _slope(known: StepNumbers, notation: Notation) -> tuple[TextRows, ...]:
    """Why the slope of o1's sigmoid is out (1 - out), in three equations."""
    writer = BreakableMathML(notation, DIGITS)
    line = next(one for one in derive(find("w5", known.spec), known).lines if one.about == "slope")
    pre, act = known.unit("pre", 2, 0), known.unit("act", 2, 0)
    formula, *between = (parse(text, {"z": pre}) for text in (SIGMOID, *SLOPE_OF_SIGMOID))
    squared, split = (writer.led("=", writer.write(side)) for side in between)
    left = writer.write(act), writer.write(line.left)
    first = (left[0], writer.led("=", writer.write(formula)))
    return (first,), ((left[1], squared), (split,)), rows_of(line, writer)


def _carried(known: StepNumbers) -> Carried:
    weights, deltas = known.before.weights[1][:, 0].tolist(), known.delta[1]
    terms = [weight * delta for weight, delta in zip(weights, deltas, strict=True)]
    numbers = (*terms, sum(terms), known.slope[0][0])
    return Carried(*(number(value, DIGITS) for value in numbers))


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
_POINTED: Mapping[str, tuple[at.PartKey, ...]] = {
    "inputs": (at.node(0, 0), at.node(0, 1), at.target(0), at.target(1)),
    "hidden": (at.node(1, 0), at.node(1, 1), at.node(2, 0), at.node(2, 1)),
    "weights": (
        *(at.edge(layer, unit, source) for layer in (0, 1) for unit in (0, 1) for source in (0, 1)),
        at.bias(0, 0), at.bias(1, 0),
    ),
}  # fmt: skip


def _figure(name: str, known: StepNumbers, notation: Notation) -> Figure:
    (done, quantity), spec = _STATES[name], known.spec
    moment = step_values_of(known, Progress(phases_for(spec), done))
    diagram = diagram_of(moment, notation)
    if quantity:
        derivation = derive(find(quantity, spec), known)
        marks = marks_in(diagram, lambda one: derivation_highlights(one, spec, derivation))
    else:
        pointed = [(part, "", "now") for part in _POINTED.get(name, ())]
        marks = marks_in(diagram, lambda one: part_marks(one, spec, pointed))
    return Figure(diagram, marks)
