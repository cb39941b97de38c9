"""What pages say of a network's data: where it comes from, its columns, classes, and a picture."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from app.engine.activations import Array
from app.engine.metrics import labels_of
from app.engine.network import Provenance, Spec, kept
from app.lab.own_units import own_values
from app.messages.data import DATASETS, OPTION_FACTS, OPTION_FACTS_OFF
from app.views.plots.axes import TARGET, Axis
from app.views.plots.plane import (
    COLOURS,
    SMALL_RADIUS,
    SampleSet,
    SampleSymbols,
    class_symbols,
    samples_of,
    shape_of,
    target_symbols,
)
from app.views.plots.telling_inputs import closeness, first_two, spread
from app.views.text.formatting import (
    Label,
    as_in_table,
    brief,
    clipped,
    exactly,
    full,
    given,
    label,
    plain,
)

MOST_ROWS = 6
WIDTH, HEIGHT = 600.0, 440.0


class ColumnSummary(NamedTuple):
    """An input or a target: its unit, its name in the table, its range and its standardisation."""

    unit: Label
    name: str
    low: str
    high: str
    mean: str = ""
    scale: str = ""


class ClassSummary(NamedTuple):
    """A class: its colour, its name, its mark in the picture, and how many samples have it."""

    colour: int
    name: str
    mark: str
    training: int
    tests: int


class Scatter(NamedTuple):
    """Samples by two of their columns."""

    x: Axis
    y: Axis
    marks: tuple[SampleSymbols, ...]


class DatasetCard(NamedTuple):
    """A network's data; ``title`` is "" where samples were given without one.

    ``options`` say what it was drawn, split and standardised with; ``groups`` are the classes, ()
    where targets are values; ``rows`` are the first few samples, inputs before targets, each value
    as the network sees it and as the table has it, "" where these are the same; ``source``
    published it; ``axes`` are the columns of the picture.
    """

    title: str
    options: tuple[str, ...]
    inputs: tuple[ColumnSummary, ...]
    targets: tuple[ColumnSummary, ...]
    groups: tuple[ClassSummary, ...]
    training: int
    tests: int
    rows: tuple[tuple[tuple[str, str], ...], ...]
    source: str
    scatter: Scatter
    axes: tuple[ColumnSummary, ColumnSummary]

    @property
    def standardised(self) -> bool:
        """Whether columns were lessened by their means and divided by their scales."""
        return any(column.mean for column in (*self.inputs, *self.targets))

    @property
    def standardised_target(self) -> ColumnSummary | None:
        """The first target that was standardised, if there is one."""
        return next((column for column in self.targets if column.mean), None)


@kept
def data_view(spec: Spec) -> DatasetCard:
    """What a page says of the samples of ``spec``."""
    source = spec.data or Provenance("", {})
    sets, units, outputs = samples_of(spec), spec.names.units[0], spec.names.targets
    table, goals = _stacked(sets)
    names = (source.classes if len(outputs) > 1 else ()), source.targets
    inputs = _columns(units, (source.columns,), table, source.means, source.scales)
    targets = _columns(outputs, names, goals, source.target_means, source.target_scales)
    picture = scatter_of(sets, classes=bool(source.classes))
    shown = (
        targets[0] if axis.column == TARGET else inputs[axis.column]
        for axis in (picture.x, picture.y)
    )
    every = [column.name for column in (*inputs, *targets)]
    across, up = (one._replace(name=clipped(one.name, among=every)) for one in shown)
    return DatasetCard(
        title=DATASETS.get(source.name, ""),
        options=tuple(_options(source)),
        inputs=inputs,
        targets=targets,
        groups=tuple(_counted(sets, source.classes)),
        training=len(spec.inputs),
        tests=len(spec.test_inputs),
        rows=tuple(_cells(spec)),
        source=source.source,
        scatter=picture,
        axes=(across, up),
    )


def data_of(spec: Spec) -> DatasetCard | None:
    """What the lab's page says of its data; None for a single sample that came without a name."""
    return data_view(spec) if has_data(spec) else None


def has_data(spec: Spec) -> bool:
    """Whether there is more to say of a network's data than one sample."""
    return bool(spec.data) or len(spec.inputs) > 1


def scatter_of(sets: Sequence[SampleSet], *, classes: bool) -> Scatter:
    """Two inputs against each other, or where targets are values the first target over an input."""
    inputs, targets = _stacked(sets)
    if classes and inputs.shape[1] > 1:
        across, up = first_two(spread(inputs, labels_of(targets)))
    else:
        across, up = int(np.argmax(closeness(inputs, targets[:, 0]))), TARGET
    x, y = (
        Axis(float(values.min()), float(values.max()), column, length, up)
        for column, length, up in zip((across, up), (WIDTH, HEIGHT), (False, True), strict=True)
        for values in (targets[:, 0] if column == TARGET else inputs[:, column],)
    )
    if not classes:
        return Scatter(x, y, tuple(target_symbols(sets, (x, y), most=1)))
    found = class_symbols(sets, (x, y))
    return Scatter(x, y, tuple(sorted(found, key=lambda symbols: symbols.colour)))


def _stacked(sets: Sequence[SampleSet]) -> tuple[Array, Array]:
    return np.vstack([one.inputs for one in sets]), np.vstack([one.targets for one in sets])


def _counted(sets: Sequence[SampleSet], classes: Sequence[str]) -> Iterator[ClassSummary]:
    found = [labels_of(one.targets).tolist() for one in sets]
    for index, name in enumerate(classes):
        training, *tests = (labels.count(index) for labels in found)
        mark = f"M12 12{shape_of(index, SMALL_RADIUS)}"
        yield ClassSummary(index % COLOURS, name, mark, training, sum(tests))


def _columns(
    units: Sequence[str], names: Sequence[Sequence[str]], table: Array, means: Sequence[float],
    scales: Sequence[float],
) -> tuple[ColumnSummary, ...]:  # fmt: skip
    """Every column of a table, by the first of ``names`` that fit, else by its unit.

    Its range is in the table's units.
    """
    chosen = next((fit for fit in names if len(fit) == len(units)), units)
    texts = [("", "")] * len(units)
    ranges = np.stack([table.min(axis=0), table.max(axis=0)])
    if len(means) == len(units) == len(scales):
        texts = [(exactly(m), exactly(s)) for m, s in zip(means, scales, strict=True)]
        ranges = ranges * np.array(scales) + np.array(means)
    ends = ranges.T.tolist()
    return tuple(
        ColumnSummary(label(unit), name, _told(low), _told(high), *moments)
        for unit, name, (low, high), moments in zip(units, chosen, ends, texts, strict=True)
    )


def _cells(spec: Spec) -> Iterator[tuple[tuple[str, str], ...]]:
    for inputs, targets in zip(spec.inputs[:MOST_ROWS], spec.targets[:MOST_ROWS], strict=True):
        own = own_values(spec, 0, inputs) + own_values(spec, -1, targets)
        pairs = zip([*inputs.tolist(), *targets.tolist()], own, strict=True)
        yield tuple(
            (_told(seen), "") if one is None else (brief(seen), full(one)) for seen, one in pairs
        )


def _told(exact: float) -> str:
    """A value of a table; one with many decimals, as a seed gives them, with three digits."""
    value = float(f"{exact:.14g}")  # what standardising and its way back leave as it was
    return as_in_table(value) if given(value, 6) or abs(value) >= 1e5 else brief(value)


def _options(source: Provenance) -> Iterator[str]:
    for key, value in source.options.items():
        form = OPTION_FACTS.get(key) if value is not False else OPTION_FACTS_OFF.get(key)
        if form and (value or key != "test_share"):
            yield form.format(value=plain(value))
