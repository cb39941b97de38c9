"""Measurements for Prometheus, on a port of their own. No label names a network or a person."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)

from app.web.http.observation import Answer

_DURATIONS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
_DELAYS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_LOOK_SECONDS = 0.25


class Metrics:
    """What is measured, from the application's beginning to its end."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "takeback_requests", "Requests answered; 499: nobody waited for the answer",
            ("method", "route", "status"), registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "takeback_request_seconds", "From a request's head to the end of its answer",
            ("method", "route"), buckets=_DURATIONS, registry=self._registry,
        )  # fmt: skip
        self._steps = Counter("takeback_steps", "Steps taken", registry=self._registry)
        self._delay = Histogram(
            "takeback_event_loop_delay_seconds", "How late the event loop comes to what is due",
            buckets=_DELAYS, registry=self._registry,
        )  # fmt: skip
        self._events = Counter(
            "takeback_events", "Refusals and failures, as the log names them", ("event", "code"),
            registry=self._registry,
        )  # fmt: skip

    def observe(self, answer: Answer) -> None:
        """Count an answer."""
        route = answer.route or "none"
        self._requests.labels(answer.method, route, str(answer.status)).inc()
        self._seconds.labels(answer.method, route).observe(answer.seconds)

    def gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        """Measure ``value`` whenever somebody asks."""
        Gauge(f"takeback_{name}", text, registry=self._registry).set_function(value)

    def count_steps(self, count: int) -> None:
        """Count steps by which a network moved on."""
        self._steps.inc(count)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Count what is logged as an event, and measure the event loop's delay, for a while."""
        log, events = logging.getLogger("takeback"), _EventCounter(self._events)
        log.addHandler(events)
        loop = asyncio.ensure_future(self._watch_the_loop())
        try:
            yield
        finally:
            loop.cancel()
            log.removeHandler(events)

    async def _watch_the_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LOOK_SECONDS
            await asyncio.sleep(_LOOK_SECONDS)
            self._delay.observe(max(0.0, loop.time() - due))

    def serve(self, host: str, port: int) -> None:
        """Answer Prometheus in a thread from now on."""
        server, _ = start_http_server(port, host, self._registry)
        server.RequestHandlerClass = _Scrape


class _Scrape(WSGIRequestHandler):
    """One request to the port of measurements; who says nothing is not waited for."""

    timeout = 10

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _EventCounter(logging.Handler):
    def __init__(self, events: Counter) -> None:
        super().__init__()
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", "request")
        if event != "request":
            self._events.labels(event, getattr(record, "code", "")).inc()
