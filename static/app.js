// What HTML and htmx leave open: arrow keys in the picture, the slider's number, menus that close.
"use strict";

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function columnsOf(svg) {
  const columns = new Map();
  for (const part of svg.querySelectorAll("a")) {
    const key = Number(part.closest("[data-column]").dataset.column);
    columns.set(key, [...(columns.get(key) || []), part]);
  }
  const middle = (part) => part.getBoundingClientRect().top + part.getBoundingClientRect().height / 2;
  const byHeight = (a, b) => middle(a) - middle(b);
  return [...columns.keys()].sort((a, b) => a - b).map((key) => columns.get(key).sort(byHeight));
}

// From a part of the network to its neighbour: up and down in a layer, left and right between them.
function moveFocus(event) {
  const move = MOVES[event.key];
  const here = event.target.closest(".network a");
  if (!move || !here || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const columns = columnsOf(here.ownerSVGElement);
  const column = columns.findIndex((parts) => parts.includes(here));
  const row = columns[column].indexOf(here);
  const next = columns[column + move[0]];
  if (!next) return;
  const fraction = columns[column].length > 1 ? row / (columns[column].length - 1) : 0;
  const target = move[0] ? next[Math.round(fraction * (next.length - 1))] : next[row + move[1]];
  if (target) target.focus();
}

document.addEventListener("keydown", (event) => {
  moveFocus(event);
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopImmediatePropagation(); // what is open beside it stays
});

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("#more :is(a, button)");
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (chosen || !menu.contains(event.target)) menu.open = false;
  }
});

// A sandbox may forbid forms: then htmx alone sends them.
if (self.origin === "null") {
  document.addEventListener("click", (event) => {
    const submitter = event.target.closest("form button:not([type=button], [hx-post])");
    if (!submitter) return;
    event.preventDefault();
    submitter.form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter }));
  });
}

// The slider stays in sight while its own answers redraw the toolbar.
let sliding = false;
document.addEventListener("htmx:before:swap", () => {
  sliding = document.activeElement?.id === "rate-slider";
});

// The slider and the field of the learning rate always show one number.
document.addEventListener("input", (event) => {
  const other = { "rate-slider": "rate", rate: "rate-slider" }[event.target.id];
  if (other) document.getElementById(other).value = event.target.value;
});

// A request that had to wait its turn is sent for the moment that is on the page by then, unless it
// repeats the click before it: that is one intention, and the server answers it once.
let lastAction = "";
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const { action, body } = ctx.request;
  if (!(body instanceof URLSearchParams)) return;
  const meant = new URLSearchParams(body);
  for (const name of ["version", "op", "shown_rate", "whole"]) meant.delete(name);
  const slides = ["rate-slider", "scrub"].includes(ctx.sourceElement.id);
  const repeats = `${action}?${meant}` === lastAction && !slides;
  lastAction = `${action}?${meant}`;
  if (repeats && ctx.sourceElement.matches("#run[data-running]")) event.preventDefault();
  if (repeats) return;
  // Values that stood in the tables then are of a moment that is over.
  const over = body.get("version") !== document.querySelector("#state [name=version]")?.value && !action.includes("/edit");
  if (over) for (const name of [...body.keys()]) if (name.startsWith("value.")) body.delete(name);
  for (const field of document.querySelectorAll("#state [type=hidden]")) {
    if (body.has(field.name) || field.name === "whole") body.set(field.name, field.value);
  }
});

// Figures: what a step changes of elements that stay, each with the id of its element. A <b> has a text, too.
htmx.registerExtension("figures", {
  handle_swap(style, target, fragment) {
    if (style !== "figures") return false;
    // A small network is drawn twice: its second drawing has the same ids after an "s-".
    const twice = [...fragment.children].flatMap((one) => [[one, one.id], [one, `s-${one.id}`]]);
    for (const [figure, id] of twice) {
      const element = document.getElementById(id);
      if (!element) continue;
      for (const { name, value } of figure.attributes) if (name !== "id") element.setAttribute(name, value);
      if (figure.localName === "b") (element.firstChild ?? element.appendChild(new Text())).data = figure.textContent;
      if (element.localName === "input" && !(sliding && element.id === "rate-slider")) element.value = figure.getAttribute("value");
    }
    return [];
  },
});

// The part of the picture, or else the link, whose derivation is open.
const opened = () => document.getElementById("panel")?.dataset.open || "";
const opener = (key) => {
  const links = document.querySelectorAll(`.network a:not(.fold)[href$="open=${CSS.escape(encodeURIComponent(key))}#panel"]`);
  return [...links].find((link) => link.checkVisibility()) || document.querySelector("#more > summary");
};

// A picture of a run that was overtaken by an answer to something else is old; a run's address is new once.
document.addEventListener("htmx:sse:before:message", (event) => {
  if (event.detail.message.id && !document.querySelector("#run[data-running]")) event.preventDefault();
});
document.addEventListener("htmx:before:history:update", (event) => {
  const { response } = event.detail;
  if (response?.pushed) event.preventDefault();
  else if (response) response.pushed = true;
});

const OPENERS = ".network a:not(.fold), .headline a, #numbers td a, #panel a, #pictures a:has(.unit), #conventions, #check";

// A link or form that only changes how things are seen is fetched in parts, and stays an address.
function show(event, href, link) {
  const [asked, shown] = [href, location.search].map((query) => new URLSearchParams(query));
  if (!document.getElementById("toolbar") || asked.get("theme") !== shown.get("theme")) return;
  event.preventDefault();
  const field = document.getElementById("value-field");
  const key = opened();
  const closes = link?.matches("#panel .close");
  // Other links and forms may be from when something else was open.
  if (!link?.matches(OPENERS)) {
    asked.delete("open");
    if (key) asked.set("open", key);
    href = `?${asked}`;
  }
  const opens = (asked.get("open") || "") !== key;
  if (field && link?.closest(".network a:not(.fold)") && !opens) {
    field.focus();
    field.select();
    return;
  }
  // Another tab than the panel's is redrawn with the rest.
  const alone = !document.getElementById("panel")?.hidden && !asked.has("tab") && !asked.has("edit") && !asked.has("pictures");
  const target = opens && alone ? "#panel" : "#picture";
  const swapped = htmx.ajax("GET", href, { source: "#toolbar", target, headers: { "HX-Target": target }, swap: "none", push: "true" });
  swapped.then(() => {
    if (closes) opener(key).focus();
    else if (link?.closest("#more")) document.querySelector("#more > summary").focus();
    else if (opens) document.getElementById("panel").scrollIntoView({ block: "nearest" });
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(":is(#main, #more, .tools) a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  show(event, new URL(link.getAttribute("href"), location).search || "?", link);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[method=get]:not([hx-get])")) show(event, `?${new URLSearchParams(new FormData(event.target))}`);
});

// Enter on a part that is open already goes to its field; Escape comes back, then closes.
document.addEventListener("keydown", (event) => {
  const key = opened();
  if (event.key !== "Escape" || !key || event.target.closest("details.menu[open]")) return;
  if (event.target.id === "value-field") opener(key).focus();
  else document.querySelector("#panel .close")?.click();
});

// Factors and parts of the picture point at each other.
for (const [kind, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(kind, (event) => {
    const inside = event.target.closest?.(".network a");
    const part = inside ? document.querySelector(`.marks .mark:not(.m-self,.m-path)[data-part="${inside.dataset.part}"]`) : event.target.closest?.("[data-mark]");
    if (!part) return;
    for (const other of document.querySelectorAll(`[data-mark="${part.dataset.mark}"]`)) {
      other.classList.toggle("pointed", on);
    }
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
    button.focus();
  }
  button.dataset.done = "";
  const said = document.getElementById("said");
  if (said) said.textContent = document.body.dataset.copied;
});

// The error under the pointer, from the curve's own points.
document.addEventListener("pointermove", (event) => {
  const svg = event.target.closest?.("svg.curve[data-values]");
  if (!svg) return;
  const pairs = svg.dataset.values.split(" ").map((pair) => pair.split(":"));
  const line = svg.querySelector("polyline").points;
  const x = new DOMPoint(event.clientX, 0).matrixTransform(svg.getScreenCTM().inverse()).x;
  let best = 0;
  for (let i = 1; i < line.numberOfItems; i++) {
    if (Math.abs(line.getItem(i).x - x) < Math.abs(line.getItem(best).x - x)) best = i;
  }
  svg.querySelector(".probe").setAttribute("d", `M${line.getItem(best).x} ${line.getItem(best).y}h0`);
  const readout = document.getElementById("readout");
  readout.textContent = readout.dataset.form.replace("{step}", pairs[best][0]).replace("{loss}", pairs[best][1]);
});

// In a picture or a rail wider than the screen, what is computed now comes into sight.
function intoSight() {
  for (const [box, part] of [["#rail > ol", "#rail [aria-current=step]"], ["#picture .scroller", "#marks .m-self, #marks .m-now"]]) {
    const [outer, inner] = [box, part].map((selector) => document.querySelector(selector));
    if (!outer || !inner || outer.scrollWidth <= outer.clientWidth) continue;
    const [o, i] = [outer, inner].map((one) => one.getBoundingClientRect());
    if (i.left < o.left || i.right > o.right) outer.scrollLeft += (i.left + i.right - o.left - o.right) / 2;
  }
}
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("#notice .unreachable")?.remove();
  if (sliding) document.getElementById("rates").open = true;
  intoSight();
});
intoSight();

// A frame shown in the Share dialog tells its height, as it does anywhere.
addEventListener("message", ({ data, source }) => {
  const frame = document.getElementById("share-preview");
  if (frame && source === frame.contentWindow && data?.takeback) frame.height = data.takeback.height;
});

// A server out of reach must not leave old numbers standing without a word.
function sayUnreachable() {
  const notice = document.getElementById("notice");
  const text = document.createElement("p");
  text.textContent = document.body.dataset.unreachable;
  text.className = "unreachable";
  if (notice) notice.replaceChildren(text);
}
document.addEventListener("htmx:error", sayUnreachable);
document.addEventListener("htmx:sse:error", sayUnreachable);
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) sayUnreachable();
});
