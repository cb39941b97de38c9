"""What links that only show something say, and what typed values do before they are applied."""

import re
from typing import Any

import pytest

from tests.web.support import HTMX, Client, Network, Page


def said(client: Client, network: Network, query: str, shown: str = "") -> str | None:
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{network.page}{shown}"}
    page = Page(client.get(f"{network.page}{query}", headers=headers).text)
    found = page.all("hx-partial", hx_target="#said")
    return found[0].text if found else None


def typed(network: Network, command: str, values: dict[str, str]) -> Any:
    fields = {"version": str(network.state()["version"]), "op": "an-op", **values}
    return network.client.post(f"{network.page}/{command}", data=fields, headers=HTMX)


@pytest.mark.parametrize(
    ("query", "shown", "expected"),
    [
        ("?check=on", "", "Gradient check passed: all gradients agree"),
        ("", "?check=on", "Gradient check closed."),
        ("?edit=on", "", "You can now edit the values in the tables."),
        ("", "?edit=on", "Editing is off."),
        ("?digits=8", "", "Formulas and tables show 8 digits, the diagram 4."),
        ("?scale=log", "", None),
        ("?notation=z", "", "Step 1: the error fell"),
    ],
)
def test_one_sentence_a_link(
    client: Client, network: Network, query: str, shown: str, expected: str | None
) -> None:
    network.do("step")
    found = said(client, network, query, shown)
    assert found is None if expected is None else found is not None and found.startswith(expected)


def test_a_check_that_comes_too_early_says_so(client: Client, network: Network) -> None:
    assert "Finish the step first" in (said(client, network, "?check=on") or "")


def test_typed_values_hold_for_the_step_that_they_were_typed_for(network: Network) -> None:
    typed(network, "step", {"value.w5": "0.9", "value.w6": "0.45"})
    state = network.state()
    assert state["step"] == 1
    assert state["trace"]["parameters_before"]["weights"][1][0] == [0.9, 0.45]


def test_a_typed_value_that_cannot_be_keeps_the_step_from_being_taken(network: Network) -> None:
    answer = typed(network, "step", {"value.w5": "abc"})
    assert answer.status_code == 422
    assert network.state()["step"] == 0


def test_an_edit_at_the_start_says_that_nothing_is_computed(network: Network) -> None:
    answer = typed(network, "edit", {"value.w5": "0.9"})
    (told,) = Page(answer.text).all("hx-partial", hx_target="#said")
    assert told.text == "Value changed. Nothing computed with it yet."


def test_a_true_minus_sign_is_a_minus_sign(network: Network) -> None:
    typed(network, "edit", {"value.w5": "−0.0411"})
    assert network.state()["parameters"]["weights"][1][0][0] == -0.0411


def test_too_many_fields_are_told(network: Network) -> None:
    answer = typed(network, "edit", {f"f{n}": "1" for n in range(3_000)})
    assert answer.status_code == 400
    assert "2500" in answer.text.replace(",", "")


def test_a_step_to_compare_is_typed_as_any_number(client: Client, network: Network) -> None:
    network.do("step")
    for step in ("1", "1e0", "1,0", " 1 "):
        page = Page(client.get(f"{network.page}/compare", params={"step": step}).text)
        assert page.one("input", id="choose-step").attrs["value"] == "1", step


@pytest.mark.parametrize("step", ["abc", "99", "-1", "9" * 30, "1,5", "1,000"])
def test_what_cannot_be_compared_is_explained_at_its_field(
    client: Client, network: Network, step: str
) -> None:
    network.do("step")
    network.do("take-back")
    network.do("edit", {"learning_rate": 0.1})
    answer = client.get(f"{network.page}/compare?a=0&b=1&step={step}")
    assert answer.status_code == 422
    page = Page(answer.text)
    field = page.one("input", id="choose-step")
    assert field.attrs["value"] == step[:24]
    assert page.one(id=field.attrs["aria-describedby"]).text
    assert page.one("select", id="choose-a").attrs["name"] == "a"


@pytest.mark.parametrize(
    "query", ["?sample=0", "?sample=99", "?sample=abc", "?unfold=1", "?into=q"]
)
def test_what_a_network_lacks_is_explained_on_its_page(
    client: Client, network: Network, query: str
) -> None:
    network.do("step")
    answer = client.get(f"{network.page}{query}&notation=z")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert query[1:].partition("=")[0] in page.one(id="notice").text
    assert page.all(id="toolbar")
    assert "0.298371" in page.one(id="headline").text


@pytest.mark.parametrize(
    ("size", "moved", "standing", "told"),
    [
        (2, "Step 2: this batch’s error fell from ", "(of this batch).", "of samples 3–4"),
        (1, "Step 2: the error of sample 2 fell from ", "(of sample 1).", "of sample 2"),
    ],
)
def test_an_error_of_another_batch_or_sample_says_so(
    client: Client, size: int, moved: str, standing: str, told: str
) -> None:
    samples = [{"inputs": [at], "targets": [round(at)]} for at in (0.1, 0.9, 0.2, 0.8)]
    spec = {
        "layers": [1, 1], "activations": ["sigmoid"], "samples": samples, "batch": {"size": size},
    }  # fmt: skip
    network = Network(client, {"spec": spec})
    network.do("step", {"count": 2})
    page = Page(client.get(network.page).text)
    assert page.one(id="said").text.startswith(moved)
    assert told in page.one(id="headline").text
    assert ("points: one each" if size == 1 else "points: batches") in page.one(id="curve").text
    other = Page(client.get(network.page + "?sample=1").text)
    assert told in other.one(id="headline").text
    taken = network.submit("take-back", htmx=True)
    (said,) = Page(taken.text).all("hx-partial", hx_target="#said")
    assert said.text.endswith(standing)


@pytest.mark.parametrize(("units", "end"), [(3, ". Each input times its weight"), (4, ".")])
def test_many_numbers_are_all_that_a_phase_says(client: Client, units: int, end: str) -> None:
    spec = {
        "layers": [1, units, 1], "activations": ["sigmoid"] * 2,
        "samples": [{"inputs": [0.5], "targets": [1]}],
        "initialization": {"scheme": "xavier_uniform", "seed": 3},
    }  # fmt: skip
    network = Network(client, {"spec": spec})
    network.do("phase", {"to": "pre_activation:1"})
    said = Page(client.get(network.page).text).one(id="said").text
    values = ", ".join(rf"h{unit} −?0\.\d+" for unit in range(1, units + 1))
    assert re.match(rf"Hidden layer, net: {values}{re.escape(end)}", said)
    assert said.endswith(end) or units == 3


def test_at_the_start_the_check_has_a_button_and_conventions_say_so_once(
    client: Client, network: Network
) -> None:
    page = Page(client.get(network.page + "?check=on").text)
    assert page.one(id="check-step").attrs["formaction"].split("?")[0].endswith("/step")
    text = Page(client.get(network.page + "?open=conventions").text).one(id="panel").text
    assert text.count("Nothing is computed yet") == 1
    assert "Changes nothing computed so far" not in text
    network.do("step")
    assert Page(client.get(network.page + "?check=on").text).all(id="check-step") == []
    text = Page(client.get(network.page + "?open=conventions").text).one(id="panel").text
    assert "Nothing is computed yet" not in text


def test_an_unknown_number_is_told_by_the_names_on_the_page(client: Client) -> None:
    layers = {"layers": [1, 1, 1, 1], "activations": ["tanh"] * 3}
    spec = {**layers, "samples": [{"inputs": [1], "targets": [0]}]}
    network = Network(client, {"spec": spec})
    told = Page(client.get(f"{network.page}?open=nothing").text).alert
    assert "Available: x1, h1,1, h2,1, o1, y1, E, w1, w2, w3, b1, b2, b3." in told
    assert "net:h1_1" in client.get(f"{network.url}/derivations/nothing").json()["detail"]
