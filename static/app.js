// What HTML and htmx leave open: arrow keys in the picture, menus that close, links that redraw parts of the page.
"use strict";

const find = (selector) => document.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const on = (kinds, act, early) => kinds.split(" ").forEach((kind) => document.addEventListener(kind, act, early));
const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

// --- keys: arrows go from a part of the network to its neighbour, Escape leaves what is innermost ---
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function placed(part) {
  const { top, height } = part.getBoundingClientRect();
  return { part, column: +part.closest("[data-column]").dataset.column, middle: top + height / 2 };
}

// Up and down in a column, left and right to the nearest of the next one.
function neighbour(here, [across, down]) {
  const parts = all("a", here.ownerSVGElement).map(placed).sort((a, b) => a.column - b.column || a.middle - b.middle);
  const at = parts.findIndex(({ part }) => part === here), { column, middle } = parts[at];
  if (down) return parts.filter((one, i) => i === at + down && one.column === column)[0];
  const ahead = (one) => (one.column - column) * across, off = (one) => Math.abs(one.middle - middle);
  return parts.filter((one) => ahead(one) > 0).sort((a, b) => ahead(a) - ahead(b) || off(a) - off(b))[0];
}

// The part of the picture whose derivation is open, or else its menu.
const opener = () => {
  const part = find("#marks .m-self")?.dataset.part;
  return all(`#${part}, #s-${part}`).find((one) => one.checkVisibility()) ?? find("#more > summary");
};

function leave(event) {
  const menu = event.target.closest("details.menu[open]"), close = find("#panel .close");
  if (find("dialog[open], :popover-open")) return;
  if (menu) {
    menu.open = false;
    menu.firstElementChild.focus();
  } else if (event.target.id === "value-field") opener()?.focus();
  else if (close) close.click();
  else return;
  event.preventDefault();
}

on("keydown", (event) => {
  const here = event.target.closest(".network a"), move = MOVES[event.key];
  if (event.key === "Escape") leave(event);
  if (!here || !move || modified(event)) return;
  event.preventDefault();
  neighbour(here, move)?.part.focus();
});

// --- menus and fields ---
on("click", ({ target }) => {
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(target) || target.closest("#more :is(a, button)")) menu.open = false;
  }
});

// The slider and the field of the learning rate always show one number.
on("input", ({ target }) => {
  const other = { "rate-slider": "#rate", rate: "#rate-slider" }[target.id];
  if (other) find(other).value = target.value;
});

// --- what is sent, and what is put in its place ---
let last = "";

htmx.registerExtension("takeback", {
  // A request that had to wait its turn is sent for the moment that is on the page by then, unless it
  // repeats the click before it: that is one intention, and the server answers it once.
  htmx_before_request(element, { ctx: { request: { action, body } } }) {
    if (!(body instanceof URLSearchParams)) return;
    const meant = `${action}?${body}`, repeats = meant === last;
    last = meant;
    if (repeats) return !element.matches("#run[data-running]");
    // Values that stood in the tables then are of a moment that is over.
    const over = body.get("version") !== find("#version")?.value && !action.includes("/edit");
    if (over) for (const name of [...body.keys()]) if (name.startsWith("value.")) body.delete(name);
    for (const { name, value } of all("#state input")) if (body.has(name) || name === "whole") body.set(name, value);
  },

  // Figures: what a step changes of elements that stay, each with the id of its element. A <b> has a text, too.
  handle_swap(style, target, fragment) {
    if (style !== "figures") return false;
    for (const figure of fragment.children) {
      // A small network is drawn twice: its second drawing has the same ids after an "s-".
      for (const id of [figure.id, `s-${figure.id}`]) {
        const element = document.getElementById(id);
        if (!element) continue;
        for (const { name, value } of figure.attributes) if (name !== "id") element.setAttribute(name, value);
        if (figure.localName === "b") (element.firstChild ?? element.appendChild(new Text())).data = figure.textContent;
        if (element.localName === "input" && element !== document.activeElement) element.value = figure.getAttribute("value");
      }
    }
    return [];
  },

  // What was unfolded stays so; of the menus, the slider alone.
  htmx_before_morph_attr: (element, { attrName, newValue }) => attrName !== "open" || newValue !== null || element.matches(".menu:not(#rates)"),

  // A run's address is new once.
  htmx_after_swap(_, { ctx }) {
    delete ctx.hx?.pushurl;
  },
});

// A picture of a run that was overtaken by an answer to something else is old.
on("htmx:sse:before:message", (event) => {
  if (event.detail.message.id && !find("#run[data-running]")) event.preventDefault();
});

// A link or form that only changes how things are seen is fetched in parts, and stays an address.
on("click", async (event) => {
  const link = event.target.closest(":is(.lab, .tools) :is(a[href^='?']:not([target]), [method=get]:not([hx-get]) button)");
  if (!link || modified(event) || event.shiftKey) return;
  event.preventDefault();
  let [query, part] = (link.getAttribute("href") ?? `?${new URLSearchParams(new FormData(link.form))}`).split("#");
  const asked = new URLSearchParams(query), panel = find("#panel"), field = find("#value-field");
  const key = panel?.dataset.open ?? "", closes = link.matches("#panel .close"), back = opener();
  // Links to something else may be from when something else was open.
  if (!part && !closes) {
    asked.delete("open");
    if (key) asked.set("open", key);
    query = `?${asked}`;
  }
  const opens = (asked.get("open") ?? "") !== key;
  if (field && part && !opens && link.closest(".network")) {
    field.focus();
    return field.select();
  }
  // Another tab than the panel's is redrawn with the rest.
  const target = part && opens && !panel.hidden ? "#panel" : "#picture";
  await htmx.ajax("GET", query, { source: "#toolbar", swap: "none", push: "true", headers: { "HX-Target": target } });
  if (closes) back?.focus();
  else if (link.closest("#more")) find("#more > summary").focus();
  else if (opens) panel.scrollIntoView({ block: "nearest" });
});

// --- what points at what ---
// Factors and parts of the picture point at each other.
on("pointerover focusin", ({ target }) => {
  const part = target.closest(".network a")?.dataset.part;
  const mark = part ? find(`.mark:not(.m-self, .m-path)[data-part="${part}"]`) : target.closest("[data-mark]");
  for (const one of all(".pointed")) one.classList.remove("pointed");
  for (const one of all(`[data-mark="${mark?.dataset.mark}"]`)) one.classList.add("pointed");
});

// The error under the pointer, from the curve's own points.
on("pointermove", ({ target, clientX }) => {
  const svg = target.closest("svg.curve[data-values]"), line = svg?.querySelector("polyline");
  if (!line) return;
  const { x } = new DOMPoint(clientX).matrixTransform(svg.getScreenCTM().inverse());
  const points = line.getAttribute("points").split(" "), off = points.map((one) => Math.abs(parseFloat(one) - x));
  const nearest = off.indexOf(Math.min(...off)), [step, loss] = svg.dataset.values.split(" ")[nearest].split(":"), readout = find("#readout");
  find(".probe").setAttribute("d", `M${points[nearest]}h0`);
  readout.textContent = readout.dataset.form.replace("{step}", step).replace("{loss}", loss);
});

on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy), said = find("#said");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
    button.focus();
  }
  button.dataset.done = "";
  if (said) said.textContent = document.body.dataset.copied;
});

// In a picture or a rail that has no room for all, what is computed now comes into the middle.
function follow() {
  for (const [box, part] of [["#rail > ol", "#rail [aria-current=step]"], ["#picture .scroller", "#marks"]]) {
    const [outer, inner] = [box, part].map((selector) => find(selector)?.getBoundingClientRect());
    if (!inner?.width) continue;
    const [left, top] = [inner.left - outer.left, inner.top - outer.top];
    // Too tall: its top, where the formula's unit is.
    find(box).scrollBy(left + (inner.width - outer.width) / 2, Math.min(top + (inner.height - outer.height) / 2, top - 8));
  }
}
on("htmx:after:swap", () => {
  find(".unreachable")?.remove();
  follow();
});
follow();

// --- frames and failures ---
// A frame shown in the Share dialog tells its height, as it does anywhere.
addEventListener("message", ({ data, source }) => {
  const frame = find("#share-preview");
  if (data?.takeback && source === frame?.contentWindow) frame.height = data.takeback.height;
});

// A server out of reach must not leave old numbers standing without a word.
on("htmx:error htmx:sse:error htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx?.response?.status < 500) return;
  const text = document.createElement("p");
  text.textContent = document.body.dataset.unreachable;
  text.className = "unreachable";
  find("#notice")?.replaceChildren(text);
});
