"""The table of weights and biases: all of a small network's, those of one unit of a large one's."""

from collections.abc import Iterator
from typing import NamedTuple

from app.engine.network import Spec
from app.errors import InvalidInput
from app.messages.large_networks import LAYER
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Edge, Parameter
from app.views.text.formatting import Label, natural

MOST_LISTED = 128  # With more weights than this a table lists one unit's at a time.


class ParameterRow(NamedTuple):
    """A line of the parameters' table: a weight has both ends, a unit's own bias a target."""

    parameter: Parameter
    source: Label | None = None
    target: Label | None = None


class UnitChooser(NamedTuple):
    """Which unit's weights are listed, and which others there are, by layer with its name.

    ``before`` and ``after`` are its neighbours; after the last unit comes the first. ``weights`` is
    how many the network has.
    """

    unit: str
    before: str
    after: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    weights: int


class ParameterTable(NamedTuple):
    """The lines of the table, and a chooser where they are not all."""

    rows: tuple[ParameterRow, ...]
    chooser: UnitChooser | None

    def lists(self, name: str) -> bool:
        """Whether the parameter of this name is listed."""
        return not self.chooser or any(row.parameter.name.name == name for row in self.rows)


def parameter_table_of(diagram: Diagram, spec: Spec, into: str) -> ParameterTable:
    """What the table lists: every parameter, or of a large network those ``into`` a unit.

    That is the first one if ``into`` is "". Raises InvalidInput where weights lead into no such
    unit.
    """
    names = [name for row in spec.names.units[1:] for name in row]
    if into and into not in names:
        raise InvalidInput("no_such_unit", pointer="/into", allowed=", ".join(names[:6]))
    if len(diagram.edges) <= MOST_LISTED:
        return ParameterTable(tuple(_rows(diagram)), None)
    unit = into or names[0]
    groups = tuple(
        (LAYER.format(units=len(row), first=row[0], last=row[-1]), row)
        for row in spec.names.units[1:]
    )
    at = names.index(unit)
    before, after = names[at - 1], names[(at + 1) % len(names)]
    chooser = UnitChooser(unit, before, after, groups, len(diagram.edges))
    return ParameterTable(tuple(_rows_into(diagram, spec, unit)), chooser)


def _rows(diagram: Diagram) -> Iterator[ParameterRow]:
    """Weights layer by layer and by name, then biases."""
    for edge in sorted(diagram.edges, key=_reading_order):
        yield ParameterRow(edge.parameter, edge.source, edge.target)
    for bias in diagram.biases:
        yield ParameterRow(bias.parameter)
    for node in diagram.nodes:
        if node.bias:
            yield ParameterRow(node.bias, target=node.name)


def _reading_order(edge: Edge) -> tuple[int, tuple[str, int, str]]:
    return edge.place.layer, natural(edge.parameter.name.name)


def _rows_into(diagram: Diagram, spec: Spec, unit: str) -> Iterator[ParameterRow]:
    """The weights that lead into a unit, source by source, and its bias."""
    layer, row = next((at, row) for at, row in enumerate(spec.names.units) if at and unit in row)
    target = row.index(unit)
    for edge in diagram.edges:
        if (edge.place.layer, edge.place.target) == (layer - 1, target):
            yield ParameterRow(edge.parameter, edge.source, edge.target)
    for bias in diagram.biases:
        if bias.layer == layer - 1:
            yield ParameterRow(bias.parameter)
    for node in diagram.nodes:
        if node.bias and (node.place.layer, node.place.unit) == (layer, target):
            yield ParameterRow(node.bias, target=node.name)
