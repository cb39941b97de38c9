"""The options of a Spec: docs/api.md says their limits, and those that nothing uses are refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from app.lab.examples import EXAMPLES
from app.lab.spec_json import optimizer_fields, spec_to_data
from app.web.networks.bodies import OptimizerModel, SpecModel
from tests.web.support import Client

DOCS = Path(__file__).parents[3] / "docs" / "api.md"
OF_ACTIVATIONS = {
    "slope_at_zero": "ReLU, leaky ReLU", "leaky_slope": "leaky ReLU",
    "huber_delta": "`huber`, `mean_huber`", "label_smoothing": "the cross-entropies",
}  # fmt: skip
SPEC = spec_to_data(EXAMPLES["afteracademy-2-2-2"].spec)
OPTIONS = [name for name in OptimizerModel.model_fields if name != "name"]
EVERY = {"weight_decay": 1, "schedule": "step", "clipping": "norm"}
UNUSED = [
    (optimizer, option)
    for optimizer in OPTIMIZERS
    for option in OPTIONS
    if option not in (*optimizer_fields({**EVERY, "name": optimizer}), "schedule_floor")
]


def values_of(schema: dict[str, Any]) -> str:
    """What an option may be, as the document writes it."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "boolean":
        return "true, false"
    most = (
        f"{schema['maximum']:g}" if "maximum" in schema else f"below {schema['exclusiveMaximum']:g}"
    )
    if "exclusiveMinimum" in schema:
        return f"above {schema['exclusiveMinimum']:g}, to {most}"
    return f"{schema['minimum']:g} to {most}"


def default_of(schema: dict[str, Any]) -> str:
    """An option's default, as the document writes it."""
    default = schema["default"]
    if isinstance(default, str):
        return f"`{default}`"
    if isinstance(default, bool):
        return str(default).lower()
    return re.sub(r"e-0", "e-", f"{default:g}")


def users_of(option: str) -> str:
    """The optimizers, or the activations, that use an option."""
    plans = [name for name, rule in SCHEDULES.items() if option in rule.fields]
    users = [n for n in OPTIMIZERS if option in optimizer_fields({**EVERY, "name": n})]
    if plans:
        return f"the schedules {', '.join(plans)}"
    if len(users) == len(OPTIMIZERS):
        return "every optimizer"
    return OF_ACTIVATIONS.get(option) or ", ".join(users)


def test_the_document_has_the_limits_of_the_model() -> None:
    fields = OptimizerModel.model_json_schema()["properties"]
    of_spec = SpecModel.model_json_schema()["properties"]
    fields = {name: fields[name] for name in OPTIONS} | {
        name: of_spec[name] for name in OF_ACTIVATIONS
    }
    expected = [
        f"| `{name}` | {values_of(schema)} | {default_of(schema)} | {users_of(name)} |"
        for name, schema in fields.items()
    ]
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    start = lines.index("| option | values | default | used by |") + 2
    assert lines[start : start + len(expected)] == expected
    assert not lines[start + len(expected)]


@pytest.mark.parametrize(("optimizer", "option"), UNUSED)
def test_an_option_that_the_optimizer_does_not_use_is_refused(
    client: Client, optimizer: str, option: str
) -> None:
    given = {"name": optimizer, option: OptimizerModel.model_fields[option].default}
    answer = client.post("/api/v1/networks", json={"spec": {**SPEC, "optimizer": given}})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "unused_option")
    assert problem["pointer"] == f"/spec/optimizer/{option}"
    assert users_of(option) in problem["detail"]
    assert optimizer in problem["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer", "allowed"),
    [
        ({"slope_at_zero": 0.5}, "/spec/slope_at_zero", "relu, leaky_relu"),
        ({"leaky_slope": 0.2}, "/spec/leaky_slope", "leaky_relu"),
        ({"activations": ["relu", "sigmoid"], "leaky_slope": 0.2},
         "/spec/leaky_slope", "leaky_relu"),
        ({"huber_delta": 2}, "/spec/huber_delta", "huber"),
        ({"initialization": {"scheme": "xavier_uniform", "scale": 0.5}},
         "/spec/initialization/scale", "uniform, normal, constant"),
        ({"optimizer": {"name": "sgd", "decay_biases": False}},
         "/spec/optimizer/decay_biases", "weight_decay"),
        ({"optimizer": {"name": "sgd", "weight_decay_form": "gradient"}},
         "/spec/optimizer/weight_decay_form", "weight_decay"),
        ({"frozen": ["w5", "w1", "w5"]}, "/spec/frozen/2", "w5"),
    ],
    ids=str,
)  # fmt: skip
def test_what_nothing_in_a_spec_uses_is_refused(
    client: Client, changes: dict[str, Any], pointer: str, allowed: str
) -> None:
    spec = {key: value for key, value in SPEC.items() if key not in ("weights", "biases", "names")}
    answer = client.post("/api/v1/networks", json={"spec": {**spec, **changes}})
    assert answer.status_code == 422
    assert answer.json()["pointer"] == pointer
    assert allowed in answer.json()["detail"]
    bends = {"activations": ["relu", "leaky_relu"], "slope_at_zero": 0.5, "leaky_slope": 0.2}
    used = {**spec, **bends, "loss": "huber", "huber_delta": 2}
    assert client.post("/api/v1/networks", json={"spec": used}).status_code == 201


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_the_api_tells_of_an_optimizer_it_takes_again(client: Client, optimizer: str) -> None:
    spec = {**SPEC, "optimizer": {"name": optimizer}}
    created = client.post("/api/v1/networks", json={"spec": spec})
    assert created.status_code == 201
    told = created.json()["spec"]
    again = client.post("/api/v1/networks", json={"spec": told})
    assert (again.status_code, again.json()["spec"]) == (201, told)


def test_files_with_the_defaults_of_other_optimizers_open(client: Client) -> None:
    created = client.post("/api/v1/networks", json={"example": "afteracademy-2-2-2"}).json()
    document = client.get(f"/api/v1/networks/{created['id']}/export").json()
    document["spec"]["optimizer"] |= {"momentum": 0.9, "epsilon": 1e-8}
    assert client.post("/api/v1/networks", json={"export": document}).status_code == 201
    document["spec"]["optimizer"]["momentum"] = 0.5
    refused = client.post("/api/v1/networks", json={"export": document})
    assert refused.json()["code"] == "unused_option"


SUM: dict[str, Any] = {
    "layers": [2, 1], "activations": ["identity"], "weights": [[[1.0, 2.0]]], "biases": [[0.0]],
    "samples": [{"inputs": [1.0, 1.0], "targets": [1.0]}],
}  # fmt: skip


def test_a_gradient_by_an_input_is_derived(client: Client) -> None:
    made = client.post("/api/v1/networks", json={"spec": SUM}).json()
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
    answer = client.post("/api/v1/networks", json={"spec": {**SUM, **changes}})
    assert answer.status_code == 422
    error = answer.json()
    assert (error["pointer"], error["code"]) == (pointer, code), error
    assert "{" not in error["detail"]
