"""A click or key and its answer: what a test does to a page, and how it waits.

Three things are easily missed. Until a page has loaded, its forms are sent as without JavaScript:
``page.goto`` waits for it, and after a click that leads to another page ``page.wait_for_url`` does.
A response is on the page a little after it has come, and what follows it (a focus, the place of a
scroller, "?" of Predict) later still: ``settled`` waits for all that. And what was true before the
click says nothing: a request under way is counted, so ``settled`` is right there, too.
"""

from time import perf_counter_ns

from playwright.sync_api import Frame, Page

COUNTING = """
window.requests = {sent: 0, ended: 0};
document.addEventListener("htmx:before:request", () => requests.sent++, true);
document.addEventListener("htmx:finally:request", () => requests.ended++, true);
"""
"""Runs in each document before its own scripts: htmx ends a request when the answer is swapped."""

ANSWERED = "() => requests.sent === requests.ended"

AT_REST = """(asked) => {
  const busy = requests.sent !== requests.ended || document.readyState !== "complete";
  if (busy || requests.asked !== asked) Object.assign(requests, {asked, frames: 0});
  else requests.frames++;
  return requests.frames === 2;
}"""
"""Asked once a frame: no request has been under way since the frame before the last."""


def settled(page: Page | Frame) -> None:
    """Wait until every answer is on the page, and two frames more: the page has drawn itself."""
    page.wait_for_function(AT_REST, arg=perf_counter_ns())


def unfold(page: Page, selector: str) -> None:
    """Open the menus that ``selector`` lies in."""
    page.evaluate(
        "selector => { for (let e = document.querySelector(selector); e; e = e.parentElement)"
        " if (e.localName === 'details') e.open = true }",
        selector.partition(" >> ")[0],
    )


def press(page: Page, selector: str) -> None:
    """Click something that sends a form, and wait until the answer is on the page."""
    unfold(page, selector)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click(selector)
    settled(page)


def look(page: Page, selector: str) -> None:
    """Click something that only shows something, and wait until it is shown."""
    unfold(page, selector)
    with page.expect_response(lambda response: response.request.method == "GET"):
        page.click(selector)
    settled(page)


def strike(page: Page, key: str, method: str = "POST") -> None:
    """Press a key that sends something, and wait until the answer is on the page."""
    with page.expect_response(lambda response: response.request.method == method):
        page.keyboard.press(key)
    settled(page)
