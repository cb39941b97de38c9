"""Equations of the panel stay in their card: they are broken, or scroll where they cannot be."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_long_numbers import EXTREME, WIDTHS, post, stepped

LARGE = -98765.4321
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
ORDINARY = {
    "layers": [2, 2, 2], "activations": ["tanh", "sigmoid"],
    "samples": [{"inputs": [-0.1234567, 0.7654321], "targets": [0.01, 0.99]}],
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}  # fmt: skip
LARGE_ONES = {
    "layers": [2, 2, 2], "activations": ["leaky_relu", "identity"],
    "samples": [{"inputs": [-9.876543, 1234.56789], "targets": [LARGE, -54321.12345]}],
    "weights": [[[LARGE, 1.5], [-2.66, 0.123]], [[-1.25, 2.5], [-502.8302, -780.0]]],
    "biases": [[LARGE, -2.66], [1.5, -99999.99]],
}  # fmt: skip

# Equations that leave their line, where that line does not scroll by itself.
RUN_OUT = """() => {
  const found = [], card = document.querySelector('#panel').getBoundingClientRect();
  for (const line of document.querySelectorAll('#panel .steps li')) {
    const room = line.getBoundingClientRect(), eq = line.querySelector('.eq');
    const { of } = line.dataset;
    if (room.right > card.right || room.left < card.left) found.push([of, 'a line']);
    const scroller = eq.closest('.scroller[tabindex="0"][aria-label]:has(> .eq)');
    if (scroller) {
      if (scroller.getBoundingClientRect().right > room.right) found.push([of, 'a scroller']);
      continue;
    }
    for (const math of eq.querySelectorAll(':scope > mrow > mrow')) {
      const box = math.getBoundingClientRect();
      if (box.right > room.right + .5 || box.left < room.left)
        found.push([of, math.textContent, box.right - room.right]);
    }
  }
  return found;
}"""


# Another derivation in the panel, as a link in the picture shows it.
OPEN = """query => htmx.ajax("GET", query,
  {source: "#toolbar", swap: "none", headers: {"HX-Target": "#panel"}})"""
# The lines that the panel has now are kept, and in the end all that were stand below each other.
KEEP = """of => { (window.kept ??= []).push(
  ...[...document.querySelectorAll("#panel .steps li")].map(line => line.cloneNode(true)));
  for (const line of kept) line.dataset.of ??= of;
  return document.querySelectorAll("#panel .steps math.eq").length; }"""
SHOW_ALL = "() => document.querySelector('#panel .steps').replaceChildren(...kept)"


def opened(page: Page, address: str, keys: tuple[str, ...]) -> None:
    """A page with the derivations of all these in its panel."""
    first, *others = (f"{address}&open={key}" for key in keys)
    page.goto(first)
    assert page.evaluate(KEEP, keys[0]) > 0
    for key, other in zip(keys[1:], others, strict=True):
        page.evaluate(OPEN, "?" + other.partition("?")[2])
        expect(page.locator("#panel")).to_have_attribute("data-open", key)
        assert page.evaluate(KEEP, key) > 0
    page.evaluate(SHOW_ALL)


def learning(spec: Any, optimizer: str) -> Any:
    fields = {"weight_decay": 0.01} if optimizer == "adam" else {}
    return spec | {"optimizer": {"name": optimizer, "learning_rate": 0.0012, **fields}}


def assert_all_stays_in_the_card(page: Page, about: object) -> None:
    """No equation leaves the card, and the card not the page, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(RUN_OUT) == [], (about, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, about


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("spec", [ORDINARY, LARGE_ONES], ids=["ordinary", "large"])
def test_no_update_runs_out_of_the_card(page: Page, base: str, spec: Any, optimizer: str) -> None:
    path = stepped(base, learning(spec, optimizer), 2)
    for digits in (4, 7, 10):
        opened(page, f"{base}{path}?digits={digits}", ("w1", "new:w1", "b1"))
        assert_all_stays_in_the_card(page, digits)


CURVED = ORDINARY | {"activations": ["gelu", "identity"]}


@pytest.mark.parametrize("spec", [LARGE_ONES, EXTREME, CURVED], ids=["large", "extreme", "curved"])
def test_no_large_number_runs_out_of_the_card(page: Page, base: str, spec: Any) -> None:
    path = stepped(base, spec, 1)
    for digits in (4, 10):
        keys = ("loss", "delta:h1", "delta:o1", "error:o1", "share:o1", "net:h1", "out:h1")
        opened(page, f"{base}{path}?digits={digits}", keys)
        assert_all_stays_in_the_card(page, digits)


def test_only_what_cannot_be_broken_scrolls(browser: Browser, base: str, watch: Watch) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1366, "height": 900})
    watch.on(page)
    wide = "e => e.scrollWidth > e.clientWidth"
    for optimizer in OPTIMIZERS:
        path = stepped(base, learning(ORDINARY, optimizer), 2)
        opened(page, f"{base}{path}?digits=10", ("w1",))
        scrollers = page.locator("#panel .scroller:has(> .eq)").all()
        assert not [one.text_content() for one in scrollers if one.evaluate(wide)], optimizer
    page.close()


@pytest.mark.parametrize("value", [-0.928052940292715, 0.1234567890123456789, 0.5])
def test_no_digit_of_a_value_is_cut(page: Page, base: str, value: float) -> None:
    made = post(base, "networks", {"spec": ORDINARY})["id"]
    for name in ("w1", "b1"):
        page.goto(f"{base}/networks/{made}?open={name}")
        page.fill("#value-field", repr(value))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # One is rounded up, the other down.
            cut = "e => e.scrollWidth > e.clientWidth + 1"
            assert not page.locator("#value-field").evaluate(cut), (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
