"""Expressions as presentation MathML Core, for the screen. No ids: htmx morphs the page.

Long equations are cut where a narrow page can break the line.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from app.explain.expression import Difference, Expression, Negative, Product, Quotient, Sum
from app.explain.writers.base import CHOICE, POWER, PRODUCT, SIGN, SUM, Case, Writer

_MINUS = "\N{MINUS SIGN}"
_OPERATORS = {"+": "+", "-": _MINUS, "*": "·"}
# A sum to which so many terms are added is abridged.
_MOST_ADDED = 5
# In digits: what is longer is broken where it can be, and what then is as wide as a phone scrolls.
_LONG, _WIDE = 29, 32
_SPACED = 2.2
_TAG = re.compile("<[^>]*>")


@lru_cache(maxsize=64)
def _operator(text: str) -> str:
    return f"<mo>{escape(text)}</mo>"


def _sign(minus: bool) -> str:
    return f'<mo form="prefix">{_MINUS}</mo>' if minus else ""


@lru_cache(maxsize=1024)
def _symbol(base: str, sub: str, raised: str) -> str:
    letter = f"<mi>{escape(base)}</mi>"
    kind = "mn" if sub.isdigit() else "mi"
    low, high = f"<{kind}>{escape(sub)}</{kind}>", f"<mo>{escape(raised)}</mo>"
    if sub and raised:
        return f"<msubsup>{letter}{low}{high}</msubsup>"
    if sub:
        return f"<msub>{letter}{low}</msub>"
    return f"<msup>{letter}{high}</msup>" if raised else letter


class MathML(Writer):
    """Writes the inside of a ``<math>`` element."""

    fractions_hold = True

    def symbol(self, base: str, sub: str, raised: str) -> str:
        return _symbol(base, sub, raised)

    def number(self, value: float) -> str:
        digits = self.digits_of(value)
        # The sign is of the number: who hides one hides both.
        minus, exponent = _MINUS if digits.negative else "", digits.exponent
        text = f"<mn>{minus}{digits.mantissa}</mn>"
        if exponent is not None:
            power = f"<mrow>{_sign(exponent < 0)}<mn>{abs(exponent)}</mn></mrow>"
            text += f"<mo>×</mo><msup><mn>10</mn>{power}</msup>"
        return f"<mrow>{text}</mrow>"

    def constant(self, text: str) -> str:
        return f"<mn>{text}</mn>"

    def partial(self, of: str, by: str) -> str:
        top, bottom = f"<mrow><mo>∂</mo>{of}</mrow>", f"<mrow><mo>∂</mo>{by}</mrow>"
        return f"<mfrac>{top}{bottom}</mfrac>"

    def joined(self, parts: list[str], operator: str) -> str:
        return f"<mrow>{_operator(_OPERATORS[operator]).join(parts)}</mrow>"

    def quotient(self, top: str, bottom: str) -> str:
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow>{exponent}</msup>"

    def negative(self, of: str) -> str:
        return f"<mrow>{_sign(True)}{of}</mrow>"

    def applied(self, function: str, arguments: list[str]) -> str:
        if function == "exp":
            return f"<msup><mi>e</mi><mrow>{arguments[0]}</mrow></msup>"
        if function == "sqrt":
            return f"<msqrt>{arguments[0]}</msqrt>"
        function = "ln" if function == "log" else function
        inner = _operator(",").join(arguments)
        return f"<mrow><mi>{function}</mi>{self.grouped(inner)}</mrow>"

    def choice(self, cases: Sequence[Case], otherwise: str, last: str) -> str:
        _, first, second = cases[0]
        rows = [(then, left, "&gt;", right) for then, left, right in cases]
        rows.append((otherwise, first, last, second))
        table = "".join(
            f"<mtr><mtd>{then}</mtd><mtd>{left}<mo>{sign}</mo>{right}</mtd></mtr>"
            for then, left, sign, right in rows
        )
        return f"<mrow><mo>{{</mo><mtable>{table}</mtable></mrow>"

    def grouped(self, text: str) -> str:
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def marked(self, text: str, badge: str, role: str) -> str:
        mark = f'<mtext class="badge">{escape(badge)}</mtext>'
        return f'<mover class="c-{role}" accent="false">{text}{mark}</mover>'

    def equation(self, parts: list[str], *, rounded: bool) -> str:
        signs = ["="] * (len(parts) - 2) + (["≈"] if rounded else ["="])
        rest = [_operator(sign) + part for sign, part in zip(signs, parts[1:], strict=True)]
        return f"<mrow>{parts[0]}{''.join(rest)}</mrow>"

    def opened(self, text: str, *, minus: bool) -> str:
        return f'<mrow>{_sign(minus)}<mo form="prefix" stretchy="false">(</mo>{text}</mrow>'

    def shut(self, text: str, bottom: str | None) -> str:
        below = "" if bottom is None else f'<mo form="infix">/</mo>{bottom}'
        return f'<mrow>{text}<mo form="postfix" stretchy="false">)</mo>{below}</mrow>'

    def led(self, operator: str, text: str) -> str:
        return f"{self.led_by(operator)}{text}</mrow>"

    @staticmethod
    def led_by(operator: str) -> str:
        """How a piece begins that an operator leads."""
        sign = escape(_OPERATORS.get(operator, operator))
        return f'<mrow><mo form="infix">{sign}</mo>'


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


def abridged(row: Sequence[str]) -> Sequence[str]:
    """A row of an equation; of a long sum at its end the first terms and the last."""
    plus = MathML.led_by("+")
    is_summand = [piece.startswith(plus) for piece in row]
    added = is_summand[::-1].index(False) if False in is_summand else len(row)
    if added < _MOST_ADDED:
        return row
    return [*row[: 1 - added], f"{plus}<mi>…</mi></mrow>", row[-1]]


def is_wide(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a piece of an equation may be wider than a narrow page."""
    return any(_is_over(_WIDE, piece) for row in rows for piece in row)


def _is_long(piece: str) -> bool:
    return _is_over(_LONG, piece)


def _is_over(width: float, piece: str) -> bool:
    """Whether a piece of MathML is wider; most are so short that no tree need be made of them."""
    return _most_width(piece) > width and mathml_width(piece) > width


@lru_cache(maxsize=4096)
def _most_width(piece: str) -> float:
    """What the width of a piece is at most: all that it holds in one line."""
    letters = len(_TAG.sub("", piece))
    signs, roots, fractions = (piece.count(tag) for tag in ("<mo", "<msqrt", "<mfrac"))
    return letters + _SPACED * signs + 1.5 * roots + 0.5 * fractions + 2 * piece.count("<mtable")


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
