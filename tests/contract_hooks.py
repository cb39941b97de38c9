"""What schemathesis asks of us: networks that exist, with steps behind and ahead of them."""

import os
from itertools import count
from typing import Any

import httpx
import schemathesis

_SPEC = {
    "layers": [2, 3, 1],
    "activations": ["tanh", "sigmoid"],
    "samples": [{"inputs": [0, 1], "targets": [1]}, {"inputs": [1, 1], "targets": [0]}],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
_BODIES: list[dict[str, Any]] = [{"example": "mazur-2-2-2"}, {"spec": _SPEC}]
_ASKED_OF_ONE, _UNMATCHED = 20, 4
_names: list[str] = []
_headers = count()


def _new_names() -> list[str]:
    with httpx.Client(base_url=os.environ["TAKEBACK_API"]) as client:
        names = [client.post("networks", json=body).json()["id"] for body in _BODIES]
        for name in names:
            client.post(f"networks/{name}/step", json={"count": 5})
            client.post(f"networks/{name}/take-back", json={"count": 2})
    return names * _ASKED_OF_ONE


@schemathesis.hook  # type: ignore[untyped-decorator]
def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """Put a network that exists in the place of a made up one; none is asked for long."""
    if path_parameters and "network_id" in path_parameters:
        if not _names:
            _names.extend(_new_names())
        path_parameters["network_id"] = _names.pop()
        if context.operation.method == "delete":
            _names[:] = [name for name in _names if name != path_parameters["network_id"]]
    return path_parameters


@schemathesis.hook  # type: ignore[untyped-decorator]
def map_headers(context: object, headers: Any) -> Any:
    """Leave If-Match away from most requests: what is made up matches no network."""
    if headers and "If-Match" in headers and next(_headers) % _UNMATCHED:
        del headers["If-Match"]
    return headers
