"""Taking a network along and opening it again, as a person does; the worksheet on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import press
from tests.browser.conftest import Watch
from tests.browser.test_long_numbers import stepped

A4 = 680
"""The width of a page of paper between its margins of 15 mm."""


def test_a_saved_network_opens_again(page: Page, base: str, watch: Watch, tmp_path: Path) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    press(page, "#step")
    loss = page.text_content("#loss-after")
    page.click("#more > summary")
    page.click("#export summary")
    with page.expect_download() as waiting:
        page.click("text=Whole network")
    file = tmp_path / waiting.value.suggested_filename
    assert file.name == "takeback-network.json"
    waiting.value.save_as(file)
    page.click("#more > summary")
    page.click("#export a[href*=import]")
    page.wait_for_url("**/import")
    page.set_input_files("#import-file", file)
    page.click("button:has-text('Open')")
    page.wait_for_url("**/networks/*")
    assert page.text_content("#loss-after") == loss
    assert page.text_content(".headline .step") == "Step 1"


def test_the_answers_stand_on_a_page_of_their_own(page: Page, base: str, watch: Watch) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2/export/worksheet?theme=dark")
    page.uncheck("input[value=new]")
    page.click("text=Create worksheet")
    expect(page.locator(".part:visible")).to_have_count(4)
    expect(page.locator(".questions .line").first).to_be_visible()
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator("#form-worksheet").is_hidden()
    assert page.locator("header.site").is_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.answers')).breakBefore") == (
        "page"
    )
    assert page.locator(".answers .answer").first.is_visible()
    sheet = page.locator(".sheet").inner_text()
    assert "0.2984" not in sheet
    assert "0.2984" in page.locator(".answers").inner_text()


# What reaches beyond the text of a page of paper.
BEYOND = """() => [...document.querySelectorAll('.worksheet :is(td, th, dd, .eq > mrow)')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + .5)
  .map(one => one.textContent)"""


@pytest.mark.parametrize(("inputs", "digits"), [(2, 10), (5, 7), (5, 10), (14, 4), (14, 10)])
def test_the_samples_stay_on_the_paper(page: Page, base: str, inputs: int, digits: int) -> None:
    samples = [
        {"inputs": [-(n + k) / 7 for k in range(inputs)], "targets": [-1 / 3, n / 7, 0.5]}
        for n in range(1, 7)
    ]
    spec = {
        "layers": [inputs, 3], "activations": ["tanh"], "samples": samples,
        "batch": {"size": "full"}, "optimizer": {"name": "adam"},
    }  # fmt: skip
    path = stepped(base, spec, 2)
    page.goto(f"{base}{path}/export/worksheet?digits={digits}")
    assert "answers are computed from the exact values" in page.locator(".sheet").inner_text()
    for width, media in ((A4, "print"), (1366, "screen")):
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(media=media)  # type: ignore[arg-type]
        assert page.locator(".tables .remembered, .tables .given").count() >= 2
        assert page.evaluate(BEYOND) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "e => e.scrollWidth > e.clientWidth"
        assert not [one for one in page.locator(".tables .scroller").all() if one.evaluate(wide)]
