"""What is pointed at in the diagram: rings around parts, with badges, drawn under everything else.

A ring's line style and badge say what its colour says: nothing is meant by colour alone.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.engine.network import Spec
from app.explain import derivation as at
from app.explain.derivation import Derivation, PartKey
from app.lab.phases import Kind, Phase
from app.views.diagram.geometry import Point
from app.views.diagram.shapes import DetailLevel, EdgeShape, Layout, NodeShape, RowForm

_GAP, _SMALL_GAP, _CLOSE_GAP, _MORE = 5, 4, 2, 6
_ROW_GAP, _CLOSE_ROW_GAP = 1, 0.5
_AROUND_TARGET = 2
_SMALL_TARGET, _LARGE_TARGET = (56.0, 46.0), (128.0, 56.0)
_BIAS_NODE = (204.0, 56.0)
_FIXED = 122.0
"""How wide a ring around a bias that shows its value alone is."""
_BADGE_GAP, _BADGE_STEP = 5, 22.0
_MOST_PATH_MARKS = 80


@dataclass(frozen=True, slots=True)
class Highlight:
    """A ring around a part (a box where its radius is 0), and a band along a weight's ``path``.

    ``role`` is "now", "used", "self", "path", or a factor's; ``badge`` the factor's letter, the
    path's number, or "". ``part`` is the id of the part in the diagram, ``word`` what is said of
    it to those who do not see the ring, "" where something else says so.
    """

    role: str
    badge: str
    part: str
    centre: Point
    radius: float
    width: float
    height: float
    path: str
    badge_at: Point
    word: str = ""


class Marks(NamedTuple):
    """What is pointed at in the wide drawing and in the small one, and the units that are stuck."""

    wide: tuple[Highlight, ...] = ()
    small: tuple[Highlight, ...] = ()
    wide_stuck: tuple[Highlight, ...] = ()
    small_stuck: tuple[Highlight, ...] = ()


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a part of the diagram stands, to be ringed."""

    id: str
    centre: Point
    radius: float = 0.0
    width: float = 0.0
    height: float = 0.0
    path: str = ""
    badge: Point = (0.0, 0.0)
    step: Point = (_BADGE_STEP, 0.0)
    gap: int = _GAP


def outlines_of(drawn: Layout, spec: Spec) -> Mapping[PartKey, Outline]:
    """Where every part stands."""
    units = {(node.layer, node.unit): _unit(drawn, node) for node in drawn.nodes}
    found = {at.node(*place): outline for place, outline in units.items()}
    found |= {at.edge(e.layer, e.target, e.source): _weight(drawn, e) for e in drawn.edges}
    found |= dict(_biases(drawn, spec, units))
    last = len(spec.layers) - 1
    style = drawn.style
    width, height = _SMALL_TARGET if style.small else _LARGE_TARGET
    if style.full and drawn.target and not style.small:
        width, height = (side + _AROUND_TARGET for side in drawn.target[:2])
    for unit, (x, y) in enumerate(drawn.targets):
        # Where what the output adds to the error stands above it, a badge keeps clear of that.
        beside = style.small or style.lines < 2
        badge = (x - width / 2, y) if beside else (x + width / 2 - 12, y - height / 2)
        box = Outline(f"target-{unit}", (x, y), 0.0, width, height, badge=badge)
        folded = drawn.nodes[unit - len(drawn.targets)].folded
        found[at.target(unit)] = units[last, unit] if folded else box
    return found


def _unit(drawn: Layout, node: NodeShape) -> Outline:
    """A unit's circle, or the fold that stands for it."""
    if not node.folded:
        return Outline(node.id, node.centre, node.radius, gap=_ring_gap(drawn.style))
    fold = next(fold for fold in drawn.folds if fold.layer == node.layer)
    size = (fold.width + 2 * _GAP, fold.height + 2 * _GAP)
    # Its badges stand below each other, between it and what the next layer has.
    right = fold.x + fold.width / 2 + (16 if drawn.style.small else 38)
    badge = right, fold.y - 1.5 * _BADGE_STEP
    return Outline(fold.id, fold.centre, 0.0, *size, badge=badge, step=(0.0, _BADGE_STEP))


def _ring_gap(style: DetailLevel) -> int:
    """How far a ring is from its circle: less where deltas stand between the rings."""
    if style.lines < (1 if style.small else 2):
        return _CLOSE_GAP
    return _SMALL_GAP if style.small else _GAP


def _weight(drawn: Layout, edge: EdgeShape) -> Outline:
    """A weight's line and row; the weights of folded units share theirs, and one is enough."""
    if edge.row and drawn.row:
        return _row(edge.id, edge.row, drawn.row, drawn.style, edge.path)
    (x1, y1), (x2, y2) = edge.line
    middle = (x1 + x2) / 2, (y1 + y2) / 2
    name = "bundle" if edge.folded else edge.id
    return Outline(name, middle, path=edge.path, badge=middle)


def _row(name: str, left: Point, form: RowForm, style: DetailLevel, path: str = "") -> Outline:
    """A row, with its badges at its left."""
    x, y = left
    gap = 0 if style.small else _CLOSE_ROW_GAP if style.close else _ROW_GAP
    size = form.width + 2 * gap, form.height + 2 * gap
    badge = x - 8, y
    centre = x + form.width / 2, y
    return Outline(name, centre, 0.0, *size, path=path, badge=badge, step=(-_BADGE_STEP, 0.0))


def _biases(
    drawn: Layout, spec: Spec, units: Mapping[tuple[int, int], Outline]
) -> Iterator[tuple[PartKey, Outline]]:
    """The box of each bias: its row, its layer's node, or its unit where it has no box."""
    fixed = spec.bias_update == "none"
    nodes = {place.layer: place for place in drawn.biases}
    for node in drawn.nodes[spec.layers[0] :]:
        layer, outline = node.layer - 1, units[node.layer, node.unit]
        if node.bias and drawn.row:
            outline = _row(f"own-{node.id}", node.bias, drawn.row, drawn.style)
        elif layer in nodes and not drawn.style.small:
            place = nodes[layer]
            outline = _box(place.id, place.centre, _BIAS_NODE, fixed=fixed)
        yield at.bias(layer, node.unit), outline


def _box(name: str, centre: Point, size: Point, *, fixed: bool) -> Outline:
    """A bias's box with its badge at the left; narrower where only its value is shown."""
    width, height = _FIXED if fixed else size[0], size[1]
    return Outline(name, centre, 0.0, width, height, badge=(centre[0] - width / 2, centre[1]))


def part_marks(
    drawn: Layout, spec: Spec, parts: Iterable[tuple[PartKey, str, str]]
) -> Iterator[Highlight]:
    """Rings for ``parts``, each with a badge and a role; rings around one part widen."""
    return _highlights(outlines_of(drawn, spec), _together(spec, parts))


def _together(
    spec: Spec, parts: Iterable[tuple[PartKey, str, str]]
) -> Iterator[tuple[PartKey, str, str]]:
    """``parts``, with all the rows of a bias that a layer shares."""
    for part, badge, role in parts:
        kind, layer, *_ = part
        shared = kind == "bias" and (
            spec.bias_update == "shared" or spec.names.bias_nodes[layer] is not None
        )
        units = range(spec.layers[layer + 1]) if shared else ()
        yield from ((at.bias(layer, unit), badge, role) for unit in units)
        if not shared:
            yield part, badge, role


def _highlights(
    outlines: Mapping[PartKey, Outline], parts: Iterable[tuple[PartKey, str, str]]
) -> Iterator[Highlight]:
    rings: Counter[Outline] = Counter()
    rows = dict.fromkeys((outlines[part], badge, role) for part, badge, role in parts)
    for shape, badge, role in rows:
        more = _MORE * rings[shape]
        radius = shape.radius + shape.gap + more if shape.radius else 0
        width, height = (0.0, 0.0) if radius else (shape.width + 2 * more, shape.height + 2 * more)
        yield Highlight(
            role, badge, shape.id, shape.centre, radius, width, height, shape.path,
            _badge_at(shape, rings[shape]),
        )  # fmt: skip
        rings[shape] += 1


def _badge_at(shape: Outline, index: int) -> Point:
    """Where a part's badge stands: around a circle from the upper left on, else in a row."""
    x, y = shape.centre
    if not shape.radius:
        (left, top), (right, down) = shape.badge, shape.step
        return left + right * index, top + down * index
    # First between the top, which a name may have, and the sides.
    turn = math.radians(90 * index - 135 + 45 * (index > 3))
    # Circles lie over badges.
    reach = shape.radius + max(shape.gap, _BADGE_GAP)
    return round(x + reach * math.cos(turn), 1), round(y + reach * math.sin(turn), 1)


def stuck_highlights(
    drawn: Layout, spec: Spec, stuck: Mapping[PartKey, str]
) -> Iterator[Highlight]:
    """A ring around each unit that the network gets stuck on, with what is wrong with it.

    Where units stand close there is no room for one.
    """
    if not drawn.style.full:
        return
    outlines = outlines_of(drawn, spec)
    for part, word in stuck.items():
        for one in _highlights(outlines, [(part, "!", "stuck")]):
            yield replace(one, word=word)


def derivation_highlights(
    drawn: Layout, spec: Spec, derivation: Derivation
) -> tuple[Highlight, ...]:
    """The part that a derivation is about, and those that its factors speak of."""
    own = [(derivation.part, "", "self")] if derivation.part else []
    marked = list(derivation.marked_parts())
    factors = [entry for entry in marked if entry[2] != "path"]
    paths = [entry for entry in marked if entry[2] == "path"]
    # Paths are drawn once they are pointed at, so they do not widen other rings.
    shown = paths if len(paths) <= _MOST_PATH_MARKS else []
    outlines = outlines_of(drawn, spec)
    rest = _together(spec, [*own, *factors])
    return (*_highlights(outlines, shown), *_highlights(outlines, rest))


def phase_highlights(drawn: Layout, spec: Spec, phase: Phase | None) -> tuple[Highlight, ...]:
    """What a phase has just computed, and what it used, but for what stands at the same place."""
    if phase is None:
        return ()
    now, used = _phase_parts(spec, phase)
    outlines = outlines_of(drawn, spec)
    new = {outlines[part] for part in now}
    parts = [(part, "", "used") for part in used if outlines[part] not in new]
    parts += [(part, "", "now") for part in now]
    return tuple(_in_blocks(_highlights(outlines, _together(spec, parts))))


def _in_blocks(rings: Iterable[Highlight]) -> Iterator[Highlight]:
    """``rings`` with one box around a unit's rows: the first row's, where each had its own."""
    blocks: dict[tuple[str, ...], list[Highlight]] = {}
    for ring in rings:
        is_row = ring.width and ring.part.startswith(("edge", "own"))
        unit = ring.part.split("-")[-2:] if is_row else [ring.part]
        blocks.setdefault((ring.role, *unit), []).append(ring)
    for first, *others in blocks.values():
        last = others[-1] if others else first
        (x, top), bottom = first.centre, last.centre[1]
        height = first.height + bottom - top
        yield replace(first, centre=(x, (top + bottom) / 2), height=height)
        yield from (replace(one, width=0.0, height=0.0) for one in others)


def involved_in(spec: Spec, phase: Phase | None) -> str:
    """The kinds of parts that a phase is about, each with its layer: "node-1 edge-0 target"."""
    if phase is None:
        return ""
    now, used = _phase_parts(spec, phase)
    kinds = (kind if layer < 0 else f"{kind}-{layer}" for kind, layer, *_ in (*now, *used))
    return " ".join(dict.fromkeys(kinds))


def _phase_parts(spec: Spec, phase: Phase) -> tuple[list[PartKey], list[PartKey]]:
    last = len(spec.layers) - 1
    layer = phase.layer or last
    match phase.kind:
        case Kind.PRE_ACTIVATION:
            return _units(spec, layer), [*_units(spec, layer - 1), *_parameters(spec, layer)]
        case Kind.ACTIVATION:
            return _units(spec, layer), []
        case Kind.ERROR:
            return _targets(spec), _units(spec, last)
        case Kind.DELTA if layer == last:
            return _units(spec, layer), _targets(spec)
        case Kind.DELTA:
            return _units(spec, layer), [*_weights(spec, layer + 1), *_units(spec, layer + 1)]
        case Kind.GRADIENT:
            return _learning(spec, layer), [*_units(spec, layer), *_units(spec, layer - 1)]
        case Kind.MOMENTS | Kind.UPDATE:
            layers = [phase.layer] if phase.layer else range(1, last + 1)
            return [part for one in layers for part in _learning(spec, one)], []


def _units(spec: Spec, layer: int) -> list[PartKey]:
    return [at.node(layer, unit) for unit in range(spec.layers[layer])]


def _targets(spec: Spec) -> list[PartKey]:
    return [at.target(unit) for unit in range(spec.layers[-1])]


def _weights(spec: Spec, layer: int) -> list[PartKey]:
    """The weights that lead into a layer."""
    units, sources = range(spec.layers[layer]), range(spec.layers[layer - 1])
    return [at.edge(layer - 1, unit, source) for unit in units for source in sources]


def _parameters(spec: Spec, layer: int) -> list[PartKey]:
    """The weights and biases that lead into a layer."""
    biases = [at.bias(layer - 1, unit) for unit in range(spec.layers[layer])]
    return [*_weights(spec, layer), *biases]


def _learning(spec: Spec, layer: int) -> list[PartKey]:
    """Those of them that a step changes."""
    return _weights(spec, layer) if spec.bias_update == "none" else _parameters(spec, layer)
