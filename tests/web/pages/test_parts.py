"""What an answer to htmx sends: the page after it is the page that a browser would load."""

from collections.abc import Iterable
from typing import Any

import pytest

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.spec_json import spec_to_data
from app.views.options import ViewOptions
from app.web.pages.parts import changed_parts, tell_obstacles
from tests.web.support import HTMX, Client, Element, Network, Page

XOR = {
    "layers": [2, 3, 1], "activations": ["tanh", "sigmoid"], "loss": "half_squared_error",
    "optimizer": {"name": "adam", "learning_rate": 0.1}, "batch": {"size": 1},
    "samples": [
        {"inputs": [a, b], "targets": [float(a != b)]} for a in (0.0, 1.0) for b in (0.0, 1.0)
    ],
    "initialization": {"scheme": "uniform", "seed": 3},
}  # fmt: skip
LARGE = {
    **XOR,
    "layers": [2, 20, 9, 1],
    "activations": ["relu", "tanh", "sigmoid"],
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}
SHARED = {**spec_to_data(EXAMPLES["mazur-2-2-2"].spec), "bias_update": "shared"}
OWN = {
    "name": "own", "columns": ["rate (%)", "sqm"], "targets": ["price"], "means": [20, 60],
    "scales": [10, 25], "target_means": [1000], "target_scales": [250],
}  # fmt: skip
NETWORKS: dict[str, dict[str, Any]] = {
    **{slug: {"example": slug} for slug in EXAMPLES},
    "xor": {"spec": XOR},
    "large": {"spec": LARGE},
    "shared": {"spec": SHARED},
    "own": {"spec": {**XOR, "data": OWN}},
}
STUCK = {
    **XOR, "layers": [2, 2, 1], "activations": ["relu", "sigmoid"],
    "weights": [[[0.3, 0.1], [0.2, 0.4]], [[0.2, 0.1]]], "biases": [[0.1, -9.0], [0.0]],
}  # fmt: skip
del STUCK["initialization"]
QUERIES = (
    "", "?open=loss", "?open=conventions", "?edit=on", "?check=on", "?digits=8&notation=z",
    "?scale=log", "?pictures=distributions", "?pictures=loss", "?theme=dark&into=o1",
    "?view=present",
)  # fmt: skip
FRAMES = ("", "?controls=step,panel,numbers,curve,run,rate,samples,edit,phases,take-back")
# A first step, steps, phases, changed rules, another branch, going back, new values, refusals.
WALK: tuple[tuple[str, dict[str, str]], ...] = (
    ("step", {}), ("step", {}), ("step", {}), ("phase", {"to": "next"}), ("phase", {"to": "next"}),
    ("step", {}), ("learning-rate", {"learning_rate": "nonsense"}), ("step", {}),
    ("learning-rate", {"learning_rate": "0.25"}), ("step", {}), ("step", {}),
    ("take-back", {}), ("redo", {}), ("take-back", {}), ("step", {"learning_rate": "0.75"}),
    ("step", {}), ("branch", {"branch": "0"}), ("step", {}), ("rewind", {"step": "1"}),
    ("edit", {"value.x1": "0.3"}), ("step", {}), ("step", {}), ("reset", {}), ("forward", {}),
    ("step", {}), ("forget", {}), ("step", {}),
)  # fmt: skip

NEXT, BACK = ("phase", {"to": "next"}), ("phase", {"to": "back"})
# Twice through a step, there and back, across the update, and by leaps.
PHASES: tuple[tuple[str, dict[str, str]], ...] = (
    ("step", {}), ("step", {}), *[NEXT] * 13, *[BACK] * 5, ("phase", {"to": "error"}),
    ("phase", {"to": "gradient:1"}), ("phase", {"to": "finish"}), NEXT, NEXT, ("step", {}), BACK,
    ("phase", {"to": "pre_activation:1"}), ("edit", {"value.w1": "0.3"}), NEXT,
    ("rewind", {"step": "1"}), NEXT, NEXT, ("take-back", {}), ("reset", {}), NEXT,
    ("take-back", {}),
)  # fmt: skip


def shown(page: Page) -> list[Any]:
    """All that a page shows and sends, but for its token, its announcement and its warning.

    Forms with fields of their own have copies of the state, which the script brings up to date.
    """
    written: list[Any] = [page.fields("commands")["version"]]
    _write(page.one("main"), written)
    return written


def _write(element: Element, written: list[Any]) -> None:
    attrs = element.attrs
    if attrs.get("id") in ("said", "notice") or attrs.get("name") in ("version", "op", "whole"):
        return
    written += element.tag, attrs
    for child in element.children:
        if not isinstance(child, str):
            _write(child, written)
        elif text := child.strip():
            written.append(text)
    written.append(">")


VIEWS = (*QUERIES, *(f"frame{query}" for query in FRAMES))
# Every network as it comes, and every view with each second network or so.
MET = [
    (name, query)
    for at, query in enumerate(VIEWS)
    for number, name in enumerate(NETWORKS)
    if not at or (at + number) % 2
]


@pytest.mark.parametrize(("name", "query"), MET)
def test_the_page_after_an_answer_is_the_page_at_that_state(
    client: Client, name: str, query: str
) -> None:
    check_walk(client, name, query, WALK)


@pytest.mark.parametrize(
    ("name", "query"),
    [("mazur-2-2-2", ""), ("mazur-2-2-2", "?open=w5"), ("shared", "?view=present&biases=nodes"),
     ("xor", ""), ("xor", "?sample=2&tab=numbers"), ("shared", ""), ("large", ""),
     ("stuck", ""), ("xor", "frame?controls=phases,step,numbers"),
     ("mazur-2-2-2", "frame?controls=step,panel")],
)  # fmt: skip
def test_the_page_after_a_phase_is_the_page_at_that_phase(
    client: Client, name: str, query: str
) -> None:
    check_walk(client, name, query, PHASES)


def check_walk(
    client: Client, name: str, query: str, walk: Iterable[tuple[str, dict[str, str]]]
) -> None:
    """The page after each answer is the page that is loaded at that state."""
    network = Network(client, {**NETWORKS, "stuck": {"spec": STUCK}}[name])
    path = network.page
    if query.startswith("frame"):
        path, query = f"/embed{path}", query.removeprefix("frame")
    if query in ("?theme=dark&into=o1",) and name in ("xor", "large"):
        query = "?into=o1"
    page = Page(client.get(path + query).text)
    for command, typed in walk:
        sent = {**page.fields("commands"), **typed}
        if "learning_rate" not in typed:
            sent["learning_rate"] = sent["shown_rate"]
        headers = {**HTMX, "HX-Current-URL": f"http://testserver{path}{query}"}
        answer = client.post(f"{path}/{command}{query}", data=sent, headers=headers)
        page.swap(Page(answer.text))
        if "hx-push-url" in answer.headers:
            query = answer.headers["hx-push-url"].partition("?")[2]
            query = f"?{query}" if query else ""
        if answer.status_code != 200:
            continue  # what was typed stays, which a page that is loaded does not know
        assert shown(page) == shown(Page(client.get(path + query).text)), command


def test_a_unit_that_is_stuck_is_marked_while_nothing_else_is_explained(client: Client) -> None:
    network = Network(client, {"spec": STUCK})

    def marked(page: Page) -> list[str]:
        marks = page.all("g", data_mark="!")
        return [one.attrs["aria-label"] for one in marks]

    assert marked(Page(client.get(network.page).text)) == []  # nothing is computed yet
    answer = Page(network.submit("step", htmx=True).text)
    assert marked(answer) == ["h2: dead"] * 2
    assert answer.one(id="obstacles").text.startswith("Dead: h2.")
    assert marked(Page(client.get(network.page).text)) == ["h2: dead"] * 2
    assert marked(Page(network.submit("step", htmx=True).text)) == []  # as before
    assert marked(Page(client.get(f"{network.page}?open=loss").text)) == []


def test_a_step_sends_figures_alone(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    network.submit("step", htmx=True)
    answer = Page(network.submit("step", htmx=True).text)
    targets = {partial.attrs["hx-target"] for partial in answer.all("hx-partial")}
    assert targets == {"#main", "#share", "#notice", "#said"}
    (figures,) = answer.all("hx-partial", hx_swap="figures")
    ids = [figure.attrs["id"] for figure in figures.children if isinstance(figure, Element)]
    assert len(ids) == len(set(ids))
    assert {"version", "headline-step", "loss", "cell-value:w1", "readout"} <= set(ids)


def test_a_phase_sends_what_it_changes(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    network.submit("step", htmx=True)
    network.submit("phase", htmx=True, to="next")
    whole, sizes = len(client.get(network.page).content), []
    for _ in range(8):
        answer = network.submit("phase", htmx=True, to="next")
        sizes.append(len(answer.content))
        targets = {one.attrs["hx-target"] for one in Page(answer.text).all("hx-partial")}
        assert targets.isdisjoint({"#diagram", "#rail", "#numbers", "#unit-rows", "#network"})
    assert max(sizes) < whole / 3
    assert sum(sizes) / len(sizes) < 14_000


def test_a_page_that_shows_a_refusal_is_sent_whole(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    network.submit("step", htmx=True)
    refused = Page(network.submit("learning-rate", htmx=True, learning_rate="x").text)
    assert refused.one("input", id="rate").attrs["aria-invalid"] == "true"
    answer = Page(network.submit("step", htmx=True, whole="1").text)
    assert "aria-invalid" not in answer.one("input", id="rate").attrs
    assert refused.fields("commands")["whole"] == "1"


def test_a_command_answers_with_the_page_whatever_part_htmx_names(client: Client) -> None:
    network = Network(client, {"example": "mazur-2-2-2"})
    sent = {"version": "1", "op": "a.1", "learning_rate": "0.5", "shown_rate": "0.5"}
    answer = client.post(
        f"{network.page}/step", data=sent, headers={**HTMX, "HX-Target": "section#panel"}
    )
    assert answer.status_code == 200
    assert Page(answer.text).one(id="headline-step").text == "Step 1"


@pytest.mark.parametrize("told", [False, True])
def test_what_a_network_gets_stuck_on_is_looked_for_where_it_is_told(told: bool) -> None:
    before = Lab.fresh(EXAMPLES["mazur-2-2-2"].spec).stepped()
    look = ViewOptions(open="" if told else "w5")
    after = before.stepped()
    parts = changed_parts(before, after, look, look, "/networks/x")
    assert ("obstacles" in vars(after)) is told
    # Where it is told there is nothing new; else the panel comes anew with the quantity.
    assert tell_obstacles(parts) is not told
