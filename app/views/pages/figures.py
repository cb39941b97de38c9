"""The texts of a lab page's numbers, in the order in which their templates have slots.

Most numbers fill two slots: the exact value, and what is shown of it.
"""

from collections.abc import Collection, Iterable

from app.explain.rounding import number
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Value
from app.views.diagram.figures import (
    diagram_figures,
    rows_below_figures,
    small_figures,
    wire_figures,
)  # fmt: skip
from app.views.pages.lab import LabFigures
from app.views.pages.parameter_table import ParameterRow
from app.views.pages.summary import MovedParameter
from app.views.plots.loss_curve import Curve


def page_figures(
    lab: LabFigures,
    kept: Collection[str],
    state: Iterable[object],
    taken: int,
) -> list[str]:
    """The figures of those parts of a page that it keeps.

    ``state`` are the texts of the state of the page's forms, ``taken`` a run's steps so far.
    """
    texts = list[str]()
    if "toolbar" in kept:
        texts += map(str, state)
    if "rate" in kept:
        texts += (lab.learning_rate, lab.slider)
    if "headline" in kept:
        texts += _headline_figures(lab)
    if "panel" in kept:
        texts += moved_figures(lab.moved)
    if "diagram" in kept:
        if lab.diagram.style.full:
            texts += wire_figures(lab.diagram.wide_edges)
        texts += diagram_figures(lab.diagram, lab.notation)
    if "numbers" in kept:
        texts += _table_figures(lab)
    if "whose-numbers" in kept and lab.sample:
        texts += (lab.sample.of_units, lab.sample.of_gradients)
    if "edited-sample" in kept and lab.sample:
        texts.append(str(lab.sample.number))
    if "curve" in kept:
        texts += _curve_figures(lab.curve)
    if "run" in kept:
        texts += (str(taken),) * 2
    return texts


def phase_figures(lab: LabFigures, controls: Collection[str]) -> list[str]:
    """The numbers of the diagram, wide and small, and of the tables if they are shown."""
    diagram, notation = lab.diagram, lab.notation
    wide = [*wire_figures(diagram.wide_edges), *diagram_figures(diagram, notation)]
    small = [*wire_figures(diagram.small_edges), *small_figures(diagram, notation)]
    small += rows_below_figures(diagram)
    return [*wide, *small, *(_table_figures(lab) if "numbers" in controls else ())]


def _table_figures(lab: LabFigures) -> list[str]:
    rows, digits = lab.parameters, lab.digits
    return (
        unit_figures(lab.diagram, digits)
        + parameter_figures(rows, digits)
        + memory_figures(rows, digits)
    )


def _curve_figures(curve: Curve) -> list[str]:
    texts = [curve.value_text, str(curve.first), str(curve.steps), str(curve.step)]
    if curve.is_drawn:
        texts += (curve.value_text, curve.values, curve.label, curve.points)
        texts += (curve.batches,) if curve.is_mean else ()
        texts += (curve.x, curve.y, curve.top, curve.bottom, str(curve.steps))
    return texts


def _headline_figures(lab: LabFigures) -> list[str]:
    texts = [str(lab.step)]
    for value in (lab.loss, lab.loss_after):
        texts += (repr(value.exact), value.text) if value else ()
    if lab.loss_after:
        texts += (lab.change.kind, lab.change.text) if lab.change else ("same", "")
    if lab.sample and (lab.loss or lab.loss_after):
        texts.append(lab.sample.of_error)
    return texts


def moved_figures(moved: Iterable[MovedParameter]) -> list[str]:
    """What an update moved most: name, values before and after, and by how much."""
    return [text for one in moved for text in (one.key, one.name, one.before, one.after, one.by)]


def unit_figures(diagram: Diagram, digits: int) -> list[str]:
    """The table of units: net input, activation and delta, then the targets."""
    values = list[Value | None]()
    for node in diagram.nodes:
        values += (node.act,) if node.kind == "input" else (node.pre, node.act, node.delta)
    return _cells([*values, *(target.value for target in diagram.targets)], digits)


def parameter_figures(rows: Iterable[ParameterRow], digits: int) -> list[str]:
    """The table of weights and biases: value, gradient, new value."""
    shown = (row.parameter for row in rows)
    return _cells((v for one in shown for v in (one.value, one.gradient, one.new)), digits)


def memory_figures(rows: Iterable[ParameterRow], digits: int) -> list[str]:
    """The table of what an optimizer remembers."""
    learning = (row.parameter for row in rows if not row.parameter.frozen)
    return _cells((value for one in learning for _, value in one.memory), digits)


def _cells(values: Iterable[Value | None], digits: int) -> list[str]:
    texts = list[str]()
    for value in values:
        if value:
            exact = value.exact
            texts += (repr(exact), number(exact, digits, signed=value.signed))
    return texts
