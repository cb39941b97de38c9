"""Taking a network along and opening it again, as a person does; the worksheet on paper."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import Watch


def test_a_saved_network_opens_again(page: Page, base: str, watch: Watch, tmp_path: Path) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click("#step")
    page.wait_for_selector("#loss-after")
    loss = page.text_content("#loss-after")
    page.click("#export summary")
    with page.expect_download() as waiting:
        page.click("text=Everything")
    file = tmp_path / waiting.value.suggested_filename
    assert file.name == "takeback-network.json"
    waiting.value.save_as(file)
    page.click("text=Open a file")
    page.set_input_files("#import-file", file)
    page.click("button:has-text('Open')")
    page.wait_for_url("**/networks/*")
    assert page.text_content("#loss-after") == loss
    assert page.text_content(".headline .step") == "Step 1"


def test_the_answers_stand_on_a_page_of_their_own(page: Page, base: str, watch: Watch) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2/export/worksheet?theme=dark")
    page.uncheck("input[value=new]")
    page.click("text=Make the worksheet")
    assert page.locator(".part").count() == 4
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
