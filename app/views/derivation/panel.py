"""The derivation panel: where a number comes from, to read, to copy and to be read out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose

from app.engine.network import Spec
from app.explain.chain_rule import derive
from app.explain.derivation import Derivation, Line
from app.explain.hidden_paths import MOST_PATHS, path_count
from app.explain.notation import Notation
from app.explain.quantities import Quantity, find
from app.explain.step_numbers import StepNumbers
from app.explain.writers.mathml_lines import BreakableMathML, is_wide
from app.lab.examples import EXAMPLES, Published
from app.lab.moment import Moment
from app.lab.phases import Kind, Phase, Progress
from app.lab.sample_in_view import SampleInView, sample_in_view
from app.messages import derivations as words
from app.views.text.formatting import number, plain
from app.views.text.sample import sample_note
from app.views.text.wording import latex_of, meaning, phase_name, remark, rows_of, spoken, text_of

_KINDS: Mapping[str, tuple[Kind, int]] = {
    "pre": (Kind.PRE_ACTIVATION, 0),
    "act": (Kind.ACTIVATION, 0),
    "delta": (Kind.DELTA, 0),
    "weight": (Kind.GRADIENT, 1),
    "bias": (Kind.GRADIENT, 1),
    "velocity": (Kind.MOMENTS, 1),
    "mean": (Kind.MOMENTS, 1),
    "square": (Kind.MOMENTS, 1),
    "new": (Kind.UPDATE, 1),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the panel.

    Attributes:
        kind, role, badge: as in ``explain.derivation.Line``.
        meaning: what it means, in words.
        mathml: its equation in rows, each in pieces between which it may be broken.
        remark: what must be said about rounded digits, or "".
        wide: whether a piece may be wider than a narrow page.
    """

    kind: str
    role: str
    badge: str
    meaning: str
    mathml: tuple[tuple[str, ...], ...]
    remark: str
    wide: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A derivation, ready to print.

    Attributes:
        key: the quantity, as addresses name it.
        question, title: in words.
        steps: its lines.
        value: the result, rounded, or "" while it is not computed.
        exact: the result as it is stored, or "".
        pending: which phase computes what is missing, or "".
        direction: what the gradient's sign says, or "".
        latex, text: to copy.
        sentence: what a screen reader says when it opens.
        field: the name of the value that can be changed here, or "".
        field_value: that value, as a person types it.
        printed: what a source printed for it.
        note: of which samples it speaks, or "".
    """

    key: str
    question: str
    title: str
    steps: tuple[Step, ...]
    value: str
    exact: str
    pending: str
    direction: str
    latex: str
    text: str
    sentence: str
    field: str
    field_value: str
    printed: tuple[Published, ...] = ()
    note: str = ""


def phase_for(quantity: Quantity, progress: Progress) -> Phase | None:
    """The phase that computes ``quantity``; None for what is given."""
    if quantity.kind in ("share", "error", "loss"):
        return Phase(Kind.ERROR)
    if quantity.kind == "loss_after":
        return progress.phases[-1]
    if quantity.kind not in _KINDS:
        return None
    kind, shift = _KINDS[quantity.kind]
    whole = Phase(kind)
    return whole if whole in progress.phases else Phase(kind, quantity.layer + shift)


def is_computed(phase: Phase | None, progress: Progress) -> bool:
    """Whether a phase lies behind."""
    return phase is None or progress.has(phase.kind, phase.layer)


def visible_derivation(seen: SampleInView, quantity: Quantity, progress: Progress) -> Derivation:
    """The derivation of ``quantity``, without any number that is not computed yet."""
    derivation = derive(quantity, seen.known(quantity))
    if seen.lacks(quantity) or not is_computed(phase_for(quantity, progress), progress):
        return derivation.withheld()
    if quantity.kind in ("weight", "bias"):
        later = [
            kind for kind in ("moment", "update") if not _has_updated(kind, quantity, progress)
        ]
        return derivation.update_withheld(*later)
    return derivation


def _has_updated(kind: str, quantity: Quantity, progress: Progress) -> bool:
    """Whether the "moment" or "update" lines of a parameter are computed."""
    phase = _update_phase(quantity, progress)
    if kind == "moment" and phase:
        before = Phase(Kind.MOMENTS, phase.layer)
        phase = before if before in progress.phases else phase
    return is_computed(phase, progress)


def _update_phase(quantity: Quantity, progress: Progress) -> Phase | None:
    return phase_for(Quantity("new", quantity.name, quantity.layer), progress)


def _step(line: Line, mathml: BreakableMathML, digits: int) -> Step:
    rows = tuple(tuple(row) for row in rows_of(line, mathml))
    said = remark(line, digits)
    return Step(line.kind, line.role, line.badge, meaning(line), rows, said, is_wide(rows))


def panel_of(
    standing: Moment,
    quantity: Quantity,
    notation: Notation,
    digits: int,
    progress: Progress | None = None,
    seen: SampleInView | None = None,
) -> tuple[Panel, Derivation]:
    """The panel of ``quantity`` as far as it is computed, and its derivation.

    Args:
        standing: the network.
        quantity: the number.
        notation: what things are called.
        digits: how many decimals are shown.
        progress: what may be told; what the Lab's phases have computed if not given.
        seen: the sample in view; the step's own if not given.
    """
    progress, spec = progress or standing.progress, standing.shown_spec
    seen = seen or sample_in_view(standing)
    derivation = visible_derivation(seen, quantity, progress)
    writer = BreakableMathML(notation, digits)
    gradient = quantity.kind in ("weight", "bias") and derivation.value is not None
    direction = _direction(derivation) if gradient else ""
    field, value = _field(seen, quantity)
    pending = () if seen.lacks(quantity) else _pending(quantity, progress, spec, notation)
    panel = Panel(
        key=quantity.key,
        question=words.QUESTIONS[quantity.kind].format(**derivation.names),
        title=words.TITLES[quantity.kind].format(**derivation.names),
        steps=tuple(_step(line, writer, digits) for line in derivation.lines),
        value="" if derivation.value is None else number(derivation.value, digits),
        exact="" if derivation.value is None else repr(derivation.value),
        pending=" ".join(pending),
        direction=direction,
        latex=latex_of(derivation, notation, digits),
        text=text_of(derivation, notation, digits),
        sentence=spoken(derivation, notation, digits),
        field=field,
        field_value=value,
        printed=_printed(standing, quantity, progress),
        note=sample_note(seen, quantity),
    )
    return panel, derivation


def _direction(derivation: Derivation) -> str:
    line = derivation.lines[-1]
    said = line.names.get("direction", "")
    return words.DIRECTIONS[said].format(**line.names) if said else ""


def _pending(
    quantity: Quantity, progress: Progress, spec: Spec, notation: Notation
) -> Iterator[str]:
    phase = phase_for(quantity, progress)
    if phase and not is_computed(phase, progress):
        yield words.PENDING.format(phase=phase_name(phase, spec, notation))
    elif quantity.kind in ("weight", "bias"):
        update = _update_phase(quantity, progress)
        frozen = quantity.kind == "bias" and spec.bias_update == "none"
        if update and not frozen and not is_computed(update, progress):
            yield words.PENDING_UPDATE.format(phase=phase_name(update, spec, notation))
    if quantity.kind == "weight":
        count = path_count(spec, quantity)
        if count > MOST_PATHS:
            yield words.MANY_PATHS.format(count=f"{count:,}")


def _field(seen: SampleInView, quantity: Quantity) -> tuple[str, str]:
    """The value that can be changed where ``quantity`` is explained."""
    present, parameters = seen.standing.present, seen.standing.parameters
    layer, unit, source = quantity.layer, quantity.unit, quantity.source
    match quantity.kind:
        case "input":
            return quantity.name, plain(float(present.inputs[seen.index, unit]))
        case "target":
            return quantity.name, plain(float(present.targets[seen.index, unit]))
        case "weight" | "value" | "new" if source >= 0:
            return quantity.name, plain(float(parameters.weights[layer][unit, source]))
        case "bias" | "value" | "new":
            return quantity.name, plain(float(parameters.biases[layer][unit]))
    return "", ""


def _printed(standing: Moment, quantity: Quantity, progress: Progress) -> tuple[Published, ...]:
    """What the example's source printed here, if this still is the network that it calculated."""
    example = EXAMPLES.get(standing.origin or "")
    if example is None or standing.shown.step != 1:
        return ()
    keys = [quantity.key]
    keys += {"act": [f"net:{quantity.name}"]}.get(quantity.kind, [])
    keys += [f"new:{quantity.name}"] if quantity.kind in ("weight", "bias") else []
    known = StepNumbers(standing.shown_spec, standing.shown)
    found = []
    for row in example.printed_for(*keys):
        of = find(row.quantity or "", known.spec)
        value = known.value(of) * (-1 if row.negated else 1)
        same = isinstance(row.exact, str) or isclose(value, row.exact, rel_tol=1e-9)
        if same and is_computed(phase_for(of, progress), progress):
            found.append(row)
    return tuple(found)
