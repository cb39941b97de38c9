"""What the diagram has of a follower's window and of a projector, at sizes between the usual."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_class_pages import CUT_OFF, SIDEWAYS, watching
from tests.browser.test_following import opened
from tests.support import created

XOR = {
    "layers": [2, 2, 1],
    "activations": ["sigmoid", "sigmoid"],
    "samples": [
        {"inputs": [one, other], "targets": [float(one != other)]}
        for one in (0.0, 1.0)
        for other in (0.0, 1.0)
    ],
    "batch": {"size": 1},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
HEIGHT = "e => e.getBoundingClientRect().height"


@pytest.mark.parametrize("query", ["", "?view=present"])
def test_the_line_about_the_sample_leaves_the_diagram_its_height(
    browser: Browser, page: Page, base: str, watch: Watch, query: str
) -> None:
    opened(page, base, created(base, XOR))
    follower = browser.new_page(reduced_motion="reduce")
    watch.on(follower)
    follower.goto(watching(page, base) + query)
    sizes = ((640, 800), (700, 800), (768, 1024), (800, 600), (1024, 768), (1099, 768))
    for width, height in sizes:
        follower.set_viewport_size({"width": width, "height": height})
        line = follower.locator("#batch").evaluate(HEIGHT)
        assert line < 0.1 * height, (width, line)
        assert follower.locator("#diagram .scroller").evaluate(HEIGHT) > 0.25 * height, width


@pytest.mark.parametrize("example", ["afteracademy-2-2-2", "han-kamber-3-2-1"])
def test_answers_stand_beside_a_diagram_that_is_whole(
    browser: Browser, page: Page, base: str, watch: Watch, example: str
) -> None:
    _, network = opened(page, base, f"{base}/examples/{example}")
    projector = browser.new_page(reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    projector.keyboard.press("c")
    page.goto(f"{network}/room")
    page.fill("[name=text]", "Which of these do you expect, and why do you expect it?")
    for number in range(1, 7):
        page.fill(f"[name=choice{number}]", f"the answer with number {number}")
    page.select_option("[name=right]", "2")
    page.click("text=Ask this")
    page.goto(f"{network}?desk=on")
    page.click("#reveal")
    expect(projector.locator("#asked[data-stage=REVEALED]")).to_be_visible(timeout=30_000)
    for goes_on in (False, True):
        if goes_on:
            page.click("#phase-on")
            expect(projector.locator("#stop-1")).to_have_class("now", timeout=30_000)
        for width, height in ((1024, 768), (1280, 800), (1366, 768), (1920, 1080)):
            projector.set_viewport_size({"width": width, "height": height})
            assert projector.evaluate(CUT_OFF) == [], (width, goes_on)
            shown = projector.locator("#asked").evaluate("e => e.scrollHeight <= e.clientHeight")
            assert shown, (width, goes_on)
            assert projector.evaluate(SIDEWAYS)


def test_a_class_that_is_over_leaves_the_diagram_whole(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    _, network = opened(page, base, f"{base}/examples/han-kamber-3-2-1")
    projector = browser.new_page(reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    page.goto(f"{network}/room")
    page.click("form[action*='/room/end'] button")
    expect(projector.locator("#over")).to_be_visible(timeout=30_000)
    for width, height in ((1024, 768), (1366, 768), (1920, 1080)):
        projector.set_viewport_size({"width": width, "height": height})
        assert projector.evaluate(CUT_OFF) == [], width


def test_the_rail_of_many_phases_is_whole(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    sample = {"inputs": [0.1, 0.2, 0.3, 0.4], "targets": [1, 0, 0]}
    deep = XOR | {"layers": [4, 8, 8, 3], "activations": ["tanh"] * 3, "samples": [sample]}
    opened(page, base, created(base, deep))
    projector = browser.new_page(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    assert projector.locator(".stop").count() == 14
    assert projector.locator(".acts").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_derivation_that_goes_on_below_says_so(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    _, network = opened(page, base)
    projector = browser.new_page(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    page.goto(f"{network}?desk=on")
    page.dispatch_event("#network a[data-part] >> nth=3", "click")
    expect(projector.locator("#panel:not([data-open=''])")).to_be_visible(timeout=30_000)
    tab = projector.locator(".side .tab")
    assert tab.evaluate("e => e.scrollHeight > e.clientHeight")
    shadow = tab.evaluate("e => getComputedStyle(e).backgroundAttachment")
    assert shadow == "local, scroll", "what hides the shadow goes with the text"
