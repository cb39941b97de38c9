"""What the pages print: frozen contexts, made from a Lab, with every number already text.

The small parts that a page has many of are named tuples, which are quicker to make.

A page shows one moment. After an update that is the whole step: the forward pass it began with,
its deltas and gradients, and each parameter before and after. Nothing that has not been
computed is in a context at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app import messages
from app.diagram import BiasPlace, EdgePlace, Layout, NodePlace, Point, Style, layout
from app.engine.backprop import ForwardPass, Gradients
from app.engine.network import Parameters, Spec
from app.examples import EXAMPLES, Published
from app.formats import Label, label, natural, number, plain
from app.lab import Lab, Phase

LOSS_DECIMALS = 6
SLIDER_MAX = 2.0
_CURVE_POINTS = 120
_CURVE_WIDTH, _CURVE_HEIGHT = 460.0, 150.0


@dataclass(frozen=True, slots=True)
class Notation:
    """What the reader calls pre-activation, activation and loss."""

    key: str
    pre: str
    act: str
    loss: str


NOTATIONS = {
    "net": Notation("net", "net", "out", "E"),
    "z": Notation("z", "z", "a", "L"),
}


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
    def style(self) -> Style:
        """The level of detail."""
        return self.layout.style


class Row(NamedTuple):
    """A line of the parameters' table: a weight has both ends, a unit's own bias a target."""

    parameter: Parameter
    source: Label | None = None
    target: Label | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The loss over the steps so far.

    Attributes:
        points: an SVG points list.
        x, y: where the present step stands.
        top: the text at the top of the axis.
        steps: the number of the last step.
    """

    points: str
    x: str
    y: str
    top: str
    steps: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The worked example that a network began as."""

    slug: str
    title: str
    short_title: str
    source: str
    url: str
    about: str
    published: tuple[Published, ...]

    @property
    def agreeing(self) -> int:
        """How many printed values agree with the exact ones."""
        return sum(row.agrees for row in self.published)


@dataclass(frozen=True, slots=True)
class LabView:
    """One moment of a network, ready to print."""

    step: int
    last_step: int
    phase: str
    notation: Notation
    loss: Value | None
    loss_after: Value | None
    loss_formula: str
    activations: str
    biases: str
    learning_rate: str
    slider: str
    used_rate: str | None
    batch: str
    picture: Picture
    parameters: tuple[Row, ...]
    curve: Curve | None
    origin: Origin | None
    can_take_back: bool


@dataclass(frozen=True, slots=True)
class _Moment:
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


def view(lab: Lab, notation: Notation) -> LabView:
    """Everything the lab page prints of ``lab``."""
    moment = _moment(lab)
    picture = _picture(moment, notation)
    spec, trace = lab.present, lab.trace
    rate = spec.optimizer.learning_rate
    names = dict.fromkeys(messages.ACTIVATIONS[name] for name in spec.activations)
    return LabView(
        step=lab.step,
        last_step=lab.last_step,
        phase=lab.phase.value,
        notation=notation,
        loss=_value(moment.loss, LOSS_DECIMALS),
        loss_after=_value(moment.loss_after, LOSS_DECIMALS),
        loss_formula=messages.LOSS_FORMULAS[spec.loss].format(a=notation.act),
        activations=", ".join(names),
        biases=messages.BIAS_UPDATES[spec.bias_update],
        learning_rate=plain(rate),
        slider=plain(min(rate, SLIDER_MAX)),
        used_rate=plain(trace.learning_rate) if trace and trace.learning_rate != rate else None,
        batch=_batch(lab),
        picture=picture,
        parameters=tuple(_rows(picture)),
        curve=_curve(lab) if lab.step else None,
        origin=_origin(lab.origin),
        can_take_back=lab.step > 0,
    )


def sentence(lab: Lab, command: str | None = None) -> str:
    """What to tell about ``lab``, after ``command`` or on arriving."""
    loss = number(lab.forward_pass.loss, LOSS_DECIMALS)
    trace = lab.trace
    if command in ("learning_rate", "same_learning_rate"):
        return messages.said(command, rate=plain(lab.present.optimizer.learning_rate))
    if command == "reset":
        return messages.said("reset")
    if command == "taken_back":
        return messages.said("taken_back", step=lab.step, loss=loss)
    if lab.phase is Phase.START:
        return messages.said("start")
    if trace is None:
        return messages.said("forward", step=lab.step, loss=loss)
    before, after = trace.forward.loss, trace.loss_after
    code = "fell" if after < before else "rose" if after > before else "same"
    return messages.said(
        code, step=lab.step, before=number(before, LOSS_DECIMALS),
        after=number(after, LOSS_DECIMALS),
    )  # fmt: skip


def _moment(lab: Lab) -> _Moment:
    trace, spec = lab.trace, lab.present
    if trace:
        passed, gradients = trace.forward, trace.gradients
        return _Moment(
            spec, passed, trace.before, gradients, trace.after, passed.loss, trace.loss_after,
            passed.activations[0][0].tolist(), passed.targets[0].tolist(),
        )  # fmt: skip
    passed_now = None if lab.phase is Phase.START else lab.forward_pass
    loss = passed_now.loss if passed_now else None
    row = lab.sample
    return _Moment(
        spec, passed_now, lab.parameters, None, None, loss, None,
        spec.inputs[row].tolist(), spec.targets[row].tolist(),
    )  # fmt: skip


def _value(exact: float | None, decimals: int = 4, *, signed: bool = False) -> Value | None:
    return None if exact is None else Value(exact, number(exact, decimals, signed=signed))


def _known(exact: float, *, signed: bool = False) -> Value:
    return Value(exact, number(exact, signed=signed))


def _batch(lab: Lab) -> str:
    """Which of several samples stands in the picture."""
    spec = lab.present
    total = spec.inputs.shape[0]
    if total == 1:
        return ""
    step = lab.step - 1 if lab.trace else lab.step
    seen = spec.batch_slice(step)
    return messages.batch_text(seen.start + 1, seen.stop, total, spec.batch.reduction)


# --- the picture ----------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _layout(spec: Spec) -> Layout:
    return layout(spec.layers, tuple(node is not None for node in spec.names.bias_nodes))


def _picture(moment: _Moment, notation: Notation) -> Picture:
    drawn = _layout(moment.spec)
    return Picture(
        drawn,
        tuple(_nodes(moment, drawn, notation)),
        tuple(_edges(moment, drawn)),
        tuple(_bias_nodes(moment, drawn)),
        tuple(_targets(moment, drawn, notation)),
        "-".join(str(units) for units in moment.spec.layers),
    )


def _nodes(moment: _Moment, drawn: Layout, notation: Notation) -> Iterator[Node]:
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
    return Value(exact, number(exact) if len(text) > 7 else text.replace("-", "\N{MINUS SIGN}"))


def _bias(
    moment: _Moment, layer: int, unit: int, names: Sequence[Sequence[str | None]]
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


def _bias_nodes(moment: _Moment, drawn: Layout) -> Iterator[BiasNode]:
    names = [[name] for name in moment.spec.names.bias_nodes]
    for place in drawn.biases:
        parameter = _bias(moment, place.layer, 0, names)
        yield BiasNode(place, parameter, _parameter_sentence(parameter))


def _edges(moment: _Moment, drawn: Layout) -> Iterator[Edge]:
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


def _targets(moment: _Moment, drawn: Layout, notation: Notation) -> Iterator[Target]:
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


# --- beside the picture ---------------------------------------------------------------------


def _rows(picture: Picture) -> Iterator[Row]:
    """Weights layer by layer and by name, then biases."""
    for edge in sorted(picture.edges, key=_reading_order):
        yield Row(edge.parameter, edge.source, edge.target)
    for bias in picture.biases:
        yield Row(bias.parameter)
    for node in picture.nodes:
        if node.bias:
            yield Row(node.bias, target=node.name)


def _reading_order(edge: Edge) -> tuple[int, tuple[str, int, str]]:
    return edge.place.layer, natural(edge.parameter.name.name)


def _curve(lab: Lab) -> Curve:
    losses = lab.loss_history
    chosen = np.unique(np.linspace(0, lab.step, min(_CURVE_POINTS, lab.step + 1)).astype(int))
    heights = losses[chosen]
    top = float(heights.max()) or 1.0
    xs = chosen / lab.step * _CURVE_WIDTH
    ys = _CURVE_HEIGHT * (1 - heights / top)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
    return Curve(points, f"{xs[-1]:.1f}", f"{ys[-1]:.1f}", number(top), lab.step)


def _origin(slug: str | None) -> Origin | None:
    example = EXAMPLES.get(slug) if slug else None
    if example is None:
        return None
    return Origin(
        example.slug, example.title, example.short_title, example.source, example.url,
        example.about, example.published,
    )  # fmt: skip


def example_cards() -> tuple[LabView, ...]:
    """Every worked example, as it stands before its first step."""
    return tuple(
        view(Lab.fresh(example.spec, example.slug), NOTATIONS[example.notation])
        for example in EXAMPLES.values()
    )
