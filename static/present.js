// Present: its keys, Predict, and a diagram that the last row can read.
"use strict";
{
const root = document.documentElement;
const presents = () => root.dataset.view;
const full = () => root.requestFullscreen?.().catch(() => {});
const say = (what) => (find("#expect").textContent = find("#expect").dataset[what] ?? "");

// Predict: what is new shows as "?" until the next key.
const DECIMAL = /[+−]?(\d+\.\d+(?:e[−-]?\d+)?)/g;
const decimals = (parts) => parts.flatMap((one) => [...one.textContent.matchAll(DECIMAL)].map((found) => found[1]));
const numbers = () => all("#headline data, #change, .network .figures [id], #panel .moved :is([id$=after], [id$=by])");
const held = []; // shows it
let predicts = false, before; // the numbers before, until new ones may be seen
const show = () => held.splice(0).reverse().forEach((one) => one());

function hold() {
  const results = all("#panel .eq > :last-child > :last-child mn:last-of-type");
  const news = decimals([...numbers(), ...results]).filter((digits) => !before.includes(digits));
  const hide = (node, name, text) => {
    const was = node[name], veiled = was.replace(DECIMAL, (one, digits) => (news.includes(digits) ? "?" : one));
    if (veiled === was) return;
    held.push(() => (node[name] = was));
    node[name] = text ?? veiled;
  };
  const texts = document.createTreeWalker(find("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) hide(texts.currentNode, "data", texts.currentNode.parentNode.closest(".figures") && "?");
  for (const one of all("#network [aria-label]")) hide(one, "ariaLabel");
  if (held.length) say("ask");
  else reveal();
}
function reveal() {
  show();
  before = undefined;
  say();
}

// A diagram too large is shown in part, as large as what a phase is about.
function fit() {
  const box = find("#picture .scroller");
  const size = (zoom) => all("#picture .network").forEach(({ style, viewBox: { baseVal } }) => {
    for (const side of ["width", "height"]) style.setProperty(`--${side}`, baseVal[side] * zoom);
  });
  size(1);
  const { width, height } = find("#marks").getBoundingClientRect(), { clientWidth, clientHeight } = box;
  const part = box.toggleAttribute("data-part", box.scrollWidth > clientWidth || box.scrollHeight > clientHeight);
  if (part && presents()) size(Math.min(Math.max(width && 0.9 * Math.min(clientWidth / width, clientHeight / height), 1.1), 2));
  follow();
}

on("htmx:after:swap", () => {
  const { view } = find("#present").dataset;
  if (view !== root.dataset.view) {
    root.dataset.view = view;
    reveal();
    predicts = false;
    find(view ? "#stage" : "#present a")?.focus({ preventScroll: true });
  }
  if (before) hold();
  fit();
});
// An answer finds the page as it is.
on("htmx:before:swap", ({ detail: { ctx } }) => {
  show();
  if (predicts && ctx.request.method === "POST" && !ctx.sourceElement.closest("#run")) before = decimals(numbers());
});
addEventListener("resize", fit);
fit();
on("click", (event) => {
  if (before) reveal();
  const link = event.target.closest("#present a[data-view]");
  if (!link || modified(event) || event.shiftKey) return;
  if (link.dataset.view) full();
  else if (document.fullscreenElement) document.exitFullscreen();
}, true);
// Escape ends it, unseen by the page.
on("fullscreenchange", () => {
  if (!document.fullscreenElement && presents()) find("#present a").click();
});
let rest;
on("pointermove", () => {
  delete root.dataset.idle;
  clearTimeout(rest);
  rest = setTimeout(() => (root.dataset.idle = ""), 3000);
});

const sized = (by) => {
  const size = +root.style.getPropertyValue("--text") || 1;
  root.style.setProperty("--text", Math.min(Math.max(size + by, 0.6), 1.6).toFixed(1));
  fit();
};
const predict = () => {
  predicts = !predicts;
  say(predicts ? "on" : "off");
};
// Buttons name their keys; of two the one that can be pressed.
const ACTS = { h: predict, "+": () => sized(0.1), "-": () => sized(-0.1), b: () => (root.dataset.black = ""), f: full };
on("keydown", (event) => {
  const { key, target } = event, black = presents() && "black" in root.dataset;
  if (modified(event) || event.repeat || find("details.menu[open], dialog[open], :popover-open")) return;
  // What has the focus keeps its own keys.
  const own = event.defaultPrevented || target.closest(`input, textarea, select${{ Enter: ", a, button", " ": ", button" }[key] ?? ""}`);
  if (own && !black) return;
  const name = { " ": "Space", 0: "10" }[key] ?? (key.length > 1 ? key : key.toLowerCase());
  const named = all(`${presents() ? "" : "#present "}[data-keys~="${CSS.escape(name)}"]`);
  const act = presents() && ACTS[name], button = named.findLast((one) => one.ariaDisabled !== "true");
  if (!act && !named.length && !black) return;
  event.preventDefault();
  if (black) delete root.dataset.black;
  else if (before) reveal();
  else if (act) act();
  else button?.click();
});
}
