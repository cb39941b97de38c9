"""The texts of the diagram's numbers, in the order in which its templates have slots for them."""

from collections.abc import Iterable

from app.explain.notation import Notation
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Edge, Node, Parameter, Target
from app.views.diagram.shapes import EdgeShape
from app.views.diagram.text_fit import fit


def diagram_figures(diagram: Diagram, notation: Notation) -> list[str]:
    """For each slot of the template its text: a number, or the classes that make one fit."""
    full, texts = diagram.style.full, list[str]()
    if full:
        for edge in diagram.edges:
            texts += _of_row(edge.parameter, diagram)
    else:
        for bias in diagram.biases:
            texts += _of_box(bias.parameter)
    for node in diagram.nodes:
        if not node.place.folded:
            texts += _of_node(node, notation, diagram)
    for target in diagram.targets:
        if not target.folded:
            texts += _of_target(target, notation, diagram)
    return texts


def small_figures(diagram: Diagram, notation: Notation) -> list[str]:
    """As ``diagram_figures``, of the numbers that the drawing for narrow pages has."""
    rows, texts = diagram.small.row is not None, list[str]()
    if rows:
        for edge in diagram.edges:
            texts += _latest(edge.parameter, diagram)
    for _, node in diagram.small_nodes:
        texts += _of_activation(node, _out_box(diagram, node))
        if node.own:
            texts += _number("column", node.own)
        if node.delta:
            texts += _of_delta(diagram, node.delta.text)
        if rows and node.summand:
            texts += _latest(node.summand, diagram)
    for _, target in diagram.small_targets:
        texts += _of_target(target, notation, diagram)
    return texts


def wire_figures(edges: Iterable[tuple[EdgeShape, Edge]]) -> list[str]:
    """For each line of a weight that a drawing has the class of its sign, and its width."""
    texts = list[str]()
    for _, edge in edges:
        texts += ("neg" if edge.parameter.value.negative else "pos", edge.width)
    return texts


def _number(box: str, text: str, before: str = "") -> tuple[str, str]:
    return fit(box, before + text), text


def _named_number(box: str, text: str, name: str) -> tuple[str, str]:
    """A number after its name, or alone where both would be set too small to be read."""
    alone = bool(fit(box, name + text))
    return _number(box, text) if alone else ("", name + text)


def _of_row(parameter: Parameter, diagram: Diagram) -> list[str]:
    box, form = _value_box(diagram), diagram.layout.row
    texts = [*_number(box, parameter.value.text)]
    if parameter.new:
        texts += _number(box, parameter.new.text)
    if parameter.gradient:
        gradient = "gradient" if form and form.arrow else "close-gradient"
        texts += _number(gradient, parameter.gradient.text)
    return texts


def _latest(parameter: Parameter, diagram: Diagram) -> tuple[str, str]:
    return _number(_value_box(diagram), (parameter.new or parameter.value).text)


def _of_box(parameter: Parameter) -> list[str]:
    name, value, gradient, new = parameter[0], parameter.value, parameter.gradient, parameter.new
    line = f"{name.text} {value.text}" + (f" → {new.text}" if new else "")
    texts = [fit("small-update" if gradient else "small-parameter", line), value.text]
    if new:
        texts.append(new.text)
    if gradient:
        texts += _number("small-gradient", gradient.text, f"∂E/∂{name.text} ")
    return texts


def _of_activation(node: Node, box: str) -> tuple[str, str]:
    act = node.act.text if node.act else ""
    return fit(box, act), act or "?"


def _out_box(diagram: Diagram, node: Node) -> str:
    if diagram.style.lines > 1:
        return "input" if node.kind == "input" else "out"
    return "tight-out"


def _value_box(diagram: Diagram) -> str:
    return "close-value" if diagram.style.lines == 1 else "value"


def _of_delta(diagram: Diagram, text: str) -> tuple[str, str]:
    """A delta; where units stand close, the small drawing leaves its letter away."""
    tight = diagram.small.style.tight
    return _number("tight-delta", text) if tight else _number("delta", text, "δ ")


def _of_node(node: Node, notation: Notation, diagram: Diagram) -> list[str]:
    style, texts = diagram.style, [*_of_activation(node, _out_box(diagram, node))]
    if node.own:
        texts += _number("column", node.own)
    if style.full and node.pre:
        box = "tight-net" if style.lines == 1 else "close-net" if style.close else "net"
        texts += _named_number(box, node.pre.text, f"{notation.pre} ")
    if node.delta:
        texts += _of_delta(diagram, node.delta.text)
    if node.summand:
        texts += _of_row(node.summand, diagram)
    return texts


def _of_target(target: Target, notation: Notation, diagram: Diagram) -> list[str]:
    style = diagram.style
    box, close = "target" if style.lines > 1 else "small-target", "close-" * (style.lines == 1)
    texts = [*_number(box, target.value.text)]
    if target.own:
        texts += _number("column", target.own)
    if style.full and target.error and target.share:
        texts += _number(f"{close}error", target.error.text)
        name, text = f"{notation.loss} ", target.share.text
        box = f"{close}share"
        alone = bool(fit(box, name + text))
        texts += (fit(box, text) if alone else "", "" if alone else name, text)
    return [*texts, target.gap]
