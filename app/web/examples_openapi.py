"""Example bodies for the API's documentation."""

from typing import Any

from fastapi.openapi.models import Example as OpenAPIExample

_XOR_SPEC = {
    "layers": [2, 2, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "half_squared_error",
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "bias_update": "per_neuron",
    "batch": {"size": "full", "reduction": "mean"},
    "samples": [
        {"inputs": [0, 0], "targets": [0]},
        {"inputs": [0, 1], "targets": [1]},
        {"inputs": [1, 0], "targets": [1]},
        {"inputs": [1, 1], "targets": [0]},
    ],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}

BODIES: dict[str, dict[str, OpenAPIExample]] = {
    "create": {
        "example": {"summary": "From a worked example", "value": {"example": "mazur-2-2-2"}},
        "spec": {"summary": "XOR, in full batches", "value": {"spec": _XOR_SPEC}},
    },
    "forward": {
        "present": {"summary": "With the present inputs", "value": {}},
        "inputs": {"summary": "With new inputs", "value": {"inputs": [0.3, 0.7]}},
    },
    "step": {"one": {"summary": "One step", "value": {"count": 1}}},
    "take_back": {"one": {"summary": "One step back", "value": {"count": 1}}},
    "rewind": {"start": {"summary": "Back to the start", "value": {"step": 0}}},
    "edit": {
        "edit": {
            "summary": "A weight and the learning rate",
            "value": {"weights": {"w5": 0.4}, "learning_rate": 0.1},
        }
    },
}

_CONTENT = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemModel"}},
}


def _described(text: str) -> dict[str, Any]:
    return {"description": text, "content": _CONTENT}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _described("The body cannot be read."),
    404: _described("No such network: unknown or expired."),
    412: _described("The network has moved on from the version in If-Match."),
    413: _described("The body is too large."),
    422: _described("A field cannot be used; the problem names it and says what is allowed."),
    503: _described("No room for another network, or the store is out of reach."),
    507: _described("The server's disk is full."),
}
