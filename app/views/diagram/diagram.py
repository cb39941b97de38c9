"""The diagram and its numbers as text: every unit, weight, bias and target at one moment.

The small parts that a page has many of are named tuples, which are quicker to make.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from app import messages
from app.explain.notation import Notation
from app.explain.rounding import number
from app.lab.step_values import Rows, StepValues
from app.views.diagram import column_names
from app.views.diagram.bundles import EdgePaths, FoldedUnits, fold_texts, wires_of
from app.views.diagram.elements import BiasNode, Edge, Node, Parameter, Target, Value
from app.views.diagram.geometry import Point
from app.views.diagram.highlights import Highlight, Marks
from app.views.diagram.layout import layout
from app.views.diagram.ports import has_rows
from app.views.diagram.row_forms import NAME_ROOM, name_room
from app.views.diagram.sentences import (
    bias_label,
    label_of,
    parameter_sentence,
    said_with,
    with_sentences,
)  # fmt: skip
from app.views.diagram.shapes import DetailLevel, EdgeShape, Layout, NodeShape
from app.views.diagram.small_folds import narrow_layout
from app.views.diagram.spaces import least_space, size, spaces_of
from app.views.diagram.values import FEW_FIGURES, FIGURES, given_value, known, known_at
from app.views.text.formatting import label

_LETTERED = 107.0  # from output to output


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything in the diagram: where it stands, and the elements with their numbers.

    ``small`` is where its elements stand on a narrow page, which folds more. ``shape`` is the
    layers, as "2-2-2"; ``structure`` is equal for two diagrams that differ in nothing but numbers;
    ``folds`` are what is drawn of folded layers, ``small_folds`` the same on a narrow page.
    """

    layout: Layout
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    biases: tuple[BiasNode, ...]
    targets: tuple[Target, ...]
    shape: str
    structure: Hashable
    small: Layout
    folds: tuple[FoldedUnits, ...] = ()
    small_folds: tuple[FoldedUnits, ...] = ()

    @property
    def size(self) -> str:
        """The form of the wide drawing and the room that it needs, as CSS classes."""
        return size(self.layout, self.least_space)

    @property
    def least_space(self) -> str:
        """Below which room the small drawing is shown, as CSS classes."""
        return least_space(self.layout, self.small)

    @property
    def lettered(self) -> bool:
        """Whether deltas of the wide drawing have their letter.

        Beside rows of one line there is none between many layers, where wires begin, nor where
        parts of the error stand close to outputs.
        """
        apart = all(b[1] - a[1] >= _LETTERED for a, b in pairwise(self.layout.targets))
        return self.style.lines != 1 or (apart and not self.small.style.tight)

    @property
    def can_draw_bias_nodes(self) -> bool:
        """Whether some layer has one bias, which can be drawn as a source."""
        return self.style.full and bool(self.biases)

    @property
    def layers(self) -> Iterator[tuple[Node, ...]]:
        """The units layer by layer."""
        return (tuple(group) for _, group in groupby(self.nodes, key=lambda one: one.place.layer))

    @property
    def wide_edges(self) -> Iterator[tuple[EdgeShape, Edge]]:
        """The weights and where they stand in the wide drawing."""
        return ((edge.place, edge) for edge in self.edges)

    @property
    def small_nodes(self) -> Iterator[tuple[NodeShape, Node]]:
        """The units that the small drawing has, and where they stand in it."""
        both = zip(self.small.nodes, self.nodes, strict=True)
        found = ((place, node) for place, node in both if not place.folded)
        return column_names.uncrowded(found, self.small)

    @property
    def small_edges(self) -> Iterator[tuple[EdgeShape, Edge]]:
        """The weights that the small drawing has, and where they stand in it."""
        both = zip(self.small.edges, self.edges, strict=True)
        return ((place, edge) for place, edge in both if not place.folded)

    @property
    def rows_below(self) -> list[list[tuple[Node, list[Edge]]]]:
        """Each layer's units and the weights into each, where the small drawing has no rows."""
        if self.small.row or not self.style.full:
            return []
        into = groupby(self.edges, key=lambda edge: edge.place.target_id)
        weights = {unit: list(edges) for unit, edges in into}
        return [[(node, weights[node.place.id]) for node in layer] for layer in [*self.layers][1:]]

    @property
    def small_targets(self) -> Iterator[tuple[Point, Target]]:
        """The targets that the small drawing has, and where they stand in it."""
        return column_names.narrow_targets(self.small, self.targets)

    @property
    def drawn(self) -> tuple[tuple[int, tuple[Edge, ...]], ...]:
        """The weights that are drawn, in their columns of the reading order."""
        edges = (edge for edge in self.edges if not edge.place.folded)
        return tuple(
            (column, tuple(group))
            for column, group in groupby(edges, key=lambda edge: edge.place.column)
        )

    @property
    def wires(self) -> tuple[EdgePaths, ...]:
        """Their lines in few paths."""
        return tuple(wires_of((edge.place, edge) for edge in self.edges if not edge.place.folded))

    @property
    def small_wires(self) -> tuple[EdgePaths, ...]:
        """The same in the small drawing."""
        return tuple(wires_of(self.small_edges))

    @property
    def style(self) -> DetailLevel:
        """The level of detail."""
        return self.layout.style


def value_of(exact: float | None, decimals: int) -> Value | None:
    """``exact`` with its text, if it is known."""
    return None if exact is None else Value(exact, number(exact, decimals))


def diagram_of(
    moment: StepValues,
    notation: Notation,
    unfolded: frozenset[int] = frozenset(),
    *,
    bias_nodes: bool = False,
    projected: bool = False,
) -> Diagram:
    """The diagram of ``moment``, its large layers folded but for the ``unfolded`` ones.

    With ``bias_nodes`` a layer's common bias is a source, too; large networks have no other place.
    One that is ``projected`` is read from the last row.
    """
    spec, rows = moment.spec, has_rows(moment.spec.layers)
    named = tuple(node is not None for node in spec.names.bias_nodes)
    nodes = named if bias_nodes or not rows else (False,) * len(named)
    names = name_room(spec.names) if rows else NAME_ROOM
    samples = len(spec.inputs)
    small = narrow_layout(spec.layers, below_samples=samples > 1)
    spaces = spaces_of(small, projected=projected, samples=samples)
    columns = any(column_names.input_columns(spec))
    drawn = layout(spec.layers, nodes, unfolded, names, spaces, columns=columns)
    biases = tuple(_layer_biases(moment, drawn))
    found = _nodes(moment, drawn, notation, {one.layer: one.parameter for one in biases})
    units = tuple(column_names.with_own_units(found, spec, drawn))
    goals = _targets(moment, drawn, notation)
    targets = tuple(column_names.with_own_targets(goals, spec, drawn))
    return Diagram(
        drawn,
        units,
        tuple(_edges(moment, drawn)),
        biases,
        targets,
        "-".join(str(units) for units in spec.layers),
        (spec.layers, spec.names, spec.activations, spec.bias_update, unfolded, nodes,
         moment.known, column_names.input_columns(spec), column_names.target_columns(spec),
         tuple(u.own > "" for u in units), tuple(t.own > "" for t in targets),
         drawn.style, drawn.row, drawn.follows, small.style, small.row),
        small,
        tuple(fold_texts(drawn, spec)),
        tuple(fold_texts(small, spec)),
    )  # fmt: skip


def marks_in(diagram: Diagram, marked: Callable[[Layout], Iterable[Highlight]]) -> Marks:
    """What is pointed at in each drawing, as ``marked`` finds it in one."""
    return Marks(tuple(marked(diagram.layout)), tuple(marked(diagram.small)))


def _nodes(
    moment: StepValues, drawn: Layout, notation: Notation, biases: Mapping[int, Parameter]
) -> Iterator[Node]:
    spec = moment.spec
    last, columns = len(spec.layers) - 1, column_names.input_columns(spec)
    figures = FIGURES if drawn.style.full else FEW_FIGURES
    for place in drawn.nodes:
        layer, unit = place.layer, place.unit
        name = label(spec.names.units[layer][unit])
        if layer == 0:
            value = given_value(moment.inputs[unit])
            column = columns[unit]
            said = label_of("input_column" if column else "input", name.name, column)
            node = Node(place, "input", name, column, None, value, None, None, said)
        else:
            common = biases.get(layer - 1)
            own = None if common else _bias(moment, layer - 1, unit, spec.names.biases)
            activation, summand = spec.activations[layer - 1], common or own
            shared = spec.bias_update == "shared" or common is not None
            kind, tag = "output" if layer == last else "hidden", messages.activation_tag(activation)
            node = Node(
                place, kind, name, tag, known_at(moment.pre[layer - 1], unit),
                known_at(moment.act[layer - 1], unit, figures=figures),
                known_at(moment.deltas[layer - 1], unit, signed=True),
                own,
                label_of("unit", name.name, messages.ACTIVATIONS[activation]),
                label_of("delta_of", name.name),
                bias_label(summand, name.name, shared=shared),
                summand if drawn.style.full else None,
                shared,
            )  # fmt: skip
        yield node if drawn.style.full else with_sentences(node, notation)


def _bias(
    moment: StepValues, layer: int, unit: int, names: Sequence[Sequence[str | None]]
) -> Parameter:
    frozen = moment.spec.bias_update == "none"
    value = float(moment.parameters.biases[layer][unit])
    name = label(names[layer][unit] or "")
    if frozen:
        return Parameter(name, known(value), frozen=True)
    gradient = known_at(moment.bias_gradients[layer], unit, signed=True)
    memory = tuple(
        (f"{slot}:", known_at(rows[layer], unit, signed=True))
        for slot, rows in moment.memory_biases.items()
    )
    new = known_at(moment.new_biases[layer], unit)
    carries = layer == moment.progress.carried
    return Parameter(name, known(value), gradient, new, memory=memory, carries=carries)


def _layer_biases(moment: StepValues, drawn: Layout) -> Iterator[BiasNode]:
    names = [[name] for name in moment.spec.names.bias_nodes]
    places = {place.layer: place for place in drawn.biases}
    for layer, (name,) in enumerate(names):
        if name is not None:
            parameter = _bias(moment, layer, 0, names)
            said = label_of("bias", parameter.name.name)
            sentence = "" if drawn.style.full else parameter_sentence(said, parameter)
            yield BiasNode(layer, places.get(layer), parameter, said, sentence)


def _edges(moment: StepValues, drawn: Layout) -> Iterator[Edge]:
    names = moment.spec.names
    values = [array.tolist() for array in moment.parameters.weights]
    memory, carried = moment.memory_weights, moment.progress.carried
    for place in drawn.edges:
        layer, j, i = place.layer, place.target, place.source
        value = values[layer][j][i]
        source, target = label(names.units[layer][i]), label(names.units[layer + 1][j])
        gradients, after = moment.weight_gradients[layer], moment.new_weights[layer]
        parameter = Parameter(
            label(names.weights[layer][j][i]),
            known(value),
            known(gradients[j][i], signed=True) if gradients else None,
            known(after[j][i]) if after else None,
            memory=_memory(memory, layer, j, i) if memory else (),
            carries=layer == carried,
        )
        said = label_of("weight", parameter.name.name, source=source.name, target=target.name)
        # Between 1 and 8: equal steps near zero, and no weight ever fills the diagram.
        width = f"{1 + 7 * abs(value) / (1 + abs(value)):.2f}"
        sentence = "" if drawn.style.full or place.folded else parameter_sentence(said, parameter)
        yield Edge(place, source, target, width, parameter, said, sentence)


def _memory(
    slots: Mapping[str, Sequence[Rows | None]], layer: int, unit: int, source: int
) -> tuple[tuple[str, Value | None], ...]:
    """What the optimizer remembers of a weight, as far as it is computed."""
    rows = {slot: layers[layer] for slot, layers in slots.items()}
    return tuple(
        (f"{slot}:", known(row[unit][source], signed=True) if row else None)
        for slot, row in rows.items()
    )


def _targets(moment: StepValues, drawn: Layout, notation: Notation) -> Iterator[Target]:
    names, columns = moment.spec.names, column_names.target_columns(moment.spec)
    outputs = drawn.nodes[-len(drawn.targets) :]
    scale = _scale(moment.errors or ())
    share = "share" if moment.spec.batches == len(moment.spec.inputs) else "share_of_sample"
    for index, centre in enumerate(drawn.targets):
        name, value = label(names.targets[index]), given_value(moment.targets[index])
        output, column = label(names.units[-1][index]), columns[index]
        said = label_of("target_column" if column else "target", name.name, column)
        error = known_at(moment.errors, index, signed=True)
        yield Target(
            centre, name, output, value, error, known_at(moment.shares, index),
            f"{abs(moment.errors[index]) / scale:.3f}" if moment.errors else "0",
            index, outputs[index].folded, said,
            label_of("error", activation=f"{notation.act} {output.name}"),
            label_of(share, output.name), said_with(said, value), column,
        )  # fmt: skip


def _scale(errors: Sequence[float]) -> float:
    """The error that fills the bar between output and target: 1, or the next power of ten."""
    largest = max(map(abs, errors), default=0.0)
    return 10.0 ** math.ceil(math.log10(largest)) if 1 < largest < math.inf else 1.0
