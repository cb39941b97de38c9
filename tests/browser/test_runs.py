"""A run in a real browser: it moves, stops, and can be scrubbed through."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from tests.browser.conftest import Watch
from tests.browser.test_lab import assert_shows_trace, press

AFTERACADEMY = Lab.fresh(EXAMPLES["afteracademy-2-2-2"].spec, "afteracademy-2-2-2")
RUNS_ON = "() => document.querySelector('#run[data-running]') !== null"
IS_OVER = "() => document.querySelector('#run[data-running]') === null"


def step_of(page: Page) -> int:
    """The step in view."""
    found = re.fullmatch(r"Step (\d+)", page.locator(".headline .step").inner_text())
    assert found
    return int(found[1])


@pytest.fixture
def moving(browser: Browser, watch: Watch) -> Page:
    """A page of somebody who does not mind motion."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    watch.on(page)
    return page


def test_without_motion_a_run_shows_its_end_alone(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/afteracademy-2-2-2")
    page.evaluate(
        """() => {
          window.seen = new Set();
          new MutationObserver(() => seen.add(document.querySelector('#headline-step').textContent))
            .observe(document.querySelector(".lab"),
              {subtree: true, childList: true, characterData: true});
        }"""
    )
    page.fill("#run-count", "200")
    page.click("#run-go")
    expect(page.locator("#said")).to_contain_text("Ran 200 steps, to step 200.")
    assert page.evaluate("[...window.seen]") in (["Step 200"], ["Step 0", "Step 200"])
    assert_shows_trace(page, AFTERACADEMY.stepped(200))


def test_a_run_moves_stops_and_is_scrubbed_through(moving: Page, base: str, watch: Watch) -> None:
    page = moving
    page.goto(f"{base}/examples/afteracademy-2-2-2")
    page.evaluate(
        """() => {
          window.seen = [];
          new MutationObserver(() => {
            const step = document.querySelector('.headline .step').textContent;
            if (step !== window.seen.at(-1)) window.seen.push(step);
          }).observe(document.getElementById('diagram'), {subtree: true, characterData: true});
          window.said = [];
          new MutationObserver(() => window.said.push(document.getElementById('said').textContent))
            .observe(document.getElementById('said'), {childList: true, characterData: true});
        }"""
    )
    boxes = (
        "() => ['run','tabs','loss-curve','network'].map(id => {"
        "const b = document.getElementById(id).getBoundingClientRect();"
        "return [id, Math.round(b.x), Math.round(b.y), Math.round(b.width), Math.round(b.height)]})"
    )
    before = page.evaluate(boxes)
    page.fill("#run-count", "200")
    page.press("#run-count", "Enter")
    page.wait_for_function("() => window.seen.length > 4")
    assert page.evaluate(boxes) == before
    expect(page).to_have_url(re.compile(rf"^{base}/networks/[\w-]{{20,}}$"))
    steps = [int(text.removeprefix("Step ")) for text in page.evaluate("window.seen")]
    assert steps == sorted(steps)
    assert page.locator("#run progress").get_attribute("max") == "200"

    # What is refused meanwhile is said, and stays said in the run's next pictures.
    page.fill("#rate", "abc")
    page.click("#step")
    expect(page.locator("#notice")).to_contain_text("The learning rate must be a number")
    seen = page.evaluate("window.seen.length")
    page.wait_for_function("seen => window.seen.length > seen + 1", arg=seen)
    expect(page.locator("#notice")).to_contain_text("The learning rate must be a number")
    expect(page.locator("#rate")).to_have_attribute("aria-invalid", "true")
    assert [error for error in watch.errors if "422" not in error] == []
    watch.errors.clear()
    page.fill("#rate", "0.5")
    page.click("#run-stop")
    page.wait_for_function(IS_OVER)
    expect(page.locator("#run-go")).to_be_focused()
    expect(page.locator("#said")).to_have_text(re.compile(r"Stopped at step \d+: the error is"))
    last = step_of(page)
    assert 4 <= last < 200
    assert_shows_trace(page, AFTERACADEMY.stepped(last))
    assert [text for text in page.evaluate("window.said") if text] == [page.text_content("#said")]
    assert page.input_value("#run-count") == "200"
    assert page.evaluate(boxes) == before

    page.wait_for_timeout(400)
    assert step_of(page) == last, "nothing goes on unseen"
    page.fill("#scrubber", "2")
    expect(page.locator(".headline .step")).to_have_text("Step 2")
    assert_shows_trace(page, AFTERACADEMY.stepped(2))
    press(page, "step")
    page.reload()
    assert step_of(page) == 3
    expect(page.locator("#scrubber")).to_have_attribute("max", str(last))


def test_a_click_ends_a_run_and_a_panel_follows_it(moving: Page, base: str) -> None:
    page = moving
    page.goto(f"{base}/examples/afteracademy-2-2-2?tab=numbers")
    history = page.evaluate("history.length")
    page.fill("#run-count", "100000")
    page.click("#run-go")
    page.wait_for_function(RUNS_ON)
    page.click("#row-w5 th + td a")
    expect(page.locator("#panel")).to_have_attribute("data-open", "value:w5")
    page.wait_for_url("**open=*")
    opened, url = step_of(page), page.url
    page.wait_for_function(
        f"() => Number(document.querySelector('.headline .step').textContent.slice(5)) > {opened}"
    )
    assert page.url == url
    expect(page.locator("#panel")).to_have_attribute("data-open", "value:w5")
    press(page, "take-back")
    page.wait_for_function(IS_OVER)
    step = step_of(page)
    assert_shows_trace(page, AFTERACADEMY.stepped(step))
    expect(page.locator("#scrubber")).to_have_attribute("max", str(step + 1))
    expect(page.locator("#notice")).to_be_empty()
    assert page.evaluate("history.length") == history + 2, "the network, and the panel"


def test_runs_work_without_javascript(browser: Browser, base: str, watch: Watch) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch.on(page)
    page.goto(base)
    expect(page.locator("#run-stop")).to_be_hidden()
    page.fill("#run-count", "150")
    page.click("#run-go")
    assert step_of(page) == 150
    page.fill("#run-count", "5000")
    page.click("#run-goals summary")
    page.fill("#run-until", "0.001")
    page.click("#run-go")
    expect(page.locator("#said")).to_contain_text("at or below your goal of 0.001.")
    assert page.input_value("#run-until") == "0.001"
    assert 150 < step_of(page) < 5000
    page.click("#take-back")
    expect(page.locator("#said")).to_contain_text("Step")
    context.close()
