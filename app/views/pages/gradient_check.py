"""The gradient check of the step in view, ready to print and for the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.engine.gradient_check import GradientCheck
from app.explain.rounding import number
from app.lab.moment import Moment
from app.messages.marking import _
from app.views.text.formatting import Label, label, reading_order

GOOD, DOUBTFUL = 1e-7, 1e-4
"""Below the first a gradient is right, above the second wrong (Stanford CS231n's rule)."""


class CheckRow(NamedTuple):
    """A parameter's two gradients and their relative difference: exact, and as text.

    ``verdict`` is "good", "doubtful" or "bad".
    """

    name: Label
    analytic: float
    numeric: float
    relative: float
    analytic_text: str
    numeric_text: str
    relative_text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A row for each parameter that learns, the largest relative difference, and its verdict.

    ``largest`` is "" where no difference is more than rounding. ``at_kink``: a sum lies where a
    slope jumps.
    """

    rows: tuple[CheckRow, ...]
    largest: str
    verdict: str
    at_kink: bool


def check_view(standing: Moment, digits: int) -> CheckView:
    """The check as a table. Raises as ``Moment.gradient_check``."""
    check = standing.gradient_check
    rows = tuple(_rows(standing, check, digits))
    largest = number(check.largest, 2) if check.largest else ""
    return CheckView(rows, largest, _verdict(check.largest), check.at_kink)


def agrees(check: GradientCheck) -> bool:
    """Whether the derived gradients are right, as far as can be measured."""
    return check.largest < GOOD


def _verdict(relative: float) -> str:
    return "good" if relative < GOOD else "doubtful" if relative < DOUBTFUL else "bad"


def _rows(standing: Moment, check: GradientCheck, digits: int) -> Iterator[CheckRow]:
    spec, three = standing.shown_spec, (check.analytic, check.numeric, check.relative)
    for part in reading_order(spec.names.parameters()):
        if part.kind == "weight" or spec.bias_update != "none":
            analytic, numeric, relative = (part.of(one) for one in three)
            same = abs(analytic - numeric) <= check.noise
            # What is no more than rounding has no ratio that says anything.
            text = _("rounding only") if same and relative >= GOOD else number(relative, 2)
            yield CheckRow(
                label(part.name), analytic, numeric, relative,
                number(analytic, digits, signed=True), number(numeric, digits, signed=True),
                text, "good" if same else _verdict(relative),
            )  # fmt: skip
