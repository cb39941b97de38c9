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
    answer = client.post(path, content=b"dataset=own&table=" + b"%41" * 100_000, headers=FORM)
    assert answer.status_code == 422
    assert "100,000 bytes" in answer.text
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
