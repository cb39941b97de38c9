"""The diagram at the sizes of real screens: texts, room, targets, and two drawings in step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import look, press, settled, strike
from tests.browser.conftest import Watch
from tests.browser.test_long_numbers import EXTREME, stepped
from tests.browser.test_sizes import create

# Of the texts that are seen, the smallest in CSS pixels, and what it says.
SMALLEST = """() => [...document.querySelectorAll('.network text')]
  .filter(text => text.getBoundingClientRect().width && text.textContent.trim())
  .flatMap(text => [text, ...text.querySelectorAll('tspan')])
  .map(text => [parseFloat(getComputedStyle(text).fontSize) *
    text.closest('svg').getScreenCTM().a, text.textContent])
  .sort((a, b) => a[0] - b[0])[0]"""

# Texts that are seen and cover one another, leave the drawing, or lie on a line of a weight.
COVERED = """() => {
  const svg = [...document.querySelectorAll('svg.network')].find(one => one.checkVisibility());
  const texts = [...svg.querySelectorAll('text')]
    .filter(text => text.getBoundingClientRect().width && !text.closest('.marks'));
  const room = svg.getBoundingClientRect(), boxes = texts.map(one => one.getBoundingClientRect());
  const found = [];
  const scale = svg.getScreenCTM().a;
  boxes.forEach((a, i) => {
    // A box is higher than its letters, by a fifth of their size above, and a quarter below.
    const size = parseFloat(getComputedStyle(texts[i]).fontSize) * scale;
    const low = /[gjpqy_]/.test(texts[i].textContent) ? 0 : .24;
    if (a.left < room.left - .5 || a.right > room.right + .5 || a.top + .2 * size < room.top - 1
      || a.bottom - low * size > room.bottom + 1) found.push(['leaves', texts[i].textContent]);
    boxes.slice(i + 1).forEach((b, j) => {
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 5) found.push([texts[i].textContent, texts[i + 1 + j].textContent, x, y]);
    });
  });
  if (svg.matches('.compact')) return found;
  // Where the points of a wire are is asked once for each drawing of it.
  const known = window.wirePoints ??= new WeakMap();
  for (const wire of svg.querySelectorAll('.wire path:not(.bar)')) {
    const drawn = wire.getAttribute('d');
    if (known.get(wire)?.drawn !== drawn) {
      const length = wire.getTotalLength();
      const places = Array.from({length: 21}, (_, at) => wire.getPointAtLength(at / 20 * length));
      known.set(wire, {drawn, places});
    }
    const to = wire.getScreenCTM(), edge = wire.getBoundingClientRect();
    const near = boxes.flatMap((b, at) => b.left < edge.right && b.right > edge.left
      && b.top < edge.bottom && b.bottom > edge.top ? [at] : []);
    for (const place of known.get(wire).places) {
      const p = place.matrixTransform(to);
      const hit = near.find(at => p.x > boxes[at].left && p.x < boxes[at].right
        && p.y > boxes[at].top + 2 && p.y < boxes[at].bottom - 2);
      if (hit !== undefined) found.push(['on a line', texts[hit].textContent, wire.parentNode.id]);
    }
  }
  return found;
}"""

# Links that are seen and smaller than 24 pixels either way.
SMALL_TARGETS = """room => [...document.querySelectorAll('.network a')]
  .filter(link => link.checkVisibility())
  .map(link => [link.id, link.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24 * room - .1)
  .map(([id, box]) => [id, box.width, box.height])"""

EVERY_PHASE = 11


def at(browser: Browser, watch: Watch, width: int, height: int, **more: Any) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **more
    )
    page = context.new_page()
    watch.on(page)
    return page


@pytest.fixture(params=[(360, 740), (1366, 768)], ids=["phone", "laptop"])
def sized(request: pytest.FixtureRequest, browser: Browser, watch: Watch) -> Page:
    return at(browser, watch, *request.param)


def scrolls_sideways(page: Page) -> bool:
    wide = "() => [...document.querySelectorAll('.scroller:has(> .network)')].some("
    return bool(page.evaluate(wide + "one => one.scrollWidth > one.clientWidth + 1)"))


def is_whole(page: Page) -> bool:
    """Whether all of the drawing is seen without scrolling; rows may stand below it."""
    ends = """() => [".network", ".stage"].map(one => [...document.querySelectorAll(one)]
      .find(one => one.checkVisibility()).getBoundingClientRect().bottom)"""
    drawing, stage = page.evaluate(ends)
    return bool(drawing <= stage + 1)


def room(page: Page) -> float:
    """How much of the 344 or 952 pixels that it is drawn for the diagram has on the page."""
    width = page.locator(".scroller:has(> .network)").evaluate("e => e.clientWidth")
    return float(min(width / (344 if width < 700 else 952), 1))


@pytest.mark.parametrize("layers", [[2, 2, 2], [2, 3, 1]], ids=str)
def test_nothing_is_too_small_to_read_in_any_phase(
    sized: Page, base: str, layers: list[int]
) -> None:
    sized.goto(create(base, layers))
    for _ in range(EVERY_PHASE):
        size, text = sized.evaluate(SMALLEST)
        assert size >= 12, (size, text)
        assert sized.evaluate(COVERED) == []
        assert sized.evaluate(SMALL_TARGETS, room(sized)) == []
        assert not scrolls_sideways(sized)
        assert is_whole(sized)
        press(sized, "#phase-on")


# Where nothing in the diagram is smaller than 12 pixels, and from which width on weights have rows.
SIZES = ((360, 740), (768, 1024), (1024, 700), (1280, 720), (1366, 768), (1920, 1080))
ROWS_FROM = 700

# What the drawing that is seen shows of its weights and units; of numbers that are told, none.
TOLD = """() => {
  const svg = [...document.querySelectorAll('svg.network')].find(one => one.checkVisibility());
  const told = (part) => [...svg.querySelectorAll(`.figures ${part}`)]
    .filter(one => one.getBoundingClientRect().width).map(one => one.textContent).join();
  return {rows: told('.row text'), circles: told(':is(.of-out, .of-net) text')};
}"""


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize(
    "layers", [[2, 2, 2], [2, 3, 1], [2, 4, 1], [4, 4, 3], [2, 4, 4, 3], [4, 16, 16, 3]], ids=str
)
def test_larger_networks_are_read_too(
    page: Page, base: str, layers: list[int], samples: int
) -> None:
    page.goto(create(base, layers, samples=samples, size=1))
    in_rows, last = layers[1] < 16, page.locator(".act ol button").count()
    shown: dict[int, dict[str, str]] = {}
    # Of each kind of phase one: net, out, E, the first gradients, the last, update.
    for number in (1, 2, last // 2, last // 2 + 2, last - 1, last):
        phase = page.locator(f"#to-{number}")
        kind = phase.get_attribute("value") or ""
        page.set_viewport_size({"width": 1366, "height": 768})
        press(page, f"#to-{number}")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            size, text = page.evaluate(SMALLEST)
            assert size >= 12, (width, kind, size, text)
            assert page.evaluate(COVERED) == [], (width, kind)
            assert not scrolls_sideways(page), (width, kind)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert is_whole(page), (width, kind)
            if width >= 768:
                cut = "e => e.scrollWidth - e.clientWidth"
                assert page.locator("#rail > ol").evaluate(cut) <= 0, "every phase is seen"
            before, told = shown.get(width, {}), page.evaluate(TOLD)
            if before and kind.startswith(("pre_activation", "activation")):
                assert told["circles"] != before["circles"], (width, kind)
            if in_rows and width >= ROWS_FROM:
                assert told["rows"], (width, kind)
            if told["rows"] and kind.startswith(("gradient", "update")):
                assert told["rows"] != before["rows"], (width, kind)
            shown[width] = told


@pytest.mark.parametrize(
    "layers",
    [[1, 1], [2, 2, 2], [2, 3, 1], [4, 4, 3], [2, 4, 4, 3], [6, 3, 1], [2, 6, 1], [8, 8, 8],
     [4, 16, 16, 3]],
    ids=str,
)  # fmt: skip
def test_no_text_covers_another_and_no_narrow_page_scrolls_sideways(
    page: Page, base: str, layers: list[int]
) -> None:
    page.goto(create(base, layers))
    press(page, "#step")
    for drawing in ("#network", "#s-network"):
        deltas = page.locator(f"{drawing} .of-delta text").all_text_contents()
        assert len({text.startswith("δ ") for text in deltas}) == 1, (
            "all have their letter, or none"
        )
    for width in (344, 560, 700, 1024, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(COVERED) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width <= 700 or len(layers) < 4:
            assert not scrolls_sideways(page), width


@pytest.mark.parametrize("layers", [[2, 4, 4, 3], [4, 16, 16, 3]], ids=str)
def test_a_phone_can_read_large_networks_in_any_phase(
    browser: Browser, base: str, watch: Watch, layers: list[int]
) -> None:
    page = at(browser, watch, 360, 740)
    page.goto(create(base, layers))
    seen = "() => [...document.querySelectorAll('#s-network a')].map(a => [a.id, a.ariaLabel])"
    for _ in range(15):
        size, text = page.evaluate(SMALLEST)
        assert size >= 12, (size, text)
        assert page.evaluate(COVERED) == []
        assert not scrolls_sideways(page)
        assert is_whole(page)
        press(page, "#phase-on")
    press(page, "#step")
    stepped_to = page.evaluate(seen), page.locator("#s-wires").inner_html()
    page.reload()
    assert (page.evaluate(seen), page.locator("#s-wires").inner_html()) == stepped_to
    look(page, "#s-node-1-0 circle")
    assert page.locator('#s-marks .m-self[data-part="node-1-0"]').count() == 1
    page.context.close()


def test_a_step_sends_each_number_once_and_both_drawings_show_it(base: str, sized: Page) -> None:
    sized.goto(f"{base}/examples/mazur-2-2-2")
    press(sized, "#step")
    with sized.expect_response(lambda response: response.request.method == "POST") as caught:
        sized.click("#step")
    settled(sized)
    expect(sized.locator("#headline-step")).to_have_text("Step 2")
    assert not re.search(r'id="s-[a-z]', caught.value.text())
    pairs = """() => [...document.querySelectorAll('#s-network [id]:not(g.values)')]
      .map(one => [one, document.getElementById(one.id.slice(2))])
      .filter(([one]) => one.closest('#s-figures, #s-wires'))
      .map(([one, other]) => ['class', 'stroke-width', 'x2'].map(name =>
        one.getAttribute(name) === other.getAttribute(name)).concat(
        one.localName !== 'text' || one.textContent === other.textContent))"""
    found = sized.evaluate(pairs)
    assert len(found) > 30
    assert all(all(row) for row in found)


def test_each_part_is_met_once(sized: Page, base: str) -> None:
    sized.goto(base)
    press(sized, "#step")
    links = "() => [...document.querySelectorAll('.network a')].filter(a => a.checkVisibility())"
    parts = sized.evaluate(f"({links})().map(link => link.dataset.part)")
    assert len(parts) == len(set(parts)) == 2 + 4 * 2 + 8 + 4 + 3 * 2 - 0
    assert sized.evaluate(f"({links})().filter(link => link.tabIndex === 0).length") == 1
    ids = sized.evaluate("() => [...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_the_small_drawing_is_walked_and_explained(
    browser: Browser, base: str, watch: Watch
) -> None:
    page = at(browser, watch, 360, 740)
    page.goto(base)
    press(page, "#step")
    page.focus("#s-node-0-0")
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id").startswith("s-")
    page.focus("#s-edge-1-0-2-0")
    expect(page.locator("#s-edge-1-0-2-0")).to_have_accessible_name(
        "w5 from h1 to o1 0.3500 gradient +0.0851 new value 0.3074"
    )
    strike(page, "Enter", "GET")
    expect(page.locator("#panel h2")).to_contain_text("w5")
    expect(page.locator('#s-marks .m-self[data-part="edge-1-0-2-0"]')).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "s-edge-1-0-2-0"


def test_the_rows_of_a_shared_bias_light_up_together(page: Page, base: str) -> None:
    page.goto(base)
    edge = "e => getComputedStyle(e.querySelector('.box')).strokeWidth"
    page.mouse.move(0, 0)
    page.hover("#own-node-1-0 .row")
    for name, expected in (
        ("own-node-1-0", "2px"),
        ("own-node-1-1", "2px"),
        ("own-node-2-0", "1px"),
    ):
        assert page.locator(f"#{name}").evaluate(edge) == expected
    expect(page.locator("#own-node-1-1")).to_contain_text("one for the layer, fixed")
    look(page, "#own-node-1-0 .row")
    marked = page.locator("#marks .mark").evaluate_all("all => all.map(one => one.dataset.part)")
    assert {"own-node-1-0", "own-node-1-1"} <= set(marked)


def test_biases_are_drawn_as_nodes_where_a_reader_wants_that(page: Page, base: str) -> None:
    page.goto(base)
    assert page.locator("#network .node.bias").count() == 0
    page.click("#more > summary")
    page.click("#view summary")
    look(page, '#view a[href*="biases=nodes"]')
    expect(page.locator("#network .node.bias")).to_have_count(2)
    expect(page.locator("#said")).to_have_text("Biases are drawn as nodes where there is room.")
    note = page.locator(".no-nodes")
    expect(note).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(note).to_have_text("Bias nodes are drawn where there is more room.")
    expect(note).to_be_visible()
    press(page, "#step")
    expect(page.locator("#network .node.bias")).to_have_count(2)
    assert page.evaluate(COVERED) == []
    page.goto(f"{base}/examples/mazur-2-2-2?biases=nodes")
    assert page.evaluate(COVERED) == []


def test_the_gap_is_drawn_to_scale(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#step")
    gaps = page.locator("#network .gap").evaluate_all("all => all.map(e => e.getAttribute('x2'))")
    assert [float(gap) for gap in gaps] == [0.65, 0.212] or gaps == ["0.649", "0.212"]


def test_forced_colours_tell_negative_weights(browser: Browser, base: str, watch: Watch) -> None:
    page = at(browser, watch, 1366, 768, forced_colors="active")
    page.goto(f"{base}/examples/han-kamber-3-2-1")
    style = "e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray]"
    negative = page.locator("#network .wire.neg").first.evaluate(style)
    positive = page.locator("#network .wire.pos").first.evaluate(style)
    assert (
        negative[0]
        == positive[0]
        == page.locator("#network .node circle").first.evaluate("e => getComputedStyle(e).stroke")
    )
    assert negative[1] != positive[1] == "none"


def luminance(colour: list[float]) -> float:
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("layers", [[2, 2, 2], [4, 16, 3]], ids=str)
def test_lines_of_weights_stand_out(page: Page, base: str, layers: list[int], theme: str) -> None:
    page.goto(f"{create(base, layers)}?theme={theme}")
    read = """e => { const style = getComputedStyle(e), numbers = text =>
      text.match(/[\\d.]+/g).map(Number).slice(0, 3);
      return [numbers(style.stroke), Number(style.opacity),
        numbers(getComputedStyle(document.querySelector('.card')).backgroundColor)]; }"""
    for sign in ("pos", "neg"):
        for one in page.locator(f"#network .wire.{sign}").all()[:1]:
            stroke, opacity, ground = one.evaluate(read)
            seen = [a * opacity + b * (1 - opacity) for a, b in zip(stroke, ground, strict=True)]
            high, low = sorted((luminance(seen), luminance(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 3


def test_long_numbers_stay_in_the_small_drawing(browser: Browser, base: str, watch: Watch) -> None:
    page = at(browser, watch, 360, 740)
    page.goto(base + stepped(base, EXTREME, 1))
    assert page.evaluate(COVERED) == []
