"""Present: the lab on a projector, driven by keys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.answers import press, settled, strike
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import OVERLAPS, assert_axe_finds_nothing_in_either_theme
from tests.looks import made, measured

SIZES = [(1920, 1080), (1366, 768), (1280, 720)]
OLD_SIZES = [(1024, 768), (1280, 800), (1024, 700)]
LEAST = 0.022 - 1e-5
"""The smallest text, as a share of the screen's height."""
NOW = "#rail [aria-current=step]"
SPARE = "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"

# Boxes of the page that cover one another, and those with less room than they need.
MISFITS = """() => {
  const names = ".top, .stage, .side, #take-back, #step, #phase-back, #phase-on, #rail > ol";
  const boxes = [...document.querySelectorAll(names)]
    .map(one => [one.id || one.className, one.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, two]) => {
    const x = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const y = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (x > 1 && y > 1) found.push([a, b, x, y]);
  }));
  const said = document.querySelector("#said").getBoundingClientRect();
  for (const one of document.querySelectorAll("#present > *")) {
    if (!one.checkVisibility()) continue;
    const box = one.getBoundingClientRect();
    boxes.push(["way out", box]);
    if (box.left < said.right && box.bottom > said.top) found.push("over the sentence");
  }
  for (const [name, box] of boxes) {
    const { left, top, right, bottom } = box;
    const room = Math.min(left, top, innerWidth - right, innerHeight - bottom);
    if (room < 0) found.push([name, "out"]);
  }
  for (const one of document.querySelectorAll("#headline, #said, .side .tab, #rail > ol, .act")) {
    if (one.scrollWidth > one.clientWidth + 1) found.push([one.className || one.id, "too wide"]);
    if (one.scrollHeight > one.clientHeight + 2) found.push([one.className || one.id, "too high"]);
  }
  return found;
}"""


@contextmanager
def presenting(
    browser: Browser, watch: Watch, url: str, size: tuple[int, int] = (1366, 768), **more: Any
) -> Iterator[Page]:
    """A page in Present, from its address."""
    viewport = {"width": size[0], "height": size[1]}
    settings = {"viewport": viewport, "reduced_motion": "reduce", **more}
    context = browser.new_context(**settings)
    page = context.new_page()
    watch.on(page)
    page.goto(f"{url}?view=present")
    yield page
    context.close()


def number(page: Page) -> str:
    """The number of the phase that is shown, or "" at rest before a step."""
    now = page.locator(NOW)
    return now.locator(".nr").inner_text() if now.count() else ""


def every_size(page: Page, phases: int) -> Iterator[tuple[int, int]]:
    """Go through so many phases, and through all sizes in each."""
    for phase in range(phases):
        if phase:
            strike(page, "PageDown")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            yield width, height


# --- how it looks -----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["2-2-2", "2-4-4-3"])
def test_everything_can_be_read_from_the_last_row(
    browser: Browser, base: str, watch: Watch, shape: str
) -> None:
    with presenting(browser, watch, base + made(base, shape)) as page:
        for size in every_size(page, page.locator("#rail ol ol button").count() + 1):
            looks = measured(page)
            assert looks.text >= LEAST * size[1], number(page)
            assert looks.text_in_diagram >= LEAST * size[1], number(page)
            # On a small screen 36 rows are seen whole rather than each as high as a finger.
            assert looks.target >= (24 if shape == "2-2-2" or size[1] > 1000 else 19)
            assert looks.sideways == 0
            assert page.locator("#diagram .scroller").evaluate(SPARE) == [0, 0], "seen whole"
            assert page.evaluate(MISFITS) == [], number(page)
            assert page.evaluate(OVERLAPS) == [], number(page)
            if shape == "2-4-4-3" and number(page) in ("9", "10", "11"):
                # δ is taken back by the weights' values: these stand in the rows again.
                value, gradient = page.locator("#v-edge-2-0-3-0"), page.locator("#g-edge-2-0-3-0")
                shown = number(page) == "10"
                assert (value.is_visible(), gradient.is_visible()) == (shown, not shown)


@pytest.mark.parametrize("shape", ["2-3-1", "2-4-1", "4-16-16-3"])
def test_a_network_is_seen_whole(browser: Browser, base: str, watch: Watch, shape: str) -> None:
    with presenting(browser, watch, base + made(base, shape)) as page:
        for size in every_size(page, 11):
            assert page.locator("#diagram .scroller").evaluate(SPARE) == [0, 0]
            assert measured(page).text_in_diagram >= LEAST * size[1], "negative numbers, too"
            for part in page.locator(".side :is(.tab, .formulas):visible").all():
                assert max(part.evaluate(SPARE)) <= 2, "no formula is cut, or out of sight"


TABLE = (
    "temperature of the reactor wall [°C],rooms,age (years),yield of the final product [g/l]\n"
    "20.5,2,30,0.0012\n35.25,3,10,0.0023\n41,5,5,0.0031\n55,2,40,0.0044\n"
)
BADGES = """() => [...document.querySelectorAll(".formulas mtext")]
  .map(one => parseFloat(getComputedStyle(one).fontSize))"""


@pytest.mark.parametrize("size", [*OLD_SIZES, SIZES[1]], ids=str)
def test_other_screens_and_tables_show_it_whole(
    browser: Browser, base: str, watch: Watch, size: tuple[int, int]
) -> None:
    spec = httpx.post(f"{base}/api/v1/tables", json={"csv": TABLE}).json()["spec"]
    own = httpx.post(f"{base}/api/v1/networks", json={"spec": spec}).json()["id"]
    for way in (made(base, "2-2-2"), f"/networks/{own}"):
        with presenting(browser, watch, base + way, size) as page:
            for key in ("", "6", "Enter"):
                if key:
                    strike(page, key)
                assert page.locator("#diagram .scroller").evaluate(SPARE) == [0, 0], key
                assert page.evaluate(MISFITS) == [], key
                looks = measured(page)
                smallest = (looks.text, looks.text_in_diagram, *page.evaluate(BADGES))
                assert min(smallest) >= LEAST * size[1], key
                foot = page.locator("#stage").evaluate("e => e.getBoundingClientRect().bottom")
                lowest = page.locator(".figures:visible text:visible").evaluate_all(
                    "all => Math.max(...all.map(e => e.getBoundingClientRect().bottom))"
                )
                assert lowest <= foot + 1, "a value in its table's units, too"


def test_a_large_network_follows_the_phase(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base + made(base, "5-6-3")) as page:
        for _ in range(10):
            strike(page, "PageDown")
            if page.locator("#marks .m-now").count():
                expect(page.locator("#marks .m-now").first).to_be_in_viewport()
        expect(page.locator("#stage .cropped")).to_be_visible()
        page.goto(f"{base}{made(base, '3-3-3-3-3-3-3')}?view=present")
        fills = """() => ["#marks", "#diagram .scroller"].map(one =>
          document.querySelector(one).getBoundingClientRect().height)"""
        lefts = []
        for key in ("1", "9"):
            strike(page, key)
            lefts.append(page.locator("#diagram .scroller").evaluate("e => e.scrollLeft"))
            part, place = page.evaluate(fills)
            assert 0.8 < part / place < 1, "its part is as large as there is room for"
        assert lefts[1] > lefts[0]


def test_what_a_phase_is_not_about_steps_back(browser: Browser, base: str, watch: Watch) -> None:
    opacity = "e => Number(getComputedStyle(e).opacity)"
    with presenting(browser, watch, base) as page:
        everything = "#network :is(.wire, a), #network .figures text"
        assert set(page.locator(everything).evaluate_all(f"all => all.map({opacity})")) == {1, 0.85}
        strike(page, "7")
        for part in (
            "#edge-1-0-2-0",
            "#wire-edge-1-0-2-0",
            "#g-edge-1-1-2-1",
            "#node-1-0",
            "#a-node-2-0",
        ):
            assert page.locator(part).evaluate(opacity) == 1, part
        for part in (
            "#edge-0-0-1-0",
            "#wire-edge-0-1-1-1",
            "#own-node-2-0",
            "#node-0-0",
            "#target-0",
        ):
            assert page.locator(part).evaluate(opacity) == 0.25, part


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
def test_what_the_rounded_digits_give_can_be_read(
    browser: Browser, base: str, watch: Watch, size: tuple[int, int]
) -> None:
    with presenting(browser, watch, f"{base}/examples/mazur-2-2-2", size) as page:
        strike(page, "Enter")
        for about in ("delta:h1", "loss:after"):
            page.goto(f"{page.url.partition('?')[0]}?view=present&open={about}")
            remarks = page.locator("#panel .remark")
            expect(remarks.first).to_contain_text("rounded digits")
            for remark in remarks.all():
                font = remark.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
                assert font >= 0.022 * size[1] - 0.01
                box = remark.bounding_box()
                assert box
                assert box["y"] + box["height"] <= size[1]


def test_an_update_and_errors_are_told_in_large_type(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base) as page:
        strike(page, "5")
        expect(page.locator(".formulas li")).to_have_count(3)
        strike(page, "Enter")
        formula = page.locator("#panel > .eq")
        expect(formula).to_contain_text("0.2000")
        expect(formula).to_contain_text("0.1569")
        expect(page.locator("#panel h2")).to_have_text("These weights moved most")
        size = page.locator("#panel > .eq").evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
        assert size >= 0.03 * 768
        page.goto(f"{base}{made(base, '4-16-16-3')}?view=present")
        strike(page, "7")
        expect(page.locator(".formulas li").last).to_have_text("and 1 more")


def test_axe_finds_nothing(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base) as page:
        for key in ("PageDown", "5", "9", "Enter"):
            assert_axe_finds_nothing_in_either_theme(page)
            strike(page, key)
        assert_axe_finds_nothing_in_either_theme(page)
        page.keyboard.press("?")
        assert_axe_finds_nothing_in_either_theme(page)


# --- in and out -------------------------------------------------------------------------------


def test_p_and_the_button_go_in_and_out_at_the_same_moment(page: Page, base: str) -> None:
    page.goto(f"{base}?digits=6&tab=charts")
    press(page, "#phase-on")
    for enter, leave in (("p", "Escape"), ("#present a", "#present a"), ("P", "p")):
        for way, shown in ((enter, "present"), (leave, "")):
            with page.expect_response(lambda response: response.request.method == "GET"):
                page.click(way) if way.startswith("#") else page.keyboard.press(way)
            settled(page)
            expect(page.locator("html")).to_have_attribute("data-view", shown)
            there = expect(page)
            (there.to_have_url if shown else there.not_to_have_url)(re.compile("view=present"))
            expect(page).to_have_url(re.compile("digits=6"))
            expect(page).to_have_url(re.compile("tab=charts"))
            assert number(page) == "1"
    expect(page.locator("#pictures")).to_be_visible()


def test_back_and_forward_go_in_and_out(page: Page, base: str) -> None:
    page.goto(base)
    strike(page, "p", "GET")
    page.go_back()
    expect(page.locator("header.site nav")).to_be_visible()
    page.go_forward()
    expect(page.locator("header.site nav")).to_be_hidden()


def test_without_javascript_the_address_shows_it_and_its_buttons_work(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base, java_script_enabled=False) as page:
        expect(page.locator("header.site nav")).to_be_hidden()
        page.click("#phase-on")
        page.click("#rail [value='error']")
        expect(page.locator(".formulas")).to_be_visible()
        assert number(page) == "5"
        expect(page).to_have_url(re.compile("view=present"))
        assert measured_text(page) >= LEAST * 768
        page.click("#step")
        page.click("#take-back")
        page.click("#rail [value='error']")
        page.click("#present a")
        expect(page).not_to_have_url(re.compile("view"))
        assert number(page) == "5"
        expect(page.locator("header.site nav")).to_be_visible()


def measured_text(page: Page) -> float:
    return measured(page).text


def test_a_frame_has_no_present(page: Page, base: str) -> None:
    page.goto(f"{base}/embed/examples/mazur-2-2-2?view=present")
    assert page.locator("html[data-view]").count() == 0
    page.keyboard.press("p")
    page.keyboard.press("?")
    assert page.locator("dialog").count() == 0


# --- keys -------------------------------------------------------------------------------------


def test_each_key_does_what_the_list_says(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base) as page:
        walk = (
            ("ArrowRight", "1"), (" ", "2"), ("PageDown", "3"), ("ArrowLeft", "2"), ("PageUp", "1"),
            ("7", "7"), ("5", "5"), ("9", "9"), ("0", "10"), ("t", "5"), ("Enter", "10"),
            ("Backspace", "5"),
        )  # fmt: skip
        for key, phase in walk:
            strike(page, key)
            assert number(page) == phase, key
        page.keyboard.press("Backspace")  # nothing left to take back
        settled(page)
        assert page.locator("#notice p").count() == 0
        for digits in (5, 6, 3, 4):
            strike(page, "d", "GET")
            wanted = f"digits={digits}" if digits != 4 else "^(?!.*digits)"
            expect(page).to_have_url(re.compile(wanted))
        sizes = []
        for key in ("+", "+", "-", "-"):
            page.keyboard.press(key)
            sizes.append(
                page.locator("#said").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            )
        assert sizes[0] < sizes[1] > sizes[2] > sizes[3]
        for key in "++++++":
            page.keyboard.press(key)
        strike(page, "9")
        for part in ("#said", ".side .tab", ".formulas"):
            assert max(page.locator(part).evaluate(SPARE)) <= 2, "nothing is cut in large type"
        strike(page, "5")
        page.keyboard.press("b")
        expect(page.locator("html[data-black]")).to_have_count(1)
        page.keyboard.press("PageDown")
        expect(page.locator("html[data-black]")).to_have_count(0)
        assert number(page) == "5", "the key that ends the black screen does nothing else"


def test_r_runs_and_stops(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base, reduced_motion="no-preference") as page:
        page.locator("#run-count").evaluate("e => { e.value = '100000'; }")
        strike(page, "r")
        expect(page.locator("#run[data-running]")).to_have_count(1)
        page.keyboard.press("r")
        expect(page.locator("#run[data-running]")).to_have_count(0)
        expect(page.locator("#said")).to_contain_text("step")


def test_question_mark_lists_the_keys_anywhere(page: Page, base: str) -> None:
    page.goto(base)
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_be_visible()
    page.keyboard.press("p")
    expect(keys).to_be_visible()
    assert "view=" not in page.url
    for key in ("P", "?", "Enter", "T", "R", "H", "D", "+", "B", "F", "Esc"):
        expect(keys.locator(f"kbd:text-is('{key}')").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_outside_present_its_keys_do_nothing(page: Page, base: str) -> None:
    page.goto(base)
    for key in ("ArrowRight", "PageDown", "Enter", "t", "r", "7", "d", "h", "b", "+"):
        page.keyboard.press(key)
    settled(page)
    assert page.url.rstrip("/") == base
    assert number(page) == ""


def test_a_shortcut_never_fires_while_somebody_types(page: Page, base: str) -> None:
    page.goto(base)
    page.fill("#run-count", "")
    page.keyboard.type("p?7")
    expect(page.locator("#run-count")).to_have_value("p?7")
    page.focus("#rate")
    page.keyboard.type("p")
    page.click("#more > summary")
    for key in ("p", "?"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    page.locator("#rate").blur()
    for key in ("Control+p", "Alt+p", "Meta+p"):
        page.keyboard.press(key)
    settled(page)
    assert "view=" not in page.url
    expect(page.locator("#keys")).to_be_hidden()


def test_a_button_with_the_focus_keeps_its_own_keys(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base) as page:
        strike(page, "3")
        page.focus("#phase-back")
        strike(page, " ")
        assert number(page) == "2"
        page.focus("#node-1-0")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.id") != "node-1-0"
        strike(page, "Enter", "GET")
        expect(page.locator("#panel h2")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#panel .close")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("data-view", "present")
        look_at = page.locator(".formulas")
        expect(look_at).to_be_visible()


# --- Predict ----------------------------------------------------------------------------------


def test_predict_holds_new_numbers_back_until_the_next_key(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base) as page:
        page.keyboard.press("h")
        expect(page.locator("#expect")).to_contain_text("Predict is on")
        strike(page, "PageDown")
        assert number(page) == "1", "Predict holds nothing yet"
        expect(page.locator("#z-node-1-0")).to_have_text("?")
        expect(page.locator("#v-edge-0-0-1-0")).to_have_text("0.2500")
        said = page.locator("#said")
        expect(said).to_contain_text("h1 ?, h2 ?")
        assert "0.5050" not in page.locator("body").aria_snapshot()
        expect(page.locator(".formulas li").first).not_to_contain_text("0.5050")
        expect(page.locator("#expect")).to_have_text("What do you expect?")
        page.keyboard.press("PageDown")
        settled(page)
        assert number(page) == "1", "the key shows the numbers, and does nothing else"
        expect(page.locator("#z-node-1-0")).to_contain_text("0.5050")
        expect(said).to_contain_text("h1 0.5050, h2 0.5410")
        expect(page.locator("#expect")).to_be_hidden()
        strike(page, "5")
        expect(page.locator("#loss")).to_have_text("?")
        strike_shows(page)
        expect(page.locator("#loss")).to_have_text("0.233453")
        strike(page, "Enter")
        for hidden in ("#loss-after", "#n-edge-1-0-2-0", "#moved-1-after"):
            expect(page.locator(hidden)).to_have_text("?")
        expect(page.locator("#loss")).to_have_text("0.233453")
        strike_shows(page)
        expect(page.locator("#loss-after")).to_have_text("0.225433")
        value = page.locator("#n-edge-1-0-2-0").text_content() or ""
        strike(page, "PageDown")
        expect(page.locator("#z-node-1-0")).to_have_text("?")
        expect(page.locator("#v-edge-1-0-2-0")).to_have_text(value)
        strike_shows(page)
        page.keyboard.press("h")
        strike(page, "PageDown")
        expect(page.locator("#z-node-1-0")).to_contain_text(".")


def predict(page: Page) -> None:
    """The key that turns Predict on, and what is said of it."""
    page.keyboard.press("h")
    expect(page.locator("#expect")).to_contain_text("Predict is on")


def strike_shows(page: Page) -> None:
    """The key that shows what Predict holds back."""
    page.keyboard.press("ArrowRight")
    settled(page)


def test_predict_shows_numbers_before_a_click(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base) as page:
        predict(page)
        strike(page, "PageDown")
        press(page, "#phase-on")
        assert number(page) == "2"
        expect(page.locator("#z-node-1-0")).to_contain_text("0.5050")
        expect(page.locator("#a-node-1-0")).to_have_text("?")
        # One key shows; two more before an answer comes are two phases.
        late: list[Route] = []
        page.route("**/phase**", lambda route: late.append(route), times=1)
        for _ in range(3):
            page.keyboard.press("PageDown")
        while not late:
            page.wait_for_timeout(20)
        late[0].continue_()
        expect(page.locator(f"{NOW} .nr")).to_have_text("4")
        expect(page.locator("#a-node-2-0")).to_have_text("?")
        expect(page.locator("#z-node-2-0")).to_contain_text(".")
        # An answer to something else brings no number that is held back.
        page.evaluate("() => htmx.ajax('GET', '?view=present', {source: '#toolbar', swap: 'none'})")
        settled(page)
        expect(page.locator("#a-node-2-0")).to_have_text("?")
        strike_shows(page)
        expect(page.locator("#a-node-2-0")).to_contain_text("0.")


# What the page says of its numbers, in any way; and each number with its id.
SOURCE = """() => document.querySelector("main").outerHTML + document.body.innerText
  + [...document.querySelectorAll("main input")].map(one => one.value).join(" ")"""
NUMBERS = """() => Object.fromEntries(
  [...document.querySelectorAll(".figures [id], main data[id], #change")]
    .map(one => [one.id, one.textContent]))"""
DIGITS = r"\d+\.\d+(?:e\S\d+)?"


@pytest.mark.parametrize("query", ["", "&tab=numbers&edit=on", "&open=w5", "&open=loss"], ids=str)
def test_what_predict_holds_back_can_be_read_nowhere(
    browser: Browser, base: str, watch: Watch, query: str
) -> None:
    with presenting(browser, watch, base + made(base, "2-2-2")) as page:
        page.goto(page.url + query)
        predict(page)
        for key in (*"1234567890", "Enter", "Enter"):
            before, old = page.evaluate(NUMBERS), page.evaluate(SOURCE)
            strike(page, key)
            source = page.evaluate(SOURCE)
            expect(page.locator("#expect")).to_have_text("What do you expect?")
            strike_shows(page)
            new = {
                digits
                for name, text in page.evaluate(NUMBERS).items()
                if before.get(name) != text
                for digits in re.findall(DIGITS, text)
            }
            assert new, key
            assert [one for one in new if one in source and one not in old] == [], key


def test_predict_holds_back_what_stood_elsewhere_before(
    browser: Browser, base: str, watch: Watch
) -> None:
    """The gradient of a bias is its unit's delta; the parts of a sum tell the sum."""
    with presenting(browser, watch, base + made(base, "2-3-1")) as page:
        page.goto(page.url + "&open=loss")
        predict(page)
        strike(page, "6")
        expect(page.locator("#d-node-2-0")).to_have_text("?")
        sums = page.locator("#panel .steps .eq")
        assert set(re.findall(DIGITS, " ".join(sums.all_text_contents()))) <= {"0.1000"}
        strike_shows(page)
        delta = page.locator("#d-node-2-0").text_content() or ""
        strike(page, "7")
        expect(page.locator("#g-own-node-2-0")).to_have_text("?")
        expect(page.locator("#d-node-2-0")).to_have_text(delta)
        strike_shows(page)
        expect(page.locator("#g-own-node-2-0")).to_have_text(delta)


def test_predict_shows_what_a_phase_before_has_told_and_asks_of_an_update(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base) as page:
        predict(page)
        strike(page, "8")
        formula = page.locator(".formulas li").first
        expect(formula).to_contain_text(re.compile(r"=\?A\s*·\s*\?B"))
        strike_shows(page)
        strike(page, "9")
        expect(formula).to_contain_text(re.compile(r"0\.0293A.*0\.2347B.*0\.1000C\s*≈\s*\?"))
        strike_shows(page)
        strike(page, "0")
        asked = page.locator("#panel .asked")
        expect(asked).to_be_visible()
        expect(page.locator("#panel h2")).to_be_hidden()
        strike_shows(page)
        expect(asked).to_be_hidden()
        expect(page.locator("#panel h2")).to_be_visible()


def test_predict_gives_no_order_sign_or_direction_away(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base) as page:
        predict(page)
        strike(page, "6")
        bracket = page.locator("#panel .formulas mo").get_by_text("(", exact=True).first
        expect(bracket).to_be_hidden()
        assert bracket.evaluate("one => one.getBoundingClientRect().width") == 0, "no gap either"
        strike_shows(page)
        expect(bracket).to_be_visible()
        strike(page, "Enter")
        given = ("#panel > .eq", ".moved", "#change", "#said", "#network .gap >> nth=0")
        for part in given:
            expect(page.locator(part)).to_have_css("visibility", "hidden")
        strike_shows(page)
        for part in given:
            expect(page.locator(part)).to_have_css("visibility", "visible")
        strike(page, "6")
        expect(page.locator("#said")).to_have_css("visibility", "visible")
        formulas = page.locator("#panel .formulas")
        expect(formulas).to_contain_text("?")
        expect(formulas).not_to_contain_text("\N{MINUS SIGN}?")
        strike_shows(page)
        expect(formulas).to_contain_text("\N{MINUS SIGN}0.0")


# What of the drawing the pill of Predict lies on.
UNDER_THE_PILL = """() => {
  const pill = document.querySelector("#expect").getBoundingClientRect();
  return [...document.querySelectorAll(".network :is(text, circle, rect):not(.area, .hit)")]
    .filter(one => one.checkVisibility())
    .map(one => [one.textContent || one.localName, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.right > pill.left && box.left < pill.right
      && box.bottom > pill.top && box.top < pill.bottom).map(([name]) => name);
}"""


@pytest.mark.parametrize("shape", ["2-2-2", "2-4-4-3", "4-16-16-3"])
def test_the_question_of_predict_lies_on_nothing(
    browser: Browser, base: str, watch: Watch, shape: str
) -> None:
    with presenting(browser, watch, base + made(base, shape)) as page:
        predict(page)
        for key in ("PageDown", "Enter"):
            strike(page, key)
            expect(page.locator("#expect")).to_have_text("What do you expect?")
            for width, height in (*SIZES, *OLD_SIZES):
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate(UNDER_THE_PILL) == [], (key, width, height)
            strike_shows(page)


@pytest.mark.parametrize("size", [*SIZES, (768, 1024), (360, 740)])
def test_what_predict_says_covers_no_sentence(
    browser: Browser, base: str, watch: Watch, size: tuple[int, int]
) -> None:
    with presenting(browser, watch, base, size) as page:
        predict(page)
        for key in ("", "PageDown", "Enter"):
            if key:
                strike(page, key)
            pill = page.locator("#expect").bounding_box()
            assert pill is not None
            for part in ("#said", "#headline .loss", "#present"):
                other = page.locator(part).bounding_box()
                if other:
                    assert pill["y"] >= other["y"] + other["height"] - 1, (key, part)
            assert pill["x"] >= 0, key
            assert pill["x"] + pill["width"] <= size[0], key
            if key:
                strike_shows(page)


def test_on_a_phone_all_of_present_is_in_reach(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base, (360, 740)) as page:
        strike(page, "PageDown")
        expect(page.locator(".act .whole:visible")).to_have_count(4)
        assert page.locator(".acts").evaluate("e => e.scrollWidth <= e.clientWidth")
        for part in (
            "#present > button",
            "#present a >> nth=0",
            "#present a >> nth=1",
            "#headline",
        ):
            box = page.locator(part).bounding_box()
            assert box, part
            assert box["y"] >= 4, part
            assert box["x"] + box["width"] <= 360, part
            assert min(box["width"], box["height"]) >= 24, part


@pytest.mark.parametrize("size", [(740, 360), (844, 390), (667, 375)], ids=str)
def test_on_a_phone_that_lies_down_all_of_present_is_seen_at_once(
    browser: Browser, base: str, watch: Watch, size: tuple[int, int]
) -> None:
    touch = {"has_touch": True, "is_mobile": True}
    for shape in ("2-2-2", "2-4-4-3"):
        with presenting(browser, watch, base + made(base, shape), size, **touch) as page:
            for key in ("", "1", "5", "8", "Enter"):
                if key:
                    strike(page, key)
                # The error's link reaches over its line: a finger meets it.
                misfits = [one for one in page.evaluate(MISFITS) if one[0] != "headline"]
                assert misfits == [], (shape, key)
                assert page.locator("#diagram .scroller").evaluate(SPARE) == [0, 0]
                for part in page.locator(".side :is(.tab, .formulas):visible").all():
                    assert max(part.evaluate(SPARE)) <= 2, "the formula is whole"
                looks = measured(page)
                assert min(looks.text, looks.text_in_diagram) >= 11.9, (shape, key)
                buttons = page.locator("#present a, .dock button:visible")
                boxes = buttons.evaluate_all("all => all.map(e => e.getBoundingClientRect())")
                assert min(min(one["width"], one["height"]) for one in boxes) >= 43.9
            page.set_viewport_size({"width": size[1], "height": size[0]})
            formula = page.locator("#panel > .eq").bounding_box()
            card = page.locator(".side.card").bounding_box()
            assert formula
            assert card
            assert formula["y"] >= card["y"] + 4, "upright it is whole, too"


def test_predict_holds_back_the_sentences_of_a_large_network(
    browser: Browser, base: str, watch: Watch
) -> None:
    with presenting(browser, watch, base + made(base, "4-16-16-3")) as page:
        predict(page)
        strike(page, "2")
        unit = page.locator("#node-1-0")
        expect(unit).to_have_attribute("aria-label", re.compile(r"out \?$"))
        page.keyboard.press("ArrowRight")
        expect(unit).not_to_have_attribute("aria-label", re.compile(r"\?"))


# --- the rest ---------------------------------------------------------------------------------


def test_the_cursor_hides_after_three_seconds(browser: Browser, base: str, watch: Watch) -> None:
    with presenting(browser, watch, base) as page:
        page.mouse.move(300, 300)
        expect(page.locator("html[data-idle]")).to_have_count(1)
        assert page.locator("body").evaluate("e => getComputedStyle(e).cursor") == "none"
        page.mouse.move(310, 300)
        expect(page.locator("html[data-idle]")).to_have_count(0)
