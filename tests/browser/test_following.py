"""A class follows in real windows: a teacher, a phone, a laptop, a projector, no script."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_accessibility import assert_axe_finds_nothing
from tests.browser.test_lab import press
from tests.line import Line
from tests.support import created, server
from tests.valkey_server import key_server

# A projector's drawing may have room for a word more.
DIGITS = """() => [...document.querySelectorAll('#network .figures [id]')]
  .map(one => one.id + one.textContent.replace('net ', '')).join()"""
MARKS = "() => document.querySelector('#marks').outerHTML"
MARKED = "() => [...document.querySelectorAll('#marks .mark')].map(one => one.dataset.part).join()"
OPEN = "#panel:not([data-open=''])"


SLOW = {
    "layers": [8, 16, 8],
    "activations": ["tanh", "tanh"],
    "samples": [{"inputs": [n / 50] * 8, "targets": [0.5] * 8} for n in range(50)],
    "batch": {"size": "full", "reduction": "mean"},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
"""A network whose long runs take a minute."""


def opened(page: Page, base: str, address: str = "") -> tuple[str, str]:
    """The code of a new room, and its network's page; Mazur's unless an ``address`` is given."""
    page.goto(f"{address or f'{base}/examples/mazur-2-2-2'}?view=present")
    page.click("#present a[href*='/room']")
    page.click("button.primary")
    code = page.locator("#desk .code")
    expect(code).to_have_text(re.compile(r"^[3-9A-Y]{3} [3-9A-Y]{3}$"))
    return code.inner_text(), page.url.partition("?")[0]


def assert_same(teacher: Page, *followers: Page) -> None:
    """All windows show the same digits."""
    digits = teacher.evaluate(DIGITS)
    for follower in followers:
        follower.wait_for_function(f"digits => ({DIGITS})() === digits", arg=digits)


def test_a_class_follows(browser: Browser, page: Page, base: str, watch: Watch) -> None:
    code, network = opened(page, base)
    sizes = ((360, 740, "dark"), (1280, 800, "light"), (1920, 1080, "light"))
    followers = [
        browser.new_page(
            reduced_motion="reduce",
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        for width, height, scheme in sizes
    ]
    phone, laptop, projector = followers
    for one in followers:
        watch.on(one)
    phone.goto(f"{base}/join")
    assert_axe_finds_nothing(phone)
    expect(phone.locator("#code")).to_be_focused()
    phone.keyboard.type(code.lower())
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile(rf"^{base}/watch/[\w-]{{24}}$"))
    laptop.goto(phone.url)
    projector.goto(f"{phone.url}?view=present")
    for one in followers:
        assert network not in one.content()

    for button in ("step", "phase-on", "phase-on", "take-back", "step"):
        press(page, button)
        assert_same(page, *followers)
    said = page.locator("#said").inner_text()
    expect(phone.locator("#said")).to_have_text(said)
    page.dispatch_event("#network a[data-part] >> nth=1", "click")
    expect(page.locator(OPEN)).to_be_attached()
    for one in followers:
        expect(one.locator(OPEN)).to_be_attached(timeout=30_000)
        assert one.evaluate(MARKS) == page.evaluate(MARKS)
    # Whatever way the desk comes to show something, the class shows the same.
    first = page.locator("#panel").get_attribute("data-open")
    page.dispatch_event("#network a[data-part] >> nth=3", "click")
    expect(page.locator(f"#panel:not([data-open='{first}'])")).to_be_attached()
    then = page.locator("#panel").get_attribute("data-open")
    ways = (
        (page.go_back, first),
        (page.go_forward, then),
        (page.go_back, first),
        (page.reload, first),
    )
    for turn, shown in ways:
        turn()
        for one in (page, *followers):
            expect(one.locator(f"#panel[data-open='{shown}']")).to_be_attached(timeout=30_000)
            assert one.evaluate(MARKED) == page.evaluate(MARKED)
        assert_same(page, *followers)
    for one in followers:
        assert_axe_finds_nothing(one)
        assert one.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_axe_finds_nothing(page)
    stage = laptop.locator("#stage").bounding_box()
    assert stage
    assert stage["height"] > 500

    expect(projector.locator("#followers")).to_have_text("2 follow", timeout=30_000)
    expect(projector.locator("#join .code")).to_be_visible()
    projector.keyboard.press("c")
    expect(projector.locator("#join .code")).to_be_hidden()
    controls = projector.locator("#main a[href]:visible:not(.printed a), #main button:visible")
    assert controls.count() == 0

    laptop.dispatch_event("#network a[data-part] >> nth=3", "click")
    expect(laptop.locator("#panels[data-own]")).to_be_attached()
    own, own_marks = laptop.locator("#panel h2").inner_text(), laptop.evaluate(MARKED)
    assert own_marks != page.evaluate(MARKED)
    press(page, "step")
    assert_same(page, *followers)
    assert laptop.evaluate(MARKED) == own_marks
    assert phone.evaluate(MARKED) == page.evaluate(MARKED)
    shown = phone.locator("#panel h2").inner_text()
    assert laptop.locator("#panel h2").inner_text() == own != shown
    laptop.click("#panel .close")
    expect(laptop.locator("#panel h2")).to_have_text(shown, timeout=30_000)
    assert laptop.evaluate(MARKED) == page.evaluate(MARKED)
    press(page, "step")
    assert_same(page, *followers)
    assert laptop.evaluate(MARKS) == page.evaluate(MARKS)

    phone.click("#toolbar button")
    phone.click("#welcome a")
    assert_same(page, *followers)

    page.goto(f"{network}/room")
    assert_axe_finds_nothing(page)
    page.click("form[action*='/room/end'] button")
    for one in followers:
        expect(one.locator("#notice")).to_have_text(
            re.compile("This class is over"), timeout=30_000
        )
    expect(phone.locator("#toolbar")).to_have_text("Open the lab")


def test_the_desk_says_when_the_class_sees_another_view(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    code, network = opened(page, base)
    phone = browser.new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    watch.on(phone)
    phone.goto(f"{base}/j/{code.replace(' ', '')}")
    page.goto(f"{network}?desk=on")
    page.dispatch_event("#network a[data-part] >> nth=1", "click")
    expect(phone.locator(OPEN)).to_be_attached()
    told = page.locator("#desk form", has_text="The class sees another view.")
    expect(told).to_have_count(0)
    page.goto(f"{network}?desk=on")
    expect(told).to_be_visible()
    expect(phone.locator(OPEN)).to_be_attached()
    told.locator("button").click()
    expect(phone.locator(OPEN)).not_to_be_attached()
    expect(page.locator("#desk .code")).to_have_text(code)
    expect(told).to_have_count(0)
    page.dispatch_event("#network a[data-part] >> nth=1", "click")
    expect(phone.locator(OPEN)).to_be_attached()
    page.go_back()
    expect(page.locator(OPEN)).not_to_be_attached()
    # A page that the script itself brings back turns the class's page; another one says so.
    page.wait_for_function("() => document.querySelector('#desk .code')")
    if told.count():
        told.locator("button").click()
    expect(phone.locator(OPEN)).not_to_be_attached()


def test_a_desk_is_told_of_a_run_that_another_window_began(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    opened(page, base, created(base, SLOW))
    other = browser.new_page(reduced_motion="reduce")
    watch.on(other)
    other.goto(page.url)
    page.fill("#run-count", "500000")
    page.click("#run-go")
    goes_on = "A run from another window goes on, and the class sees it."
    expect(other.locator("#desk")).to_contain_text(goes_on)
    expect(page.locator("#desk")).not_to_contain_text(goes_on)
    page.click("#run-stop")
    expect(other.locator("#desk")).to_contain_text("The class sees another moment.")
    expect(page.locator("#desk")).not_to_contain_text("another moment")


def test_a_line_that_dies_without_a_word_is_noticed(
    browser: Browser, page: Page, base: str, watch: Watch
) -> None:
    opened(page, base)
    href = page.locator("#desk a").first.get_attribute("href") or ""
    line, phone = Line(base), browser.new_page(reduced_motion="reduce")
    logged: list[str] = []
    phone.on("console", lambda message: logged.append(message.text))
    phone.clock.install()
    # What cannot be had at first is asked for again.
    phone.route("**/events*", lambda route: route.fulfill(status=503), times=1)
    phone.goto(line.base + href.partition("?")[0])
    notice = phone.locator("#notice")
    expect(notice).to_have_text("Connection lost. Reconnecting…")
    phone.clock.fast_forward(5_000)
    expect(notice).to_be_empty()
    line.stall()
    press(page, "step")
    phone.clock.fast_forward(2_000)
    expect(notice).to_be_empty()
    phone.clock.fast_forward(8_000)
    expect(notice).to_have_text("Connection lost. Reconnecting…")
    phone.clock.fast_forward(12_000)
    page.click("#ask-class")
    page.click("#proposals button >> nth=0")
    line.mend()
    phone.click("#asked button >> nth=0")
    expect(phone.locator("#own-answer b")).to_be_visible()
    pressed = phone.locator("#asked [aria-pressed=true]")
    answer = phone.locator("#asked button >> nth=0").inner_text()
    line.cut()
    # What is pressed now is not taken, and the phone says so until it is.
    phone.click("#asked button >> nth=1")
    own = phone.locator("#own-answer")
    expect(own).to_contain_text("The server has not confirmed this answer")
    watching = phone.url
    phone.click("#toolbar form button")
    expect(notice).to_be_visible()
    phone.clock.fast_forward(12_000)
    expect(notice).to_have_text("Connection lost. Reconnecting…")
    assert phone.url == watching, "whoever cannot step out stays"
    line.mend()
    press(page, "step")
    assert_same(page, phone)
    expect(notice).to_be_empty()
    expect(own).to_contain_text("to be sure, send it again")
    # What the server has of it, the phone then asks by itself.
    phone.clock.fast_forward(3_000)
    expect(own.locator("b")).to_have_text(f"Your answer: {answer}.")
    expect(own).not_to_contain_text("send it again")
    expect(pressed).to_have_text(answer)
    assert_desk_says_that_it_is_alone(page)
    assert {one.rpartition(": ")[0] for one in watch.errors} == {"error: Failed to load resource"}
    watch.errors.clear()  # Chromium says it of the desk's request, too
    # What Chromium itself says of requests that failed nobody can help.
    assert [one for one in logged if not one.startswith("Failed to load resource")] == []


def assert_desk_says_that_it_is_alone(page: Page) -> None:
    """The desk says that its server is out of reach, once, and no more when it is back."""
    page.route("**/room?*", lambda route: route.abort())
    notice = page.locator("#notice")
    expect(notice).to_have_text(re.compile("nothing you do here reaches your class"))
    page.unroute("**/room?*")
    expect(notice).to_be_empty()


def test_where_the_store_hangs_all_pages_say_so_keep_what_they_show_and_go_on(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        key_server(tmp_path / "valkey") as keys,
        server(tmp_path / "data", TAKEBACK_STORE=keys.url) as base,
    ):
        desk, phone, projector = (browser.new_page(reduced_motion="reduce") for _ in range(3))
        opened(desk, base)
        watching = desk.locator("#desk a").first.get_attribute("href") or ""
        phone.goto(base + watching.partition("?")[0])
        projector.goto(base + watching)
        expect(desk.locator("#desk")).to_contain_text("1 follows")
        code = desk.locator("#desk .code").inner_text()
        keys.hang()
        desk.click("#step")
        expect(desk.locator("#notice")).to_contain_text("Storage unavailable")
        for one, said in (
            (desk, "nothing you do here reaches your class"),
            (projector, "Connection lost"),
            (phone, "Connection lost"),
        ):
            expect(one.locator("#notice")).to_contain_text(said, timeout=9_000)
        expect(desk.locator("#desk .code")).to_have_text(code)
        expect(projector.locator("#join .code")).to_have_text(code)
        keys.wake()
        for one in (desk, phone, projector):
            expect(one.locator("#notice")).to_be_empty(timeout=9_000)
        press(desk, "step")
        for one in (phone, projector):
            assert_same(desk, one)
        expect(desk.locator("#desk")).to_contain_text("1 follows")


def test_without_script_there_is_a_link_to_the_newest_state(
    browser: Browser, page: Page, base: str
) -> None:
    opened(page, base)
    watching = page.locator("#desk a").first.get_attribute("href")
    assert watching
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(base + watching.partition("?")[0])
    expect(plain.locator("#headline-step")).to_have_text("Step 0")
    press(page, "step")
    plain.click("#toolbar a")
    expect(plain.locator("#headline-step")).to_have_text("Step 1")
    assert plain.evaluate(DIGITS) == page.evaluate(DIGITS)
    plain.click("#headline a >> nth=0")
    expect(plain.locator("#panels[data-own] h2")).to_be_visible()
    plain.click("#toolbar button")
    plain.click("#welcome a")
    expect(plain.locator("#headline-step")).to_have_text("Step 1")
    context.close()
