"""Conventions of a Spec through HTTP: what is chosen holds, and what does not fit is refused."""

from typing import Any

import pytest

from tests.web.support import Client

SPEC: dict[str, Any] = {
    "layers": [2, 1], "activations": ["identity"], "weights": [[[1.0, 2.0]]], "biases": [[0.0]],
    "samples": [{"inputs": [1.0, 1.0], "targets": [1.0]}],
}  # fmt: skip


def test_a_gradient_by_an_input_is_derived(client: Client) -> None:
    made = client.post("/api/v1/networks", json={"spec": SPEC}).json()
    path = f"/api/v1/networks/{made['id']}"
    client.post(f"{path}/step", json={})
    answer = client.get(f"{path}/derivations/gradient:x2").json()
    # E = (3 - 1)^2 / 2, so delta = 2, times the weight of 2.
    assert (answer["quantity"], answer["value"]) == ("gradient:x2", 4.0)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"optimizer": {"clip_limit": 2.0}}, "/spec/optimizer/clip_limit", "unused_without"),
        ({"optimizer": {"schedule_steps": 2}}, "/spec/optimizer/schedule_steps", "unused_without"),
        ({"frozen": ["w9"]}, "/spec/frozen/0", "unknown_parameter"),
        ({"label_smoothing": 0.1}, "/spec/label_smoothing", "smoothing_loss"),
        ({"loss": "perceptron"}, "/spec/loss", "step_loss"),
        (
            {"loss": "hinge", "samples": [{"inputs": [1.0, 1.0], "targets": [0.5]}]},
            "/spec/samples/0/targets", "targets_signs",
        ),
        (
            {"hidden_deltas": "updated", "optimizer": {"clipping": "norm"}},
            "/spec/optimizer/clipping", "clipped_late",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    client: Client, changes: dict[str, Any], pointer: str, code: str
) -> None:
    answer = client.post("/api/v1/networks", json={"spec": {**SPEC, **changes}})
    assert answer.status_code == 422
    error = answer.json()
    assert (error["pointer"], error["code"]) == (pointer, code), error
    assert "{" not in error["detail"]
