"""Jinja, with translation, URLs and fingerprinted assets at hand."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app import messages
from app.views.diagram.bundles import path_of
from app.views.diagram.elements import Edge, Value
from app.views.diagram.highlights import Highlight
from app.views.diagram.tag_placement import Line, Point
from app.views.diagram.text_fit import fit
from app.views.text.formatting import Label, number, plain
from app.web.http.assets import Assets
from app.web.http.embedding import is_embedded


def resource_directory(name: str) -> Path:
    """``static`` or ``templates``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def is_htmx(request: Request) -> bool:
    """Whether htmx asked and will swap the answer in; a history restore wants a whole page."""
    headers = request.headers
    return headers.get("hx-request") == "true" and "hx-history-restore-request" not in headers


# Names and lines recur on every page: written once, then remembered.


@lru_cache(maxsize=4096)
def sub(name: Label) -> Markup:
    """A name in HTML, its subscript set as one."""
    if not name.sub:
        return escape(name.base)
    return Markup("{}<sub>{}</sub>").format(name.base, name.sub)


@lru_cache(maxsize=4096)
def tspan(name: Label) -> Markup:
    """A name in SVG text, its subscript set as one; what follows is back on the line."""
    if not name.sub:
        return escape(name.base)
    raised = Markup('{}<tspan class="sub" dy="4">{}</tspan><tspan dy="-4">&#8203;</tspan>')
    return raised.format(name.base, name.sub)


@lru_cache(maxsize=8192)
def line(ends: Line) -> Markup:
    """The coordinates of an SVG line."""
    (x1, y1), (x2, y2) = ends
    return Markup('x1="{}" y1="{}" x2="{}" y2="{}"').format(x1, y1, x2, y2)


@lru_cache(maxsize=8192)
def path(ends: Line) -> str:
    """The data of a path along a line."""
    return path_of((ends,))


@lru_cache(maxsize=8192)
def at(centre: Point) -> Markup:
    """Where an SVG group stands."""
    return Markup('transform="translate({} {})"').format(*centre)


@lru_cache(maxsize=4096)
def mathml(pieces: tuple[str, ...]) -> Markup:
    """An equation's row, in pieces between which a browser may break the line."""
    # ``explain.mathml`` escapes every name that it writes.
    return Markup(" ").join(Markup(f"<math>{piece}</math>") for piece in pieces)  # noqa: S704


@lru_cache(maxsize=1024)
def box(shape: Highlight) -> Markup:
    """The corner and the sizes of a rectangle around its group's origin."""
    width, height = shape.width, shape.height
    return Markup('x="{}" y="{}" width="{}" height="{}"').format(
        -width / 2, -height / 2, width, height
    )


def shown(value: Value, digits: int) -> str:
    """A number with the digits that the reader chose."""
    return number(value.exact, digits, signed=value.signed)


@lru_cache(maxsize=8192)
def href(key: str, opening: str, kind: str = "") -> Markup:
    """The link to a number's derivation, or nothing where there are no links."""
    return Markup('href="{}{}"').format(opening, quote(kind + key)) if opening else Markup("")


def why(value: Value, opening: str, key: str, digits: int, kind: str = "") -> Markup:
    """A number that links to its derivation."""
    text = shown(value, digits)
    return Markup(f'<a {href(key, opening, kind)}><data value="{value.exact!r}">{text}</data></a>')  # noqa: S704


def links(edges: Iterable[Edge], prefix: str, opening: str, stop: str) -> Markup:
    """The weights of a large picture, each a link along its line; in one go, as there are many."""
    # Names, ids and paths hold no character that HTML knows.
    return Markup(  # noqa: S704
        "\n".join(
            f'<a id="{prefix}{edge.place.id}" {href(edge.parameter.name.name, opening)} {stop}'
            f' aria-label="{escape(edge.sentence)}"><path d="{path(edge.place.line)}"/></a>'
            for edge in edges
        )
    )


class Templates:
    """The templates, and responses made from them."""

    def __init__(self, directory: Path, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
        )
        # English is the source language; a catalogue takes the place of these when there is one.
        self._environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self._environment.globals.update(asset=assets.url, messages=messages, fit=fit)
        self._environment.filters.update(sub=sub, tspan=tspan, line=line, at=at, links=links)
        self._environment.filters.update(
            mathml=mathml, box=box, href=href, why=why, shown=shown, plain=plain
        )

    def render(self, request: Request, name: str, context: Mapping[str, Any]) -> str:
        """The text of a template."""
        root = request.scope.get("root_path", "")
        framed = is_embedded(request)
        return self._environment.get_template(name).render(root=root, framed=framed, **context)

    def response(
        self,
        request: Request,
        name: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A template as an answer."""
        return HTMLResponse(self.render(request, name, context), status, headers)
