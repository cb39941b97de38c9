"""The lesson in a browser: what is tried live, and what fits its page."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_accessibility import COLOURS, assert_axe_finds_nothing

SIZES = [(360, 740), (768, 1024), (1024, 700), (1366, 768), (1920, 1080)]

# Texts of sentences and tables, in CSS pixels; diagrams and formulas scale their own.
SMALLEST_TEXT = """() => {
  const walker = document.createTreeWalker(document.querySelector('#lesson'), NodeFilter.SHOW_TEXT);
  let least = 99;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility()) continue;
    if (parent.closest('svg, math, sub')) continue;
    least = Math.min(least, parseFloat(getComputedStyle(parent).fontSize));
  }
  return least;
}"""
WIDE = """() => [...document.querySelectorAll('#lesson :is(p, table, .eq, input, button, pre)')]
  .filter(e => e.checkVisibility() && !e.closest('.scroller')
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """() =>
  [...document.querySelectorAll('#lesson :is(input, button, summary, .button)')]
  .map(e => e.getBoundingClientRect())
  .filter(box => box.width && Math.min(box.width, box.height) < 24).length"""


def test_a_rate_that_is_too_large_is_tried_live(page: Page, base: str, watch: Watch) -> None:
    page.goto(f"{base}/lesson")
    said = page.locator("#rate-said")
    expect(said).to_contain_text("With η = 80, step 1 makes the error rise")
    rate = page.locator("#f-other_rate")
    rate.fill("10")
    rate.press("Enter")
    expect(said).to_contain_text("With η = 10, the error does not rise")
    expect(page).to_have_url(re.compile("other_rate=10"))
    expect(rate).to_have_value("10")
    rate.fill("x")
    page.click("#rate .try button")
    expect(page.locator("#w-other_rate")).to_contain_text("must be a number")
    expect(rate).to_have_value("x")
    # Chromium logs the answer 422, which is wanted.
    watch.errors.clear()


def test_it_fits_its_page(page: Page, base: str) -> None:
    page.goto(f"{base}/lesson")
    page.click("#library summary")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDE) == [], width
        assert page.evaluate(SMALLEST_TEXT) >= 12, width
        assert page.evaluate(SMALL_TARGETS) == 0, width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_whole_lesson(page: Page, base: str, theme: str) -> None:
    page.goto(f"{base}/lesson?theme={theme}")
    page.click("#library summary")
    assert_axe_finds_nothing(page, COLOURS if theme == "dark" else None)


def test_it_works_without_scripts(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/lesson")
    page.fill("#f-other_rate", "100")
    page.click("#rate .try button")
    assert "With η = 100, step 1 makes the error rise" in page.inner_text("#rate-said")
    context.close()
