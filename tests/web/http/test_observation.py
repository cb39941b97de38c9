"""Names of requests, and what observers are told."""

import re
from collections.abc import Iterator

import pytest

from app.settings import Settings
from app.web.http.observation import Answer
from tests.web.support import HTMX, Client, Network, browse


@pytest.fixture
def watched(settings: Settings) -> Iterator[tuple[Client, list[Answer]]]:
    with browse(settings) as client:
        seen: list[Answer] = []
        client.app.state.observers.append(seen.append)  # type: ignore[attr-defined]
        yield client, seen


@pytest.mark.parametrize("named", ["a", "0189-4f.b_c", "x" * 64])
def test_a_plain_name_is_taken(client: Client, named: str) -> None:
    for url in ("/", "/unknown", "/api/v1/networks/unknown"):
        assert client.get(url, headers={"x-request-id": named}).headers["x-request-id"] == named


@pytest.mark.parametrize(
    "named", ["", "x" * 65, "a b", "a\tb", "<b>", "a;b", "ä".encode("latin-1")]
)
def test_any_other_name_is_replaced(client: Client, named: str | bytes) -> None:
    found = client.get("/unknown", headers=[(b"x-request-id", named)])
    assert re.fullmatch("[0-9a-f]{16}", found.headers["x-request-id"])
    assert found.headers.get_list("x-request-id") == [found.headers["x-request-id"]]


def test_every_request_has_a_name_of_its_own(client: Client) -> None:
    assert len({client.get("/health/live").headers["x-request-id"] for _ in range(20)}) == 20


def test_a_problem_says_which_request_it_was(client: Client) -> None:
    for headers in ({"accept": "application/json"}, {"accept": "text/html"}):
        answer = client.get("/unknown", headers={**headers, "x-request-id": "mine-7"})
        assert "mine-7" in answer.text
    assert client.get("/api/v1/unknown").json()["request_id"]


def test_observers_are_told_templates_of_addresses(
    watched: tuple[Client, list[Answer]],
) -> None:
    client, seen = watched
    network = Network(client, {"example": "mazur-2-2-2"})
    network.do("step")
    for method, url, options in (
        ("GET", network.page, {}),
        ("GET", "/unknown", {}),
        ("DELETE", "/examples", {}),
        ("BREW", "/", {}),
        ("POST", "/import", {"files": {"file": b"x" * 200}, "headers": HTMX}),
        ("POST", "/new/preview", {"files": {"file": b"x,y\n1,2\n"}, "headers": HTMX}),
        ("GET", "/", {"headers": {"host": "<b>"}}),
        ("POST", network.url + "/step", {"content": b"x", "headers": {"content-encoding": "br"}}),
    ):
        client.request(method, url, **options)
    told = [(one.method, one.route, one.status) for one in seen]
    assert told[:-5] == [
        ("POST", "/api/v1/networks", 201),
        ("POST", "/api/v1/networks/{network_id}/step", 200),
        ("GET", "/networks/{network_id}", 200),
        ("GET", "", 404),
        ("DELETE", "/examples", 405),
    ]
    assert told[-5][0] == "other"
    assert [one[:2] for one in told[-4:-2]] == [("POST", "/import"), ("POST", "/new/preview")]
    assert told[-2:] == [("GET", "", 400), ("POST", "", 415)]
    assert all(0 < one.seconds < 60 for one in seen)
    assert network.id not in repr(seen)
