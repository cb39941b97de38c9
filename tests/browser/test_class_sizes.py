"""What the diagram has of a follower's window and of a projector, at sizes between the usual."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watch
from tests.browser.test_class_pages import watching
from tests.browser.test_following import opened
from tests.support import created

XOR = {
    "layers": [2, 2, 1],
    "activations": ["sigmoid", "sigmoid"],
    "samples": [
        {"inputs": [one, other], "targets": [float(one != other)]}
        for one in (0.0, 1.0)
        for other in (0.0, 1.0)
    ],
    "batch": {"size": 1},
    "initialization": {"scheme": "xavier_uniform", "seed": 3},
}
HEIGHT = "e => e.getBoundingClientRect().height"


@pytest.mark.parametrize("query", ["", "?view=present"])
def test_the_line_about_the_sample_leaves_the_diagram_its_height(
    browser: Browser, page: Page, base: str, watch: Watch, query: str
) -> None:
    opened(page, base, created(base, XOR))
    follower = browser.new_page(reduced_motion="reduce")
    watch.on(follower)
    follower.goto(watching(page, base) + query)
    sizes = ((640, 800), (700, 800), (768, 1024), (800, 600), (1024, 768), (1099, 768))
    for width, height in sizes:
        follower.set_viewport_size({"width": width, "height": height})
        line = follower.locator("#batch").evaluate(HEIGHT)
        assert line < 0.1 * height, (width, line)
        assert follower.locator("#diagram .scroller").evaluate(HEIGHT) > 0.25 * height, width
