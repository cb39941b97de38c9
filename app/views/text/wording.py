"""Derivations in words and in every writing: what the panel, the clipboard and the API share."""

from app import messages
from app.engine.network import Spec
from app.explain.derivation import Derivation, Line
from app.explain.expression import Expression, Number
from app.explain.notation import Notation
from app.explain.quantities import Quantity
from app.explain.writers.base import Writer
from app.explain.writers.latex import Latex
from app.explain.writers.text import Speech, Text
from app.lab.phases import Kind, Phase
from app.messages import derivations as words
from app.messages.derivations import TITLES
from app.messages.phases import LAYERS_SHORT, PHASES, PHASES_SHORT, WHOLE_PHASES
from app.views.text.formatting import label, number


def phase_name(phase: Phase, spec: Spec, notation: Notation, *, short: bool = False) -> str:
    """What a phase is called."""
    last = len(spec.layers) - 1
    if phase.kind in (Kind.MOMENTS, Kind.UPDATE) and phase.layer is None:
        return WHOLE_PHASES[phase.kind.value][0 if short else 1]
    layer = phase.layer or last
    which = 2 if layer == last else 1 if last == 2 else 0
    names = {"pre": notation.pre, "act": notation.act, "loss": notation.loss}
    if short:
        place = LAYERS_SHORT[which].format(layer=layer)
        return PHASES_SHORT[phase.kind.value].format(layer=place, **names)
    return PHASES[phase.kind.value][which].format(layer=layer, **names)


def loss_formula(spec: Spec, notation: Notation) -> str:
    """A network's loss of one sample, written with the reader's symbols."""
    target = label(spec.names.targets[0]).base
    return messages.LOSS_FORMULAS[spec.loss].format(a=notation.act, y=target)


def meaning(line: Line) -> str:
    """What a line means, in words."""
    names = dict(line.names)
    if "activation" in names:
        names["activation"] = messages.ACTIVATIONS[names["activation"]]
    text = words.MEANINGS[line.about].format(**names)
    if names.get("rest", "0") != "0":
        text += ". " + words.REST_LISTED.format(rest=names["rest"])
    return text


def remark(line: Line, digits: int) -> str:
    """Where the digits shown would give another result, or none, that is said."""
    said = [words.ZERO_LOG] if line.has_zero_log else []
    other = line.from_shown(digits)
    if other is not None and line.value is not None:
        texts = {"other": number(other, digits), "value": number(line.value, digits)}
        said.append(words.FROM_SHOWN.format(**texts))
    return " ".join(said)


def _sides(line: Line) -> list[Expression]:
    sides: list[Expression] = [line.left]
    sides += [one for one in (line.rule, line.numbers) if one is not None]
    if line.value is not None and not (line.numbers and isinstance(line.numbers, Number)):
        sides.append(Number(line.value))
    return sides


def rows_of(line: Line, writer: Writer) -> list[list[str]]:
    """A line's equation as rows of pieces, the sign at the head of each row but the first."""
    first, *rest = _sides(line)
    rows = [[writer.write(first)]]
    for side in rest:
        is_value = side is rest[-1] and line.value is not None
        sign = "≈" if is_value and _is_rounded(line, writer) else "="
        head, *tail = writer.pieces(side)
        rows.append([writer.led(sign, head), *tail])
    # What is explained and what it equals stand in one row.
    return [[*rows[0], *rows[1]], *rows[2:]] if rest else rows


def _is_rounded(line: Line, writer: Writer) -> bool:
    return writer.digits is not None and line.is_rounded(writer.digits)


def equation(line: Line, writer: Writer) -> str:
    """A line's equation as one text."""
    sides = [writer.write(side) for side in _sides(line)]
    return writer.equation(sides, rounded=len(sides) > 1 and _is_rounded(line, writer))


def latex_of(derivation: Derivation, notation: Notation, digits: int) -> str:
    """All lines as one aligned block."""
    writer = Latex(notation, digits)
    rows = []
    for line in derivation.lines:
        (left, *first), *rest = rows_of(line, writer)
        head = f"{left} &{''.join(first).lstrip()}" if first else f"& {left}"
        block = [head, *("&" + "".join(row).lstrip() for row in rest)]
        if rounded := remark(line, digits):
            block.append(rf"& \text{{({rounded})}}")
        rows.append(" \\\\\n".join(block))
    return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"


def text_of(derivation: Derivation, notation: Notation, digits: int) -> str:
    """All lines as plain text."""
    writer = Text(notation, digits)
    lines = []
    for line in derivation.lines:
        said = meaning(line)
        lines.append(said if said.endswith(("?", ".")) else f"{said}:")
        lines.append("    " + equation(line, writer))
        if rounded := remark(line, digits):
            lines.append(f"    ({rounded})")
    return "\n".join(lines)


def spoken(derivation: Derivation, notation: Notation, digits: int) -> str:
    """The result in one sentence: the question, the answer, and what it was made from."""
    question = words.QUESTIONS[derivation.quantity.kind].format(**derivation.names)
    made = [line for line in derivation.lines if line.kind in ("product", "shared", "samples")]
    line = made[-1] if made else derivation.lines[-1]
    speech = Speech(notation, digits, words.SPEECH)
    if derivation.value is None or line.value is None:
        return f"{question} {words.NOT_YET}"
    value = speech.write(Number(derivation.value))
    if line.numbers is None:
        return f"{question} {value}."
    return words.SPOKEN.format(question=question, value=value, numbers=speech.write(line.numbers))


def quantity_name(quantity: Quantity) -> str:
    """What a number is called in a list of numbers."""
    return TITLES[quantity.kind].format(name=quantity.name)
