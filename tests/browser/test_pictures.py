"""XOR in pictures: they open, follow the steps, and can be read by everyone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import look, press
from tests.browser.test_accessibility import assert_axe_finds_nothing_in_either_theme
from tests.browser.test_diagram import is_whole
from tests.support import created

XOR = {
    "layers": [2, 3, 1],
    "activations": ["tanh", "sigmoid"],
    "loss": "binary_cross_entropy",
    "batch": {"size": "full", "reduction": "mean"},
    "data": {"name": "xor"},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
IRIS = {
    "layers": [4, 3, 3],
    "activations": ["relu", "softmax"],
    "loss": "softmax_cross_entropy",
    "batch": {"size": "full", "reduction": "mean"},
    "data": {"name": "iris", "test_share": 0.2, "standardise": True},
}


def test_xor_is_seen_being_learnt(page: Page, base: str) -> None:
    page.goto(f"{created(base, XOR)}?tab=charts")
    height = page.locator(".scene").bounding_box()
    expect(page.locator("#pictures .boundary")).to_have_count(0)
    press(page, "#forward")
    assert page.locator(".scene").bounding_box() == height, "nothing jumps"
    boundary = page.locator(".scene .boundary")
    before = boundary.get_attribute("d")
    unit = page.locator(".units .rise").first.get_attribute("d")
    press(page, "#step")
    assert boundary.get_attribute("d") != before
    assert page.locator(".units .rise").first.get_attribute("d") != unit
    assert boundary.evaluate("e => e.getBBox().width") > 0, "it is drawn, not only there"
    look(page, "#pictures-loss")
    expect(page.locator("#pictures polyline").first).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "pictures-loss"
    expect(page).to_have_url(re.compile("pictures=loss"))
    press(page, "#step")
    points = page.locator("#pictures polyline").first.get_attribute("points") or ""
    assert len(points.split()) == 3
    look(page, "#pictures-regions")
    look(page, ".units a >> nth=1")
    expect(page.locator("#panel")).to_contain_text("h2")


def test_other_inputs_are_chosen_without_losing_the_look(page: Page, base: str) -> None:
    page.goto(f"{created(base, IRIS)}?digits=6&tab=charts")
    press(page, "#step")
    page.select_option("#plane-across", "x4")
    page.select_option("#plane-up", "x3")
    look(page, "#plane button")
    expect(page).to_have_url(re.compile("across=x4"))
    expect(page).to_have_url(re.compile("digits=6"))
    expect(page.locator(".scene .title").first).to_contain_text("petal width")
    press(page, "#step")
    expect(page.locator(".scene .title").first).to_contain_text("petal width")


def test_axe_finds_nothing_in_pictures_and_a_phone_shows_them(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    address = created(base, IRIS)
    page.goto(address)
    assert_axe_finds_nothing_in_either_theme(page)
    press(page, "#step")
    for shown in ("regions", "loss", "distributions"):
        page.goto(f"{address}?pictures={shown}")
        assert_axe_finds_nothing_in_either_theme(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("loss", ["mean_squared_error", "mean_absolute_error"])
def test_the_scores_by_another_loss_fit_the_panel(page: Page, base: str, loss: str) -> None:
    page.goto(f"{created(base, IRIS)}?tab=charts&pictures=loss")
    press(page, "#step")
    for width in (1366, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(f"{page.url.partition('?')[0]}?tab=charts&pictures=loss&watch={loss}")
        table, panel = (
            page.locator(part).bounding_box() for part in ("#pictures .scores", "#pictures")
        )
        assert table is not None
        assert panel is not None
        assert table["x"] + table["width"] <= panel["x"] + panel["width"] + 0.5, width
        expect(page.locator("#pictures .scores")).to_contain_text("of 120)")


def test_a_sample_of_a_table_takes_three_lines_on_a_phone(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(created(base, {**IRIS, "batch": {"size": 10, "reduction": "mean"}}))
    press(page, "#step")
    assert page.locator("#batch").evaluate("one => one.getBoundingClientRect().height") < 52
    assert is_whole(page)
    said = page.locator("#said")
    expect(said).to_contain_text("this batch’s error")
    assert said.evaluate("one => one.scrollHeight - one.clientHeight") <= 1, "it is cut"
