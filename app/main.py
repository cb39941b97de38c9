"""The composition root, and the command line."""

import gc
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from app.engine import numpy_backend
from app.engine.training import Backend, use
from app.errors import StorageUnavailable, TakebackError
from app.settings import KernelSetting, Settings
from app.store.base import Store
from app.store.lab_store import LabCache, LabStore
from app.store.sqlite import SqliteStore
from app.web.api import data, examples, explanations, networks
from app.web.api.openapi import components
from app.web.builder import routes
from app.web.http import assets, health
from app.web.http.assets import Assets
from app.web.http.compression import LEAST_BYTES, LEVEL
from app.web.http.pool import Pool
from app.web.http.problems import as_errors, from_status, respond
from app.web.http.security import OPEN, Envelope, security_headers
from app.web.http.templating import Templates, resource_directory
from app.web.pages import comparison, downloads, imports, lab, lab_commands, lesson, runs, share
from app.web.pages.live_runs import LiveRuns

_ROOMS = (
    networks, lab_commands, lab, runs, explanations, data, examples, comparison, downloads,
    imports, lesson, share, routes, health, assets,
)  # fmt: skip
"""The modules with routes; a step's are tried first."""


class Takeback(FastAPI):
    """FastAPI inside the Envelope, with problem details in its OpenAPI."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the Envelope around everything, Starlette's error middleware included."""
        settings: Settings = self.state.settings
        headers = security_headers(settings.frame_ancestors)
        framed = security_headers(settings.embed_ancestors) | OPEN
        inner = super().build_middleware_stack()
        return Envelope(inner, headers, framed, self._render_status, settings.root_path)

    def _render_status(self, request: Request, error: int | TakebackError) -> Response:
        error = from_status(error, request) if isinstance(error, int) else error
        return respond(request, [error], self.state.templates)

    def openapi(self) -> dict[str, Any]:
        """The API's description."""
        if self.openapi_schema is None:
            schema = super().openapi()
            schema.setdefault("components", {}).setdefault("schemas", {}).update(components())
        return super().openapi()


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """What takes the steps, and how it came to that."""

    backend: Backend
    compiled: bool = False  # whether it is the kernel
    loaded: bool = False  # whether the kernel's machine code was found ready made
    seconds: float = 0.0  # how long it took to make it ready
    failure: str = ""  # why there is no kernel, though one was wanted


def choose_backend(wanted: KernelSetting) -> BackendChoice:
    """Make a backend ready: "auto" is the kernel where it can be had; compiling takes seconds."""
    if wanted == "numpy":
        return BackendChoice(numpy_backend)
    begun = time.perf_counter()
    try:
        from app.engine.numba_backend import backend as kernel
    except Exception as error:
        # numba may be missing, too old for this Python, or unable to compile here.
        return BackendChoice(numpy_backend, failure=f"{type(error).__name__}: {error}")
    return BackendChoice(kernel, True, kernel.was_loaded(), time.perf_counter() - begun)


def create_app(settings: Settings | None = None, store: Store | None = None) -> FastAPI:
    """The whole application, by default with the environment's settings and the store they ask for.

    The store is closed when the application ends.
    """
    settings = settings or Settings()
    use(choose_backend(settings.kernel).backend)
    store = store or SqliteStore(
        settings.data_dir, ttl_seconds=settings.network_ttl_hours * 3600,
        max_networks=settings.max_networks, max_megabytes=settings.max_database_mb,
    )  # fmt: skip
    files = Assets(resource_directory("static"), settings.root_path)
    templates = Templates(resource_directory("templates"), files)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await store.close()

    app = Takeback(
        title="Takeback", version="1",
        summary="Small neural networks, step by step, every number exact.",
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
        max_body_size=settings.max_body_bytes, lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False},
    )  # fmt: skip
    app.state.store = LabStore(store, LabCache(settings.cache_networks, settings.cache_mb))
    app.state.templates = templates
    app.state.assets = files
    app.state.pool = Pool(settings.run_workers, settings.max_runs)
    app.state.runs = LiveRuns()
    app.state.settings = settings
    for module in _ROOMS:
        app.router.routes.extend(module.router.routes)
    _add_error_handlers(app, templates)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_BYTES, compresslevel=LEVEL)
    return app


def _add_error_handlers(app: FastAPI, templates: Templates) -> None:
    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return respond(request, [from_status(error.status_code, request)], templates)
        return respond(request, as_errors(error), templates)

    async def leave(*_: object) -> Response:
        return Response(status_code=503)  # nobody reads it

    app.add_exception_handler(ClientDisconnect, leave)
    for kind in (TakebackError, ValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)


def _prepare_kernel(settings: Settings) -> None:
    """Compile or load what takes steps, before anybody waits for it, and say so."""
    choice = choose_backend(settings.kernel)
    log = logging.getLogger("takeback")
    if choice.failure:
        log.warning("steps are taken by NumPy, slower: no compiled kernel: %s", choice.failure)
    elif choice.compiled:
        how = "loaded" if choice.loaded else "compiled, which only a first start does,"
        log.info("the kernel was %s in %.1f s", how, choice.seconds)


def main() -> None:
    """Serve until interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings()
    except ValidationError as error:
        raise SystemExit(f"takeback: a setting cannot be used: {error}") from None
    _prepare_kernel(settings)
    try:
        app = create_app(settings)
    except StorageUnavailable as error:
        place = settings.data_dir.resolve()
        raise SystemExit(
            f"takeback: cannot use the data directory {place}: {error.values['reason']}"
            " (one Takeback at a time may use it; TAKEBACK_DATA_DIR names another)"
        ) from None
    # A thread at work gives way to a request that comes in within 0.1 ms, not 5.
    sys.setswitchinterval(0.0001)
    # What exists by now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, http="h11", server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips, timeout_graceful_shutdown=10,
        access_log=False,  # addresses of networks are rights
        # The longest link, as it stands in the request, in HX-Current-URL and in Referer.
        h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    server = uvicorn.Server(config)
    app.state.runs.is_closing = lambda: server.should_exit
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)  # what uvicorn.run would end with


if __name__ == "__main__":
    main()
