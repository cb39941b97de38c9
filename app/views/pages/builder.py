"""What the builder's page shows beside its form: the network, its data, and a table's columns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from app import messages
from app.data.csv_samples import gap_rows
from app.data.csv_table import Table
from app.data.data_columns import DataColumn
from app.data.dates import has_dates, zero_of
from app.data.numbers.number_formats import EACH, FRACTION
from app.data.table_questions import variants
from app.data.text.refusals import printable
from app.engine.network import Spec
from app.explain.notation import Notation
from app.explain.step_numbers import StepNumbers
from app.lab.builder import batch_kind
from app.lab.lab import Lab
from app.lab.limits import weights_of
from app.lab.step_values import step_values_of
from app.messages.builder import BUILT, RULES_OF_BATCHES
from app.messages.data import IGNORED, READING
from app.views.derivation.wording import loss_formula
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.pages.dataset import DatasetCard, data_view
from app.views.text.formatting import clipped, full, plain

_MOST_ROWS = 5
_MOST_WORDS = 6


class TableColumn(NamedTuple):
    """A column of a table: the form's fields for its role and its cells, its name, what it holds.

    ``brief`` is its name where there is little room; ``ignored`` says why it is not used, "" where
    it is; ``has_words`` that words are why, which can be inputs all the same.
    """

    field: str
    literals: str
    name: str
    brief: str
    numeric: bool
    distinct: int
    role: str
    ignored: str
    has_words: bool


class NetworkView(NamedTuple):
    """The network that would be created: its diagram without numbers, its size, its rules."""

    diagram: Diagram
    weights: int
    biases: int
    shares_biases: bool
    rules: tuple[str, ...]


class BuildView(NamedTuple):
    """Everything beside the form, None for what is missing; ``text`` tells how far it is.

    Of the ``table``, which has so many ``rows``, the first are there; ``notes`` say how it was
    read, where its cells do not.
    """

    network: NetworkView | None
    data: DatasetCard | None
    table: Table | None
    rows: int
    columns: tuple[TableColumn, ...]
    notes: tuple[str, ...]
    text: str


def build_view(
    lab: Lab | None,
    data: Spec | None,
    table: Table | None,
    roles: Sequence[str],
    errors: Mapping[str, Sequence[str]],
    notation: Notation,
    gaps: str,
) -> BuildView:
    """What the page shows.

    ``lab`` is the network, if it can be; ``data`` a Spec with its samples, if there are some;
    ``table`` what was pasted or uploaded, if it could be read; ``roles`` those of its columns;
    ``errors`` what cannot be, by field; ``gaps`` what is done about cells without a value.
    """
    network = _network(lab, notation) if lab else None
    spec = lab.spec if lab else data
    columns = tuple(_columns(table, roles)) if table else ()
    text = _text(network, table, errors)
    notes = tuple(_notes(table, roles, gaps)) if table else ()
    card = data_view(spec) if spec else None
    head, rows = (table.head(_MOST_ROWS), len(table.rows)) if table else (None, 0)
    return BuildView(network, card, head, rows, columns, notes, text)


def _columns(table: Table, roles: Sequence[str]) -> Iterator[TableColumn]:
    for i, (name, role) in enumerate(zip(table.names, roles, strict=True)):
        code = table.ignored[i] if role == "ignore" else None
        why = "" if code is None else IGNORED[code]
        facts = table.numeric[i], table.distinct(i), role, why, code == "words"
        brief = clipped(name, among=table.names)
        yield TableColumn(f"role.{i + 1}", f"literals.{i + 1}", name, brief, *facts)


def _notes(table: Table, roles: Sequence[str], gaps: str) -> Iterator[str]:
    """What happened to lines and cells, and what may be chosen about them."""
    if table.comments:
        yield READING["comments"].format(lines=", ".join(map(str, table.comments)))
    if table.factor:
        yield READING["factor"].format(factor=table.factor)
    rows = gap_rows(table, roles)
    if rows and gaps:
        yield READING[gaps].format(rows=rows, all=len(table.rows))
    for column, role in zip(table.columns, roles, strict=True):
        if role == "ignore":
            continue
        if column.holds == "words" and (found := variants(column)):
            words = ", ".join(f"“{printable(word)}”" for word in islice(found, _MOST_WORDS))
            yield READING["variants"].format(column=column.name, words=words)
        yield from _cells_read(column)
        if role == "target" and column.is_whole:
            key = "binary" if {*column.values} == {0.0, 1.0} else "whole"
            yield READING[key].format(column=column.name)


def _cells_read(column: DataColumn) -> Iterator[str]:
    """How a column's numbers and dates are read, where they are not plainly written."""
    name, written = column.name, column.written
    if column.holds == "dates" and any(value is not None for value in column.values):
        told = {"minutes": "minutes", "hours": "durations"}.get(column.order)
        key = told or ("days" if has_dates(column.cells, column.order) else "hours")
        yield READING[key].format(column=name, first=zero_of(column.cells, column.order))
    if column.holds != "numbers":
        return
    if written.percent and any("‰" in cell for cell in column.cells):
        yield READING["permille"].format(column=name)
    elif written.percent:
        yield READING["percent"].format(column=name)
    if written.currency:
        yield READING["currency"].format(column=name, sign=written.currency)
    if column.decimal == EACH:
        point, comma = written.mixed
        yield READING["each"].format(column=name, point=point, comma=comma)
    for cell, one, value in zip(column.cells, written.written, column.values, strict=True):
        if one and one.kind == FRACTION and value is not None:
            yield READING["fraction"].format(column=name, cell=cell, value=full(value))
            return


def _text(
    network: NetworkView | None, table: Table | None, errors: Mapping[str, Sequence[str]]
) -> str:
    if errors:
        return BUILT["wrong"].format(first=next(iter(errors.values()))[0])
    if network is None:
        return BUILT["waiting"]
    shape = network.diagram.shape
    if table:
        form = BUILT["table" if len(table.rows) > 1 else "table_one"]
        return form.format(rows=len(table.rows), columns=len(table.names), shape=shape)
    return BUILT["ready"].format(shape=shape, weights=network.weights)


def _network(lab: Lab, notation: Notation) -> NetworkView:
    spec = lab.spec
    values = step_values_of(StepNumbers(lab.shown_spec, lab.shown), lab.progress)
    size = spec.batch.size
    rules = (
        ", ".join(map(messages.activation, spec.activations)),
        f"{messages.LOSSES[spec.loss]}: {notation.loss} = {loss_formula(spec, notation)}",
        f"{messages.OPTIMIZERS[spec.optimizer.name]}, η = {plain(spec.optimizer.learning_rate)}",
        RULES_OF_BATCHES[batch_kind(size)].format(size=size),
        messages.BIAS_UPDATES[spec.bias_update],
    )
    # Whether they are trained so or only have one name: the diagram has one for a layer.
    shared = spec.bias_update == "shared" or None not in spec.names.bias_nodes
    biases = len(spec.layers) - 1 if shared else sum(spec.layers[1:])
    return NetworkView(diagram_of(values, notation), weights_of(spec.layers), biases, shared, rules)
