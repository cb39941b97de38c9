"""The texts of the diagram's numbers, in the order in which its template has slots for them."""

from collections.abc import Iterator

from app.explain.notation import Notation
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Node, Parameter, Target
from app.views.diagram.shapes import DetailLevel
from app.views.diagram.text_fit import fit


def diagram_figures(diagram: Diagram, notation: Notation) -> Iterator[str]:
    """For each slot of the template its text: a number, or the classes that make one fit."""
    style = diagram.style
    if style.full:
        for edge in diagram.edges:
            if edge.place.tag:
                yield from _of_parameter(edge.parameter)
    for bias in diagram.biases:
        yield from _of_parameter(bias.parameter)
    for node in diagram.nodes:
        if not node.place.folded:
            yield from _of_node(node, notation, style)
    for target in diagram.targets:
        if not target.folded:
            yield from _of_target(target, notation, full=style.full)


def wire_figures(diagram: Diagram) -> Iterator[str]:
    """For each line of a weight the class of its sign, and its width."""
    for edge in diagram.edges:
        yield "neg" if edge.parameter.value.negative else "pos"
        yield edge.width


def _of_parameter(parameter: Parameter) -> Iterator[str]:
    name, value, gradient, new = parameter[0], parameter.value, parameter.gradient, parameter.new
    if not gradient:
        yield fit("brief-tag", f" {value.text}", name)
        yield value.text
        return
    yield fit("tag", f" {value.text} → {new.text}", name) if new else ""
    yield value.text
    if new:
        yield new.text
    yield fit("gradient", f"∂E/∂ {gradient.text}", name)
    yield gradient.text


def _of_node(node: Node, notation: Notation, style: DetailLevel) -> Iterator[str]:
    full = style.full
    if node.kind == "input":
        box = "input" if full else "small-input"
    else:
        box = "out" if full else "dense-out" if style.dense else "small-out"
    act = node.act.text if node.act else ""
    yield fit(box, act)
    yield act or "?"
    if full and node.pre:
        yield fit("net", f"{notation.pre} {node.pre.text}")
        yield node.pre.text
    if node.delta:
        yield fit("delta", f"δ {node.delta.text}") if full else ""
        yield node.delta.text
    if full and node.bias:
        yield from _of_own_bias(node.bias)


def _of_own_bias(bias: Parameter) -> Iterator[str]:
    name, value, new = bias.name, bias.value, bias.new
    if new:
        yield fit("own-bias", f" {value.text} → {new.text}", name)
    else:
        yield fit("brief-tag", f" {value.text}", name)
    yield value.text
    if new:
        yield new.text
    if bias.gradient:
        yield bias.gradient.text


def _of_target(target: Target, notation: Notation, *, full: bool) -> Iterator[str]:
    yield fit("target" if full else "small-target", target.value.text)
    yield target.value.text
    if full and target.error and target.share:
        yield fit("error", f"{notation.act} −  = {target.error.text}", target.name)
        yield target.error.text
        yield fit("share", f"{notation.loss} = {target.share.text}", target.output)
        yield target.share.text
