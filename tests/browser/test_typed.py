"""What is typed in the tables counts for whatever is computed next; what is open stays as it is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_lab import press


def value(page: Page, name: str) -> str:
    """What the field of a number holds."""
    return page.input_value(f'#numbers input[name="value.{name}"]')


def typed(page: Page, base: str, name: str, text: str) -> None:
    page.goto(f"{base}/?edit=on")
    press(page, "forward")
    page.fill(f'#numbers input[name="value.{name}"]', text)


@pytest.mark.parametrize("button", ["step", "phase-on", "forward"])
def test_an_input_that_is_typed_counts_for_the_next_button(
    page: Page, base: str, button: str
) -> None:
    typed(page, base, "x1", "0.37")
    press(page, button)
    assert value(page, "x1") == "0.37"
    page.reload()
    assert value(page, "x1") == "0.37"
    expect(page.locator("#network .of-input, #a-node-0-0")).to_have_text("0.37")


def test_a_weight_that_is_typed_counts_for_a_step(page: Page, base: str) -> None:
    typed(page, base, "w1", "9")
    press(page, "step")
    expect(page.locator("#v-edge-0-0-1-0")).to_have_text("9.0000")


def test_a_run_takes_what_is_typed(page: Page, base: str) -> None:
    typed(page, base, "x1", "0.37")
    page.fill("#run-count", "3")
    press(page, "run-go")
    page.wait_for_function("() => !document.querySelector('#run[data-running]')")
    page.reload()
    assert value(page, "x1") == "0.37"


def test_what_cannot_be_a_number_is_told_and_stops_the_step(
    page: Page, base: str, watch: Watch
) -> None:
    typed(page, base, "x1", "abc")
    press(page, "step")
    expect(page.locator("#notice")).to_contain_text("x1")
    assert value(page, "x1") == "abc"
    expect(page.locator("#headline-step")).to_have_text("Step 0")
    watch.errors.clear()


def test_what_was_closed_stays_closed_and_what_is_open_stays_open(page: Page, base: str) -> None:
    page.goto(f"{base}/?open=w1")
    press(page, "step")
    page.click("#panel .close")
    expect(page.locator("#panel.idle")).to_be_visible()
    page.click("#tab-numbers")
    page.click("#edit-values")
    expect(page.locator("#form-edit #apply")).to_be_visible()
    expect(page).not_to_have_url(re.compile("open="))
    page.click("#network #edge-1-0-2-0 .row")
    expect(page.locator("#panel")).to_have_attribute("data-open", "w5")
    page.click("#tab-numbers")
    expect(page.locator("#form-edit #apply")).to_be_visible()
    expect(page.locator("#panel")).to_have_attribute("data-open", "w5")


def test_the_ways_through_the_site_follow_the_options(page: Page, base: str) -> None:
    page.goto(base)
    page.click("#more > summary")
    page.click("#view summary")
    page.click('#view a[href*="digits=8"]')
    expect(page.locator("#numbers.long")).to_have_count(1)
    assert "digits=8" in (page.get_attribute("#site nav a >> nth=1", "href") or "")
    assert page.get_attribute("#site nav a >> nth=0", "aria-current") == "page"
    assert "digits=8" in (page.get_attribute("#picker a >> nth=1", "href") or "")
