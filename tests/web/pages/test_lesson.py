"""The lesson: every number live, wrong ones explained, nothing stored."""

import math

import pytest

from app.engine.activations import ACTIVATIONS
from app.explain.evaluation import evaluate
from app.explain.expression import Constant, parse
from app.explain.rounding import number
from app.lab.edits import Edit, named_edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.settings import Settings
from app.views.lesson.lesson import SLOPE_OF_SIGMOID
from tests.web.support import Client, Page, Watched, browse


def lesson(client: Client, query: str = "", status: int = 200) -> Page:
    answer = client.get(f"/lesson{query}")
    assert answer.status_code == status, answer.text[:300]
    page = Page(answer.text)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    return page


def test_the_articles_own_numbers(client: Client) -> None:
    page = lesson(client)
    assert [h.text.partition(" ")[0] for h in page.all("h2")] == [f"{n}." for n in range(1, 12)]
    links = [a.attrs["href"] for a in page.one("nav", class_="contents").walk() if a.tag == "a"]
    assert links == [f"#{section.attrs['id']}" for section in page.all("section")]
    text = page.root.text
    for said in (
        "0.2182 + 0.126409 + 0.45 = 0.794609", "drops below 0.1 after 20 steps", "0.233453",
        "0.225433", "86 billion", "trillions", "greedy", "logistic regression", "0.249655",
        "far too modest", "net input of h1", "which is 0.0478", "times w7, −0.0185", "0.2102",
    ):  # fmt: skip
        assert said in text, said


def test_another_input_changes_the_arithmetic(client: Client) -> None:
    query = "?value.x1=0.7&value.w5=-0.3&learning_rate=0.25"
    page = lesson(client, query)
    spec = EXAMPLES["afteracademy-2-2-2"].spec
    lab = Lab.fresh(spec).edited(named_edit(spec, 0, {"x1": 0.7, "w5": -0.3}))
    trace = lab.edited(Edit(learning_rate=0.25)).onward
    text = page.root.text
    assert number(trace.forward.loss, 6) in text
    assert number(trace.loss_after, 6) in text
    assert number(float(trace.gradients.weights[0][0, 0])) in text
    assert "0.794609" not in text, "the article's slips are told with its own numbers only"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("value.x1=abc", "x1"),
        ("value.w9=1", "w9"),
        ("value.x1=1e9", "x1"),
        ("value.y1=nan", "y1"),
        ("learning_rate=-1", "learning rate"),
        ("moves=99", "moves"),
        ("moves=x", "moves"),
        ("layers=2", "layers"),
        ("layers=2-x", "layers"),
        ("layers=99999-2", "layers"),
        ("other_rate=-1", "other_rate"),
        ("other_rate=x", "other_rate"),
    ],
)
def test_wrong_numbers_are_explained(client: Client, query: str, field: str) -> None:
    page = lesson(client, f"?{query}", 422)
    assert page.all(role="alert")
    if field in ("x1", "y1", "layers", "other_rate"):
        wrong = page.one("input", aria_invalid="true")
        typed = query.partition("=")[2]
        assert wrong.attrs["value"] == typed
        assert page.one(id=wrong.attrs["aria-describedby"]).text


def test_one_wrong_number_leaves_the_others(client: Client) -> None:
    page = lesson(
        client, "?value.x1=0.7&value.w5=abc&value.w6=1e9&learning_rate=0.25&moves=99", 422
    )
    wrong = {field.attrs["name"]: field.attrs["value"] for field in page.all(aria_invalid="true")}
    assert wrong == {"value.w5": "abc", "value.w6": "1e9"}
    assert page.one("input", name="value.x1").attrs["value"] == "0.7"
    assert page.one("input", name="learning_rate").attrs["value"] == "0.25"
    assert "20" in page.one(role="alert").text, "what no field says is said above them"
    spec = EXAMPLES["afteracademy-2-2-2"].spec
    lab = Lab.fresh(spec).edited(named_edit(spec, 0, {"x1": 0.7})).edited(Edit(learning_rate=0.25))
    assert number(lab.onward.loss_after, 6) in page.root.text


def test_moves_are_played_and_taken_back(client: Client) -> None:
    five = lesson(client, "?moves=5").one("table", class_="games").text
    four = lesson(client, "?moves=4").one("table", class_="games").text
    assert five.startswith(four)


def test_only_weights_that_learn_are_counted(client: Client) -> None:
    cells = [cell.text for cell in lesson(client).one(id="why").walk() if cell.tag == "td"]
    assert cells == ["8", "9", "72", "20", "3.6 times fewer"]
    text = lesson(client, "?layers=784-30-10").one(id="why").text
    assert "23,821" in text
    assert "11,836.0 times fewer" in text


def rates(page: Page) -> list[list[str]]:
    table = page.one("table", class_="rates")
    rows = [row for row in table.walk() if row.tag == "tr"][1:]
    return [[cell.text for cell in row.walk() if cell.tag == "td"] for row in rows]


def test_a_learning_rate_that_is_too_large_makes_the_error_rise(client: Client) -> None:
    page = lesson(client)
    (before, _), *rest = rates(page)
    assert float(rest[0][1]) > float(before) > float(rest[0][0])
    assert f"makes the error rise from {before} to {rest[0][1]}" in page.one(id="rate-said").text
    calm = lesson(client, "?other_rate=10&learning_rate=0.25")
    falling = [float(row[1]) for row in rates(calm)]
    assert falling == sorted(falling, reverse=True)
    assert "does not rise in these steps. Try 80." in calm.one(id="rate-said").text
    assert "E with η = 0.25" in calm.one("table", class_="rates").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?learning_rate=20", "drops below 0.1 after one step, to "),
        ("?value.y1=0.7&value.y2=0.74", "is below 0.1 from the start: "),
        ("?learning_rate=0", "is still 0.233453 after 2,000 steps."),
        ("?learning_rate=0.008", "drops below 0.1 after 1,2"),
    ],
)
def test_how_many_steps_it_takes(client: Client, query: str, said: str) -> None:
    page = lesson(client, query)
    assert said in page.one(id="together").text
    assert "The article promises" not in page.root.text


def test_the_sigmoids_slope_is_derived(client: Client) -> None:
    z = 0.8446807724132521
    names = {"z": Constant(z), "a": Constant(1 / (1 + math.exp(-z)))}
    steps = [evaluate(parse(text, names)) for text in SLOPE_OF_SIGMOID]
    assert steps == pytest.approx([evaluate(parse(ACTIVATIONS["sigmoid"].slope, names))] * 2)
    slope = lesson(client).one(class_="slope")
    assert [line.text for line in slope.walk() if line.tag == "div"][-1].endswith("≈0.2102")


def test_the_program_is_the_one_that_the_lab_exports(client: Client) -> None:
    whole = client.get("/examples/afteracademy-2-2-2/export/code?language=pytorch").text
    page = lesson(client)
    part, program = (code.text for code in page.all("code"))
    assert " ".join(whole.split()) == program
    assert part in program
    assert ".backward()" in part
    other = lesson(client, "?value.w5=-0.3").all("code")[1].text
    assert "[-0.3, 0.2]" in other


def test_the_lesson_stores_nothing(settings: Settings) -> None:
    store = Watched(settings.data_dir, ttl_seconds=60, max_networks=5)
    with browse(settings, store) as client:
        lesson(client, "?value.x1=0.3&moves=5")
        assert "set-cookie" not in client.get("/lesson").headers
        assert client.head("/lesson").status_code == 200
    assert store.writes == 0
