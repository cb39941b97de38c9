"""A class goes on with another network: its code, its phones and their marks stay."""

import re

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.links.codec import encode
from tests.web.classroom.test_join import opened
from tests.web.support import HTMX, Client, Network, Page

LINK = f"/at/{encode(Lab.fresh(EXAMPLES['mazur-2-2-2'].spec, 'mazur-2-2-2').stepped(3))}"
SAID = "The class now follows another network: Han and Kamber 3-2-1."
TOLD = "The class now follows this network."


def moved(client: Client, network: str, address: str) -> str:
    """The page of the network that a class goes on with."""
    answer = client.post(f"{network}/room/network?desk=on", data={"address": address})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].endswith("?desk=on")
    return str(answer.headers["location"].partition("?")[0])


def mark_of(client: Client, watch: str) -> str:
    return Page(client.get(watch).text).one("input", name="me").attrs["value"] or ""


def test_an_example_of_the_menu_is_shown_to_the_class(client: Client, network: Network) -> None:
    _, code, watch = opened(client, network.page)
    network.do("step")
    client.get(f"{network.page}?open=w5&desk=on", headers=HTMX)
    client.post(f"{network.page}/room/ask?desk=on", data={"question": "direction:w5"})
    buttons = Page(client.get(f"{network.page}?desk=on").text).all("button", name="address")
    assert [one.attrs["value"] for one in buttons] == [f"/examples/{slug}" for slug in EXAMPLES]
    other = moved(client, network.page, "/examples/han-kamber-3-2-1")
    assert other != network.page
    shown = Page(client.get(watch).text)
    assert SAID in shown.one(id="said").text
    assert shown.one(id="asked").attrs["data-asked"] == ""
    assert not shown.one(id="panel").attrs["data-open"]
    assert client.get(f"/j/{code}").headers["location"] == watch
    assert other not in client.get(watch).text
    assert network.page not in client.get(watch).text

    def strip(page: str) -> str:
        return str(client.get(f"{page}/room?desk=on", headers=HTMX).text)

    assert TOLD in strip(other)
    assert "No class follows this network." in strip(network.page)
    client.post(f"{other}/step")
    client.get(f"{other}?open=w56&desk=on", headers=HTMX)
    assert TOLD not in strip(other)
    assert SAID not in client.get(watch).text


@pytest.mark.parametrize("how", ["whole", "path", "link", "share"])
def test_any_network_is_named_by_its_address(client: Client, network: Network, how: str) -> None:
    first, _, watch = opened(client)
    addresses = {
        "whole": f"http://testserver{network.page}?digits=6#panel", "path": f"{network.page}/room",
        "link": f"https://elsewhere.example{LINK}?digits=3", "share": f" {LINK} ",
    }  # fmt: skip
    to = moved(client, first, addresses[how])
    assert (to == network.page) == (how in ("whole", "path"))
    step = Page(client.get(watch).text).one(id="headline-step").text
    assert step == ("Step 3" if how in ("link", "share") else "Step 0")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        *((one, "names no network.") for one in ("", "w5", "/lesson", "/networks", "http://[")),
        ("//", "names no network."),
        *((one, "is one that a class") for one in ("/watch/x", "https://a.b/j/ABC", "/join")),
    ],
)
def test_what_names_no_network_is_told_at_its_field(
    client: Client, address: str, said: str
) -> None:
    first, _, watch = opened(client)
    before = client.get(watch).text
    refused = client.post(f"{first}/room/network", data={"address": address})
    assert refused.status_code == 422
    page = Page(refused.text)
    assert page.one(id="wrong-address").text.startswith(f"The address {said}")
    assert page.one(id="address").attrs["value"] == address
    assert page.one(id="address").attrs["aria-describedby"] == "wrong-address"
    shown = Page(client.get(watch).text).one(id="network").text
    assert shown == Page(before).one(id="network").text


def test_other_refusals_say_why(client: Client, network: Network) -> None:
    first, _, _ = opened(client)
    opened(client, network.page)
    for address, status, said in [
        (network.page, 422, "another class follows that network"),
        (f"/networks/{'A' * 24}", 404, "does not exist or has expired"),
        ("/examples/none", 404, "no example of that name"),
        ("/at/damaged", 400, "missing or altered"),
        (first, 303, ""),
    ]:
        answer = client.post(f"{first}/room/network", data={"address": address})
        assert answer.status_code == status
        assert said in answer.text


def test_a_desk_that_its_class_has_left_says_so(client: Client, network: Network) -> None:
    opened(client, network.page)
    moved = {"address": "/examples/mazur-2-2-2"}
    assert client.post(f"{network.page}/room/network?desk=on", data=moved).status_code == 303
    again = client.post(f"{network.page}/room/network?desk=on&digits=6", data=moved)
    assert again.status_code == 404
    told = Page(again.text).one("p", role="alert").text
    assert told == "No class follows this network any more. Nothing has changed."


def test_nobody_who_watches_moves_a_class(client: Client, network: Network) -> None:
    _, code, watch = opened(client, network.page)
    token = watch.rpartition("/")[2]
    for path in (f"{watch}/room/network", f"/networks/{token}/room/network"):
        answer = client.post(path, data={"address": "/examples/han-kamber-3-2-1"})
        assert answer.status_code in (404, 405) or answer.headers["location"].startswith(
            "/examples"
        )
    assert "Han and Kamber" not in client.get(watch).text
    assert client.get(f"/j/{code}").headers["location"] == watch


def test_a_device_is_the_same_after_a_move(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    mark = mark_of(client, watch)
    other = moved(client, network.page, "/examples/han-kamber-3-2-1")
    client.post(f"{other}/room/ask", data={"question": "direction:w56"})
    number = Page(client.get(watch).text).one("input", name="number").attrs["value"]
    answer = client.post(f"{watch}/answer", data={"me": mark, "number": number, "answer": "0"})
    assert answer.status_code == 303
    assert "1 has answered" in client.get(f"{other}/room").text


def test_a_number_that_somebody_has_opened_goes_with_its_network(
    client: Client, network: Network
) -> None:
    _, _, watch = opened(client, network.page)
    assert client.get(f"{watch}?open=w99").status_code == 404
    before = Page(client.get(f"{watch}?open=w8").text)
    other = moved(client, network.page, "/examples/han-kamber-3-2-1")
    after = client.get(f"{watch}?open=w8")
    assert after.status_code == 200
    assert SAID in after.text
    tags = [one.one(id="panels").attrs.get("data-own") for one in (before, Page(after.text))]
    assert tags == ["0", None]
    own = Page(client.get(f"{watch}?open=w56").text).one(id="panels").attrs["data-own"]
    assert re.fullmatch("[1-9][0-9]*", own or "")
    assert other not in after.text
