"""Gradients by the inputs: what the first layer's units pass back to them."""

from app.explain import derivation as at
from app.explain import expression as ex
from app.explain.derivation import Derivation, Line
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers


def derive_by_input(quantity: Quantity, known: StepNumbers) -> Derivation:
    """How much the loss of the sample changes with an input: what the next units pass back."""
    unit, symbol = quantity.unit, ex.Symbol("input", quantity.name)
    terms = [
        ex.Product((known.unit("delta", 1, following), known.weight(0, following, unit)))
        for following in range(known.spec.layers[1])
    ]
    left, rule, value = ex.Partial(known.loss, symbol), ex.total(*terms), known.value(quantity)
    pres = [known.unit("pre", 1, following) for following in range(known.spec.layers[1])]
    ways = [ex.Product((ex.Partial(known.loss, pre), ex.Partial(pre, symbol))) for pre in pres]
    parts = [at.node(1, following) for following in range(len(pres))]
    parts += [at.edge(0, following, unit) for following in range(len(pres))]
    names = {"name": quantity.name, "count": str(len(terms))}
    numbers = known.filled(rule)
    lines = (
        Line("chain", "chain", left, ex.total(*ways)),
        Line("factor", "carried", left, rule, numbers, value, "error", "A", tuple(parts), names),
    )
    whose = {**names, **known.whose}
    return Derivation(quantity, left, value, lines, at.node(0, unit), whose)
