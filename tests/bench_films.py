"""How many frames films drop: part of ``python -m tests.bench``, or alone.

A frame is dropped where more than 34 ms, two of a screen's 60 Hz, lie between one and the next.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.looks import made
from tests.support import launch, server

FILMS, LEAST_WHOLE = 10, 9
SHAPES = ("2-2-2", "2-4-4-3")
LONGEST_GAP = 34
FILM = """button => new Promise(done => {
  const gaps = [];
  let last = 0, begun = false;
  const frame = now => {
    const film = document.getElementById('film');
    if (begun && film) gaps.push(now - last);
    if (begun && !film) return done(gaps);
    begun ||= film?.getAnimations()[0].pending === false;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  document.getElementById(button).click();
})"""
"""Clicks a button; milliseconds between the frames of the film that follows."""


def films(page: Page) -> list[list[float]]:
    """The gaps of films of steps, every other one taken back."""
    return [page.evaluate(FILM, ("step", "take-back")[turn % 2]) for turn in range(FILMS)]


def bench_films(browser: Browser, base: str) -> None:
    """Print how many of ten films drop frames, and how many frames those are."""
    for shape in SHAPES:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(base + made(base, shape))
        gaps = films(page)
        late = [sum(gap > LONGEST_GAP for gap in film) for film in gaps]
        whole = sum(not count for count in late)
        mark = "reached" if whole >= LEAST_WHOLE else "FALLS SHORT"
        print(
            f"{f'Films of a {shape} network without a dropped frame':<44} {whole:4} of {FILMS}; "
            f"{sum(late)} of {sum(map(len, gaps))} frames dropped, longest gap "
            f"{max(map(max, gaps)):.0f} ms ({LEAST_WHOLE} of {FILMS}: {mark})"
        )
        page.close()


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as data,
        server(Path(data)) as address,
        sync_playwright() as playwright,
    ):
        bench_films(launch(playwright), address)
