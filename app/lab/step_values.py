"""The numbers on a page at one moment, before they become text: what is computed, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.engine.activations import Array
from app.engine.network import Spec
from app.engine.parameters import Parameters
from app.explain.step_numbers import StepNumbers
from app.lab.phases import Kind, Progress

Rows = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class StepValues:
    """A step, as far as it has been walked; of the sample in view. None is not computed yet.

    Attributes:
        parameters: those that the step begins with.
        inputs, targets: of the sample in view.
        pre, act, deltas: of the sample, a row for each layer after the inputs.
        weight_gradients, bias_gradients, new_weights, new_biases: by layer.
        errors, shares: of the outputs.
        memory_weights, memory_biases: what the optimizer remembers after the step, by its
            slots and then by layer.
        loss, loss_after: of the batch, before and after the update.
    """

    spec: Spec
    progress: Progress
    parameters: Parameters
    inputs: Sequence[float]
    targets: Sequence[float]
    pre: Sequence[Sequence[float] | None]
    act: Sequence[Sequence[float] | None]
    deltas: Sequence[Sequence[float] | None]
    weight_gradients: Sequence[Rows | None]
    bias_gradients: Sequence[Sequence[float] | None]
    new_weights: Sequence[Rows | None]
    new_biases: Sequence[Sequence[float] | None]
    memory_weights: Mapping[str, Sequence[Rows | None]]
    memory_biases: Mapping[str, Sequence[Sequence[float] | None]]
    errors: Sequence[float] | None = None
    shares: Sequence[float] | None = None
    loss: float | None = None
    loss_after: float | None = None

    @property
    def known(self) -> tuple[bool, ...]:
        """Which of its numbers are computed, kind by kind and layer by layer."""
        rows: tuple[object, ...] = (
            *self.pre, *self.act, *self.deltas, *self.weight_gradients, *self.bias_gradients,
            *self.new_weights, self.errors, *chain(*self.memory_weights.values()),
        )  # fmt: skip
        return tuple(row is not None for row in rows)


def step_values_of(
    step: StepNumbers, progress: Progress, outside: StepNumbers | None = None
) -> StepValues:
    """What ``progress`` has computed of a step; what it has not does not leave this function.

    ``outside`` are the numbers of a sample outside the step's batch, shown in place of the one in
    ``step``: a forward pass, since the step computes no delta for it.
    """
    spec, trace, computed = step.spec, step.trace, progress.computed
    gradients, after, seen = trace.gradients, trace.after, outside or step

    def whole(kind: Kind, tables: Sequence[Array]) -> list[Any]:
        return computed(kind, [table.tolist() for table in tables])

    moments = dict(zip(step.slots, after.moments, strict=True))
    return StepValues(
        spec=spec,
        progress=progress,
        parameters=trace.before,
        inputs=seen.act[0],
        targets=seen.target_values,
        pre=computed(Kind.PRE_ACTIVATION, seen.pre),
        act=computed(Kind.ACTIVATION, seen.act[1:]),
        deltas=[None] * len(seen.pre) if outside else computed(Kind.DELTA, step.delta),
        weight_gradients=whole(Kind.GRADIENT, gradients.weights),
        bias_gradients=whole(Kind.GRADIENT, gradients.biases),
        new_weights=whole(Kind.UPDATE, after.weights),
        new_biases=whole(Kind.UPDATE, after.biases),
        memory_weights={slot: whole(Kind.MOMENTS, m.weights) for slot, m in moments.items()},
        memory_biases={slot: whole(Kind.MOMENTS, m.biases) for slot, m in moments.items()},
        errors=seen.errors if progress.error else None,
        shares=seen.shares if progress.error else None,
        loss=trace.forward.loss if progress.error else None,
        loss_after=trace.loss_after if progress.complete else None,
    )
