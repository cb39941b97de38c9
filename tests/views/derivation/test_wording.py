"""What a reader sees of a derivation, where it once misled: roots, cases, zeros, remarks."""

import math
from xml.etree import ElementTree

import pytest

from app.engine.network import Spec
from app.engine.training import attempt_step
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation, Line
from app.explain.evaluation import by_hand, evaluate
from app.explain.expression import Apply, Constant, Number, Product, Sum, Symbol
from app.explain.notation import NOTATIONS
from app.explain.quantities import find
from app.explain.rounding import digits_of
from app.explain.step_numbers import StepNumbers
from app.explain.writers.base import Writer
from app.explain.writers.latex import Latex
from app.explain.writers.mathml import MathML
from app.explain.writers.text import Python
from app.lab.spec_json import spec_from_data
from app.views.derivation.wording import Wording, equation, meaning, remark, rows_of

NET = NOTATIONS["net"]


def spec_of(**data: object) -> Spec:
    return spec_from_data({"samples": [{"inputs": [0.1, 0.2], "targets": [1]}], **data})


def derived(spec: Spec, key: str) -> Derivation:
    return derive(find(key, spec), StepNumbers(spec, attempt_step(spec, spec.initial, 0)))


SATURATED = {
    "layers": [1, 1, 2],
    "activations": ["identity", "sigmoid"],
    "weights": [[[1]], [[40], [-1]]],
    "samples": [{"inputs": [1], "targets": [1, 0]}],
}


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mean_binary_cross_entropy"])
@pytest.mark.parametrize("key", ["share:o1", "loss", "loss:after"])
def test_a_saturated_output_is_derived_from_its_sum(loss: str, key: str) -> None:
    spec = spec_of(**SATURATED, loss=loss)
    known = StepNumbers(spec, attempt_step(spec, spec.initial, 0))
    assert known.act[-1][0] == 1.0
    (line, *_) = [one for one in derived(spec, key).lines if one.numbers is not None]
    assert line.numbers is not None
    text = Python(NET, None).write(line.numbers)
    value = eval(text, {"log": math.log, "exp": math.exp, "max": max, "abs": abs})
    assert line.value == pytest.approx(value, rel=1e-12, abs=1e-15)
    if key == "share:o1":
        assert line.value == pytest.approx(math.exp(-40) / (2 if "mean" in loss else 1), rel=1e-12)
        assert "log(0)" not in text


def test_zero_times_the_logarithm_of_zero_is_nothing_else() -> None:
    log = Apply("log", (Number(0.0),))
    assert evaluate(Product((Constant(0.5), log))) == -math.inf
    assert evaluate(Product((Constant(0.0), log))) == 0.0


@pytest.mark.parametrize("decimals", range(3, 11))
@pytest.mark.parametrize("value", [0.01, 0.1, 0.001, 1e-4, 1.0])
def test_neighbours_look_the_same(value: float, decimals: int) -> None:
    below = math.nextafter(value, 0)
    assert digits_of(below, decimals) == digits_of(value, decimals)


def test_a_slope_as_it_is_needs_no_remark() -> None:
    spec = spec_of(
        layers=[2, 2, 1],
        activations=["leaky_relu", "identity"],
        weights=[[[-1, -1], [1, 1]], [[1, 1]]],
    )
    slopes = [line for line in derived(spec, "delta:h1").lines if line.role == "slope"]
    assert slopes
    assert not any(remark(line, 4) for line in slopes)


def test_decimals_are_added_as_by_hand() -> None:
    terms = Sum((Number(0.0982), Number(0.0552), Number(-0.1534)))
    assert 0.0982 + 0.0552 - 0.1534 != 0.0, "the floats are not their decimals"
    assert by_hand(terms) == 0.0
    line = Line("sum", "paths", Symbol("loss"), None, terms, 0.0)
    assert line.from_shown(4) is None


@pytest.mark.parametrize("digits", range(3, 11))
@pytest.mark.parametrize("value", [5000.0, 603.0635, 99999.0, -4567.89, 1 / 3, 2e-9, 12345.678])
def test_a_number_alone_gives_its_own_digits(value: float, digits: int) -> None:
    line = Line("factor", "source", Symbol("loss"), None, Number(value), value)
    assert line.from_shown(digits) is None


def test_what_is_halfway_between_two_numbers_is_told() -> None:
    terms = Sum((Number(0.00005), Number(0.7)))
    line = Line("sum", "paths", Symbol("loss"), None, terms, 0.70005)
    assert line.from_shown(4) is not None


def test_functions_within_go_on_by_hand() -> None:
    root = Apply("sqrt", (Sum((Number(1.1), Number(2.9))),))
    assert by_hand(root) == 2.0
    assert by_hand(Product((Number(0.1), Constant(3.0)))) == 0.3


def test_roots_are_drawn_as_roots() -> None:
    spec = spec_of(layers=[2, 2, 1], activations=["gelu", "identity"])
    latex = Wording(derived(spec, "out:h1"), NET, 4).latex
    assert r"\sqrt{" in latex
    assert "operatorname{sqrt}" not in latex
    line = derived(spec, "out:h1").lines[-1]
    assert "<msqrt>" in equation(line, MathML(NET, 4))


def test_the_square_of_a_derivative_is_no_derivative_of_a_square() -> None:
    spec = spec_of(
        layers=[2, 2, 1],
        activations=["tanh", "identity"],
        optimizer={"name": "adam", "learning_rate": 0.1},
    )
    text = Wording(derived(spec, "w1"), NET, 4).text
    assert "(dE/dw1)^2" in text
    assert "m̂_w1" in text
    assert "ŝ_w1" in text
    latex = Wording(derived(spec, "w1"), NET, 4).latex
    assert r"\left(\frac{\partial E}{\partial w_{1}}\right)}^{2}" in latex


def test_three_cases_stand_behind_one_brace() -> None:
    spec = spec_of(
        layers=[2, 2, 1],
        activations=["leaky_relu", "identity"],
        weights=[[[0, 0], [1, 1]], [[1, 1]]],
        slope_at_zero=0.5,
    )
    (slope,) = [line for line in derived(spec, "delta:h1").lines if line.role == "slope"]
    assert slope.rule is not None
    latex = Latex(NET, 4).write(slope.rule)
    assert latex.count(r"\begin{cases}") == 1
    assert latex.count(r"\\") == 2
    assert " = 0" in latex
    text = Writer(NET, 4).write(slope.rule)
    assert text == "1 if net_h1 > 0 else (0.01 if 0 > net_h1 else 0.505)"


def test_the_only_path_is_not_all_1_paths() -> None:
    spec = spec_of(layers=[2, 2, 1], activations=["tanh", "identity"])
    said = [meaning(line, 4) for line in derived(spec, "w1").lines]
    assert not any("1 paths" in text for text in said)


def test_long_means_and_cross_entropies_can_be_broken() -> None:
    samples = [{"inputs": [0.1 * n, 0.2], "targets": [n % 2]} for n in range(6)]
    spec = spec_of(
        layers=[2, 2, 1],
        activations=["tanh", "sigmoid"],
        loss="mean_binary_cross_entropy",
        batch={"size": "full", "reduction": "mean"},
        samples=samples,
    )
    for key in ("loss", "w1", "share:o1"):
        latex = Wording(derived(spec, key), NET, 4).latex
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        assert latex.count("(") == latex.count(")")
        for line in derived(spec, key).lines:
            if line.kind == "samples" and line.numbers is not None:
                for writer in (MathML(NET, 4), Latex(NET, 4), Writer(NET, 4)):
                    assert len(writer.pieces(line.numbers)) == 6
            for row in rows_of(line, MathML(NET, 4)):
                for piece in row:
                    ElementTree.fromstring(f"<math>{piece}</math>")
