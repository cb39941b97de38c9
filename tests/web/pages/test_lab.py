"""The pages: what they store, how their forms answer, and the markup they are made of."""

import re
import sqlite3
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.settings import Settings
from tests.web.support import EXAMPLES, HTMX, Client, Element, Network, Page, browse

LOOK = "?notation=z&theme=dark"
COMMANDS = ("reset", "take-back", "forward", "step", "learning-rate")
OTHERS = ("redo", "phase", "rewind", "edit", "rules", "branch", "forget")
BY = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
WIDE = {
    "layers": [3, 6, 2],
    "activations": ["relu", "identity"],
    "samples": [{"inputs": [x, 1, -x], "targets": [0, x]} for x in (0.5, -0.25, 0.125)],
    "batch": {"size": 2, "reduction": "mean"},
    "names": {"inputs": ["α", "x_2", "b'"]},
}


def submit(client: Client, page: Page, command: str, *, htmx: bool = False, **typed: str) -> Any:
    """What pressing a button sends, as a browser or htmx would, and its answer."""
    button = page.one("button", id="set-rate" if command == "learning-rate" else command)
    form = page.form_of(button)
    assert form.attrs["method"] == "post"
    assert form.attrs["action"] == form.attrs["hx-post"]
    fields = page.fields(form.attrs["id"])
    if htmx and "hx-include" in form.attrs:
        included = page.one("input", id=form.attrs["hx-include"].removeprefix("#"))
        fields[included.attrs["name"]] = included.attrs["value"]
    fields |= {name: value for name, value in typed.items() if name in fields}
    url = button.attrs.get("formaction", form.attrs["action"])
    return client.post(url, data=fields, headers=HTMX if htmx else {})


def page_of(client: Client, url: str, **headers: str) -> Page:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text[:300]
    return Page(answer.text)


# --- what is stored ---------------------------------------------------------------------------


def rows(directory: Path) -> list[Any]:
    """Everything in the database; the application must have ended."""
    database = sqlite3.connect(next(directory.glob("*.sqlite3")))
    found = database.execute("SELECT * FROM networks").fetchall()
    database.close()
    return found


def test_reading_stores_nothing(settings: Settings) -> None:
    with browse(settings) as client:
        network = Network(client, {"example": "mazur-2-2-2"})
        network.do("step")
    before = rows(settings.data_dir)
    assert len(before) == 1
    with browse(settings) as client:
        static = [e.attrs["src"] for e in page_of(client, "/").all("script")]
        urls = [
            "/", f"/{LOOK}", "/examples", *(f"/examples/{slug}" for slug in EXAMPLES),
            "/examples/unknown", network.page, f"{network.page}?notation=z", "/networks/unknown",
            f"{network.page}/step", "/examples/mazur-2-2-2/step", "/api/v1/networks",
            "/api/v1/examples", network.url, f"{network.url}/step", "/api/v1/openapi.json",
            "/health/live", "/health/ready", "/favicon.ico", "/unknown", *static,
        ]  # fmt: skip
        for url in urls:
            for method in ("GET", "HEAD", "OPTIONS"):
                for headers in ({}, HTMX, {"accept": "application/json"}):
                    answer = client.request(method, url, headers=headers)
                    assert answer.status_code < 500, (method, url)
    assert rows(settings.data_dir) == before


@pytest.mark.parametrize("url", ["/", "/examples", "/examples/mazur-2-2-2", "/health/live"])
def test_head_is_get_without_a_body(client: Client, url: str) -> None:
    head, get = client.head(url), client.get(url)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "cache-control", "vary"):
        assert head.headers.get(name) == get.headers.get(name)


# --- the first command makes the network ------------------------------------------------------


@pytest.mark.parametrize("slug", EXAMPLES)
@pytest.mark.parametrize("command", ["forward", "step", "reset", "learning-rate"])
def test_the_first_command_creates_a_network(client: Client, slug: str, command: str) -> None:
    page = page_of(client, f"/examples/{slug}")
    answer = submit(client, page, command)
    assert answer.status_code == 303
    assert re.fullmatch(r"/networks/[\w-]{22,}", answer.headers["location"])
    assert answer.headers["cache-control"] == "no-store"
    shown = page_of(client, answer.headers["location"])
    assert shown.one(id="headline-step").text == f"Step {1 if command == 'step' else 0}"


def test_the_home_page_is_the_default_example(client: Client) -> None:
    pages = [Page(client.get(path).text) for path in ("/", "/examples/afteracademy-2-2-2")]
    assert "Press Backprop step" in pages[0].one(id="welcome").text
    assert pages[1].one(id="welcome").text == ""
    for part in ("headline", "diagram", "panel", "numbers", "toolbar", "more"):
        assert pages[0].one(id=part).source() == pages[1].one(id=part).source()


def test_with_htmx_the_first_command_moves_the_page_to_its_network(client: Client) -> None:
    answer = submit(client, page_of(client, "/"), "step", htmx=True)
    assert answer.status_code == 200
    url = answer.headers["hx-push-url"]
    assert re.fullmatch(r"/networks/[\w-]{22,}", url)
    fragment = Page(answer.text)
    top = [child for child in fragment.root.children if isinstance(child, Element)]
    assert {child.tag for child in top} == {"hx-partial"}
    assert {f.attrs["action"].rsplit("/", 1)[0] for f in fragment.all("form")} == {url}
    whole = page_of(client, url)
    for part in ("diagram", "numbers", "curve"):
        ours, theirs = (page.one(id=part).source() for page in (fragment, whole))
        tokens = [page.all("input", name="op")[0].attrs["value"] for page in (fragment, whole)]
        assert ours.replace(tokens[0], "") == theirs.replace(tokens[1], "")


def test_taking_back_at_step_0_stores_nothing(client: Client, settings: Settings) -> None:
    answer = submit(client, page_of(client, "/"), "take-back")
    assert answer.status_code == 422
    assert "step 0" in Page(answer.text).alert


# --- the forms of a network -------------------------------------------------------------------


def test_every_form_carries_the_version_and_one_token(network: Network) -> None:
    network.do("step")
    first, second = (page_of(network.client, network.page) for _ in range(2))
    tokens = set()
    for page in (first, second):
        forms = [page.fields(form.attrs["id"]) for form in page.all("form", method="post")]
        assert len(forms) == 4, "commands, run, scrubber, values"
        assert {fields["version"] for fields in forms} == {"2"}
        (token,) = {fields["op"] for fields in forms}
        assert len(token) >= 12
        tokens.add(token)
    assert len(tokens) == 2, "each page has its own"


def test_an_example_has_no_version_yet(client: Client) -> None:
    page = page_of(client, "/")
    assert not page.all("input", name="version")
    assert not page.all("input", name="op")


@BY
@pytest.mark.parametrize("command", ["step", "forward", "take-back", "reset", "learning-rate"])
def test_a_double_click_does_it_once(network: Network, command: str, htmx: bool) -> None:
    network.do("step", {"count": 3})
    page = page_of(network.client, network.page)
    first, second = (
        submit(network.client, page, command, htmx=htmx, learning_rate="0.25") for _ in range(2)
    )
    assert first.status_code == second.status_code == (200 if htmx else 303)
    assert first.headers.get("location") == second.headers.get("location")
    state = network.state()
    assert state["version"] == 3
    assert state["step"] == {"step": 4, "take-back": 2, "reset": 0}.get(command, 3)


@BY
def test_the_second_of_two_tabs_sees_what_happened(network: Network, htmx: bool) -> None:
    mine, theirs = (page_of(network.client, network.page) for _ in range(2))
    submit(network.client, mine, "step")
    answer = submit(network.client, theirs, "step", htmx=htmx)
    assert answer.status_code == 409
    shown = Page(answer.text)
    assert "changed in another window" in shown.alert
    assert shown.one(id="headline-step").text == "Step 1"
    assert shown.fields("commands")["version"] == "2"
    assert network.state()["step"] == 1
    again = submit(network.client, shown, "step", htmx=htmx)
    assert again.status_code == (200 if htmx else 303)
    assert network.state()["step"] == 2


@BY
def test_a_conflict_does_not_bring_an_old_learning_rate_back(network: Network, htmx: bool) -> None:
    mine, theirs = (page_of(network.client, network.page) for _ in range(2))
    submit(network.client, mine, "learning-rate", learning_rate="0.1")
    answer = submit(network.client, theirs, "step", htmx=htmx)
    assert answer.status_code == 409
    submit(network.client, Page(answer.text), "step", htmx=htmx)
    assert network.state()["trace"]["learning_rate"] == 0.1


def test_an_old_page_is_stale_even_with_its_own_token(network: Network) -> None:
    page = page_of(network.client, network.page)
    submit(network.client, page, "step")
    network.do("step")
    assert submit(network.client, page, "step").status_code == 409
    assert network.state()["step"] == 2


@BY
def test_a_learning_rate_that_was_typed_holds_for_the_step(network: Network, htmx: bool) -> None:
    page = page_of(network.client, network.page)
    submit(network.client, page, "step", htmx=htmx, learning_rate="0.125")
    state = network.state()
    assert state["trace"]["learning_rate"] == 0.125
    assert page_of(network.client, network.page).one("input", id="rate").attrs["value"] == "0.125"


def test_htmx_pushes_no_address_that_is_there_already(network: Network) -> None:
    page = page_of(network.client, network.page)
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{network.page}"}
    answer = network.client.post(
        f"{network.page}/step", data=page.fields("commands"), headers=headers
    )
    assert answer.status_code == 200
    assert "hx-push-url" not in answer.headers


def test_a_history_restore_gets_a_whole_page(network: Network) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    page = page_of(network.client, network.page, **headers)
    assert page.all("html")
    assert not page.all("hx-partial")


# --- not found --------------------------------------------------------------------------------

MISSING = ["/networks/unknown", "/examples/unknown", "/unknown", "/networks/a/b/c", "/static/x/y"]


@pytest.mark.parametrize("url", MISSING)
def test_a_missing_page_is_a_page_a_fragment_or_a_problem(client: Client, url: str) -> None:
    page = client.get(url, headers={"accept": "text/html"})
    assert page.status_code == 404
    whole = Page(page.text)
    assert whole.one("html").attrs["lang"]
    assert whole.alert
    assert [a for a in whole.one("main").walk() if a.tag == "a"], "a way out"
    fragment = client.get(url, headers=HTMX)
    assert fragment.status_code == 404
    assert Page(fragment.text).one("hx-partial", hx_target="#notice").text
    problem = client.get(url, headers={"accept": "application/json"})
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


def test_a_path_without_its_slash_leads_to_the_one_with_it(tmp_path: Path) -> None:
    with browse(Settings(data_dir=tmp_path, root_path="/lab")) as client:
        for method, url in (("GET", "/lab"), ("HEAD", "/lab"), ("GET", "/lab?digits=6&theme=dark")):
            answer = client.request(method, url)
            assert answer.status_code == 308
            assert answer.headers["location"] == url.replace("/lab", "/lab/")
            assert answer.headers["cache-control"] == "no-store"
            assert client.get(answer.headers["location"]).status_code == 200
        assert client.get("/labs").status_code == 404
        assert client.get("/lab?digits=4&digits=5").status_code == 422


@BY
@pytest.mark.parametrize(
    "url",
    ["/networks/unknown/step", "/examples/unknown/step", "/examples/mazur-2-2-2/explode"],
)
def test_a_command_on_nothing_is_not_found(client: Client, url: str, htmx: bool) -> None:
    answer = client.post(url, data={"version": "1"}, headers=HTMX if htmx else {})
    assert answer.status_code == 404
    assert Page(answer.text).alert


def test_an_unknown_command_on_a_network_is_not_found(network: Network) -> None:
    assert network.submit("explode").status_code == 404
    assert network.state() == network.created


# --- notation and theme -----------------------------------------------------------------------

NET = re.compile(r"\b(net|out|E)\b")


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_the_other_notation_says_z_a_and_l(network: Network, htmx: bool) -> None:
    network.do("step")
    page = page_of(network.client, f"{network.page}?notation=z", **(HTMX if htmx else {}))
    texts = "\n".join(
        "\n".join([part.text, *labels(part)])
        for part in (page.one(id=name) for name in ("diagram", "numbers", "curve"))
    )
    assert not NET.findall(texts)
    assert {"z", "a", "δ"} <= {th.text for th in page.one(id="numbers").walk() if th.tag == "th"}
    assert "∂L/∂w5" in page.one("svg", id="network").text.replace("\u200b", "")
    other = page_of(network.client, network.page, **(HTMX if htmx else {}))
    assert {"net", "out"} <= {th.text for th in other.one(id="numbers").walk() if th.tag == "th"}


def labels(part: Element) -> Iterator[str]:
    """What is said of a part's elements, though not printed."""
    for element in part.walk():
        for name in ("aria-label", "title", "alt"):
            if name in element.attrs:
                yield element.attrs[name]


def test_the_look_is_kept_by_every_link_and_form(network: Network) -> None:
    for url in ("/", "/examples/mazur-2-2-2", network.page):
        page = page_of(network.client, url + LOOK)
        assert page.one("html").attrs["data-theme"] == "dark"
        for form in page.all("form", action=""):  # a dialog's has none
            assert form.attrs["action"].endswith(LOOK)
            assert form.attrs["hx-post"].endswith(LOOK)
        for link in page.all("a", href=""):
            href = link.attrs["href"]
            is_file = re.search(r"/export/(network\.json|\w+\.csv|code)", href)
            if href.startswith("/") and not is_file:
                assert href.endswith(LOOK), href
    assert page_of(network.client, "/").one("html").attrs["data-theme"] == "auto"


def test_the_examples_page_keeps_the_look(client: Client) -> None:
    page = page_of(client, f"/examples{LOOK}")
    links = [a.attrs["href"] for a in page.all("a") if a.attrs["href"].startswith("/")]
    assert links
    assert all(href.endswith(LOOK) for href in links)


def test_the_look_is_kept_by_redirects_and_htmx(client: Client) -> None:
    page = page_of(client, f"/examples/mazur-2-2-2{LOOK}")
    assert submit(client, page, "step").headers["location"].endswith(LOOK)
    answer = submit(client, page, "step", htmx=True)
    assert answer.headers["hx-push-url"].endswith(LOOK)
    assert all(f.attrs["hx-post"].endswith(LOOK) for f in Page(answer.text).all("form"))


@BY
@pytest.mark.parametrize("query", ["notation=y", "notation=", "theme=pink", "notation=%3Cb%3E"])
@pytest.mark.parametrize("url", ["/", "/examples", "/examples/mazur-2-2-2"])
def test_an_unknown_look_is_refused(client: Client, url: str, query: str, htmx: bool) -> None:
    answer = client.get(f"{url}?{query}", headers=HTMX if htmx else {})
    assert answer.status_code in (400, 404, 422)
    alert = Page(answer.text).alert
    name = query.split("=")[0]
    assert name in alert
    assert ("net" if name == "notation" else "light") in alert, "it says what is allowed"


def test_an_unknown_look_changes_nothing(network: Network) -> None:
    answer = network.client.post(f"{network.page}/step?notation=y", data={"version": "1"})
    assert answer.status_code in (400, 404, 422)
    assert network.state() == network.created


# --- nothing uncomputed -----------------------------------------------------------------------


def numbers(node: Any) -> Iterator[float]:
    """Every number in JSON, without 0 and 1."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        yield from chain.from_iterable(numbers(one) for one in node)
    elif isinstance(node, float) and node not in (0.0, 1.0):
        yield node


def three_digits(value: float) -> set[str]:
    """How a number might begin on a page: its first three digits, cut off or rounded."""
    exact = Decimal(abs(value))
    last = Decimal(1).scaleb(exact.adjusted() - 2)
    mantissa = f"{abs(value):.2e}".partition("e")[0]
    return {
        f"{mantissa}e",
        f"{exact.quantize(last, ROUND_DOWN):f}",
        f"{exact.quantize(last, ROUND_HALF_EVEN):f}",
    }


def source_of(html: str) -> str:
    """All text and attributes of a page but the table of what the source printed."""
    page = Page(html)
    for element in page.root.walk():
        element.children = [
            child
            for child in element.children
            if isinstance(child, str) or child.attrs.get("id") != "published"
        ]
    return page.root.source()


def found(digits: set[str], html: str) -> set[str]:
    """Which of these beginnings of numbers stand in a page."""
    source = source_of(html)
    return {one for one in digits if re.search(rf"(?<![\d.]){re.escape(one)}", source)}


@BY
@pytest.mark.parametrize("slug", EXAMPLES)
@pytest.mark.parametrize("phase", ["start", "forward"])
def test_what_is_not_computed_is_not_in_the_page(
    client: Client, slug: str, phase: str, htmx: bool
) -> None:
    network = Network(client, {"example": slug})
    start = network.created
    step = network.do("step")["trace"]
    network.do("reset")
    forward = {k: step[k] for k in ("pre_activations", "activations", "loss", "loss_shares")}
    later = {k: v for k, v in step.items() if k not in forward and k != "parameters_before"}
    shown: list[Any] = [start["spec"], start["parameters"]]
    if phase == "forward":
        network.do("forward")
        shown.append(forward)
        outputs, targets = forward["activations"][-1], start["spec"]["samples"][0]["targets"]
        shown += [a - y for a, y in zip(outputs, targets, strict=True)]
    else:
        later |= forward
    known = set(chain.from_iterable(three_digits(value) for value in numbers(shown)))
    hidden = set(chain.from_iterable(three_digits(value) for value in numbers(later))) - known
    headers = HTMX if htmx else {}
    answers = [client.get(network.page, headers=headers)]
    if phase == "start":
        answers.append(client.get(f"/examples/{slug}", headers=headers))
    for answer in answers:
        assert not found(hidden, answer.text)
    network.do("step")
    after = found(hidden, client.get(network.page, headers=headers).text)
    assert len(after) > 10, "the search finds them once they are there"


def test_after_a_step_all_of_it_is_in_the_page(network: Network) -> None:
    trace = network.do("step")["trace"]
    exact = {float(e.attrs["value"]) for e in page_of(network.client, network.page).all("data")}
    wanted = {**trace}
    for left_out in ("bias_gradients", "loss_shares", "learning_rate"):
        del wanted[left_out]
    assert set(numbers(wanted)) <= exact


# --- headers ----------------------------------------------------------------------------------


def test_pages_say_how_they_may_be_cached(network: Network) -> None:
    client = network.client
    for url in ("/", "/examples", "/examples/mazur-2-2-2"):
        for headers in ({}, HTMX):
            answer = client.get(url, headers=headers)
            assert answer.headers["cache-control"] == "public, max-age=60"
            assert varies(answer) >= {"hx-request", "accept"}
    for answer in (
        client.get(network.page),
        client.get(network.page, headers=HTMX),
        client.get("/networks/unknown"),
        client.get("/?notation=y"),
        network.submit("step"),
        network.submit("step", htmx=True),
        network.submit("step", version="1"),
        client.get(network.url),
        client.get("/api/v1/networks/unknown"),
    ):
        assert answer.headers["cache-control"] == "no-store", answer.url
    for answer in (client.get(network.page), network.submit("step"), client.get("/unknown")):
        assert varies(answer) >= {"hx-request", "accept"}


def varies(answer: Any) -> set[str]:
    return {name.strip().lower() for name in answer.headers["vary"].split(",")}


# --- markup -----------------------------------------------------------------------------------


BODIES: dict[str, dict[str, Any]] = {
    **{slug: {"example": slug} for slug in EXAMPLES},
    "wide": {"spec": WIDE},
    "shared biases": {"spec": {**WIDE, "layers": [3, 2, 2], "bias_update": "shared"}},
    "own biases": {"spec": {**WIDE, "layers": [3, 2, 2], "names": {}}},
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every kind of page and fragment, by what it is; reading them proves them well-formed."""
    found: dict[str, Any] = {}
    with browse(Settings(data_dir=tmp_path_factory.mktemp("data"))) as client:
        examples = [f"/examples/{slug}" for slug in EXAMPLES]
        for url in ("/", "/examples", *examples, f"/{LOOK}", "/unknown", "/?theme=pink"):
            found[url] = client.get(url)
            found[f"{url} htmx"] = client.get(url, headers=HTMX)
        for name, body in BODIES.items():
            network = Network(client, body)
            for command in ("start", "forward", "step", "step", "take-back"):
                if command != "start":
                    network.do(command)
                found[f"{name} {command}"] = client.get(network.page)
                found[f"{name} {command} htmx"] = client.get(network.page, headers=HTMX)
            for htmx in (False, True):
                found[f"{name} bad rate {htmx}"] = network.submit(
                    "step", htmx=htmx, learning_rate="<b>"
                )
                found[f"{name} conflict {htmx}"] = network.submit("step", htmx=htmx, version="1")
    for answer in found.values():
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "set-cookie" not in answer.headers
    return {name: answer.text for name, answer in found.items()}


def test_every_page_is_well_formed(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        page = Page(html)
        fragment = bool(page.all("hx-partial"))
        assert html.startswith("<!doctype html>") is not fragment, name
        if not fragment:
            assert page.one("html").attrs["lang"] == "en"
            assert page.one("title").text
            assert page.one("main").attrs["id"] == "main"
            assert len(page.all("h1")) <= 1


def test_ids_stand_once(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        ids = Page(html).ids()
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))
        assert all(i and not re.search(r"\s", i) for i in ids)


def references(page: Page) -> Iterator[str]:
    """Every id that something on the page points to."""
    for element in page.all():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "data-copies"):
            yield from element.attrs.get(name, "").split()
        for name in ("hx-target", "hx-include", "hx-sync", "href"):
            yield from re.findall(r"^#([\w-]+)", element.attrs.get(name, ""))
        yield from re.findall(r"from:#([\w-]+)", element.attrs.get("hx-trigger", ""))


def test_what_is_pointed_to_exists(pages: dict[str, str]) -> None:
    of_the_lab = set(Page(pages["/"]).ids())
    for name, html in pages.items():
        page = Page(html)
        there = set(page.ids()) | (of_the_lab if page.all("hx-partial") else set())
        assert set(references(page)) <= there, name


def test_every_field_and_picture_has_a_name(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        page = Page(html)
        labelled = {label.attrs["for"] for label in page.all("label")}
        for field in page.all("input"):
            hidden = field.attrs.get("type") == "hidden"
            assert hidden or "aria-label" in field.attrs or field.attrs["id"] in labelled, name
        for picture in page.all("svg"):
            assert "aria-label" in picture.attrs or picture.attrs.get("aria-hidden") == "true"
        for button in page.all("button"):
            assert button.text or "aria-label" in button.attrs


URLS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url", "poster", "data")


def test_no_address_leaves_the_host_but_the_source(pages: dict[str, str]) -> None:
    outside = set()
    for name, html in pages.items():
        for element in Page(html).all():
            for url in (element.attrs[key] for key in URLS if key in element.attrs):
                parts = urlsplit(url)
                if parts.scheme or parts.netloc:
                    outside.add(url)
                    assert (element.tag, element.attrs["rel"]) == ("a", "noreferrer"), name
            assert "srcset" not in element.attrs
            assert element.tag not in ("iframe", "object", "embed", "base", "style")
            assert "http" not in element.attrs.get("content", "")
    assert {urlsplit(url).hostname for url in outside} == {"mattmazur.com"}


@pytest.mark.parametrize("prefix", ["", "/lab"], ids=["stripped", "kept"])
def test_under_a_path_every_address_begins_with_it(tmp_path: Path, prefix: str) -> None:
    """Whether the proxy in front takes the path away or not."""
    with browse(Settings(data_dir=tmp_path, root_path="/lab")) as client:
        home = page_of(client, f"{prefix}/")
        created = client.post(f"{prefix}/examples/mazur-2-2-2/step")
        url = created.headers["location"]
        network = page_of(client, url if prefix else url.removeprefix("/lab"))
        pushed = client.post(f"{prefix}/examples/mazur-2-2-2/step", headers=HTMX)
        api = client.post(f"{prefix}/api/v1/networks", json={"example": "mazur-2-2-2"})
        problem = client.get(f"{prefix}/api/v1/networks/unknown")
        script = home.all("script")[0].attrs["src"]
        assert client.get(script if prefix else script.removeprefix("/lab")).status_code == 200
    found = [url, pushed.headers["hx-push-url"], api.headers["location"]]
    for page in (home, network):
        found += [e.attrs[key] for e in page.all() for key in URLS if key in e.attrs]
    outside = ("#", "?", "https://mattmazur.com/")
    assert not [one for one in found if not one.startswith(("/lab/", *outside))]
    assert problem.headers["content-type"] == "application/problem+json"


def test_nothing_runs_or_looks_from_within_the_page(pages: dict[str, str]) -> None:
    for html in pages.values():
        for element in Page(html).all():
            assert "style" not in element.attrs
            assert not [name for name in element.attrs if name.startswith(("on", "hx-on"))]
            assert not [v for v in element.attrs.values() if v.lower().startswith("javascript:")]
            if element.tag == "script":
                assert element.attrs["src"].startswith("/static/")
                assert not element.text


def test_style_sheets_and_scripts_name_no_other_host(client: Client) -> None:
    page = page_of(client, "/")
    for element in page.all("link", rel="stylesheet"):
        sheet = client.get(element.attrs["href"]).text
        assert "@import" not in sheet
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", sheet)


@pytest.mark.parametrize("command", COMMANDS + OTHERS)
def test_a_forms_address_opened_as_a_page_leads_to_the_page(network: Network, command: str) -> None:
    answer = network.client.get(f"{network.page}/{command}?notation=z", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{network.page}?notation=z")
    answer = network.client.get(f"/examples/mazur-2-2-2/{command}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/examples/mazur-2-2-2")


def test_clicks_that_overtake_the_answers_are_never_called_someone_elses(network: Network) -> None:
    """Forms drawn in one tab at one version carry one token, however often they are drawn."""
    page = page_of(network.client, network.page)
    first = page.fields("commands")
    drawn = Page(submit(network.client, page, "step", htmx=True).text)
    again = Page(submit(network.client, page, "step", htmx=True).text)
    assert drawn.fields("commands") == again.fields("commands")
    assert drawn.fields("commands")["op"] != first["op"]
    assert submit(network.client, drawn, "step", htmx=True).status_code == 200
    assert submit(network.client, again, "step", htmx=True).status_code == 200
    assert network.state()["step"] == 2


def test_after_a_conflict_the_sentence_is_that_of_the_moment_on_the_page(network: Network) -> None:
    stale = page_of(network.client, network.page)
    network.do("step")
    network.do("step")
    answer = submit(network.client, stale, "step", htmx=True)
    assert answer.status_code == 409
    assert "Step 2: the error fell" in answer.text


@BY
def test_another_button_of_an_old_page_is_no_replay(network: Network, htmx: bool) -> None:
    """The browser's Back button shows a page again whose one form was already sent."""
    page = page_of(network.client, network.page)
    submit(network.client, page, "step", htmx=htmx)
    before = network.state()
    for command in ("reset", "forward", "take-back", "learning-rate"):
        assert submit(network.client, page, command, htmx=htmx).status_code == 409
    assert submit(network.client, page, "step", htmx=htmx, learning_rate="0.9").status_code == 409
    assert network.state() == before
    assert submit(network.client, page, "step", htmx=htmx).status_code == (200 if htmx else 303)
    assert network.state() == before


ADAM = {
    "layers": [2, 2, 2],
    "activations": ["leaky_relu", "softmax"],
    "loss": "softmax_cross_entropy",
    "optimizer": {"name": "adam", "learning_rate": 0.1},
    "samples": [{"inputs": [0.3, -0.4], "targets": [0.0, 1.0]}],
    "initialization": {"scheme": "he_normal", "seed": 3},
}


def test_what_an_optimizer_remembers_appears_with_its_phase(client: Client) -> None:
    """Not earlier, in the table and over the API; then it is explained."""
    state = client.post("/api/v1/networks", json={"spec": ADAM}).json()
    path = f"/api/v1/networks/{state['id']}"
    for to in ("gradient:1", "moments"):
        state = (client.post(f"{path}/phase", json={"to": to})).json()
        known = to == "moments"
        square = state["walk"]["optimizer_state_after"]["square"]["weights"]
        assert [rows is not None for rows in square] == [known, known]
        page = (client.get(f"/networks/{state['id']}")).text
        table = page.partition('<table id="memory">')[2].partition("</table>")[0]
        assert ("square%3Aw1" in table) is known
    derivation = (client.get(f"{path}/derivations/square:w1")).json()
    assert derivation["value"] == square[0][0][0]
    assert derivation["computed"]


def test_an_edit_that_the_loss_cannot_take_is_refused_on_the_page(client: Client) -> None:
    state = client.post("/api/v1/networks", json={"spec": ADAM}).json()
    url = f"/networks/{state['id']}"
    form = {"version": str(state["version"]), "value.y1": "0.5"}
    answer = client.post(f"{url}/edit", data=form)
    assert answer.status_code == 422
    assert "must sum to 1; these sum to 1.5" in answer.text
    assert 'value="0.5"' in client.post(f"{url}/edit?edit=on", data=form).text, "nothing is lost"
    problem = client.patch(f"/api/v1{url}", json={"targets": [0.5, 1.0]}).json()
    assert (problem["code"], problem["pointer"]) == ("targets_unity", "/targets")
    assert client.patch(f"/api/v1{url}", json={"targets": [0.5, 0.5]}).status_code == 200


def test_what_is_undefined_is_shown_as_such(client: Client) -> None:
    """Adam without an epsilon divides zero by zero where a ReLU sleeps: refused, never a 500."""
    spec = {
        "layers": [1, 1],
        "activations": ["relu"],
        "optimizer": {"name": "adam", "epsilon": 0},
        "samples": [{"inputs": [1], "targets": [0]}],
        "weights": [[[-1]]],
        "biases": [[0]],
    }
    network = client.post("/api/v1/networks", json={"spec": spec}).json()["id"]
    assert client.post(f"/api/v1/networks/{network}/step", json={}).status_code == 422
    assert client.get(f"/networks/{network}?open=new:w1").status_code == 200
    answer = client.get(f"/api/v1/networks/{network}/derivations/new:w1")
    assert answer.status_code == 200
    assert answer.json()["value"] is None
    refused = {**spec, "optimizer": {"name": "momentum", "momentum": 1}}
    problem = client.post("/api/v1/networks", json={"spec": refused}).json()
    assert problem["detail"] == "spec/optimizer/momentum must be less than 1."


@pytest.mark.parametrize(
    ("slug", "opened"),
    [
        ("afteracademy-2-2-2", "out:o1"),
        ("mazur-2-2-2", "w5"),
        ("mazur-2-2-2", "conventions"),
        ("han-kamber-3-2-1", "w14"),
    ],
)
def test_links_to_other_pages_work_whatever_is_open(client: Client, slug: str, opened: str) -> None:
    page = page_of(client, f"/examples/{slug}?open={opened}&digits=6")
    links = {a.attrs["href"] for a in page.all("a") if a.attrs.get("href", "").startswith("/")}
    assert len(links) >= 7
    for link in links:
        assert client.get(link).status_code == 200, link
