"""Tables over the JSON API."""

from typing import Any

import pytest

from app.iris import iris
from tests.web.support import Client, Network

URL = "/api/v1/tables"
TABLE = "width,length,kind\n1,2,ant\n3,4,bee\n5,6,cat\n7,8,ant\n"


def test_a_table_is_read_and_its_spec_can_be_posted(client: Client) -> None:
    body = {"csv": TABLE, "test_share": 0.25, "standardise": True}
    answer = client.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["delimiter"], found["decimal"], found["header"]) == ("comma", ".", True)
    assert found["rows"] == 4
    assert found["first_rows"][0] == ["1", "2", "ant"]
    assert [(c["name"], c["holds"], c["distinct"], c["role"]) for c in found["columns"]] == [
        ("width", "numbers", 4, "input"),
        ("length", "numbers", 4, "input"),
        ("kind", "words", 3, "target"),
    ]
    assert found["spec"]["data"]["classes"] == ["ant", "bee", "cat"]
    network = Network(client, {"spec": found["spec"]})
    spec = network.created["spec"]
    assert (spec["layers"], spec["activations"][-1]) == ([2, 4, 3], "softmax")
    assert (len(spec["samples"]), len(spec["test_samples"])) == (3, 1)
    assert spec["data"] == found["spec"]["data"]
    assert network.do("step", {"count": 20})["step"] == 20


def test_a_table_of_150_rows_learns(client: Client) -> None:
    data = iris()
    rows = zip(data.inputs.tolist(), data.targets.argmax(axis=1).tolist(), strict=True)
    text = "\n".join("\t".join([*map(repr, one), data.classes[label]]) for one, label in rows)
    body = {"csv": text, "shuffle": True, "standardise": True, "seed": 3}
    spec = client.post(URL, json=body).json()["spec"]
    network = Network(client, {"spec": spec})
    losses = network.do("step", {"count": 300})["loss_history"]
    assert sum(losses[-15:]) / 15 < 0.1 < 1 < sum(losses[:15])
    for quantity in ("delta:o1", "w1", "b1", "loss"):
        assert client.get(f"{network.url}/derivations/{quantity}").status_code == 200


def test_roles_classes_and_signs_may_be_told(client: Client) -> None:
    body = {
        "csv": "1,5;2;9\n2,5;1;9\n3,5;2;8\n", "roles": ["input", "target", "ignore"],
        "classes": True, "header": False, "delimiter": "semicolon",
    }  # fmt: skip
    spec = client.post(URL, json=body).json()["spec"]
    assert spec["data"]["classes"] == ["1", "2"]
    assert [s["inputs"] for s in spec["samples"]] == [[1.5], [2.5], [3.5]]
    assert [s["targets"] for s in spec["samples"]] == [[1], [0], [1]]


@pytest.mark.parametrize(
    ("changes", "pointer", "codes"),
    [
        ({"csv": "a,b\n1,2\n,3\nx,4\n5,6\n7,8"}, "/csv", ["csv_missing", "csv_number"]),
        ({"csv": ""}, "/csv", ["csv_empty"]),
        ({"csv": "a,b\n" + "1,2\n" * 501}, "/csv", ["csv_rows"]),
        ({"roles": ["input", "target"]}, "/roles", ["length"]),
        ({"roles": ["input", "target", "output"]}, "/roles/2", ["choice"]),
        ({"roles": ["ignore", "ignore", "target"]}, "/csv", ["role_input"]),
        ({"delimiter": "pipe"}, "/delimiter", ["choice"]),
        ({"header": "yes"}, "/header", ["boolean"]),
        ({"csv": 5}, "/csv", ["text"]),
        ({"csv": None}, "/csv", ["text"]),
        ({"test_share": 1}, "/test_share", ["maximum"]),
        ({"surprise": 1}, "/surprise", ["unknown_field"]),
    ],
)
def test_what_cannot_be_is_named(
    client: Client, changes: dict[str, Any], pointer: str, codes: list[str]
) -> None:
    answer = client.post(URL, json={"csv": TABLE, **changes})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["pointer"] == pointer
    assert [error["code"] for error in problem["errors"]] == codes


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"csv": "\\ud800,1"}', b'{"csv": "a,\\u0000\\n1,2\\n3,4"}',
        b'{"csv": 1e400}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_or_read(client: Client, body: bytes) -> None:
    answer = client.post(URL, content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    assert client.get(URL).status_code == 405


def test_it_is_documented(client: Client) -> None:
    path = client.get("/api/v1/openapi.json").json()["paths"][URL]["post"]
    content = path["requestBody"]["content"]["application/json"]
    assert path["requestBody"]["required"]
    for example in content["examples"].values():
        assert client.post(URL, json=example["value"]).status_code == 200
