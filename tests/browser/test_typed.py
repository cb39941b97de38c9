"""What is typed in the tables counts for whatever is computed next; what is open stays as it is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answers import settled
from tests.browser.conftest import Watch
from tests.browser.test_lab import press


def value(page: Page, name: str) -> str:
    """What the field of a number holds."""
    return page.input_value(f'#numbers input[name="value.{name}"]')


def typed(page: Page, base: str, name: str, text: str) -> None:
    page.goto(f"{base}/?edit=on")
    press(page, "forward")
    page.fill(f'#numbers input[name="value.{name}"]', text)


@pytest.mark.parametrize("button", ["step", "phase-on", "forward"])
def test_an_input_that_is_typed_counts_for_the_next_button(
    page: Page, base: str, button: str
) -> None:
    typed(page, base, "x1", "0.37")
    press(page, button)
    assert value(page, "x1") == "0.37"
    page.reload()
    assert value(page, "x1") == "0.37"
    expect(page.locator("#network .of-input, #a-node-0-0")).to_have_text("0.37")


def test_a_weight_that_is_typed_counts_for_a_step(page: Page, base: str) -> None:
    typed(page, base, "w1", "9")
    press(page, "step")
    expect(page.locator("#v-edge-0-0-1-0")).to_have_text("9.0000")


def test_a_run_takes_what_is_typed(page: Page, base: str) -> None:
    typed(page, base, "x1", "0.37")
    page.fill("#run-count", "3")
    press(page, "run-go")
    page.wait_for_function("() => !document.querySelector('#run[data-running]')")
    page.reload()
    assert value(page, "x1") == "0.37"


def test_what_cannot_be_a_number_is_told_and_stops_the_step(
    page: Page, base: str, watch: Watch
) -> None:
    typed(page, base, "x1", "abc")
    press(page, "step")
    expect(page.locator("#notice")).to_contain_text("x1")
    assert value(page, "x1") == "abc"
    expect(page.locator("#headline-step")).to_have_text("Step 0")
    watch.errors.clear()


def test_what_was_closed_stays_closed_and_what_is_open_stays_open(page: Page, base: str) -> None:
    page.goto(f"{base}/?open=w1")
    press(page, "step")
    page.click("#panel .close")
    expect(page.locator("#panel.idle")).to_be_visible()
    page.click("#tab-numbers")
    page.click("#edit-values")
    expect(page.locator("#form-edit #apply")).to_be_visible()
    expect(page).not_to_have_url(re.compile("open="))
    page.click("#network #edge-1-0-2-0 .row")
    expect(page.locator("#panel")).to_have_attribute("data-open", "w5")
    page.click("#tab-numbers")
    expect(page.locator("#form-edit #apply")).to_be_visible()
    expect(page.locator("#panel")).to_have_attribute("data-open", "w5")


def test_the_ways_through_the_site_follow_the_options(page: Page, base: str) -> None:
    page.goto(base)
    page.click("#more > summary")
    page.click("#view summary")
    page.click('#view a[href*="digits=8"]')
    expect(page.locator("#numbers.long")).to_have_count(1)
    assert "digits=8" in (page.get_attribute("#site nav a >> nth=1", "href") or "")
    assert page.get_attribute("#site nav a >> nth=0", "aria-current") == "page"
    assert "digits=8" in (page.get_attribute("#picker a >> nth=1", "href") or "")


# --- while an answer is under way -------------------------------------------------------------


@contextmanager
def under_way(page: Page, button: str) -> Iterator[None]:
    """Click something that sends a form; its answer comes when the block has ended."""
    late: list[Route] = []
    page.route(re.compile("/(step|take-back|phase)"), lambda route: late.append(route), times=1)
    page.click(button)
    while not late:
        page.wait_for_timeout(10)
    yield
    late[0].continue_()
    settled(page)


def test_a_menu_opened_while_an_answer_is_under_way_stays_open(page: Page, base: str) -> None:
    page.goto(base)
    for step in (1, 2):  # the first of them has all of the page sent
        for button, menu, inside in (
            ("#step", "#more", "#conventions"),
            ("#take-back", "#more", "#check"),
            ("#step", "#picker", "#picker a >> nth=1"),
        ):
            with under_way(page, button):
                page.click(f"{menu} > summary")
                page.focus(inside)
                there = page.evaluate("document.activeElement.textContent")
            expect(page.locator(menu)).to_have_attribute("open", "")
            assert page.evaluate("document.activeElement.textContent") == there, menu
            expect(page.locator(inside)).to_be_focused()
        expect(page.locator("#headline-step")).to_have_text(f"Step {step}")
    with under_way(page, "#step"):
        page.click("#share > summary")
    expect(page.locator("#share")).to_have_attribute("open", "")
    # What it says is of the moment that has come.
    expect(page.locator(".sharing h1")).to_have_text("Share step 3")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/share" in one.url else None)
    page.fill("#run-count", "400")
    page.press("#run-go", "Enter")  # which closes it
    page.click("#share > summary")
    expect(page.locator("#headline-step")).to_have_text("Step 403", timeout=30_000)
    expect(page.locator(".sharing h1")).to_have_text("Share step 403")
    assert len(asked) < 4, "not with every picture of the run"


def test_what_is_typed_while_an_answer_is_under_way_stays_and_counts(page: Page, base: str) -> None:
    fields = {
        "#rate": "0.9", "#run-count": "7", "#run-until": "0.01",
        '#numbers input[name="value.x1"]': "0.3", '#numbers input[name="value.w1"]': "0.2",
    }  # fmt: skip
    page.goto(f"{base}/?edit=on&tab=numbers")
    page.click("#run-goals > summary")
    for _ in range(2):  # the first answer has all of the page, the second its figures
        with under_way(page, "#phase-on"):
            for field, text in fields.items():
                page.fill(field, text)
        assert {field: page.input_value(field) for field in fields} == fields
        expect(page.locator("#run-goals")).to_have_attribute("open", "")
    press(page, "phase-on")
    expect(page.locator("#network #v-edge-0-0-1-0")).to_have_text("0.2000")
    expect(page.locator("#network #a-node-0-0")).to_have_text("0.3")
    assert page.input_value("#rate") == "0.9"


def test_a_value_mended_before_its_refusal_comes_is_sent(
    page: Page, base: str, watch: Watch
) -> None:
    page.goto(base)
    press(page, "step")
    page.fill("#rate", "half")
    late: list[Route] = []
    page.route("**/learning-rate**", lambda route: late.append(route), times=1)
    page.press("#rate", "Enter")
    page.fill("#rate", "0.7")
    page.press("#rate", "Enter")
    while not late:
        page.wait_for_timeout(10)
    late[0].continue_()
    expect(page.locator("#said")).to_have_text(re.compile("Learning rate set to 0.7"))
    assert page.locator("[aria-invalid]").count() == 0
    expect(page.locator("#notice")).to_be_empty()
    assert page.input_value("#rate") == "0.7"
    watch.errors.clear()
