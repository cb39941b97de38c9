"""Activations, shares and deltas of a layer's rows in a table; a row is a unit, a column a sample.

What is asked for most has a loop of its own, which the compiler can make of vectors.
"""

import math

from app.engine.activations import SIGMOID_SATURATES, TANH_SATURATES, Array
from app.engine.losses import NEARLY_ONE
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import inlined, inner
from app.engine.numba_backend.formulas import (
    Codes,
    activation,
    error_share,
    error_slope,
    lack,
    loss_slope,
    share,
    slope,
)


@inlined
def activate(table: Array, code: int, z: int, a: int, units: int, m: int, leaky: float) -> None:
    """The activations in the rows from ``a`` on of the pre-activations in those from ``z`` on."""
    more = a - z
    if code == codes.SIGMOID:
        for k in range(z, z + units):
            for s in range(m):
                tail = math.exp(-abs(table[k, s]))
                table[k + more, s] = (1.0 if table[k, s] > 0.0 else tail) / (1.0 + tail)
    elif code == codes.TANH:
        for k in range(z, z + units):
            for s in range(m):
                table[k + more, s] = math.tanh(table[k, s])
    elif code == codes.RELU:
        for k in range(z, z + units):
            for s in range(m):
                table[k + more, s] = 0.0 if table[k, s] < 0.0 else table[k, s]
    else:
        for k in range(z, z + units):
            for s in range(m):
                table[k + more, s] = activation(code, table[k, s], leaky)


@inlined
def _saturates(table: Array, row: int, m: int, limit: float) -> bool:
    """Whether a slope in a row of pre-activations needs them; else it follows from a, fast."""
    found = False
    for s in range(m):
        found |= abs(table[row, s]) > limit
    return found


@inlined
def times_slopes(
    table: Array, code: int, d: int, z: int, a: int, units: int, m: int, at_zero: float,
    leaky: float,
) -> None:  # fmt: skip
    """Multiply the rows from ``d`` on by f'(z)."""
    for k in range(units):
        if code == codes.TANH and not _saturates(table, z + k, m, TANH_SATURATES):
            for s in range(m):
                table[d + k, s] *= 1.0 - table[a + k, s] * table[a + k, s]
        elif code == codes.SIGMOID and not _saturates(table, z + k, m, SIGMOID_SATURATES):
            for s in range(m):
                table[d + k, s] *= table[a + k, s] * (1.0 - table[a + k, s])
        elif code != codes.IDENTITY:
            for s in range(m):
                steep = slope(code, table[z + k, s], table[a + k, s], at_zero, leaky)
                table[d + k, s] *= steep


@inner
def softmax(table: Array, z: int, a: int, units: int, m: int) -> None:
    """The activations of a whole layer of softmax."""
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
def softmax_with_shares(
    table: Array, z: int, a: int, units: int, m: int, targets: Array, start: int
) -> float:
    """``softmax``, with the cross-entropy's shares in the rows after z, and their sum.

    y (ln(sum_j exp(z_j)) - z), the largest exp(z_j) taken out of the sum: the powers serve both.
    """
    loss = 0.0
    for s in range(m):
        top, largest = 0, table[z, s]
        for k in range(1, units):
            if table[z + k, s] > largest:
                top, largest = k, table[z + k, s]
        total = rest = 0.0
        for k in range(units):
            power = math.exp(table[z + k, s] - largest)
            table[a + k, s] = power
            total += power
            rest += power if k != top else 0.0
        rest = math.log1p(rest)
        for k in range(units):
            table[a + k, s] /= total
            part = targets[k, start + s] * (largest - table[z + k, s] + rest)
            table[z + units + k, s] = part
            loss += part
    return loss


@inner
def sigmoid_with_shares(
    table: Array, z: int, a: int, units: int, m: int, targets: Array, start: int, outputs: float
) -> float:
    """The activations of a layer of sigmoids, with a cross-entropy's shares, and their sum.

    The shares are divided by ``outputs``; the powers serve both.
    """
    loss = 0.0
    for k in range(z, z + units):
        for s in range(m):
            value, y = table[k, s], targets[k - z, start + s]
            tail = math.exp(-abs(value))
            table[a + k - z, s] = (1.0 if value > 0.0 else tail) / (1.0 + tail)
            both = (1.0 - y if value > 0.0 else -y) * value + math.log1p(tail)
            both /= outputs
            table[k + units, s] = both
            loss += both
    return loss


@inner
def _error(table: Array, code: int, z: int, a: int, units: int, k: int, s: int, y: float) -> float:
    """a - y; where 1 - a or 1 + a would lose its digits, (1 - y) - (1 - a)."""
    value: float = table[a + k, s]
    near, side = abs(value) > NEARLY_ONE, 1.0 if value > 0.0 else -1.0
    if near and code == codes.SOFTMAX:
        others = 0.0
        for other in range(units):
            others += table[a + other, s] if other != k else 0.0
        return side * (1.0 - side * y - others)
    if near and code in codes.LACKING:
        return side * (1.0 - side * y - lack(code, table[z + k, s]))
    return value - y


@inlined
def shares(
    table: Array, loss: int, code: int, z: int, a: int, units: int, m: int, targets: Array,
    start: int, huber: float,
) -> float:  # fmt: skip
    """Each output's share of the loss in the rows after z, and their sum.

    Here and below ``_error`` is asked only where an output is close: all other rows are one loop.
    """
    total = 0.0
    kind, mean = loss & ~1, loss & 1 != 0
    for k in range(units):
        close = code != codes.IDENTITY and _saturates(table, a + k, m, NEARLY_ONE)
        for s in range(m):
            y = targets[k, start + s]
            error = table[a + k, s] - y
            if close:
                error = _error(table, code, z, a, units, k, s, y)
            if loss <= codes.MEAN_HUBER:
                part = error_share(kind, error, huber)
                part = part / units if mean else part
            else:
                part = share(loss, table[z + k, s], table[a + k, s], y, error)
            table[z + units + k, s] = part
            total += part
    return total


@inlined
def matched_deltas(
    table: Array, rules: Codes, code: int, z: int, a: int, d: int, units: int, m: int,
    targets: Array, start: int,
) -> None:  # fmt: skip
    """dE/dz behind the activation that a loss is made for."""
    count = float(units) if rules[codes.LOSS] == codes.MEAN_BINARY_CROSS_ENTROPY else 1.0
    for k in range(units):
        close = _saturates(table, a + k, m, NEARLY_ONE)
        for s in range(m):
            y = targets[k, start + s]
            error = table[a + k, s] - y
            if close:
                error = _error(table, code, z, a, units, k, s, y)
            table[d + k, s] = error / count


@inlined
def output_deltas(
    table: Array, loss: int, code: int, z: int, a: int, d: int, units: int, m: int,
    targets: Array, start: int, numbers: Array,
) -> None:  # fmt: skip
    """dE/dz of the outputs by the chain rule."""
    kind, mean = loss & ~1, loss & 1 != 0
    huber, leaky = numbers[codes.HUBER_DELTA], numbers[codes.LEAKY]
    for k in range(units):
        close = code != codes.IDENTITY and _saturates(table, a + k, m, NEARLY_ONE)
        for s in range(m):
            y = targets[k, start + s]
            error = table[a + k, s] - y
            if close:
                error = _error(table, code, z, a, units, k, s, y)
            if loss <= codes.MEAN_HUBER:
                steep = error_slope(kind, error, huber)
                table[d + k, s] = steep / units if mean else steep
            else:
                table[d + k, s] = loss_slope(loss, table[a + k, s], y, error)
    if code != codes.SOFTMAX:
        times_slopes(table, code, d, z, a, units, m, numbers[codes.AT_ZERO], leaky)
    else:
        for s in range(m):
            total = 0.0
            for k in range(units):
                total += table[d + k, s] * table[a + k, s]
            for k in range(units):
                table[d + k, s] = table[a + k, s] * (table[d + k, s] - total)
