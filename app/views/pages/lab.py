"""What the pages print: frozen contexts, made from a Lab, with every number already text.

A page shows one moment of a step. What has not been computed there is in no context at all.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from app import messages
from app.engine.network import Optimizer
from app.engine.optimizers import slots_of
from app.errors import InvalidInput
from app.explain.notation import NOTATIONS, Notation
from app.explain.quantities import find
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.sample_in_view import SampleInView, sample_in_view
from app.lab.step_values import StepValues
from app.messages.problems import problem_detail
from app.views.derivation.panel import Panel, panel_of
from app.views.diagram.bundles import unfolded_in
from app.views.diagram.diagram import Diagram, diagram_of, value_of
from app.views.diagram.elements import Value
from app.views.diagram.highlights import Highlight, derivation_highlights, phase_highlights
from app.views.pages.conventions import Convention, conventions_of
from app.views.pages.gradient_check import CheckView, check_view
from app.views.pages.parameter_table import (
    ParameterRow,
    ParameterTable,
    UnitChooser,
    parameter_table_of,
)
from app.views.pages.phase_list import PhaseItem, phase_list_of, phase_sentence
from app.views.plots.loss_curve import BranchView, Curve, branches_of, curve_of
from app.views.text.formatting import label, plain
from app.views.text.sample import SampleView, sample_view

LOSS_DECIMALS = 6
SLIDER_MAX = 2.0
DEFAULT_DIGITS = 4
CONVENTIONS = "conventions"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a reader wants to see a network.

    Attributes:
        notation: what things are called.
        digits: how many decimals tables and derivations show.
        log: whether the error's axis is logarithmic.
        open: the quantity that is explained, ``CONVENTIONS``, or "".
        check: whether the gradient check is shown.
        sample: the number of the sample in view, from 1; None for the step's own.
        unfolded: the large layers that are drawn in full.
        into: the unit whose weights a large network's table lists, or "".
    """

    notation: Notation
    digits: int = DEFAULT_DIGITS
    log: bool = False
    open: str = ""
    check: bool = False
    sample: int | None = None
    unfolded: frozenset[int] = frozenset()
    into: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The worked example that a network began as.

    Attributes:
        printed, agreeing: how many values its source printed, and how many of them are exact.
    """

    slug: str
    title: str
    short_title: str
    source: str
    url: str
    about: str
    printed: int
    agreeing: int
    notes: tuple[str, ...]


class Memory(NamedTuple):
    """An optimizer that remembers, and what it calls that."""

    of: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabPage:
    """One moment of a network, ready to print."""

    step: int
    last_step: int
    phase: str
    walking: bool
    said_of_phase: str
    rail: tuple[PhaseItem, ...]
    notation: Notation
    digits: int
    loss: Value | None
    loss_after: Value | None
    loss_formula: str
    activations: str
    memory: Memory | None
    biases: str
    hidden_deltas: str
    learning_rate: str
    slider: str
    used_rate: str | None
    sample: SampleView | None
    picture: Diagram
    marks: tuple[Highlight, ...]
    panel: Panel | None
    conventions: tuple[Convention, ...]
    check: CheckView | None
    check_refused: str
    parameters: tuple[ParameterRow, ...]
    chooser: UnitChooser | None
    curve: Curve
    branches: tuple[BranchView, ...]
    origin: Origin | None
    can_take_back: bool
    can_redo: bool
    can_go_back: bool


def lab_page(lab: Lab, wish: Wish) -> LabPage:
    """Everything the lab page prints of ``lab``.

    Raises:
        UnknownQuantity: what is to be explained is not a number of this network.
        InvalidInput: it has no such sample, layer or unit.
    """
    seen, notation = sample_in_view(lab, wish.sample, 1), wish.notation
    moment = seen.moment(lab.progress)
    picture = diagram_of(moment, notation, unfolded_in(lab.shown_spec, wish.unfolded))
    listing = parameter_table_of(picture, lab.shown_spec, wish.into)
    spec, trace, shown = lab.present, lab.trace, lab.shown_spec
    check, refused = _check(lab, wish, listing) if wish.check else (None, "")
    panel, marks = _panel_and_marks(seen, wish, moment, picture)
    rate, decimals = spec.optimizer.learning_rate, max(LOSS_DECIMALS, wish.digits)
    return LabPage(
        step=lab.step, last_step=lab.last_step, phase=lab.phase, walking=lab.walking,
        said_of_phase=phase_sentence(seen.own.moment(lab.progress), notation, DEFAULT_DIGITS),
        rail=phase_list_of(moment, notation),
        notation=notation,
        digits=wish.digits,
        loss=value_of(moment.loss, decimals),
        loss_after=value_of(moment.loss_after, decimals),
        loss_formula=messages.LOSS_FORMULAS[shown.loss].format(
            a=notation.act, y=label(spec.names.targets[0]).base
        ),
        activations=", ".join(dict.fromkeys(map(messages.activation, spec.activations))),
        memory=_memory(shown.optimizer),
        biases=messages.BIAS_UPDATES[shown.bias_update],
        hidden_deltas=messages.HIDDEN_DELTAS_NAMED[shown.hidden_deltas],
        learning_rate=plain(rate),
        slider=plain(min(rate, SLIDER_MAX)),
        used_rate=plain(trace.learning_rate) if trace and trace.learning_rate != rate else None,
        sample=sample_view(seen),
        picture=picture,
        marks=marks,
        panel=panel,
        conventions=conventions_of(lab, wish.digits, seen.row) if wish.open == CONVENTIONS else (),
        check=check,
        check_refused=refused,
        parameters=listing.rows,
        chooser=listing.chooser,
        curve=curve_of(lab, log=wish.log),
        branches=branches_of(lab) if len(lab.branches) > 1 else (),
        origin=_origin(lab.origin),
        can_take_back=lab.step > lab.first_step,
        can_redo=lab.step < lab.last_step,
        can_go_back=lab.position > 0 or lab.trace is not None,
    )  # fmt: skip


def _panel_and_marks(
    seen: SampleInView, wish: Wish, moment: StepValues, picture: Diagram
) -> tuple[Panel | None, tuple[Highlight, ...]]:
    """What is explained, and what the picture points at: its parts, or those of the phase."""
    spec, lab = moment.spec, seen.standing
    if not wish.open or wish.open == CONVENTIONS:
        walked = moment.progress.now if lab.walking else None
        return None, phase_highlights(picture.layout, spec, walked)
    panel, derivation = panel_of(
        lab, find(wish.open, spec), wish.notation, wish.digits, lab.progress, seen
    )
    return panel, derivation_highlights(picture.layout, spec, derivation)


def _check(lab: Lab, wish: Wish, listing: ParameterTable) -> tuple[CheckView | None, str]:
    """The gradient check once the gradients are computed, or why there is none."""
    if not lab.progress.all_gradients:
        return None, ""
    try:
        check = check_view(lab, wish.digits)
    except InvalidInput as error:
        return None, problem_detail(error.code, error.pointer, error.values)
    rows = tuple(row for row in check.rows if listing.lists(row.name.name))
    return replace(check, rows=rows), ""


def _memory(optimizer: Optimizer) -> Memory | None:
    slots = tuple(messages.MEMORY[slot] for slot in slots_of(optimizer))
    return Memory(messages.OPTIMIZERS[optimizer.name], slots) if slots else None


# --- beside the picture ---------------------------------------------------------------------


def _origin(slug: str | None) -> Origin | None:
    example = EXAMPLES.get(slug) if slug else None
    if example is None:
        return None
    return Origin(
        example.slug, example.title, example.short_title, example.source, example.url,
        example.about, len(example.published), sum(row.agrees for row in example.published),
        example.notes,
    )  # fmt: skip


@lru_cache(maxsize=1)
def example_cards() -> tuple[LabPage, ...]:
    """Every worked example, as it stands before its first step."""
    return tuple(
        lab_page(Lab.fresh(example.spec, example.slug), Wish(NOTATIONS[example.notation]))
        for example in EXAMPLES.values()
    )
