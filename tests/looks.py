"""What the pages look like, measured and in pictures: python -m tests.looks [directory].

Every network, at every size, light and dark; the table has the worst of the start, each phase and
the step after them, of which there are pictures: the smallest text of the diagram, the smallest
text anywhere, the smallest target, the weakest contrast of a wire, how many controls there are at
first paint, and how far one would scroll to what a click changes; all in CSS pixels. With --readme
only the picture in the README is taken, with --preview only the one that other sites show beside a
link: our own diagram under the first sentence of the page.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import ROOT, created, launch, server

SIZES = ((360, 740), (768, 1024), (1024, 700), (1280, 720), (1366, 768), (1920, 1080))
THEMES = ("light", "dark")
SHAPES = ("2-2-2", "2-3-1", "2-4-4-3", "4-16-16-3")
PAGES = ("/lesson", "/new", "/examples", "/import", "/privacy", "/networks/none")


class Looks(NamedTuple):
    """What was measured of a page as it stands; 0 where there is nothing to measure."""

    text_in_diagram: float
    text: float
    target: float
    wire_contrast: float
    controls: int
    sideways: float


MEASURE = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const parts = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const seen = parts.filter((one) => {
    const box = one.getBoundingClientRect();
    return shown(one) && one.type !== "hidden" && box.width > 1 && box.top < innerHeight
      && box.bottom > 0 && box.left < innerWidth && box.right > 0;
  });
  // The parts of the diagram are one stop for the keyboard; what is disabled is no control.
  const controls = seen.filter((one) => !one.closest("svg.network")
    && !one.matches(":disabled, [aria-disabled=true]"));
  const texts = (root) => {
    const sizes = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const one = walker.currentNode.parentElement;
      const box = one.getBoundingClientRect();
      if (!walker.currentNode.data.trim() || !shown(one) || Math.min(box.width, box.height) < 2) {
        continue;
      }
      if (one.closest("title, style, script, desc, option")) continue;
      const scale = one instanceof SVGElement ? Math.abs(one.getScreenCTM().d) : 1;
      sizes.push(parseFloat(getComputedStyle(one).fontSize) * scale);
    }
    return Math.min(...sizes);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const colour = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.length === 3) return found;
    }
    return [255, 255, 255];
  };
  const contrast = (one) => {
    const style = getComputedStyle(one);
    const below = ground(one.closest("svg").parentElement);
    let share = parseFloat(style.opacity) * parseFloat(style.strokeOpacity);
    for (let at = one.parentElement; at && at.localName !== "svg"; at = at.parentElement) {
      share *= parseFloat(getComputedStyle(at).opacity);
    }
    const mixed = (part, i) => part * share + below[i] * (1 - share);
    const ink = colour(style.stroke).slice(0, 3).map(mixed);
    const [high, low] = [luminance(ink), luminance(below)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const least = (numbers) => Number((numbers.length ? Math.min(...numbers) : 0).toFixed(2));
  const network = [...document.querySelectorAll("svg.network")].find(shown);
  const inText = (one) => one instanceof HTMLElement && getComputedStyle(one).display === "inline";
  const targets = seen.filter((one) => !inText(one)).map((one) => {
    const box = one.getBoundingClientRect();
    return Math.min(box.width, box.height);
  });
  const wires = network ? [...network.querySelectorAll(".wire")].filter(shown) : [];
  return {
    text_in_diagram: network ? least([texts(network)]) : 0,
    text: least([texts(document.body)]),
    target: least(targets),
    wire_contrast: least(wires.map(contrast)),
    controls: controls.length,
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""

DISTANCE = """(selector) => {
  const one = document.querySelector(selector);
  if (!one) return 0;
  const box = one.getBoundingClientRect();
  return Math.round(Math.max(0, Math.min(box.bottom, box.top + 100) - innerHeight, -box.top));
}"""

PREVIEW = """<!doctype html><meta charset=utf-8><style>
body {{ margin: 0; width: 1200px; height: 630px; display: grid; grid-template-rows: auto auto 1fr;
  font: 34px system-ui, sans-serif; background: #faf9f6; color: #1d2129; }}
b {{ font-size: 58px; letter-spacing: -.02em; padding: 34px 56px 0; }}
b i {{ font-style: normal; color: #7a22cc; }}
p {{ margin: 0; padding: 6px 56px 18px; }}
svg {{ width: 1180px; height: 430px; margin: auto; overflow: hidden; }}
</style><b>take<i>back</i></b><p>Watch a neural network learn, number by number.</p>{diagram}"""


def measured(page: Page) -> Looks:
    """The page as it stands, without scrolling."""
    return Looks(**page.evaluate(MEASURE))


def distance(page: Page, selector: str) -> float:
    """How far one would scroll to see an element's beginning."""
    return float(page.evaluate(DISTANCE, selector))


def made(base: str, shape: str) -> str:
    """The address of a network of a shape; of 2-2-2 the article's own, as it is."""
    if shape == "2-2-2":
        return "/examples/afteracademy-2-2-2"
    layers = [int(units) for units in shape.split("-")]
    spec: dict[str, Any] = {
        "layers": layers,
        "activations": ["sigmoid"] * (len(layers) - 1),
        "samples": [{"inputs": [0.5] * layers[0], "targets": [0.1] * layers[-1]}],
        "initialization": {"scheme": "xavier_uniform", "seed": 3},
    }
    return created(base, spec).removeprefix(base)


def opened(browser: Browser, url: str, size: tuple[int, int], theme: str) -> Page:
    """A page of its own context, at rest."""
    scheme: Literal["dark", "light"] = "dark" if theme == "dark" else "light"
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce",
        has_touch=width < 800, is_mobile=width < 800,
    )  # fmt: skip
    page = context.new_page()
    page.goto(url)
    return page


def pressed(page: Page, button: str) -> None:
    """Press a button of the toolbar, and wait for what it says."""
    said = page.locator("#said").inner_text()
    page.click(f"#{button}")
    page.wait_for_function("(old) => document.querySelector('#said').innerText !== old", arg=said)


def walk(page: Page) -> Iterator[str]:
    """The start, every phase, and the step after them: the name of each once it is shown."""
    yield "start"
    for number in range(1, page.locator("#rail li").count() + 1):
        pressed(page, "phase-on")
        yield f"phase-{number:02}"
    pressed(page, "step")
    yield "step"


def worst(found: list[Looks]) -> Looks:
    """The worst of each over several moments; of controls, those at first paint."""
    text_in_diagram, text, target, contrast = (min(one) for one in [*zip(*found, strict=True)][:4])
    sideways = max(looks.sideways for looks in found)
    return Looks(text_in_diagram, text, target, contrast, found[0].controls, sideways)


def line(name: str, looks: Looks, scrolls: float) -> str:
    """A row of the table."""
    return (
        f"{name:<34} {looks.text_in_diagram:7.1f} {looks.text:6.1f} {looks.target:7.1f}"
        f" {looks.wire_contrast:9.2f} {looks.controls:9} {scrolls:8.0f} {looks.sideways:9.0f}"
    )


def look_at_labs(browser: Browser, base: str, out: Path) -> None:
    """Every network at every size: a row of the table and a picture of each moment."""
    for shape in SHAPES:
        for size in SIZES:
            for theme in THEMES:
                page = opened(browser, base + made(base, shape), size, theme)
                name, found, scrolls = f"{shape} {size[0]}x{size[1]} {theme}", [], [0.0]
                for moment in walk(page):
                    found.append(measured(page))
                    scrolls += [distance(page, part) for part in ("#network", "#panel")]
                    page.screenshot(path=out / f"{name} {moment}.png".replace(" ", "-"))
                print(line(name, worst(found), max(scrolls)), flush=True)
                page.context.close()


def look_at_pages(browser: Browser, base: str, out: Path) -> None:
    """The other pages, whole."""
    for path in PAGES:
        for size in SIZES:
            for theme in THEMES:
                page = opened(browser, base + path, size, theme)
                name = f"{path.strip('/').replace('/', '-')} {size[0]}x{size[1]} {theme}"
                print(line(name, measured(page), 0), flush=True)
                page.screenshot(path=out / f"{name.replace(' ', '-')}.png", full_page=True)
                page.context.close()


def picture_of_readme(browser: Browser, base: str) -> None:
    """The picture in the README."""
    page = opened(browser, f"{base}/examples/afteracademy-2-2-2", (1366, 768), "light")
    pressed(page, "step")
    page.wait_for_timeout(400)  # what is new fades in
    page.screenshot(path=ROOT / "docs" / "lab.png")


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
    """Print the table and take the pictures that the command line asks for."""
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as data, server(Path(data)) as base, sync_playwright() as p:
        browser = launch(p)
        if arguments == ["--readme"]:
            picture_of_readme(browser, base)
            return
        if arguments == ["--preview"]:
            preview(browser, base, ROOT / "static" / "preview.png")
            return
        out = Path(arguments[0]) if arguments else ROOT / "test-results" / "looks"
        out.mkdir(parents=True, exist_ok=True)
        print(f"{'':<34} diagram   text  target  contrast  controls  scrolls  sideways")
        look_at_labs(browser, base, out)
        look_at_pages(browser, base, out)
        browser.close()


if __name__ == "__main__":
    main()
