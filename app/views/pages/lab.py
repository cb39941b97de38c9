"""What the pages print: frozen contexts, made from a Lab, with every number already text.

A page shows one moment of a step. What has not been computed there is in no context at all.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from app import messages
from app.engine.learning import Optimizer
from app.engine.optimizers import slots_of
from app.errors import InvalidInput
from app.explain.derivation import Derivation
from app.explain.notation import Notation
from app.explain.quantities import find
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.sample_in_view import SampleInView
from app.lab.step_values import StepValues
from app.lab.visibility import Visibility
from app.messages.problems import problem_detail
from app.views.derivation.panel import Panel, panel_of
from app.views.derivation.wording import loss_formula
from app.views.diagram.bundles import unfolded_in
from app.views.diagram.diagram import Diagram, diagram_of, marks_in, value_of
from app.views.diagram.elements import Value
from app.views.diagram.highlights import (
    NO_MARKS,
    Marks,
    derivation_highlights,
    involved_in,
    phase_highlights,
)
from app.views.options import CONVENTIONS, PRESENT, ViewOptions
from app.views.pages.branches import BranchView, branches_of
from app.views.pages.conventions import Convention, conventions_of
from app.views.pages.gradient_check import CheckView, check_view
from app.views.pages.obstacles import stuck_marks
from app.views.pages.parameter_table import (
    ParameterRow,
    ParameterTable,
    UnitChooser,
    parameter_table_of,
)
from app.views.pages.phase_list import Act, acts_of
from app.views.pages.summary import (
    ErrorChange,
    MovedParameter,
    PhaseSummary,
    UpdateSummary,
    change_of,
    follows_gradient,
    moved_parameters,
    phase_summary,
    update_summary,
)
from app.views.plots.loss_curve import Curve, curve_of
from app.views.text.announcements import run_goals
from app.views.text.formatting import plain
from app.views.text.sample import SampleView, sample_view

SLIDER_MAX = 2.0


class Origin(NamedTuple):
    """The worked example that a network began as, without its numbers: they may not be due yet.

    Of so many ``printed`` values ``agreeing`` are exact.
    """

    slug: str
    title: str
    short_title: str
    source: str
    url: str
    about: str
    notes: tuple[str, ...]
    printed: int
    agreeing: int


class Memory(NamedTuple):
    """An optimizer that remembers, and what it calls that."""

    of: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFigures:
    """What of the lab's page differs from step to step, ready to print.

    ``learning_rate`` is the one that holds now, ``slider`` where its slider stands; ``sample`` is
    None where there is only one;
    ``change`` is how the update changed the error, ``moved`` the weights and biases that it moved
    most, ``follows_gradient`` whether each steps against its gradient; ``marks`` are pointed at.
    """

    step: int
    loss: Value | None
    loss_after: Value | None
    change: ErrorChange | None
    moved: tuple[MovedParameter, ...]
    follows_gradient: bool
    notation: Notation
    digits: int
    learning_rate: str
    slider: str
    sample: SampleView | None
    diagram: Diagram
    parameters: tuple[ParameterRow, ...]
    curve: Curve
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPanel(LabFigures):
    """What of the lab's page differs from phase to phase: also its panel, and its headline."""

    used_rate: str | None
    panel: Panel | None
    summary: PhaseSummary | None
    update: UpdateSummary | None
    conventions: tuple[Convention, ...]
    check: CheckView | None
    check_refused: str
    origin: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPage(LabPanel):
    """One moment of a network, ready to print; ``involved`` is what its phase is about."""

    phase: str
    involved: str
    acts: tuple[Act, ...]
    loss_formula: str
    activations: str
    memory: Memory | None
    biases: str
    hidden_deltas: str
    chooser: UnitChooser | None
    branches: tuple[BranchView, ...]
    can_take_back: bool
    can_redo: bool
    can_go_back: bool
    goals: tuple[tuple[str, str], ...]


def lab_figures(lab: Lab, options: ViewOptions) -> LabFigures:
    """The numbers of ``lab``; InvalidInput if it has no such sample, layer or unit."""
    seen, moment, diagram = _in_view(lab, options)
    listing = parameter_table_of(diagram, moment.spec, options.into)
    return LabFigures(**_figures(lab, options, seen, moment, diagram), parameters=listing.rows)


def lab_panel(lab: Lab, options: ViewOptions, *, curve: bool) -> LabPanel:
    """The numbers of ``lab`` and its panel; raises what ``lab_page`` raises.

    Without ``curve`` only whether there is one is told.
    """
    seen, moment, diagram = _in_view(lab, options)
    listing = parameter_table_of(diagram, moment.spec, options.into)
    panel, _ = _panel(seen, options, moment)
    return LabPanel(
        **_figures(lab, options, seen, moment, diagram, bare=not curve),
        **_beside(lab, options, seen, listing, panel),
        parameters=listing.rows,
    )


def _in_view(lab: Lab, options: ViewOptions) -> tuple[SampleInView, StepValues, Diagram]:
    seen = options.seen(lab)
    moment = seen.moment(lab.progress)
    return seen, moment, _diagram(moment, options.notation_for(lab), options)


def _diagram(moment: StepValues, notation: Notation, options: ViewOptions) -> Diagram:
    unfolded = unfolded_in(moment.spec, options.unfold)
    return diagram_of(
        moment, notation, unfolded,
        bias_nodes=options.bias_nodes, projected=options.view == PRESENT,
    )  # fmt: skip


def _figures(
    lab: Lab, options: ViewOptions, seen: SampleInView, moment: StepValues, diagram: Diagram,
    *, bare: bool = False,
) -> dict[str, Any]:  # fmt: skip
    decimals, notation = options.error_digits, options.notation_for(lab)
    return {
        "step": lab.step,
        "loss": value_of(moment.loss, decimals),
        "loss_after": value_of(moment.loss_after, decimals),
        "change": change_of(moment.loss, moment.loss_after),
        "moved": moved_parameters(moment.spec, lab.trace, options.digits),
        "follows_gradient": follows_gradient(moment.spec.optimizer),
        "notation": notation,
        "digits": options.digits,
        "learning_rate": plain(rate := lab.present.optimizer.learning_rate),
        "slider": plain(min(rate, SLIDER_MAX)),
        "sample": sample_view(seen),
        "diagram": diagram,
        "curve": curve_of(lab, log=options.log, loss=notation.loss, digits=decimals, bare=bare),
    }


def lab_page(lab: Lab, options: ViewOptions) -> LabPage:
    """Everything the lab page prints of ``lab``.

    UnknownQuantity if what is to be explained is not a number of this network; InvalidInput if it
    has no such sample, layer or unit.
    """
    seen, moment, diagram = _in_view(lab, options)
    notation, spec, shown = options.notation_for(lab), lab.present, moment.spec
    listing = parameter_table_of(diagram, shown, options.into)
    panel, derivation = _panel(seen, options, moment)
    return LabPage(
        **_figures(lab, options, seen, moment, diagram),
        **_beside(lab, options, seen, listing, panel),
        phase=lab.phase,
        involved=involved_in(shown, moment.progress.now if lab.walking else None),
        acts=acts_of(moment, notation),
        loss_formula=loss_formula(shown, notation),
        activations=", ".join(dict.fromkeys(map(messages.activation, spec.activations))),
        memory=_memory(shown.optimizer),
        biases=messages.BIAS_UPDATES[shown.bias_update],
        hidden_deltas=messages.HIDDEN_DELTAS_NAMED[shown.hidden_deltas],
        marks=_marks(lab, moment, diagram, derivation)._replace(
            **stuck_marks(lab, options, diagram)
        ),
        parameters=listing.rows,
        chooser=listing.chooser,
        branches=branches_of(lab) if len(lab.branches) > 1 else (),
        can_take_back=lab.moves > 0,
        can_redo=lab.step < lab.last_step,
        can_go_back=lab.position > 0 or lab.trace is not None,
        goals=run_goals(lab.present, notation),
    )


def _beside(
    lab: Lab, options: ViewOptions, seen: SampleInView, listing: ParameterTable, panel: Panel | None
) -> dict[str, Any]:
    """What stands beside the diagram."""
    trace, rate = lab.trace, lab.present.optimizer.learning_rate
    notation, conventions = options.notation_for(lab), options.open == CONVENTIONS
    check, refused = _check(lab, options, listing) if options.check else (None, "")
    return {
        "used_rate": plain(trace.learning_rate) if trace and trace.learning_rate != rate else None,
        "panel": panel,
        "summary": _summary(seen, options, notation) if panel is None else None,
        "update": update_summary(seen, lab, notation, options.digits) if options.view else None,
        "conventions": conventions_of(lab, options.digits, seen.row) if conventions else (),
        "check": check,
        "check_refused": refused,
        "origin": _origin(lab.origin),
    }


def _panel(
    seen: SampleInView, options: ViewOptions, moment: StepValues
) -> tuple[Panel | None, Derivation | None]:
    """What is explained."""
    if options.open in ("", CONVENTIONS):
        return None, None
    lab = seen.standing
    visible, quantity = Visibility(seen, lab.progress), find(options.open, moment.spec)
    return panel_of(visible, quantity, options.notation_for(lab), options.digits)


def _marks(lab: Lab, moment: StepValues, diagram: Diagram, derivation: Derivation | None) -> Marks:
    """What the diagram points at: the parts of a derivation, or else those of the phase."""
    spec = moment.spec
    if derivation:
        return marks_in(diagram, lambda drawn: derivation_highlights(drawn, spec, derivation))
    walked = moment.progress.now if lab.walking else None
    return marks_in(diagram, lambda drawn: phase_highlights(drawn, spec, walked))


def _summary(seen: SampleInView, options: ViewOptions, notation: Notation) -> PhaseSummary | None:
    """The arithmetic of the phase that somebody has come to on a walk."""
    lab = seen.standing
    if not (lab.walking and lab.position) or options.open == CONVENTIONS:
        return None
    return phase_summary(Visibility(seen, lab.progress), notation, options.digits)


def _check(lab: Lab, options: ViewOptions, listing: ParameterTable) -> tuple[CheckView | None, str]:
    """The gradient check once the gradients are computed, or why there is none."""
    if not lab.progress.all_gradients:
        return None, ""
    try:
        check = check_view(lab, options.digits)
    except InvalidInput as error:
        return None, problem_detail(error.code, error.pointer, error.values)
    rows = tuple(row for row in check.rows if listing.lists(row.name.name))
    return replace(check, rows=rows), ""


def _memory(optimizer: Optimizer) -> Memory | None:
    slots = tuple(messages.MEMORY[slot] for slot in slots_of(optimizer))
    return Memory(messages.OPTIMIZERS[optimizer.name], slots) if slots else None


def _origin(slug: str | None) -> Origin | None:
    if (one := EXAMPLES.get(slug or "")) is None:
        return None
    titles = one.slug, one.title, one.short_title, one.source, one.url, one.about
    return Origin(*titles, one.notes, len(one.published), one.agreeing)


@lru_cache(maxsize=1)
def example_cards() -> tuple[LabPage, ...]:
    """Every worked example, as it stands before its first step."""
    return tuple(
        lab_page(Lab.fresh(example.spec, example.slug), ViewOptions())
        for example in EXAMPLES.values()
    )
