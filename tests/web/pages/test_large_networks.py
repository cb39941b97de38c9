"""Large networks and many samples over HTTP: sizes, folds, tables in parts, the sample in view."""

import json
from typing import Any

import pytest

from tests.web.support import HTMX, Client, Network, Page

MOST_PAGE = 400_000


def spec_of(*layers: int, samples: int = 4, size: Any = "full") -> dict[str, Any]:
    """A network of these layers."""
    return {
        "layers": list(layers),
        "activations": ["sigmoid"] * (len(layers) - 1),
        "batch": {"size": size},
        "samples": [
            {
                "inputs": [round((n + i) % 7 / 10, 3) for i in range(layers[0])],
                "targets": [round((n + k) % 3 / 4, 3) for k in range(layers[-1])],
            }
            for n in range(samples)
        ],
    }


def network(client: Client, *layers: int, **options: Any) -> Network:
    return Network(client, {"spec": spec_of(*layers, **options)})


def page(network: Network, query: str = "", **headers: str) -> Page:
    answer = network.client.get(network.page + query, headers=headers)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


# --- sizes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?edit=on", "?open=w300", "?check=on", "?open=delta:o7"])
def test_a_16_16_16_16_page_is_small_and_whole(client: Client, query: str) -> None:
    big = network(client, 16, 16, 16, 16)
    big.do("step")
    assert len(client.get(big.page + query).content) < MOST_PAGE
    answer = client.get(f"{big.page}{query or '?'}&unfold=0-1-2-3")
    assert answer.status_code == 200
    choices = answer.text.count("unfold=0-1-2-3") * len("unfold=0-1-2-3&amp;")  # in each link
    assert len(answer.content) - choices < MOST_PAGE
    shown = Page(answer.text)
    edges = [a for a in shown.all("a", id="", href="") if a.attrs["id"].startswith("edge-")]
    assert len(edges) == 3 * 16 * 16
    names = {a.attrs["href"].rpartition("open=")[2].removesuffix("#panel") for a in edges}
    assert names == {f"w{n}" for n in range(1, 769)}
    nodes = [a for a in shown.all("a", id="") if a.attrs["id"].startswith("node-")]
    assert len(nodes) == 64
    ids = shown.ids()
    assert len(ids) == len(set(ids))


def test_a_step_of_it_answers_little(client: Client) -> None:
    big = network(client, 16, 16, 16, 16)
    answer = big.submit("step", htmx=True)
    assert answer.status_code == 200
    assert len(answer.content) < 300_000


def test_at_the_limits_everything_answers_or_says_what_would_fit(client: Client) -> None:
    spec = {
        "layers": [2, 64, 28, 1], "activations": ["tanh", "tanh", "sigmoid"],
        "batch": {"size": "full"}, "data": {"name": "circles", "size": 500},
    }  # fmt: skip
    big = Network(client, {"spec": spec})
    big.do("step")
    shown = page(big, "?sample=377&open=w5")
    assert shown.one("input", id="sample").attrs["value"] == "377"
    assert "493 more samples" in shown.one(id="panel").text
    refused = big.send("step", {"count": 10_000})
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith(
        ": 10,000 steps × 1,948 weights × 500 samples per step is 9,740,000,000, and the limit "
        "is 400,000,000. Try up to 410 steps."
    )
    refused = client.get(f"{big.url}/gradient-check")
    assert refused.status_code == 422
    assert "2,041 parameters" in refused.json()["detail"]
    assert "A batch of 5 samples would fit." in refused.json()["detail"]
    assert "A batch of 5 samples would fit." in page(big, "?check=on").one(id="panel").text
    spec["layers"] = [2, 64, 30, 1]
    refused = client.post("/api/v1/networks", json={"spec": spec})
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith(
        ": that is 2,078 weights (2 x 64 + 64 x 30 + 30 x 1); the limit is 2,000. "
        "2-61-30-1 would fit."
    )


# --- folds ----------------------------------------------------------------------------------


def test_a_large_layer_folds_and_its_link_unfolds_it(client: Client) -> None:
    big = network(client, 2, 35, 1)
    shown = page(big)
    fold = shown.one("a", id="fold-1")
    assert "and 32 more" in fold.text
    assert fold.attrs["aria-label"] == (
        "and 32 more units, h3 to h34, hidden. Press Enter to show all 35."
    )
    assert fold.attrs["href"] == "?unfold=1"
    drawn = [i for i in shown.ids() if i.startswith("node-1-")]
    assert len(drawn) == 3
    assert len([i for i in shown.ids() if i.startswith("row-node-1-")]) == 35, "tables have all"
    opened = page(big, "?unfold=1")
    assert len([i for i in opened.ids() if i.startswith("node-1-")]) == 35
    assert opened.one("a", id="fold-1").attrs["href"] == "?"


def test_what_is_folded_can_be_explained_all_the_same(client: Client) -> None:
    big = network(client, 2, 35, 18)
    big.do("step")
    for key in ("h20", "net:h20", "delta:h20", "w39", "o10", "error:o10", "y10", "b20"):
        shown = page(big, f"?open={key}")
        marks = [g.attrs["data-part"] for g in shown.all("g", data_part="")]
        assert marks
        assert {"fold-1", "fold-2", "bundle"} & set(marks), key
        panel = client.get(f"{big.page}?open={key}", headers={**HTMX, "HX-Target": "section#panel"})
        assert panel.status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("unfold=3", "unfold"), ("unfold=x", "unfold"), ("unfold=0", "unfold"),
        ("into=x1", "into"), ("into=nobody", "into"),
        ("sample=0", "sample"), ("sample=5", "sample"), ("sample=1.5", "sample"),
        ("sample=-1", "sample"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_by_name(client: Client, query: str, pointer: str) -> None:
    big = network(client, 2, 35, 1)
    answer = client.get(f"{big.page}?{query}", headers={"accept": "application/problem+json"})
    assert answer.status_code == 422
    assert pointer in answer.text


def test_choices_of_one_network_do_not_follow_to_another(client: Client) -> None:
    big = network(client, 2, 35, 1)
    shown = page(big, "?sample=3&unfold=1&into=h3&digits=6")
    links = [a.attrs["href"] for a in shown.all("a", href="") if "/examples" in a.attrs["href"]]
    assert links
    for href in links:
        assert not {"sample", "unfold", "into"} & set(
            href.replace("=", "&").replace("?", "&").split("&")
        )
        assert client.get(href).status_code == 200
        assert "digits=6" in href


# --- tables ---------------------------------------------------------------------------------


def test_a_large_table_lists_one_unit_and_edits_it(client: Client) -> None:
    big = network(client, 12, 12, 2)
    shown = page(big, "?into=h3&edit=on")
    rows = [i for i in shown.ids() if i.startswith("row-w")]
    assert rows == [f"row-w{n}" for n in range(25, 37)]
    options = [e for e in shown.one("select", id="into").walk() if e.tag == "option"]
    selected = [option.text for option in options if "selected" in option.attrs]
    assert selected == ["h3"]
    fields = shown.fields("form-edit")
    fields["value.w30"] = "0.125"
    answer = client.post(f"{big.page}/edit?into=h3&edit=on", data=fields)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?edit=on&into=h3")
    assert big.state()["parameters"]["weights"][0][2][5] == 0.125


# --- the sample in view ---------------------------------------------------------------------


def test_the_chooser_is_a_form_with_neighbours(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10, size=4)
    shown = page(ten, "?sample=3&digits=6")
    assert shown.fields("samples") == {"digits": "6", "sample": "3"}
    assert shown.one("a", id="sample-before").attrs["href"] == "?digits=6&sample=2"
    assert shown.one("a", id="sample-after").attrs["href"] == "?digits=6&sample=4"
    assert "in this step’s batch (1–4)" in shown.one(id="batch").text
    assert "epoch 1, batch 1 of 3" in shown.one(id="batch").text
    assert not page(network(client, 2, 2, 1, samples=1)).all(id="samples")


def test_a_sample_is_shown_everywhere_alike(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10)
    ten.do("step")
    for number in (1, 4, 10):
        trace = client.get(f"{ten.url}?sample={number - 1}").json()["trace"]
        shown = page(ten, f"?sample={number}&open=delta:h2")
        cells = [e for e in shown.one(id="row-node-1-1").walk() if e.tag == "data"]
        pre, act = trace["pre_activations"][0][1], trace["activations"][1][1]
        expected = [pre, act, trace["deltas"][0][1]]
        assert [float(cell.attrs["value"]) for cell in cells] == expected
        assert float(shown.one("data", id="answer").attrs["value"]) == expected[2]
        derived = client.get(f"{ten.url}/derivations/delta:h2?sample={number - 1}").json()
        assert (derived["value"], derived["sample"]) == (expected[2], number - 1)


def test_a_number_of_another_sample_is_changed_where_it_is_shown(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10, size=1)
    ten.do("step", {"count": 3})
    fields = page(ten, "?sample=8&open=x1").fields("form-value")
    assert fields["sample"] == "8"
    fields["value.x1"] = "0.875"
    answer = client.post(f"{ten.page}/edit?sample=8&open=x1", data=fields)
    assert answer.headers["location"].endswith("?open=x1&sample=8")
    samples = ten.state()["spec"]["samples"]
    assert [n for n, one in enumerate(samples) if one["inputs"][0] == 0.875] == [7]


def test_an_edit_leaves_the_sample_that_it_changed_in_view(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10, size=1)
    ten.do("step")
    fields = page(ten, "?edit=on").fields("form-edit")
    assert fields["sample"] == "1"
    fields["value.y1"] = "0.875"
    answer = client.post(f"{ten.page}/edit?edit=on", data=fields)
    assert answer.headers["location"].endswith("?edit=on&sample=1")
    assert ten.state()["spec"]["samples"][0]["targets"] == [0.875]


def test_a_step_follows_its_own_sample_and_a_full_batch_keeps_the_chosen_one(
    client: Client,
) -> None:
    for size, kept in ((1, ""), ("full", "?sample=3")):
        ten = network(client, 2, 2, 1, samples=10, size=size)
        version = str(ten.state()["version"])
        form = {"version": version, "op": "a"}
        looked = client.post(f"{ten.page}/forward?sample=3", data=form)
        assert looked.headers["location"].endswith("?sample=3")
        form = {"version": str(ten.state()["version"]), "op": "b"}
        stepped = client.post(f"{ten.page}/step?sample=3", data=form)
        assert stepped.headers["location"] == ten.page + kept


def test_a_link_to_a_sample_says_which_one_and_nothing_is_stored(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10)
    before = ten.state()["version"]
    current = f"http://testserver{ten.page}"
    answer = client.get(f"{ten.page}?sample=2", headers={**HTMX, "HX-Current-URL": current})
    said = Page(answer.text).one("hx-partial", hx_target="#said")
    assert said.text.startswith("Showing sample 2 of 10: in this step’s batch")
    same = client.get(
        f"{ten.page}?sample=2&check=on", headers={**HTMX, "HX-Current-URL": current + "?sample=2"}
    )
    (said,) = Page(same.text).all("hx-partial", hx_target="#said")
    assert "sample" not in said.text
    assert ten.state()["version"] == before


def test_the_api_edits_the_sample_that_it_is_told(client: Client) -> None:
    ten = network(client, 2, 2, 1, samples=10)
    state = ten.do("edit", {"inputs": [0.5, 0.75], "sample": 6})
    assert state["spec"]["samples"][6]["inputs"] == [0.5, 0.75]
    refused = ten.send("edit", {"inputs": [0.5, 0.75], "sample": 10})
    assert (refused.status_code, refused.json()["pointer"]) == (422, "/sample")
    for query in ("sample=10", "sample=x", "sample=-1"):
        for url in (ten.url, f"{ten.url}/derivations/h1"):
            refused = client.get(f"{url}?{query}")
            assert refused.status_code == 422, json.dumps(refused.json())
            assert refused.json()["pointer"] == "/sample"
