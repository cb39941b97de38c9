"""What a page says of inputs that somebody types in the table's units, and the answer to them."""

from collections.abc import Sequence
from typing import NamedTuple

from app.data.numbers.written_dates import date_at
from app.engine.network import Spec
from app.errors import InvalidInput
from app.lab.moment import Moment
from app.lab.own_units import (
    OwnAnswer,
    OwnColumn,
    answer_of,
    columns_of,
    inputs_in_table_units,
    own_columns,
    targets_of,
)
from app.lab.typed_cells import units_in
from app.lab.typed_inputs import typed_inputs
from app.messages.marking import _
from app.messages.problems import problem_detail
from app.views.text.formatting import as_in_table, clipped, listed, plain, short
from app.views.text.table_row import MOST_NAMED, cells_of, pairs_told, targets_told


class OwnAnswerView(NamedTuple):
    """The field for inputs of one's own: what it asks for, what was typed, and the answer.

    ``columns`` are the inputs in their order, ``usual`` the first sample's, as an example;
    ``sentence`` is the answer, ``notes`` say which units were left out and which range the samples
    have, and ``wrong`` why there is no answer; each "" for nothing. ``readings`` may be
    typed instead where that is because a number or list can be read in two ways.
    """

    columns: str
    usual: str
    typed: str
    sentence: str = ""
    notes: str = ""
    wrong: str = ""
    readings: tuple[str, ...] = ()


def own_answer_view(lab: Moment, typed: str) -> OwnAnswerView:
    """The field, and what the network answers at its present parameters for what was ``typed``."""
    spec = lab.present
    names = [_field_of(column, columns_of(spec)) for column in own_columns(spec)]
    columns = listed(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        columns = _("the {count} inputs").format(count=len(names))
    view = OwnAnswerView(columns, _usual(spec), typed)
    if not typed.strip():
        return view
    try:
        answer = answer_of(spec, lab.parameters, typed_inputs(spec, typed))
    except InvalidInput as error:
        before, after = error.values.get("before", ""), error.values.get("after", "")
        ways = (f"{before}{reading}{after}" for reading in error.readings)
        return view._replace(
            wrong=problem_detail(error.code, error.pointer, error.values),
            readings=tuple(way for way in ways if _is_read(spec, way)),
        )
    notes = filter(None, (_without_units(typed), _beyond(spec, answer)))
    return view._replace(sentence=_sentence(lab, answer), notes=" ".join(notes))


def _is_read(spec: Spec, typed: str) -> bool:
    """Whether a text is read, or asked about further on."""
    try:
        return bool(typed_inputs(spec, typed))
    except InvalidInput as error:
        return bool(error.readings)


def _without_units(typed: str) -> str:
    units = units_in(typed)
    return _("Read without the unit: {units}.").format(units=listed(units)) if units else ""


def _usual(spec: Spec) -> str:
    """The first sample's inputs, in the table's units."""
    row = inputs_in_table_units(spec, spec.inputs[0]).tolist()
    signs = {column.name: column.decimal or "." for column in own_columns(spec)}
    numbers = (
        (word, plain(float(f"{value:.6g}")).replace(".", signs.get(name, ".")))
        for name, word, value in cells_of(spec, row)
    )
    cells = [word or number for word, number in numbers]
    return "; ".join(cells[:MOST_NAMED]) + ("; …" if len(cells) > MOST_NAMED else "")


def _field_of(column: OwnColumn, among: Sequence[str]) -> str:
    """A column with the words that may be typed for it."""
    name = clipped(column.name, among=among)
    if column.holds_dates:
        return _("{name} (such as {example})").format(name=name, example=column.zero)
    if not column.words:
        return name
    all_words = (column.zero, *column.words)
    words = [clipped(word, among=all_words) for word in all_words[: MOST_NAMED + 1] if word]
    more = [] if len(column.words) <= MOST_NAMED else ["…"]
    return f"{name} ({', '.join([*words, *more])})"


def _sentence(lab: Moment, answer: OwnAnswer) -> str:
    spec = lab.present
    weights = _("the weights after step {step}") if lab.step else _("the first weights")
    weights = weights.format(step=lab.step)
    given = pairs_told(
        [(name, word or as_in_table(v)) for name, word, v in cells_of(spec, answer.inputs)]
    )
    found = pairs_told(targets_told(spec, answer.outputs))
    if not answer.label:
        form = _("For {given} it answers {found}, with {weights}.")
        return form.format(given=given, found=found, weights=weights)
    form = _("For {given} it answers class {name} ({found}), with {weights}.")
    outputs = spec.names.units[-1] if spec.layers[-1] == 1 else targets_of(spec)
    found = pairs_told(zip(outputs, map(short, answer.activations), strict=True))
    return form.format(given=given, found=found, name=answer.label, weights=weights)


def _beyond(spec: Spec, answer: OwnAnswer) -> str:
    zeros = {column.name: column.zero for column in own_columns(spec) if not column.words}
    bounds = (spec.inputs.min(axis=0), spec.inputs.max(axis=0))
    lows, highs = (inputs_in_table_units(spec, bound).tolist() for bound in bounds)
    ranges = []
    for name, low, high, out in zip(columns_of(spec), lows, highs, answer.outside, strict=True):
        if out:
            zero = zeros.get(name, "")
            start, end = (date_at(bound, zero) or as_in_table(bound) for bound in (low, high))
            ranges.append((name, _("{start} to {end}").format(start=start, end=end)))
    form = _("Outside the range of the training samples ({ranges}): this answer is a guess.")
    return form.format(ranges=pairs_told(ranges)) if ranges else ""
