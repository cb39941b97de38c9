// Present: its keys, Predict, and a diagram that the last row can read.
"use strict";
{
const root = document.documentElement;
const full = () => root.requestFullscreen?.().catch(() => {});
const say = (what = "") => {
  const one = find("#expect");
  one.className = what;
  one.textContent = one.dataset[what] ?? "";
};

// Predict: what is new shows as "?" until the next key, wherever the page tells it.
const NUMBER = /[+−]?(?<![\w.])(\d+(?:\.\d+)?(?:e[−-]?\d+)?)(?![\da-z])/g;
const NEWS = "data[id]:not([id^='cell-value']), #change, .figures [id]:not([id*='v-'], [id*='t-'], [id*='a-node-0-']), .moved :is([id$=after], [id$=by])";
const TOLD = "aria-label aria-valuetext title value placeholder data-values".split(" ");
const numbers = (text) => [...text.matchAll(NUMBER)].map(([, digits]) => digits);
const tells = (one) => [one.textContent, ...TOLD.map((name) => one.getAttribute(name))].join(" ");
const held = [];
// What parts told before, until new numbers may be seen.
let predicts, before;
const show = () => held.splice(0).forEach((one) => one());

function hold() {
  const stays = (one) => before.get(one.id) === tells(one) || before.get(`${one.id}-after`)?.startsWith(one.textContent);
  const fresh = new Set(all("[id]").filter((one) => !stays(one)));
  const known = new Set(numbers([...before.values()].join(" ")));
  const news = all(NEWS).filter((one) => fresh.has(one)).flatMap((one) => numbers(tells(one)));
  const hide = (node, name, part) => {
    if (part.closest("msub > :last-child, msubsup > :nth-child(2)")) return;
    const was = node[name], veiled = was.replace(NUMBER, (one, digits) => (news.includes(digits) || (digits.includes(".") && !known.has(digits)) ? "?" : one));
    if (veiled === was || !fresh.has(part.closest("[id]"))) return;
    held.push(() => (node[name] = was));
    node[name] = part.closest(".figures") ? "?" : veiled;
    // Brackets around a number alone tell its sign.
    const sign = part.closest("mrow:has(> mo:first-child + :nth-last-child(2))");
    if (sign?.textContent[0] === "(" && all("mi, mn", sign).length < 2) for (const { style } of all("mo", sign)) {
      held.push(() => (style.display = ""));
      style.display = "none";
    }
  };
  // Of a page's nodes 4 are the texts.
  const texts = document.createTreeWalker(find("main"), 4);
  while (texts.nextNode()) hide(texts.currentNode, "data", texts.currentNode.parentNode);
  for (const name of TOLD) for (const one of all(`main [${name}]`)) hide(one.getAttributeNode(name), "value", one);
  for (const one of all("main [name^='value.']")) hide(one, "value", one);
  held.length ? say("ask") : reveal();
}
function reveal() {
  show();
  before = null;
  say();
}

// A diagram too large is shown in part, as large as what a phase is about.
function fit() {
  const box = find("#diagram .scroller");
  const size = (zoom) => all("#diagram .network").forEach(({ style, viewBox: { baseVal } }) => {
    for (const side of ["width", "height"]) style.setProperty(`--${side}`, baseVal[side] * zoom);
  });
  size(1);
  const { width, height } = rim(find("#marks")), { clientWidth, clientHeight } = box;
  const part = box.toggleAttribute("data-part", box.scrollWidth > clientWidth || box.scrollHeight > clientHeight);
  if (part && root.dataset.view) size(Math.min(Math.max(width && 0.9 * Math.min(clientWidth / width, clientHeight / height), 1), 2));
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
  if (predicts && ctx.request.method === "POST" && !ctx.sourceElement.closest("#run")) before = new Map(all("[id]").map((one) => [one.id, tells(one)]));
});
new ResizeObserver(fit).observe(find("#stage"));
on("click", (event) => {
  if (before) reveal();
  const link = event.target.closest("#present a[data-view]");
  if (!link || modified(event) || event.shiftKey) return;
  if (link.dataset.view) full();
  else document.exitFullscreen?.().catch(() => {});
}, true);
// Escape ends it, unseen by the page.
on("fullscreenchange", () => {
  if (!document.fullscreenElement && root.dataset.view) find("#present a").click();
});
let rest;
on("pointermove", () => {
  delete root.dataset.idle;
  clearTimeout(rest);
  rest = setTimeout(() => (root.dataset.idle = ""), 3e3);
});

let size = 1;
const sized = (by) => {
  size = Math.min(Math.max(size + by, 0.6), 1.6);
  root.style.setProperty("--text", size);
  fit();
};
const predict = () => say((predicts = !predicts) ? "on" : "off");
// Buttons name their keys; of two the one that can be pressed.
const ACTS = { h: predict, "+": () => sized(0.1), "-": () => sized(-0.1), b: () => (root.dataset.black = ""), f: full };
on("keydown", (event) => {
  const { key, target } = event, { view } = root.dataset, black = view && "black" in root.dataset;
  if (modified(event) || event.repeat || find(".menu[open], dialog[open], :popover-open")) return;
  // What has the focus keeps its own keys.
  const own = event.defaultPrevented || target.closest(`input, textarea, select${{ Enter: ", a, button, summary", " ": ", button, summary" }[key] ?? ""}`);
  if (own && !black) return;
  const name = { " ": "Space", 0: "10" }[key] ?? (key[1] ? key : key.toLowerCase());
  const named = all(`${view ? "" : "#present "}[data-keys~="${CSS.escape(name)}"]`);
  const act = view && ACTS[name], button = named.findLast((one) => one.ariaDisabled !== "true");
  if (!act && !named.length && !black) return;
  event.preventDefault();
  if (black) delete root.dataset.black;
  else if (before) reveal();
  else if (act) act();
  else button?.click();
});
}
