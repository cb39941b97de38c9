"""Pages for the frames of other sites: controls, phases, and headers that let them work there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from app.settings import Settings
from app.views.options import CONTROLS, USUAL_CONTROLS
from app.web.api.openapi import XOR_SPEC
from tests.web.http.test_security import POLICY
from tests.web.support import EXAMPLES, HTMX, Client, Network, Page, browse

EXAMPLE = "/embed/examples/mazur-2-2-2"
# What shows that a control is there.
SHOWN = {
    "step": "step", "take-back": "take-back", "redo": "redo", "reset": "reset",
    "forward": "forward", "rate": "rate", "run": "run", "phases": "rail", "panel": "panel",
    "samples": "samples",
    "numbers": "numbers", "edit": "form-edit", "curve": "curve",
}  # fmt: skip
PREFLIGHT = {
    "origin": "null",
    "access-control-request-method": "POST",
    "access-control-request-headers": "hx-request,hx-current-url",
}


def page_of(client: Client, url: str, status: int = 200, **headers: str) -> Page:
    answer = client.get(url, headers=headers)
    assert answer.status_code == status, answer.text[:300]
    return Page(answer.text)


# --- what is shown ----------------------------------------------------------------------------


def xor_in_a_frame(client: Client) -> str:
    """The address of a network with several samples, in a frame."""
    network = Network(client, {"spec": XOR_SPEC | {"batch": {"size": 1}}})
    link = client.get(f"{network.url}/link").json()["link"]
    return f"/embed/at/{link}"


def test_every_control_can_be_shown_alone(client: Client) -> None:
    assert SHOWN.keys() == set(CONTROLS)
    url = xor_in_a_frame(client)
    for name in CONTROLS:
        chosen = {name, "numbers"} if name == "edit" else {name}
        page = page_of(client, f"{url}?controls={','.join(chosen)}&phase=updated")
        ids = set(page.ids())
        assert {SHOWN[one] for one in CONTROLS if SHOWN[one] in ids} == {SHOWN[c] for c in chosen}


def test_a_frame_that_offers_run_loads_what_streams_it(client: Client) -> None:
    url = xor_in_a_frame(client)
    for controls, streams in (("run,step", True), ("step", False)):
        page = page_of(client, f"{url}?controls={controls}")
        scripts = [script.attrs["src"].rsplit("/", 1)[-1] for script in page.all("script")]
        assert ("hx-sse.min.js" in scripts) == streams
        assert "present.js" not in scripts


def test_the_usual_controls_are_shown_unless_others_are_named(client: Client) -> None:
    url = xor_in_a_frame(client)
    ids = page_of(client, url).ids()
    assert {name for name in CONTROLS if SHOWN[name] in ids} == set(USUAL_CONTROLS)
    page = page_of(client, f"{url}?controls=")
    assert not [name for name in CONTROLS if SHOWN[name] in page.ids()]
    assert page.one(id="batch").text.startswith("Sample 1 of 4: used alone in this step")


@pytest.mark.parametrize(
    ("query", "pointer", "allowed"),
    [
        ("controls=step,fly", "/controls", "take-back"),
        ("phase=gradient:9", "/phase", "gradient:2"),
        ("phase=" + "x" * 50, "/phase", "40"),
        ("theme=pink", "/theme", "dark"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(
    client: Client, query: str, pointer: str, allowed: str
) -> None:
    answer = client.get(f"{EXAMPLE}?{query}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
    assert allowed in answer.json()["detail"]
    page = page_of(client, f"{EXAMPLE}?{query}", 422)
    assert not page.all("header")
    links = [e for e in page.one("main").walk() if e.tag == "a"]
    assert links
    assert all(link.attrs["target"] == "_blank" for link in links)


def test_a_frame_is_the_picture_without_the_site(client: Client) -> None:
    for slug in EXAMPLES:
        page = page_of(client, f"/embed/examples/{slug}?phase=updated")
        assert not page.all("header")
        assert not page.all("nav")
        whole = page_of(client, f"/examples/{slug}")
        assert len(page.one("svg", id="network").source()) > len(
            whole.one("svg", id="network").source()
        )
        for there, mode in ((page, "cors"), (whole, None)):
            config = json.loads(there.one("meta", name="htmx-config").attrs["content"] or "")
            assert config == {
                "defaultSettleDelay": 0, "noSwap": [204, 304, "5xx"],
                **({"mode": mode} if mode else {}),
            }  # fmt: skip


@pytest.mark.parametrize("controls", [",".join(CONTROLS), ",".join(USUAL_CONTROLS), "", "panel"])
def test_nothing_in_a_frame_leads_out_of_it_unasked(client: Client, controls: str) -> None:
    for query in ("&phase=updated&open=w5", "&phase=forward&open=conventions"):
        page = page_of(client, f"{EXAMPLE}?controls={controls}{query}")
        links = {link.attrs["href"]: link for link in page.all("a", href="")}
        for place, link in enumerate(links.values()):
            inside = link.attrs["href"].startswith(("?", "#"))
            assert inside or link.attrs.get("target") == "_blank", link.attrs
            if "target" in link.attrs:
                assert "noopener" in link.attrs["rel"]
            elif link.attrs["href"].startswith("?") and place % 6 == 0:
                assert client.get(EXAMPLE + link.attrs["href"]).status_code == 200
        for form in page.all("form"):
            assert form.attrs["action"].startswith(f"{EXAMPLE}/")


def test_without_derivations_no_number_is_a_link(client: Client) -> None:
    page = page_of(client, f"{EXAMPLE}?controls=step,numbers&phase=updated")
    assert {link.attrs["href"] for link in page.all("a", href="")} == {
        "#main", page.one(id="whereabouts").children[0].attrs["href"],  # type: ignore[union-attr]
    }  # fmt: skip


# --- the phase it begins with -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "stands"),
    [
        ("start", "start"), ("forward", "forward"), ("updated", "updated"),
        ("pre_activation:1", "pre_activation:1"), ("delta:2", "delta:2"), ("update", "updated"),
    ],
)  # fmt: skip
def test_a_frame_begins_with_the_phase_that_is_asked_for(
    client: Client, network: Network, phase: str, stands: str
) -> None:
    network.do("step", {"count": 3})
    share = page_of(client, f"{network.page}/share").one("textarea", id="share-link").text
    link = share.removeprefix("http://testserver")
    for base in (EXAMPLE, f"/embed{link}"):
        page = page_of(client, f"{base}?phase={phase}")
        assert page.one(id="diagram").attrs["data-phase"] == stands
        whole = page.one(id="whereabouts").children[0].attrs["href"]  # type: ignore[union-attr]
        there = page_of(client, whole.removeprefix("http://testserver"))
        assert there.one(id="diagram").attrs["data-phase"] == stands
        drawn = page.one("svg", id="network").source().replace(f"phase={quote(phase)}&", "")
        assert there.one("svg", id="network").source() == drawn
    assert page.one(class_="step").text == ("Step 3" if stands == "updated" else "Step 2")


def test_the_first_command_goes_on_from_that_phase(client: Client) -> None:
    page = page_of(client, f"{EXAMPLE}?phase=activation:1&controls=phases,curve&digits=6")
    url = page.one("button", id="phase-on").attrs["formaction"]
    answer = client.post(url, data={"to": "next"})
    assert answer.status_code == 303
    place, _, query = answer.headers["location"].partition("?")
    assert place.startswith("/embed/networks/")
    assert query == "digits=6&controls=phases,curve"
    after = page_of(client, answer.headers["location"])
    assert after.one(id="diagram").attrs["data-phase"] == "pre_activation:2"
    assert after.one("button", id="phase-on").attrs["formaction"] == f"{place}/phase?{query}"


# --- commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("controls", [",".join(CONTROLS), ",".join(USUAL_CONTROLS), "step"])
def test_every_visitor_gets_a_network_in_the_same_frame(client: Client, controls: str) -> None:
    query = f"?controls={controls}" if controls != ",".join(USUAL_CONTROLS) else ""
    page = page_of(client, EXAMPLE + query)
    action = page.one("form", id="commands").attrs["hx-post"]
    seen = set()
    for _ in range(2):
        answer = client.post(action, headers=HTMX | {"hx-current-url": EXAMPLE + query})
        assert answer.status_code == 200
        update = Page(answer.text)
        url = answer.headers["hx-push-url"]
        assert url.startswith("/embed/networks/")
        assert url.endswith(query)
        seen.add(url)
        ids = page.ids()
        for partial in update.all("hx-partial"):
            assert partial.attrs["hx-target"].removeprefix("#") in ids
        assert update.one("form", id="commands").attrs["action"].startswith(url.partition("?")[0])
        told = update.one(id="whereabouts").children[0].attrs["href"]  # type: ignore[union-attr]
        assert url.partition("?")[0].rpartition("/")[2] not in told
        assert "/at/1" in told
    assert len(seen) == 2


def test_a_stored_network_can_be_driven_in_a_frame(client: Client, network: Network) -> None:
    network.do("step")
    page = page_of(client, f"/embed{network.page}?phase=nonsense")
    assert page.one(id="diagram").attrs["data-phase"] == "updated"
    fields = page.fields("commands")
    answer = client.post(f"/embed{network.page}/step", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/embed{network.page}")
    assert network.state()["step"] == 2
    stale = client.post(f"/embed{network.page}/step", data={**fields, "op": "other"}, headers=HTMX)
    assert stale.status_code == 409
    assert "moved on" in stale.text or "changed in another window" in stale.text


# --- headers ----------------------------------------------------------------------------------


def assert_open(answer: Any) -> None:
    """Anybody may ask, show and read it; nobody is let in by who they are."""
    headers = answer.headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "set-cookie" not in headers
    assert "x-frame-options" not in headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    parts = [part.split(maxsplit=1) for part in headers["content-security-policy"].split(";")]
    policy = dict(parts)
    assert policy == {key: value for key, value in POLICY.items() if key in policy} | {
        "font-src": "'self'"
    }
    assert "frame-ancestors" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def requests(network: Network) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    stored = f"/embed{network.page}"
    yield 200, "GET", EXAMPLE, {}
    yield 200, "HEAD", EXAMPLE, {}
    yield 200, "GET", stored, {}
    yield 200, "GET", EXAMPLE, {"headers": HTMX}
    yield 200, "POST", f"{EXAMPLE}/step", {"headers": HTMX}
    yield 303, "POST", f"{EXAMPLE}/step", {}
    yield 303, "GET", f"{EXAMPLE}/step", {}
    yield 400, "GET", "/embed/at/1x", {}
    yield 404, "GET", "/embed/examples/none", {}
    yield 404, "GET", "/embed/networks/none", {}
    yield 404, "GET", "/embed/none", {}
    yield 404, "POST", f"{EXAMPLE}/fly", {}
    yield 405, "DELETE", EXAMPLE, {}
    yield 405, "OPTIONS", EXAMPLE, {}
    yield 409, "POST", f"{stored}/step", {"data": {"version": "999"}, "headers": HTMX}
    yield 413, "POST", f"{EXAMPLE}/step", {"data": {"op": "x" * 70_000}}
    yield 415, "POST", f"{EXAMPLE}/step", {"content": b"x", "headers": {"content-encoding": "br"}}
    yield 415, "POST", f"{EXAMPLE}/step", {"content": b"{}", "headers": {"content-type": "a/b"}}
    yield 422, "GET", f"{EXAMPLE}?controls=x", {}
    yield 204, "OPTIONS", EXAMPLE, {"headers": PREFLIGHT}
    yield 204, "OPTIONS", f"{stored}/step", {"headers": PREFLIGHT}
    yield 204, "OPTIONS", "/embed/none", {"headers": PREFLIGHT}


def test_every_answer_to_a_frame_may_be_read_by_it(network: Network) -> None:
    wrong = []
    for status, method, url, options in requests(network):
        answer = network.client.request(method, url, **options)
        assert_open(answer)
        if answer.status_code != status:
            wrong.append((method, url, status, answer.status_code))
        if status == 204:
            assert answer.headers["access-control-allow-headers"] == "*"
            assert "POST" in answer.headers["access-control-allow-methods"]
            assert not answer.content
        elif method != "OPTIONS":
            assert answer.headers["access-control-expose-headers"] == "*"
    assert not wrong


def test_the_rest_of_the_site_stays_closed(client: Client, network: Network) -> None:
    urls = ("/", network.page, network.url, "/embed", "/embedded/x", "/lesson")
    for url in urls:
        for method, headers in (("GET", {}), ("OPTIONS", PREFLIGHT)):
            answer = client.request(method, url, headers=headers)
            assert "access-control-allow-origin" not in answer.headers
            assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.status_code in (404, 405)


def test_who_may_show_frames_is_a_setting(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, embed_ancestors="https://lms.example")
    with browse(settings) as client:
        policy = client.get(EXAMPLE).headers["content-security-policy"]
        assert policy.endswith("; frame-ancestors https://lms.example")
        assert "'self'" in client.get("/").headers["content-security-policy"].split(";")[-1]


def test_frames_of_what_is_not_stored_are_cached_as_pages_are(
    client: Client, network: Network
) -> None:
    assert client.get(EXAMPLE).headers["cache-control"] == "public, max-age=60"
    assert client.get(f"/embed{network.page}").headers["cache-control"] == "no-store"
