"""A derivation as plain data, ready for JSON: every line in every writing, with exact values."""

from typing import Any

from app.explain.expression import Expression
from app.explain.notation import Notation
from app.explain.quantities import Quantity
from app.explain.rounding import number
from app.explain.writers.base import Writer
from app.explain.writers.latex import Latex
from app.explain.writers.mathml import MathML
from app.explain.writers.text import Python
from app.lab.visibility import Visibility
from app.views.derivation.panel import pending_text
from app.views.derivation.wording import WordedLine, Wording, equation
from app.views.text.sample import sample_note


def derivation_data(
    visible: Visibility, quantity: Quantity, notation: Notation, digits: int
) -> dict[str, Any]:
    """All of a derivation; its writings show so many decimals, its values are exact."""
    derivation, phase = visible.derivation(quantity), visible.phase_of(quantity)
    wording, mathml = Wording(derivation, notation, digits), MathML(notation, digits)
    symbol = derivation.symbol
    text, latex = (writer(notation, digits).write(symbol) for writer in (Writer, Latex))
    return {
        "quantity": quantity.key,
        "kind": quantity.kind,
        "question": wording.question,
        "step": visible.sample.standing.base_step,
        "sample": visible.sample.index,
        "note": sample_note(visible.sample, quantity) or None,
        "phase": phase.key if phase else None,
        "computed": derivation.value is not None,
        "pending": pending_text(visible, quantity, notation) or None,
        "symbol": _writings(symbol, text, latex, mathml),
        "value": derivation.value,
        "shown": None if derivation.value is None else number(derivation.value, digits),
        "lines": [_line(line, wording, mathml, digits) for line in wording.lines],
        "paths": [
            {"through": line.names["route"].split(" → "), "value": line.value}
            for line in derivation.lines
            if line.kind == "path"
        ],
        "latex": wording.latex,
        "text": wording.text,
        "sentence": wording.spoken,
    }


def _line(worded: WordedLine, wording: Wording, mathml: MathML, digits: int) -> dict[str, Any]:
    line = worded.line
    sides = (_writings(*side, mathml) for side in worded.sides)
    return {
        "kind": line.kind,
        "meaning": worded.meaning,
        "badge": line.badge or None,
        "role": line.role or None,
        "symbolic": {"left": next(sides), "right": line.rule and next(sides)},
        "substituted": line.numbers and next(sides),
        # What Python evaluates to the exact value; exp, tanh and max are those of ``math``.
        "expression": line.numbers and Python(mathml.notation, None).write(line.numbers),
        "value": line.value,
        "shown": None if line.value is None else number(line.value, digits),
        "remark": worded.remark or None,
        "latex": worded.latex,
        "text": worded.text,
        "sentence": equation(line, wording.speech),
    }


def _writings(side: Expression, text: str, latex: str, mathml: MathML) -> dict[str, str]:
    inside = mathml.write(side)
    math = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inside}</math>'
    return {"text": text, "latex": latex, "mathml": math}
