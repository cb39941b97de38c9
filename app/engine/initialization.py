"""Parameters to begin with, drawn from a seed."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from app.engine.functions import Array
from app.engine.network import Parameters, check_choice, frozen_array

# Each scheme draws a weight matrix from a generator and the sizes of the two layers.
# Xavier: Glorot and Bengio 2010, eq. 16 and its normal twin; He: He et al. 2015, eq. 10.
INITIALIZATIONS: Mapping[str, Callable[[np.random.Generator, int, int], Array]] = MappingProxyType(
    {
        "zeros": lambda _rng, n_in, n_out: np.zeros((n_out, n_in)),
        "xavier_uniform": lambda rng, n_in, n_out: (
            rng.uniform(-1.0, 1.0, (n_out, n_in)) * math.sqrt(6.0 / (n_in + n_out))
        ),
        "xavier_normal": lambda rng, n_in, n_out: (
            rng.standard_normal((n_out, n_in)) * math.sqrt(2.0 / (n_in + n_out))
        ),
        "he_uniform": lambda rng, n_in, n_out: (
            rng.uniform(-1.0, 1.0, (n_out, n_in)) * math.sqrt(6.0 / n_in)
        ),
        "he_normal": lambda rng, n_in, n_out: (
            rng.standard_normal((n_out, n_in)) * math.sqrt(2.0 / n_in)
        ),
    }
)


def initialize(layers: Sequence[int], scheme: str, seed: int) -> Parameters:
    """Parameters drawn by ``scheme`` from ``seed``: the same seed, the same digits; biases zero.

    Raises:
        SpecError: ``scheme`` is unknown.
    """
    check_choice("/initialization/scheme", scheme, INITIALIZATIONS)
    rng = np.random.Generator(np.random.PCG64(seed))
    draw = INITIALIZATIONS[scheme]
    return Parameters(
        tuple(frozen_array(draw(rng, n_in, n_out)) for n_in, n_out in pairwise(layers)),
        tuple(frozen_array(np.zeros(n_out)) for n_out in layers[1:]),
    )
