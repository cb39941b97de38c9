"""What screen readers say of the diagram's parts: names, and sentences that hold numbers too."""

from functools import lru_cache

from app import messages
from app.explain.notation import Notation
from app.views.diagram.elements import Node, Parameter, Value
from app.views.text.formatting import written


@lru_cache(maxsize=8192)
def label_of(
    code: str, name: str = "", activation: str = "", source: str = "", target: str = ""
) -> str:
    """What an element is called for screen readers."""
    names = {"name": written(name), "source": written(source), "target": written(target)}
    return messages.part(code, activation=activation, **names)


def bias_label(bias: Parameter | None, unit: str, *, shared: bool) -> str:
    """What the bias of a unit is called, which may be its layer's."""
    name = bias.name.name if bias else ""
    return label_of("shared_bias", name, target=unit) if shared else label_of("bias", name)


def with_sentences(node: Node, notation: Notation) -> Node:
    """A unit with the sentences of its links."""
    pieces = [node.label]
    if node.kind == "input" and node.act:
        pieces = [said_with(node.label, node.act)]
    else:
        pieces += [f"{notation.pre} {node.pre.text}"] if node.pre else []
        pieces += [f"{notation.act} {node.act.text}"] if node.act else []
    return node._replace(
        sentence=", ".join(pieces),
        delta_sentence=said_with(node.delta_label, node.delta),
    )


def said_with(label: str, value: Value | None) -> str:
    """A name and its number, if that is known."""
    return f"{label}: {value.text}" if value else label


def parameter_sentence(label: str, parameter: Parameter) -> str:
    """What a screen reader says of a weight or a bias."""
    pieces = [said_with(label, parameter.value)]
    if parameter.gradient:
        pieces.append(messages.part("gradient", value=parameter.gradient.text))
    if parameter.new:
        pieces.append(messages.part("new", value=parameter.new.text))
    if parameter.frozen:
        pieces.append(messages.part("frozen"))
    return ", ".join(pieces)
