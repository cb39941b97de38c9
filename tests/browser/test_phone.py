"""A network and a table on a phone: touch, a keypad with minus and comma, a pasted spreadsheet."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch

# The article's network, some of it below zero.
NUMBERS = {
    "x1": "0,05", "x2": "0,10", "w1": "0,15", "w2": "-0,20", "b1": "0,35", "w3": "−0,25",
    "w4": "1/4", "b2": "0,35", "w5": "0,4", "w6": "0,45", "b3": "0,6", "w7": "-1e-1", "w8": "0,55",
    "b4": "0,6", "y1": "0,01", "y2": "0,99",
}  # fmt: skip
SHEET = "height\tweight\tage\n170,5\t65,25\t30\n182\t80,5\t41\n165\t58\t25\n175\t-1,5\t38\n"


@pytest.fixture
def phone(browser: Browser, watch: Watch) -> Page:
    """A page of a phone with a touch keyboard."""
    page = browser.new_page(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True,
        reduced_motion="reduce",
    )  # fmt: skip
    watch.on(page)
    return page


def test_a_network_of_ones_own_is_typed_with_commas(phone: Page, base: str) -> None:
    phone.goto(f"{base}/new/homework?layers=2-2-2")
    for name, text in NUMBERS.items():
        field = phone.locator(f"#net [name={name}]")
        # "decimal" has no minus on some phones.
        assert field.get_attribute("inputmode") == "text"
        field.tap()
        phone.keyboard.type(text)
        phone.keyboard.press("Enter" if name != "y2" else "Tab")
    phone.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(phone.locator("#said")).to_contain_text("all 16 numbers typed")
    phone.locator("#create").tap()
    phone.wait_for_url("**/networks/*")
    shown = phone.request.get(f"{base}/api/v1{phone.url.removeprefix(base)}").json()
    assert shown["spec"]["weights"] == [[[0.15, -0.2], [-0.25, 0.25]], [[0.4, 0.45], [-0.1, 0.55]]]
    assert shown["spec"]["biases"] == [[0.35, 0.35], [0.6, 0.6]]
    assert shown["spec"]["samples"] == [{"inputs": [0.05, 0.1], "targets": [0.01, 0.99]}]


def test_a_table_is_pasted_from_a_spreadsheet_and_answers_in_its_units(
    phone: Page, base: str
) -> None:
    phone.goto(f"{base}/new?dataset=own&standardise=yes")
    table = phone.locator("#f-table")
    table.tap()
    with phone.expect_response("**/new/preview*"):
        phone.keyboard.insert_text(SHEET)
    expect(phone.locator("p.read")).to_contain_text("Read 4 rows and 3 columns (tab-separated")
    expect(phone.locator("p.read")).to_contain_text("decimal “,”")
    phone.locator("#create").tap()
    phone.wait_for_url("**/networks/*")
    expect(phone.locator("#s-network .column")).to_have_text(["height", "weight"])
    phone.goto(f"{phone.url}?tab=data")
    field = phone.locator("#ask-field")
    assert field.get_attribute("inputmode") == "text"
    field.tap()
    phone.keyboard.type("170,5; -1,5")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**ask=**")
    expect(phone.locator("#ask-answer")).to_contain_text("height = 170.5 and weight = −1.5")
