"""The lab on one screen: what is seen at once, on desks, tablets and phones."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import look, press, settled
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import assert_axe_finds_nothing
from tests.browser.test_sizes import create
from tests.looks import made, measured
from tests.support import created
from tests.web.pages.test_large_networks import spec_of

DESKS = {"laptop": (1366, 768), "small": (1024, 700), "flat": (1280, 720), "wide": (1920, 1080)}
ESSENTIALS = (
    "#loss", "#diagram", "#rail > ol", "#phase-on", "#take-back", "#step", "#curve", "#run-go",
    "#tabs", "#panel",
)  # fmt: skip
MOST_CONTROLS = {"2-2-2": 26, "2-4-4-3": 30}
XOR = {
    "layers": [2, 3, 1], "activations": ["tanh", "sigmoid"], "batch": {"size": 1},
    "data": {"name": "xor"}, "initialization": {"scheme": "xavier_uniform", "seed": 3},
}  # fmt: skip

# What can be operated and is seen, but for the parts of the diagram, one stop for the keyboard.
CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => !e.closest('#network') && e.checkVisibility({visibilityProperty: true}))
  .filter(e => { const box = e.getBoundingClientRect();
    return box.bottom > 0 && box.right > 0 && box.width > 1; })
  .filter(e => !e.matches(':disabled, [aria-disabled=true]'))
  .map(e => e.id || e.textContent.trim())"""
OUT_OF_VIEW = """(selectors) => selectors.filter(selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return !box.width || box.top < 0 || box.left < 0 || box.top + 20 > innerHeight
    || box.right > innerWidth + 1;
})"""
SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    'button, .button, summary, select, input:not([type=hidden]), #tabs a, .site a')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .map(e => [e.id || e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([, box]) => box.bottom > 0 && box.width > 1 && (box.height < least || box.width < least))
  .map(([name, box]) => [name, Math.round(box.width), Math.round(box.height)])"""
# Links to numbers that WCAG 2.2 calls too small (2.5.8): less than 24 px, with another target less
# than a circle's room away, and no link to the same number in the tables that is large enough.
CROWDED = """() => {
  const boxOf = one => {
    const part = one.querySelector(".row, rect, circle"), line = one.querySelector("path");
    const { x, y, width, height } = (part ?? line ?? one).getBoundingClientRect();
    const { strokeWidth, vectorEffect } = getComputedStyle(line ?? one);
    const rim = part || vectorEffect !== "non-scaling-stroke" ? 0 : parseFloat(strokeWidth) / 2;
    return new DOMRect(x - rim, y - rim, width + 2 * rim, height + 2 * rim);
  };
  const target = one => {
    const box = boxOf(one), x = box.x + box.width / 2, y = box.y + box.height / 2;
    const number = new URLSearchParams(one.getAttribute("href").split("#")[0]).get("open");
    return { number, box, x, y, isSmall: Math.min(box.width, box.height) < 24 };
  };
  const off = ({ x, y }, { left, right, top, bottom }) =>
    Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  const near = (one, other) => one !== other && (off(one, other.box) < 12
    || (other.isSmall && Math.hypot(one.x - other.x, one.y - other.y) < 24));
  const links = selector => {
    const found = [...document.querySelectorAll(selector)]
      .filter(one => one.checkVisibility({ visibilityProperty: true })).map(target);
    const crowded = found.filter(one => one.isSmall && found.some(other => near(one, other)));
    return [found.filter(one => !crowded.includes(one)).map(one => one.number), crowded];
  };
  const [, drawn] = links("svg.network a"), [listed, tight] = links("#numbers td a");
  return [...tight, ...drawn.filter(one => !listed.includes(one.number))]
    .map(({ number, box }) => [number, box.width, box.height]);
}"""
# How much of the diagram, its rings included, is out of sight.
CUT = """() => {
  const box = document.querySelector("#diagram .scroller"), rim = box.getBoundingClientRect();
  const drawn = [...box.querySelectorAll(".marks .mark, .figures text, .node")]
    .map(e => e.getBoundingClientRect()).filter(e => e.width);
  const over = drawn.map(e => Math.max(
    rim.top - e.top, e.bottom - rim.bottom, rim.left - e.left, e.right - rim.right, 0));
  return Math.max(Math.ceil(Math.max(...over) - 1), box.scrollHeight - box.clientHeight);
}"""
# How far the slider's thumb, 16 px wide, is from the curve's dot, sideways.
THUMB_OFF = """() => {
  const [dot, slider] = ["#curve-dot", "#scrubber"].map(one => document.querySelector(one));
  const { x, width } = slider.getBoundingClientRect(), at = dot.getBoundingClientRect();
  const { min, max, value } = slider, way = (value - min) / (max - min);
  return x + 8 + (width - 16) * way - at.x - at.width / 2;
}"""
COVERED = """selector => {
  const one = document.querySelector(selector), { x, y, width, height } =
    one.getBoundingClientRect(), at = document.elementFromPoint(x + width / 2, y + height / 2);
  return !(one.contains(at) || at?.contains(one));
}"""
# Links that a finger misses at the upper or the lower end of 44 pixels.
MISSED = """all => all.filter(one => {
  const { x, y, width, height } = one.getBoundingClientRect(), middle = y + height / 2;
  return ![-21, 21].every(
    off => one.contains(document.elementFromPoint(x + width / 2, middle + off)));
}).map(one => one.outerHTML)"""
STAYS = """() => [".headline", ".dock"].reduce((sum, one) => {
  const { top, bottom } = document.querySelector(one).getBoundingClientRect();
  return sum + Math.max(Math.min(bottom, innerHeight) - Math.max(top, 0), 0);
}, 0)"""
SCROLLS = """() => [document.documentElement.scrollWidth > innerWidth,
  document.documentElement.scrollHeight > innerHeight]"""


def xor(base: str) -> str:
    """The address of a network whose steps each see another sample."""
    return created(base, XOR)


# --- desks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("desk", DESKS)
def test_all_is_seen_at_once(page: Page, base: str, desk: str) -> None:
    width, height = DESKS[desk]
    page.set_viewport_size({"width": width, "height": height})
    for address in (base, xor(base), create(base, [2, 4, 4, 3]), create(base, [4, 16, 16, 3])):
        page.goto(address)
        for button in ("#phase-on", "#step", "#take-back"):
            press(page, button)
            assert page.evaluate(SCROLLS) == [False, False], (address, button)
            assert page.evaluate(OUT_OF_VIEW, ESSENTIALS) == [], (address, button)
            assert page.evaluate(CUT) == 0, (address, button)
    assert page.evaluate(SMALL_TARGETS, 24) == []


@pytest.mark.parametrize("desk", ["laptop", "small"])
def test_each_number_has_a_link_with_room(page: Page, base: str, desk: str) -> None:
    width, height = DESKS[desk]
    page.set_viewport_size({"width": width, "height": height})
    for shape in ([2, 2, 2], [2, 3, 1], [2, 4, 4, 3], [4, 16, 16, 3]):
        page.goto(create(base, shape) + "?tab=numbers")
        press(page, "#step")
        assert page.evaluate(CROWDED) == [], shape


def test_few_controls_are_in_the_way(page: Page, base: str) -> None:
    for shape, most in MOST_CONTROLS.items():
        page.goto(base + made(base, shape))
        found = page.evaluate(CONTROLS)
        assert len(found) <= most, found
        assert measured(page).controls == len(found)


def test_the_first_visit_says_what_to_press_until_it_is_pressed(page: Page, base: str) -> None:
    page.goto(base)
    expect(page.locator("#welcome")).to_contain_text("Press Backprop step")
    assert page.evaluate(SCROLLS) == [False, False]
    press(page, "#step")
    expect(page.locator("#welcome p")).to_have_count(0)
    page.goto(f"{base}/examples/mazur-2-2-2")
    expect(page.locator("#welcome p")).to_have_count(0)


PLACES = """() => ["#take-back", "#step", "#phase-on", "#strip", "#stage", "#diagram"].map(one => {
  const box = document.querySelector(one).getBoundingClientRect();
  return [box.x, box.y, box.width, box.height].map(Math.round);
})"""


@pytest.mark.parametrize("width", [360, 1000, 1024, 1200, 1366])
def test_buttons_stay_under_the_pointer(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for address in (base, create(base, [2, 3, 1], samples=4, size=2)):
        page.goto(address)
        before = page.evaluate(PLACES)
        for button in ("#step", "#take-back", "#step", "#phase-on", "#take-back", "#phase-on"):
            press(page, button)
            assert page.evaluate(PLACES) == before, (address, button)


@pytest.mark.parametrize(
    "size", [(360, 740), (768, 1024), (1024, 700), (1366, 768), (1920, 1080)], ids=str
)
def test_the_first_press_moves_nothing(page: Page, base: str, size: tuple[int, int]) -> None:
    boxes = """() => ["#stage", "#node-0-0, #s-node-0-0", "#step", "#tabs"].map(one => {
      const box = [...document.querySelectorAll(one)].find(e => e.checkVisibility())
        .getBoundingClientRect();
      return [box.x, box.y, box.width, box.height].map(Math.round);
    })"""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(base)
    welcome = page.locator("#welcome p")
    room = welcome.evaluate("one => [one.scrollHeight, one.clientHeight]")
    assert room[0] <= room[1]
    before = page.evaluate(boxes)
    press(page, "#step")
    assert page.evaluate(boxes) == before
    middle = """() => { const { y, height } = document.querySelector("#loss-name")
      .getBoundingClientRect(); return y + height / 2; }"""
    heights = [page.evaluate(middle)]
    for button in ("#phase-on", "#take-back"):
        press(page, button)
        heights.append(page.evaluate(middle))
    assert max(heights) - min(heights) <= 1.5, "E stays in its line"


@pytest.mark.parametrize("width", [1024, 768])
def test_each_phase_has_its_name_on_a_tablet(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    hidden = "all => all.filter(e => !e.checkVisibility()).map(e => e.textContent)"
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
    spec = spec_of(2, 4, 4, 3, samples=1, size="full")
    for optimizer, phases in (("sgd", 14), ("adam", 15)):
        page.goto(created(base, {**spec, "optimizer": {"name": optimizer}}))
        buttons = page.locator("#rail li button:visible")
        assert buttons.count() == phases
        for _ in (1, 2):
            press(page, "#phase-on")
            assert buttons.locator("span:last-child").evaluate_all(hidden) == []
            assert page.locator("#rail li button:visible, .acts").evaluate_all(cut) == []
        press(page, f"#to-{phases}")
        assert page.locator(".acts").evaluate_all(cut) == []


@pytest.mark.parametrize("width", [360, 1366])
def test_what_is_small_in_the_diagram_has_a_large_target_among_the_numbers(
    page: Page, base: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(create(base, [2, 4, 4, 3], samples=1) + "?tab=numbers")
    press(page, "#step")
    links = page.locator("#unit-rows a, #parameter-rows a")
    heights = links.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 100
    assert min(heights) >= 24
    href = "all => all.map(e => new URLSearchParams(e.search).get('open'))"
    assert {f"w{at}" for at in range(1, 37)} <= set(links.evaluate_all(href))


def test_opening_the_goal_of_a_run_moves_nothing(page: Page, base: str) -> None:
    for width, height in ((1366, 768), (1024, 700)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(base)
        before = page.evaluate(PLACES)
        page.click("#run-goals > summary")
        expect(page.locator("#run-until")).to_be_visible()
        assert page.evaluate(PLACES) == before


def test_at_200_percent_what_is_pressed_stays_in_view(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 960, "height": 540})
    page.goto(base)
    press(page, "#step")
    ends = """() => ["#take-back", "#step", "#phase-on", ".acts"].map(
      one => document.querySelector(one).getBoundingClientRect().bottom)"""
    assert max(page.evaluate(ends)) <= 540


def test_the_panel_follows_until_a_number_is_pinned(page: Page, base: str) -> None:
    page.goto(base)
    expect(page.locator("#panel .legend")).to_be_visible()
    press(page, "#phase-on")
    expect(page.locator("#panel h2")).to_contain_text("h1")
    assert page.locator("#panel .others li").count() == 1
    assert page.locator("#panel .steps math").count() > 0
    press(page, '#rail [value="gradient:2"]')
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w5")
    press(page, "#step")
    expect(page.locator("#panel h2")).to_have_text("What changed")
    assert page.locator("#panel .moved a").all_inner_texts() == ["w6", "w5", "w8"]
    look(page, "#moved-1")
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w6")
    new = page.locator("#panel .k-update mn").last
    expect(new).to_have_text("0.1569")
    expect(new).to_have_css("background-color", "rgb(255, 226, 122)")
    assert measured(page).text >= 12
    press(page, "#step")
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w6")
    page.keyboard.press("Escape")
    expect(page.locator("#panel h2")).to_have_text("What changed")


@pytest.mark.parametrize("script", [True, False])
def test_a_tab_stays_shown(browser: Browser, base: str, watch: Watch, *, script: bool) -> None:
    context = browser.new_context(reduced_motion="reduce", java_script_enabled=script)
    page = context.new_page()
    watch.on(page)
    page.goto(base)
    for tab, shown in (("charts", "#pictures"), ("data", "#about"), ("numbers", "#numbers")):
        page.click(f"#tab-{tab}")
        expect(page.locator(shown)).to_be_visible()
        expect(page.locator("#panel")).to_be_hidden()
    page.click("#step")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    expect(page.locator("#numbers")).to_be_visible()
    expect(page).to_have_url(re.compile("tab=numbers"))
    page.click("#row-w5 td a >> nth=1")
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w5")
    expect(page.locator("#numbers")).to_be_hidden()
    expect(page.locator("#panel h2")).to_be_in_viewport()
    context.close()


def test_without_javascript_the_curve_leads_to_its_steps(
    browser: Browser, base: str, watch: Watch
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch.on(page)
    page.goto(base)
    for _ in range(2):
        page.click("#step")
    page.focus("#scrubber")
    page.keyboard.press("ArrowLeft")
    page.click("text=Go to this step")
    expect(page.locator("#headline-step")).to_have_text("Step 1")
    expect(page.locator("#said")).to_contain_text("Step 1")
    expect(page.locator("#readout")).to_contain_text("Step 1")
    context.close()


def test_the_gradient_check_opens_in_the_panel(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#step")
    page.click("#more > summary")
    look(page, "#check")
    expect(page.locator("#gradient-check h2")).to_be_in_viewport()
    expect(page.locator("#panel .verdict").first).to_contain_text("All gradients agree")
    assert "difference: 0." not in page.locator("#panel .verdict").first.inner_text()


# --- one error --------------------------------------------------------------------------------


def errors_told(page: Page) -> tuple[str, str, str]:
    """The big number that counts, the sentence, and what the curve says."""
    after = page.locator("#loss-after")
    big = after if after.count() else page.locator("#loss")
    said, curve = page.locator("#said").inner_text(), page.locator("#readout").inner_text()
    return big.inner_text(), said, curve


def test_the_headline_the_sentence_and_the_curve_tell_one_error(page: Page, base: str) -> None:
    for digits in (4, 3, 8):
        page.goto(f"{base}/examples/mazur-2-2-2?digits={digits}")
        for button in ("#step", "#step", "#take-back", "#redo", "#phase-on"):
            press(page, button)
            if button == "#phase-on":
                continue
            big, said, curve = errors_told(page)
            assert len(big.partition(".")[2]) == digits + 2
            assert big in said, button
            assert big in curve, button


def test_where_steps_see_batches_each_error_says_whose_it_is(page: Page, base: str) -> None:
    page.goto(xor(base))
    for button in ("#step", "#step", "#step", "#take-back"):
        press(page, button)
        big, said, _ = errors_told(page)
        assert big in said
        step = int(page.locator(".headline .step").inner_text().removeprefix("Step "))
        of = f"of sample {step if page.locator('#loss-after').count() else step + 1}"
        expect(page.locator("#headline .of")).to_have_text(of, use_inner_text=True)
    expect(page.locator("#curve .keys")).to_contain_text("mean of all training samples")
    assert len((page.locator("#curve-batches").get_attribute("d") or "").split("M")) == 4, (
        "three steps; the next batch is not computed yet"
    )
    assert page.evaluate(THUMB_OFF) == pytest.approx(0, abs=0.5), "below the curve's dot"
    look(page, "#tab-charts")
    for chart in ("distributions", "loss"):
        look(page, f"#pictures-{chart}")
        assert measured(page).text >= 12
    mean = float(page.locator("#pictures .scores data").first.get_attribute("value") or "nan")
    expect(page.locator("#readout")).to_contain_text(f"mean {mean:.6f}")


# --- phones and tablets -----------------------------------------------------------------------


@pytest.fixture(params=[(360, 740), (390, 844), (768, 1024)], ids=str)
def touched(request: pytest.FixtureRequest, browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page on a device without a mouse."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True,
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    watch.on(page)
    yield page
    context.close()


def test_cause_and_effect_share_a_phones_screen(touched: Page, base: str) -> None:
    for address in (f"{base}/examples/mazur-2-2-2", create(base, [2, 3, 1])):
        touched.goto(address)
        for selector in ("#phase-on", "#step", ".network:visible a[data-part='node-1-0']"):
            with touched.expect_response(lambda answer: "/static/" not in answer.url):
                touched.locator(selector).tap()
            settled(touched)
            assert touched.evaluate(SCROLLS) == [False, False]
            seen = ("#loss", "#diagram", "#panel h2", "#phase-on", "#step", "#take-back")
            assert touched.evaluate(OUT_OF_VIEW, seen) == []
            assert touched.evaluate(SMALL_TARGETS, 44) == []
        assert measured(touched).text >= 12, "subscripts of formulas, too"
        parts = touched.locator(".network:visible :is(.errv, .share) .area")
        sizes = parts.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
        assert min(sizes) >= 44
        assert_axe_finds_nothing(touched)


@pytest.mark.parametrize("width", [320, 360])
def test_a_phones_sentence_has_its_numbers_and_its_acts_their_names(
    page: Page, base: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    for shape in ([2, 2, 2], [2, 3, 1], [2, 4, 4, 3]):
        page.goto(create(base, shape))
        heights = set()
        for _ in range(page.locator("#rail ol ol button").count() + 1):
            told, high, room = page.locator("#said").evaluate(
                "one => [one.innerText, one.scrollHeight, one.clientHeight]"
            )
            heights.add(room)
            assert high <= room, told
            press(page, "#phase-on")
        assert len(heights) == 1, "nothing below it moves"
        cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
        assert page.locator("#rail .whole, .dock").evaluate_all(cut) == []
    page.goto(base)
    press(page, "#step")
    line = "all => all.map(e => e.getBoundingClientRect()).map(b => b.y + b.height / 2)"
    middles = page.locator("#loss, #loss-after, #change, #spark").evaluate_all(line)
    assert max(middles) - min(middles) <= 4, "in one line"


@pytest.mark.parametrize("size", [(768, 1024), (360, 740)], ids=str)
def test_what_an_address_asks_for_is_seen(page: Page, base: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{base}?open=w1")
    assert page.evaluate(CUT) == 0
    expect(page.locator("#panel .steps, #panel .pending").first).to_be_in_viewport()
    expect(page.locator("#welcome")).to_be_hidden()


def test_a_phones_curve_and_run_come_out_of_the_sparkline(
    browser: Browser, base: str, watch: Watch
) -> None:
    context = browser.new_context(
        reduced_motion="reduce", viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}/examples/mazur-2-2-2")
    box = page.locator("#spark").bounding_box()
    press(page, "#step")
    expect(page.locator("#curve")).to_be_hidden()
    expect(page.locator("#spark")).to_have_text("Run")
    assert page.locator("#spark").bounding_box() == box
    low = "all => all.filter(e => e.getBoundingClientRect().height < 43).map(e => e.outerHTML)"
    assert page.locator("#headline a, #panel a").evaluate_all(low) == []
    page.click("#spark")
    expect(page.locator("#curve")).to_be_visible()
    page.fill("#run-count", "5")
    page.click("#run-go")
    expect(page.locator(".headline .step")).to_have_text("Step 6")
    assert_axe_finds_nothing(page)
    page.keyboard.press("Escape")
    expect(page.locator("#curve")).to_be_hidden()
    for size in ((360, 740), (740, 360)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.locator("#headline a").evaluate_all(MISSED) == [], size
    press(page, '#rail .whole[value="activation:2"]')
    expect(page.locator("#rail .act.forward.now")).to_have_count(1)
    context.close()


def test_a_window_too_low_for_all_scrolls(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 683, "height": 384})
    page.goto(base)
    assert page.evaluate(SCROLLS)[0] is False
    page.locator("#panel").scroll_into_view_if_needed()
    expect(page.locator("#panel")).to_be_in_viewport()
    page.set_viewport_size({"width": 341, "height": 192})
    assert page.evaluate(SCROLLS)[0] is False


@pytest.mark.parametrize("size", [(320, 256), (341, 192), (640, 360), (683, 384)])
def test_magnified_the_step_stays_in_view_and_so_does_the_error_where_there_is_room(
    page: Page, base: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(base)
    for moment in ("#loss", "#loss-after"):
        for part in (moment, "#step", "#take-back", "#phase-on"):
            expect(page.locator(part)).to_be_in_viewport(ratio=1)
            assert page.evaluate(COVERED, part) is False, part
        assert page.evaluate("scrollY") == 0
        press(page, "#step")
    page.evaluate("scrollTo(0, 150)")
    if size[1] > 320:
        for part in ("#loss-after", "#said", *(["#rail .act"] if size[1] > 340 else [])):
            for one in page.locator(part).all():
                expect(one).to_be_in_viewport(ratio=1)
    if size[0] >= 560:
        # On its side a page has the diagram beside the rest: all of it stays, whatever is opened.
        box = page.locator("#stage").bounding_box()
        assert box
        assert (box["x"], box["y"], box["height"]) == (0, 0, size[1])
        page.locator("a[data-part=node-1-0]:visible").click()
        expect(page.locator("#panel h2")).to_contain_text("h1")
        for part in ("#panel h2", "a[data-part=node-1-0]:visible", "#loss", "#step"):
            expect(page.locator(part)).to_be_in_viewport(ratio=1)
    else:
        # What stays covers a quarter of a very low page.
        assert page.evaluate(STAYS) <= 0.25 * size[1]
    for key in ["Shift+Tab"] * 2 + ["Tab"] * 12:
        page.keyboard.press(key)
        assert page.evaluate(COVERED, ":focus") is False, "what has the focus is seen"


# --- colours ----------------------------------------------------------------------------------


def test_forced_colours_tell_done_now_and_later_apart(
    browser: Browser, base: str, watch: Watch
) -> None:
    context = browser.new_context(reduced_motion="reduce", forced_colors="active")
    page = context.new_page()
    watch.on(page)
    page.goto(base)
    press(page, '#rail [value="delta:2"]')
    acts = page.locator("#rail .act").evaluate_all(
        "found => found.map(e => getComputedStyle(e).borderBottomStyle)"
    )
    assert acts == ["solid", "solid", "double", "dotted"]
    context.close()


def test_each_act_has_a_colour_of_its_own(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#step")
    colours = page.locator("#rail .act").evaluate_all(
        "found => found.map(e => getComputedStyle(e).borderBottomColor)"
    )
    assert len(colours) == len(set(colours)) == 4
