"""One way through an expression for every writing of it, plain text among them."""

from collections.abc import Sequence

from app.explain import expression as ex
from app.explain.expression import Expression
from app.explain.notation import Notation, letters
from app.explain.rounding import Digits, digits_of

Case = tuple[str, str, str]
"""A value, and the two sides of the ">" where it holds."""

_MOST_ON_A_FRACTION = 3

# How tightly each kind holds together; what is looser than its place asks for gets parentheses.
CHOICE, SUM, PRODUCT, SIGN, POWER, _ATOM = range(6)

# After the update, and after weight decay alone: signs that no one takes for each other.
_MARKS = {"+": "'", "′": "~"}


class Writer:
    """Writes one line of plain text for a calculator; other writings differ in the leaves.

    Numbers are shown with ``digits`` decimals, or all of them for None.
    """

    fractions_hold = False
    """Whether a quotient is drawn as a fraction, which needs no parentheses."""
    stars = "^"

    def __init__(self, notation: Notation, digits: int | None) -> None:
        self.notation = notation
        self.digits = digits

    def write(self, expression: Expression) -> str:
        """``expression`` in this writing."""
        match expression:
            case ex.Symbol():
                return self.symbol(*letters(expression, self.notation))
            case ex.Number(value):
                return self.number(value)
            case ex.Constant(value):
                return self.constant(f"{value:.15g}")
            case ex.Partial(of, by):
                return self.partial(self.write(of), self.write(by))
            case ex.Marked(of, badge, role):
                return self.marked(self.write(of), badge, role)
            case _:
                return self._compound(expression)

    def _compound(self, expression: Expression) -> str:
        match expression:
            case ex.Sum(terms):
                return self.joined(self._terms(terms), "+")
            case ex.Difference(left, right):
                return self.joined(self._terms((left, right)), "-")
            case ex.Product(factors):
                return self.joined([self._within(factor, SIGN) for factor in factors], "*")
            case ex.Quotient(top, bottom):
                return self._quotient(top, bottom)
            case ex.Power(base, exponent):
                text = self._within(base, _ATOM)
                # A derivative is drawn as a fraction: its exponent must not seem to be below.
                text = self.grouped(text) if isinstance(base, ex.Partial) else text
                raised = self.fractions_hold or self._binding(exponent, False) >= POWER
                up = self.write(exponent)
                return self.power(text, up if raised else self.grouped(up))
            case ex.Negative(of):
                return self.negative(self._within(of, PRODUCT))
            case ex.Apply(function, arguments):
                return self.applied(function, [self.write(one) for one in arguments])
            case ex.Piecewise():
                return self._choice(expression)
            case _:
                raise TypeError(expression)

    def _terms(self, terms: Sequence[Expression]) -> list[str]:
        rest = [self._within(term, PRODUCT) for term in terms[1:]]
        return [self._within(terms[0], SUM, first=True), *rest]

    def _choice(self, expression: ex.Piecewise) -> str:
        """One choice within another is one of several cases."""
        cases: list[ex.Piecewise] = [expression]
        while isinstance(cases[-1].otherwise, ex.Piecewise):
            cases.append(cases[-1].otherwise)
        first, end = cases[0], cases[-1]
        # What is neither above nor below is equal.
        both = len(cases) == 2 and (first.left, first.right) == (end.right, end.left)
        write = self.write
        texts = [(write(one.then), write(one.left), write(one.right)) for one in cases]
        return self.choice(texts, write(end.otherwise), "=" if both else "≤")

    def _quotient(self, top: Expression, bottom: Expression) -> str:
        if self.fractions_hold:
            return self.quotient(self.write(top), self.write(bottom))
        return self.quotient(self._within(top, PRODUCT, first=True), self._within(bottom, POWER))

    def _within(self, expression: Expression, least: int, *, first: bool = False) -> str:
        text = self.write(expression)
        return text if self._binding(expression, first) >= least else self.grouped(text)

    def _binding(self, expression: Expression, first: bool) -> int:
        match expression:
            case ex.Number(value) if value < 0:
                return SUM if first else CHOICE
            case ex.Number(value) if self.digits_of(value).exponent is not None:
                return POWER
            case ex.Sum() | ex.Difference():
                return SUM
            case ex.Product():
                return PRODUCT
            case ex.Quotient():
                return POWER if self.fractions_hold else PRODUCT
            case ex.Negative():
                return SUM if first else CHOICE
            case ex.Power():
                return POWER
            case ex.Piecewise():
                return CHOICE
            case ex.Marked(of):
                return self._binding(of, first)
            case _:
                return _ATOM

    def digits_of(self, value: float) -> Digits:
        """The digits that ``value`` is shown with."""
        if self.digits is not None:
            return digits_of(value, self.digits)
        text = repr(abs(value))
        mantissa, _, exponent = text.removesuffix(".0").partition("e")
        return Digits(value < 0, mantissa, int(exponent) if exponent else None)

    def symbol(self, base: str, sub: str, raised: str) -> str:
        """A name from its parts: net_h1, w5, w5' after the update, E(2) of the second sample."""
        apart = len(base) > 1 or base in ("E", "L", "a", "z", "δ")
        apart = apart or (base in ("v", "m", "s", "g", "ŝ") and sub[:1].isalpha())
        return base + ("_" if sub and apart else "") + sub + _MARKS.get(raised, raised)

    def number(self, value: float) -> str:
        """A rounded number."""
        digits = self.digits_of(value)
        exponent = "" if digits.exponent is None else f"e{digits.exponent}"
        return ("-" if digits.negative else "") + digits.mantissa + exponent

    def constant(self, text: str) -> str:
        """A number of a formula."""
        return text

    def partial(self, of: str, by: str) -> str:
        """A partial derivative."""
        return f"d{of}/d{by}"

    def joined(self, parts: list[str], operator: str) -> str:
        """Parts with "+", "-" or "*" between them."""
        return f" {operator} ".join(parts)

    def quotient(self, top: str, bottom: str) -> str:
        """A quotient."""
        return f"{top} / {bottom}"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{base}{self.stars}{exponent}"

    def negative(self, of: str) -> str:
        """What is subtracted from nothing."""
        return f"-{of}"

    def applied(self, function: str, arguments: list[str]) -> str:
        """A function at its arguments."""
        return f"{function}({', '.join(arguments)})"

    def choice(self, cases: Sequence[Case], otherwise: str, last: str) -> str:
        """The first of one or more cases that holds, else ``otherwise``.

        ``last`` says how the sides of the first case's comparison then compare: "≤" or "=".
        """
        (then, left, right), *more = cases
        rest = self.grouped(self.choice(more, otherwise, last)) if more else otherwise
        return f"{then} if {left} > {right} else {rest}"

    def grouped(self, text: str) -> str:
        """``text`` in parentheses."""
        return f"({text})"

    def equation(self, parts: list[str], *, rounded: bool) -> str:
        """Parts that are equal; the last one but nearly so where ``rounded``."""
        sign = " ~ " if rounded else " = "
        return " = ".join(parts[:-1]) + sign + parts[-1]

    def marked(self, text: str, badge: str, role: str) -> str:
        """``text``, pointed at; writings without colours leave it as it is."""
        del badge, role
        return text

    def pieces(self, expression: Expression) -> list[str]:
        """``expression``, cut where a line may be broken: between its terms or factors."""
        match expression:
            case ex.Sum(terms) if len(terms) > 1:
                head, *rest = self._terms(terms)
                return [head, *(self.led("+", term) for term in rest)]
            case ex.Product(factors) if len(factors) > 1:
                head, *rest = [self._within(factor, SIGN) for factor in factors]
                return [head, *(self.led("*", factor) for factor in rest)]
        return self.spread(expression) or [self.write(expression)]

    def spread(self, expression: Expression) -> list[str]:
        """The pieces of a sum that needs parentheses to be broken, such as one on a fraction."""
        match expression:
            case ex.Negative(ex.Sum(terms)) if len(terms) > 1:
                return self._spread(terms, None, minus=True)
            case ex.Quotient(ex.Negative(ex.Sum(terms)), bottom) if len(terms) > 1:
                return self._spread(terms, bottom, minus=True)
            case ex.Quotient(ex.Sum(terms), bottom) if len(terms) > _MOST_ON_A_FRACTION:
                return self._spread(terms, bottom, minus=False)
        return []

    def _spread(
        self, terms: tuple[Expression, ...], bottom: Expression | None, *, minus: bool
    ) -> list[str]:
        first, *inner = self.pieces(ex.Sum(terms))
        below = None if bottom is None else self._within(bottom, POWER)
        return [self.opened(first, minus=minus), *inner[:-1], self.shut(inner[-1], below)]

    def opened(self, text: str, *, minus: bool) -> str:
        """``text`` behind a parenthesis that a later piece closes, and behind a sign."""
        return f"{'-' if minus else ''}({text}"

    def shut(self, text: str, bottom: str | None) -> str:
        """``text``, the parenthesis that closes an earlier one, and what all is divided by."""
        return f"{text})" if bottom is None else f"{text}) / {bottom}"

    def led(self, operator: str, text: str) -> str:
        """``text`` with an operator before it: "+", "*", "=" or "≈"."""
        return f"{'~' if operator == '≈' else operator} {text}"
