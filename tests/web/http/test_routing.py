"""Routes that say where they answer at their functions: methods, words of a path, uploads."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.web.http.routing import Routes, path_words
from tests.web.support import Client

path_words("fruit", ("apple", "pear"))
router = Routes()


@router.get("/here", "/there")
async def page(request: Request) -> Response:
    return PlainTextResponse(f"page {request.url.path}")


@router.post("/{place}/{word:fruit}")
async def command(request: Request) -> Response:
    return PlainTextResponse(request.path_params["word"])


@router.post("/{place}/plum")
async def plum(_: Request) -> Response:
    return PlainTextResponse("a route of its own")


@router.post("/form")
@router.upload("/file")
async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def client() -> Iterator[Client]:
    app = Starlette(routes=router.routes)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=100)
    app.state.settings = SimpleNamespace(max_import_bytes=1000)
    with Client(app) as made:
        yield made


def test_a_function_answers_at_each_of_its_paths(client: Client) -> None:
    assert client.get("/here").text == "page /here"
    assert client.get("/there").text == "page /there"


def test_head_is_answered_where_get_is(client: Client) -> None:
    assert client.head("/here").status_code == 200
    assert client.head("/form").status_code == 405
    assert client.post("/here").status_code == 405


def test_words_of_a_path_leave_other_words_to_later_routes(client: Client) -> None:
    assert [client.post(f"/a/{word}").text for word in ("apple", "pear")] == ["apple", "pear"]
    assert client.post("/a/plum").text == "a route of its own"
    for word in ("apples", "pe", "cherry", "apple/pear"):
        assert client.post(f"/a/{word}").status_code == 404


def test_a_file_may_be_larger_than_a_form(client: Client) -> None:
    assert client.post("/form", content=b"x" * 101).status_code == 413
    assert client.post("/file", content=b"x" * 1000).text == "1000"
    assert client.post("/file", content=b"x" * (1001 + 64 * 1024)).status_code == 413
