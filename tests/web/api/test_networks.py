"""The JSON API, version 1: its numbers, its shapes, its verbs."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.lab.lab import Lab
from tests.golden import GOLDEN, having
from tests.support import server
from tests.web.support import EXAMPLES, Client, Network

COMMANDS = ("forward", "step", "take-back", "rewind", "reset", "edit")
TINY = {
    "layers": [2, 3, 1],
    "activations": ["tanh", "identity"],
    "samples": [{"inputs": [0.5, -1], "targets": [0.25]}],
}


def close(found: Any, expected: Any, relative: float = 1e-12) -> None:
    """Equal, number by number, in lists of any depth."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            close(one, other, relative)
    else:
        np.testing.assert_allclose(found, expected, rtol=relative, atol=0)


def assert_after(state: dict[str, Any], expected: dict[str, Any], relative: float = 1e-12) -> None:
    """Parameters, outputs and loss are the golden ones after some steps."""
    assert state["step"] == expected["after_steps"]
    close(state["parameters"]["weights"], expected["weights"], relative)
    close(state["parameters"]["biases"], expected["biases"], relative)
    close(state["forward"]["activations"][-1], expected["outputs"], relative)
    close(state["forward"]["loss"], expected["error"], relative)


def example_spec(client: Client, slug: str) -> dict[str, Any]:
    spec: dict[str, Any] = client.get(f"/api/v1/examples/{slug}").json()["spec"]
    return spec


def same_moment(state: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two States differ in nothing but their versions and what lies beside and ahead."""
    apart = {"version", "last_step", "branch", "branches"}
    return all(state[key] == other[key] for key in state.keys() - apart)


# --- golden values ----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", EXAMPLES)
def test_the_first_forward_pass(client: Client, slug: str) -> None:
    expected = GOLDEN[slug]["first_pass"]
    forward = Network(client, {"example": slug}).do("forward")["forward"]
    close(forward["pre_activations"], expected["net"])
    close(forward["activations"][1:], expected["out"])
    close(forward["loss"], expected["error"])
    close(sum(forward["loss_shares"]), expected["error"])


@pytest.mark.parametrize("slug", EXAMPLES)
def test_the_first_step(client: Client, slug: str) -> None:
    expected, after = GOLDEN[slug]["first_pass"], GOLDEN[slug]["after_one_step"]
    network = Network(client, {"example": slug})
    state = network.do("step", {"count": 1})
    trace = state["trace"]
    close(trace["pre_activations"], expected["net"])
    close(trace["activations"][1:], expected["out"])
    close(trace["loss"], expected["error"])
    close(trace["deltas"], expected["delta"])
    close(trace["weight_gradients"], expected["gradient"])
    close(trace["loss_after"], after["error"])
    assert trace["parameters_before"] == network.created["parameters"]
    assert trace["parameters_after"] == state["parameters"]
    assert_after(state, after)
    close(state["loss_history"], [expected["error"], after["error"]])


@pytest.mark.parametrize("slug", having("after_10000_steps"))
def test_ten_thousand_steps_in_one_request(client: Client, slug: str) -> None:
    network = Network(client, {"example": slug})
    state = network.do("step", {"count": 10_000})
    assert_after(state, GOLDEN[slug]["after_10000_steps"], 1e-6)
    assert len(state["loss_history"]) == 10_001
    assert state["version"] == 2


@pytest.mark.parametrize("bias_update", ["per_neuron", "shared"])
@pytest.mark.parametrize("slug", having("if_biases_learn"))
def test_bias_rules(client: Client, slug: str, bias_update: str) -> None:
    spec = {**example_spec(client, slug), "bias_update": bias_update}
    state = Network(client, {"spec": spec}).do("step")
    assert_after(state, GOLDEN[slug]["if_biases_learn"][bias_update])


# --- creating ---------------------------------------------------------------------------------


def test_the_examples_are_listed(client: Client) -> None:
    listed = client.get("/api/v1/examples").json()
    assert {example["slug"] for example in listed} == set(EXAMPLES)
    for example in listed:
        assert client.get(f"/api/v1/examples/{example['slug']}").json() == example
        assert example["published"]


def test_creating_says_where(client: Client, network: Network) -> None:
    created = client.post("/api/v1/networks", json={"example": "mazur-2-2-2"})
    assert created.status_code == 201
    location = created.headers["location"]
    assert location == f"/api/v1/networks/{created.json()['id']}"
    assert created.headers["etag"] == '"1"'
    read = client.get(location)
    assert read.json() == created.json()
    assert read.headers["etag"] == '"1"'
    assert len(created.json()["id"]) * 6 >= 128
    assert created.json()["id"] != network.id


def test_a_spec_needs_neither_names_nor_weights(client: Client) -> None:
    state = Network(client, {"spec": TINY}).created
    spec = state["spec"]
    assert spec["names"]["inputs"] == ["x1", "x2"]
    assert spec["names"]["weights"] == [
        [["w1", "w2"], ["w3", "w4"], ["w5", "w6"]],
        [["w7", "w8", "w9"]],
    ]
    assert np.shape(spec["weights"][0]) == (3, 2)
    assert spec["biases"] == [[0, 0, 0], [0]]
    assert state["parameters"] == {"weights": spec["weights"], "biases": spec["biases"]}


def test_a_seed_makes_the_same_digits(client: Client) -> None:
    def weights(**initialization: Any) -> Any:
        spec = {**TINY, "initialization": initialization}
        return Network(client, {"spec": spec}).created["parameters"]["weights"]

    first = weights(scheme="he_normal", seed=7)
    assert weights(scheme="he_normal", seed=7) == first
    assert weights(scheme="he_normal", seed=8) != first


@pytest.mark.parametrize("slug", [*EXAMPLES, ""])
def test_the_spec_of_a_state_makes_the_same_network_again(client: Client, slug: str) -> None:
    first = Network(client, {"example": slug} if slug else {"spec": TINY}).created
    again = Network(client, {"spec": first["spec"]}).created
    assert again["spec"] == first["spec"]
    assert again["forward"] == first["forward"]


# --- the State --------------------------------------------------------------------------------

PASS = {"pre_activations", "activations", "loss"}
PARAMETERS = {"weights", "biases"}


def test_the_state_has_the_documented_shape(client: Client) -> None:
    spec = {**TINY, "layers": [2, 3, 2, 1], "activations": ["tanh", "relu", "sigmoid"]}
    spec["initialization"] = {"scheme": "he_uniform", "seed": 1}
    state = Network(client, {"spec": spec}).do("step", {"count": 3})
    documented = {"id", "version", "step", "spec", "parameters", "forward", "trace", "loss_history"}
    assert documented <= state.keys()
    assert {
        "layers", "activations", "loss", "optimizer", "bias_update", "batch", "samples", "weights",
        "biases", "names",
    } <= state["spec"].keys()  # fmt: skip
    assert state["forward"].keys() >= PASS
    trace = state["trace"]
    assert trace.keys() >= PASS | {
        "parameters_before", "deltas", "weight_gradients", "bias_gradients", "parameters_after",
        "loss_after",
    }  # fmt: skip
    weights, units = [(3, 2), (2, 3), (1, 2)], [3, 2, 1]
    for parameters in (state["parameters"], trace["parameters_before"], trace["parameters_after"]):
        assert parameters.keys() >= PARAMETERS
        assert [np.shape(rows) for rows in parameters["weights"]] == weights
        assert [len(row) for row in parameters["biases"]] == units
    assert [np.shape(rows) for rows in trace["weight_gradients"]] == weights
    for rows in (trace["bias_gradients"], trace["deltas"], trace["pre_activations"]):
        assert [len(row) for row in rows] == units
    for passed in (trace, state["forward"]):
        assert [len(row) for row in passed["activations"]] == [2, *units]
        assert passed["activations"][0] == [0.5, -1]
    assert (state["version"], state["step"]) == (2, 3)
    assert len(state["loss_history"]) == 4


def test_a_trace_is_there_after_an_update_only(network: Network) -> None:
    assert network.created["trace"] is None
    assert network.do("forward")["trace"] is None
    assert network.do("step", {"count": 2})["trace"] is not None
    assert network.do("forward")["trace"] is None
    for step in (2, 1):  # the forward pass is of a step that is begun
        back = network.do("take-back")
        assert (back["trace"] is not None, back["step"]) == (True, step)
    assert network.do("take-back")["trace"] is None, "no update leads to step 0"
    assert network.do("rewind", {"step": 2})["trace"] is not None
    assert network.do("edit", {"weights": {"w5": 0.1}})["trace"] is None
    assert network.do("reset")["trace"] is None


def test_losses_and_gradients_are_over_the_batch(client: Client) -> None:
    samples = [{"inputs": [x, -x], "targets": [x / 2]} for x in (0.1, 0.2, 0.3, 0.4)]
    whole = {**TINY, "samples": samples, "batch": {"size": "full", "reduction": "mean"}}
    state = Network(client, {"spec": whole}).do("step")
    seed = {"weights": state["spec"]["weights"], "biases": state["spec"]["biases"]}
    singles = [
        Network(client, {"spec": {**TINY, **seed, "samples": [sample]}}).do("step")["trace"]
        for sample in samples
    ]
    close(state["trace"]["loss"], np.mean([one["loss"] for one in singles]).item())
    for layer, gradient in enumerate(state["trace"]["weight_gradients"]):
        mean = np.mean([one["weight_gradients"][layer] for one in singles], axis=0)
        np.testing.assert_allclose(gradient, mean, rtol=1e-9)
    assert state["trace"]["deltas"] == singles[0]["deltas"], "of the sample in view"


# --- commands ---------------------------------------------------------------------------------


def test_forward_takes_new_inputs(network: Network) -> None:
    state = network.do("forward", {"inputs": [0.3, 0.7]})
    assert state["forward"]["activations"][0] == [0.3, 0.7]
    assert state["spec"]["samples"][0]["inputs"] == [0.3, 0.7]
    w, b = state["parameters"]["weights"][0], state["parameters"]["biases"][0]
    close(
        state["forward"]["pre_activations"][0],
        [w[j][0] * 0.3 + w[j][1] * 0.7 + b[j] for j in (0, 1)],
    )
    assert (state["step"], state["version"]) == (0, 2)


def test_steps_add_up(network: Network) -> None:
    other = Network(network.client, {"example": "mazur-2-2-2"})
    for _ in range(7):
        other.do("step")
    assert network.do("step", {"count": 7})["parameters"] == other.state()["parameters"]
    assert (network.state()["version"], other.state()["version"]) == (2, 8)


def test_each_step_taken_back_is_what_it_was(network: Network) -> None:
    moments = [network.do("step") for _ in range(4)]
    for earlier in reversed(moments[:-1]):
        assert same_moment(network.do("take-back", {"count": 1}), earlier)
    network.do("rewind", {"step": 4})
    assert same_moment(network.do("take-back", {"count": 3}), moments[0])


def test_rewinding_goes_both_ways(network: Network) -> None:
    moments = [network.created, *(network.do("step") for _ in range(3))]
    for step in (0, 3, 1, 2):
        state = network.do("rewind", {"step": step})
        assert state["parameters"] == moments[step]["parameters"]
        assert state["forward"] == moments[step]["forward"]
        assert state["loss_history"] == moments[step]["loss_history"]


def test_reset_is_the_beginning(network: Network) -> None:
    network.do("edit", {"weights": {"w1": 3}, "learning_rate": 2})
    network.do("step", {"count": 5})
    state = network.do("reset")
    assert same_moment(state, network.created)
    assert state["version"] == 4


def test_an_edit_changes_what_it_names(network: Network) -> None:
    edit = {
        "weights": {"w5": 0.75, "w2": -1}, "biases": {"b2": 0.125}, "inputs": [1, 2],
        "targets": [0.5, 0.25], "learning_rate": 0.1,
    }  # fmt: skip
    before, after = network.created, network.do("edit", edit)
    assert after["parameters"]["weights"] == [
        [[0.15, -1], [0.25, 0.3]],
        [[0.75, 0.45], [0.5, 0.55]],
    ]
    assert after["parameters"]["biases"] == [[0.35, 0.35], [0.125, 0.125]], "b2 is one node"
    assert after["spec"]["samples"] == [{"inputs": [1, 2], "targets": [0.5, 0.25]}]
    assert after["spec"]["optimizer"]["learning_rate"] == 0.1
    assert (after["step"], after["version"]) == (before["step"], 2)


def test_an_edit_begins_a_new_branch(network: Network) -> None:
    network.do("step", {"count": 5})
    network.do("rewind", {"step": 2})
    edited = network.do("edit", {"weights": {"w5": 1}})
    assert (edited["step"], edited["last_step"]) == (2, 2)
    answer = network.send("rewind", {"step": 3})
    assert answer.status_code == 422
    assert answer.json()["pointer"] == "/step"


REFUSED = {
    "more steps back than were taken": ("take-back", {"count": 3}, "/count"),
    "a step that was never taken": ("rewind", {"step": 3}, "/step"),
    "no step at all": ("step", {"count": 0}, "/count"),
    "too many steps": ("step", {"count": 10_001}, "/count"),
    "an unknown weight": ("edit", {"weights": {"w99": 1}}, "/weights/w99"),
    "an unknown bias": ("edit", {"biases": {"w1": 1}}, "/biases/w1"),
    "too few inputs": ("edit", {"inputs": [1]}, "/inputs"),
    "too many inputs": ("forward", {"inputs": [1, 2, 3]}, "/inputs"),
    "too many targets": ("edit", {"targets": [1, 2, 3]}, "/targets"),
    "a negative learning rate": ("edit", {"learning_rate": -0.1}, "/learning_rate"),
    "a huge weight": ("edit", {"weights": {"w1": 1e7}}, "/weights/w1"),
    "one bad weight among good ones": ("edit", {"weights": {"w1": 1, "nope": 2}}, "/weights/nope"),
}


@pytest.mark.parametrize(("command", "body", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_names_the_field(
    network: Network, command: str, body: dict[str, Any], pointer: str
) -> None:
    before = network.do("step", {"count": 2})
    answer = network.send(command, body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["pointer"] == pointer
    assert pointer.lstrip("/").split("/")[0].replace("_", " ") in answer.json()["detail"].lower()
    assert network.state() == before


def test_nothing_can_be_taken_back_at_step_0(network: Network) -> None:
    answer = network.send("take-back")
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_take_back")
    assert network.state() == network.created


BODIES: dict[str, dict[str, Any]] = {"rewind": {"step": 0}, "edit": {"weights": {"w1": 1}}}


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_fields_are_refused(network: Network, command: str) -> None:
    before = network.do("step")
    answer = network.send(command, {**BODIES.get(command, {}), "surprise": 1})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/surprise")
    assert network.state() == before


UNKNOWN: dict[str, dict[str, Any]] = {
    "/surprise": {"example": "mazur-2-2-2", "surprise": 1},
    "/spec/surprise": {"spec": {**TINY, "surprise": 1}},
    "/spec/optimizer/surprise": {"spec": {**TINY, "optimizer": {"surprise": 1}}},
    "/spec/batch/surprise": {"spec": {**TINY, "batch": {"surprise": 1}}},
    "/spec/names/surprise": {"spec": {**TINY, "names": {"surprise": 1}}},
    "/spec/initialization/surprise": {
        "spec": {**TINY, "initialization": {"scheme": "zeros", "surprise": 1}}
    },
    "/spec/samples/0/surprise": {
        "spec": {**TINY, "samples": [{"inputs": [1, 2], "targets": [1], "surprise": 1}]}
    },
}


@pytest.mark.parametrize(("pointer", "body"), UNKNOWN.items(), ids=UNKNOWN)
def test_unknown_fields_of_a_spec_are_refused(client: Client, pointer: str, body: Any) -> None:
    answer = client.post("/api/v1/networks", json=body)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)


def test_unknown_and_odd_ids_look_the_same(client: Client) -> None:
    problems = [
        client.get(f"/api/v1/networks/{odd}").json()
        for odd in ("unknown", "x" * 5000, "%00", "%F0%9F%90%8D", "%ED%A0%80", "..%2f..")
    ]
    assert {(problem["status"], problem["code"]) for problem in problems} <= {
        (404, "network_not_found"),
        (404, "not_found"),
    }


# --- versions ---------------------------------------------------------------------------------


def test_if_match_lets_the_present_version_through(network: Network) -> None:
    answer = network.send("step", if_match='"1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert network.send("step", if_match="*").status_code == 200
    assert network.send("edit", {"learning_rate": 1}, if_match='"3"').headers["etag"] == '"4"'


def test_a_proxy_that_compresses_may_weaken_the_tag(network: Network) -> None:
    assert network.send("step", if_match='W/"1"').status_code == 200


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "tag",
    [
        '"1"',
        '"3"',
        'W/"1"',
        '"0"',
        '"999999999999999"',
        '"old"',
        '""',
        '"1.0"',
        '"' + "9" * 99 + '"',
    ],
)
def test_if_match_refuses_another_version(network: Network, command: str, tag: str) -> None:
    before = network.do("step")
    answer = network.send(command, BODIES.get(command), if_match=tag)
    assert answer.status_code == 412
    assert answer.json()["code"] == "precondition_failed"
    assert network.state() == before


@pytest.mark.parametrize("tag", ["", "x", '"x', '"1" "2"', "-1", "W/*"])
def test_a_malformed_if_match_is_refused(network: Network, tag: str) -> None:
    answer = network.send("step", if_match=tag)
    assert (answer.status_code, answer.json()["code"]) == (422, "if_match")
    assert answer.headers["content-type"] == "application/problem+json"
    assert network.state() == network.created


def test_eight_clients_lose_no_step(tmp_path: Path) -> None:
    with server(tmp_path) as base:
        created = httpx.post(f"{base}/api/v1/networks", json={"example": "mazur-2-2-2"})
        url = base + created.headers["location"]

        def steps(_: int) -> list[int]:
            with httpx.Client(timeout=30) as one:
                answers = [one.post(f"{url}/step", json={"count": 1}) for _ in range(25)]
            assert [answer.status_code for answer in answers] == [200] * 25
            return [answer.json()["step"] for answer in answers]

        with ThreadPoolExecutor(8) as pool:
            seen = [step for one in pool.map(steps, range(8)) for step in one]
        state = httpx.get(url).json()
    assert sorted(seen) == list(range(1, 201))
    assert (state["step"], state["version"]) == (200, 201)


@pytest.mark.parametrize(
    "url", ["/api/v1/networks/{id}/step", "/networks/{id}/step", "/examples/mazur-2-2-2/step"]
)
def test_long_runs_leave_the_event_loop_free(
    network: Network, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_loop: list[bool] = []
    stepped = Lab.stepped

    def watched(lab: Lab, count: int = 1) -> Lab:
        try:
            asyncio.get_running_loop()
            on_the_loop.append(True)
        except RuntimeError:
            on_the_loop.append(False)
        return stepped(lab, count)

    monkeypatch.setattr(Lab, "stepped", watched)
    url = url.format(id=network.id)
    if url.startswith("/api"):
        network.client.post(url, json={"count": 3000})
    else:
        network.client.post(url, data={"count": "3000", "version": "1"})
    assert on_the_loop
    assert not any(on_the_loop)


# --- OpenAPI ----------------------------------------------------------------------------------


@pytest.fixture
def openapi(client: Client) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return described


def references(node: Any) -> Iterator[str]:
    """Every $ref below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def operations(openapi: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation, as "POST /path"."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    }


def test_openapi_describes_the_whole_api(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.")
    network = "/api/v1/networks/{network_id}"
    found = operations(openapi)
    assert found.keys() >= {
        "GET /api/v1/examples", "POST /api/v1/networks", f"GET {network}", f"PATCH {network}",
        *(f"POST {network}/{name}" for name in COMMANDS if name != "edit"),
    }  # fmt: skip
    ids = [operation["operationId"] for operation in found.values()]
    assert len(ids) == len(set(ids))
    for name, operation in found.items():
        assert operation["summary"], name
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert success, name
        if success == ["204"]:
            assert name == f"DELETE {network}"
            continue
        for status in success:
            assert operation["responses"][status]["content"]["application/json"]["schema"], name
        named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert named == {part[1:-1] for part in name.split("/") if part.startswith("{")}, name
        if not name.startswith("GET"):
            assert "application/problem+json" in operation["responses"]["422"]["content"], name


def test_every_reference_of_openapi_resolves(openapi: dict[str, Any]) -> None:
    found = set(references(openapi))
    assert found
    for reference in found:
        assert reference.startswith("#/")
        node: Any = openapi
        for part in reference[2:].split("/"):
            assert part in node, reference
            node = node[part]


def documented_bodies(openapi: dict[str, Any], operation: dict[str, Any]) -> list[Any]:
    """The example bodies of an operation, wherever OpenAPI lets them stand."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples", {})
    return [example["value"] for example in examples.values()]


def test_every_documented_body_is_accepted(openapi: dict[str, Any], client: Client) -> None:
    tried = 0
    for name, operation in operations(openapi).items():
        method, path = name.split()
        if method in ("GET", "DELETE"):
            continue
        bodies = documented_bodies(openapi, operation)
        assert bodies, f"{name} has no example"
        for body in bodies:
            network = Network(client, {"example": "mazur-2-2-2"})
            network.do("step", {"count": 2})
            network.do("take-back")
            answer = client.request(method, path.format(network_id=network.id), json=body)
            assert answer.is_success, f"{name} {json.dumps(body)}: {answer.text}"
            tried += 1
    assert tried >= 7


def test_every_field_of_a_state_is_described(openapi: dict[str, Any], network: Network) -> None:
    network.do("step")
    schemas = openapi["components"]["schemas"]
    state = network.state()
    for name, found in {"StateModel": state, "TraceModel": state["trace"]}.items():
        assert schemas[name]["properties"].keys() == found.keys()


def test_a_history_grows_to_a_limit_and_is_kept_then(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.lab.limits.MAX_STORED_BYTES", 4000)
    rates = [0.1 + index / 100 for index in range(40)]
    answers = []
    for rate in rates:
        if network.client.post(f"{network.url}/step").status_code != 200:
            break
        answers.append(network.client.patch(network.url, json={"learning_rate": rate}))
        if answers[-1].status_code != 200:
            break
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (422, "history_full")
    assert network.state()["step"] > 1
    assert network.client.post(f"{network.url}/reset").status_code == 200


def test_head_is_answered_wherever_get_is(network: Network) -> None:
    network.do("step")
    for path in ("", "/derivations/w1", "/evaluation", "/gradient-check", "/export", "/link"):
        head = network.client.head(network.url + path)
        assert head.status_code == network.client.get(network.url + path).status_code == 200
        assert not head.content
    answer = network.client.request("PUT", network.url)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PATCH"


def test_a_network_is_deleted_for_good(network: Network) -> None:
    client, url = network.client, network.url
    network.do("step")
    stale = client.delete(url, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert client.delete(url, headers={"if-match": "x"}).status_code == 422
    assert network.state()["version"] == 2, "nothing happened yet"
    deleted = client.delete(url, headers={"if-match": '"2"'})
    assert (deleted.status_code, deleted.content) == (204, b"")
    for gone in (client.delete(url), client.get(url), client.post(f"{url}/step")):
        assert (gone.status_code, gone.json()["code"]) == (404, "network_not_found")


# --- a State without its history ----------------------------------------------------------------


@pytest.mark.parametrize("walked", [False, True])
def test_a_state_may_leave_losses_out(network: Network, walked: bool) -> None:
    network.do("step", {"count": 600})
    if walked:
        network.do("phase", {"to": "next"})
    whole = network.state()["loss_history"]
    assert len(whole) == (600 if walked else 601)
    for query, expected in {
        "": whole,
        "?history=all": whole,
        "?history=none": [],
        "?history=none&last=0": [],
        "?last=0": [],
        "?last=1": whole[-1:],
        "?last=100": whole[-100:],
        "?history=all&last=300": whole[-300:],
        f"?last={len(whole)}": whole,
        "?last=1000001": whole,
    }.items():
        assert network.client.get(network.url + query).json()["loss_history"] == expected


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("step", {}), ("forward", {}), ("run", {"count": 3}), ("take-back", {}), ("reset", {}),
        ("rewind", {"step": 2}), ("phase", {}), ("branch", {"branch": 0}),
        ("edit", {"learning_rate": 0.1}),
    ],
)  # fmt: skip
def test_every_command_may_answer_without_losses(
    network: Network, command: str, body: dict[str, Any]
) -> None:
    network.do("step", {"count": 5})
    url = network.url
    if command == "edit":
        answer = network.client.patch(f"{url}?history=none", json=body)
    else:
        answer = network.client.post(f"{url}/{command}?history=none", json=body)
    assert answer.status_code == 200
    assert answer.json()["loss_history"] == []
    assert len(network.client.get(url).json()["loss_history"]) > 0


@pytest.mark.parametrize("scheme", ["uniform", "normal"])
def test_a_spread_below_zero_is_refused_and_a_constant_below_zero_is_not(
    client: Client, scheme: str
) -> None:
    spec = {
        "layers": [2, 2, 1],
        "activations": ["tanh", "tanh"],
        "samples": [{"inputs": [0, 1], "targets": [1]}],
    }
    start = {"scheme": scheme, "scale": -1}
    answer = client.post("/api/v1/networks", json={"spec": {**spec, "initialization": start}})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/spec/initialization/scale")
    assert "must be at least 0" in answer.json()["detail"]
    for good in ({"scheme": "constant", "scale": -1}, {"scheme": scheme, "scale": 0}):
        answer = client.post("/api/v1/networks", json={"spec": {**spec, "initialization": good}})
        assert answer.status_code == 201
    form = {"dataset": "xor", "scheme": scheme, "init_scale": "-1"}
    answer = client.post("/new", data=form)
    assert answer.status_code == 422
    assert "at least 0" in answer.text


@pytest.mark.parametrize(
    ("query", "pointer", "detail"),
    [
        ("history=some", "/history", "none, all"),
        ("history=", "/history", "none, all"),
        ("last=-1", "/last", "at least 0"),
        ("last=99999999999", "/last", "at most 1,000,001"),
        ("last=+1", "/last", "whole number"),
        ("last=1e3", "/last", "whole number"),
        ("last=1000002", "/last", "1,000,001"),
        ("history=none&last=5", "/last", "not both"),
    ],
)
def test_a_bad_history_is_refused_before_anything_is_done(
    network: Network, query: str, pointer: str, detail: str
) -> None:
    for answer in (
        network.client.get(f"{network.url}?{query}"),
        network.client.post(f"{network.url}/step?{query}", json={}),
    ):
        assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
        assert detail in answer.json()["detail"]
    assert network.state()["version"] == 1


@pytest.mark.parametrize(
    ("sample", "limit"), [("-1", "at least 0"), ("1", "from 0 to 0"), ("9" * 20, "from 0 to 0")]
)
def test_a_sample_that_the_network_lacks_is_refused_with_the_limit(
    network: Network, sample: str, limit: str
) -> None:
    problem = network.client.get(f"{network.url}?sample={sample}")
    assert (problem.status_code, problem.json()["pointer"]) == (422, "/sample")
    assert limit in problem.json()["detail"]
    assert network.client.get(f"{network.url}?sampel=1").status_code == 200
    assert network.client.post(f"{network.url}/step?sampel=1").status_code == 422


def test_the_history_is_documented(openapi: dict[str, Any]) -> None:
    answering = {
        (path, method)
        for path, methods in openapi["paths"].items()
        for method, about in methods.items()
        if {"history", "last"} <= {one["name"] for one in about.get("parameters", [])}
    }
    network = "/api/v1/networks/{network_id}"
    commands = ["step", "forward", "run", "take-back", "rewind", "redo", "reset", "phase", "branch"]
    assert answering == {
        (network, "get"), (network, "patch"), *((f"{network}/{name}", "post") for name in commands)
    }  # fmt: skip
