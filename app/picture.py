"""The diagram and its numbers as text: every unit, weight, bias and target at one moment.

The small parts that a page has many of are named tuples, which are quicker to make.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app import messages
from app.diagram import BiasPlace, EdgePlace, Layout, NodePlace, Point, Style, layout
from app.engine.backprop import ForwardPass, Gradients
from app.engine.network import Parameters, Spec
from app.explain.notation import Notation
from app.formats import MINUS, Label, label, number, plain
from app.lab import Lab, Phase

_WIDE, _WIDER = 1330.0, 1750.0


class Value(NamedTuple):
    """A number: exact, as text, and whether it is negative."""

    exact: float
    text: str

    @property
    def negative(self) -> bool:
        """Whether it is below zero."""
        return self.exact < 0


class Parameter(NamedTuple):
    """A weight or a bias at this moment.

    Attributes:
        name: its label.
        value: before the update that is shown, else now.
        gradient, new: of the update that is shown, else None.
        frozen: whether it never learns.
    """

    name: Label
    value: Value
    gradient: Value | None = None
    new: Value | None = None
    frozen: bool = False


class Node(NamedTuple):
    """A unit: where it stands and what is known of it."""

    place: NodePlace
    kind: str
    name: Label
    activation_name: str
    pre: Value | None
    act: Value | None
    delta: Value | None
    bias: Parameter | None
    sentence: str


class Edge(NamedTuple):
    """A weight: its line, its width, and its numbers."""

    place: EdgePlace
    source: Label
    target: Label
    width: str
    parameter: Parameter
    sentence: str


class BiasNode(NamedTuple):
    """A layer's one bias."""

    place: BiasPlace
    parameter: Parameter
    sentence: str


class Target(NamedTuple):
    """A target, and how far its output is from it."""

    centre: Point
    name: Label
    output: Label
    value: Value
    error: Value | None
    share: Value | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in the diagram."""

    layout: Layout
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    biases: tuple[BiasNode, ...]
    targets: tuple[Target, ...]
    shape: str

    @property
    def size(self) -> str:
        """How wide it must at least be drawn to be read, as CSS classes."""
        width = self.layout.width
        wide = " wide wider" if width > _WIDER else " wide" if width > _WIDE else ""
        return f"full{wide}" if self.style.full else "compact"

    @property
    def style(self) -> Style:
        """The level of detail."""
        return self.layout.style


@dataclass(frozen=True, slots=True)
class Moment:
    """The numbers on the page, before they become text."""

    spec: Spec
    passed: ForwardPass | None
    parameters: Parameters
    gradients: Gradients | None
    after: Parameters | None
    loss: float | None
    loss_after: float | None
    inputs: Sequence[float]
    targets: Sequence[float]


def moment_of(lab: Lab) -> Moment:
    """What ``lab`` shows: the update that led here, or the present as far as it is computed."""
    trace, spec = lab.trace, lab.present
    if trace:
        passed, gradients = trace.forward, trace.gradients
        return Moment(
            spec, passed, trace.before, gradients, trace.after, passed.loss, trace.loss_after,
            passed.activations[0][0].tolist(), passed.targets[0].tolist(),
        )  # fmt: skip
    passed_now = None if lab.phase is Phase.START else lab.forward_pass
    loss = passed_now.loss if passed_now else None
    row = lab.sample
    return Moment(
        spec, passed_now, lab.parameters, None, None, loss, None,
        spec.inputs[row].tolist(), spec.targets[row].tolist(),
    )  # fmt: skip


def value_of(exact: float | None, decimals: int) -> Value | None:
    """``exact`` with its text, if it is known."""
    return None if exact is None else Value(exact, number(exact, decimals))


def _known(exact: float, *, signed: bool = False) -> Value:
    return Value(exact, number(exact, signed=signed))


@lru_cache(maxsize=256)
def _layout(spec: Spec) -> Layout:
    return layout(spec.layers, tuple(node is not None for node in spec.names.bias_nodes))


def picture_of(moment: Moment, notation: Notation) -> Picture:
    """The diagram of ``moment``."""
    drawn = _layout(moment.spec)
    return Picture(
        drawn,
        tuple(_nodes(moment, drawn, notation)),
        tuple(_edges(moment, drawn)),
        tuple(_bias_nodes(moment, drawn)),
        tuple(_targets(moment, drawn, notation)),
        "-".join(str(units) for units in moment.spec.layers),
    )


def _nodes(moment: Moment, drawn: Layout, notation: Notation) -> Iterator[Node]:
    spec, passed, gradients = moment.spec, moment.passed, moment.gradients
    last = len(spec.layers) - 1
    pre = [row[0].tolist() for row in passed.pre_activations] if passed else None
    act = [row[0].tolist() for row in passed.activations] if passed else None
    deltas = [row[0].tolist() for row in gradients.deltas] if gradients else None
    for place in drawn.nodes:
        layer, unit = place.layer, place.unit
        name = label(spec.names.units[layer][unit])
        if layer == 0:
            value = _input_value(moment.inputs[unit])
            said = messages.part("input", name=name.name, value=value.text)
            yield Node(place, "input", name, "", None, value, None, None, said)
            continue
        has_node = spec.names.bias_nodes[layer - 1] is not None
        node = Node(
            place,
            "output" if layer == last else "hidden",
            name,
            messages.ACTIVATIONS[spec.activations[layer - 1]],
            _known(pre[layer - 1][unit]) if pre else None,
            _known(act[layer][unit]) if act else None,
            _known(deltas[layer - 1][unit], signed=True) if deltas else None,
            None if has_node else _bias(moment, layer - 1, unit, spec.names.biases),
            "",
        )
        yield node._replace(sentence=_node_sentence(node, notation))


def _node_sentence(node: Node, notation: Notation) -> str:
    pieces = [messages.part("unit", name=node.name.name, activation=node.activation_name)]
    if node.pre and node.act:
        pieces += [f"{notation.pre} {node.pre.text}", f"{notation.act} {node.act.text}"]
    if node.delta:
        pieces.append(messages.part("delta", value=node.delta.text))
    if node.bias:
        pieces.append(_parameter_sentence(node.bias))
    return ", ".join(pieces)


def _parameter_sentence(parameter: Parameter, source: str = "", target: str = "") -> str:
    name, value = parameter.name.name, parameter.value.text
    kind = "weight" if source else "bias"
    pieces = [messages.part(kind, name=name, value=value, source=source, target=target)]
    if parameter.gradient:
        pieces.append(messages.part("gradient", value=parameter.gradient.text))
    if parameter.new:
        pieces.append(messages.part("new", value=parameter.new.text))
    if parameter.frozen:
        pieces.append(messages.part("frozen"))
    return ", ".join(pieces)


def _input_value(exact: float) -> Value:
    """Inputs and targets are given numbers: shown as given unless that is long."""
    text = plain(exact)
    return Value(exact, number(exact) if len(text) > 7 else text.replace("-", MINUS))


def _bias(
    moment: Moment, layer: int, unit: int, names: Sequence[Sequence[str | None]]
) -> Parameter:
    frozen = moment.spec.bias_update == "none"
    gradients, after = moment.gradients, moment.after
    return Parameter(
        label(names[layer][unit] or ""),
        _known(float(moment.parameters.biases[layer][unit])),
        _known(float(gradients.biases[layer][unit]), signed=True)
        if gradients and not frozen
        else None,
        _known(float(after.biases[layer][unit])) if after and not frozen else None,
        frozen,
    )


def _bias_nodes(moment: Moment, drawn: Layout) -> Iterator[BiasNode]:
    names = [[name] for name in moment.spec.names.bias_nodes]
    for place in drawn.biases:
        parameter = _bias(moment, place.layer, 0, names)
        yield BiasNode(place, parameter, _parameter_sentence(parameter))


def _edges(moment: Moment, drawn: Layout) -> Iterator[Edge]:
    names = moment.spec.names
    values = [array.tolist() for array in moment.parameters.weights]
    gradients = [array.tolist() for array in moment.gradients.weights] if moment.gradients else None
    after = [array.tolist() for array in moment.after.weights] if moment.after else None
    for place in drawn.edges:
        layer, j, i = place.layer, place.target, place.source
        value = values[layer][j][i]
        source, target = label(names.units[layer][i]), label(names.units[layer + 1][j])
        parameter = Parameter(
            label(names.weights[layer][j][i]),
            _known(value),
            _known(gradients[layer][j][i], signed=True) if gradients else None,
            _known(after[layer][j][i]) if after else None,
        )
        yield Edge(
            place,
            source,
            target,
            # Between 1 and 8: equal steps near zero, and no weight ever fills the picture.
            f"{1 + 7 * abs(value) / (1 + abs(value)):.2f}",
            parameter,
            _parameter_sentence(parameter, source.name, target.name),
        )


def _targets(moment: Moment, drawn: Layout, notation: Notation) -> Iterator[Target]:
    names, passed = moment.spec.names, moment.passed
    errors = (passed.activations[-1][0] - passed.targets[0]).tolist() if passed else None
    shares = passed.shares[0].tolist() if passed else None
    for index, centre in enumerate(drawn.targets):
        name, value = label(names.targets[index]), _input_value(moment.targets[index])
        pieces = [messages.part("target", name=name.name, value=value.text)]
        error = share = None
        if errors and shares:
            error, share = _known(errors[index], signed=True), _known(shares[index])
            pieces += [
                messages.part("error", activation=notation.act, value=error.text),
                messages.part("share", value=share.text),
            ]
        output = label(names.units[-1][index])
        yield Target(centre, name, output, value, error, share, ", ".join(pieces))
