"""Expressions as presentation MathML Core, for the screen. No ids: htmx morphs the page."""

from collections.abc import Sequence
from html import escape

from app.explain.writers.base import Case, Writer

_MINUS = "\N{MINUS SIGN}"
_OPERATORS = {"+": "+", "-": _MINUS, "*": "·"}


def _operator(text: str) -> str:
    return f"<mo>{escape(text)}</mo>"


class MathML(Writer):
    """Writes the inside of a ``<math>`` element."""

    def symbol(self, base: str, sub: str, raised: str) -> str:
        letter = f"<mi>{escape(base)}</mi>"
        kind = "mn" if sub.isdigit() else "mi"
        low, high = f"<{kind}>{escape(sub)}</{kind}>", f"<mo>{escape(raised)}</mo>"
        if sub and raised:
            return f"<msubsup>{letter}{low}{high}</msubsup>"
        if sub:
            return f"<msub>{letter}{low}</msub>"
        return f"<msup>{letter}{high}</msup>" if raised else letter

    def number(self, value: float) -> str:
        digits = self.digits_of(value)
        text = f"<mn>{digits.mantissa}</mn>"
        if digits.exponent is not None:
            power = f"<mrow>{self._signed(digits.exponent)}</mrow>"
            text += f"<mo>×</mo><msup><mn>10</mn>{power}</msup>"
        sign = f'<mo form="prefix">{_MINUS}</mo>' if digits.negative else ""
        return f"<mrow>{sign}{text}</mrow>"

    @staticmethod
    def _signed(exponent: int) -> str:
        sign = f'<mo form="prefix">{_MINUS}</mo>' if exponent < 0 else ""
        return f"{sign}<mn>{abs(exponent)}</mn>"

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
        return f'<mrow><mo form="prefix">{_MINUS}</mo>{of}</mrow>'

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
        sign = f'<mo form="prefix">{_MINUS}</mo>' if minus else ""
        return f'<mrow>{sign}<mo form="prefix" stretchy="false">(</mo>{text}</mrow>'

    def shut(self, text: str, bottom: str | None) -> str:
        below = "" if bottom is None else f'<mo form="infix">/</mo>{bottom}'
        return f'<mrow>{text}<mo form="postfix" stretchy="false">)</mo>{below}</mrow>'

    def led(self, operator: str, text: str) -> str:
        sign = escape(_OPERATORS.get(operator, operator))
        return f'<mrow><mo form="infix">{sign}</mo>{text}</mrow>'
