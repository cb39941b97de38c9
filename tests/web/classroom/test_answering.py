"""Answers of those who follow: one a device, and nothing that tells the truth too early."""

import time
from pathlib import Path

import pytest

from app.settings import Settings
from tests.web.classroom.test_join import opened
from tests.web.support import HTMX, Client, Network, Page, browse, run_async

DIRECTION, NUMBER = {"question": "direction:w5"}, {"about": "delta:o1", "tolerance": "1"}


def ask(client: Client, network: str, fields: dict[str, str]) -> None:
    assert client.post(f"{network}/room/ask", data=fields).status_code == 303


def stage(client: Client, network: str, watch: str, to: str) -> None:
    number = Page(client.get(watch).text).one(id="asked").attrs["data-asked"].partition("-")[0]
    form = {"number": number, "stage": to}
    assert client.post(f"{network}/room/stage", data=form).status_code == 303


class Phone:
    """A device that follows, without JavaScript."""

    def __init__(self, client: Client, watch: str) -> None:
        self.client, self.watch = client, watch
        self.page = Page(client.get(watch).text)
        self.me = self.page.one("input", name="me").attrs["value"]

    def number(self) -> str:
        """The number of the question that its page shows."""
        page = Page(self.client.get(self.watch).text)
        return page.one(id="asked").attrs["data-asked"].partition("-")[0]

    def answer(self, text: str, *, number: str = "", htmx: bool = False) -> tuple[int, str]:
        """The status of an answer, and what is said of it."""
        form = {"me": self.me, "number": number or self.number(), "answer": text}
        headers = HTMX if htmx else {}
        sent = self.client.post(f"{self.watch}/answer", data=form, headers=headers)
        if sent.status_code == 303:
            assert sent.headers["location"] == f"{self.watch}?me={self.me}"
            return 303, Page(self.client.get(sent.headers["location"]).text).one(
                id="own-answer"
            ).text
        return sent.status_code, Page(sent.text).one(id="own-answer").text


def bars(text: str) -> dict[str, int]:
    """The answers that a page shows."""
    rows = Page(text).all("tbody")
    cells = [row.text for body in rows for row in body.walk() if row.tag in ("th", "td")]
    return {cells[at]: int(cells[at + 1]) for at in range(0, len(cells), 3)}


def test_an_answer_can_be_changed_until_the_question_is_closed(
    client: Client, network: Network
) -> None:
    _, _, watch = opened(client, network.page)
    phone, other = Phone(client, watch), Phone(client, watch)
    ask(client, network.page, DIRECTION)
    buttons = Page(client.get(watch).text).all("button", form="mine")
    assert [one.text for one in buttons] == ["up", "down", "stays as it is"]
    assert phone.answer("0") == (
        303, "Your answer: up. You can change it until the question is closed."
    )  # fmt: skip
    assert phone.answer("1", htmx=True)[1].startswith("Your answer: down.")
    assert other.answer("1")[0] == 303
    for _ in range(3):
        assert phone.answer("1")[0] == 303
    assert bars(client.get(f"{network.page}/room").text) == {
        "up": 0, "down": 2, "stays as it is": 0
    }  # fmt: skip
    stage(client, network.page, watch, "closed")
    status, said = phone.answer("0")
    assert (status, said.partition(".")[0]) == (
        409, "That question is closed, so your answer was not counted"
    )  # fmt: skip
    assert bars(client.get(watch).text)["down"] == 2
    stage(client, network.page, watch, "revealed")
    asked = Page(client.get(watch).text).one(id="asked").text
    assert "The right answer is “down”." in asked
    assert "✓ right" in asked
    stage(client, network.page, watch, "dropped")
    assert Page(client.get(watch).text).one(id="asked").text == ""


def test_a_page_that_was_out_of_reach_asks_for_its_answer(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    phone, other = Phone(client, watch), Phone(client, watch)

    def kept(one: Phone) -> tuple[str, list[str]]:
        """What is said of a device's answer, and which buttons are pressed."""
        told = Page(client.get(f"{watch}/answer", params={"me": one.me}, headers=HTMX).text)
        pressed = [one.attrs["id"] for one in told.all("i") if one.attrs["aria-pressed"] == "true"]
        return told.one(id="own-answer").text, pressed

    assert kept(phone) == ("", [])
    ask(client, network.page, DIRECTION)
    phone.answer("1")
    assert kept(phone) == (
        "Your answer: down. You can change it until the question is closed.", ["answer-1"]
    )  # fmt: skip
    assert kept(other) == ("You have not answered yet.", [])
    stage(client, network.page, watch, "closed")
    assert kept(phone)[0].startswith("Your answer: down.")
    assert kept(other) == ("You gave no answer.", [])


def test_a_number_with_two_readings_has_a_button_for_each(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    phone = Phone(client, watch)
    form = {"me": phone.me, "number": phone.number(), "answer": "1,234"}
    for headers in ({}, HTMX):
        page = Page(client.post(f"{watch}/answer", data=form, headers=headers).text)
        buttons = page.one(id="own-answer").walk()
        values = [one.attrs["value"] for one in buttons if one.tag == "button"]
        assert values == ["1.234", "1234"]
        both = {**form, "answer": ["1,234", values[0]]}  # the field's, then the button's
        assert client.post(f"{watch}/answer", data=both).status_code == 303
        said = Page(client.get(f"{watch}?me={phone.me}").text).one(id="own-answer").text
        assert said.startswith("Your answer: 1.234. ")


@pytest.mark.parametrize("typed", ["1/3", "−0,1", "0.10"])
def test_an_answer_is_told_as_it_was_typed(client: Client, network: Network, typed: str) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    for htmx in (True, False):
        said = Phone(client, watch).answer(typed, htmx=htmx)[1]
        assert said.startswith(f"Your answer: {typed}. ")


def test_every_way_on_from_a_page_leads_to_the_same_device(
    client: Client, network: Network
) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, DIRECTION)
    phone = Phone(client, watch)  # its page was drawn before it answered: no mark in its address
    assert phone.answer("0", htmx=True)[0] == 200
    left = client.post(phone.page.all("form", method="post")[1].attrs["action"])
    back = Page(client.get(left.headers["location"]).text).one(id="welcome")
    ways = [one.attrs["href"] for one in back.walk() if one.tag == "a"]
    toolbar = phone.page.one(id="toolbar").walk()
    ways += [one.attrs["href"] for one in toolbar if one.tag == "a"]
    assert len(ways) > 5
    for way in ways:
        page = Page(client.get(way).text)
        assert page.one("input", name="me").attrs["value"] == phone.me
        assert page.one(id="own-answer").text.startswith("Your answer: up.")
        form = {"me": phone.me, "number": phone.number(), "answer": "0"}
        assert client.post(page.one(id="mine").attrs["action"], data=form).status_code == 303
    assert bars(client.get(f"{network.page}/room").text)["up"] == 1


def test_a_number_is_grouped_by_the_slip_that_gives_it(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    for typed in ("0,1385", "0.138", "-0.1385", "0.7414", "7"):
        assert Phone(client, watch).answer(typed)[0] == 303
    phone = Phone(client, watch)
    for wrong, sentence in [
        ("abc", "Your answer must be a number"), ("1,234", "Your answer may be 1.234 or 1234"),
        ("", "Your answer must be a number"), ("9" * 100, "Your answer must have at most 80"),
    ]:  # fmt: skip
        form = {"me": phone.me, "number": phone.number(), "answer": wrong}
        answer = client.post(f"{watch}/answer", data=form)
        assert answer.status_code == 422
        page = Page(answer.text)
        assert sentence in page.one(id="wrong").text
        assert page.one(id="your-number").attrs.get("value", "") == wrong, "it is not lost"
    stage(client, network.page, watch, "closed")
    assert set(bars(client.get(watch).text).values()) == {1}
    assert (
        "slope" not in client.get(watch).text.partition('id="asked"')[2].partition("</section>")[0]
    )
    stage(client, network.page, watch, "revealed")
    shown = bars(client.get(f"{watch}?view=present").text)
    assert shown["0.1385"] == 2
    assert shown["−0.1385: a minus sign too many, or target − output"] == 1
    assert shown["0.7414: slope of the activation left out"] == 1


@pytest.mark.parametrize("fields", [DIRECTION, NUMBER, {"question": "largest"}])
def test_nothing_tells_the_truth_before_it_is_revealed(
    client: Client, network: Network, fields: dict[str, str]
) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, fields)
    phone = Phone(client, watch)
    phone.answer("0")
    texts = {}
    for to in ("", "closed", "revealed"):
        if to:
            stage(client, network.page, watch, to)
        texts[to] = ""
        for path in ("", "?view=present", "/count?seen=9", "/answered?seen=9", "?open=w5"):
            for headers in ({}, HTMX):
                texts[to] += client.get(watch + path, headers=headers).text
    for to in ("", "closed"):
        for secret in ("0.13849", "0.1385", "right</", "wrong</", "✓", "no_slope", "is-right"):
            assert secret not in texts[to], (to, secret)
        assert "The right" not in texts[to]
    assert '<svg viewBox="0 0 100 10"' not in texts[""], "no histogram either"
    assert "The right" in texts["revealed"]


def test_answers_are_refused_that_are_no_devices_own(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    _, _, elsewhere = opened(client)
    ask(client, network.page, DIRECTION)
    phone, stranger = Phone(client, watch), Phone(client, elsewhere)
    number = phone.number()
    swapped = phone.me[:12] + Phone(client, watch).me[12:]
    for mark in ("", "x", stranger.me, swapped, phone.me[:-1], phone.me + "A", "é" * 28, "\0" * 28):
        form = {"me": mark, "number": number, "answer": "0"}
        answer = client.post(f"{watch}/answer", data=form)
        assert answer.status_code == 422
        assert "This page belongs to another class" in Page(answer.text).one(id="wrong").text
    for told in ("0", str(int(number) + 1), "", "x"):
        form = {"me": phone.me, "number": told, "answer": "0"}
        assert client.post(f"{watch}/answer", data=form).status_code == 409
    form = {"me": phone.me, "number": number, "answer": "0"}
    for base in (network.page, f"/networks/{watch.rpartition('/')[2]}", f"{network.page}/room"):
        assert client.post(f"{base}/answer", data=form).status_code in (404, 405)
    large = client.post(f"{watch}/answer", data=form | {"answer": "0" * 100_000})
    assert large.status_code == 413
    assert client.post(f"{watch}/answer", data=form | {"answer": "0" * 20_000}).status_code < 500
    for path in ("answer", "answered?seen=0", "count?seen=0", f"answer?me={phone.me}&answer=0"):
        client.get(f"{watch}/{path}")
    assert set(bars(client.get(f"{network.page}/room").text).values()) == {0}


def test_nothing_is_asked_from_where_it_is_watched(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    token = watch.rpartition("/")[2]
    for base in (watch, f"/networks/{token}"):
        for path in ("room/ask", "room/stage", "room/on", "ask", "stage"):
            answer = client.post(f"{base}/{path}", data={**DIRECTION, "stage": "revealed"})
            assert answer.status_code in (404, 405)
    for path in ("room/ask", "room/stage", "room/on"):
        client.get(f"{network.page}/{path}")
    assert Page(client.get(watch).text).one(id="asked").text == ""


def test_a_school_behind_one_address_answers_and_a_program_is_stopped(tmp_path: Path) -> None:
    with browse(Settings(data_dir=tmp_path, room_answer_rate="12/minute")) as client:
        network, _, watch = opened(client)
        ask(client, network, DIRECTION)
        phone = Phone(client, watch)
        statuses = [phone.answer("0", htmx=True)[0] for _ in range(12)]
        assert statuses == [200] * 12
        form = {"me": phone.me, "number": phone.number(), "answer": "0"}
        refused = client.post(f"{watch}/answer", data=form)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) <= 60
    assert Settings().answer_rate == "3000/minute", "300 students, ten answers each a minute"


def test_a_thousand_answers_cost_little(tmp_path: Path) -> None:
    with browse(Settings(data_dir=tmp_path, max_followers=1000)) as client:
        network, _, watch = opened(client)
        ask(client, network, DIRECTION)
        number, token = int(Phone(client, watch).number()), watch.rpartition("/")[2]
        register = client.app.state.classes.register  # type: ignore[attr-defined]

        async def answers() -> float:
            begun = time.process_time()
            for one in range(1000):
                assert await register.answer(token, number, f"device {one}", str(one % 3), 1000)
            return time.process_time() - begun

        assert run_async(answers) < 2.0
        begun = time.process_time()
        assert bars(client.get(f"{network}/room").text) == {
            "up": 334, "down": 333, "stays as it is": 333
        }  # fmt: skip
        assert time.process_time() - begun < 1.0
        form = {"me": Phone(client, watch).me, "number": str(number), "answer": "0"}
        full = client.post(f"{watch}/answer", data=form)
        assert full.status_code == 503
        assert "1,000 devices have answered" in Page(full.text).one(id="wrong").text
