"""Numbers far longer than those of the worked examples stay in their columns and their boxes."""

import json
import urllib.request
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watch
from tests.browser.test_accessibility import OVERLAPS, STILL, assert_axe_finds_nothing
from tests.browser.test_build import settled
from tests.browser.test_lab import press

HUGE, TINY = -98765.4321, -1.5e-100
TABLE = "size,rooms,age,price\n" + "\n".join(
    f"{20 + 37 * n % 180},{1 + n % 6},{17 * n % 90},{100 + n * 930 // 39}" for n in range(40)
)
WIDE = f"length,{'weight' * 10}\n" + "\n".join(
    f"{-1.234e-10 * (n + 1)},{-54321.5 + 987 * n}" for n in range(8)
)
XOR = {
    "layers": [2, 4, 1], "activations": ["tanh", "sigmoid"], "batch": {"size": 1},
    "optimizer": {"name": "sgd", "learning_rate": 1000},
    "samples": [{"inputs": [a, b], "targets": [a ^ b]} for a, b in product((0, 1), (0, 1))],
}  # fmt: skip
EXTREME = {
    "layers": [2, 2, 2], "activations": ["identity", "identity"],
    "optimizer": {"name": "sgd", "learning_rate": 0.0001},
    "samples": [{"inputs": [-0.9876543, 1234.56789], "targets": [-98765.4321, TINY]}],
    "weights": [[[HUGE, TINY], [-2.66e-11, 0.000123]], [[TINY, HUGE], [-502.8302, -780.0]]],
    "biases": [[HUGE, -2.66e-11], [TINY, -99999.99]],
}  # fmt: skip
SHARED = EXTREME | {"biases": [[HUGE, HUGE], [TINY, TINY]], "bias_update": "shared"}
CROWD = {
    "layers": [2, 6, 2], "activations": ["identity", "sigmoid"],
    "samples": [{"inputs": [-0.9876543, 1234.56789], "targets": [1, 0]}],
}  # fmt: skip


def post(base: str, path: str, body: Any) -> Any:
    request = urllib.request.Request(
        f"{base}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def stepped(base: str, spec: Any, count: int) -> str:
    """The path of a network after so many steps."""
    made = post(base, "networks", {"spec": spec})["id"]
    if count:
        post(base, f"networks/{made}/step", {"count": count})
    return f"/networks/{made}"


def own_table(base: str, csv: str, *, standardise: bool = True) -> Any:
    body = {"csv": csv, "standardise": standardise, "test_share": 0.2}
    return post(base, "tables", body)["spec"]


def regression(base: str) -> Any:
    """Standardised inputs and targets of several hundred, as they stand in a table."""
    spec = own_table(base, TABLE)
    for sample in spec["samples"]:
        sample["targets"] = [round(500 + 250 * target) for target in sample["targets"]]
    return spec | {"data": None}


@pytest.fixture(scope="module")
def paths(base: str) -> dict[str, str]:
    return {
        "regression": stepped(base, regression(base), 3),
        "xor": stepped(base, XOR, 2),
        "extreme": stepped(base, EXTREME, 1),
        "shared": stepped(base, SHARED, 1),
        "crowd": stepped(base, CROWD, 1),
    }


WIDTHS = (360, 1366, 1920)


@pytest.fixture(params=WIDTHS)
def sized(request: pytest.FixtureRequest, browser: Browser, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(
        reduced_motion="reduce", viewport={"width": request.param, "height": 900}
    )
    page = context.new_page()
    watch.on(page)
    yield page
    context.close()


def width_of(page: Page) -> int:
    assert page.viewport_size
    return page.viewport_size["width"]


# Numbers in the tables that leave their cells, and so print over their neighbours.
BURST_CELLS = """() => [...document.querySelectorAll('#numbers :is(td, th:not(:first-child))')]
  .filter(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const text = range.getBoundingClientRect(), room = cell.getBoundingClientRect();
    return text.width && (text.left < room.left - .5 || text.right > room.right + .5);
  }).map(cell => cell.textContent)"""

# Texts of the picture that leave their pill, their box, or their circle.
BURST_BOXES = """() => {
  const found = [];
  for (const shape of document.querySelectorAll('svg.network :is(rect, circle)')) {
    const room = shape.getBoundingClientRect(), radius = room.width / 2;
    if (shape.closest('.mark, title, .row') || shape.parentNode.matches('svg')) continue;
    for (const text of shape.parentNode.querySelectorAll(':scope > text')) {
      const box = text.getBoundingClientRect();
      let half = radius;
      if (shape.matches('circle')) {
        const scale = room.width / shape.getBBox().width;
        const base = (parseFloat(text.getAttribute('y')) || 0) * scale;
        const size = parseFloat(getComputedStyle(text).fontSize) * scale;
        // The feet of the outer digits of a small circle may stand on its line.
        const far = Math.max(Math.abs(base), Math.abs(base - .72 * size)) * (radius < 25 ? .7 : 1);
        half = Math.sqrt(Math.max(radius ** 2 - far ** 2, 0));
      }
      const middle = (room.left + room.right) / 2;
      if (box.left < middle - half - 1 || box.right > middle + half + 1)
        found.push([shape.tagName, text.textContent, box.width, 2 * half]);
    }
  }
  for (const row of document.querySelectorAll('[id^="edge-"], [id^="own-"]')) {
    const room = row.querySelector('.box')?.getBoundingClientRect();
    if (!room) continue;
    const box = kind => document.getElementById(`${kind}-${row.id}`)?.getBoundingClientRect();
    const own = name => row.querySelector(name)?.getBoundingClientRect();
    const line = [own('.nm'), box('v'), own('.arrow'), box('n')].filter(one => one?.width);
    const low = [own('.tag-g'), box('g')].filter(one => one?.width);
    for (const texts of [line, low]) {
      const ends = [room.left, ...texts.flatMap(one => [one.left, one.right]), room.right];
      if (ends.some((end, at) => end > ends[at + 1] + 1)) found.push([row.id, ends]);
    }
    const chip = box('c'), fresh = box('n');
    if (chip?.width && (fresh.left < chip.left - 1 || fresh.right > chip.right + 1))
      found.push([row.id, 'new']);
  }
  return found;
}"""


@pytest.mark.parametrize("digits", [4, 6, 10])
@pytest.mark.parametrize("name", ["regression", "xor", "extreme"])
def test_no_number_of_the_tables_covers_another(
    page: Page, base: str, paths: dict[str, str], name: str, digits: int
) -> None:
    for query in ("", "&edit=on"):
        page.goto(f"{base}{paths[name]}?digits={digits}{query}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(BURST_CELLS) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("digits", [4, 6])
def test_columns_of_ordinary_numbers_stand_still(sized: Page, base: str, digits: int) -> None:
    lefts = """() => [...document.querySelectorAll('#numbers thead th')]
      .map(e => Math.round(e.getBoundingClientRect().left))"""
    sized.goto(f"{base}/examples/mazur-2-2-2?digits={digits}")
    before = sized.evaluate(lefts)
    for button in ("forward", "step", "step", "reset"):
        press(sized, button)
        moved = [abs(a - b) for a, b in zip(before, sized.evaluate(lefts), strict=True)]
        assert max(moved) <= 1, button


@pytest.mark.parametrize("name", ["regression", "xor", "extreme", "shared", "crowd"])
def test_no_number_of_the_picture_leaves_its_box(
    page: Page, base: str, paths: dict[str, str], name: str
) -> None:
    for query in ("", "?notation=z&digits=10"):
        page.goto(base + paths[name] + query)
        page.wait_for_function(STILL)
        assert page.locator("#network text").count() > 10
        assert page.evaluate(BURST_BOXES) == []
        assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("name", ["regression", "xor", "extreme"])
def test_no_number_of_the_file_leaves_its_box(
    page: Page, base: str, paths: dict[str, str], name: str
) -> None:
    with urllib.request.urlopen(f"{base}{paths[name]}/export/diagram.svg") as answer:
        drawn = answer.read().decode().partition("?>")[2]
    assert "snug" in drawn
    page.set_content(f"<body>{drawn}</body>")
    assert page.locator("svg.network text").count() > 10
    assert page.evaluate(BURST_BOXES) == []


@pytest.mark.parametrize("rate", ["0.00015", "1234567", "-0.0005"])
def test_seven_characters_of_a_learning_rate_are_seen(sized: Page, base: str, rate: str) -> None:
    sized.goto(base)
    sized.fill("#rate", rate)
    assert sized.locator("#rate").evaluate("e => e.scrollWidth <= e.clientWidth")
    if width_of(sized) >= 1366:
        height = (
            "e => e.getBoundingClientRect().height / document.querySelector('#rate').offsetHeight"
        )
        assert sized.locator("#toolbar").evaluate(height) < 1.5, "one row"


@pytest.mark.parametrize("name", ["regression", "extreme"])
def test_a_worksheet_can_be_scrolled_by_keyboard(
    browser: Browser, base: str, watch: Watch, paths: dict[str, str], name: str
) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}{paths[name]}/export/worksheet")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert_axe_finds_nothing(page)
    context.close()


def test_a_frame_without_links_can_be_scrolled_by_keyboard(
    browser: Browser, base: str, watch: Watch
) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}/embed/examples/mazur-2-2-2?controls=step,numbers&digits=10")
    press(page, "step")
    assert page.locator("#network [tabindex]").count() == 0
    assert page.locator("#numbers .scroller").count() == 2
    assert_axe_finds_nothing(page)
    context.close()


# Texts of the picture of the data that the picture's edge cuts off.
CUT = """() => {
  const room = document.querySelector('.scatter').getBoundingClientRect();
  return [...document.querySelectorAll('.scatter text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < room.left || box.right > room.right || box.top < room.top
      || box.bottom > room.bottom;
  }).map(text => text.textContent);
}"""


def test_the_ends_of_the_datas_axes_are_seen(sized: Page, base: str) -> None:
    for csv, standardise, end in ((TABLE, False, "1030"), (WIDE, False, "−54321.5")):
        spec = own_table(base, csv, standardise=standardise)
        sized.goto(base + stepped(base, spec, 0))
        texts = sized.locator(".scatter text").all_text_contents()
        assert end in texts
        assert sized.evaluate(CUT) == []


def test_every_column_of_a_standardised_table_is_seen(
    sized: Page, base: str, paths: dict[str, str]
) -> None:
    sized.goto(base + paths["regression"])
    cut = "e => e.scrollWidth > e.clientWidth + 1"
    assert not sized.locator(".data .halves .scroller").evaluate(cut)


@pytest.mark.parametrize("height", [700, 900])
def test_the_preview_is_read_by_scrolling_the_page(
    browser: Browser, base: str, watch: Watch, height: int
) -> None:
    context = browser.new_context(
        reduced_motion="reduce", viewport={"width": 1366, "height": height}
    )
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}/new?dataset=own")
    intro = "() => document.querySelector('.intro').getBoundingClientRect().bottom"
    top = "() => document.querySelector('#preview').getBoundingClientRect().top"
    assert 0 <= page.evaluate(top) - page.evaluate(intro) < 30
    page.fill("#f-table", TABLE)
    settled(page, "Read 40 rows")
    page.evaluate("scrollTo(0, 0)")
    assert 0 <= page.evaluate(top) - page.evaluate(intro) < 30
    inner = (
        "e => e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY !== 'visible'"
    )
    assert not page.locator("#preview").evaluate(inner)
    seen = """id => { const box = document.querySelector(id).getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight; }"""
    page.evaluate("scrollTo(0, document.querySelector('.data').offsetTop)")
    page.evaluate("scrollBy(0, 1)")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate(seen, "#preview .data")
    assert page.evaluate(seen, "#create"), "the button stays"
    context.close()
