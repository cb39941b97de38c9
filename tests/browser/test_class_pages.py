"""What the pages of a class look like as it goes on, moves to another network, and ends."""

import re
from dataclasses import replace

from playwright.sync_api import Browser, Page, expect

from app.lab.examples import EXAMPLES
from app.lab.spec_json import spec_to_data
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import COLOURS, STILL, assert_axe_finds_nothing
from tests.browser.test_following import MARKED, OPEN, assert_same, opened
from tests.browser.test_lab import press
from tests.support import created

SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"
OVERLAP = """([one, other]) => {
  const [a, b] = [one, other].map(name => document.querySelector(name).getBoundingClientRect());
  const within = a.left >= 0 && a.top >= 0 && a.right <= innerWidth && a.bottom <= innerHeight;
  const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return !(within && apart);
}"""
# What is cut: at the window's sides, and of the diagram also at the end of its place.
CUT_OFF = """() => {
  const end = document.querySelector('#stage').getBoundingClientRect().bottom + 1;
  const parts = '.network :is(text, rect, circle), #asked *, #headline *';
  return [...document.querySelectorAll(parts)]
    .filter(one => one.checkVisibility() && !one.closest('.visually-hidden, .area, .hit'))
    .filter(one => {
      const {left, right, bottom} = one.getBoundingClientRect();
      return left < 0 || right > innerWidth || (one.closest('.network') && bottom > end);
    }).map(one => one.textContent || one.localName);
}"""
# What of the line with the error lies on another part of it.
ON_THE_SENTENCE = """() => {
  const [said, ...others] = ['#said', '#change', '#headline .after', '#headline .loss']
    .map(name => document.querySelector(name).getBoundingClientRect());
  return others.map(one => Math.min(said.right, one.right) - Math.max(said.left, one.left))
    .filter(over => over > 0);
}"""
# The widest code that there can be, and the address of a site with a long name.
WIDEST = """() => {
  document.querySelector('#join .code').textContent = 'WWW WWW';
  document.querySelector('#join .address').textContent = 'backprop.informatik.uni-example.de/join';
}"""
CUT_IN_JOIN = """() => {
  const box = document.querySelector('#join').getBoundingClientRect(), found = [];
  const lines = document.createRange();
  for (const one of document.querySelectorAll('#join > div *')) {
    lines.selectNodeContents(one);
    const {left, right, top, bottom} = (one.matches('img') ? one : lines).getBoundingClientRect();
    if (left < box.left || right > box.right || top < box.top || bottom > box.bottom)
      found.push(one.textContent || one.localName);
    if (one.matches('.code, .address') && lines.getClientRects().length > 1) found.push('broken');
  }
  const {width, height} = document.querySelector('#join img').getBoundingClientRect();
  if (Math.abs(width - height) > 1 || height < .2 * innerHeight) found.push([width, height]);
  return found;
}"""
OVER = re.compile("This class is over")
ANSWERS = ["up", "down", "stays as it is"]


def watching(teacher: Page, base: str) -> str:
    """The address to watch at, from the desk."""
    first = teacher.locator("#desk a").first
    expect(first).to_be_visible()
    return base + (first.get_attribute("href") or "").partition("?")[0]


def assert_good_everywhere(page: Page, projected: bool = False) -> None:
    """Nothing for axe in light and dark, and nothing sideways, small and large."""
    sizes = ((1280, 800), (800, 1000)) if projected else ((360, 740), (1366, 768))
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(STILL)
        assert_axe_finds_nothing(page)
        assert page.evaluate(SIDEWAYS)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(STILL)
    assert_axe_finds_nothing(page, COLOURS)
    page.emulate_media(color_scheme="light")


def visible(page: Page, names: str) -> list[str]:
    """The visible elements, each by its id or text."""
    return [
        one.evaluate("e => e.id || e.innerText")
        for one in page.locator(names).all()
        if one.is_visible()
    ]


def test_a_class_goes_on_with_another_network(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    code, network = opened(page, base)
    watched = watching(page, base)
    phone = browser.new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    laptop = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    projector = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    followers = (phone, laptop, projector)
    for one in followers:
        watch.on(one)
    phone.goto(watched)
    laptop.goto(watched)
    projector.goto(f"{watched}?view=present")
    press(page, "step")
    assert_same(page, *followers)
    laptop.dispatch_event("#network a[data-part] >> nth=3", "click")
    expect(laptop.locator("#panels[data-own]")).to_be_attached()
    assert laptop.evaluate(MARKED)
    page.click("#picker summary")
    assert_axe_finds_nothing(page)
    page.focus("#picker button[value$=han-kamber-3-2-1]")
    page.keyboard.press("Enter")
    expect(page.locator("#headline h1")).to_have_text("Han and Kamber 3-2-1")
    assert network not in page.url
    expect(page.locator("#desk .code")).to_have_text(code)
    expect(page.locator("#desk")).to_contain_text("The class now follows this network.")
    for one in followers:
        expect(one.locator("#said")).to_contain_text(
            "The class now follows another network: Han and Kamber 3-2-1.", timeout=30_000
        )
        expect(one.locator("#headline h1")).to_have_text("Han and Kamber 3-2-1")
        expect(one.locator(OPEN)).not_to_be_attached()
        expect(one.locator("#panels[data-own]")).not_to_be_attached()
        assert not one.evaluate(MARKED)
    assert_same(page, *followers)
    laptop.reload()
    assert_same(page, laptop)
    laptop.dispatch_event("#network a[data-part] >> nth=4", "click")
    expect(laptop.locator("#panels[data-own]")).to_be_attached()
    own = laptop.evaluate(MARKED)
    press(page, "step")
    assert_same(page, *followers)
    assert laptop.evaluate(MARKED) == own
    expect(laptop.locator("#panels[data-own]")).to_be_attached()
    expect(phone.locator("#said")).not_to_contain_text("another network")
    page.goto(f"{network}?desk=on")
    expect(page.locator("#desk")).to_contain_text("No class follows this network.")
    page.goto(f"{network}/room")
    assert_good_everywhere(page)


def test_a_question_leaves_the_way_to_join_in_view(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    _, network = opened(page, base)
    projector = browser.new_page(reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    page.goto(f"{network}/room")
    page.fill("[name=text]", "Which of these do you expect, and why do you expect it of them? " * 3)
    for number in range(1, 7):
        page.fill(f"[name=choice{number}]", f"the answer with number {number}")
    page.click("text=Ask this")
    expect(projector.locator("#asked h2")).to_be_visible(timeout=30_000)
    projector.evaluate(WIDEST)
    for width, height in ((1280, 800), (1920, 1080), (1366, 768), (1024, 768), (800, 1000)):
        projector.set_viewport_size({"width": width, "height": height})
        assert projector.evaluate(CUT_IN_JOIN) == [], (width, height)
        for shown in ("#join img", "#join .code", "#join .address", "#followers"):
            for over in ("#asked", "#answered"):
                assert not projector.evaluate(OVERLAP, [shown, over]), (width, shown, over)
        assert projector.evaluate(SIDEWAYS)
    assert_good_everywhere(projector, projected=True)
    projector.keyboard.press("c")
    expect(projector.locator("#join img")).to_be_hidden()
    for width, height in ((1920, 1080), (1024, 768), (800, 1000)):
        projector.set_viewport_size({"width": width, "height": height})
        for over in ("#asked", "#answered"):
            assert not projector.evaluate(OVERLAP, ["#stage", over]), (width, over)


def test_a_projector_shows_the_whole_diagram_beside_a_short_question(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    slow = EXAMPLES["afteracademy-2-2-2"].spec
    slow = replace(slow, optimizer=replace(slow.optimizer, learning_rate=0.06))
    _, network = opened(page, base, created(base, spec_to_data(slow)))
    projector = browser.new_page(reduced_motion="reduce")
    watch.on(projector)
    projector.goto(f"{watching(page, base)}?view=present")
    projector.keyboard.press("c")
    expect(projector.locator(".side")).to_have_css("visibility", "hidden")
    page.goto(f"{network}?desk=on")
    press(page, "step")
    assert_same(page, projector)
    expect(projector.locator("#change")).to_have_text(re.compile(r"−0\.\d\d\s%"))
    expect(projector.locator(".side")).to_have_css("visibility", "visible")
    sizes = ((1024, 768), (1280, 800), (1366, 768), (1920, 1080))
    for width, height in sizes:
        projector.set_viewport_size({"width": width, "height": height})
        assert projector.evaluate(ON_THE_SENTENCE) == [], width
        assert projector.evaluate(CUT_OFF) == [], width
    page.goto(f"{network}/room")
    page.fill("[name=text]", "Which way will w5 go?")
    for number, answer in enumerate(("up", "down", "it stays"), 1):
        page.fill(f"[name=choice{number}]", answer)
    page.click("text=Ask this")
    expect(projector.locator("#asked h2")).to_be_visible(timeout=30_000)
    for width, height in sizes:
        projector.set_viewport_size({"width": width, "height": height})
        assert projector.evaluate(CUT_OFF) == [], width
        assert not projector.evaluate(OVERLAP, ["#asked .choices", "#answered"])


def test_a_question_is_whole_and_leaves_the_diagram_its_room(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    """Five lines with four answers: nothing of it is cut where nobody scrolls, at any stage."""
    _, network = opened(page, base)
    watched = watching(page, base)
    projector, laptop, room = (browser.new_page(reduced_motion="reduce") for _ in range(3))
    for one in (projector, laptop, room):
        watch.on(one)
    projector.goto(f"{watched}?view=present")
    projector.keyboard.press("c")
    laptop.goto(watched)
    page.goto(f"{network}?desk=on")
    room.goto(f"{network}/room")
    room.fill("[name=text]", "Which of these do you expect, and why do you expect it of them? " * 5)
    for number in range(1, 5):
        room.fill(f"[name=choice{number}]", f"w{number} most, since its input is the largest one")
    room.select_option("[name=right]", "2")
    room.click("text=Ask this")
    buttons = "#desk .question > .bar"
    for stage in ("OPEN", "CLOSED", "REVEALED"):
        expect(page.locator("#desk .question button").last).to_be_visible(timeout=30_000)
        for one in (projector, laptop):
            expect(one.locator(f"#asked[data-stage={stage}]")).to_be_visible(timeout=30_000)
        for width, height in ((1024, 768), (1366, 768), (1920, 1080)):
            for one in (projector, laptop, page):
                one.set_viewport_size({"width": width, "height": height})
                shown = "#desk .question" if one is page else "#asked"
                cut = one.locator(shown).evaluate("e => e.scrollHeight - e.clientHeight")
                assert cut <= 0 or (one is page and width == 1024), (stage, width, cut)
                assert one.evaluate(SIDEWAYS)
                stage_box = one.locator("#stage").bounding_box()
                assert stage_box
                assert one is projector or stage_box["height"] >= 0.43 * height
            expect(page.locator(buttons)).to_be_in_viewport(ratio=1)
            if stage == "OPEN":
                answers = [one.bounding_box() for one in laptop.locator("#asked button").all()]
                assert len({round(one["width"]) for one in answers if one}) == 1, "even columns"
                assert not projector.evaluate(OVERLAP, ["#asked .choices", "#answered"])
        if stage != "REVEALED":
            page.click("#close-question" if stage == "OPEN" else "#reveal")
    page.goto(f"{network}?desk=on&view=present")
    expect(page.locator(buttons)).to_be_visible()
    for width, height in ((1024, 768), (1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(buttons)).to_be_in_viewport(ratio=1)
        expect(page.locator("#step")).to_be_in_viewport(ratio=1)
        assert page.evaluate(SIDEWAYS)
    assert_axe_finds_nothing(page)


def test_a_long_word_and_a_long_sentence_break_no_page(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    _, network = opened(page, base)
    sizes = ((360, 740), (820, 1180), (1366, 768))
    phone, tablet, projector = (
        browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": height})
        for width, height in sizes
    )
    watched = watching(page, base)
    for one in (phone, tablet, projector):
        watch.on(one)
        one.goto(f"{watched}?view=present" if one is projector else watched)
    for _ in range(6):
        press(page, "phase-on")
        said = page.locator("#said").inner_text()
        for one in (phone, tablet, projector):
            expect(one.locator("#said")).to_have_text(said, timeout=30_000)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            projector.set_viewport_size({"width": height, "height": width})
            for one in (phone, tablet, projector, page):
                assert one.locator("#said").evaluate("e => e.scrollHeight <= e.clientHeight")
    page.goto(f"{network}/room")
    page.fill("[name=text]", "x" * 300)
    for number in (1, 2):
        page.fill(f"[name=choice{number}]", f"{number}" * 80)
    page.select_option("[name=right]", "1")
    page.click("text=Ask this")
    for stage in ("", "revealed"):
        if stage:
            page.click(f"#stage-form button[value={stage}]")
        for one in (phone, tablet, projector):
            shown = one.locator(f"#asked[data-stage={stage.upper() or 'OPEN'}]")
            expect(shown).to_be_attached(timeout=30_000)
            assert one.evaluate(SIDEWAYS)
            assert shown.evaluate("e => e.scrollWidth <= e.clientWidth")
        assert page.evaluate(SIDEWAYS)
    page.goto(f"{network}?desk=on")
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("#desk .question")).to_be_visible()
        assert page.evaluate(SIDEWAYS)
        # The question takes no room from the diagram, and what drives stays at hand.
        assert page.locator("#step").is_visible()
        expect(page.locator("#step")).to_be_in_viewport()
        tablet.set_viewport_size({"width": width, "height": height})
        for one in (page, tablet) if width < 1024 else ():
            box = one.locator("#stage").bounding_box()
            assert box
            assert box["height"] >= 250


def test_a_class_that_is_over_says_so_and_nothing_is_left_of_it(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    _, network = opened(page, base)
    watched = watching(page, base)
    phone, projector = (browser.new_page(reduced_motion="reduce") for _ in range(2))
    for one in (phone, projector):
        watch.on(one)
    phone.goto(watched)
    projector.goto(f"{watched}?view=present")
    page.click("#ask summary")
    page.click("#proposals button >> nth=0")
    expect(phone.locator("#asked h2")).to_be_visible(timeout=30_000)
    phone.dispatch_event("#network a[data-part] >> nth=3", "click")
    expect(phone.locator("#panels[data-own] #panel .close")).to_be_visible()
    page.goto(f"{network}/room")
    page.click("form[action*='/room/end'] button")
    expect(page.locator("h1")).to_have_text("The class is over")
    expect(page.locator("main a.primary")).to_be_focused()
    assert_good_everywhere(page)
    for one in (phone, projector):
        expect(one.locator("#notice")).to_have_text(OVER, timeout=30_000)
        expect(one.locator("#asked h2")).to_have_count(0)
    for gone in ("#join", "#answered", "#followers"):
        expect(projector.locator(gone)).to_have_count(0)
    assert_good_everywhere(projector, projected=True)
    assert_good_everywhere(phone)
    assert visible(phone, "#main button:not([data-copy]), #main input, #panels a") == []
    expect(phone.locator("#notice")).to_be_in_viewport()
    assert phone.locator("#main a[href^='?']").count() == 0
    phone.reload()
    expect(phone.locator("h1")).to_have_text("No such class")
    assert_good_everywhere(phone)
    assert [error for error in watch.errors if "404" not in error] == []
    watch.errors.clear()  # Chromium logs every 404
    page.goto(f"{network}/room")
    expect(page.locator("h1")).to_have_text("Let a class follow?")
    assert_good_everywhere(page)


def test_the_pages_of_a_class_print(browser: Browser, page: Page, base: str, watch: Watch) -> None:
    """The network and its question; nothing to press, and no way in."""
    _, network = opened(page, base)
    watched = watching(page, base)
    sheet = browser.new_page(reduced_motion="reduce", viewport={"width": 700, "height": 1000})
    watch.on(sheet)
    page.click("#ask summary")
    page.click("#proposals button >> text=w5")
    expect(page.locator("#desk .question")).to_be_visible()
    for address in (watched, f"{watched}?view=present"):
        sheet.goto(address)
        sheet.emulate_media(media="print")
        answers = sheet.locator("#asked .choices > *")
        assert [one.inner_text() for one in answers.all() if one.is_visible()] == ANSWERS
        sheet.emulate_media(media="screen")
    page.click("#stage-form button >> text=Reveal")
    expect(page.locator("#desk .question .histogram")).to_be_visible()
    for address in (watched, f"{watched}?view=present"):
        sheet.goto(address)
        sheet.emulate_media(media="print")
        for shown in ("#network", "#asked h2", ".histogram", "#headline"):
            expect(sheet.locator(shown)).to_be_visible()
        assert visible(sheet, "button, summary, input, #join, #toolbar, #followers") == []
        assert sheet.evaluate(SIDEWAYS)
        assert sheet.evaluate(CUT_OFF) == []
        assert len(re.findall(rb"/Type\s*/Page\b", sheet.pdf(format="A4"))) <= 2
        sheet.emulate_media(media="screen")
    page.emulate_media(media="print")
    assert visible(page, "#desk, #ask, #main button") == []
    page.goto(f"{network}/room")
    assert visible(page, "#main button, #main input:not([type=hidden]), #main select") == []
    for shown in (".code", "img", ".histogram"):
        expect(page.locator(f".desk {shown}")).to_be_visible()


def test_a_class_is_led_and_followed_by_keyboard(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    code, network = opened(page, base)
    phone = browser.new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    watch.on(phone)
    phone.goto(f"{base}/join")
    expect(phone.locator("#code")).to_be_focused()
    phone.keyboard.type(code)
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"{base}/watch/*")

    def reach(one: Page, name: str) -> None:
        """Go on with Tab until an element has the focus, whose ring can be seen."""
        for _ in range(80):
            if one.evaluate("name => document.activeElement.matches(name)", name):
                assert (
                    one.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                )
                return
            one.keyboard.press("Tab")
        raise AssertionError(name)

    first = page.locator("#proposals button").first
    page.goto(f"{network}?view=present&desk=on")
    expect(page.locator("#desk .code")).to_be_visible()
    page.keyboard.press("q")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ask summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    expect(page.locator("#ask[open]")).to_be_attached()
    expect(page.locator("#headline-step")).to_have_text("Step 0")
    page.keyboard.press("Enter")
    expect(page.locator("#close-question")).to_be_focused()
    expect(phone.locator("#asked h2")).to_be_visible(timeout=30_000)
    reach(phone, "#asked .choices :is(button, input)")
    if phone.locator("#your-number").count():
        phone.keyboard.type("0.5")
    phone.keyboard.press("Enter")
    expect(phone.locator("#own-answer b")).to_contain_text("Your answer")
    # Each command at the desk leads on to the next.
    for after in ("#reveal", "#go-on", "#ask-class"):
        page.keyboard.press("Enter")
        expect(page.locator(after)).to_be_focused()
    expect(page.locator("#headline-step")).to_have_text("Step 0")
    expect(phone.locator(".histogram")).to_be_visible(timeout=30_000)
    reach(phone, "#toolbar button")
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"{base}/networks/*")
    page.goto(f"{network}/room")
    reach(page, "form[action*='/room/end'] button")
    page.keyboard.press("Enter")
    expect(page.locator("main a.primary")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(network)


def test_the_projectors_page_does_not_know_where_it_was_opened(page: Page, base: str) -> None:
    opened(page, base)
    with page.expect_popup() as opening:
        page.click("#desk >> text=Page for the projector")
    projector = opening.value
    projector.wait_for_url("**/watch/**")
    assert projector.evaluate("document.referrer") == ""
