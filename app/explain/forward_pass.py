"""Given numbers and the forward pass: pre-activations, activations, shares and the loss."""

from dataclasses import replace

from app.engine.activations import Activation
from app.engine.backprop import ForwardPass, sum_of_squares
from app.engine.losses import NEARLY_ONE
from app.explain import derivation as at
from app.explain import expression as ex
from app.explain.derivation import Derivation, Line
from app.explain.quantities import Quantity
from app.explain.step_numbers import StepNumbers

FAR = 700.0
"""Beyond this, exp is close to overflow."""
_LEAST = 1e-300
"""Below this, an output is close to nothing."""
Penalty = tuple[ex.Expression, dict[ex.Expression, float]]
"""A term that weight decay adds, and the numbers of its symbols."""
MOST_SAMPLES = 8
"""How many samples are listed one by one; the rest are one number."""


def pre_line(known: StepNumbers, layer: int, unit: int) -> Line:
    """z = sum of weight times activation, plus the bias."""
    terms: list[ex.Expression] = []
    parts = []
    for source in range(known.spec.layers[layer - 1]):
        weight, act = known.weight(layer - 1, unit, source), known.unit("act", layer - 1, source)
        terms.append(ex.Product((weight, act)))
        parts += [at.node(layer - 1, source), at.edge(layer - 1, unit, source)]
    rule = ex.Sum((*terms, known.bias(layer - 1, unit)))
    symbol, value = known.unit("pre", layer, unit), known.pre[layer - 1][unit]
    return Line(
        "value", "pre", symbol, rule, known.filled(rule), value, "source", "A",
        (*parts, at.bias(layer - 1, unit)), {"name": symbol.name},
    )  # fmt: skip


def act_line(known: StepNumbers, layer: int, unit: int) -> Line:
    """a = f(z)."""
    act, activation = known.unit("act", layer, unit), known.spec.activation_rules[layer - 1]
    row = range(known.spec.layers[layer]) if activation.joint else [unit]
    far = max(abs(known.pre[layer - 1][one]) for one in row) > FAR
    sums = tuple(known.unit("pre", layer, one) for one in row)
    rule = _act_rule(activation, known.unit("pre", layer, unit), sums, far=far)
    names = {"name": act.name, "activation": activation.name}
    parts = tuple(at.node(layer, one) for one in row)
    value = known.act[layer][unit]
    return Line("value", "act", act, rule, known.filled(rule), value, "slope", "B", parts, names)


def _act_rule(
    activation: Activation, pre: ex.Symbol, row: tuple[ex.Expression, ...], *, far: bool
) -> ex.Expression:
    """The activation's formula; where exp would overflow, an equal one."""
    if not activation.joint:
        return ex.parse((far and activation.far) or activation.formula, {"z": pre})
    if far:
        others = (ex.Apply("exp", (ex.Difference(one, pre),)) for one in row)
        return ex.Quotient(ex.Constant(1.0), ex.total(*others))
    powers = ex.total(*(ex.Apply("exp", (one,)) for one in row))
    return ex.parse(activation.formula, {"z": pre, "total": powers})


def _share_rule(known: StepNumbers, unit: int, passed: ForwardPass, mark: str) -> ex.Expression:
    """An output's share by its formula; by z where the output saturates and a lacks the digits."""
    loss, names = known.spec.loss_rule, known.loss_names(unit, mark)
    a = float(passed.activations[-1][known.row, unit])
    if loss.by_errors:
        return with_errors(known, unit, loss.share, passed, mark)
    if not loss.far or (_LEAST < a <= NEARLY_ONE if loss.match else abs(a) <= FAR):
        return ex.parse(loss.share, names)
    last, sums = len(known.spec.layers) - 1, passed.pre_activations[-1][known.row]
    pre = [replace(known.unit("pre", last, one), mark=mark) for one in range(len(sums))]
    names["z"] = pre[unit]
    if known.spec.activation_rules[-1].joint:
        top = names["top"] = pre.pop(int(sums.argmax()))
        names["rest"] = ex.total(*(ex.Apply("exp", (ex.Difference(one, top),)) for one in pre))
    return ex.parse(loss.far, names)


def matched_rule(known: StepNumbers, unit: int) -> ex.Expression:
    """dE/dz of an output behind the activation that its loss is made for."""
    return with_errors(known, unit, known.spec.loss_rule.matched, known.trace.forward)


def with_errors(
    known: StepNumbers, unit: int, text: str, passed: ForwardPass, mark: str = ""
) -> ex.Expression:
    """A formula of an output's a - y; by what a lacks to 1 where its digits would cancel."""
    activation, names = known.spec.activation_rules[-1], known.loss_names(unit, mark)
    a = float(passed.activations[-1][known.row, unit])
    met = float(passed.targets[known.row, unit]) == (1.0 if a > 0.0 else -1.0)
    cancels = abs(1.0 - abs(a)) < 1.0 - NEARLY_ONE and (met or known.matched)
    if not (cancels and (activation.lacking or activation.joint)):
        return ex.parse(text, names)
    if activation.joint:
        others = (known.output(one, mark) for one in range(known.spec.layers[-1]) if one != unit)
        rest = ex.total(*others)
    else:
        rest = ex.parse(activation.lacking, names)
    short = "1 - y - rest" if a > 0.0 else "rest - (1 + y)"
    for plain, far in (
        ("a - y", short), ("a > y", f"{short} > 0"), ("y > a", f"0 > {short}"),
        ("1 - y * a", "rest"), ("1 > y * a", "rest > 0"),
    ):  # fmt: skip
        text = text.replace(plain, far)
    return ex.parse(text, {**names, "rest": rest})


def share_line(known: StepNumbers, unit: int, badge: str = "A", *, after: bool = False) -> Line:
    """An output's share of the sample's loss, before or after the update."""
    passed = known.trace.forward_after if after else known.trace.forward
    last, mark = len(known.spec.layers) - 1, "new" if after else ""
    name, target = known.output(unit).name, known.target(unit)
    rule = _share_rule(known, unit, passed, mark)
    left, value = ex.Symbol("share", name, mark), float(passed.shares[known.row, unit])
    parts, names = (at.node(last, unit), at.target(unit)), {"name": name, "target": target.name}
    numbers = known.filled(rule)
    return Line("value", "share", left, rule, numbers, value, "error", badge, parts, names)


def over_samples(
    known: StepNumbers, left: ex.Expression, each: list[float], value: float, about: str,
    penalty: Penalty | None,
) -> Line:  # fmt: skip
    """The sum or mean over the batch, the samples one by one as far as they can be listed.

    ``penalty`` is what weight decay adds to it, and the numbers of its symbols.
    """
    listed = _listed(len(each), known.row)
    values = {_of_sample(left, known.first + row): each[row] for row in listed}
    names = {"count": str(len(each))}
    if len(listed) < len(each):
        rest = sum(one for row, one in enumerate(each) if row not in listed)
        values[ex.Symbol("rest")] = rest
        names |= {"rest": str(len(each) - len(listed)), "together": repr(rest)}
    rule = ex.total(*values)
    if known.mean:
        rule = ex.Quotient(rule, ex.Constant(float(len(each))))
    kind = f"{about}_mean" if known.mean else about
    if penalty:
        rule, kind = ex.total(rule, penalty[0]), "penalised"
        values |= penalty[1]
    return Line("samples", kind, left, rule, ex.substituted(rule, values), value, names=names)


def _listed(count: int, row: int) -> list[int]:
    """The rows of a batch that are listed: all, or the first few with the one in view."""
    if count <= MOST_SAMPLES:
        return list(range(count))
    first = list(range(MOST_SAMPLES - 1))
    return first if row in first else [*first[:-1], row]


def _of_sample(left: ex.Expression, sample: int) -> ex.Expression:
    loss = ex.Symbol("loss", mark=str(sample))
    return ex.Partial(loss, left.by) if isinstance(left, ex.Partial) else loss


# --- derivations -----------------------------------------------------------------------------


def derive_given(quantity: Quantity, known: StepNumbers) -> Derivation:
    """A number that was given: its symbol and its value."""
    layer, unit, kind = quantity.layer, quantity.unit, quantity.kind
    if kind == "value":
        kind = "weight" if quantity.source >= 0 else "bias"
    part = {
        "input": at.node(0, unit),
        "target": at.target(unit),
        "weight": at.edge(layer, unit, quantity.source),
        "bias": at.bias(layer, unit),
    }[kind]
    symbol, value = ex.Symbol(kind, quantity.name), known.value(quantity)
    line = Line("given", f"given_{quantity.kind}", symbol, value=value, parts=(part,))
    return Derivation(quantity, symbol, value, (line,), part, {"name": quantity.name})


def derive_unit(quantity: Quantity, known: StepNumbers) -> Derivation:
    """A pre-activation, or an activation from it."""
    layer, unit, kind = quantity.layer, quantity.unit, quantity.kind
    lines = [pre_line(known, layer, unit)]
    if kind == "act":
        lines.append(act_line(known, layer, unit))
    symbol, value, part = known.unit(kind, layer, unit), lines[-1].value, at.node(layer, unit)
    names = {"name": quantity.name, "activation": known.spec.activations[layer - 1]}
    return Derivation(quantity, symbol, value, tuple(lines), part, names)


def derive_share(quantity: Quantity, known: StepNumbers) -> Derivation:
    """An output's share of the error."""
    line = share_line(known, quantity.unit)
    target = known.spec.names.targets[quantity.unit]
    names = {"name": quantity.name, "target": target, **known.whose}
    return Derivation(quantity, line.left, line.value, (line,), at.target(quantity.unit), names)


def derive_error(quantity: Quantity, known: StepNumbers) -> Derivation:
    """How far an output is from its target."""
    unit = quantity.unit
    last = len(known.spec.layers) - 1
    act, target = known.unit("act", last, unit), known.target(unit)
    left, value = ex.Difference(act, target), known.value(quantity)
    parts = (at.node(last, unit), at.target(unit))
    rule = with_errors(known, unit, "a - y", known.trace.forward)
    shown = None if rule == left else rule
    line = Line("value", "error", left, shown, known.filled(rule), value, parts=parts)
    names = {"name": quantity.name, "target": target.name}
    return Derivation(quantity, left, value, (line,), at.target(unit), names)


def derive_loss(quantity: Quantity, known: StepNumbers) -> Derivation:
    """The loss before or after the update: shares, their sum, the sum or mean over the batch."""
    about, after = quantity.kind, quantity.kind == "loss_after"
    passed = known.trace.forward_after if after else known.trace.forward
    count, many = passed.shares.shape[1], known.samples > 1
    penalised = bool(known.spec.penalty)
    badges = "ABCDEFGH" if count <= len("ABCDEFGH") else [""] * count
    lines = [share_line(known, unit, badges[unit], after=after) for unit in range(count)]
    shares: dict[ex.Expression, float] = {line.left: line.value or 0.0 for line in lines}
    symbol = ex.Symbol("loss", mark="new" if after else "")
    more = many or penalised
    of_sample = ex.Symbol("loss", mark=str(known.number)) if more else symbol
    value = float(passed.shares[known.row].sum()) if more else passed.loss
    rule = ex.total(*shares)
    lines.append(Line("sum", about, of_sample, rule, ex.substituted(rule, shares), value))
    if more:
        each = passed.shares.sum(axis=1).tolist()
        added = _penalty_of_loss(known, after=after) if penalised else None
        about = f"{about}_samples"
        lines.append(over_samples(known, symbol, each, passed.loss, about, added))
    return Derivation(quantity, symbol, passed.loss, tuple(lines), None, {})


def _penalty_of_loss(known: StepNumbers, *, after: bool) -> Penalty:
    """Half of weight decay's factor times the sum of squared weights."""
    spec, parameters = known.spec, known.trace.after if after else known.before
    arrays, biases = tuple(parameters.arrays()), spec.penalises_biases
    factor, squares = ex.Symbol("hyper", "weight_decay"), ex.Symbol("squares")
    half = ex.Quotient(ex.Constant(1.0), ex.Constant(2.0))
    values: dict[ex.Expression, float] = {factor: spec.penalty}
    values[squares] = sum_of_squares(spec, arrays, biases=biases)
    return ex.Product((half, factor, squares)), values
