"""Loss and accuracy over the steps, of training and test samples."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from app.engine.metrics import Score, Scores
from app.engine.network import Spec
from app.explain.rounding import number
from app.messages.marking import N_, Texts, _
from app.views.plots.axes import Axis
from app.views.plots.loss_curve import HEIGHT, loss_axis, points_of, step_axis
from app.views.text.formatting import percent

SETS: Texts = {"training": N_("training"), "test": N_("test")}
_MOST_ROWS = 11


class ScoreLine(NamedTuple):
    """A set's scores over the steps as an SVG points list; the dot is the step in view."""

    name: str
    kind: str
    points: str
    dot: tuple[str, ...] | None


class Chart(NamedTuple):
    """One score of training and test samples over the steps, with the texts of its axes."""

    title: str
    lines: tuple[ScoreLine, ...]
    top: str
    bottom: str
    first: int
    steps: int
    sentence: str


class Cell(NamedTuple):
    """A score as text, and exact where it is a finite number."""

    text: str
    exact: str = ""


class ScoreRow(NamedTuple):
    """The scores of a set of samples; None is not computed, or no score of this network.

    ``watched`` is the mean of another loss.
    """

    of: str
    samples: int
    loss: Cell | None = None
    accuracy: Cell | None = None
    watched: Cell | None = None


class StepRow(NamedTuple):
    """A step's scores, in the order of the table's columns."""

    step: int
    cells: tuple[Cell, ...]


class Charts(NamedTuple):
    """Loss and accuracy, drawn and as a table."""

    charts: tuple[Chart, ...]
    columns: tuple[str, ...]
    rows: tuple[StepRow, ...]


class _Measure(NamedTuple):
    """What is charted: a number of a score, how it is written, and its axis (``whole``: 0 to 1)."""

    title: str
    scores: Mapping[int, Scores]
    of: Callable[[Score], float | None]
    write: Callable[[Score], Cell]
    tick: Callable[[float], str]
    log: bool = False
    whole: bool = False


def score_rows(found: Scores, digits: int, watched: Scores | None) -> tuple[ScoreRow, ...]:
    """The scores of one moment; ``watched`` are those by another loss."""
    rows = []
    others = dict(_sets(watched)) if watched else {}
    for name, score in _sets(found):
        accuracy = None if score.right is None else _accuracy_cell(score)
        other = _loss_cell(others[name], digits) if others else None
        loss = _loss_cell(score, digits)
        rows.append(ScoreRow(SETS[name], score.samples, loss, accuracy, other))
    return tuple(rows)


def pending_rows(spec: Spec) -> tuple[ScoreRow, ...]:
    """The sets of samples, whose scores are not computed yet."""
    counts = {"training": len(spec.inputs), "test": len(spec.test_inputs)}
    return tuple(ScoreRow(SETS[name], count) for name, count in counts.items() if count)


def _sets(found: Scores) -> Iterator[tuple[str, Score]]:
    yield "training", found.training
    if found.test is not None:
        yield "test", found.test


def _loss_cell(score: Score, digits: int) -> Cell:
    if score.loss is None:
        return Cell(_("not finite"))
    return Cell(number(score.loss, digits), repr(score.loss))


def _accuracy_cell(score: Score) -> Cell:
    if score.accuracy is None:
        return Cell("")
    share, form = percent(score.accuracy), _("{percent} % ({right} of {count})")
    text = form.format(percent=share, right=score.right, count=score.samples)
    return Cell(text, repr(score.accuracy))


def _written_percent(share: float) -> str:
    return _("{percent} %").format(percent=percent(share))


def charts_of(
    scores: Mapping[int, Scores], step: int, loss: str, digits: int, *,
    log: bool, watched: tuple[str, Mapping[int, Scores]],
) -> Charts:  # fmt: skip
    """The scores by step, in order and not empty, as charts and a table with so many decimals.

    ``step`` is the one in view, ``loss`` the loss's name, ``log`` that its axis is logarithmic;
    ``watched`` is another loss's name with the scores by it.
    """
    by_loss = [(_("mean {loss} of a sample").format(loss=loss), scores)]
    if watched[1]:
        by_loss.append((_("{loss}, mean of a sample").format(loss=watched[0]), watched[1]))
    measures = [
        _Measure(title, found, lambda s: s.loss, lambda s: _loss_cell(s, digits), number, log)
        for title, found in by_loss
    ]
    if all(found.training.right is not None for found in scores.values()):
        write, tick = _accuracy_cell, _written_percent
        share = _Measure(_("accuracy"), scores, lambda s: s.accuracy, write, tick, whole=True)
        measures.append(share)
    names = [name for name, _score in _sets(scores[step if step in scores else max(scores)])]
    columns = tuple(f"{SETS[name]}, {one.title}" for one in measures for name in names)
    charts = tuple(_chart(step, measure) for measure in measures)
    return Charts(charts, columns, tuple(_rows(scores, step, measures)))


def _chart(step: int, measure: _Measure) -> Chart:
    scores = measure.scores
    found: dict[str, list[tuple[int, float]]] = {}
    for at, evaluation in scores.items():
        for name, score in _sets(evaluation):
            if (value := measure.of(score)) is not None:
                found.setdefault(name, []).append((at, value))
    curves = {name: np.array(pairs).T for name, pairs in found.items()}
    first, steps, tick = min(scores), max(scores), measure.tick
    x, y = step_axis(first, steps), Axis(0.0, 1.0, length=HEIGHT, up=True)
    if curves and not measure.whole:
        y = loss_axis([values for _steps, values in curves.values()], log=measure.log)
    lines, texts = [], []
    for name, (places, values) in curves.items():
        points = points_of(x, y, places, values)
        dot = dict(zip(places.tolist(), points.split(), strict=True)).get(step)
        lines.append(ScoreLine(SETS[name], name, points, tuple(dot.split(",")) if dot else None))
        ends = {"first": tick(values[0]), "last": tick(values[-1])}
        texts.append(_("{which} from {first} to {last}").format(which=SETS[name], **ends))
    sentence = _("{what} from step {start} to step {steps}: {lines}.").format(
        what=measure.title, start=first, steps=steps, lines=", ".join(texts)
    )
    bottom = tick(y.low) if measure.log or measure.whole else "0"
    return Chart(measure.title, tuple(lines), tick(y.high), bottom, first, steps, sentence)


def _rows(scores: Mapping[int, Scores], step: int, measures: list[_Measure]) -> Iterator[StepRow]:
    """Evenly spread steps, the first, the last and the one in view among them."""
    steps = list(scores)
    places = np.unique(np.linspace(0, len(steps) - 1, _MOST_ROWS).round().astype(int)).tolist()
    chosen = {steps[place] for place in places} | ({step} & scores.keys())
    for at in sorted(chosen):
        yield StepRow(at, tuple(_cells(at, measures, [name for name, _ in _sets(scores[at])])))


def _cells(step: int, measures: list[_Measure], names: list[str]) -> Iterator[Cell]:
    """A step's scores; an empty cell where another loss does not fit the step's network."""
    for one in measures:
        found = dict(_sets(one.scores[step])) if step in one.scores else {}
        yield from (one.write(found[name]) if name in found else Cell("") for name in names)
