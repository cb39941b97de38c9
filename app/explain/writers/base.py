"""One way through an expression for every writing of it; the writings differ in the leaves."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from app.explain.expression import (
    Apply,
    Constant,
    Difference,
    Expression,
    Marked,
    Negative,
    Number,
    Partial,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from app.explain.notation import Notation, letters
from app.explain.rounding import Digits, digits_of

Case = tuple[str, str, str]
"""A value, and the two sides of the ">" where it holds."""

_MOST_ON_A_FRACTION = 3

# How tightly each kind holds together; what is looser than its place asks for gets parentheses.
CHOICE, SUM, PRODUCT, SIGN, POWER, _ATOM = range(6)


class Writer(ABC):
    """Writes expressions in one notation.

    Args:
        notation: what the reader calls things.
        digits: how many decimals numbers are shown with; None for all.
    """

    fractions_hold = True
    """Whether a quotient is drawn as a fraction, which needs no parentheses."""

    def __init__(self, notation: Notation, digits: int | None) -> None:
        self.notation = notation
        self.digits = digits

    def write(self, expression: Expression) -> str:
        """``expression`` in this writing."""
        match expression:
            case Symbol():
                return self.symbol(*letters(expression, self.notation))
            case Number(value):
                return self.number(value)
            case Constant(value):
                return self.constant(f"{value:g}")
            case Partial(of, by):
                return self.partial(self.write(of), self.write(by))
            case Marked(of, badge, role):
                return self.marked(self.write(of), badge, role)
            case _:
                return self._compound(expression)

    def _compound(self, expression: Expression) -> str:
        match expression:
            case Sum(terms):
                head = self._within(terms[0], SUM, first=True)
                tail = [self._within(term, PRODUCT) for term in terms[1:]]
                return self.joined([head, *tail], "+")
            case Difference(left, right):
                sides = [self._within(left, SUM, first=True), self._within(right, PRODUCT)]
                return self.joined(sides, "-")
            case Product(factors):
                return self.joined([self._within(factor, SIGN) for factor in factors], "*")
            case Quotient(top, bottom):
                return self._quotient(top, bottom)
            case Power(base, exponent):
                text = self._within(base, _ATOM)
                # A derivative is drawn as a fraction: its exponent must not seem to be below.
                text = self.grouped(text) if isinstance(base, Partial) else text
                return self.power(text, self.write(exponent))
            case Negative(of):
                return self.negative(self._within(of, PRODUCT))
            case Apply(function, arguments):
                return self.applied(function, [self.write(one) for one in arguments])
            case Piecewise():
                return self._choice(expression)
            case _:
                raise TypeError(expression)

    def _choice(self, expression: Piecewise) -> str:
        """One choice within another is one of several cases."""
        cases: list[Piecewise] = [expression]
        while isinstance(cases[-1].otherwise, Piecewise):
            cases.append(cases[-1].otherwise)
        first, end = cases[0], cases[-1]
        # What is neither above nor below is equal.
        both = len(cases) == 2 and (first.left, first.right) == (end.right, end.left)
        texts = [
            (self.write(one.then), self.write(one.left), self.write(one.right)) for one in cases
        ]
        return self.choice(texts, self.write(end.otherwise), "=" if both else "≤")

    def _quotient(self, top: Expression, bottom: Expression) -> str:
        if self.fractions_hold:
            return self.quotient(self.write(top), self.write(bottom))
        return self.quotient(self._within(top, PRODUCT, first=True), self._within(bottom, POWER))

    def _within(self, expression: Expression, least: int, *, first: bool = False) -> str:
        text = self.write(expression)
        return text if self._binding(expression, first) >= least else self.grouped(text)

    def _binding(self, expression: Expression, first: bool) -> int:
        match expression:
            case Number(value) if value < 0:
                return SUM if first else CHOICE
            case Number(value) if self.digits_of(value).exponent is not None:
                return POWER
            case Sum() | Difference():
                return SUM
            case Product():
                return PRODUCT
            case Quotient():
                return POWER if self.fractions_hold else PRODUCT
            case Negative():
                return SUM if first else CHOICE
            case Power():
                return POWER
            case Piecewise():
                return CHOICE
            case Marked(of):
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

    @abstractmethod
    def symbol(self, base: str, sub: str, raised: str) -> str:
        """A symbol from its letter, subscript and superscript."""

    @abstractmethod
    def number(self, value: float) -> str:
        """A rounded number."""

    def constant(self, text: str) -> str:
        """A number of a formula."""
        return text

    @abstractmethod
    def partial(self, of: str, by: str) -> str:
        """A partial derivative."""

    @abstractmethod
    def joined(self, parts: list[str], operator: str) -> str:
        """Parts with "+", "-" or "*" between them."""

    @abstractmethod
    def quotient(self, top: str, bottom: str) -> str:
        """A quotient."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """A power."""

    def negative(self, of: str) -> str:
        """What is subtracted from nothing."""
        return f"-{of}"

    @abstractmethod
    def applied(self, function: str, arguments: list[str]) -> str:
        """A function at its arguments."""

    @abstractmethod
    def choice(self, cases: Sequence[Case], otherwise: str, last: str) -> str:
        """The first case that holds, else ``otherwise``.

        Args:
            cases: at least one.
            otherwise: what holds where no case does.
            last: how the sides of the first case's comparison then compare: "≤" or "=".
        """

    @abstractmethod
    def grouped(self, text: str) -> str:
        """``text`` in parentheses."""

    @abstractmethod
    def equation(self, parts: list[str], *, rounded: bool) -> str:
        """Parts that are equal; the last one but nearly so where ``rounded``."""

    def marked(self, text: str, badge: str, role: str) -> str:
        """``text``, pointed at; writings without colours leave it as it is."""
        del badge, role
        return text

    def pieces(self, expression: Expression) -> list[str]:
        """``expression``, cut where a line may be broken: between its terms or factors."""
        match expression:
            case Sum(terms) if len(terms) > 1:
                head = self._within(terms[0], SUM, first=True)
                tail = [self.led("+", self._within(term, PRODUCT)) for term in terms[1:]]
                return [head, *tail]
            case Product(factors) if len(factors) > 1:
                head, *rest = [self._within(factor, SIGN) for factor in factors]
                return [head, *(self.led("*", factor) for factor in rest)]
        return self.spread(expression) or [self.write(expression)]

    def spread(self, expression: Expression) -> list[str]:
        """The pieces of a sum that needs parentheses to be broken; none of other expressions.

        A fraction cannot be broken; its top in parentheses can.
        """
        match expression:
            case Negative(Sum(terms)) if len(terms) > 1:
                return self._spread(terms, None, minus=True)
            case Quotient(Negative(Sum(terms)), bottom) if len(terms) > 1:
                return self._spread(terms, bottom, minus=True)
            case Quotient(Sum(terms), bottom) if len(terms) > _MOST_ON_A_FRACTION:
                return self._spread(terms, bottom, minus=False)
        return []

    def _spread(
        self, terms: tuple[Expression, ...], bottom: Expression | None, *, minus: bool
    ) -> list[str]:
        first, *inner = self.pieces(Sum(terms))
        below = None if bottom is None else self._within(bottom, POWER)
        return [self.opened(first, minus=minus), *inner[:-1], self.shut(inner[-1], below)]

    def opened(self, text: str, *, minus: bool) -> str:
        """``text`` behind a parenthesis that a later piece closes, and behind a sign."""
        return f"{'-' if minus else ''}({text}"

    def shut(self, text: str, bottom: str | None) -> str:
        """``text``, the parenthesis that closes an earlier one, and what all is divided by."""
        return f"{text})" if bottom is None else f"{text}) / {bottom}"

    @abstractmethod
    def led(self, operator: str, text: str) -> str:
        """``text`` with an operator before it: "+", "*", "=" or "≈"."""
