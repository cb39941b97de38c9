"""The page that says what is kept follows the settings."""

import pytest

from app.settings import Settings
from tests.web.support import Client, Page, browse


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
