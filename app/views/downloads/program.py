"""What a program needs to repeat a network's steps: from its last change to the step in view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.engine.network import Optimizer, Spec
from app.engine.optimizers import OPTIMIZERS, slots_of
from app.engine.parameters import Parameters
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab

LANGUAGES = ("python", "numpy", "pytorch")
_STEPS_AHEAD = 10
_MOST_LINES = 20
_WIDTH, _NARROW = 96, 50


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be computed; how it is written is said by a language's template.

    Attributes:
        title: what the network is called.
        shape: its layer sizes, such as 2-2-2.
        spec: the network with the rules that hold from ``start`` on.
        start, end: the first and the last step; where no step was taken since the last change,
            some steps ahead.
        every: of how many steps the loss is printed once; that of the last two always is.
        begin: the parameters at ``start``.
        memory: what the optimizer remembers there, by slot; empty if that is nothing yet.
        torch_optimizer: the class of torch.optim that does the very same, or "".
        bias_names: for each layer its bias node's name, or one name a unit.
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
    def hidden(self) -> tuple[str, ...]:
        """The activations of the layers that have an elementwise one."""
        names = self.spec.activations
        return names[:-1] if names[-1] == "softmax" else names

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
    spec, start = segment.spec, segment.start
    begin = segment.parameters_at(start)
    end = lab.step if lab.step > start else start + _STEPS_AHEAD
    example = EXAMPLES.get(lab.origin or "")
    memory = zip(slots_of(spec.optimizer), begin.moments, strict=False) if begin.age else ()
    names = spec.names
    return Program(
        title=f"{example.title} ({example.source})" if example else "",
        shape="-".join(map(str, spec.layers)),
        spec=spec,
        start=start,
        end=end,
        every=max(1, -(-(end - start) // _MOST_LINES)),
        begin=begin,
        memory=tuple(memory),
        torch_optimizer=_torch_optimizer(spec, begin),
        bias_names=tuple(
            (node,) if node else row
            for node, row in zip(names.bias_nodes, names.biases, strict=True)
        ),
    )


def _torch_optimizer(spec: Spec, begin: Parameters) -> str:
    """The optimizer of PyTorch that updates just so from the first step on, or ""."""
    o = spec.optimizer
    if begin.age or spec.hidden_deltas != "exact" or not _torch_has(o):
        return ""
    if o.name == "adam":
        return "AdamW" if _decoupled(o) else "Adam"
    return {"rmsprop": "RMSprop"}.get(o.name, "SGD")


def _torch_has(o: Optimizer) -> bool:
    fields = OPTIMIZERS[o.name].fields
    if "momentum_form" in fields and o.momentum_form == "averaged":
        return False
    if "bias_correction" in fields and not o.bias_correction:
        return False
    return not ("epsilon_form" in fields and o.epsilon_form != "outside")


def _decoupled(o: Optimizer) -> bool:
    return bool(o.weight_decay) and o.weight_decay_form == "decoupled"


def literal(value: Any, indent: int = 0) -> str:
    """Numbers, names and lists of them as Python writes them, broken into lines.

    Args:
        value: a number, a string, an array, or a list of such.
        indent: by how many blanks the line that it stands in is set in.
    """
    value = _plain(value)
    if not isinstance(value, list):
        return repr(value)
    whole = repr(value)
    depth = _depth(value)
    if len(whole) + indent <= (_WIDTH if depth == 1 else _NARROW):
        return whole
    pad = " " * (indent + 4)
    if depth == 1:
        lines = [f"{pad}{line}\n" for line in _wrapped(value)]
    else:
        lines = [f"{pad}{literal(one, indent + 4)},\n" for one in value]
    return "[\n" + "".join(lines) + " " * indent + "]"


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _depth(value: Any) -> int:
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _wrapped(value: Sequence[Any]) -> list[str]:
    """One row in as many lines as it needs, each closed by a comma."""
    lines, line = [], ""
    for one in value:
        text = f"{one!r},"
        if line and len(line) + len(text) > _WIDTH - 12:
            lines.append(line)
            line = ""
        line = f"{line} {text}" if line else text
    return [*lines, line]
