"""Every path from a weight to the error: the chain rule, multiplied out."""

from collections.abc import Iterator
from itertools import product as every_choice
from math import prod

from app.engine.network import Spec
from app.explain import derivation as at
from app.explain.derivation import Line, Part
from app.explain.expression import Expression, Number, Partial, Product, Symbol, total
from app.explain.output_deltas import in_one
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

    Args:
        known: the step's numbers.
        quantity: the weight; one of the last layer has a single path, which is its chain.
        left: the sample's gradient, as a symbol.
        value: its value.
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
    start = quantity.layer + 1
    route = (quantity.unit, *units)
    factors: list[tuple[Expression, float]] = []
    parts: list[Part] = []
    last = start + len(units)
    end = "act"
    if in_one(known.spec):
        end, value = "pre", known.delta[-1][route[-1]]
    else:
        value = known.loss_slope[route[-1]]
    factors.append((Partial(known.loss, known.unit(end, last, route[-1])), value))
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
    pre = known.unit("pre", start, quantity.unit)
    weight = known.weight(quantity.layer, quantity.unit, quantity.source)
    factors.append((Partial(pre, weight), known.act[quantity.layer][quantity.source]))
    parts.append(at.edge(quantity.layer, quantity.unit, quantity.source))
    names = {
        "number": str(number),
        "route": " → ".join(
            known.spec.names.units[start + offset][unit] for offset, unit in enumerate(route)
        ),
    }
    symbol = Symbol("path", f"p{number}")
    rule = Product(tuple(factor for factor, _ in factors))
    numbers = Product(tuple(Number(one) for _, one in factors))
    value = prod(one for _, one in factors)
    return Line(
        "path", "path", symbol, rule, numbers, value, "path", str(number),
        tuple(reversed(parts)), names,
    )  # fmt: skip
