"""Parameters as bytes, arrays that refuse writes, and starts that a seed repeats."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.activations import Array
from app.engine.initialization import INITIALIZATIONS, initialize
from app.engine.network import Spec
from app.engine.parameters import Parameters, frozen_array, parameter_count
from app.engine.validation import SpecError
from tests.strategies import THOROUGH, specs

LAYERS = st.lists(st.integers(1, 5), min_size=2, max_size=5)


@THOROUGH
@given(LAYERS, st.data())
def test_parameters_come_back_from_bytes_bit_for_bit(
    layers: list[int], data: st.DataObject
) -> None:
    size = 8 * parameter_count(layers)
    bits = data.draw(st.binary(min_size=size, max_size=size))
    parameters = Parameters.from_bytes(layers, bits)
    assert parameters.data == bits
    pairs = list(pairwise(layers))
    assert [array.shape for array in parameters.weights] == [(out, of) for of, out in pairs]
    assert [array.shape for array in parameters.biases] == [(out,) for _, out in pairs]
    before, after = data.draw(st.binary(max_size=9)), data.draw(st.binary(max_size=9))
    inside = Parameters.from_bytes(layers, before + bits + after, len(before))
    assert inside.data == bits


@THOROUGH
@given(specs())
def test_bytes_hold_weights_then_biases_row_by_row(spec: Spec) -> None:
    numbers = np.frombuffer(spec.initial.data, dtype="<f8").tolist()
    flat = [number for array in spec.initial.arrays() for number in array.ravel().tolist()]
    assert numbers == flat
    assert len(flat) == parameter_count(spec.layers)
    again = Parameters.from_bytes(spec.layers, spec.initial.data)
    for found, expected in zip(again.arrays(), spec.initial.arrays(), strict=True):
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("where", ["weights", "biases"])
def test_one_number_that_ran_away_makes_parameters_not_finite(bad: float, where: str) -> None:
    weights, biases = np.zeros((2, 3)), np.zeros(2)
    assert Parameters((weights,), (biases,)).is_finite()
    (weights if where == "weights" else biases).flat[1] = bad
    assert not Parameters((weights,), (biases,)).is_finite()


# --- nothing can be written to --------------------------------------------------------------


def arrays_of(spec: Spec) -> Iterator[Array]:
    yield spec.inputs
    yield spec.targets
    yield from spec.initial.arrays()
    yield from Parameters.from_bytes(spec.layers, spec.initial.data).arrays()
    yield from initialize(spec.layers, "xavier_uniform", 1).arrays()


@THOROUGH
@given(specs())
def test_arrays_of_a_spec_refuse_writes(spec: Spec) -> None:
    for array in arrays_of(spec):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1.0
        with pytest.raises(ValueError, match="read-only"):
            array += 1.0


def test_a_frozen_array_is_a_copy() -> None:
    source = np.array([1.0, 2.0])
    frozen = frozen_array(source)
    source[0] = 9.0
    assert frozen.tolist() == [1.0, 2.0]
    assert frozen.dtype == np.float64
    assert frozen_array([1, 2]).dtype == np.float64


# --- initialisation -------------------------------------------------------------------------

# Recorded with NumPy 2.4: a seed's digits must never change.
DIGITS = {
    "he_normal": [0.345584192064786, 0.8216181435011584, 0.33043707618338714, -1.303157231604361],
    "he_uniform": [
        0.040951309217711666,
        1.5604520180035955,
        -1.2326672603091609,
        1.554167274458787,
    ],
    "xavier_normal": [
        0.2443649256798845,
        0.580971760815571,
        0.23365429732472887,
        -0.9214713154197319,
    ],
    "xavier_uniform": [
        0.02895694844631109,
        1.1034062036465748,
        -0.8716273787112507,
        1.0989622188680224,
    ],
    "zeros": [0.0, 0.0, 0.0, 0.0],
    "constant": [0.5, 0.5, 0.5, 0.5],
    "uniform": [
        0.011821624700256717,
        0.4504636963259353,
        -0.35584038728036627,
        0.44864944713724386,
    ],
    "normal": [0.172792096032393, 0.4108090717505792, 0.16521853809169357, -0.6515786158021805],
}


@pytest.mark.parametrize("scheme", sorted(INITIALIZATIONS))
def test_a_seed_gives_these_digits_for_ever(scheme: str) -> None:
    assert initialize([2, 2], scheme, 1).weights[0].ravel().tolist() == DIGITS[scheme]


@pytest.mark.parametrize("scheme", sorted(INITIALIZATIONS))
@THOROUGH
@given(layers=LAYERS, seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_starts_the_same(scheme: str, layers: list[int], seed: int) -> None:
    first, second = initialize(layers, scheme, seed), initialize(layers, scheme, seed)
    assert first.data == second.data
    assert first.is_finite()
    assert all(not biases.any() for biases in first.biases)
    if scheme not in ("zeros", "constant"):
        assert first.data != initialize(layers, scheme, seed + 1).data


def uniform_bound(scheme: str, n_in: int, n_out: int) -> float:
    return math.sqrt(6 / (n_in + n_out if scheme.startswith("xavier") else n_in))


@pytest.mark.parametrize("scheme", ["xavier_uniform", "he_uniform"])
@THOROUGH
@given(layers=LAYERS, seed=st.integers(0, 2**32 - 1))
def test_uniform_schemes_stay_within_their_bound(scheme: str, layers: list[int], seed: int) -> None:
    for n_in, n_out, weights in zip(
        layers[:-1], layers[1:], initialize(layers, scheme, seed).weights, strict=True
    ):
        assert np.abs(weights).max() <= uniform_bound(scheme, n_in, n_out)


@pytest.mark.parametrize(
    ("scheme", "variance"),
    [
        ("xavier_uniform", 2 / 160),
        ("xavier_normal", 2 / 160),
        ("he_uniform", 2 / 100),
        ("he_normal", 2 / 100),
    ],
)
def test_schemes_have_the_variance_of_their_papers(scheme: str, variance: float) -> None:
    weights = initialize([100, 60], scheme, 7).weights[0]
    assert weights.var() == pytest.approx(variance, rel=0.05)
    assert abs(weights.mean()) < 4 * math.sqrt(variance / weights.size)
    if scheme.endswith("uniform"):
        assert np.abs(weights).max() > 0.99 * uniform_bound(scheme, 100, 60)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(SpecError) as caught:
        initialize([2, 2], "magic", 1)
    assert (caught.value.pointer, caught.value.code) == ("/initialization/scheme", "choice")
    assert caught.value.values == {"allowed": ", ".join(INITIALIZATIONS)}
