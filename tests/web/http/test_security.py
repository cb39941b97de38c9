"""Headers: security on every answer, hosts and methods that make no sense, static files."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.errors import StorageFull, StorageUnavailable
from app.settings import Settings
from app.store.sqlite import SqliteStore
from app.web.http.assets import sent
from tests.support import ROOT, server
from tests.web.support import HTMX, Client, Network, Page, browse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
}
JSON = {"content-type": "application/json"}
ASKERS: dict[str, dict[str, str]] = {
    "browser": {"accept": "text/html"},
    "htmx": HTMX,
    "program": {"accept": "application/json"},
}


def assert_secure(answer: Any) -> None:
    """Everything that ``design/hardening.md`` asks of every answer."""
    headers = answer.headers
    directives = [part.split(maxsplit=1) for part in headers["content-security-policy"].split(";")]
    policy = dict(directives)
    assert POLICY.items() <= policy.items()
    assert not [value for value in policy.values() if "unsafe" in value or "*" in value]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "noindex" in headers["x-robots-tag"]
    assert "server" not in headers
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers
    for name in ("content-security-policy", "x-content-type-options", "content-type"):
        assert len(headers.get_list(name)) <= 1, name


# --- every status -----------------------------------------------------------------------------


def static_url(client: Client, tag: str = "script", **attrs: str) -> str:
    """The address of a static file, as the home page has it."""
    element = Page(client.get("/").text).all(tag, **attrs)[0]
    return element.attrs.get("src") or element.attrs["href"]


def requests(network: Network) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """A request for every status that the application gives: status, method, URL, options."""
    page, api = network.page, network.url
    js = static_url(network.client)
    yield 200, "GET", "/", {}
    yield 200, "GET", page, {}
    yield 200, "GET", api, {}
    yield 200, "GET", "/examples", {}
    yield 200, "GET", f"{page}/share", {}
    yield 400, "GET", "/at/1x", {}
    yield 400, "POST", "/at/1x/step", {}
    yield 200, "GET", "/api/v1/openapi.json", {}
    yield 200, "GET", "/health/live", {}
    yield 200, "GET", "/health/ready", {}
    yield 200, "GET", js, {}
    yield 200, "HEAD", js, {}
    yield 200, "HEAD", "/", {}
    yield 201, "POST", "/api/v1/networks", {"json": {"example": "mazur-2-2-2"}}
    yield 303, "POST", "/examples/mazur-2-2-2/step", {}
    yield 400, "POST", "/api/v1/networks", {"content": b"{", "headers": JSON}
    yield 404, "GET", "/unknown", {}
    yield 404, "GET", "/networks/unknown", {}
    yield 404, "GET", "/static/0/unknown.js", {}
    yield 404, "GET", "/api/v1/unknown", {}
    yield 404, "POST", "/api/v1/networks/unknown/step", {}
    yield 405, "PUT", api, {}
    yield 405, "DELETE", page, {}
    yield 405, "POST", js, {}
    yield 409, "POST", f"{page}/step", {"data": {"version": "999"}}
    yield 412, "POST", f"{api}/step", {"headers": {"if-match": '"999"'}}
    yield 413, "POST", "/api/v1/networks", {"content": b"x" * 70_000, "headers": JSON}
    yield 413, "POST", f"{page}/step", {"data": {"op": "x" * 70_000}}
    yield 413, "GET", "/", {"content": b"x" * 70_000}
    yield 415, "POST", f"{api}/step", {"content": b"x", "headers": {"content-encoding": "gzip"}}
    yield 415, "POST", f"{page}/step", {"content": b"x", "headers": {"content-encoding": "br"}}
    yield 422, "POST", "/api/v1/networks", {"json": {"spec": {}}}
    yield 422, "POST", f"{page}/step", {"data": {"version": "x"}}
    yield 422, "GET", "/?theme=pink", {}


def test_every_status_has_the_security_headers(network: Network) -> None:
    seen, wrong = set(), []
    for status, method, url, options in requests(network):
        for asker in ASKERS.values():
            sent = {**options, "headers": {**asker, **options.get("headers", {})}}
            answer = network.client.request(method, url, **sent)
            assert_secure(answer)
            expected = 200 if status == 303 and asker is HTMX else status
            if answer.status_code != expected:
                wrong.append((method, url, expected, answer.status_code))
            if answer.status_code >= 400:
                assert answer.headers["cache-control"] == "no-store"
                assert answer.headers["content-type"] in (
                    "application/problem+json",
                    "text/html; charset=utf-8",
                )
            seen.add(answer.status_code)
    assert seen >= {200, 201, 303, 400, 404, 405, 409, 412, 413, 415, 422}
    assert not wrong


class Broken(SqliteStore):
    """A store that raises whatever it is told to, whenever it is used."""

    error: Exception = RuntimeError("a secret of the server")

    async def _fail(self, *_: Any, **__: Any) -> Any:
        raise self.error

    create = load = save = check = _fail


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[tuple[Client, Broken]]:
    store = Broken(tmp_path, ttl_seconds=1, max_networks=1)
    with browse(Settings(), store) as client:
        yield client, store


ON_THE_STORE = [
    ("GET", "/networks/x"),
    ("POST", "/networks/x/step"),
    ("POST", "/examples/mazur-2-2-2/step"),
    ("GET", "/api/v1/networks/x"),
    ("POST", "/api/v1/networks/x/step"),
    ("GET", "/health/ready"),
]


@pytest.mark.parametrize("asker", ASKERS.values(), ids=ASKERS)
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("a secret of the server"), 500),
        (ValueError("a secret of the server"), 500),
        (StorageUnavailable(reason="a secret of the server"), 503),
        (StorageFull(), 507),
    ],
)
def test_a_servers_error_is_told_like_any_other(
    broken: tuple[Client, Broken], error: Exception, status: int, asker: dict[str, str]
) -> None:
    client, store = broken
    store.error = error
    for method, url in ON_THE_STORE:
        fields = {"version": "1"} if url == "/networks/x/step" else None
        answer = client.request(method, url, data=fields, headers=asker)
        assert answer.status_code == status, url
        assert_secure(answer)
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert (status == 503) == ("retry-after" in answer.headers)
        if answer.headers["content-type"] == "application/problem+json":
            assert answer.json()["status"] == status
        else:
            assert not url.startswith(("/api", "/health"))
            assert Page(answer.text).alert
            is_page = method == "GET" and "HX-Request" not in asker
            assert (">Try again</a>" in answer.text) == (status == 503 and is_page)
    looks = client.get("/networks/x/room?seen=1", headers=asker)
    assert (looks.text == "") == ("HX-Request" in asker), "who asks again says so itself"
    assert client.get("/").status_code == 200, "first paints need no store"
    assert client.get("/health/live").status_code == 200


def test_frame_ancestors_are_a_setting(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, frame_ancestors="https://course.example")
    with browse(settings) as client:
        policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors https://course.example" in policy


# --- methods and hosts ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DELETE", "get", "X" * 50])
@pytest.mark.parametrize("url", ["/", "/examples", "/api/v1/networks", "/health/live"])
def test_a_method_that_makes_no_sense_is_refused(client: Client, url: str, method: str) -> None:
    for asker in ASKERS.values():
        answer = client.request(method, url, headers={**asker, "x-echo": "echo-marker"})
        assert answer.status_code in (405, 501) or (method == "get" and answer.status_code == 200)
        assert_secure(answer)
        assert "echo-marker" not in answer.text


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [
        ("DELETE", "/", "GET"),
        ("DELETE", "/api/v1/networks", "POST"),
        ("GET", "/api/v1/networks/x/step", "POST"),
        ("PUT", "/api/v1/networks/x", "PATCH"),
        ("PUT", "/api/v1/networks/x", "GET"),
    ],
)
def test_405_says_which_methods_are_allowed(
    client: Client, method: str, url: str, allowed: str
) -> None:
    answer = client.request(method, url)
    assert answer.status_code == 405
    assert allowed in answer.headers["allow"]


HOSTS = [
    "evil.example", "evil.example:99999", "evil.example/path", "a b", "[::1", "", "x" * 5000,
    "evil.example\t", "127.0.0.1:abc", "<script>",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS, ids=range(len(HOSTS)))
def test_a_hostile_host_changes_no_address(client: Client, host: str) -> None:
    for method, url in [
        ("GET", "/"),
        ("GET", "/examples/"),
        ("POST", "/examples/mazur-2-2-2/step"),
        ("POST", "/api/v1/networks"),
        ("GET", "/unknown"),
    ]:
        body = b'{"example": "mazur-2-2-2"}' if url.startswith("/api") else None
        headers = {"host": host, "x-forwarded-host": "evil.example", **(JSON if body else {})}
        answer = client.request(method, url, headers=headers, content=body)
        assert answer.status_code < 500
        assert_secure(answer)
        assert "evil.example" not in answer.text
        location = urlsplit(answer.headers.get("location", ""))
        assert (location.scheme, location.netloc) == ("", "")


def talk(base: str, *lines: str) -> bytes:
    """What a server answers to raw lines; nothing if it hangs up."""
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        answer = b""
        try:
            connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
            while received := connection.recv(65536):
                answer += received
        except ConnectionError:
            pass  # It has heard enough.
        return answer


def test_what_no_client_library_would_send(tmp_path: Path) -> None:
    with server(tmp_path) as base:
        (js,) = re.findall(r'src="(/static/[^"]+/app\.js)"', talk(base, "GET / HTTP/1.0").decode())
        traversals = [
            "/../../../../../../etc/passwd",
            "/static/x/../../../../../../etc/passwd",
            "/static/x/..%2f..%2f..%2f..%2fetc%2fpasswd",
            "/static/x/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/static/x//etc/passwd",
            "/static/x/..\\..\\app\\main.py",
            "/static/x/css/../../app/main.py",
            "/static/x/app.js%00.css",
            "/static/x/%c0%ae%c0%ae/app.js",
            "//etc/passwd",
        ]
        for path in traversals:
            answer = talk(base, f"GET {path} HTTP/1.1", "Host: a")
            assert answer.startswith(b"HTTP/1.1 404 "), path
            assert b"root:" not in answer
            assert b"content-security-policy" in answer.lower()
        for lines in [
            ("TRACE / HTTP/1.1", "Host: a", "X-Secret: echo-marker"),
            ("CONNECT evil.example:443 HTTP/1.1", "Host: a"),
            ("GET http://evil.example/ HTTP/1.1", "Host: evil.example"),
            ("GET / HTTP/1.1", "Host: evil.example\x01"),
            ("GET / HTTP/1.1",),
            ("GET / HTTP/9.9", "Host: a"),
            ("GET / HTTP/1.1", "Host: a", "X: " + "y" * 200_000),
            ("POST /api/v1/networks HTTP/1.1", "Host: a", "Content-Length: -1"),
            ("POST /api/v1/networks HTTP/1.1", "Host: a", "Content-Length: 9" + "9" * 30),
            ("POST /api/v1/networks HTTP/1.1", "Host: a", "Transfer-Encoding: gzip"),
            ("\x16\x03\x01 hello",),
        ]:
            answer = talk(base, *lines)
            assert not answer or int(answer.split()[1]) in (200, 400, 404, 405, 431, 501), lines[0]
            assert b"echo-marker" not in answer
            assert b"\r\nserver:" not in answer.lower()
        answer = talk(base, "OPTIONS * HTTP/1.1", "Host: a")
        assert answer.startswith(b"HTTP/1.1 204 ")
        assert b"allow: get, head, post" in answer.lower()
        head = talk(base, f"HEAD {js} HTTP/1.1", "Host: a")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert head.endswith(b"\r\n\r\n"), "no body"


# --- static files -----------------------------------------------------------------------------

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = re.compile(r"public, max-age=\d{1,3}|no-cache")


def static_urls(client: Client) -> set[str]:
    """Every static file that a page loads."""
    page = Page(client.get("/").text)
    urls = [e.attrs.get("src") or e.attrs["href"] for e in page.all("script") + page.all("link")]
    assert len(urls) >= 4
    return set(urls)


TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def get(client: Client, url: str, accept_encoding: str) -> Any:
    """An answer; its content is unpacked, its content-length is what was sent."""
    return client.get(url, headers={"accept-encoding": accept_encoding})


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity", ""])
def test_static_files_are_kept_for_ever_in_every_encoding(client: Client, encoding: str) -> None:
    for url in static_urls(client):
        name = url.split("/", 3)[3]
        answer = get(client, url, encoding)
        assert answer.headers["cache-control"] == FOREVER
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert answer.headers["content-type"].split(";")[0] == TYPES[name.rsplit(".")[-1]]
        if name != "app.css":
            assert answer.content == sent(name, (ROOT / "static" / name).read_bytes())
        if encoding in ("br", "gzip") and len(answer.content) > 1024:
            assert answer.headers["content-encoding"] == encoding
            assert int(answer.headers["content-length"]) < 0.6 * len(answer.content)
        assert_secure(answer)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0", None),
        ("gzip;q=0.5", "gzip"),
        ("identity", None),
        ("zstd", None),
    ],
)
def test_an_encoding_that_is_not_accepted_is_not_sent(
    client: Client, accepted: str, expected: str | None
) -> None:
    answer = get(client, static_url(client), accepted)
    assert answer.headers.get("content-encoding") == expected


def test_an_old_fingerprint_is_served_but_not_kept(client: Client) -> None:
    for url in static_urls(client):
        fingerprint = url.split("/")[2]
        answer = client.get(url.replace(fingerprint, "0" * len(fingerprint)))
        assert answer.content == client.get(url).content
        assert BRIEFLY.fullmatch(answer.headers["cache-control"])


@pytest.mark.parametrize(
    "path", ["", "/", "/x", "/x/", "/x/css", "/x/css/", "/x/.", "/x/..", "/x/%2e"]
)
def test_a_directory_is_not_found(client: Client, path: str) -> None:
    answer = client.get(f"/static{path}")
    assert answer.status_code == 404
    assert_secure(answer)


def test_pages_are_compressed(client: Client) -> None:
    for url in ("/", "/examples", "/api/v1/openapi.json"):
        answer = get(client, url, "gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert int(answer.headers["content-length"]) < 0.5 * len(answer.content)
        for refused in ("identity", "gzip;q=0", "br, gzip; q=0.000"):
            answer = get(client, url, refused)
            assert "content-encoding" not in answer.headers
            assert "accept-encoding" in answer.headers["vary"].lower()


def test_the_first_load_is_small(client: Client) -> None:
    sizes = {
        url: int(get(client, url, "br, gzip").headers["content-length"])
        for url in ["/", *static_urls(client)]
    }
    headers = 750
    assert len(sizes) <= 8
    assert sum(sizes.values()) + len(sizes) * headers <= 60_000, sizes
