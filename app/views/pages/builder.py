"""What the builder's page shows beside its form: the network, its data, and a table's columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import messages
from app.data.csv_table import Table
from app.engine.network import Spec
from app.explain.notation import Notation
from app.lab.builder import batch_kind
from app.lab.lab import Lab
from app.lab.limits import weights_of
from app.lab.step_values import step_values_of
from app.messages.builder import BATCHES, BUILT
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.pages.dataset import DatasetCard, data_view
from app.views.text.formatting import plain
from app.views.text.wording import loss_formula

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: the form's field for its role, its name, what it holds, its role."""

    field: str
    name: str
    numeric: bool
    distinct: int
    role: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The network that would be created.

    Attributes:
        picture: its diagram, nothing computed.
        weights, biases: their numbers.
        rules: its activations, loss, optimizer, batch and biases, in words.
    """

    picture: Diagram
    weights: int
    biases: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildView:
    """Everything beside the form; None for what is missing.

    Attributes:
        network, data: what would be created.
        table, columns: the pasted or uploaded table.
        text: how far the network is.
    """

    network: NetworkView | None
    data: DatasetCard | None
    table: Table | None
    columns: tuple[TableColumn, ...]
    text: str


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
        table: the pasted or uploaded table, if it could be read.
        roles: the role of each of its columns.
        errors: what cannot be, by field.
        notation: what things are called.
    """
    network = _network(lab, notation) if lab else None
    spec = lab.spec if lab else data
    columns = tuple(_columns(table, roles)) if table else ()
    text = _text(network, table, errors)
    return BuildView(network, data_view(spec) if spec else None, table, columns, text)


def _columns(table: Table, roles: Sequence[str]) -> Iterator[TableColumn]:
    for i, (name, role) in enumerate(zip(table.names, roles, strict=True)):
        yield TableColumn(f"role.{i + 1}", name, table.numeric[i], table.distinct(i), role)


def _text(
    network: NetworkView | None, table: Table | None, errors: Mapping[str, Sequence[str]]
) -> str:
    if errors:
        return BUILT["wrong"].format(first=next(iter(errors.values()))[0])
    if network is None:
        return BUILT["waiting"]
    shape = network.picture.shape
    if table:
        return BUILT["table"].format(rows=len(table.rows), columns=len(table.names), shape=shape)
    return BUILT["ready"].format(shape=shape, weights=network.weights)


def _network(lab: Lab, notation: Notation) -> NetworkView:
    spec = lab.spec
    values = step_values_of(lab.shown_spec, lab.shown, lab.progress)
    size = spec.batch.size
    batch = BATCHES[batch_kind(size)]
    rules = (
        ", ".join(map(messages.activation, spec.activations)),
        f"{messages.LOSSES[spec.loss]}: {notation.loss} = {loss_formula(spec, notation)}",
        f"{messages.OPTIMIZERS[spec.optimizer.name]}, η = {plain(spec.optimizer.learning_rate)}",
        BUILT["batch"].format(batch=batch, size=size) if size not in (None, 1) else batch,
        messages.BIAS_UPDATES[spec.bias_update],
    )
    biases = sum(spec.layers[1:]) if spec.bias_update != "shared" else len(spec.layers) - 1
    return NetworkView(diagram_of(values, notation), weights_of(spec.layers), biases, rules)
