"""A worksheet: a step of a network with blanks, what is given, questions, and their answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import messages
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.trace import Trace
from app.errors import Diverged
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation, Line
from app.explain.notation import Notation
from app.explain.quantities import Quantity, every
from app.explain.step_numbers import StepNumbers
from app.explain.writers.mathml import MathML
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import Kind, Progress, phases_for
from app.lab.step_values import StepValues, step_values_of
from app.messages.marking import N_
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.pages.worksheet_givens import (
    MOST_SAMPLES,
    UPDATES,
    Given,
    Unmarked,
    batch_of,
    facts_of,
    is_rounded,
    parameters_of,
    rules_of,
    samples_of,
    size_of,
)
from app.views.text.formatting import number
from app.views.text.wording import Rows, remark, rows_of

KINDS: Mapping[str, tuple[str, ...]] = {
    "activations": ("pre", "act"),
    "error": ("share", "loss"),
    "deltas": ("delta",),
    "gradients": ("weight", "bias"),
    "new": ("new",),
}
"""What can be asked for, in the order of a step, and the kinds of quantities that belong to it."""

# Of each kind that a worksheet can ask for: its heading, and what is to be done.
HEADINGS: Mapping[str, tuple[str, str]] = {
    "activations": (N_("Activations"), N_("Go forward, layer by layer.")),
    "error": (N_("Error"), N_("Compare the outputs with the targets.")),
    "deltas": (N_("Deltas"), N_("Go back from the outputs: how the error changes with each sum.")),
    "gradients": (N_("Gradients"), N_("How the error changes with each weight and bias.")),
    "new": (N_("New values"), N_("Take the step: what each weight and bias becomes.")),
}

MOST_QUESTIONS = 48
# The lines of a derivation that give its answer; for other kinds, the last one.
_ANSWERS: Mapping[str, tuple[str, ...]] = {"delta": ("factor", "product", "value"), "new": UPDATES}
_RESULTS = ("product", "shared", "samples")


@dataclass(frozen=True, slots=True)
class Question:
    """A number to work out.

    Attributes:
        number: its place in the list, from 1.
        symbol: how it is written, as the inside of a ``<math>`` element.
        value: the answer, rounded.
        lines: where it comes from: equations in rows of MathML.
        note: that rounded numbers would give other digits, if they do; else "".
    """

    number: int
    symbol: str
    value: str
    lines: tuple[Rows, ...]
    note: str


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of a kind; ``left_out`` counts those that do not fit."""

    kind: str
    title: str
    task: str
    questions: tuple[Question, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A step to work out by hand.

    Attributes:
        title: what the network is called.
        step: the step that is begun.
        asked: the kinds that are asked for.
        picture: the network with what is given, and question marks.
        samples, parameters: given numbers; the samples' are of the one in the picture.
        batch: the inputs and targets of each sample, if the step sees several; and how many more
            there are.
        batch_size: how it fits the paper: "table", "small" or "list".
        slots: what the optimizer remembers, if it has seen an update.
        rules: the rules that hold, as equations in symbols.
        facts: what else holds, in words.
        parts: the questions with their answers.
        rounded: whether given numbers have more digits than are shown.
    """

    title: str
    step: int
    asked: tuple[str, ...]
    picture: Diagram
    samples: tuple[Given, ...]
    batch: tuple[tuple[str, ...], ...]
    batch_size: str
    more_samples: int
    parameters: tuple[Given, ...]
    slots: tuple[str, ...]
    rules: tuple[Rows, ...]
    facts: tuple[str, ...]
    parts: tuple[QuestionGroup, ...]
    rounded: bool


def worksheet_of(lab: Lab, asked: Sequence[str], notation: Notation, digits: int) -> Worksheet:
    """The worksheet of the step in view, from its forward pass to its update.

    Args:
        lab: the network.
        asked: names of ``KINDS``.
        notation: what things are called.
        digits: how many decimals answers have.

    Raises:
        Diverged: the step has numbers that are not finite.
    """
    trace, spec = lab.shown, lab.shown_spec
    if not (trace.forward.is_finite and trace.after.is_finite()):
        raise Diverged(trace.step)
    known, writer = StepNumbers(spec, trace), Unmarked(notation, digits)
    kinds = tuple(kind for kind in KINDS if kind in asked)
    example = EXAMPLES.get(lab.origin or "")
    batch = tuple(batch_of(known, digits))
    remembers = slots_of(spec.optimizer) if trace.before.age and "new" in kinds else ()
    return Worksheet(
        title=example.short_title if example else "-".join(map(str, spec.layers)),
        step=trace.step - 1,
        asked=kinds,
        picture=diagram_of(_with_blanks(spec, trace, kinds), notation),
        samples=tuple(samples_of(known, digits)),
        batch=batch,
        batch_size=size_of(batch),
        more_samples=max(known.samples - MOST_SAMPLES, 0),
        parameters=tuple(parameters_of(known, remembers, digits)),
        slots=tuple(messages.MEMORY[slot] for slot in remembers),
        rules=tuple(rules_of(known, kinds, writer)),
        facts=tuple(facts_of(spec, trace.step - 1, notation)),
        parts=tuple(_parts(known, kinds, writer, digits)),
        rounded=is_rounded(known, remembers, digits),
    )


def _with_blanks(spec: Spec, trace: Trace, asked: Sequence[str]) -> StepValues:
    """The step without what is asked for, and without what comes after the last of it."""
    order = list(KINDS)
    last = max(map(order.index, asked))
    blank = [_PHASES[kind] for kind in KINDS if kind in asked or order.index(kind) > last]
    progress = Progress.whole(phases_for(spec), frozenset().union(*blank))
    return step_values_of(spec, trace, progress)


_PHASES: Mapping[str, frozenset[Kind]] = {
    "activations": frozenset((Kind.PRE_ACTIVATION, Kind.ACTIVATION)),
    "error": frozenset((Kind.ERROR,)),
    "deltas": frozenset((Kind.DELTA,)),
    "gradients": frozenset((Kind.GRADIENT,)),
    "new": frozenset((Kind.MOMENTS, Kind.UPDATE)),
}


# --- what is asked --------------------------------------------------------------------------------


def _parts(
    known: StepNumbers, asked: Sequence[str], writer: MathML, digits: int
) -> Iterator[QuestionGroup]:
    frozen = known.spec.bias_update == "none"
    at = 1
    for kind in asked:
        fitting = [
            quantity
            for quantity in every(known.spec)
            if quantity.kind in KINDS[kind] and not (frozen and _of_bias(quantity))
        ]
        chosen = sorted(fitting[:MOST_QUESTIONS], key=lambda q: _reading_order(kind, q))
        questions = tuple(
            _question(place, derive(quantity, known), writer, digits)
            for place, quantity in enumerate(chosen, start=at)
        )
        at += len(questions)
        title, task = HEADINGS[kind]
        yield QuestionGroup(kind, title, task, questions, len(fitting) - len(questions))


def _of_bias(quantity: Quantity) -> bool:
    return quantity.kind == "bias" or (quantity.kind == "new" and quantity.source < 0)


def _reading_order(kind: str, quantity: Quantity) -> int:
    """Forward as the step goes; deltas and gradients from the outputs back."""
    if kind == "error":
        return 0
    return -quantity.layer if kind in ("deltas", "gradients") else quantity.layer


def _question(place: int, derivation: Derivation, writer: MathML, digits: int) -> Question:
    lines = tuple(_answer_lines(derivation))
    value = derivation.value
    return Question(
        place,
        writer.write(derivation.symbol),
        "" if value is None else number(value, digits),
        tuple(rows_of(line, writer) for line in lines),
        remark(lines[-1], digits),
    )


def _answer_lines(derivation: Derivation) -> list[Line]:
    lines = [line for line in derivation.lines if line.value is not None]
    kinds = _ANSWERS.get(derivation.quantity.kind)
    if kinds:
        return [line for line in lines if line.kind in kinds] or lines[-1:]
    results = [line for line in lines if line.kind in _RESULTS]
    return (results or lines)[-1:]
