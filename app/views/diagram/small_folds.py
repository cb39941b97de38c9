"""The small drawing of a large network: of each layer the first units and the last one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, product

from app.views.diagram.ports import (
    TALLEST,
    TALLEST_BELOW_SAMPLES,
    has_rows,
    small_layout,
    tight_layout,
)
from app.views.diagram.shapes import SMALL_FOLD, EdgeShape, FoldShape, Layout, NodeShape

_MOST_DRAWN = 4
"""Layers of more units are folded: two units, the fold and the last unit are drawn."""
_HEAD = 2


@lru_cache(maxsize=16)  # the largest take a megabyte; those with rows are kept by their own
def narrow_layout(layers: tuple[int, ...], *, below_samples: bool = False) -> Layout:
    """Lay out ``layers`` for a narrow page, folding every layer of more than four units.

    Networks with rows are drawn in full where a phone has room for them, which is less
    ``below_samples``, or where they have no layer to be folded.
    """
    full = has_rows(layers)
    if full:
        tallest = TALLEST_BELOW_SAMPLES if below_samples else TALLEST
        whole = small_layout(layers, tallest)
        if whole.height <= tallest or max(layers) <= _MOST_DRAWN:
            return whole
    drawn = tight_layout(tuple(min(units, _MOST_DRAWN) for units in layers), shares=full)
    columns = [
        _column([node for node in drawn.nodes if node.layer == layer], units)
        for layer, units in enumerate(layers)
    ]
    edges = {(edge.layer, edge.source, edge.target): edge for edge in drawn.edges}
    outputs = [_place(unit, layers[-1]) for unit in range(layers[-1])]
    return replace(
        drawn,
        nodes=tuple(node for column in columns for node in column),
        edges=tuple(
            _edge(edges[source.layer, _place(source.unit, len(sources)), at], source, target)
            for sources, targets in pairwise(columns)
            for target, source in product(targets, sources)
            for at in [_place(target.unit, len(targets))]
        ),
        targets=tuple(drawn.targets[place] for place in outputs),
        folds=tuple(fold for column in columns for fold in _folds(column)),
    )


def _place(unit: int, units: int) -> int:
    """Which of the drawn units stands for ``unit``, the fold among them."""
    last = unit == units - 1
    return unit if units <= _MOST_DRAWN or unit <= _HEAD else _HEAD + last


def _column(drawn: Sequence[NodeShape], units: int) -> list[NodeShape]:
    return [
        replace(
            drawn[_place(unit, units)],
            id=f"node-{drawn[0].layer}-{unit}",
            unit=unit,
            folded=units > _MOST_DRAWN and _place(unit, units) == _HEAD,
        )
        for unit in range(units)
    ]


def _edge(drawn: EdgeShape, source: NodeShape, target: NodeShape) -> EdgeShape:
    return replace(
        drawn,
        id=f"edge-{source.layer}-{source.unit}-{target.layer}-{target.unit}",
        source=source.unit,
        target=target.unit,
        folded=source.folded or target.folded,
    )


def _folds(column: Sequence[NodeShape]) -> Iterator[FoldShape]:
    folded = [node for node in column if node.folded]
    if folded:
        first = folded[0]
        yield FoldShape(
            f"fold-{first.layer}", first.layer, first.unit, folded[-1].unit, first.column,
            first.x, first.y, False, *SMALL_FOLD,
        )  # fmt: skip
