// Present: a presenter's keys, full screen, Predict, and a diagram larger than its place that follows the phase.
"use strict";
{
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const presents = () => root.dataset.view === "present";
  const press = (one) => one?.ariaDisabled === "true" || one?.click();
  const say = (text) => (find("#expect").textContent = text);

  // --- Predict: what a command has computed shows as "?" until the next key ---
  const NUMBERS = "#headline data, #change, .network .figures [id], #panel .moved :is([id$=after], [id$=by])";
  let predicts = false;
  let before; // the texts before the command, by the ids of their elements
  let held = []; // what shows the numbers again
  const hide = (node, text, property = "data") => {
    const shown = node[property];
    held.push(() => (node[property] = shown));
    node[property] = text;
  };
  const numbers = () => [...document.querySelectorAll(NUMBERS)].filter((one) => one.id && !one.children.length && one.firstChild);
  const sentences = () => document.querySelectorAll("#network [aria-label]:not([aria-labelledby])");
  const veiled = (text) => text.replace(/\d+\.\d+/g, "?");

  function remember() {
    before = new Map(numbers().map((one) => [one.id, one.textContent]));
    for (const one of sentences()) before.set(one, one.ariaLabel);
  }
  function hold() {
    const hidden = new Set();
    for (const one of numbers()) {
      const text = one.textContent;
      if (!/\d/.test(text) || before.get(one.id) === text) continue;
      hidden.add(text.replace(/[^\d.]/g, ""));
      hide(one.firstChild, "?");
    }
    for (const one of sentences()) if (before.get(one) !== one.ariaLabel) hide(one, veiled(one.ariaLabel), "ariaLabel");
    const said = find("#said").firstChild;
    if (said) hide(said, veiled(said.data));
    for (const line of document.querySelectorAll("#panel .eq")) {
      const shown = [...line.querySelectorAll("mn")];
      for (const one of shown) if (one === shown.at(-1) || hidden.has(one.textContent)) hide(one.firstChild, "?");
    }
    if (held.length) say(find("#expect").dataset.ask);
  }
  function reveal() {
    before = undefined;
    for (const show of held.splice(0)) show();
    say("");
  }

  // --- the diagram: never smaller than can be read from the last row ---
  function follow() {
    const box = find("#picture .scroller");
    for (const svg of box?.querySelectorAll(".network") || []) {
      const { width, height } = svg.viewBox.baseVal;
      svg.style.minWidth = presents() ? `calc(${width} * var(--unit))` : "";
      svg.style.minHeight = presents() ? `calc(${height} * var(--unit))` : "";
    }
    const marks = [...document.querySelectorAll("#marks .m-now, #marks .m-used, #marks .m-self")].map((one) => one.getBoundingClientRect());
    if (!presents() || !marks.length) return;
    const place = box.getBoundingClientRect();
    const [left, right] = [Math.min(...marks.map((one) => one.left)), Math.max(...marks.map((one) => one.right))];
    const [top, bottom] = [Math.min(...marks.map((one) => one.top)), Math.max(...marks.map((one) => one.bottom))];
    // What is taller than its place begins at its top, where the formula's unit is.
    const up = bottom - top > place.height ? top - 8 - place.top : (top + bottom - place.top - place.bottom) / 2;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollBy({ left: (left + right - place.left - place.right) / 2, top: up, behavior: still ? "instant" : "smooth" });
  }

  // --- in and out ---
  function settle() {
    const view = find("#present a")?.dataset.view === "" ? "present" : "";
    if (view !== root.dataset.view) {
      root.dataset.view = view;
      reveal();
      predicts = false;
      find(view ? "#stage" : "#present a")?.focus({ preventScroll: true });
    }
    if (before) hold();
    follow();
  }
  document.addEventListener("htmx:after:swap", settle);
  addEventListener("resize", follow);
  follow();

  document.addEventListener("click", (event) => {
    if (held.length) reveal();
    const view = event.target.closest("#present a, #more a[href*='view=present']")?.dataset.view;
    if (view === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (view) root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }, true);
  // The browser keeps Escape for itself while the screen is full.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && presents()) press(find("#present a"));
  });
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (predicts && ctx.request.body && !ctx.sourceElement.closest("#run")) remember();
  });

  let waits;
  addEventListener("pointermove", () => {
    root.removeAttribute("data-idle");
    clearTimeout(waits);
    if (presents()) waits = setTimeout(() => root.setAttribute("data-idle", ""), 3000);
  });

  // --- keys ---
  let size = 1;
  const sized = (by) => {
    size = Math.min(Math.max(size + by, 0.6), 1.6);
    root.style.setProperty("--text", size.toFixed(1));
    follow();
  };
  const digits = () => {
    const links = [...document.querySelectorAll("#view-digits + ul a")].slice(0, 4);
    press(links[(links.findIndex((one) => one.ariaCurrent) + 1) % links.length]);
  };
  const predict = () => {
    predicts = !predicts;
    const { on, off } = find("#expect").dataset;
    say(predicts ? on : off);
  };
  const button = (selector) => () => press(find(selector));
  const KEYS = {
    ArrowRight: button("#phase-on"), " ": button("#phase-on"), PageDown: button("#phase-on"),
    ArrowLeft: button("#phase-back"), PageUp: button("#phase-back"),
    Enter: button("#step"), Backspace: button("#take-back"), t: button("#take-back"),
    r: button("#run[data-running] #run-stop, #run:not([data-running]) #run-go"),
    "+": () => sized(0.1), "=": () => sized(0.1), "-": () => sized(-0.1),
    d: digits, h: predict, b: () => root.setAttribute("data-black", ""),
    f: () => root.requestFullscreen?.().catch(() => {}), Escape: button("#present a"),
  };
  const EVERYWHERE = { p: button("#present a"), "?": () => find("#keys").showModal() };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (target.closest("input, textarea, select, [contenteditable]") || find("details.menu[open], dialog[open], :popover-open")) return;
    if (presents() && root.hasAttribute("data-black")) {
      root.removeAttribute("data-black");
      return event.preventDefault();
    }
    // A link or button that has the focus keeps its own keys.
    const own = target.closest("a, button, summary") && (key === "Enter" || (key === " " && !target.closest("a")));
    if (own || (target.closest(".network a") && key.startsWith("Arrow")) || (key === "Escape" && opened())) return;
    const name = key.length > 1 ? key : key.toLowerCase();
    const phase = /^\d$/.test(key) && document.querySelectorAll("#rail ol ol button")[(Number(key) + 9) % 10];
    const act = EVERYWHERE[name] || (presents() && (phase ? () => press(phase) : KEYS[name]));
    if (!act) return;
    event.preventDefault();
    if (held.length) reveal();
    else act();
  });
}
