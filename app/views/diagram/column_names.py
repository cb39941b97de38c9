"""What inputs and targets are called in the table that a network learns from."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from app.engine.network import Spec, kept
from app.lab.own_units import columns_of, targets_of
from app.views.diagram.elements import Node
from app.views.diagram.shapes import NodeShape
from app.views.text.formatting import clipped

_MOST, _MOST_SMALL, _MOST_WITH_UNIT = 12, 10, 9
_UNIT = re.compile(r" *[(\[][^()\[\]]{1,12}[)\]]$")
_LINE = 26.0
"""What a name takes of the height below a circle, in units of the drawing for narrow pages."""


@kept
def input_columns(spec: Spec) -> tuple[str, ...]:
    """For each input its column, as short as a picture has room for; "" where it is the unit."""
    return _others(columns_of(spec), spec.names.units[0])


@kept
def target_columns(spec: Spec) -> tuple[str, ...]:
    """For each output the class or the column that it stands for; "" where it is the unit."""
    return _others(targets_of(spec), spec.names.units[-1])


def _others(columns: tuple[str, ...], units: tuple[str, ...]) -> tuple[str, ...]:
    pairs = zip(columns, units, strict=True)
    return tuple("" if column == unit else _brief(column) for column, unit in pairs)


def _brief(column: str) -> str:
    """A column's name; a long one without the unit behind it."""
    return clipped(
        _UNIT.sub("", column) or column if len(column) > _MOST_WITH_UNIT else column, _MOST
    )


def uncrowded(nodes: Iterable[tuple[NodeShape, Node]]) -> Iterator[tuple[NodeShape, Node]]:
    """Units and their places, without the columns of inputs that have no room below them."""
    found = list(nodes)
    inputs = sorted((place for place, node in found if node.kind == "input"), key=lambda p: p.y)
    crowded = any(
        low.y - high.y < low.radius + high.radius + _LINE for high, low in pairwise(inputs)
    )
    for place, node in found:
        tag = "" if crowded else clipped(node.tag, _MOST_SMALL)
        yield place, node._replace(tag=tag) if node.kind == "input" else node
