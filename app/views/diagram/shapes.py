"""The parts of a picture, each where it stands; ``diagram`` lays them out."""

from dataclasses import dataclass

from app.views.diagram.tag_placement import Line, Point

FOLD = (88.0, 40.0)


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """The sizes of one level of detail.

    Attributes:
        full: whether tags and pre-activations are drawn.
        input_radius, radius: of inputs and of other units.
        column: least distance between layers; row: least distance between units.
        tag: width and height kept free for a weight's tag, once everything is computed.
        delta, bias: distance of a unit's delta below it, and of its own bias above it.
        dense: whether units stand closest, in smaller circles.
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


@dataclass(frozen=True, slots=True)
class NodeShape:
    """A unit's circle.

    Attributes:
        id: ``node-<layer>-<unit>``.
        layer, unit: its indices.
        column: its place in reading order, left to right; weights lie between.
        x, y: the centre.
        radius: of the circle.
        folded: whether it is not drawn, but stands for its place within a fold.
    """

    id: str
    layer: int
    unit: int
    column: int
    x: float
    y: float
    radius: float
    folded: bool = False

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


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
class FoldShape:
    """Where the middle of a large layer is folded, or can be folded again.

    Attributes:
        id: ``fold-<layer>``.
        layer, first, last: the units that it speaks of.
        column: its place in reading order.
        x, y: the centre.
        width, height: of its box.
        open: whether its units are drawn now.
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

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class BiasShape:
    """A layer's bias node and its lines to the layer's units."""

    id: str
    layer: int
    column: int
    x: float
    y: float
    lines: tuple[Line, ...]

    @property
    def centre(self) -> Point:
        """The centre as one."""
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture.

    Attributes:
        top, width, height: the viewBox, which begins at x = 0.
        style: the level of detail.
        nodes, edges, biases: in reading order.
        targets: the centres of the targets' boxes.
        target_column: their place in reading order.
        folds: where layers are folded, or can be.
        bundles: lines that stand for the weights of folded units.
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
