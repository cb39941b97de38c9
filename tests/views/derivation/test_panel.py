"""In every phase, nothing that a later phase computes is in any panel, mark or context."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.network import Spec
from app.engine.optimizers import MOMENTUM_BASE
from app.engine.updates import update_formulas
from app.explain.notation import NOTATIONS
from app.explain.quantities import every, find
from app.explain.rounding import number
from app.explain.step_numbers import StepNumbers
from app.lab import walking
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.visibility import Visibility
from app.views.derivation.panel import panel_of
from app.views.options import ViewOptions
from app.views.pages.lab import lab_page
from tests.strategies import QUICK, specs

NET = NOTATIONS["net"]


def strings(thing: Any) -> Iterator[str]:
    """Every text and number in a context, but for the geometry."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, float | int):
        yield repr(thing)
    elif is_dataclass(thing):
        for field in fields(thing):
            if field.name not in ("layout", "place", "marks", "centre"):
                yield from strings(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from strings(one)


def forms(value: float, least: int) -> set[str]:
    """What a number looks like, exact and with 8 digits, if it has so many that it is no other."""
    texts = {repr(value), repr(abs(value))}
    if abs(value) > 1e-3:
        texts.add(number(abs(value), 8))
    return {text for text in texts if len(text.replace("-", "").strip("0.")) >= least}


def hidden_forms(lab: Lab, least: int) -> set[str]:
    """What the numbers look like that are not computed yet, and none that are."""
    known, visible = StepNumbers(lab.shown_spec, lab.shown), Visibility.of(lab)
    hidden: set[str] = set()
    told: set[str] = set()
    for quantity in every(lab.shown_spec):
        computed = visible.shows(quantity)
        (told if computed else hidden).update(forms(known.value(quantity), least))
    return hidden - told


def check_phase(lab: Lab, least: int) -> None:
    spec, progress, hidden = lab.shown_spec, lab.progress, hidden_forms(lab, least)
    visible = Visibility.of(lab)
    for quantity in every(spec):
        panel, _ = panel_of(visible, quantity, NET, 8)
        text = " ".join(strings(panel)).replace("\N{MINUS SIGN}", "-")
        assert not {one for one in hidden if one in text}, (progress.now, quantity)
        computed = visible.shows(quantity)
        assert bool(panel.value) == computed
        if not computed:
            written = panel.latex + panel.text + panel.sentence
            # Numbers of a formula are none of a step: a leaky slope, a threshold, a smoothing.
            loss = spec.loss_rule
            rules = [rule.formula + " " + rule.slope for rule in spec.activation_rules]
            rules += [loss.share, loss.slope, loss.matched, loss.far]
            rules += [formula for _, formula in update_formulas(spec.optimizer, bias=False)]
            found = re.findall(r"\d+\.\d+", " ".join([*rules, str(MOMENTUM_BASE)]))
            constants = {f"{float(one):.15g}" for one in found}
            assert set(re.findall(r"\d+\.\d+", written)) <= constants
    for opened in ("", "conventions"):
        text = " ".join(
            strings(lab_page(lab, ViewOptions(notation="net", digits=8, open=opened, check="on")))
        )
        assert not {one for one in hidden if one in text}, (progress.now, opened)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_phase_of_the_examples(slug: str) -> None:
    for lab in phases_of_example(slug):
        check_phase(lab, 6)


def phases_of_example(slug: str) -> Iterator[Lab]:
    """A worked example, and each phase of its first step."""
    lab = Lab.fresh(EXAMPLES[slug].spec, slug)
    for _ in range(14):
        yield lab
        lab = walking.next_phase(lab)


@QUICK
@given(specs(most_layers=4, most_units=3, most_samples=2), st.integers(0, 20))
def test_any_phase_of_random_networks(spec: Spec, phases: int) -> None:
    # Random networks have numbers that are alike in their first digits by accident.
    check_phase(walked(spec, phases), 13)


def walked(spec: Spec, phases: int) -> Lab:
    """A network so many phases into its first step, of which at least one is left."""
    lab = Lab.fresh(spec)
    assume(lab.onward.forward.is_finite)
    for _ in range(min(phases, len(lab.progress.phases) - 1)):
        lab = walking.next_phase(lab)
    return lab


@pytest.mark.parametrize(
    ("key", "value"),
    [("w5", "+0.0851"), ("w7", "−0.0256"), ("delta:o1", "+0.1365"), ("error:o1", "+0.6495"),
     ("h1", "0.6236"), ("new:w5", "0.3074"), ("share:o1", "0.2109"), ("loss", "0.2335"),
     ("x1", "0.1000")],
)  # fmt: skip
def test_a_title_has_the_sign_of_what_can_go_either_way(key: str, value: str) -> None:
    lab = Lab.fresh(EXAMPLES["afteracademy-2-2-2"].spec).stepped()
    panel, _ = panel_of(Visibility.of(lab), find(key, lab.shown_spec), NET, 4)
    assert panel.value == value
