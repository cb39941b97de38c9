"""The compiled kernel and the NumPy reference take the same steps, and one of them takes all."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine import numpy_backend, training
from app.engine.activations import ACTIVATIONS, Array
from app.engine.backprop import ForwardPass, penalty_of
from app.engine.learning import MOMENTUM_FORMS
from app.engine.losses import LOSSES
from app.engine.network import HIDDEN_DELTAS, Spec
from app.engine.numba_backend import backend as kernel
from app.engine.numba_backend import codes, compiling, loops
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.engine.updates import update
from app.errors import Diverged
from app.lab.examples import EXAMPLES
from app.lab.spec_json import spec_from_data
from app.main import BackendChoice, choose_backend
from tests.strategies import QUICK, THOROUGH, spec_data, specs

BOUND = 1e-12


@st.composite
def networks(draw: st.DrawFn, /, **limits: Any) -> Spec:
    """A random Spec under every rule that there is."""
    spec = draw(specs(**limits))
    rules = HIDDEN_DELTAS[:1] if "norm" in spec.optimizer.clipping else HIDDEN_DELTAS
    named = [part.name for part in spec.names.parameters()]
    frozen = draw(st.sets(st.sampled_from(named), max_size=2))
    rule = draw(st.sampled_from(rules))
    return replace(spec, hidden_deltas=rule, frozen=tuple(sorted(frozen)))


def diverged(take: Callable[[], object]) -> int | None:
    """The step at which a Diverged says that it ended, if it did."""
    try:
        take()
    except Diverged as error:
        return error.step
    return None


def largest(parameters: Parameters) -> float:
    return max(float(np.abs(array).max()) for array in parameters.arrays())


def walked(spec: Spec, start: int, count: int) -> Iterator[tuple[int, Parameters]]:
    """Some steps and the parameters at each, by the reference, as long as they are finite."""
    parameters = spec.initial
    for step in range(start, start + count):
        yield step, parameters
        try:
            parameters = numpy_backend.take_step(spec, parameters, step, strict=True).after
        except Diverged:
            return


# --- one step ---------------------------------------------------------------------------------


class Sizes:
    """How large what is added up in a step is: all its sums, taken of absolute values.

    Rounding in another order or by another exp moves a sum by some 1e-16 of that, however small
    the sum itself is.
    """

    def __init__(self, spec: Spec, trace: Trace) -> None:
        parameters, passed = trace.before, trace.forward
        self.pre_activations: list[Array] = []
        self.activations = [np.abs(passed.activations[0])]
        for weights, biases in zip(parameters.weights, parameters.biases, strict=True):
            z = self.activations[-1] @ np.abs(weights).T + np.abs(biases)
            self.pre_activations.append(z)
            self.activations.append(1.0 + z)
        outputs = passed.activations[-1]
        self.deltas = [1.0 + 2.0 * (self.activations[-1] + np.abs(passed.targets))]
        # Deltas are carried back by the weights before the update, or after it.
        both = zip(parameters.weights[:0:-1], trace.after.weights[:0:-1], strict=True)
        for before, after in both:
            self.deltas.insert(0, self.deltas[0] @ (1.0 + 2.0 * (np.abs(before) + np.abs(after))))
        pairs = zip(self.deltas, self.activations[:-1], strict=True)
        self.weights = [delta.T @ a for delta, a in pairs]
        self.biases = [delta.sum(axis=0) for delta in self.deltas]
        if spec.bias_update == "shared":
            self.biases = [np.full_like(bias, bias.sum()) for bias in self.biases]
        # Cross-entropies take logarithms: of outputs, and of what those of a sigmoid lack to 1.
        edges = {
            "": 1.0,
            "step": 1.0,
            "softmax": outputs,
            "sigmoid": np.minimum(outputs, 1.0 - outputs),
        }
        squares = (self.activations[-1] + np.abs(passed.targets)) ** 2
        with np.errstate(over="ignore", divide="ignore"):  # next to nothing: no bound
            self.loss = float(np.sum(squares / edges[LOSSES[spec.loss].match]))


def assert_near(found: Any, expected: Any, sizes: Any) -> None:
    """Each array within the bound, relative to the largest number that went into it."""
    for one, other, size in zip(found, expected, sizes, strict=True):
        assert one.shape == other.shape
        assert np.abs(one - other).max() <= BOUND * np.max(size)


@THOROUGH
@given(networks(), st.integers(0, 7))
def test_the_passes_agree_with_numpy(spec: Spec, start: int) -> None:
    for step, parameters in walked(spec, start, 4):
        expected = numpy_backend.take_step(spec, parameters, step)
        # Sizes multiplies the weights of all layers twice: of more, they would not be finite.
        finite = expected.forward.is_finite and expected.after.is_finite()
        if not (finite and largest(expected.after) < 1e20):
            return
        # At a kink a slope jumps, whatever side rounding falls on.
        sums = zip(spec.activation_rules, expected.forward.pre_activations, strict=True)
        assume(all(np.all(np.abs(z - b) > 1e-9) for rule, z in sums for b in rule.bends))
        assume(is_off_bends(spec, expected.forward))
        found = kernel.take_step(spec, parameters, step)
        sizes = Sizes(spec, expected)
        assert abs(found.forward.loss - expected.forward.loss) <= BOUND * sizes.loss
        for part in ("pre_activations", "activations"):
            pair = getattr(found.forward, part), getattr(expected.forward, part)
            assert_near(*pair, getattr(sizes, part))
        for part in ("deltas", "weights", "biases"):
            pair = getattr(found.gradients, part), getattr(expected.gradients, part)
            assert_near(*pair, getattr(sizes, part))


@THOROUGH
@given(networks(), st.integers(0, 7))
def test_the_update_is_numpys_bit_for_bit(spec: Spec, start: int) -> None:
    """Weights, biases, moments and age, from the kernel's own gradients."""
    for step, parameters in walked(spec, start, 4):
        trace = kernel.take_step(spec, parameters, step)
        with np.errstate(all="ignore"):
            expected = update(spec, parameters, trace.gradients, step)
        assert trace.after.age == expected.age
        assert len(trace.after.moments) == len(expected.moments)
        assume(expected.is_finite())
        assert trace.after.data == expected.data


@THOROUGH
@given(networks(), st.integers(0, 7))
def test_every_step_agrees_with_numpy(spec: Spec, start: int) -> None:
    for step, parameters in walked(spec, start, 4):
        bad = diverged(partial(numpy_backend.take_step, spec, parameters, step, strict=True))
        assert diverged(partial(kernel.take_step, spec, parameters, step, strict=True)) == bad
        assert diverged(partial(kernel.run, spec, parameters, step, 1)) == bad
        if bad is not None:
            return
        expected = numpy_backend.take_step(spec, parameters, step, strict=True)
        if "epsilon" in OPTIMIZERS[spec.optimizer.name].fields:
            assume(has_gradients(spec, parameters, step))
        assume(is_off_bends(spec, expected.forward))
        assume(expected.forward.loss > 1e-3)
        losses, after = kernel.run(spec, parameters, step, 1)
        scale = max(largest(parameters), largest(expected.after))
        assert losses == pytest.approx([expected.forward.loss], rel=BOUND, abs=0.0)
        for found, wanted in zip(after.arrays(), expected.after.arrays(), strict=True):
            assert np.abs(found - wanted).max() <= BOUND * scale


def has_gradients(spec: Spec, parameters: Parameters, step: int) -> bool:
    """Whether no gradient is mere rounding.

    Where one is, an optimizer that divides gradients by their own size makes a step of it.
    """
    traces = [one.take_step(spec, parameters, step) for one in (kernel, numpy_backend)]
    sizes = Sizes(spec, traces[1])
    for kind in ("weights", "biases"):
        rows = (*(getattr(trace.gradients, kind) for trace in traces), getattr(sizes, kind))
        for found, expected, size in zip(*rows, strict=True):
            nothing = (found == 0.0) & (expected == 0.0)
            if not np.all(nothing | (np.abs(expected) > 1e-5 * size)):
                return False
    return True


def is_off_bends(spec: Spec, passed: ForwardPass) -> bool:
    """Whether no output is where the slope of the loss jumps, and no sum where an output does."""
    bend = spec.loss_rule.bend
    off = bend is None or bool(np.all(np.abs(bend(passed.activations[-1], passed.targets)) > 1e-9))
    sums = zip(spec.activations, passed.pre_activations, strict=True)
    return off and all(bool(np.all(np.abs(z) > 1e-9)) for name, z in sums if name == "step")


@THOROUGH
@given(networks(), st.integers(0, 7))
def test_every_way_to_take_a_step_has_the_same_digits(spec: Spec, start: int) -> None:
    attempt = kernel.take_step(spec, spec.initial, start)
    passed = kernel.forward_at(spec, spec.initial, start)
    assert passed.loss.hex() == attempt.forward.loss.hex()
    for one, other in zip(passed.activations, attempt.forward.activations, strict=True):
        assert one.tobytes() == other.tobytes()
    batch = spec.batch_slice(start)
    assert passed.activations[0].tobytes() == spec.inputs[batch].tobytes()
    samples = len(passed.shares) if spec.batch.reduction == "mean" else 1
    own = passed.loss - penalty_of(spec, spec.initial)
    assert own == pytest.approx(passed.shares.sum() / samples)
    try:
        trace = kernel.take_step(spec, spec.initial, start, passed, strict=True)
    except Diverged:
        return
    losses, after = kernel.run(spec, spec.initial, start, 1)
    assert [trace.forward.loss] == losses == [attempt.forward.loss]
    assert trace.after.data == after.data == attempt.after.data
    assert trace.loss_after == attempt.loss_after
    again = replace(spec, batch=spec.batch)  # another Spec, packed anew
    assert kernel.forward_at(again, after, start).loss == trace.loss_after


# --- many steps -------------------------------------------------------------------------------


@QUICK
@given(networks(most_layers=4), st.integers(0, 9), st.lists(st.integers(0, 40), max_size=5))
def test_many_steps_have_the_same_digits_however_they_are_cut(
    spec: Spec, start: int, counts: list[int]
) -> None:
    bad = diverged(lambda: kernel.run(spec, spec.initial, start, sum(counts)))
    assert diverged(lambda: in_parts(spec, start, counts)) == bad
    if bad is not None:
        return
    whole, end = kernel.run(spec, spec.initial, start, sum(counts))
    losses, parameters = in_parts(spec, start, counts)
    assert losses == whole
    assert parameters.data == end.data


def in_parts(
    spec: Spec, start: int, counts: list[int], arithmetic: training.Backend = kernel
) -> tuple[list[float], Parameters]:
    losses: list[float] = []
    parameters = spec.initial
    for count in counts:
        part, parameters = arithmetic.run(spec, parameters, start + len(losses), count)
        losses += part
    return losses, parameters


@pytest.mark.parametrize("arithmetic", [kernel, numpy_backend])
def test_no_steps_change_nothing(arithmetic: training.Backend) -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    losses, parameters = arithmetic.run(spec, spec.initial, 3, 0)
    assert losses == []
    assert parameters.data == spec.initial.data


@pytest.mark.parametrize("slug", EXAMPLES)
@pytest.mark.parametrize("rule", HIDDEN_DELTAS)
def test_ten_thousand_steps_agree_with_numpy(slug: str, rule: Any) -> None:
    spec = replace(EXAMPLES[slug].spec, hidden_deltas=rule)
    losses, parameters = kernel.run(spec, spec.initial, 0, 10_000)
    expected, end = numpy_backend.run(spec, spec.initial, 0, 10_000)
    assert losses == pytest.approx(expected, rel=1e-9, abs=0.0)
    for found, wanted in zip(parameters.arrays(), end.arrays(), strict=True):
        assert found == pytest.approx(wanted, rel=1e-9, abs=0.0)


# --- numbers that run away --------------------------------------------------------------------


def line(rate: float, weight: float, **more: Any) -> Spec:
    """One identity unit without a bias on the inputs 1 and 2, whose targets are 0."""
    return spec_from_data(
        {
            "layers": [1, 1],
            "activations": ["identity"],
            "optimizer": {"name": "sgd", "learning_rate": rate},
            "bias_update": "none",
            "samples": [{"inputs": [x], "targets": [0.0]} for x in (1.0, 2.0)],
            "weights": [[[weight]]],
            **more,
        }
    )


HUGE_INPUT = {
    "samples": [{"inputs": [1e160], "targets": [-1.0]}],
    "loss": "mean_absolute_error",
    "weights": [[[0.0]]],
}
RUNAWAYS = {
    "at the first pass": (line(0.5, 1e200), 0),
    "after the first update": (line(1e200, 1e150), 1),
    # The weight grows by 1e6 and 4e6 in turn; at 2e154 half its square is beyond float64.
    "by and by": (line(1e6, 1.0), 25),
    "in one batch": (line(1e6, 1.0, batch={"size": "full", "reduction": "mean"}), 25),
    # The gradient's square is infinite, so the parameters stay as they are.
    "in a moment alone": (line(0.5, 0.0, optimizer={"name": "rmsprop"}, **HUGE_INPUT), 1),
    "never": (line(0.5, 1e100, optimizer={"name": "adam"}), None),
}


@pytest.mark.parametrize(("spec", "step"), RUNAWAYS.values(), ids=RUNAWAYS)
@pytest.mark.parametrize("arithmetic", [kernel, numpy_backend])
@pytest.mark.parametrize("counts", [[60], [25, 35], [24, 1, 35], [1] * 60])
def test_numbers_run_away_at_the_same_step(
    spec: Spec, step: int | None, arithmetic: training.Backend, counts: list[int]
) -> None:
    assert diverged(lambda: in_parts(spec, 0, counts, arithmetic)) == step
    parameters = spec.initial

    def one_by_one() -> None:
        nonlocal parameters
        for start in range(60):
            parameters = arithmetic.take_step(spec, parameters, start, strict=True).after

    assert diverged(one_by_one) == step


@THOROUGH
@given(spec_data(most_layers=3, most_units=2, most_samples=2))
def test_an_attempt_shows_what_ran_away(data: dict[str, Any]) -> None:
    """Infinities and NaNs stand where they stand in NumPy's, and nothing warns."""
    spec = spec_from_data({**data, "optimizer": {"name": "sgd", "learning_rate": 1e9}})
    for step, parameters in walked(spec, 0, 12):
        expected = numpy_backend.take_step(spec, parameters, step)
        found = kernel.take_step(spec, parameters, step)
        assert found.forward.is_finite == expected.forward.is_finite
        assert found.after.is_finite() == expected.after.is_finite()
        for one, other in zip(found.after.arrays(), expected.after.arrays(), strict=True):
            assert np.isfinite(one).tolist() == np.isfinite(other).tolist()


# --- which one takes them ---------------------------------------------------------------------


def test_everything_that_a_spec_names_has_a_code() -> None:
    for names in (ACTIVATIONS, LOSSES, OPTIMIZERS, MOMENTUM_FORMS):
        found = [getattr(codes, name.upper()) for name in names]
        assert sorted(found) == list(range(len(names)))


def test_the_kernel_is_chosen_where_it_can_be_had() -> None:
    choice = choose_backend("auto")
    assert (choice.backend, choice.compiled, choice.failure) == (kernel, True, "")
    assert choose_backend("numpy") == BackendChoice(numpy_backend)


@pytest.mark.parametrize("backend", [numpy_backend, kernel])
def test_the_backend_in_use_takes_the_steps(
    monkeypatch: pytest.MonkeyPatch, backend: training.Backend
) -> None:
    monkeypatch.setattr(training, "_backend", None)
    training.use(backend)
    spec = EXAMPLES["mazur-2-2-2"].spec
    expected = backend.take_step(spec, spec.initial, 0, strict=True)
    assert training.trace_step(spec, spec.initial, 0).after.data == expected.after.data
    assert training.run(spec, spec.initial, 0, 1)[1].data == expected.after.data
    assert training.forward_at(spec, spec.initial, 0).loss == expected.forward.loss


def without_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that the kernel was ever imported."""
    for name in [name for name in sys.modules if name.startswith("app.engine.numba_backend")]:
        monkeypatch.delitem(sys.modules, name)


def test_numpy_takes_the_steps_where_numba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    without_kernel(monkeypatch)
    monkeypatch.setitem(sys.modules, "numba", None)
    choice = choose_backend("auto")
    assert (choice.backend, choice.compiled) == (numpy_backend, False)
    assert "numba" in choice.failure


def test_numpy_takes_the_steps_where_nothing_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no such CPU")

    without_kernel(monkeypatch)
    monkeypatch.setattr(numba, "njit", refuse)
    choice = choose_backend("auto")
    assert choice.backend is numpy_backend
    assert choice.failure == "RuntimeError: no such CPU"


def test_what_cannot_be_kept_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = numba.njit

    def keep_nothing(*arguments: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("no locator available")
        return compiled(*arguments, **options)

    monkeypatch.setattr(numba, "njit", keep_nothing)

    @compiling.entry("f8(f8)")
    def twice(x: float) -> float:
        return 2.0 * x

    assert twice(1.5) == 3.0
    assert not twice.stats.cache_hits


def test_a_cache_that_cannot_be_written_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a container's image, for any user of it."""
    (tmp_path / "kernel_1").mkdir()
    (tmp_path / "kernel_1" / "run.nbi").write_bytes(b"machine code")
    settings: Any = numba.config
    monkeypatch.setattr(settings, "CACHE_DIR", str(tmp_path))
    with compiling._cache_in_reach():
        assert str(tmp_path) == settings.CACHE_DIR
    monkeypatch.setattr(os, "access", lambda *_: False)
    with compiling._cache_in_reach():
        copy = Path(settings.CACHE_DIR)
        assert copy != tmp_path
        assert (copy / "kernel_1" / "run.nbi").read_bytes() == b"machine code"
        (copy / "kernel_1" / "new").touch()
    assert str(tmp_path) == settings.CACHE_DIR
    assert not copy.exists()


def test_nothing_is_ever_compiled_by_a_call() -> None:
    assert len(loops.run.signatures) == 1
    assert loops.run.targetoptions["nogil"]
    with pytest.raises(TypeError):
        loops.run((), 0, True)
    assert len(loops.run.signatures) == 1
