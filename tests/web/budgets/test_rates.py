"""How many requests may come from one address."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from limits.storage import MemoryStorage
from starlette.requests import Request

from app.errors import TooManyRequests
from app.settings import Settings
from app.web.budgets.rates import Quota, Rates, counted_address
from app.web.http.application import client_of
from tests.support import server
from tests.web.support import HTMX, Client, Network, Page, browse, run_async

EXAMPLE = {"example": "mazur-2-2-2"}


def made(text: str) -> Rates:
    return Rates(MemoryStorage(), dict.fromkeys(Quota, text))


def spend(rates: Rates, client: str, quota: Quota = Quota.RUN) -> int:
    """How long to wait; 0 if the request is granted."""
    try:
        run_async(rates.spend, quota, client)
    except TooManyRequests as error:
        return int(str(error.values["retry_after"]))
    return 0


def test_each_client_and_each_quota_is_counted_alone() -> None:
    rates = made("2/hour")
    assert [spend(rates, "a") for _ in range(2)] == [0, 0]
    assert 3590 < spend(rates, "a") <= 3600
    assert spend(rates, "b") == 0
    assert spend(rates, "a", Quota.IMPORT) == 0


def test_who_waits_as_long_as_was_said_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rates, real = made("2/minute; 3/hour"), time.time
    assert [spend(rates, "a"), spend(rates, "a")] == [0, 0]
    wait = spend(rates, "a")
    assert 50 < wait <= 60
    monkeypatch.setattr(time, "time", lambda: real() + wait)
    assert spend(rates, "a") == 0
    assert 3400 < spend(rates, "a") <= 3600


def test_a_clock_that_is_set_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rates, real = made("1/minute"), time.time
    assert spend(rates, "a") == 0
    monkeypatch.setattr(time, "time", lambda: real() - 25 * 3600)
    assert spend(rates, "a") == 0


def test_an_empty_setting_is_no_limit() -> None:
    rates = made("")
    assert not any(spend(rates, "a") for _ in range(100))


def test_addresses_are_told_apart_and_not_kept() -> None:
    rates = made("1/hour")
    same = [
        "2001:db8:1:2::1",
        "2001:db8:1:2:ffff::9",
        "2001:DB8:1:2:3:4:5:6",
        "2001:db8:1:2::%eth0",
    ]
    assert len({rates.client(host) for host in same}) == 1
    others = [*same[:1], "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2", "", "testclient", "\ud800"]
    assert len({rates.client(host) for host in others}) == len(others)
    assert rates.client("::ffff:192.0.2.1") == rates.client("192.0.2.1")
    assert rates.client("192.0.2.1") != made("1/hour").client("192.0.2.1"), "another start"
    assert "192.0.2.1" not in rates.client("192.0.2.1")


# --- over HTTP ------------------------------------------------------------------------------------


@pytest.fixture
def limited(settings: Settings) -> Iterator[Client]:
    """An application that grants an address two of each an hour."""
    rates = dict.fromkeys(("network_rate", "run_rate", "import_rate", "picture_rate"), "2/hour")
    with browse(settings.model_copy(update=rates)) as client:
        yield client


def new_network(client: Client) -> Any:
    return client.post("/api/v1/networks", json=EXAMPLE)


def first_step(client: Client) -> Any:
    return client.post("/examples/mazur-2-2-2/step")


def built(client: Client) -> Any:
    return client.post("/new", data={"dataset": "xor"})


def linked(client: Client) -> Any:
    return client.post("/api/v1/links", json={"link": "1hHKQw2YaxDago8yMzc0NagE"})


@pytest.mark.parametrize("create", [new_network, first_step, built, linked])
def test_networks_are_counted_whatever_creates_them(
    limited: Client, create: Callable[[Client], Any]
) -> None:
    assert {create(limited).status_code for _ in range(2)} <= {201, 303}
    for refused in (create(limited), first_step(limited)):
        assert refused.status_code == 429
        assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert limited.post("/examples/mazur-2-2-2/run", data={"count": "2"}).status_code == 429


def test_runs_imports_and_pictures_are_counted(limited: Client) -> None:
    network = Network(limited, EXAMPLE)
    export = limited.get(f"{network.url}/export").json()
    runs = [network.send("run", {"count": 2}).status_code for _ in range(3)]
    assert runs == [200, 200, 429]
    assert network.submit("run", count="2").status_code == 429
    pictures = [limited.get(f"{network.page}/export/diagram.png").status_code for _ in range(3)]
    assert pictures == [200, 200, 429]
    files = {"file": ("a.json", b"{}", "application/json")}
    assert limited.post("/import", files=files).status_code == 422
    for status in (201, 429):
        assert limited.post("/api/v1/networks", json={"export": export}).status_code == status
    assert limited.post("/import", files=files).status_code == 429
    for command in ("step", "take-back", "step", "forward"):
        network.do(command)  # what is no run is not counted


def test_a_refusal_says_what_is_wrong_on_a_page_and_in_json(limited: Client) -> None:
    for _ in range(2):
        first_step(limited)
    page = Page(first_step(limited).text)
    assert "2 requests of this kind in 1 hour" in page.alert
    assert page.all("form", id="commands"), "the page that the form is on"
    fragment = limited.post("/examples/mazur-2-2-2/step", headers=HTMX)
    assert (fragment.status_code, "1 hour" in Page(fragment.text).alert) == (429, True)
    problem = new_network(limited).json()
    assert (problem["code"], problem["title"]) == ("too_many_requests", "Too many requests")


IMPORTED = {"text": '{"format": "takeback-network"'}


def test_a_page_with_a_form_says_so_itself_and_keeps_what_was_typed(limited: Client) -> None:
    """The import's page, the builder's and the homework's, by their own limits or by others'."""
    files = {"file": ("", b"")}
    assert [limited.post("/import", data=IMPORTED, files=files).status_code for _ in "12"] == [
        400
    ] * 2
    assert [built(limited).status_code for _ in "12"] == [303] * 2
    homework = {"layers": "2-1", "w1": "0.25"}
    for answer, kept in (
        (limited.post("/import", data=IMPORTED, files=files), IMPORTED["text"]),
        (limited.post("/new", data={"dataset": "xor", "learning_rate": "0.125"}), 'value="0.125"'),
        (limited.post("/new/homework", data=homework), 'value="0.25"'),
    ):
        page = Page(answer.text)
        assert answer.status_code == 429
        assert 3500 < int(answer.headers["retry-after"]) <= 3600
        assert "2 requests of this kind in 1 hour" in page.alert
        assert page.all("form", method="post"), "the page that the form is on"
        assert kept in answer.text or kept in page.one("textarea").text
    large = {"text": "[" * 70_000}
    refused = limited.post("/import", data=large, files=files)
    assert (refused.status_code, "[[[" in refused.text) == (429, False)


def test_a_class_behind_one_address_is_not_refused(client: Client) -> None:
    """300 students who begin at once, several networks and a run each, by the defaults."""
    rates: Rates = client.app.state.rates  # type: ignore[attr-defined]
    school = rates.client("192.0.2.1")
    for quota, each in {Quota.NETWORK: 6, Quota.RUN: 8, Quota.IMPORT: 2, Quota.PICTURE: 2}.items():
        assert not any(spend(rates, school, quota) for _ in range(300 * each))


def test_a_full_store_tells_everybody_when_there_is_room(settings: Settings) -> None:
    with browse(settings.model_copy(update={"max_networks": 2})) as client:
        names = [new_network(client).json()["id"] for _ in range(2)]
        refused, ready = new_network(client), client.get("/health/ready")
        for answer in (refused, ready):
            assert (answer.status_code, answer.json()["code"]) == (503, "capacity")
            assert 7100 < int(answer.headers["retry-after"]) <= 7200, "untouched ones go first"
        page = first_step(client)
        assert page.status_code == 503
        assert 7100 < int(page.headers["retry-after"]) <= 7200
        assert client.post(f"/api/v1/networks/{names[0]}/step").status_code == 200
        assert client.delete(f"/api/v1/networks/{names[1]}").status_code == 204
        assert client.get("/health/ready").status_code == 200
        assert new_network(client).status_code == 201


@pytest.mark.parametrize("trusted", [True, False])
def test_a_proxys_word_for_the_address_counts(tmp_path: Path, trusted: bool) -> None:
    import httpx

    allowed = "127.0.0.1" if trusted else "192.0.2.99"
    settings = {"TAKEBACK_NETWORK_RATE": "2/hour", "TAKEBACK_FORWARDED_ALLOW_IPS": allowed}
    with server(tmp_path, **settings) as base, httpx.Client(base_url=base, trust_env=False) as http:
        found = [
            http.post(
                "/api/v1/networks", json=EXAMPLE, headers={"x-forwarded-for": f"192.0.2.{last}"}
            ).status_code
            for last in (1, 1, 1, 2, 2, 2)
        ]
    assert found == [201, 201, 429, 201, 201, 429] if trusted else [201, 201, 429, 429, 429, 429]


@pytest.mark.parametrize(
    ("host", "counted", "site"),
    [
        ("10.0.0.1", "10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"), ("", "", ""),
        ("2001:db8:0:7::2", "2001:db8:0:7::/64", "2001:db8::/48"),
    ],
)  # fmt: skip
def test_an_address_counts_the_same_everywhere(host: str, counted: str, site: str) -> None:
    """Two people of IPv4 on a socket of IPv6 are two, in rates and in turns."""
    assert counted_address(host) == counted
    scope = {"type": "http", "client": (host, 1), "path_params": {}}
    assert client_of(Request(scope)).address == site


def test_a_whole_network_of_ipv6_fills_no_store(tmp_path: Path) -> None:
    with browse(Settings(data_dir=tmp_path, max_networks=25)) as client:

        def created(host: str) -> int:
            client._transport.client = (host, 50000)
            return int(client.post("/api/v1/networks", json=EXAMPLE).status_code)

        statuses = [created(f"2001:db8:1:{net:x}::1") for net in range(30)]
        assert statuses == [201] * 20 + [503] * 10
        assert created("2001:db8:2::1") == created("192.0.2.1") == 201
