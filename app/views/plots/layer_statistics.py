"""How activations, gradients and weights are distributed, layer by layer; units that are stuck."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import forward
from app.lab.moment import Moment
from app.lab.obstacles import StuckUnits, range_of, stuck_units
from app.lab.phases import Kind

BINS = 16
_DUST = 1e-13


@dataclass(frozen=True, slots=True)
class Histogram:
    """Numbers by size: how many are in each of equally wide bins from ``left`` to ``right``.

    Numbers that are not finite are left out; ``low``, ``high`` and ``mean`` are 0 if none is left.
    """

    counts: tuple[int, ...]
    left: float
    right: float
    count: int
    low: float
    high: float
    mean: float

    @property
    def most(self) -> tuple[float, float]:
        """Where the fullest neighbouring bins lie that hold more than half of the numbers."""
        counts = np.array(self.counts)
        sums = np.concatenate([[0], np.cumsum(counts)])
        for width in range(1, len(counts) + 1):
            inside = sums[width:] - sums[:-width]
            first = int(np.argmax(inside))
            if inside[first] * 2 > self.count:
                break
        edges = np.linspace(self.left, self.right, len(counts) + 1)
        return float(edges[first]), float(edges[first + width])


def histogram(values: Array, ends: tuple[float, float] | None = None) -> Histogram:
    """The histogram of any numbers; ``ends`` of its axis, else those of the numbers."""
    flat = values[np.isfinite(values)].ravel()
    if not flat.size:
        return Histogram((), 0.0, 0.0, 0, 0.0, 0.0, 0.0)
    low, high = float(flat.min()), float(flat.max())
    left, right = ends or (low, high)
    counts = (int(flat.size),)
    if 1e-9 * max(abs(left), abs(right), 1e-290) < right - left < math.inf:
        counts = tuple(np.histogram(flat, BINS, (left, right))[0].tolist())
    with np.errstate(over="ignore"):
        mean = float(flat.mean())
    # What rounding leaves of numbers that cancel is no value.
    mean = 0.0 if abs(mean) < _DUST * max(abs(low), abs(high)) else mean
    return Histogram(counts, left, right, int(flat.size), low, high, mean)


class LayerNumbers(NamedTuple):
    """What is known of one layer after the inputs; None is not computed in this phase.

    Activations are over all training samples, at the present parameters; gradients are those of
    the weights in the step in view.
    """

    activations: Histogram | None
    gradients: Histogram | None
    weights: Histogram
    stuck: StuckUnits


def layer_numbers(standing: Moment) -> tuple[LayerNumbers, ...]:
    """The distributions of every layer, as far as the step in view has computed them."""
    spec, progress = standing.present, standing.progress
    passed, layers = None, range(1, len(spec.layers))
    seen, learnt = (
        [progress.has(kind, layer) for layer in layers] for kind in (Kind.ACTIVATION, Kind.GRADIENT)
    )
    if any(seen):
        with np.errstate(all="ignore"):
            passed = forward(spec, standing.parameters, spec.inputs, spec.targets)
    gradients = standing.shown.gradients.weights if any(learnt) else None
    found = []
    for index, weights in enumerate(standing.parameters.weights):
        rule, activations, stuck = spec.activation_rules[index], None, StuckUnits((), ())
        if passed and seen[index]:
            z, a = passed.pre_activations[index], passed.activations[index + 1]
            activations = histogram(a, range_of(rule))
            matched = index == len(spec.layers) - 2 and bool(spec.loss_rule.match)
            stuck = stuck_units(rule, z, a, matched=matched)
        slopes = histogram(gradients[index]) if gradients and learnt[index] else None
        found.append(LayerNumbers(activations, slopes, histogram(weights), stuck))
    return tuple(found)


def gradient_ratio(standing: Moment) -> float | None:
    """Root mean square of the gradients into the first layer, over that of those into the outputs.

    None while they are not all computed, where there is one layer only, or the outputs' are all 0.
    """
    if len(standing.present.layers) < 3 or not standing.progress.all_gradients:
        return None
    weights = standing.shown.gradients.weights
    with np.errstate(over="ignore"):
        first, last = (math.sqrt(float(np.mean(np.square(w)))) for w in (weights[0], weights[-1]))
    return first / last if last and math.isfinite(first) else None
