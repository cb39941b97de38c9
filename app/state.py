"""A Lab as the API's State: plain data, ready for JSON, with every number exact."""

from functools import lru_cache
from typing import Any

import orjson

from app.engine.backprop import ForwardPass
from app.engine.network import Spec
from app.engine.training import Trace
from app.lab import Lab
from app.specs import spec_to_data


def state(network_id: str, version: int, lab: Lab) -> dict[str, Any]:
    """The State of ``lab``. Arrays stay NumPy's; the JSON writer knows them."""
    present, trace = lab.present, lab.trace
    return {
        "id": network_id,
        "version": version,
        "step": lab.step,
        "last_step": lab.last_step,
        "phase": lab.phase.value,
        "example": lab.origin,
        "spec": _spec_json(present),
        "parameters": {"weights": lab.parameters.weights, "biases": lab.parameters.biases},
        "sample": lab.sample,
        "forward": _forward(lab.forward_pass),
        "trace": None if trace is None else _trace(lab, trace),
        "loss_history": lab.loss_history,
    }


@lru_cache(maxsize=256)
def _spec_json(spec: Spec) -> orjson.Fragment:
    """A Spec changes with edits only, so its JSON is kept."""
    return orjson.Fragment(orjson.dumps(spec_to_data(spec)))


def _forward(passed: ForwardPass) -> dict[str, Any]:
    return {
        "pre_activations": [z[0] for z in passed.pre_activations],
        "activations": [a[0] for a in passed.activations],
        "loss": passed.loss,
        "loss_shares": passed.shares[0],
    }


def _trace(lab: Lab, trace: Trace) -> dict[str, Any]:
    gradients = trace.gradients
    return {
        "step": trace.step,
        "sample": lab.present.batch_slice(trace.step - 1).start,
        "learning_rate": trace.learning_rate,
        "parameters_before": {"weights": trace.before.weights, "biases": trace.before.biases},
        **_forward(trace.forward),
        "deltas": [delta[0] for delta in gradients.deltas],
        "weight_gradients": gradients.weights,
        "bias_gradients": gradients.biases,
        "parameters_after": {"weights": trace.after.weights, "biases": trace.after.biases},
        "loss_after": trace.loss_after,
    }
