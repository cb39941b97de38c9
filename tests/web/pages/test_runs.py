"""Runs over HTTP: streamed to htmx, answered when done to everybody else, and over the API."""

import asyncio
import re
import threading
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.errors import InvalidInput, VersionConflict
from app.lab.edits import Edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.limits import MAX_RUN_WORK, MAX_STEPS
from app.lab.runs import FRAMES, RunGoal, frame_steps
from app.settings import Settings
from app.store.base import Stored
from app.store.codec import encode
from app.web.networks.commands import unless_changed
from tests.web.support import HTMX, Client, Network, Page, Watched, browse, run_async

STREAM = {**HTMX, "Accept": "text/html, text/event-stream"}
MAZUR = EXAMPLES["mazur-2-2-2"].spec


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """An application whose runs do not wait for eyes."""
    with browse(settings) as client:
        client.app.state.runs.seconds = 0.0  # type: ignore[attr-defined]
        yield client


class Event:
    """A message of a stream: what was sent, and the parts of the page after it."""

    def __init__(self, text: str, before: "Event | None") -> None:
        lines = text.split("\n")
        self.id = next((line[4:] for line in lines if line.startswith("id: ")), "")
        body = "\n".join(line[6:] for line in lines if line.startswith("data: "))
        self.answer = Page(body)
        self.page = self.answer
        if before:
            self.page = deepcopy(before.page)
            self.page.swap(self.answer)
        assert all(line.startswith(("id: ", "data: ")) for line in lines)

    @property
    def step(self) -> int:
        (shown,) = self.page.all("span", class_="step")
        return int(shown.text.removeprefix("Step "))

    @property
    def running(self) -> bool:
        return "data-running" in self.page.one("form", id="run").attrs

    @property
    def said(self) -> str | None:
        found = self.answer.all("hx-partial", hx_target="#said")
        return found[0].text if found else None

    def version(self) -> str:
        return self.page.fields("commands")["version"]


def events(answer: Any) -> list[Event]:
    """The messages of a streamed answer."""
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith("\n\n")
    seen: list[Event] = []
    for text in answer.text.removesuffix("\n\n").split("\n\n"):
        seen.append(Event(text, seen[-1] if seen else None))
    return seen


def stream(network: Network, **fields: str) -> list[Event]:
    """The run of a network, as its page gets it."""
    version = str(network.state()["version"])
    fields = {"version": version, "op": f"tab.{version}", **fields}
    return events(network.client.post(f"{network.page}/run", data=fields, headers=STREAM))


def error_at(step: int) -> str:
    """The error of Mazur's network after so many steps, as sentences give it."""
    return f"{Lab.fresh(MAZUR).stepped(step).forward_pass.loss:.6f}"


# --- streamed ---------------------------------------------------------------------------------


def test_a_run_shows_its_way_and_says_one_sentence_at_the_end(network: Network) -> None:
    seen = stream(network, count="200")
    assert [event.step for event in seen] == [0, *frame_steps(200)]
    assert [event.running for event in seen] == [True] * FRAMES + [False]
    assert [event.said for event in seen] == [
        "", *[None] * (FRAMES - 1),
        f"Ran 200 steps, to step 200. The error went from 0.298371 to {error_at(200)}.",
    ]  # fmt: skip
    # What is refused meanwhile stays said: between the first and the last they leave it.
    told = [event.answer.all("hx-partial", hx_target="#notice") for event in seen]
    assert [[one.text for one in some] for some in told] == [[""], *[[]] * (FRAMES - 1), [""]]
    taken = [event.page.one(id="run-taken").text for event in seen]
    assert taken == [*(f"{n} of 200" for n in (0, *frame_steps(200)[:-1])), ""]
    bar = seen[3].page.one("progress")
    assert (bar.attrs["value"], bar.attrs["max"]) == ("3", "200")


@pytest.mark.parametrize(
    ("query", "fields"), [("", {"still": "1"}), ("?speed=off", {})], ids=["reduced", "off"]
)
def test_without_motion_a_run_shows_its_end_alone(
    network: Network, query: str, fields: dict[str, str]
) -> None:
    data = {"version": str(network.state()["version"]), "op": "tab.1", "count": "200", **fields}
    seen = events(network.client.post(f"{network.page}/run{query}", data=data, headers=STREAM))
    assert [event.step for event in seen] == [0, 200]
    went = f"The error went from 0.298371 to {error_at(200)}."
    assert seen[-1].said == f"Ran 200 steps, to step 200. {went}"


def test_every_frame_carries_the_version_that_it_shows(network: Network) -> None:
    seen = stream(network, count="30")
    assert [event.id for event in seen] == ["", *(event.version() for event in seen[1:])]
    versions = [int(event.version()) for event in seen]
    assert versions == list(range(1, len(seen) + 1))
    assert network.state()["version"] == versions[-1]
    tabs = {event.page.fields("commands")["op"].partition(".")[0] for event in seen}
    assert tabs == {"tab"}


def test_a_run_is_so_many_clicks(network: Network, client: Client) -> None:
    stream(network, count="100")
    clicked = Network(client, {"example": "mazur-2-2-2"})
    for _ in range(100):
        clicked.do("step")
    ran, other = network.state(), clicked.state()
    for state in (ran, other):
        del state["id"], state["version"]
    assert ran == other


def test_a_stream_is_neither_kept_nor_compressed_nor_held_back(network: Network) -> None:
    answer = network.submit("run", htmx=True, count="3")
    assert answer.headers["content-type"] == "text/html; charset=utf-8", "no stream was asked for"
    fields = {"version": str(network.state()["version"]), "op": "x.1", "count": "3"}
    headers = {**STREAM, "Accept-Encoding": "gzip"}
    streamed = network.client.post(f"{network.page}/run", data=fields, headers=headers)
    assert streamed.headers["cache-control"] == "no-store"
    assert streamed.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in streamed.headers
    assert "content-security-policy" in streamed.headers


def test_the_learning_rate_in_the_field_counts(network: Network) -> None:
    stream(network, count="5", learning_rate="0.1", shown_rate="0.5")
    state = network.state()
    assert state["trace"]["learning_rate"] == 0.1
    assert state["step"] == 5


def test_values_that_are_typed_but_not_applied_count(network: Network) -> None:
    typed: dict[str, str] = {"value.w5": "0.25", "count": "4"}
    stream(network, **typed)
    expected = Lab.fresh(MAZUR).edited(Edit(weights={"w5": 0.25})).stepped(4)
    assert network.state()["parameters"]["weights"][1] == expected.parameters.weights[1].tolist()
    typed |= {"value.w5": "x"}
    answer = network.client.post(f"{network.page}/run", data={"version": "9", **typed})
    assert answer.status_code == 422


def test_an_input_that_is_typed_is_that_of_the_sample_in_view(client: Client) -> None:
    samples = [{"inputs": [n / 4], "targets": [1]} for n in range(3)]
    spec = {"layers": [1, 1], "activations": ["sigmoid"], "samples": samples}
    network = Network(client, {"spec": spec})
    network.submit("step")
    stream(network, sample="3", count="2", **{"value.x1": "0.7"})
    found = [one["inputs"] for one in network.state()["spec"]["samples"]]
    assert found == [[0.0], [0.25], [0.7]]


def test_a_run_creates_the_network_of_an_example(client: Client) -> None:
    headers = {**STREAM, "HX-Current-URL": "http://testserver/examples/mazur-2-2-2?notation=z"}
    answer = client.post("/examples/mazur-2-2-2/run", data={"count": "12"}, headers=headers)
    url = answer.headers["hx-push-url"]
    assert re.fullmatch(r"/networks/[\w-]{24}\?notation=z", url)
    seen = events(answer)
    assert [event.step for event in seen] == list(range(13))
    base = url.partition("?")[0]
    forms = [event.page.one("form", id="run").attrs["hx-post"] for event in seen]
    assert set(forms[:-1]) == {"/examples/mazur-2-2-2/run"}, "htmx would end the stream"
    assert forms[-1] == f"{base}/run?notation=z"
    for event in seen:
        assert event.page.one("form", id="commands").attrs["hx-post"].startswith(base)
        assert event.page.one("button", id="run-stop").attrs["hx-post"].startswith(base)
    tabs = {event.page.fields("commands")["op"].partition(".")[0] for event in seen}
    assert len(tabs) == 1
    assert Page(client.get(base).text).one("span", class_="step").text == "Step 12"


def test_a_run_works_wherever_a_network_is(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    for base in (f"/embed{network.page}", "/embed/examples/mazur-2-2-2"):
        fields = {"version": "1", "op": "a.1", "count": "3"}
        seen = events(client.post(f"{base}/run", data=fields, headers=STREAM))
        assert [event.step for event in seen] == [0, 1, 2, 3]
        forms = [event.page.one("form", id="commands").attrs["action"] for event in seen]
        assert all(action.startswith("/embed/networks/") for action in forms)
        assert client.post(f"{base}/stop", data={}, headers=HTMX).status_code == 200


# --- how it ends ------------------------------------------------------------------------------


def test_until_an_error(network: Network) -> None:
    seen = stream(network, count="5000", until="0.2")
    state = network.state()
    assert state["loss_history"][-1] <= 0.2 < state["loss_history"][-2]
    assert seen[-1].step == state["step"]
    assert seen[-1].said == (
        f"Stopped at step 13: the error is {error_at(13)}, at or below your goal of 0.2."
    )


def test_an_error_that_is_there_already(network: Network) -> None:
    seen = stream(network, count="50", until="0.5")
    assert [event.step for event in seen] == [0, 0]
    assert seen[-1].said == "Nothing to do: the error is 0.298371, already at or below 0.5."
    assert network.state()["version"] == 1


def test_an_error_that_is_not_reached(network: Network) -> None:
    seen = stream(network, count="30", until="0.001")
    error = error_at(30)
    assert seen[-1].said == f"Ran 30 steps, to step 30. The error is {error}, still above 0.001."


RUNAWAY = {
    "layers": [1, 1],
    "activations": ["identity"],
    "optimizer": {"name": "sgd", "learning_rate": 40},
    "samples": [{"inputs": [1], "targets": [0]}],
    "weights": [[[1]]],
}


def test_weights_that_run_away_end_it_and_what_was_computed_stays(client: Client) -> None:
    network = Network(client, {"spec": RUNAWAY})
    seen = stream(network, count="5000")
    state = network.state()
    assert state["step"] > 20
    assert seen[-1].step == state["step"]
    assert not seen[-1].running
    assert seen[-1].answer.alert == (
        f"The run stopped at step {state['step']}: in step {state['step'] + 1} a number grew too "
        "large to represent. Everything so far is kept. Try a smaller learning rate."
    )
    assert network.send("step").status_code == 422


def test_a_history_that_is_full_ends_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.lab.limits.MAX_STORED_BYTES", 6_000)
    seen = stream(network, count="4000")
    assert "history is full" in seen[-1].answer.alert
    assert 100 < network.state()["step"] == seen[-1].step < 4000


def in_steps(client: Client, network: Network, **fields: str) -> "Streamed":
    """A run in the background, and what it has sent once it is over."""
    client.app.state.runs.seconds = 0.02  # type: ignore[attr-defined]
    return Streamed(network, fields)


class Streamed(threading.Thread):
    def __init__(self, network: Network, fields: dict[str, str]) -> None:
        super().__init__()
        self._network, self._fields = network, fields
        self.seen: list[Event] = []
        self.start()
        while network.state()["step"] < 3:
            assert self.is_alive()

    def run(self) -> None:
        self.seen = stream(self._network, **self._fields)

    def over(self) -> list[Event]:
        self.join(20)
        assert not self.is_alive()
        return self.seen


def test_stop_ends_a_run_where_it_stands(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    answer = client.post(f"{network.page}/stop", data={"op": "tab.7"}, headers=HTMX)
    page, seen = Page(answer.text), run.over()
    step = network.state()["step"]
    shown = page.one("span", class_="step").text
    assert shown == f"Step {step}"
    assert seen[-1].step == step
    said = page.one("hx-partial", hx_target="#said").text
    assert re.fullmatch(rf"Stopped at step {step}: the error is 0\.\d+\.", said)
    assert seen[-1].said is None, "the answer to Stop says it"
    assert "data-running" not in page.one("form", id="run").attrs


def test_somebody_else_may_stop_it(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    assert "data-running" not in Page(client.get(network.page).text).one("form", id="run").attrs
    answer = client.post(f"{network.page}/stop", data={"op": "another.7"})
    assert (answer.status_code, answer.headers["location"]) == (303, network.page)
    last = run.over()[-1]
    assert not last.running
    assert (last.said or "").startswith(f"Stopped at step {network.state()['step']}")


def test_stop_without_a_run_changes_nothing(client: Client, network: Network) -> None:
    network.do("step")
    before = network.state()
    for headers in ({}, HTMX):
        for url in (f"{network.page}/stop", "/examples/mazur-2-2-2/stop"):
            assert client.post(url, data={}, headers=headers).status_code in (200, 303)
    assert network.state() == before
    assert client.post("/networks/unknown/stop", data={}).status_code == 404


def test_a_click_ends_a_run_and_is_done_where_that_stands(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    fields = {"version": "2", "op": "tab.2"}
    answer = client.post(f"{network.page}/take-back", data=fields, headers=HTMX)
    assert answer.status_code == 200
    seen, state = run.over(), network.state()
    assert state["last_step"] == seen[-1].step
    assert state["step"] == state["last_step"] - 1
    again = client.post(f"{network.page}/take-back", data=fields, headers=HTMX)
    assert again.status_code == 200
    assert network.state() == state, "sent twice is one action"


def test_a_form_from_before_the_run_is_refused(client: Client, network: Network) -> None:
    network.do("step")
    run = in_steps(client, network, count="100000")
    answer = client.post(f"{network.page}/take-back", data={"version": "1", "op": "old.1"})
    assert answer.status_code == 409
    assert run.is_alive()
    client.post(f"{network.page}/stop")
    run.over()


def test_whoever_writes_to_the_network_ends_its_run(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    state = network.do("edit", {"weights": {"w5": 0.125}})
    last = run.over()[-1]
    assert last.answer.alert.startswith(
        "The run stopped: this network was changed in another window."
    )
    assert last.step == state["step"]
    assert (last.id, network.state()["version"]) == (str(state["version"]), state["version"])


def test_another_run_takes_the_place_of_the_first(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    fields = {"version": "3", "op": "tab.3", "count": "4"}
    second = events(client.post(f"{network.page}/run", data=fields, headers=STREAM))
    first = run.over()
    assert second[0].step == first[-1].step
    assert second[-1].step == first[-1].step + 4 == network.state()["step"]


def test_the_form_sent_twice_is_one_run(client: Client, network: Network) -> None:
    fields = {"version": "1", "op": "tab.1", "count": "5"}
    first, second = (
        client.post(f"{network.page}/run", data=fields, headers=STREAM) for _ in range(2)
    )
    assert events(first)[-1].step == 5
    assert second.status_code == 204
    assert network.state()["step"] == 5


def test_after_nothing_to_do_the_same_form_runs_to_another_goal(network: Network) -> None:
    for _ in range(2):
        assert (
            stream(network, count="9", until="0.5")[-1].said
            == "Nothing to do: the error is 0.298371, already at or below 0.5."
        )
    assert stream(network, count="9", until="")[-1].step == 9


def test_a_run_follows_the_look_of_its_page(client: Client, network: Network) -> None:
    run = in_steps(client, network, count="100000")
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{network.page}"}
    page = Page(client.get(f"{network.page}?open=w5", headers=headers).text)
    assert "data-running" in page.one("form", id="run").attrs
    version = network.state()["version"]
    while network.state()["version"] < version + 3:
        assert run.is_alive()
    client.post(f"{network.page}/stop")
    seen = run.over()
    assert seen[1].page.one("section", id="panel").attrs["data-open"] == ""
    assert seen[-1].page.one("section", id="panel").attrs["data-open"] == "w5"


# --- without a stream -------------------------------------------------------------------------


def test_without_a_script_the_answer_comes_when_it_is_done(client: Client) -> None:
    answer = client.post("/examples/mazur-2-2-2/run", data={"count": "120", "until": ""})
    assert answer.status_code == 303
    page = Page(client.get(answer.headers["location"]).text)
    assert page.one("span", class_="step").text == "Step 120"
    fields = {**page.fields("run"), "count": "30"}
    again = client.post(page.one("form", id="run").attrs["action"], data=fields)
    assert (again.status_code, again.headers["location"]) == (303, answer.headers["location"])
    assert Page(client.get(again.headers["location"]).text).one("span", class_="step").text == (
        "Step 150"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"count": "30", "until": "0.5"}, "Nothing to do: the error is"),
        ({"count": "30", "until": "0.001"}, "Ran 30 steps, to step 30. The error is"),
        ({"count": "9000", "until": "0.2"}, "at or below your goal of 0.2."),
    ],
)
def test_without_a_script_the_page_says_what_a_redirect_cannot(
    network: Network, fields: dict[str, str], said: str
) -> None:
    sent = {"version": "1", "op": "a.1", **fields}
    answer = network.client.post(f"{network.page}/run", data=sent)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert said in page.one("p", id="said").text
    typed = page.fields("run")
    assert {key: typed[key] for key in fields} == fields


def test_without_a_script_trouble_is_told(client: Client) -> None:
    network = Network(client, {"spec": RUNAWAY})
    page = Page(network.submit("run", count="5000").text)
    assert page.alert.startswith("The run stopped at step")


def test_a_run_that_takes_too_long_for_an_answer(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.lab.limits.MAX_RUN_SECONDS", 0.0)
    page = Page(network.submit("run", count="900000").text)
    assert "because it reached the time limit" in page.alert
    assert 0 < network.state()["step"] < 900_000


# --- refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"count": "0"}, "count"),
        ({"count": "-1"}, "count"),
        ({"count": "1.5"}, "count"),
        ({"count": "many"}, "count"),
        ({"count": ""}, "count"),
        ({"count": str(MAX_STEPS + 1)}, "count"),
        ({"count": "9" * 400}, "count"),
        ({"until": "nan"}, "until"),
        ({"until": "inf"}, "until"),
        ({"until": "-0.1"}, "until"),
        ({"until": "1e7"}, "until"),
        ({"until": "1e400"}, "until"),
        ({"until": "<b>"}, "until"),
        ({"until": "1,234"}, "until"),
        ({"learning_rate": "nan"}, "learning_rate"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX, STREAM], ids=["plain", "htmx", "stream"])
def test_what_cannot_be_is_refused_by_field(
    network: Network, fields: dict[str, str], field: str, headers: dict[str, str]
) -> None:
    for url in (network.page, "/examples/mazur-2-2-2"):
        sent = {"version": "1", "op": "a.1", "count": "5", **fields}
        answer = network.client.post(f"{url}/run", data=sent, headers=headers)
        assert answer.status_code == 422
        page = Page(answer.text)
        assert page.alert
        if field != "learning_rate":
            assert page.one("input", name=field).attrs["aria-invalid"] == "true"
    assert network.state()["version"] == 1


def test_more_steps_than_a_timeline_holds_are_refused_with_what_would_fit(
    network: Network,
) -> None:
    network.do("step", {"count": 10})
    answer = network.send("run", {"count": MAX_STEPS})
    assert (answer.status_code, answer.json()["code"]) == (422, "run_too_long")
    assert answer.json()["pointer"] == "/count"
    assert f"from here {MAX_STEPS - 10:,} more are possible" in answer.json()["detail"]


BIG = {
    "layers": [40, 40, 10],
    "activations": ["tanh", "tanh"],
    "optimizer": {"name": "adam"},
    "batch": {"size": "full"},
    "samples": [{"inputs": [0.5] * 40, "targets": [0.1] * 10}] * 40,
}


def test_too_much_work_or_history_is_refused_with_what_would_fit(client: Client) -> None:
    network = Network(client, {"spec": BIG})
    answer = network.send("run", {"count": 1_000_000}).json()
    assert answer["code"] == "too_much_work"
    limit = MAX_RUN_WORK // (2000 * 40)
    assert f"Try up to {limit:,} steps." in answer["detail"]
    answer = network.send("run", {"count": limit}).json()
    assert answer["code"] == "run_too_large"
    (found,) = re.findall(r"Try up to ([\d,]+) steps", answer["detail"])
    fitting = int(found.replace(",", ""))
    RunGoal(1_000_000).check_room(Lab.fresh(MAZUR))
    store = client.app.state.store  # type: ignore[attr-defined]
    lab = run_async(store.load, network.id).lab
    with pytest.raises(InvalidInput):
        RunGoal(fitting + 1).check_room(lab)
    RunGoal(fitting).check_room(lab)


@pytest.fixture
def narrow(settings: Settings) -> Iterator[Client]:
    """An application with one place for long work, which is taken."""
    with browse(settings.model_copy(update={"max_runs": 1})) as client:
        run_async(client.app.state.pool.places.take)  # type: ignore[attr-defined]
        yield client


@pytest.mark.parametrize("headers", [{}, HTMX, STREAM], ids=["plain", "htmx", "stream"])
def test_a_server_that_is_busy_says_so(narrow: Client, headers: dict[str, str]) -> None:
    network = Network(narrow, {"example": "mazur-2-2-2"})
    fields = {"version": "1", "op": "a.1", "count": "200"}
    for url in (network.page, "/examples/mazur-2-2-2"):
        answer = narrow.post(f"{url}/run", data=fields, headers=headers)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "The server is busy with 1 run." in Page(answer.text).alert
    assert network.send("run", {"count": 200}).json()["code"] == "busy"
    assert network.send("step", {"count": 2000}).json()["code"] == "busy"
    assert network.do("step")["step"] == 1, "a click needs no place"
    narrow.app.state.pool.places.give()  # type: ignore[attr-defined]
    assert network.do("run", {"count": 200})["step"] == 201


def test_places_are_given_back(settings: Settings) -> None:
    with browse(settings.model_copy(update={"max_runs": 1})) as client:
        client.app.state.runs.seconds = 0.0  # type: ignore[attr-defined]
        network = Network(client, {"example": "mazur-2-2-2"})
        for _ in range(3):
            stream(network, count="3")
            network.submit("run", count="40")
            network.send("run", {"count": 40, "until": -1})
        assert network.state()["step"] == 129


# --- the API ----------------------------------------------------------------------------------


def test_the_api_runs_and_tells_why_it_ended(network: Network) -> None:
    state = network.do("run", {"count": 100})
    assert state["run"] == {"start": 0, "ending": "count"}
    assert state["step"] == 100
    expected = Lab.fresh(MAZUR, "mazur-2-2-2").stepped(100)
    assert state["parameters"]["weights"] == [w.tolist() for w in expected.parameters.weights]
    until = state["loss_history"][-1] - 0.01
    reached = network.do("run", {"count": 10_000, "until": until})
    assert reached["run"] == {"start": 100, "ending": "reached"}
    assert reached["loss_history"][-1] <= until < reached["loss_history"][-2]
    version = reached["version"]
    assert network.do("run", {"count": 10, "until": until})["run"]["ending"] == "already"
    assert network.state()["version"] == version
    assert network.do("run", {"count": 10, "until": 0})["run"]["ending"] == "not_reached"


def test_the_api_keeps_what_was_computed_before_a_step_that_is_not_finite(client: Client) -> None:
    network = Network(client, {"spec": RUNAWAY})
    state = network.do("run", {"count": 5000, "until": None})
    assert state["run"]["ending"] == "diverged"
    assert state["step"] == state["last_step"] > 20


def test_if_match_holds_for_runs(network: Network) -> None:
    assert network.send("run", {"count": 3}, if_match='"7"').status_code == 412
    assert network.send("run", {"count": 3}, if_match='"1"').json()["step"] == 3


def test_a_run_can_be_scrubbed_through(network: Network) -> None:
    network.do("run", {"count": 2000})
    expected = Lab.fresh(MAZUR, "mazur-2-2-2").stepped(2000)
    for step in (1999, 0, 777, 2000):
        state = network.do("rewind", {"step": step})
        at = expected.rewound(step)
        assert state["parameters"]["weights"] == [w.tolist() for w in at.parameters.weights]
        assert encode(at)


def test_a_long_history_is_written_like_a_short_one(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.do("run", {"count": 250})
    whole = network.client.get(network.url)
    monkeypatch.setattr("app.web.api.responses._LONG_HISTORY", 100)
    assert network.client.get(network.url).content == whole.content


class Meddled(Watched):
    """A store whose networks somebody else changes just before they are saved."""

    meddle = 0

    async def save(self, network_id: str, data: bytes, *, expected: int, **more: Any) -> Stored:
        if self.meddle:
            self.meddle -= 1
            present = await self.load(network_id)
            await super().save(network_id, present.data, expected=present.version)
        return await super().save(network_id, data, expected=expected, **more)


@pytest.mark.parametrize(("patience", "ending", "step"), [(1e9, "count", 20), (0.0, "moved_on", 0)])
def test_a_run_that_took_long_ends_where_somebody_else_changed_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float, ending: str, step: int
) -> None:
    """A short one is taken anew, as a step would be; a long one would never come to an end."""
    monkeypatch.setattr("app.lab.runs._AGAIN_SECONDS", patience)
    store = Meddled(tmp_path / "meddled", ttl_seconds=60, max_networks=10)
    with browse(Settings(data_dir=tmp_path / "data"), store) as client:
        network = Network(client, {"example": "mazur-2-2-2"})
        store.meddle = 3
        state = network.do("run", {"count": 20})
        assert (state["run"], state["step"]) == ({"start": 0, "ending": ending}, step)
        assert store.meddle == (0 if patience else 2)
        assert network.state()["step"] == step


def test_what_takes_long_is_dropped_once_its_network_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.networks.commands.LOOK_SECONDS", 0.01)
    dropped = []

    async def forever() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            dropped.append(True)

    async def answer() -> str:
        await asyncio.sleep(0.05)
        return "done"

    async def scene() -> None:
        store = Watched(tmp_path / "store", ttl_seconds=60, max_networks=10)
        await store.create("n", b"first")
        assert await unless_changed(store, "n", 1, answer()) == "done"
        asyncio.get_running_loop().call_later(
            0.05, lambda: asyncio.ensure_future(store.save("n", b"second", expected=1))
        )
        with pytest.raises(VersionConflict) as caught:
            await unless_changed(store, "n", 1, forever())
        assert caught.value.values == {"version": 2}
        with pytest.raises(VersionConflict):
            await unless_changed(store, "gone", 1, forever())
        await asyncio.sleep(0)
        await store.close()

    run_async(scene)
    assert dropped == [True, True]


@pytest.mark.parametrize("query", ["sample=99", "into=zz", "unfold=77", "open=w99"])
def test_a_page_that_cannot_be_shown_begins_no_run(client: Client, query: str) -> None:
    stored = client.app.state.store.store  # type: ignore[attr-defined]
    before = stored._db.execute("SELECT count(*) FROM networks").fetchone()
    answer = client.post(f"/examples/mazur-2-2-2/run?{query}", data={"count": "5"}, headers=STREAM)
    assert answer.status_code in (404, 422)
    assert stored._db.execute("SELECT count(*) FROM networks").fetchone() == before
    network = Network(client, {"example": "mazur-2-2-2"})
    sent = {"version": "1", "op": "a.1", "count": "5"}
    answer = client.post(f"{network.page}/run?{query}", data=sent, headers=STREAM)
    assert answer.status_code in (404, 422)
    assert network.state()["version"] == 1
