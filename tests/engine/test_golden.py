"""The engine reproduces the worked examples' exact values (tests/golden/*.json)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.engine.activations import Array
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.engine.training import forward_at, run, trace_step
from app.lab.examples import EXAMPLES
from tests.golden import GOLDEN, having


def assert_close(found: object, expected: object, relative: float = 1e-12) -> None:
    """Equal to ``relative``; where the expected number is zero, exactly zero."""
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=relative, atol=0)


def assert_rows_close(found: tuple[Array, ...], expected: list[Any], relative: float) -> None:
    assert len(found) == len(expected)
    for array, rows in zip(found, expected, strict=True):
        assert_close(array, rows, relative)


def assert_state(
    spec: Spec, parameters: Parameters, expected: dict[str, Any], relative: float = 1e-12
) -> None:
    """Parameters, outputs and error after some steps."""
    passed = forward_at(spec, parameters, expected["after_steps"])
    assert_rows_close(parameters.weights, expected["weights"], relative)
    assert_rows_close(parameters.biases, expected["biases"], relative)
    assert_close(passed.activations[-1][0], expected["outputs"], relative)
    assert_close(passed.loss, expected["error"], relative)


def test_every_example_has_golden_values() -> None:
    assert set(GOLDEN) == set(EXAMPLES)


@pytest.mark.parametrize("slug", having("first_pass"))
def test_first_pass_forward_and_backward(slug: str) -> None:
    spec, expected = EXAMPLES[slug].spec, GOLDEN[slug]["first_pass"]
    trace = trace_step(spec, spec.initial, 0)
    assert_rows_close(tuple(z[0] for z in trace.forward.pre_activations), expected["net"], 1e-12)
    assert_rows_close(tuple(a[0] for a in trace.forward.activations[1:]), expected["out"], 1e-12)
    assert_close(trace.forward.loss, expected["error"])
    assert_rows_close(tuple(d[0] for d in trace.gradients.deltas), expected["delta"], 1e-12)
    assert_rows_close(trace.gradients.weights, expected["gradient"], 1e-12)


@pytest.mark.parametrize("slug", having("after_one_step"))
def test_one_step(slug: str) -> None:
    spec = EXAMPLES[slug].spec
    trace = trace_step(spec, spec.initial, 0)
    assert_state(spec, trace.after, GOLDEN[slug]["after_one_step"])
    assert trace.loss_after == forward_at(spec, trace.after, 1).loss


@pytest.mark.parametrize("slug", having("after_10000_steps"))
def test_ten_thousand_steps(slug: str) -> None:
    spec = EXAMPLES[slug].spec
    _, parameters = run(spec, spec.initial, 0, 10_000)
    assert_state(spec, parameters, GOLDEN[slug]["after_10000_steps"], 1e-6)


@pytest.mark.parametrize("slug", having("steps_until_error_below_0_1"))
def test_the_error_falls_below_a_tenth_at_the_counted_step(slug: str) -> None:
    spec, steps = EXAMPLES[slug].spec, GOLDEN[slug]["steps_until_error_below_0_1"]
    losses, _ = run(spec, spec.initial, 0, steps + 1)
    assert [step for step, loss in enumerate(losses) if loss < 0.1] == [steps]


@pytest.mark.parametrize("bias_update", ["per_neuron", "shared"])
@pytest.mark.parametrize("slug", having("if_biases_learn"))
def test_one_step_if_biases_learn(slug: str, bias_update: Any) -> None:
    spec = replace(EXAMPLES[slug].spec, bias_update=bias_update)
    after = trace_step(spec, spec.initial, 0).after
    assert_state(spec, after, GOLDEN[slug]["if_biases_learn"][bias_update])
