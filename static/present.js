// Present: a presenter's keys, Predict, and a diagram that the last row can read.
"use strict";
{
const root = document.documentElement;
const presents = () => root.dataset.view === "present";
const press = (one) => one?.ariaDisabled === "true" || one?.click();
const full = () => root.requestFullscreen?.().catch(() => {});
const say = (what) => (find("#expect").textContent = find("#expect").dataset[what] ?? "");

// --- Predict: what a command has computed shows as "?" until the next key ---
const DECIMAL = /[+−]?(\d+\.\d+(?:e[−-]?\d+)?)/g;
const decimals = (texts) => [...texts.join(" ").matchAll(DECIMAL)].map((one) => one[1]);
const numbers = () => all("#headline data, #change, .network .figures [id], #panel .moved :is([id$=after], [id$=by])").filter((one) => /\d/.test(one.textContent) && !one.children.length);
let predicts = false;
let before; // texts before the command
let held = []; // shows them again

function hold() {
  const seen = decimals([...before.values()]);
  const fresh = numbers().filter(({ id, textContent }) => before.get(id) !== textContent && decimals([textContent]).some((one) => !seen.includes(one)));
  const results = all("#panel .eq > :last-child > :last-child mn:last-of-type");
  const news = new Set(decimals([...fresh, ...results].map((one) => one.textContent)));
  const hide = (node, name, text) => {
    const was = node[name], veiled = text ?? was.replace(DECIMAL, (one, digits) => (news.has(digits) ? "?" : one));
    if (veiled !== was) held.push(() => (node[name] = was));
    node[name] = veiled;
  };
  const texts = document.createTreeWalker(find("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) hide(texts.currentNode, "data");
  for (const one of all("#network [aria-label]")) hide(one, "ariaLabel");
  for (const one of fresh) hide(one.firstChild, "data", "?");
  say("ask");
}
function reveal() {
  before = undefined;
  for (const show of held.splice(0).reverse()) show();
  say();
}

// --- the diagram: legible, or as large as its part has room ---
function fit() {
  const box = find("#picture .scroller"), marks = find("#marks");
  const size = (zoom) => all("#picture .network").forEach(({ style, viewBox: { baseVal } }) => {
    for (const side of ["width", "height"]) style.setProperty(`--${side}`, baseVal[side] * zoom);
  });
  size(1);
  const { width, height } = marks.getBoundingClientRect(), part = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  if (box.toggleAttribute("data-part", part) && presents()) size(Math.min(Math.max(width && 0.9 * Math.min(box.clientWidth / width, box.clientHeight / height), 1.1), 2));
  follow();
}

// --- in and out ---
on("htmx:after:swap", () => {
  const view = find("#present a")?.dataset.view === "" ? "present" : "";
  if (view !== root.dataset.view) {
    root.dataset.view = view;
    reveal();
    predicts = false;
    find(view ? "#stage" : "#present a")?.focus({ preventScroll: true });
  }
  if (before) hold();
  fit();
});
on("htmx:before:request", ({ detail: { ctx } }) => {
  if (predicts && ctx.request.body && !ctx.sourceElement.closest("#run")) before = new Map(numbers().map((one) => [one.id, one.textContent]));
});
addEventListener("resize", fit);
fit();
on("click", (event) => {
  if (held.length) reveal();
  const link = event.target.closest("#present a");
  if (!link || modified(event) || event.shiftKey) return;
  if (link.dataset.view) full();
  else if (document.fullscreenElement) document.exitFullscreen();
}, true);
// Escape ends it, unseen by the page.
on("fullscreenchange", () => {
  if (!document.fullscreenElement && presents()) press(find("#present a"));
});
let rest;
addEventListener("pointermove", () => {
  root.removeAttribute("data-idle");
  clearTimeout(rest);
  rest = setTimeout(() => root.setAttribute("data-idle", ""), 3000);
});

// --- keys ---
const sized = (by) => {
  const size = +root.style.getPropertyValue("--text") || 1;
  root.style.setProperty("--text", Math.min(Math.max(size + by, 0.6), 1.6).toFixed(1));
  fit();
};
const digits = () => {
  const links = all("#view-digits + ul a").slice(0, 4);
  press(links[(links.findIndex((one) => one.ariaCurrent) + 1) % 4]);
};
const predict = () => {
  predicts = !predicts;
  say(predicts ? "on" : "off");
};
const EVERYWHERE = { p: "#present a", "?": "#present button" };
const KEYS = {
  ArrowRight: "#phase-on", " ": "#phase-on", PageDown: "#phase-on", ArrowLeft: "#phase-back", PageUp: "#phase-back",
  Enter: "#step", Backspace: "#take-back", t: "#take-back", r: "#run[data-running] #run-stop, #run:not([data-running]) #run-go",
  d: digits, h: predict, "+": () => sized(0.1), "-": () => sized(-0.1), b: () => root.setAttribute("data-black", ""), f: full,
  Escape: "#present a",
};
on("keydown", (event) => {
  const { key, target } = event, black = presents() && root.hasAttribute("data-black");
  if (modified(event) || event.repeat || find("details.menu[open], dialog[open], :popover-open")) return;
  // What has the focus or is open keeps its own keys.
  const own = event.defaultPrevented || target.closest("input, textarea, select") || target.closest({ Enter: "a, button", " ": "button" }[key] ?? "none");
  if (own && !black) return;
  const name = key.length > 1 ? key : key.toLowerCase(), phase = /^\d$/.test(key) && all("#rail ol ol button")[(+key + 9) % 10];
  const act = EVERYWHERE[name] ?? (presents() && (phase || KEYS[name]));
  if (!act && !black) return;
  event.preventDefault();
  if (black) root.removeAttribute("data-black");
  else if (held.length) reveal();
  else if (act.call) act();
  else press(act.click ? act : find(act));
});
}
