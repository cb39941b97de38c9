"""Expressions as Python to evaluate, and in words for screen readers."""

from collections.abc import Mapping, Sequence
from math import inf

from app.explain.evaluation import evaluate
from app.explain.expression import Apply, Expression
from app.explain.notation import Notation
from app.explain.writers.base import Case, Writer


class Python(Writer):
    """Writes what Python evaluates with the functions of ``math``: all digits, two stars."""

    stars = "**"

    def write(self, expression: Expression) -> str:
        """As plain text; an exp beyond float64 as the infinity that it rounds to."""
        match expression:
            case Apply("exp") if evaluate(expression) == inf:
                return "1e999"
            case _:
                return super().write(expression)

    def symbol(self, base: str, sub: str, raised: str) -> str:
        """A name; what is left of the symbols is a number of ``math``."""
        return "pi" if base == "π" else super().symbol(base, sub, raised)


class Speech(Writer):
    """Writes what a screen reader reads out.

    ``words`` are those for operations: "partial", "+", "-", "*", "/", "power", "negative",
    "applied", "choice", "equals", "about", "new".
    """

    def __init__(self, notation: Notation, digits: int | None, words: Mapping[str, str]) -> None:
        super().__init__(notation, digits)
        self._words = words

    def symbol(self, base: str, sub: str, raised: str) -> str:
        name = f"{base} {sub}".strip() if len(base) > 1 or base in "ELazδ" else base + sub
        if raised == "+":
            return self._words["new"].format(of=name)
        return f"{name} {raised}".strip()

    def partial(self, of: str, by: str) -> str:
        return self._words["partial"].format(of=of, by=by)

    def joined(self, parts: list[str], operator: str) -> str:
        return f" {self._words[operator]} ".join(parts)

    def quotient(self, top: str, bottom: str) -> str:
        return f"{top} {self._words['/']} {bottom}"

    def power(self, base: str, exponent: str) -> str:
        return self._words["power"].format(base=base, exponent=exponent)

    def negative(self, of: str) -> str:
        return self._words["negative"].format(of=of)

    def applied(self, function: str, arguments: list[str]) -> str:
        return self._words["applied"].format(function=function, of=", ".join(arguments))

    def choice(self, cases: Sequence[Case], otherwise: str, last: str) -> str:
        (then, left, right), *more = cases
        rest = self.choice(more, otherwise, last) if more else otherwise
        return self._words["choice"].format(then=then, left=left, right=right, otherwise=rest)

    def equation(self, parts: list[str], *, rounded: bool) -> str:
        last = self._words["about" if rounded else "equals"]
        middle = f" {self._words['equals']} "
        return f"{middle.join(parts[:-1])} {last} {parts[-1]}"
