"""Wrong values that slips give: Mazur's example, exactly, and what no slip may be."""

import pytest

from app.explain.quantities import every, find
from app.explain.slips import fitting, is_near, slips_of, sure_slips
from app.explain.step_numbers import StepNumbers
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab

# Of the worked example at step 0, computed apart: o1 answers 0.7513650695523157, its target 0.01.
ERROR, SLOPE, NET = 0.7413650695523157, 0.18681560180895948, 1.10590596705977
DELTA, OUT_H1, NET_H1, RATE = 0.13849856162855698, 0.5932699921071872, 0.3775, 0.5
GRADIENT = 0.08216704056423078
MAZUR: dict[str, dict[str, tuple[float, ...]]] = {
    "net:h1": {"no_bias": (0.0275,), "one_input": (0.15 * 0.05 + 0.35, 0.2 * 0.1 + 0.35)},
    "out:h1": {"no_activation": (NET_H1,), "no_bias": (0.5068745667645342,)},
    "delta:o1": {
        "minus": (-DELTA,),
        "no_slope": (ERROR,),
        "slope_of_pre": (ERROR * NET * (1 - NET),),
        "slope_of_act": (0.16146091768107556,),
        "factor": (2 * DELTA,),
    },
    "delta:h1": {
        "minus": (-0.008771354689486937,),
        "no_slope": (0.03635030639314468,),
        "updated_weight": (0.007294,),
        "one_path": (0.4 * DELTA * OUT_H1 * (1 - OUT_H1), -0.0045970),
    },
    "w5": {"minus": (-GRADIENT,), "no_input": (DELTA,), "pre_for_act": (DELTA * NET_H1,)},
    "new:w5": {
        "added": (0.4 + RATE * GRADIENT,),
        "no_rate": (0.4 - GRADIENT,),
        "factor": (0.4 - RATE * 2 * GRADIENT,),
        "no_slope": (0.4 - RATE * ERROR * OUT_H1,),
        "change": (-RATE * GRADIENT, RATE * GRADIENT),
    },
    # Of the second output the δ is negative, and so is its error's own sign.
    "delta:o2": {"sign": (0.03809823651655623,)},
    "w7": {"sign": (0.02260254047747507,)},
    "new:w7": {"added": (0.5 - RATE * 0.02260254047747507,)},
    "error:o2": {"swapped": (0.21707153467853746,)},
}


@pytest.fixture
def numbers() -> StepNumbers:
    lab = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec, "mazur-2-2-2")
    return StepNumbers(lab.present, lab.onward)


@pytest.mark.parametrize("name", MAZUR)
def test_slips_in_mazurs_example(numbers: StepNumbers, name: str) -> None:
    found = slips_of(find(name, numbers.spec), numbers)
    for code, values in MAZUR[name].items():
        assert found[code] == pytest.approx(values, rel=1e-4), code
    assert len({"sign", "minus", "swapped", "added"} & {*found}) == any(
        name.startswith(kind) for kind in ("delta", "w", "new", "error")
    )


def test_a_number_may_fit_several_slips(numbers: StepNumbers) -> None:
    slips = slips_of(find("new:w5", numbers.spec), numbers)
    assert set(fitting(0.3178, slips, 0.001)) == {"no_rate", "factor"}
    assert fitting(0.441, slips, 0.001) == ("added",)
    assert fitting(0.9, slips, 0.001) == ()


def test_what_could_be_right_is_no_slip(numbers: StepNumbers) -> None:
    quantity = find("new:w1", numbers.spec)
    truth, slips = numbers.value(quantity), slips_of(quantity, numbers)
    assert "no_rate" in slips
    assert "no_rate" not in sure_slips(slips, truth, 0.01)
    for tolerance in (0.001, 0.01, 0.05):
        for values in sure_slips(slips, truth, tolerance).values():
            assert not any(is_near(value, truth, tolerance) for value in values)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_no_slip_gives_the_right_value(slug: str) -> None:
    lab = Lab.fresh(EXAMPLES[slug].spec, slug)
    numbers = StepNumbers(lab.present, lab.onward)
    for quantity in every(lab.present):
        truth = numbers.value(quantity)
        for values in slips_of(quantity, numbers).values():
            assert truth not in values
