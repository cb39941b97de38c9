"""Measurements: right numbers, bounded labels, and nothing about anybody."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.errors import StorageFull
from app.hosting.metrics import Metrics
from app.main import create_app
from app.settings import Settings
from tests.support import free_port, server
from tests.web.support import Client, Network, Watched

Values = dict[tuple[str, str], float]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def client(settings: Settings, metrics: Metrics) -> Iterator[Client]:
    app = create_app(settings, None, metrics)
    with Client(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def values(metrics: Metrics) -> Values:
    """Every value by its name and its labels, in words."""
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(generate_latest(metrics._registry).decode())
        for sample in family.samples
    }


def test_steps_and_requests_are_counted(client: Client, metrics: Metrics) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    network.do("step", {"count": 5})
    network.do("run", {"count": 100})
    network.send("back", {})
    network.submit("step")
    example = "/examples/mazur-2-2-2"
    client.post(f"{example}/step")
    client.post(f"{example}/step", data={"op": "a.1"})
    client.post(f"{example}/run", data={"count": "10"})
    client.get(f"/networks/{network.id}?open=w5")
    found = values(metrics)
    assert found["takeback_steps_total", ""] == 118
    assert (
        found["takeback_requests_total", "POST /networks/{network_id}/{command:command} 303"] == 1
    )
    assert found["takeback_requests_total", "GET /networks/{network_id} 200"] == 1
    assert found["takeback_request_seconds_count", "GET /networks/{network_id}"] == 1
    assert found["takeback_pool_places", ""] == 64
    assert found["takeback_pool_places_taken", ""] == found["takeback_runs", ""] == 0


def test_labels_are_bounded_and_name_nobody(client: Client, metrics: Metrics) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    client.get(network.page)
    before = len(values(metrics))
    for number in range(50):
        client.request(f"M{number}", f"/secret-{number}")
        client.get(f"/networks/secret-{number}?secret={number}", headers={"host": "a.example"})
        client.get(f"/static/{number}/secret.js")
    after = values(metrics)
    assert len(after) < before + 70
    text = repr(after)
    assert network.id not in text
    assert "secret" not in text


def test_refusals_and_failures_are_counted(settings: Settings, metrics: Metrics) -> None:
    class Full(Watched):
        async def save(self, *_: object, **__: object) -> Any:
            raise StorageFull

    store = Full(settings.data_dir, ttl_seconds=99, max_networks=9)
    with Client(create_app(settings, store, metrics), raise_server_exceptions=False) as client:
        network = Network(client, {"example": "mazur-2-2-2"})
        for _ in range(30):  # more than the log would write
            assert network.send("step").status_code == 507
        client.post(
            "/api/v1/networks", content=b"x" * 70_000, headers={"content-type": "application/json"}
        )
        client.post("/new", data={"table": "x" * 3_000_000})
        client.get("/", headers={"host": "a b"})
    found = values(metrics)
    assert found["takeback_events_total", "storage_full store_full"] == 30
    assert found["takeback_events_total", "body_too_large body_refused"] == 1
    assert found["takeback_events_total", "csv_bytes body_refused"] == 1
    assert found["takeback_events_total", "host_refused host_refused"] == 1


def test_the_loop_is_watched(client: Client, metrics: Metrics) -> None:
    client.get("/")
    assert ("takeback_event_loop_delay_seconds_count", "") in values(metrics)


def test_a_server_measures_on_a_port_of_its_own_alone(tmp_path: Path) -> None:
    port = free_port()
    with server(tmp_path, TAKEBACK_METRICS_PORT=str(port)) as base:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
            text = answer.read().decode()
        assert "takeback_networks 0.0" in text
        assert "process_resident_memory_bytes" in text
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/metrics", timeout=20)
