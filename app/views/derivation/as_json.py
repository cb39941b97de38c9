"""A derivation as plain data, ready for JSON: every line in every writing, with exact values."""

from typing import Any

from app.explain.derivation import Line
from app.explain.expression import Expression
from app.explain.notation import Notation
from app.explain.quantities import Quantity
from app.explain.writers.latex import Latex
from app.explain.writers.mathml import MathML
from app.explain.writers.text import Python, Speech, Text
from app.lab.moment import Moment
from app.lab.phases import Progress
from app.lab.sample_in_view import SampleInView, sample_in_view
from app.messages import derivations as words
from app.views.derivation.panel import panel_of, phase_for
from app.views.text.formatting import number
from app.views.text.wording import equation, latex_of, meaning, remark, text_of


def derivation_data(
    standing: Moment,
    quantity: Quantity,
    notation: Notation,
    digits: int,
    progress: Progress,
    seen: SampleInView | None = None,
) -> dict[str, Any]:
    """All of a derivation.

    Args:
        standing: the network.
        quantity: the number.
        notation: what things are called in the writings.
        digits: how many decimals the writings show; values are exact.
        progress: what may be told.
        seen: the sample in view; the step's own if not given.
    """
    seen = seen or sample_in_view(standing)
    panel, derivation = panel_of(standing, quantity, notation, digits, progress, seen)
    phase = phase_for(quantity, progress)
    lines = [_line(line, notation, digits) for line in derivation.lines]
    return {
        "quantity": quantity.key,
        "kind": quantity.kind,
        "question": panel.question,
        "step": standing.shown.step - 1,
        "sample": seen.index,
        "note": panel.note or None,
        "phase": phase.key if phase else None,
        "computed": derivation.value is not None,
        "pending": panel.pending or None,
        "symbol": _writings(derivation.symbol, notation, digits),
        "value": derivation.value,
        "shown": panel.value or None,
        "lines": lines,
        "paths": [
            {"through": line.names["route"].split(" → "), "value": line.value}
            for line in derivation.lines
            if line.kind == "path"
        ],
        "latex": latex_of(derivation, notation, digits),
        "text": text_of(derivation, notation, digits),
        "sentence": panel.sentence,
    }


def _line(line: Line, notation: Notation, digits: int) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "meaning": meaning(line),
        "badge": line.badge or None,
        "role": line.role or None,
        "symbolic": {
            "left": _writings(line.left, notation, digits),
            "right": line.rule and _writings(line.rule, notation, digits),
        },
        "substituted": line.numbers and _writings(line.numbers, notation, digits),
        # What Python evaluates to the exact value; exp, tanh and max are those of ``math``.
        "expression": line.numbers and Python(notation, None).write(line.numbers),
        "value": line.value,
        "shown": None if line.value is None else number(line.value, digits),
        "remark": remark(line, digits) or None,
        "latex": equation(line, Latex(notation, digits)),
        "text": equation(line, Text(notation, digits)),
        "sentence": equation(line, Speech(notation, digits, words.SPEECH)),
    }


def _writings(expression: Expression, notation: Notation, digits: int) -> dict[str, str]:
    mathml = MathML(notation, digits).write(expression)
    return {
        "text": Text(notation, digits).write(expression),
        "latex": Latex(notation, digits).write(expression),
        "mathml": f'<math xmlns="http://www.w3.org/1998/Math/MathML">{mathml}</math>',
    }
