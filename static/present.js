// Present: a presenter's keys, Predict, and a diagram larger than its place that follows the phase.
"use strict";
{
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const presents = () => root.dataset.view === "present";
  const press = (one) => one?.ariaDisabled === "true" || one?.click();
  const full = () => root.requestFullscreen?.().catch(() => {});
  const say = (text) => (find("#expect").textContent = text);

  // --- Predict: what a command has computed shows as "?" until the next key ---
  const NUMBERS = "#headline data, #change, .network .figures [id], #panel .moved :is([id$=after], [id$=by])";
  let predicts = false;
  let before; // the texts before the command
  let held = []; // what shows the numbers again
  const hide = (node, text, name = "data") => {
    const was = node[name];
    held.push(() => (node[name] = was));
    node[name] = text;
  };
  const numbers = () => all(NUMBERS).filter((one) => /\d/.test(one.textContent) && !one.children.length);
  const sentences = () => all("#network [aria-label]:not([aria-labelledby])");
  const veiled = (text) => text.replace(/\d+\.\d+/g, "?");

  function remember() {
    before = new Map(numbers().map((one) => [one.id, one.textContent]));
    for (const one of sentences()) before.set(one.id, one.ariaLabel);
  }
  function hold() {
    const fresh = (one, text) => before.get(one.id) !== text;
    const news = numbers().filter((one) => fresh(one, one.textContent));
    const texts = news.map((one) => one.textContent.replace(/[^\d.]/g, ""));
    for (const one of news) hide(one.firstChild, "?");
    for (const one of sentences()) if (fresh(one, one.ariaLabel)) hide(one, veiled(one.ariaLabel), "ariaLabel");
    const said = find("#said").firstChild;
    if (said) hide(said, veiled(said.data));
    for (const one of all("#panel .eq > :last-child > :last-child mn:last-of-type")) texts.push(one.textContent);
    for (const one of all("#panel mn")) if (texts.includes(one.textContent)) hide(one.firstChild, "?");
    say(find("#expect").dataset.ask);
  }
  function reveal() {
    before = undefined;
    for (const show of held.splice(0).reverse()) show();
    say("");
  }

  // --- the diagram: never smaller than the last row can read ---
  function draw(zoom) {
    for (const svg of all("#picture .network")) {
      const { width, height } = svg.viewBox.baseVal;
      svg.style.minWidth = presents() ? `calc(${width} * ${zoom} * var(--unit))` : "";
      svg.style.minHeight = presents() ? `calc(${height} * ${zoom} * var(--unit))` : "";
    }
  }
  function follow() {
    const box = find("#picture .scroller");
    draw(1);
    if (presents() && (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight)) draw(1.1);
    const marks = all("#marks :is(.m-now, .m-used, .m-self)").map((one) => one.getBoundingClientRect());
    if (!presents() || !marks.length) return;
    const place = box.getBoundingClientRect();
    const [least, most] = [Math.min, Math.max].map((end) => (side) => end(...marks.map((one) => one[side])));
    const [top, bottom] = [least("top"), most("bottom")];
    // Too tall: its top, where the formula's unit is.
    const down = bottom - top > place.height ? top - 8 - place.top : (top + bottom - place.top - place.bottom) / 2;
    box.scrollBy({ left: (least("left") + most("right") - place.left - place.right) / 2, top: down });
  }

  // --- in and out ---
  document.addEventListener("htmx:after:swap", () => {
    const view = find("#present a")?.dataset.view === "" ? "present" : "";
    if (view !== root.dataset.view) {
      root.dataset.view = view;
      reveal();
      predicts = false;
      find(view ? "#stage" : "#present a")?.focus({ preventScroll: true });
    }
    if (before) hold();
    follow();
  });
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (predicts && ctx.request.body && !ctx.sourceElement.closest("#run")) remember();
  });
  addEventListener("resize", follow);
  follow();
  document.addEventListener("click", (event) => {
    if (held.length) reveal();
    const link = event.target.closest("#present a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.view) full();
    else if (document.fullscreenElement) document.exitFullscreen();
  }, true);
  // Escape ends full screen, unseen by the page.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && presents()) press(find("#present a"));
  });
  let rest;
  addEventListener("pointermove", () => {
    root.removeAttribute("data-idle");
    clearTimeout(rest);
    if (presents()) rest = setTimeout(() => root.setAttribute("data-idle", ""), 3000);
  });

  // --- keys ---
  let size = 1;
  const sized = (by) => {
    size = Math.min(Math.max(size + by, 0.6), 1.6);
    root.style.setProperty("--text", size.toFixed(1));
    follow();
  };
  const digits = () => {
    const links = all("#view-digits + ul a").slice(0, 4);
    press(links[(links.findIndex((one) => one.ariaCurrent) + 1) % 4]);
  };
  const predict = () => {
    predicts = !predicts;
    say(find("#expect").dataset[predicts ? "on" : "off"]);
  };
  const button = (selector) => () => press(find(selector));
  const [on, back, taken] = ["#phase-on", "#phase-back", "#take-back"].map(button);
  const EVERYWHERE = { p: button("#present a"), "?": () => find("#keys").showModal() };
  const KEYS = {
    ArrowRight: on, " ": on, PageDown: on, ArrowLeft: back, PageUp: back, Enter: button("#step"), Backspace: taken, t: taken,
    r: button("#run[data-running] #run-stop, #run:not([data-running]) #run-go"), d: digits, h: predict,
    "+": () => sized(0.1), "-": () => sized(-0.1), b: () => root.setAttribute("data-black", ""), f: full, Escape: EVERYWHERE.p,
  };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (target.closest("input, textarea, select") || find("details.menu[open], dialog[open], :popover-open")) return;
    const black = presents() && root.hasAttribute("data-black");
    // What has the focus or is open keeps its own keys.
    const own = (key === "Enter" && target.closest("a, button")) || (key === " " && target.closest("button"));
    if (!black && (own || (target.closest(".network a") && key.startsWith("Arrow")) || (key === "Escape" && opened()))) return;
    const name = key.length > 1 ? key : key.toLowerCase();
    const phase = /^\d$/.test(key) && all("#rail ol ol button")[(Number(key) + 9) % 10];
    const act = EVERYWHERE[name] || (presents() && (phase ? () => press(phase) : KEYS[name]));
    if (!act && !black) return;
    event.preventDefault();
    if (black) root.removeAttribute("data-black");
    else if (held.length) reveal();
    else act();
  });
}
