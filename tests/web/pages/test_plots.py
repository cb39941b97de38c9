"""Pictures in the page, their looks in the address, and the evaluation over the API."""

from typing import Any

import pytest

from tests.views.plots.test_card import XOR
from tests.web.support import HTMX, Client, Network, Page

IRIS: dict[str, Any] = {
    "layers": [4, 3, 3],
    "activations": ["relu", "softmax"],
    "loss": "softmax_cross_entropy",
    "batch": {"size": 10, "reduction": "mean"},
    "data": {"name": "iris", "test_share": 0.2, "standardise": True},
}
LOOKS = ("regions", "loss", "distributions")


def card_of(client: Client, url: str, **headers: str) -> tuple[Page, str]:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text[:300]
    page = Page(answer.text)
    return page, page.one("section", id="pictures").text


@pytest.mark.parametrize("spec", [XOR, IRIS], ids=["xor", "iris"])
@pytest.mark.parametrize("shown", LOOKS)
def test_every_picture_in_every_phase(client: Client, spec: Any, shown: str) -> None:
    network = Network(client, {"spec": spec})
    url = f"{network.page}?pictures={shown}"
    for command, body in (
        (None, None), ("phase", {"to": "next"}), ("forward", None), ("step", {"count": 3}),
        ("phase", {"to": "next"}), ("take-back", {"count": 2}),
    ):  # fmt: skip
        if command:
            network.do(command, body)
        page, _ = card_of(client, url)
        assert len(page.ids()) == len(set(page.ids()))
        current = [a.attrs["id"] for a in page.all("a", aria_current="true") if "id" in a.attrs]
        assert f"pictures-{shown}" in current
        fragment = client.get(url, headers=HTMX).text
        assert Page(fragment).one("hx-partial", hx_target="#pictures").text


def test_several_samples_open_the_regions_and_an_example_stays_closed(client: Client) -> None:
    network = Network(client, {"spec": XOR})
    page, text = card_of(client, f"{network.page}?tab=charts")
    assert page.all("svg", class_="scene")
    assert "What the network answers appears once the forward pass of this step is computed" in text
    page, _ = card_of(client, f"{network.page}?pictures=off")
    assert not page.all("svg", class_="scene")
    page, _ = card_of(client, "/")
    assert not page.all("svg", class_="scene")
    page, _ = card_of(client, "/examples/mazur-2-2-2?pictures=regions")
    assert page.all("svg", class_="scene")


def test_pictures_follow_every_command(client: Client) -> None:
    network = Network(client, {"spec": XOR})
    answers = []
    for command in ("forward", "step", "step"):
        fragment = Page(network.submit(f"{command}?tab=charts", htmx=True).text)
        answers.append([path.attrs["d"] for path in fragment.all("path", class_="boundary")])
    assert len(answers[0]) == len(answers[1]) == 2, "the boundary, and its sample in the legend"
    assert answers[0] != answers[1] != answers[2]
    walked = Page(network.submit("phase?tab=charts", htmx=True, to="next").text)
    assert not walked.all("path", class_="boundary")
    assert walked.all("svg", class_="scene")


def test_a_units_picture_leads_to_its_derivation(client: Client) -> None:
    network = Network(client, {"spec": XOR})
    network.do("forward")
    page, _ = card_of(client, f"{network.page}?theme=dark&tab=charts")
    (first, second) = (a for a in page.all("a", aria_label="") if "over the same" in str(a.attrs))
    assert first.attrs["href"] == "?theme=dark&open=h1#panel"
    opened, _ = card_of(client, network.page + second.attrs["href"])
    assert "h2" in opened.one("section", id="panel").text


def test_which_inputs_vary_is_asked_by_a_form_that_keeps_the_look(client: Client) -> None:
    network = Network(client, {"spec": IRIS})
    network.do("step")
    page, text = card_of(client, f"{network.page}?theme=dark&across=x3&up=x2&rest=sample")
    form = page.one("form", id="plane")
    assert form.attrs["method"] == "get"
    assert page.fields("plane") == {"theme": "dark"}
    chosen = [option.text for option in form.walk() if "selected" in option.attrs]
    assert chosen == ["x3", "x2", "As in the sample shown"]
    assert "x3 and x2 vary." in text
    assert "The rest is held as in sample 1, which the diagram shows: x1 = " in text
    small, _ = card_of(client, Network(client, {"spec": XOR}).page + "?tab=charts")
    assert not small.all("form", id="plane")


@pytest.mark.parametrize(
    ("query", "field", "allowed"),
    [
        ("pictures=all", "pictures", "regions, loss, distributions, off"),
        ("rest=none", "rest", "mean, sample"),
        ("across=x5", "The horizontal axis", "x1, x2, x3, x4"),
        ("across=x2&up=x2", "The vertical axis", "x1, x3, x4"),
        ("pictures=off&up=o1", "The vertical axis", "x1, x2, x4"),
        (f"across={'x' * 41}", "The horizontal axis", "40"),
    ],
)
def test_a_look_that_cannot_be_is_refused(
    client: Client, query: str, field: str, allowed: str
) -> None:
    network = Network(client, {"spec": IRIS})
    answer = client.get(f"{network.page}?{query}")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert field in page.one("main").text
    assert allowed in page.one("main").text


# --- evaluation -----------------------------------------------------------------------------------


def evaluation(network: Network) -> Any:
    return network.client.get(f"{network.url}/evaluation")


def test_the_evaluation_is_at_the_present_parameters(client: Client) -> None:
    plain = {
        "layers": [1, 1],
        "activations": ["identity"],
        "weights": [[[1]]],
        "samples": [{"inputs": [x], "targets": [y]} for x, y in ((1, 1), (0.75, 0))],
        "test_samples": [{"inputs": [0.25], "targets": [0]}],
    }
    network = Network(client, {"spec": plain})
    assert evaluation(network).json() == {
        "step": 0,
        "training": {"samples": 2, "loss": 0.5 * 0.5625 / 2, "accuracy": 0.5},
        "test": {"samples": 1, "loss": 0.5 * 0.0625, "accuracy": 1.0},
        "obstacles": [],
    }
    state = network.do("step", {"count": 2})
    weight, bias = state["parameters"]["weights"][0][0][0], state["parameters"]["biases"][0][0]
    found = evaluation(network).json()
    assert found["step"] == 2
    assert found["test"]["loss"] == pytest.approx((0.25 * weight + bias) ** 2 / 2, rel=1e-14)
    page, _ = card_of(client, f"{network.page}?tab=charts")
    exact = {e.attrs["value"] for e in page.one("section", id="pictures").walk() if e.tag == "data"}
    assert repr(found["training"]["loss"]) in exact


def test_no_tests_no_classes_and_infinite_losses_are_null(client: Client) -> None:
    values = {**XOR, "loss": "half_squared_error", "data": None,
              "samples": [{"inputs": [1, 1], "targets": [0.5]}]}  # fmt: skip
    found = evaluation(Network(client, {"spec": {k: v for k, v in values.items() if v}})).json()
    assert found["test"] is None
    assert found["training"]["accuracy"] is None
    # Each step multiplies the weight by -999: the test sample's error overflows first.
    far = {
        "layers": [1, 1], "activations": ["identity"], "loss": "half_squared_error",
        "optimizer": {"name": "sgd", "learning_rate": 1000}, "bias_update": "none",
        "samples": [{"inputs": [1], "targets": [0]}], "weights": [[[1]]],
        "test_samples": [{"inputs": [1e6], "targets": [1]}],
    }  # fmt: skip
    network = Network(client, {"spec": far})
    network.do("step", {"count": 50})
    found = evaluation(network).json()
    assert found["test"] == {"samples": 1, "loss": None, "accuracy": 1.0}
    assert found["training"]["loss"] == pytest.approx(999.0**100 / 2)
    for shown in LOOKS:
        _, text = card_of(client, f"{network.page}?pictures={shown}")
        assert "not finite" in text


def test_the_evaluation_does_not_run_ahead_of_a_walk(client: Client) -> None:
    network = Network(client, {"spec": XOR})
    assert evaluation(network).status_code == 200, "at rest it is a question of its own"
    phases = network.created["phases"]
    for phase in phases:
        state = network.do("phase", {"to": "next"})
        answer = evaluation(network)
        if phases.index(phase) < phases.index("error"):
            assert (answer.status_code, answer.json()["code"]) == (409, "not_computed")
        else:
            assert answer.json()["step"] == state["step"]
    missing = client.get("/api/v1/networks/none/evaluation")
    assert missing.status_code == 404
