"""The update of a parameter: weight decay, what the optimizer remembers, and the new value."""

from collections.abc import Iterator
from dataclasses import replace

from app.engine.network import Optimizer
from app.engine.optimizers import update_formulas
from app.explain.derivation import Line
from app.explain.evaluation import evaluate
from app.explain.expression import Constant, Expression, Partial, Symbol, parse, substituted
from app.explain.quantities import Quantity
from app.explain.step_numbers import LOSS, StepNumbers, entry

_HYPER = ("momentum", "decay", "beta1", "beta2", "epsilon", "weight_decay")


def update_lines(
    quantity: Quantity, known: StepNumbers, symbol: Symbol, gradient: float
) -> tuple[Line, ...]:
    """From the batch's gradient of a parameter to its new value, line by line; that is last."""
    if quantity.source < 0 and known.spec.bias_update == "none":
        value = entry(known.before, quantity)
        return (Line("frozen", "frozen", symbol, None, None, value, names={"name": symbol.name}),)
    return tuple(_lines(quantity, known, symbol, gradient))


def _lines(
    quantity: Quantity, known: StepNumbers, symbol: Symbol, gradient: float
) -> Iterator[Line]:
    optimizer, bias = known.spec.optimizer, quantity.source < 0
    slope = Partial(LOSS, symbol)
    symbols: dict[str, Expression] = {"parameter": symbol, "gradient": slope}
    values: dict[Expression, float] = {symbol: entry(known.before, quantity), slope: gradient}
    # The age is a count, shown as it is.
    symbols["age"] = Constant(float(known.before.age + 1))
    symbols["learning_rate"] = Symbol("rate")
    symbols |= {name: Symbol("hyper", name) for name in _HYPER}
    for name in ("learning_rate", *_HYPER):
        values[symbols[name]] = getattr(optimizer, name)
    for slot, moment in zip(known.slots, known.before.moments, strict=True):
        symbols[slot] = Symbol(slot, symbol.name)
        values[symbols[slot]] = entry(moment, quantity)
    formulas = update_formulas(optimizer, bias=bias)
    for index, (name, formula) in enumerate(formulas):
        is_last = index == len(formulas) - 1
        rule = parse(formula, symbols)
        numbers = substituted(rule, values)
        left = _left(name, symbol, is_last=is_last)
        if is_last:
            value = entry(known.trace.after, quantity)
        elif name in known.slots:
            value = known.value(replace(quantity, kind=name))
        else:
            value = evaluate(numbers)
        yield _line(name, left, rule, numbers, value, gradient, optimizer, is_last=is_last)
        symbols[name] = left
        values[left] = value


def _line(
    name: str, left: Symbol, rule: Expression, numbers: Expression, value: float,
    gradient: float, optimizer: Optimizer, *, is_last: bool,
) -> Line:  # fmt: skip
    if not is_last:
        about = {"gradient": "decayed", "parameter": "shrunk"}.get(name, name)
        return Line("moment", about, left, rule, numbers, value, names={"name": left.name})
    about = "update" if optimizer.name == "sgd" else "update_remembering"
    direction = "down" if gradient > 0 else "up" if gradient < 0 else "flat"
    names = {"name": left.name, "direction": direction}
    return Line("update", about, left, rule, numbers, value, names=names)


def _left(name: str, symbol: Symbol, *, is_last: bool) -> Symbol:
    """How the result of a line is written."""
    if name == "parameter":
        return Symbol(symbol.kind, symbol.name, "new" if is_last else "shrunk")
    if name == "gradient":
        return Symbol("decayed", symbol.name)
    return Symbol(name, symbol.name, "" if name.startswith("corrected") else "new")
