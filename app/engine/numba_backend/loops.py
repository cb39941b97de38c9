"""Whole steps in plain loops. ``backend`` is the only caller and makes what is taken here.

net: what a Spec says, four arrays. ``layers`` has a row for each layer after the inputs, see
    ``_place``; ``rules`` and ``numbers`` are as ``codes`` says; the last two are ``inputs`` and
    ``targets``, of shape (units, samples).
flat: as ``Parameters.data`` has it: weights, biases, every moment likewise, the age.
table: a batch, a row for each unit and a column for each sample: activations, pre-activations
    and the loss's shares, then deltas.

Inner loops go over samples: they fill the CPU's vectors without adding in another order, and
nothing is contracted or reassociated. So digits depend neither on the vectors' length nor on how
many steps are taken at once.
"""

import math

from app.engine.activations import SIGMOID_SATURATES, TANH_SATURATES, Array
from app.engine.losses import NEARLY_ONE
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import entry, inlined, inner
from app.engine.numba_backend.formulas import (
    Codes,
    activation,
    below_one,
    loss_slope,
    matched_delta,
    share,
    slope,
    update,
)

Net = tuple[Codes, Codes, Array, Array, Array]


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
def _softmax(table: Array, z: int, a: int, units: int, m: int) -> None:
    for s in range(m):
        largest = table[z, s]
        for k in range(1, units):
            largest = max(largest, table[z + k, s])
        total = 0.0
        for k in range(units):
            table[a + k, s] = math.exp(table[z + k, s] - largest)
            total += table[a + k, s]
        for k in range(units):
            table[a + k, s] /= total


@inner
def _others(table: Array, a: int, units: int, k: int, s: int) -> float:
    """The activations of all outputs but one."""
    total = 0.0
    for other in range(units):
        total += table[a + other, s] if other != k else 0.0
    return total


@inner
def _softmax_shares(
    table: Array, z: int, a: int, units: int, m: int, targets: Array, start: int
) -> None:
    """y (ln(sum_j exp(z_j)) - z) in the rows after z, the largest exp(z_j) taken out of the sum."""
    for s in range(m):
        top = 0
        for k in range(1, units):
            top = k if table[z + k, s] > table[z + top, s] else top
        rest = math.log1p(_others(table, a, units, top, s) / table[a + top, s])
        for k in range(units):
            above = table[z + top, s] - table[z + k, s] + rest
            table[z + units + k, s] = targets[k, start + s] * above


@inner
def _forward(net: Net, start: int, m: int, flat: Array, table: Array) -> tuple[float, bool]:
    """The loss of ``m`` samples from ``start``; whether it and all pre-activations are finite."""
    layers, rules, numbers, inputs, targets = net
    for i in range(inputs.shape[0]):
        for s in range(m):
            table[i, s] = inputs[i, start + s]
    finite, a, z, n_out, leaky = True, 0, 0, 0, numbers[codes.LEAKY]
    for layer in range(layers.shape[0]):
        n_in, n_out, code, a, z, _, w, b = _place(layers, layer)
        for j in range(n_out):
            _combine(table, z + j, a, n_in, m, flat, w + j * n_in, 1)
            bias = flat[b + j]
            for s in range(m):
                table[z + j, s] += bias
                finite &= table[z + j, s] - table[z + j, s] == 0.0
            if code != codes.SOFTMAX:
                for s in range(m):
                    table[a + n_in + j, s] = activation(code, table[z + j, s], leaky)
        a += n_in
        if code == codes.SOFTMAX:
            _softmax(table, z, a, n_out, m)
    total, loss = 0.0, rules[codes.LOSS]
    if loss == codes.SOFTMAX_CROSS_ENTROPY:
        _softmax_shares(table, z, a, n_out, m, targets, start)
    for k in range(n_out):
        for s in range(m):
            if loss != codes.SOFTMAX_CROSS_ENTROPY:
                y = targets[k, start + s]
                part = share(loss, table[z + k, s], table[a + k, s], y, n_out)
                table[z + n_out + k, s] = part
            total += table[z + n_out + k, s]
    if rules[codes.MEAN]:
        total /= m
    return total, finite and total - total == 0.0


# --- backward, and the update ---------------------------------------------------------------


@inner
def _output_deltas(net: Net, start: int, m: int, table: Array) -> None:
    layers, rules, numbers, _, targets = net
    n_in, units, code, a, z, d, _, _ = _place(layers, layers.shape[0] - 1)
    loss, a = rules[codes.LOSS], a + n_in
    at_zero, leaky = numbers[codes.AT_ZERO], numbers[codes.LEAKY]
    for k in range(units):
        for s in range(m):
            value, y = table[a + k, s], targets[k, start + s]
            if rules[codes.MATCHED]:
                lacking = 0.0
                if value > NEARLY_ONE:
                    joint = code == codes.SOFTMAX
                    lacking = (
                        _others(table, a, units, k, s) if joint else below_one(table[z + k, s])
                    )
                table[d + k, s] = matched_delta(loss, value, lacking, y, units)
            elif code == codes.SOFTMAX:
                table[d + k, s] = loss_slope(loss, value, y, units)
            else:
                steep = slope(code, table[z + k, s], value, at_zero, leaky)
                table[d + k, s] = loss_slope(loss, value, y, units) * steep
    if code == codes.SOFTMAX and not rules[codes.MATCHED]:
        for s in range(m):
            total = 0.0
            for k in range(units):
                total += table[d + k, s] * table[a + k, s]
            for k in range(units):
                table[d + k, s] = table[a + k, s] * (table[d + k, s] - total)


@inlined
def _saturates(table: Array, row: int, m: int, limit: float) -> bool:
    """Whether a slope in a row of pre-activations needs them; else it follows from a, fast."""
    found = False
    for s in range(m):
        found |= abs(table[row, s]) > limit
    return found


@inner
def _carry(net: Net, layer: int, m: int, flat: Array, table: Array) -> None:
    """The deltas of the units before ``layer``."""
    layers, _, numbers, _, _ = net
    n_in, n_out, _, a, _, d, w, _ = _place(layers, layer)
    _, _, code, _, z, before, _, _ = _place(layers, layer - 1)
    at_zero, leaky = numbers[codes.AT_ZERO], numbers[codes.LEAKY]
    for i in range(n_in):
        _combine(table, before + i, d, n_out, m, flat, w + i, n_in)
        if code == codes.TANH and not _saturates(table, z + i, m, TANH_SATURATES):
            for s in range(m):
                table[before + i, s] *= 1.0 - table[a + i, s] * table[a + i, s]
        elif code == codes.SIGMOID and not _saturates(table, z + i, m, SIGMOID_SATURATES):
            for s in range(m):
                table[before + i, s] *= table[a + i, s] * (1.0 - table[a + i, s])
        else:
            for s in range(m):
                steep = slope(code, table[z + i, s], table[a + i, s], at_zero, leaky)
                table[before + i, s] *= steep


@inner
def _gradients(net: Net, layer: int, m: int, table: Array, gradient: Array) -> None:
    """The gradients of a layer's weights and biases over the batch."""
    layers, rules, _, _, _ = net
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


@inner
def _backward(net: Net, start: int, m: int, flat: Array, table: Array, gradient: Array) -> None:
    """The deltas and gradients of the batch in ``table``, and the update of ``flat``."""
    layers, rules, numbers, _, _ = net
    _output_deltas(net, start, m, table)
    for layer in range(layers.shape[0] - 1, -1, -1):
        n_in, n_out, _, _, _, _, w, b = _place(layers, layer)
        _gradients(net, layer, m, table, gradient)
        if layer and not rules[codes.HIDDEN_UPDATED]:
            _carry(net, layer, m, flat, table)
        update(rules, numbers, flat, gradient, w, w + n_in * n_out, False)
        if layer and rules[codes.HIDDEN_UPDATED]:
            _carry(net, layer, m, flat, table)
        if rules[codes.BIASES_LEARN]:
            update(rules, numbers, flat, gradient, b, b + n_out, True)
    if rules[codes.SLOTS]:
        flat[-1] += 1.0


# --- what is called ---------------------------------------------------------------------------


@entry(
    "i8(Tuple((i8[:, ::1], i8[::1], f8[::1], f8[:, ::1], f8[:, ::1])), i8, b1,"
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
    size, total, count = net[1][codes.BATCH], net[3].shape[1], losses.size - 1
    batches = (total + size - 1) // size
    start = (step % batches) * size
    m = min(size, total - start)
    for k in range(count):
        start = ((step + k) % batches) * size
        m = min(size, total - start)
        losses[k], finite = _forward(net, start, m, flat, table)
        if stop and not finite:
            return k
        _backward(net, start, m, flat, table, gradient)
        if stop and not _are_finite(flat):
            return k + 1
        # The next step's own pass is the same, if it sees the same samples.
        if batches > 1 and k < count - 1:
            _, finite = _forward(net, start, m, flat, after)
            if stop and not finite:
                return k + 1
    losses[count], finite = _forward(net, start, m, flat, after)
    return count if stop and not finite else -1
