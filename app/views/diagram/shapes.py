"""The parts of a picture, each where it stands; ``diagram`` lays them out."""

from dataclasses import dataclass

from app.views.diagram.tag_placement import Line, Point

FOLD = (88.0, 40.0)


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """The sizes of one level of detail: of ``full`` ones, tags and pre-activations are drawn.

    ``radius`` is that of units but inputs, ``column`` and ``row`` the least distance between layers
    and between units, ``tag`` the size kept free for a weight's tag once all is computed, ``delta``
    and ``bias`` the distance of a unit's delta below it and of its own bias above it. ``dense``
    are the smallest circles.
    """

    full: bool
    input_radius: float
    radius: float
    column: float
    row: float
    tag: Point
    delta: float
    bias: float
    dense: bool = False


class Placed:
    """What has its centre at (x, y)."""

    __slots__ = ()
    x: float
    y: float

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class NodeShape(Placed):
    """A unit's circle, around (x, y); its id is ``node-<layer>-<unit>``.

    ``column`` is its place in reading order, left to right, with weights between. A ``folded`` one
    is not drawn: it stands for its place within a fold.
    """

    id: str
    layer: int
    unit: int
    column: int
    x: float
    y: float
    radius: float
    folded: bool = False


@dataclass(frozen=True, slots=True)
class EdgeShape:
    """A weight's line, from rim to rim, and the centre of its tag (None: no room for one).

    One of a folded unit is not drawn.
    """

    id: str
    layer: int
    source: int
    target: int
    column: int
    line: Line
    tag: Point | None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class FoldShape(Placed):
    """Where a large layer is folded, or can be folded again: a box around (x, y).

    Its id is ``fold-<layer>``; it speaks of units ``first`` to ``last``, and is ``open`` where they
    are drawn now.
    """

    id: str
    layer: int
    first: int
    last: int
    column: int
    x: float
    y: float
    open: bool
    width: float = FOLD[0]
    height: float = FOLD[1]


@dataclass(frozen=True, slots=True)
class BiasShape(Placed):
    """A layer's bias node and its lines to the layer's units."""

    id: str
    layer: int
    column: int
    x: float
    y: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture: its viewBox begins at (0, top), its parts are in reading order.

    ``targets`` are the centres of the targets' boxes, ``bundles`` the lines that stand for the
    weights of folded units.
    """

    top: float
    width: float
    height: float
    style: DetailLevel
    nodes: tuple[NodeShape, ...]
    edges: tuple[EdgeShape, ...]
    biases: tuple[BiasShape, ...]
    targets: tuple[Point, ...]
    target_column: int
    folds: tuple[FoldShape, ...] = ()
    bundles: tuple[Line, ...] = ()
