"""The builder: a page that turns choices and data into a network. GET and preview store nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from app.data.catalog import OWN
from app.data.csv_table import MAX_ROWS
from app.data.table_rows import MAX_COLUMNS
from app.engine.network import Spec
from app.errors import TakebackError, UnsupportedMediaType
from app.explain.notation import NOTATIONS
from app.lab.lab import Lab
from app.store.codec import Content
from app.views.pages.thumbnails import thumbnails
from app.web.budgets.processes import Handed
from app.web.builder.fields import FIELDS, fields_of, shareable
from app.web.builder.form_result import FormResult, packed_result, result_of, result_of_form
from app.web.builder.form_view import FormView
from app.web.builder.homework_draft import MOST_CHARACTERS, homework_fields
from app.web.builder.sent_form import clean, read_build
from app.web.builder.ways import ways_of
from app.web.http.application import pool_of, root_of
from app.web.http.form_body import MULTIPART, URLENCODED
from app.web.http.json_body import sent
from app.web.http.page import go_on, page, see_other
from app.web.http.problems import detail, error_headers, report
from app.web.http.routing import MAX_TABLE_BYTES, Routes
from app.web.http.templating import is_htmx
from app.web.http.text import media_type_of
from app.web.networks import commands
from app.web.networks.reading import unpacked
from app.web.pages.address import EVERYWHERE, place_of, stored_page
from app.web.pages.options import options_of

router = Routes()
_NEW = "/new"
_BUILDERS = (_NEW, *(f"{path}/rebuild" for path in EVERYWHERE))
_PREVIEWS = tuple(f"{path}/preview" for path in _BUILDERS)


async def _base(request: Request) -> tuple[str, Spec | None]:
    """The builder's address, and the network that is changed there, if one is."""
    if request.path_params:
        place = await place_of(request)
        return f"{place.base}/rebuild", place.lab.present
    return root_of(request) + _NEW, None


@router.get(*_BUILDERS)
async def build_page(request: Request) -> Response:
    """The builder; its address may hold every choice but a table."""
    address, base = await _base(request)
    typed = {key: clean(key, text) for key, text in request.query_params.items() if key != "table"}
    if base is not None and not typed.keys() & FIELDS.keys():
        alone = replace(base)  # without what was computed of it
        fields = urlencode(await pool_of(request).made(homework_fields, alone, fits="build"))
        if 0 < len(fields) <= MOST_CHARACTERS:
            look = options_of(request).elsewhere
            return see_other(
                f"{root_of(request)}{_NEW}/homework{look}{'&' if look else '?'}{fields}"
            )
    if base is not None and "dataset" not in typed:
        typed = fields_of(base) | typed
    made = pool_of(request).made
    result = await made(result_of, typed, base, notation_of(request), fits="build")
    return await _drawn(request, address, result, 422 if result.errors else 200)


@router.table(*_PREVIEWS)
async def preview(request: Request) -> Response:
    """What the form describes: for htmx the parts that follow, else the page at its address."""
    address, base = await _base(request)
    result = await _typed_result(request, base)
    typed, look = result.draft.typed, options_of(request)
    rest = {"theme": look.theme} if look.theme != "auto" else {}
    shared = f"{address}?{shareable(typed)}" + (f"&{urlencode(rest)}" if rest else "")
    if is_htmx(request):
        return await _drawn(request, address, result, 200, **{"hx-replace-url": shared})
    if typed.get("dataset") != OWN:
        return see_other(shared)
    return await _drawn(request, address, result, 422 if result.errors else 200)


@router.table(*_BUILDERS)
async def create(request: Request) -> Response:
    """A new network as the form describes it, and the way to its page."""
    address, base = await _base(request)
    result = await _typed_result(request, base, complete=True)
    lab = result.lab
    if isinstance(lab, Content):
        lab = await unpacked(lab)
    return await created(request, lab, partial(_drawn, request, address, result))


async def created(
    request: Request, lab: Lab | None, drawn: Callable[..., Awaitable[Response]]
) -> Response:
    """The way to the page of a new network, or the page that is ``drawn`` where there is none."""
    if lab is None:
        return await drawn(422)
    try:
        opened = await commands.create(request, lab)
    except TakebackError as error:
        report(error)
        return await drawn(error.status, detail(error), **error_headers(error))
    return go_on(request, stored_page(request, opened))


@router.get(*_PREVIEWS)
async def back(request: Request) -> Response:
    """The preview's address, opened as a page: the builder."""
    return see_other(request.url.path.removesuffix("/preview") + options_of(request).query())


def notation_of(request: Request) -> str:
    """The name of the notation that the page is written in."""
    return options_of(request).notation or "net"


async def _typed_result(
    request: Request, base: Spec | None, *, complete: bool = False
) -> FormResult:
    """What the form that was sent describes; one that is ``complete`` has its table."""
    if media_type_of(request) not in (MULTIPART, URLENCODED):
        raise UnsupportedMediaType("unsupported_build_form")
    pool, kind, is_ours = pool_of(request), request.headers["content-type"], is_htmx(request)
    pasted = request.headers.get("hx-source", "") == "textarea#f-table"
    alone = base and replace(base)  # without what was computed of it
    async with sent(request) as body:
        reading = partial(read_build, body, kind, MAX_TABLE_BYTES, stays=is_ours, pasted=pasted)
        make = partial(result_of_form, reading, alone, notation_of(request), complete=complete)
        if isinstance(body, Handed):
            return await pool.apart(packed_result, make, fits="build")
        return await pool.made(make, fits="build")


async def _drawn(
    request: Request,
    address: str,
    result: FormResult,
    status: int,
    notice: str = "",
    **headers: str,
) -> Response:
    draw = partial(_answer, request, address, result, status, notice, headers)
    return await pool_of(request).made(draw, fits="build")


def _answer(
    request: Request, address: str, result: FormResult, status: int, notice: str,
    headers: Mapping[str, str],
) -> Response:  # fmt: skip
    draft, look = result.draft, options_of(request)
    pressed = request.method == "POST" and status == 422
    context: Mapping[str, Any] = {
        "form": FormView(draft, result.errors, result.fixes, result.asked, pressed=pressed),
        "view": result.view,
        "notation": NOTATIONS[notation_of(request)],
        "address": address,
        "changing": draft.base is not None,
        "look": look,
        "ways": ways_of(request),
        "query": look.query(),
        "megabytes": MAX_TABLE_BYTES // 1_000_000,
        "limits": {"rows": MAX_ROWS, "columns": MAX_COLUMNS},
        "thumbnails": thumbnails(),
        "fresh": not is_htmx(request),
        "notice": notice,
        "pressed": pressed,
        "redraw": bool(draft.typed.keys() & {"uploaded", "mended"}),
    }
    # With "no-store" some browsers would not keep a pasted table for who comes back.
    caching = "no-store" if request.method == "POST" else "private, no-cache"
    name = "builder/update.html" if is_htmx(request) else "builder/page.html"
    return page(request, name, context, status=status, cache=caching, headers=headers)
