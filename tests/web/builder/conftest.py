"""One application for all tests of a module, whose store counts what is written."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.web.support import Client, Watched, browse


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The store behind ``client``."""
    return Watched(tmp_path_factory.mktemp("data"), ttl_seconds=1e6, max_networks=10_000)


@pytest.fixture(scope="module")
def client(store: Watched) -> Iterator[Client]:
    """An HTTP client of the application."""
    with browse(Settings(), store) as client:
        yield client
