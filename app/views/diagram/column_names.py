"""What inputs and targets are called in the table that a network learns from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.engine.network import Spec, kept
from app.lab.own_units import columns_of, targets_of
from app.views.diagram.elements import Node, Target
from app.views.diagram.geometry import Point
from app.views.diagram.shapes import Layout, NodeShape
from app.views.text.formatting import clipped
from app.views.text.table_row import in_own_unit, target_in_table, without_unit

_MOST, _MOST_SMALL, _MOST_WITH_UNIT = 12, 10, 9
_LINE, _TWO_LINES, _TWO_SMALL = 24.0, 43.0, 39.0
"""What a name, and a name with a value, take below a circle, in units of a drawing."""
_GAP = 9.0
"""Of these, what keeps the next circle away."""
_BELOW_ERROR, _NEXT_LINE = 33.0, 15.0
"""What a target's column takes below its error, beyond its output, with rows of one line."""
_BELOW_DELTA = 34.0
"""What an output's own value takes below the middle of its delta."""
_ABOVE_OUTPUT = 49.0
"""What an output's own value takes above the middle of its circle in the small drawing."""
_BELOW, _ABOVE = 74.0, 37.0
"""What these take below a target's middle in the small drawing, and its share of E above it."""


@kept
def input_columns(spec: Spec) -> tuple[str, ...]:
    """For each input its column, as short as a diagram has room for; "" where it is the unit."""
    return _others(columns_of(spec), spec.names.units[0])


@kept
def target_columns(spec: Spec) -> tuple[str, ...]:
    """For each output the class or the column that it stands for; "" where it is the unit."""
    return _others(targets_of(spec), spec.names.units[-1])


def _others(columns: tuple[str, ...], units: tuple[str, ...]) -> tuple[str, ...]:
    names = [*map(_brief, columns)]
    alike = Counter(clipped(name, _MOST_SMALL) for name in names)
    told = (
        clipped(name, _MOST_SMALL, names)
        if alike[clipped(name, _MOST_SMALL)] > 1
        else clipped(name, _MOST)
        for name in names
    )
    named = zip(columns, units, told, strict=True)
    return tuple("" if column == unit else one for column, unit, one in named)


def _brief(column: str) -> str:
    """A column's name; a long one without the unit behind it."""
    return without_unit(column) if len(column) > _MOST_WITH_UNIT else column


def with_own_targets(targets: Iterable[Target], spec: Spec, drawn: Layout) -> Iterator[Target]:
    """Targets with their values in the table's units, and whether these have room."""
    last = [place for place in drawn.nodes if place.layer == len(spec.layers) - 1]
    crowded, one_line = _crowded(last, _TWO_LINES), drawn.style.lines == 1
    for target in targets:
        told = target_in_table(spec, target.unit, target.value.exact) if drawn.style.full else ""
        own = clipped(told, _MOST_SMALL)
        below = _BELOW_ERROR + _NEXT_LINE * (own > "" and not crowded)
        boxed = one_line and not _has_room(last, below, drawn)
        yield target._replace(own=own, crowded=crowded, boxed=boxed)


def narrow_targets(small: Layout, targets: Sequence[Target]) -> Iterator[tuple[Point, Target]]:
    """The targets of the small drawing and where they stand; what has no room below them is left.

    That is their columns, and their values there.
    """
    heights = sorted(y for _, y in small.targets)
    close = any(low - high < _BELOW + _ABOVE for high, low in pairwise(heights))
    close = close or heights[-1] + _BELOW > small.top + small.height
    outputs = small.nodes[-len(targets) :]
    for centre, target, output in zip(small.targets, targets, outputs, strict=True):
        if not output.folded:
            yield centre, target._replace(column="", own="") if close else target


def with_own_units(nodes: Iterable[Node], spec: Spec, drawn: Layout) -> Iterator[Node]:
    """Units, inputs and outputs with their values in the table's units, and if these have room.

    Columns that have none below their inputs are left away.
    """
    last = len(spec.layers) - 1
    inputs = [place for place in drawn.nodes if place.layer == 0]
    outputs = [place for place in drawn.nodes if place.layer == last]
    below = drawn.style.delta + _BELOW_DELTA
    roomy = {
        0: _has_room(inputs, _TWO_LINES, drawn),
        last: _has_room(outputs, below - outputs[0].radius, drawn),
    }
    named = _has_room(inputs, _LINE, drawn)
    for node in nodes:
        place, own = node.place, ""
        if node.kind == "input" and not named:
            node = node._replace(tag="")
        if drawn.style.full and place.layer in roomy and node.act:
            own = in_own_unit(spec, -1 if place.layer else 0, place.unit, node.act.exact)
        yield node._replace(own=own, crowded=not roomy[place.layer]) if own else node


def _crowded(places: Iterable[NodeShape], needed: float) -> bool:
    """Whether there is less than ``needed`` between the circles of some."""
    inputs = sorted(places, key=lambda place: place.y)
    return any(low.y - high.y < low.radius + high.radius + needed for high, low in pairwise(inputs))


def _has_room(places: Sequence[NodeShape], needed: float, drawn: Layout) -> bool:
    """Whether there is room for ``needed`` below each circle, and in the drawing."""
    lowest = max(places, key=lambda place: place.y)
    ends = lowest.y + lowest.radius + needed - _GAP > drawn.top + drawn.height
    return not ends and not _crowded(places, needed)


def uncrowded(
    nodes: Iterable[tuple[NodeShape, Node]], small: Layout
) -> Iterator[tuple[NodeShape, Node]]:
    """Units and their places, without what has no room: columns, or values there.

    These stand below inputs and above outputs, which have their deltas below.
    """
    found = list(nodes)
    inputs = [place for place, node in found if node.kind == "input"]
    outputs = [place for place, node in found if node.kind == "output"]
    crowded = not _has_room(inputs, _LINE, small)
    close = not _has_room(inputs, _TWO_SMALL, small)
    low = not _has_room_above(outputs, small)
    for place, node in found:
        if node.kind == "input":
            tag, own = "" if crowded else clipped(node.tag, _MOST_SMALL), "" if close else node.own
            yield place, node._replace(tag=tag, own=own)
        else:
            yield place, node._replace(own="") if low else node


def _has_room_above(outputs: Sequence[NodeShape], small: Layout) -> bool:
    """Whether there is room for a line above each of a column's circles and their rings."""
    below = [(one.bias[1] if one.bias else one.y + small.style.delta) + 8 for one in outputs]
    tops = [one.y - _ABOVE_OUTPUT for one in outputs]
    return all(end <= top for end, top in zip([small.top, *below], tops, strict=False))
