"""Each example's page of printed values."""

import pytest

from app.lab.examples import EXAMPLES
from tests.web.support import Client, Element, Network, Page


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_printed_value_stands_there(client: Client, slug: str) -> None:
    page = Page(client.get(f"/examples/{slug}/published").text)
    for row in EXAMPLES[slug].published:
        cells = page.one("tr", id=row.key)
        assert row.printed in cells.text.replace(" ", " ")
        assert row.exact_text in cells.text
        assert row.verdict in cells.text
    assert client.head(f"/examples/{slug}/published").status_code == 200


@pytest.mark.parametrize("slug", EXAMPLES)
def test_each_leads_to_its_number_as_computed(client: Client, slug: str) -> None:
    page = Page(client.get(f"/examples/{slug}/published").text)
    rows = [row for row in EXAMPLES[slug].published if row.quantity and row.is_number]
    assert rows
    for row in rows:
        (link,) = [a for a in page.one("tr", id=row.key).walk() if a.tag == "a"]
        panel = Page(client.get(link.attrs["href"]).text).one(id="panel")
        assert row.quantity
        value = float(panel_value(panel)) * (-1 if row.negated else 1)
        assert value == pytest.approx(row.exact, rel=1e-9)
        assert row.printed in panel.text, "told where it stands"


def panel_value(panel: Element) -> str:
    (answer,) = [one for one in panel.walk() if one.attrs.get("id") == "answer"]
    return answer.attrs["value"]


def test_an_unknown_example_is_not_found(client: Client) -> None:
    assert client.get("/examples/nothing/published").status_code == 404


def test_a_printed_value_is_told_where_its_number_stands(client: Client) -> None:
    network = Network(client, {"example": "afteracademy-2-2-2"})
    network.do("forward")
    panel = Page(client.get(f"{network.page}?open=net:o1").text).one(id="panel")
    assert "0.794609" in panel.text
    assert "wrong" in panel.text
    network.do("edit", {"weights": {"w5": 0.9}})
    panel = Page(client.get(f"{network.page}?open=net:o1").text).one(id="panel")
    assert "0.794609" not in panel.text, "another network than the article's"


def test_nothing_printed_is_told_before_it_is_computed(client: Client) -> None:
    network = Network(client, {"example": "afteracademy-2-2-2"})
    assert "0.794609" not in client.get(f"{network.page}?open=net:o1").text
