"""The update of a parameter: weight decay, what the optimizer remembers, and the new value."""

from collections.abc import Iterator
from dataclasses import replace

from app.engine.schedules import SCHEDULES
from app.engine.updates import gradient_norm, update_formulas
from app.explain.derivation import Line
from app.explain.evaluation import evaluate
from app.explain.expression import Constant, Expression, Partial, Symbol, parse, substituted
from app.explain.notation import HYPER
from app.explain.quantities import Quantity
from app.explain.step_numbers import LOSS, StepNumbers, entry

_FIELDS = {"start_rate": "learning_rate"}
"""The fields of Optimizer that formulas call by another name."""
_WITHIN = ("corrected", "momentum_")
"""How the names of lines begin that are of this update alone: nothing of them is remembered."""


def update_lines(
    quantity: Quantity, known: StepNumbers, symbol: Symbol, gradient: float
) -> Iterator[Line]:
    """From the batch's gradient of a parameter to its new value, line by line; that is last."""
    optimizer, bias = known.spec.optimizer, quantity.source < 0
    slope, before = Partial(LOSS, symbol), entry(known.before, quantity)
    if known.is_held(quantity):
        yield Line("frozen", "frozen", symbol, value=before, names={"name": symbol.name})
        return
    symbols: dict[str, Expression] = {"parameter": symbol, "gradient": slope}
    values: dict[Expression, float] = {symbol: before, slope: gradient}
    # The age is a count, shown as it is.
    symbols["age"] = Constant(float(known.before.age + 1))
    symbols["learning_rate"], symbols["norm"] = Symbol("rate"), Symbol("norm")
    symbols |= {name: Symbol("hyper", name) for name in HYPER}
    for name in HYPER:
        values[symbols[name]] = float(getattr(optimizer, _FIELDS.get(name, name)))
    values[symbols["learning_rate"]] = known.trace.learning_rate
    if "norm" in optimizer.clipping:
        values[symbols["norm"]] = gradient_norm(known.spec, known.trace.gradients)
    if planned := SCHEDULES[optimizer.schedule].formula:
        rule = parse(planned, symbols | {"step": Constant(known.trace.step - 1.0)})
        rate, numbers = known.trace.learning_rate, substituted(rule, values)
        yield Line("moment", "scheduled", Symbol("rate"), rule, numbers, rate)
    for slot, moment in zip(known.slots, known.before.moments, strict=True):
        symbols[slot] = Symbol(slot, symbol.name)
        values[symbols[slot]] = entry(moment, quantity)
    *moments, (_, last) = update_formulas(optimizer, bias=bias)
    for index, (name, formula) in enumerate(moments):
        rule = parse(formula, symbols)
        numbers = substituted(rule, values)
        clips = optimizer.clipping != "none" and not index
        about, left = (
            ("clipped", Symbol("clipped", symbol.name)) if clips else _moment(name, symbol)
        )
        of_slot = replace(quantity, kind=name)
        value = known.value(of_slot) if name in known.slots else evaluate(numbers)
        yield Line("moment", about, left, rule, numbers, value, names={"name": left.name})
        symbols[name], values[left] = left, value
    rule, left = parse(last, symbols), replace(symbol, mark="new")
    about = "update" if optimizer.name == "sgd" else "update_remembering"
    direction = "down" if gradient > 0 else "up" if gradient < 0 else "flat"
    names = {"name": left.name, "direction": direction}
    value = entry(known.trace.after, quantity)
    yield Line("update", about, left, rule, substituted(rule, values), value, names=names)


def _moment(name: str, symbol: Symbol) -> tuple[str, Symbol]:
    """What a line before the last is about, and how its result is written."""
    if name == "parameter":
        return "shrunk", replace(symbol, mark="shrunk")
    if name == "gradient":
        return "decayed", Symbol("decayed", symbol.name)
    return name, Symbol(name, symbol.name, "" if name.startswith(_WITHIN) else "new")
