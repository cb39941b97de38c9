"""Formulas and numbers as lines of a program."""

import ast
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import numpy as np

from app.explain.notation import HYPER

NAMES = {"parameter": "p", "gradient": "g", "learning_rate": "LEARNING_RATE"} | {
    name: name.upper() for name in HYPER
}
RATE_NAMES = {"start_rate": "LEARNING_RATE", "step": "t", "pi": "math.pi"} | {
    name: name.upper() for name in ("schedule_factor", "schedule_steps", "schedule_floor")
}
_SCALARS = {"age", "norm"}
_WIDTH, _NARROW = 96, 50


class _Coding(ast.NodeTransformer):
    """A formula of the engine's tables with the functions of a library: "math", "np", "torch"."""

    def __init__(self, library: str, names: Mapping[str, str]) -> None:
        self.library, self.names = library, names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A quantity by its name in the program."""
        return ast.Name(self.names.get(node.id, node.id))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A function by its name there; exp is the program's own, and log(1 + x) is log1p(x)."""
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("exp", "abs") or (name in ("max", "min") and self.library == "math"):
            return node
        of = node.args[0]
        if name in ("max", "min") and self.library == "torch":
            number = next((one for one in node.args if _is_number(one)), None)
            if number is not None:  # which maximum does not take
                (rest,) = [one for one in node.args if one is not number]
                return self._clamped(rest, name, number)
        if name == "sqrt" and self.library == "torch":  # which takes tensors only
            return ast.BinOp(of, ast.Pow(), ast.Constant(0.5))
        if name == "log" and isinstance(of, ast.BinOp) and ast.unparse(of.left) == "1":
            return self._named("log1p", [of.right])
        return self._named({"max": "maximum", "min": "minimum"}.get(name, name), node.args)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """A choice; of arrays by ``where``."""
        self.generic_visit(node)
        choice = [node.test, node.body, node.orelse]
        named = {one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)}
        of_numbers = any(name in _SCALARS for name in named)
        return node if self.library == "math" or of_numbers else self._named("where", choice)

    def _clamped(self, of: ast.expr, name: str, number: ast.expr) -> ast.Call:
        bound = ast.keyword({"max": "min", "min": "max"}[name], number)
        return ast.Call(ast.Attribute(ast.Name(self.library), "clamp"), [of], [bound])

    def _named(self, name: str, arguments: list[ast.expr]) -> ast.Call:
        function = ast.Attribute(ast.Name(self.library), name)
        return ast.Call(function, arguments, [])


def _is_number(node: ast.expr) -> bool:
    """Whether a part of a formula is one number, not an array."""
    named = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    return all(name.isupper() for name in named)


def coded(formula: str, library: str, names: Mapping[str, str] = NAMES) -> str:
    """A formula of the engine's tables as a line of a program; ``names`` are its quantities'."""
    return ast.unparse(_Coding(library, names).visit(ast.parse(formula, mode="eval")))


def literal(value: Any, indent: int = 0) -> str:
    """Numbers, names, arrays and lists of them as Python writes them, broken into lines.

    ``indent`` is by how many blanks the line that the value stands in is set in.
    """
    value = _plain(value)
    if not isinstance(value, list):
        return repr(value)
    nested = any(isinstance(one, list) for one in value)
    if len(repr(value)) + indent <= (_NARROW if nested else _WIDTH):
        return repr(value)
    pad = " " * (indent + 4)
    if nested:
        lines = [f"{pad}{literal(one, indent + 4)},\n" for one in value]
    else:
        row = " ".join(f"{one!r}," for one in value)
        lines = [f"{pad}{line}\n" for line in wrap(row, _WIDTH - 11, break_on_hyphens=False)]
    return "[\n" + "".join(lines) + " " * indent + "]"


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray) else value
