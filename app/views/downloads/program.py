"""What a program needs to repeat a network's steps: from its last change to the step in view."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from app.engine import training
from app.engine.activations import Activation
from app.engine.backprop import forward
from app.engine.learning import CORRECTING, Optimizer
from app.engine.losses import NEARLY_ONE
from app.engine.network import Spec
from app.engine.optimizers import OPTIMIZERS, slots_of
from app.engine.parameters import Parameters
from app.engine.schedules import SCHEDULES
from app.engine.updates import update_formulas
from app.errors import Diverged
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.own_units import own_values
from app.views.downloads.coding import NAMES, RATE_NAMES, coded

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
_DIFFERENCES = (
    ("1 - y * a", "-y * d"), ("1 > y * a", "-y * d > 0"),
    ("a - y", "d"), ("a > y", "d > 0"), ("y > a", "0 > d"),
)  # fmt: skip
"""What of a loss is written by d, which is a - y; a hinge's targets are 1 and -1."""
_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be computed; how it is written is said by a language's template.

    ``spec`` has the rules that hold from the step ``start`` on; where no step was taken since the
    last change, ``end`` lies some steps ahead, or before the one that ``runs_away``. Of ``every``
    so many steps the loss is printed once, and that of the last two. ``begin`` are the parameters
    at ``start``, and ``memory`` is what the optimizer remembers there, by slot, if it does.
    ``torch_optimizer`` is the class of torch.optim that does the very same, or "". ``bias_names``
    has a layer's bias node, or one name a unit.
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
    meets: bool
    runs_away: bool

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
        return coded(formula, "math", RATE_NAMES) if formula else ""

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
        share, slope = (not rule.match and rule.far) or rule.share, rule.slope
        for plain, short in _DIFFERENCES if self.meets else ():
            share, slope = share.replace(plain, short), slope.replace(plain, short)
        return share, slope

    @property
    def lacking(self) -> str:
        """What an output near 1 or -1 lacks to it, as a formula; "" of a softmax."""
        return self.spec.activation_rules[-1].lacking

    @property
    def takes_exp(self) -> bool:
        """Whether a formula that is written out takes exp."""
        coded = [(rule.formula, rule.saturated or rule.slope) for rule in self.coded]
        texts = [*chain(*coded), *(() if self.spec.loss_rule.match else self.loss)]
        return any("exp(" in text for text in (*texts, self.lacking if self.meets else ""))

    def updating(self, library: str) -> list[str]:
        """The lines of a function that updates a parameter p by its gradient g."""
        formulas = update_formulas(self.spec.optimizer, bias=False)
        names = NAMES | ({"learning_rate": "rate"} if self.rate else {})
        lines = [
            f"{names.get(name, name)} = {coded(rule, library, names)}" for name, rule in formulas
        ]
        if self.chooses:
            at = int(self.spec.optimizer.clipping != "none")
            lines[at : at + 1] = ["if decays:  # weights do, biases do not", f"    {lines[at]}"]
        if self.spec.frozen and "epsilon" in self.fields and not self.spec.optimizer.epsilon:
            lines = _undisturbed(lines, library)
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
    end, last = lab.step, None
    if end <= start:
        end, last = _ahead(spec, begin, start)
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
        meets=_meets(spec, begin) or _meets(spec, last or segment.parameters_at(end)),
        runs_away=last is not None and end < start + _STEPS_AHEAD,
    )


def _ahead(spec: Spec, begin: Parameters, start: int) -> tuple[int, Parameters]:
    """Some steps ahead, as far as all numbers are finite, and the parameters there."""
    count = _STEPS_AHEAD
    while count > 0:
        try:
            return start + count, training.run(spec, begin, start, count)[1]
        except Diverged as error:
            count = error.step - 1 - start
    return start, begin


def _meets(spec: Spec, parameters: Parameters) -> bool:
    rule = spec.activation_rules[-1]
    if not (spec.loss_rule.by_errors and (rule.lack or rule.joint)):
        return False
    with np.errstate(all="ignore"):
        outputs = forward(spec, parameters, spec.inputs, spec.targets).activations[-1]
    near = np.abs(outputs - spec.targets) < 1.0 - NEARLY_ONE
    return bool(np.any(near & (np.abs(spec.targets) == 1.0)))


def _undisturbed(lines: list[str], library: str) -> list[str]:
    """An update without epsilon that goes on where frozen parameters divide by 0."""
    inner = [f"    {line}" for line in lines]
    if library == "math":
        return ["try:", *inner, "except ZeroDivisionError:  # a frozen one", "    p = math.nan"]
    calm = 'with np.errstate(divide="ignore", invalid="ignore"):  # of frozen ones'
    return [calm, *inner] if library == "np" else lines


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
