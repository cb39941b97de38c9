"""What a step sends makes the very picture that a page loaded anew shows, pixel by pixel."""

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import press, settled

COMMANDS = ("step", "step", "step", "phase-on", "phase-on", "step", "step", "take-back", "redo")
FEWER = ("step", "step", "phase-on", "take-back")
PAGES = (
    ("/examples/mazur-2-2-2", COMMANDS),
    ("/examples/afteracademy-2-2-2?theme=dark", FEWER),
    ("/examples/han-kamber-3-2-1", COMMANDS),
    ("/examples/mazur-2-2-2?open=w5", FEWER), ("/examples/mazur-2-2-2?edit=on&digits=8", FEWER),
    ("/examples/mazur-2-2-2?check=on&notation=z", FEWER),
    ("/examples/han-kamber-3-2-1?scale=log&theme=dark", FEWER),
    ("/examples/mazur-2-2-2?pictures=distributions", FEWER),
)  # fmt: skip


def pixels(page: Page) -> bytes:
    """The page as a picture, without circles, what was said last, the focus and the pointer."""
    page.mouse.move(0, 0)
    page.evaluate(
        "() => { document.activeElement.blur();"
        " document.getElementById('said').textContent = '.';"
        # Round corners get another shade where a part alone was painted anew.
        " const square = new CSSStyleSheet();"
        " square.replaceSync('* { border-radius: 0 !important; outline: 0 !important;"
        " shape-rendering: crispEdges !important } circle { visibility: hidden !important }');"
        " document.adoptedStyleSheets = [square];"
        # All is painted anew, as on a page that is loaded.
        " document.body.hidden = true; document.body.offsetHeight; document.body.hidden = false; }"
    )
    return page.screenshot(full_page=True, animations="disabled", scale="css")


DIFFERING = """async (pictures) => {
  const drawn = await Promise.all(pictures.map(async (text) => {
    const picture = new Image();
    picture.src = "data:image/png;base64," + text;
    await picture.decode();
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    pen.drawImage(picture, 0, 0);
    const all = pen.getImageData(0, 0, picture.width, picture.height);
    return [picture.width, picture.height, all.data];
  }));
  const [[width, height, one], [otherWidth, otherHeight, other]] = drawn;
  if (width !== otherWidth || height !== otherHeight) return "sizes";
  for (let i = 0; i < one.length; i++) {
    if (Math.abs(one[i] - other[i]) > 0) return [(i / 4) % width, i / 4 / width].map(Math.floor);
  }
  return null;
}"""
"""Where two pictures differ."""

# Chromium draws a circle's rim in one of two ways, so circles are compared by what they are.
CIRCLES = """() => [...document.querySelectorAll("circle")].filter(e =>
  e.checkVisibility()).map(e => {
  const { stroke, fill, strokeWidth, strokeDasharray, opacity } = getComputedStyle(e);
  const { x, y, width } = e.getBoundingClientRect();
  return [x, y, width, stroke, fill, strokeWidth, strokeDasharray, opacity].join(" ");
})"""


def difference(page: Page, one: bytes, other: bytes) -> object:
    """Where two pictures differ; None if they do not."""
    if one == other:
        return None
    with_script = page.context.new_page()
    texts = [base64.b64encode(picture).decode() for picture in (one, other)]
    found: object = with_script.evaluate(DIFFERING, texts)
    with_script.close()
    return found


@pytest.mark.parametrize(("path", "commands"), PAGES)
def test_a_page_after_a_command_looks_as_one_that_is_loaded(
    page: Page, base: str, path: str, commands: tuple[str, ...]
) -> None:
    page.goto(base + path)
    for number, command in enumerate(commands, start=1):
        press(page, f"#{command}")
        expect(page.locator("#state [name=version]")).to_have_value(str(number))
        shown, circles = pixels(page), page.evaluate(CIRCLES)
        page.reload()
        assert page.evaluate(CIRCLES) == circles, (number, command)
        assert difference(page, pixels(page), shown) is None, (number, command)


def test_a_step_is_a_small_answer(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    sizes = []
    for number in (1, 2):
        with page.expect_response(lambda answer: answer.request.method == "POST") as caught:
            page.click("#step")
        settled(page)
        expect(page.locator("#state [name=version]")).to_have_value(str(number))
        sizes.append(len(caught.value.body()))
    assert sizes[1] < sizes[0] / 4, "the first one gives the page its address, and is whole"
