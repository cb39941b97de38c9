"""A Lab as the API's State: plain data, ready for JSON, with every number exact."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from app.engine.activations import Array
from app.engine.backprop import ForwardPass, Gradients, forward_of
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

    Args:
        network_id: its id.
        version: its version.
        lab: the network.
        sample: the sample in view, counted from 0; the first of each step's batch if not given.
        last: how many losses to tell, the newest ones; all if not given.
    """
    present, trace = lab.present, lab.trace
    walked = lab.walking and lab.position > 0
    view = _onward_view(lab, sample)
    return {
        "id": network_id,
        "version": version,
        "step": lab.step,
        "first_step": lab.first_step,
        "last_step": lab.last_step,
        "phase": lab.phase,
        "position": lab.progress.done,
        "phases": [phase.key for phase in lab.progress.phases],
        "walking": lab.walking,
        "branch": lab.branch,
        "branches": [
            {"index": index, "parent": one.parent, "start": one.start, "last_step": one.end}
            for index, one in enumerate(lab.branches)
        ],
        "example": lab.origin,
        "spec": _spec_json(present),
        "parameters": {"weights": lab.parameters.weights, "biases": lab.parameters.biases},
        "optimizer_state": _memory(present, lab.parameters),
        "sample": view.sample,
        "forward": _walked_forward(lab, view) if walked else _forward(lab.forward_pass, view),
        "walk": _walk(lab, view) if walked else None,
        "trace": None if trace is None else _trace(lab, trace, sample),
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


def _memory(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """What the optimizer remembers, by name, each in the parameters' shapes."""
    slots = slots_of(spec.optimizer)
    kept = parameters.remembering(len(slots))
    return {
        "age": kept.age,
        **{
            slot: {"weights": moment.weights, "biases": moment.biases}
            for slot, moment in zip(slots, kept.moments, strict=True)
        },
    }


class _View(NamedTuple):
    """The sample in view: its number from 0, the pass that has it, where, and if a batch does."""

    sample: int
    passed: ForwardPass
    row: int
    inside: bool


def _view(
    spec: Spec, parameters: Parameters, passed: ForwardPass, step: int, sample: int | None
) -> _View:
    """The sample in view of the step from ``step``, whose batch ``passed`` is of."""
    batch = spec.batch_slice(step)
    index = int(batch.start) if sample is None else sample
    if batch.start <= index < batch.stop:
        return _View(index, passed, index - int(batch.start), True)
    return _View(index, forward_of(spec, parameters, index), 0, False)


def _onward_view(lab: Lab, sample: int | None) -> _View:
    return _view(lab.present, lab.parameters, lab.forward_pass, lab.step, sample)


def _forward(passed: ForwardPass, view: _View) -> dict[str, Any]:
    """The sample in view, and the loss of the batch."""
    return {
        "pre_activations": [z[view.row] for z in view.passed.pre_activations],
        "activations": [a[view.row] for a in view.passed.activations],
        "loss": passed.loss,
        "loss_shares": view.passed.shares[view.row],
    }


def _deltas(view: _View, gradients: Gradients) -> list[Array] | None:
    return [delta[view.row] for delta in gradients.deltas] if view.inside else None


def _walked_forward(lab: Lab, view: _View) -> dict[str, Any]:
    """Of the forward pass, what the phases so far have computed; null is not computed yet."""
    progress, passed = lab.progress, view.passed
    pre, act = (
        _layers(progress, kind, [rows_of[view.row] for rows_of in rows])
        for kind, rows in (
            (Kind.PRE_ACTIVATION, passed.pre_activations),
            (Kind.ACTIVATION, passed.activations[1:]),
        )
    )
    return {
        "pre_activations": pre,
        "activations": [passed.activations[0][view.row], *act],
        "loss": lab.forward_pass.loss if progress.error else None,
        "loss_shares": passed.shares[view.row] if progress.error else None,
    }


def _walk(lab: Lab, view: _View) -> dict[str, Any]:
    """Of the step from here, what the phases so far have computed."""
    progress, trace = lab.progress, lab.onward
    gradients, after = trace.gradients, trace.after
    deltas = _deltas(view, gradients)
    return {
        "deltas": None if deltas is None else _layers(progress, Kind.DELTA, deltas),
        "weight_gradients": _layers(progress, Kind.GRADIENT, gradients.weights),
        "bias_gradients": _layers(progress, Kind.GRADIENT, gradients.biases),
        "parameters_after": {
            "weights": _layers(progress, Kind.UPDATE, after.weights),
            "biases": _layers(progress, Kind.UPDATE, after.biases),
        },
        "optimizer_state_after": _walked_memory(lab),
    }


def _walked_memory(lab: Lab) -> dict[str, Any] | None:
    """What the optimizer remembers then, layer by layer as far as it is computed."""
    if not any(phase.kind is Kind.MOMENTS for phase in lab.progress.phases):
        return None
    memory = _memory(lab.present, lab.onward.after)
    age = memory.pop("age") if lab.progress.has(Kind.MOMENTS, 1) else None
    return {
        "age": age,
        **{
            slot: {kind: _layers(lab.progress, Kind.MOMENTS, rows) for kind, rows in own.items()}
            for slot, own in memory.items()
            if slot != "age"
        },
    }


def _layers(progress: Progress, kind: Kind, rows: Sequence[Any]) -> list[Any]:
    return [row if progress.has(kind, layer) else None for layer, row in enumerate(rows, start=1)]


def _trace(lab: Lab, trace: Trace, sample: int | None) -> dict[str, Any]:
    gradients = trace.gradients
    view = _view(lab.shown_spec, trace.before, trace.forward, trace.step - 1, sample)
    return {
        "step": trace.step,
        "sample": view.sample,
        "learning_rate": trace.learning_rate,
        "parameters_before": {"weights": trace.before.weights, "biases": trace.before.biases},
        **_forward(trace.forward, view),
        "deltas": _deltas(view, gradients),
        "weight_gradients": gradients.weights,
        "bias_gradients": gradients.biases,
        "parameters_after": {"weights": trace.after.weights, "biases": trace.after.biases},
        "optimizer_state_before": _memory(lab.shown_spec, trace.before),
        "optimizer_state_after": _memory(lab.shown_spec, trace.after),
        "loss_after": trace.loss_after,
    }
