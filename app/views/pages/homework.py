"""What the builder shows of a homework's network: its units in columns, each with its numbers.

Heights are in rows: a unit's numbers are rows of one height, and its wires end at them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.errors import InvalidInput
from app.lab.homework.homework import Homework, layers_in
from app.messages.homework import HOMEWORK

ROW, GAP = 2.2, 0.9
"""The height of a row, and the space between two units, in rem; the style sheet has them, too."""
_SCALE = 10  # units of the drawing to a rem
_WIDTH = 100
_MOST_ROWS, _MOST_LAYERS = 7, 5


class NumberRow(NamedTuple):
    """A number to type: its field's name, what it is in words, what a list is pasted along."""

    name: str
    said: str
    kind: str


class UnitBox(NamedTuple):
    """A unit with its rows. A bias that its layer shares is a row of the first unit alone.

    ``shared`` names that bias in the others.
    """

    name: str
    rows: tuple[NumberRow, ...]
    shared: str = ""


class Wire(NamedTuple):
    """A line from a unit to a row, and whether the weight there is negative."""

    path: str
    negative: bool


class LayerColumn(NamedTuple):
    """A layer: its title, its units, the wires into it, the field of its activation.

    ``fewer`` and ``more`` are all layers with a unit less or more in this one, "" where that
    cannot be.
    """

    title: str
    units: tuple[UnitBox, ...]
    activation: str = ""
    wires: tuple[Wire, ...] = ()
    fewer: str = ""
    more: str = ""


class HomeworkDiagram(NamedTuple):
    """The network: its columns from inputs to targets, and how it is laid out.

    ``height`` is that of the columns where they stand side by side, ``view_box`` the wires' own.
    ``stacked``: there is too much for that. ``text`` tells how far the typing is.
    """

    columns: tuple[LayerColumn, ...]
    height: str
    view_box: str
    stacked: bool
    text: str


def homework_diagram(
    homework: Homework, values: Mapping[str, float], typed: Mapping[str, str]
) -> HomeworkDiagram:
    """The diagram of a homework, with the ``values`` by name; ``typed`` are those not left open."""
    layers, names = homework.layers, homework.names
    rows = [1, *(size + 1 for size in layers[:-1])]
    height = max(n * (ROW * r + GAP) for n, r in zip(layers, rows, strict=True))
    boxes = [tuple(_inputs(homework)), *(tuple(_units(homework, layer))
             for layer in range(1, len(layers)))]  # fmt: skip
    columns = [
        LayerColumn(
            title, boxes[layer], _activation(layer, len(layers)),
            tuple(_wires(homework, layer, height, values)) if layer else (),
            _resized(layers, layer, -1), _resized(layers, layer, +1),
        )
        for layer, title in enumerate(_titles(len(layers)))
    ]  # fmt: skip
    columns.append(LayerColumn(HOMEWORK["targets"], tuple(_targets(homework))))
    known = [*names.units[0], *names.targets, *(part.name for part in names.parameters())]
    count = sum(bool(typed.get(name, "").strip()) for name in known)
    key = "none" if not count else "every" if count == len(known) else "some"
    shape = "-".join(map(str, layers))
    return HomeworkDiagram(
        tuple(columns), f"{height:g}rem", f"0 0 {_WIDTH} {height * _SCALE:g}",
        max(rows) > _MOST_ROWS or len(layers) > _MOST_LAYERS,
        HOMEWORK[key].format(shape=shape, typed=count, all=len(known)),
    )  # fmt: skip


def _titles(layers: int) -> Iterator[str]:
    """What the layers are called."""
    yield HOMEWORK["inputs"]
    form = HOMEWORK["hidden" if layers == 3 else "hidden_of_many"]
    yield from (form.format(layer=layer) for layer in range(1, layers - 1))
    yield HOMEWORK["outputs"]


def _activation(layer: int, layers: int) -> str:
    """The field of a layer's activation, "" for the inputs."""
    if layer == layers - 1:
        return "output_activation"
    return f"activation.{layer}" if layer else ""


def _inputs(homework: Homework) -> Iterator[UnitBox]:
    for name in homework.names.units[0]:
        yield UnitBox(name, (NumberRow(name, HOMEWORK["input"], "input"),))


def _targets(homework: Homework) -> Iterator[UnitBox]:
    for name, unit in zip(homework.names.targets, homework.names.units[-1], strict=True):
        yield UnitBox("", (NumberRow(name, HOMEWORK["target"].format(unit=unit), "target"),))


def _units(homework: Homework, layer: int) -> Iterator[UnitBox]:
    names, before = homework.names, homework.names.units[layer - 1]
    node, biases = names.bias_nodes[layer - 1], names.biases[layer - 1]
    for at, (unit, weights) in enumerate(zip(names.units[layer], names.weights[layer - 1],
                                             strict=True)):  # fmt: skip
        rows = [
            NumberRow(name, HOMEWORK["weight"].format(source=source, unit=unit), "weight")
            for name, source in zip(weights, before, strict=True)
        ]
        said = HOMEWORK["shared" if node else "bias"].format(unit=unit)
        if not (node and at):
            rows.append(NumberRow(node or biases[at], said, "bias"))
        yield UnitBox(unit, tuple(rows), node or "" if at else "")


def _middles(units: int, height: float) -> Sequence[float]:
    """Where the middles of so many units stand, evenly over the height."""
    return [height * (at + 0.5) / units for at in range(units)]


def _wires(
    homework: Homework, layer: int, height: float, values: Mapping[str, float]
) -> Iterator[Wire]:
    sources, units = (_middles(size, height) for size in homework.layers[layer - 1 : layer + 1])
    top = ROW * len(sources) / 2  # a bias comes last
    for middle, names in zip(units, homework.names.weights[layer - 1], strict=True):
        for at, (source, name) in enumerate(zip(sources, names, strict=True)):
            a, b = (f"{y * _SCALE:.1f}" for y in (source, middle - top + ROW * at))
            path = f"M0 {a}C{_WIDTH / 2:g} {a} {_WIDTH / 2:g} {b} {_WIDTH} {b}"
            yield Wire(path, values.get(name, 0.0) < 0)


def _resized(layers: Sequence[int], at: int, by: int) -> str:
    """The layers with a unit more or less in one of them; "" if they cannot be."""
    text = "-".join(str(size + by * (at == index)) for index, size in enumerate(layers))
    try:
        layers_in(text)
    except InvalidInput:
        return ""
    return text
