"""axe-core on every page, in every phase, light and dark; and what axe cannot see."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, expect

from app.lab.examples import EXAMPLES
from tests.browser.conftest import Watch
from tests.browser.test_lab import press

SIZES = {"phone": (360, 740), "laptop": (1366, 768), "projector": (1920, 1080)}


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that ask for colours: the others find in one theme what they find in the other."""

VIOLATIONS = """only => axe.run({resultTypes: ["violations"], ...(only && {runOnly: only})})
  .then(({violations}) => ({violations}))"""
"""What axe finds, without the long list of what is as it should be."""


def assert_axe_finds_nothing(page: Page, only: list[str] | None = None) -> None:
    """Fail with axe's own report of what it finds, by all rules or only by these."""
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE_SCRIPT)
    results = AxeResults(page.evaluate(VIOLATIONS, only))
    assert results.violations_count == 0, results.generate_report()


def assert_axe_finds_nothing_in_either_theme(page: Page) -> None:
    """Look at a page that follows the system's theme twice: all rules, then colours in the dark."""
    assert_axe_finds_nothing(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(STILL)
    assert_axe_finds_nothing(page, COLOURS)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(STILL)


@pytest.fixture
def ordinary(browser: Browser, watch: Watch) -> Page:
    """A watched page of the usual size, in the light theme."""
    page = browser.new_page(reduced_motion="reduce")
    watch.on(page)
    return page


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_axe_finds_nothing_in_any_phase(ordinary: Page, base: str, slug: str) -> None:
    page = ordinary
    page.goto(f"{base}/examples/{slug}")
    assert_axe_finds_nothing_in_either_theme(page)
    for button in ("forward", "step"):
        press(page, button)
        page.wait_for_function(STILL)
        assert_axe_finds_nothing_in_either_theme(page)
    page.click("#more > summary")
    page.click("#view summary")
    assert_axe_finds_nothing_in_either_theme(page)


def test_axe_finds_nothing_in_a_walk(ordinary: Page, base: str) -> None:
    page = ordinary
    page.goto(base)
    for _ in range(10):
        press(page, "phase-on")
        page.wait_for_function(STILL)
        assert_axe_finds_nothing_in_either_theme(page)
    for query in (
        "?open=w1",
        "?open=loss",
        "?open=conventions",
        "?edit=on",
        "?check=on",
        "?tab=charts",
        "?tab=data",
    ):
        page.goto(page.url.partition("?")[0] + query + "&digits=8&scale=log")
        page.wait_for_function(STILL)
        assert_axe_finds_nothing_in_either_theme(page)


LONG = ("/lesson", "/lesson?value.x1=a", "/examples/mazur-2-2-2/export/worksheet")
"""Pages of thousands of elements are looked at once."""


@pytest.mark.parametrize(
    "path",
    [
        "/examples",
        "/networks/unknown",
        "/examples/afteracademy-2-2-2/published",
        "/lesson",
        "/lesson?value.x1=a",
        "/import",
        "/privacy",
        "/examples/mazur-2-2-2/export/worksheet",
        "/examples/mazur-2-2-2/share",
        "/embed/examples/mazur-2-2-2",
    ],
)
def test_axe_finds_nothing_on_other_pages(page: Page, base: str, watch: Watch, path: str) -> None:
    page.goto(base + path)
    assert_axe_finds_nothing(page)
    if path not in LONG:
        page.set_viewport_size({"width": 360, "height": 740})
        page.emulate_media(color_scheme="dark")
        assert_axe_finds_nothing(page)
    watch.errors.clear()


@pytest.mark.parametrize("slug", list(EXAMPLES))
def test_the_page_never_scrolls_sideways_and_no_text_overlaps(
    page: Page, base: str, slug: str
) -> None:
    page.goto(f"{base}/examples/{slug}")
    for _ in range(2):
        press(page, "step")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(STILL)  # tags grow to their new texts
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OVERLAPS) == [], size
            assert page.evaluate(TABLE_OVERFLOWS) == [], size


STILL = "() => document.getAnimations().every(one => one.playState !== 'running')"

# Texts of the picture that cover one another, and texts wider than the box they stand in.
OVERLAPS = """() => {
  const texts = [...document.querySelectorAll('#network text')];
  const boxes = texts.map(t => t.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i], b = boxes[j];
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 5) found.push([texts[i].textContent, texts[j].textContent, x, y]);
    }
  }
  const boxed = '#network :is(.tag, .own-bias, .delta):has(rect)';
  for (const group of document.querySelectorAll(boxed)) {
    const room = group.querySelector('rect').getBoundingClientRect();
    for (const text of group.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < room.left || box.right > room.right) found.push(['wide', text.textContent]);
    }
  }
  return found;
}"""

TABLE_OVERFLOWS = """() => [...document.querySelectorAll('#numbers .scroller')]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => [e.scrollWidth, e.clientWidth])"""


SIGNS = "▸▾◂↶↷◼▶◀→←✓"


def test_a_screen_reader_hears_words_first_of_all_the_way_to_the_diagram(
    page: Page, base: str
) -> None:
    """No link is named by a number alone, no button by an arrow; an equation is one element."""
    page.goto(f"{base}/examples/mazur-2-2-2")
    press(page, "step")
    address = page.url
    for query in ("?tab=numbers", "?tab=numbers&edit=on", "?open=w1", "?open=loss&digits=8"):
        page.goto(address + query)
        reader = page.context.new_cdp_session(page)
        named = [
            (node["role"]["value"], node["name"]["value"])
            for node in reader.send("Accessibility.getFullAXTree")["nodes"]
            if not node["ignored"] and "name" in node
        ]
        links = [name for role, name in named if role == "link"]
        assert len(links) > 20
        assert [name for name in links if not any(letter.isalpha() for letter in name)] == []
        buttons = [name for role, name in named if role in ("button", "DisclosureTriangle")]
        assert len(buttons) > 10
        assert [name for name in buttons if set(name) & set(SIGNS)] == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate(
        "() => [...document.querySelectorAll('#panel .steps li')]"
        ".every(line => line.querySelectorAll('math').length === 1)"
    )
    page.goto(address + "?tab=numbers")
    expect(page.locator("#numbers a:has(#cell-w5)")).to_have_accessible_name(
        re.compile(r"^w5 .*Gradient \+0\.\d+$")
    )


def test_tab_goes_through_the_transport_as_it_is_used(browser: Browser, base: str) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(base)
    page.locator("#take-back").focus()
    came = []
    for _ in range(7):
        came.append(page.evaluate("document.activeElement.id || document.activeElement.localName"))
        page.keyboard.press("Tab")
    assert came == ["take-back", "step", "rate", "phase-back", "phase-on", "to-1", "to-2"]


def test_enter_in_the_rate_of_a_frame_sets_the_rate(browser: Browser, base: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{base}/embed/examples/mazur-2-2-2?controls=step,take-back,rate")
    page.click("#step")
    page.fill("#rate", "0.25")
    page.press("#rate", "Enter")
    page.wait_for_load_state()
    expect(page.locator("#rate")).to_have_value("0.25")
    expect(page.locator("#headline-step")).to_have_text("Step 1")


def test_a_printed_page_has_the_diagram_and_all_numbers_and_no_controls(
    page: Page, base: str
) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    press(page, "step")
    page.emulate_media(media="print")
    for width in (700, 1000):
        page.set_viewport_size({"width": width, "height": 1000})
        for shown in ("#network", "#unit-rows", "#parameter-rows", "#loss-after"):
            expect(page.locator(shown)).to_be_visible()
        assert (
            page.locator("#figures text:visible").count() == page.locator("#figures text").count()
        )
        for name in ("button", "summary", "input", "#s-network", "nav a"):
            assert page.locator(f"{name}:visible").count() == 0, name
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(pages) == 1


def test_meaning_survives_without_colour(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/han-kamber-3-2-1")
    negative = page.locator("#network .wire.neg").first
    assert negative.evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
    positive = page.locator("#network .wire.pos").first
    assert positive.evaluate("e => getComputedStyle(e).strokeDasharray") == "none"


def test_reduced_motion_turns_transitions_off(browser: Browser, base: str, watch: Watch) -> None:
    for motion, expected in (("reduce", "0s"), ("no-preference", "0.22s")):
        context = browser.new_context(reduced_motion=motion)  # type: ignore[arg-type]
        page = context.new_page()
        watch.on(page)
        page.goto(base)
        duration = page.locator("#network .wire").first.evaluate(
            "e => getComputedStyle(e).transitionDuration.split(',')[0]"
        )
        assert duration == expected
        context.close()
