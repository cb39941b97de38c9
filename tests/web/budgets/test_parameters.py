"""Bounds that hold before anything is taken apart."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from app.web.budgets.parameters import LONGEST, MOST_BYTES, MOST_PARAMETERS
from tests.web.support import HTMX, Client, Network, browse

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with browse(Settings(data_dir=tmp_path_factory.mktemp("data"))) as client:
        yield client


QUERIES = {
    "query_too_long": "a=" + "b" * MOST_BYTES,
    "too_many_fields": "&" * MOST_PARAMETERS,
    "parameter_too_long": "a=" + "b" * LONGEST,
}


@pytest.mark.parametrize(("code", "query"), QUERIES.items(), ids=QUERIES)
@pytest.mark.parametrize("path", ["/", "/lesson", "/new", "/api/v1/examples", "/nowhere"])
def test_a_query_is_bounded_at_any_address(
    client: Client, path: str, code: str, query: str
) -> None:
    answer = client.get(f"{path}?{query}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert any(sign.isdigit() for sign in answer.json()["detail"]), "the limit is named"
    shown = client.get("/", headers={**HTMX, "hx-current-url": f"http://host/?{query}"})
    assert shown.status_code == 400
    assert "content-security-policy" in shown.headers


TWICE = [
    ("GET", "/?digits=4&digits=6", "digits"),
    ("GET", "/?%64igits=4&theme=dark&digits=", "digits"),
    ("GET", "/lesson?value.w1=1&value.w1=2", "value.w1"),
    ("GET", "/new?hidden=2&dataset=xor&hidden=3", "hidden"),
    ("GET", "/api/v1/examples?a&a", "a"),
    ("GET", "{api}?last=1&history=all&last=2", "last"),
    ("GET", "{page}/export/diagram.svg?theme=dark&theme=dark", "theme"),
    ("POST", "{api}/step?history=none&history=all", "history"),
    ("POST", "{page}/step?digits=4&digits=6", "digits"),
    ("POST", "{page}/step count=1&version=1&count=2", "count"),
    ("POST", "{page}/edit value.w1=1&value.w1=2", "value.w1"),
    ("POST", "/examples/mazur-2-2-2/run count=1&count=2", "count"),
    ("POST", "/new hidden=1&hidden=2", "hidden"),
    ("POST", "/new table=1,2&table=3,4", "table"),
    ("POST", "/new/homework layers=2-1&w1=1&w1=2", "w1"),
]


@pytest.mark.parametrize(("method", "asked", "name"), TWICE)
def test_what_is_given_twice_is_refused_by_name(
    client: Client, method: str, asked: str, name: str
) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    path, _, body = asked.format(api=network.url, page=network.page).partition(" ")
    headers = {"accept": "application/json", **(FORM if body else {})}
    answer = client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "parameter_twice")
    assert answer.json()["pointer"] == f"/{name}"
    assert network.state()["version"] == 1


def test_a_field_of_an_upload_is_given_once_but_lists_and_buttons_are_not(client: Client) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n{}\r\n'
    bound = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/import", content=part * 2 + b"--x--", headers=bound)
    assert (answer.status_code, "is given twice" in answer.text) == (422, True)
    assert client.get("/lesson?moves=1&value.w1=0.5&moves=2").status_code == 200, "a button's"
    for query in (
        "share?frame=on&preset=own&control=step&control=curve",
        "export/worksheet?ask=deltas&ask=gradients",
    ):
        assert client.get(f"/examples/mazur-2-2-2/{query}").status_code == 200, query
    shown = {**HTMX, "hx-current-url": "http://host/?digits=4&digits=6"}
    assert client.post("/examples/mazur-2-2-2/step", headers=shown).status_code == 422


DEEP = {
    "/api/v1/networks": ('{"spec": {"samples": ', "}}"),
    "/api/v1/links": ('{"link": ', "}"),
    "/api/v1/tables": ('{"csv": ', "}"),
}


@pytest.mark.parametrize("path", DEEP)
def test_json_that_is_nested_too_deeply_is_told_the_limit(client: Client, path: str) -> None:
    before, after = DEEP[path]
    inside = before.count(":") - 1
    for levels, deep in ((200 - inside, False), (201 - inside, True), (60_000 // 2, True)):
        body = before + "[" * levels + "]" * levels + after
        answer = client.post(path, content=body, headers={"content-type": "application/json"})
        assert (answer.json()["code"] == "too_deep") == deep, levels
        assert not deep or (answer.status_code, "200 levels" in answer.json()["detail"]) == (
            400,
            True,
        )
        assert answer.json()["code"] != "malformed"


def test_a_form_is_bounded(client: Client) -> None:
    page = Network(client, {"example": "mazur-2-2-2"}).page
    for path in (f"{page}/step", f"{page}/run", f"{page}/edit", "/examples/mazur-2-2-2/step"):
        answer = client.post(path, content=b"&" * 3000, headers=FORM)
        assert answer.status_code == 400
        assert client.post(path, content=b"a=" + b"b" * 20_000, headers=FORM).status_code == 400


def test_unknown_names_in_the_lesson_are_refused_together(client: Client) -> None:
    query = "&".join(f"value.a{index}=1" for index in range(200))
    answer = client.get(f"/lesson?{query}&value.x1=0.25&value.w1=x")
    assert answer.status_code == 422
    assert answer.text.count("this network has no such name") == 10
    assert 'value="0.25"' in answer.text, "what can be used is"


@pytest.mark.parametrize("path", ["/new", "/new/preview", "/examples/mazur-2-2-2/rebuild/preview"])
def test_the_builder_reads_no_more_than_a_table_may_be(client: Client, path: str) -> None:
    large = client.post(path, content=b"dataset=own&table=" + b"%41" * 800_000, headers=FORM)
    assert large.status_code == 413
    answer = client.post(path, content=b"dataset=own&table=" + b"A" * 2_100_000, headers=FORM)
    assert answer.status_code == 422
    assert "more than 2 MB" in answer.text
    assert "A" * 100 not in answer.text, "the browser has it"
    assert client.post(path, content=b"&" * 500, headers=FORM).status_code == 400
    strange = {"content-type": "multipart/form-data; boundary=x; charset=punycode"}
    assert client.post(path, content=b"--x--", headers=strange).status_code == 400
    parts = b"--x\r\n" * 500
    bound = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post(path, content=parts, headers=bound).status_code == 400


def test_an_import_echoes_little(client: Client) -> None:
    for signs in (20_000, 300_000):
        answer = client.post("/import", data={"text": "<&\"'" * signs}, files={"x": b""})
        assert answer.status_code in (400, 413)
        assert len(answer.content) < 64 * 1024
        assert "Back leads to the form that still has it" in answer.text


SIGNS = ("\0", "\x1b", "\u202e", "\u2066", "\u2028", "\x85")


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("field", ["columns", "targets", "classes", "source"])
def test_names_of_data_can_be_shown(client: Client, field: str, sign: str) -> None:
    text = f"a{sign}b"
    value = text if field == "source" else [text]
    spec = {
        "layers": [1, 1], "activations": ["sigmoid"], "data": {"name": "own", field: value},
        "samples": [{"inputs": [1], "targets": [0]}],
    }  # fmt: skip
    answer = client.post("/api/v1/networks", json={"spec": spec})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_showable")
    network = Network(client, {"spec": {**spec, "data": {"name": "own"}}})
    document = client.get(f"{network.url}/export").json()
    document["spec"]["data"][field] = value
    answer = client.post("/api/v1/networks", json={"export": document})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_showable")
    table = client.post("/api/v1/tables", json={"csv": f"{text},y\n1,0\n2,1\n"})
    assert sign not in table.json().get("first_rows", table.json().get("detail", ""))
    named = client.patch(network.url, json={"weights": {text: 1.0}})
    assert sign not in named.json()["detail"] + named.json()["pointer"]


def test_thousands_of_errors_are_not_collected(client: Client) -> None:
    row = ["a"] * 60
    samples = [{"inputs": row, "targets": row}] * 100
    spec = {"layers": [2, 2], "activations": ["tanh"], "samples": samples}
    answer = client.post("/api/v1/networks", json={"spec": spec})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) < 5
    many = client.post("/api/v1/networks", json={f"k{index}": 1 for index in range(5_500)})
    assert (many.status_code, many.json()["code"]) == (413, "too_many_keys")
