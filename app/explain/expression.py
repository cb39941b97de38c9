"""Formulas as data: frozen trees that can be evaluated, filled with numbers, and written.

The engine's rule tables give formulas as text in Python's own grammar; ``parse`` reads them.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named quantity.

    Attributes:
        kind: "pre", "act", "delta", "weight", "bias", "input", "target", "loss", "share",
            "rate", "rest" (the samples that are not listed), "pi", "hyper" (a number of the
            optimizer), "age", "decayed", or what an optimizer remembers of a parameter.
        name: of its part, "" where there is only one.
        mark: "new" after the update, "shrunk" after weight decay alone, a sample's number, or "".
    """

    kind: str
    name: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A computed or given number, shown rounded."""

    value: float


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that belongs to a formula, shown as it is."""

    value: float


@dataclass(frozen=True, slots=True)
class Partial:
    """The partial derivative of one quantity by another."""

    of: Symbol
    by: Symbol


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of its terms."""

    terms: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Difference:
    """``left - right``."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Product:
    """The product of its factors."""

    factors: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Quotient:
    """``top / bottom``."""

    top: "Expression"
    bottom: "Expression"


@dataclass(frozen=True, slots=True)
class Power:
    """``base`` to a constant power."""

    base: "Expression"
    exponent: "Expression"


@dataclass(frozen=True, slots=True)
class Negative:
    """``-of``."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of ``FUNCTIONS`` at its arguments."""

    function: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Piecewise:
    """``then`` where ``left > right``, else ``otherwise``."""

    left: "Expression"
    right: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Marked:
    """An expression that is pointed at: by a badge, and by the colour of its role."""

    of: "Expression"
    badge: str
    role: str


Expression = (
    Symbol | Number | Constant | Partial | Sum | Difference | Product | Quotient | Power
    | Negative | Apply | Piecewise | Marked
)  # fmt: skip
ATOMS = (Symbol, Number, Constant, Partial)


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x <= 0:
        return -math.inf if x == 0 else math.nan
    return math.log(x)


PI = Symbol("pi")
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "exp": _exp, "tanh": math.tanh, "log": _log, "sqrt": math.sqrt, "erf": math.erf,
    "abs": abs, "max": max, "min": min, "cos": math.cos, "floor": math.floor,
}  # fmt: skip


def product(*factors: Expression) -> Expression:
    """The product of ``factors``; one factor alone is itself."""
    return factors[0] if len(factors) == 1 else Product(factors)


def total(*terms: Expression) -> Expression:
    """The sum of ``terms``; one term alone is itself."""
    return terms[0] if len(terms) == 1 else Sum(terms)


# --- walking --------------------------------------------------------------------------------


def rewritten(
    expression: Expression, rule: Callable[[Expression], Expression | None]
) -> Expression:
    """``expression`` with every node for which ``rule`` has another one replaced by it."""
    found = rule(expression)
    if found is not None:
        return found
    if isinstance(expression, ATOMS):
        return expression
    values = []
    for name in expression.__slots__:
        value: Any = getattr(expression, name)
        if isinstance(value, tuple):
            value = tuple(rewritten(one, rule) for one in value)
        elif not isinstance(value, str):
            value = rewritten(value, rule)
        values.append(value)
    changed: Expression = type(expression)(*values)
    return changed


def substituted(expression: Expression, values: Mapping[Expression, float]) -> Expression:
    """``expression`` with numbers in place of the symbols and derivatives in ``values``."""

    def rule(node: Expression) -> Expression | None:
        return Number(values[node]) if node in values else None

    return rewritten(expression, rule)


# --- reading --------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _tree(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def parse(formula: str, names: Mapping[str, Expression]) -> Expression:
    """A rule table's formula as an expression; ``names`` says what each name in it stands for.

    It is in Python's grammar: + - * / **, names, numbers, ``FUNCTIONS``, and
    ``a if b > c else d``. Raises ValueError for anything else.
    """
    return _parsed(_tree(formula), names)


def _parsed(node: ast.expr, names: Mapping[str, Expression]) -> Expression:
    match node:
        case ast.Name(name) if name in names:
            return names[name]
        case ast.Name("pi"):
            return PI
        case ast.Constant(int() | float() as value):
            return Constant(float(value))
        case ast.UnaryOp(ast.USub(), operand):
            return Negative(_parsed(operand, names))
        case ast.BinOp(left, operator, right):
            return _operation(operator, _parsed(left, names), _parsed(right, names))
        case ast.Call(ast.Name(function), arguments) if function in FUNCTIONS:
            return Apply(function, tuple(_parsed(one, names) for one in arguments))
        case ast.IfExp(ast.Compare(left, [ast.Gt()], [right]), then, otherwise):
            return Piecewise(*(_parsed(one, names) for one in (left, right, then, otherwise)))
        case _:
            raise ValueError(ast.unparse(node))


def _operation(operator: ast.operator, left: Expression, right: Expression) -> Expression:
    """Sums and products take in those on their left, so that chains stay on one level."""
    match operator:
        case ast.Add():
            return Sum((*(left.terms if isinstance(left, Sum) else (left,)), right))
        case ast.Sub():
            return Difference(left, right)
        case ast.Mult():
            return Product((*(left.factors if isinstance(left, Product) else (left,)), right))
        case ast.Div():
            return Quotient(left, right)
        case ast.Pow():
            return Power(left, right)
        case _:
            raise ValueError(type(operator).__name__)
