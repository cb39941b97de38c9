"""Derivations and the gradient check over HTTP: exact, and never ahead of the phase."""

import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from app.engine.training import trace_step
from app.explain.chain_rule import derive
from app.explain.quantities import every
from app.explain.step_numbers import StepNumbers
from app.lab.examples import EXAMPLES
from tests.web.support import HTMX, Client, Network, Page

SCOPE = {"exp": math.exp, "tanh": math.tanh, "max": max}
DEEP = {
    "layers": [2, 3, 3, 2],
    "activations": ["tanh", "relu", "sigmoid"],
    "loss": "mean_squared_error",
    "bias_update": "per_neuron",
    "batch": {"size": "full", "reduction": "mean"},
    "samples": [{"inputs": [x, 1 - x], "targets": [x, 0.5]} for x in (0.1, 0.4, 0.9)],
    "initialization": {"scheme": "he_normal", "seed": 5},
}


def derivation(network: Network, quantity: str, **options: Any) -> dict[str, Any]:
    answer = network.client.get(f"{network.url}/derivations/{quantity}", params=options)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()
    return data


def test_a_name_is_found_as_pages_write_it(client: Client) -> None:
    network = Network(client, {"spec": DEEP})
    for shown, key in (("h2,2", "out:h2_2"), ("net:h2,2", "net:h2_2")):
        assert derivation(network, shown) == derivation(network, key)
        opened = client.get(f"{network.page}?open={shown}")
        assert opened.status_code == 200
        assert "h2,2" in opened.text
    assert client.get(f"{network.page}?open=h2,9").status_code == 404


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_number_of_an_example_is_derived_exactly(client: Client, slug: str) -> None:
    network = Network(client, {"example": slug})
    network.do("step")
    spec = EXAMPLES[slug].spec
    known = StepNumbers(spec, trace_step(spec, spec.initial, 0))
    for quantity in every(spec):
        data = derivation(network, quantity.key, digits=10)
        assert data["value"] == pytest.approx(derive(quantity, known).value, rel=1e-12)
        for line in data["lines"]:
            if line["expression"]:
                value = eval(line["expression"], dict(SCOPE))
                assert value == pytest.approx(line["value"], rel=1e-12, abs=1e-15)
            for side in (line["symbolic"]["left"], line["symbolic"]["right"], line["substituted"]):
                if side:
                    ElementTree.fromstring(side["mathml"])
                    assert side["latex"].count("{") == side["latex"].count("}")


def test_six_paths_sum_to_the_gradient(client: Client) -> None:
    network = Network(client, {"spec": {**DEEP, "batch": {"size": 1}}})
    state = network.do("step")
    data = derivation(network, "w1")
    assert len(data["paths"]) == 6
    gradient = state["trace"]["weight_gradients"][0][0][0]
    assert sum(path["value"] for path in data["paths"]) == pytest.approx(gradient, rel=1e-12)
    assert data["value"] == gradient


def test_a_batch_is_a_mean_over_its_samples(client: Client) -> None:
    network = Network(client, {"spec": DEEP})
    state = network.do("step")
    (line,) = (line for line in derivation(network, "w7")["lines"] if line["kind"] == "samples")
    assert line["value"] == state["trace"]["weight_gradients"][1][0][0]
    assert eval(line["expression"]) == pytest.approx(line["value"], rel=1e-12)
    assert "Averaged over the 3 samples" in line["meaning"]


def test_walking_holds_back_what_is_not_computed(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    state = network.do("phase", {"to": "next"})
    assert state["phase"] == "pre_activation:1"
    assert state["forward"]["pre_activations"][1] is None
    assert state["forward"]["activations"][1] is None
    assert state["forward"]["loss"] is None
    assert state["loss_history"] == []
    network.do("phase", {"to": "error"})
    for quantity in ("w1", "delta:h1", "new:w5", "loss:after"):
        data = derivation(network, quantity)
        assert (data["value"], data["computed"]) == (None, False)
        text = f"{data['latex']} {data['text']} {data['sentence']}"
        assert not re.search(r"\d\.\d", text), text
        assert "Not yet computed" in data["pending"]
    refused = client.get(f"{network.url}/gradient-check")
    assert refused.status_code == 409
    assert refused.json()["code"] == "not_computed"
    state = network.do("phase", {"to": "gradient:2"})
    assert state["walk"]["deltas"][0] is None
    assert derivation(network, "w5")["value"] == state["walk"]["weight_gradients"][1][0][0]
    assert derivation(network, "w1")["value"] is None
    assert network.do("phase", {"to": "finish"})["phase"] == "updated"


def test_going_back_gives_the_same_phase_again(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    keys = network.state()["phases"]
    moments = [network.do("phase", {"to": "next"}) for _ in range(15)]
    assert [m["phase"] for m in moments] == [*keys[:-1], "updated", *keys[:5]]
    for earlier in reversed(moments[:-1]):
        state = network.do("phase", {"to": "back"})
        for key in ("phase", "position", "forward", "walk", "trace", "parameters"):
            assert state[key] == earlier[key]


def test_the_gradient_check_agrees(client: Client) -> None:
    network = Network(client, {"spec": DEEP})
    data = client.get(f"{network.url}/gradient-check").json()
    assert data["largest_relative_difference"] < 1e-6
    assert len(data["parameters"]) == 2 * 3 + 3 * 3 + 3 * 2 + 8
    for row in data["parameters"]:
        assert row["analytic"] == pytest.approx(row["numeric"], rel=1e-5, abs=1e-9)


def test_the_gradient_check_finds_the_slip(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    assert client.get(f"{network.url}/gradient-check").json()["largest_relative_difference"] < 1e-6
    network.do("edit", {"hidden_deltas": "updated"})
    rows = client.get(f"{network.url}/gradient-check").json()["parameters"]
    wrong = {row["name"] for row in rows if row["relative_difference"] > 1e-3}
    assert wrong - {"b1"} == {"w1", "w2", "w3", "w4"}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("digits=2", "/digits"), ("digits=x", "/digits"), ("notation=q", "/notation")],
)
def test_wrong_options_are_named(network: Network, query: str, pointer: str) -> None:
    answer = network.client.get(f"{network.url}/derivations/w1?{query}")
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)


@pytest.mark.parametrize("quantity", ["zz", "net:i1", "delta:", "%00", "new:h1", "w1'", "a" * 300])
def test_unknown_quantities_are_not_found(network: Network, quantity: str) -> None:
    answer = network.client.get(f"{network.url}/derivations/{quantity}")
    assert answer.status_code == 404
    page = network.client.get(f"{network.page}?open={quantity}")
    assert page.status_code in (404, 422)


def test_branches_over_the_api(network: Network) -> None:
    network.do("step", {"count": 5})
    network.do("take-back", {"count": 3})
    network.do("edit", {"learning_rate": 0.1})
    state = network.do("step", {"count": 4})
    assert (state["branch"], state["step"]) == (1, 6)
    assert [(b["parent"], b["start"], b["last_step"]) for b in state["branches"]] == [
        (None, 0, 5),
        (0, 2, 6),
    ]
    assert (
        network.do("branch", {"branch": 0, "step": 5})["spec"]["optimizer"]["learning_rate"] == 0.5
    )
    page = network.client.get(f"{network.page}/compare?a=0&b=1&step=5")
    assert page.status_code == 200
    for bad in ("a=9", "b=-1", "step=99", "step=x"):
        assert network.client.get(f"{network.page}/compare?{bad}").status_code == 422


def test_conventions_over_the_api(network: Network) -> None:
    network.do("step")
    state = network.do("edit", {"hidden_deltas": "updated", "redo_step": True})
    assert f"{state['trace']['loss_after']:.9f}" == "0.291027924"
    assert state["step"] == 1
    assert network.do("branch", {"branch": 0})["trace"]["loss_after"] == pytest.approx(
        0.29102777369359933, rel=1e-12
    )
    network.do("edit", {"bias_update": "per_neuron"})
    network.do("step")
    refused = network.send("edit", {"bias_update": "shared"})
    assert refused.status_code == 422
    assert refused.json()["pointer"] == "/bias_update"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_number_that_a_rule_takes_away_is_closed(network: Network, htmx: bool) -> None:
    """One bias a layer becomes one a unit: b1 is gone, and the page says no error of it."""
    network.do("step")
    state = network.state()
    fields = {"version": str(state["version"]), "op": "x", "bias_update": "per_neuron"}
    answer = network.client.post(
        f"{network.page}/rules?open=b1&digits=6", data=fields, headers=HTMX if htmx else {}
    )
    if htmx:
        assert answer.status_code == 200
        assert answer.headers["hx-push-url"].endswith(f"{network.id}?digits=6")
    else:
        assert answer.status_code == 303
        assert network.client.get(answer.headers["location"]).status_code == 200


def test_inputs_of_ones_own_are_answered_in_the_units_of_the_table(client: Client) -> None:
    table = {"csv": "height (cm),age\n170,30\n182,41\n165,25\n175,38\n"}
    spec = client.post("/api/v1/tables", json=table).json()["spec"]
    network = Network(client, {"spec": spec})
    before = network.state()
    found = client.get(f"{network.url}/answer", params={"inputs": "180,5"}).json()
    assert (found["columns"], found["inputs"]) == (["height (cm)"], [180.5])
    assert (found["targets"], found["label"], found["outside"]) == (["age"], "", [False])
    data = spec["data"]
    (mean,), (scale,) = data["target_means"], data["target_scales"]
    assert found["outputs"] == [pytest.approx(found["activations"][0] * scale + mean)]
    assert network.state() == before
    refused = client.get(f"{network.url}/answer", params={"inputs": "1; 2"})
    assert (refused.status_code, refused.json()["code"]) == (422, "asked_inputs")
    assert refused.json()["errors"][0]["pointer"] == "/inputs"
    for text, named in (("1e400", "“1e400”"), ("nan", "“nan”"), ("inf", "“inf”"), ("-", "“-”")):
        refused = client.get(f"{network.url}/answer", params={"inputs": text})
        assert refused.status_code == 422
        assert named in refused.json()["detail"], refused.json()
    huge = client.get(f"{network.url}/answer", params={"inputs": "1e308"})
    assert huge.status_code == 422 or None not in huge.json()["outputs"]


def test_dates_and_both_of_two_words_are_answered_on_page_api_and_link(client: Client) -> None:
    rows = "".join(f"{at}/1/2024,{word},{at}\n" for at, word in enumerate(("no", "yes") * 4, 10))
    roles = ["input", "input", "target"]
    table = {"csv": f"day,smoker,y\n{rows}", "roles": roles, "standardise": True}
    spec = client.post("/api/v1/tables", json=table).json()["spec"]
    assert (spec["data"]["zeros"], spec["data"]["dates"]) == (["2024-01-10", "no"], "day")
    network = Network(client, {"spec": spec})
    link = client.get(f"{network.url}/link").json()["url"]
    for one in (network.page, link):
        asked = {"tab": "data", "ask": "2/2/2024; no"}
        page = client.get(one, params=asked, follow_redirects=True).text
        assert "For day = 2024-02-02, smoker = no it answers" in page.replace(" and ", ", ")
        example = Page(page).one("input", id="ask-field").attrs["placeholder"]
        again = client.get(f"{network.url}/answer", params={"inputs": example}).json()
        assert len(again["inputs"]) == 2
    refused = client.get(f"{network.url}/answer", params={"inputs": "2024; no"})
    assert (refused.status_code, refused.json()["code"]) == (422, "asked_date")


def test_a_table_with_decimal_commas_is_answered_in_its_own_format(client: Client) -> None:
    table = {"csv": "price;size\n1.200,5;2,5\n3.400;4,25\n800;1,5\n950,75;2\n"}
    spec = client.post("/api/v1/tables", json=table).json()["spec"]
    assert spec["data"]["decimal"] == ","
    network = Network(client, {"spec": spec})
    link = client.get(f"{network.url}/link").json()["url"]
    for one in (network.page, link):
        page = client.get(one, params={"tab": "data", "ask": "1.200"}, follow_redirects=True).text
        assert "For price = 1200 it answers" in page
        # What the field shows as an example is read as the table's own.
        example = Page(page).one("input", id="ask-field").attrs["placeholder"]
        assert example in ("1200,5", "3400", "800", "950,75")
        again = client.get(f"{network.url}/answer", params={"inputs": example}).json()
        assert again["inputs"] == [float(example.replace(",", "."))]
    found = client.get(f"{network.url}/answer", params={"inputs": "1.200"}).json()
    assert found["inputs"] == [1200]


def test_the_evaluation_tells_what_the_network_gets_stuck_on(client: Client) -> None:
    spec = {
        "layers": [1, 2, 1], "activations": ["tanh", "identity"],
        "samples": [{"inputs": [1], "targets": [1]}], "biases": [[0, 0], [0]],
        "weights": [[[0.5], [0.5]], [[0.25, 0.25]]],
    }  # fmt: skip
    network = Network(client, {"spec": spec})
    network.do("step")
    (found,) = client.get(f"{network.url}/evaluation").json()["obstacles"]
    assert (found["kind"], found["units"]) == ("symmetric", ["h1", "h2"])
