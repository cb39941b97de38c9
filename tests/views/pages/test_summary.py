"""What the panel says of a phase while nothing is pinned, and what its phase is about."""

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import phases_of
from app.lab.walking import command
from app.views.options import ViewOptions
from app.views.pages.lab import LabPage, lab_page

SPEC = EXAMPLES["afteracademy-2-2-2"].spec
PHASES = [phase.key for phase in phases_of(SPEC.layers)]


def at(phase: str, options: ViewOptions | None = None) -> LabPage:
    """The page of the first example once a phase of its first step is computed."""
    return lab_page(command(phase)(Lab.fresh(SPEC)), options or ViewOptions())


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_the_formula_of_a_phase_ends_in_its_number(phase: str) -> None:
    summary = at(phase).summary
    assert summary is not None
    ((*_, result),) = summary.formula
    assert summary.first.value.lstrip("\N{MINUS SIGN}") in result


@pytest.mark.parametrize("phase", ["delta:1", "gradient:1", "gradient:2"])
def test_a_gradient_has_the_chain_rule_and_its_numbers_in_one_line(phase: str) -> None:
    summary = at(phase).summary
    assert summary is not None
    (pieces,) = summary.formula
    assert sum("mfrac" in piece for piece in pieces) > 1
    assert sum("\N{ALMOST EQUAL TO}" in piece for piece in pieces) == 1
    assert all("<mi>p</mi>" not in piece for piece in pieces)


@pytest.mark.parametrize(
    ("phase", "involved"),
    [
        ("pre_activation:1", "node-1 node-0 edge-0 bias-0"),
        ("activation:1", "node-1"),
        ("error", "target node-2"),
        ("delta:1", "node-1 edge-1 node-2"),
        ("gradient:2", "edge-1 node-2 node-1"),
    ],
)
def test_a_page_says_what_its_phase_is_about(phase: str, involved: str) -> None:
    assert at(phase).involved == involved
    pinned = ViewOptions(open="w5")
    assert at(phase, pinned).involved == involved
    assert lab_page(Lab.fresh(SPEC), ViewOptions()).involved == ""
