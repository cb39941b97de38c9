"""The texts of the numbers in the lab's tables, in the order in which their templates have slots.

Each number fills two slots: its exact value, and what is shown of it.
"""

from collections.abc import Iterable, Iterator

from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Value
from app.views.pages.parameter_table import ParameterRow
from app.views.text.formatting import number


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
