"""The desk: a room is opened on any network, seen to, and ended."""

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.links.codec import encode
from app.settings import Settings
from tests.web.classroom.test_join import opened
from tests.web.support import HTMX, Client, Network, Page, browse

LINK = f"/at/{encode(Lab.fresh(EXAMPLES['mazur-2-2-2'].spec, 'mazur-2-2-2').stepped(3))}"


def test_what_is_asked_goes_with_the_class(client: Client, network: Network) -> None:
    opened(client, network.page)
    gone = [{"hx-target": name, "hx-swap": "delete"} for name in ("#ask", "#rebuild > span")]
    for there in (True, False):
        strip = Page(client.get(f"{network.page}/room?desk=on", headers=HTMX).text)
        parts = [one.attrs for one in strip.all("hx-partial")]
        assert parts == ([] if there else gone)
        deletion = Page(client.get(f"{network.page}/delete").text).one("main").text
        assert ("with it the class ends" in deletion) is there
        client.post(f"{network.page}/room/end")


@pytest.mark.parametrize("page", ["/examples/han-kamber-3-2-1", LINK])
def test_a_room_stores_a_network_that_is_not_stored(client: Client, page: str) -> None:
    for path in (page, f"{page}?view=present", f"{page}/share"):
        hrefs = [one.attrs["href"] for one in Page(client.get(path).text).all("a", href="")]
        assert any(href.partition("?")[0] == f"{page}/room" for href in hrefs)
    assert "Let a class follow?" in client.get(f"{page}/room").text
    network, _, watch = opened(client, page)
    assert Page(client.get(watch).text).one(id="headline-step").text == (
        "Step 3" if page == LINK else "Step 0"
    )
    assert client.get(network).status_code == 200


def test_a_network_has_one_room(client: Client, network: Network) -> None:
    first = opened(client, network.page)
    assert opened(client, network.page) == first
    assert client.post(f"{network.page}/room/end").status_code == 303
    again = opened(client, network.page)
    assert again[0] == first[0]
    assert not {*again[1:]} & {*first[1:]}
    assert client.get(first[2]).status_code == 404


def test_the_strip_is_sent_when_the_number_of_followers_differs(
    client: Client, network: Network
) -> None:
    _, code, watch = opened(client, network.page)
    strip = client.get(f"{network.page}/room?desk=on", headers=HTMX)
    assert Page(strip.text).one("b", class_="code").text.replace(" ", "") == code
    assert "0 follow" in strip.text
    again = Page(strip.text).one(id="desk").attrs["hx-get"]
    assert client.get(again, headers=HTMX).status_code == 204
    assert client.get(f"{watch}/count?seen=7", headers=HTMX).status_code == 200
    client.post(f"{network.page}/room/end")
    assert "No class follows this network." in client.get(again, headers=HTMX).text
    assert client.get(f"{watch}/count?seen=7", headers=HTMX).status_code == 204


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("127.0.0.1:8000", "127.0.0.1"),
        ("localhost", "localhost"),
        ("[::1]:80", "::1"),
        ("a.edu", ""),
    ],
)
def test_the_desk_says_when_no_phone_can_reach_its_address(
    client: Client, network: Network, host: str, told: str
) -> None:
    opened(client, network.page)
    for headers in ({}, HTMX):
        text = client.get(f"{network.page}/room", headers={**headers, "host": host}).text
        assert (f"Phones cannot reach {told}" in text) is bool(told)


def test_a_desk_whose_command_waits_hears_that_the_server_is_there(
    client: Client, network: Network
) -> None:
    opened(client, network.page)
    strip = Page(client.get(f"{network.page}/room", headers=HTMX).text)
    beat = strip.one("span", hx_trigger="every 3s").attrs["hx-get"]
    assert client.get(beat, headers=HTMX).status_code == 204


def test_a_desk_that_another_window_has_left_behind_says_so(
    client: Client, network: Network
) -> None:
    opened(client, network.page)
    before = network.state()["version"]

    def strip(version: int) -> str:
        url = f"{network.page}/room?desk=on&version={version}"
        return str(client.get(url, headers=HTMX).text)

    assert "another moment" not in strip(before)
    network.do("step")
    assert "The class sees another moment." in strip(before)
    assert "another moment" not in strip(network.state()["version"])
    again = Page(strip(before)).one(id="desk").attrs["hx-get"]
    assert client.get(f"{again}&version={before}", headers=HTMX).status_code == 204
    form = {"version": str(network.state()["version"]), "op": "another-window", "count": "3"}
    stream = {**HTMX, "Accept": "text/html, text/event-stream"}
    assert client.post(f"{network.page}/run", data=form, headers=stream).status_code == 200
    assert "The class sees another moment." in strip(before + 1)
    assert "another moment" not in strip(network.state()["version"])


def test_there_are_so_many_rooms_and_no_more(settings: Settings) -> None:
    few = settings.model_copy(update={"max_rooms": 1})
    with browse(few) as client:
        network, _, _ = opened(client)
        refused = client.post("/examples/mazur-2-2-2/room")
        assert refused.status_code == 503
        assert "its limit is 1 class at once" in refused.text
        assert client.post(f"{network}/room").status_code == 303, "it has one"


def test_an_address_opens_so_many_rooms_an_hour(settings: Settings) -> None:
    with browse(settings.model_copy(update={"room_rate": "2/hour"})) as client:
        network, _, _ = opened(client)
        opened(client)
        assert client.post("/examples/mazur-2-2-2/room").status_code == 429
        assert client.post(f"{network}/room").status_code == 303, "it has one"


def test_the_rooms_page_is_live_and_leads_to_the_desk(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    room = Page(client.get(f"{network.page}/room").text)
    assert room.one("noscript").text == "This page shows the class as it was when you opened it."
    assert room.one("a", href=f"{network.page}?desk=on").text == "Drive at the desk"
    again = room.one(id="room-count").attrs["hx-get"]
    assert client.get(again, headers=HTMX).status_code == 204
    client.post(f"{network.page}/room/ask", data={"question": "direction:w5@1"})
    told = client.get(again, headers=HTMX)
    assert "0 have answered" in Page(told.text).one(id="room-question").text
    form = Page(client.get(watch).text)
    answer = {name: form.one("input", name=name).attrs["value"] for name in ("me", "number")}
    client.post(f"{watch}/answer", data=answer | {"answer": "0"})
    again = Page(told.text).one(id="room-count").attrs["hx-get"]
    told = client.get(again, headers=HTMX)
    assert "1 has answered" in told.text
    client.post(f"{network.page}/room/end")
    gone = client.get(again, headers=HTMX)
    assert gone.status_code == 404
    assert Page(gone.text).one("h1").text == "The class is over or has moved on"
    said = Page(gone.text).one(id="told")
    assert said.attrs["role"] == "alert"
    assert said.text == "No class follows this network any more."


def test_the_rooms_page_goes_on_without_a_new_one(client: Client, network: Network) -> None:
    opened(client, network.page)
    room = Page(client.get(f"{network.page}/room").text)
    version = network.state()["version"]
    assert room.one(id="proposals").attrs["data-version"] == str(version)
    form = {"at": "room", "about": "net:h9", "tolerance": "1"}
    wrong = client.post(f"{network.page}/room/ask", data=form, headers=HTMX)
    assert wrong.status_code == 404
    said = Page(wrong.text).one("hx-partial", hx_target="#asking-wrong").text
    assert "Available: net:h1" in said
    # At another moment other questions suit, and what was wrong is so no more.
    network.do("step")
    told = client.get(room.one(id="room-count").attrs["hx-get"], headers=HTMX)
    parts = Page(told.text)
    parts.one("hx-partial", hx_target=f"#proposals:not([data-version='{version + 1}'])")
    assert parts.one(id="asking-wrong").text == ""
    form["about"] = "net:h1"
    asked = Page(client.post(f"{network.page}/room/ask", data=form, headers=HTMX).text)
    assert "autofocus" in asked.one(id="close-question").attrs
    asked.one("hx-partial", hx_target="#own-questions")
    assert asked.one("input", name="about").attrs["value"] == ""
    number = asked.all("input", name="number")[0].attrs["value"]
    staged = {"at": "room", "number": number, "stage": "revealed"}
    told = client.post(f"{network.page}/room/stage", data=staged, headers=HTMX)
    assert "Go on to" in told.text
    assert "#own-questions" not in told.text, "what is typed there stays"
    leads = {
        "on": (staged, f"{network.page}?desk=on"),
        "view": ({}, f"{network.page}?desk=on"),
        "network": ({"address": "/examples/mazur-2-2-2"}, "/networks/"),
    }
    for path, (data, to) in leads.items():
        answer = client.post(f"{network.page}/room/{path}", data=data, headers=HTMX)
        assert answer.headers["hx-redirect"].startswith(to), path
    left = client.post(f"{network.page}/room/end", headers=HTMX)
    assert Page(left.text).one(id="told").text.endswith("Nothing has changed.")


def test_deleting_a_network_ends_its_room(client: Client, network: Network) -> None:
    _, code, watch = opened(client, network.page)
    client.post(f"{network.page}/delete")
    assert client.get(watch).status_code == 404
    assert client.get(f"/j/{code}").status_code == 404
    assert client.post(f"/networks/{'A' * 24}/room").status_code == 404


def test_the_desk_stays_with_its_network(client: Client, network: Network) -> None:
    page = Page(client.get(f"{network.page}?desk=on&digits=6").text)
    assert page.one(id="desk").attrs["hx-get"] == f"{network.page}/room?desk=on&digits=6"
    elsewhere = page.one("a", class_="logo").attrs["href"]
    assert elsewhere == "/?digits=6"
    alone = Page(client.get(network.page).text)
    for shown, target in ((page, "_blank"), (alone, None)):
        picker = shown.one(id="picker")
        away = [one for one in picker.walk() if one.tag == "a" and "/room" not in one.attrs["href"]]
        away += [shown.one("a", class_="logo"), shown.one("a", id="rebuild")]
        assert {one.attrs.get("target") for one in away} == {target}
        assert ("A class that follows this network goes on" in picker.text) == bool(target)
        assert bool(shown.all("button", name="address")) == bool(target)
    share = client.get(f"{network.page}/share?desk=on&left={'A' * 24}").text
    assert "A" * 24 not in share
    assert "desk=on" not in share


def test_a_page_that_is_loaded_anew_says_what_the_class_sees(
    client: Client, network: Network
) -> None:
    """The act of a script turns the class's page; a page gone back to says so, and can."""
    _, _, watch = opened(client, network.page)
    alone, with_w1 = f"{network.page}?desk=on", f"{network.page}?open=w1&desk=on"

    def strip(url: str) -> Page:
        asking = HTMX | {"hx-current-url": f"http://testserver{url}"}
        return Page(client.get(f"{network.page}/room?desk=on", headers=asking).text)

    assert not strip(alone).all("form", class_="bar")
    client.get(with_w1, headers=HTMX)
    assert not strip(with_w1).all("form", class_="bar")
    client.get(alone)
    assert "Gradient of w1" in client.get(watch).text
    form = strip(alone).one("form", class_="bar")
    assert "The class sees another view." in form.text
    again = Page(client.get(f"{network.page}/room?desk=on").text)
    assert len(again.all("form", action=form.attrs["action"])) == 1, "without scripts"
    assert client.post(form.attrs["action"]).headers["location"] == alone
    assert "Gradient of w1" not in client.get(watch).text
    assert not strip(alone).all("form", class_="bar")


def test_a_view_is_shown_to_a_class_that_is_there_and_opens_none(
    client: Client, network: Network
) -> None:
    opened(client, network.page)
    shown = client.post(f"{network.page}/room/view?digits=6")
    assert "digits=6" in shown.headers["location"]
    client.post(f"{network.page}/room/end")
    assert client.post(f"{network.page}/room/view").status_code == 404
    assert "Let a class follow?" in client.get(f"{network.page}/room").text


@pytest.mark.parametrize("path", ["ask", "stage", "on", "view", "end", "network"])
def test_a_desk_that_its_class_has_left_says_so_with_the_way_back(
    client: Client, network: Network, path: str
) -> None:
    """In the teacher's words, whatever was pressed, and not in those for students."""
    opened(client, network.page)
    client.post(f"{network.page}/room/end")
    form = {"number": "1", "stage": "closed", "question": "direction:w5"}
    for headers in ({}, HTMX):
        left = client.post(f"{network.page}/room/{path}?digits=6", data=form, headers=headers)
        assert left.status_code == 404
        shown, text = Page(left.text), Page(left.text).root.text
        assert "No class follows this network any more. Nothing has changed." in text
        assert "teacher" not in text
        ways = [one.attrs["href"] for one in shown.all("a", href="")]
        back = f"{network.page}?digits=6" if not headers else f"{network.page}/room?digits=6"
        assert back in ways
        assert "Let a class follow" in text
    client.post(f"{network.page}/delete")
    gone = client.post(f"{network.page}/room/{path}", data=form)
    assert gone.status_code == 404
    assert "This network does not exist or has expired" in gone.text
