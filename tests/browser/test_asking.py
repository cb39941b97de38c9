"""A class is asked: a teacher, a projector, a phone, and a phone without JavaScript."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_accessibility import assert_axe_finds_nothing
from tests.browser.test_following import opened
from tests.browser.test_lab import press

SMALLEST = """() => Math.min(...[...document.querySelectorAll('#asked *, #answered')]
  .filter(one => one.checkVisibility() && !one.closest('.visually-hidden') && one.innerText?.trim())
  .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"


def assert_large_buttons(phone: Page) -> None:
    """What is pressed on a phone is as large as a finger, and nothing is cut off."""
    for box in [one.bounding_box() for one in phone.locator("#asked button").all()]:
        assert box
        assert min(box["width"], box["height"]) >= 44
    assert phone.evaluate(SIDEWAYS)


def test_a_class_is_asked(browser: Browser, page: Page, base: str, watch: Watch) -> None:
    _, network = opened(page, base)
    first = page.locator("#desk a").first
    expect(page.locator("#desk .code")).to_be_visible()
    watching = base + (first.get_attribute("href") or "").partition("?")[0]
    projector = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    phone = browser.new_page(
        reduced_motion="reduce", viewport={"width": 360, "height": 740}, color_scheme="dark"
    )
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    for one in (projector, phone):
        watch.on(one)
    projector.goto(f"{watching}?view=present")
    projector.keyboard.press("c")
    phone.goto(watching)
    plain.goto(watching)

    # A proposal: which way a weight goes.
    page.click("#ask summary")
    page.click("#proposals button >> text=w5")
    asked = "Which way will w5 go in this step?"
    for one in (projector, phone):
        expect(one.locator("#asked h2")).to_have_text(asked, timeout=30_000)
    expect(page.locator("#desk .question b").first).to_have_text(asked)
    assert_large_buttons(phone)
    plain.click("#toolbar a")
    plain.click("#asked button >> text=up")
    expect(plain.locator("#own-answer b")).to_have_text("Your answer: up.")
    phone.click("#asked button >> text=up")
    expect(phone.locator("#own-answer b")).to_have_text("Your answer: up.")
    phone.click("#asked button >> text=down")
    expect(phone.locator("#own-answer b")).to_have_text("Your answer: down.")
    expect(phone.locator("#own-answer .while-open")).to_be_visible()
    expect(phone.locator("#asked [aria-pressed=true]")).to_have_text("down")
    phone.reload()
    expect(phone.locator("#own-answer b")).to_have_text("Your answer: down.")
    expect(phone.locator("#asked [aria-pressed=true]")).to_have_text("down")
    expect(projector.locator("#answered")).to_have_text("2 have answered", timeout=30_000)
    expect(projector.locator(".histogram")).to_have_count(0)
    expect(page.locator("#desk .question")).to_contain_text("2 have answered", timeout=30_000)
    assert projector.evaluate(SMALLEST) >= 0.022 * 800
    for one in (page, projector, phone):
        assert_axe_finds_nothing(one)

    page.click("#stage-form button >> text=Close")
    for one in (projector, phone):
        expect(one.locator(".histogram tbody tr")).to_have_count(3, timeout=30_000)
        expect(one.locator(".histogram")).not_to_contain_text("right")
    expect(phone.locator("#own-answer .while-open")).to_be_hidden()
    page.click("#stage-form button >> text=Reveal")
    for one in (projector, phone):
        expect(one.locator(".histogram .right")).to_have_text(
            re.compile("down.*1.*✓ right"), timeout=30_000
        )
    assert projector.evaluate(SMALLEST) >= 0.022 * 800
    for one in (page, projector, phone):
        assert_axe_finds_nothing(one)
        assert one.evaluate(SIDEWAYS)
    page.click(".question button.primary")
    page.wait_for_url(f"{network}?desk=on")
    for one in (projector, phone):
        expect(one.locator("#headline-step")).to_have_text("Step 1", timeout=30_000)

    # A number: what somebody types outlives the teacher's clicks; a slip has a name.
    page.click("#ask summary")
    page.fill("[name=about]", "delta:o1")
    page.click("text=Ask for it")
    expect(phone.locator("#your-number")).to_be_visible(timeout=30_000)
    expect(phone.locator("#own-answer")).to_have_text("")
    phone.fill("#your-number", "−0,1")
    press(page, "phase-on")
    expect(phone.locator("#asked-moved")).to_have_text(
        "The network has moved on since.", timeout=30_000
    )
    expect(phone.locator("#your-number")).to_have_value("−0,1")
    phone.press("#your-number", "Enter")
    expect(phone.locator("#own-answer b")).to_have_text("Your answer: −0,1.")
    phone.fill("#your-number", "1,234")
    phone.press("#your-number", "Enter")
    expect(phone.locator("#wrong")).to_contain_text("1.234 or 1234")
    expect(phone.locator("#your-number")).to_have_value("1,234")
    phone.fill("#your-number", "−0.1401")
    phone.press("#your-number", "Enter")
    expect(phone.locator("#own-answer b")).to_have_text("Your answer: −0.1401.")
    page.click("#stage-form button >> text=Reveal")
    expect(projector.locator(".histogram")).to_contain_text("a minus sign too many", timeout=30_000)
    for one in (page, projector, phone):
        assert_axe_finds_nothing(one)
    assert [error for error in watch.errors if "422" not in error] == []
    watch.errors.clear()  # Chromium logs every 422
    page.goto(f"{network}/room")
    assert_axe_finds_nothing(page)
    context.close()
