"""Parameters to begin with, drawn from a seed."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.engine.activations import Array
from app.engine.parameters import Parameters, frozen_array
from app.engine.validation import check_choice

DEFAULT_SCALE = 0.5

# Each scheme draws a weight matrix from a generator, a scale and the sizes of the two layers.
# Xavier: Glorot and Bengio 2010, eq. 16 and its normal twin; He: He et al. 2015, eq. 10.
Draw = Callable[[np.random.Generator, float, int, int], Array]
INITIALIZATIONS: Mapping[str, Draw] = {
    "zeros": lambda _rng, _scale, n_in, n_out: np.zeros((n_out, n_in)),
    "constant": lambda _rng, scale, n_in, n_out: np.full((n_out, n_in), scale),
    "uniform": lambda rng, scale, n_in, n_out: scale * rng.uniform(-1.0, 1.0, (n_out, n_in)),
    "normal": lambda rng, scale, n_in, n_out: scale * rng.standard_normal((n_out, n_in)),
    "xavier_uniform": lambda rng, _, n_in, n_out: (
        rng.uniform(-1.0, 1.0, (n_out, n_in)) * math.sqrt(6.0 / (n_in + n_out))
    ),
    "xavier_normal": lambda rng, _, n_in, n_out: (
        rng.standard_normal((n_out, n_in)) * math.sqrt(2.0 / (n_in + n_out))
    ),
    "he_uniform": lambda rng, _, n_in, n_out: (
        rng.uniform(-1.0, 1.0, (n_out, n_in)) * math.sqrt(6.0 / n_in)
    ),
    "he_normal": lambda rng, _, n_in, n_out: (
        rng.standard_normal((n_out, n_in)) * math.sqrt(2.0 / n_in)
    ),
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
