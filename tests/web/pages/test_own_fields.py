"""Inputs and targets are typed in the units of the table, where these are not the network's."""

from typing import Any

import pytest

from tests.web.support import HTMX, Client, Network, Page

RATES = "rate,sqm,price (€)\n10%,50,1000\n20%,60,1200\n35%,80,1500\n5%,90,2100\n"
WORDS = "day;sort\n10.1.2024;A\n11.1.2024;B\n14.1.2024;A\n20.1.2024;B\n"


def network_of(client: Client, csv: str, **more: Any) -> Network:
    spec = client.post("/api/v1/tables", json={"csv": csv, "standardise": True, **more}).json()
    return Network(client, {"spec": spec["spec"]})


def field_of(network: Network, name: str) -> dict[str, str]:
    page = Page(network.client.get(f"{network.page}?open={name}").text)
    field = page.one("input", id="value-field").attrs
    (label,) = [one.text for one in page.all("label") if one.attrs.get("for") == "value-field"]
    return {"label": label, "name": field["name"], "text": field["placeholder"]}


def edited_fields(network: Network) -> dict[str, str]:
    page = Page(network.client.get(f"{network.page}?edit=on&tab=numbers").text)
    fields = [one.attrs for one in page.all("input") if one.attrs.get("form") == "form-edit"]
    return {one["name"]: one["value"] for one in fields}


def sent(network: Network, fields: dict[str, str], command: str = "edit") -> Any:
    shown = {"version": str(network.state()["version"]), "op": "an-op"}
    return network.client.post(f"{network.page}/{command}", data={**shown, **fields})


def first_sample(network: Network) -> tuple[list[float], list[float]]:
    sample = network.state()["spec"]["samples"][0]
    return sample["inputs"], sample["targets"]


def test_the_panel_asks_for_the_units_of_the_table_and_reads_them(client: Client) -> None:
    network = network_of(client, RATES)
    data, (inputs, _targets) = network.created["spec"]["data"], first_sample(network)
    shown = {"label": "Set rate (%) to", "name": "value.own.x1", "text": "35"}
    assert field_of(network, "x1") == shown
    assert field_of(network, "y1")["label"] == "Set price (€) to"
    for typed, own in (("30%", 30.0), ("30", 30.0), ("1,5", 1.5), (" 5 % ", 5.0)):
        assert sent(network, {"value.own.x1": typed}).status_code == 303
        (seen, _) = first_sample(network)[0]
        assert seen == pytest.approx((own - data["means"][0]) / data["scales"][0])
    assert "rate = 5 %" in client.get(f"{network.page}?open=x1").text.replace("\xa0", " ")
    assert sent(network, {"value.own.y1": "2000 €"}).status_code == 303
    (target,) = first_sample(network)[1]
    assert target == pytest.approx((2000 - data["target_means"][0]) / data["target_scales"][0])
    # The network's own number is still read under its own name.
    assert sent(network, {"value.x1": repr(inputs[0])}).status_code == 303
    assert first_sample(network)[0] == inputs


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("30 kg", "x1: “30 kg” is not in %, as rate (%) is."),
        ("a lot", "x1: “a lot” cannot be read as a number, for rate (%)."),
        ("1e99", "x1 must be at most 11456456.73739."),
        ("-1e99", "x1 must be at least -11456421.73739."),
        ("nan", "x1: “nan” cannot be read as a number, for rate (%)."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_does_not_fit_the_column_is_refused_and_stays_typed(
    client: Client, typed: str, said: str, htmx: bool
) -> None:
    network = network_of(client, RATES)
    before = network.state()
    answer = network.client.post(
        f"{network.page}/edit?open=x1",
        data={"version": "1", "op": "an-op", "value.own.x1": typed},
        headers=HTMX if htmx else {},
    )
    assert (answer.status_code, network.state()) == (422, before)
    page = Page(answer.text)
    assert page.one(id="value-wrong").text == said
    assert page.one("input", id="value-field").attrs["value"] == typed


def test_a_value_in_the_units_of_the_table_needs_an_input_or_a_target(client: Client) -> None:
    network = network_of(client, RATES)
    for name in ("w1", "b1", "h1", "nothing"):
        assert sent(network, {f"value.own.{name}": "1"}).status_code == 422


def test_dates_and_the_words_of_a_target_are_typed_as_the_table_has_them(client: Client) -> None:
    network = network_of(client, WORDS)
    mean, scale = (network.created["spec"]["data"][key][0] for key in ("means", "scales"))
    assert field_of(network, "x1")["text"] == "2024-01-14"
    assert sent(network, {"value.own.x1": "12.1.2024"}).status_code == 303
    assert first_sample(network)[0] == [pytest.approx((2 - mean) / scale)]
    assert field_of(network, "y1") == {
        "label": "Set sort to", "name": "value.own.y1", "text": "A"
    }  # fmt: skip
    assert sent(network, {"value.own.y1": "b"}).status_code == 303
    assert first_sample(network)[1] == [1.0]
    refused = sent(network, {"value.own.y1": "C"})
    assert (refused.status_code, first_sample(network)[1]) == (422, [1.0])
    assert "is none of the words of sort: A, B." in refused.text


@pytest.mark.parametrize("command", ["edit", "step"])
@pytest.mark.parametrize(
    "csv", [RATES, WORDS, "size;price\n1,7;2,5\n3,123456;4,25\n800,3;1,5\n950,75;2\n"]
)
def test_fields_of_the_tables_that_nobody_changed_change_nothing(
    client: Client, csv: str, command: str
) -> None:
    network = network_of(client, csv)
    samples, fields = network.state()["spec"]["samples"], edited_fields(network)
    assert {"value.own.x1", "value.own.y1"} <= fields.keys()
    assert "value.x1" not in fields
    assert sent(network, fields, command).status_code == 303
    assert network.state()["spec"]["samples"] == samples
    assert edited_fields(network)["value.own.x1"] == fields["value.own.x1"] or command == "step"
    # What was changed holds before the step.
    changed = {**edited_fields(network), "value.own.x1": "1.2.2024" if csv == WORDS else "12"}
    assert sent(network, changed, command).status_code == 303
    assert network.state()["spec"]["samples"] != samples


def test_plain_inputs_are_typed_as_before(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    assert field_of(network, "i1")["name"] == "value.i1"
    assert not any(name.startswith("value.own.") for name in edited_fields(network))


def test_the_target_has_its_word_and_the_input_its_date_in_the_diagram(client: Client) -> None:
    network = network_of(client, WORDS)
    page = Page(client.get(network.page).text)
    for name, told in (("u-0", "A"), ("o-node-0-0", "2024-01-14")):
        assert [page.one(id=f"{drawing}{name}").text for drawing in ("", "s-")] == [told] * 2
    opened = client.get(f"{network.page}?open=y1").text
    assert "In the units of the table: sort = A." in opened


def test_the_networks_error_stands_above_what_the_table_calls_the_target(client: Client) -> None:
    network = network_of(client, RATES)
    network.do("step")
    page = Page(client.get(network.page).text)
    error, own = (int(page.one(id=name).attrs["y"]) for name in ("e-0", "u-0"))
    (column,) = [
        int(one.attrs["y"])
        for one in page.one(id="network").walk()
        if one.tag == "text" and one.text == "price (€)" and one.attrs.get("y") == "56"
    ]
    assert error < column < own
