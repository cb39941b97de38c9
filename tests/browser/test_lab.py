"""The lab in a real browser: what stands on the page is what the engine computes."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from app.explain.rounding import number
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from tests.browser import answers
from tests.browser.answers import settled
from tests.browser.conftest import Watch

SLUGS = list(EXAMPLES)


def press(page: Page, button: str) -> None:
    """Click a button of the lab or of its menu, and wait until the answer is on the page."""
    answers.press(page, f"#{button}")


def exact(page: Page, selector: str) -> list[float]:
    """The exact values behind the numbers that ``selector`` finds."""
    values = page.eval_on_selector_all(selector, "found => found.map(e => e.getAttribute('value'))")
    return [float(value) for value in values]


def assert_shows_trace(page: Page, lab: Lab) -> None:
    """Every number of the last step of ``lab`` stands on the page, exact and rounded."""
    trace, names = lab.trace, lab.spec.names
    assert trace is not None
    for layer in range(1, len(lab.spec.layers)):
        for unit in range(lab.spec.layers[layer]):
            expected = [
                trace.forward.pre_activations[layer - 1][0][unit],
                trace.forward.activations[layer][0][unit],
                trace.gradients.deltas[layer - 1][0][unit],
            ]
            assert exact(page, f"#row-node-{layer}-{unit} data") == [float(v) for v in expected]
            place = f"node-{layer}-{unit}"
            expect(page.locator(f"#a-{place}")).to_have_text(number(float(expected[1])))
            delta = number(float(expected[2]), signed=True)
            expect(page.locator(f"#d-{place}")).to_have_text(delta)
            expect(page.locator(f"#delta-{place}")).to_have_accessible_name(
                f"delta of {names.units[layer][unit]} {delta}"
            )
    for layer, rows in enumerate(names.weights):
        for j, row in enumerate(rows):
            for i, name in enumerate(row):
                old = float(trace.before.weights[layer][j][i])
                gradient = float(trace.gradients.weights[layer][j][i])
                new = float(trace.after.weights[layer][j][i])
                assert exact(page, f"#row-{name} data") == [old, gradient, new]
                place = f"edge-{layer}-{i}-{layer + 1}-{j}"
                texts = number(old), number(gradient, signed=True), number(new)
                for kind, text in zip("vgn", texts, strict=True):
                    expect(page.locator(f"#{kind}-{place}")).to_have_text(text)
                ends = names.units[layer][i], names.units[layer + 1][j]
                expect(page.locator(f"#{place}")).to_have_accessible_name(
                    f"{name} from {ends[0]} to {ends[1]} {texts[0]} gradient {texts[1]} "
                    f"new value {texts[2]}"
                )
    assert exact(page, "#loss") == [trace.forward.loss]
    assert exact(page, "#loss-after") == [trace.loss_after]
    expect(page.locator("#loss")).to_have_text(number(trace.forward.loss, 6))


@pytest.mark.parametrize("slug", SLUGS)
def test_clicking_through_an_example_shows_the_engines_digits(
    page: Page, base: str, slug: str
) -> None:
    lab = Lab.fresh(EXAMPLES[slug].spec, slug)
    page.goto(f"{base}/examples/{slug}")
    expect(page.locator("#network .delta")).to_have_count(0)
    expect(page.locator("#network .new")).to_have_count(0)
    press(page, "forward")
    expect(page).to_have_url(re.compile(rf"^{base}/networks/[\w-]{{20,}}$"))
    assert exact(page, "#loss") == [lab.forward_pass.loss]
    expect(page.locator("#network .delta")).to_have_count(0)
    for step in (1, 2, 3):
        press(page, "step")
        lab = lab.stepped()
        assert_shows_trace(page, lab)
        expect(page.locator(".headline .step")).to_have_text(f"Step {step}")
    press(page, "take-back")
    lab = lab.taken_back()
    assert_shows_trace(page, lab)
    press(page, "reset")
    expect(page.locator("#loss")).to_have_text("not yet computed")
    expect(page.locator("#network .out.pending")).to_have_count(sum(lab.spec.layers[1:]))


def test_nothing_jumps_and_focus_stays_between_clicks(page: Page, base: str) -> None:
    page.goto(f"{base}/examples/mazur-2-2-2")
    boxes = (
        "() => ['rate','loss-curve','network','curve','tabs','run'].map(id => {"
        "const b = document.getElementById(id).getBoundingClientRect();"
        "return [id, Math.round(b.x), Math.round(b.y), Math.round(b.width), Math.round(b.height)]})"
    )
    before = page.evaluate(boxes)
    for button in ("phase-on", "step", "step", "take-back", "phase-back"):
        page.focus(f"#{button}")
        press(page, button)
        assert page.evaluate(boxes) == before, button
        assert page.evaluate("document.activeElement.id") == button


def test_every_action_says_one_sentence(page: Page, base: str) -> None:
    page.goto(base)
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => "
        "window.said.push(document.getElementById('said').textContent)).observe("
        "document.getElementById('said'), {childList: true, characterData: true, subtree: true}) }"
    )
    said = page.locator("#said")
    expect(said).to_have_attribute("role", "status")
    press(page, "forward")
    expect(said).to_have_text("Forward pass done. The error is 0.233453.")
    press(page, "step")
    expect(said).to_have_text("Step 1: the error fell from 0.233453 to 0.225433.")
    press(page, "take-back")
    expect(said).to_have_text("Step taken back. You are at step 0; the error is 0.233453.")
    press(page, "reset")
    expect(said).to_have_text(
        "Back at step 0, nothing computed yet. Learning rate 0.5. Redo brings your steps back."
    )
    assert len(set(page.evaluate("window.said"))) == 4


def test_learning_rate_by_slider_by_text_and_with_the_step(page: Page, base: str) -> None:
    spec = EXAMPLES["mazur-2-2-2"].spec
    page.goto(f"{base}/examples/mazur-2-2-2")
    page.click("#more > summary")
    page.click("#rates > summary")
    page.focus("#rate-slider")
    answers.strike(page, "ArrowRight")
    expect(page.locator("#said")).to_have_text(
        "Learning rate set to 0.55. It applies from the next step."
    )
    expect(page.locator("#rate")).to_have_value("0.55")
    page.fill("#rate", "0.9")
    answers.strike(page, "Enter")
    expect(page.locator("#said")).to_have_text(
        "Learning rate set to 0.9. It applies from the next step."
    )
    # Typed but not set: the step takes what stands in the field.
    page.fill("#rate", "0.25")
    press(page, "step")
    weight = float(spec.initial.weights[1][0][0])
    gradient = exact(page, "#row-w5 data")[1]
    assert exact(page, "#row-w5 data")[2] == pytest.approx(weight - 0.25 * gradient, rel=1e-15)


def test_a_wrong_learning_rate_is_explained_and_kept(page: Page, base: str, watch: Watch) -> None:
    page.goto(base)
    press(page, "step")
    before = page.inner_html("#numbers")
    page.fill("#rate", "half")
    with page.expect_response(lambda response: response.status == 422):
        page.press("#rate", "Enter")
    expect(page.locator("#notice")).to_have_text("The learning rate must be a number, such as 0.5.")
    expect(page.locator("#rate")).to_have_value("half")
    expect(page.locator("#rate")).to_have_attribute("aria-invalid", "true")
    assert page.inner_html("#numbers") == before
    press(page, "step")
    expect(page.locator("#rate")).to_be_focused()
    page.fill("#rate", "0.5")
    press(page, "step")
    expect(page.locator("#notice")).to_be_empty()
    expect(page.locator("#step")).to_be_focused()
    # Chromium itself logs any answer of 400 and above; nothing else may be logged.
    assert all("status of 422" in error for error in watch.errors)
    watch.errors.clear()


def test_a_second_tab_sees_that_the_network_moved_on(page: Page, base: str, watch: Watch) -> None:
    page.goto(base)
    press(page, "forward")
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "step")
    with other.expect_response(lambda response: response.status == 409):
        other.click("#step")
    expect(other.locator("#notice")).to_contain_text("changed in another window")
    expect(other.locator(".headline .step")).to_have_text("Step 1")
    other.click("#step")
    expect(other.locator(".headline .step")).to_have_text("Step 2")
    assert all("status of 409" in error for error in watch.errors)
    watch.errors.clear()


def test_a_server_out_of_reach_is_said(page: Page, base: str, watch: Watch) -> None:
    page.goto(base)
    page.route("**/step*", lambda route: route.abort())
    page.click("#step")
    expect(page.locator("#notice")).to_contain_text("did not answer")
    watch.errors.clear()


def test_back_and_reload_show_the_right_moment(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "step")
    press(page, "step")
    page.reload()
    expect(page.locator(".headline .step")).to_have_text("Step 2")
    expect(page.locator("#said")).to_contain_text("Step 2: the error fell")
    page.goto(f"{base}/examples/mazur-2-2-2")
    page.go_back()
    expect(page.locator(".headline .step")).to_have_text("Step 2")


def test_the_picture_is_walked_with_arrow_keys(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "step")
    page.focus("#node-0-0")
    seen = []
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.id"))
    assert seen[0] == "node-0-1"
    assert seen[1].startswith(("edge-0-", "own-node-1-"))
    assert seen[2].startswith(("node-1-", "delta-node-1-"))
    assert all(seen)
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label
    # One stop for the whole picture: Tab leaves it.
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('#network')")


def test_everything_works_with_the_keyboard_alone(page: Page, base: str) -> None:
    page.goto(base)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "step":
            break
    answers.strike(page, "Enter")
    expect(page.locator(".headline .step")).to_have_text("Step 1")


def test_menus_open_and_close(page: Page, base: str) -> None:
    page.goto(base)
    page.click("#picker summary")
    expect(page.locator("#picker a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#picker a").first).to_be_hidden()
    page.click("#more > summary")
    page.click("#view summary")
    page.click("#view >> text=z, a, L")
    expect(page.locator("#numbers thead").first).to_contain_text("z")
    press(page, "step")
    expect(page).to_have_url(re.compile(r"\?notation=z$"))
    expect(page.locator("#network .net").first).to_contain_text("z 0.5050")


@pytest.mark.parametrize("slug", SLUGS)
def test_without_javascript_every_button_works_the_same(
    browser: Browser, base: str, watch: Watch, slug: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch.on(page)
    lab = Lab.fresh(EXAMPLES[slug].spec, slug)
    page.goto(f"{base}/examples/{slug}")
    page.click("#more > summary")
    page.click("#forward")
    expect(page).to_have_url(re.compile("/networks/"))
    for _ in range(2):
        page.click("#step")
        lab = lab.stepped()
        expect(page.locator("#loss-after")).to_have_text(number(lab.forward_pass.loss, 6))
    expect(page.locator("#said")).to_contain_text("Step 2: the error fell")
    page.click("#take-back")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    page.fill("#rate", "none")
    page.click("#more > summary")
    page.click("#rates > summary")
    page.click("#set-rate")
    expect(page.locator("#notice")).to_have_text("The learning rate must be a number, such as 0.5.")
    expect(page.locator("#rate")).to_have_value("none")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    page.fill("#rate", "1.5")
    page.click("#more > summary")
    page.click("#rates > summary")
    page.click("#set-rate")
    expect(page.locator("#rate")).to_have_value("1.5")
    page.click("#network .edge .row >> nth=0")
    assert page.locator("[data-copy]:visible").count() == 0
    for typed, told in (("x", "must be a number"), ("0.5", "")):
        page.fill("#value-field", typed)
        page.click("#value-apply")
        expect(page.locator("#notice")).to_contain_text(told)
    expect(page.locator("#network .value").first).to_have_text("0.5000")
    page.click("#more > summary")
    page.click("#reset")
    expect(page.locator("#loss")).to_have_text("not yet computed")
    watch.errors.clear()
    context.close()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_ten_quick_clicks_are_ten(
    browser: Browser, base: str, watch: Watch, motion: Literal["reduce", "no-preference"]
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion=motion)
    watch.on(page)
    page.goto(base)
    # The first of them creates the network; the others follow it there.
    for _ in range(10):
        page.click("#phase-on")
    expect(page.locator("#rail [aria-current=step] .nr")).to_have_text("10")
    expect(page.locator(".lab .headline .step")).to_have_text("Step 1")
    for _ in range(10):
        page.click("#step")
    expect(page.locator(".lab .headline .step")).to_have_text("Step 11")
    for _ in range(13):
        page.locator("#take-back").dispatch_event("click")
    expect(page.locator(".lab .headline .step")).to_have_text("Step 0")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    expect(page.locator("#notice")).to_be_empty()  # nothing was left for the last of them
    page.locator("#run-go").dblclick()
    expect(page.locator("#said")).to_contain_text("Ran 100 steps, to step 100.", timeout=20_000)
    settled = page.evaluate("() => document.querySelector('#network [id^=v-]').textContent")
    page.reload()
    assert page.evaluate("() => document.querySelector('#network [id^=v-]').textContent") == settled


def test_an_answer_that_is_lost_is_a_step_once_and_a_refusal_ends_the_wait(
    page: Page, base: str, watch: Watch
) -> None:
    page.goto(base)
    press(page, "step")
    # The server takes the step, and its answer is lost; the same form is sent again.
    page.route("**/step", lambda route: (route.fetch(), route.abort()), times=1)
    page.click("#step")
    expect(page.locator("#notice")).to_contain_text("did not answer")
    press(page, "step")
    expect(page.locator(".lab .headline .step")).to_have_text("Step 2")
    expect(page.locator("#notice")).to_be_empty()
    # Somebody else takes a step: what was clicked before that was known is not sent.
    other = page.context.new_page()
    other.goto(page.url)
    other.click("#step")
    expect(other.locator(".lab .headline .step")).to_have_text("Step 3")
    page.evaluate("() => { for (let i = 0; i < 3; i++) document.getElementById('step').click() }")
    expect(page.locator("#notice")).to_contain_text("changed in another window")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    told = page.locator("#notice p").evaluate("one => getComputedStyle(one, '::after').content")
    assert (
        told
        == '" What you pressed meanwhile was not applied: press it again if you still want it."'
    )
    expect(page.locator(".lab .headline .step")).to_have_text("Step 3")
    watch.errors.clear()


def test_a_key_that_is_held_goes_on_as_fast_as_answers_come(page: Page, base: str) -> None:
    sent: list[str] = []
    page.goto(base)
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.focus("#step")
    for _ in range(20):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    assert 0 < len(sent) < 20
    expect(page.locator(".lab .headline .step")).to_have_text(f"Step {len(sent)}")


def test_a_loaded_page_sends_commands_in_parts_at_once(page: Page, base: str) -> None:
    """htmx would begin in a timer; a click before it would load a page anew."""
    late = "const now = setTimeout; setTimeout = (act, after = 5000) => now(act, after);"
    page.add_init_script(late)
    page.goto(base)
    page.evaluate("() => { window.same = true; }")
    press(page, "step")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    assert page.evaluate("window.same")
    page.context.close()  # with its script


@pytest.fixture
def slow(page: Page) -> Iterator[None]:
    """Lets every answer of the server take its time."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 200, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    yield
    session.detach()


@pytest.mark.usefixtures("slow")
def test_hasty_clicks_on_a_slow_network_all_count(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "forward")
    for _ in range(8):
        page.click("#step")
    expect(page.locator(".lab .headline .step")).to_have_text("Step 8", timeout=20_000)
    expect(page.locator("#notice")).to_be_empty()


@pytest.mark.usefixtures("slow")
def test_slider_and_field_agree_on_a_slow_network(page: Page, base: str) -> None:
    page.goto(base)
    press(page, "forward")
    page.click("#more > summary")
    page.click("#rates > summary")
    page.focus("#rate-slider")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)
    settled(page)
    expect(page.locator("#said")).to_contain_text("0.8.")
    assert page.input_value("#rate") == page.input_value("#rate-slider") == "0.8"
    expect(page.locator("#notice")).to_be_empty()
    page.click("#step")
    expect(page.locator(".headline .step")).to_have_text("Step 1")
    gradient, new = exact(page, "#row-w5 data")[1:]
    assert new == pytest.approx(0.35 - 0.8 * gradient, rel=1e-12)
    page.fill("#rate", "1.25")
    assert page.input_value("#rate-slider") == "1.25"
