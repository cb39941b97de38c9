"""Derivations of every number of a step, by the chain rule, from the engine's rule tables.

Formulas: Nielsen, Neural Networks and Deep Learning, chapter 2 (BP1 to BP4), written out factor
by factor; the sum over paths is the multivariable chain rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from app.engine.optimizers import SLOTS
from app.explain import derivation as at
from app.explain import expression as ex
from app.explain import forward_pass
from app.explain.derivation import Derivation, Line, PartKey
from app.explain.hidden_paths import path_lines
from app.explain.input_gradients import derive_by_input
from app.explain.quantities import Quantity
from app.explain.step_numbers import LOSS, StepNumbers, entry
from app.explain.updates import update_lines

ERROR, SLOPE, SOURCE = "error", "slope", "source"


def derive(quantity: Quantity, known: StepNumbers, *, brief: bool = False) -> Derivation:
    """Where ``quantity`` comes from, a number of the step as ``quantities.find`` gives it.

    ``brief``: a gradient without its paths one by one, and without the update that it leads to.
    """
    if brief and quantity.kind in ("weight", "bias"):
        return (_weight if quantity.kind == "weight" else _bias)(quantity, known, brief=True)
    return _DERIVATIONS[quantity.kind](quantity, known)


# --- backward -------------------------------------------------------------------------------


def _error_factor(known: StepNumbers, layer: int, unit: int) -> Line:
    """How much the error changes with a unit's activation: its own slope, or what is carried."""
    act = known.unit("act", layer, unit)
    parts: list[PartKey] = []
    if layer == len(known.spec.layers) - 1:
        about, target = "loss_slope", known.target(unit)
        rule = _loss_slope(known, unit)
        parts += [at.node(layer, unit), at.target(unit)]
        names = {"name": act.name, "target": target.name}
    else:
        about = "carried_updated" if known.carrying_mark else "carried"
        terms: list[ex.Expression] = []
        for following in range(known.spec.layers[layer + 1]):
            weight = replace(known.weight(layer, following, unit), mark=known.carrying_mark)
            terms.append(ex.Product((known.unit("delta", layer + 1, following), weight)))
            parts += [at.edge(layer, following, unit), at.node(layer + 1, following)]
        rule = ex.total(*terms)
        names = {"name": act.name, "count": str(len(terms))}
    left, value = ex.Partial(known.loss, act), known.carried[layer - 1][unit]
    numbers = known.filled(rule)
    return Line("factor", about, left, rule, numbers, value, ERROR, "A", tuple(parts), names)


def _loss_slope(known: StepNumbers, unit: int) -> ex.Expression:
    """dE/da of an output."""
    loss = known.spec.loss_rule
    if not loss.by_errors:
        return ex.parse(loss.slope, known.loss_names(unit))
    return forward_pass.with_errors(known, unit, loss.slope, known.trace.forward)


def _slope_factor(known: StepNumbers, layer: int, unit: int) -> Line:
    """How steep the activation is where the unit stands."""
    pre, act = known.unit("pre", layer, unit), known.unit("act", layer, unit)
    activation = known.spec.activation_rules[layer - 1]
    saturates = abs(known.pre[layer - 1][unit]) > activation.saturates
    formula = activation.saturated if saturates else activation.slope
    rule = ex.parse(formula, {"z": pre, "a": act})
    left, numbers, value = ex.Partial(act, pre), known.filled(rule), known.slope[layer - 1][unit]
    names = {"name": act.name, "activation": known.spec.activations[layer - 1]}
    parts = (at.node(layer, unit),)
    return Line("factor", "slope", left, rule, numbers, value, SLOPE, "B", parts, names)


def _chain(
    left: ex.Expression, factors: tuple[Line, ...], value: float, how: tuple[Line, ...] = ()
) -> tuple[Line, ...]:
    """The chain rule in symbols, how its first factor comes about, all factors, their product."""
    rule = ex.product(*(ex.Marked(f.left, f.badge, f.role) for f in factors))
    numbers = ex.product(*(ex.Marked(ex.Number(f.value or 0.0), f.badge, f.role) for f in factors))
    return (
        Line("chain", "chain", left, rule),
        *how,
        *factors,
        Line("product", "product", left, None, numbers, value),
    )


def _output_factor(known: StepNumbers, unit: int) -> tuple[tuple[Line, ...], Line]:
    """How much the error changes with an output's pre-activation, and how that comes about.

    Softmax: every output depends on every pre-activation, so the chain rule sums over all
    outputs. With the cross-entropy made for the activation, what remains is short.
    """
    spec, last = known.spec, len(known.spec.layers) - 1
    pre = known.unit("pre", last, unit)
    left = ex.Partial(known.loss, pre)
    row = range(spec.layers[-1]) if spec.activation_rules[-1].joint else [unit]
    if not spec.loss_rule.slope:
        return (), _perceptron_factor(known, unit, left)
    ways = [(ex.Partial(known.loss, a), ex.Partial(a, pre)) for a in map(known.output, row)]
    chain = ex.total(*map(ex.Product, ways))
    filled = ex.total(*(ex.Product(_slopes(known, unit, j)) for j in row))
    about = "joint_chain" if len(row) > 1 else "chain"
    lines = [Line("chain", about, left, chain, names={"name": pre.name})]
    about, rule = "joint_slope", filled
    if known.matched:
        lines.append(Line("chain", "joint_filled", left, filled))
        about, row = f"matched_{spec.activations[-1]}", [unit]
        rule = forward_pass.matched_rule(known, unit)
    parts = tuple(part for j in row for part in (at.node(last, j), at.target(j)))
    names = {"name": pre.name, "target": known.target(unit).name}
    numbers, value = known.filled(rule), known.delta[last - 1][unit]
    factor = Line("factor", about, left, rule, numbers, value, "error", "A", parts, names)
    return tuple(lines), factor


def _perceptron_factor(known: StepNumbers, unit: int, left: ex.Expression) -> Line:
    """The rule in place of a chain through a step, whose slope says nothing."""
    rule, last = forward_pass.matched_rule(known, unit), len(known.spec.layers) - 1
    names = {"name": known.output(unit).name, "target": known.target(unit).name}
    numbers, value = known.filled(rule), known.delta[-1][unit]
    parts = (at.node(last, unit), at.target(unit))
    return Line("factor", "matched_step", left, rule, numbers, value, ERROR, "A", parts, names)


def _slopes(known: StepNumbers, unit: int, other: int) -> tuple[ex.Expression, ex.Expression]:
    """dE/da_j and da_j/dz_k as expressions."""
    activation = known.spec.activation_rules[-1]
    slope = _loss_slope(known, other)
    text = activation.slope if other == unit else activation.cross
    return slope, ex.parse(text, {"a": known.output(other), "b": known.output(unit)})


def _delta_factors(
    known: StepNumbers, layer: int, unit: int
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """How the first factor of dE/dz comes about, if there is one factor only, and the factors."""
    if layer == len(known.spec.layers) - 1 and known.in_one:
        how, factor = _output_factor(known, unit)
        return how, (factor,)
    return (), (_error_factor(known, layer, unit), _slope_factor(known, layer, unit))


def _delta(quantity: Quantity, known: StepNumbers) -> Derivation:
    layer, unit = quantity.layer, quantity.unit
    symbol, value = known.unit("delta", layer, unit), known.delta[layer - 1][unit]
    how, factors = _delta_factors(known, layer, unit)
    chain = (*how, *factors) if len(factors) == 1 else _chain(symbol, factors, value)
    definition = ex.Partial(known.loss, known.unit("pre", layer, unit))
    lines = (Line("definition", "delta", symbol, definition), *chain)
    names = {"name": quantity.name, **known.whose}
    return Derivation(quantity, symbol, value, lines, at.node(layer, unit), names)


def _sample_gradient(
    quantity: Quantity, known: StepNumbers, symbol: ex.Symbol, *, brief: bool
) -> tuple[Line, ...]:
    """The gradient of the sample in view: the chain, its factors, and every path."""
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    left, delta = ex.Partial(known.loss, symbol), known.delta[layer][unit]
    slope = ex.Partial(known.unit("pre", layer + 1, unit), symbol)
    how, factors = _delta_factors(known, layer + 1, unit)
    if source < 0:
        names, part = {"name": symbol.name}, at.bias(layer, unit)
        one = ex.Constant(1.0)
        last = Line("factor", "bias_source", slope, None, one, 1.0, SOURCE, "C", (part,), names)
        return _chain(left, (*factors, last), delta, how)
    act, value = known.unit("act", layer, source), known.act[layer][source]
    names, part = {"name": symbol.name, "source": act.name}, at.node(layer, source)
    number, parts = ex.Number(value), (part,)
    last = Line("factor", "source", slope, act, number, value, SOURCE, "C", parts, names)
    chain = _chain(left, (*factors, last), delta * value, how)
    return chain if brief else (*chain, *path_lines(known, quantity, left, delta * value))


class _Parameter(NamedTuple):
    """A weight or a bias: its gradient, the part of the diagram, what its question needs."""

    symbol: ex.Symbol
    gradient: float
    part: PartKey
    names: Mapping[str, str]


def _weight_of(quantity: Quantity, known: StepNumbers) -> _Parameter:
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    symbol, units = known.weight(layer, unit, source), known.spec.names.units
    names = {"name": symbol.name, "source": units[layer][source], "target": units[layer + 1][unit]}
    gradient = entry(known.trace.gradients, quantity)
    return _Parameter(symbol, gradient, at.edge(layer, unit, source), names)


def _weight(quantity: Quantity, known: StepNumbers, *, brief: bool = False) -> Derivation:
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    symbol, gradient, part, names = _weight_of(quantity, known)
    lines, each = _sample_gradient(quantity, known, symbol, brief=brief), []
    if known.samples > 1 or known.spec.penalty:
        sources = known.trace.forward.activations[layer][:, source]
        each = (known.trace.gradients.deltas[layer][:, unit] * sources).tolist()
    lines += _batch_lines(quantity, known, symbol, each, gradient, brief=brief)
    return Derivation(quantity, ex.Partial(LOSS, symbol), gradient, lines, part, names)


def _units_of(quantity: Quantity, known: StepNumbers) -> list[int]:
    """The units that have a bias: one, or all of its layer."""
    spec, layer = known.spec, quantity.layer
    shared = spec.names.bias_nodes[layer] or spec.bias_update == "shared"
    return list(range(spec.layers[layer + 1])) if shared else [quantity.unit]


def _bias_of(quantity: Quantity, known: StepNumbers) -> _Parameter:
    layer, symbol = quantity.layer, known.bias(quantity.layer, quantity.unit)
    row = known.spec.names.units[layer + 1]
    names = {"name": symbol.name, "target": ", ".join(row[k] for k in _units_of(quantity, known))}
    gradient = entry(known.trace.gradients, quantity)
    return _Parameter(symbol, gradient, at.bias(layer, quantity.unit), names)


def _bias(quantity: Quantity, known: StepNumbers, *, brief: bool = False) -> Derivation:
    spec, layer, units = known.spec, quantity.layer, _units_of(quantity, known)
    symbol, gradient, part, names = _bias_of(quantity, known)
    each = known.trace.gradients.deltas[layer][:, units].sum(axis=1).tolist()
    if spec.bias_update == "none":
        gradient = sum(each) / (known.samples if known.mean else 1)
    if len(units) == 1:
        lines = _sample_gradient(quantity, known, symbol, brief=brief)
    else:
        lines = _shared_lines(known, layer, units, symbol)
    lines += _batch_lines(quantity, known, symbol, each, gradient, brief=brief)
    return Derivation(quantity, ex.Partial(LOSS, symbol), gradient, lines, part, names)


def _batch_lines(
    quantity: Quantity, known: StepNumbers, symbol: ex.Symbol, each: list[float], gradient: float,
    *, brief: bool,
) -> tuple[Line, ...]:  # fmt: skip
    """From the gradients of ``each`` sample of a batch to the parameter's new value."""
    lines = () if brief else tuple(update_lines(quantity, known, symbol, gradient))
    penalty = _penalty_of_gradient(quantity, known, symbol)
    if known.samples == 1 and penalty is None:
        return lines
    slope = ex.Partial(LOSS, symbol)
    over = forward_pass.over_samples(known, slope, each, gradient, "samples", penalty)
    return (over, *lines)


def _penalty_of_gradient(
    quantity: Quantity, known: StepNumbers, symbol: ex.Symbol
) -> forward_pass.Penalty | None:
    """What weight decay in the loss adds to the gradient of a parameter, if it does."""
    spec = known.spec
    if not spec.penalty or (quantity.source < 0 and not spec.penalises_biases):
        # The sample's own part is all of it.
        return None
    factor = ex.Symbol("hyper", "weight_decay")
    values: dict[ex.Expression, float] = {factor: spec.penalty}
    values[symbol] = entry(known.before, quantity)
    return ex.Product((factor, symbol)), values


def _shared_lines(
    known: StepNumbers, layer: int, units: list[int], symbol: ex.Symbol
) -> tuple[Line, ...]:
    """A bias of several units matters through each of them: the sum of their deltas."""
    left, names = ex.Partial(known.loss, symbol), {"name": symbol.name}
    paths = [
        ex.Product((ex.Partial(known.loss, pre), ex.Partial(pre, symbol)))
        for pre in (known.unit("pre", layer + 1, one) for one in units)
    ]
    rule = ex.total(*(known.unit("delta", layer + 1, one) for one in units))
    numbers, value = known.filled(rule), sum(known.delta[layer][one] for one in units)
    parts = tuple(at.node(layer + 1, one) for one in units)
    return (
        Line("chain", "chain", left, ex.total(*paths)),
        Line("shared", "shared_bias", left, rule, numbers, value, SOURCE, "A", parts, names),
    )


# --- update ---------------------------------------------------------------------------------


def _new(quantity: Quantity, known: StepNumbers) -> Derivation:
    """A new value, or what the optimizer remembers on the way to it."""
    of = _weight_of if quantity.source >= 0 else _bias_of
    symbol, gradient, part, names = of(quantity, known)
    lines = tuple(update_lines(quantity, known, symbol, gradient))
    if quantity.kind != "new" and lines[0].kind != "frozen":
        end = [line.about for line in lines].index(quantity.kind)
        before = (line for line in lines[:end] if line.about in ("scheduled", "clipped", "decayed"))
        lines = (*before, lines[end])
    elif quantity.kind != "new":
        moment = ex.Symbol(quantity.kind, quantity.name)
        lines = (replace(lines[0], left=moment, value=0.0),)
    return Derivation(quantity, lines[-1].left, lines[-1].value, lines, part, names)


_DERIVATIONS: Mapping[str, Callable[[Quantity, StepNumbers], Derivation]] = {
    **dict.fromkeys(("input", "target", "value"), forward_pass.derive_given),
    **dict.fromkeys(("pre", "act"), forward_pass.derive_unit),
    "share": forward_pass.derive_share,
    "error": forward_pass.derive_error,
    **dict.fromkeys(("loss", "loss_after"), forward_pass.derive_loss),
    "delta": _delta,
    "by_input": derive_by_input,
    "weight": _weight,
    "bias": _bias,
    **dict.fromkeys(("new", *SLOTS), _new),
}
