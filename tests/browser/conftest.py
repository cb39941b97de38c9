"""A real Chromium against a real server; every page is watched for errors and foreign requests.

Playwright runs an event loop of its own, so it ends with this package: other tests have theirs.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.profiles import Kept, Profiles, Watch
from tests.support import launch, server

__all__ = ["Watch"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What fails here is tried once more, and said so: a browser may wait for a processor."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


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
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium."""
    started = launch(playwright)
    yield started
    started.close()


@pytest.fixture(scope="package")
def kept(chromium: Browser) -> Kept:
    """The pages that go from test to test."""
    return Kept(chromium)


@pytest.fixture
def watch(base: str) -> Iterator[Watch]:
    """Fails the test if a page logged an error or asked another host."""
    watching = Watch()
    yield watching
    watching.assert_clean(base)


@pytest.fixture
def browser(kept: Kept, watch: Watch) -> Iterator[Profiles]:
    """Chromium, as far as a test needs it: profiles and their pages."""
    profiles = Profiles(kept, watch)
    yield profiles
    profiles.close()


@pytest.fixture
def page(browser: Profiles, watch: Watch) -> Page:
    """A watched page at laptop size."""
    clean = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    watch.on(clean)
    return clean
