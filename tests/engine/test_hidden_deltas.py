"""Deltas carried back by weights that the step has already changed: a slip, reproduced exactly."""

from dataclasses import replace

import numpy as np

from app.engine.training import forward_at, run, trace_step
from app.lab.examples import EXAMPLES


def test_updated_weights_reproduce_what_mazur_printed() -> None:
    spec = replace(EXAMPLES["mazur-2-2-2"].spec, hidden_deltas="updated")
    assert f"{trace_step(spec, spec.initial, 0).loss_after:.9f}" == "0.291027924"
    _, parameters = run(spec, spec.initial, 0, 10_000)
    outputs = forward_at(spec, parameters, 10_000).activations[-1][0]
    assert [f"{output:.9f}" for output in outputs] == ["0.015912196", "0.984065734"]


def test_only_what_lies_before_the_outputs_changes() -> None:
    exact = EXAMPLES["mazur-2-2-2"].spec
    right = trace_step(exact, exact.initial, 0).gradients
    slip = trace_step(replace(exact, hidden_deltas="updated"), exact.initial, 0).gradients
    assert np.array_equal(right.weights[1], slip.weights[1])
    assert np.all(right.weights[0] != slip.weights[0])


def test_the_mean_of_a_batch_updates_with_the_mean() -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    twice = replace(
        spec,
        inputs=np.vstack([spec.inputs] * 2),
        targets=np.vstack([spec.targets] * 2),
        batch=replace(spec.batch, size=None, reduction="mean"),
        hidden_deltas="updated",
    )
    once = replace(spec, hidden_deltas="updated")
    for ours, theirs in zip(
        trace_step(twice, spec.initial, 0).after.arrays(),
        trace_step(once, spec.initial, 0).after.arrays(),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)
