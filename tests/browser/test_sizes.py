"""Large networks and many samples in a real browser: unfolding, choosing, stepping, keyboard."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import look, press, strike
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import OVERLAPS, STILL, assert_axe_finds_nothing
from tests.support import created
from tests.web.pages.test_large_networks import spec_of


def create(base: str, layers: list[int], samples: int = 1, size: Any = "full") -> str:
    """The address of a new network."""
    return created(base, spec_of(*layers, samples=samples, size=size))


def test_a_16_16_16_16_network_is_stepped_explained_and_walked_by_keyboard(
    page: Page, base: str
) -> None:
    page.goto(create(base, [16, 16, 16, 16]) + "?unfold=0-1-2-3")
    assert page.locator("#network .edges a").count() == 768
    before = page.locator("#numbers").inner_text()
    press(page, "#step")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    assert page.locator("#numbers").inner_text() != before
    assert page.locator("#network .edges a").count() == 768
    page.focus("#node-0-0")
    seen = []
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.id"))
    assert [one.partition("-")[0] for one in seen] == ["edge", "edge", "delta", "node", "edge"]
    strike(page, "Enter", "GET")
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w")
    assert page.evaluate("document.activeElement.id") == seen[-1]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "value-field"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == seen[-1]


def test_a_table_in_parts_is_chosen_edited_and_left_as_it_is_by_steps(
    page: Page, base: str
) -> None:
    page.goto(create(base, [16, 16, 16, 16]) + "?edit=on")
    assert page.locator("#into").evaluate("e => e.selectedIndex") == 0
    look(page, "#into-after")
    assert page.locator("#into").evaluate("e => e.selectedIndex") == 1
    page.select_option("#into", index=20)
    look(page, "#chooser button")
    unit = page.locator("#into").input_value()
    expect(page).to_have_url(re.compile(f"into={unit}"))
    field = page.locator('#numbers [name^="value.w"]').first
    name = field.get_attribute("name")
    field.fill("0.125")
    press(page, "#apply")
    expect(page.locator(f'#numbers [name="{name}"]')).to_have_value("0.125")
    press(page, "#step")
    assert page.locator("#into").input_value() == unit


def test_a_fold_unfolds_by_keyboard_and_folds_again(page: Page, base: str) -> None:
    page.goto(create(base, [2, 35, 1]))
    press(page, "#step")
    page.focus("#node-1-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "fold-1"
    assert page.locator("[id^=node-1-]").count() == 4
    for count, word in ((35, "Showing all units of the layer of 35 units"), (4, "Large layers")):
        strike(page, "Enter", "GET")
        assert page.locator("[id^=node-1-]").count() == count
        expect(page.locator("#said")).to_contain_text(word)
        assert page.evaluate("document.activeElement.id") == "fold-1"
    look(page, "#tab-numbers")
    look(page, "#row-node-1-19 td a")
    expect(page.locator("#panel h2")).to_contain_text("h20")
    expect(page.locator('#marks .m-self[data-part="fold-1"]')).to_have_count(1)
    look(page, "#fold-1")
    expect(page.locator('#marks .m-self[data-part="node-1-19"]')).to_have_count(1)


def test_a_sample_is_chosen_by_number_and_by_neighbour(page: Page, base: str) -> None:
    page.goto(create(base, [2, 2, 1], samples=10, size=4))
    press(page, "#step")
    loss = page.locator("#loss").inner_text()
    look(page, "#sample-after")
    expect(page.locator("#sample")).to_have_value("2")
    expect(page.locator("#said")).to_contain_text("Showing sample 2 of 10")
    page.fill("#sample", "9")
    strike(page, "Enter", "GET")
    expect(page).to_have_url(re.compile("sample=9"))
    expect(page.locator("#batch")).to_contain_text("not in this step’s batch (1–4)")
    assert page.locator("#network .delta").count() == 0
    assert page.locator("#loss").inner_text() == loss
    press(page, "#step")
    expect(page.locator("#sample")).to_have_value("5")
    expect(page).not_to_have_url(re.compile("sample="))
    expect(page.locator("#batch")).to_contain_text("epoch 1, batch 2 of 3")
    page.go_back()
    expect(page.locator("#sample")).to_have_value("9")


def test_without_javascript_samples_and_folds_are_chosen_too(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(create(base, [2, 35, 1], samples=5))
    page.fill("#sample", "4")
    page.click("#samples button")
    assert page.locator("#sample").get_attribute("value") == "4"
    page.locator("#fold-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[id^=node-1-]")).to_have_count(35)
    assert page.locator("#sample").get_attribute("value") == "4"
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1366])
def test_large_pictures_are_clean(
    browser: Browser, base: str, watch: Watch, theme: str, width: int
) -> None:
    dark = "dark" if theme == "dark" else "light"
    context = browser.new_context(
        reduced_motion="reduce",
        viewport={"width": width, "height": 768},
        color_scheme=dark,  # type: ignore[arg-type]
    )
    page = context.new_page()
    watch.on(page)
    for layers, query in (([2, 35, 3], "?sample=2&open=h20"), ([16, 4, 18], "?unfold=2&edit=on")):
        page.goto(create(base, layers, samples=3, size=2) + query)
        press(page, "#step")
        page.wait_for_function(STILL)
        assert_axe_finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPS) == []
    context.close()


@pytest.mark.parametrize("layers", [[2, 3, 3], [2, 4, 1], [4, 8, 3], [16, 16, 16], [1, 10]])
def test_ordinary_pictures_do_not_scroll_at_laptop_size(
    page: Page, base: str, layers: list[int]
) -> None:
    page.goto(create(base, layers))
    press(page, "#step")
    wide = "e => e.scrollWidth > e.clientWidth + 1"
    assert not page.locator("#diagram .scroller").evaluate(wide)
    assert page.evaluate(OVERLAPS) == []
