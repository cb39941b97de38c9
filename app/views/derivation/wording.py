"""Derivations in words and in every writing: what the panel, the clipboard and the API share."""

from collections.abc import Mapping
from typing import NamedTuple

from app import messages
from app.engine.network import Spec
from app.explain.derivation import Derivation, Line
from app.explain.expression import Expression, Number
from app.explain.notation import Notation
from app.explain.quantities import Quantity
from app.explain.rounding import number
from app.explain.writers.base import Writer
from app.explain.writers.latex import Latex
from app.explain.writers.text import Speech
from app.lab.phases import Kind, Phase
from app.messages import derivations as words
from app.views.text.formatting import label, written

TextRows = tuple[tuple[str, ...], ...]
"""An equation in rows, each in pieces between which it may be broken."""


def phase_name(phase: Phase, spec: Spec, notation: Notation, *, short: bool = False) -> str:
    """What a phase is called."""
    last = len(spec.layers) - 1
    if phase.kind in (Kind.MOMENTS, Kind.UPDATE) and phase.layer is None:
        return words.WHOLE_PHASES[phase.kind.value][0 if short else 1]
    layer = phase.layer or last
    which = 2 if layer == last else 1 if last == 2 else 0
    place = (words.PLACES_SHORT if short else words.PLACES)[which].format(layer=layer)
    text = (words.PHASES_SHORT if short else words.PHASES)[phase.kind.value]
    return text.format(place=place, pre=notation.pre, act=notation.act, loss=notation.loss)


def loss_formula(spec: Spec, notation: Notation) -> str:
    """A network's loss, written with the reader's symbols; of several samples a step, in words."""
    target = label(spec.names.targets[0]).base
    formula = messages.LOSS_FORMULAS[spec.loss].format(a=notation.act, y=target)
    if spec.batches == len(spec.inputs):
        return formula
    return messages.LOSS_OF_BATCH[spec.batch.reduction].format(formula=formula)


def title_of(derivation: Derivation) -> str:
    """What a derivation ends in."""
    return _asked(words.TITLES, derivation)


def _asked(texts: Mapping[str, str], derivation: Derivation) -> str:
    """The text about a derivation's number; of a batch, that of one sample may have its own."""
    kind = derivation.quantity.kind
    own = f"{kind}_of_sample" if "sample" in derivation.names else kind
    return texts.get(own, texts[kind]).format(**written_names(derivation.names))


def written_names(names: Mapping[str, str]) -> dict[str, str]:
    """The names in a sentence, as the diagram writes them."""
    return {what: written(name) for what, name in names.items()}


def meaning(line: Line, digits: int) -> str:
    """What a line means, in words; its numbers have so many digits."""
    names = written_names(line.names)
    if "activation" in names:
        names["activation"] = messages.ACTIVATIONS[names["activation"]]
    text = words.MEANINGS[line.about].format(**names)
    return ". ".join(filter(None, (text, rest_told(line, digits))))


def rest_told(line: Line, digits: int) -> str:
    """What "…" stands for in a line that does not list all samples, else ""."""
    if "rest" not in line.names:
        return ""
    together = number(float(line.names["together"]), digits)
    return words.REST_LISTED.format(rest=line.names["rest"], together=together)


def remark(line: Line, digits: int) -> str:
    """A note on a line whose digits, as they are shown, give another result."""
    other = line.from_shown(digits)
    if other is None or line.value is None:
        return ""
    names = {"other": number(other, digits), "value": number(line.value, digits)}
    return words.FROM_SHOWN.format(**names)


def sides_of(line: Line) -> list[Expression]:
    """The sides of a line's equation: what it is about, the rule, the numbers, the value."""
    sides = [side for side in (line.left, line.rule, line.numbers) if side is not None]
    if line.value is not None and not isinstance(line.numbers, Number):
        sides.append(Number(line.value))
    return sides


def _is_rounded(line: Line, writer: Writer) -> bool:
    return writer.digits is not None and line.is_rounded(writer.digits)


def _signs(line: Line, count: int, writer: Writer) -> list[str]:
    """The signs before ``count`` sides: the last one is "≈" where the value is rounded."""
    rounded = count and _is_rounded(line, writer)
    return ["="] * (count - 1) + ["≈"] if rounded else ["="] * count


def rows_of(line: Line, writer: Writer) -> TextRows:
    """A line's equation as rows of pieces, the sign at the head of each row but the first."""
    left, *sides = sides_of(line)
    rows: list[tuple[str, ...]] = [(writer.write(left),)]
    for sign, side in zip(_signs(line, len(sides), writer), sides, strict=True):
        head, *tail = writer.pieces(side)
        rows.append((writer.led(sign, head), *tail))
    # The left side and what it equals stand in one row.
    return (rows[0] + rows[1], *rows[2:]) if sides else tuple(rows)


def equation(line: Line, writer: Writer) -> str:
    """A line's equation as one text."""
    return _equation([writer.write(side) for side in sides_of(line)], line, writer)


def _equation(sides: list[str], line: Line, writer: Writer) -> str:
    return writer.equation(sides, rounded=len(sides) > 1 and _is_rounded(line, writer))


class WordedLine(NamedTuple):
    """A line of a derivation in words, as plain text and as LaTeX.

    ``sides`` are those of its equation, each with its text and its LaTeX.
    """

    line: Line
    meaning: str
    remark: str
    sides: list[tuple[Expression, str, str]]
    text: str
    latex: str


class Wording:
    """A derivation in words, as plain text and as LaTeX; each expression is written once."""

    def __init__(self, derivation: Derivation, notation: Notation, digits: int) -> None:
        self._derivation = derivation
        self._text, self._latex = Writer(notation, digits), Latex(notation, digits)
        self.speech = Speech(notation, digits, words.SPEECH)
        self.question = _asked(words.QUESTIONS, derivation)
        self.lines = [self._worded(line, digits) for line in derivation.lines]

    def _worded(self, line: Line, digits: int) -> WordedLine:
        sides = sides_of(line)
        text, latex = ([writer.write(s) for s in sides] for writer in (self._text, self._latex))
        equations = _equation(text, line, self._text), _equation(latex, line, self._latex)
        written = list(zip(sides, text, latex, strict=True))
        return WordedLine(line, meaning(line, digits), remark(line, digits), written, *equations)

    @property
    def latex(self) -> str:
        """All lines as one aligned block."""
        rows = []
        for worded in self.lines:
            (_, _, left), *sides = worded.sides
            texts = ["".join(self._latex.spread(side)) or latex for side, _, latex in sides]
            signs = _signs(worded.line, len(texts), self._latex)
            pairs = zip(signs, texts, strict=True)
            block = ["&" + self._latex.led(sign, text).lstrip() for sign, text in pairs]
            block[:1] = [f"{left} {block[0]}" if block else f"& {left}"]
            if worded.remark:
                block.append(rf"& \text{{({worded.remark})}}")
            rows.append(" \\\\\n".join(block))
        return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"

    @property
    def text(self) -> str:
        """All lines as plain text."""
        texts = []
        for worded in self.lines:
            about = worded.meaning
            texts.append(about if about.endswith(("?", ".")) else f"{about}:")
            texts.append("    " + worded.text)
            if worded.remark:
                texts.append(f"    ({worded.remark})")
        return "\n".join(texts)

    @property
    def spoken(self) -> str:
        """The result in one sentence: the question, the answer, and what it was made from."""
        value, lines = self._derivation.value, self._derivation.lines
        made = [line for line in lines if line.kind in ("product", "shared", "samples")]
        line = made[-1] if made else lines[-1]
        if value is None or line.value is None:
            return f"{self.question} {words.NOT_YET}"
        answer = self.speech.write(Number(value))
        if line.numbers is None:
            return f"{self.question} {answer}."
        numbers = self.speech.write(line.numbers)
        if numbers == answer:
            return f"{self.question} {answer}."
        return words.SPOKEN.format(question=self.question, value=answer, numbers=numbers)


def quantity_name(quantity: Quantity) -> str:
    """What a number is called in a list of numbers."""
    return words.TITLES[quantity.kind].format(name=written(quantity.name))
