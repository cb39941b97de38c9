"""Opening what was exported, through the page and the API; hostile files are refused by field."""

import copy
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.support import server
from tests.web.support import HTMX, Client, Network, Page, browse

JSON = {"content-type": "application/json"}
SMALL = {
    "layers": [1, 2, 1],
    "activations": ["tanh", "sigmoid"],
    "optimizer": {"name": "momentum", "learning_rate": 0.1},
    "samples": [{"inputs": [0.5], "targets": [0.5]}],
    "names": {"biases": ["b", "c"]},
}


def document_of(network: Network) -> dict[str, Any]:
    answer = network.client.get(f"{network.url}/export")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def apart_from_ids(state: dict[str, Any]) -> dict[str, Any]:
    """A State; what the Spec of an edited stretch says of step 0 is not used, and not kept."""
    spec = {key: value for key, value in state["spec"].items() if key not in ("weights", "biases")}
    return {**state, "id": "", "version": 0, "spec": spec}


@pytest.fixture
def eventful(network: Network) -> Network:
    """A network with a branch, an edit, and a step that is walked."""
    network.do("step", {"count": 300})
    network.do("take-back", {"count": 2})
    network.do("edit", {"weights": {"w1": 0.3}, "bias_update": "shared"})
    network.do("step", {"count": 2})
    network.do("phase", {"to": "delta:2"})
    return network


def test_the_longest_run_can_be_taken_along(network: Network) -> None:
    network.do("run", {"count": 1_000_000})
    client, there = network.client, network.client.get(network.url).json()
    answer = client.post("/api/v1/networks", json={"export": document_of(network)})
    assert answer.status_code == 201
    assert answer.json()["last_step"] == 1_000_000
    assert apart_from_ids(answer.json()) == apart_from_ids(there)


def test_the_api_gives_and_takes_the_whole_network(eventful: Network) -> None:
    document = document_of(eventful)
    created = eventful.client.post("/api/v1/networks", json={"export": document})
    assert created.status_code == 201, created.text
    assert apart_from_ids(created.json()) == apart_from_ids(eventful.state())
    again = eventful.client.get(created.headers["location"] + "/export").json()
    assert again == document


def test_the_file_is_the_document_for_people(eventful: Network) -> None:
    answer = eventful.client.get(f"{eventful.page}/export/network.json")
    assert answer.json() == document_of(eventful)
    lines = answer.text.splitlines()
    assert ' "format": "takeback-network",' in lines
    assert len(lines) > 40


def test_a_file_opens_on_the_page(eventful: Network) -> None:
    content = eventful.client.get(f"{eventful.page}/export/network.json").content
    for sent in (
        {"files": {"file": ("network.json", content, "application/json")}, "data": {"text": ""}},
        {"files": {"file": ("", b"")}, "data": {"text": content.decode()}},
    ):
        opened = eventful.client.post("/import?digits=6", **sent)
        assert opened.status_code == 303
        page, _, query = opened.headers["location"].partition("?")
        assert query == "digits=6"
        state = eventful.client.get(f"/api/v1{page}").json()
        assert apart_from_ids(state) == apart_from_ids(eventful.state())
        assert eventful.client.get(page).status_code == 200


def alert_of(answer: Any) -> str:
    return Page(answer.text).alert


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client: Client) -> None:
    def send(text: str, file: bytes = b"") -> Any:
        return client.post("/import", data={"text": text}, files={"file": ("x", file)})

    for text, file, status, said in (
        ("", b"", 422, "Choose a file, or paste"),
        ("{}", b"{}", 422, "not both"),
        ("", b"\xff\xfe", 400, "not UTF-8 text"),
        ("<b>{", b"", 400, "This is not a Takeback file"),
        ('{"a": 1, "a": 2}', b"", 400, "twice"),
        ('{"format": "keras"}', b"", 422, "takeback-network"),
        ("[]", b"", 400, "This is not a Takeback file"),
        ("[1]", b"", 400, "This is not a Takeback file"),
        ('{"format": "takeback-netw', b"", 400, "cut off after 25 characters"),
        ('{"format": "takeback-network", "version": 1, "sp": [1, 2', b"", 400, "cut off after 56"),
        ('{"format": fal', b"", 400, "cut off"),
        ('{"a": 1}, 2', b"", 400, "This is not a Takeback file"),
        ('{"a": b}', b"", 400, "This is not a Takeback file"),
    ):
        answer = send(text, file)
        assert answer.status_code == status, said
        assert said in alert_of(answer)
        assert Page(answer.text).one("textarea").text == " ".join(text.split())
    assert client.post("/import", data={"text": "{}"}).status_code == 415
    assert client.post("/import").status_code == 415
    assert client.get("/import", headers=HTMX).status_code == 200


def test_an_export_that_is_no_member_is_told_where_it_goes(eventful: Network) -> None:
    document = document_of(eventful)
    for padding in ("", " " * 70_000, " " * 2_000_000):
        body = json.dumps(document) + padding
        answer = eventful.client.post("/api/v1/networks", content=body, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "export_bare")
        assert '{"export": …}' in answer.json()["detail"]


def test_a_byte_order_mark_is_no_part_of_a_file(eventful: Network) -> None:
    document = json.dumps(document_of(eventful))
    answer = eventful.client.post(
        "/import", files={"file": ("x", b"\xef\xbb\xbf" + document.encode())}
    )
    assert answer.status_code == 303
    for text in (document, document + " " * 70_000):
        body = b'\xef\xbb\xbf{"export": %b}' % text.encode()
        answer = eventful.client.post("/api/v1/networks", content=body, headers=JSON)
        assert answer.status_code == 201


def test_only_one_of_the_three_can_be_created(eventful: Network) -> None:
    body = {"export": document_of(eventful), "example": "mazur-2-2-2"}
    answer = eventful.client.post("/api/v1/networks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "example_or_spec")


def test_pointers_lead_to_the_wrong_field(eventful: Network) -> None:
    document = document_of(eventful)
    document["branches"][1]["segments"][0]["losses"][0] = "x"
    document["standing"]["walking"] = 1
    answer = eventful.client.post("/api/v1/networks", json={"export": document})
    found = [error["pointer"] for error in answer.json()["errors"]]
    assert found == ["/export/branches/1/segments/0/losses/0", "/export/standing/walking"]


# --- limits ---------------------------------------------------------------------------------------


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Client]:
    """An application that takes files of 100 kB, and other bodies of 64 KiB."""
    with browse(Settings(data_dir=tmp_path / "data", max_import_bytes=100_000)) as client:
        yield client


def test_files_may_be_larger_than_other_bodies(narrow: Client) -> None:
    network = Network(narrow, {"example": "mazur-2-2-2"})
    network.do("step", {"count": 3_000})
    body = json.dumps({"export": document_of(network)})
    assert 64 * 1024 < len(body) < 100_000
    assert narrow.post("/api/v1/networks", content=body, headers=JSON).status_code == 201
    padded = body[:-1] + " " * 100_000 + "}"
    refused = narrow.post("/api/v1/networks", content=padded, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    assert "100,000 bytes" in refused.json()["detail"]
    file = {"file": ("x.json", b" " * 200_000)}
    answer = narrow.post("/import", files=file)
    assert answer.status_code == 413
    assert "larger than" in alert_of(answer)


def test_other_bodies_have_their_own_limit(narrow: Client) -> None:
    spec = json.dumps({"spec": SMALL})
    for body in (spec[:-1] + " " * 70_000 + "}", spec[:-1] + " " * 70_000 + ', "export": null}'):
        refused = narrow.post("/api/v1/networks", content=body, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
        assert "65,536 bytes" in refused.json()["detail"]


def test_a_file_in_chunks_is_counted_as_it_comes(tmp_path: Path) -> None:
    with server(tmp_path, TAKEBACK_MAX_IMPORT_BYTES="100000") as base:
        for path, head in (("/api/v1/networks", JSON), ("/import", {"content-type": "x/y"})):
            connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=20)
            chunks = (b'"export"' * 1_000 for _ in range(60))
            connection.request("POST", path, body=chunks, headers=head, encode_chunked=True)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            assert answer.status in (413, 415), path


# --- hostile files --------------------------------------------------------------------------------

HOSTILE: list[Any] = [
    None,
    True,
    "x",
    "\ud800",
    -1,
    1,
    2**70,
    1.5,
    1e308,
    [],
    [[]],
    {},
    [1e308] * 9,
]


def paths(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every value of a document stands."""
    if way:
        yield way
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(one, (*way, key))


def test_no_value_in_any_place_breaks_the_server(client: Client) -> None:
    network = Network(client, {"spec": SMALL})
    network.do("step", {"count": 2})
    network.do("edit", {"inputs": [0.25], "bias_update": "none"})
    network.do("step")
    document = document_of(network)
    every = list(paths(document))
    assert len(every) > 80
    for number, way in enumerate(every):
        for value in HOSTILE[number % 3 :: 3]:
            changed = copy.deepcopy(document)
            place = changed
            for key in way[:-1]:
                place = place[key]
            place[way[-1]] = value
            check_is_harmless(client, json.dumps({"export": changed}), way)


def check_is_harmless(client: Client, body: str, way: tuple[Any, ...]) -> None:
    """A document is refused, or the network that it makes can be shown and driven."""
    answer = client.post("/api/v1/networks", content=body, headers=JSON)
    assert answer.status_code == 201 or 400 <= answer.status_code < 500, (way, answer.text)
    if answer.status_code == 201:
        url = answer.headers["location"]
        assert client.get(url.removeprefix("/api/v1")).status_code in (200, 422), way
        assert client.post(f"{url}/step", json={}).status_code in (200, 422), way
        assert client.post(f"{url}/rewind", json={"step": 1}).status_code in (200, 422), way
    else:
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400, "[" * 20_000, '{"a":' * 20_000]
)
def test_what_is_no_number_is_refused(client: Client, text: str) -> None:
    network = Network(client, {"spec": SMALL})
    body = json.dumps({"export": document_of(network)}).replace("0.5", text)
    answer = client.post("/api/v1/networks", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    page = client.post("/import", data={"text": body}, files={"file": ("x", b"")})
    assert page.status_code in (400, 422)


def test_what_would_be_too_large_is_refused_before_it_is_made(client: Client) -> None:
    document = document_of(Network(client, {"spec": SMALL}))
    document["spec"]["layers"] = [64] * 10
    answer = client.post("/api/v1/networks", json={"export": document})
    assert answer.json()["code"] == "too_many_weights"
    assert answer.json()["pointer"] == "/export/spec/layers"


def test_a_network_from_a_link_is_taken_along_with_its_memory(client: Client) -> None:
    network = Network(client, {"spec": {**SMALL, "optimizer": {"name": "adam"}}})
    network.do("step", {"count": 5})
    link = client.get(f"{network.url}/link").json()["link"]
    file = client.get(f"/at/{link}/export/network.json")
    assert file.status_code == 200
    document = file.json()
    opened = client.post("/import", files={"file": ("x", file.content)})
    assert opened.status_code == 303, alert_of(opened)
    url = f"/api/v1{opened.headers['location']}"
    assert client.get(f"{url}/export").json() == document
    found = client.get(url).json()
    assert found["parameters"] == network.state()["parameters"]
    assert found["optimizer_state"] == network.state()["optimizer_state"]
    history = client.get(f"/at/{link}/export/history.csv").text.splitlines()
    assert [line.partition(",")[0] for line in history[1:]] == ["4", "5"]
    for path in ("tables.csv", "diagram.svg", "code", "worksheet"):
        assert client.get(f"/at/{link}/export/{path}").status_code == 200, path
    wrong = {**document, "initial": [0.5] * len(document["standing"]["parameters"])}
    refused = client.post("/api/v1/networks", json={"export": wrong})
    assert (refused.status_code, refused.json()["pointer"][:15]) == (422, "/export/initial")


@pytest.mark.parametrize("part", [b"[],", b"{},", b"0,", b'"",'])
def test_a_body_of_too_many_parts_is_refused_before_it_is_read(client: Client, part: bytes) -> None:
    """Reading it would keep everybody waiting for seconds."""
    many = part * (7_000_000 // len(part))
    body = b'{"export":{"branches":[' + many[:-1] + b"]}}"
    answer = client.post(
        "/api/v1/networks", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413, answer.text
    assert answer.json()["code"] == "too_many_parts"
