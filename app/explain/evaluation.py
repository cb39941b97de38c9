"""The values of expressions: as the engine has them, and as somebody gets them by hand."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.explain import expression as ex
from app.explain.expression import Expression


def evaluate(expression: Expression) -> float:
    """The value of an expression; raises ValueError for a symbol or derivative in it."""
    return float(_value(expression, exact=False))


def by_hand(expression: Expression) -> float:
    """``evaluate`` with exact arithmetic on the decimals that are written.

    Sums, products and quotients of them are exact; only the functions round.
    """
    return float(_value(expression, exact=True))


def _value(expression: Expression, *, exact: bool) -> Any:
    """A float, or where ``exact`` a Fraction as far as there is one."""

    def value(of: Expression) -> Any:
        return _value(of, exact=exact)

    match expression:
        case ex.Number(number) | ex.Constant(number):
            return _decimal(number) if exact and math.isfinite(number) else number
        case ex.Sum(terms):
            return sum(map(value, terms)) if exact else math.fsum(map(value, terms))
        case ex.Difference(left, right):
            return value(left) - value(right)
        case ex.Product(factors):
            return _product([value(factor) for factor in factors])
        case ex.Quotient(top, bottom):
            return value(top) / value(bottom)
        case ex.Power(base, ex.Constant(2.0)) if exact:
            return value(base) ** 2
        case ex.Power(base, exponent):
            return _power(evaluate(base), evaluate(exponent))
        case ex.Negative(of):
            return -value(of)
        case ex.Apply("log", (ex.Sum(terms),)) if ex.Constant(1.0) in terms:
            rest = [term for term in terms if term != ex.Constant(1.0)]
            return math.log1p(float(value(ex.Sum(tuple(rest)))))
        case ex.Apply(function, arguments):
            return ex.FUNCTIONS[function](*(float(value(one)) for one in arguments))
        case ex.Piecewise(left, right, then, otherwise):
            return value(then if value(left) > value(right) else otherwise)
        case ex.Marked(of):
            return value(of)
        case ex.Symbol("pi"):
            return math.pi
        case _:
            raise ValueError(expression)


@lru_cache(maxsize=4096)
def _decimal(number: float) -> Fraction:
    return Fraction(Decimal(repr(number)))


def _product(factors: Sequence[Fraction | float]) -> Fraction | float:
    # In y log(a) of rounded numbers, 0 log 0 is 0: the limit that entropies take.
    return 0.0 if 0.0 in factors and -math.inf in factors else math.prod(factors)


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
