"""The diagram and its numbers as text: every unit, weight, bias and target at one moment.

The small parts that a page has many of are named tuples, which are quicker to make.
"""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from app import messages
from app.explain.notation import Notation
from app.explain.rounding import number
from app.lab.step_values import Rows, StepValues
from app.views.diagram.bundles import EdgePaths, FoldedUnits, fold_texts, path_of, wires_of
from app.views.diagram.elements import BiasNode, Edge, Node, Parameter, Target, Value
from app.views.diagram.layout import layout
from app.views.diagram.shapes import DetailLevel, Layout
from app.views.text.formatting import given, label

# The least scale at which the picture's text can be read.
_FULL_SCALE, _COMPACT_SCALE = 0.7, 0.85
_NARROWEST = 5
# A number has so many decimals, and no more figures than these: fewer where units are small.
_DECIMALS, _FIGURES, _FEW_FIGURES = 4, 7, 5


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything in the diagram: where it stands, and the elements with their numbers.

    ``shape`` is the layers, as "2-2-2"; ``structure`` is equal for two diagrams that differ in
    nothing but numbers; ``folds`` are what is drawn of folded layers.
    """

    layout: Layout
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    biases: tuple[BiasNode, ...]
    targets: tuple[Target, ...]
    shape: str
    structure: Hashable
    folds: tuple[FoldedUnits, ...] = ()

    @property
    def size(self) -> str:
        """How wide it must at least be drawn to be read, in hundreds of pixels, as CSS classes."""
        kind, scale = ("full", _FULL_SCALE) if self.style.full else ("compact", _COMPACT_SCALE)
        return f"{kind} w{max(math.ceil(self.layout.width * scale / 100), _NARROWEST)}"

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
        return tuple(
            wires_of(
                (edge.place, edge.parameter.value.exact, float(edge.width))
                for edge in self.edges
                if not edge.place.folded
            )
        )

    @property
    def bundle(self) -> str:
        """Lines that stand for the weights of folded units, as one path."""
        return path_of(self.layout.bundles)

    @property
    def style(self) -> DetailLevel:
        """The level of detail."""
        return self.layout.style


def value_of(exact: float | None, decimals: int) -> Value | None:
    """``exact`` with its text, if it is known."""
    return None if exact is None else Value(exact, number(exact, decimals))


def _known(exact: float, *, signed: bool = False, figures: int = _FIGURES) -> Value:
    """A number as the picture has room for it: a large one with fewer decimals."""
    size = abs(exact)
    decimals = _DECIMALS
    if size >= 10.0 ** (figures - decimals) and size < math.inf:
        decimals = max(figures - 1 - math.floor(math.log10(size)), 0)
    return Value(exact, number(exact, decimals, signed=signed), signed)


def diagram_of(
    moment: StepValues, notation: Notation, unfolded: frozenset[int] = frozenset()
) -> Diagram:
    """The diagram of ``moment``, its large layers folded but for the ``unfolded`` ones."""
    spec = moment.spec
    bias_nodes = tuple(node is not None for node in spec.names.bias_nodes)
    drawn = layout(spec.layers, bias_nodes, unfolded)
    return Diagram(
        drawn,
        tuple(_nodes(moment, drawn, notation)),
        tuple(_edges(moment, drawn)),
        tuple(_bias_nodes(moment, drawn)),
        tuple(_targets(moment, drawn, notation)),
        "-".join(str(units) for units in spec.layers),
        (spec.layers, spec.names, spec.activations, spec.bias_update, unfolded, moment.known),
        tuple(fold_texts(drawn, spec)),
    )


def _nodes(moment: StepValues, drawn: Layout, notation: Notation) -> Iterator[Node]:
    spec = moment.spec
    last = len(spec.layers) - 1
    figures = _FIGURES if drawn.style.full else _FEW_FIGURES
    for place in drawn.nodes:
        layer, unit = place.layer, place.unit
        name = label(spec.names.units[layer][unit])
        if layer == 0:
            value = _given_value(moment.inputs[unit])
            said = _label("input", name.name)
            node = Node(place, "input", name, "", None, value, None, None, said)
        else:
            has_node = spec.names.bias_nodes[layer - 1] is not None
            activation = spec.activations[layer - 1]
            kind, tag = "output" if layer == last else "hidden", messages.activation_tag(activation)
            node = Node(
                place, kind, name, tag, _at(moment.pre[layer - 1], unit),
                _at(moment.act[layer - 1], unit, figures=figures),
                _at(moment.deltas[layer - 1], unit, signed=True),
                None if has_node else _bias(moment, layer - 1, unit, spec.names.biases),
                _label("unit", name.name, messages.ACTIVATIONS[activation]),
                _label("delta_of", name.name),
                "" if has_node else _label("bias", spec.names.biases[layer - 1][unit] or ""),
            )  # fmt: skip
        yield node if drawn.style.full else _with_sentences(node, notation)


def _at(
    row: Sequence[float] | None, index: int, *, signed: bool = False, figures: int = _FIGURES
) -> Value | None:
    return None if row is None else _known(row[index], signed=signed, figures=figures)


def _with_sentences(node: Node, notation: Notation) -> Node:
    pieces = [node.label]
    if node.kind == "input" and node.act:
        pieces = [_said(node.label, node.act)]
    else:
        pieces += [f"{notation.pre} {node.pre.text}"] if node.pre else []
        pieces += [f"{notation.act} {node.act.text}"] if node.act else []
    return node._replace(
        sentence=", ".join(pieces),
        delta_sentence=_said(node.delta_label, node.delta),
        bias_sentence=parameter_sentence(node.bias_label, node.bias) if node.bias else "",
    )


def _said(label: str, value: Value | None) -> str:
    return f"{label}: {value.text}" if value else label


def parameter_sentence(label: str, parameter: Parameter) -> str:
    """What a screen reader says of a weight or a bias."""
    pieces = [_said(label, parameter.value)]
    if parameter.gradient:
        pieces.append(messages.part("gradient", value=parameter.gradient.text))
    if parameter.new:
        pieces.append(messages.part("new", value=parameter.new.text))
    if parameter.frozen:
        pieces.append(messages.part("frozen"))
    return ", ".join(pieces)


def _given_value(exact: float) -> Value:
    """Inputs and targets are given numbers: shown as given unless that is long."""
    text = given(exact, _DECIMALS)
    return Value(exact, text) if text else _known(exact)


def _bias(
    moment: StepValues, layer: int, unit: int, names: Sequence[Sequence[str | None]]
) -> Parameter:
    frozen = moment.spec.bias_update == "none"
    value = float(moment.parameters.biases[layer][unit])
    name = label(names[layer][unit] or "")
    if frozen:
        return Parameter(name, _known(value), frozen=True)
    gradient = _at(moment.bias_gradients[layer], unit, signed=True)
    memory = tuple(
        (f"{slot}:", _at(rows[layer], unit, signed=True))
        for slot, rows in moment.memory_biases.items()
    )
    new = _at(moment.new_biases[layer], unit)
    return Parameter(name, _known(value), gradient, new, memory=memory)


def _bias_nodes(moment: StepValues, drawn: Layout) -> Iterator[BiasNode]:
    names = [[name] for name in moment.spec.names.bias_nodes]
    for place in drawn.biases:
        parameter = _bias(moment, place.layer, 0, names)
        said = _label("bias", parameter.name.name)
        sentence = "" if drawn.style.full else parameter_sentence(said, parameter)
        yield BiasNode(place, parameter, said, sentence)


def _edges(moment: StepValues, drawn: Layout) -> Iterator[Edge]:
    names = moment.spec.names
    values = [array.tolist() for array in moment.parameters.weights]
    memory = moment.memory_weights
    for place in drawn.edges:
        layer, j, i = place.layer, place.target, place.source
        value = values[layer][j][i]
        source, target = label(names.units[layer][i]), label(names.units[layer + 1][j])
        gradients, after = moment.weight_gradients[layer], moment.new_weights[layer]
        parameter = Parameter(
            label(names.weights[layer][j][i]),
            _known(value),
            _known(gradients[j][i], signed=True) if gradients else None,
            _known(after[j][i]) if after else None,
            memory=_memory(memory, layer, j, i) if memory else (),
        )
        said = _label("weight", parameter.name.name, source=source.name, target=target.name)
        # Between 1 and 8: equal steps near zero, and no weight ever fills the picture.
        width = f"{1 + 7 * abs(value) / (1 + abs(value)):.2f}"
        silent = place.folded or drawn.style.full
        sentence = "" if silent else parameter_sentence(said, parameter)
        yield Edge(place, source, target, width, parameter, said, sentence)


@lru_cache(maxsize=8192)
def _label(
    code: str, name: str = "", activation: str = "", source: str = "", target: str = ""
) -> str:
    """What an element is called for screen readers."""
    return messages.part(code, name=name, activation=activation, source=source, target=target)


def _memory(
    slots: Mapping[str, Sequence[Rows | None]], layer: int, unit: int, source: int
) -> tuple[tuple[str, Value | None], ...]:
    """What the optimizer remembers of a weight, as far as it is computed."""
    rows = {slot: layers[layer] for slot, layers in slots.items()}
    return tuple(
        (f"{slot}:", _known(row[unit][source], signed=True) if row else None)
        for slot, row in rows.items()
    )


def _targets(moment: StepValues, drawn: Layout, notation: Notation) -> Iterator[Target]:
    names = moment.spec.names
    outputs = drawn.nodes[-len(drawn.targets) :]
    for index, centre in enumerate(drawn.targets):
        name, value = label(names.targets[index]), _given_value(moment.targets[index])
        output = label(names.units[-1][index])
        said = _label("target", name.name)
        yield Target(
            centre, name, output, value,
            _at(moment.errors, index, signed=True), _at(moment.shares, index),
            index, outputs[index].folded, said,
            _label("error", activation=f"{notation.act} {output.name}"),
            _label("share", output.name), _said(said, value),
        )  # fmt: skip
