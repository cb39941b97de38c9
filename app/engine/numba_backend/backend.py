"""Steps by the compiled loops, for the callers of ``app.engine.training``."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.engine.activations import Array
from app.engine.backprop import ForwardPass, Gradients
from app.engine.learning import CORRECTING
from app.engine.network import Spec, kept
from app.engine.numba_backend import codes
from app.engine.numba_backend.formulas import Codes
from app.engine.numba_backend.loops import Net
from app.engine.numba_backend.loops import run as run_loops
from app.engine.optimizers import OPTIMIZERS, slots_of
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.errors import Diverged


def was_loaded() -> bool:
    """Whether the loops were compiled before and only had to be loaded."""
    return bool(run_loops.stats.cache_hits)


@dataclass(frozen=True, slots=True)
class _Packed:
    """A Spec as the loops take it.

    Attributes:
        net: its arrays, as ``loops`` says.
        places: for each layer after the inputs its units, and the first rows of its
            pre-activations and of its deltas in a table.
        rows, deltas: how many rows a table has, and how many more with deltas.
        size, slots: how many weights and biases there are, and how many moments each has.
    """

    net: Net
    places: tuple[tuple[int, int, int], ...]
    rows: int
    deltas: int
    size: int
    slots: int


@kept
def _packed(spec: Spec) -> _Packed:
    units = sum(spec.layers)
    after = units - spec.layers[0]
    rows = units + after + spec.layers[-1]
    layers, places = [], []
    a, z, d, w, b = 0, units, rows, 0, sum(n * m for n, m in pairwise(spec.layers))
    size = b + after
    for (n_in, n_out), name in zip(pairwise(spec.layers), spec.activations, strict=True):
        layers.append([n_in, n_out, getattr(codes, name.upper()), a, z, d, w, b])
        places.append((n_out, z, d))
        a, z, d, w, b = a + n_in, z + n_out, d + n_out, w + n_in * n_out, b + n_out
    tables = (spec.inputs, spec.loss_rule.taken(spec.targets))
    samples = [np.array(table.T, order="C") for table in tables]
    frozen = np.flatnonzero(np.concatenate([mask.ravel() for mask in spec.frozen_masks]))
    net = (np.array(layers), _rules(spec), _numbers(spec), samples[0], samples[1], frozen)
    return _Packed(net, tuple(places), rows, after, size, len(slots_of(spec.optimizer)))


def _numbers(spec: Spec) -> Array:
    o = spec.optimizer
    return np.array([
        o.learning_rate, o.momentum, o.decay, o.beta1, o.beta2, o.epsilon, o.weight_decay,
        spec.slope_at_zero, spec.leaky_slope, o.dampening, o.schedule_factor, o.schedule_steps,
        o.schedule_floor, o.clip_limit, spec.huber_delta, spec.penalty, o.momentum_decay,
    ], dtype=np.float64)  # fmt: skip


def _rules(spec: Spec) -> Codes:
    o, rules = spec.optimizer, np.zeros(codes.RULES, dtype=np.int64)
    rules[codes.LOSS] = getattr(codes, spec.loss.upper())
    rules[codes.MATCHED] = spec.loss_rule.match == spec.activations[-1]
    rules[codes.MEAN] = spec.batch.reduction == "mean"
    rules[codes.BATCH] = spec.batch.size or len(spec.inputs)
    rules[codes.BIASES_LEARN] = spec.bias_update != "none"
    rules[codes.BIASES_SHARED] = spec.bias_update == "shared"
    rules[codes.HIDDEN_UPDATED] = spec.hidden_deltas == "updated"
    rules[codes.OPTIMIZER] = getattr(codes, o.name.upper())
    rules[codes.SLOTS] = len(slots_of(o))
    rules[codes.MOMENTUM_FORM] = getattr(codes, o.momentum_form.upper())
    rules[codes.EPSILON_INSIDE] = o.epsilon_form == "inside"
    corrects = o.bias_correction or o.name not in CORRECTING
    rules[codes.CORRECTED] = corrects and "beta1" in OPTIMIZERS[o.name].fields
    rules[codes.RATE_CORRECTED] = o.epsilon_form == "uncorrected"
    rules[codes.DECAY_FORM] = getattr(codes, f"DECAY_{o.weight_decay_form.upper()}")
    rules[codes.CENTRED] = o.centred
    rules[codes.SCHEDULE] = getattr(codes, f"EACH_{o.schedule.upper()}")
    rules[codes.CLIPPING] = getattr(codes, f"CLIP_{o.clipping.upper()}")
    rules[codes.DECAY_BIASES] = o.decay_biases
    return rules


@dataclass(frozen=True, slots=True)
class _Done:
    """What the loops have filled; see ``loops.run``."""

    packed: _Packed
    batch: slice
    flat: Array
    table: Array
    after: Array
    gradient: Array
    losses: Array


def _take(spec: Spec, parameters: Parameters, step: int, count: int, *, stop: bool) -> _Done:
    """Take ``count`` steps; with ``stop``, raise Diverged where a result is not finite."""
    packed = _packed(spec)
    batch = spec.batch_slice(step)
    samples = batch.stop - batch.start if count < 2 else spec.batch.size or len(spec.inputs)
    data = parameters.remembering(packed.slots).data
    done = _Done(
        packed, batch, flat=np.frombuffer(data, dtype="<f8").astype(np.float64),
        table=np.empty((packed.rows + packed.deltas, samples)),
        after=np.empty((packed.rows, samples)),
        gradient=np.empty(packed.size), losses=np.empty(count + 1),
    )  # fmt: skip
    arrays = (done.flat, done.table, done.after, done.gradient)
    bad = run_loops(packed.net, step, stop, *arrays, done.losses)
    if bad >= 0:
        raise Diverged(step + bad)
    for array in arrays:
        array.setflags(write=False)
    return done


def _columns(table: Array, row: int, units: int) -> Array:
    """What a table holds of ``units`` units: read-only, of shape (samples, units)."""
    array = np.ascontiguousarray(table[row : row + units].T)
    array.setflags(write=False)
    return array


def _passed(spec: Spec, packed: _Packed, batch: slice, table: Array, loss: float) -> ForwardPass:
    """The forward pass that a table holds."""
    a, outputs = spec.layers[0], packed.rows - spec.layers[-1]
    z, activations = [], [spec.inputs[batch]]
    for units, row, _ in packed.places:
        z.append(_columns(table, row, units))
        activations.append(_columns(table, a, units))
        a += units
    shares = _columns(table, outputs, spec.layers[-1])
    return ForwardPass(tuple(z), tuple(activations), spec.targets[batch], shares, float(loss))


def forward_at(spec: Spec, parameters: Parameters, step: int) -> ForwardPass:
    """As ``training.forward_at``."""
    done = _take(spec, parameters, step, 0, stop=False)
    return _passed(spec, done.packed, done.batch, done.after, done.losses[0])


def take_step(
    spec: Spec, parameters: Parameters, step: int,
    passed: ForwardPass | None = None, *, strict: bool = False,
) -> Trace:  # fmt: skip
    """As ``training.trace_step`` where ``strict``, else ``training.attempt_step``."""
    done = _take(spec, parameters, step, 1, stop=strict)
    packed, batch = done.packed, done.batch
    slopes = Parameters.from_flat(spec.layers, done.gradient)
    deltas = tuple(_columns(done.table, row, units) for units, _, row in packed.places)
    return Trace(
        step + 1, spec.optimizer.rate_at(step), parameters,
        passed or _passed(spec, packed, batch, done.table, done.losses[0]),
        Gradients(deltas, slopes.weights, slopes.biases),
        Parameters.from_flat(spec.layers, done.flat, packed.slots),
        _passed(spec, packed, batch, done.after, done.losses[1]),
    )  # fmt: skip


def run(
    spec: Spec, parameters: Parameters, start: int, count: int
) -> tuple[list[float], Parameters]:
    """As ``training.run``."""
    if not count:
        return [], parameters
    done = _take(spec, parameters, start, count, stop=True)
    after = Parameters.from_flat(spec.layers, done.flat, done.packed.slots)
    return done.losses[:-1].tolist(), after
