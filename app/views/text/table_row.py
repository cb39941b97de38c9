"""A sample as a row of the table that it comes from, in the table's units and words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from app.data.numbers.written_dates import date_at
from app.engine.activations import Array
from app.engine.network import Spec
from app.explain.quantities import Quantity
from app.lab.own_units import (
    columns_of,
    in_table_units,
    inputs_in_table_units,
    is_standardised,
    label_of,
    own_column,
    own_columns,
    own_targets,
    own_value,
    targets_of,
)
from app.messages.marking import _
from app.views.text.formatting import as_in_table, clipped, listed

MOST_NAMED = 6
"""So many columns are named, and no more."""
_UNIT = re.compile(r" *[(\[]([^()\[\]]{1,12})[)\]]$")
_MINUTES = 24 * 60
"""How many a day has."""
_MOST_DAYS = 1e7
_MOST_WITH_UNIT = 10
"""The most letters of a value together with its unit."""


def without_unit(column: str) -> str:
    """A column's name without the unit in brackets behind it."""
    return _UNIT.sub("", column) or column


def in_own_unit(spec: Spec, layer: int, unit: int, value: float) -> str:
    """An input (``layer`` 0), output or target in its table's units, with the unit if it is short.

    A date has its day alone. "" where the network's numbers are the table's.
    """
    date = _date(spec, layer, unit, value)
    if date[:_MOST_WITH_UNIT] and (layer or len(date) <= _MOST_WITH_UNIT):
        return date[:_MOST_WITH_UNIT]
    own = own_value(spec, layer, unit, value)
    if own is None:
        return ""
    text = as_in_table(own)
    found = _UNIT.search((targets_of(spec) if layer else columns_of(spec))[unit])
    told = f"{text}\N{NO-BREAK SPACE}{found[1].strip()}" if found else text
    return told if len(told) <= _MOST_WITH_UNIT else text


def target_in_table(spec: Spec, unit: int, value: float) -> str:
    """A target as its table has it: its class, or as ``in_own_unit``."""
    column = own_column(spec, -1, unit)
    words = {1.0: column.words[0], 0.0: column.zero} if column.words else {}
    return words.get(value) or in_own_unit(spec, -1, unit, value)


def _date(spec: Spec, layer: int, unit: int, value: float) -> str:
    """An input's, output's or target's date to the minute; "" where its column has none."""
    column, own = own_column(spec, layer, unit), own_value(spec, layer, unit, value)
    if column.words or not column.zero:
        return ""
    days = value if own is None else own
    near = round(days * _MINUTES) / _MINUTES if abs(days) < _MOST_DAYS else days
    return date_at(near, column.zero)


def own_sentence(spec: Spec, quantity: Quantity, value: float | None) -> str:
    """What an input, an output or a target is in its table, if that has other units, else ""."""
    of_input, of_target = quantity.kind == "input", quantity.kind == "target"
    if value is None or not (of_input or of_target or _is_output(spec, quantity)):
        return ""
    layer, unit = (0 if of_input else -1), quantity.unit
    columns = columns_of(spec) if of_input else targets_of(spec)
    told = (
        target_in_table(spec, unit, value) if of_target else in_own_unit(spec, layer, unit, value)
    )
    form = _("In the units of the table: {column} = {value}.")
    column = clipped(without_unit(columns[unit]), among=columns)
    own = _date(spec, layer, unit, value) or told
    return form.format(column=column, value=own) if own else ""


def _is_output(spec: Spec, quantity: Quantity) -> bool:
    return quantity.kind == "act" and quantity.layer == len(spec.layers) - 1


def table_row(spec: Spec, inputs: Array, targets: Array) -> str:
    """A sample's inputs and targets as the table has them; "" where the network's numbers are."""
    if not is_standardised(spec) and not any(
        column.words or column.zero for column in own_columns(spec)
    ):
        return ""
    given = cells_of(spec, inputs_in_table_units(spec, inputs).tolist())
    label = label_of(spec, targets)
    if label:
        name = spec.data.targets[0] if spec.data and spec.data.targets else _("class")
        found = _pair(name, label)
    else:
        found = pairs_told(targets_told(spec, in_table_units(spec, targets).tolist()))
    form = _("In the table: {inputs}. Target: {targets}.")
    inputs_told = pairs_told((name, word or as_in_table(value)) for name, word, value in given)
    return form.format(inputs=inputs_told, targets=found)


def cells_of(spec: Spec, inputs: Sequence[float]) -> Iterator[tuple[str, str, float]]:
    """A sample's cells as the table has them: each column, its word or "", and its value.

    Where no word's unit is 1, or not that of one word alone, each unit stands for itself.
    """
    rest = iter(inputs)
    for column in own_columns(spec):
        values = [*islice(rest, max(1, len(column.words)))]
        told = [w for w, v in zip(column.words, values, strict=False) if round(v, 9) == 1]
        if len(told) == 1:
            yield column.name, told[0], 1.0
        elif len(told) == 0 and column.zero and column.words and round(values[0], 9) == 0:
            yield column.name, column.zero, 0.0
        elif column.words:
            pairs = zip(column.words, values, strict=True)
            yield from ((f"{column.name}={word}", "", value) for word, value in pairs)
        else:
            yield column.name, date_at(values[0], column.zero), values[0]


def targets_told(spec: Spec, values: Sequence[float]) -> Iterator[tuple[str, str]]:
    """Targets or outputs in the table's units, each with its name; dates to the minute."""
    for (name, zero), value in zip(own_targets(spec), values, strict=True):
        near = round(value * _MINUTES) / _MINUTES if zero and abs(value) < _MOST_DAYS else value
        yield name, date_at(near, zero) or as_in_table(value)


def pairs_told(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values in a row; of many the first ones."""
    every = [*pairs]
    names = [name for name, _ in every]
    parts = [_pair(name, text, names) for name, text in every]
    return listed(parts[:MOST_NAMED]) + (", …" if len(parts) > MOST_NAMED else "")


def _pair(name: str, text: str, among: Sequence[str] = ()) -> str:
    """A value with its column, whose unit stands behind a number."""
    if (found := _UNIT.search(name)) and text[-1:].isdigit():
        name, text = without_unit(name), f"{text}\N{NO-BREAK SPACE}{found[1].strip()}"
    return _("{name} = {value}").format(name=clipped(name, among=among), value=text)
