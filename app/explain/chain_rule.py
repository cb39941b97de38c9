"""Derivations of every number of a step, by the chain rule, from the engine's rule tables.

Formulas: Nielsen, Neural Networks and Deep Learning, chapter 2 (BP1 to BP4), written out factor
by factor; the sum over paths is the multivariable chain rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from app.explain import derivation as at
from app.explain.derivation import Derivation, Line, Part
from app.explain.expression import (
    Constant,
    Expression,
    Marked,
    Number,
    Partial,
    Product,
    Symbol,
    parse,
    product,
    total,
)
from app.explain.forward_pass import (
    derive_act,
    derive_error,
    derive_given,
    derive_loss,
    derive_pre,
    derive_share,
    samples_line,
)
from app.explain.hidden_paths import path_lines
from app.explain.output_deltas import in_one, output_factor
from app.explain.quantities import Quantity
from app.explain.step_numbers import LOSS, StepNumbers, entry
from app.explain.updates import update_lines

ERROR, SLOPE, SOURCE = "error", "slope", "source"


def derive(quantity: Quantity, known: StepNumbers) -> Derivation:
    """Where ``quantity`` comes from.

    Args:
        quantity: a number of the step, as ``quantities.find`` gives it.
        known: the step's numbers.
    """
    return _DERIVATIONS[quantity.kind](quantity, known)


# --- backward -------------------------------------------------------------------------------


def _error_factor(known: StepNumbers, layer: int, unit: int) -> Line:
    """How much the error changes with a unit's activation: its own slope, or what is carried."""
    act = known.unit("act", layer, unit)
    parts: list[Part] = []
    if layer == len(known.spec.layers) - 1:
        about, target = "loss_slope", known.target(unit)
        rule = parse(known.spec.loss_rule.slope, known.loss_names(unit))
        parts += [at.node(layer, unit), at.target(unit)]
        names = {"name": act.name, "target": target.name}
    else:
        about = "carried_updated" if known.carrying_mark else "carried"
        terms: list[Expression] = []
        for following in range(known.spec.layers[layer + 1]):
            weight = replace(known.weight(layer, following, unit), mark=known.carrying_mark)
            terms.append(Product((known.unit("delta", layer + 1, following), weight)))
            parts += [at.edge(layer, following, unit), at.node(layer + 1, following)]
        rule = total(*terms)
        names = {"name": act.name, "count": str(len(terms))}
    left, value = Partial(known.loss, act), known.carried[layer - 1][unit]
    numbers = known.filled(rule)
    return Line("factor", about, left, rule, numbers, value, ERROR, "A", tuple(parts), names)


def _slope_factor(known: StepNumbers, layer: int, unit: int) -> Line:
    """How steep the activation is where the unit stands."""
    pre, act = known.unit("pre", layer, unit), known.unit("act", layer, unit)
    rule = parse(known.spec.activation_rules[layer - 1].slope, {"z": pre, "a": act})
    left, numbers, value = Partial(act, pre), known.filled(rule), known.slope[layer - 1][unit]
    names = {"name": act.name, "activation": known.spec.activations[layer - 1]}
    parts = (at.node(layer, unit),)
    return Line("factor", "slope", left, rule, numbers, value, SLOPE, "B", parts, names)


def _chain(
    left: Expression, factors: tuple[Line, ...], value: float, how: tuple[Line, ...] = ()
) -> tuple[Line, ...]:
    """The chain rule in symbols, how its first factor comes about, all factors, their product."""
    rule = product(*(Marked(f.left, f.badge, f.role) for f in factors))
    numbers = product(*(Marked(Number(f.value or 0.0), f.badge, f.role) for f in factors))
    return (
        Line("chain", "chain", left, rule),
        *how,
        *factors,
        Line("product", "product", left, None, numbers, value),
    )


def _delta_factors(
    known: StepNumbers, layer: int, unit: int
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """How the first factor of dE/dz comes about, if there is one factor only, and the factors."""
    if layer == len(known.spec.layers) - 1 and in_one(known.spec):
        how, factor = output_factor(known, unit)
        return how, (factor,)
    return (), (_error_factor(known, layer, unit), _slope_factor(known, layer, unit))


def _delta(quantity: Quantity, known: StepNumbers) -> Derivation:
    layer, unit = quantity.layer, quantity.unit
    symbol, value = known.unit("delta", layer, unit), known.delta[layer - 1][unit]
    how, factors = _delta_factors(known, layer, unit)
    chain = (*how, *factors) if len(factors) == 1 else _chain(symbol, factors, value)
    definition = Partial(known.loss, known.unit("pre", layer, unit))
    lines = (Line("definition", "delta", symbol, definition), *chain)
    names = {"name": quantity.name}
    return Derivation(quantity, symbol, value, lines, at.node(layer, unit), names)


def _sample_gradient(quantity: Quantity, known: StepNumbers, symbol: Symbol) -> tuple[Line, ...]:
    """The gradient of the sample in view: the chain, its factors, and every path."""
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    left, delta = Partial(known.loss, symbol), known.delta[layer][unit]
    slope = Partial(known.unit("pre", layer + 1, unit), symbol)
    how, factors = _delta_factors(known, layer + 1, unit)
    if source < 0:
        names, part = {"name": symbol.name}, at.bias(layer, unit)
        one = Constant(1.0)
        last = Line("factor", "bias_source", slope, None, one, 1.0, SOURCE, "C", (part,), names)
        return _chain(left, (*factors, last), delta, how)
    act, value = known.unit("act", layer, source), known.act[layer][source]
    names, part = {"name": symbol.name, "source": act.name}, at.node(layer, source)
    last = Line("factor", "source", slope, act, Number(value), value, SOURCE, "C", (part,), names)
    chain = _chain(left, (*factors, last), delta * value, how)
    return (*chain, *path_lines(known, quantity, left, delta * value))


def _weight(quantity: Quantity, known: StepNumbers) -> Derivation:
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    symbol = known.weight(layer, unit, source)
    gradient = entry(known.gradients, quantity)
    lines = [*_sample_gradient(quantity, known, symbol)]
    if known.samples > 1:
        deltas, sources = known.gradients.deltas[layer], known.passed.activations[layer]
        each = (deltas[:, unit] * sources[:, source]).tolist()
        lines.append(samples_line(known, symbol, each, gradient))
    lines += update_lines(quantity, known, symbol, gradient)
    units = known.spec.names.units
    ends = {"source": units[layer][source], "target": units[layer + 1][unit]}
    names, part = {"name": symbol.name, **ends}, at.edge(layer, unit, source)
    return Derivation(quantity, Partial(LOSS, symbol), gradient, tuple(lines), part, names)


def _bias(quantity: Quantity, known: StepNumbers) -> Derivation:
    layer, unit = quantity.layer, quantity.unit
    symbol = known.bias(layer, unit)
    units = _units_of(quantity, known)
    deltas = known.gradients.deltas[layer]
    if len(units) == 1:
        lines = [*_sample_gradient(quantity, known, symbol)]
    else:
        lines = [*_shared_lines(known, layer, units, symbol)]
    each = deltas[:, units].sum(axis=1).tolist()
    gradient = entry(known.gradients, quantity)
    if known.spec.bias_update == "none":
        gradient = sum(each) / (known.samples if known.mean else 1)
    if known.samples > 1:
        lines.append(samples_line(known, symbol, each, gradient))
    lines += update_lines(quantity, known, symbol, gradient)
    targets = ", ".join(known.spec.names.units[layer + 1][one] for one in units)
    names = {"name": symbol.name, "target": targets}
    part = at.bias(layer, unit)
    return Derivation(quantity, Partial(LOSS, symbol), gradient, tuple(lines), part, names)


def _units_of(quantity: Quantity, known: StepNumbers) -> list[int]:
    """The units that a bias belongs to: one, or the whole layer."""
    spec, layer = known.spec, quantity.layer
    if spec.names.bias_nodes[layer] or spec.bias_update == "shared":
        return list(range(spec.layers[layer + 1]))
    return [quantity.unit]


def _shared_lines(
    known: StepNumbers, layer: int, units: list[int], symbol: Symbol
) -> tuple[Line, ...]:
    """A bias of several units matters through each of them: the sum of their deltas."""
    left, names = Partial(known.loss, symbol), {"name": symbol.name}
    paths = [
        Product((Partial(known.loss, pre), Partial(pre, symbol)))
        for pre in (known.unit("pre", layer + 1, one) for one in units)
    ]
    rule = total(*(known.unit("delta", layer + 1, one) for one in units))
    numbers, value = known.filled(rule), sum(known.delta[layer][one] for one in units)
    parts = tuple(at.node(layer + 1, one) for one in units)
    return (
        Line("chain", "chain", left, total(*paths)),
        Line("shared", "shared_bias", left, rule, numbers, value, SOURCE, "A", parts, names),
    )


# --- update ---------------------------------------------------------------------------------


def _new(quantity: Quantity, known: StepNumbers) -> Derivation:
    """A new value, or what the optimizer remembers on the way to it."""
    base = _weight if quantity.source >= 0 else _bias
    whole = base(quantity, known)
    lines = tuple(line for line in whole.lines if line.kind in ("moment", "update", "frozen"))
    if quantity.kind != "new" and lines[0].kind != "frozen":
        names = [line.about for line in lines]
        end = names.index(quantity.kind)
        lines = (*(line for line in lines[:end] if line.about == "decayed"), lines[end])
    elif quantity.kind != "new":
        moment = Symbol(quantity.kind, quantity.name)
        lines = (replace(lines[0], left=moment, value=0.0),)
    return Derivation(quantity, lines[-1].left, lines[-1].value, lines, whole.part, whole.names)


_DERIVATIONS: Mapping[str, Callable[[Quantity, StepNumbers], Derivation]] = MappingProxyType(
    {
        "input": derive_given,
        "target": derive_given,
        "value": derive_given,
        "pre": derive_pre,
        "act": derive_act,
        "share": derive_share,
        "error": derive_error,
        "loss": derive_loss,
        "loss_after": derive_loss,
        "delta": _delta,
        "weight": _weight,
        "bias": _bias,
        "new": _new,
        "velocity": _new,
        "mean": _new,
        "square": _new,
    }
)
