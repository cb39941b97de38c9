// Present: its keys, Predict, and a diagram that the last row can read.
"use strict";
{
const root = document.documentElement;
const presents = () => root.dataset.view;
const full = () => root.requestFullscreen?.().catch(() => {});
const say = (what) => (find("#expect").textContent = find("#expect").dataset[what] ?? "");

// Predict: what a command has computed shows as "?" until the next key.
const DECIMAL = /[+−]?(\d+\.\d+(?:e[−-]?\d+)?)/g;
const decimals = (parts) => [...parts.map((one) => one.textContent).join(" ").matchAll(DECIMAL)].map((one) => one[1]);
const numbers = () => all("#headline data, #change, .network .figures [id], #panel .moved :is([id$=after], [id$=by])").filter((one) => !one.children.length);
let predicts = false;
let before; // the numbers before the last command, until what it computed may be seen
const held = []; // shows it
const show = () => held.splice(0).reverse().forEach((one) => one());

function hold() {
  const fresh = numbers().filter((one) => decimals([one]).some((digits) => !before.includes(digits)));
  const news = new Set(decimals([...fresh, ...all("#panel .eq > :last-child > :last-child mn:last-of-type")]));
  const hide = (node, name, text) => {
    const was = node[name], veiled = text ?? was.replace(DECIMAL, (one, digits) => (news.has(digits) ? "?" : one));
    if (veiled !== was) held.push(() => (node[name] = was));
    node[name] = veiled;
  };
  const texts = document.createTreeWalker(find("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) hide(texts.currentNode, "data");
  for (const one of all("#network [aria-label]")) hide(one, "ariaLabel");
  for (const one of fresh) hide(one.firstChild, "data", "?");
  if (!held.length) return reveal();
  say("ask");
}
function reveal() {
  show();
  before = undefined;
  say();
}

// The diagram is never smaller than the last row can read; else as large as a phase's part.
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
// An answer finds the page as it is, and what it brings is held back before anybody sees it.
on("htmx:before:swap", ({ detail: { ctx } }) => {
  show();
  if (predicts && ctx.request.method === "POST" && !ctx.sourceElement.closest("#run")) before = decimals(numbers());
});
addEventListener("resize", fit);
fit();
on("click", (event) => {
  if (before) reveal();
  const link = event.target.closest("#present a");
  if (!link || modified(event) || event.shiftKey) return;
  if (link.dataset.view) full();
  else if (document.fullscreenElement) document.exitFullscreen();
}, true);
// Escape ends it, unseen by the page.
on("fullscreenchange", () => {
  if (!document.fullscreenElement && presents()) find("#present a").click();
});
let rest;
addEventListener("pointermove", () => {
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
  // What has the focus or is open keeps its own keys.
  const own = event.defaultPrevented || target.closest(`input, textarea, select${{ Enter: ", a, button", " ": ", button" }[key] ?? ""}`);
  if (own && !black) return;
  const name = { " ": "Space", 0: "10" }[key] ?? (key.length > 1 ? key : key.toLowerCase());
  const named = all(presents() ? "[data-keys]" : "#present [data-keys]").filter((one) => one.dataset.keys.split(" ").includes(name));
  const act = presents() && ACTS[name], button = named.findLast((one) => one.ariaDisabled !== "true");
  if (!act && !named.length && !black) return;
  event.preventDefault();
  if (black) delete root.dataset.black;
  else if (before) reveal();
  else if (act) act();
  else button?.click();
});
}
