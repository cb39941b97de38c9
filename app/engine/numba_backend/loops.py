"""Whole steps in plain loops. ``backend`` is the only caller and makes what is taken here.

net: what a Spec says, six arrays. ``layers`` has a row for each layer after the inputs, see
    ``_place``; ``rules`` and ``numbers`` are as ``codes`` says; then ``inputs`` and ``targets``,
    of shape (units, samples), and where in ``flat`` frozen parameters are.
flat: as ``Parameters.data`` has it: weights, biases, every moment likewise, the age.
table: a batch, a row for each unit and a column for each sample: activations, pre-activations
    and the loss's shares, then deltas.

Inner loops go over samples: they fill the CPU's vectors without adding in another order, and
nothing is contracted or reassociated. So digits depend neither on the vectors' length nor on how
many steps are taken at once.
"""

import numpy as np

from app.engine.activations import Array
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import entry, inlined, inner
from app.engine.numba_backend.formulas import Codes
from app.engine.numba_backend.rows import (
    activate,
    matched_deltas,
    output_deltas,
    shares,
    sigmoid_with_shares,
    softmax,
    softmax_with_shares,
    times_slopes,
)
from app.engine.numba_backend.updates import clip_scale, rate_at, sum_of_squares, update

Net = tuple[Codes, Codes, Array, Array, Array, Codes]


@inlined
def _place(layers: Codes, layer: int) -> tuple[int, int, int, int, int, int, int, int]:
    """What a row of ``layers`` says.

    The units before the layer and in it; its activation; the first rows in a table of the
    activations before it, of its own pre-activations and of its deltas; and where in ``flat``
    its weights and its biases begin.
    """
    row = layers[layer]
    return row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]


@inner
def _are_finite(values: Array) -> bool:
    finite = True
    for k in range(values.size):
        finite &= values[k] - values[k] == 0.0
    return finite


@inlined
def _dot(table: Array, x: int, y: int, m: int) -> float:
    """The product of two rows, in four lanes and so always in the same order."""
    first = second = third = fourth = 0.0
    whole = m - m % 4
    for s in range(0, whole, 4):
        first += table[x, s] * table[y, s]
        second += table[x, s + 1] * table[y, s + 1]
        third += table[x, s + 2] * table[y, s + 2]
        fourth += table[x, s + 3] * table[y, s + 3]
    total = (first + second) + (third + fourth)
    for s in range(whole, m):
        total += table[x, s] * table[y, s]
    return total


@inlined
def _combine(
    table: Array, row: int, at: int, n: int, m: int, flat: Array, w: int, stride: int
) -> None:
    """``row`` becomes the weighted sum of ``n`` rows from ``at`` on.

    Their weights lie ``stride`` apart in ``flat``, from ``w`` on.
    """
    for k in range(n):
        weight = flat[w + k * stride]
        if k == 0:
            for s in range(m):
                table[row, s] = weight * table[at, s]
        else:
            for s in range(m):
                table[row, s] += weight * table[at + k, s]


# --- forward --------------------------------------------------------------------------------


@inner
def _forward(net: Net, start: int, m: int, flat: Array, table: Array) -> tuple[float, bool]:
    """The loss of ``m`` samples from ``start``; whether it and all pre-activations are finite."""
    layers, rules, numbers, inputs, _, _ = net
    for i in range(inputs.shape[0]):
        for s in range(m):
            table[i, s] = inputs[i, start + s]
    finite, last = True, layers.shape[0] - 1
    for layer in range(last + 1):
        n_in, n_out, code, a, z, _, w, b = _place(layers, layer)
        alone = code != codes.SOFTMAX and (layer < last or not rules[codes.MATCHED])
        for j in range(n_out):
            _combine(table, z + j, a, n_in, m, flat, w + j * n_in, 1)
            bias = flat[b + j]
            for s in range(m):
                table[z + j, s] += bias
                finite &= table[z + j, s] - table[z + j, s] == 0.0
        if alone:
            activate(table, code, z, a + n_in, n_out, m, numbers[codes.LEAKY])
    total = _loss(net, start, m, table)
    if rules[codes.MEAN]:
        total /= m
    if numbers[codes.PENALTY] != 0.0:
        biases = rules[codes.BIASES_LEARN] != 0 and rules[codes.DECAY_BIASES] != 0
        total += 0.5 * numbers[codes.PENALTY] * sum_of_squares(layers, rules, flat, biases)
    return total, finite and total - total == 0.0


@inlined
def _loss(net: Net, start: int, m: int, table: Array) -> float:
    """The outputs' shares and their sum, and their activations where they come together."""
    layers, rules, numbers, _, targets, _ = net
    n_in, units, code, before, z, _, _, _ = _place(layers, layers.shape[0] - 1)
    loss, a = rules[codes.LOSS], before + n_in
    if loss == codes.SOFTMAX_CROSS_ENTROPY:
        return softmax_with_shares(table, z, a, units, m, targets, start)
    if loss == codes.BINARY_CROSS_ENTROPY:
        return sigmoid_with_shares(table, z, a, units, m, targets, start, 1.0)
    if loss == codes.MEAN_BINARY_CROSS_ENTROPY:
        return sigmoid_with_shares(table, z, a, units, m, targets, start, float(units))
    if code == codes.SOFTMAX:
        softmax(table, z, a, units, m)
    elif rules[codes.MATCHED]:
        activate(table, code, z, a, units, m, numbers[codes.LEAKY])
    return shares(table, loss, code, z, a, units, m, targets, start, numbers[codes.HUBER_DELTA])


# --- backward, and the update ---------------------------------------------------------------


@inlined
def _output_deltas(net: Net, start: int, m: int, table: Array) -> None:
    layers, rules, numbers, _, targets, _ = net
    n_in, units, code, a, z, d, _, _ = _place(layers, layers.shape[0] - 1)
    a += n_in
    if rules[codes.MATCHED]:
        matched_deltas(table, rules, code, z, a, d, units, m, targets, start)
    else:
        loss = rules[codes.LOSS]
        output_deltas(table, loss, code, z, a, d, units, m, targets, start, numbers)


@inlined
def _carry(net: Net, layer: int, m: int, flat: Array, table: Array) -> None:
    """The deltas of the units before ``layer``."""
    layers, _, numbers, _, _, _ = net
    n_in, n_out, _, a, _, d, w, _ = _place(layers, layer)
    _, _, code, _, z, before, _, _ = _place(layers, layer - 1)
    for i in range(n_in):
        _combine(table, before + i, d, n_out, m, flat, w + i, n_in)
    times_slopes(table, code, before, z, a, n_in, m, numbers[codes.AT_ZERO], numbers[codes.LEAKY])


@inlined
def _gradients(net: Net, layer: int, m: int, flat: Array, table: Array, gradient: Array) -> None:
    """The gradients of a layer's weights and biases over the batch."""
    layers, rules, numbers, _, _, _ = net
    n_in, n_out, _, a, _, d, w, b = _place(layers, layer)
    samples = m if rules[codes.MEAN] else 1
    together = 0.0
    for j in range(n_out):
        for i in range(n_in):
            gradient[w + j * n_in + i] = _dot(table, d + j, a + i, m) / samples
        total = 0.0
        for s in range(m):
            total += table[d + j, s]
        gradient[b + j] = total / samples
        together += total
    if rules[codes.BIASES_SHARED]:
        for j in range(n_out):
            gradient[b + j] = together / samples
    penalty = numbers[codes.PENALTY]
    if penalty != 0.0:
        for k in range(w, w + n_in * n_out):
            gradient[k] += penalty * flat[k]
        if rules[codes.BIASES_LEARN] and rules[codes.DECAY_BIASES]:
            for k in range(b, b + n_out):
                gradient[k] += penalty * flat[k]


@inner
def _backward(
    net: Net, step: int, start: int, m: int, flat: Array, table: Array, gradient: Array,
    used: Array, held: Array,
) -> None:  # fmt: skip
    """The deltas and gradients of the batch in ``table``, and the update of ``flat``."""
    layers, rules, numbers, _, _, frozen = net
    rate, late = numbers[codes.RATE], rules[codes.HIDDEN_UPDATED] != 0
    if rules[codes.SCHEDULE]:
        rate = rate_at(rules, numbers, step)
    for k in range(held.size):
        held[k] = flat[k]
    _output_deltas(net, start, m, table)
    for layer in range(layers.shape[0] - 1, -1, -1):
        _gradients(net, layer, m, flat, table, gradient)
        if layer and late:
            n_in, n_out, _, _, _, _, w, _ = _place(layers, layer)
            update(rules, numbers, rate, 1.0, flat, gradient, used, w, w + n_in * n_out, False)
            _hold(frozen, held, flat, gradient.size, rules[codes.SLOTS])
        if layer:
            _carry(net, layer, m, flat, table)
    scale = 1.0
    if rules[codes.CLIPPING] >= codes.CLIP_NORM:
        scale = clip_scale(layers, rules, numbers, frozen, gradient, used)
    # With updated weights, those of the first layer are all that is left.
    high = layers[0, 0] * layers[0, 1] if late else layers[0, 7]
    update(rules, numbers, rate, scale, flat, gradient, used, 0, high, False)
    if rules[codes.BIASES_LEARN]:
        low = layers[0, 7]
        update(rules, numbers, rate, scale, flat, gradient, used, low, gradient.size, True)
    if frozen.size:
        _hold(frozen, held, flat, gradient.size, rules[codes.SLOTS])
    if rules[codes.SLOTS]:
        flat[-1] += 1.0


@inner
def _hold(frozen: Codes, held: Array, flat: Array, size: int, slots: int) -> None:
    """Give frozen parameters and their moments the numbers that they had."""
    for k in frozen:
        for slot in range(slots + 1):
            flat[slot * size + k] = held[slot * size + k]


# --- what is called ---------------------------------------------------------------------------


@entry(
    "i8(Tuple((i8[:, ::1], i8[::1], f8[::1], f8[:, ::1], f8[:, ::1], i8[::1])), i8, b1,"
    " f8[::1], f8[:, ::1], f8[:, ::1], f8[::1], f8[::1])"
)
def run(
    net: Net, step: int, stop: bool,
    flat: Array, table: Array, after: Array, gradient: Array, losses: Array,
) -> int:  # fmt: skip
    """Take ``len(losses) - 1`` steps from ``step`` on, changing the parameters ``flat``.

    With ``stop``, end at the first result that is not finite: the answer is how many steps from
    ``step`` on it is, or -1.

    ``table`` takes the passes of the last step, before its update; ``gradient`` its gradients of
    weights and biases, as in ``flat``. ``after`` takes the forward pass of the same batch with the
    parameters at the end, or without a step that of the batch of ``step``; it needs no rows for
    deltas. ``losses`` takes the loss before each step, and that of ``after``.
    """
    used, held = np.empty(gradient.size), np.empty(flat.size if net[5].size else 0)
    size, total, count = net[1][codes.BATCH], net[3].shape[1], losses.size - 1
    batches = (total + size - 1) // size
    start = (step % batches) * size
    m = min(size, total - start)
    for k in range(count):
        losses[k], finite = _forward(net, start, m, flat, table)
        if stop and not finite:
            return k
        _backward(net, step + k, start, m, flat, table, gradient, used, held)
        if stop and not _are_finite(flat):
            return k + 1
        # The next step's own pass is the same, if it sees the same samples.
        if batches > 1 and k < count - 1:
            _, finite = _forward(net, start, m, flat, after)
            if stop and not finite:
                return k + 1
            start = start + size if start + size < total else 0
            m = min(size, total - start)
    losses[count], finite = _forward(net, start, m, flat, after)
    return count if stop and not finite else -1
