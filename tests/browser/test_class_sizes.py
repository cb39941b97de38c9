"""What the diagram has of a follower's window and of a projector, at sizes between the usual."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_asking import SMALLEST
from tests.browser.test_class_pages import CUT_OFF, OVERLAP, SIDEWAYS, watching
from tests.browser.test_following import opened
from tests.browser.test_lab import press
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
    if not query:
        press(page, "step")
        expect(follower.locator(".headline .of")).to_be_visible(timeout=30_000)
        follower.set_viewport_size({"width": 360, "height": 740})
        assert follower.locator("#batch").evaluate("e => e.scrollHeight <= e.clientHeight")
        tops = [follower.locator(f".headline {one}").bounding_box() for one in (".step", ".of")]
        assert all(tops)
        assert max(box["y"] for box in tops if box) - min(box["y"] for box in tops if box) < 4


@pytest.mark.parametrize(
    ("example", "lines", "answers"), [("afteracademy-2-2-2", 5, 6), ("han-kamber-3-2-1", 1, 2)]
)
def test_a_question_stands_beside_a_diagram_that_is_whole(
    browser: Browser, page: Page, base: str, watch: Watch, example: str, lines: int, answers: int
) -> None:
    """Answers are as long as the question's lines; what is asked is legible, too."""
    _, network = opened(page, base, f"{base}/examples/{example}")
    projector = browser.new_page(reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    projector.keyboard.press("c")
    page.goto(f"{network}/room")
    page.fill(
        "[name=text]", "Which of these do you expect, and why do you expect it of them? " * lines
    )
    for number in range(1, answers + 1):
        page.fill(f"[name=choice{number}]", f"{number} is the one with the largest input " * lines)
    page.select_option("[name=right]", "2")
    page.click("text=Ask this")
    page.goto(f"{network}?desk=on")
    for stage in ("OPEN", "REVEALED", "gone on"):
        if stage == "REVEALED":
            page.click("#reveal")
        if stage == "gone on":
            page.click("#phase-on")
            expect(projector.locator("#stop-1")).to_have_class("now", timeout=30_000)
        else:
            asked = projector.locator(f"#asked[data-stage={stage}]")
            expect(asked).to_be_visible(timeout=30_000)
        for width, height in ((768, 1024), (1024, 768), (1280, 800), (1366, 768), (1920, 1080)):
            projector.set_viewport_size({"width": width, "height": height})
            about = (stage, width)
            assert projector.evaluate(CUT_OFF) == [], about
            assert not projector.evaluate(OVERLAP, ["#stage", "#asked"]), about
            expect(projector.locator("#diagram .cropped")).to_be_hidden()
            assert asked.evaluate("e => e.scrollHeight <= e.clientHeight"), about
            assert projector.evaluate(SMALLEST) >= 0.0219 * min(height, 0.75 * width), about
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


def test_many_phases_are_whole_and_a_derivation_that_goes_on_below_says_so(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    sample = {"inputs": [0.1, 0.2, 0.3, 0.4], "targets": [1, 0, 0]}
    deep = XOR | {"layers": [4, 8, 8, 3], "activations": ["tanh"] * 3, "samples": [sample]}
    _, network = opened(page, base, created(base, deep))
    projector = browser.new_page(viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    assert projector.locator(".stop").count() == 14
    assert projector.locator(".acts").evaluate("e => e.scrollWidth <= e.clientWidth")
    projector.keyboard.press("Escape")
    expect(projector.locator("#join:not([open])")).to_be_visible()
    expect(projector.locator(":root[data-view=present]")).to_be_attached()
    press(page, "step")
    page.goto(f"{network}?desk=on&open=w1")
    page.click("#desk form button >> text=Show it this one")
    expect(projector.locator("#panel:not([data-open=''])")).to_be_visible(timeout=30_000)
    tab = projector.locator(".side .tab")
    box = tab.bounding_box()
    assert box

    def strip(height: float) -> bytes:
        """A picture of a strip of the card's edge, where no text stands."""
        here = {"x": box["x"] + 4, "y": box["y"] + height, "width": 6.0, "height": 4.0}
        return projector.screenshot(clip=here)  # type: ignore[arg-type]

    plain = strip(box["height"] / 2)
    assert strip(box["height"] - 16) != plain, "a shadow"
    tab.evaluate("e => e.scrollTo(0, e.scrollHeight)")
    assert strip(box["height"] - 16) == plain, "its end is in view"
    projector.set_viewport_size({"width": 1366, "height": 768})
    stage, side = (projector.locator(one).bounding_box() for one in ("#stage", ".side"))
    assert stage
    assert side
    assert stage["x"] + stage["width"] <= side["x"], "the diagram is whole beside it"
    assert stage["height"] > 0.7 * 768
