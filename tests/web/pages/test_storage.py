"""What is stored: a page that says so, and a page that asks before a network is deleted."""

import threading
import time
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.support import server
from tests.web.support import Client, Network, Page, browse

RUNNING = {"HX-Request": "true", "Accept": "text/event-stream"}


def test_the_lab_leads_to_a_page_that_asks(network: Network) -> None:
    client = network.client
    link = Page(client.get(network.page).text).one("a", id="delete")
    asked = client.get(link.attrs["href"])
    page = Page(asked.text)
    assert asked.status_code == 200
    assert asked.headers["cache-control"] == "no-store"
    assert client.get(network.url).status_code == 200, "a GET deletes nothing"
    form = page.one("form", id="form-delete")
    assert form.attrs["method"] == "post"
    deleted = client.post(form.attrs["action"])
    assert (deleted.status_code, deleted.headers["location"]) == (303, "/examples")
    assert client.get(network.page).status_code == client.get(network.url).status_code == 404
    assert client.post(form.attrs["action"]).status_code == 303, "sent twice"
    assert client.get(link.attrs["href"]).status_code == 404


def test_what_is_not_stored_has_nothing_to_delete(client: Client) -> None:
    assert not Page(client.get("/examples/mazur-2-2-2").text).all(id="delete")
    assert client.post("/examples/mazur-2-2-2/delete").status_code in (404, 405)


def test_options_are_kept_on_the_way(network: Network) -> None:
    asked = Page(network.client.get(f"{network.page}/delete?theme=dark").text)
    deleted = network.client.post(asked.one("form", id="form-delete").attrs["action"])
    assert deleted.headers["location"] == "/examples?theme=dark"


def test_a_run_ends_with_its_network(tmp_path: Path) -> None:
    with server(tmp_path) as base, httpx.Client(base_url=base, trust_env=False) as http:
        for way in ("page", "api"):
            name = http.post("/api/v1/networks", json={"example": "mazur-2-2-2"}).json()["id"]
            events: list[str] = []

            def listen(name: str = name, events: list[str] = events) -> None:
                data = {"version": "1", "op": "tab.1", "count": "1000000"}
                url = f"{base}/networks/{name}/run"
                with httpx.stream(
                    "POST", url, data=data, headers=RUNNING, timeout=30, trust_env=False
                ) as answer:
                    events.extend(answer.iter_text())

            listener = threading.Thread(target=listen)
            listener.start()
            end = time.monotonic() + 20
            while not events and time.monotonic() < end:
                time.sleep(0.02)
            if way == "page":
                assert http.post(f"/networks/{name}/delete").status_code == 303
            else:
                assert http.delete(f"/api/v1/networks/{name}").status_code == 204
            listener.join(timeout=20)
            assert not listener.is_alive()
            assert "This network does not exist or has expired" in "".join(events)


def test_every_page_leads_there(client: Client) -> None:
    for url in ("/", "/lesson?theme=dark", "/examples", "/new", "/unknown", "/privacy"):
        page = Page(client.get(url, headers={"accept": "text/html"}).text)
        (link,) = (a for a in page.all("a", href="") if a.attrs["href"].startswith("/privacy"))
        assert client.get(link.attrs["href"]).status_code == 200
    assert "/privacy" not in client.get("/embed/examples/mazur-2-2-2").text


@pytest.mark.parametrize(
    ("hours", "said"),
    [(24.0, "24 hours"), (1.5, "1.5 hours"), (168.0, "7 days"), (50.0, "50 hours")],
)
def test_it_says_how_long(settings: Settings, hours: float, said: str) -> None:
    with browse(settings.model_copy(update={"network_ttl_hours": hours})) as client:
        assert f"nobody changes for {said} expires" in client.get("/privacy").text


def test_it_says_what_is_logged_and_measured(settings: Settings) -> None:
    with browse(settings) as client:
        text = client.get("/privacy").text
        assert "does not log requests" in text
        assert "It also counts" not in text
    with browse(settings.model_copy(update={"access_log": True, "metrics_port": 9})) as client:
        text = client.get("/privacy").text
        assert "logs a line for each request" in text
        assert "It also counts" in text


def test_the_privacy_page_tells_what_a_shared_store_keeps(settings: Settings) -> None:
    shared = settings.model_copy(update={"store": "valkey://127.0.0.1:1/0"})
    for one, told in ((settings, False), (shared, True)):
        with browse(one) as client:
            page = client.get("/privacy")
        assert page.status_code == 200
        assert ("a hash of the IP address" in page.text) == told
