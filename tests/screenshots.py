"""Pictures of the pages, to look at: python -m tests.screenshots [directory].

Every example, before and after each click, in light and dark, from a phone to a projector.
With --readme only the picture in the README is taken, with --preview only the one that other sites
show beside a link: our own diagram under the first sentence of the page.
"""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.support import ROOT, launch, server

SIZES = {"phone": (360, 740), "laptop": (1366, 768), "projector": (1920, 1080)}
PLACES = {
    "panel": "/?open=w1",
    "conventions": "/?open=conventions",
    "edit": "/?edit=on",
    "lesson": "/lesson",
    "published": "/examples/afteracademy-2-2-2/published",
}
EXAMPLES = ("afteracademy-2-2-2", "mazur-2-2-2", "han-kamber-3-2-1")


def shoot(
    browser: Browser, url: str, size: tuple[int, int], theme: str, clicks: list[str], path: Path
) -> None:
    """Open ``url``, click, and take one picture of the whole page."""
    width, height = size
    scheme: Literal["dark", "light"] = "dark" if theme == "dark" else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    for click in clicks:
        said = page.locator("#said").inner_text()
        page.click(f"#{click}")
        page.wait_for_function(
            "(old) => document.querySelector('#said').innerText !== old", arg=said
        )
    page.screenshot(path=path, full_page=True)
    context.close()


PREVIEW = """<!doctype html><meta charset=utf-8><style>
body {{ margin: 0; width: 1200px; height: 630px; display: grid; grid-template-rows: auto auto 1fr;
  font: 34px system-ui, sans-serif; background: #faf9f6; color: #1d2129; }}
b {{ font-size: 58px; letter-spacing: -.02em; padding: 34px 56px 0; }}
b i {{ font-style: normal; color: #7a22cc; }}
p {{ margin: 0; padding: 6px 56px 18px; }}
svg {{ width: 1180px; height: 430px; margin: auto; overflow: hidden; }}
</style><b>take<i>back</i></b><p>Watch a neural network learn, number by number.</p>{diagram}"""


def preview(browser: Browser, base: str, path: Path) -> None:
    """The picture that stands for the site: the diagram after a step, 1200 by 630."""
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.goto(f"{base}/examples/afteracademy-2-2-2")
    page.click("#step")
    page.wait_for_selector("#loss-after")
    drawn = page.request.get(f"{page.url}/export/diagram.svg").text()
    page.close()
    page = browser.new_page(viewport={"width": 1200, "height": 630})
    page.set_content(PREVIEW.format(diagram=drawn.partition("?>")[2]))
    page.screenshot(path=path)


def main() -> None:
    """Take the pictures that the command line asks for."""
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as data, server(Path(data)) as base, sync_playwright() as p:
        browser = launch(p)
        if arguments == ["--readme"]:
            path = ROOT / "docs" / "lab.png"
            url = f"{base}/examples/afteracademy-2-2-2"
            shoot(browser, f"{url}?open=w1", (1366, 900), "light", ["forward", "step"], path)
            return
        if arguments == ["--preview"]:
            preview(browser, base, ROOT / "static" / "preview.png")
            return
        out = Path(arguments[0]) if arguments else ROOT / "test-results" / "screenshots"
        out.mkdir(parents=True, exist_ok=True)
        for slug in EXAMPLES:
            for size_name, size in SIZES.items():
                for theme in ("light", "dark"):
                    for number, clicks in enumerate(([], ["forward"], ["step"], ["step"] * 3)):
                        path = out / f"{slug}-{size_name}-{theme}-{number}.png"
                        shoot(browser, f"{base}/examples/{slug}", size, theme, clicks, path)
        for size_name in ("laptop", "projector"):
            for phase in range(1, 11):
                path = out / f"walk-{size_name}-{phase:02}.png"
                shoot(browser, base, SIZES[size_name], "light", ["phase-on"] * phase, path)
        for theme in ("light", "dark"):
            for name, place in PLACES.items():
                for size_name, size in SIZES.items():
                    path = out / f"{name}-{size_name}-{theme}.png"
                    shoot(browser, f"{base}{place}", size, theme, [], path)
        for theme in ("light", "dark"):
            shoot(
                browser,
                f"{base}/examples",
                SIZES["laptop"],
                theme,
                [],
                out / f"examples-{theme}.png",
            )
            shoot(
                browser,
                f"{base}/networks/none",
                SIZES["laptop"],
                theme,
                [],
                out / f"404-{theme}.png",
            )
        browser.close()


if __name__ == "__main__":
    main()
