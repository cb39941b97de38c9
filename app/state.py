"""A Lab as the API's State: plain data, ready for JSON, with every number exact."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson

from app.engine.backprop import ForwardPass
from app.engine.network import Spec
from app.engine.optimizers import slots_of
from app.engine.parameters import Parameters
from app.engine.training import Trace
from app.lab import Lab
from app.phases import Kind, Progress
from app.specs import spec_to_data


def state(network_id: str, version: int, lab: Lab) -> dict[str, Any]:
    """The State of ``lab``. Arrays stay NumPy's; the JSON writer knows them."""
    present, trace = lab.present, lab.trace
    walked = lab.walking and lab.position > 0
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
        "sample": lab.sample,
        "forward": _walked_forward(lab) if walked else _forward(lab.forward_pass),
        "walk": _walk(lab) if walked else None,
        "trace": None if trace is None else _trace(lab, trace),
        "loss_history": lab.loss_history[: -1 if walked and not lab.progress.error else None],
    }


@lru_cache(maxsize=256)
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


def _forward(passed: ForwardPass) -> dict[str, Any]:
    return {
        "pre_activations": [z[0] for z in passed.pre_activations],
        "activations": [a[0] for a in passed.activations],
        "loss": passed.loss,
        "loss_shares": passed.shares[0],
    }


def _walked_forward(lab: Lab) -> dict[str, Any]:
    """Of the forward pass, what the phases so far have computed; null is not computed yet."""
    progress, passed = lab.progress, lab.forward_pass
    pre, act = (
        _layers(progress, kind, [row[0] for row in rows])
        for kind, rows in (
            (Kind.PRE_ACTIVATION, passed.pre_activations),
            (Kind.ACTIVATION, passed.activations[1:]),
        )
    )
    return {
        "pre_activations": pre,
        "activations": [passed.activations[0][0], *act],
        "loss": passed.loss if progress.error else None,
        "loss_shares": passed.shares[0] if progress.error else None,
    }


def _walk(lab: Lab) -> dict[str, Any]:
    """Of the step from here, what the phases so far have computed."""
    progress, trace = lab.progress, lab.onward
    gradients, after = trace.gradients, trace.after
    return {
        "deltas": _layers(progress, Kind.DELTA, [delta[0] for delta in gradients.deltas]),
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


def _trace(lab: Lab, trace: Trace) -> dict[str, Any]:
    gradients = trace.gradients
    return {
        "step": trace.step,
        "sample": lab.shown_spec.batch_slice(trace.step - 1).start,
        "learning_rate": trace.learning_rate,
        "parameters_before": {"weights": trace.before.weights, "biases": trace.before.biases},
        **_forward(trace.forward),
        "deltas": [delta[0] for delta in gradients.deltas],
        "weight_gradients": gradients.weights,
        "bias_gradients": gradients.biases,
        "parameters_after": {"weights": trace.after.weights, "biases": trace.after.biases},
        "optimizer_state_before": _memory(lab.shown_spec, trace.before),
        "optimizer_state_after": _memory(lab.shown_spec, trace.after),
        "loss_after": trace.loss_after,
    }
