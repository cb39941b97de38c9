"""What a phase points at lies beside texts: rings, boxes and deltas keep clear of each other."""

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.answers import press
from tests.browser.test_sizes import create
from tests.support import created

# Texts of the drawing that is seen which a ring or a box of a mark cuts, marks that cut each other,
# and pills that lie on a ring; a text is as high as its letters.
CUT = """() => {
  const svg = [...document.querySelectorAll('svg.network')].find(one => one.checkVisibility());
  const scale = svg.getScreenCTM().a, found = [], slack = .4 * scale;
  const shown = all => [...svg.querySelectorAll(all)].filter(one => one.checkVisibility());
  const sides = ({left, right, top, bottom}) => ({left, right, top, bottom});
  const texts = shown('text').filter(one => one.textContent.trim() && !one.closest('.marks'))
    .map(one => {
      const size = parseFloat(getComputedStyle(one).fontSize) * scale;
      const base = one.getStartPositionOfChar(0).matrixTransform(one.getScreenCTM()).y;
      const box = one.getBoundingClientRect(), low = /[gjpqy_]/.test(one.textContent) ? .22 : 0;
      const last = one.lastElementChild?.hasAttribute('dy') ? box.bottom - .24 * size : base;
      return {name: one.textContent, left: box.left, right: box.right, top: base - .73 * size,
        bottom: last + low * size};
    });
  const pills = shown('a.delta rect:not(.area)').map(one =>
    ({name: 'pill', ...sides(one.getBoundingClientRect())}));
  const rings = shown('.mark > circle, .mark > g > rect').map(one => {
    const bounds = one.getBBox(), to = one.getScreenCTM();
    const start = new DOMPoint(bounds.x, bounds.y).matrixTransform(to);
    const box = new DOMRect(start.x, start.y, bounds.width * scale, bounds.height * scale);
    return {name: one.closest('.mark').dataset.part, round: one.localName === 'circle',
      half: parseFloat(getComputedStyle(one).strokeWidth) * scale / 2 - slack, ...sides(box),
      x: start.x + box.width / 2, y: start.y + box.height / 2, radius: box.width / 2};
  });
  const near = (ring, box) => Math.hypot(Math.max(box.left - ring.x, ring.x - box.right, 0),
    Math.max(box.top - ring.y, ring.y - box.bottom, 0));
  const far = (ring, box) => Math.hypot(Math.max(ring.x - box.left, box.right - ring.x),
    Math.max(ring.y - box.top, box.bottom - ring.y));
  const over = (one, box, by) => box.left < one.right + by && box.right > one.left - by
    && box.top < one.bottom + by && box.bottom > one.top - by;
  const within = (one, box, by) => box.left > one.left + by && box.right < one.right - by
    && box.top > one.top + by && box.bottom < one.bottom - by;
  const cuts = (ring, box) => ring.round
    ? near(ring, box) < ring.radius + ring.half && far(ring, box) > ring.radius - ring.half
    : over(ring, box, ring.half) && !within(ring, box, ring.half);
  for (const ring of rings) for (const box of [...texts, ...pills])
    if (cuts(ring, box)) found.push([ring.name, box.name]);
  rings.forEach((one, at) => rings.slice(at + 1).forEach(two => {
    const by = one.half + two.half;
    const meet = one.round && two.round
      ? Math.hypot(one.x - two.x, one.y - two.y) < one.radius + two.radius + by
      : over(one, two, by);
    if (one.name !== two.name && meet) found.push([one.name, two.name]);
  }));
  return found;
}"""

IRIS = {
    "layers": [4, 4, 3], "activations": ["tanh", "sigmoid"],
    "data": {"name": "iris", "standardise": True, "test_share": 0.2},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}  # fmt: skip
XOR = {
    "layers": [2, 3, 1], "activations": ["tanh", "sigmoid"], "batch": {"size": 1},
    "samples": [{"inputs": [a, b], "targets": [a ^ b]} for a, b in product((0, 1), (0, 1))],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}  # fmt: skip
SIZES = ((360, 740), (768, 1024), (1024, 700), (1366, 768))
NETWORKS: dict[str, Any] = {
    "2-3-1": [2, 3, 1], "2-4-4-3": [2, 4, 4, 3], "4-16-16-3": [4, 16, 16, 3], "3-3-1": [3, 3, 1],
    "iris": IRIS, "xor": XOR,
}  # fmt: skip


def address(base: str, name: str) -> str:
    network = NETWORKS.get(name)
    if network is None:
        return base
    return created(base, network) if isinstance(network, dict) else create(base, network)


@pytest.mark.parametrize("name", ["2-2-2", *NETWORKS])
def test_what_a_phase_points_at_cuts_no_text(page: Page, base: str, name: str) -> None:
    page.goto(address(base, name))
    for _ in range(page.locator("#rail li").count()):
        page.set_viewport_size({"width": 1366, "height": 768})
        press(page, "#phase-on")
        phase = page.locator("#diagram").get_attribute("data-phase")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(CUT) == [], (phase, width)


@pytest.mark.parametrize("name", ["2-2-2", "2-3-1"])
def test_nor_does_it_before_a_class(page: Page, base: str, name: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{address(base, name)}?view=present")
    for _ in range(page.locator("#rail li").count()):
        press(page, "#phase-on")
        assert page.evaluate(CUT) == [], page.locator("#diagram").get_attribute("data-phase")


def test_rows_below_a_drawing_are_as_high_in_every_phase(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address(base, "2-4-4-3"))
    height = "one => one.getBoundingClientRect().height"
    heights = {page.locator("#s-rows").evaluate(height)}
    for _ in range(page.locator("#rail li").count()):
        press(page, "#phase-on")
        heights.add(page.locator("#s-rows").evaluate(height))
    assert len(heights) == 1
