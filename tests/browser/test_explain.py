"""A student checks homework, a teacher walks the phases: derivations, phases, branches, editing."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.engine.training import trace_step
from app.explain.quantities import every
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from app.lab.phases import Progress, phases_of
from app.lab.sample_in_view import sample_in_view
from app.lab.visibility import Visibility
from tests.browser.answers import look, press, settled, strike, unfold
from tests.browser.conftest import Watch

SLUGS = list(EXAMPLES)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_walk_shows_what_its_phase_has_computed_and_no_more(
    page: Page, base: str, slug: str
) -> None:
    spec = EXAMPLES[slug].spec
    trace = trace_step(spec, spec.initial, 0)
    phases = phases_of(spec.layers)
    page.goto(f"{base}/examples/{slug}")
    for done in range(1, len(phases) + 1):
        press(page, "#phase-on")
        progress = Progress(phases, done)
        visible = Visibility(sample_in_view(Lab.fresh(spec)), progress)
        rail = page.locator("#rail [aria-current=step]")
        expect(rail).to_have_attribute("value", phases[done - 1].key)
        for layer in range(1, len(spec.layers)):
            for unit in range(spec.layers[layer]):
                cells = page.locator(f"#row-node-{layer}-{unit} data")
                shown = [float(c.get_attribute("value") or "nan") for c in cells.all()]
                expected = []
                for kind, row in (
                    ("pre_activation", trace.forward.pre_activations[layer - 1]),
                    ("activation", trace.forward.activations[layer]),
                    ("delta", trace.gradients.deltas[layer - 1]),
                ):
                    if any(p.key == f"{kind}:{layer}" for p in phases[:done]):
                        expected.append(float(row[0, unit]))
                assert shown == expected, phases[done - 1].key
        assert page.locator("#network .tag-g").filter(has_text="∂").count() == sum(
            visible.shows(q)
            for q in every(spec)
            if q.kind == "weight" or (q.kind == "bias" and spec.bias_update != "none")
        )
    expect(page.locator(".headline .step")).to_have_text("Step 1")


def test_back_and_on_by_keyboard_alone(page: Page, base: str) -> None:
    page.goto(base)
    page.focus("#phase-on")
    seen = []
    for _ in range(12):
        strike(page, "Enter")
        seen.append(page.locator("#numbers").inner_text())
        assert page.evaluate("document.activeElement.id") == "phase-on"
    page.focus("#phase-back")
    for expected in reversed(seen[:-1]):
        strike(page, "Enter")
        assert page.locator("#numbers").inner_text() == expected
    press(page, '#rail [value="update"]')
    expect(page.locator(".headline .step")).to_have_text("Step 1")


def test_a_student_checks_the_gradient_of_w1(page: Page, base: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base}/?edit=on")
    mine = {"w1": "0.11", "w2": "-0.4", "w3": "0.9", "w5": "1.25", "x1": "0.7", "y2": "0.2"}
    for name, text in mine.items():
        page.fill(f'#numbers [name="value.{name}"]', text)
    press(page, "#apply")
    expect(page.locator("#loss")).to_have_count(1)
    spec = EXAMPLES["afteracademy-2-2-2"].spec
    for key in ("delta:2", "gradient:2", "delta:1", "gradient:1"):
        press(page, f'#rail [value="{key}"]')
    look(page, "#edge-0-0-1-0 .row")
    expect(page.locator("#panel h2")).to_contain_text("Gradient of w1")
    exact = float(page.locator("#answer").get_attribute("value") or "nan")
    from app.lab.edits import named_edit

    lab = Lab.fresh(spec)
    lab = lab.edited(named_edit(spec, 0, {k: float(v) for k, v in mine.items()}))
    assert exact == float(lab.onward.gradients.weights[0][0, 0])
    assert page.locator("#panel .k-path").count() == 2
    page.click('[data-copy="copy-latex"]')
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("\\begin{aligned}")
    assert "\\frac{\\partial E}{\\partial w_{1}}" in copied
    assert f"{exact:.4f}" in copied


def test_a_teacher_takes_three_steps_back_and_compares(page: Page, base: str) -> None:
    page.goto(base)
    for _ in range(5):
        press(page, "#step")
    first = page.locator("#loss-after").get_attribute("value")
    for _ in range(3):
        press(page, "#take-back")
    page.fill("#rate", "2")
    press(page, "#set-rate")
    for _ in range(3):
        press(page, "#step")
    second = page.locator("#loss-after").get_attribute("value")
    assert first != second
    expect(page.locator("#branches button")).to_have_count(2)
    page.click("#compare")
    expect(page.locator("h1")).to_have_text("Branch A and branch B")
    row = page.locator("tr", has=page.locator("th", has_text=re.compile("^E$")))
    assert [d.get_attribute("value") for d in row.locator("data").all()] == [first, second]
    page.go_back()
    press(page, '#branches [value="0"]')
    assert page.locator("#loss-after").get_attribute("value") == first


def test_a_part_opens_with_enter_and_closes_with_escape(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#step")
    page.focus("#node-2-0")
    strike(page, "Enter", "GET")
    expect(page.locator("#panel h2")).to_contain_text("Activation of o1")
    expect(page).to_have_url(re.compile(r"\?open=o1$"))
    assert page.evaluate("document.activeElement.id") == "node-2-0"
    assert page.locator("#marks .mark").count() > 3
    press(page, "#step")
    expect(page.locator("#panel h2")).to_contain_text("Activation of o1")
    page.focus("#node-2-0")
    page.keyboard.press("Escape")
    expect(page.locator("#panel.idle")).to_have_count(1)
    expect(page).not_to_have_url(re.compile("open"))


def test_closing_returns_to_what_had_been_opened(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    for opener, left in (("#edge-0-0-1-0", "#edge-0-0-1-0"), ("#conventions", "#more > summary")):
        unfold(page, opener)
        page.focus(opener)
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel .close")
        settled(page)
        page.focus("#panel .close")
        page.keyboard.press("Enter")
        expect(page.locator("#panel .close")).to_have_count(0)
        expect(page.locator(left)).to_be_focused()


def test_on_a_phone_a_derivation_comes_into_sight(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{base}/")
    look(page, "#s-node-0-0 circle")
    expect(page.locator("#panel h2")).to_be_in_viewport()


def test_factors_and_parts_point_at_each_other(page: Page, base: str) -> None:
    page.goto(f"{base}/?open=w5")
    press(page, "#step")
    page.hover('#panel li[data-mark="C"]')
    assert page.locator('#marks .pointed[data-mark="C"]').count() == 1
    page.mouse.move(0, 0)
    assert page.locator("#marks .pointed").count() == 0
    page.hover("#node-1-0")
    assert page.locator('#panel li.pointed[data-mark="C"]').count() == 1
    page.focus('#panel li[data-mark="B"]')
    assert page.locator('#marks .pointed[data-mark="B"]').count() == 1


def test_a_wrong_value_is_explained_beside_its_field_and_kept(
    page: Page, base: str, watch: Watch
) -> None:
    page.goto(base)
    press(page, "#step")
    look(page, "#edge-1-0-2-0 .row")
    page.fill("#value-field", "a lot")
    press(page, "#form-value button")
    expect(page.locator("#value-wrong")).to_have_text("w5 must be a number, such as 0.5.")
    expect(page.locator("#value-field")).to_have_value("a lot")
    watch.errors.clear()  # Chromium logs every 422
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    page.fill("#value-field", "0.25")
    press(page, "#form-value button")
    expect(page.locator("#value-wrong")).to_have_count(0)
    expect(page.locator("#v-edge-1-0-2-0")).to_have_text("0.2500")


def test_the_curve_tells_the_error_under_the_pointer(page: Page, base: str) -> None:
    page.goto(base)
    for _ in range(3):
        press(page, "#step")
    box = page.locator("#loss-curve").bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 20)
    loss = EXAMPLES["afteracademy-2-2-2"].spec
    expected = trace_step(loss, loss.initial, 0).forward.loss
    expect(page.locator("#readout")).to_have_text(f"Step 0: {expected:.6f}")
    page.focus("#scrubber")
    strike(page, "ArrowLeft")
    expect(page.locator(".headline .step")).to_have_text("Step 2")
    assert page.evaluate("document.activeElement.id") == "scrubber"


def test_a_convention_is_switched_and_its_consequence_stands(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    press(page, "#step")
    look(page, "#conventions")
    press(page, '#rule-hidden_deltas [value="updated"]')
    value = float(page.locator("#loss-after").get_attribute("value") or "nan")
    assert f"{value:.9f}" == "0.291027924"
    expect(page.locator("#branches button")).to_have_count(2)
    look(page, "#check")
    expect(page.locator("#gradient-check .verdict").first).to_have_class(re.compile("bad"))


def test_one_sentence_an_action(page: Page, base: str) -> None:
    page.goto(base)
    page.evaluate(
        "() => { window.said = 0; new MutationObserver(() => window.said++).observe("
        "document.getElementById('said'), {childList: true, characterData: true, subtree: true}) }"
    )
    press(page, "#phase-on")
    look(page, "#node-1-0")
    press(page, "#phase-on")
    assert page.evaluate("window.said") == 3
    assert page.locator(":is([role=status], [aria-live], output):not(:empty)").count() == 1


def test_a_click_that_overtakes_the_answer_to_another_is_no_conflict(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#phase-on")
    page.evaluate(
        "() => { document.getElementById('phase-on').click();"
        " document.getElementById('phase-back').click(); }"
    )
    settled(page)
    expect(page.locator("#notice")).to_be_empty()
    expect(page.locator("#rail [aria-current=step]")).to_have_attribute("value", "pre_activation:1")


@pytest.mark.parametrize("width", [360, 1366])
def test_panels_and_tables_never_push_the_page_aside(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{base}/examples/mazur-2-2-2")
    press(page, "#step")
    place = page.url
    for query in ("open=w1&digits=10", "open=conventions", "edit=on&check=on&digits=10&notation=z"):
        page.goto(f"{place}?{query}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, query
    for path in (f"{place}/compare", f"{base}/lesson", f"{base}/examples/mazur-2-2-2/published"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_panel_begins_at_its_top_when_it_shows_something_else(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "#step")
    tab = page.locator(".side .tab")
    tops = []
    for opened in ("#edge-0-0-1-0 .row", "#edge-1-0-2-0 .row"):
        look(page, opened)
        tops.append(tab.evaluate("one => one.scrollTop"))
        tab.evaluate("one => one.scrollTo(0, 200)")
    press(page, "#step")
    tops.append(tab.evaluate("one => one.scrollTop"))
    look(page, "#panel .close")
    tops.append(tab.evaluate("one => one.scrollTop"))
    look(page, "#edge-0-0-1-0 .row")
    look(page, "#panel .close")
    press(page, '#rail [value="gradient:1"]')
    tab.evaluate("one => one.scrollTo(0, 200)")
    press(page, '#rail [value="gradient:2"]')
    tops.append(tab.evaluate("one => one.scrollTop"))
    assert tops == [0, 0, 200, 0, 0], "a pinned number stays where it is from step to step"


# Lines of text in the panel that its × lies on.
UNDER_CLOSE = """() => {
  const {left, bottom} = document.querySelector('#panel .close').getBoundingClientRect();
  const range = new Range();
  return [...document.querySelectorAll('#panel > :not(.close)')].flatMap(one => {
    range.selectNodeContents(one);
    return [...range.getClientRects()].filter(box => box.right > left && box.top < bottom)
      .map(() => one.textContent);
  });
}"""


@pytest.mark.parametrize("width", [1366, 1024, 360])
def test_the_button_that_closes_lies_on_no_text(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(base)
    press(page, "#step")
    network = page.url.partition("?")[0]
    for opened in ("b1", "w1", "w5", "delta:h1", "error", "conventions"):
        page.goto(f"{network}?open={opened}")
        assert page.evaluate(UNDER_CLOSE) == [], opened
