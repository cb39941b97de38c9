"""The film of a step: what moves over a complete page, how it ends, and who is spared it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.explain.rounding import number
from app.lab.examples import EXAMPLES
from app.lab.lab import Lab
from tests.bench_films import FILM
from tests.browser.answers import ANSWERED, settled
from tests.browser.conftest import Watch
from tests.browser.test_page import XOR
from tests.browser.test_sizes import create
from tests.looks import made
from tests.support import created

ARTICLE = "/examples/afteracademy-2-2-2"
LAB = Lab.fresh(EXAMPLES["afteracademy-2-2-2"].spec, "afteracademy-2-2-2")
IS_ON = "() => document.getElementById('film') !== null"
IS_OVER = "() => document.getElementById('film') === null"
LONGEST = 2400
# Holds a film at a share of its time.
AT = """share => {
  const all = document.getAnimations();
  const [film] = all.filter(one => one.effect.target.id === "film");
  for (const one of all) one.pause();
  for (const one of all) one.currentTime = share * film.effect.getComputedTiming().endTime;
}"""
# Holds each film as it begins: a part at its end that keeps nothing could not be set back.
HELD = """() => document.addEventListener("htmx:after:swap", () => document.getElementById("film")
  && document.getAnimations().forEach(one => one.pause()))"""
# What moves and has its turn in a film: the classes of the parts, and when they are at their end.
MOVING = """() => document.getAnimations().filter(one => !(one instanceof CSSTransition))
  .map(one => [one.effect.target, one.effect.getComputedTiming()])
  .filter(([part, {delay}]) => part.closest('#film, #diagram, .headline') && delay < 50_000)
  .map(([part, {endTime}]) => [part.getAttribute('class') || part.id, endTime])"""


@pytest.fixture
def moving(browser: Browser, watch: Watch) -> Page:
    """A page of somebody who does not mind motion."""
    return at(browser, watch)


def at(browser: Browser, watch: Watch, width: int = 1366, height: int = 768, **more: Any) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, **more)
    page = context.new_page()
    watch.on(page)
    return page


def press(page: Page, selector: str) -> None:
    """Click something that sends a form, and wait for its answer only: a film begins."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click(selector)
    page.wait_for_function(ANSWERED)


def film_of(page: Page, selector: str) -> None:
    """Click something, and return while its film plays."""
    press(page, selector)
    page.wait_for_function(IS_ON)


def heard(page: Page) -> list[tuple[str, str]]:
    """All that a screen reader finds, by Chromium's own tree: roles and names."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    told = [node for node in tree["nodes"] if not node["ignored"]]
    return [(str(node["role"]["value"]), str(node["name"]["value"])) for node in told]


def is_over(page: Page) -> bool:
    """Whether nothing moves and nothing of a film is left."""
    left = page.evaluate("() => document.querySelectorAll('#film, .product, .flying').length")
    return bool((left, page.evaluate(MOVING)) == (0, []))


def shown(page: Page) -> list[str]:
    """The texts of the diagram's numbers and of the error, as the page has them."""
    return list(
        page.evaluate(
            "() => [...document.querySelectorAll('#main :is(#figures text, #loss, #loss-after)')]"
            ".map(one => one.textContent)"
        )
    )


# --- what it shows ----------------------------------------------------------------------------


def test_the_page_has_all_final_values_at_once(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    film_of(moving, "#step")
    trace = LAB.stepped(1).trace
    assert trace is not None
    expected = number(float(trace.after.weights[1][0][0]))
    assert moving.locator("#diagram #n-edge-1-0-2-0").text_content() == expected
    assert moving.locator("#main #loss-after").text_content() == number(trace.loss_after, 6)
    assert "the error fell" in (moving.locator("#main #said").text_content() or "")
    assert moving.evaluate(IS_ON)
    read = heard(moving)
    moving.keyboard.press("Shift")
    assert heard(moving) == read


def test_the_sentence_is_seen_when_the_film_has_ended(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    for button in ("#step", "#take-back"):
        film_of(moving, button)
        seen = "one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })"
        for share in (0.001, 0.02, 0.5):
            moving.evaluate(AT, share)
            assert moving.locator("#film #said").evaluate(seen) is False, (button, share)
        assert "error fell" not in moving.locator("#film .headline").inner_text()
        assert moving.locator("#main #said").evaluate(seen) is False
        moving.keyboard.press("Shift")
        assert moving.locator("#main #said").evaluate(seen) is True


@pytest.mark.parametrize("opened", ["", "&open=w5"])
def test_panel_and_slider_tell_no_end_before_it(moving: Page, base: str, opened: str) -> None:
    moving.goto(f"{base}{ARTICLE}?speed=slow{opened}")
    told = """all => all.map(one => {
      const { opacity, color } = getComputedStyle(one);
      return one.checkVisibility() && opacity === "1" && color !== "rgba(0, 0, 0, 0)";
    })"""
    for button in ("#step", "#step", "#take-back"):
        film_of(moving, button)
        index = ":is(msub, msubsup) > mn"
        parts = moving.locator(
            f"#panel :is(.moved, h2 data, mn:not({index})), #curve-end, #curve .ends"
        )
        high = moving.locator("#panel").bounding_box()
        assert not any(parts.evaluate_all(told)), button
        names = moving.locator(f"#panel {index}").evaluate_all(told)
        assert (all(names), len(names) > 5) == (True, bool(opened)), "the index of a name stays"
        moving.keyboard.press("Shift")
        seen = parts.evaluate_all(told)
        assert len(seen) >= (20 if opened else 3)
        assert all(seen)
        assert moving.locator("#panel").bounding_box() == high


def test_tables_and_charts_tell_no_number_before_its_film(moving: Page, base: str) -> None:
    parts = {
        "numbers": "#numbers td", "charts": "#pictures > :not(.heads)",
        "explain": "#panel :is(h2 data, mn:not(msub > :last-child, msubsup > :nth-child(2)))",
    }  # fmt: skip
    phases = [f'#rail [value="{phase}"]' for phase in ("pre_activation:1", "error", "gradient:2")]
    told = """all => all.map(one => {
      const { opacity, color } = getComputedStyle(one.querySelector("data") ?? one);
      return [one.textContent, opacity === "1" && color !== "rgba(0, 0, 0, 0)"];
    })"""
    for tab, selector in parts.items():
        moving.goto(f"{base}{ARTICLE}?speed=slow&tab={tab}")
        moving.evaluate(HELD)
        found = moving.locator(selector)
        for button in (*phases, "#step", "#take-back"):
            before = found.evaluate_all(told)
            assert all(seen for _, seen in before), (tab, button)
            film_of(moving, button)
            for nth, (text, seen) in enumerate(found.evaluate_all(told)):
                is_old = len(before) > nth and text == before[nth][0]
                assert is_old or not seen, (tab, button, text)
                stays = is_old and tab == "numbers" and button.startswith("#rail")
                assert seen or not stays, (button, nth, text)
            moving.keyboard.press("Shift")


@pytest.mark.parametrize("layers", [[2, 3, 1], [2, 4, 4, 3]], ids=str)
def test_rows_below_the_drawing_of_a_phone_tell_no_end_before_it(
    browser: Browser, watch: Watch, base: str, layers: list[int]
) -> None:
    page = at(browser, watch, 360, 740)
    page.goto(create(base, layers, samples=4 if layers == [2, 3, 1] else 1) + "?speed=slow")
    values = page.locator("#main .rows .value")
    old = values.all_inner_texts()
    film_of(page, "#step")
    assert values.all_inner_texts() == old, "until then the old ones are there"
    news = "all => all.map(one => one.checkVisibility({ opacityProperty: true }))"
    made_now = page.locator("#main .rows :is(.new, .tag-g)")
    seen = made_now.evaluate_all(news)
    assert len(seen) > 10
    assert not any(seen)
    page.keyboard.press("Shift")
    assert all(made_now.evaluate_all(news))
    new = page.locator("#main .rows .new").all_inner_texts()
    assert not any(values.evaluate_all(news))
    film_of(page, "#take-back")
    earlier = page.locator("#main .rows .value")
    assert earlier.all_text_contents() != new
    assert not any(earlier.evaluate_all(news))
    page.keyboard.press("Shift")
    assert all(earlier.evaluate_all(news))


PLACES = """inside => [".step", ".loss", ".after", ".of", "#said"]
  .flatMap(one => [...inside.querySelectorAll(`.headline ${one}`)])
  .map(one => [one.className, one.getBoundingClientRect()])
  .map(([name, { x, y, width, height }]) => [name, x, y, width, height])"""


@pytest.mark.parametrize("size", [(360, 740), (740, 360)], ids=str)
def test_the_head_stands_where_it_stood(
    browser: Browser, watch: Watch, base: str, size: tuple[int, int]
) -> None:
    page = at(browser, watch, *size)
    page.goto(created(base, XOR) + "?speed=slow")
    film_of(page, "#step")
    page.keyboard.press("Shift")
    film_of(page, "#step")
    page.evaluate(AT, 0.99)  # E itself rises to its place
    moving, standing = page.locator("#film"), page.locator("#main")
    # The badge of the film has the one of the step before in it.
    assert moving.locator(".step .step").evaluate("one => one.remove()") is None
    assert moving.evaluate(PLACES) == standing.evaluate(PLACES)


def test_no_button_of_a_phone_moves_when_there_is_a_step_to_redo(
    browser: Browser, watch: Watch, base: str
) -> None:
    page = at(browser, watch, 360, 740, reduced_motion="reduce")
    page.goto(base + ARTICLE)
    places = "all => all.map(one => JSON.stringify(one.getBoundingClientRect()))"
    buttons = page.locator(".dock :is(button, input):visible")
    at_first = buttons.evaluate_all(places)
    for button in ("#step", "#take-back", "#redo"):
        press(page, button)
        assert buttons.evaluate_all(places) == at_first


def test_four_acts_play_and_leave_nothing_behind(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE)
    film_of(moving, "#step")
    expect(moving.locator("#film").get_by_text("one for the layer, fixed")).to_have_count(4)
    for note in moving.locator("#film").get_by_text("one for the layer, fixed").all():
        expect(note).to_be_visible()
    kinds = moving.evaluate(MOVING)
    seen = {name for names, _ in kinds for name in names.split()}
    assert {"plus", "value", "net", "out", "gap", "blame", "flying", "new", "chip", "loss"} <= seen
    assert max(ends for _, ends in kinds) <= LONGEST
    before = shown(moving)
    moving.wait_for_function(IS_OVER, timeout=2 * LONGEST)
    assert is_over(moving)
    assert shown(moving) == before
    expect(moving.locator("#network")).to_have_css("opacity", "1")


def test_products_are_those_of_the_numbers(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    film_of(moving, '#rail [value="pre_activation:1"]')
    assert moving.locator("#film .product").all_text_contents() == [
        "0.25 × 0.1 = 0.025", "0.15 × 0.2 = 0.03", "0.35 × 0.1 = 0.035", "0.28 × 0.2 = 0.056",
    ]  # fmt: skip
    counts = moving.locator("#film .net").first.text_content() or ""
    assert counts.startswith("net 0.")


def test_the_factors_of_a_gradient_meet_at_its_row(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    press(moving, '#rail [value="delta:2"]')
    moving.keyboard.press("Shift")
    film_of(moving, '#rail [value="gradient:2"]')
    trace = LAB.stepped(1).trace
    assert trace is not None
    deltas, outputs = (
        [str(float(f"{one:.4g}")).replace("-", "\N{MINUS SIGN}") for one in row]
        for row in (trace.gradients.deltas[1][0], trace.forward.activations[1][0])
    )
    expected = [f"{delta} × {output}" for delta in deltas for output in outputs]
    assert moving.locator("#film .met").all_text_contents() == expected
    assert moving.locator("#film .flying").count() == 8


def test_new_values_come_from_the_old_ones_through_some_between(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    film_of(moving, "#step")
    rows = moving.evaluate(
        "() => [...document.querySelectorAll('#film .figures .row')]"
        ".map(row => [...row.querySelectorAll('.value:not(.product), .new')]"
        ".map(one => Number(one.textContent)))"
    )
    moved = [row for row in rows if len(row) > 1]
    assert len(moved) == 8
    for old, new, *between in moved:
        thirds = [old + (new - old) * third / 3 for third in (1, 2)]
        assert between == pytest.approx(thirds, abs=0.000051), "in four digits"
    # What is 0 has no sign, and what is on its way as many digits as what it comes from.
    moving.goto(base + made(base, "2-3-1"))
    film_of(moving, "#step")
    ticks = moving.locator("#film [class*=tick]").all_text_contents()
    assert ticks
    assert [one for one in ticks if not re.fullmatch(r"(?!−0\.0+$)−?\d\.\d{4}", one)] == []


def test_taking_back_from_within_a_step_plays_what_was_walked_of_it(
    moving: Page, base: str
) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    press(moving, "#step")
    for _ in range(2):
        moving.keyboard.press("Shift")
        press(moving, "#phase-on")
    film_of(moving, "#take-back")
    expect(moving.locator("#film.back")).to_have_count(1)
    seen = {name for names, _ in moving.evaluate(MOVING) for name in names.split()}
    assert {"plus", "net", "out"} <= seen
    assert not seen & {"blame", "flying", "gap"}
    moving.wait_for_function(IS_OVER, timeout=2 * LONGEST)
    assert is_over(moving)
    expect(moving.locator("#said")).to_contain_text("Phases taken back. You are at step 1;")
    expect(moving.locator("#loss-after")).to_have_count(1)


def test_taking_back_plays_it_backwards_at_twice_the_speed(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE)
    press(moving, "#step")
    moving.keyboard.press("Shift")
    press(moving, "#step")
    moving.keyboard.press("Shift")
    film_of(moving, "#take-back")
    expect(moving.locator("#film.back")).to_have_count(1)
    direction = "() => document.getAnimations().map(one => one.effect.getTiming().direction)"
    assert set(moving.evaluate(direction)) <= {"reverse", "normal"}
    assert moving.evaluate(direction).count("reverse") > 40
    assert max(ends for _, ends in moving.evaluate(MOVING)) <= LONGEST / 2 + 100
    # What is taken back is what the page showed; below it, the page is a step earlier already.
    expect(moving.locator(".lab > .top .step")).to_have_text("Step 1")
    moving.wait_for_function(IS_OVER, timeout=2 * LONGEST)
    assert is_over(moving)


def test_the_badge_and_the_wires_are_as_far_as_the_film(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    at = """share => {
      const film = document.getElementById("film");
      const { duration } = film.getAnimations()[0].effect.getTiming();
      for (const one of film.getAnimations({ subtree: true }))
        one.pause(), (one.currentTime = share * duration);
      const seen = one => getComputedStyle(one).visibility === "visible";
      const badge = [...film.querySelectorAll(".step")].findLast(seen).firstChild.textContent;
      return [badge, getComputedStyle(film.querySelector("#wire-edge-1-1-2-0")).strokeWidth];
    }"""
    wire = moving.locator("#diagram #wire-edge-1-1-2-0")
    press(moving, "#step")
    before = f"{wire.get_attribute('stroke-width')}px"
    film_of(moving, "#step")
    after = f"{wire.get_attribute('stroke-width')}px"
    assert before != after
    assert moving.evaluate(at, 0) == ["Step 1", before]
    assert moving.evaluate(at, 0.2) == ["Step 1", after]
    assert moving.evaluate(at, 0.97) == ["Step 2", after]
    moving.keyboard.press("Shift")
    film_of(moving, "#take-back")
    assert moving.evaluate(at, 0) == ["Step 2", after]
    assert moving.evaluate(at, 0.9) == ["Step 1", before]


@pytest.mark.parametrize("speed", ["slow", "normal", "fast"])
def test_a_speed_is_chosen_in_the_menu_and_kept_in_the_address(
    moving: Page, base: str, speed: str
) -> None:
    moving.goto(base + ARTICLE)
    moving.click("#more > summary")
    moving.click("#view > summary")
    if speed != "normal":
        with moving.expect_response(lambda answer: answer.request.method == "GET"):
            moving.click(f'#view a:text-is("{speed.title()}")')
        moving.wait_for_url(f"**speed={speed}**")
    film_of(moving, "#step")
    ends = max(ends for _, ends in moving.evaluate(MOVING))
    assert ends <= LONGEST / {"slow": 0.4, "normal": 1, "fast": 2}[speed] + 100
    assert moving.context.cookies() == []


# --- how it ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["key", "click"])
def test_any_key_or_click_jumps_to_its_end(moving: Page, base: str, ending: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    film_of(moving, "#step")
    if ending == "key":
        moving.keyboard.press("Shift")
    else:
        moving.mouse.click(5, 300)
    assert is_over(moving)


def test_a_press_during_a_film_steps_again_at_once(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    for step in (1, 2, 3):
        film_of(moving, "#step")
        expect(moving.locator(".lab > .top .step")).to_have_text(f"Step {step}", timeout=1000)
    assert moving.locator("#film").count() == 1
    moving.keyboard.press("Shift")
    assert is_over(moving)


# --- who is spared ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["off", "reduced"])
def test_without_motion_new_parts_fade_and_arrows_say_the_way(
    browser: Browser, base: str, watch: Watch, how: str
) -> None:
    page = at(browser, watch, reduced_motion="reduce" if how == "reduced" else "no-preference")
    page.goto(base + ARTICLE + ("?speed=off" if how == "off" else ""))
    page.evaluate(
        "() => { window.moved = []; document.addEventListener('htmx:after:swap', () => "
        "requestAnimationFrame(() => window.moved.push(...document.getAnimations().map(one => "
        "[one.transitionProperty, one.effect.getTiming().duration])))); }"
    )
    for button in ("#phase-on", '#rail [value="delta:1"]', "#step", "#step", "#take-back"):
        press(page, button)
        assert page.locator("#film").count() == 0
        arrow = "one => [getComputedStyle(one).markerStart, getComputedStyle(one).markerEnd]"
        used = page.locator("#marks .m-used path")
        if button == "#phase-on":
            assert "ahead" in used.first.evaluate(arrow)[1]
        elif "delta" in button:
            assert "ahead" in used.first.evaluate(arrow)[0]
    of_buttons = [duration for name, duration in page.evaluate("window.moved") if name == "opacity"]
    assert set(of_buttons) <= {120}


def test_where_motion_is_wanted_no_arrows_are_drawn(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE)
    press(moving, "#phase-on")
    expect(moving.locator("#marks .m-used path").first).to_have_css("marker-end", "none")
    moving.emulate_media(media="print")
    expect(moving.locator("#marks .m-used path").first).not_to_have_css("marker-end", "none")


def test_what_tells_the_end_is_uncovered_with_the_film(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    press(moving, "#step")
    moving.keyboard.press("Shift")
    moving.evaluate(HELD)
    film_of(moving, "#step")
    expect(moving.locator(".side .tab")).to_have_css("opacity", "1")
    covered = ("#readout", "#rail > ol", "#curve .line", "#curve .dot")
    for part in covered:
        expect(moving.locator(part)).to_have_css("opacity", "0")
    # Over it, phases and curve are as far as the film is.
    at = """share => {
      const all = document.getAnimations(), film = document.getElementById("film");
      const { duration } = film.getAnimations()[0].effect.getTiming();
      for (const one of all) one.currentTime = share * duration;
      const style = selector => getComputedStyle(film.querySelector(selector));
      return [...Array.from({ length: 10 }, (_, one) =>
          style(`#to-${one + 1}`).backgroundColor !== "rgba(0, 0, 0, 0)"),
        ...[".curve:has(+ .curve)", ".curve + .curve"]
          .map(one => style(one).visibility === "visible")];
    }"""
    seen = {share: moving.evaluate(at, share) for share in (0.03, 0.95)}
    assert seen[0.03] == [True, *[False] * 9, True, False]
    assert seen[0.95] == [*[False] * 9, True, False, True]
    moving.keyboard.press("Shift")
    for part in covered:
        expect(moving.locator(part)).to_have_css("opacity", "1")


def test_large_networks_and_runs_have_no_film(moving: Page, base: str) -> None:
    moving.goto(create(base, [4, 16, 16, 3]))
    press(moving, "#step")
    settled(moving)
    assert moving.locator("#film").count() == 0
    moving.goto(base + ARTICLE)
    moving.evaluate(
        "() => { window.films = 0; new MutationObserver(() => window.films += "
        "document.getElementById('film') ? 1 : 0).observe(document.body, {childList: true}); }"
    )
    moving.fill("#run-count", "200")
    moving.click("#run-go")
    expect(moving.locator(".headline .step").first).to_have_text("Step 200", timeout=20_000)
    assert moving.evaluate("window.films") == 0


# --- elsewhere --------------------------------------------------------------------------------


def test_a_film_fits_a_phones_drawing(browser: Browser, base: str, watch: Watch) -> None:
    page = at(browser, watch, 360, 740, has_touch=True, is_mobile=True)
    page.goto(base + ARTICLE + "?speed=slow")
    film_of(page, "#step")
    expect(page.locator("#film .network:not(.small)")).to_have_count(0)
    boxes = page.locator(":is(#diagram, #film) .network:visible").all()
    assert len(boxes) == 4, "the page's, and three that are painted apart"
    assert len({str(one.bounding_box()) for one in boxes}) == 1
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.locator("#step").tap()
    expect(page.locator(".lab > .top .step")).to_have_text("Step 2")
    page.keyboard.press("Shift")
    assert is_over(page)


def test_numbers_go_to_the_letters_of_their_derivation(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE + "?speed=slow")
    press(moving, "#step")
    moving.keyboard.press("Shift")
    moving.click("#network #edge-1-0-2-0 .row")
    moving.wait_for_function(IS_ON)
    told = moving.locator("#film > b").all_text_contents()
    assert len(told) == moving.locator("#panel .steps [data-mark]").count() == 3
    assert "0.6236" in told[2]
    moving.wait_for_function(IS_OVER, timeout=LONGEST)
    assert is_over(moving)


@pytest.mark.parametrize("shape", [[2, 3, 1], [2, 4, 4, 3]], ids=str)
def test_other_networks_have_films_of_the_same_length(
    moving: Page, base: str, shape: list[int]
) -> None:
    moving.goto(create(base, shape))
    film_of(moving, "#step")
    assert max(ends for _, ends in moving.evaluate(MOVING)) <= LONGEST
    moving.keyboard.press("Shift")
    film_of(moving, "#take-back")
    moving.keyboard.press("Shift")
    assert is_over(moving)


def test_a_film_drops_few_frames(moving: Page, base: str) -> None:
    moving.goto(base + ARTICLE)
    gaps = moving.evaluate(FILM, "step")
    # A machine that tests are run on is loaded; what is kept out here is work in every frame.
    assert len(gaps) > 20
    assert sorted(gaps)[len(gaps) // 2] < 34
