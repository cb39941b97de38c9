"""A network to take along: files to download, all made by GET, at every network's address."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator

from app.explain.notation import Notation
from app.lab.lab import Lab
from app.lab.visibility import Visibility
from app.messages.marking import _
from app.views.diagram.bundles import unfolded_in
from app.views.diagram.diagram import Diagram, diagram_of
from app.views.diagram.highlights import NO_MARKS
from app.views.downloads.csv_files import history_csv, tables_csv
from app.views.downloads.program import LANGUAGES
from app.views.options import DIGITS, out_of
from app.views.pages.worksheet import HEADINGS, KINDS, worksheet_of
from app.web.budgets.memory import wait_for_memory
from app.web.budgets.rates import Quota, spend
from app.web.files.picture import SCALES, THEMES, StyleSheet, png, standalone
from app.web.files.programs import program_text
from app.web.http.application import pool_of
from app.web.http.compression import compressed
from app.web.http.page import page
from app.web.http.problems import VARY, read_query
from app.web.http.routing import Routes
from app.web.http.templating import Templates, resource_directory
from app.web.networks.export_body import written_document
from app.web.pages.address import EVERYWHERE, place_of
from app.web.pages.options import options_of

router = Routes()
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For what is no page of ours: it may load and run nothing, even where a browser opens it."""
_WIDE_ENOUGH = 110
_CHOSEN = ("open", "across", "up", "sample", "unfold", "into")
"""What a file of the step in view looks at; theme and scale mean something else to a picture."""


class FileQuery(BaseModel):
    """What a file is to be like; each file looks at some of these parameters."""

    theme: Annotated[
        str, out_of(THEMES), BeforeValidator(lambda text: "light" if text == "auto" else text)
    ] = "light"
    scale: Annotated[int, out_of(SCALES)] = 2
    language: Annotated[str, out_of(LANGUAGES)] = LANGUAGES[0]
    ask: Annotated[tuple[str, ...], out_of(KINDS)] = tuple(KINDS)


def _query(request: Request, *names: str) -> FileQuery:
    """The named parameters of a request, and the others by default."""
    query = request.query_params
    chosen = {name: query[name] for name in names if name in query}
    asked = {"ask": query.getlist("ask")} if "ask" in chosen else {}
    return read_query(FileQuery.model_validate, chosen | asked)


def _exports(name: str) -> tuple[str, ...]:
    return tuple(f"{place}/export/{name}" for place in EVERYWHERE)


def download(content: str | bytes, name: str, media_type: str) -> Response:
    """A file to save under ``name``, which is ASCII and always the same."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "vary": VARY}
    headers |= {"cache-control": "no-store", "content-security-policy": _SANDBOX}
    return Response(content, 200, headers, media_type)


async def _made(
    request: Request, name: str, media_type: str, make: Callable[..., str | bytes], *arguments: Any
) -> Response:
    """A file that is made and compressed beside the event loop."""

    def write() -> Response:
        return compressed(request, download(make(*arguments), name, media_type))

    return await pool_of(request).made(write, fits="page")


def json_text(value: Any, indent: int = 0) -> bytes:
    """JSON for people: what is short, and a row of numbers, stands on one line."""
    whole = orjson.dumps(value)
    is_list = isinstance(value, list | tuple)
    flat = is_list and not any(isinstance(one, list | tuple | dict) for one in value)
    if flat or not (is_list or isinstance(value, dict)) or len(whole) <= _WIDE_ENOUGH:
        return whole
    head, pad = b"\n" + b" " * (indent + 1), b"\n" + b" " * indent
    if isinstance(value, dict):
        items = [orjson.dumps(k) + b": " + json_text(v, indent + 1) for k, v in value.items()]
        return b"{" + head + (b"," + head).join(items) + pad + b"}"
    return b"[" + head + (b"," + head).join(json_text(v, indent + 1) for v in value) + pad + b"]"


# --- files ----------------------------------------------------------------------------------------


@router.get(*_exports("network.json"))
async def network_file(request: Request) -> Response:
    """The whole network: every step and branch, and where it stands."""
    lab = (await place_of(request)).lab
    await wait_for_memory(request, lab)
    document = await pool_of(request).do(written_document(lab), fits="page")
    return await _made(request, "takeback-network.json", "application/json", json_text, document)


@router.get(*_exports("history.csv"))
async def history_file(request: Request) -> Response:
    """The loss and the learning rate of each step."""
    lab = (await place_of(request)).lab
    await wait_for_memory(request, lab)
    return await _made(request, "takeback-history.csv", "text/csv", history_csv, lab)


@router.get(*_exports("tables.csv"))
async def tables_file(request: Request) -> Response:
    """Every number of the step in view, of the sample in view."""
    lab = (await place_of(request)).lab
    visible = Visibility(options_of(request, only=_CHOSEN).seen(lab), lab.progress)
    return await _made(request, "takeback-tables.csv", "text/csv", tables_csv, visible)


# --- pictures -------------------------------------------------------------------------------------


@router.get(*_exports("diagram.svg"))
async def svg_file(request: Request) -> Response:
    """The picture of the network as it stands."""
    lab = (await place_of(request)).lab
    drawing = (_svg, request, lab, _query(request, "theme"))
    return await _made(request, "takeback-network.svg", "image/svg+xml", *drawing)


@router.get(*_exports("diagram.png"))
async def png_file(request: Request) -> Response:
    """The same as PNG, one to four times as large."""
    lab = (await place_of(request)).lab
    query, pool = _query(request, "theme", "scale"), pool_of(request)
    await spend(request, Quota.PICTURE)
    svg = await pool.made(_svg, request, lab, query, fits="picture")
    return download(await png(svg, query.scale, pool), "takeback-network.png", "image/png")


def _svg(request: Request, lab: Lab, query: FileQuery) -> str:
    options = options_of(request, only=("notation", "biases", *_CHOSEN))
    moment, notation = options.seen(lab).moment(lab.progress), options.notation_for(lab)
    templates: Templates = request.app.state.templates
    unfolded = unfolded_in(lab.shown_spec, options.unfold)
    diagram = diagram_of(moment, notation, unfolded, bias_nodes=options.bias_nodes)
    drawn = templates.render(request, "diagram/wide.html", _still(diagram, notation))
    title = _("Network {shape} at step {step}").format(shape=diagram.shape, step=lab.step)
    return standalone(drawn, _style(), query.theme, title)


def _still(diagram: Diagram, notation: Notation) -> dict[str, Any]:
    """What a picture without links prints."""
    return {"p": diagram, "n": notation, "open": "", "prefix": "", "marks": NO_MARKS}


@lru_cache(maxsize=1)
def _style() -> StyleSheet:
    return StyleSheet(resource_directory("static") / "css")


@router.get(*_exports("code"))
async def program_file(request: Request) -> Response:
    """A program that computes the same numbers."""
    lab = (await place_of(request)).lab
    language = _query(request, "language").language
    name = f"takeback_{language}.py"
    return await _made(request, name, "text/x-python", program_text, lab, language)


@router.get(*_exports("worksheet"))
async def worksheet_page(request: Request) -> Response:
    """A page to print: the step in view to be worked out by hand, and its answers."""
    place, look = await place_of(request), options_of(request)
    notation = look.notation_for(place.lab)
    asked = _query(request, "ask").ask

    def write() -> Response:
        sheet = worksheet_of(place.lab, asked, notation, look.digits)
        context = {"sheet": sheet, "kinds": HEADINGS, "digits": DIGITS, "base": place.base}
        context |= {"look": look, "query": look.query(), **_still(sheet.diagram, notation)}
        return compressed(request, page(request, "worksheet/page.html", context))

    return await pool_of(request).made(write, fits="page")
