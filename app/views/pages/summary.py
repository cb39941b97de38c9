"""What the panel says while nothing is pinned: what an update moved, or the phase's arithmetic."""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import quote

import numpy as np

from app.engine.learning import Optimizer
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.trace import Trace
from app.explain.derivation import Derivation, Line
from app.explain.notation import Notation
from app.explain.quantities import Quantity, find
from app.explain.rounding import number
from app.explain.writers.mathml import BreakableMathML, abridged, mathml_width
from app.lab.lab import Lab
from app.lab.phases import Kind, Phase
from app.lab.sample_in_view import SampleInView
from app.lab.visibility import Visibility
from app.messages.derivations import MOVED_MOST, REST
from app.views.derivation.panel import Step, step_of
from app.views.derivation.wording import TextRows, phase_name, rows_of, title_of
from app.views.pages.phase_list import KIND_OF_UNITS
from app.views.text.formatting import short
from app.views.text.sample import sample_note
from app.views.text.table_row import own_sentence

MOST_MOVED, MOST_LINES = 3, 8
# On a projector, in hundredths of its height: the room for equations, their lines, and what a
# factor's badge adds; and how many digits a line has at the least.
_ROOM, _LINE, _FRACTION, _BADGE, _DIGITS_ACROSS = 18.4, 4.2, 6.9, 2.6, 57
_OVER_SAMPLES = "samples"
_RESULTS = ("sum", "shared", _OVER_SAMPLES)


class ErrorChange(NamedTuple):
    """How much an update changed the error, in per cent: its text, and "fell", "rose" or "same"."""

    text: str
    kind: str


class MovedParameter(NamedTuple):
    """A weight or bias that an update moved: its name, also as in addresses, and its values.

    ``by`` is "" where it stayed: it is in the page, and not shown.
    """

    name: str
    key: str
    before: str
    after: str
    by: str


class UpdateSummary(NamedTuple):
    """An update as a projector shows it: what moved most, and the formula of the first of them."""

    title: str
    formula: TextRows


class PhaseLine(NamedTuple):
    """A number of a phase: its name in addresses, what it is, and its arithmetic in one line."""

    key: str
    title: str
    mathml: TextRows


class FirstNumber(NamedTuple):
    """A number of a phase in full: what it is, its value, rounded and as stored, and its lines.

    ``in_table`` says what it is in the units of the table, "" where these are the network's.
    """

    title: str
    value: str
    exact: str
    steps: tuple[Step, ...]
    in_table: str


class PhaseSummary(NamedTuple):
    """What a phase computed: one number in full, ``others`` in a line each, ``more`` not listed.

    ``note`` says whose the numbers are where there are several samples, ``rest`` what "…" stands
    for.
    """

    title: str
    first: FirstNumber
    others: tuple[PhaseLine, ...]
    more: int
    note: str
    rest: str

    @property
    def formula(self) -> TextRows:
        """The first number's arithmetic in one line, with the chain rule where it has one.

        Of a long sum only the first terms and the last: it is read from far away.
        """
        steps = self.first.steps
        result = steps[_telling([step.kind for step in steps])]
        pieces = tuple(piece for row in result.mathml for piece in abridged(row))
        # Of several chains the first is the number's own; the others are of its factors.
        chain = next((step for step in steps if step.kind == "chain"), result)
        if result.kind != _OVER_SAMPLES and chain is not result:
            pieces = (*chain.mathml[0], *pieces[1:])
        return (pieces,)

    @property
    def presented(self) -> tuple[PhaseLine, ...]:
        """Those of the others that a projector has room for below the formula."""
        left = _ROOM - _height(self.formula)
        heights = accumulate(_height(one.mathml) for one in self.others)
        return tuple(
            one for one, height in zip(self.others, heights, strict=True) if height <= left
        )

    @property
    def not_presented(self) -> int:
        """How many others it has no room for."""
        return self.more + len(self.others) - len(self.presented)


def _height(rows: TextRows) -> float:
    """How high an equation is on a projector, in hundredths of its height."""
    (pieces,) = rows
    text = "".join(pieces)
    lines = math.ceil(sum(map(mathml_width, pieces)) / _DIGITS_ACROSS)
    return (_FRACTION if "<mfrac" in text else _LINE) * lines + _BADGE * ("badge" in text)


def change_of(before: float | None, after: float | None) -> ErrorChange | None:
    """How the error changed; None where there are no two errors, or no share of the first."""
    if before is None or after is None or not before:
        return None
    share = (after - before) / before
    kind = "fell" if share < 0 else "rose" if share > 0 else "same"
    sign = "+" if share > 0 else ""
    return ErrorChange(f"{sign}{short(100 * share, 2)}\N{NO-BREAK SPACE}%", kind)


def follows_gradient(optimizer: Optimizer) -> bool:
    """Whether each parameter steps against its gradient, and stays where that is 0."""
    return optimizer.name == "sgd" and not optimizer.weight_decay


def moved_parameters(spec: Spec, trace: Trace | None, digits: int) -> tuple[MovedParameter, ...]:
    """The weights and biases that an update moved most, the one that moved furthest first."""
    if trace is None:
        return ()
    before, after = (np.concatenate([*map(np.ravel, values.arrays())])
                     for values in (trace.before, trace.after))  # fmt: skip
    weights, moves = spec.names.parts("weight"), after - before
    rows = zip(spec.names.bias_nodes, spec.names.biases, strict=True)
    biases = [node or name for node, row in rows for name in row]
    furthest: dict[str, int] = {}
    for at in np.argsort(-np.abs(moves), kind="stable").tolist():
        if len(furthest) == MOST_MOVED:
            break
        name = weights[at].name if at < len(weights) else biases[at - len(weights)]
        furthest.setdefault(name, at)  # a bias that units share is one
    return tuple(
        MovedParameter(
            name,
            quote(name),
            number(float(before[at]), digits),
            number(float(after[at]), digits),
            number(float(moves[at]), digits, signed=True) if moves[at] else "",
        )
        for name, at in furthest.items()
    )


def update_summary(
    seen: SampleInView, lab: Lab, notation: Notation, digits: int
) -> UpdateSummary | None:
    """What the update in view did; None where there is none."""
    moved = moved_parameters(seen.spec, lab.trace, digits)
    if not moved:
        return None
    kinds = {find(one.name, seen.spec).kind for one in moved}
    first = find(f"new:{moved[0].name}", seen.spec)
    update = Visibility(seen, lab.progress).derivation(first).lines[-1]
    title = MOVED_MOST[kinds.pop() if len(kinds) == 1 else "both"]
    return UpdateSummary(title, _in_one_row(update, BreakableMathML(notation, digits)))


def phase_summary(visible: Visibility, notation: Notation, digits: int) -> PhaseSummary | None:
    """The arithmetic of the phase computed last; None where the sample has no part in it."""
    phase = visible.progress.now
    if phase is None:
        return None
    found = [one for one in _quantities(visible, phase) if visible.shows(one)]
    if not found:
        return None
    main = visible.derivation(found[0])
    first = _first(main, visible.sample.spec, BreakableMathML(notation, digits), digits)
    others = tuple(_line(visible, one, notation, digits) for one in found[1 : 1 + MOST_LINES])
    title = phase_name(phase, visible.sample.spec, notation)
    seen = visible.sample
    listed = next((line.names["rest"] for line in main.lines if "rest" in line.names), "")
    rest, note = REST.format(rest=listed) if listed else "", sample_note(seen, found[0])
    return PhaseSummary(title, first, others, len(found) - 1 - len(others), note, rest)


def _quantities(visible: Visibility, phase: Phase) -> Iterator[Quantity]:
    """The numbers that a phase computes, the main one first."""
    spec = visible.sample.spec
    names, last = spec.names, len(spec.layers) - 1
    if phase.kind is Kind.ERROR:
        if visible.sample.inside:  # of another sample the step's error has no part
            yield Quantity("loss")
        yield from (Quantity("share", name, last, at) for at, name in enumerate(names.units[last]))
    elif phase.kind in KIND_OF_UNITS and phase.layer is not None:
        for at, name in enumerate(names.units[phase.layer]):
            yield Quantity(KIND_OF_UNITS[phase.kind], name, phase.layer, at)
    else:
        parts = names.parts("weight")
        if spec.bias_update != "none":
            parts += names.parts("bias")
        kinds = slots_of(spec.optimizer) if phase.kind is Kind.MOMENTS else ("new",)
        for part in parts:
            if phase.layer in (None, part.layer + 1):
                own = (part.kind,) if phase.kind is Kind.GRADIENT else kinds
                for kind in own:
                    yield Quantity(kind, part.name, part.layer, part.unit, part.source)


def _first(derivation: Derivation, spec: Spec, mathml: BreakableMathML, digits: int) -> FirstNumber:
    value, signed = derivation.value, derivation.quantity.signed
    return FirstNumber(
        title_of(derivation),
        "" if value is None else number(value, digits, signed=signed),
        "" if value is None else repr(value),
        tuple(step_of(line, mathml, digits) for line in derivation.lines),
        own_sentence(spec, derivation.quantity, value),
    )


def _line(visible: Visibility, quantity: Quantity, notation: Notation, digits: int) -> PhaseLine:
    derivation = visible.derivation(quantity, brief=True)
    row = _in_one_row(_result(derivation.lines), BreakableMathML(notation, digits))
    return PhaseLine(quantity.key, title_of(derivation), row)


def _in_one_row(line: Line, mathml: BreakableMathML) -> TextRows:
    return (tuple(piece for row in rows_of(line, mathml) for piece in row),)


def _result(lines: tuple[Line, ...]) -> Line:
    """The line that says what the number is made from."""
    return lines[_telling([line.kind for line in lines])]


def _telling(kinds: Sequence[str]) -> int:
    """Which of a derivation's lines says what its number is made from."""
    told = [at for at, kind in enumerate(kinds) if kind in _RESULTS]
    if _OVER_SAMPLES in kinds:  # the diagram has the batch's number, not one sample's
        return told[-1]
    return kinds.index("product") if "product" in kinds else told[-1] if told else -1
