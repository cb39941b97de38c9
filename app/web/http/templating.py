"""Jinja, with translation, URLs and fingerprinted assets at hand."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import quote

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app import messages
from app.explain.rounding import number
from app.views.diagram.diagram import Diagram
from app.views.diagram.elements import Edge, Value
from app.views.diagram.figures import (
    diagram_figures,
    rows_below_figures,
    small_figures,
    wire_figures,
)  # fmt: skip
from app.views.diagram.geometry import Point
from app.views.diagram.highlights import Highlight
from app.views.diagram.text_fit import fit
from app.views.pages import figures as pages
from app.views.text.formatting import Label, plain
from app.web.http.assets import Assets
from app.web.http.embedding import is_embedded
from app.web.http.slots import SlotTemplates


def resource_directory(name: str) -> Path:
    """``static`` or ``templates``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def is_htmx(request: Request) -> bool:
    """Whether htmx asked and will swap the answer in; a history restore wants a whole page."""
    return request.headers.get("hx-request") == "true" and not is_restoring(request)


def is_restoring(request: Request) -> bool:
    """Whether htmx asked for the page of an earlier address, by the browser's *Back*."""
    return "hx-history-restore-request" in request.headers


# Names and lines recur on every page: written once, then remembered.


@lru_cache(maxsize=4096)
def sub(name: Label) -> Markup:
    """A name in HTML, its subscript set as one."""
    if not name.sub:
        return escape(name.base)
    return Markup("{}<sub>{}</sub>").format(name.base, name.sub)


@lru_cache(maxsize=8192)
def at(centre: Point) -> Markup:
    """Where an SVG group stands."""
    return Markup('transform="translate({:g} {:g})"').format(*centre)


@lru_cache(maxsize=4096)
def mathml(pieces: tuple[str, ...]) -> Markup:
    """A row of an equation's ``<math>``, in pieces between which a browser may break the line."""
    # ``explain.mathml`` escapes every name that it writes.
    return Markup(" ").join(Markup(f"<mrow>{piece}</mrow>") for piece in pieces)  # noqa: S704


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
    if not opening:
        return Markup("")
    return Markup('href="{}{}#panel"').format(opening, quote(kind + key))


def links(edges: Iterable[Edge], prefix: str, opening: str, stop: str) -> Markup:
    """The weights of a large diagram, each a link along its line; in one go, as there are many."""
    # Names, ids and paths hold no character that HTML knows.
    return Markup(  # noqa: S704
        "".join(
            f'<a id="{prefix}{edge.place.id}" {href(edge.parameter.name.name, opening)} {stop}'
            f' aria-label="{escape(edge.sentence)}"><path d="{edge.place.path}"/></a>'
            for edge in edges
        )
    )


def sentences(diagram: Diagram, prefix: str) -> Markup:
    """As ``links``: what a large diagram's links say at another step."""
    nodes = [node for node in diagram.nodes if not node.place.folded]
    of_links = (
        *((edge.place.id, edge.sentence) for _, edges in diagram.drawn for edge in edges),
        *((bias.place.id, bias.sentence) for bias in diagram.biases if bias.place),
        *((node.place.id, node.sentence) for node in nodes),
        *((f"delta-{node.place.id}", node.delta_sentence) for node in nodes if node.delta),
        *((f"target-{one.unit}", one.sentence) for one in diagram.targets if not one.folded),
    )
    return Markup(  # noqa: S704
        "".join(f'<i id="{prefix}{id}" aria-label="{escape(text)}"></i>' for id, text in of_links)
    )


_CATALOGUES: Mapping[str, NullTranslations] = {"en": NullTranslations()}


class _Folding(NodeTransformer):
    """Replaces gettext of a constant text by the translated text."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (jinja2's name)
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name="_" | "gettext"),
                args=[nodes.Const(value=str() as text)],
                kwargs=[],
            ):
                # Jinja doubles percent signs for the formatting that is left out here.
                translated = self._translate(text).replace("%%", "%")
                return nodes.MarkSafe(nodes.Const(translated), lineno=node.lineno)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """Print a folded text as the template's own."""
        self.generic_visit(node)
        node.nodes = [
            nodes.TemplateData(one.expr.value, lineno=one.lineno)
            if isinstance(one, nodes.MarkSafe) and isinstance(one.expr, nodes.Const)
            else one
            for one in node.nodes
        ]
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Leave it alone: Jinja would join constants without minding which of them is markup."""
        return node


class CompiledTemplates(BytecodeCache):
    """Templates that this process has compiled, by their names and sources."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find a template's code; it stays unknown where nobody has asked for it yet."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        if bucket.code:
            self._code[bucket.key, bucket.checksum] = bucket.code


@lru_cache(maxsize=len(_CATALOGUES))
def compiled_templates(language: str) -> CompiledTemplates:
    """Those of a language: each application of a process would take a second to compile its own."""
    del language
    return CompiledTemplates()


class LanguageEnvironment(Environment):
    """Templates of one language: a text without variables is a constant of the compiled template.

    ``translate`` is a text's translation, ``translate_plural`` that of one of two, by a number;
    ``compiled`` keeps what is compiled.
    """

    def __init__(
        self,
        directory: Path,
        translate: Callable[[str], str],
        translate_plural: Callable[[str, str, int], str],
        compiled: BytecodeCache | None = None,
    ) -> None:
        super().__init__(
            loader=FileSystemLoader(directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            bytecode_cache=compiled,
        )
        self.install_gettext_callables(translate, translate_plural, newstyle=True)  # type: ignore[attr-defined]
        self._folding = _Folding(translate)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template: nodes.Template = self._folding.visit(super()._parse(source, name, filename))
        return template


class Templates:
    """The templates, responses made from them, and the static files that they link to.

    ``language`` is the catalogue of their texts; English is what they are written in.
    """

    def __init__(self, directory: Path, assets: Assets, language: str = "en") -> None:
        catalogue = _CATALOGUES[language]
        self._environment = LanguageEnvironment(
            directory, catalogue.gettext, catalogue.ngettext, compiled_templates(language)
        )
        slots = SlotTemplates(self._environment)
        self._environment.globals.update(
            asset=assets.url, messages=messages, fit=fit,
            filled=slots.filled, figures=slots.figures, differences=slots.differences,
            diagram_figures=diagram_figures, small_figures=small_figures,
            wire_figures=wire_figures, rows_below_figures=rows_below_figures,
            page_figures=pages.page_figures, phase_figures=pages.phase_figures,
            unit_figures=pages.unit_figures, parameter_figures=pages.parameter_figures,
            memory_figures=pages.memory_figures, moved_figures=pages.moved_figures,
        )  # fmt: skip
        self._environment.filters.update(
            sub=sub, at=at, links=links, mathml=mathml, box=box, href=href,
            sentences=sentences, shown=shown, plain=plain,
        )  # fmt: skip

    def render(self, request: Request, name: str, context: Mapping[str, Any]) -> str:
        """The text of a template."""
        root = request.scope.get("root_path", "")
        # Other sites show the preview image where they are told its whole address.
        framed, public = is_embedded(request), request.app.state.settings.public_url
        template = self._environment.get_template(name)
        return template.render(root=root, site=public.removesuffix(root), framed=framed, **context)

    def response(
        self, request: Request, name: str, context: Mapping[str, Any],
        *, status: int = 200, headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:  # fmt: skip
        """A template as an answer."""
        return HTMLResponse(self.render(request, name, context), status, headers)
