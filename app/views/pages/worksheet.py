"""A worksheet: a step of a network with blanks, what is given, questions, and their answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from app import messages
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.errors import Diverged
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation, Line
from app.explain.notation import Notation
from app.explain.quantities import Quantity, every
from app.explain.rounding import MINUS, number
from app.explain.step_numbers import StepNumbers
from app.explain.writers.mathml import BreakableMathML
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import Kind, Progress, phases_for
from app.lab.step_values import StepValues, step_values_of
from app.messages.marking import N_
from app.messages.samples import IN_PICTURE, SPOKEN
from app.views.derivation.wording import TextRows, loss_formula, remark, rest_told, rows_of
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.text.formatting import Label, given, label, plain

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
    "deltas": (
        N_("δ"),
        N_("Work back from the outputs: how the error reacts to each net."),
    ),
    "gradients": (N_("Gradients"), N_("How the error changes with each weight and bias.")),
    "new": (N_("New values"), N_("Take the step: find each new weight and bias.")),
}

_PHASES: Mapping[str, tuple[Kind, ...]] = {
    "activations": (Kind.PRE_ACTIVATION, Kind.ACTIVATION),
    "error": (Kind.ERROR,),
    "deltas": (Kind.DELTA,),
    "gradients": (Kind.GRADIENT,),
    "new": (Kind.MOMENTS, Kind.UPDATE),
}
MOST_QUESTIONS = 48
_MOST_SAMPLES = 24
# The kinds of lines that lead from a parameter to its new value.
_UPDATES = ("moment", "update")
# How many characters of a row a sheet of paper holds; what the heads and the space between take.
_TABLES = {"table": 85, "small": 128}
_HEAD, _BETWEEN = 6, 2
# The lines of a derivation that give its answer; for other kinds, the last one.
_ANSWERS: Mapping[str, tuple[str, ...]] = {"delta": ("factor", "product", "value"), "new": _UPDATES}
_RESULTS = ("product", "shared", "samples")


class Unmarked(BreakableMathML):
    """MathML without the badges that point at parts of the page's diagram."""

    def marked(self, text: str, badge: str, role: str) -> str:
        """``text`` as it is."""
        del badge, role
        return text


class Given(NamedTuple):
    """A given number by its name, and what the optimizer remembers of it, if that matters."""

    name: Label
    value: str
    memory: tuple[str, ...] = ()


class Question(NamedTuple):
    """A number to work out: its place in the list, its symbol, its rounded value.

    ``lines`` are where it comes from, ``note`` says if rounded numbers would give other digits.
    """

    number: int
    symbol: str
    value: str
    lines: tuple[TextRows, ...]
    note: str


class QuestionGroup(NamedTuple):
    """The questions of a kind; ``left_out`` counts those that do not fit."""

    kind: str
    title: str
    task: str
    questions: tuple[Question, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A step to work out by hand.

    ``diagram`` has what is given, and question marks; ``samples`` are the numbers of the one in it.
    ``batch`` has the inputs and targets of each sample if the step sees several, set as a "table",
    "small" or "list"; ``slots`` are what the optimizer remembers, if it has seen an update; the
    ``rules`` stand in symbols, ``facts`` in words. ``rounded``: given numbers have more digits than
    are shown.
    """

    title: str
    step: int
    asked: tuple[str, ...]
    diagram: Diagram
    samples: tuple[Given, ...]
    batch: tuple[tuple[str, ...], ...]
    batch_size: str
    more_samples: int
    parameters: tuple[Given, ...]
    slots: tuple[str, ...]
    rules: tuple[TextRows, ...]
    facts: tuple[str, ...]
    parts: tuple[QuestionGroup, ...]
    rounded: bool


def worksheet_of(lab: Lab, asked: Sequence[str], notation: Notation, digits: int) -> Worksheet:
    """The worksheet of the step in view, from its forward pass to its update.

    ``asked`` are names of ``KINDS``. Raises Diverged where the step's numbers are not finite.
    """
    trace, spec = lab.shown, lab.shown_spec
    if not (trace.forward.is_finite and trace.after.is_finite()):
        raise Diverged(trace.step)
    known, writer = StepNumbers(spec, trace), Unmarked(notation, digits)
    kinds = tuple(kind for kind in KINDS if kind in asked)
    example = EXAMPLES.get(lab.origin or "")
    batch = tuple(_batch(known, digits))
    remembers = slots_of(spec.optimizer) if trace.before.age and "new" in kinds else ()
    return Worksheet(
        title=example.short_title if example else "-".join(map(str, spec.layers)),
        step=trace.step - 1,
        asked=kinds,
        diagram=diagram_of(_with_blanks(known, kinds), notation),
        samples=tuple(_samples(known, digits)),
        batch=batch,
        batch_size=_paper_size(batch),
        more_samples=max(known.samples - _MOST_SAMPLES, 0),
        parameters=tuple(_parameters(known, remembers, digits)),
        slots=tuple(messages.MEMORY[slot] for slot in remembers),
        rules=tuple(_rules(known, kinds, writer)),
        facts=tuple(_facts(spec, trace.step - 1, notation)),
        parts=tuple(_parts(known, kinds, writer, digits)),
        rounded=_is_rounded(known, remembers, digits),
    )


def _with_blanks(known: StepNumbers, asked: Sequence[str]) -> StepValues:
    """The step without what is asked for, and without what comes after the last of it."""
    order = list(KINDS)
    last = max(map(order.index, asked))
    blank = chain(*(_PHASES[k] for i, k in enumerate(order) if k in asked or i > last))
    return step_values_of(known, Progress.whole(phases_for(known.spec), frozenset(blank)))


# --- what is given --------------------------------------------------------------------------------


def _samples(known: StepNumbers, digits: int) -> Iterator[Given]:
    """The inputs and targets of the sample in the diagram."""
    for quantity in every(known.spec):
        if quantity.kind in ("input", "target"):
            yield Given(label(quantity.name), _short(known.value(quantity), digits))


def _batch(known: StepNumbers, digits: int) -> Iterator[tuple[str, ...]]:
    """Each sample of the batch: its number, its inputs and its targets."""
    if known.samples == 1:
        return
    for place, row in enumerate(_rows(known)):
        yield (str(known.first + place), *(_short(one, digits) for one in row))


def _rows(known: StepNumbers) -> Iterator[list[float]]:
    passed = known.trace.forward
    for place in range(min(known.samples, _MOST_SAMPLES)):
        yield [*passed.activations[0][place].tolist(), *passed.targets[place].tolist()]


def _paper_size(batch: Sequence[tuple[str, ...]]) -> str:
    """How samples fit a sheet of paper: "table", "small" (a table), or "list"."""
    columns = [max(_HEAD, *map(len, column)) + _BETWEEN for column in zip(*batch, strict=True)]
    return next((size for size, most in _TABLES.items() if sum(columns) <= most), "list")


def _parameters(known: StepNumbers, slots: Sequence[str], digits: int) -> Iterator[Given]:
    """Every weight, then every bias, with what is remembered of it."""
    spec, before = known.spec, known.before
    moments = before.moments if slots else ()
    for part in spec.names.parameters():
        learns = moments if part.kind == "weight" or spec.bias_update != "none" else ()
        kept = tuple(number(part.of(moment), digits) for moment in learns)
        yield Given(label(part.name), _short(part.of(before), digits), kept)


def _short(value: float, digits: int) -> str:
    """A number as it was given, unless that has more digits than are asked for."""
    return given(value, digits) or number(value, digits)


def _is_rounded(known: StepNumbers, slots: Sequence[str], digits: int) -> bool:
    """Whether any number that is given has more digits than are shown."""
    remembered = known.before.moments if slots else ()
    arrays = chain.from_iterable(one.arrays() for one in (known.before, *remembered))
    values = chain(*_rows(known), *(array.ravel().tolist() for array in arrays))
    return any(float(_short(one, digits).replace(MINUS, "-")) != one for one in values)


def _rules(known: StepNumbers, asked: Sequence[str], writer: Unmarked) -> Iterator[TextRows]:
    """In symbols: each layer's activation, each output's error, the update of a weight."""
    spec = known.spec
    last = len(spec.layers) - 1
    rules = [Quantity("act", spec.names.units[layer][0], layer, 0) for layer in range(1, last + 1)]
    for quantity in (*rules, Quantity("share", spec.names.units[last][0], last, 0)):
        yield _symbolic(derive(quantity, known).lines[-1], writer)
    if "new" in asked:
        weight = next(q for q in every(spec) if q.kind == "new")
        for line in derive(weight, known).lines:
            if line.kind in _UPDATES:
                yield _symbolic(line, writer)


def _symbolic(line: Line, writer: Unmarked) -> TextRows:
    return rows_of(replace(line, numbers=None, value=None), writer)


def _facts(spec: Spec, step: int, notation: Notation) -> Iterator[str]:
    """What else holds in the step that begins at ``step``, in words."""
    yield f"{notation.loss} = {loss_formula(spec, notation)}"
    yield f"η = {plain(spec.optimizer.learning_rate)}"
    yield messages.BIAS_UPDATES[spec.bias_update]
    if slots_of(spec.optimizer):
        yield messages.OPTIMIZERS[spec.optimizer.name]
    if said := messages.HIDDEN_DELTAS_NAMED[spec.hidden_deltas]:
        yield said
    seen, total = spec.batch_slice(step), len(spec.inputs)
    if total > 1:
        names = {"sample": seen.start + 1, "first": seen.start + 1, "last": seen.stop}
        alone = seen.stop - seen.start == 1
        text = IN_PICTURE["one" if alone else f"many_{spec.batch.reduction}"]
        yield SPOKEN.format(text=text.format(**names), total=total, **names)


# --- what is asked --------------------------------------------------------------------------------


def _parts(
    known: StepNumbers, asked: Sequence[str], writer: Unmarked, digits: int
) -> Iterator[QuestionGroup]:
    spec, at = known.spec, 1
    frozen = spec.bias_update == "none"
    for kind in asked:
        fitting = [q for q in every(spec) if q.kind in KINDS[kind] and not (frozen and _of_bias(q))]
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


def _question(place: int, derivation: Derivation, writer: Unmarked, digits: int) -> Question:
    lines, value = _answer_lines(derivation), derivation.value
    text = "" if value is None else number(value, digits)
    rows = tuple(rows_of(line, writer) for line in lines)
    notes = " ".join(filter(None, (rest_told(lines[-1], digits), remark(lines[-1], digits))))
    return Question(place, writer.write(derivation.symbol), text, rows, notes)


def _answer_lines(derivation: Derivation) -> list[Line]:
    lines = [line for line in derivation.lines if line.value is not None]
    kinds = _ANSWERS.get(derivation.quantity.kind)
    if kinds:
        return [line for line in lines if line.kind in kinds] or lines[-1:]
    results = [line for line in lines if line.kind in _RESULTS]
    return (results or lines)[-1:]
