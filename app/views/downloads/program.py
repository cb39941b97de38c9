"""What a program needs to repeat a network's steps: from its last change to the step in view."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from app.engine.activations import Activation
from app.engine.network import CORRECTING, Optimizer, Spec
from app.engine.optimizers import OPTIMIZERS, slots_of, update_formulas
from app.engine.parameters import Parameters
from app.explain.notation import HYPER
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab

WRITTEN = frozenset(("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"))
"""The activations that the templates write out; the others come from their formulas."""
LANGUAGES = ("python", "numpy", "pytorch")
_TORCH = {"rmsprop": "RMSprop", "adagrad": "Adagrad", "adamax": "Adamax"}
_STEPS_AHEAD = 10
_MOST_LINES = 20
_WIDTH, _NARROW = 96, 50


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be computed; how it is written is said by a language's template.

    ``spec`` has the rules that hold from the step ``start`` on; where no step was taken since the
    last change, ``end`` lies some steps ahead. Of ``every`` so many steps the loss is printed once,
    and that of the last two. ``begin`` are the parameters at ``start``, and ``memory`` is what the
    optimizer remembers there, by slot, if it does. ``torch_optimizer`` is the class of torch.optim
    that does the very same, or "". ``bias_names`` has a layer's bias node, or one name a unit.
    """

    title: str
    shape: str
    spec: Spec
    start: int
    end: int
    every: int
    begin: Parameters
    memory: tuple[tuple[str, Parameters], ...]
    torch_optimizer: str
    bias_names: tuple[tuple[str, ...], ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """What the optimizer remembers."""
        return slots_of(self.spec.optimizer)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the optimizer uses."""
        return OPTIMIZERS[self.spec.optimizer.name].fields

    @property
    def aged(self) -> bool:
        """Whether an update counts those before it."""
        formulas = update_formulas(self.spec.optimizer, bias=False)
        return any("age" in formula for _, formula in formulas)

    @property
    def chooses(self) -> bool:
        """Whether weights decay and biases, which learn, do not."""
        o = self.spec.optimizer
        return bool(o.weight_decay) and not o.decay_biases and self.spec.bias_update != "none"

    def updating(self, library: str) -> list[str]:
        """The lines of a function that updates a parameter p by its gradient g."""
        formulas = update_formulas(self.spec.optimizer, bias=False)
        lines = [f"{_NAMES.get(name, name)} = {coded(rule, library)}" for name, rule in formulas]
        if self.chooses:
            lines[:1] = ["if decays:  # weights do, biases do not", f"    {lines[0]}"]
        return [*lines, f"return {', '.join(('p', *self.slots))}"]

    @property
    def hidden(self) -> tuple[str, ...]:
        """The activations of the layers that have an elementwise one."""
        names = self.spec.activations
        return names[:-1] if names[-1] == "softmax" else names

    @property
    def written(self) -> frozenset[str]:
        """The activations that templates write out."""
        return WRITTEN

    @property
    def coded(self) -> tuple[Activation, ...]:
        """The activations that programs take from their formulas."""
        rules = dict(zip(self.spec.activations, self.spec.activation_rules, strict=True))
        return tuple(rules[name] for name in rules if name in self.hidden and name not in WRITTEN)

    @property
    def batch_size(self) -> int:
        """How many samples a step sees."""
        size: int = self.spec.batch.size or len(self.spec.inputs)
        return size

    @property
    def samples(self) -> int:
        """How many samples there are to train with."""
        return len(self.spec.inputs)

    @property
    def zero_slope(self) -> float | None:
        """The slope of the (leaky) ReLU at zero where PyTorch has another one."""
        at = self.spec.slope_at_zero
        return at if at and {"relu", "leaky_relu"} & set(self.spec.activations) else None


def program_of(lab: Lab) -> Program:
    """The steps of ``lab`` from the last change of its present timeline."""
    segment = next(s for s in reversed(lab.segments) if s.start <= lab.step)
    spec, start, names = segment.spec, segment.start, segment.spec.names
    begin = segment.parameters_at(start)
    end = lab.step if lab.step > start else start + _STEPS_AHEAD
    example = EXAMPLES.get(lab.origin or "")
    memory = zip(slots_of(spec.optimizer), begin.moments, strict=False) if begin.age else ()
    nodes = zip(names.bias_nodes, names.biases, strict=True)
    return Program(
        title=f"{example.source}: {example.title}" if example else "",
        shape="-".join(map(str, spec.layers)),
        spec=spec,
        start=start,
        end=end,
        every=max(1, -(-(end - start) // _MOST_LINES)),
        begin=begin,
        memory=tuple(memory),
        torch_optimizer=_torch_optimizer(spec, begin),
        bias_names=tuple((node,) if node else row for node, row in nodes),
    )


def _torch_optimizer(spec: Spec, begin: Parameters) -> str:
    """The optimizer of PyTorch that updates just so from the first step on, or ""."""
    o = spec.optimizer
    if begin.age or spec.hidden_deltas != "exact" or not _torch_has(o):
        return ""
    if o.name in CORRECTING:
        return "AdamW" if o.weight_decay and o.weight_decay_form == "decoupled" else "Adam"
    return _TORCH.get(o.name, "SGD")


def _torch_has(o: Optimizer) -> bool:
    fields = OPTIMIZERS[o.name].fields
    return not (
        o.name == "nadam"  # its beta1 changes from step to step there
        or ("momentum_form" in fields and o.momentum_form == "averaged")
        or ("bias_correction" in fields and not o.bias_correction)
        or ("epsilon_form" in fields and o.epsilon_form != "outside")
    )


_NAMES = {"parameter": "p", "gradient": "g", "learning_rate": "LEARNING_RATE"} | {
    name: name.upper() for name in HYPER
}


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
        if name == "sqrt" and self.library == "torch":  # which takes tensors only
            return ast.BinOp(of, ast.Pow(), ast.Constant(0.5))
        if name == "log" and isinstance(of, ast.BinOp) and ast.unparse(of.left) == "1":
            return self._named("log1p", [of.right])
        return self._named({"max": "maximum", "min": "minimum"}.get(name, name), node.args)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """A choice; of arrays by ``where``."""
        self.generic_visit(node)
        choice = [node.test, node.body, node.orelse]
        return node if self.library == "math" else self._named("where", choice)

    def _named(self, name: str, arguments: list[ast.expr]) -> ast.Call:
        function = ast.Attribute(ast.Name(self.library), name)
        return ast.Call(function, arguments, [])


def coded(formula: str, library: str, names: Mapping[str, str] = _NAMES) -> str:
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
