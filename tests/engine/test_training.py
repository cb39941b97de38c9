"""Steps: one by one or many at once, the same digits, the same end."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.engine.training import forward_at, run, steps, trace_step
from app.errors import Diverged
from app.lab.spec_json import spec_from_data
from tests.lab.test_lab import line
from tests.strategies import THOROUGH, spec_data, specs


def traces(spec: Spec, count: int, start: int = 0) -> Iterator[Trace]:
    """``count`` steps, one at a time."""
    parameters = spec.initial
    for step in range(start, start + count):
        trace = trace_step(spec, parameters, step)
        yield trace
        parameters = trace.after


def everything(spec: Spec) -> bytes:
    return b"".join([spec.inputs.tobytes(), spec.targets.tobytes(), spec.initial.data])


@THOROUGH
@given(specs(), st.integers(0, 7), st.integers(1, 12))
def test_many_steps_are_single_steps_bit_for_bit(spec: Spec, start: int, count: int) -> None:
    assume(first_bad_step(spec, count, start) is None)
    singles = list(traces(spec, count, start))
    losses, parameters = run(spec, spec.initial, start, count)
    assert losses == [trace.forward.loss for trace in singles]
    assert parameters.data == singles[-1].after.data
    many = list(islice(steps(spec, spec.initial, start), count))
    assert [passed.loss for passed, _ in many] == losses
    assert [p.data for _, p in many] == [trace.after.data for trace in singles]


@THOROUGH
@given(specs(), st.integers(0, 7))
def test_a_trace_says_what_its_step_did(spec: Spec, start: int) -> None:
    # A network may run away in one step, where softmax saturates: then there is no trace.
    assume(first_bad_step(spec, 1, start) is None)
    before = everything(spec)
    (trace,) = traces(spec, 1, start)
    batch, rate = spec.batch_slice(start), spec.optimizer.rate_at(start)
    used = spec.optimizer
    plain = (used.name, used.weight_decay, used.clipping) == ("sgd", 0.0, "none")
    assert everything(spec) == before
    assert (trace.step, trace.learning_rate, trace.before) == (start + 1, rate, spec.initial)
    assert trace.forward.activations[0].tolist() == spec.inputs[batch].tolist()
    assert trace.forward.loss == forward_at(spec, spec.initial, start).loss
    for old, gradient, new in zip(
        trace.before.weights, trace.gradients.weights, trace.after.weights, strict=True
    ):
        if plain:
            assert new.tolist() == (old - rate * gradient).tolist()
    for old, gradient, new in zip(
        trace.before.biases, trace.gradients.biases, trace.after.biases, strict=True
    ):
        moved = old if spec.bias_update == "none" else old - rate * gradient
        if plain or spec.bias_update == "none":
            assert new.tolist() == moved.tolist()
        if spec.bias_update == "shared":
            assert len(set(new.tolist())) == 1


@THOROUGH
@given(specs(most_layers=3))
def test_digits_do_not_depend_on_where_the_parameters_lie_in_memory(spec: Spec) -> None:
    """A stored network goes on with the digits of one that was never stored."""
    assume(first_bad_step(spec, 1) is None)
    expected = trace_step(spec, spec.initial, 0)
    for offset in range(8):
        data = bytes(offset) + spec.initial.data
        stored = Parameters.from_bytes(spec.layers, data, offset)
        trace = trace_step(spec, stored, 0)
        assert trace.after.data == expected.after.data
        assert (trace.forward.loss, trace.loss_after) == (
            expected.forward.loss,
            expected.loss_after,
        )


def test_no_steps_change_nothing() -> None:
    spec = line(0.5, (1.0, 0.0))
    losses, parameters = run(spec, spec.initial, 3, 0)
    assert losses == []
    assert parameters.data == spec.initial.data


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, [[0], [1], [2], [3], [4], [0]]),
        (2, [[0, 1], [2, 3], [4], [0, 1], [2, 3], [4]]),
        (4, [[0, 1, 2, 3], [4], [0, 1, 2, 3]]),
        (5, [[0, 1, 2, 3, 4]] * 3),
        ("full", [[0, 1, 2, 3, 4]] * 3),
    ],
)
def test_batches_take_samples_in_order_and_start_over(size: Any, expected: list[Any]) -> None:
    samples = [{"inputs": [float(index)], "targets": [0.0]} for index in range(5)]
    data = {"layers": [1, 1], "activations": ["identity"], "samples": samples}
    spec = spec_from_data({**data, "batch": {"size": size}})
    seen = [spec.inputs[spec.batch_slice(step), 0].tolist() for step in range(len(expected))]
    assert seen == expected


# --- divergence -----------------------------------------------------------------------------


def first_bad_step(spec: Spec, most: int, start: int = 0) -> int | None:
    """The step at which going one by one ends, if it does."""
    try:
        for _ in traces(spec, most, start):
            pass
    except Diverged as error:
        return error.step
    return None


def at_once(spec: Spec, count: int) -> Parameters:
    """Many steps as the timeline takes them: all but the last in one go, the last in full."""
    _, parameters = run(spec, spec.initial, 0, count - 1)
    return trace_step(spec, parameters, count - 1).after


@pytest.mark.parametrize("count", [26, 27, 28, 60, 300])
def test_a_step_that_diverges_is_named(count: int) -> None:
    # Each step makes the weight a million times larger, and the loss is half its square:
    # at step 26 that is 1e312, beyond float64.
    spec = line(1e6, (1.0, 0.0))
    before = everything(spec)
    assert first_bad_step(spec, 100) == 26
    with pytest.raises(Diverged) as caught:
        at_once(spec, count)
    assert caught.value.step == 26
    assert everything(spec) == before


@THOROUGH
@given(spec_data(most_layers=3, most_units=2, most_samples=1), st.integers(2, 60))
def test_many_steps_diverge_where_single_steps_do(data: dict[str, Any], count: int) -> None:
    spec = spec_from_data({**data, "optimizer": {"name": "sgd", "learning_rate": 1000.0}})
    before = everything(spec)
    bad = first_bad_step(spec, count)
    if bad is None:
        assert at_once(spec, count).data == list(traces(spec, count))[-1].after.data
    else:
        with pytest.raises(Diverged) as caught:
            at_once(spec, count)
        assert caught.value.step == bad
    assert everything(spec) == before


def test_numbers_that_ran_away_neither_warn_nor_pass() -> None:
    spec = line(1e6, (1.0, 0.0))
    huge = Parameters((np.array([[1e200]]),), (np.zeros(1),))
    with pytest.raises(Diverged):
        trace_step(spec, huge, 0)
    with pytest.raises(Diverged):
        run(spec, huge, 0, 5)
