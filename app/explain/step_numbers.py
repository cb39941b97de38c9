"""The numbers of one step, and the symbols that stand for them."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from operator import mul

from app.engine.activations import Array
from app.engine.backprop import Gradients
from app.engine.losses import compared, errors
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.explain.expression import PI, Constant, Expression, Number, Symbol, rewritten
from app.explain.quantities import Quantity, find

LOSS = Symbol("loss")


def entry(tables: Parameters | Gradients, quantity: Quantity) -> float:
    """What tables in the shapes of the parameters hold for a weight or a bias."""
    if quantity.source >= 0:
        return float(tables.weights[quantity.layer][quantity.unit, quantity.source])
    return float(tables.biases[quantity.layer][quantity.unit])


@dataclass(frozen=True)
class StepNumbers:
    """All numbers of a step, whether or not they may be shown.

    ``row`` says which sample of the step's batch is in view, counted from 0.
    """

    spec: Spec
    trace: Trace
    row: int = 0

    @property
    def slots(self) -> tuple[str, ...]:
        """What the optimizer remembers."""
        return slots_of(self.spec.optimizer)

    @cached_property
    def before(self) -> Parameters:
        """The parameters that it begins with, and what the optimizer remembered."""
        return self.trace.before.remembering(len(self.slots))

    # --- samples ----------------------------------------------------------------------------

    @property
    def samples(self) -> int:
        """How many samples the step's batch has."""
        return len(self.trace.forward.shares)

    @property
    def first(self) -> int:
        """The number of the batch's first sample, counted from 1."""
        return 1 + int(self.spec.batch_slice(self.trace.step - 1).start)

    @property
    def number(self) -> int:
        """The number of the sample in view, counted from 1."""
        return self.first + self.row

    @property
    def loss(self) -> Symbol:
        """The loss of the sample in view: marked with its number where E is more than that."""
        more = self.samples > 1 or self.spec.penalty
        return Symbol("loss", mark=str(self.number)) if more else LOSS

    @property
    def whose(self) -> dict[str, str]:
        """What a sentence names where E is the batch's and a number is one sample's: which."""
        return {"sample": str(self.number)} if self.samples > 1 else {}

    @property
    def mean(self) -> bool:
        """Whether the batch is averaged."""
        return self.spec.batch.reduction == "mean" and self.samples > 1

    @cached_property
    def target_values(self) -> list[float]:
        """The targets of the sample in view."""
        return self._row(self.trace.forward.targets)

    @cached_property
    def errors(self) -> list[float]:
        """What the outputs are above their targets."""
        passed, rule = self.trace.forward, self.spec.activation_rules[-1]
        z, a = passed.pre_activations[-1], passed.activations[-1]
        return self._row(errors(rule, z, a, passed.targets))

    @cached_property
    def shares(self) -> list[float]:
        """The outputs' shares of the loss of the sample in view."""
        return self._row(self.trace.forward.shares)

    @property
    def own_loss(self) -> float:
        """The loss of the sample in view alone, without what weight decay adds."""
        return float(self.trace.forward.shares[self.row].sum())

    # --- symbols ----------------------------------------------------------------------------

    def unit(self, kind: str, layer: int, unit: int) -> Symbol:
        """A unit's "pre", "act" or "delta"; an input's activation is the input itself."""
        name = self.spec.names.units[layer][unit]
        return Symbol("input", name) if kind == "act" and layer == 0 else Symbol(kind, name)

    def weight(self, layer: int, unit: int, source: int) -> Symbol:
        """A weight."""
        return Symbol("weight", self.spec.names.weights[layer][unit][source])

    def bias(self, layer: int, unit: int) -> Symbol:
        """A unit's bias, which may be its layer's."""
        names = self.spec.names
        return Symbol("bias", names.bias_nodes[layer] or names.biases[layer][unit])

    def target(self, unit: int) -> Symbol:
        """An output's target."""
        return Symbol("target", self.spec.names.targets[unit])

    def output(self, unit: int, mark: str = "") -> Symbol:
        """An output's activation; marked "new" for the one after the update."""
        return Symbol("act", self.spec.names.units[-1][unit], mark)

    def loss_names(self, unit: int, mark: str = "") -> dict[str, Expression]:
        """What a, z, y and n stand for in the loss's formulas of an output."""
        count, pre = Constant(float(self.spec.layers[-1])), self.unit("pre", -1, unit)
        names = {"a": self.output(unit, mark), "z": replace(pre, mark=mark)}
        return {**names, "y": self.target(unit), "n": count}

    # --- numbers of the sample in view ------------------------------------------------------

    @cached_property
    def pre(self) -> list[list[float]]:
        """z by layer (the first after the inputs at 0) and unit."""
        return [z[self.row].tolist() for z in self.trace.forward.pre_activations]

    @cached_property
    def act(self) -> list[list[float]]:
        """a by layer (the inputs at 0) and unit."""
        return [a[self.row].tolist() for a in self.trace.forward.activations]

    @cached_property
    def delta(self) -> list[list[float]]:
        """dE/dz by layer and unit."""
        return [delta[self.row].tolist() for delta in self.trace.gradients.deltas]

    @cached_property
    def loss_slope(self) -> list[float]:
        """dE/da of the outputs."""
        passed, rule = self.trace.forward, self.spec.loss_rule
        z, a, y = passed.pre_activations[-1], passed.activations[-1], passed.targets
        outputs = compared(rule, self.spec.activation_rules[-1], z, a, y)
        return self._row(rule.derivative(*outputs))

    @cached_property
    def slope(self) -> list[list[float]]:
        """da/dz by layer and unit."""
        rules, z = self.spec.activation_rules, self.trace.forward.pre_activations
        passed = zip(rules, z, self.trace.forward.activations[1:], strict=True)
        return [self._row(rule.derivative(sums, a)) for rule, sums, a in passed]

    @cached_property
    def carried(self) -> list[list[float]]:
        """dE/da of each layer after the inputs, for the deltas' rule that holds."""
        pairs = zip(self.trace.gradients.deltas[1:], self.carrying.weights[1:], strict=True)
        return [*(self._row(delta @ weights) for delta, weights in pairs), self.loss_slope]

    @property
    def carrying(self) -> Parameters:
        """The parameters whose weights carry deltas back."""
        return self.before if self.spec.hidden_deltas == "exact" else self.trace.after

    @property
    def carrying_mark(self) -> str:
        """What marks the symbols of those weights."""
        return "" if self.spec.hidden_deltas == "exact" else "new"

    @property
    def matched(self) -> bool:
        """Whether the loss is made for the outputs' activation, so that dE/dz is short."""
        return self.spec.loss_rule.match == self.spec.activations[-1]

    @property
    def in_one(self) -> bool:
        """Whether dE/dz of an output is one factor, not dE/da times da/dz of the same output."""
        return self.matched or self.spec.activation_rules[-1].joint

    def is_held(self, quantity: Quantity) -> bool:
        """Whether no step changes a parameter: a fixed bias, or one that is frozen."""
        bias, layer = quantity.source < 0, quantity.layer
        masks = self.spec.frozen_masks
        if not bias:
            return bool(masks[layer][quantity.unit, quantity.source])
        held = bool(masks[len(self.before.weights) + layer][quantity.unit])
        return held or self.spec.bias_update == "none"

    # --- any number -------------------------------------------------------------------------

    def value(self, quantity: Quantity) -> float:
        """The number that ``derive`` explains."""
        layer, unit = quantity.layer, quantity.unit
        match quantity.kind:
            case "by_input":
                weights = self.before.weights[0][:, unit].tolist()
                return math.fsum(map(mul, self.delta[0], weights))
            case "input" | "act":
                return self.act[layer][unit]
            case "target":
                return self.target_values[unit]
            case "pre":
                return self.pre[layer - 1][unit]
            case "delta":
                return self.delta[layer - 1][unit]
            case "error":
                return self.errors[unit]
            case "share":
                return self.shares[unit]
            case "loss":
                return self.trace.forward.loss
            case "loss_after":
                return self.trace.forward_after.loss
            case "weight" | "bias":
                return self._gradient(quantity)
            case "value":
                return entry(self.before, quantity)
            case "new":
                return entry(self.trace.after, quantity)
        return entry(self.trace.after.moments[self.slots.index(quantity.kind)], quantity)

    def _gradient(self, quantity: Quantity) -> float:
        frozen = quantity.kind == "bias" and self.spec.bias_update == "none"
        if frozen and self.spec.names.bias_nodes[quantity.layer]:
            # A node that never learns: its units' deltas together, as for one that does.
            return float(self.trace.gradients.biases[quantity.layer].sum())
        return entry(self.trace.gradients, quantity)

    def filled(self, rule: Expression) -> Expression:
        """``rule`` with the step's numbers in place of its symbols."""

        def number(node: Expression) -> Expression | None:
            if not isinstance(node, Symbol) or node == PI:
                return None
            if node not in self._read:
                self._read[node] = Number(self._value_of(node))
            return self._read[node]

        return rewritten(rule, number)

    @cached_property
    def _read(self) -> dict[Symbol, Number]:
        """The numbers of the symbols that were filled in so far; derivations have many of them."""
        return {}

    def _value_of(self, symbol: Symbol) -> float:
        found = find(symbol.name, self.spec)
        quantity = Quantity(symbol.kind, found.name, found.layer, found.unit, found.source)
        if quantity.kind in ("weight", "bias"):
            return entry(self.trace.after if symbol.mark else self.before, quantity)
        if symbol.mark:
            after = self.trace.forward_after
            tables = after.pre_activations if quantity.kind == "pre" else after.activations
            return float(tables[-1][self.row, quantity.unit])
        return self.value(quantity)

    def _row(self, table: Array) -> list[float]:
        row: list[float] = table[self.row].tolist()
        return row
