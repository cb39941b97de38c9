"""What pages say of a network's data: where it comes from, its columns, classes, and a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from app.engine.activations import Array
from app.engine.network import Spec
from app.engine.provenance import Provenance
from app.messages.data import DATASETS, OPTION_LABELS, OPTION_VALUES
from app.views.plots.axes import MOST_OF_COLUMN, clipped
from app.views.plots.scatter import Scatter, end, key_mark, scatter_of
from app.views.plots.symbols import COLOURS
from app.views.text.formatting import Label, label, number, plain

MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """An input or a target: its unit, its name in the table, its range and its standardisation."""

    unit: Label
    name: str
    low: str
    high: str
    mean: str = ""
    scale: str = ""


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """A class: its colour, its name, its mark in the picture, and how many samples have it."""

    colour: int
    name: str
    mark: str
    training: int
    tests: int


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """A network's data.

    Attributes:
        title: the data set's name; "" where samples were given without one.
        options: what it was drawn, split and standardised with: a label and a value each.
        inputs, targets: the columns.
        groups: the classes; () where targets are values.
        training, tests: how many samples.
        rows: the first few samples, as the network sees them: inputs, then targets.
        source: who published it.
        scatter: the picture.
        axes: the names of the columns that it shows.
    """

    title: str
    options: tuple[tuple[str, str], ...]
    inputs: tuple[ColumnSummary, ...]
    targets: tuple[ColumnSummary, ...]
    groups: tuple[ClassSummary, ...]
    training: int
    tests: int
    rows: tuple[tuple[str, ...], ...]
    source: str
    scatter: Scatter
    axes: tuple[str, str]

    @property
    def standardised(self) -> bool:
        """Whether columns were lessened by their means and divided by their scales."""
        return any(column.mean for column in (*self.inputs, *self.targets))

    @property
    def standardised_target(self) -> ColumnSummary | None:
        """The first target that was standardised, if there is one."""
        return next((column for column in self.targets if column.mean), None)


@lru_cache(maxsize=32)
def data_view(spec: Spec) -> DatasetCard:
    """What a page says of the samples of ``spec``."""
    source = spec.data or Provenance("", {})
    inputs, targets = spec.inputs, spec.targets
    if len(spec.test_inputs):
        inputs = np.vstack([inputs, spec.test_inputs])
        targets = np.vstack([targets, spec.test_targets])
    training = len(spec.inputs)
    groups = _groups_of(targets, source.classes)
    picture = scatter_of(inputs, targets, groups, training)
    names = _columns(spec, source, inputs)
    goals = _targets(spec, source, targets)
    axes = picture.x.column, picture.y.column
    shown = [goals[0].name if column < 0 else names[column].name for column in axes]
    return DatasetCard(
        title=DATASETS.get(source.name, ""),
        options=tuple(_options(source)),
        inputs=names,
        targets=goals,
        groups=_counted(groups, source.classes, training) if groups else (),
        training=training,
        tests=len(inputs) - training,
        rows=tuple(
            tuple(end(value) for value in (*one, *other))
            for one, other in zip(
                spec.inputs[:MOST_ROWS].tolist(), spec.targets[:MOST_ROWS].tolist(), strict=True
            )
        ),
        source=source.source,
        scatter=picture,
        axes=(clipped(shown[0], MOST_OF_COLUMN), clipped(shown[1], MOST_OF_COLUMN)),
    )


def data_of(spec: Spec) -> DatasetCard | None:
    """What the lab's page says of its data; None for a single sample that came without a name."""
    return data_view(spec) if spec.data or len(spec.inputs) > 1 else None


def _groups_of(targets: Array, classes: Sequence[str]) -> list[int] | None:
    """The class of each sample, or None where targets are values."""
    if not classes:
        return None
    if targets.shape[1] == 1:
        labels: list[int] = (targets[:, 0] > 0.5).astype(int).tolist()
    else:
        labels = targets.argmax(axis=1).tolist()
    return labels


def _counted(
    groups: Sequence[int], classes: Sequence[str], training: int
) -> tuple[ClassSummary, ...]:
    return tuple(
        ClassSummary(
            index % COLOURS, name, key_mark(index),
            list(groups[:training]).count(index), list(groups[training:]).count(index),
        )
        for index, name in enumerate(classes)
    )  # fmt: skip


def _columns(spec: Spec, source: Provenance, inputs: Array) -> tuple[ColumnSummary, ...]:
    units = spec.names.units[0]
    names = source.columns if len(source.columns) == len(units) else units
    return _told(units, names, inputs, source.means, source.scales)


def _told(
    units: Sequence[str], names: Sequence[str], table: Array,
    means: Sequence[float], scales: Sequence[float],
) -> tuple[ColumnSummary, ...]:  # fmt: skip
    given = len(means) == len(units) == len(scales)
    return tuple(
        ColumnSummary(
            label(unit), name, end(float(table[:, i].min())), end(float(table[:, i].max())),
            number(means[i], 4) if given else "",
            number(scales[i], 4) if given else "",
        )
        for i, (unit, name) in enumerate(zip(units, names, strict=True))
    )  # fmt: skip


def _targets(spec: Spec, source: Provenance, targets: Array) -> tuple[ColumnSummary, ...]:
    units = spec.names.targets
    names: Sequence[str] = units
    if len(source.classes) == len(units) and len(units) > 1:
        names = source.classes
    elif len(source.targets) == len(units):
        names = source.targets
    return _told(units, names, targets, source.target_means, source.target_scales)


def _options(source: Provenance) -> list[tuple[str, str]]:
    return [
        (OPTION_LABELS[key], _value(value))
        for key, value in source.options.items()
        if key in OPTION_LABELS
    ]


def _value(value: Any) -> str:
    known: Mapping[bool, str] = OPTION_VALUES
    return known[value] if isinstance(value, bool) else plain(value)
