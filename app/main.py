"""The composition root, and the command line."""

import logging
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from limits.aio.storage import RedisStorage
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from app.engine import numpy_backend
from app.engine.training import Backend, use
from app.errors import ClassOver, HostRefused, TakebackError
from app.hosting.arguments import quiet_pipe, read_arguments
from app.hosting.backup import copied
from app.hosting.check import Finding, check, check_refused
from app.hosting.logs import log_answer
from app.hosting.metrics import Metrics
from app.hosting.serving import Parts, serve
from app.settings import KernelSetting, Settings, overview, unusable
from app.store.base import Store
from app.store.classrooms import ClassroomRegister
from app.store.lab_store import LabCache, LabStore
from app.store.sqlite import SqliteStore
from app.store.sqlite_classrooms import SqliteClassrooms
from app.store.valkey import ValkeyStore
from app.store.valkey_classrooms import ValkeyClassrooms
from app.store.valkey_runs import ValkeyPlaces, ValkeyRuns
from app.store.valkey_server import PREFIX, ValkeyServer
from app.web.api import data, examples, explanations, networks
from app.web.api.openapi import components
from app.web.budgets.admission import Admission
from app.web.budgets.counts import Counts
from app.web.budgets.pool import Pool
from app.web.budgets.rates import Quota, Rates
from app.web.builder import homework, routes
from app.web.classroom import answering, asking, desk, followed_page, join, moving, watch
from app.web.classroom.desk_context import left_desk
from app.web.http import assets, health
from app.web.http.assets import Assets
from app.web.http.compression import LEAST_BYTES, LEVEL, Compression
from app.web.http.hosts import AllowedHosts
from app.web.http.housekeeping import housekeeping
from app.web.http.observation import Observed, Observer
from app.web.http.problems import as_errors, from_status, respond
from app.web.http.security import ISOLATED, OPEN, Envelope, security_headers
from app.web.http.templating import Templates, resource_directory
from app.web.networks.audiences import Classes
from app.web.pages import (
    comparison,
    downloads,
    imports,
    lab,
    lab_commands,
    lesson,
    runs,
    share,
    storage,
)
from app.web.pages.lab_answers import Refusal, refused
from app.web.pages.live_runs import LiveRuns

_ROOMS = (
    networks, explanations, lab_commands, lab, runs, data, examples, comparison, downloads,
    imports, lesson, share, storage, routes, homework, asking, desk, moving, answering, watch, join,
    health, assets,
)  # fmt: skip
"""The modules with routes, in the order in which they are tried: steps, then derivations."""
_READYING = "making the kernel ready; a first start compiles it, which takes seconds"


class Takeback(FastAPI):
    """FastAPI inside the Envelope, with problem details in its OpenAPI."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the Envelope around everything, Starlette's error middleware included.

        Around that, requests wait for their turns, and each gets its name.
        """
        settings: Settings = self.state.settings
        headers = security_headers(settings.frame_ancestors)
        framed = security_headers(settings.embed_ancestors) | OPEN | ISOLATED
        inner = super().build_middleware_stack()
        whole = Envelope(inner, headers, framed, self._render_status, settings.root_path)
        parts = {getattr(route, "path", "/").split("/")[1] for route in self.routes}
        store, classes = self.state.store, self.state.classes

        def is_known(name: str) -> bool:
            return bool(store.knows(name) or classes.knows(name))

        admitted = Admission(whole, parts, is_known, settings.root_path)
        return Observed(admitted, self.state.observers)

    def _render_status(self, request: Request, error: int | TakebackError) -> Response:
        if isinstance(error, int):
            # AllowedHosts alone answers a bare 400.
            error = HostRefused() if error == 400 else from_status(error, request)
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


def open_store(settings: Settings) -> SqliteStore | ValkeyStore:
    """The store that the settings ask for."""
    limits: dict[str, Any] = {
        "ttl_seconds": settings.network_ttl_hours * 3600,
        "brief_seconds": settings.untouched_ttl_hours * 3600,
        "max_networks": settings.max_networks, "max_megabytes": settings.max_database_mb,
    }  # fmt: skip
    if settings.is_shared:
        return ValkeyStore(ValkeyServer(settings.store), **limits)
    return SqliteStore(settings.data_dir, **limits)


def _rates(settings: Settings, store: Store) -> Rates:
    """Counts of requests: where the store is shared, they are."""
    allowed = {
        Quota.NETWORK: settings.network_rate, Quota.RUN: settings.run_rate,
        Quota.IMPORT: settings.import_rate, Quota.PICTURE: settings.picture_rate,
        Quota.ROOM: settings.room_rate,
        Quota.JOIN: settings.join_rate, Quota.SITE_JOIN: settings.site_join_rate,
        Quota.EVERY_JOIN: settings.every_join_rate, Quota.FIRST_JOIN: settings.first_join_rate,
        Quota.ANSWER: settings.answer_rate, Quota.EVERY_ANSWER: settings.room_answer_rate,
    }  # fmt: skip
    if not isinstance(store, ValkeyStore):
        return Rates(Counts(), allowed)
    counts = RedisStorage(
        "async+valkey://", wrap_exceptions=True, key_prefix=f"{PREFIX}rates",
        connection_pool=store.server.pool,  # type: ignore[arg-type]
    )  # fmt: skip
    return Rates(counts, allowed, lambda: store.secret)


def _register(store: Store, settings: Settings) -> ClassroomRegister:
    """The rooms, where the networks are."""
    if isinstance(store, ValkeyStore):
        return ValkeyClassrooms(store.server, settings.max_rooms)
    if isinstance(store, SqliteStore):
        return SqliteClassrooms(store, settings.max_rooms)
    raise TypeError("no rooms beside such a store")


def create_app(
    settings: Settings, store: Store | None = None, metrics: Metrics | None = None
) -> FastAPI:
    """The whole application, by default with the store that the settings ask for.

    The store is closed when the application ends.
    """
    use(choose_backend(settings.kernel).backend)
    store = store or open_store(settings)
    files = Assets(resource_directory("static"), settings.root_path)
    templates = Templates(resource_directory("templates"), files)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watching = metrics.watching() if metrics else nullcontext()
        classes, places = app.state.classes, app.state.pool.places
        async with housekeeping(store), classes.listening(), places.counted(), watching:
            yield
        await store.close()

    app = Takeback(
        title="Takeback", version="1",
        summary="Small neural networks, step by step, every number exact.",
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
        max_body_size=settings.max_body_bytes, lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False},
    )  # fmt: skip
    cache = LabCache(settings.cache_networks, settings.cache_mb)
    classes = Classes(_register(store, settings), followed_page.draw, settings.max_followers)
    counted = metrics.count_steps if metrics else None
    app.state.store = classes.store = LabStore(store, cache, counted, classes.wake)
    app.state.classes = classes
    app.state.templates = templates
    app.state.assets = files
    shared = store if isinstance(store, ValkeyStore) else None
    places = ValkeyPlaces(shared.server, lambda: shared.secret) if shared else None
    app.state.pool = Pool(settings.run_workers, settings.max_runs, places)
    app.state.runs = LiveRuns(ValkeyRuns(shared.server) if shared else None)
    classes.runs_on = app.state.runs.go_on
    app.state.rates = _rates(settings, store)
    app.state.settings = settings
    app.state.observers = _observers(app, metrics)
    for module in _ROOMS:
        app.router.routes.extend(module.router.routes)
    _add_error_handlers(app, templates)
    app.add_middleware(AllowedHosts, allowed_hosts=settings.hosts)
    app.add_middleware(Compression, minimum_size=LEAST_BYTES, compresslevel=LEVEL)
    return app


def _observers(app: FastAPI, metrics: Metrics | None) -> list[Observer]:
    """Who is told of each answer. ``metrics`` also looks at what the application holds."""
    observers: list[Observer] = [log_answer] if app.state.settings.access_log else []
    if metrics:
        places, live = app.state.pool.places, app.state.runs
        metrics.gauge("pool_places", "Pieces of long work there may be", lambda: places.most)
        metrics.gauge("pool_places_taken", "Pieces of long work there are", lambda: places.taken)
        metrics.gauge("runs", "Streamed runs under way", lambda: live.under_way)
        classes = app.state.classes
        metrics.gauge("rooms", "Rooms that are open", lambda: classes.rooms)
        metrics.gauge("followers", "Who follows in a room", lambda: classes.followers)
        observers.append(metrics.observe)
    return observers


def _add_error_handlers(app: FastAPI, templates: Templates) -> None:
    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 413:
            return PlainTextResponse("", 413)  # Starlette answers anew, and the Envelope in full
        if isinstance(error, HTTPException):
            return respond(request, [from_status(error.status_code, request)], templates)
        return respond(request, as_errors(error), templates)

    async def leave(*_: object) -> Response:
        return Response(status_code=503)  # nobody reads it

    app.add_exception_handler(ClientDisconnect, leave)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(ClassOver, left_desk)
    for kind in (TakebackError, ValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)


def prepared_app(settings: Settings, store: Store, metrics: Metrics | None) -> FastAPI:
    """``create_app``, with all that its first answers would make everybody wait for."""
    app = create_app(settings, store, metrics)
    app.openapi()
    lab.prepare(app)
    return app


def _find_kernel(settings: Settings) -> Finding:
    """The kernel, as ``check`` tells of it."""
    if settings.kernel == "auto":
        print(_READYING, file=sys.stderr, flush=True)
    choice = choose_backend(settings.kernel)
    if choice.failure:
        return Finding("warn", "kernel", f"none, NumPy is slower: {choice.failure}")
    if not choice.compiled:
        return Finding("ok", "kernel", "NumPy, as TAKEBACK_KERNEL says")
    how = "loaded" if choice.loaded else "compiled"
    return Finding("ok", "kernel", f"{how} in {choice.seconds:.1f} s")


def _prepare_kernel(settings: Settings) -> None:
    """Compile or load what takes steps, before anybody waits for it, and say so."""
    log = logging.getLogger("takeback")
    if settings.kernel == "auto":
        log.info(_READYING)
    choice = choose_backend(settings.kernel)
    if choice.failure:
        log.warning("steps are taken by NumPy, slower: no compiled kernel: %s", choice.failure)
    elif choice.compiled:
        how = "loaded" if choice.loaded else "compiled, which only a first start does,"
        log.info("the kernel was %s in %.1f s", how, choice.seconds)


@quiet_pipe()
def main(words: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    asked = read_arguments(words)
    try:
        settings = Settings()
    except ValidationError as error:
        refusals = unusable(error)
        failed = asked.command == "check"
        raise SystemExit(check_refused(refusals) if failed else f"takeback: {refusals}") from None
    if asked.command == "serve":
        serve(settings, Parts(_prepare_kernel, open_store, prepared_app))
    elif asked.command == "settings":
        print(overview(settings))
    elif asked.command == "check":
        raise SystemExit(check(settings, lambda: _find_kernel(settings)))
    else:
        print(copied(asked, settings))


if __name__ == "__main__":
    main()
