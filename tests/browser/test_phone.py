"""A network and a table on a phone: touch, a keypad with minus and comma, a pasted spreadsheet."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import press
from tests.browser.conftest import Watch
from tests.browser.test_homework import paste, values
from tests.browser.test_sizes import create

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
    phone.locator("#net [name=x1]").tap()
    for name, text in NUMBERS.items():
        field = phone.locator(f"#net [name={name}]")
        expect(field).to_be_focused()  # Enter has gone there, as in a spreadsheet
        # "decimal" has no minus on some phones.
        assert field.get_attribute("inputmode") == "text"
        assert field.get_attribute("enterkeyhint") == ("go" if name == "y2" else "next")
        phone.keyboard.insert_text(text)  # as such a keyboard does, without keys
        phone.keyboard.press("Enter")
    # From the last one it sends the form, which makes the network.
    phone.wait_for_url("**/networks/*")
    shown = phone.request.get(f"{base}/api/v1{phone.url.removeprefix(base)}").json()
    assert shown["spec"]["weights"] == [[[0.15, -0.2], [-0.25, 0.25]], [[0.4, 0.45], [-0.1, 0.55]]]
    assert shown["spec"]["biases"] == [[0.35, 0.35], [0.6, 0.6]]
    assert shown["spec"]["samples"] == [{"inputs": [0.05, 0.1], "targets": [0.01, 0.99]}]


def test_a_rows_name_stands_beside_its_number(phone: Page, base: str) -> None:
    phone.goto(f"{base}/new/homework?layers=2-2-2")
    rows = phone.locator("#net .row:has(label:not(.visually-hidden))").evaluate_all(
        """all => all.map(one => {
          const lines = document.createRange();
          lines.selectNodeContents(one.querySelector("label").firstChild);
          const [row, name] = [one, lines].map(e => e.getBoundingClientRect());
          return [row.height, row.y + row.height / 2 - name.y - name.height / 2, name.height];
        })"""
    )
    assert len(rows) == 14
    for height, off, text in rows:
        assert height >= 44
        assert abs(off) <= 2
        assert text >= 12


def test_a_table_is_pasted_from_a_spreadsheet_and_answers_in_its_units(
    phone: Page, base: str
) -> None:
    phone.goto(f"{base}/new?dataset=own&standardise=yes")
    fields = phone.locator("#build :is(textarea, select, input:not([type])):visible")
    sizes = fields.evaluate_all("all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert len(sizes) > 5
    assert min(sizes) >= 16  # below, iOS zooms in
    table = phone.locator("#f-table")
    table.tap()
    with phone.expect_response("**/new/preview*"):
        phone.keyboard.insert_text(SHEET)
    expect(phone.locator("p.read")).to_contain_text("Read 4 rows and 3 columns (tab-separated")
    expect(phone.locator("p.read")).to_contain_text("decimal “,”")
    phone.locator("#create").tap()
    phone.wait_for_url("**/networks/*")
    own = ["height", "weight", "age", "165", "58", "25"]  # of the first sample, the third row
    expect(phone.locator("#s-network .column")).to_have_text(own)
    phone.goto(f"{phone.url}?tab=data")
    field = phone.locator("#ask-field")
    assert field.get_attribute("inputmode") == "text"
    field.tap()
    phone.keyboard.type("170,5; -1,5")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**ask=**")
    expect(phone.locator("#ask-answer")).to_contain_text("height = 170.5 and weight = −1.5")


def test_a_block_is_pasted_whole_or_its_bad_cell_is_named(phone: Page, base: str) -> None:
    phone.goto(f"{base}/new/homework?layers=2-3-1")
    found = paste(phone, "w1", "−0,15\t0,2\r\n0,25\t−0,3\r\n0,35\t1/4\r\n")
    assert found == {
        "w1": "-0.15", "w2": "0.2", "w3": "0.25", "w4": "-0.3", "w5": "0.35", "w6": "1/4",
    }  # fmt: skip
    for text, said in (
        ("0,15\t#N/A\r\n0,25\t0,3\r\n0,35\t0,4\r\n", "“#N/A” cannot be read as a number (row 1"),
        ("0,15\t0,2\r\n\t0,3\r\n0,35\t0,4\r\n", "entry 1 of row 2 is empty"),
        ("0,15\r\nNA\r\n", "“NA” cannot be read as a number (row 2, entry 1)"),
    ):
        again = paste(phone, "w1", text)
        expect(phone.locator(".notes")).to_contain_text(said)
        assert again == {**found, "w1": text.strip("\r\n").replace("\r\n", "\u23ce")}
        assert values(phone) == again
        wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
    one = paste(phone, "w1", "0,15\r\n")
    assert one == {**found, "w1": "0,15"}
    paste(phone, "w1", "0,1\r\n\r\n0,2")
    phone.locator(".notes a").tap()
    assert phone.evaluate("document.activeElement.name") == "w1"
    phone.fill("#f-w1", "")
    phone.press("#f-w1", "Tab")
    expect(phone.locator(".notes")).to_have_count(0)
    assert values(phone) == {name: one for name, one in found.items() if name != "w1"}


# The numbers below the small drawing: of the layer that stands first, those of its first row in
# view; of all, how many there are, the smallest text, and what does not stay within its column.
BELOW = """() => {
  const rows = [...document.querySelectorAll(".rows > div")];
  const top = (one) => one.getBoundingClientRect().top;
  const first = rows.toSorted((a, b) => top(a) - top(b))[0];
  const end = document.querySelector("#stage").getBoundingClientRect().bottom;
  const inView = [...first.querySelectorAll("p > :nth-child(2)")].filter(
    (one) => one.getBoundingClientRect().bottom <= end);
  const texts = [...document.querySelectorAll(".rows [id]")];
  return {
    layer: rows.indexOf(first) + 1,
    inView: inView.map((one) => one.innerText),
    numbers: texts.filter((one) => one.localName === "span").length,
    least: Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize))),
    wide: texts.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.localName === "a")
      .map((one) => one.innerText),
    scrolls: document.documentElement.scrollHeight > innerHeight
      || document.documentElement.scrollWidth > innerWidth,
  };
}"""


@pytest.mark.parametrize("layers", [[2, 3, 1], [2, 4, 1], [4, 4, 3], [2, 4, 4, 3]], ids=str)
def test_weights_and_gradients_of_the_phase_stand_below_a_drawing_without_rows(
    phone: Page, base: str, layers: list[int]
) -> None:
    phone.goto(create(base, layers, samples=4 if layers == [2, 3, 1] else 1))
    last, weights = len(layers) - 1, sum(a * b for a, b in pairwise(layers)) + sum(layers[1:])
    press(phone, "#phase-on")
    found = phone.evaluate(BELOW)
    assert (found["layer"], found["numbers"]) == (1, weights)
    for phase in (f"gradient:{last}", f"delta:{last - 1}"):  # the latter goes back by their values
        while phone.get_attribute("#diagram", "data-phase") != phase:
            press(phone, "#phase-on")
        found = phone.evaluate(BELOW)
        assert found["layer"] == last
        assert len(found["inView"]) == layers[-1]
        for row in found["inView"]:
            assert re.fullmatch(r"w\d+ −?[\d.]+\n?∂ [+−][\d.]+", row)
        assert found["least"] >= 12
        assert (found["wide"], found["scrolls"]) == ([], False)
    press(phone, "#step")
    found = phone.evaluate(BELOW)
    assert found["numbers"] == 3 * weights  # old and new values, and gradients
    expect(phone.locator(".rows .value").first).to_be_hidden()
    value = phone.locator(".rows .new").first
    assert value.inner_text() == phone.locator("#n-edge-0-0-1-0").text_content()
    press(phone, "#step")
    assert value.inner_text() == phone.locator("#n-edge-0-0-1-0").text_content()
    phone.locator(".rows a").first.tap()
    expect(phone.locator("#panel h2")).to_contain_text("Gradient of w1")
