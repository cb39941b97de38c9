"""Equations in pieces so short that a narrow page can break the line between any two of them."""

from collections.abc import Sequence
from functools import lru_cache
from xml.etree import ElementTree

from app.explain.expression import Difference, Expression, Negative, Product, Quotient, Sum
from app.explain.writers.base import CHOICE, POWER, PRODUCT, SIGN, SUM
from app.explain.writers.mathml import MathML

# In digits: what is longer is broken where it can be, and what then is as wide as a phone scrolls.
_LONG, _WIDE = 29, 32
_SPACED = 2.2


class BreakableMathML(MathML):
    """MathML whose differences, products and parentheses are broken as well where they are long."""

    def pieces(self, expression: Expression) -> list[str]:
        """``expression`` in pieces; sums always, and what is long between all its parts."""
        found = super().pieces(expression)
        if not any(map(_is_long, found)):
            return found
        match expression:
            case Negative(Sum()) | Quotient() if len(found) > 1:
                return found
        return self._broken(expression, CHOICE)

    def _broken(self, expression: Expression, least: int, *, first: bool = False) -> list[str]:
        """The pieces of a part of an expression, which may need parentheses."""
        text = self._within(expression, least, first=first)
        if not _is_long(text):
            return [text]
        if self._binding(expression, first) < least:
            return self._enclosed(self._broken(expression, CHOICE)) or [text]
        match expression:
            case Sum(terms):
                return self._chain("+", terms, PRODUCT)
            case Difference(left, right):
                return self._chain("-", (left, right), PRODUCT)
            case Product(factors):
                return self._chain("*", factors, SIGN)
            case Negative(of):
                head, *tail = self._broken(of, PRODUCT)
                return [self.negative(head), *tail]
            case Quotient(top, bottom):
                return self._divided(top, bottom)
        return [text]

    def _chain(self, operator: str, parts: Sequence[Expression], least: int) -> list[str]:
        begins = operator != "*"
        pieces = self._broken(parts[0], SUM if begins else least, first=begins)
        for part in parts[1:]:
            head, *tail = self._broken(part, least)
            pieces += [self.led(operator, head), *tail]
        return pieces

    def _divided(self, top: Expression, bottom: Expression) -> list[str]:
        """A quotient on one line: a fraction cannot be broken."""
        over, under = self._broken(top, CHOICE), self._broken(bottom, POWER)
        head, *tail = under
        return [*(self._enclosed(over) or over), self.led("/", head), *tail]

    def _enclosed(self, pieces: list[str]) -> list[str]:
        """Several pieces between parentheses; nothing for a single one."""
        if len(pieces) == 1:
            return []
        first, *inner = pieces
        return [self.opened(first, minus=False), *inner[:-1], self.shut(inner[-1], None)]


def is_wide(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a piece of an equation may be wider than a narrow page."""
    return any(mathml_width(piece) > _WIDE for row in rows for piece in row)


def _is_long(piece: str) -> bool:
    return mathml_width(piece) > _LONG


@lru_cache(maxsize=4096)
def mathml_width(piece: str) -> float:
    """About how wide a piece of MathML is, in digits."""
    return _width(ElementTree.fromstring(f"<math>{piece}</math>"))  # noqa: S314 - our own text


def _width(node: ElementTree.Element) -> float:
    inner: list[float] = [_width(child) for child in node]
    match node.tag:
        case "mfrac":
            return max(inner) + 0.5
        case "mover":
            return inner[0]
        case "mtable":
            # Two columns: a value, and where it holds.
            return sum(max(_width(row[column]) for row in node) for column in (0, 1)) + 2.0
        case "mo":
            text = node.text or ""
            alone = text in "(){,∂" or node.get("form") in ("prefix", "postfix")
            return 0.8 * len(text) if alone else _SPACED
        case "msub" | "msup" | "msubsup":
            return inner[0] + 0.75 * max(inner[1:])
        case "msqrt":
            return sum(inner) + 1.5
    return sum(inner) + len(node.text or "")
