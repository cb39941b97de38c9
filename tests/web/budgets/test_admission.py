"""Requests begin in fair turns."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.main import create_app
from app.settings import Settings
from app.web.budgets.admission import Admission
from tests.web.budgets.test_pool import using


def order(*asked: tuple[str, str], root_path: str = "") -> list[str]:
    """In which order requests from addresses for paths begin, after so many as begin at once."""
    begun = list[str]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(f"{scope['client'][0]} {scope['path']}")

    async def work() -> None:
        nothing: Any = None
        door = Admission(app, {"lesson", "api", "networks"}, {"one", "two"}.__contains__, root_path)
        scopes = [{"type": "http", "client": (one, 1), "path": path} for one, path in asked]
        await asyncio.gather(*(door(scope, nothing, nothing) for scope in scopes))

    using(work)
    return begun


FLOOD = [("10.0.0.1", "/lesson")] * 40


def test_a_click_does_not_wait_for_a_flood_from_elsewhere() -> None:
    found = order(*FLOOD, ("10.0.0.2", "/lesson"))
    assert found.index("10.0.0.2 /lesson") <= 10


def test_nor_for_one_from_the_same_address_where_it_asks_for_something_else() -> None:
    click = "/api/v1/networks/one/step"
    found = order(*FLOOD, ("10.0.0.1", click), ("10.0.0.1", "/networks/two"))
    assert found.index(f"10.0.0.1 {click}") <= 10
    assert found.index("10.0.0.1 /networks/two") <= 11


def test_below_a_path_of_a_proxy_lines_are_the_same() -> None:
    flood = [("10.0.0.1", "/takeback/lesson")] * 40
    found = order(*flood, ("10.0.0.1", "/takeback/api/v1"), root_path="/takeback")
    assert found.index("10.0.0.1 /takeback/api/v1") <= 10


def test_invented_networks_and_paths_are_one_line() -> None:
    flood = [("10.0.0.1", f"/{n}") for n in range(20)]
    flood += [("10.0.0.1", f"/networks/x{n}") for n in range(20)]
    found = order(*flood, ("10.0.0.1", "/networks/one"))
    assert found.index("10.0.0.1 /networks/one") <= 11


def test_who_asks_alone_does_not_wait() -> None:
    begun = list[bool]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(True)

    async def work() -> None:
        nothing: Any = None
        door = Admission(app, (), lambda _: False, "")
        for _ in range(3):
            await asyncio.sleep(0)
            waiting = door({"type": "http", "client": None, "path": "/"}, nothing, nothing)
            before = len(begun)
            try:
                waiting.send(None)
            except StopIteration:
                assert len(begun) == before + 1
            else:
                raise AssertionError("it waited")

    using(work)


def test_each_round_of_the_loop_has_a_few_begin() -> None:
    """Not each second one: between two it reads from hundreds of sockets."""
    rounds, begun = 0, list[int]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(rounds)

    async def work() -> None:
        nonlocal rounds
        nothing: Any = None
        door = Admission(app, (), lambda _: False, "")
        asked = [door(scope_of("/"), nothing, nothing) for _ in range(80)]
        flood = asyncio.gather(*asked)
        while not flood.done():
            await asyncio.sleep(0)
            rounds += 1

    using(work)
    assert max(Counter(begun).values()) == 8
    assert begun[-1] <= 10


def test_the_application_tells_its_networks_apart(tmp_path: Path) -> None:
    begun = list[str]()

    async def ask(app: FastAPI, path: str) -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert message["status"] == 200
                begun.append(path)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await app(scope_of(path), receive, send)

    async def work() -> None:
        app = create_app(Settings(data_dir=tmp_path, kernel="numpy"))
        one, two = "one-of-two", "two-of-two"
        async with app.router.lifespan_context(app):
            for network_id in (one, two):
                await app.state.store.create(network_id, Lab.fresh(EXAMPLES["mazur-2-2-2"].spec))
            flood = [ask(app, f"/api/v1/networks/{one}") for _ in range(40)]
            await asyncio.gather(*flood, ask(app, f"/api/v1/networks/{two}"))

    using(work)
    assert begun.index("/api/v1/networks/two-of-two") <= 16


def scope_of(path: str) -> Scope:
    """A GET as a server hands it on."""
    return {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("10.0.0.1", 1),
        "server": ("localhost", 80), "headers": [(b"host", b"localhost")],
    }  # fmt: skip
