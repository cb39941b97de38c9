"""What the builder's page shows beside its form: the network, its data, and a table's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app import messages
from app.data.csv_table import Table
from app.engine.network import Spec
from app.explain.notation import Notation
from app.lab.lab import Lab
from app.lab.step_values import step_values_of
from app.messages.builder import BATCHES, BUILT
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.pages.dataset import DatasetCard, data_view
from app.views.text.formatting import label, plain

_MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its number from 1, its name, what it holds, and its role."""

    number: int
    name: str
    numeric: bool
    distinct: int
    role: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as it was read.

    Attributes:
        columns: with their roles.
        rows: the first few: the line and the cells of each.
        count: how many rows there are.
        delimiter, decimal, header: as in Table.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    count: int
    delimiter: str
    decimal: str
    header: bool


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The network that would be created.

    Attributes:
        picture: its diagram, nothing computed.
        weights, biases: how many learn or stay.
        loss_formula, activations, optimizer, batch: its rules in words.
    """

    picture: Diagram
    weights: int
    biases: int
    loss: str
    loss_formula: str
    activations: str
    optimizer: str
    rate: str
    batch: str
    bias_rule: str


@dataclass(frozen=True, slots=True)
class BuildView:
    """Everything beside the form; None for what there is not."""

    network: NetworkView | None
    data: DatasetCard | None
    table: TableView | None
    said: str


def build_view(
    lab: Lab | None,
    data: Spec | None,
    table: Table | None,
    roles: Sequence[str],
    errors: Mapping[str, Sequence[str]],
    notation: Notation,
) -> BuildView:
    """What the page shows.

    Args:
        lab: the network, if it can be.
        data: a Spec with its samples, if there are some.
        table: a table of one's own, if it could be read.
        roles: the role of each of its columns.
        errors: what cannot be, by field.
        notation: what things are called.
    """
    network = _network(lab, notation) if lab else None
    shown = table_view(table, roles) if table else None
    spec = lab.spec if lab else data
    return BuildView(
        network, data_view(spec) if spec else None, shown, _said(network, shown, errors)
    )


def _said(
    network: NetworkView | None, table: TableView | None, errors: Mapping[str, Sequence[str]]
) -> str:
    if errors:
        first = next(iter(errors.values()))[0]
        return BUILT["wrong"].format(first=first)
    if network is None:
        return BUILT["waiting"]
    shape = network.picture.shape
    if table:
        columns = len(table.columns)
        return BUILT["table"].format(rows=table.count, columns=columns, shape=shape)
    return BUILT["ready"].format(shape=shape, weights=network.weights)


def _network(lab: Lab, notation: Notation) -> NetworkView:
    spec = lab.spec
    picture = diagram_of(step_values_of(lab.shown_spec, lab.shown, lab.progress), notation)
    size = spec.batch.size
    batch = BATCHES["full" if size is None else "one" if size == 1 else "mini"]
    formula = messages.LOSS_FORMULAS[spec.loss].format(
        a=notation.act, y=label(spec.names.targets[0]).base
    )
    return NetworkView(
        picture,
        sum(a * b for a, b in pairwise(spec.layers)),
        sum(spec.layers[1:]) if spec.bias_update != "shared" else len(spec.layers) - 1,
        messages.LOSSES[spec.loss],
        formula,
        ", ".join(map(messages.activation, spec.activations)),
        messages.OPTIMIZERS[spec.optimizer.name],
        plain(spec.optimizer.learning_rate),
        BUILT["batch"].format(batch=batch, size=size) if size not in (None, 1) else batch,
        messages.BIAS_UPDATES[spec.bias_update],
    )


def table_view(table: Table, roles: Sequence[str]) -> TableView:
    """A table's columns and first rows."""
    return TableView(
        tuple(
            TableColumn(i + 1, name, table.numeric[i], table.distinct(i), roles[i])
            for i, name in enumerate(table.names)
        ),
        tuple((row.line, row.cells) for row in table.rows[:_MOST_ROWS]),
        len(table.rows),
        table.delimiter,
        table.decimal,
        table.header,
    )
