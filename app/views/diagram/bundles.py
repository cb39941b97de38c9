"""What large pictures draw in few elements: many weights' lines as one path, folds, bundles."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.engine.network import Spec
from app.errors import InvalidInput
from app.messages.large_networks import FOLDED, FOLDS, LAYER, UNFOLDED
from app.views.diagram.elements import Edge
from app.views.diagram.folding import MOST_DRAWN, folded_units
from app.views.diagram.shapes import EdgeShape, FoldShape, Layout
from app.views.text.formatting import label, written


class EdgePaths(NamedTuple):
    """Lines of weights of one sign and about one size, as one path."""

    negative: bool
    width: str
    path: str


class FoldedUnits(NamedTuple):
    """Where a large layer's middle is folded, or can be folded again.

    ``text`` says how many units are folded, ``units`` the first and the last of them, ``layer``
    what the whole layer is called, ``sentence`` all that for screen readers.
    """

    place: FoldShape
    text: str
    units: str
    sentence: str
    layer: str


def unfolded_in(spec: Spec, layers: frozenset[int]) -> frozenset[int]:
    """``layers`` that are large enough to be folded; InvalidInput where there is no such layer."""
    for layer in sorted(layers):
        if layer >= len(spec.layers) or not folded_units(spec.layers[layer]):
            raise InvalidInput("not_foldable", pointer="/unfold", layer=layer, most=MOST_DRAWN)
    return layers


def unfolded_sentence(folds: Iterable[FoldedUnits]) -> str:
    """What is drawn in full."""
    named = [fold.layer for fold in folds if fold.place.open]
    return UNFOLDED.format(layers=", ".join(named)) if named else FOLDED


def wires_of(weights: Iterable[tuple[EdgeShape, Edge]]) -> Iterator[EdgePaths]:
    """The lines of drawn weights, each given with where it stands, in few paths."""
    found: dict[tuple[float, bool], list[str]] = {}
    for place, edge in weights:
        key = round(float(edge.width) * 2) / 2, edge.parameter.value.negative
        found.setdefault(key, []).append(place.path)
    for (wide, negative), paths in sorted(found.items()):
        yield EdgePaths(negative, f"{wide:g}", "".join(paths))


def fold_texts(drawn: Layout, spec: Spec) -> Iterator[FoldedUnits]:
    """What each fold says."""
    for place in drawn.folds:
        names = spec.names.units[place.layer]
        ends = [names[place.first], names[place.last]]
        first, last = map(written, ends)
        count = place.last - place.first + 1
        code = "small" if drawn.style.small else "open" if place.open else "folded"
        said = {"count": count, "first": first, "last": last, "units": len(names)}
        yield FoldedUnits(
            place,
            FOLDS[code].format(**said),
            " … ".join(label(name).text for name in ends),
            FOLDS[f"{code}_said"].format(**said),
            LAYER.format(units=len(names), first=written(names[0]), last=written(names[-1])),
        )
