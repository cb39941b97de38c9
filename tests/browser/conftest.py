"""A real Chromium against a real server; every page is watched for errors and foreign requests.

Playwright runs an event loop of its own, so it ends with this package: other tests have theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.support import launch, server


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    data: Path = tmp_path_factory.mktemp("browser-data")
    with server(data) as url:
        yield url


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium."""
    started = launch(playwright)
    yield started
    started.close()


@dataclass
class Watch:
    """What went wrong on a page, and where it sent requests."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Watch ``page``."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind in ("error", "warning"):
            self.errors.append(f"{kind}: {text}")

    def _request(self, url: str) -> None:
        self.requests.append(url)
        self.hosts.add(urlsplit(url).netloc)


@pytest.fixture
def watch(base: str) -> Iterator[Watch]:
    """Fails the test if a page logged an error or asked another host."""
    watching = Watch()
    yield watching
    assert watching.errors == []
    assert watching.hosts <= {urlsplit(base).netloc}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile at laptop size."""
    fresh = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A watched page."""
    fresh = context.new_page()
    watch.on(fresh)
    return fresh
