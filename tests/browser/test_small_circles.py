"""Numbers in the small circles of large layers keep clear of the line around them."""

import re
import urllib.request
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_accessibility import OVERLAPS
from tests.browser.test_long_numbers import stepped

LAYERS = ([4, 16, 16, 3], [12, 12, 4], [5, 8, 5], [16, 10, 1])

# Texts nearer than a pixel to the inner edge of their circle's line, at the text's own height.
TOUCHING = """() => {
  const found = [];
  for (const circle of document.querySelectorAll('svg.network .node > circle')) {
    const line = parseFloat(getComputedStyle(circle).strokeWidth) / 2;
    const radius = parseFloat(circle.getAttribute('r')) - line;
    for (const text of [document.getElementById(
      circle.parentNode.id.replace(/^(s-)?/, '$1a-'))]) {
      const base = parseFloat(text.getAttribute('y'));
      const size = parseFloat(getComputedStyle(text).fontSize);
      const far = Math.max(Math.abs(base), Math.abs(base - .72 * size));
      const half = Math.sqrt(radius ** 2 - far ** 2) - 1;
      if (text.getComputedTextLength() / 2 > half)
        found.push([text.textContent, text.getComputedTextLength(), 2 * half]);
    }
  }
  return found;
}"""


def negative(layers: list[int]) -> Any:
    """A network whose every activation is about -0.5546."""
    weights = [
        [[-0.31 / ins if layer else 0.625 / ins] * ins for _ in range(outs)]
        for layer, (ins, outs) in enumerate(pairwise(layers))
    ]
    return {
        "layers": layers, "activations": ["tanh"] * (len(layers) - 1), "weights": weights,
        "biases": [[-0.0001 if not layer else -0.797] * outs
                   for layer, outs in enumerate(layers[1:])],
        "samples": [{"inputs": [-0.98765] * layers[0], "targets": [-0.5546] * layers[-1]}],
    }  # fmt: skip


@pytest.mark.parametrize("layers", LAYERS, ids=str)
def test_no_number_runs_into_its_circle(page: Page, base: str, layers: list[int]) -> None:
    path = stepped(base, negative(layers), 1)
    page.set_viewport_size({"width": 1366, "height": 900})  # for all of a layer of eight
    page.goto(base + path)
    texts = page.locator("#figures text[id^=a-node]").all_text_contents()
    assert sum(bool(re.fullmatch(r"−0\.\d{4}", text)) for text in texts) > len(texts) / 2
    assert page.evaluate(TOUCHING) == []
    assert page.evaluate(OVERLAPS) == []
    with urllib.request.urlopen(f"{base}{path}/export/diagram.svg") as answer:
        drawn = answer.read().decode().partition("?>")[2]
    page.goto("about:blank")  # the site lets no page bring a style of its own
    page.set_content(f"<body>{drawn}</body>")
    assert page.locator("svg.network text[id^=a-node]").count() == len(texts)
    assert page.evaluate(TOUCHING) == []
