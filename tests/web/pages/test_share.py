"""Sharing: links that open anywhere, with every digit, and the frame that the dialog writes."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.lab.links.codec import MAX_LENGTH
from app.settings import Settings
from app.views.options import CONTROLS
from app.web.pages.share import PRESETS, USUAL_HEIGHT
from tests.support import server
from tests.web.support import HTMX, Client, Network, Page, Watched, browse

XOR = {
    "layers": [2, 2, 1],
    "activations": ["sigmoid", "sigmoid"],
    "data": {"name": "xor"},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
LARGE = {
    "layers": [20, 20, 20, 20, 20],
    "activations": ["tanh"] * 4,
    "samples": [{"inputs": [0.5] * 20, "targets": [0.5] * 20}],
}
HOST = "http://testserver"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Client]:
    """Another server, with an empty store that counts what is written."""
    store = Watched(tmp_path / "elsewhere", ttl_seconds=60, max_networks=10)
    with browse(Settings(), store) as client:
        client.store = store
        yield client


def shared(client: Client, page: str, query: str = "") -> Page:
    """The Share page of a network's page."""
    answer = client.get(f"{page}/share{query}")
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["cache-control"] == "no-store"
    return Page(answer.text)


def link_of(client: Client, page: str, query: str = "") -> str:
    """The link that the Share page shows, without the server's address."""
    link = shared(client, page, query).one("textarea", id="share-link").text
    assert link.startswith(f"{HOST}/at/")
    return link.removeprefix(HOST)


def digits(page: Page) -> list[str]:
    """Every exact number of the page, and every text that shows one."""
    return [e.attrs["value"] for e in page.all("data", value="")] + [
        e.text for e in page.all("data", value="")
    ]


# --- a link -----------------------------------------------------------------------------------


def test_ten_runs_scrubbed_back_and_shared_show_the_same_digits_elsewhere(
    client: Client, elsewhere: Client
) -> None:
    teacher = Network(client, {"spec": XOR})
    for _ in range(10):
        teacher.do("step", {"count": 20})
    teacher.do("rewind", {"step": 137})
    link = link_of(client, teacher.page, "?open=w3&notation=z&digits=10")
    ours = Page(client.get(f"{teacher.page}?open=w3&notation=z&digits=10").text)
    answer = elsewhere.get(link)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=60"
    theirs = Page(answer.text)
    assert digits(theirs) == digits(ours)
    assert theirs.one("svg", id="network").source() == ours.one("svg", id="network").source()
    assert theirs.one(id="panel").text == ours.one(id="panel").text
    assert elsewhere.head(link).status_code == 200
    assert elsewhere.store.writes == 0


def test_the_first_command_makes_a_network_of_ones_own(client: Client, elsewhere: Client) -> None:
    teacher = Network(client, {"spec": XOR})
    teacher.do("step", {"count": 41})
    link = link_of(client, teacher.page)
    answer = elsewhere.post(f"{link}/step", data={"count": "3"})
    assert answer.status_code == 303
    url = answer.headers["location"]
    assert re.fullmatch(r"/networks/[\w-]{24}", url)
    state = elsewhere.get(f"/api/v1{url}").json()
    known = teacher.do("step", {"count": 3})
    assert state["parameters"] == known["parameters"]
    assert (state["first_step"], state["step"]) == (40, 44)
    assert state["loss_history"] == known["loss_history"][40:]
    back = elsewhere.post(f"/api/v1{url}/take-back", json={"count": 4}).json()
    assert (back["step"], back["trace"]) == (40, None)
    refused = elsewhere.post(f"/api/v1{url}/take-back")
    assert refused.json()["code"] == "nothing_to_take_back"
    assert "40" in refused.json()["detail"]
    assert elsewhere.post(f"/api/v1{url}/rewind", json={"step": 39}).json()["code"] == "minimum"
    page = Page(elsewhere.get(url).text)
    assert page.one("input", id="scrubber").attrs["min"] == "40"
    assert elsewhere.post(f"/api/v1{url}/reset").json()["step"] == 40
    said = Page(elsewhere.post(f"{link}/reset", headers=HTMX).text)
    assert "step 40" in said.one("hx-partial", hx_target="#said").text


def test_a_branch_of_a_linked_network_can_be_compared(client: Client) -> None:
    teacher = Network(client, {"spec": XOR})
    teacher.do("step", {"count": 11})
    url = client.post(f"{link_of(client, teacher.page)}/step").headers["location"]
    client.post(f"/api/v1{url}/take-back")
    client.patch(f"/api/v1{url}", json={"weights": {"w1": 2.0}})
    client.post(f"/api/v1{url}/step", json={"count": 4})
    page = Page(client.get(f"{url}/compare").text)
    assert page.one("label", for_="choose-step").text == "Step (10–15)"
    assert client.get(f"{url}/compare?step=9").status_code == 422
    assert "from step 10, where the shared link starts" in page.one("select", id="choose-a").text


@pytest.mark.parametrize("command", ["forward", "phase", "rules", "edit", "learning-rate"])
def test_every_command_works_from_a_link(client: Client, command: str) -> None:
    fields = {
        "phase": {"to": "next"}, "rules": {"loss": "squared_error"}, "edit": {"value.w1": "0.5"},
        "learning-rate": {"learning_rate": "0.1"},
    }.get(command, {})  # fmt: skip
    link = link_of(client, "/examples/mazur-2-2-2")
    answer = client.post(f"{link}/{command}", data=fields, headers=HTMX)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["hx-push-url"].startswith("/networks/")


def test_what_a_form_of_a_link_got_wrong_is_said_on_the_same_page(client: Client) -> None:
    link = link_of(client, "/examples/mazur-2-2-2")
    answer = client.post(f"{link}/learning-rate", data={"learning_rate": "x"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "learning rate" in page.alert
    assert page.one("form", id="commands").attrs["action"] == f"{link}/step"
    again = client.get(f"{link}/step")
    assert (again.status_code, again.headers["location"]) == (303, link)


BAD = ["x", "1", "1AAAA", "1" + "A" * (MAX_LENGTH + 1), "%00", "..%2f", "1é", "2abcd", "1" * 20]


@pytest.mark.parametrize("link", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("path", ["/at/{}", "/at/{}/share", "/at/{}/step", "/embed/at/{}"])
def test_what_is_no_link_is_refused_in_every_voice(client: Client, link: str, path: str) -> None:
    method = "POST" if path.endswith("step") else "GET"
    url = path.format(link)
    page = client.request(method, url)
    told = client.request(method, url, headers={"accept": "application/json"})
    part = client.request(method, url, headers=HTMX)
    if page.status_code == 404:
        assert "%2f" in link
        return
    assert [page.status_code, told.status_code, part.status_code] == [400] * 3
    assert told.json()["code"].startswith("link_")
    assert page.headers["cache-control"] == "no-store"
    assert told.json()["detail"] in Page(page.text).one(role="alert").text
    assert told.json()["title"] in Page(part.text).alert


def test_a_link_that_lost_its_end_says_so(client: Client) -> None:
    link = link_of(client, "/examples/mazur-2-2-2")
    answer = client.get(link[:-1])
    assert answer.status_code == 400
    assert Page(answer.text).one("h1").text == "This link is cut off or changed"


# --- over the API -----------------------------------------------------------------------------


def test_a_program_takes_a_network_elsewhere_by_its_link(
    client: Client, elsewhere: Client, network: Network
) -> None:
    known = network.do("step", {"count": 25})
    told = client.get(f"{network.url}/link").json()
    assert told["url"] == f"{HOST}/at/{told['link']}"
    assert told["url"] == shared(client, network.page).one("textarea", id="share-link").text
    answer = elsewhere.post("/api/v1/links", json={"link": told["link"]})
    assert answer.status_code == 201
    state = answer.json()
    assert answer.headers["location"] == f"/api/v1/networks/{state['id']}"
    assert (state["first_step"], state["step"], state["example"]) == (24, 25, "mazur-2-2-2")
    for key in ("parameters", "trace", "forward", "phase"):
        assert state[key] == known[key]
    assert elsewhere.get(answer.headers["location"]).json() == state


def test_a_program_is_told_what_is_wrong_with_a_link(client: Client) -> None:
    for link, status, code in (
        ("1abc", 400, "link_damaged"), ("x" * 9000, 422, "max_characters"), (5, 422, "text"),
    ):  # fmt: skip
        answer = client.post("/api/v1/links", json={"link": link})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    large = Network(client, {"spec": LARGE})
    answer = client.get(f"{large.url}/link")
    assert (answer.status_code, answer.json()["code"]) == (422, "link_too_large")
    assert client.get("/api/v1/networks/none/link").status_code == 404


# --- the dialog -------------------------------------------------------------------------------


def test_the_lab_offers_to_share_with_and_without_scripts(client: Client, network: Network) -> None:
    for url in ("/", network.page, link_of(client, network.page)):
        page = Page(client.get(f"{url}?notation=z").text)
        menu = page.one("details", id="share")
        (link,) = (e for e in menu.walk() if e.tag == "a")
        assert link.attrs["href"] == link.attrs["hx-get"]
        assert client.get(link.attrs["href"]).status_code == 200
        part = client.get(link.attrs["href"], headers=HTMX)
        assert "<html" not in part.text
        assert Page(part.text).one("textarea", id="share-link").text.endswith("?notation=z")


def test_a_command_closes_the_dialog_for_the_moment_it_showed(network: Network) -> None:
    update = Page(network.submit("step", htmx=True).text)
    partial = update.one("hx-partial", hx_target="#share")
    assert "open" not in update.one("details", id="share").attrs
    assert f"{network.page}/share" in partial.source()


def test_the_address_of_a_stored_network_is_not_shared(client: Client, network: Network) -> None:
    page = shared(client, network.page)
    assert "can change your network" in page.one(class_="aside").text
    for area in page.all("textarea"):
        assert network.id not in area.text
    assert not shared(client, "/examples/mazur-2-2-2").all(class_="aside")


def snippet(page: Page) -> dict[str, str]:
    """The attributes of the frame that is to be pasted."""
    text = page.one("textarea", id="share-snippet").text
    return Page(text).one("iframe").attrs


def test_the_frame_shows_the_moment_that_is_shared(client: Client, network: Network) -> None:
    network.do("step", {"count": 5})
    page = shared(client, network.page, "?digits=7&theme=dark")
    frame = snippet(page)
    assert frame["height"] == str(USUAL_HEIGHT)
    assert frame["title"]
    source = urlsplit(frame["src"])
    assert source.path.startswith("/embed/at/1")
    assert source.query == "theme=dark&digits=7&controls=step,take-back,phases,samples,panel"
    assert page.one("a", target="_blank").attrs["href"] == frame["src"]
    assert page.one("h1").text == "Share step 5"
    framed = Page(client.get(frame["src"]).text)
    ours = Page(client.get(f"{network.page}?digits=7").text)
    assert framed.one("data", id="loss").attrs == ours.one("data", id="loss").attrs


def test_an_unfinished_step_is_shared_by_the_name_of_its_phase(
    client: Client, network: Network
) -> None:
    network.submit("phase", to="activation:1")
    assert shared(client, network.page).one("h1").text == "Share step 0, hidden layer, out"


def test_the_frame_is_as_it_was_chosen(client: Client, network: Network) -> None:
    query = "?frame=on&control=curve&control=step&frame_theme=light&height=320&notation=z&open=w5"
    page = shared(client, network.page, query)
    frame = snippet(page)
    assert frame["height"] == "320"
    assert urlsplit(frame["src"]).query == "notation=z&theme=light&open=w5&controls=step,curve"
    chosen = [e.attrs["value"] for e in page.all("input", type="checkbox", checked="")]
    ticked = [e for e in page.all("input", type="checkbox") if "checked" in e.attrs]
    assert [e.attrs["value"] for e in ticked] == ["step", "curve"] == chosen
    assert page.one("option", selected="").attrs["value"] == "light"
    hidden = {e.attrs["name"]: e.attrs["value"] for e in page.all("input", type="hidden")}
    assert hidden == {"frame": "on", "notation": "z", "open": "w5"}
    usual = shared(client, network.page)
    ticked = [e for e in usual.all("input", type="checkbox") if "checked" in e.attrs]
    assert tuple(e.attrs["value"] for e in ticked) == PRESETS["stepper"][0]
    assert len(usual.all("input", type="checkbox")) == len(CONTROLS)
    nothing = snippet(shared(client, network.page, "?frame=on"))
    assert nothing["src"].endswith("?controls=")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("control=fly", "/control", "bad_query"),
        ("frame_theme=pink", "/frame_theme", "bad_query"),
        ("height=199", "/height", "minimum"),
        ("height=2001", "/height", "maximum"),
        ("height=99999", "/height", "maximum"),
        ("height=1e3", "/height", "whole_number"),
        ("height=", "/height", "whole_number"),
    ],
)
def test_a_frame_that_cannot_be_is_refused_by_field(
    client: Client, network: Network, query: str, pointer: str, code: str
) -> None:
    url = f"{network.page}/share?frame=on&{query}"
    answer = client.get(url, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert (answer.json()["pointer"], answer.json()["code"]) == (pointer, code)


def test_a_network_too_large_for_a_link_says_so_and_shows_none(client: Client) -> None:
    large = Network(client, {"spec": LARGE})
    page = shared(client, large.page)
    assert f"the limit is {MAX_LENGTH:,}" in page.one(class_="pending").text
    assert not page.all("textarea")
    framed = Page(client.get(f"/embed{large.page}").text)
    assert framed.one(id="whereabouts").text.endswith(large.page)


def test_a_proxys_path_stands_in_every_address(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, root_path="/takeback")
    with browse(settings) as client:
        for asked in ("/examples/mazur-2-2-2", "/takeback/examples/mazur-2-2-2"):
            page = Page(client.get(f"{asked}/share").text)
            link = page.one("textarea", id="share-link").text
            assert link.startswith(f"{HOST}/takeback/at/1")
            assert snippet(page)["src"].startswith(f"{HOST}/takeback/embed/at/1")
            assert client.get(link.removeprefix(HOST)).status_code == 200
            framed = client.get(snippet(page)["src"].removeprefix(HOST))
            assert framed.headers["access-control-allow-origin"] == "*"
            form = Page(framed.text).one("form", id="commands")
            assert form.attrs["action"].startswith("/takeback/embed/at/1")


def test_a_host_that_is_no_host_writes_no_markup(client: Client) -> None:
    answer: Any = client.get("/examples/mazur-2-2-2/share", headers={"host": 'a"><script>'})
    assert "<script>" not in answer.text
    assert answer.status_code < 500


def test_the_longest_link_fits_into_the_requests_of_htmx(tmp_path: Path) -> None:
    link = "1" + "A" * (MAX_LENGTH - 1)
    with server(tmp_path) as base:
        address = f"{base}/at/{link}"
        headers = {"Accept": "application/json", "HX-Current-URL": address, "Referer": address}
        request = urllib.request.Request(f"{address}/step", b"", headers)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=20)
        assert json.load(caught.value)["code"] == "link_damaged"
