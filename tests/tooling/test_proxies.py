"""Takeback behind a real Caddy and a real nginx, where these are installed."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app.settings import Settings
from app.web.http.routing import MAX_TABLE_BYTES
from app.web.networks.bodies import MAX_RUN as MOST_STEPS
from app.web.pages.live_runs import FRAME_SECONDS
from tests.support import free_port
from tests.tooling.proxies import SUBPATH, Front, front, needs, proxy
from tests.web.support import HTMX, Page

STREAM = {**HTMX, "Accept": "text/html, text/event-stream"}
BODY = Settings.model_fields["max_body_bytes"].default
IMPORT = Settings.model_fields["max_import_bytes"].default
LINK = "1hHKQw2YaxDago8yMzc0NagE"


@pytest.fixture(scope="module", params=["caddy", "caddy/takeback", "nginx", "nginx/takeback"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    kind, _, path = request.param.partition("/")
    with front(kind, SUBPATH if path else "", tmp_path_factory.mktemp(kind)) as site:
        yield site


def created(site: Front) -> str:
    answer = site.client.post(f"{site.path}/api/v1/networks", json={"example": "mazur-2-2-2"})
    assert answer.status_code == 201, answer.text
    network: str = answer.json()["id"]
    return network


def fields(answer: httpx.Response) -> dict[str, str]:
    return Page(answer.text).fields("commands")


def test_a_page_its_files_and_its_forms_work(site: Front) -> None:
    answer = site.client.get(f"{site.path}/examples/mazur-2-2-2")
    assert answer.status_code == 200
    page = Page(answer.text)
    files = [link.attrs["href"] for link in page.all("link", rel="stylesheet")]
    files += [script.attrs["src"] for script in page.all("script") if "src" in script.attrs]
    assert len(files) > 1
    for file in files:
        assert file.startswith(f"{site.path}/static/")
        assert site.client.get(file).status_code == 200
    step = page.one("form", id="commands").attrs["action"]
    answer = site.client.post(step, data=page.fields("commands"))
    assert answer.status_code == 303
    there = httpx.URL(answer.headers["location"])
    assert there.path.startswith(f"{site.path}/networks/")
    assert "Step 1" in site.client.get(there).text


def test_a_share_link_names_the_site_that_the_reader_sees(site: Front) -> None:
    forged = {"X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.example"}
    answer = site.client.get(f"{site.path}/examples/mazur-2-2-2/share", headers=forged)
    link = Page(answer.text).one("textarea", id="share-link").text
    assert link.startswith(f"{site.site}/at/1")
    assert site.client.get(link).status_code == 200


def test_a_path_alone_leads_to_its_page_and_the_rest_of_the_host_is_others(site: Front) -> None:
    if not site.path:
        assert site.client.get("/").status_code == 200
        return
    assert site.client.get(site.path).headers["location"].endswith(f"{site.path}/")
    assert site.client.get(f"{site.path}/").status_code == 200
    assert site.client.get("/examples").status_code == 404


def test_a_frame_may_be_shown_by_other_sites_and_nothing_else_may(site: Front) -> None:
    framed = site.client.get(f"{site.path}/embed/at/{LINK}")
    assert framed.status_code == 200
    assert "frame-ancestors" not in framed.headers["content-security-policy"]
    plain = site.client.get(f"{site.path}/at/{LINK}")
    assert "frame-ancestors 'self'" in plain.headers["content-security-policy"]


def test_every_answer_asks_for_tls_from_now_on(site: Front) -> None:
    for path in ("/", "/networks/unknown", "/static/none"):
        answer = site.client.get(site.path + path)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_run_arrives_frame_by_frame(site: Front) -> None:
    """Were frames held back, the first would come when the run is over, and none could stop it."""
    network = created(site)
    page = f"{site.path}/networks/{network}"
    version = fields(site.client.get(page))["version"]
    data = {"version": version, "op": "tab.1", "count": str(MOST_STEPS)}
    moments = []
    with site.client.stream("POST", f"{page}/run", data=data, headers=STREAM) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            moments += [] if line else [time.monotonic()]  # an empty line ends an event
            if not line and len(moments) == 4:
                site.client.post(f"{page}/stop", data={"op": "other.1"})
    assert moments[3] - moments[1] > FRAME_SECONDS / 2
    state: Any = site.client.get(f"{site.path}/api/v1/networks/{network}").json()
    assert 0 < state["step"] < MOST_STEPS


def test_a_body_is_as_large_as_the_settings_allow(site: Front) -> None:
    """The program answers up to the limit, the proxy beyond it."""
    network = created(site)
    networks = f"{site.path}/api/v1/networks"
    exported = site.client.get(f"{networks}/{network}/export").content
    headers = {"Content-Type": "application/json"}
    for address, body, most in (
        (f"{networks}/{network}/step", b"{}", BODY),
        (networks, b'{"export":%b}' % exported, IMPORT),
        (f"{site.path}/api/v1/tables", b'{"csv":"a,b\\n1,2\\n3,5\\n4,4"}', 2 * MAX_TABLE_BYTES),
    ):
        full = body.rjust(most)
        answer = site.client.post(address, content=full, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        assert answer_to_announced(site, address, most + 2 * BODY) == 413
    form = {"file": ("network.json", exported.rjust(IMPORT))}
    assert site.client.post(f"{site.path}/import", files=form).status_code == 303


def answer_to_announced(site: Front, address: str, size: int) -> int:
    """The status of the answer to a body that is announced and sent without end."""
    host, port = urlsplit(site.site).hostname, urlsplit(site.site).port
    assert host
    context = ssl._create_unverified_context()
    with (
        socket.create_connection((host, port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        head = f"POST {address} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {size}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode())
        # Caddy notices while it reads.
        for _ in range(size // 65536 + 1):
            try:
                connection.sendall(b" " * 65536)
            except OSError:
                break
        return int(connection.recv(4096).split()[1])


def test_the_longest_link_comes_through(site: Front) -> None:
    link = f"{site.site}/at/1" + "A" * 7999
    answer = site.client.post(
        f"{link}/step",
        headers={"HX-Current-URL": link, "Referer": link, "Accept": "application/json"},
    )
    assert answer.json()["code"] == "link_damaged"


def test_what_a_proxy_writes_holds_no_address_of_a_network(site: Front) -> None:
    network = created(site)
    addresses = [
        f"{prefix}{kind}/{network}{rest}"
        for prefix in (site.path, f"{site.path}/", f"/.{site.path}", "", "/")
        for kind in ("/networks", "/embed/networks", "/api/v1/networks", "/%6eetworks", "/x")
        for rest in ("", "/step", "?open=w1", "/export/network.json")
    ]
    for address in addresses:
        site.client.get(address, headers={"Referer": f"{site.site}/networks/{network}"})
        site.client.post(address, data={"a": "b"}, headers={"HX-Current-URL": address})
    page = f"{site.path}/networks/{network}"
    assert site.client.get(page).status_code == 200
    assert answer_to_announced(site, f"{page}/step", 3 * BODY) == 413
    site.client.get(f"{site.path}/at/{LINK}?network={network}")
    time.sleep(0.2)
    log = site.log()
    assert network not in log
    assert LINK not in log
    assert log.count("POST") >= len(addresses) // 2  # there is a log
    assert "networks" in log


@pytest.mark.parametrize("kind", ["caddy", "nginx"])
def test_no_address_is_written_while_takeback_is_down(kind: str, tmp_path: Path) -> None:
    needs(kind)
    with proxy(kind, "", tmp_path, f"http://127.0.0.1:{free_port()}") as site:
        answer = site.client.post("/networks/AbCdEfGhIjKl/step", headers={"Referer": "/at/AbCdEf"})
        assert answer.status_code == 502
        time.sleep(0.2)
        assert "502" in site.log()
        assert "AbC" not in site.log()
