"""What keeps a network from learning, told at the step where it happens."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from app.engine.activations import Activation, Array
from app.engine.backprop import ForwardPass, forward
from app.engine.metrics import scores_of
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.lab.limits import weights_of
from app.lab.moment import Moment

SATURATED_WITHIN, SATURATED_SLOPE = 0.02, 0.05
_DEAD_SLOPE = 1e-3
_FAR = np.array([-1e3, 1e3])
_MOST_WORK = 5_000
"""Weights times training samples of a forward pass that a step may take beside its own."""
_ROUNDING = 1e-12
_ROUNDING_OF_OUTPUTS = 1e-26  # of some 1e-13, squared


class StuckUnits(NamedTuple):
    """Units of a layer that hardly learn.

    Dead ones have a slope of 0 or almost 0 for every training sample; saturated ones are near an
    end of their range for most samples, and for what share.
    """

    dead: tuple[int, ...]
    saturated: tuple[tuple[int, float], ...]


def _limits_of(rule: Activation) -> Array:
    """What ``rule`` comes to far below z = 0 and far above; NaN where its slope stays."""
    with np.errstate(all="ignore"):
        ends = rule.function(_FAR)
        return np.where(np.abs(rule.derivative(_FAR, ends)) < _DEAD_SLOPE, ends, np.nan)


def range_of(rule: Activation) -> tuple[float, float] | None:
    """From where to where ``rule`` goes, if it is flat far below z = 0 and far above."""
    low, high = _limits_of(rule).tolist()
    return (low, high) if low < high else None


def is_flat(rule: Activation) -> bool:
    """Whether ``rule`` has the slope 0 everywhere, as a step has."""
    return rule.slope == "0"


def stuck_units(rule: Activation, z: Array, a: Array, *, matched: bool = False) -> StuckUnits:
    """Dead and saturated units by their z and a, of shape (samples, units).

    With two ends, as a sigmoid has, a unit near them is saturated; with one, as a ReLU has, or with
    the slope 0 everywhere, it is dead. With ``matched`` the loss goes with this activation so that
    its slope cancels out: nothing is wrong with outputs at the ends of their range then.
    """
    ends = _limits_of(rule)
    # Of a softmax all outputs are stuck where one is near 1; many small ones are not.
    told = a.max(axis=-1, keepdims=True) if rule.joint else a
    within = SATURATED_WITHIN + _ROUNDING
    near = np.logical_or(*(np.abs(told - end) <= within for end in ends))
    if matched or not near.any():  # as usual; the rest takes longer
        return StuckUnits((), ())
    slopes = np.abs(rule.derivative(z, a))
    if is_flat(rule) or np.isnan(ends).any():
        dead = np.all(near & (slopes <= _DEAD_SLOPE), axis=0)
        return StuckUnits(tuple(np.flatnonzero(dead).tolist()), ())
    share = (near & (slopes <= SATURATED_SLOPE)).mean(axis=0)
    units = np.flatnonzero(share > 0.5).tolist()
    return StuckUnits((), tuple((unit, float(share[unit])) for unit in units))


class Obstacle(NamedTuple):
    """What the network gets stuck on.

    ``kind`` is "symmetric", "saturated", "dead" or, where the activation has the slope 0
    everywhere, "flat", with the ``units``; "rate" or "frozen", where no step changes anything; or,
    of the update in view, "overshoot" or "against": the error of the step's own batch, or the mean
    over all training samples, rose from ``before`` to ``after``.
    """

    kind: str
    units: tuple[str, ...] = ()
    before: float = 0.0
    after: float = 0.0


def obstacles_of(standing: Moment, most_work: int = _MOST_WORK) -> tuple[Obstacle, ...]:
    """Everything that the network gets stuck on, as far as the moment in view has computed it.

    Where a forward pass over all training samples takes more than ``most_work``, what needs one is
    left out.
    """
    spec = standing.present
    found = [*_at_rest(spec), *_symmetric(spec, standing.parameters)]
    fits = weights_of(spec.layers) * len(spec.inputs) <= most_work
    if fits and standing.progress.error:
        found += _stuck(spec, _over_all_samples(standing))
    return (*found, *_of_update(standing, fits=fits))


def _at_rest(spec: Spec) -> Iterator[Obstacle]:
    """Why no step changes anything: a learning rate of 0, or nothing that may learn."""
    if spec.optimizer.learning_rate == 0.0:
        yield Obstacle("rate")
    masks, biases = spec.frozen_masks, spec.bias_update != "none"
    if all(mask.all() for mask in (masks if biases else masks[: len(masks) // 2])):
        yield Obstacle("frozen")


def _symmetric(spec: Spec, parameters: Parameters) -> Iterator[Obstacle]:
    """Hidden units with the same weights in and out, and the same bias: they stay equal."""
    for layer in range(len(spec.layers) - 2):
        into, out = parameters.weights[layer], parameters.weights[layer + 1]
        if len(set(into[:, 0].tolist())) == len(into):
            continue  # one weight tells them apart
        rows = np.column_stack([into, parameters.biases[layer], out.T])
        groups: dict[bytes, list[int]] = {}
        for unit, row in enumerate(rows + 0.0):  # 0 and -0 are equal
            groups.setdefault(row.tobytes(), []).append(unit)
        names = spec.names.units[layer + 1]
        for units in groups.values():
            if len(units) > 1:
                yield Obstacle("symmetric", tuple(names[unit] for unit in units))


def _over_all_samples(standing: Moment) -> ForwardPass:
    """The forward pass at the present parameters, over every training sample."""
    spec = standing.present
    if spec.batches == 1:  # the next step takes them all, and has its pass
        return standing.forward_pass
    with np.errstate(all="ignore"):
        return forward(spec, standing.parameters, spec.inputs, spec.targets)


def _stuck(spec: Spec, passed: ForwardPass) -> Iterator[Obstacle]:
    last = len(spec.layers) - 2
    for layer, rule in enumerate(spec.activation_rules):
        z, a = passed.pre_activations[layer], passed.activations[layer + 1]
        matched = layer == last and bool(spec.loss_rule.match)
        stuck, names = stuck_units(rule, z, a, matched=matched), spec.names.units[layer + 1]
        if stuck.dead:
            kind = "flat" if is_flat(rule) else "dead"
            yield Obstacle(kind, tuple(names[unit] for unit in stuck.dead))
        if stuck.saturated:
            yield Obstacle("saturated", tuple(names[unit] for unit, _ in stuck.saturated))


def _rose(before: float, after: float) -> bool:
    """Whether an error rose by more than its digits, and those of the outputs, are rounded by."""
    return after > before * (1 + _ROUNDING) + _ROUNDING_OF_OUTPUTS


def _of_update(standing: Moment, *, fits: bool) -> Iterator[Obstacle]:
    """Whether the update in view raised the error of its own samples, or only that of all."""
    trace, spec = standing.trace, standing.shown_spec
    if trace is None:
        return
    before, after = trace.forward.loss, trace.loss_after
    if _rose(before, after):
        yield Obstacle("overshoot", (), before, after)
    elif fits and spec.batches > 1 and spec is standing.present:
        was, now = (scores_of(spec, one).training.loss for one in (trace.before, trace.after))
        if was is not None and now is not None and _rose(was, now):
            yield Obstacle("against", (), was, now)
