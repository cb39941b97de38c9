"""The lesson: every number live, wrong ones explained, nothing stored."""

import pytest

from app.explain.rounding import number
from app.lab.edits import Edit, named_edit
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.settings import Settings
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
    assert [h.text[:2] for h in page.all("h2")] == [f"{n}." for n in range(1, 10)]
    text = page.root.text
    for said in ("0.794609", "falls below 0.1 after 20 steps", "0.233453", "0.225433"):
        assert said in text


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
    ],
)
def test_wrong_numbers_are_explained(client: Client, query: str, field: str) -> None:
    page = lesson(client, f"?{query}", 422)
    assert page.all(role="alert")
    if field in ("x1", "y1", "layers"):
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


def test_the_count_grows(client: Client) -> None:
    assert "25,440" not in lesson(client).one(id="why").text
    text = lesson(client, "?layers=784-30-10").one(id="why").text
    assert "23860" in text.replace(",", "")


def test_the_lesson_stores_nothing(settings: Settings) -> None:
    store = Watched(settings.data_dir, ttl_seconds=60, max_networks=5)
    with browse(settings, store) as client:
        lesson(client, "?value.x1=0.3&moves=5")
        assert "set-cookie" not in client.get("/lesson").headers
        assert client.head("/lesson").status_code == 200
    assert store.writes == 0
