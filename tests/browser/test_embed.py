"""Frames on pages of another site, in every sandbox that hosts put them into."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page, expect

from app.web.pages.share import PRESETS
from tests.browser.answers import settled
from tests.browser.conftest import Watch
from tests.support import ROOT

HEIGHTS = (ROOT / "docs/embedding.md").read_text()
ALL = "step,take-back,redo,reset,forward,rate,run,phases,samples,panel,numbers,edit,curve"
HEAD = '<title>x</title><link rel="icon" href="data:,">'
SANDBOXES = {
    "none": None,
    "wordpress": "allow-scripts",
    "usual": "allow-scripts allow-same-origin allow-forms",
    "forms": "allow-forms",
    "tinymce": "",
}


class Quiet(SimpleHTTPRequestHandler):
    """A host that does not write to the terminal."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site: its address and its directory."""
    directory = tmp_path_factory.mktemp("site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Another host name and another port than the program's.
    yield f"http://localhost:{server.server_port}", directory
    server.shutdown()
    server.server_close()


class Host(Protocol):
    """Opens a page of the other site with a frame in it."""

    def __call__(self, path: str, sandbox: str | None, watch: Watch | None = None) -> Frame: ...


@pytest.fixture
def elsewhere(browser: Browser) -> Page:
    """A page that may be on any host."""
    return browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")


@pytest.fixture
def host(site: tuple[str, Path], base: str, elsewhere: Page) -> Host:
    """Opens a page of the other site with a frame in it, and returns the frame."""
    address, directory = site

    def opened(path: str, sandbox: str | None, watch: Watch | None = None) -> Frame:
        if watch:
            watch.on(elsewhere)
        attribute = "" if sandbox is None else f' sandbox="{sandbox}"'
        html = f'<iframe src="{escape(base + path)}" width="760" height="640"{attribute}></iframe>'
        (directory / "page.html").write_text(f"<!doctype html>{HEAD}{html}")
        elsewhere.goto(f"{address}/page.html?{time.monotonic_ns()}")
        frame = elsewhere.query_selector("iframe").content_frame()  # type: ignore[union-attr]
        assert frame is not None
        frame.wait_for_selector(".network:visible")
        return frame

    return opened


@pytest.mark.parametrize("sandbox", SANDBOXES.values(), ids=SANDBOXES)
def test_the_first_picture_is_whole_everywhere(host: Host, base: str, sandbox: str | None) -> None:
    frame = host("/embed/examples/mazur-2-2-2?phase=updated", sandbox)
    expect(frame.locator("#loss")).to_have_text("0.298371")
    expect(frame.locator("#network .delta")).to_have_count(4)
    box = frame.locator(".network:visible").bounding_box()
    assert box is not None
    assert box["width"] > 500
    expect(frame.locator("#headline-step")).to_have_css("border-top-width", "1px")
    address = frame.locator("#whereabouts .address").inner_text()
    assert address.startswith(f"{base}/at/1")


@pytest.mark.parametrize("name", ["none", "wordpress", "usual"])
def test_where_scripts_run_everything_works_within_the_frame(
    host: Host, base: str, name: str
) -> None:
    watch = Watch()
    frame = host(f"/embed/examples/mazur-2-2-2?controls={ALL}", SANDBOXES[name], watch)
    expect(frame.locator("#diagram")).to_have_attribute("data-phase", "start")
    for count in (1, 2):
        frame.locator("#step").click()
        expect(frame.locator(".headline .step")).to_have_text(f"Step {count}")
    frame.locator(".network:visible a.node.hidden").first.click()
    expect(frame.locator("#panel h2")).to_be_visible()
    frame.locator("#take-back").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 1")
    expect(frame.locator("#panel h2")).to_be_visible()
    frame.locator("#rate").fill("0.25")
    frame.locator("#rates summary").click()
    frame.locator("#set-rate").click()
    expect(frame.locator("#said")).to_contain_text("0.25")
    frame.locator("#phase-on").click()
    expect(frame.locator("#diagram")).to_have_attribute("data-phase", "pre_activation:1")
    frame.locator("#step").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 2")
    frame.locator("#run-count").fill("12")
    frame.locator("#run-go").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 14")
    expect(frame.locator("#run")).not_to_have_attribute("data-running", "")
    frame.locator("#rate").fill("fast")
    frame.locator("#rates summary").click()
    frame.locator("#set-rate").click()
    expect(frame.locator("#notice")).to_contain_text("must be a number")
    refused = [error for error in watch.errors if "422" in error]
    assert watch.errors == refused
    assert len(refused) == 1
    watch.off(frame.page)


def test_where_only_forms_are_let_through_they_work(host: Host) -> None:
    frame = host("/embed/examples/mazur-2-2-2?controls=step,phases", "allow-forms")
    frame.locator("#step").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 1")
    frame.locator("#step").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 2")
    assert "/embed/networks/" in frame.url
    assert frame.url.endswith("?controls=step,phases")
    expect(frame.locator("#rail")).to_be_visible()
    expect(frame.locator("#panel")).to_have_count(0)


def test_a_frame_links_to_the_moment_it_shows(host: Host, base: str) -> None:
    frame = host("/embed/examples/mazur-2-2-2", None)
    frame.locator("#step").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 1")
    with frame.page.context.expect_page() as opened:
        frame.locator("#whereabouts a").click()
    there = opened.value
    expect(there.locator(".headline .step")).to_have_text("Step 1")
    expect(there.locator("header.site")).to_be_visible()
    loss = frame.locator("#loss-after").get_attribute("value")
    expect(there.locator("#loss-after")).to_have_attribute("value", str(loss))


@pytest.mark.parametrize("width", [360, 760])
def test_a_frame_is_accessible_and_fits(browser: Browser, base: str, width: int) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": width, "height": 640})
    page = context.new_page()
    for query in (f"?controls={ALL}&phase=updated&open=w5&theme=dark", "?phase=forward"):
        page.goto(f"{base}/embed/examples/mazur-2-2-2{query}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


LISTENER = """<script>
window.told = [];
addEventListener("message", ({ data, source }) => {
  told.push(data);
  for (const frame of document.querySelectorAll("iframe"))
    if (data?.takeback && frame.contentWindow === source) frame.height = data.takeback.height;
});
</script>"""
STEPPER = "controls=step,take-back,phases,samples,panel"


@pytest.fixture
def slide(site: tuple[str, Path], base: str, elsewhere: Page) -> Callable[[int], Page]:
    """Opens a page of the other site that gives a frame so many pixels, and as high as it asks."""
    address, directory = site

    def opened(width: int) -> Page:
        source = f"{base}/embed/examples/mazur-2-2-2?{STEPPER}"
        frame = f'<iframe src="{escape(source)}" width="{width}" height="100"></iframe>'
        (directory / "slide.html").write_text(f"<!doctype html>{HEAD}{LISTENER}{frame}")
        elsewhere.goto(f"{address}/slide.html")
        elsewhere.frame_locator("iframe").locator("#step").wait_for()
        return elsewhere

    return opened


@pytest.mark.parametrize("width", [360, 560, 700, 1000])
def test_a_frame_is_as_high_as_it_asks_and_explains_over_its_diagram(
    slide: Callable[[int], Page], width: int
) -> None:
    page = slide(width)
    element = page.query_selector("iframe")
    assert element is not None
    frame = element.content_frame()
    assert frame is not None
    page.wait_for_function("() => document.querySelector('iframe').height > 100")
    scrolls = """() => [document.documentElement.scrollWidth > innerWidth,
      document.documentElement.scrollHeight > innerHeight]"""
    assert frame.evaluate(scrolls) == [False, False]
    frame.locator("#step").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 1")
    drawn = frame.locator("#diagram").bounding_box()
    frame.locator("#moved-1, #loss-after").first.click()
    expect(frame.locator("#panel h2")).to_be_in_viewport()
    assert frame.locator("#diagram").bounding_box() == drawn
    settled(frame)
    frame.wait_for_function(f"() => !({scrolls})().includes(true)")
    frame.locator("#take-back").click()
    expect(frame.locator(".headline .step")).to_have_text("Step 0")
    told = page.evaluate("told")
    heights = {one["takeback"]["height"] for one in told if "takeback" in one}
    assert heights
    assert {one["height"] for one in told if one.get("subject") == "lti.frameResize"} == heights
    sizes = {one["scrollHeight"] for one in told if one.get("action") == "resize"}
    assert sizes == heights


@pytest.mark.parametrize("width", [360, 560])
def test_a_sheet_takes_the_height_that_a_frame_has_to_spare(
    page: Page, base: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 760})
    page.goto(f"{base}/embed/examples/mazur-2-2-2?{STEPPER}&phase=updated")
    low = page.evaluate("document.body.offsetHeight")
    page.locator("#loss-after").click()
    expect(page.locator("#panel h2")).to_be_in_viewport()
    boxes = [page.locator(one).bounding_box() for one in (".side", ".stage", "#whereabouts")]
    side, stage, foot = (box or pytest.fail("not there") for box in boxes)
    assert side["height"] >= 280 if width == 360 else 300
    assert side["y"] - stage["y"] >= 120, "the diagram is seen, too"
    assert foot["y"] + foot["height"] > 720, "nothing below is empty"
    assert page.evaluate("document.documentElement.scrollHeight") == 760
    page.keyboard.press("Escape")
    expect(page.locator("#panel h2")).to_be_hidden()
    assert page.evaluate("document.body.offsetHeight") == low


@pytest.mark.parametrize("preset", ["figure", "stepper", "usual", "lab"])
def test_the_heights_that_are_told_hold_all(page: Page, base: str, preset: str) -> None:
    table = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", HEIGHTS, re.M)
    assert len(table) == 4
    query = f"?controls={','.join(PRESETS[preset][0])}" if preset != "usual" else ""
    for row in table:
        width, *told = map(int, row)
        height = told[["figure", "stepper", "usual", "lab"].index(preset)]
        page.set_viewport_size({"width": width, "height": 200})
        page.goto(f"{base}/embed/examples/afteracademy-2-2-2{query}")
        needed = page.evaluate("document.documentElement.scrollHeight")
        assert height - 20 <= needed <= height, width
        assert preset == "usual" or needed <= PRESETS[preset][1]


def test_escape_gives_the_keys_back_to_the_slides(slide: Callable[[int], Page]) -> None:
    page = slide(700)
    page.frame_locator("iframe").locator("#step").click()
    page.frame_locator("iframe").locator("#loss-after").click()
    expect(page.frame_locator("iframe").locator("#panel h2")).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == "iframe"
    page.keyboard.press("Escape")
    expect(page.frame_locator("iframe").locator("#panel h2")).to_be_hidden()
    assert page.evaluate("document.activeElement.localName") == "iframe"
    settled(page.frames[-1])
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.hasFocus() && document.activeElement === document.body")


@pytest.mark.parametrize(("preset", "gone"), [("figure", "#step"), ("stepper", "#run")])
def test_the_dialog_shows_the_frame_live(page: Page, base: str, preset: str, gone: str) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    page.locator("#share summary").click()
    page.locator(f"#share [value={preset}]").check()
    live = page.frame_locator("#share-preview")
    expect(live.locator(".network:visible")).to_be_visible()
    expect(live.locator(gone)).to_have_count(0)
    assert page.locator("#share-snippet").input_value().count("<script>") == 1


# --- the dialog -------------------------------------------------------------------------------


def test_a_link_is_shared_and_opened_in_a_private_window(
    page: Page, base: str, browser: Browser
) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2?notation=z")
    page.locator("#step").click()
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    page.locator(".network:visible a.node.hidden").first.click()
    expect(page.locator("#panel .close")).to_be_visible()
    page.locator("#share summary").click()
    link = page.locator("#share-link")
    expect(link).to_be_visible()
    shared = link.input_value()
    assert shared.startswith(f"{base}/at/1")
    assert "notation=z" in shared
    assert "open=" in shared
    page.locator("#share [value=own]").check()
    page.locator("#share [value=curve]").check()
    expect(page.locator("#share-snippet")).to_have_value(re.compile("panel,curve"))
    assert Axe().run(page, {"include": ["#share"]}).violations_count == 0
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    private = browser.new_context(reduced_motion="reduce")
    other = private.new_page()
    other.goto(shared)
    for element in ("#loss", "#loss-after", "#answer"):
        value = page.locator(element).get_attribute("value")
        assert value
        expect(other.locator(element)).to_have_attribute("value", value)
    other.locator("#step").click()
    expect(other.locator(".headline .step")).to_have_text("Step 2")
    private.close()


def test_a_step_closes_the_dialog(page: Page, base: str) -> None:
    page.goto(base)
    page.locator("#share summary").click()
    expect(page.locator("#share-link")).to_be_visible()
    page.locator("#step").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    expect(page.locator("#share-link")).to_have_count(0)
    page.locator("#share summary").click()
    expect(page.locator(".sharing h1")).to_have_text("Share step 1")
