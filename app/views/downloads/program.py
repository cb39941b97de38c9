"""What a program needs to repeat a network's steps: from its last change to the step in view."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from app.engine.activations import Activation
from app.engine.learning import CORRECTING, Optimizer
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS, slots_of
from app.engine.parameters import Parameters
from app.engine.schedules import SCHEDULES
from app.engine.updates import update_formulas
from app.explain.notation import HYPER
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.own_units import own_values

WRITTEN = frozenset(("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"))
"""The activations that the templates write out; the others come from their formulas."""
LANGUAGES = ("python", "numpy", "pytorch")
_TORCH = {
    "rmsprop": "RMSprop",
    "rmsprop_momentum": "RMSprop",
    "adagrad": "Adagrad",
    "adamax": "Adamax",
    "nadam": "NAdam",
}
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
    def decays(self) -> bool:
        """Whether an update makes weights decay."""
        o = self.spec.optimizer
        return bool(o.weight_decay) and o.weight_decay_form != "loss"

    @property
    def chooses(self) -> bool:
        """Whether weights decay and biases, which learn, do not."""
        o = self.spec.optimizer
        return self.decays and not o.decay_biases and self.spec.bias_update != "none"

    @property
    def rate(self) -> str:
        """The schedule as a line of a program, "" where the rate stays."""
        formula = SCHEDULES[self.spec.optimizer.schedule].formula
        return coded(formula, "math", _RATE_NAMES) if formula else ""

    @property
    def extras(self) -> tuple[str, ...]:
        """What an update takes besides a parameter, its gradient and the optimizer's state."""
        given = {"age": self.aged, "rate": bool(self.rate), "norm": self.clips_norm}
        return tuple(name for name, taken in given.items() if taken)

    @property
    def clips_norm(self) -> bool:
        """Whether an update needs the norm of all gradients."""
        return "norm" in self.spec.optimizer.clipping

    @property
    def frozen(self) -> dict[str, list[tuple[Any, ...]]]:
        """Frozen weights as (layer, unit, source, value), and biases as (layer, unit, value)."""
        found: dict[str, list[tuple[Any, ...]]] = {"weights": [], "biases": []}
        shared = self.spec.bias_update == "shared"
        for kind, table in found.items():
            arrays: tuple[Any, ...] = getattr(self.begin, kind)
            masks = self.spec.frozen_masks[: len(arrays)]
            masks = masks if kind == "weights" else self.spec.frozen_masks[len(arrays) :]
            for layer, (mask, values) in enumerate(zip(masks, arrays, strict=True)):
                places = np.argwhere(mask).tolist()[: 1 if shared and kind == "biases" else None]
                table += [(layer, *at, values[tuple(at)].item()) for at in places]
        return found

    @property
    def loss(self) -> tuple[str, str]:
        """The loss's share, in the form that never overflows, and its slope, as formulas."""
        rule = self.spec.loss_rule
        return (not rule.match and rule.far) or rule.share, rule.slope

    def updating(self, library: str) -> list[str]:
        """The lines of a function that updates a parameter p by its gradient g."""
        formulas = update_formulas(self.spec.optimizer, bias=False)
        names = _NAMES | ({"learning_rate": "rate"} if self.rate else {})
        lines = [
            f"{names.get(name, name)} = {coded(rule, library, names)}" for name, rule in formulas
        ]
        if self.chooses:
            at = int(self.spec.optimizer.clipping != "none")
            lines[at : at + 1] = ["if decays:  # weights do, biases do not", f"    {lines[at]}"]
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
    def own_row(self) -> list[float]:
        """The first sample's inputs in the units of the table."""
        row = self.spec.inputs[0]
        pairs = zip(own_values(self.spec, 0, row), row.tolist(), strict=True)
        return [seen if own is None else own for own, seen in pairs]

    @property
    def zero_slope(self) -> float | None:
        """The slope of the (leaky) ReLU at zero where PyTorch has another one."""
        at = self.spec.slope_at_zero
        return at if at and {"relu", "leaky_relu"} & set(self.spec.activations) else None


def program_of(lab: Lab) -> Program:
    """The steps of ``lab`` from the last change of its present timeline."""
    segment = lab.segment
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
    if o.clipping != "none" or (o.schedule != "constant" and o.momentum_form == "classical"):
        return ""  # it keeps the velocity without the rate
    if o.name in CORRECTING:
        return "AdamW" if o.weight_decay and o.weight_decay_form == "decoupled" else "Adam"
    return _TORCH.get(o.name, "SGD")


def _torch_has(o: Optimizer) -> bool:
    fields = OPTIMIZERS[o.name].fields
    return not (
        (o.name == "nesterov" and o.dampening)
        or (o.name == "nadam" and not o.momentum_decay)  # it always grows there
        or ("momentum_form" in fields and o.momentum_form == "averaged")
        or ("bias_correction" in fields and not o.bias_correction)
        or ("epsilon_form" in fields and o.epsilon_form != "outside")
    )


_RATE_NAMES = {"start_rate": "LEARNING_RATE", "step": "t", "pi": "math.pi"} | {
    name: name.upper() for name in ("schedule_factor", "schedule_steps", "schedule_floor")
}
_SCALARS = {"age", "norm"}
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
