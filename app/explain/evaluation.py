"""The values of expressions: as the engine has them, and as somebody gets them by hand."""

import math
from fractions import Fraction

from app.explain.expression import (
    FUNCTIONS,
    Apply,
    Constant,
    Difference,
    Expression,
    Marked,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)


def evaluate(expression: Expression) -> float:
    """The value of an expression without symbols.

    Raises:
        ValueError: a symbol or a derivative has no number.
    """
    match expression:
        case Number(value) | Constant(value):
            return value
        case Sum(terms):
            return math.fsum(map(evaluate, terms))
        case Difference(left, right):
            return evaluate(left) - evaluate(right)
        case Product(factors):
            return _product([evaluate(factor) for factor in factors])
        case Quotient(top, bottom):
            return evaluate(top) / evaluate(bottom)
        case Power(base, exponent):
            return _power(evaluate(base), evaluate(exponent))
        case Negative(of):
            return -evaluate(of)
        case Apply(function, arguments):
            return FUNCTIONS[function](*map(evaluate, arguments))
        case Piecewise(left, right, then, otherwise):
            return evaluate(then if evaluate(left) > evaluate(right) else otherwise)
        case Marked(of):
            return evaluate(of)
        case Symbol("pi"):
            return math.pi
        case _:
            raise ValueError(expression)


def _product(factors: list[float]) -> float:
    # In y log(a), 0 log 0 is 0: the limit that entropies take.
    return 0.0 if 0.0 in factors and -math.inf in factors else math.prod(factors)


def vanishes(expression: Expression) -> bool:
    """Whether it is a product such as 0 log 0, which counts as 0."""
    if not isinstance(expression, Product):
        return False
    factors = [evaluate(factor) for factor in expression.factors]
    return 0.0 in factors and -math.inf in factors


def by_hand(expression: Expression) -> float:
    """``evaluate`` as somebody does who calculates with the decimals that are written.

    Sums, products and quotients of them are exact; only the functions round.
    """
    return float(_by_hand(expression))


def _by_hand(expression: Expression) -> Fraction | float:
    match expression:
        case Number(value) | Constant(value) if math.isfinite(value):
            return Fraction(repr(value))
        case Sum(terms):
            return sum(map(_by_hand, terms))
        case Difference(left, right):
            return _by_hand(left) - _by_hand(right)
        case Product(factors) if not vanishes(expression):
            return math.prod(map(_by_hand, factors))
        case Quotient(top, bottom):
            return _by_hand(top) / _by_hand(bottom)
        case Power(base, Constant(exponent)) if exponent == 2:
            return _by_hand(base) ** 2
        case Negative(of):
            return -_by_hand(of)
        case Marked(of):
            return _by_hand(of)
        case Piecewise(left, right, then, otherwise):
            return _by_hand(then if _by_hand(left) > _by_hand(right) else otherwise)
        case Apply(function, arguments):
            return FUNCTIONS[function](*(float(_by_hand(one)) for one in arguments))
        case _:
            return evaluate(expression)


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
