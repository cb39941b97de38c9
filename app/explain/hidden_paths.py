"""Every path from a weight to the error: the chain rule, multiplied out."""

from collections.abc import Iterator
from itertools import product as every_choice
from math import prod

from app.engine.network import Spec
from app.explain import derivation as at
from app.explain.derivation import Line
from app.explain.expression import Expression, Number, Partial, Product, Symbol, total
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers

MOST_PATHS = 64
"""More paths than this are not listed: the next layer's deltas have gathered them."""


def path_count(spec: Spec, quantity: Quantity) -> int:
    """How many paths lead from a weight to the outputs."""
    return prod(spec.layers[quantity.layer + 2 :])


def path_lines(
    known: StepNumbers, quantity: Quantity, left: Expression, value: float
) -> Iterator[Line]:
    """A line for each path from a hidden weight to the error, then their sum.

    A weight of the last layer has a single path, which is its chain. ``left`` is the sample's
    gradient as a symbol, ``value`` its value.
    """
    following = known.spec.layers[quantity.layer + 2 :]
    if not following or path_count(known.spec, quantity) > MOST_PATHS:
        return
    symbols: dict[Expression, float] = {}
    for number, units in enumerate(every_choice(*map(range, following)), start=1):
        line = _path_line(known, quantity, units, number)
        symbols[line.left] = line.value or 0.0
        yield line
    numbers = total(*(Number(one) for one in symbols.values()))
    names = {"count": str(len(symbols))}
    about = "paths" if len(symbols) > 1 else "only_path"
    yield Line("sum", about, left, total(*symbols), numbers, value, names=names)


def _path_line(known: StepNumbers, quantity: Quantity, units: tuple[int, ...], number: int) -> Line:
    """One path: from the error through these units to the weight, every factor."""
    start, route = quantity.layer + 1, (quantity.unit, *units)
    last, final = start + len(units), route[-1]
    end, value = "act", known.loss_slope[final]
    if known.in_one:
        end, value = "pre", known.delta[-1][final]
    factors = [(Partial(known.loss, known.unit(end, last, final)), value)]
    parts = []
    for offset in range(len(units), -1, -1):
        layer, unit = start + offset, route[offset]
        pre = known.unit("pre", layer, unit)
        if layer < last or end == "act":
            slope = known.slope[layer - 1][unit]
            factors.append((Partial(known.unit("act", layer, unit), pre), slope))
        parts.append(at.node(layer, unit))
        if offset:
            source = route[offset - 1]
            carrying = float(known.carrying.weights[layer - 1][unit, source])
            factors.append((Partial(pre, known.unit("act", layer - 1, source)), carrying))
            parts.append(at.edge(layer - 1, unit, source))
    weight = known.weight(quantity.layer, quantity.unit, quantity.source)
    factors.append((Partial(pre, weight), known.act[quantity.layer][quantity.source]))
    parts.append(at.edge(quantity.layer, quantity.unit, quantity.source))
    names = [row[unit] for row, unit in zip(known.spec.names.units[start:], route, strict=True)]
    return Line(
        "path", "path", Symbol("path", f"p{number}"),
        Product(tuple(factor for factor, _ in factors)),
        Product(tuple(Number(one) for _, one in factors)),
        prod(one for _, one in factors), "path", str(number), tuple(reversed(parts)),
        {"number": str(number), "route": " → ".join(names)},
    )  # fmt: skip
