"""Joining: codes that are typed, guessed and scanned."""

import re
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path

import pytest

from app.settings import Settings
from app.web.classroom.join import ALPHABET, LENGTH, new_code
from tests.web.support import Client, Network, Page, browse


def opened(client: Client, page: str = "/examples/mazur-2-2-2") -> tuple[str, str, str]:
    """A room: its network's page, its code, and the address to watch at."""
    answer = client.post(f"{page}/room")
    assert answer.status_code == 303
    network = answer.headers["location"].partition("?")[0]
    desk = client.get(f"{network}/room").text
    code = Page(desk).one("b", class_="code").text.replace(" ", "")
    watch = re.search(r"/watch/[\w-]{24}", desk)
    assert watch
    return network, code, watch[0]


def test_a_code_has_six_characters_that_do_not_look_alike() -> None:
    assert LENGTH == 6
    for alike in ("0O", "1IL", "2Z", "5S", "8B"):
        assert len(set(alike) & set(ALPHABET)) <= 1
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_leads_to_the_room_however_it_is_typed(client: Client) -> None:
    network, code, watch = opened(client)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    between = ("-", "\N{NO-BREAK SPACE}", "\N{EN DASH}", ".", "\u200b", "\n", "_")
    parted = (f"{code[:3]}{sign}{code[3:]}" for sign in between)
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} ", full_width, f'"{code}"', *parted):
        answer = client.post("/join", data={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, watch)
    answer = client.get(f"/j/{code.lower()}?theme=dark")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{watch}?theme=dark")
    client.post(f"{network}/room/end")
    answer = client.post("/join", data={"code": code})
    assert answer.status_code == 404
    page = Page(answer.text)
    assert page.one(id="code").attrs["value"] == code
    assert page.one(id="code").attrs["aria-describedby"] == page.one(role="alert").attrs["id"]


def test_a_page_without_its_class_leads_to_the_next(client: Client, network: Network) -> None:
    for path, leads in ((f"/watch/{'A' * 24}", 1), ("/j/AAAAAA", 1), (f"{network.page}0", 0)):
        page = Page(client.get(path).text)
        assert len(page.all("a", href="/join")) == leads


@pytest.mark.parametrize("typed", ["", "A", "AAAAAAA", "000000", "ÄÄÄÄÄÄ", "a" * 1000, "\0", "%"])
def test_what_is_no_code_is_told_so(client: Client, typed: str) -> None:
    answer = client.post("/join", data={"code": typed})
    assert answer.status_code == 404
    assert "A code has six letters and digits" in Page(answer.text).one(role="alert").text


def test_a_long_text_is_no_code_whatever_it_begins_with(client: Client) -> None:
    _, code, _ = opened(client)
    for spaces, status in ((190, 303), (200, 404)):
        assert client.post("/join", data={"code": code + " " * spaces}).status_code == status


def guesses(code: str) -> Iterator[str]:
    """Codes of no room, each another."""
    every = ("".join(letters) for letters in product(ALPHABET, repeat=LENGTH))
    return (guess for guess in every if guess != code)


def test_ten_wrong_guesses_a_minute_are_answered(tmp_path: Path) -> None:
    with browse(Settings(data_dir=tmp_path)) as client:
        _, code, watch = opened(client)
        for _ in range(50):  # right ones are not counted: a class comes from one address
            assert client.get(f"/j/{code}").headers["location"] == watch
        wrong = guesses(code)
        statuses = [client.get(f"/j/{next(wrong)}").status_code for _ in range(12)]
        assert statuses == [404] * 10 + [429] * 2
        refused = client.post("/join", data={"code": code})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        page = Page(refused.text)
        assert "10 wrong codes came from your network" in page.one(role="alert").text
        assert "scan the QR code" in page.one(role="alert").text
        assert page.one(id="code").attrs["value"] == code
        assert "10 wrong codes" in client.get(f"/j/{code}").text
        assert client.get(watch).status_code == 200, "who scans the QR code guesses nothing"


def test_a_class_that_mistypes_is_not_locked_out(tmp_path: Path) -> None:
    """What can be no code is no guess, and all who type yesterday's code make one."""
    with browse(Settings(data_dir=tmp_path)) as client:
        _, code, watch = opened(client)
        mistyped = [code[:-1] + letter for letter in "0125BIOLSZ"]
        for typed in (*[next(guesses(code))] * 30, *mistyped, "", "?"):
            assert client.post("/join", data={"code": typed}).status_code == 404, typed
        assert client.get(f"/j/{code}").headers["location"] == watch
        wrong = guesses(code)
        statuses = [client.get(f"/j/{next(wrong)}").status_code for _ in range(11)]
        assert statuses == [404] * 10 + [429], "the first of these was counted before"


def test_guesses_of_all_together_are_counted_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, join_rate="1000/minute", every_join_rate="3/minute")
    with browse(settings) as client:
        statuses = [client.get(f"/j/{guess}").status_code for guess in islice(guesses(""), 8)]
        assert statuses == [404] * 6 + [429] * 2, "the first three of an address count apart"
        # Nobody is told that it was their own network.
        told = client.post("/join", data={"code": "ACDEFG"}).text
        assert "3 wrong codes came from all networks together" in told


def test_a_class_joins_while_others_guess(tmp_path: Path) -> None:
    """Who typed few wrong codes is let in, until too many addresses have guessed."""
    settings = Settings(data_dir=tmp_path, every_join_rate="2/minute", first_join_rate="8/minute")
    with browse(settings) as client:
        _, code, watch = opened(client)
        wrong = guesses(code)
        attacker, school = (_from(client, host) for host in ("192.0.2.1", "192.0.2.2"))
        assert [attacker(next(wrong)) for _ in range(6)] == ["404"] * 5 + ["429"]
        assert attacker(code) == "429", "it guessed on"
        assert [school(next(wrong)), school(next(wrong)), school(code)] == ["404", "404", watch]
        others = [_from(client, f"198.51.100.{last}") for last in range(4)]
        assert [other(next(wrong)) for other in others] == ["404"] * 3 + ["429"]
        assert others[3](code) == "429", "all together have an end, too"


def test_a_whole_network_of_ipv6_keeps_nobody_else_out(tmp_path: Path) -> None:
    """Each of its many networks counts as an address; all of them together have an end sooner."""
    settings = Settings(data_dir=tmp_path, site_join_rate="5/minute", first_join_rate="8/minute")
    with browse(settings) as client:
        _, code, watch = opened(client)
        wrong = guesses(code)
        attackers = [_from(client, f"2001:db8:1:{net:x}::1") for net in range(20)]
        assert [one(next(wrong)) for one in attackers] == ["404"] * 5 + ["429"] * 15
        assert _from(client, "2001:db8:1:99::1")(code) == "429", "a neighbour in it waits, too"
        for school in ("2001:db8:2::1", "192.0.2.2"):
            assert _from(client, school)(next(wrong)) == "404"
            assert _from(client, school)(code) == watch


def _from(client: Client, host: str) -> Callable[[str], str]:
    """What a code typed at this address leads to, or the status of a refusal."""

    def typed(code: str) -> str:
        client._transport.client = (host, 50000)
        answer = client.get(f"/j/{code}")
        return str(answer.headers.get("location", answer.status_code))

    return typed


def test_a_qr_code_is_a_picture_of_our_own(client: Client) -> None:
    _, _, watch = opened(client)
    answer = client.get(f"{watch}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<svg" in answer.text
    assert client.get(f"/watch/{'A' * 24}/qr.svg").status_code == 404
