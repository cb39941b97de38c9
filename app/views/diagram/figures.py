"""The texts of the diagram's numbers, in the order in which its templates have slots for them."""

from collections.abc import Iterable
from itertools import chain

from app.explain.notation import Notation
from app.explain.rounding import number
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Edge, Node, Parameter, Target, Value
from app.views.diagram.shapes import EdgeShape
from app.views.diagram.text_fit import fit

_MOST_NARROW = 6
"""The most letters of a number in the narrow circle of an input."""


def diagram_figures(diagram: Diagram, notation: Notation) -> list[str]:
    """For each slot of the template its text: a number, or the classes that make one fit."""
    full, latest, texts = diagram.style.full, diagram.layout.latest, list[str]()
    if full:
        for edge in diagram.edges:
            texts += _of_row(edge.parameter.brief if latest else edge.parameter, diagram)
    else:
        for bias in diagram.biases:
            texts += _of_box(bias.parameter)
    for node in diagram.nodes:
        if not node.place.folded:
            texts += _of_node(node.brief if latest else node, notation, diagram)
    for target in diagram.targets:
        if not target.folded:
            texts += _of_target(target, notation, diagram, two_lines=diagram.style.lines > 1)
    return texts


def small_figures(diagram: Diagram, notation: Notation) -> list[str]:
    """As ``diagram_figures``, of the numbers that the drawing for narrow pages has."""
    rows, texts = diagram.small.row is not None, list[str]()
    if rows:
        for edge in diagram.edges:
            texts += _latest(edge.parameter, diagram)
    for _, node in diagram.small_nodes:
        texts += _of_activation(node, _out_box(diagram, node))
        if node.pre and not node.act:
            texts += _of_net(diagram, node.pre, notation)[::2]
        if node.own:
            texts += _number("column", node.own)
        if node.delta:
            texts += _of_delta(node.delta, diagram)
        if rows and node.summand:
            texts += _latest(node.summand, diagram)
    for _, target in diagram.small_targets:
        texts += _of_target(target, notation, diagram, two_lines=False)
    return texts


def rows_below_figures(diagram: Diagram) -> list[str]:
    """The numbers of the rows below the small drawing: value, new value and gradient."""
    texts = list[str]()
    for node, edges in chain.from_iterable(diagram.rows_below):
        for parameter in (*(edge.parameter for edge in edges), node.summand):
            if parameter:
                row = _of_row(parameter, diagram)
                # A new value has no ground of its own.
                texts += row[:2] + row[3:] if parameter.new else row
    return texts


def wire_figures(edges: Iterable[tuple[EdgeShape, Edge]]) -> list[str]:
    """For each line of a weight that a drawing has the class of its sign, and its width."""
    texts = list[str]()
    for _, edge in edges:
        texts += ("neg" if edge.parameter.value.negative else "pos", edge.width)
    return texts


def _number(box: str, text: str, before: str = "") -> tuple[str, str]:
    return fit(box, before + text), text


def _of_row(parameter: Parameter, diagram: Diagram) -> list[str]:
    texts = [*_number(_value_box(diagram), parameter.value.text)]
    if parameter.new:
        texts += _of_update(parameter, parameter.new, diagram)
    if parameter.gradient:
        texts += _number(_gradient_box(diagram), parameter.gradient.text)
    return texts


def _latest(parameter: Parameter, diagram: Diagram) -> tuple[str, ...]:
    """The new value, or else the value, and the gradient if there is one."""
    if parameter.new:
        return _of_update(parameter, parameter.new, diagram)
    value, gradient = parameter.value, parameter.gradient
    texts = _number("small-row-gradient", gradient.text) if gradient else ()
    return *_number(_value_box(diagram), value.text), *texts


def _of_update(parameter: Parameter, new: Value, diagram: Diagram) -> tuple[str, ...]:
    """The classes of a new value's ground, which only what changed has, and the value."""
    box, same = _value_box(diagram), new.exact == parameter.value.exact
    return " same" * same, fit(box, new.text) + " same" * same, new.text


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
    if box == "narrow-input" and node.act and len(act) > _MOST_NARROW:
        fewer = (number(node.act.exact, decimals) for decimals in (3, 2, 1))
        act = next((text for text in fewer if len(text) <= _MOST_NARROW), act)
    return fit(box, act), act or "?"


def _out_box(diagram: Diagram, node: Node) -> str:
    if diagram.style.lines > 1:
        return "input" if node.kind == "input" else "out"
    narrow = node.place.radius < diagram.style.radius
    return "narrow-input" if narrow else "tight-out"


def _value_box(diagram: Diagram) -> str:
    return "close-value" if diagram.style.lines == 1 else "value"


def _gradient_box(diagram: Diagram) -> str:
    form = diagram.layout.row
    return "gradient" if form and form.arrow else "close-gradient"


def _of_net(diagram: Diagram, pre: Value, notation: Notation) -> tuple[str, str, str]:
    """A net input: its classes, its name where there is room for that too, and the number."""
    style, name = diagram.style, f"{notation.pre} "
    text = pre.text if style.lines > 1 else pre.short.text
    box = "tight-net" if style.lines < 2 else "close-net" if style.close else "net"
    if style.lines < 2 or fit(box, name + text):
        return fit(box, text), "", text
    return "", name, text


def _of_delta(delta: Value, diagram: Diagram) -> tuple[str, str]:
    """A delta as both drawings show it, which a page's script gives the same text.

    Beside rows of one line there is room for two digits behind zeros.
    """
    near = diagram.style.lines == 1
    text = (delta.brief if near else delta).text
    if diagram.small.style.tight or not diagram.lettered:
        return _number("tight-delta", text)
    return _number("near-delta" if near else "delta", text, "δ ")


def _of_node(node: Node, notation: Notation, diagram: Diagram) -> list[str]:
    texts = [*_of_activation(node, _out_box(diagram, node))]
    if node.own:
        texts += _number("column", node.own)
    if node.pre and (diagram.style.full or not node.act):
        net = _of_net(diagram, node.pre, notation)
        texts += net if diagram.style.lines > 1 else net[::2]
    if node.delta:
        texts += _of_delta(node.delta, diagram)
    if node.summand:
        texts += _of_row(node.summand, diagram)
    return texts


def _of_target(
    target: Target, notation: Notation, diagram: Diagram, *, two_lines: bool
) -> list[str]:
    style = diagram.style
    close = "close-" * (style.lines < 2)
    texts = [*_number(f"{close}target", target.value.text)]
    if target.own:
        texts += _number("column", target.own)
    if target.error:
        texts += _number(f"{close}error", target.error.text)
    if style.full and target.share:
        name = f"{notation.loss}_{target.output.text} "
        text = target.share.text if style.lines > 1 else _beside(name, target.share)
        is_named = two_lines or (text and not fit("small-share", name + text))
        text = text or target.share.text
        texts += (fit(f"{close}share", text), name if is_named else "", text)
    return [*texts, target.gap]


def _beside(name: str, share: Value) -> str:
    """A share of E with as many digits as there is room for after its name; "" for none.

    Where rows have one line, both drawings are narrow, and show the same.
    """
    decimals = (number(share.exact, count) for count in (3, 2, 1))
    digits = (number(float(f"{share.exact:.0e}")).replace(".00e", "e"),)
    texts = chain((share.text, share.short.text), decimals, digits)
    return next((text for text in texts if not fit("near-share", name + text)), "")
