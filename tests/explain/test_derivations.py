"""Every number of a step, derived: the engine's value, an expression that evaluates to it, and
writings that are well-formed."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES
from app.engine.network import HiddenDeltas, Spec
from app.engine.optimizers import slots_of
from app.engine.training import attempt_step, trace_step
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation, Line
from app.explain.evaluation import evaluate
from app.explain.expression import FUNCTIONS, Constant, Expression, Number, parse, rewritten
from app.explain.notation import NOTATIONS
from app.explain.quantities import Quantity, UnknownQuantity, every, find
from app.explain.rounding import shown
from app.explain.step_numbers import StepNumbers
from app.explain.writers.latex import Latex
from app.explain.writers.mathml import MathML
from app.explain.writers.text import Python
from app.lab.examples import EXAMPLES
from app.lab.spec_json import spec_from_data
from tests.strategies import QUICK, specs


def known_of(spec: Spec, row: int = 0) -> StepNumbers:
    return StepNumbers(spec, attempt_step(spec, spec.initial, 0), row)


def engine_value(q: Quantity, known: StepNumbers) -> float:
    """The number itself, straight from the engine's arrays."""
    passed, gradients, layer, unit = known.trace.forward, known.trace.gradients, q.layer, q.unit
    row = known.row
    if q.kind in ("new", "value"):
        parameters = known.trace.after if q.kind == "new" else known.before
        if q.source >= 0:
            return float(parameters.weights[layer][unit, q.source])
        return float(parameters.biases[layer][unit])
    if q.kind == "bias":
        if known.spec.names.bias_nodes[layer] and known.spec.bias_update == "none":
            return float(gradients.biases[layer].sum())
        return float(gradients.biases[layer][unit])
    slots = slots_of(known.spec.optimizer)
    if q.kind in slots:
        moment = known.trace.after.moments[slots.index(q.kind)]
        if q.source >= 0:
            return float(moment.weights[layer][unit, q.source])
        return float(moment.biases[layer][unit])
    values = {
        "input": lambda: passed.activations[0][row, unit],
        "target": lambda: passed.targets[row, unit],
        "pre": lambda: passed.pre_activations[layer - 1][row, unit],
        "act": lambda: passed.activations[layer][row, unit],
        "delta": lambda: gradients.deltas[layer - 1][row, unit],
        "error": lambda: passed.activations[-1][row, unit] - passed.targets[row, unit],
        "share": lambda: passed.shares[row, unit],
        "loss": lambda: passed.loss,
        "loss_after": lambda: known.trace.forward_after.loss,
        "weight": lambda: gradients.weights[layer][unit, q.source],
    }
    return float(values[q.kind]())


def close(ours: float, theirs: float, scale: float = 1.0) -> bool:
    if not (math.isfinite(ours) and math.isfinite(theirs)):
        return str(ours) == str(theirs)
    return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12 * max(1.0, scale))


def numbers_in(expression: Expression) -> list[float]:
    """Every number and constant in an expression."""
    found: list[float] = []

    def note(node: Expression) -> None:
        if isinstance(node, Number | Constant):
            found.append(node.value)

    rewritten(expression, note)
    return found


def check(spec: Spec, known: StepNumbers) -> None:
    for quantity in every(spec):
        derivation = derive(quantity, known)
        assert find(quantity.key, spec) == quantity
        assert derivation.value is not None
        assert close(derivation.value, engine_value(quantity, known)), quantity
        assert close(known.value(quantity), derivation.value), quantity
        for line in derivation.lines:
            if line.numbers is not None:
                assert line.value is not None
                # What cancels can only be as exact as what it came from.
                scale = sum(abs(n) for n in numbers_in(line.numbers))
                assert close(evaluate(line.numbers), line.value, scale), (quantity, line)
        check_paths(quantity, derivation, known)
        check_writings(derivation)


def check_paths(quantity: Quantity, derivation: Derivation, known: StepNumbers) -> None:
    paths = [line for line in derivation.lines if line.kind == "path"]
    layers = known.spec.layers[quantity.layer + 2 :]
    if quantity.kind == "weight" and layers:
        assert len(paths) == math.prod(layers)
        sample = sum(line.value or 0.0 for line in paths)
        delta = known.delta[quantity.layer][quantity.unit]
        expected = delta * known.act[quantity.layer][quantity.source]
        scale = sum(abs(line.value or 0.0) for line in paths)
        assert close(sample, expected, scale)
    else:
        assert not paths


def balanced(text: str) -> bool:
    depth = 0
    for character in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    pairs = [(r"\\left\(", r"\\right\)"), (r"\\begin\{cases\}", r"\\end\{cases\}")]
    return depth == 0 and all(
        len(re.findall(left, text)) == len(re.findall(right, text)) for left, right in pairs
    )


def parts_of(line: Line) -> list[Expression]:
    return [part for part in (line.left, line.rule, line.numbers) if part is not None]


def check_writings(derivation: Derivation) -> None:
    for notation in NOTATIONS.values():
        mathml, latex = MathML(notation, 4), Latex(notation, 4)
        for line in derivation.lines:
            for part in parts_of(line):
                ElementTree.fromstring(f"<math>{mathml.write(part)}</math>")
                assert balanced(latex.write(part))


@QUICK
@given(specs(most_layers=4, most_units=3, most_samples=3), st.data())
def test_every_number_of_a_random_network_and_sample(spec: Spec, data: st.DataObject) -> None:
    batch = spec.batch_slice(0)
    check(spec, known_of(spec, data.draw(st.integers(0, batch.stop - batch.start - 1))))


@pytest.mark.parametrize("loss", ["half_squared_error", "mean_absolute_error", "huber"])
@pytest.mark.parametrize(
    ("activation", "z", "y", "error"),
    [
        ("sigmoid", 35.0, 1.0, -6.305116760146985e-16),
        ("sigmoid", 35.0, 0.0, 1.0),
        ("tanh", -20.0, -1.0, 8.496708510583278e-18),
        ("bipolar_sigmoid", 40.0, 1.0, -8.496708510583278e-18),
    ],
)
def test_a_target_that_is_nearly_met_is_derived_with_every_digit(
    activation: str, z: float, y: float, error: float, loss: str
) -> None:
    data = {
        "layers": [1, 1], "activations": [activation], "loss": loss, "weights": [[[z]]],
        "samples": [{"inputs": [1.0], "targets": [y]}],
    }  # fmt: skip
    spec = spec_from_data(data)
    known = known_of(spec)
    for key in ("error:o1", "share:o1", "w1"):
        derivation = derive(find(key, spec), known)
        for line in derivation.lines:
            if line.numbers is not None and line.kind != "samples":
                assert evaluate(line.numbers) == pytest.approx(line.value, rel=1e-12, abs=0.0)
    assert known.value(find("error:o1", spec)) == pytest.approx(error, rel=1e-12, abs=0.0)


def test_a_large_batch_lists_a_few_samples_with_the_one_in_view_and_the_rest_as_one() -> None:
    data = {
        "layers": [2, 2, 1], "activations": ["tanh", "sigmoid"], "batch": {"size": "full"},
        "data": {"name": "circles", "size": 500},
    }  # fmt: skip
    spec = spec_from_data(data)
    for row in (0, 6, 311, 499):
        known = known_of(spec, row)
        for key in ("w1", "b1", "loss", "loss:after"):
            (line,) = (one for one in derive(find(key, spec), known).lines if one.kind == "samples")
            assert line.numbers is not None
            assert line.value is not None
            terms = numbers_in(line.numbers)
            assert len(terms) == 8
            assert evaluate(line.numbers) == pytest.approx(line.value, rel=1e-12)
            assert line.names["rest"] == "493"
            text = Python(NOTATIONS["net"], None).write(line.rule or line.left)
            assert f"E_{row + 1}" in text or f"E{row + 1}" in text or f"({row + 1})" in text, text
        check_sample(spec, row, known)


def check_sample(spec: Spec, row: int, known: StepNumbers) -> None:
    """Every number of one sample is the engine's."""
    for quantity in every(spec):
        value = derive(quantity, known).value
        assert value is not None
        assert close(value, engine_value(quantity, known)), (row, quantity)


@pytest.mark.parametrize("slug", EXAMPLES)
@pytest.mark.parametrize("hidden_deltas", ["exact", "updated"])
def test_every_number_of_the_examples(slug: str, hidden_deltas: HiddenDeltas) -> None:
    spec = replace(EXAMPLES[slug].spec, hidden_deltas=hidden_deltas)
    check(spec, known_of(spec))
    trace = trace_step(spec, spec.initial, 0)
    check(spec, StepNumbers(spec, trace))


def test_a_hidden_weight_lists_its_six_paths() -> None:
    spec = spec_from_data(
        {
            "layers": [2, 3, 3, 2],
            "activations": ["tanh", "sigmoid", "sigmoid"],
            "samples": [{"inputs": [0.3, -0.2], "targets": [0.1, 0.9]}],
            "initialization": {"scheme": "xavier_uniform", "seed": 2},
        }
    )
    known = known_of(spec)
    derivation = derive(find("w1", spec), known)
    paths = [line for line in derivation.lines if line.kind == "path"]
    assert len(paths) == 6
    assert len({line.names["route"] for line in paths}) == 6
    (total,) = (line for line in derivation.lines if line.kind == "sum")
    assert sum(line.value or 0.0 for line in paths) == pytest.approx(
        float(known.trace.gradients.weights[0][0, 0]), rel=1e-12
    )
    assert total.value == pytest.approx(derivation.value, rel=1e-12)


@QUICK
@given(specs(most_layers=3, most_units=3, most_samples=2))
def test_what_a_reader_recalculates_is_what_is_shown_or_it_is_said(spec: Spec) -> None:
    # Without memory, centred RMSProp divides by what rounding leaves of g² - g².
    assume(spec.optimizer.decay or not spec.optimizer.centred)
    known = known_of(spec)
    for digits in (3, 4, 10):
        text = Python(NOTATIONS["net"], digits)
        for quantity in every(spec):
            for line in derive(quantity, known).lines:
                if line.numbers is None or line.value is None:
                    continue
                scope = {
                    name: getattr(math, name)
                    for name in ("exp", "tanh", "sqrt", "erf", "cos", "floor")
                }
                scope |= {
                    "max": max,
                    "min": min,
                    "abs": abs,
                    "log": FUNCTIONS["log"],
                    "pi": math.pi,
                }
                try:
                    typed = eval(text.write(line.numbers), scope)
                except (OverflowError, ZeroDivisionError):
                    continue
                if not math.isfinite(typed):
                    continue
                if line.from_shown(digits) is None:
                    # Floats are not the decimals that are written: what that may change counts not.
                    noise = 1e-14 * max([1.0, *map(abs, numbers_in(line.numbers))])
                    near = (
                        typed,
                        0.0 if abs(typed) <= noise else typed,
                        typed - noise,
                        typed + noise,
                    )
                    found = {shown(one, digits) for one in near}
                    assert shown(line.value, digits) in found, (quantity, line)
                else:
                    assert line.from_shown(digits) == pytest.approx(typed, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [n for n, rule in ACTIVATIONS.items() if not rule.joint])
def test_an_activations_formula_is_its_function(name: str) -> None:
    entry = ACTIVATIONS[name]
    for z in (-30.0, -2.5, -0.0, 0.0, 1e-9, 0.3, 4.0, 30.0):
        row = np.array([z])
        a = float(entry.function(row)[0])
        names: dict[str, Expression] = {"z": Number(z), "a": Number(a)}
        assert evaluate(parse(entry.formula, names)) == pytest.approx(a, rel=1e-12, abs=1e-15)
        slope = float(entry.derivative(row, np.array([a]))[0])
        assert evaluate(parse(entry.slope, names)) == pytest.approx(slope, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_a_losss_formula_is_its_function(name: str) -> None:
    entry = LOSSES[name]
    a, y = np.array([[0.3, 0.9, 0.2]]), np.array([[0.1, 1.0, 0.4]])
    # Of softmax, a and z = ln a go together where the row sums to 1.
    a = a / a.sum() if entry.match == "softmax" else a
    z = np.log(a) if entry.match == "softmax" else np.log(a / (1 - a))
    shares, slopes = entry.shares(z if entry.match else a, y)[0], entry.derivative(a, y)[0]
    for k in range(3):
        names: dict[str, Expression] = {
            "z": Number(z[0, k]),
            "a": Number(float(z[0, k] >= 0)) if entry.match == "step" else Number(a[0, k]),
            "y": Number(y[0, k]),
            "n": Constant(3.0),
        }
        assert evaluate(parse(entry.share, names)) == pytest.approx(shares[k], rel=1e-12)
        if entry.slope:  # the perceptron's rule has none
            assert evaluate(parse(entry.slope, names)) == pytest.approx(slopes[k], rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "w9", "net:", "net:x1", "delta:x1", "share:h1", "foo:h1", "new:h1"],
)
def test_what_is_not_there_is_not_found(text: str) -> None:
    with pytest.raises(UnknownQuantity):
        find(text, EXAMPLES["mazur-2-2-2"].spec)


@pytest.mark.parametrize("formula", ["__import__('os')", "z.real", "z[0]", "q + 1", "exec(z)"])
def test_only_formulas_are_read(formula: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(formula, {"z": Number(1.0)})


def test_nothing_withheld_is_in_a_derivation() -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    derivation = derive(find("w1", spec), known_of(spec)).withheld()
    assert derivation.value is None
    for line in derivation.lines:
        assert line.value is None
        assert line.numbers is None
        if line.rule is not None:
            assert not [n for n in numbers_in(line.rule) if n not in (1.0, 2.0)]
