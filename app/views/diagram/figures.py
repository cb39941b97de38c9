"""The texts of the diagram's numbers, in the order in which its templates have slots for them."""

from collections.abc import Iterator

from app.explain.notation import Notation
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Node, Parameter, Target
from app.views.diagram.text_fit import fit


def diagram_figures(diagram: Diagram, notation: Notation) -> Iterator[str]:
    """For each slot of the template its text: a number, or the classes that make one fit."""
    style = diagram.style
    if style.full:
        for edge in diagram.edges:
            yield from _of_row(edge.parameter)
    else:
        for bias in diagram.biases:
            yield from _of_box(bias.parameter)
    for node in diagram.nodes:
        if not node.place.folded:
            yield from _of_node(node, notation, diagram)
    for target in diagram.targets:
        if not target.folded:
            yield from _of_target(target, notation, full=style.full)


def small_figures(diagram: Diagram, notation: Notation) -> Iterator[str]:
    """As ``diagram_figures``, of the numbers that the drawing for narrow pages has."""
    rows, full = diagram.small.row is not None, diagram.style.full
    if rows:
        for edge in diagram.edges:
            yield from _latest(edge.parameter)
    for _, node in diagram.small_nodes:
        yield from _of_activation(node, _out_box(diagram, node))
        if node.delta:
            yield from _of_delta(diagram, node.delta.text)
        if rows and node.summand:
            yield from _latest(node.summand)
    for _, target in diagram.small_targets:
        yield from _of_target(target, notation, full=full)


def wire_figures(diagram: Diagram) -> Iterator[str]:
    """For each line of a weight the class of its sign, and its width."""
    for edge in diagram.edges:
        yield "neg" if edge.parameter.value.negative else "pos"
        yield edge.width


def _number(box: str, text: str, before: str = "") -> tuple[str, str]:
    return fit(box, before + text), text


def _named_number(box: str, text: str, name: str) -> tuple[str, str]:
    """A number after its name, or alone where both would be set too small to be read."""
    alone = bool(fit(box, name + text))
    return _number(box, text) if alone else ("", name + text)


def _of_row(parameter: Parameter) -> Iterator[str]:
    yield from _number("value", parameter.value.text)
    if parameter.new:
        yield from _number("value", parameter.new.text)
    if parameter.gradient:
        yield from _number("gradient", parameter.gradient.text)


def _latest(parameter: Parameter) -> tuple[str, str]:
    return _number("value", (parameter.new or parameter.value).text)


def _of_box(parameter: Parameter) -> Iterator[str]:
    name, value, gradient, new = parameter[0], parameter.value, parameter.gradient, parameter.new
    line = f"{name.text} {value.text}" + (f" → {new.text}" if new else "")
    yield fit("small-update" if gradient else "small-parameter", line)
    yield value.text
    if new:
        yield new.text
    if gradient:
        yield fit("small-gradient", f"∂E/∂{name.text} {gradient.text}")
        yield gradient.text


def _of_activation(node: Node, box: str) -> tuple[str, str]:
    act = node.act.text if node.act else ""
    return fit(box, act), act or "?"


def _out_box(diagram: Diagram, node: Node) -> str:
    if diagram.style.full:
        return "input" if node.kind == "input" else "out"
    return "tight-out"


def _of_delta(diagram: Diagram, text: str) -> tuple[str, str]:
    """A delta; where units stand close, the small drawing leaves its letter away."""
    tight = diagram.small.style.tight
    return _number("tight-delta", text) if tight else _number("delta", text, "δ ")


def _of_node(node: Node, notation: Notation, diagram: Diagram) -> Iterator[str]:
    style = diagram.style
    yield from _of_activation(node, _out_box(diagram, node))
    if style.full and node.pre:
        box = "net" if style.lines > 1 else "net-of-one"
        yield from _named_number(box, node.pre.text, f"{notation.pre} ")
    if node.delta:
        yield from _of_delta(diagram, node.delta.text)
    if node.summand:
        yield from _of_row(node.summand)


def _of_target(target: Target, notation: Notation, *, full: bool) -> Iterator[str]:
    yield from _number("target" if full else "small-target", target.value.text)
    if full:
        yield from _of_error(target, notation)
    yield target.gap


def _of_error(target: Target, notation: Notation) -> Iterator[str]:
    if target.error and target.share:
        yield from _number("error", target.error.text)
        name, text = f"{notation.loss} ", target.share.text
        alone = bool(fit("share", name + text))
        yield from (fit("share", text) if alone else "", "" if alone else name, text)
