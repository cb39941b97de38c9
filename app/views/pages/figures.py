"""The texts of a lab page's numbers, in the order in which their templates have slots.

Most numbers fill two slots: the exact value, and what is shown of it.
"""

from collections.abc import Collection, Iterable, Iterator

from app.explain.rounding import number
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Value
from app.views.diagram.figures import diagram_figures, small_figures, wire_figures
from app.views.pages.lab import LabFigures
from app.views.pages.parameter_table import ParameterRow
from app.views.pages.summary import MovedWeight
from app.views.plots.loss_curve import Curve


def page_figures(
    lab: LabFigures,
    kept: Collection[str],
    state: Iterable[object],
    taken: int,
) -> Iterator[str]:
    """The figures of those parts of a page that it keeps.

    ``state`` are the texts of the state of the page's forms, ``taken`` a run's steps so far.
    """
    if "toolbar" in kept:
        yield from map(str, state)
    if "rate" in kept:
        yield from (lab.learning_rate, lab.slider)
    if "headline" in kept:
        yield from _headline_figures(lab)
    if "panel" in kept:
        yield from moved_figures(lab.moved)
    if "picture" in kept:
        if lab.picture.style.full:
            yield from wire_figures(lab.picture)
        yield from diagram_figures(lab.picture, lab.notation)
    if "numbers" in kept:
        yield from _table_figures(lab)
    if "edited-sample" in kept and lab.sample:
        yield str(lab.sample.number)
    if "curve" in kept:
        yield from _curve_figures(lab.curve)
    if "run" in kept:
        yield from (str(taken),) * 2


def computed_figures(lab: LabFigures, controls: Collection[str]) -> Iterator[str]:
    """The numbers of the picture, wide and small, and of the tables if they are shown."""
    for drawn in (diagram_figures, small_figures):
        yield from wire_figures(lab.picture)
        yield from drawn(lab.picture, lab.notation)
    if "numbers" in controls:
        yield from _table_figures(lab)


def _table_figures(lab: LabFigures) -> Iterator[str]:
    yield from unit_figures(lab.picture, lab.digits)
    yield from parameter_figures(lab.parameters, lab.digits)
    yield from memory_figures(lab.parameters, lab.digits)


def _curve_figures(curve: Curve) -> Iterator[str]:
    yield from (curve.value_text, str(curve.first), str(curve.steps), str(curve.step))
    if curve.is_drawn:
        yield from (curve.value_text, curve.values, curve.label, curve.points)
        if curve.is_mean:
            yield curve.batches
        yield from (curve.x, curve.y, curve.top, curve.bottom, str(curve.steps))


def _headline_figures(lab: LabFigures) -> Iterator[str]:
    yield str(lab.step)
    for value in (lab.loss, lab.loss_after):
        if value:
            yield repr(value.exact)
            yield value.text
    if lab.loss_after:
        yield from (lab.change.kind, lab.change.text) if lab.change else ("same", "")


def moved_figures(moved: Iterable[MovedWeight]) -> Iterator[str]:
    """The weights that an update moved most: name, values before and after, and by how much."""
    for weight in moved:
        yield from (weight.key, weight.name, weight.before, weight.after, weight.by)


def unit_figures(diagram: Diagram, digits: int) -> Iterator[str]:
    """The table of units: net input, activation and delta, then the targets."""
    for node in diagram.nodes:
        values = (node.act,) if node.kind == "input" else (node.pre, node.act, node.delta)
        yield from _cells(values, digits)
    yield from _cells((target.value for target in diagram.targets), digits)


def parameter_figures(rows: Iterable[ParameterRow], digits: int) -> Iterator[str]:
    """The table of weights and biases: value, gradient, new value."""
    for row in rows:
        parameter = row.parameter
        yield from _cells((parameter.value, parameter.gradient, parameter.new), digits)


def memory_figures(rows: Iterable[ParameterRow], digits: int) -> Iterator[str]:
    """The table of what an optimizer remembers."""
    for row in rows:
        if not row.parameter.frozen:
            yield from _cells((value for _, value in row.parameter.memory), digits)


def _cells(values: Iterable[Value | None], digits: int) -> Iterator[str]:
    for value in values:
        if value:
            yield repr(value.exact)
            yield number(value.exact, digits, signed=value.signed)
