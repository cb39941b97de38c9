"""Hosts that are answered, and what links say."""

import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.web.http.test_security import ASKERS, assert_secure
from tests.web.support import browse

SHARE = "/examples/mazur-2-2-2/share"


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("*", "anything.example", 200),
        ("*", "[::1]:8000", 200),
        ("*", "a b", 400),
        ("*", "a/b", 400),
        ("*", "user@a.example", 400),
        ("*", "a.example:99x", 400),
        ("*", "", 400),
        ("*", "a." * 127 + "ab:65535", 400),
        ("*", "a." * 126 + "a:65535", 200),
        ("lab.example", "lab.example", 200),
        ("lab.example", "LAB.example:8443", 200),
        ("lab.example", "127.0.0.1:8000", 200),
        ("lab.example", "localhost", 200),
        ("lab.example", "evil.example", 400),
        ("lab.example", "lab.example.evil.example", 400),
        ("lab.example", "www.lab.example", 400),
        ("lab.example, *.b.example", "x.b.example", 200),
        ("lab.example, *.b.example", "xb.example", 400),
    ],
)
def test_a_host_is_answered_or_refused(
    settings: Settings, allowed: str, host: str, status: int
) -> None:
    with browse(settings.model_copy(update={"allowed_hosts": allowed})) as client:
        for url in ("/", "/api/v1/examples", "/static/x/app.js", "/embed/examples/mazur-2-2-2"):
            answer = client.get(url, headers={"host": host})
            assert (answer.status_code == 400) == (status == 400), url
        for asker in ASKERS.values():
            answer = client.get(SHARE, headers={"host": host, **asker})
            assert answer.status_code == status
            assert_secure(answer)
            assert status == 200 or "evil" not in answer.text
            if status == 400 and "json" in answer.headers["content-type"]:
                assert answer.json()["code"] == "host_refused"


def test_links_say_the_public_address(settings: Settings) -> None:
    changes = {"public_url": "https://lab.example/takeback", "root_path": "/takeback"}
    with browse(settings.model_copy(update=changes)) as client:
        for host in ("evil.example", "lab.example"):
            text = client.get(f"/takeback{SHARE}", headers={"host": host}).text
            assert "https://lab.example/takeback/at/1" in text
            assert "https://lab.example/takeback/embed/at/1" in text
            assert "evil" not in text
    strict = settings.model_copy(update={**changes, "allowed_hosts": "other.example"})
    with browse(strict) as client:
        assert client.get("/takeback/", headers={"host": "lab.example"}).status_code == 200
        assert client.get("/takeback/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"allowed_hosts": "a b"},
        {"allowed_hosts": "*a.example"},
        {"allowed_hosts": "a.*"},
        {"allowed_hosts": ""},
        {"public_url": "lab.example"},
        {"public_url": "https://lab.example/"},
        {"public_url": "https://lab.example?x"},
        {"public_url": "javascript:alert(1)"},
        {"public_url": "https://u:p@lab.example"},
    ],
)
def test_settings_that_are_none_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**changes)  # type: ignore[arg-type]
