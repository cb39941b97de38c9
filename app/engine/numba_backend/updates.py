"""Updates: clipping, weight decay and the optimizers, one range of parameters at a time.

Their formulas are those of ``app.engine.updates`` and ``app.engine.optimizers``, in the same order
of operations: the result is the same bit for bit. Each optimizer has loops of its own.
"""

import math

from app.engine.activations import Array
from app.engine.numba_backend import codes
from app.engine.numba_backend.compiling import inlined, inner
from app.engine.numba_backend.formulas import Codes, above
from app.engine.optimizers import MOMENTUM_BASE
from app.engine.updates import TORCH_SLACK


@inner
def rate_at(rules: Codes, numbers: Array, step: int) -> float:
    """The learning rate of the step from ``step``; see ``app.engine.schedules``."""
    kind, start, at = rules[codes.SCHEDULE], float(numbers[codes.RATE]), float(step)
    factor, steps, floor = numbers[codes.FACTOR], numbers[codes.STEPS], numbers[codes.FLOOR]
    if kind == codes.EACH_STEP:
        return float(start * factor ** (at // steps))
    if kind == codes.EACH_EXPONENTIAL:
        return float(start * factor**at)
    turned = (1.0 + math.cos(math.pi * min(at, steps) / steps)) / 2.0
    return float(floor + (start - floor) * turned)


@inner
def sum_of_squares(layers: Codes, rules: Codes, values: Array, biases: bool) -> float:
    """As ``backprop.sum_of_squares``, of what is laid out as ``flat``."""
    total, low = 0.0, layers[0, 7]
    for k in range(low):
        total += values[k] * values[k]
    if biases:
        for layer in range(layers.shape[0]):
            first = layers[layer, 7]
            count = 1 if rules[codes.BIASES_SHARED] else layers[layer, 1]
            for k in range(first, first + count):
                total += values[k] * values[k]
    return total


@inner
def clip_scale(
    layers: Codes, rules: Codes, numbers: Array, frozen: Codes, gradient: Array, used: Array
) -> float:
    """What every gradient is multiplied by so that their norm stays within the limit."""
    for k in range(gradient.size):
        used[k] = gradient[k]
    for k in frozen:
        used[k] = 0.0
    norm = math.sqrt(sum_of_squares(layers, rules, used, rules[codes.BIASES_LEARN] != 0))
    norm += TORCH_SLACK if rules[codes.CLIPPING] == codes.CLIP_TORCH_NORM else 0.0
    limit = float(numbers[codes.LIMIT])
    return limit / norm if norm > limit else 1.0


@inner
def update(
    rules: Codes, numbers: Array, rate: float, scale: float, flat: Array, gradient: Array,
    used: Array, low: int, high: int, bias: bool,
) -> None:  # fmt: skip
    """Change the parameters ``flat[low:high]`` and their moments by their gradients.

    ``used`` has room for the gradients as the optimizer sees them, ``scale`` is ``clip_scale``.
    """
    decays = numbers[codes.WEIGHT_DECAY] != 0.0 and rules[codes.DECAY_FORM] != codes.DECAY_LOSS
    decays = decays and (rules[codes.DECAY_BIASES] != 0 or not bias)
    kind, slopes = rules[codes.OPTIMIZER], gradient
    if decays or rules[codes.CLIPPING]:
        _prepare(rules, numbers, rate, scale, flat, gradient, used, low, high, decays)
        slopes = used
    if kind == codes.SGD:
        for k in range(low, high):
            flat[k] -= rate * slopes[k]
    elif kind <= codes.NESTEROV:
        _move(rules, numbers, rate, flat, slopes, low, high)
    elif kind <= codes.ADAGRAD:
        _divide(rules, numbers, rate, flat, slopes, low, high)
    else:
        _adapt(rules, numbers, rate, flat, slopes, low, high)


@inner
def _prepare(
    rules: Codes, numbers: Array, rate: float, scale: float, flat: Array, gradient: Array,
    used: Array, low: int, high: int, decays: bool,
) -> None:  # fmt: skip
    """Gradients after clipping and weight decay; decoupled decay changes the parameters."""
    shrink, limit = numbers[codes.WEIGHT_DECAY], numbers[codes.LIMIT]
    for k in range(low, high):
        g = gradient[k] * scale
        if rules[codes.CLIPPING] == codes.CLIP_VALUE:
            g = -limit if g < -limit else (limit if g > limit else g)
        if decays and rules[codes.DECAY_FORM] == codes.DECAY_DECOUPLED:
            flat[k] -= rate * shrink * flat[k]
        elif decays:
            g += shrink * flat[k]
        used[k] = g


@inner
def _move(
    rules: Codes, numbers: Array, rate: float, flat: Array, slopes: Array, low: int, high: int
) -> None:
    """Momentum, and Nesterov's."""
    size, inertia, form = slopes.size, numbers[codes.INERTIA], rules[codes.MOMENTUM_FORM]
    nesterov, damping = rules[codes.OPTIMIZER] == codes.NESTEROV, numbers[codes.DAMPENING]
    if form == codes.CLASSICAL:
        for k in range(low, high):
            g, p = slopes[k], flat[k]
            v = inertia * flat[size + k] - rate * g
            flat[size + k] = v
            flat[k] = p + inertia * v - rate * g if nesterov else p + v
        return
    part = 1.0 - inertia if form == codes.AVERAGED else 1.0 - damping
    first = damping != 0.0 and flat[-1] < 1.0
    for k in range(low, high):
        g = slopes[k]
        v = g if first else inertia * flat[size + k] + part * g
        flat[size + k] = v
        flat[k] -= rate * (g + inertia * v if nesterov else v)


@inlined
def _epsilons(rules: Codes, numbers: Array) -> tuple[float, float]:
    """What is added within a root, and outside of it."""
    epsilon = numbers[codes.EPSILON]
    return (epsilon, 0.0) if rules[codes.EPSILON_INSIDE] else (0.0, epsilon)


@inner
def _divide(
    rules: Codes, numbers: Array, rate: float, flat: Array, slopes: Array, low: int, high: int
) -> None:
    """RMSProp with its variants, and Adagrad."""
    kind, size, kept = rules[codes.OPTIMIZER], slopes.size, numbers[codes.DECAY]
    inside, outside = _epsilons(rules, numbers)
    pushed, inertia = kind == codes.RMSPROP_MOMENTUM, numbers[codes.INERTIA]
    means = rules[codes.SLOTS] * size if rules[codes.CENTRED] else 0
    for k in range(low, high):
        g, square = slopes[k], flat[size + k]
        if kind == codes.ADAGRAD:
            square += g * g
        else:
            square = kept * square + (1.0 - kept) * g * g
        flat[size + k] = square
        if means:
            mean = kept * flat[means + k] + (1.0 - kept) * g
            flat[means + k] = mean
            square = above(square - mean * mean)
        root = math.sqrt(square + inside) + outside
        if pushed:
            flat[2 * size + k] = inertia * flat[2 * size + k] + g / root
            flat[k] -= rate * flat[2 * size + k]
        else:
            flat[k] -= rate * g / root


@inner
def _adapt(
    rules: Codes, numbers: Array, rate: float, flat: Array, slopes: Array, low: int, high: int
) -> None:
    """Adam and its kin. Divided by 1 where nothing is corrected, which changes no digit."""
    kind, size, age = rules[codes.OPTIMIZER], slopes.size, flat[-1] + 1.0
    beta1, beta2 = numbers[codes.BETA1], numbers[codes.BETA2]
    inside, outside = _epsilons(rules, numbers)
    young1 = 1.0 - beta1**age if rules[codes.CORRECTED] else 1.0
    young2 = 1.0 - beta2**age if rules[codes.CORRECTED] else 1.0
    if rules[codes.RATE_CORRECTED]:  # instead of the moments
        rate, young1, young2 = rate * math.sqrt(young2) / young1, 1.0, 1.0
    growth = numbers[codes.GROWTH]
    grows = kind == codes.NADAM and growth != 0.0
    now = beta1 * (1.0 - MOMENTUM_BASE ** (age * growth) / 2.0)
    later = beta1 * (1.0 - MOMENTUM_BASE ** ((age + 1.0) * growth) / 2.0)
    young1 = 1.0 if grows else young1  # the mean is corrected by its own shares
    if kind == codes.ADAMAX:
        for k in range(low, high):
            g = slopes[k]
            mean = beta1 * flat[size + k] + (1.0 - beta1) * g
            largest = max(beta2 * flat[2 * size + k], abs(g) + outside)
            flat[size + k], flat[2 * size + k] = mean, largest
            flat[k] -= rate * (mean / young1) / largest
        return
    for k in range(low, high):
        g = slopes[k]
        mean = beta1 * flat[size + k] + (1.0 - beta1) * g
        square = beta2 * flat[2 * size + k] + (1.0 - beta2) * g * g
        flat[size + k], flat[2 * size + k] = mean, square
        if kind == codes.AMSGRAD:
            square = max(flat[3 * size + k], square)
            flat[3 * size + k] = square
        elif grows:
            product = now if age < 2.0 else now * flat[3 * size + k]
            flat[3 * size + k] = product
            mean = later * mean / (1.0 - later * product) + (1.0 - now) * g / (1.0 - product)
        elif kind == codes.NADAM:
            mean = beta1 * mean + (1.0 - beta1) * g
        flat[k] -= rate * (mean / young1) / (math.sqrt(square / young2 + inside) + outside)
