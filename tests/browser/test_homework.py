"""Typing a homework's network in a real browser: row by row, by pasting, on any screen."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.answers import settled
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import assert_axe_finds_nothing

HERE = "/new/homework"
NUMBERS = {
    "x1": "0.05", "x2": "0.10",
    "w1": "0.15", "w2": "-0.20", "b1": "0.35", "w3": "0.25", "w4": "0.30", "b2": "0.35",
    "w5": "0.4", "w6": "0.45", "b3": "0.35", "w7": "0.5", "w8": "-0.55", "w9": "0.6", "b4": "0.6",
    "y1": "0.01",
}  # fmt: skip
"""In the order of the rows."""


def values(page: Page) -> dict[str, str]:
    """What the rows hold, without those that are empty."""
    found: dict[str, str] = page.eval_on_selector_all(
        "#net [data-kind]",
        "all => Object.fromEntries(all.filter(e => e.value).map(e => [e.name, e.value]))",
    )
    return found


def paste(page: Page, name: str, text: str) -> dict[str, str]:
    """What the rows hold after ``text`` was pasted into one of them."""
    page.evaluate(
        """([name, text]) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const field = document.querySelector(`#net [name=${name}]`);
            field.focus();
            const how = {clipboardData, bubbles: true, cancelable: true};
            field.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        [name, text],
    )
    settled(page)
    return values(page)


def test_from_own_numbers_to_a_gradient_as_latex_in_eight_clicks(page: Page, base: str) -> None:
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        page.click(selector)
        clicks += 1

    page.goto(base)
    click("nav >> text=Build")
    page.wait_for_url("**/new")
    click("#way-homework")
    page.wait_for_url("**/new/homework")
    click("#f-layers")
    page.keyboard.type("2-3-1")
    page.keyboard.press("Tab")
    settled(page)
    click("#f-x1")
    for name, number in NUMBERS.items():
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    expect(page.locator("#said")).to_contain_text("all 16 numbers typed, ready to create")
    settled(page)
    assert values(page) == NUMBERS
    click("#create")
    page.wait_for_url("**/networks/*")
    click("#step")
    expect(page.locator(".step").first).to_contain_text("1")
    click("#network a[href$='open=w1#panel'] .row")
    page.wait_for_selector("#copy-latex", state="attached")
    click("#panel .copied summary")
    latex = page.locator("#copy-latex")
    expect(latex).to_be_visible()
    assert r"\frac{\partial E}{\partial w_{1}}" in latex.input_value()
    assert clicks <= 8
    network = page.evaluate("location.pathname")
    state = page.request.get(f"{base}/api/v1{network}").json()
    gradient = state["trace"]["weight_gradients"][0][0][0]
    assert float(page.get_attribute("#answer", "value") or "") == gradient


LISTS = {
    "spaces": "0.1 0.2 0.3 0.4 0.5 0.6",
    "commas": "0.1, 0.2, 0.3, 0.4, 0.5, 0.6",
    "one to a line": "0.1\n0.2\n0.3\n0.4\n0.5\n0.6",
    "a spreadsheet": "0.1\t0.2\r\n0.3\t0.4\r\n0.5\t0.6\r\n",
    "decimal commas": "0,1\t0,2\n0,3\t0,4\n0,5\t0,6",
    "Python": "[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]",
    "NumPy": "array([[0.1, 0.2],\n       [0.3, 0.4],\n       [0.5, 0.6]], dtype=float32)",
    "NumPy, printed": "[[0.1 0.2]\n [0.3 0.4]\n [0.5 0.6]]",
    "MATLAB": "W1 = [0.1 0.2; 0.3 0.4; 0.5 0.6];",
    "MATLAB, commas": "[0.1,0.2;0.3,0.4;0.5,0.6]",
    "LaTeX": r"\begin{pmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \\ 0.5 & 0.6 \end{pmatrix}",
    "names": "w1 = 0.1, w2 = 0.2, w_3 = 0.3, w_{4} = 0.4, w5=.5, w6: 6e-1",
    "columns are units": "[[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]",
}  # fmt: skip


def test_a_list_or_matrix_fills_the_rows_that_follow(page: Page, base: str) -> None:
    for kind, text in LISTS.items():
        page.goto(f"{base}{HERE}?layers=2-3-1")
        found = paste(page, "w1", text)
        numbers = {name: float(number) for name, number in found.items()}
        assert numbers == {f"w{n}": n / 10 for n in range(1, 7)}, kind
    expect(page.locator("#said")).to_contain_text("Filled 6 numbers, w1 to w6. Each column")


def test_pasting_follows_what_is_pasted(page: Page, base: str) -> None:
    page.goto(f"{base}{HERE}?layers=2-3-1")
    minus = paste(page, "w2", "\u22121 \u22122 3")
    assert minus == {"w2": "-1", "w3": "-2", "w4": "3"}
    assert page.evaluate("document.activeElement.name") == "w4"
    found = paste(page, "b1", "1 2 3 4 5 6")
    assert found == minus | {"b1": "1", "b2": "2", "b3": "3", "b4": "4"}
    expect(page.locator("#said")).to_contain_text("2 more numbers had no field.")
    paste(page, "w1", "0.1 0.2 7\n0.3 0.4 8\n0.5 0.6 9")
    page.get_by_role("button", name="Each row is a unit").click()
    expect(page.locator("#said")).to_contain_text("Filled 9 numbers, w1 to b3.")
    settled(page)
    with_biases = values(page)
    assert [with_biases[f"b{n}"] for n in (1, 2, 3)] == ["7", "8", "9"]
    assert [with_biases[f"w{n}"] for n in range(1, 7)] == [f"0.{n}" for n in range(1, 7)]
    page.goto(f"{base}{HERE}?layers=2-2")
    page.fill("#f-x1", "0.5, 0.25")
    page.press("#f-x1", "Tab")
    settled(page)
    assert values(page) == {"x1": "0.5", "x2": "0.25"}
    page.goto(f"{base}{HERE}?layers=2-2")
    assert paste(page, "x1", "no numbers here") == {"x1": "no numbers here"}
    expect(page.locator("#said")).to_contain_text("Please fix: x1 must be a number")


def test_another_shape_keeps_what_was_typed_and_the_focus(page: Page, base: str) -> None:
    page.goto(f"{base}{HERE}?layers=2-3-1")
    page.fill("#f-w1", "0.25")
    page.press("#f-w1", "Tab")
    page.click("[aria-label='Outputs: One unit more']")
    expect(page.locator("#f-y2")).to_be_visible()
    assert page.input_value("#f-layers") == "2-3-2"
    assert values(page) == {"w1": "0.25"}
    page.fill("#f-y2", "0.5")
    page.fill("#f-layers", "2-")
    page.press("#f-layers", "Tab")
    settled(page)
    assert values(page) == {"w1": "0.25", "y2": "0.5"}, "the diagram stays while they are typed"
    page.click("text=Use 2-3-1")
    settled(page)
    expect(page.locator("#f-y2")).to_have_count(0)
    page.fill("#f-layers", "2-3-2")
    page.press("#f-layers", "Tab")
    expect(page.locator("#f-y2")).to_have_value("0.5")
    assert values(page) == {"w1": "0.25", "y2": "0.5"}
    page.click("#more summary")
    page.select_option("#f-bias_update", "shared")
    expect(page.locator(".shared").first).to_be_visible()
    assert page.is_visible("#f-bias_update"), "what was unfolded stays so"
    page.fill("#f-w2", "x")
    page.press("#f-w2", "Tab")
    expect(page.locator("#said")).to_contain_text("Please fix: w2 must be a number")
    page.click(".notes a")
    assert page.evaluate("document.activeElement.name") == "w2"


def test_what_is_typed_while_all_fields_come_anew_is_sent_from_the_new_ones(
    page: Page, base: str
) -> None:
    page.goto(f"{base}{HERE}?layers=2-3-1")
    page.fill("#f-layers", "2-")
    page.press("#f-layers", "Tab")
    settled(page)
    waiting: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if waiting:
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/preview*", hold_the_first)
    with page.expect_request("**/preview*"):
        page.click("text=Use 2-3-1")
    page.fill("#f-layers", "2-3-2")
    waiting[0].continue_()
    expect(page.locator("#f-y2")).to_be_visible()
    settled(page)
    assert page.input_value("#f-layers") == "2-3-2"
    expect(page.locator("#notice")).to_be_empty()


def test_it_works_without_javascript(browser: Browser, base: str, watch: Watch) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}{HERE}")
    page.fill("#f-layers", "2-2-1")
    page.click("#update")
    expect(page).to_have_url(re.compile("layers=2-2-1"))
    page.fill("#f-w6", "0.75")
    page.click("#update")
    assert page.input_value("#f-w6") == "0.75"
    page.click("#create")
    page.click("#step")
    assert page.inner_text("#headline-step") == "Step 1"
    context.close()


WIDTHS = (360, 768, 1024, 1366, 1920)
SHAPES = ("2-2-2", "2-3-1", "2-4-4-3", "4-16-16-3", "1-1", "2-2-2-2-2-2")


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_overflows_or_overlaps_and_every_target_is_large_enough(
    browser: Browser, base: str, watch: Watch, shape: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    watch.on(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(f"{base}{HERE}?layers={shape}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        for box in page.eval_on_selector_all(
            "#build :is(input, select, button, summary):not(#update)",
            "all => all.map(e => e.getBoundingClientRect()).filter(b => b.width)"
            ".map(b => [b.width, b.height])",
        ):
            assert min(box) >= 20 if box[0] == box[1] else 24, (width, box)
        crowded = page.evaluate(
            """() => {
                const labels = ".row label:not(.visually-hidden)";
                const kinds = `#net :is(.row input, ${labels}, .circle, .title, .head select)`;
                const parts = [...document.querySelectorAll(kinds)]
                  .map((e) => [e, e.getBoundingClientRect()]);
                const across = (p, q) => p.left < q.right - 1 && q.left < p.right - 1;
                const along = (p, q) => p.top < q.bottom - 1 && q.top < p.bottom - 1;
                return parts.flatMap(([a, p], i) => parts.slice(i + 1)
                  .filter(([b, q]) => across(p, q) && along(p, q))
                  .map(([b]) => a.outerHTML + b.outerHTML)).slice(0, 3);
            }"""
        )
        assert crowded == [], width
        narrow = page.eval_on_selector_all(
            "#net .row input", "all => Math.min(...all.map(e => e.clientWidth))"
        )
        assert narrow >= 56, (width, narrow)
    context.close()


def test_wires_end_at_their_rows(page: Page, base: str) -> None:
    page.goto(f"{base}{HERE}?layers=2-3-1")
    off = page.evaluate(
        """() => [...document.querySelectorAll("#net .body:has(.wires)")].flatMap((body) => {
            const rows = [...body.querySelectorAll("[data-kind=weight]")]
              .map((e) => e.getBoundingClientRect());
            const svg = body.querySelector(".wires");
            const matrix = svg.getScreenCTM();
            return [...svg.querySelectorAll("path")].map((path, i) => {
              const end = path.getPointAtLength(path.getTotalLength()).matrixTransform(matrix);
              return Math.abs(end.y - (rows[i].top + rows[i].bottom) / 2);
            });
        })"""
    )
    assert len(off) == 9
    assert max(off) < 2


@pytest.mark.parametrize(("theme", "width"), [("light", 1366), ("dark", 360)])
def test_axe_finds_nothing(
    browser: Browser, base: str, watch: Watch, theme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}{HERE}?layers=2-3-1&optimizer=adam&weight_decay=0.1&w1=-0.5")
    assert_axe_finds_nothing(page)
    page.fill("#f-w1", "x")
    page.press("#f-w1", "Tab")
    expect(page.locator("#said")).to_contain_text("Please fix")
    assert_axe_finds_nothing(page)
    context.close()


def test_a_narrow_page_shows_the_whole_of_what_it_says(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 375, "height": 720})
    page.goto(f"{base}{HERE}?layers=2-3-1")
    paste(page, "w1", "0,1\t0,3\t0,5\n0,2\t0,4\t0,6")
    said = page.locator("#said")
    expect(said).to_contain_text("Each column of the matrix is a unit. Commas between digits")
    expect(said).to_contain_text("The grey numbers fill the rest.")
    tall, shown = said.evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert tall <= shown
