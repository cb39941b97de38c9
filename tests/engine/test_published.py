"""What the examples say of their sources is true: each exact value, verdict and reason."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

import numpy as np
import pytest

from app.engine.activations import sigmoid
from app.engine.backprop import backward, forward
from app.engine.network import Spec
from app.engine.trace import Trace
from app.engine.training import forward_at, run, trace_step
from app.explain.chain_rule import derive
from app.explain.quantities import find
from app.explain.step_numbers import StepNumbers
from app.lab.examples import EXAMPLES, Published

NUMBERS = [
    pytest.param(slug, row, id=f"{slug}: {row.what}")
    for slug, example in EXAMPLES.items()
    for row in example.published
    if isinstance(row.exact, float)
]


def quantities(spec: Spec) -> Iterator[tuple[str, float]]:
    """Every number of the first step under the names that the sources use."""
    trace = trace_step(spec, spec.initial, 0)
    yield "E(total)", trace.forward.loss
    yield "E(total) after one step", trace.loss_after
    yield from _unit_quantities(spec, trace)
    for name, value in _parameter_quantities(spec, trace):
        yield name, value
        yield f"{name} after one step", value


def _unit_quantities(spec: Spec, trace: Trace) -> Iterator[tuple[str, float]]:
    for layer, names in enumerate(spec.names.units[1:]):
        for unit, name in enumerate(names):
            z = float(trace.forward.pre_activations[layer][0, unit])
            a = float(trace.forward.activations[layer + 1][0, unit])
            yield from ((f"net({name})", z), (f"net input of unit {name}", z))
            yield from ((f"out({name})", a), (f"output of unit {name}", a))
            # Han and Kamber's Err is minus our delta.
            yield f"error of unit {name}", -float(trace.gradients.deltas[layer][0, unit])


def _parameter_quantities(spec: Spec, trace: Trace) -> Iterator[tuple[str, float]]:
    for rows, array in zip(spec.names.weights, trace.after.weights, strict=True):
        yield from zip(np.ravel(rows).tolist(), array.ravel().tolist(), strict=True)
    for names, array in zip(spec.names.biases, trace.after.biases, strict=True):
        yield from zip(names, array.tolist(), strict=True)


@pytest.mark.parametrize(("slug", "row"), NUMBERS)
def test_the_exact_value_is_the_engines(slug: str, row: Published) -> None:
    spec = EXAMPLES[slug].spec
    if row.what == "E(total) after 10000 steps":
        _, parameters = run(spec, spec.initial, 0, 10_000)
        assert row.exact == pytest.approx(forward_at(spec, parameters, 10_000).loss, rel=1e-6)
    else:
        assert row.exact == pytest.approx(dict(quantities(spec))[row.what], rel=1e-12, abs=0)


@pytest.mark.parametrize(("slug", "row"), NUMBERS)
def test_the_verdict_follows_from_the_digits(slug: str, row: Published) -> None:
    printed, exact = Decimal(row.printed), Decimal(repr(row.exact))
    rounded, cut = exact.quantize(printed), exact.quantize(printed, ROUND_DOWN)
    assert (row.verdict == "agrees") == (printed == rounded)
    if row.verdict == "cut off, not rounded":
        assert printed == cut != rounded


def published(slug: str, what: str) -> Published:
    return next(row for row in EXAMPLES[slug].published if row.what == what)


# --- AfterAcademy: the reasons --------------------------------------------------------------

ARTICLE = "afteracademy-2-2-2"


def test_error_below_a_tenth_comes_after_twenty_steps() -> None:
    spec = EXAMPLES[ARTICLE].spec
    losses, _ = run(spec, spec.initial, 0, 21)
    assert losses[19] >= 0.1 > losses[20]
    assert published(ARTICLE, "error below 0.1").exact == "after 20 steps"


def test_the_digits_of_the_reasons() -> None:
    spec = EXAMPLES[ARTICLE].spec
    losses, _ = run(spec, spec.initial, 0, 21)
    why = published(ARTICLE, "error below 0.1").why
    assert f"{losses[19]:.4f} after 19 steps" in why
    assert f"{losses[20]:.4f} after 20" in why
    h1, h2 = (float(f"{x:.6f}") for x in (0.623633628298226, 0.6320450125443653))
    assert f"is {0.35 * h1 + 0.20 * h2 + 0.5:.6f};" in published(ARTICLE, "net(o1)").why
    why = published(ARTICLE, "out(o2)").why
    for net in (1.0334531, 1.0334528):
        assert f"{net} is {sigmoid(np.array(net)):.7f}" in why
    assert f"{losses[1]:.6f}" in published(ARTICLE, "E(total) after one step").why


def test_the_printed_net_o1_comes_out_with_the_other_layers_bias() -> None:
    w5, w6 = EXAMPLES[ARTICLE].spec.initial.weights[1][0].tolist()
    h1, h2 = (Decimal(published(ARTICLE, f"out({h})").printed) for h in ("h1", "h2"))
    first = (Decimal(str(w5)) * h1).quantize(Decimal("0.0001"), ROUND_DOWN)
    second = (Decimal(str(w6)) * h2).normalize()
    other_bias = Decimal(str(EXAMPLES[ARTICLE].spec.initial.biases[0][0]))
    row = published(ARTICLE, "net(o1)")
    assert str(first + second + other_bias) == row.printed
    assert f"{first} + {second} + {other_bias} = {row.printed}" in row.why


@pytest.mark.parametrize(
    ("slug", "row"),
    [
        pytest.param(slug, row, id=f"{slug}: {row.what}")
        for slug, example in EXAMPLES.items()
        for row in example.published
        if row.quantity and isinstance(row.exact, float)
    ],
)
def test_a_row_names_the_number_that_it_is(slug: str, row: Published) -> None:
    spec = EXAMPLES[slug].spec
    known = StepNumbers(spec, trace_step(spec, spec.initial, 0))
    value = derive(find(row.quantity or "", spec), known).value
    assert value is not None
    assert (-value if row.negated else value) == pytest.approx(row.exact, rel=1e-12)


@pytest.mark.parametrize(
    ("printed", "exact", "wrong"),
    [("0.505", 0.505, ""), ("0.794609", 0.8446807724132521, "794609"), ("-0.0065", -0.00654, "")],
)
def test_the_digits_that_differ(printed: str, exact: float, wrong: str) -> None:
    row = Published("", printed, exact, "", "")
    assert "".join(text for text, _ in row.digits) == printed
    assert "".join(text for text, differs in row.digits if differs) == wrong


def test_the_gradient_of_w1_is_positive() -> None:
    spec = EXAMPLES[ARTICLE].spec
    gradient = trace_step(spec, spec.initial, 0).gradients.weights[0][0, 0]
    row = published(ARTICLE, "sign of the gradient of w1, in words")
    assert row.exact == f"positive: {gradient:+.6f}"


def test_the_printed_error_follows_from_the_printed_outputs() -> None:
    outputs = np.array([float(published(ARTICLE, f"out({o})").printed) for o in ("o1", "o2")])
    spec = EXAMPLES[ARTICLE].spec
    error = float(spec.loss_rule.shares(outputs[None], spec.targets).sum())
    assert f"{error:.8f}" == published(ARTICLE, "E(total)").printed


def test_the_printed_output_o1_follows_from_the_printed_net() -> None:
    net = float(published(ARTICLE, "net(o1)").printed)
    assert f"{sigmoid(np.array(net)):.7f}" == published(ARTICLE, "out(o1)").printed


def test_w1_after_one_step_does_not_follow_from_the_printed_forward_pass() -> None:
    spec = EXAMPLES[ARTICLE].spec
    w5, w7 = spec.initial.weights[1][:, 0]
    h1 = float(published(ARTICLE, "out(h1)").printed)
    outputs = np.array([float(published(ARTICLE, f"out({o})").printed) for o in ("o1", "o2")])
    deltas = (outputs - spec.targets[0]) * outputs * (1 - outputs)
    gradient = (deltas @ [w5, w7]) * h1 * (1 - h1) * spec.inputs[0, 0]
    w1 = spec.initial.weights[0][0, 0] - spec.optimizer.learning_rate * gradient
    row = published(ARTICLE, "w1 after one step")
    assert f"{w1:.6f}" == "0.249655"
    assert "0.249655" in row.why
    assert row.printed != "0.249655"


# --- Mazur: the reasons ---------------------------------------------------------------------

MAZUR = "mazur-2-2-2"


def test_ten_thousand_printed_steps_are_9999() -> None:
    spec = EXAMPLES[MAZUR].spec
    losses, parameters = run(spec, spec.initial, 0, 10_000)
    row = published(MAZUR, "E(total) after 10000 steps")
    last = forward_at(spec, parameters, 10_000).loss
    assert f"{losses[9_999]:.10f}" == row.printed != f"{last:.10f}"


def test_outputs_after_ten_thousand_steps() -> None:
    spec = EXAMPLES[MAZUR].spec
    _, parameters = run(spec, spec.initial, 0, 10_000)
    outputs = forward_at(spec, parameters, 10_000).activations[-1][0]
    row = published(MAZUR, "outputs after 10000 steps")
    assert row.exact == ", ".join(f"{output:.9f}" for output in outputs)


def outputs_first(spec: Spec, count: int) -> tuple[float, list[float]]:
    """The variant in which hidden deltas use output weights that are already updated."""
    parameters, rate = spec.initial, spec.optimizer.learning_rate
    for _ in range(count):
        passed = forward(spec, parameters, spec.inputs, spec.targets)
        top = parameters.weights[1] - rate * backward(spec, parameters, passed).weights[1]
        mixed = type(parameters)((parameters.weights[0], top), parameters.biases)
        bottom = parameters.weights[0] - rate * backward(spec, mixed, passed).weights[0]
        parameters = type(parameters)((bottom, top), parameters.biases)
    passed = forward(spec, parameters, spec.inputs, spec.targets)
    return passed.loss, passed.activations[-1][0].tolist()


def test_printed_values_that_come_from_already_updated_weights() -> None:
    spec = EXAMPLES[MAZUR].spec
    error, _ = outputs_first(spec, 1)
    assert f"{error:.9f}" == published(MAZUR, "E(total) after one step").printed
    error, outputs = outputs_first(spec, 10_000)
    assert f"{error:.10f}" in published(MAZUR, "E(total) after 10000 steps").why
    printed = published(MAZUR, "outputs after 10000 steps").printed
    assert ", ".join(f"{output:.9f}" for output in outputs) == printed


def test_each_new_weight_says_which_variant_it_comes_from() -> None:
    spec = EXAMPLES[MAZUR].spec
    other = trace_step(replace(spec, hidden_deltas="updated"), spec.initial, 0).after
    names = np.ravel(spec.names.weights).tolist()
    values = [value for array in other.weights for value in array.ravel().tolist()]
    for name, value in zip(names, values, strict=True):
        row = published(MAZUR, f"{name} after one step")
        places = len(row.printed.partition(".")[2])
        if f"{value:.{places}f}" == row.printed:
            assert row.why == "the same in both variants"
        else:
            assert row.why.endswith(f"would give {value:.{places}f}")
    assert len(EXAMPLES[MAZUR].published) == 16
    assert EXAMPLES[MAZUR].agreeing == 13
