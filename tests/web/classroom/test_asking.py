"""Asking at the desk: proposals, own questions, stages, and the way on."""

import pytest

from tests.web.classroom.test_answering import NUMBER, Phone, ask, bars, stage
from tests.web.classroom.test_join import opened
from tests.web.support import HTMX, Client, Network, Page


def test_proposals_are_asked_with_one_click_and_lead_on(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    form = Page(client.get(f"{network.page}/room/ask", headers=HTMX).text)
    buttons = form.all("button", name="question")
    assert 3 <= len(buttons) <= 5
    for button in buttons:
        asked = client.post(
            f"{network.page}/room/ask", data={"question": button.attrs["value"]}, headers=HTMX
        )
        assert asked.status_code == 200
        assert button.text in Page(asked.text).one(id="desk").text
        assert button.text in Page(client.get(watch).text).one(id="asked").text
    ask(client, network.page, NUMBER)
    stage(client, network.page, watch, "revealed")
    page = Page(client.get(f"{network.page}/room").text)
    (on,) = [one for one in page.all("form") if one.attrs["action"].endswith("/room/on")]
    assert "Go on to “output layer, δ”" in on.text
    answer = client.post(on.attrs["action"], data={"number": "2"})
    assert "not asked any more" in Page(answer.text).one(id="notice").text
    number = len(buttons) + 1
    answer = client.post(on.attrs["action"], data={"number": f"{number}"})
    assert answer.headers["location"] == f"{network.page}?desk=on"
    version = network.state()["version"]
    # A page that is behind hears why nothing happens.
    for headers in ({}, HTMX):
        answer = client.post(on.attrs["action"], data={"number": f"{number}"}, headers=headers)
        assert answer.status_code == 409
        assert "past that question’s moment already" in answer.text
        assert network.state()["version"] == version
    assert network.state()["phase"] == "delta:2"
    assert Page(client.get(watch).text).one(id="stop-6").attrs["class"] == "now"


def test_go_on_is_there_only_while_it_leads_somewhere(client: Client, network: Network) -> None:
    network.do("step")
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    stage(client, network.page, watch, "revealed")
    seen = ""
    for command, body, has in (
        ("phase", {"to": "next"}, True),  # the first sums: δ is still to come
        ("phase", {"to": "finish"}, False),
        ("take-back", None, True),
        ("take-back", None, False),  # before the question's step
        ("step", None, True),
    ):
        network.do(command, body)
        page = Page(client.get(f"{network.page}/room").text)
        forms = [one for one in page.all("form") if one.attrs["action"].endswith("/room/on")]
        assert bool(forms) is has, command
        strip = client.get(f"{network.page}/room?{seen}", headers=HTMX)
        assert (strip.status_code == 200) is (not seen or ("onward" in seen) is not has)
        if strip.status_code == 200:
            seen = Page(strip.text).one(id="desk").attrs["hx-get"].partition("?")[2]


def test_a_question_says_which_moment_it_is_about(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    network.do("step")
    ask(client, network.page, {"question": "direction:w5"})
    asked = Page(client.get(watch).text).one(id="asked").text
    assert "Asked at step 1, before the phase “hidden layer, net”." in asked
    assert "The network has moved on since." not in asked
    for command in ("step", "take-back"):
        network.do(command)
        asked = Page(client.get(watch).text).one(id="asked").text
        assert "Asked at step 1" in asked
        assert "The network has moved on since." in asked


def test_a_question_in_own_words_is_text_and_nothing_else(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    text = "<script>alert(1)</script> \u202eevil\u202c {{ 7 * 7 }} \"quoted\" 'x' & Ω мир 🙂"
    fields = {"text": text, "choice1": "<b>ja</b>", "choice3": "\u2066nein", "right": "3"}
    ask(client, network.page, fields)
    for path in (watch, f"{watch}?view=present", f"{network.page}/room"):
        source = client.get(path).text
        assert "<script>alert" not in source
        assert not {"\u202e", "\u202c", "\u2066"} & set(source)
        shown = text.replace("\u202e", "").replace("\u202c", "")
        assert shown in Page(source).root.text
    Phone(client, watch).answer("1")
    stage(client, network.page, watch, "revealed")
    assert bars(client.get(watch).text) == {"<b>ja</b>": 0, "nein": 1}
    assert "The right answer is “nein”." in Page(client.get(watch).text).one(id="asked").text


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"text": "x", "choice1": "only"}, 422, "The answers must have at least 2 entries."),
        (
            {"text": "x" * 301, "choice1": "a", "choice2": "b"},
            422,
            "The question must have at most",
        ),
        (
            {"text": "x", "choice1": "a", "choice2": "b", "right": "4"},
            422,
            "The right answer is none",
        ),
        ({"about": "i1", "tolerance": "1"}, 422, "cannot be asked at this moment"),
        ({"about": "w5", "tolerance": "50"}, 422, "The tolerance must be one of: 0.1, 1, 5."),
        ({"about": "nothing"}, 404, "no number of that name"),
        ({"question": "height"}, 422, "The question must be one of:"),
        ({}, 422, "The question must be one of:"),
    ],
)
def test_what_cannot_be_asked_is_told_so(
    client: Client, network: Network, fields: dict[str, str], status: int, sentence: str
) -> None:
    _, _, watch = opened(client, network.page)
    for extra in ({}, {"at": "room"}):
        answer = client.post(f"{network.page}/room/ask", data={**fields, **extra})
        assert answer.status_code == status
        assert sentence in Page(answer.text).root.text
    if status == 422 and "text" in fields:
        assert Page(answer.text).one("input", name="text").attrs["value"] == fields["text"]
    assert Page(client.get(watch).text).one(id="asked").text == ""


def test_a_stage_is_that_of_the_question_that_the_page_shows(
    client: Client, network: Network
) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    old = Phone(client, watch).number()
    ask(client, network.page, NUMBER)
    for to in ("closed", "revealed", "dropped"):
        form = {"number": old, "stage": to}
        for headers in ({}, HTMX):
            late = client.post(f"{network.page}/room/stage", data=form, headers=headers)
            assert late.status_code == 409
            assert "That question is not asked any more. Nothing has changed." in late.text
        assert Page(client.get(watch).text).one(id="asked").attrs["data-stage"] == "OPEN"
    bad = client.post(f"{network.page}/room/stage", data={"number": "1", "stage": "open"})
    assert bad.status_code == 422
    client.post(f"{network.page}/room/end")
    assert client.post(f"{network.page}/room/ask", data=NUMBER).status_code == 404


def test_a_number_that_is_left_out_or_unknown_is_told_with_what_can_be_asked(
    client: Client, network: Network
) -> None:
    network.do("phase", {"to": "delta:2"})
    opened(client, network.page)
    form = {"at": "room", "tolerance": "1"}
    empty = client.post(f"{network.page}/room/ask", data={**form, "about": " "})
    assert empty.status_code == 422
    assert "The number to ask for is required." in empty.text
    wrong = client.post(f"{network.page}/room/ask", data={**form, "about": "net:h9"})
    assert wrong.status_code == 404
    names = wrong.text.partition("Available: ")[2].partition(". ")[0].partition(".<")[0].split(", ")
    assert "delta:h1" in names
    assert (len(names), names.pop()) == (9, "…"), "no more than have room in the menu"
    for name in names:
        asked = client.post(f"{network.page}/room/ask", data={**form, "about": name})
        assert asked.status_code == 303, name


def test_the_strip_is_drawn_anew_as_answers_come(client: Client, network: Network) -> None:
    _, _, watch = opened(client, network.page)
    ask(client, network.page, NUMBER)
    strip = client.get(f"{network.page}/room", headers=HTMX)
    again = Page(strip.text).one(id="desk").attrs["hx-get"]
    assert client.get(again, headers=HTMX).status_code == 204
    phone = Phone(client, watch)
    for answer in ("0.5", "0.25"):  # the second in place of the first
        phone.answer(answer)
        strip = client.get(again, headers=HTMX)
        assert "1 has answered" in Page(strip.text).root.text
        assert bars(strip.text) == {answer: 1}
        again = Page(strip.text).one(id="desk").attrs["hx-get"]
        assert client.get(again, headers=HTMX).status_code == 204
    assert client.get(f"{watch}/answered?seen=1").status_code == 204
    assert "1 has answered" in client.get(f"{watch}/answered?seen=0").text


def test_without_a_room_there_is_nothing_to_ask(client: Client, network: Network) -> None:
    for path in ("ask", "stage", "on"):
        form = {**NUMBER, "stage": "closed", "number": "1"}
        assert client.post(f"{network.page}/room/{path}", data=form).status_code == 404
    assert client.get(f"{network.page}/room/ask").headers["location"] == f"{network.page}/room"
