"""The page of those who follow: what it shows, and what it does not give away."""

import re
from typing import Any

import pytest

from app.errors import Crowded
from app.web.networks.audiences import Classes
from tests.web.classroom.test_join import opened
from tests.web.support import HTMX, Client, Network, Page

PICTURE = ("network", "marks", "headline")


def shown(client: Client, path: str, *ids: str) -> dict[str, str]:
    """What a page says in some of its parts."""
    page = Page(client.get(path).text)
    derivation = "".join(one.text for one in page.all("ol", class_="steps"))
    # Whoever follows has no runs: the button to the curve says nothing of them.
    texts = {name: page.one(id=name).text.removesuffix(" Run") for name in ids or PICTURE}
    return texts | {"steps": derivation}


@pytest.mark.parametrize(
    ("command", "fields", "look"),
    [
        ("step", {}, ""),
        ("phase", {"to": "next"}, "?open=w5"),
        ("step", {}, "?open=w1&digits=8&notation=z"),
        ("take-back", {}, "?biases=nodes"),
        ("step", {}, "?open=conventions"),
    ],
)
def test_followers_see_what_is_shown(
    client: Client, network: Network, command: str, fields: dict[str, str], look: str
) -> None:
    network.do("step")
    _, _, watch = opened(client, network.page)
    here = {**HTMX, "HX-Current-URL": f"http://testserver{network.page}{look}"}
    version = str(network.state()["version"])
    form = {"version": version, "op": "an-op", **fields}
    assert client.post(f"{network.page}/{command}", data=form, headers=here).status_code == 200
    assert shown(client, watch) == shown(client, network.page + look)
    client.get(f"{network.page}?open=loss", headers=HTMX)
    followed = Page(client.get(watch).text)
    assert followed.one(id="panel").attrs["data-open"] == "loss"
    assert followed.one(id="shown").text.startswith("Shown to the class: ")
    client.get(f"{network.page}?open=w2")
    assert Page(client.get(watch).text).one(id="panel").attrs["data-open"] == "loss", "no act"


def test_nothing_tells_where_the_network_is_driven(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    client.get(f"{network.page}?open=w5", headers=HTMX)
    network.do("step")
    for path in ("", "?open=w1", "?view=present", "?theme=dark&notation=z", "/count?seen=9"):
        for headers in ({}, HTMX):
            answer = client.get(watch + path, headers=headers)
            assert answer.status_code == 200
            told = answer.text + str(answer.headers)
            assert network.id not in told
            assert "/networks/" not in told
            posts = re.findall(r'hx-post="([^"]*)"', told)
            assert {one.partition("?")[0] for one in posts} <= {f"{watch}/answer", f"{watch}/copy"}
    page = Page(client.get(watch).text)
    actions = [form.attrs["action"] for form in page.all("form")]
    assert [one.partition("?")[0] for one in actions] == [f"{watch}/answer", f"{watch}/copy"]


@pytest.mark.parametrize("command", ["step", "phase", "edit", "run", "stop", "room", "delete"])
def test_nothing_is_driven_from_where_it_is_watched(
    client: Client, network: Network, command: str
) -> None:
    _, _, watch = opened(client, network.page)
    before = network.state()["version"]
    token = watch.rpartition("/")[2]
    for base in (watch, f"/networks/{token}", f"/api/v1/networks/{token}"):
        answer = client.post(f"{base}/{command}", data={"version": str(before), "op": "o"})
        # What is deleted twice, or never was, is gone all the same.
        assert answer.status_code in (404, 405, 415, *([303] if command == "delete" else []))
    assert client.get(f"/networks/{token}").status_code == 404
    assert network.state()["version"] == before


@pytest.mark.parametrize("shown", ["open=conventions", "check=on", "open=w5", "open=loss", ""])
def test_whatever_the_desk_opens_its_buttons_stay_there(
    client: Client, network: Network, shown: str
) -> None:
    _, _, watch = opened(client, network.page)
    for _ in range(2):
        desk = client.get(f"{network.page}?{shown}", headers=HTMX).text
        page = Page(client.get(watch).text)
        forms = {form.attrs.get("id") for form in page.all("form")}
        controls = [*page.all("button"), *page.all("input")]
        assert {one.attrs["form"] for one in controls if "form" in one.attrs} <= forms
        assert not [one for one in page.all() if "formaction" in one.attrs]
        if "conventions" in shown:
            rules = [one for one in page.all("li") if one.attrs.get("class") == "chosen"]
            assert desk.count('<li class="chosen">') == len(rules) > 1
            assert all("(chosen)" in one.text for one in rules)
        network.do("step")


def test_who_opens_a_number_disturbs_nobody(client: Client, network: Network) -> None:
    network.do("step")
    _, _, watch = opened(client, network.page)
    own = Page(client.get(f"{watch}?open=w5", headers=HTMX).text)
    assert own.one(id="panels").attrs.keys() >= {"data-own"}
    assert "alone, at step 1" in own.one(id="panels").text
    assert "w5" in own.one(id="panel").text
    assert own.one(id="shown").text == ""
    assert "hx-morph-skip" in own.one(id="marks").attrs, "an event leaves them as they are"
    everybodys = Page(client.get(watch, headers=HTMX).text)
    for page, has in ((own, True), (everybodys, False)):
        parts = page.one(id="marks").walk()
        assert any("m-self" in one.attrs.get("class", "") for one in parts) is has
    page = Page(client.get(watch).text)
    assert page.one(id="panel").attrs["data-open"] == ""
    assert client.get(f"{watch}?open=nothing").status_code == 404
    for wrong in ("theme=pink", "notation=x", "view=x", "digits=99"):
        assert client.get(f"{watch}?{wrong}").status_code == 422


def test_on_a_projector_no_weight_that_moved_is_a_link(client: Client, network: Network) -> None:
    network.do("step")
    _, _, watch = opened(client, network.page)
    for query, is_link in (("", True), ("?view=present", False)):
        page = Page(client.get(watch + query).text)
        assert ("href" in page.one("a", id="moved-1").attrs) is is_link


def test_back_at_the_desk_shows_the_class_what_the_desk_shows(
    client: Client, network: Network
) -> None:
    _, _, watch = opened(client, network.page)
    back = HTMX | {"hx-history-restore-request": "true"}
    for headers, shown in ((HTMX, "w5"), ({}, "w5"), (back, "w1")):
        client.get(f"{network.page}?open={shown if headers else 'w8'}", headers=headers)
        assert Page(client.get(watch).text).one(id="panel").attrs["data-open"] == shown


def test_who_follows_chooses_names_and_theme(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    page = Page(client.get(f"{watch}?theme=dark").text)
    assert page.one("html").attrs["data-theme"] == "dark"
    stream = page.one(id="stream").attrs["hx-sse:connect"]
    assert re.fullmatch(rf"{watch}/events\?me=[\w-]{{28}}&theme=dark", stream)
    links = [one.attrs["href"] for one in page.one(id="toolbar").walk() if one.tag == "a"]
    (chosen,) = [one for one in links if "notation=z&" in one]
    page = Page(client.get(chosen).text)
    assert page.one(id="loss-name").text == "L"
    stream = page.one(id="stream").attrs["hx-sse:connect"]
    assert re.fullmatch(rf"{watch}/events\?notation=z&me=[\w-]{{28}}&theme=dark", stream)


def test_the_class_is_told_what_the_desk_is_told(client: Client, network: Network) -> None:
    network.do("step")
    network.do("step")
    _, _, watch = opened(client, network.page)
    for command, fields, told in (
        ("take-back", {}, "Step taken back. You are at step 1"),
        ("redo", {}, "Step 2 redone."),
        ("edit", {"value.w5": "0.5"}, "Value changed."),
        ("learning-rate", {"learning_rate": "0.7"}, "Learning rate set to 0.7"),
        ("rules", {"bias_update": "per_neuron"}, "The new rule applies from step 2 on."),
        ("step", {}, "Step 3: the error"),
        ("rules", {"bias_update": "shared"}, "Step 3 recomputed with the new rule"),
        ("phase", {"to": "next"}, "Hidden layer, net"),
        ("take-back", {}, "Phases taken back. You are at step 3; the error is 0."),
        ("reset", {}, "Back at step 0"),
        ("phase", {"to": "next"}, "Hidden layer"),
        ("take-back", {}, "Phases taken back. You are at step 0, nothing computed yet."),
    ):
        desk = network.submit(command, htmx=True, **fields)
        assert desk.status_code == 200, command
        said = Page(desk.text).one("hx-partial", **{"hx-target": "#said"}).text.strip()
        assert said.startswith(told), command
        for query in ("", "?view=present"):
            assert Page(client.get(watch + query).text).one(id="said").text == said


def test_who_steps_out_has_a_copy_and_comes_back(client: Client, network: Network) -> None:
    for _ in range(3):
        network.do("step")
    _, _, watch = opened(client, network.page)
    answer = client.post(f"{watch}/copy")
    assert answer.status_code == 303
    copy = answer.headers["location"]
    assert network.id not in copy
    assert shown(client, copy, "network", "headline") == shown(
        client, network.page, "network", "headline"
    )
    before = network.state()["version"]
    assert len(Page(client.get(copy).text).all("a", href=watch)) == 1
    client.post(copy.partition("?")[0] + "/step", data={"version": "1", "op": "o"})
    assert network.state()["version"] == before
    network.do("edit", {"weights": {"w5": 0.1}})
    copy = client.post(f"{watch}/copy").headers["location"]
    curve = Page(client.get(copy).text).one(id="curve").text
    assert "The next backprop step starts the curve." in curve, "it is at step 3"


def test_a_room_that_is_over_says_so_once(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    client.post(f"{network.page}/room/end")
    page = client.get(watch)
    assert page.status_code == 404
    assert "There is no such class, or it is over." in page.text
    assert client.get(f"{watch}/events").status_code == 404, "an EventSource asks no more"
    events = client.get(f"{watch}/events", headers=HTMX)
    assert events.headers["content-type"].startswith("text/event-stream")
    assert "This class is over." in events.text
    assert events.text.endswith("event: ended\ndata: \n\n")
    assert client.get("/watch/short/events").status_code == 404
    assert client.post(f"{watch}/copy").status_code == 404


def test_who_finds_no_place_is_told_and_led_to_the_newest_state(
    client: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Crowded("followers_full", taken=3, limit=3, here=2, retry_after=5)

    _, _, watch = opened(client, network.page)
    monkeypatch.setattr(Classes, "check_room", full)
    assert client.get(f"{watch}/events").status_code == 503
    events = client.get(f"{watch}/events?theme=dark", headers=HTMX).text
    assert "in the server process that answered, 3 of 3 places are taken" in events
    assert f'<a href="{watch}?theme=dark">Show the newest state</a>' in events
    assert client.get(f"{watch}?theme=dark").status_code == 200


TOLD: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("forward", {}, "Forward pass done. The error is 0.298371."),
    ("step", {"count": 3}, "Step 3: the error fell from 0.283547 to 0.275943."),
    ("take-back", {}, "Step taken back. You are at step 2; the error is 0.283547."),
    ("redo", {}, "Step 3 redone. The error is 0.275943."),
    ("rewind", {"step": 1}, "You are at step 1; the error is 0.291028."),
    ("run", {"count": 4}, "Ran 4 steps, to step 5. The error went from 0.291028 to 0.260434."),
    ("run", {"count": 9, "until": 0.25}, "Stopped at step 7: the error is 0.244660, at or below"),
    ("edit", {"weights": {"w5": 0.5}}, "Value changed. The error is now 0.278552."),
    ("edit", {"learning_rate": 0.25}, "Learning rate set to 0.25. It applies from the next step."),
    ("step", {}, "Step 8: the error fell from 0.278552 to"),
    ("edit", {"loss": "squared_error"}, "Step 8: the error fell from 0.278552 to"),
    ("edit", {"loss": "half_squared_error", "redo_step": True}, "Step 8 recomputed with the new"),
    ("edit", {"biases": {"b1": 0.1}, "redo_step": True}, "Value changed. The error is now"),
    ("edit", {"learning_rate": 0.5, "redo_step": True}, "Step 8: the error"),
    ("phase", {"to": "next"}, "Hidden layer, net: h1 0.1272, h2 0.1422. Each input"),
    ("reset", {}, "Back at step 0, nothing computed yet. Learning rate 0.5."),
)


def test_followers_hear_what_was_done_whatever_did_it(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    for command, body, told in TOLD:
        network.do(command, body)
        assert said(client, watch).startswith(told), command
    for op in ("t.1", "t.\nreached 1  batch"):  # nobody speaks to a class by a token
        network.submit("run", count="30", op=op)
        assert re.match(r"Ran \d+ steps, to step \d+\. The error went from", said(client, watch))


def said(client: Client, watch: str) -> str:
    return Page(client.get(watch).text).one(id="said").text


@pytest.mark.parametrize("headers", [{}, {**HTMX, "Accept": "text/html, text/event-stream"}])
def test_followers_hear_why_a_run_could_not_go_on(client: Client, headers: dict[str, str]) -> None:
    """Where one waited for it, and where it was watched step by step."""
    spec = {
        "layers": [1, 1], "activations": ["identity"], "optimizer": {"learning_rate": 1000.0},
        "samples": [{"inputs": [1e6], "targets": [2.0]}], "loss": "half_squared_error",
    }  # fmt: skip
    network = Network(client, {"spec": spec})
    _, _, watch = opened(client, network.page)
    form = {"version": "1", "op": "t.1", "count": "25"}
    told = client.post(f"{network.page}/run", data=form, headers=headers).text
    (why,) = re.findall(r"The run stopped at step \d+: in step [^<]*", told)
    assert said(client, watch) == why
    # Sent again, it is the same run.
    state = network.state()
    client.post(f"{network.page}/run", data=form, headers=headers)
    assert network.state() == state
