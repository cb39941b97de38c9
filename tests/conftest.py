"""Fixtures for the whole suite: an application on an empty store, and a network in it."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest

import app.main
from app.engine.training import use
from app.settings import Settings
from app.web.http.assets import Assets
from app.web.http.templating import Templates
from tests.valkey_server import KeyServer, key_server
from tests.web.support import Client, Network, browse

# An example that had to wait for a processor shows no fault.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What is there by now stays: the collector need not go through it again, nor look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _choose_arithmetic() -> None:
    """TAKEBACK_KERNEL=numpy tests all of it without the kernel."""
    use(app.main.choose_backend(Settings().kernel).backend)


@pytest.fixture(scope="session", autouse=True)
def _compile_once() -> Iterator[None]:
    """Static files and templates do not change meanwhile: the tests' applications share them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.main, "Assets", cache(Assets))
        patch.setattr(app.main, "Templates", cache(Templates))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data directory of the test's own."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """An HTTP client of the application; redirects are not followed."""
    with browse(settings) as client:
        yield client


@pytest.fixture
def network(client: Client) -> Network:
    """A network from Mazur's example."""
    return Network(client, {"example": "mazur-2-2-2"})


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyServer]:
    """A server that processes share."""
    with key_server(tmp_path_factory.mktemp("keys")) as server:
        yield server
