"""The parts of a diagram, each where it stands; ``diagram`` lays them out."""

from dataclasses import dataclass
from typing import NamedTuple

from app.views.diagram.geometry import Ends, Point, rounded

FOLD = (116.0, 46.0)
SMALL_FOLD = (60.0, 30.0)


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """The sizes of one level of detail.

    ``lines`` is how many lines a weight's row has; 0 where weights have no rows. ``radius`` is
    that of units but inputs, ``delta`` the distance of a unit's delta below it. ``small`` is the
    drawing for narrow pages, ``tight`` that with many layers, where deltas stand without their
    letter; ``close`` is a wide one with many units. ``text`` is the size of the smallest text.
    """

    lines: int
    input_radius: float
    radius: float
    delta: float
    small: bool = False
    tight: bool = False
    close: bool = False
    text: float = 12.2

    @property
    def full(self) -> bool:
        """Whether weights have rows with their numbers."""
        return self.lines > 0


class RowForm(NamedTuple):
    """The row of a weight or a bias: its size, and where within it the numbers stand.

    Places count from its left end, heights from its middle.
    """

    width: float
    height: float
    name: float
    value: float
    arrow: float
    chip: float
    new: float
    end: float
    chip_width: float

    @property
    def top(self) -> float:
        """Where it begins above its middle."""
        return rounded(-self.height / 2)


class TargetForm(NamedTuple):
    """The box of a target and what lies between it and its output, from the centre of the box.

    ``width`` and ``height`` are those of the box; the line to it begins at ``start``, is ``reach``
    long and has the error at its ``middle``. ``touch`` is how high the links above and below a box
    are where its numbers stand there.
    """

    width: float
    height: float
    start: float
    reach: float
    touch: float

    @property
    def left(self) -> float:
        """Where the box begins."""
        return -self.width / 2

    @property
    def right(self) -> float:
        """Where the box ends."""
        return self.width / 2

    @property
    def across(self) -> float:
        """The width of the box and the line."""
        return self.width + self.reach

    @property
    def above(self) -> float:
        """Where the link above the box begins."""
        return -self.height / 2 - self.touch

    @property
    def middle(self) -> float:
        """Where the error stands."""
        return self.start + self.reach / 2

    @property
    def origin(self) -> Point:
        """Where the line begins."""
        return self.start, 0.0


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
    is not drawn: it stands for its place within a fold. ``bias`` is the left end of its bias's
    row, ``brace`` the path from its rows to its circle.
    """

    id: str
    layer: int
    unit: int
    column: int
    x: float
    y: float
    radius: float
    folded: bool = False
    bias: Point | None = None
    brace: str = ""

    @property
    def bias_column(self) -> int:
        """The place of its rows in reading order."""
        return self.column - 1


@dataclass(frozen=True, slots=True)
class EdgeShape:
    """A weight's line and its path, and the left end of its row (None: it has none).

    One of a folded unit is not drawn.
    """

    id: str
    layer: int
    source: int
    target: int
    column: int
    line: Ends
    path: str
    row: Point | None = None
    folded: bool = False

    @property
    def source_id(self) -> str:
        """The id of the unit that it comes from."""
        return f"node-{self.layer}-{self.source}"

    @property
    def target_id(self) -> str:
        """The id of the unit that it leads into."""
        return f"node-{self.layer + 1}-{self.target}"


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
    """A layer's bias node and the paths of its lines to the layer's units."""

    id: str
    layer: int
    column: int
    x: float
    y: float
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole diagram: its viewBox begins at (0, top), its parts are in reading order.

    ``row`` is the form of rows, ``target`` that of targets in the wide drawing; ``targets`` are
    the centres of the targets' boxes, ``bundle`` is the path of the lines that stand for the
    weights of folded units. One that ``follows`` the phase is shown in part.
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
    row: RowForm | None = None
    folds: tuple[FoldShape, ...] = ()
    bundle: str = ""
    target: TargetForm | None = None
    follows: bool = False

    @property
    def latest(self) -> bool:
        """Whether rows have room for one number alone, the latest."""
        return self.row is not None and not self.row.arrow
