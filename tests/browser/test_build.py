"""The builder in a real browser: by mouse, by keyboard, without JavaScript, on a phone."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from app.data.catalog import iris
from app.engine.optimizers import OPTIMIZERS
from app.engine.schedules import SCHEDULES
from tests.browser import answers
from tests.browser.answers import strike
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import assert_axe_finds_nothing
from tests.browser.test_lab import press


def iris_csv() -> str:
    """150 flowers, sorted by species as such files are."""
    data = iris()
    rows = sorted(zip(data.targets.argmax(axis=1).tolist(), data.inputs.tolist(), strict=True))
    lines = [[*map(repr, row), data.classes[label]] for label, row in rows]
    return "\n".join(",".join(line) for line in [["sl", "sw", "pl", "pw", "species"], *lines])


def settled(page: Page, said: str) -> None:
    """Wait until the preview says so."""
    expect(page.locator("#said")).to_contain_text(said)
    answers.settled(page)


def typed(page: Page, table: str) -> None:
    """Put a long table into the field: Chromium takes many seconds to insert one line by line."""
    page.locator("#f-table").evaluate(
        """(field, table) => {
          field.focus();
          field.value = table;
          field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }""",
        table,
    )


def create(page: Page) -> None:
    page.click("#create")
    page.wait_for_url("**/networks/*")


def test_what_a_table_asks_is_answered_where_one_looks(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{base}/new?dataset=own")
    page.fill("#f-table", "PLZ;t;y\n01234;08.15;1\n01235;09.15;2\n")
    answer = page.locator("#preview").get_by_role("button", name="01234 is 1234")
    expect(answer).to_be_in_viewport(ratio=1)
    answer.click()
    answer = page.locator("#preview").get_by_role("button", name="08.15 is the number 8.15")
    expect(answer).to_be_in_viewport(ratio=1)
    answer.click()
    settled(page, "Read 2 rows and 3 columns. Network 2-4-1.")
    expect(page.locator("button[name=fix]")).to_have_count(0)


def test_a_pasted_table_becomes_a_network_that_learns(page: Page, base: str) -> None:
    page.goto(f"{base}/new")
    page.check("#f-dataset-own")
    settled(page, "Paste a table")
    page.fill("#f-table", iris_csv())
    settled(page, "Read 150 rows and 5 columns. Network 4-4-3.")
    assert [page.input_value(f"#f-role-{n}") for n in range(1, 6)] == ["input"] * 4 + ["target"]
    page.select_option("#f-role-2", "ignore")
    settled(page, "Network 3-4-3.")
    assert page.input_value("#f-table").startswith("sl,sw,pl")
    page.click("#options summary")
    page.select_option("#f-standardise", "yes")
    expect(page.locator("#preview .halves thead")).to_contain_text("Scale")
    expect(page).not_to_have_url(re.compile("table="))
    create(page)
    expect(page.locator(".data h2")).to_have_text("Data: My own table")
    for _ in range(3):
        press(page, "step")
    expect(page.locator("#headline-step")).to_have_text("Step 3")
    expect(page.locator("#batch")).to_contain_text("batch (21–30)")
    page.click("#delta-node-2-0")
    expect(page.locator("#panel")).to_contain_text("δ")
    page.click("#more > summary")
    page.click("#rebuild")
    page.wait_for_url("**/rebuild")
    assert page.is_checked("#f-dataset-keep")
    page.fill("#f-units-1", "2")
    page.press("#f-units-1", "Tab")
    settled(page, "Network 3-2-3")


def test_a_file_is_read_into_the_field(page: Page, base: str, watch: Watch, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(b"\xef\xbb\xbfa;b\r\n0,5;1\r\n1,5;2\r\n2,5;4\r\n")
    page.goto(f"{base}/new?dataset=own")
    page.set_input_files("#f-file", file)
    settled(page, "Read 3 rows and 2 columns. Network 1-4-1.")
    assert page.input_value("#f-table") == "a;b\n0,5;1\n1,5;2\n2,5;4\n"
    assert page.input_value("#f-file") == ""
    page.fill("#f-table", "a;b\n0,5;1\nx;2\n;4\n0,5;1\n0,5;1\n")
    settled(page, "line 3, column 1 (a)")
    expect(page.locator("#w-f-table p:not(.bar)")).to_have_count(2)
    expect(page.locator("#preview-network")).to_have_count(0)
    page.click("#create")
    expect(page.locator("#notice")).to_contain_text("Not created yet")
    assert page.input_value("#f-table").startswith("a;b")
    assert [error for error in watch.errors if "422" not in error] == []
    watch.errors.clear()


def test_a_long_table_stays_in_the_browser(
    page: Page, base: str, watch: Watch, tmp_path: Path
) -> None:
    rows = "".join(f"{i},{i % 7},{'<' * 20}{i % 3}\n" for i in range(3_000))
    page.goto(f"{base}/new?dataset=own")
    typed(page, f"a,b,kind\n{rows}1,2\n")
    settled(page, "line 3,002 has 2 columns")
    page.click("#create")
    expect(page.locator("#notice")).to_contain_text("Not created yet")
    assert page.input_value("#f-table") == f"a,b,kind\n{rows}1,2\n", "refused, and still there"
    expect(page.locator("#f-table")).to_be_focused()
    # A long file stays in its field; what is pasted later comes before it.
    page.goto(f"{base}/new?dataset=moons")
    file = tmp_path / "mine.csv"
    file.write_text(f"a,b,kind\n{rows}")
    page.set_input_files("#f-file", file)
    settled(page, "Read 3000 rows and 3 columns. Network 2-4-3.")
    assert page.input_value("#f-file").endswith("mine.csv")
    assert page.input_value("#f-table") == ""
    page.select_option("#f-hidden", "2")
    settled(page, "Read 3000 rows and 3 columns. Network 2-4-4-3.")
    assert page.input_value("#f-file").endswith("mine.csv")
    page.fill("#f-table", "a;b\n0,5;1\n1,5;2\n2,5;4\n")
    settled(page, "Read 3 rows and 2 columns. Network 1-4-4-1.")
    assert page.input_value("#f-file") == ""
    assert page.input_value("#f-table").startswith("a;b")
    expect(page.locator("#f-table")).to_be_focused()
    create(page)
    assert [error for error in watch.errors if "422" not in error] == []
    watch.errors.clear()


def test_a_preview_that_arrives_within_a_click_leaves_the_button_in_place(
    page: Page, base: str
) -> None:
    page.goto(f"{base}/new?dataset=own")
    page.fill("#f-table", "a;b\n0,5;1\n1,5;2\n2,5;4\n")
    settled(page, "Read 3 rows and 2 columns. Network 1-4-1.")
    page.fill("#f-units-1", "2")
    page.hover("#create")
    page.mouse.down()
    settled(page, "Network 1-2-1")
    page.mouse.up()
    page.wait_for_url("**/networks/*")


def test_xor_from_seed_3_by_keyboard(page: Page, base: str) -> None:
    page.goto(f"{base}/new")
    page.focus("#f-dataset-and")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#f-dataset-xor")
    page.focus("#f-units-1")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.focus("#more summary")
    page.keyboard.press("Enter")
    page.focus("#f-init_seed")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new?*init_seed=3*")
    settled(page, "Network 2-2-1")
    assert page.evaluate("document.activeElement.id") == "f-init_seed"
    page.focus("#create")
    page.keyboard.press("Enter")
    page.wait_for_url("**/networks/*")
    seen = []
    for _ in range(5):
        page.focus("#step")
        strike(page, "Enter")
        cells = page.eval_on_selector_all(
            "#row-node-0-0 data, #row-node-0-1 data", "all => all.map(e => e.value)"
        )
        seen.append("".join(cells))
    assert seen == ["0.00.0", "0.01.0", "1.00.0", "1.01.0", "0.00.0"]
    expect(page.locator("#sample")).to_have_value("1")
    expect(page.locator("#samples")).to_contain_text("of 4")


def test_a_button_beside_an_error_mends_it(page: Page, base: str) -> None:
    page.goto(f"{base}/new")
    page.select_option("#f-output_activation", "relu")
    settled(page, "Network 2-3-1")
    page.select_option("#f-loss", "binary_cross_entropy")
    settled(page, "Please fix: The loss")
    page.click("text=Use sigmoid outputs")
    settled(page, "Network 2-3-1")
    assert page.input_value("#f-output_activation") == "sigmoid"
    assert page.input_value("#f-loss") == "binary_cross_entropy"
    assert page.evaluate("document.activeElement.id") == "f-output_activation"
    expect(page.locator("#parts .wrong button")).to_have_count(0)


def test_only_the_fields_that_count_are_shown(page: Page, base: str) -> None:
    page.goto(f"{base}/new")
    page.click("#more summary")
    page.check("#f-more")
    shown = {"f-momentum", "f-momentum_form", "f-decay", "f-beta1", "f-epsilon"}
    for name, expected in {
        "sgd": set(),
        "nesterov": {"f-momentum", "f-momentum_form"},
        "rmsprop": {"f-decay", "f-epsilon"},
        "adam": {"f-beta1", "f-epsilon"},
    }.items():
        page.select_option("#f-optimizer", name)
        assert {field for field in shown if page.is_visible(f"#{field}")} == expected
    page.select_option("#f-hidden", "3")
    assert page.locator(".layer:visible").count() == 3
    page.check("#f-dataset-iris")
    page.click("#options summary")
    assert not page.is_visible("#f-noise")
    assert page.is_visible("#f-standardise")
    settled(page, "Network 4-4-4-4-3")
    assert page.is_visible("#f-standardise"), "what was unfolded stays so"
    assert not page.is_visible("#f-table")


@pytest.mark.parametrize("way", ["/new", "/new/homework"])
def test_a_rule_shows_the_numbers_that_it_uses_and_no_other(
    page: Page, base: str, way: str
) -> None:
    page.goto(f"{base}{way}?more=yes")

    def shown(names: set[str]) -> set[str]:
        return {name for name in names if page.is_visible(f"#f-{name}")}

    choices: dict[str, dict[str, tuple[str, ...]]] = {
        "optimizer": {name: rule.fields for name, rule in OPTIMIZERS.items()},
        "schedule": {name: rule.fields for name, rule in SCHEDULES.items() if rule.fields},
        "clipping": {"": (), "value": ("clip_limit",), "torch_norm": ("clip_limit",)},
        "loss": {
            "huber": ("huber_delta",),
            "mean_huber": ("huber_delta",),
            "binary_cross_entropy": ("label_smoothing",),
            "softmax_cross_entropy": ("label_smoothing",),
            "mean_squared_error": (),
        },
    }
    for choice, uses in choices.items():
        every = {field for fields in uses.values() for field in fields}
        for name, fields in uses.items():
            page.select_option(f"#f-{choice}", name)
            assert shown(every) == set(fields), name
    assert not shown({"weight_decay_form", "decay_biases"})
    page.fill("#f-weight_decay", "0.1")
    assert shown({"weight_decay_form", "decay_biases"}) == {"weight_decay_form", "decay_biases"}


def test_a_number_that_is_wrong_is_shown_wherever_it_stands(
    page: Page, base: str, watch: Watch
) -> None:
    page.goto(f"{base}/new?more=yes&loss=mean_squared_error&label_smoothing=0.1")
    expect(page.locator("#f-label_smoothing")).to_be_visible()
    expect(page.locator("#w-f-label_smoothing")).to_contain_text("cross-entropy")
    assert [error for error in watch.errors if "422" not in error] == []
    watch.errors.clear()


def test_it_works_without_javascript(browser: Browser, base: str, watch: Watch) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch.on(page)
    page.goto(f"{base}/new")
    page.focus("footer a")
    bar, end = page.locator("#preview .go").bounding_box(), page.locator("footer a").bounding_box()
    assert bar
    assert end
    assert end["y"] + end["height"] <= bar["y"], "nothing ends below the bar"
    page.check("#f-dataset-moons")
    page.click("#options summary")
    page.fill("#f-noise", "0.25")
    page.click("#update")
    expect(page).to_have_url(re.compile("dataset=moons&noise=0.25"))
    assert "2-4-1" in page.inner_text("#said")
    page.check("#f-dataset-own")
    assert page.is_visible("#f-table")
    page.fill("#f-table", "a\tb\tkind\n1\t2\tx\n3\t4\ty\n5\t6\tx\n")
    page.click("#update")
    assert "Read 3 rows and 3 columns." in page.inner_text("#said")
    page.select_option("#f-role-1", "ignore")
    page.click("#create")
    assert page.inner_text("main h1") == "1-4-1"
    page.click("#step")
    assert page.inner_text("#headline-step") == "Step 1"
    context.close()


OWN = "/new?dataset=own&optimizer=adam&hidden=8&weight_decay=0.1&output_activation=leaky_relu"


@pytest.mark.parametrize(("theme", "width"), [("light", 1366), ("dark", 360)])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, base: str, watch: Watch, theme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    watch.on(page)

    def check() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_axe_finds_nothing(page)

    page.goto(f"{base}/new?dataset=iris&test_share=0.3&standardise=yes")
    check()
    page.goto(base + OWN)
    page.fill("#f-table", f"{'n' * 60},b,kind\n1,2,{'w' * 60}\n3,4,y\n5,6,z\n")
    settled(page, "Read 3 rows")
    check()
    page.fill("#f-table", "a,b,kind\n1,x,x\n,4,y\n5,6,z\n7,8,x\n9,8,x\n")
    settled(page, "Please fix")
    check()
    page.goto(f"{base}/new?dataset=iris&standardise=yes&test_share=0.2")
    create(page)
    check()
    context.close()


def test_focus_goes_where_one_goes_on(page: Page, base: str, watch: Watch) -> None:
    for address, field in (
        ("/new?learning_rate=x", "#f-learning_rate"),
        ("/new?dataset=own", "#f-table"),
        ("/new/homework?w1=x", "#f-w1"),
    ):
        page.goto(base + address)
        with page.expect_navigation():
            page.click("#create")
        expect(page.locator(field)).to_be_focused()
    watch.errors.clear()  # Chromium logs every 422
    page.goto(f"{base}/new?dataset=own")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.fill("#f-table", "a,b,y\n1,2,0\n3,NA,1\n4,5,1\n2,2,0\n")
    page.evaluate("() => { document.getElementById('f-table').style.height = '300px' }")
    page.click("button[name=fix]")
    expect(page.locator("#f-gaps")).to_be_focused()
    assert said == []


# The width that a choice's text has, beside its arrow, and those whose text takes more.
CUT_OFF = """selects => selects.filter(s => s.clientWidth).flatMap(s => {
    const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(s);
    pen.font = style.font;
    const edges = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    const room = s.clientWidth - edges - 16;
    return [...s.options].map(o => o.text).filter(text => pen.measureText(text).width > room);
})"""


def test_no_choice_is_cut_off_on_a_phone(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{base}/new?dataset=curve&optimizer=rmsprop_momentum&loss=huber&schedule=step")
    page.eval_on_selector_all("#build details", "all => all.forEach(one => one.open = true)")
    assert page.eval_on_selector_all("#build select", CUT_OFF) == []
