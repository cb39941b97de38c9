"""Inputs and outputs in the units of a network's table, and its answers to inputs of one's own.

Where a table was standardised, the network sees (value - mean) / scale; a value is output * scale +
mean. Elsewhere a table's units are the network's.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.data.dates import DURATIONS, typed_since
from app.data.numbers.like_numbers import season_years, without_second_years
from app.data.numbers.number_formats import WrittenNumber, written_number
from app.data.numbers.number_lists import number_by, number_rows
from app.data.numbers.typed_numbers import typed_numbers
from app.data.table_headers import is_same_unit, unit_of
from app.engine.activations import Array
from app.engine.backprop import forward
from app.engine.metrics import has_classes, labels_of, threshold_of
from app.engine.network import Provenance, Spec
from app.engine.parameters import Parameters
from app.errors import InvalidInput

POINTER = "/ask"
_AFTER_CELLS = re.compile(r"[;\t\N{FULLWIDTH SEMICOLON}]")
_AFTER_COMMA = re.compile(r",\s+")
_NO_CELLS = re.compile(r"[\[({\\=]")
"""What lists have around their cells, and a cell has not."""


class OwnAnswer(NamedTuple):
    """What a network answers for ``inputs``, in its table's units, as the ``outputs`` are.

    ``activations`` are its outputs as it computes them, ``label`` is the class that they name, ""
    where there are no classes; ``outside`` says of each input whether no sample goes so far.
    """

    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    activations: tuple[float, ...]
    label: str
    outside: tuple[bool, ...]


def columns_of(spec: Spec) -> tuple[str, ...]:
    """What the inputs are called in the table, else their units' names."""
    columns = spec.data.columns if spec.data else ()
    return columns if len(columns) == spec.layers[0] else tuple(spec.names.units[0])


class OwnColumn(NamedTuple):
    """A column of the table, with the ``words`` that have a unit each; () where it holds numbers.

    Of two words one has a unit, and the other is where that is 0. ``zero`` is that word, or the
    earliest of a column's dates; "" for neither, or where nobody told. ``decimal`` is "," where its
    numbers have decimal commas, else "".
    """

    name: str
    words: tuple[str, ...] = ()
    zero: str = ""
    decimal: str = ""

    @property
    def holds_dates(self) -> bool:
        """Whether it holds dates, times or durations."""
        return not self.words and typed_since(self.zero, self.zero) is not None

    @property
    def holds_durations(self) -> bool:
        """Whether it holds durations, of which plain numbers are some, too."""
        return self.holds_dates and self.zero.endswith(DURATIONS)


def own_columns(spec: Spec) -> tuple[OwnColumn, ...]:
    """The table's columns that are inputs, those of words once."""
    found: list[OwnColumn] = []
    columns = columns_of(spec)
    for column, zero in zip(columns, _zeros_of(spec)[: len(columns)], strict=True):
        name, _, word = column.partition("=")
        if not word:
            found.append(OwnColumn(column, (), zero))
        elif found and found[-1].words and found[-1].name == name:
            found[-1] = OwnColumn(name, (*found[-1].words, word))
        else:
            found.append(OwnColumn(name, (word,), zero))
    signs = spec.data.decimal if spec.data else ""
    signs = signs * len(found) if len(signs) == 1 else signs.ljust(len(found))
    pairs = zip(found, signs, strict=False)
    return tuple(one._replace(decimal=sign.strip(" .")) for one, sign in pairs)


def targets_of(spec: Spec) -> tuple[str, ...]:
    """What the outputs stand for: classes, the table's targets, else their units' names."""
    data, outputs = spec.data, tuple(spec.names.units[-1])
    if data is None:
        return outputs
    fitting = (data.classes, data.targets)
    return next((names for names in fitting if len(names) == len(outputs)), outputs)


def _zeros_of(spec: Spec) -> tuple[str, ...]:
    """What each input is 0 for, then each output; "" where nobody told."""
    zeros, inputs = spec.data.zeros if spec.data else (), spec.layers[0]
    if len(zeros) not in (inputs, inputs + spec.layers[-1]):
        zeros = ()
    return zeros + ("",) * (inputs + spec.layers[-1] - len(zeros))


def own_targets(spec: Spec) -> tuple[tuple[str, str], ...]:
    """What the outputs stand for, each with the earliest date of its column, or ""."""
    return tuple(zip(targets_of(spec), _zeros_of(spec)[spec.layers[0] :], strict=True))


def class_names(spec: Spec) -> tuple[str, ...]:
    """What the classes are called, in the order of their labels; () where there are none."""
    if not has_classes(spec):
        return ()
    outputs = spec.names.units[-1]
    low = "0" if threshold_of(spec) else "\N{MINUS SIGN}1"
    names = outputs if len(outputs) > 1 else (low, "1")
    given = spec.data.classes if spec.data else ()
    return given if len(given) == len(names) else names


def typed_inputs(spec: Spec, text: str) -> tuple[float, ...]:
    """The inputs that a text holds, in the table's units: 60, or 60; 1,5 for two, or 60; red.

    Numbers are written as in the table, where it has decimal commas; a unit behind one is left out,
    and so is the second year of a season such as 2003/04.
    Raises InvalidInput if these are not as many as there are inputs, one can be read in two ways or
    not at all, or a word, a date or a unit is none of its column's.
    """
    count, columns = spec.layers[0], own_columns(spec)
    text = re.sub(r"(?<=\d)\s+(?=[%‰])", "", text)
    words = any(column.words or column.zero for column in columns) or re.search("[%‰]", text)
    order = spec.data.dates if spec.data else ""
    if not any(column.holds_dates for column in columns):
        text = without_second_years(text)
    cells = _AFTER_CELLS.split(text.strip().rstrip(";"))
    if words and len(cells) == 1 < len(columns):
        cells = re.split(r",?\s+", text.strip())
    if len(cells) == 1 < len(columns) and units_in(text):
        cells = _AFTER_COMMA.split(text.strip())
    if len(cells) == len(columns) and (words or not _NO_CELLS.search(text)):
        cells = _without_short_years(spec, [cell.strip() for cell in cells])
        return _values_in(columns, cells, order)
    signs, has_digits = {column.decimal for column in columns}, re.search(r"\d", text)
    decimal = signs.pop() if len(signs) == 1 else ""
    rows = number_rows(text, POINTER, decimal).rows if has_digits else []
    values = [number_by(cell, ".") for row in rows for cell in row]
    if len(values) != count:
        named = [column.name for column in columns]
        raise InvalidInput(
            "asked_inputs", pointer=POINTER, expected=len(named),
            count=len(cells) if words else len(values),
            columns=", ".join(named[:6]) + (", …" if len(named) > 6 else ""),
        )  # fmt: skip
    return tuple(value for value in values if value is not None)


def _without_short_years(spec: Spec, cells: list[str]) -> list[str]:
    """The cells, those such as 09/10 with a season's first year where a column counts years."""
    known = [*map(season_years, zip(cells, strict=True))]
    if not any(known) or len(cells) != spec.layers[0]:
        return cells
    samples = inputs_in_table_units(spec, spec.inputs)
    years = np.all((samples > 1800.0) & (samples < 2100.0), axis=0).tolist()
    told = zip(cells, known, years, strict=True)
    return [one.get(cell, cell) if counts else cell for cell, one, counts in told]


def units_in(text: str) -> tuple[str, ...]:
    """The units behind the numbers in a text, each once: km and kg in 60 km; 70kg."""
    cells = (cell for part in _AFTER_CELLS.split(text) for cell in _AFTER_COMMA.split(part))
    found = (one.currency for cell in cells if (one := written_number(cell.strip())))
    return tuple(dict.fromkeys(filter(None, found)))


def _values_in(columns: Sequence[OwnColumn], cells: Sequence[str], order: str) -> tuple[float, ...]:
    """The inputs that cells stand for; an error says what stands ``before`` and ``after`` its."""
    found: list[float] = []
    for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        try:
            found += _values_of(column, cell, order)
        except InvalidInput as error:
            before = "".join(f"{other}; " for other in cells[:at])
            after = "".join(f"; {other}" for other in cells[at + 1 :])
            values = {**error.values, "before": before, "after": after}
            raise InvalidInput(error.code, pointer=POINTER, **values) from None
    return tuple(found)


def _values_of(column: OwnColumn, cell: str, order: str) -> tuple[float, ...]:
    """The inputs that a cell of a column stands for: one, or one for each of its words."""
    if column.holds_dates:
        days = typed_since(cell, column.zero, order)
        if days is None and not column.holds_durations:
            raise InvalidInput(
                "asked_date", pointer=POINTER, cell=cell.strip()[:20], column=column.name,
                example=column.zero,
            )  # fmt: skip
        if days is not None:
            return (days,)
    low, words = cell.strip().casefold(), [word.casefold() for word in column.words]
    if low in words:
        return tuple(float(low == word) for word in words)
    if words and low == column.zero.casefold():
        return (0.0,)
    cell = without_second_years(cell)
    told = number_by(cell, column.decimal) if column.decimal else None
    found = typed_numbers(cell) if told is None else (told,)
    if not words and (one := written_number(cell.strip())) and (one.currency or one.percent):
        found = _without_unit(column, cell.strip(), one)
    if len(found) > 1:
        point, comma = (f"{value:.15g}" for value in found)
        raise InvalidInput("open_number", pointer=POINTER, point=point, comma=comma)
    if not found or not math.isfinite(found[0]) or len(words) > 1:
        zero = (column.zero or "0",) if len(words) == 1 else ()
        raise InvalidInput(
            "asked_word" if words else "asked_number", pointer=POINTER, cell=cell.strip()[:20],
            column=column.name, allowed=", ".join((*zero, *column.words)),
        )  # fmt: skip
    return found


def _without_unit(column: OwnColumn, cell: str, one: WrittenNumber) -> tuple[float, ...]:
    """The readings of a number with a unit, which has to be that in the column's name, if any.

    Of a column that tells none a share is refused: 10% of it may be 0.1 or 10.
    """
    share = ("‰" if "‰" in cell else "%") if one.percent else ""
    own, typed = unit_of(column.name), share or one.currency
    if (own or share) and not is_same_unit(own, typed):
        raise InvalidInput(
            "asked_unit" if own else "asked_no_unit", pointer=POINTER, cell=cell[:20],
            column=column.name, unit=own,
        )  # fmt: skip
    values = (one.value(column.decimal),) if column.decimal else (one.point, one.comma)
    factor = {"%": 100, "‰": 1000}.get(share, 1)
    known = (float(f"{value * factor:.14g}") for value in values if value is not None)
    return tuple(dict.fromkeys(known))


def answer_of(spec: Spec, parameters: Parameters, inputs: Sequence[float]) -> OwnAnswer:
    """What a network answers for ``inputs`` in its table's units.

    Raises InvalidInput if that is not finite.
    """
    data, width = spec.data or Provenance("", {}), spec.layers[0]
    means, scales = _moments(data.means, width), _moments(data.scales, width, 1.0)
    seen = (np.array([inputs]) - means) / scales
    with np.errstate(all="ignore"):
        passed = forward(spec, parameters, seen, np.zeros((1, spec.layers[-1])))
        activations = passed.activations[-1]
        outputs = in_table_units(spec, activations)
    if not np.all(np.isfinite(activations) & np.isfinite(outputs)):
        raise InvalidInput("asked_not_finite", pointer=POINTER)
    return OwnAnswer(
        tuple(inputs), tuple(outputs[0].tolist()),
        tuple(activations[0].tolist()), label_of(spec, activations), _outside(spec, seen),
    )  # fmt: skip


def is_standardised(spec: Spec) -> bool:
    """Whether the network sees its table in other units than the table has."""
    return spec.data is not None and bool(spec.data.means or spec.data.target_means)


def inputs_in_table_units(spec: Spec, inputs: Array) -> Array:
    """Inputs in the units of the table, in the same shape."""
    data, width = spec.data or Provenance("", {}), spec.layers[0]
    return inputs * _moments(data.scales, width, 1.0) + _moments(data.means, width)


def in_table_units(spec: Spec, outputs: Array) -> Array:
    """Outputs, or targets, in the units of the table, in the same shape."""
    data, width = spec.data, spec.layers[-1]
    if data is None:
        return outputs
    return outputs * _moments(data.target_scales, width, 1.0) + _moments(data.target_means, width)


def own_value(spec: Spec, layer: int, unit: int, value: float) -> float | None:
    """An input (``layer`` 0), output or target in the units of the table, if these differ.

    It has no more digits than standardising and its way back leave as they were.
    """
    data = spec.data or Provenance("", {})
    means, scales = data.target_means, data.target_scales
    if layer == 0:
        means, scales = data.means, data.scales
    fits = len(means) == len(scales) == spec.layers[layer]
    if not fits or (means[unit], scales[unit]) == (0.0, 1.0):
        return None
    return float(f"{value * scales[unit] + means[unit]:.14g}")


def own_values(spec: Spec, layer: int, values: Array) -> list[float | None]:
    """As ``own_value``, of all units of a layer."""
    return [own_value(spec, layer, unit, one) for unit, one in enumerate(values.tolist())]


def _moments(values: Sequence[float], width: int, usual: float = 0.0) -> Array:
    return np.array(values) if len(values) == width else np.full(width, usual)


def label_of(spec: Spec, outputs: Array) -> str:
    """The class that outputs or targets of one sample name; "" where there are no classes."""
    names = class_names(spec)
    return names[int(labels_of(np.atleast_2d(outputs), threshold_of(spec))[0])] if names else ""


def _outside(spec: Spec, seen: Array) -> tuple[bool, ...]:
    low, high = spec.inputs.min(axis=0), spec.inputs.max(axis=0)
    room = 1e-9 * (high - low)
    return tuple(((seen[0] < low - room) | (seen[0] > high + room)).tolist())
