"""Expressions as LaTeX, to copy; amsmath is all they need."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.explain.notation import GREEK_COMMANDS
from app.explain.writers.base import Case, Writer

_OPERATORS = {"+": " + ", "-": " - ", "*": r" \cdot "}
_SIGNS = {"=": "=", "≤": r"\le"}
_KNOWN = {"exp", "tanh", "ln", "max", "min"}


@lru_cache(maxsize=1024)
def _letters(text: str) -> str:
    """Letters as LaTeX sets them: single ones italic, words upright, Greek by name."""
    text = text.replace("_", r"\_").replace("…", r"\dots")
    for letter, command in GREEK_COMMANDS.items():
        text = text.replace(letter, command + " ")
    text = text.strip()
    return rf"\mathrm{{{text}}}" if re.search(r"(?<!\\)\b[A-Za-z]{2,}", text) else text


class Latex(Writer):
    """Writes the inside of a formula."""

    fractions_hold = True

    def symbol(self, base: str, sub: str, raised: str) -> str:
        low = f"_{{{_letters(sub)}}}" if sub else ""
        return _letters(base) + low + (f"^{{{_letters(raised)}}}" if raised else "")

    def number(self, value: float) -> str:
        digits = self.digits_of(value)
        text = ("-" if digits.negative else "") + digits.mantissa
        return text if digits.exponent is None else rf"{text} \times 10^{{{digits.exponent}}}"

    def partial(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {of}}}{{\partial {by}}}"

    def joined(self, parts: list[str], operator: str) -> str:
        return _OPERATORS[operator].join(parts)

    def quotient(self, top: str, bottom: str) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base: str, exponent: str) -> str:
        """A superscript; braces keep a base with scripts of its own apart."""
        return f"{{{base}}}^{{{exponent}}}"

    def applied(self, function: str, arguments: list[str]) -> str:
        if function == "exp":
            return f"e^{{{arguments[0]}}}"
        if function == "sqrt":
            return rf"\sqrt{{{arguments[0]}}}"
        function = "ln" if function == "log" else function
        name = rf"\{function}" if function in _KNOWN else rf"\operatorname{{{function}}}"
        return name + self.grouped(", ".join(arguments))

    def choice(self, cases: Sequence[Case], otherwise: str, last: str) -> str:
        rows = [rf"{then} & {left} > {right}" for then, left, right in cases]
        _, left, right = cases[0]
        rows.append(f"{otherwise} & {left} {_SIGNS[last]} {right}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def grouped(self, text: str) -> str:
        return rf"\left({text}\right)"

    def equation(self, parts: list[str], *, rounded: bool) -> str:
        if not rounded:
            return " = ".join(parts)
        return " = ".join(parts[:-1]) + r" \approx " + parts[-1]

    def led(self, operator: str, text: str) -> str:
        return _OPERATORS.get(operator, r" \approx " if operator == "≈" else " = ") + text
