"""A class of twenty in Chromium: python -m tests.looks_class [directory] [--workers 4].

A teacher, a projector and nineteen devices of different sizes, one without JavaScript, one that
sleeps for a while, one on a line that stalls. After each act of the teacher's all that are awake
have to show the same digits and the same sentence; what is printed is how long the last one took.
With a directory, the desk, the projector and the phones are photographed as the class waits, walks,
is asked, hears the answer and ends, at every size, light and dark.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.test_following import DIGITS
from tests.line import Line
from tests.support import launch, server
from tests.valkey_server import key_server

SIZES = ((360, 740), (768, 1024), (1366, 768), (1920, 1080))
FOLLOWERS = 20
SAME = f"digits => ({DIGITS})() === digits"
SAID = "() => document.querySelector('#said').textContent"
FOCUS = "() => [document.activeElement.localName, document.activeElement.id].join('#')"
WAIT = 30_000.0


@contextmanager
def serving(workers: int) -> Iterator[str]:
    """A server; where there are several processes, on a key server."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        if workers == 1:
            with server(data) as base:
                yield base
            return
        with key_server(data / "keys") as keys:
            shared = {"TAKEBACK_STORE": keys.url, "TAKEBACK_WORKERS": str(workers)}
            with server(data, **shared) as base:
                yield base


class Following:
    """The windows of a class, and what of it they show."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.teacher = self._window((1366, 768), "light")
        self.teacher.goto(f"{base}/examples/mazur-2-2-2?view=present")
        self.teacher.click("#present a[href*='/room']")
        self.teacher.click("button.primary")
        code = self.teacher.locator("#desk .code")
        expect(code).to_be_visible()
        self.network = self.teacher.url.partition("?")[0]
        first = self._window(SIZES[0], "light")
        first.goto(f"{base}/j/{code.inner_text().replace(' ', '')}")
        self.watching = first.url
        self.awake = [first]
        for size, theme in islice(cycle((s, t) for s in SIZES for t in ("light", "dark")), 15):
            self.awake.append(self.joined(size, theme))
        self.projector = self.joined(SIZES[3], "light", "?view=present")
        self.projector.keyboard.press("c")
        self.awake.append(self.projector)
        self.plain = self.joined(SIZES[0], "light", scripts=False)
        self.lines = Line(base), Line(base)
        self.asleep, self.stalled = (
            self.joined(SIZES[0], "dark", base=line.base) for line in self.lines
        )

    def _window(self, size: tuple[int, int], theme: str, *, scripts: bool = True) -> Page:
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce",
            color_scheme="dark" if theme == "dark" else "light", java_script_enabled=scripts,
        )  # fmt: skip
        return context.new_page()

    def joined(
        self, size: tuple[int, int], theme: str, query: str = "", *,
        scripts: bool = True, base: str = "",
    ) -> Page:  # fmt: skip
        """Another window that follows, by the server's own address or by another one."""
        page = self._window(size, theme, scripts=scripts)
        page.goto(self.watching.replace(self.base, base or self.base) + query)
        return page

    def act(self, name: str, does: Callable[[], object]) -> None:
        """Do something at the desk; return when all see the same."""
        said = self.teacher.evaluate(SAID)
        does()
        self.teacher.wait_for_function(f"said => ({SAID})() !== said", arg=said, timeout=WAIT)
        self.same(name, self.awake)

    def same(self, name: str, windows: list[Page]) -> None:
        """Wait until these windows show what the desk shows, and say how long that took."""
        begun = time.perf_counter()
        digits, said = self.teacher.evaluate(DIGITS), self.teacher.evaluate(SAID)
        for one in windows:
            one.wait_for_function(SAME, arg=digits, timeout=WAIT)
            one.wait_for_function(f"said => ({SAID})() === said", arg=said, timeout=WAIT)
        took = time.perf_counter() - begun
        print(f"{name:<34} {len(windows):3} windows {took * 1000:7.0f} ms  {said[:70]}", flush=True)

    def newest(self) -> None:
        """Have the window without scripts show the newest state."""
        self.plain.click("#toolbar a")
        assert self.plain.locator("#headline-step").inner_text() == (
            self.teacher.locator("#headline-step").inner_text()
        )

    def ask(self, form: Callable[[Page], object], answers: tuple[str, ...]) -> None:
        """Ask; have each window answer one of these, and reveal."""
        teacher = self.teacher
        teacher.click("#ask-class")
        expect(teacher.locator("#proposals button").first).to_be_visible()
        form(teacher)
        expect(teacher.locator("#close-question")).to_be_focused()
        phones = [one for one in self.awake if one is not self.projector]
        for one, answer in zip(phones, cycle(answers), strict=False):
            expect(one.locator("#asked[data-stage=OPEN] h2")).to_be_visible(timeout=WAIT)
            self.answer(one, answer)
        self.newest()
        self.answer(self.plain, answers[0])

    def answer(self, one: Page, answer: str) -> None:
        """Answer the question."""
        if one.locator("#your-number").count():
            one.fill("#your-number", answer)
            one.press("#your-number", "Enter")
        else:
            one.click(f"#asked button >> text={answer}")
        expect(one.locator("#own-answer b")).to_contain_text(answer, timeout=WAIT)

    def close_question(self) -> None:
        """Close it."""
        self.teacher.click("#close-question")
        expect(self.teacher.locator("#reveal")).to_be_focused()
        self._told("CLOSED")

    def reveal(self) -> None:
        """Reveal what is true."""
        self.teacher.click("#reveal")
        expect(self.teacher.locator("#go-on, #ask-class").first).to_be_visible()
        self._told("REVEALED")
        print(f"  focus at the desk: {self.teacher.evaluate(FOCUS)}")

    def _told(self, stage: str) -> None:
        for one in self.awake:
            expect(one.locator(f"#asked[data-stage={stage}] .histogram")).to_be_visible(
                timeout=WAIT
            )
        counts = {one.locator(".histogram").inner_text() for one in self.awake}
        assert len(counts) == 1, counts


class Album:
    """Pictures of the desk, the projector and a phone, at every size; none without a folder."""

    def __init__(self, windows: Following, folder: Path | None) -> None:
        self._windows, self._folder = windows, folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            self._phone, self._projected = windows.awake[1], windows.projector

    def take(self, state: str) -> None:
        """Photograph this state."""
        if self._folder is None:
            return
        named = {"desk": self._windows.teacher, "phone": self._phone, "room": self._projected}
        for name, page in named.items():
            usual = page.viewport_size
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                    page.wait_for_timeout(60)
                    page.screenshot(path=self._folder / f"{name}-{state}-{width}-{theme}.png")
            page.emulate_media(color_scheme="light")
            if usual:
                page.set_viewport_size(usual)


def walk(windows: Following, album: Album) -> None:
    """The class, from its first click to its end."""
    teacher = windows.teacher

    def press(button: str) -> Callable[[], None]:
        return lambda: teacher.click(f"#{button}")

    album.take("0-waiting")
    sleeps = time.monotonic()
    windows.lines[0].cut()
    windows.lines[1].stall()
    for number in range(1, 8):
        windows.act(f"phase {number}", press("phase-on"))
        if number in (3, 7):
            album.take(f"1-phase-{number}")
    windows.act("step", press("step"))
    album.take("2-step")
    windows.act("take back", press("take-back"))
    teacher.goto(f"{windows.network}?desk=on")
    teacher.dispatch_event("#network a[data-part] >> nth=1", "click")
    for one in windows.awake:
        expect(one.locator("#panel:not([data-open=''])")).to_be_attached(timeout=WAIT)
    album.take("3-open")
    teacher.keyboard.press("Escape")
    windows.newest()

    windows.ask(
        lambda page: page.click("#proposals [value^=direction] >> nth=0"), ("up", "down", "stays")
    )
    album.take("4-asked-choice")
    windows.close_question()
    album.take("5-closed")
    windows.reveal()
    album.take("6-revealed")
    teacher.click("#go-on")
    expect(teacher.locator("#ask-class")).to_be_focused(timeout=WAIT)
    windows.same("go on", windows.awake)

    def about(name: str) -> Callable[[Page], None]:
        def fill(page: Page) -> None:
            page.fill("[name=about]", name)
            page.click("text=Ask for it")

        return fill

    windows.ask(about("delta:o1"), ("0.1", "-0.14", "0.5"))
    album.take("4-asked-number")
    windows.close_question()
    windows.reveal()
    album.take("6-revealed-number")

    def own(page: Page) -> None:
        page.fill("[name=text]", "Which of these do you expect, and why?")
        for number, text in enumerate(("more", "less", "the same"), start=1):
            page.fill(f"[name=choice{number}]", text)
        page.select_option("[name=right]", "2")
        page.click("text=Ask this")

    windows.ask(own, ("more", "less", "the same"))
    windows.close_question()
    windows.reveal()
    teacher.click("[name=stage][value=dropped]")
    expect(teacher.locator("#ask-class")).to_be_focused()
    teacher.fill("#rate", "0.25")
    windows.act("learning rate", lambda: teacher.press("#rate", "Enter"))
    teacher.fill("#run-count", "400")
    teacher.click("#run-go")
    expect(teacher.locator("#said")).to_contain_text("steps, to step", timeout=WAIT)
    windows.same("run", windows.awake)
    album.take("7-run")

    while time.monotonic() - sleeps < 60:
        time.sleep(1)
    for one in (windows.asleep, windows.stalled):
        assert one.evaluate(DIGITS) != teacher.evaluate(DIGITS), "it has not slept"
    for line in windows.lines:
        line.mend()
    begun = time.monotonic()
    windows.same("awake again", [windows.asleep])
    windows.same("the line goes again", [windows.stalled])
    assert time.monotonic() - begun < 5
    windows.newest()

    teacher.goto(f"{windows.network}/room")
    album.take("8-room")
    teacher.click("form[action*='/room/end'] button")
    expect(teacher.locator("h1")).to_have_text("The class is over")
    print(f"  focus at the desk: {teacher.evaluate(FOCUS)}")
    for one in (*windows.awake, windows.asleep, windows.stalled):
        expect(one.locator("#notice")).to_have_text(re.compile("is over"), timeout=WAIT)
        assert one.locator("#main a[href^='?']").count() == 0
    album.take("9-over")


def main() -> None:
    """Let the class follow, and perhaps photograph it."""
    parser = argparse.ArgumentParser(prog="python -m tests.looks_class", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    with serving(chosen.workers) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        windows = Following(browser, base)
        walk(windows, Album(windows, chosen.folder))
        browser.close()


if __name__ == "__main__":
    main()
