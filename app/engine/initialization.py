"""Parameters to begin with, drawn from a seed."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.engine.activations import Array
from app.engine.parameters import Parameters, frozen_array
from app.engine.validation import check_choice

DEFAULT_SCALE = 0.5


def _uniform(rng: np.random.Generator, scale: float, n_in: int, n_out: int) -> Array:
    return scale * rng.uniform(-1.0, 1.0, (n_out, n_in))


def _normal(rng: np.random.Generator, scale: float, n_in: int, n_out: int) -> Array:
    return scale * rng.standard_normal((n_out, n_in))


# Each scheme draws a weight matrix from a generator, a scale and the sizes of the two layers.
# Xavier: Glorot and Bengio 2010, eq. 16 and its normal twin; He: He et al. 2015, eq. 10.
Draw = Callable[[np.random.Generator, float, int, int], Array]
INITIALIZATIONS: Mapping[str, Draw] = {
    "zeros": lambda _rng, _scale, n_in, n_out: np.zeros((n_out, n_in)),
    "constant": lambda _rng, scale, n_in, n_out: np.full((n_out, n_in), scale),
    "uniform": _uniform,
    "normal": _normal,
    "xavier_uniform": lambda rng, _, m, n: _uniform(rng, math.sqrt(6.0 / (m + n)), m, n),
    "xavier_normal": lambda rng, _, m, n: _normal(rng, math.sqrt(2.0 / (m + n)), m, n),
    "he_uniform": lambda rng, _, m, n: _uniform(rng, math.sqrt(6.0 / m), m, n),
    "he_normal": lambda rng, _, m, n: _normal(rng, math.sqrt(2.0 / m), m, n),
}


def initialize(
    layers: Sequence[int], scheme: str, seed: int, scale: float = DEFAULT_SCALE
) -> Parameters:
    """Parameters drawn by ``scheme`` from NumPy's PCG64 at ``seed``; biases are zero.

    ``scale`` is the value of "constant", the half width of "uniform", the standard deviation of
    "normal"; the other schemes find their own. Raises SpecError for a scheme that is unknown.
    """
    check_choice("/initialization/scheme", scheme, INITIALIZATIONS)
    rng = np.random.Generator(np.random.PCG64(seed))
    draw = INITIALIZATIONS[scheme]
    return Parameters(
        tuple(frozen_array(draw(rng, scale, n_in, n_out)) for n_in, n_out in pairwise(layers)),
        tuple(frozen_array(np.zeros(n_out)) for n_out in layers[1:]),
    )
