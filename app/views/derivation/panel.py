"""The derivation panel: where a number comes from, to read, to copy and to be read out."""

from math import isclose
from typing import NamedTuple

from app.explain.derivation import Derivation, Line
from app.explain.hidden_paths import MOST_PATHS, path_count
from app.explain.notation import Notation
from app.explain.quantities import Quantity, find
from app.explain.rounding import number
from app.explain.step_numbers import entry
from app.explain.writers.mathml import BreakableMathML, is_wide
from app.lab.examples import EXAMPLES, Published
from app.lab.sample_in_view import SampleInView
from app.lab.visibility import Visibility
from app.messages import derivations as words
from app.views.derivation.wording import (
    TextRows,
    Wording,
    meaning,
    phase_name,
    remark,
    rows_of,
    title_of,
)  # fmt: skip
from app.views.text.formatting import plain
from app.views.text.sample import sample_note
from app.views.text.table_row import own_sentence
from app.views.text.typed_field import TypedField, typed_field


class Step(NamedTuple):
    """A line of the panel: its kind, role and badge, its meaning in words, its equation, a note.

    ``wide``: a piece may be wider than a narrow page.
    """

    kind: str
    role: str
    badge: str
    meaning: str
    mathml: TextRows
    remark: str
    wide: bool


class Panel(NamedTuple):
    """A derivation, ready to print; texts are "" where there is nothing to say.

    ``key`` is the quantity as addresses name it; ``value`` the result, rounded, and ``exact`` as it
    is stored; ``pending`` tells which phase computes what is missing, ``direction`` what the sign
    of a gradient means. ``latex`` and ``text`` are to copy; a screen reader reads ``sentence`` out.
    ``field`` is the value that can be changed here, ``printed`` what a source printed for it,
    ``note`` the samples that it belongs to, ``in_table`` what it is in the units of the table.
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
    field: TypedField | None
    printed: tuple[Published, ...] = ()
    note: str = ""
    in_table: str = ""


def panel_of(
    visible: Visibility, quantity: Quantity, notation: Notation, digits: int
) -> tuple[Panel, Derivation]:
    """The panel of ``quantity`` as far as it may be shown, with its derivation."""
    derivation = visible.derivation(quantity)
    wording, mathml = Wording(derivation, notation, digits), BreakableMathML(notation, digits)
    value = derivation.value
    panel = Panel(
        key=quantity.key,
        question=wording.question,
        title=title_of(derivation),
        steps=tuple(step_of(line, mathml, digits) for line in derivation.lines),
        value="" if value is None else number(value, digits, signed=quantity.signed),
        exact="" if value is None else repr(value),
        pending=pending_text(visible, quantity, notation),
        direction="" if value is None else _direction(derivation),
        latex=wording.latex,
        text=wording.text,
        sentence=wording.spoken,
        field=_field(visible.sample, quantity),
        printed=_printed(visible, quantity),
        note=sample_note(visible.sample, quantity),
        in_table=own_sentence(visible.sample.spec, quantity, value),
    )
    return panel, derivation


def step_of(line: Line, mathml: BreakableMathML, digits: int) -> Step:
    """A line of a derivation as the panel has it."""
    rows = rows_of(line, mathml)
    about = line.kind, line.role, line.badge, meaning(line, digits)
    return Step(*about, rows, remark(line, digits), is_wide(rows))


def _direction(derivation: Derivation) -> str:
    line = derivation.lines[-1]
    if derivation.quantity.kind in ("weight", "bias") and "direction" in line.names:
        return words.DIRECTIONS[line.names["direction"]].format(**line.names)
    return ""


def pending_text(visible: Visibility, quantity: Quantity, notation: Notation) -> str:
    """Which phase computes what is missing in the derivation of ``quantity``, or ""."""
    if visible.sample.has_no(quantity):
        return ""
    spec, texts = visible.sample.spec, []
    phase, update = visible.phase_of(quantity), visible.update_phase_of(quantity)
    frozen = quantity.kind == "bias" and spec.bias_update == "none"
    if phase and not visible.is_past(phase):
        texts.append(words.PENDING.format(phase=phase_name(phase, spec, notation)))
    elif update and not frozen and not visible.is_past(update):
        texts.append(words.PENDING_UPDATE.format(phase=phase_name(update, spec, notation)))
    if quantity.kind == "weight" and (count := path_count(spec, quantity)) > MOST_PATHS:
        texts.append(words.MANY_PATHS.format(count=f"{count:,}"))
    return " ".join(texts)


def _field(sample: SampleInView, quantity: Quantity) -> TypedField | None:
    """The value that can be changed where ``quantity`` is explained."""
    present, parameters = sample.standing.present, sample.standing.parameters
    match quantity.kind:
        case "input":
            return typed_field(present, 0, quantity.unit, sample.index)
        case "target":
            return typed_field(present, -1, quantity.unit, sample.index)
        case "weight" | "bias" | "value" | "new":
            name = quantity.name
            return TypedField(name, name, plain(entry(parameters, quantity)))
        case _:
            return None


def _printed(visible: Visibility, quantity: Quantity) -> tuple[Published, ...]:
    """What the example's source printed here, if this still is the network that it calculated."""
    standing = visible.sample.standing
    example = EXAMPLES.get(standing.origin or "")
    if example is None or standing.shown.step != 1:
        return ()
    beside = {"act": "net", "weight": "new", "bias": "new"}.get(quantity.kind)
    keys = [quantity.key, *([f"{beside}:{quantity.name}"] if beside else [])]
    found = []
    for row in example.printed_for(*keys):
        value = visible.value(find(row.quantity or "", visible.sample.spec))
        if value is None:
            continue
        value = -value if row.negated else value
        if isinstance(row.exact, str) or isclose(value, row.exact, rel_tol=1e-9):
            found.append(row)
    return tuple(found)
