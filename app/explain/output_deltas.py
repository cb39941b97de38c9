"""Outputs whose activation and loss are differentiated in one: softmax, and matched losses."""

from app.engine.network import Spec
from app.explain import derivation as at
from app.explain.derivation import Line
from app.explain.expression import (
    Expression,
    Partial,
    Product,
    parse,
    total,
)
from app.explain.step_numbers import StepNumbers


def is_matched(spec: Spec) -> bool:
    """Whether the loss is made for the outputs' activation, so that dE/dz is short."""
    return bool(spec.loss_rule.match) and spec.loss_rule.match == spec.activations[-1]


def in_one(spec: Spec) -> bool:
    """Whether dE/dz of an output is one factor, not dE/da times da/dz of the same output."""
    return spec.activation_rules[-1].joint or is_matched(spec)


def output_factor(known: StepNumbers, unit: int) -> tuple[tuple[Line, ...], Line]:
    """How much the error changes with an output's pre-activation, and how that comes about.

    Softmax: every output depends on every pre-activation, so the chain rule sums over all
    outputs. With the cross-entropy made for the activation, what remains is short.
    """
    spec = known.spec
    last = len(spec.layers) - 1
    pre = known.unit("pre", last, unit)
    left = Partial(known.loss, pre)
    row = range(spec.layers[-1]) if spec.activation_rules[-1].joint else [unit]
    outputs = [known.output(j) for j in row]
    chain = total(*(Product((Partial(known.loss, a), Partial(a, pre))) for a in outputs))
    filled = total(*(Product(_slopes(known, unit, j)) for j in row))
    about = "joint_chain" if len(row) > 1 else "chain"
    lines = [Line("chain", about, left, chain, names={"name": pre.name})]
    rule = filled
    about = "joint_slope"
    if is_matched(spec):
        lines.append(Line("chain", "joint_filled", left, filled))
        about = f"matched_{spec.activations[-1]}"
        rule = parse(spec.loss_rule.matched, known.loss_names(unit))
        row = [unit]
    parts = tuple(part for j in row for part in (at.node(last, j), at.target(j)))
    names = {"name": pre.name, "target": known.target(unit).name}
    numbers, value = known.filled(rule), known.delta[last - 1][unit]
    factor = Line("factor", about, left, rule, numbers, value, "error", "A", parts, names)
    return tuple(lines), factor


def _slopes(known: StepNumbers, unit: int, other: int) -> tuple[Expression, Expression]:
    """dE/da_j and da_j/dz_k as expressions."""
    activation = known.spec.activation_rules[-1]
    slope = parse(known.spec.loss_rule.slope, known.loss_names(other))
    text = activation.slope if other == unit else activation.cross
    return slope, parse(text, {"a": known.output(other), "b": known.output(unit)})
