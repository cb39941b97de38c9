"""A Lab as the API's State: plain data, ready for JSON, with every number exact."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.backprop import ForwardPass, forward_of
from app.engine.network import Spec, kept
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.trace import Trace
from app.lab.lab import Lab
from app.lab.phases import Kind, Progress
from app.lab.spec_json import spec_to_data


def state(
    network_id: str, version: int, lab: Lab, sample: int | None = None, last: int | None = None
) -> dict[str, Any]:
    """The State of ``lab``. Arrays stay NumPy's; the JSON writer knows them.

    The ``sample`` in view is counted from 0, and the first of each step's batch if not given; of
    the losses the ``last`` ones are told, or all.
    """
    present, trace, progress = lab.present, lab.trace, lab.progress
    whole = Progress.whole(progress.phases)
    view = _view(present, lab.parameters, lab.forward_pass, lab.step, sample, lab.answerable)
    return {
        "id": network_id,
        "version": version,
        "step": lab.step,
        "first_step": lab.first_step,
        "last_step": lab.last_step,
        "phase": lab.phase,
        "position": progress.done,
        "phases": [phase.key for phase in progress.phases],
        "walking": lab.walking,
        "branch": lab.branch,
        "branches": [
            {"index": index, "parent": one.parent, "start": one.start, "last_step": one.end}
            for index, one in enumerate(lab.branches)
        ],
        "example": lab.origin,
        "spec": _spec_json(present),
        "parameters": {"weights": lab.parameters.weights, "biases": lab.parameters.biases},
        "optimizer_state": _memory(present, lab.parameters, whole),
        "sample": view.sample,
        "forward": _forward(view),
        "walk": _walk(lab, view) if lab.walking and lab.position > 0 else None,
        "trace": None if trace is None else _trace(lab.shown_spec, trace, sample, whole),
        "loss_history": _losses(lab, last),
    }


def _losses(lab: Lab, last: int | None) -> NDArray[np.float64]:
    """The ``last`` losses that are computed: of a walked step with its error only."""
    hidden = int(lab.walking and lab.position > 0 and not lab.progress.error)
    if last is None:
        return lab.loss_history[: -1 if hidden else None]
    first = max(lab.first_step, lab.step + 1 - hidden - last)
    return lab.losses_from(first)[: lab.step + 1 - hidden - first]


@kept
def _spec_json(spec: Spec) -> orjson.Fragment:
    """A Spec changes with edits only, so its JSON is kept."""
    return orjson.Fragment(orjson.dumps(spec_to_data(spec)))


class _View(NamedTuple):
    """The sample in view, in a step as far as it is computed."""

    sample: int  # counted from 0
    passed: ForwardPass  # the one that has the sample
    row: int  # of the sample in that pass
    inside: bool  # whether the step's batch has it
    loss: float  # of the batch
    progress: Progress


def _view(
    spec: Spec, before: Parameters, batch_pass: ForwardPass, step: int, sample: int | None,
    progress: Progress,
) -> _View:  # fmt: skip
    """The sample in view of the step from ``step``, whose batch has the pass ``batch_pass``."""
    batch, loss = spec.batch_slice(step), batch_pass.loss
    index = int(batch.start) if sample is None else sample
    if batch.start <= index < batch.stop:
        return _View(index, batch_pass, index - int(batch.start), True, loss, progress)
    return _View(index, forward_of(spec, before, index), 0, False, loss, progress)


def _forward(view: _View) -> dict[str, Any]:
    """The forward pass of the sample in view, and the loss of the batch."""
    inputs, *activations = _rows(view, view.passed.activations)
    pre, progress = _rows(view, view.passed.pre_activations), view.progress
    return {
        "pre_activations": progress.computed(Kind.PRE_ACTIVATION, pre),
        "activations": [inputs, *progress.computed(Kind.ACTIVATION, activations)],
        "loss": view.loss if progress.error else None,
        "loss_shares": view.passed.shares[view.row] if progress.error else None,
    }


def _backward(view: _View, trace: Trace) -> dict[str, Any]:
    """Deltas of the sample in view, gradients of the batch, and the parameters afterwards."""
    computed, gradients = view.progress.computed, trace.gradients
    deltas = _rows(view, gradients.deltas) if view.inside else None
    return {
        "deltas": deltas and computed(Kind.DELTA, deltas),
        "weight_gradients": computed(Kind.GRADIENT, gradients.weights),
        "bias_gradients": computed(Kind.GRADIENT, gradients.biases),
        "parameters_after": _computed(view.progress, Kind.UPDATE, trace.after),
    }


def _rows(view: _View, tables: Sequence[Array]) -> list[Array]:
    return [table[view.row] for table in tables]


def _computed(progress: Progress, kind: Kind, parameters: Parameters) -> dict[str, Any]:
    rows = {"weights": parameters.weights, "biases": parameters.biases}
    return {name: progress.computed(kind, arrays) for name, arrays in rows.items()}


def _memory(spec: Spec, parameters: Parameters, progress: Progress) -> dict[str, Any]:
    """What the optimizer remembers, by name, each in the parameters' shapes."""
    slots = slots_of(spec.optimizer)
    kept = parameters.remembering(len(slots))
    # The age counts updates: the first layer's is the last one.
    known = not slots or progress.has(Kind.MOMENTS, 1)
    moments = zip(slots, kept.moments, strict=True)
    memory = {slot: _computed(progress, Kind.MOMENTS, moment) for slot, moment in moments}
    return {"age": kept.age if known else None, **memory}


def _walk(lab: Lab, view: _View) -> dict[str, Any]:
    """Of the step from here, what the phases so far have computed; null is not computed yet."""
    trace, spec = lab.onward, lab.present
    memory = _memory(spec, trace.after, view.progress) if slots_of(spec.optimizer) else None
    return {**_backward(view, trace), "optimizer_state_after": memory}


def _trace(spec: Spec, trace: Trace, sample: int | None, whole: Progress) -> dict[str, Any]:
    """The step that led here."""
    view = _view(spec, trace.before, trace.forward, trace.step - 1, sample, whole)
    return {
        "step": trace.step,
        "sample": view.sample,
        "learning_rate": trace.learning_rate,
        "parameters_before": {"weights": trace.before.weights, "biases": trace.before.biases},
        **_forward(view),
        **_backward(view, trace),
        "optimizer_state_before": _memory(spec, trace.before, whole),
        "optimizer_state_after": _memory(spec, trace.after, whole),
        "loss_after": trace.loss_after,
    }
