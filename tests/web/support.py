"""What tests of the web need: a client, a network behind it, and pages as trees."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

import anyio

from app.main import create_app
from app.settings import Settings
from app.store.base import Store, Stored
from app.store.sqlite import SqliteStore
from tests.golden import GOLDEN

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2 than httpx.
    from starlette.testclient import TestClient as Client

__all__ = [
    "EXAMPLES",
    "HTMX",
    "Client",
    "Element",
    "Network",
    "Page",
    "Watched",
    "browse",
    "run_async",
]

HTMX = {"HX-Request": "true"}
EXAMPLES = tuple(GOLDEN)


def run_async(function: Callable[..., Any], *arguments: Any) -> Any:
    """What an async function returns."""
    return anyio.run(function, *arguments)


def browse(settings: Settings, store: Store | None = None) -> Client:
    """A client of a new application; use it as a context manager."""
    app = create_app(settings, store)
    return Client(app, raise_server_exceptions=False, follow_redirects=False)


class Watched(SqliteStore):
    """A store that counts what is written to it."""

    writes = 0

    async def create(self, network_id: str, data: bytes, **more: Any) -> Stored:
        self.writes += 1
        return await super().create(network_id, data, **more)

    async def save(self, network_id: str, data: bytes, *, expected: int, **more: Any) -> Stored:
        self.writes += 1
        return await super().save(network_id, data, expected=expected, **more)


class Network:
    """A network, driven through the API."""

    def __init__(self, client: Client, body: Mapping[str, Any]) -> None:
        self.client = client
        created = client.post("/api/v1/networks", json=body)
        assert created.status_code == 201, created.text
        self.created: dict[str, Any] = created.json()
        self.id: str = self.created["id"]
        self.url = f"/api/v1/networks/{self.id}"
        self.page = f"/networks/{self.id}"

    def state(self) -> dict[str, Any]:
        """The present State."""
        state: dict[str, Any] = self.client.get(self.url).json()
        return state

    def send(self, command: str, body: Any = None, **headers: str) -> Any:
        """The answer to a command: a POST, or PATCH if it is "edit"."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        json_body = {} if body is None else {"json": body}
        if command == "edit":
            return self.client.patch(self.url, headers=headers, **json_body)
        return self.client.post(f"{self.url}/{command}", headers=headers, **json_body)

    def do(self, command: str, body: Any = None) -> dict[str, Any]:
        """The State after a command that succeeds."""
        answer = self.send(command, body)
        assert answer.status_code == 200, answer.text
        state: dict[str, Any] = answer.json()
        return state

    def submit(self, command: str, *, htmx: bool = False, **fields: str) -> Any:
        """The answer to a form of the network's page; the version is the present one."""
        fields = {"version": str(self.state()["version"]), "op": "an-op", **fields}
        headers = HTMX if htmx else {}
        return self.client.post(f"{self.page}/{command}", data=fields, headers=headers)


# --- pages ----------------------------------------------------------------------------------------

VOID = {"br", "hr", "img", "input", "link", "meta"}
_TOKEN = re.compile(
    r"<!--.*?-->|<!doctype[^>]*>|</([\w-]+)>|([^<]+)"
    r"""|<([a-z][\w-]*)((?:\s+[^\s=>/"']+(?:="[^"]*"|='[^']*'|=[^\s"'>]+)?)*)\s*(/?)>""",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:="([^"]*)"|='([^']*)'|=([^\s"'>]+))?""")


@dataclass(eq=False, slots=True)
class Element:
    """An element of a page."""

    tag: str
    attrs: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """This element and all below it, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [one for one in reversed(element.children) if isinstance(one, Element)]

    @property
    def text(self) -> str:
        """All text below, white space collapsed."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join("".join(parts).split())

    def source(self) -> str:
        """All text and attribute values below, a line each."""
        own = [*self.attrs.values()]
        below = [c if isinstance(c, str) else c.source() for c in self.children]
        return "\n".join([*own, *below])


@lru_cache(20_000)  # of one page and the next, almost all are the same; nobody changes them
def _attributes(text: str) -> dict[str, str]:
    found = [(m[1].lower(), m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(text)]
    names = [name for name, _ in found]
    assert len(names) == len(set(names)), f"an attribute stands twice: {names}"
    return {name: unescape(value) for name, value in found}


class Page:
    """A page or fragment, which must be well-formed: every tag that opens closes."""

    def __init__(self, html: str) -> None:
        self.root = Element("", {})
        self._elements: list[Element] = []  # all, in order
        opened, at, drawings = [self.root], 0, 0
        for token in _TOKEN.finditer(html):
            assert token.start() == at, f"no HTML: {html[at : at + 80]}"
            at = token.end()
            closing, text, tag, attributes, slash = token.groups()
            if text:
                opened[-1].children.append(unescape(text) if "&" in text else text)
            elif tag:
                tag = tag.lower()
                assert not slash or tag in VOID or drawings, f"<{tag}/> is not HTML"
                element = Element(tag, _attributes(attributes))
                opened[-1].children.append(element)
                self._elements.append(element)
                if not slash and tag not in VOID:
                    opened.append(element)
                    drawings += tag == "svg"
            elif closing:
                expected = opened.pop().tag
                assert closing.lower() == expected, f"</{closing}> closes <{expected}>"
                drawings -= expected == "svg"
        assert at == len(html), f"no HTML: {html[at : at + 80]}"
        assert opened == [self.root], f"<{opened[-1].tag}> is not closed"

    def swap(self, answer: "Page") -> None:
        """Put the partials of an answer where htmx would put them."""
        for partial in answer.all("hx-partial"):
            if partial.attrs["hx-target"] in ("#notice", "#said") and not self.all(id="said"):
                continue  # parts of a page, without what is said beside them
            if partial.attrs["hx-swap"] == "figures":
                self._fill(partial)
                continue
            place, children = self._at(partial.attrs["hx-target"]), partial.children
            if partial.attrs["hx-swap"].startswith("outerMorph"):
                (new,) = (child for child in partial.children if isinstance(child, Element))
                if "strip:true" in partial.attrs["hx-swap"]:
                    (new,) = (child for child in new.children if isinstance(child, Element))
                assert new.attrs.get("id") == place.attrs.get("id"), "what comes takes its place"
                place.tag, place.attrs, children = new.tag, new.attrs, new.children
            self._put(place, children)

    def _put(self, place: Element, children: "list[Element | str]") -> None:
        below = sum(1 for _ in place.walk()) - 1
        place.children = children
        new = [*place.walk()][1:]
        if below or new:
            start = self._elements.index(place) + 1
            self._elements[start : start + below] = new

    def _at(self, selector: str) -> Element:
        """The element that "#id" names, or "#id>:nth-child(2)" and so on."""
        first, *below = selector.split(">")
        place = self.one(id=first.removeprefix("#"))
        for step in below:
            number = int(step.removeprefix(":nth-child(").removesuffix(")"))
            place = [one for one in place.children if isinstance(one, Element)][number - 1]
        return place

    def _fill(self, partial: Element) -> None:
        """Put figures where the script would put them."""
        places = {element.attrs["id"]: element for element in self.all(id="")}
        for figure in partial.children:
            if isinstance(figure, Element):
                name = figure.attrs["id"]
                twin = places.get(f"s-{name}")  # of the drawing for narrow pages
                for place in (places[name], *([twin] if twin else ())):
                    place.attrs = {**place.attrs, **figure.attrs, "id": place.attrs["id"]}
                    if figure.tag == "b":
                        self._put(place, figure.children)

    # --- finding ----------------------------------------------------------------------------------

    def all(self, tag: str = "", **attrs: str) -> list[Element]:
        """Every element of this tag with these attributes; "" stands for any value."""
        found = [one for one in self._elements if one.tag == tag] if tag else self._elements[:]
        for name, value in attrs.items():
            name = name.rstrip("_").replace("_", "-")
            if value:
                found = [one for one in found if one.attrs.get(name) == value]
            else:
                found = [one for one in found if name in one.attrs]
        return found

    def one(self, tag: str = "", **attrs: str) -> Element:
        """The only such element."""
        (element,) = self.all(tag, **attrs)
        return element

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [element.attrs["id"] for element in self.all(id="")]

    def form_of(self, control: Element) -> Element:
        """The form that a control belongs to."""
        if "form" in control.attrs:
            return self.one("form", id=control.attrs["form"])
        (form,) = (form for form in self.all("form") if control in form.walk())
        return form

    def fields(self, form: str) -> dict[str, str]:
        """What a browser would send with the form of this id."""
        inside = {id(element) for element in self.one("form", id=form).walk()}
        return {
            field.attrs["name"]: field.attrs.get("value", "")
            for field in self.all("input", name="")
            if (field.attrs["form"] == form if "form" in field.attrs else id(field) in inside)
        }

    @property
    def alert(self) -> str:
        """What the page, or the fragment that fills its notice, warns of."""
        partial = self.all("hx-partial", hx_target="#notice")
        return (partial or self.all(role="alert"))[0].text
