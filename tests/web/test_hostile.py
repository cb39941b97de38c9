"""Bad input: a clear problem, never a 5xx, and nothing is changed or lost."""

import gzip
import http.client
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings import Settings
from app.store.sqlite import SqliteStore
from tests.support import server
from tests.web.support import HTMX, Client, Network, Page, Watched, browse

MARKER = "zqMARKERzq"
JSON = {"content-type": "application/json"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return Watched(tmp_path_factory.mktemp("data"), ttl_seconds=1e6, max_networks=10_000)


@pytest.fixture(scope="module")
def client(store: SqliteStore) -> Iterator[Client]:
    """One application for the whole module: nothing that is sent here may harm the next test."""
    with browse(Settings(), store) as client:
        yield client


@pytest.fixture(scope="module")
def network(client: Client) -> Network:
    network = Network(client, {"example": "mazur-2-2-2"})
    network.do("step", {"count": 3})
    return network


# --- JSON -------------------------------------------------------------------------------------


def spec(**changes: Any) -> str:
    """A body that would create a network but for ``changes``."""
    good = {
        "layers": [2, 2],
        "activations": ["sigmoid"],
        "samples": [{"inputs": [0.1, 0.2], "targets": [0.5, 0.5]}],
    }
    return json.dumps({"spec": {**good, **changes}})


def specs_with(value: str) -> Iterator[str]:
    """Specs with a piece of JSON in each place where a number belongs."""
    holes: list[dict[str, Any]] = [
        {"layers": ["HOLE", 2]},
        {"samples": [{"inputs": ["HOLE", 1], "targets": [0, 1]}]},
        {"weights": [[["HOLE", 1], [1, 1]]]},
        {"biases": [["HOLE", 0]]},
        {"optimizer": {"learning_rate": "HOLE"}},
        {"batch": {"size": "HOLE"}},
        {"initialization": {"scheme": "zeros", "seed": "HOLE"}},
    ]
    yield from (spec(**hole).replace('"HOLE"', value) for hole in holes)


BAD_NUMBERS = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1" + "0" * 400, "1" + "0" * 5000, "1e7",
    "-1e7", "9223372036854775808", "true", '"1"', f'"{MARKER}"', "[]", "{}",
)  # fmt: skip
NUMBER_PLACES = (
    '{"count": %s}', '{"step": %s}', '{"inputs": [%s, 1]}', '{"targets": [1, %s]}',
    '{"learning_rate": %s}', '{"weights": {"w5": %s}}', '{"biases": {"b1": %s}}',
)  # fmt: skip
DEEP = 100_000

# Each of these is refused by every endpoint: what is fit for one is unknown to the others.
BODIES: dict[str, str | bytes] = {
    **{f"{place}: {n[:12]}": place % n for place, n in product(NUMBER_PLACES, BAD_NUMBERS)},
    **{f"spec {i}: {n[:12]}": s for n in BAD_NUMBERS for i, s in enumerate(specs_with(n))},
    "null": "null",
    "true": "true",
    "a number": "0",
    "a string": f'"{MARKER}"',
    "a list": "[]",
    "a list of objects": '[{"count": 1}]',
    "white space": " \n ",
    "cut off": '{"count": 1',
    "two documents": "{}{}",
    "a trailing comma": '{"count": 1,}',
    "single quotes": "{'count': 1}",
    "a comment": f'{{"count": 1}} // {MARKER}',
    "a form": "count=1",
    "a leading zero": '{"count": 01}',
    "deep lists": "[" * DEEP,
    "deep lists that close": "[" * 30_000 + "]" * 30_000,
    "deep objects": '{"a":' * DEEP,
    "deep objects within the limit": '{"a":' * 12_000,
    "deep lists in a field": '{"inputs": ' + "[" * 30_000,
    "closed deep lists in a field": '{"inputs": ' + "[" * 30_000 + "]" * 30_000 + "}",
    "a lone surrogate": r'{"example": "\ud800"}',
    "a lone surrogate as a key": r'{"\udfff": 1}',
    "a lone surrogate as a name": r'{"weights": {"\ud800": 1}}',
    "surrogates the wrong way round": r'{"example": "\udc00\ud800"}',
    "a surrogate in UTF-8": b'{"example": "\xed\xa0\x80"}',
    "invalid UTF-8": b'{"example": "\xff"}',
    "overlong UTF-8": b'{"example": "\xc0\xaf"}',
    "UTF-16": '{"count": 1}'.encode("utf-16"),
    "UTF-32": '{"count": 1}'.encode("utf-32"),
    "a NUL after the end": b'{"count": 1}\0',
    "a NUL in a string": b'{"example": "\0"}',
    "an escaped NUL": r'{"example": "\u0000"}',
    "NULs only": b"\0" * 100,
    "a key twice, last one bad": '{"count": 1, "step": 0, "count": true}',
    "an example twice": f'{{"example": "mazur-2-2-2", "example": "{MARKER}"}}',
    "an unknown field": f'{{"surprise": "{MARKER}"}}',
    "a prototype": f'{{"__proto__": {{"count": "{MARKER}"}}}}',
    "a very long key": f'{{"{"k" * 60_000}": 1}}',
    "a key of markup": '{"<script>alert(1)</script>": 1}',
    "a key of pointers": '{"~/~/a//b~1": 1}',
    "many unknown fields": json.dumps({f"k{i}": i for i in range(4000)}),
    "a huge body": json.dumps({"example": "x" * 70_000}),
    "an unknown example": f'{{"example": "{MARKER}"}}',
    "a path for an example": '{"example": "../mazur-2-2-2"}',
    "a number for an example": '{"example": 1}',
    "a list for an example": '{"example": ["mazur-2-2-2"]}',
    "example and spec": spec()[:-1] + ', "example": "mazur-2-2-2"}',
    "neither example nor spec": '{"example": null, "spec": null}',
    "text for a spec": f'{{"spec": "{MARKER}"}}',
    "a list for a spec": '{"spec": []}',
    "an empty spec": '{"spec": {}}',
    "text for weights": f'{{"weights": "{MARKER}"}}',
    "a list for weights": '{"weights": [1, 2]}',
    "a list for a weight": '{"weights": {"w5": [0.5]}}',
    "an object for inputs": '{"inputs": {"x1": 1}}',
    "text for inputs": f'{{"inputs": "{MARKER}"}}',
    "no inputs": '{"inputs": []}',
    "ten thousand inputs": json.dumps({"inputs": [0.1] * 10_000}),
    "an unknown weight": json.dumps({"weights": {"w" + "9" * 100: 1}}),
    "thousands of weights": json.dumps({"weights": {f"w{i}": 1 for i in range(5000)}}),
    "no layers": spec(layers=[]),
    "one layer": spec(layers=[2]),
    "a layer of none": spec(layers=[2, 0]),
    "a layer of less than none": spec(layers=[2, -1]),
    "a layer of a thousand": spec(layers=[2, 1000]),
    "two hundred layers": spec(layers=[2] * 200),
    "too many weights": spec(layers=[64] * 10, activations=["relu"] * 9),
    "a nested layer": spec(layers=[[2], 2]),
    "no activations": spec(activations=[]),
    "too many activations": spec(activations=["relu"] * 3),
    "an unknown activation": spec(activations=[MARKER]),
    "a special activation": spec(activations=["__class__"]),
    "a number for an activation": spec(activations=[1]),
    "an unknown loss": spec(loss=MARKER),
    "an unknown optimizer": spec(optimizer={"name": MARKER}),
    "an unknown bias rule": spec(bias_update=MARKER),
    "an unknown reduction": spec(batch={"reduction": MARKER}),
    "an unknown scheme": spec(initialization={"scheme": MARKER}),
    "a seed below zero": spec(initialization={"scheme": "zeros", "seed": -1}),
    "a batch of none": spec(batch={"size": 0}),
    "a batch of words": spec(batch={"size": MARKER}),
    "half a batch": spec(batch={"size": 1.5}),
    "no samples": spec(samples=[]),
    "a sample of nothing": spec(samples=[{"inputs": [], "targets": []}]),
    "a sample of null": spec(samples=[None]),
    "samples of two sizes": spec(
        samples=[{"inputs": [1, 2], "targets": [1, 2]}, {"inputs": [1], "targets": [1, 2]}]
    ),
    "too many samples": spec(samples=[{"inputs": [1, 2], "targets": [1, 2]}] * 5001),
    "no weights": spec(weights=[]),
    "weights of nothing": spec(weights=[[[], []]]),
    "rows of nothing": spec(weights=[[]]),
    "ragged weights": spec(weights=[[[1, 2], [3]]]),
    "weights turned": spec(layers=[2, 3], weights=[[[1, 2, 3], [4, 5, 6]]]),
    "flat weights": spec(weights=[[1, 2], [3, 4]]),
    "null for a weight": spec(weights=[[[None, 1], [1, 1]]]),
    "too few biases": spec(biases=[[1]]),
    "no biases": spec(biases=[]),
    "shared biases that differ": spec(bias_update="shared", biases=[[1, 2]]),
    "weights and a scheme": spec(
        weights=[[[1, 2], [3, 4]]], initialization={"scheme": "zeros", "seed": 0}
    ),
    "a name of markup": spec(names={"inputs": ["<script>alert(1)</script>", "b"]}),
    "a name of quotes": spec(names={"inputs": ['"><svg/onload=1>', "b"]}),
    "an empty name": spec(names={"inputs": ["", "b"]}),
    "a long name": spec(names={"inputs": ["a" * 17, "b"]}),
    "a name with a line break": spec(names={"inputs": ["a\n", "b"]}),
    "a bias name with a line break": spec(names={"biases": [["b1\n", "b2"]]}),
    "a bias name of markup": spec(names={"biases": [["<b>", "b2"]]}),
    "a name twice": spec(names={"inputs": ["a", "a"]}),
    "too few names": spec(names={"inputs": ["a"]}),
    "a number for a name": spec(names={"inputs": [1, 2]}),
    "a number for bias names": spec(names={"biases": [1]}),
    "hidden names without a hidden layer": spec(names={"hidden": [["a"]]}),
    "weight names of another shape": spec(names={"weights": [[["a"]]]}),
}


def endpoints(network: Network) -> Iterator[tuple[str, str]]:
    yield "POST", "/api/v1/networks"
    yield "POST", "/api/v1/links"
    yield "PATCH", network.url
    commands = "forward step run take-back redo rewind reset phase branch"
    for command in commands.split():
        yield "POST", f"{network.url}/{command}"


def no_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def assert_problem(answer: Any) -> dict[str, Any]:
    """A client's mistake, told as RFC 9457 says, and nothing of the input repeated."""
    assert 400 <= answer.status_code < 500, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer.content.decode(), parse_constant=no_constant)
    assert problem["status"] == answer.status_code
    for member in ("type", "title", "detail"):
        assert isinstance(problem[member], str), member
        assert problem[member].strip(), member
    assert MARKER not in answer.text
    assert MARKER not in str(answer.headers)
    assert len(answer.content) < 5_000
    return problem


def test_the_corpus_is_large() -> None:
    assert len(BODIES) >= 60


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_hostile_body_is_refused_by_every_endpoint(
    network: Network, store: Watched, body: str | bytes
) -> None:
    before, writes = network.state(), store.writes
    for method, url in endpoints(network):
        assert_problem(network.client.request(method, url, content=body, headers=JSON))
    assert network.state() == before
    assert store.writes == writes


@pytest.mark.parametrize("body", ["", "{}"])
def test_where_a_field_is_required_nothing_is_not_enough(network: Network, body: str) -> None:
    for url in ("/api/v1/networks", f"{network.url}/rewind", f"{network.url}/branch"):
        assert_problem(network.client.post(url, content=body, headers=JSON))


UNFIT: dict[str, dict[str, str]] = {
    "gzip": {**JSON, "content-encoding": "gzip"},
    "gzip in capitals": {**JSON, "content-encoding": "GZIP"},
    "br": {**JSON, "content-encoding": "br"},
    "two encodings": {**JSON, "content-encoding": "identity, gzip"},
    "an unknown encoding": {**JSON, "content-encoding": MARKER},
    "plain text": {"content-type": "text/plain"},
    "a form": {"content-type": FORM},
    "multipart": {"content-type": "multipart/form-data; boundary=x"},
    "XML": {"content-type": "application/xml"},
    "another JSON": {"content-type": "application/jsonp"},
    "an unknown type": {"content-type": MARKER},
    "nonsense": {"content-type": ";;;"},
    "an empty type": {"content-type": ""},
}


@pytest.mark.parametrize("headers", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("compressed", [False, True])
def test_another_type_or_encoding_is_refused_by_every_endpoint(
    network: Network, store: Watched, headers: dict[str, str], compressed: bool
) -> None:
    before, writes = network.state(), store.writes
    for method, url in endpoints(network):
        body = b'{"example": "mazur-2-2-2"}' if url.endswith("networks") else b'{"count": 1}'
        body = gzip.compress(body) if compressed else body
        problem = assert_problem(network.client.request(method, url, content=body, headers=headers))
        assert problem["status"] in (400, 415)
    assert network.state() == before
    assert store.writes == writes


def test_a_chunked_body_over_the_limit_is_refused(tmp_path: Path) -> None:
    with server(tmp_path) as base:
        connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=20)
        chunks = (b'{"example": "' if not i else b"x" * 4096 for i in range(50))
        connection.request(
            "POST", "/api/v1/networks", body=chunks, headers=JSON, encode_chunked=True
        )
        answer = connection.getresponse()
        problem = json.loads(answer.read())
        connection.close()
    assert (answer.status, problem["code"]) == (413, "body_too_large")
    assert answer.headers["content-type"] == "application/problem+json"


# Numbers that JSON lacks and lone surrogates included: json.dumps writes them.
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(["sigmoid", "full", "mazur-2-2-2", 0, 1, 2, -1, 1e308]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["layers", "name"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
SPEC_FIELDS = (
    "layers", "activations", "loss", "optimizer", "bias_update", "batch", "samples", "weights",
    "biases", "initialization", "names",
)  # fmt: skip


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.one_of(
        any_json,
        st.dictionaries(st.sampled_from(SPEC_FIELDS), any_json, max_size=3).map(
            lambda changes: json.loads(spec(**changes))
        ),
    )
)
def test_random_json_is_never_a_servers_error(client: Client, body: Any) -> None:
    answer = client.post("/api/v1/networks", content=json.dumps(body), headers=JSON)
    assert answer.status_code == 201 or assert_problem(answer)


# --- forms ------------------------------------------------------------------------------------

RATES = {
    "nan": "finite", "inf": "finite", "-inf": "finite", "1e999": "finite", "": "number",
    "abc": "number", "0,5,": "number", "1 2": "number", "0x10": "number", "½½": "number",
    "5000": "at most 1,000", "1000.001": "at most 1,000", "1e308": "at most 1,000",
    "9" * 300: "at most 1,000", "-1": "at least 0", "-1e-9": "at least 0",
    "<script>alert(1)</script>": "number", '" autofocus onfocus="x': "number",
    "x" * 10_000: "number",
}  # fmt: skip
BY = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def read_refusal(answer: Any, htmx: bool) -> Page:
    """A refused form's answer: a page, or the parts of one, that warns."""
    assert 400 <= answer.status_code < 500, answer.text[-500:]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    assert bool(page.all("hx-partial")) is htmx
    assert all("src" in script.attrs for script in page.all("script"))
    assert page.alert
    return page


@BY
@pytest.mark.parametrize("command", ["learning-rate", "step"])
@pytest.mark.parametrize(("typed", "limit"), RATES.items(), ids=[rate[:20] for rate in RATES])
def test_a_bad_learning_rate_is_named_and_kept_in_its_field(
    network: Network, store: Watched, typed: str, limit: str, command: str, htmx: bool
) -> None:
    before, writes = network.state(), store.writes
    headers = HTMX if htmx else {}
    for url in (network.page, "/examples/han-kamber-3-2-1"):
        fields = {"learning_rate": typed, "version": str(before["version"]), "op": "x"}
        answer = network.client.post(f"{url}/{command}", data=fields, headers=headers)
        page = read_refusal(answer, htmx)
        assert answer.status_code == 422
        assert "learning rate" in page.alert.lower()
        assert limit in page.alert
        rate = page.one("input", id="rate")
        assert rate.attrs["value"] == typed
        assert rate.attrs["aria-invalid"] == "true"
    assert network.state() == before
    assert store.writes == writes


BAD_FIELDS = {
    **{
        f"{name} {value[:12]!r}": (name, value)
        for name in ("version", "count")
        for value in ("x", "0", "-1", "1.5", "", "nan", "9" * 5000)
    },
    "count '10001'": ("count", "10001"),
    "op of 10 kB": ("op", "x" * 10_000),
}


@BY
@pytest.mark.parametrize(("name", "value"), BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_a_bad_hidden_field_is_named_and_what_was_typed_is_kept(
    network: Network, store: Watched, name: str, value: str, htmx: bool
) -> None:
    before, writes = network.state(), store.writes
    answer = network.submit("step", htmx=htmx, **{"learning_rate": "0.321", name: value})
    page = read_refusal(answer, htmx)
    assert answer.status_code == 422
    assert name in page.alert
    assert page.one("input", id="rate").attrs["value"] == "0.321"
    assert network.state() == before
    assert store.writes == writes


@BY
@pytest.mark.parametrize("version", ["1", "99", "1" + "0" * 30])
def test_another_version_is_a_conflict_and_what_was_typed_is_kept(
    network: Network, store: Watched, version: str, htmx: bool
) -> None:
    before, writes = network.state(), store.writes
    for command in ("step", "learning-rate"):
        answer = network.submit(command, htmx=htmx, version=version, learning_rate="0.321")
        page = read_refusal(answer, htmx)
        assert answer.status_code == 409
        assert page.one("input", id="rate").attrs["value"] == "0.321"
        assert page.fields("commands")["version"] == str(before["version"])
    assert network.state() == before
    assert store.writes == writes


@BY
def test_a_missing_version_is_named(network: Network, htmx: bool) -> None:
    before = network.state()
    headers = HTMX if htmx else {}
    answer = network.client.post(f"{network.page}/step", data={"op": "x"}, headers=headers)
    assert "version is required" in read_refusal(answer, htmx).alert
    assert network.state() == before


def multipart(*parts: str) -> bytes:
    begin = "--x\r\nContent-Disposition: form-data; "
    return ("".join(f"{begin}{part}\r\n" for part in parts) + "--x--\r\n").encode()


GOOD_PART = 'name="learning_rate"\r\n\r\n0.25'
BAD_FORMS: dict[str, tuple[str, bytes]] = {
    "plain text": ("text/plain", b"learning_rate=0.25"),
    "JSON": ("application/json", b'{"learning_rate": 0.25}'),
    "XML": ("text/xml", b"<learning_rate>0.25</learning_rate>"),
    "no type": ("", b"learning_rate=0.25"),
    "multipart": ("multipart/form-data; boundary=x", multipart(GOOD_PART)),
    "a file": (
        "multipart/form-data; boundary=x",
        multipart('name="learning_rate"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n0.25'),
    ),
    "multipart without a boundary": ("multipart/form-data", multipart(GOOD_PART)),
    "multipart of another boundary": ("multipart/form-data; boundary=y", multipart(GOOD_PART)),
    "multipart cut off": ("multipart/form-data; boundary=x", multipart(GOOD_PART)[:40]),
    "multipart of NULs": ("multipart/form-data; boundary=x", b"\0" * 1000),
    **{
        f"multipart in {charset!r}": (
            f"multipart/form-data; boundary=x; charset={charset}",
            multipart('name="learning_rate"\r\n\r\nxn--a\\ud800-'),
        )
        for charset in ("punycode", "idna", "undefined", "unicode_escape", "utf-16", "zip", "u\0")
    },
    "too many fields": (FORM, b"&".join(b"f%d=1" % i for i in range(3000))),
    "too large": (FORM, b"learning_rate=" + b"9" * 70_000),
}


@BY
@pytest.mark.parametrize(("media_type", "body"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_body_that_is_no_form_is_refused(
    network: Network, store: Watched, media_type: str, body: bytes, htmx: bool
) -> None:
    before, writes = network.state(), store.writes
    headers = {**(HTMX if htmx else {}), "content-type": media_type}
    for url in (network.page, "/examples/mazur-2-2-2"):
        for command in ("learning-rate", "forward"):
            answer = network.client.post(f"{url}/{command}", content=body, headers=headers)
            read_refusal(answer, htmx)
    assert network.state() == before
    assert store.writes == writes


@BY
@pytest.mark.parametrize("body", [b"learning_rate=%ff", b"learning_rate=%ED%A0%80", b"%ZZ=%&&=;"])
def test_a_form_that_is_not_utf_8_is_refused(network: Network, body: bytes, htmx: bool) -> None:
    headers = {**(HTMX if htmx else {}), "content-type": FORM}
    url = "/examples/mazur-2-2-2/learning-rate"
    answer = network.client.post(url, content=body, headers=headers)
    assert "learning rate" in read_refusal(answer, htmx).alert.lower()


# --- running away -----------------------------------------------------------------------------


def runaway(client: Client, activation: str) -> Network:
    """A network whose weights run away after a few steps."""
    body = {
        "layers": [1, 2, 1],
        "activations": [activation, "identity"],
        "optimizer": {"name": "sgd", "learning_rate": 1000},
        "bias_update": "none",
        "samples": [{"inputs": [3], "targets": [2]}, {"inputs": [-3], "targets": [2]}],
        "weights": [[[1], [-1]], [[2, 1]]],
    }
    return Network(client, {"spec": body})


@pytest.fixture(params=["identity", "relu"])
def diverging(request: pytest.FixtureRequest, client: Client) -> Network:
    """A network whose next step is the one that runs away."""
    network = runaway(client, request.param)
    while network.send("step").status_code == 200:
        assert network.state()["step"] < 20
    return network


def test_a_step_that_runs_away_is_not_taken(diverging: Network) -> None:
    before = diverging.state()
    problem = assert_problem(diverging.send("step"))
    assert (problem["status"], problem["code"]) == (422, "diverged")
    assert f"step {before['step'] + 1} " in problem["detail"]
    assert "learning rate" in problem["detail"]
    assert diverging.state() == before


def test_of_many_steps_all_are_taken_or_none(diverging: Network) -> None:
    last = diverging.state()["step"]
    diverging.do("rewind", {"step": 0})
    before = diverging.state()
    problem = assert_problem(diverging.send("step", {"count": 1000}))
    assert problem["code"] == "diverged"
    assert f"step {last + 1} " in problem["detail"]
    assert diverging.state() == before


@BY
def test_a_form_that_runs_away_says_so_and_keeps_what_was_typed(
    diverging: Network, htmx: bool
) -> None:
    before = diverging.state()
    answer = diverging.submit("step", htmx=htmx, learning_rate="999")
    page = read_refusal(answer, htmx)
    assert answer.status_code == 422
    assert f"step {before['step'] + 1} " in page.alert
    assert "learning rate" in page.alert
    assert page.one("input", id="rate").attrs["value"] == "999"
    assert diverging.state() == before


CHAIN = {
    "layers": [1] * 10,
    "activations": ["identity"] * 8 + ["relu"],
    "optimizer": {"learning_rate": 1000.0},
    "weights": [[[1000.0]]] * 9,
    "samples": [{"inputs": [1.0], "targets": [0.0]}],
}


def test_no_number_on_the_way_to_a_finite_loss_may_run_away(client: Client) -> None:
    """ReLU turns minus infinity into 0: the loss alone would not show it."""
    made = client.post("/api/v1/networks", json={"spec": CHAIN}).json()
    url = f"/api/v1/networks/{made['id']}"
    for count in (1, 2, 5):
        refused = client.post(f"{url}/step", json={"count": count})
        assert (refused.status_code, refused.json()["code"]) == (422, "diverged")
    assert client.get(url).json() == made
    assert client.get(f"/networks/{made['id']}").status_code == 200


@pytest.mark.parametrize("text", ["1_0", "0,5,", "０.５.１", "1e", ".", "0x10", "1 0", "--1", "½½"])
def test_a_learning_rate_is_one_number(network: Network, text: str) -> None:
    before = network.state()
    fields = {"version": str(before["version"]), "op": "x", "learning_rate": text}
    answer = network.client.post(f"{network.page}/learning-rate", data=fields)
    assert answer.status_code == 422
    assert "The learning rate must be a number, such as 0.5." in answer.text
    assert network.state() == before


def test_what_was_typed_comes_back_without_characters_a_page_cannot_hold(network: Network) -> None:
    fields = {"version": "1", "op": "x", "learning_rate": "a\x00b\x1bc"}
    answer = network.client.post(f"{network.page}/learning-rate", data=fields)
    assert answer.status_code == 422
    assert "\x00" not in answer.text
    assert "\x1b" not in answer.text
    assert 'value="abc"' in answer.text


FORM_FIELDS: dict[str, list[dict[str, str]]] = {
    "phase": [{"to": ""}, {"to": "delta:9"}, {"to": MARKER}, {"to": "x" * 200}, {}],
    "rewind": [{"step": "99"}, {"step": "-1"}, {"step": "x"}, {"step": "1e3"}, {}],
    "branch": [{"branch": "7"}, {"branch": "-1"}, {"branch": "one"}, {}],
    "run": [{"count": "0"}, {"count": "1e-3"}, {"count": MARKER}, {"count": "3", "until": "x"}],
    "redo": [{"count": "0"}, {"count": "99999"}, {}],
    "rules": [{"loss": MARKER}, {"bias_update": "x"}, {"hidden_deltas": ""}],
    "edit": [
        {"value.w99": "1"},
        {"value.": "1"},
        {"value.w1": ""},
        {"value.w1": "1e9"},
        {"value.w1": "nan"},
        {"value.w1": "<b>1</b>"},
        {f"value.{MARKER}": "1"},
    ],
}


@BY
@pytest.mark.parametrize(
    ("command", "fields"),
    [pytest.param(c, f, id=f"{c} {f}"[:60]) for c, rows in FORM_FIELDS.items() for f in rows],
)
def test_a_form_that_cannot_be_used_changes_nothing(
    network: Network, command: str, fields: dict[str, str], htmx: bool
) -> None:
    before = network.state()
    answer = network.submit(command, htmx=htmx, **fields)
    page = read_refusal(answer, htmx)
    assert page.alert
    assert network.state() == before
